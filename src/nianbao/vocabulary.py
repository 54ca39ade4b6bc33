"""All namespaces, in one place.

The vocabulary namespaces are the same for every deployment, or data of two deployments could not be joined. They are
**not registered yet**: nothing answers at w3id.org. ``nianbao ontology --rebase`` rewrites the files to another.
"""

NB = "https://w3id.org/nianbao/ns#"  # classes and properties: ontology/nianbao.ttl
NBC = "https://w3id.org/nianbao/code/"  # controlled terms: ontology/codes/
NBI = "https://w3id.org/nianbao/indicator/"  # indicators: ontology/indicators/
NBS = "https://w3id.org/nianbao/shapes/"  # SHACL shapes: shapes/

DATA = "https://nianbao.example/"  # default base of data IRIs; .example can never be owned by anyone
