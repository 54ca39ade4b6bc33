# C01: the items that did not change
DELETE { <section/changes> nb:sectionText ?old } INSERT { <section/changes> nb:sectionText """2024年度名称、住所、法定代表人、开办资金等登记事项均无变更。""" } WHERE { <section/changes> nb:sectionText ?old }
