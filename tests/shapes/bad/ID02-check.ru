# the last character is wrong
DELETE { <registration> nb:statedCode ?old } INSERT { <registration> nb:statedCode "12341400FX0000018F" } WHERE { <registration> nb:statedCode ?old }
