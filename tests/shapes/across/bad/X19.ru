# one name in three institutions; each is the focus
# also: X19 https://data.example/filing/n-0000000000cc/2024/1
# also: X19 https://data.example/filing/n-0000000000ff/2024/1
DELETE { ?role foaf:name ?old } INSERT { ?role foaf:name "荀若水" } WHERE { ?role nb:statedIn <https://data.example/filing/n-0000000000cc/2024/1> ; foaf:name ?old } ;
INSERT DATA { <https://data.example/report/n-0000000000ff/2024> nb:reportingYear "2024"^^xsd:gYear ; nb:reportingInstitution <https://data.example/org/n-0000000000ff> ; dcat:hasCurrentVersion <https://data.example/filing/n-0000000000ff/2024/1> .
  <https://data.example/filing/n-0000000000ff/2024/1/legal-representative> org:role nbc:legalRepresentative ; foaf:name "荀若水" ; nb:statedIn <https://data.example/filing/n-0000000000ff/2024/1> . <https://data.example/filing/n-0000000000ff/2024/1> a nb:Filing }
