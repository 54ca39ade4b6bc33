"""The terms of other vocabularies, from tests/cases/vocabularies.tsv (sources and versions stand there)."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rdflib import QB, XSD, URIRef
from rdflib.namespace import DefinedNamespace

TABLE = Path(__file__).parent / "cases/vocabularies.tsv"
XSD_SPACE, QB_SPACE = str(XSD), str(QB)

# rdflib ships these lists in full; it says nothing of domains.
CLOSED: list[type[DefinedNamespace]] = [QB, XSD]

# No file of the publisher's could be had. Each is in use as its documentation has it.
UNSEEN = {
    "http://purl.org/ontology/bibo/status",
    "http://purl.org/ontology/bibo/status/draft",
    "http://purl.org/adms/status/UnderDevelopment",
    "http://www.w3.org/2003/06/sw-vocab-status/ns#term_status",
    "https://creativecommons.org/licenses/by/4.0/",
}


@dataclass(frozen=True, slots=True)
class Term:
    """kind: class, property, object, datatype, annotation, individual or datatype-class. ends are prefixed names."""

    iri: str
    kind: str
    domain: tuple[str, ...]
    range: tuple[str, ...]
    under: tuple[str, ...]
    deprecated: bool

    @property
    def is_property(self) -> bool:
        return self.kind in ("property", "object", "datatype", "annotation")


@cache
def spaces() -> dict[str, str]:
    """Prefix and namespace, as the head of the table has them."""
    found = dict(re.findall(r"^# (\w+) +(http\S+) ", TABLE.read_text("utf-8"), re.MULTILINE))
    return found | {
        "owl": "http://www.w3.org/2002/07/owl#",
        "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
        "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
        "xsd": XSD_SPACE,
    }


@cache
def terms() -> dict[str, Term]:
    """Every term of the table by its IRI."""
    lines = [line for line in TABLE.read_text("utf-8").splitlines() if not line.startswith("#")]
    found = {}
    for prefix, name, kind, domain, range_, under, deprecated in csv.reader(lines, delimiter="\t"):
        iri = spaces()[prefix] + name
        ends = (tuple(map(full, text.split())) for text in (domain, range_, under))
        found[iri] = Term(iri, kind, *ends, deprecated == "deprecated")
    return found


def full(name: str) -> str:
    """The IRI of a prefixed name of the table; another IRI and "-" stay."""
    prefix, colon, local = name.partition(":")
    return spaces()[prefix] + local if colon and prefix in spaces() else name


def exists(iri: str) -> bool:
    """Whether a vocabulary has the term."""
    return iri in terms() or iri in UNSEEN or any(URIRef(iri) in space for space in CLOSED)


def above(iri: str) -> set[str]:
    """A class with all that it is under."""
    found, todo = {iri}, [iri]
    while todo:
        term = terms().get(todo.pop())
        for parent in term.under if term else ():
            if parent not in found:
                found.add(parent)
                todo.append(parent)
    return found
