# no initial capital
DELETE WHERE { <initial-capital> ?p ?o }
