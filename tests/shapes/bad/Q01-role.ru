# a form filler
INSERT DATA {
  <filler> a nb:PersonRole ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; org:role <https://data.example/role/filler> .
}
