# “no change” and a change, in a box that is not taken for an empty one
DELETE { <section/changes> nb:sectionText ?old } INSERT { <section/changes> nb:sectionText """2024年度，我馆没有变更事项。""" } WHERE { <section/changes> nb:sectionText ?old } ;
DELETE { <section/changes> nb:declaredNone ?old } INSERT { <section/changes> nb:declaredNone false } WHERE { <section/changes> nb:declaredNone ?old } ;
INSERT DATA { <change-1> a nb:RegistrationChange ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:changedItem nbc:itemAddress }
