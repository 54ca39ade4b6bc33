# a rate above 100 %
DELETE { <q1-4> nb:value ?old } INSERT { <q1-4> nb:value 103.5 } WHERE { <q1-4> nb:value ?old }
