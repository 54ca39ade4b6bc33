"""The ontology with its codes and form indicators, as triples to load and as text to print."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from nianbao.resources import ONTOLOGY
from nianbao.serialise import serialize


def files() -> list[Path]:
    """The Turtle files that make up the ontology, in order; alignments, examples and queries are not part of it."""
    return [ONTOLOGY / "nianbao.ttl", *sorted(ONTOLOGY.glob("codes/*.ttl")), *sorted(ONTOLOGY.glob("indicators/*.ttl"))]


def triples() -> list[ox.Triple]:
    """All triples of the ontology. Blank nodes are numbered by file, so that loading twice changes nothing."""
    found: dict[ox.Triple, None] = {}
    for path in files():
        nodes: dict[ox.BlankNode, ox.BlankNode] = {}

        def name(term: Any, path: Path = path, nodes: dict[ox.BlankNode, ox.BlankNode] = nodes) -> Any:
            if isinstance(term, ox.BlankNode):
                return nodes.setdefault(term, ox.BlankNode(f"{path.parent.name}-{path.stem}-{len(nodes)}"))
            return term

        for quad in ox.parse(path=str(path)):
            found[ox.Triple(name(quad.subject), quad.predicate, name(quad.object))] = None
    return list(found)


def digest() -> str:
    """SHA-256 over the files, in hexadecimal: another value means another ontology."""
    together = hashlib.sha256()
    for path in files():
        together.update(path.read_bytes())
    return together.hexdigest()


def text(form: str) -> str:
    """The ontology in a format of ``nianbao.serialise.FORMATS``."""
    return serialize((ox.Quad(t.subject, t.predicate, t.object) for t in triples()), form)
