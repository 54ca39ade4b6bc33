# a division of 2011 that is no more (341400)
DELETE { <registration> nb:statedCode ?old } INSERT { <registration> nb:statedCode "12341400FX0000018E" } WHERE { <registration> nb:statedCode ?old }
