# a blank box for changes
DELETE WHERE { <section/changes> nb:sectionText ?old } ;
DELETE { <section/changes> nb:declaredNone ?old } INSERT { <section/changes> nb:declaredNone false } WHERE { <section/changes> nb:declaredNone ?old }
