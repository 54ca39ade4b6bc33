# opens 0.35 (10,000 yuan) below the last closing
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value 1918000.0 } WHERE { <net-assets-opening> nb:value ?old }
