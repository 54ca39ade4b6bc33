# no such box
DELETE WHERE { ?filing dcterms:hasPart <section/sponsorOpinion> }
