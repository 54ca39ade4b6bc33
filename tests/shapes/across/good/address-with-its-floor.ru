# the same address with a floor behind the house number
DELETE { <registration> nb:address ?old } INSERT { <registration> nb:address "霁川县文津路18号图书馆大楼2层" } WHERE { <registration> nb:address ?old }
