# A03: shortcomings and what comes next
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "四、存在的问题和改进措施", "四、不足之处") AS ?new) }
