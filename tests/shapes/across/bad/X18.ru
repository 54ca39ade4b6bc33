# two institutions sponsor each other; both are the focus
# also: X18 https://data.example/filing/n-0000000000cc/2024/1
INSERT DATA { <https://data.example/org/n-0000000000bb> skos:prefLabel "霁川县园林管护中心"@zh . <https://data.example/org/n-0000000000dd> skos:prefLabel "霁川县图书馆"@zh }
