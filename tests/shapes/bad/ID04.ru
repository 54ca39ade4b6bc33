# a code of a government body (11)
DELETE { <registration> nb:statedCode ?old } INSERT { <registration> nb:statedCode "11341400FX0000018H" } WHERE { <registration> nb:statedCode ?old }
