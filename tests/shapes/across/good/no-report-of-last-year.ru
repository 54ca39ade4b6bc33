# the report of the year before is not there: nothing can be compared
DELETE WHERE { <https://data.example/report/n-0000000000aa/2023> ?p ?o } ;
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value 1.0 } WHERE { <net-assets-opening> nb:value ?old } ;
DELETE { <registration> nb:mainName ?old } INSERT { <registration> nb:mainName "霁川县第一图书馆" } WHERE { <registration> nb:mainName ?old }
