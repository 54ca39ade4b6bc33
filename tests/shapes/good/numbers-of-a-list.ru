# 1） and （2） are no brackets of the text
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "一、读者服务。", "1）读者服务（含流动服务）。（2022）第7号备案。") AS ?new) }
