# ID08: one dot for another in a name
DELETE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative ?old . <legal-representative> foaf:name ?name }
INSERT { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative "玛依拉•吐尔逊（签字）" . <legal-representative> foaf:name "玛依拉·吐尔逊" }
WHERE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverLegalRepresentative ?old . <legal-representative> foaf:name ?name }
