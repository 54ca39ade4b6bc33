# no box for licences
DELETE WHERE { ?filing dcterms:hasPart <section/licences> }
