# another capital, declared
DELETE { <initial-capital> nb:value ?old } INSERT { <initial-capital> nb:value 1900000.0 } WHERE { <initial-capital> nb:value ?old } ;
DELETE { <section/changes> nb:declaredNone ?none ; nb:sectionText ?text }
INSERT { <section/changes> nb:declaredNone false ; nb:sectionText "2024年度办理了开办资金变更登记，由186万元变更为190万元。" . <change-1> a nb:RegistrationChange ; nb:statedIn <https://data.example/filing/n-0000000000aa/2024/1> ; nb:changedItem nbc:itemInitialCapital }
WHERE { <section/changes> nb:declaredNone ?none ; nb:sectionText ?text }
