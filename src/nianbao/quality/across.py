"""Rules that compare reports, run in a store: one query a rule for the institutions that changed and their neighbours.

Their findings stand in a graph of their own for each filing, beside those on the filing by itself, in the same form.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Protocol, TypeVar

import pyoxigraph as ox

from nianbao.errors import ShapesError
from nianbao.quality import shacl
from nianbao.quality.context import FILING, Context
from nianbao.quality.engine.index import Index
from nianbao.quality.engine.model import Result, Shape
from nianbao.quality.engine.sparql import Sparql
from nianbao.quality.engine.terms import Term
from nianbao.quality.findings import Finding, order
from nianbao.quality.rulebook import Rulebook
from nianbao.vocabulary import PREFIXES

Row = dict[str, Term]
T = TypeVar("T")

CHUNK = 200
"""Institutions that are checked together: some thousand filings, so that memory stays flat and a query's text short."""

_HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "dcterms", "foaf", "nb", "org", "skos"))

_LINKS = {
    "the name": "skos:prefLabel",
    "the sponsor": "nb:sponsoredBy",
    "a sponsor of like name": "nb:sponsoredBy/nb:nameKey",
    "the legal representative's name": "^nb:reportingInstitution/dcat:hasCurrentVersion/^nb:statedIn/foaf:name",
    "like texts": "^nb:reportingInstitution/dcat:hasCurrentVersion/dcterms:hasPart/nb:textBand",
}
"""What two institutions may share, so that a report of one changes what is found in the other's: a path to it."""


class Selects(Protocol):
    """What answers a query."""

    def select(self, query: str) -> list[Row]: ...


class Store(Selects, Protocol):
    """What is needed of a store."""

    def construct(self, query: str) -> list[ox.Triple]: ...


def institutions(store: Store) -> list[str]:
    """The IRIs of all institutions with a current filing."""
    query = f"{_HEAD} SELECT DISTINCT ?i WHERE {{ ?r nb:reportingInstitution ?i FILTER (isIRI(?i)) }}"
    return [_iri(row["i"]) for row in store.select(query)]


def neighbours(store: Store, touched: Iterable[str]) -> set[str]:
    """The institutions whose findings a change of these may change, without these."""
    found: set[str] = set()
    all_touched = sorted(touched)
    for chunk in _chunks(all_touched, CHUNK):
        values = _values(chunk)
        for path in _LINKS.values():
            query = f"""{_HEAD} SELECT DISTINCT ?other WHERE {{
                VALUES ?i {{ {values} }} ?i {path} ?shared . ?other {path} ?shared FILTER (isIRI(?other)) }}"""
            found |= {_iri(row["other"]) for row in store.select(query)}
        step = "nb:sponsoredBy/skos:prefLabel/^skos:prefLabel"
        for pattern in (f"?i ({step})+ ?other", f"?other ({step})+ ?i"):  # cycles of sponsors
            query = (
                f"{_HEAD} SELECT DISTINCT ?other WHERE {{ VALUES ?i {{ {values} }} {pattern} FILTER (isIRI(?other)) }}"
            )
            found |= {_iri(row["other"]) for row in store.select(query)}
    return found - set(all_touched)


