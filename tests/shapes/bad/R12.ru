# no number of staff
DELETE WHERE { <staff> ?p ?o }
