# 29 February is a day where the year has one
DELETE { ?f nb:submissionDate ?d } INSERT { ?f nb:submissionDate "2028-02-29"^^<http://www.w3.org/2001/XMLSchema#date> } WHERE { ?f nb:submissionDate ?d }
