# a change of just 50 %
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value 1342000.0 } WHERE { <net-assets-opening> nb:value ?old }
