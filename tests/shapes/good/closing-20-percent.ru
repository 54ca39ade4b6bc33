# F06: exactly 20 % is not above 20 %
DELETE { <net-assets-closing> nb:value ?old } INSERT { <net-assets-closing> nb:value 2232000.0 } WHERE { <net-assets-closing> nb:value ?old }
