# a name that is none of the institution's
DELETE { <https://data.example/filing/n-0000000000aa/2024/1> nb:onlineName ?old } INSERT { <https://data.example/filing/n-0000000000aa/2024/1> nb:onlineName "霁川书香网.公益" } WHERE { <https://data.example/filing/n-0000000000aa/2024/1> nb:onlineName ?old }
