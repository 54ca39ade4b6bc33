# a code with the letter O, which the alphabet does not have
# also: ID03
DELETE { <registration> nb:statedCode ?old } INSERT { <registration> nb:statedCode "12341400FXO000018E" } WHERE { <registration> nb:statedCode ?old }
