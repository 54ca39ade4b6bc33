# a blank box for the activities
DELETE WHERE { <section/activities> nb:sectionText ?old } ;
DELETE { <section/activities> nb:declaredNone ?old } INSERT { <section/activities> nb:declaredNone false } WHERE { <section/activities> nb:declaredNone ?old }
