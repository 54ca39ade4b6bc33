"""Filings of a store audited again by other rules, from their graphs: no file is read for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import pyoxigraph as ox

from nianbao.mapping import rdf
from nianbao.quality import audit
from nianbao.quality.context import FILING
from nianbao.quality.engine.index import Index
from nianbao.quality.engine.terms import Term
from nianbao.storage.store import Store
from nianbao.vocabulary import expand
from nianbao.writer import Filed, Writer

TOGETHER = 100
"""Filings that are audited, and written in one transaction, together."""

_NODES = 1000
"""Nodes whose triples are fetched by one query."""

_SHARED = tuple(
    ox.NamedNode(expand(name))
    for name in ("rdf:type", "skos:prefLabel", "skos:inScheme", "skos:exactMatch", "nb:nameKey", "nb:unitWord")
)
"""What a filing says of its sponsors and indicators, which stand in the registry."""


def audit_again(writer: Writer, lines: Sequence[Filed]) -> Iterator[list[Filed]]:
    """Replace the findings on these filings, each by itself, by those of the writer's rules; some at a time. Gives
    those that could not be done: their graphs hold no filing, so their files have to be read.

    What compares reports is left to `Writer.check_across`. Raises ShapesError where a rule cannot be run.
    """
    rest = iter(lines)
    while some := list(islice(rest, TOGETHER)):
        graphs = dict(zip(some, stored(writer.store, some, writer), strict=True))
        whole = [line for line in some if ox.NamedNode(line.filing) in graphs[line].instances(FILING)]
        found = audit.check_many((_triples(graphs[line]) for line in whole), rules=writer.rules)
        writer.put_findings(dict(zip(whole, found, strict=True)))
        yield [line for line in some if line not in whole]


def stored(store: Store, lines: Sequence[Filed], writer: Writer) -> list[Index]:
    """What the record of each filing was mapped to, as it stands in the store: the filing's own graph, and its share of
    the registry, of which the part on the institution is made again from this filing (a newer one may speak there)."""
    own = [
        store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{line.graph}> {{ ?s ?p ?o }} }}") for line in lines
    ]
    nodes = {t.object.value for triples in own for t in triples if isinstance(t.object, ox.NamedNode)}
    nodes -= {t.subject.value for triples in own for t in triples if isinstance(t.subject, ox.NamedNode)}
    shared = Index(_registry(writer, sorted(nodes)))
    found = []
    for line, triples in zip(lines, own, strict=True):
        graph = Index(triples)
        for node in list(graph.into):
            for predicate in _SHARED if node in shared.out else ():
                for value in shared.objects(node, predicate):
                    graph.add(node, predicate, value)
        for triple in (
            *_institution(graph, line, writer.base),
            *rdf.report_triples(line.report, line.version, base=writer.base),
        ):
            graph.add(triple.subject, triple.predicate, triple.object)
        found.append(graph)
    return found


def _registry(writer: Writer, nodes: Sequence[str]) -> Iterator[ox.Triple]:
    for start in range(0, len(nodes), _NODES):
        values = " ".join(str(ox.NamedNode(node)) for node in nodes[start : start + _NODES])
        yield from writer.store.construct(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {values} }} GRAPH <{writer.registry}> {{ ?s ?p ?o }} }}"
        )


def _institution(graph: Index, line: Filed, base: str) -> list[ox.Triple]:
    record = graph.value(ox.NamedNode(line.filing), _term("nb:registration"))

    def words(name: str) -> list[str]:
        return [_text(term) for term in graph.objects(record, _term(name))] if record is not None else []

    sponsors = graph.objects(record, _term("nb:statedSponsor")) if record is not None else []
    named = [_text(name) for sponsor in sponsors for name in graph.objects(sponsor, _term("skos:prefLabel"))]
    return rdf.institution_triples(
        line.report.split("/")[0],
        next(iter(words("nb:mainName") or words("nb:legalName")), ""),
        words("nb:otherName"),
        next(iter(words("nb:statedCode")), None),
        named,
        base=base,
    )


def _triples(graph: Index) -> Iterator[ox.Triple]:
    return (ox.Triple(subject, predicate, value) for subject, predicate, value in graph.triples())  # type: ignore[arg-type]


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))


def _text(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


__all__ = ["audit_again", "stored"]
