# the year before gives two figures under that name
DELETE { <q1-9> nb:value ?old } INSERT { <q1-9> nb:value 17.5 } WHERE { <q1-9> nb:value ?old } ;
INSERT DATA { <https://data.example/filing/n-0000000000aa/2023/1/q3-1> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2023/1> ; nb:indicator <https://data.example/indicator/n-01> ; nb:value 9000.0 ; nb:unit unit:NUM ; nb:bound nbc:exact ; nb:accumulation nbc:duringPeriod }
