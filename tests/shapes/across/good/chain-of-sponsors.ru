# an institution sponsors another one: a chain, no cycle
INSERT DATA { <https://data.example/org/n-0000000000dd> skos:prefLabel "霁川县图书馆"@zh }
