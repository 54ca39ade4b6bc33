# another person, declared in words that were not taken apart
DELETE { <legal-representative> foaf:name ?old } INSERT { <legal-representative> foaf:name "蓝田玉" } WHERE { <legal-representative> foaf:name ?old } ;
DELETE { <section/changes> nb:declaredNone ?none ; nb:sectionText ?text }
INSERT { <section/changes> nb:declaredNone false ; nb:sectionText "2024年6月办理了法定代表人变更登记。" }
WHERE { <section/changes> nb:declaredNone ?none ; nb:sectionText ?text }
