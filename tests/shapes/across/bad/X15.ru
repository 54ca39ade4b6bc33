# last year's text, with last year's figures
DELETE { <section/activities> nb:textFingerprint ?old ; nb:textBand ?band } INSERT { <section/activities> nb:textFingerprint ?new ; nb:textBand ?other }
WHERE { <section/activities> nb:textFingerprint ?old ; nb:textBand ?band . <https://data.example/filing/n-0000000000aa/2023/1/section/activities> nb:textFingerprint ?new ; nb:textBand ?other } ;
DELETE { ?q nb:value ?v } WHERE { ?q nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:partOfActivity ?a ; nb:value ?v . FILTER (?q != <q1-1> && ?q != <q3-1>) } ;
DELETE { <q1-1> nb:value ?v } INSERT { <q1-1> nb:value 112000.0 } WHERE { <q1-1> nb:value ?v }
