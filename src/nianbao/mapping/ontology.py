"""The ontology with its codes and form indicators: to load, to print, and to move to another namespace."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from nianbao.errors import MappingError
from nianbao.mapping.serialise import serialize
from nianbao.resources import ONTOLOGY, SHAPES
from nianbao.vocabulary import NB


def files() -> list[Path]:
    """The Turtle files that make up the ontology, in order; alignments, examples and queries are not part of it.

    What the rules rest on belongs to it, so that a store can tell the legal basis of a finding.
    """
    codes, indicators = sorted(ONTOLOGY.glob("codes/*.ttl")), sorted(ONTOLOGY.glob("indicators/*.ttl"))
    return [ONTOLOGY / "nianbao.ttl", *codes, *indicators, SHAPES / "basis.ttl"]


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
    """The ontology in a format of ``nianbao.mapping.serialise.FORMATS``."""
    return serialize((ox.Quad(t.subject, t.predicate, t.object) for t in triples()), form)


_REBASED = {".ttl", ".trig", ".rq", ".jsonld", ".md"}


def rebase(root: Path, to: str) -> list[Path]:
    """Move the vocabulary from its namespace (all before ``ns#``) to ``to``, in the checkout at ``root``.

    Rewrites ontology/, shapes/ and src/nianbao/vocabulary.py; data made before keep the old terms. Gives the files that
    changed. Raises MappingError for a namespace that is no absolute IRI ending in a slash.
    """
    if not re.fullmatch(r"https?://[A-Za-z0-9.-]+(:\d+)?/([A-Za-z0-9._~-]+/)*", to):
        raise MappingError(
            f"{to!r} cannot be a namespace",
            remedy="give an http or https address that ends in a slash, for example https://example.org/nianbao/",
            code="NB-ONTOLOGY-NAMESPACE",
        )
    old = NB.removesuffix("ns#")
    candidates = [
        path for folder in ("ontology", "shapes") for path in sorted((root / folder).rglob("*")) if path.is_file()
    ]
    changed = []
    for path in [*candidates, root / "src/nianbao/vocabulary.py"]:
        if path.suffix not in _REBASED | {".py"}:
            continue
        text = path.read_text(encoding="utf-8")
        if old in text:
            path.write_text(text.replace(old, to), encoding="utf-8")
            changed.append(path)
    return changed
