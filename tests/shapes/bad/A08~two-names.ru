# two names, three values
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "新购图书3,120册", "图书、期刊分别新增3,120册、86种、12种，") AS ?new) }
