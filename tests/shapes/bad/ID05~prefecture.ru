# a province, but no such prefecture
DELETE { <registration> nb:statedCode ?old } INSERT { <registration> nb:statedCode "12347700FX00000188" } WHERE { <registration> nb:statedCode ?old }
