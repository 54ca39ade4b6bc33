# a code printed in groups, in small letters
DELETE { <registration> nb:statedCode ?old } INSERT { <registration> nb:statedCode "12341400 fx0000018e" } WHERE { <registration> nb:statedCode ?old }
