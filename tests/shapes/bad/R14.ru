# a digit in the name
DELETE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative ?old . <legal-representative> foaf:name ?name }
INSERT { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative "荀若水2" . <legal-representative> foaf:name "荀若水2" }
WHERE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative ?old . <legal-representative> foaf:name ?name }
