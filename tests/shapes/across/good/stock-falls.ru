# what there is may fall, where the text does not say 累计
DELETE { ?q nb:accumulation ?old } INSERT { ?q nb:accumulation nbc:atPoint } WHERE { ?q nb:indicator <https://data.example/indicator/n-06> ; nb:accumulation ?old } ;
DELETE { <q3-1> nb:value ?old ; nb:statedValue ?words } INSERT { <q3-1> nb:value 44.0 ; nb:statedValue "44个" } WHERE { <q3-1> nb:value ?old ; nb:statedValue ?words }
