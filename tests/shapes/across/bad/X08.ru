# another capital
DELETE { <initial-capital> nb:value ?old } INSERT { <initial-capital> nb:value 1900000.0 } WHERE { <initial-capital> nb:value ?old }
