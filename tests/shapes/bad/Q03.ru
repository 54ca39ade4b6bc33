# a replacement character
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "周末座位紧张", "周末座位�张") AS ?new) }
