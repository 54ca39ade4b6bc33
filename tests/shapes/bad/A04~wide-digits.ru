# a year to come in wide digits
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "修复地方文献15种", "２０２５年修复地方文献15种") AS ?new) }
