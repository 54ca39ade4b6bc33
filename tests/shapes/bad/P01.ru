# staff that is no whole number
DELETE { <staff> nb:value ?old } INSERT { <staff> nb:value 21.5 } WHERE { <staff> nb:value ?old }
