# a code of 17 characters
DELETE { <registration> nb:statedCode ?old } INSERT { <registration> nb:statedCode "12341400FX0000018" } WHERE { <registration> nb:statedCode ?old }
