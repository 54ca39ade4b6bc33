# a new name, not declared
DELETE { <registration> nb:mainName ?old } INSERT { <registration> nb:mainName "霁川县公共图书馆" } WHERE { <registration> nb:mainName ?old }
