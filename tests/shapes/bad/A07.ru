# parts above the total
DELETE { <q1-2> nb:value ?old } INSERT { <q1-2> nb:value 99000.0 } WHERE { <q1-2> nb:value ?old }
