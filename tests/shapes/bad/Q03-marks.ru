# a title that is not closed
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "修复地方文献15种", "编印《霁川旧影") AS ?new) }
