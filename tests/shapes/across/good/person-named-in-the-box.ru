# another person, whom the box names in words that were not taken apart
DELETE { <legal-representative> foaf:name ?old } INSERT { <legal-representative> foaf:name "蓝田玉" } WHERE { <legal-representative> foaf:name ?old } ;
DELETE { <section/changes> nb:declaredNone ?none ; nb:sectionText ?text }
INSERT { <section/changes> nb:declaredNone false ; nb:sectionText "2024年6月馆长到龄退休，由蓝田玉接任，证书已变更。" }
WHERE { <section/changes> nb:declaredNone ?none ; nb:sectionText ?text }
