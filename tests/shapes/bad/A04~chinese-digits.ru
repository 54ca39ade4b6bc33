# a year to come in Chinese digits
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "修复地方文献15种", "二〇三〇年修复地方文献15种") AS ?new) }
