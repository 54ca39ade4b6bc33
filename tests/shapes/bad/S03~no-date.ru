# a filing date that is no date
DELETE { ?f nb:submissionDate ?d } INSERT { ?f nb:submissionDate "三月" } WHERE { ?f nb:submissionDate ?d }
