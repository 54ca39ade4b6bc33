# no staff
DELETE { <staff> nb:value ?old } INSERT { <staff> nb:value 0.0 } WHERE { <staff> nb:value ?old }
