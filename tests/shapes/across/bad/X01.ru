# opens 4.6 (10,000 yuan) above the last closing
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value 1967500.0 } WHERE { <net-assets-opening> nb:value ?old }
