"""What a rule of the audit checks and rests on, read from its shapes in the vocabulary."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nianbao_server.findings import rank
from nianbao_server.graph import Graph


@dataclass(frozen=True, slots=True)
class Check:
    """One shape of a rule: its severity and its message, with … for what each finding fills in."""

    shape: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on, and whether the text that is cited has been seen."""

    label: str
    verified: bool


def checks(vocabulary: Graph, shapes: Iterable[str], language: str) -> list[Check]:
    """What the shapes of a rule look for, the gravest first."""
    found = []
    for shape in shapes:
        # SHACL puts the message on the shape, on its SPARQL constraint or on a property shape.
        parts = [shape, *vocabulary.all(shape, "sh:sparql"), *vocabulary.all(shape, "sh:property")]
        message = next((said for part in parts if (said := vocabulary.said(part, "sh:message", language))), "")
        severity = (vocabulary.one(shape, "sh:severity") or "").rpartition("#")[2] or "Violation"  # SHACL's default
        found.append(Check(shape, severity, re.sub(r"\{[?$]\w+\}", "…", message)))
    return sorted(found, key=lambda check: (rank(check.severity), check.shape))


def bases(vocabulary: Graph, shapes: Iterable[str], language: str) -> list[Basis]:
    """What the shapes of a rule rest on, each once."""
    sources = dict.fromkeys(source for shape in shapes for source in vocabulary.all(shape, "dcterms:source"))
    return [
        Basis(
            vocabulary.said(source, "rdfs:label", language) or source,
            vocabulary.one(source, "nb:basisVerified") != "false",
        )
        for source in sources
    ]
