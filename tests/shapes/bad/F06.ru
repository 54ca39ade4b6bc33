# net assets 64.6 % above the capital
# also: F07
DELETE { <net-assets-closing> nb:value ?old } INSERT { <net-assets-closing> nb:value 3061600.0 } WHERE { <net-assets-closing> nb:value ?old }
