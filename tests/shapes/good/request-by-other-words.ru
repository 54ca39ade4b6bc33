# S01: other words of a request
DELETE { <section/institutionOpinion> nb:sectionText ?old } INSERT { <section/institutionOpinion> nb:sectionText """情况属实，同意将我馆年度报告书予以公示。""" } WHERE { <section/institutionOpinion> nb:sectionText ?old }
