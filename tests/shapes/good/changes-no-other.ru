# C01: no other change
DELETE { <section/changes> nb:sectionText ?old } INSERT { <section/changes> nb:sectionText """除法定代表人由荀若水变更为桑晚晴外，2024年度无其他变更事项。""" } WHERE { <section/changes> nb:sectionText ?old } ;
INSERT DATA {
  <change-1> a nb:RegistrationChange ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:changedItem nbc:itemLegalRepresentative .
}
