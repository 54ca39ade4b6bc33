# a bracket that is not closed
DELETE { <registration> nb:legalName ?old } INSERT { <registration> nb:legalName "霁川县图书馆（霁川县古籍保护中心" } WHERE { <registration> nb:legalName ?old }
