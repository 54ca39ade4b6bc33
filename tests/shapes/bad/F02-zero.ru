# no capital at all
DELETE { <initial-capital> nb:value ?old } INSERT { <initial-capital> nb:value 0.0 } WHERE { <initial-capital> nb:value ?old }
