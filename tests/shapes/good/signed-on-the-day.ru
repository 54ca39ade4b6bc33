# signed on the day of filing
INSERT DATA { <section/sponsorOpinion> nb:signedOn "2025-03-12"^^xsd:date }
