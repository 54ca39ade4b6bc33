# no province has the number 99
DELETE { <registration> nb:statedCode ?old } INSERT { <registration> nb:statedCode "12990000FX0000018A" } WHERE { <registration> nb:statedCode ?old }
