# one of two sponsors is left: none is new
INSERT DATA { <https://data.example/filing/n-0000000000aa/2023/1/registration> nb:statedSponsor <https://data.example/org/n-0000000000dd> }
