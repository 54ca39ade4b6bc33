# A07: within the rounding of the figures
DELETE { <q1-2> nb:value ?old } INSERT { <q1-2> nb:value 92000.0 } WHERE { <q1-2> nb:value ?old }
