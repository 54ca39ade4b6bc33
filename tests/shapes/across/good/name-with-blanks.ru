# the same name, printed with a blank
DELETE { <registration> nb:mainName ?old } INSERT { <registration> nb:mainName "霁川县 图书馆" } WHERE { <registration> nb:mainName ?old }
