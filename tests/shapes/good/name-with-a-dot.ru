# a name with a middle dot
DELETE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative ?old . <legal-representative> foaf:name ?name }
INSERT { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative "阿依古丽·艾尼瓦尔" . <legal-representative> foaf:name "阿依古丽·艾尼瓦尔" }
WHERE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative ?old . <legal-representative> foaf:name ?name }
