# a penalty while the box says none
INSERT DATA {
  <e2-2> a nb:Incident ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:incidentType nbc:penalty ; nb:description "因消防隐患被处罚" ; nb:about <https://data.example/org/n-0000000000aa> .
}
