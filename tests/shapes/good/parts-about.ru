# A07: a total that is a lower bound
DELETE { <q1-2> nb:value ?old } INSERT { <q1-2> nb:value 99000.0 } WHERE { <q1-2> nb:value ?old } ;
DELETE { <q1-1> nb:bound ?old } INSERT { <q1-1> nb:bound nbc:moreThan } WHERE { <q1-1> nb:bound ?old }
