# another filing in the same graph lends nothing and takes nothing
INSERT DATA {
  <other/change-1> a nb:RegistrationChange ; nb:statedIn <other> ; nb:changedItem nbc:itemAddress .
  <other/e1-1> a nb:Award ; nb:statedIn <other> ; nb:awardName "先进单位" ; nb:recipient <https://data.example/org/n-0000000000aa> .
  <other/q1-1> a nb:Observation ; nb:statedIn <other> ; nb:indicator nbi:netAssets ; nb:value 1.0 ; nb:periodEnd "2024-12-31"^^xsd:date .
}
