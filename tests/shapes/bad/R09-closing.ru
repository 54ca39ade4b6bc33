# no closing figure
DELETE WHERE { <net-assets-closing> ?p ?o }
