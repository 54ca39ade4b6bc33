# another person, while the box says that nobody changed
DELETE { <legal-representative> foaf:name ?old } INSERT { <legal-representative> foaf:name "蓝田玉" } WHERE { <legal-representative> foaf:name ?old } ;
DELETE { <section/changes> nb:sectionText ?text } INSERT { <section/changes> nb:sectionText "名称、住所、法定代表人等均未发生变更。" } WHERE { <section/changes> nb:sectionText ?text }
