# no box for changes
DELETE WHERE { ?filing dcterms:hasPart <section/changes> }
