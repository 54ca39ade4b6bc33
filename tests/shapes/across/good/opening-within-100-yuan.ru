# a difference of 0.01 (10,000 yuan)
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value 1921600.0 } WHERE { <net-assets-opening> nb:value ?old }
