# character 17 is wrong, character 18 fits it
DELETE { <registration> nb:statedCode ?old } INSERT { <registration> nb:statedCode "12341400FX00000155" } WHERE { <registration> nb:statedCode ?old }
