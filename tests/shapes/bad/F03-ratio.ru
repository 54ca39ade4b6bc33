# an opening figure a thousand times too small
# also: F07
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value 1800.0 } WHERE { <net-assets-opening> nb:value ?old }
