# A06: rates that may be above 100 %
INSERT DATA {
  <q3-1> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator [ skos:prefLabel "床位使用率"@zh ] ; nb:value 112.4 ; nb:unit unit:PERCENT ; nb:statedValue "112.4%" ; nb:precision 1.0 ; nb:bound nbc:exact .
  <q3-2> a nb:Observation ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator [ skos:prefLabel "年度任务完成率"@zh ] ; nb:value 105 ; nb:unit unit:PERCENT ; nb:statedValue "105%" ; nb:precision 1.0 ; nb:bound nbc:exact .
}
