# no legal representative
DELETE WHERE { <legal-representative> ?p ?o }
