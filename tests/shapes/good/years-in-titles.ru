# years to come in a title and in a span
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "读者意见当月答复", "落实《霁川县2025年阅读规划》和2021—2025年规划，读者意见当月答复") AS ?new) }
