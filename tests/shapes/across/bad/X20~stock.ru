# what there is falls, though the text says 累计
DELETE { ?q nb:accumulation ?old } INSERT { ?q nb:accumulation nbc:atPoint } WHERE { ?q nb:indicator <https://data.example/indicator/n-06> ; nb:accumulation ?old } ;
DELETE { <q3-1> nb:value ?old ; nb:statedValue ?words } INSERT { <q3-1> nb:value 44.0 ; nb:statedValue "44个" } WHERE { <q3-1> nb:value ?old ; nb:statedValue ?words } ;
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "修复地方文献15种", "累计建成农家书屋44个") AS ?new) }
