# nothing on problems
DELETE { <section/activities> nb:sectionText ?old } INSERT { <section/activities> nb:sectionText ?new }
WHERE { <section/activities> nb:sectionText ?old BIND (REPLACE(?old, "四、存在的问题和改进措施。.*", "四、其他工作。研究提出改进措施，服务困难群众，招募志愿者不足20人的岗位已补齐。", "s") AS ?new) }
