# the filing corrects an earlier one
INSERT DATA { <https://data.example/filing/n-0000000000aa/2024/1> dcat:previousVersion <https://data.example/filing/n-0000000000aa/2024/0> }
