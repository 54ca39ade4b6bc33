# A06: growth is no rate
INSERT DATA {
  <q3-1> a nb:Change ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:indicator [ skos:prefLabel "线上办理率"@zh ] ; nb:value 150.0 ; nb:unit unit:PERCENT .
}
