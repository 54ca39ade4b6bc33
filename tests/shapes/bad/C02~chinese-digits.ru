# the year before in Chinese digits
DELETE { <section/changes> nb:sectionText ?old } INSERT { <section/changes> nb:sectionText """二〇二三年度，我单位无变更事项。""" } WHERE { <section/changes> nb:sectionText ?old }