def check_across(
    store: Store, rules: Rulebook, touched: Iterable[str] | None = None, *, restricted: bool = False
) -> Iterator[dict[str, list[Finding]]]:
    """The findings of the rules that compare reports, by the IRI of each current filing of the institutions `touched`
    (all, unless given); filings without findings are in it too. A part of the institutions at a time.

    A shape may have another focus than filings: then its findings are on the newest filing of the institution.
    restricted: also the findings that are for the registrar only. Raises ShapesError where a rule cannot be run.
    """
    if not rules.across:
        return
    everyone = institutions(store) if touched is None else sorted(touched)
    for chunk in _chunks(everyone, CHUNK):
        query = f"""{_HEAD} SELECT DISTINCT ?i ?report ?filing ?year WHERE {{ VALUES ?i {{ {_values(chunk)} }}
            ?report nb:reportingInstitution ?i ; nb:reportingYear ?year ; dcat:hasCurrentVersion ?filing
            FILTER (isIRI(?filing)) }}"""
        rows = sorted(store.select(query), key=lambda row: (str(row["year"]), str(row["filing"])))
        filings = list(dict.fromkeys(row["filing"] for row in rows))
        if not filings:
            continue
        newest = {row[name]: row["filing"] for row in rows for name in ("i", "report", "filing")}
        found = [
            _at_filing(result, newest)
            for result in _results(store, rules, filings)
            if _shown(rules, result, restricted)
        ]
        context = Context(_around(store, found))
        by_filing: dict[str, list[Finding]] = {_iri(filing): [] for filing in filings}
        for finding in {context.finding(rules.checks[_iri(result.shape)], result) for result in found}:
            by_filing.setdefault(finding.filing, []).append(finding)
        yield {filing: sorted(each, key=order) for filing, each in by_filing.items()}


def check_data(
    data: Iterable[ox.Quad] | Iterable[ox.Triple], rules: Rulebook, *, restricted: bool = False
) -> tuple[list[Finding], set[str]]:
    """The findings of these rules on data that are in no store, their graphs merged, and the filings compared: those
    that are the current version of an institution's report. Otherwise like ``check_across``."""
    local = _Local({ox.Triple(each.subject, each.predicate, each.object) for each in data})
    parts = list(check_across(local, rules, restricted=restricted))
    return [f for part in parts for each in part.values() for f in each], {f for part in parts for f in part}


def _at_filing(result: Result, newest: Mapping[Term, Term]) -> Result:
    """A result on an institution or a report as one on its newest filing, with that for its value."""
    filing = newest.get(result.focus, list(newest.values())[-1])
    return result if filing == result.focus else replace(result, focus=filing, value=result.value or result.focus)


def _shown(rules: Rulebook, result: Result, restricted: bool) -> bool:
    return restricted or not rules.checks[_iri(result.shape)].restricted


def _results(store: Store, rules: Rulebook, filings: Sequence[Term]) -> Iterator[Result]:
    """Rules that look at one institution's reports only, or that are no query, are run on a copy of these, the others
    in the store: there a query costs the more the more reports there are."""
    compiled, local = rules.compiled_across, _Local(_reports(store, filings))
    for shape, targets in compiled.shapes:
        queries = _queries(shape)
        if queries and targets.classes == [FILING] and not (targets.nodes or targets.subjects_of or targets.objects_of):
            for each in queries:
                yield from _by_query(local if each.query.own else store, shape, each, filings, rules.where)
        else:
            yield from _guarded(lambda: shape.results(local.index, targets.focuses(local.index)), rules.where)  # noqa: B023
    if compiled.unsupported:
        yield from shacl.results(local.index, rules.left_across, where=rules.where)


def _queries(shape: Shape) -> list[Sparql]:
    """The constraints of a shape, if all of them are queries that find $this themselves."""
    found = [each for each in shape.constraints if isinstance(each, Sparql) and each.query.sound]
    return found if shape.path is None and len(found) == len(shape.constraints) and not shape.deactivated else []


def _by_query(
    store: Selects, shape: Shape, constraint: Sparql, filings: Sequence[Term], where: str
) -> Iterator[Result]:
    seen = set()
    for row in _guarded(lambda: store.select(constraint.query.for_all(filings)), where):
        if (key := tuple(sorted(row.items()))) not in seen:
            seen.add(key)
            yield constraint.result(shape, row["this"], row)


def _guarded(run: Callable[[], Iterable[T]], where: str) -> list[T]:
    try:
        return list(run())
    except (ValueError, SyntaxError, RuntimeError) as error:
        raise ShapesError(
            f"the shapes could not be run ({error})",
            where=where,
            remedy="correct the shape; nothing was audited",
            code="NB-SHAPES-RUN",
        ) from error


