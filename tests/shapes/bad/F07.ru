# net assets rise by 60 % and stay near the capital
DELETE { <net-assets-opening> nb:value ?old } INSERT { <net-assets-opening> nb:value 1250000.0 } WHERE { <net-assets-opening> nb:value ?old }
