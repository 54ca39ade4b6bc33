# no words of a request
DELETE { <section/institutionOpinion> nb:sectionText ?old } INSERT { <section/institutionOpinion> nb:sectionText """同意。""" } WHERE { <section/institutionOpinion> nb:sectionText ?old }
