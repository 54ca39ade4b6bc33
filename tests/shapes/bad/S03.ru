# no date of filing
DELETE WHERE { ?f nb:submissionDate ?d }