class _Local:
    """Some triples as a store in memory and as a graph."""

    def __init__(self, triples: Collection[ox.Triple]) -> None:
        self._triples = triples

    @cached_property
    def index(self) -> Index:
        return Index(self._triples)

    @cached_property
    def _store(self) -> ox.Store:
        store = ox.Store()
        store.bulk_extend(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in self._triples)
        return store

    def select(self, query: str) -> list[Row]:
        found = self._store.query(query)
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [
            {name: term for name, term in zip(names, solution, strict=True) if term is not None} for solution in found
        ]

    def construct(self, query: str) -> list[ox.Triple]:
        found = self._store.query(query)
        assert isinstance(found, ox.QueryTriples)
        return list(found)


_BRANCHES = 50
"""Alternatives in one query: each names its node, so that a store looks it up instead of going through all."""


def _reports(store: Store, filings: Sequence[Term]) -> set[ox.Triple]:
    """The current filings of some institutions, what is stated in them, and all that can be reached from there in the
    direction of the triples (`own.FETCHED`)."""
    found: set[ox.Triple] = set()

    def fetch(pattern: str, nodes: Iterable[str]) -> None:
        for chunk in _chunks(nodes, _BRANCHES):
            union = " UNION ".join("{ " + pattern.replace("?node", f"<{node}>") + " }" for node in chunk)
            found.update(store.construct(f"{_HEAD} CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {union} }}"))

    named = [_iri(filing) for filing in filings]
    fetch("?s dcat:hasCurrentVersion ?node . ?s ?p ?o", named)
    institution = ox.NamedNode(PREFIXES["nb"] + "reportingInstitution")
    own = {_iri(triple.object) for triple in found if triple.predicate == institution}
    fetch("?s nb:reportingInstitution ?node . ?s ?p ?o", sorted(own))
    fetch("?s nb:statedIn ?node . ?s ?p ?o", named)
    seen: set[Term] = {triple.subject for triple in found}
    new = {triple.object for triple in found}.union(filings) - seen
    while nodes := sorted(term.value for term in new if isinstance(term, ox.NamedNode)):
        seen |= new
        new = set()
        for chunk in _chunks(nodes, 1000):
            query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {_values(chunk)} }} ?s ?p ?o }}"
            some = store.construct(query)
            found.update(some)
            new.update(triple.object for triple in some)
        new -= seen
    return found


def _around(store: Store, found: Sequence[Result]) -> Index:
    """What the findings tell of their filings, and the passages."""
    if not found:
        return Index()
    filings = _values(sorted({_iri(result.focus) for result in found}))
    things = {result.value for result in found if isinstance(result.value, ox.NamedNode)} - {r.focus for r in found}
    queries = [
        f"""CONSTRUCT {{ ?f a nb:Filing ; dcat:isVersionOf ?r . ?r nb:reportingInstitution ?i ; nb:reportingYear ?y .
            ?i skos:prefLabel ?n }} WHERE {{ VALUES ?f {{ {filings} }} ?r dcat:hasCurrentVersion ?f ;
            nb:reportingInstitution ?i ; nb:reportingYear ?y . ?i skos:prefLabel ?n }}"""
    ]
    for chunk in _chunks(sorted(_iri(thing) for thing in things), 1000):
        queries.append(f"CONSTRUCT {{ ?v ?p ?o }} WHERE {{ VALUES ?v {{ {_values(chunk)} }} ?v ?p ?o }}")
    if things:
        queries.append(
            f"""CONSTRUCT {{ ?f dcterms:hasPart ?s . ?s nb:sectionText ?t ; nb:evidence ?e }}
            WHERE {{ VALUES ?f {{ {filings} }} ?f dcterms:hasPart ?s . ?s nb:sectionText ?t ; nb:evidence ?e }}"""
        )
    return Index(triple for query in queries for triple in store.construct(f"{_HEAD} {query}"))


def _chunks(items: Iterable[str], size: int) -> Iterator[list[str]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk


def _values(iris: Iterable[str]) -> str:
    return " ".join(f"<{iri}>" for iri in iris)


def _iri(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)
