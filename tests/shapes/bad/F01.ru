# four decimals
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value 1921512.0 } WHERE { <net-assets-opening> nb:value ?old }
