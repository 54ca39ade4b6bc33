# the sponsor signed after the filing
INSERT DATA { <section/sponsorOpinion> nb:signedOn "2025-03-14"^^xsd:date }
