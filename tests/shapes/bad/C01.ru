# “no change” beside a stated change
INSERT DATA {
  <change-1> a nb:RegistrationChange ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:changedItem nbc:itemAddress ; nb:toValue "霁川县文津路20号" .
}
