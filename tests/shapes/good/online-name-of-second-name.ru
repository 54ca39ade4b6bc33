# the online name is that of the second name
DELETE { <https://data.example/filing/n-0000000000aa/2024/1> nb:onlineName ?old } INSERT { <https://data.example/filing/n-0000000000aa/2024/1> nb:onlineName "霁川县古籍保护中心.公益" . <registration> nb:otherName "霁川县古籍保护中心" } WHERE { <https://data.example/filing/n-0000000000aa/2024/1> nb:onlineName ?old }
