# a cumulative figure falls
DELETE { <q3-1> nb:value ?old ; nb:statedValue ?words } INSERT { <q3-1> nb:value 44.0 ; nb:statedValue "44个" } WHERE { <q3-1> nb:value ?old ; nb:statedValue ?words }
