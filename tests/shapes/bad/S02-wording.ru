# no word on secrecy
DELETE { <section/sponsorOpinion> nb:sectionText ?old } INSERT { <section/sponsorOpinion> nb:sectionText """情况属实，同意上报。""" } WHERE { <section/sponsorOpinion> nb:sectionText ?old } ;
DELETE { <section/sponsorOpinion> nb:secrecyReviewed ?old } INSERT { <section/sponsorOpinion> nb:secrecyReviewed false } WHERE { <section/sponsorOpinion> nb:secrecyReviewed ?old }
