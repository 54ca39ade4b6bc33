# as of the year before
DELETE { <section/changes> nb:sectionText ?old } INSERT { <section/changes> nb:sectionText """截至2023年末，登记事项无变更。""" } WHERE { <section/changes> nb:sectionText ?old }
