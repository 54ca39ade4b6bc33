# another institution has the same name, and its own code; both are the focus
# also: X10 https://data.example/filing/n-0000000000cc/2024/1
DELETE { <https://data.example/org/n-0000000000cc> skos:prefLabel ?old } INSERT { <https://data.example/org/n-0000000000cc> skos:prefLabel "霁川县图书馆"@zh } WHERE { <https://data.example/org/n-0000000000cc> skos:prefLabel ?old }
