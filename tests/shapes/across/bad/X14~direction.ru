# the right size in the wrong direction
DELETE { <q1-9> nb:direction ?old } INSERT { <q1-9> nb:direction nbc:decrease } WHERE { <q1-9> nb:direction ?old }
