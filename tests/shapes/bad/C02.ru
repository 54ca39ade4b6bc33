# the sentence of the year before
DELETE { <section/changes> nb:sectionText ?old } INSERT { <section/changes> nb:sectionText """2023年度，我单位严格按照规定执行，无变更事项。""" } WHERE { <section/changes> nb:sectionText ?old }
