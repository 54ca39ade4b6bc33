# net assets far below the capital: F05 says so too
# also: F07
# also: F05
DELETE { <net-assets-closing> nb:value ?old } INSERT { <net-assets-closing> nb:value 900000.0 } WHERE { <net-assets-closing> nb:value ?old }
