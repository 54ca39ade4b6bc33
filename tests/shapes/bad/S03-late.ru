# filed on 1 April
DELETE { ?f nb:submissionDate ?d } INSERT { ?f nb:submissionDate "2025-04-01"^^xsd:date } WHERE { ?f nb:submissionDate ?d }
