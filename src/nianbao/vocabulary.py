"""All namespaces, in one place.

The vocabulary namespaces are the same for every deployment, or data of two deployments could not be joined. They are
**not registered yet**: nothing answers at w3id.org. ``nianbao ontology --rebase`` rewrites the files to another.
"""

NB = "https://w3id.org/nianbao/ns#"  # classes and properties: ontology/nianbao.ttl
NBC = "https://w3id.org/nianbao/code/"  # controlled terms: ontology/codes/
NBI = "https://w3id.org/nianbao/indicator/"  # indicators: ontology/indicators/
NBS = "https://w3id.org/nianbao/shapes/"  # SHACL shapes: shapes/

DATA = "https://nianbao.example/"  # default base of data IRIs; .example can never be owned by anyone

PREFIXES = {
    "nb": NB,
    "nbc": NBC,
    "nbi": NBI,
    "nbs": NBS,
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "dqv": "http://www.w3.org/ns/dqv#",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "qudt": "http://qudt.org/schema/qudt/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "unit": "http://qudt.org/vocab/unit/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
"""Prefixes of everything that is written, queried or shown."""


def expand(name: str) -> str:
    """The IRI of a prefixed name: ``nb:value``. Raises KeyError for a prefix that is not in ``PREFIXES``."""
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local
