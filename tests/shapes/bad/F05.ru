# net assets a little below the capital
DELETE { <net-assets-closing> nb:value ?old } INSERT { <net-assets-closing> nb:value 1700000.0 } WHERE { <net-assets-closing> nb:value ?old }
