# a second filing of the same text
INSERT DATA { <https://data.example/filing/n-0000000000aa/2024/0> dcat:isVersionOf <https://data.example/report/n-0000000000aa/2024> ; prov:wasDerivedFrom <https://data.example/text/sha256-0f0f> }
