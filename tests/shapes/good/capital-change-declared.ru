# F06: a declared change of the capital
DELETE { <net-assets-closing> nb:value ?old . <net-assets-opening> nb:value ?before } INSERT { <net-assets-closing> nb:value 3061600.0 . <net-assets-opening> nb:value 3000000.0 } WHERE { <net-assets-closing> nb:value ?old . <net-assets-opening> nb:value ?before } ;
DELETE { <section/changes> nb:sectionText ?old } INSERT { <section/changes> nb:sectionText """2024年度，我馆办理了开办资金变更登记，由186万元变更为306万元。""" } WHERE { <section/changes> nb:sectionText ?old } ;
DELETE { <section/changes> nb:declaredNone ?old } INSERT { <section/changes> nb:declaredNone false } WHERE { <section/changes> nb:declaredNone ?old } ;
INSERT DATA {
  <change-1> a nb:RegistrationChange ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:changedItem nbc:itemInitialCapital .
}
