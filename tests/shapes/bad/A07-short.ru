# parts, “others” among them, below the total
INSERT DATA {
  <q3-1> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator [ skos:prefLabel "馆藏文献"@zh ] ; nb:value 90000 ; nb:unit unit:NUM ; nb:countedItem "册" ; nb:statedValue "9万册" ; nb:precision 1.0 ; nb:bound nbc:exact .
  <q3-2> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator [ skos:prefLabel "馆藏图书"@zh ] ; nb:value 70000 ; nb:unit unit:NUM ; nb:countedItem "册" ; nb:statedValue "7万册" ; nb:precision 1.0 ; nb:bound nbc:exact ; nb:componentOf <q3-1> .
  <q3-3> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator [ skos:prefLabel "馆藏其他文献"@zh ] ; nb:value 12000 ; nb:unit unit:NUM ; nb:countedItem "册" ; nb:statedValue "1.2万册" ; nb:precision 1.0 ; nb:bound nbc:exact ; nb:componentOf <q3-1> .
}
