# negative net assets
# also: F07
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value -50000.0 } WHERE { <net-assets-opening> nb:value ?old }
