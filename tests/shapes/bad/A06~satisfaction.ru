# satisfaction is a rate too, though its name is none
DELETE { <q1-4> nb:value ?old . ?i skos:prefLabel ?name }
INSERT { <q1-4> nb:value 102.0 . ?i skos:prefLabel "读者满意度"@zh }
WHERE { <q1-4> nb:value ?old ; nb:indicator ?i . ?i skos:prefLabel ?name }
