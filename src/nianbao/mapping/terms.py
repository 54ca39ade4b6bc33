"""Terms of the graph: how values of a record become nodes and literals; None stays None and is left out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache

import pyoxigraph as ox

from nianbao.mapping.iris import Names, passage_iri
from nianbao.vocabulary import expand

Object = ox.NamedNode | ox.Literal
Fact = tuple[str, Object | None]


@cache
def term(name: str) -> ox.NamedNode:
    """The node of a prefixed name."""
    return ox.NamedNode(expand(name))


TYPE = term("rdf:type")


def describe(subject: str, kind: str, *facts: Fact) -> Iterator[ox.Triple]:
    """The triples of one node: its type, and each fact that has an object."""
    node = ox.NamedNode(subject)
    yield ox.Triple(node, TYPE, term(kind))
    for name, value in facts:
        if value is not None:
            yield ox.Triple(node, term(name), value)


def iri(address: str | None) -> ox.NamedNode | None:
    return ox.NamedNode(address) if address else None


def concept(table: dict[str, str], word: str | None) -> ox.NamedNode | None:
    """The code that ``table`` gives for a word of the record."""
    local = table.get(word) if word else None
    return term("nbc:" + local) if local else None


def plain(text: str | None) -> ox.Literal | None:
    """A string; None for one that is blank."""
    return ox.Literal(text) if text and text.strip() else None


def chinese(text: str) -> ox.Literal | None:
    """A name in Chinese."""
    return ox.Literal(text, language="zh") if text.strip() else None


def truth(value: bool) -> ox.Literal:
    return ox.Literal(value)


def whole(value: int) -> ox.Literal:
    return ox.Literal(value)


def decimal(value: Decimal) -> ox.Literal:
    """xsd:decimal in canonical form, without an exponent: 1.10E+7 → 11000000."""
    digits = f"{value:f}"
    if "." in digits:
        digits = digits.rstrip("0").rstrip(".")
    return ox.Literal("0" if digits == "-0" else digits, datatype=term("xsd:decimal"))


def day(text: str | None) -> ox.Literal | None:
    """xsd:date; what is no date of the calendar (2025-02-30) stays a string, for the audit to find."""
    if not text:
        return None
    try:
        return ox.Literal(date.fromisoformat(text).isoformat(), datatype=term("xsd:date"))
    except ValueError:
        return ox.Literal(text)


def passage(names: Names, start: int | None, end: int | None) -> ox.NamedNode | None:
    """The passage [start, end) of the text that was read; None where nothing is printed."""
    return None if start is None or end is None or end <= start else ox.NamedNode(passage_iri(names.text, start, end))


def section_iri(kind: str, names: Names) -> str:
    """The IRI of a section of the form; ``kind`` as in the codes ``nbc:section…``, with a small first letter."""
    return names.part(f"section/{kind}")
