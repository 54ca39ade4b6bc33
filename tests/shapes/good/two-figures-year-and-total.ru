# one of the year, one since the beginning
INSERT DATA {
  <https://data.example/indicator/n-05> a nb:Indicator ; skos:inScheme nbi:narrative ; skos:prefLabel "未成年人读者"@zh .
  <q1-5> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator <https://data.example/indicator/n-05> ; nb:value 4120.0 ; nb:unit unit:NUM ; nb:countedItem "人次" ;
    nb:statedValue "4,120人次" ; nb:precision 10.0 ; nb:bound nbc:exact ; nb:accumulation nbc:duringPeriod ; nb:partOfActivity <a1> .
  <q2-5> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator <https://data.example/indicator/n-05> ; nb:value 38000.0 ; nb:unit unit:NUM ; nb:countedItem "人次" ;
    nb:statedValue "38000人次" ; nb:precision 100.0 ; nb:bound nbc:exact ; nb:accumulation nbc:toDate ; nb:partOfActivity <a2> }
