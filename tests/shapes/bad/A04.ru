# a year to come, told as a fact
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "修复地方文献15种", "2025年修复地方文献15种") AS ?new) }
