"""From a SHACL result to a finding: whose report it is, where the passage stands, what the message says.

A rule says whose fault a finding is. Where what it rests on may be misread, the reading is to be looked at first,
whatever the rule says: the fault is that of the extraction, and the message says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache

import pyoxigraph as ox

from nianbao.mapping import ontology
from nianbao.quality.engine.index import Index
from nianbao.quality.engine.model import Result
from nianbao.quality.engine.terms import Term, compare
from nianbao.quality.findings import Evidence, Finding
from nianbao.quality.shapes import Check, Text, singular
from nianbao.vocabulary import expand

FILING = ox.NamedNode(expand("nb:Filing"))

_VALUE = ox.NamedNode(expand("nb:value"))

_DOUBTED = ox.NamedNode(expand("nb:doubtfulReading"))

_PARTS = ox.NamedNode(expand("dcterms:hasPart"))
"""Doubted of a filing: parts of it may not have been read."""

_IRI = re.compile(r"https?://[^\s<>\"{}|\\^`]+")

_MISREAD = Text(
    "（所据文字的读取存疑，请先对照原文。）", "What this rests on may be misread: compare it with the original first."
)

_NAMED = 5
"""Figures of a list that a message names."""

_LONGEST_QUOTE = 300
"""A passage longer than this (a whole narrative) says nothing beside a finding, and is left out."""


class Context:
    """What the graph says around a result."""

    def __init__(self, graph: Index, unsure: Decimal) -> None:
        """unsure: the confidence below which a figure may be misread (`Rulebook.unsure`)."""
        self._graph = graph
        self._unsure = ox.Literal(f"{unsure:f}", datatype=ox.NamedNode(expand("xsd:decimal")))
        self._only = graph.instances(FILING)

    def finding(self, check: Check, result: Result) -> Finding:
        """The finding that a result stands for."""
        filing = self.filing(result.focus)
        report = self._one(filing, "dcat:isVersionOf")
        institution = self._one(report, "nb:reportingInstitution")
        name = self._one(institution, "skos:prefLabel")
        year = re.match(r"\d{4}", _words(self._one(report, "nb:reportingYear")))
        thing = result.focus
        if isinstance(result.value, ox.NamedNode) and result.value in self._graph.out:  # no code, but a part of it
            thing = result.value
        row = result.row, result.row
        if figures := self._in_order(result.row.get("figures", "").split()):
            thing = figures[0]
            named = self._named(figures)
            row = {**result.row, "figures": named.zh}, {**result.row, "figures": named.en}
        message, fault = (
            Text(_filled(check.message.zh, row[0]), singular(_filled(check.message.en, row[1]))),
            check.fault,
        )
        unread = check.absence and _PARTS in self._graph.objects(filing, _DOUBTED)
        if fault == "source" and (unread or self._may_be_misread(result, thing)):
            message, fault = Text(message.zh + _MISREAD.zh, f"{message.en} {_MISREAD.en}"), "extraction"
        return Finding(
            rule=check.rule,
            severity=check.severity,
            report=_words(report or filing),
            institution=_words(name or self._one(self._one(filing, "nb:registration"), "nb:legalName")),
            year=int(year[0]) if year else None,
            focus=_words(thing),
            message=message,
            evidence=self._evidence(thing, filing),
            fault=fault,
            source=check.basis,
            filing=_words(filing),
            shape=check.shape,
            component=result.component,
        )

    def _in_order(self, figures: Sequence[str]) -> list[ox.NamedNode]:
        """The figures of a list in the order of the text; those without a place in it first."""
        nodes = [ox.NamedNode(figure) for figure in figures if _IRI.fullmatch(figure)]
        return sorted(nodes, key=lambda node: (span(self._one(node, "nb:evidence")) or (0, 0), node.value))

    def _named(self, figures: Sequence[ox.NamedNode]) -> Text:
        """The first figures of a list, each with its subject and as printed, and how many more there are."""
        names, left = [f"“{self._name_of(figure)}”" for figure in figures[:_NAMED]], len(figures) - _NAMED
        zh, en = "、".join(names), ", ".join(names)
        return Text(f"{zh}，另有 {left} 个", f"{en} and {left} more") if left > 0 else Text(zh, en)

    def _name_of(self, figure: ox.NamedNode) -> str:
        indicator = self._one(figure, "nb:indicator")
        labels = self._graph.objects(indicator, ox.NamedNode(expand("skos:prefLabel"))) if indicator else ()
        words = sorted(_words(label) for label in labels if not _in_english(label)) or [_label(_words(indicator))]
        stated = _words(self._one(figure, "nb:statedValue")) or _words(self._one(figure, "nb:value"))
        return f"{words[0]} {stated}".strip() or figure.value

    def _may_be_misread(self, result: Result, thing: Term) -> bool:
        """Whether a value that the result tells of may be misread: one of its focus, its value or a node of its row."""
        words = {*result.row.values(), _words(result.value)}
        return any(self._unsure_of(node, words) for node in {result.focus, thing, *nodes_of(result)})

    def _unsure_of(self, node: Term, words: set[str]) -> bool:
        confidence = self._one(node, "nb:confidence")
        if confidence is not None and (compare(confidence, self._unsure) or 0) < 0:
            return True
        for doubted in self._graph.objects(node, _DOUBTED):
            if doubted == _VALUE:  # of a figure, which a message may give in another unit
                return True
            if isinstance(doubted, ox.NamedNode) and words & {_words(v) for v in self._graph.objects(node, doubted)}:
                return True
        return False

    def _one(self, node: Term | None, name: str) -> Term | None:
        return self._graph.value(node, ox.NamedNode(expand(name)))

    def filing(self, focus: Term) -> Term:
        """The filing that a focus node belongs to; the node itself where nothing tells."""
        if focus in self._only:
            return focus
        stated = self._one(focus, "nb:statedIn")
        return stated if stated is not None else self._only[0] if len(self._only) == 1 else focus

    def _evidence(self, thing: Term, filing: Term) -> Evidence | None:
        passage = self._one(thing, "nb:evidence")
        place = span(passage)
        if place is None:
            return None
        start, end = place
        quote = self._passage(filing, start, end)
        if quote is None:
            words = (self._one(thing, name) for name in ("nb:statedValue", "nb:sectionText"))
            quote = next((_words(word) for word in words if word and len(_words(word)) == end - start), None)
        if quote is None or len(quote) > _LONGEST_QUOTE:
            return None
        return Evidence(quote, start, end, _words(passage))

    def _passage(self, filing: Term, start: int, end: int) -> str | None:
        """The words of the text from `start` to `end`, where a box of the filing holds them all."""
        for section in self._graph.objects(filing, ox.NamedNode(expand("dcterms:hasPart"))):
            text, place = self._one(section, "nb:sectionText"), span(self._one(section, "nb:evidence"))
            if text is None or place is None or len(_words(text)) != place[1] - place[0]:
                continue  # a text that was shortened has lost the places of its characters
            if place[0] <= start <= end <= place[1]:
                return _words(text)[start - place[0] : end - place[0]]
        return None


def nodes_of(result: Result) -> Iterator[ox.NamedNode]:
    """The things that its query selected, by their IRIs."""
    return (ox.NamedNode(word) for word in result.row.values() if _IRI.fullmatch(word))


def span(passage: Term | None) -> tuple[int, int] | None:
    """The first and the last place of a passage, from its IRI (RFC 5147)."""
    found = re.search(r"#char=(\d+),(\d+)$", _words(passage))
    return (int(found[1]), int(found[2])) if found else None


def _words(term: Term | None) -> str:
    return "" if term is None else str(term) if isinstance(term, ox.Triple) else term.value


def _filled(message: str, row: Mapping[str, str]) -> str:
    return re.sub(r"\{[?$](\w+)\}", lambda name: row.get(name[1], "…"), message)


def _in_english(label: Term) -> bool:
    return isinstance(label, ox.Literal) and (label.language or "").startswith("en")


def _label(indicator: str) -> str:
    """The name of an indicator of the ontology; '' for one that it does not have."""
    return _labels().get(indicator, "")


@cache
def _labels() -> Mapping[str, str]:
    label = ox.NamedNode(expand("skos:prefLabel"))
    return {
        _words(triple.subject): _words(triple.object)
        for triple in ontology.triples()
        if triple.predicate == label and not _in_english(triple.object)
    }
