# C01: some items changed, others did not
DELETE { <section/changes> nb:sectionText ?old } INSERT { <section/changes> nb:sectionText """2024年度，法定代表人由荀若水变更为桑晚晴；名称、住所无变更。""" } WHERE { <section/changes> nb:sectionText ?old } ;
DELETE { <section/changes> nb:declaredNone ?old } INSERT { <section/changes> nb:declaredNone false } WHERE { <section/changes> nb:declaredNone ?old } ;
INSERT DATA { <change-1> a nb:RegistrationChange ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:changedItem nbc:itemLegalRepresentative }
