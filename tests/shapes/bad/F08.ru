# the same figure twice
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value 2013000.0 } WHERE { <net-assets-opening> nb:value ?old }
