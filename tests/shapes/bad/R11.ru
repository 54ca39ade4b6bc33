# a blank box for donations
DELETE WHERE { <section/donations> nb:sectionText ?old } ;
DELETE { <section/donations> nb:declaredNone ?old } INSERT { <section/donations> nb:declaredNone false } WHERE { <section/donations> nb:declaredNone ?old }
