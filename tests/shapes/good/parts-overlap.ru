# A07: people counted by degree and by party
INSERT DATA {
  <q3-1> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator [ skos:prefLabel "在职职工"@zh ] ; nb:value 21 ; nb:unit unit:NUM ; nb:countedItem "人" ; nb:statedValue "21人" ; nb:precision 1.0 ; nb:bound nbc:exact .
  <q3-2> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator [ skos:prefLabel "党员"@zh ] ; nb:value 15 ; nb:unit unit:NUM ; nb:countedItem "人" ; nb:statedValue "15人" ; nb:precision 1.0 ; nb:bound nbc:exact ; nb:componentOf <q3-1> .
  <q3-3> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator [ skos:prefLabel "本科以上学历职工"@zh ] ; nb:value 18 ; nb:unit unit:NUM ; nb:countedItem "人" ; nb:statedValue "18人" ; nb:precision 1.0 ; nb:bound nbc:exact ; nb:componentOf <q3-1> .
}
