# a hospital without a licence
DELETE { <registration> nb:mainName ?a ; nb:legalName ?b . <https://data.example/filing/n-0000000000aa/2024/1> nb:coverName ?c ; nb:onlineName ?d }
INSERT { <registration> nb:mainName "霁川县人民医院" ; nb:legalName "霁川县人民医院" . <https://data.example/filing/n-0000000000aa/2024/1> nb:coverName "霁川县人民医院" ; nb:onlineName "霁川县人民医院.公益" }
WHERE { <registration> nb:mainName ?a ; nb:legalName ?b . <https://data.example/filing/n-0000000000aa/2024/1> nb:coverName ?c ; nb:onlineName ?d }
