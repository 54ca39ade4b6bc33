# A07: parts counted in something else
INSERT DATA {
  <q3-1> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator [ skos:prefLabel "接待读者团队读者"@zh ] ; nb:value 200000 ; nb:unit unit:NUM ; nb:countedItem "批次" ; nb:statedValue "20万批次" ; nb:precision 1.0 ; nb:bound nbc:exact ; nb:componentOf <q1-1> .
}
