# the code of an institution that the central registrar registered
DELETE { <registration> nb:statedCode ?old } INSERT { <registration> nb:statedCode "12100000FX0000018F" } WHERE { <registration> nb:statedCode ?old }
