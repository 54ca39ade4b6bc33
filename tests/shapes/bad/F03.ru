# yuan typed for ten-thousand yuan
# also: F07
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value 1921500000000.0 } WHERE { <net-assets-opening> nb:value ?old }
