# a blank box
DELETE WHERE { <section/sponsorOpinion> nb:sectionText ?old } ;
DELETE { <section/sponsorOpinion> nb:declaredNone ?old } INSERT { <section/sponsorOpinion> nb:declaredNone false } WHERE { <section/sponsorOpinion> nb:declaredNone ?old } ;
DELETE { <section/sponsorOpinion> nb:secrecyReviewed ?old } INSERT { <section/sponsorOpinion> nb:secrecyReviewed false } WHERE { <section/sponsorOpinion> nb:secrecyReviewed ?old }
