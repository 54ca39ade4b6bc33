# filed before the year was over
DELETE { ?f nb:submissionDate ?d } INSERT { ?f nb:submissionDate "2024-12-31"^^xsd:date } WHERE { ?f nb:submissionDate ?d }
