# a year to come, in a sentence on plans
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "下一步将延长", "2025年将延长") AS ?new) }
