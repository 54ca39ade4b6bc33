# a new name, declared
DELETE { <registration> nb:mainName ?old } INSERT { <registration> nb:mainName "霁川县公共图书馆" } WHERE { <registration> nb:mainName ?old } ;
DELETE { <section/changes> nb:declaredNone ?none ; nb:sectionText ?text }
INSERT { <section/changes> nb:declaredNone false ; nb:sectionText "2024年度办理了名称变更登记，由霁川县图书馆变更为霁川县公共图书馆。" . <change-1> a nb:RegistrationChange ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:changedItem nbc:itemName }
WHERE { <section/changes> nb:declaredNone ?none ; nb:sectionText ?text }
