# two institutions are no finding
DELETE { ?role foaf:name ?old } INSERT { ?role foaf:name "荀若水" } WHERE { ?role nb:statedIn <https://data.example/filing/n-0000000000cc/2024/1> ; foaf:name ?old }
