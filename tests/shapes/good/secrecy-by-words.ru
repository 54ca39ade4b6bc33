# S02: other words of a secrecy review
DELETE { <section/sponsorOpinion> nb:sectionText ?old } INSERT { <section/sponsorOpinion> nb:sectionText """该年度报告书情况属实。已经保密审查，同意向社会公开。""" } WHERE { <section/sponsorOpinion> nb:sectionText ?old } ;
DELETE { <section/sponsorOpinion> nb:secrecyReviewed ?old } INSERT { <section/sponsorOpinion> nb:secrecyReviewed false } WHERE { <section/sponsorOpinion> nb:secrecyReviewed ?old }
