# another name on the cover
DELETE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverName ?old } INSERT { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverName "霁川县少年儿童图书馆" } WHERE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverName ?old }
