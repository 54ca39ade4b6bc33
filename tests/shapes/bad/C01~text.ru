# “no change” and a change in the words of the box alone
DELETE { <section/changes> nb:sectionText ?old } INSERT { <section/changes> nb:sectionText """2024年度无变更事项。法定代表人由荀若水变更为桑晚晴。""" } WHERE { <section/changes> nb:sectionText ?old }
