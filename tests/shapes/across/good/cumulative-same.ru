# a cumulative figure stays
DELETE { <q3-1> nb:value ?old } INSERT { <q3-1> nb:value 46.0 } WHERE { <q3-1> nb:value ?old }
