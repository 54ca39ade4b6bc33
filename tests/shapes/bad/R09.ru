# no opening figure
DELETE WHERE { <net-assets-opening> ?p ?o }
