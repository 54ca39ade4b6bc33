# no box for the activities
DELETE WHERE { ?filing dcterms:hasPart <section/activities> }
