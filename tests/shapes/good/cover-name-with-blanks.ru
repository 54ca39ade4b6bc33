# a name of two characters is printed with a blank
DELETE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative ?old . <legal-representative> foaf:name ?name }
INSERT { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative "荀　若" . <legal-representative> foaf:name "荀若" }
WHERE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative ?old . <legal-representative> foaf:name ?name }
