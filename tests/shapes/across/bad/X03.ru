# another person, not declared
DELETE { <legal-representative> foaf:name ?old } INSERT { <legal-representative> foaf:name "蓝田玉" } WHERE { <legal-representative> foaf:name ?old }
