# S03: the last day
DELETE { ?f nb:submissionDate ?d } INSERT { ?f nb:submissionDate "2025-03-31"^^xsd:date } WHERE { ?f nb:submissionDate ?d }
