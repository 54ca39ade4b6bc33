# the cover carries the names in brackets, with other brackets
DELETE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverName ?old . <registration> nb:legalName ?name }
INSERT { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverName "霁川县图书馆(霁川县古籍保护中心)" . <registration> nb:legalName "霁川县图书馆（霁川县古籍保护中心）" ; nb:otherName "霁川县古籍保护中心" }
WHERE { <https://data.example/filing/n-0000000000aa/2024/1> nb:coverName ?old . <registration> nb:legalName ?name }
