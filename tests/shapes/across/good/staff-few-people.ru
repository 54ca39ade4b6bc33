# many per cent, but few people
DELETE { <staff> nb:value ?old } INSERT { <staff> nb:value 30.0 } WHERE { <staff> nb:value ?old }
