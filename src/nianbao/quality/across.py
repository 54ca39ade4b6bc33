"""Rules that compare reports, run in a store: one query a rule for the institutions that changed and their neighbours.

Their findings stand in a graph of their own for each filing, beside those on the filing by itself, in the same form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Protocol, TypeVar

import pyoxigraph as ox

from nianbao.errors import ShapesError
from nianbao.quality import shacl
from nianbao.quality.batches import batches, values
from nianbao.quality.context import FILING, Context, nodes_of
from nianbao.quality.engine.index import Index
from nianbao.quality.engine.model import Result, Shape
from nianbao.quality.engine.reach import INSTITUTION, Lookups, UnreachableError
from nianbao.quality.engine.sparql import Sparql
from nianbao.quality.engine.terms import Term
from nianbao.quality.findings import Finding, order
from nianbao.quality.rulebook import Rulebook
from nianbao.quality.series import linked
from nianbao.vocabulary import NBS, PREFIXES, expand

Row = dict[str, Term]
T = TypeVar("T")

CHUNK = 200
"""Institutions that are checked together: some thousand filings, so that memory stays flat and a query's text short."""

_HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "dcterms", "foaf", "nb", "org", "skos"))


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


def neighbours(store: Store, touched: Iterable[str], rules: Rulebook) -> set[str]:
    """The institutions whose findings a change of these may change, without these: of one name, of one series, with
    like texts, in a cycle of sponsors, and with a sponsor that the change makes, or makes no more, the only one of its
    name or of a like name.

    Rules of one's own may look at anything that is shared: then all that share a sponsor or the name of a legal
    representative are taken too.
    """
    here: set[Term] = {ox.NamedNode(iri) for iri in touched}
    wide = _of_others(rules)
    found: set[Term] = set()
    for chunk in batches(sorted(map(_iri, here)), CHUNK):
        found |= _neighbours(store, {ox.NamedNode(iri) for iri in chunk}, here, wide)
    return {node.value for node in found - here if isinstance(node, ox.NamedNode)}


def _neighbours(store: Store, some: set[Term], touched: set[Term], wide: bool) -> set[Term]:
    look = Lookups(store, Index(), set())

    def along(nodes: Iterable[Term], *steps: str) -> set[Term]:
        found = set(nodes)
        for name in steps:
            found = look.step(found, ox.NamedNode(expand(name.removeprefix("^"))), back=name.startswith("^"))
        return found

    others = along(some, "skos:prefLabel", "^skos:prefLabel") | linked(store, some).keys()
    filings = along(some, "^nb:reportingInstitution", "dcat:hasCurrentVersion")
    along(filings, "dcterms:hasPart", "nb:textBand", "^nb:textBand", "nb:statedIn")  # all at once; below year by year
    by_year: dict[Term, set[Term]] = {}
    for filing in filings:
        for year in along([filing], "^dcat:hasCurrentVersion", "nb:reportingYear"):
            by_year.setdefault(year, set()).add(filing)
    for year, each in by_year.items():
        reports = along(
            each, "dcterms:hasPart", "nb:textBand", "^nb:textBand", "nb:statedIn", "^dcat:hasCurrentVersion"
        )
        along(reports, "nb:reportingYear")
        others |= along((r for r in reports if year in along([r], "nb:reportingYear")), "nb:reportingInstitution")
    ring, around = set(some), set(some)
    while around:  # a cycle leads back to where it begins
        around = along(around, "nb:sponsoredBy", "skos:prefLabel", "^skos:prefLabel") - ring
        ring |= around
    sponsors = along(some, "nb:sponsoredBy") | along(filings, "nb:registration", "nb:statedSponsor")
    sponsors |= along(sponsors, "nb:nameKey", "^nb:nameKey")
    along(sponsors, "^nb:sponsoredBy")  # all at once; below each by itself
    for sponsor in sponsors:
        sponsored = along([sponsor], "^nb:sponsoredBy") - touched
        if wide or len(sponsored) < 2:
            stating = along([sponsor], "^nb:statedSponsor", "^nb:registration", "^dcat:hasCurrentVersion")
            others |= sponsored | along(stating, "nb:reportingInstitution")
    if wide:
        persons = along(filings, "^nb:statedIn", "foaf:name", "^foaf:name", "nb:statedIn")
        others |= along(persons, "^dcat:hasCurrentVersion", "nb:reportingInstitution")
    reports = along(others | ring, "^nb:reportingInstitution")
    return along(reports, "nb:reportingInstitution")  # without sponsors, which report nothing


def _of_others(rules: Rulebook) -> bool:
    """Whether there are rules that are not ours and look at more than one institution."""
    return any(
        not _iri(shape.node).startswith(NBS) and not all(each.query.own for each in _queries(shape))
        for shape, _ in rules.compiled_across.shapes
    )


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
    for chunk in batches(everyone, CHUNK):
        query = f"""{_HEAD} SELECT DISTINCT ?i ?report ?filing ?year WHERE {{ VALUES ?i {{ {values(chunk)} }}
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
        context = Context(_around(store, found), rules.unsure)
        by_filing: dict[str, list[Finding]] = {_iri(filing): [] for filing in filings}
        for finding in {context.finding(rules.checks[_iri(result.shape)], result) for result in found}:
            if finding.filing in by_filing:  # not one of a series whose institution was not asked for
                by_filing[finding.filing].append(finding)
        yield {filing: sorted(each, key=order) for filing, each in by_filing.items()}


def check_data(
    data: Iterable[ox.Quad] | Iterable[ox.Triple], rules: Rulebook, *, restricted: bool = False
) -> tuple[list[Finding], set[str]]:
    """The findings of these rules on data that are in no store, their graphs merged, and the filings compared: those
    that are the current version of an institution's report. Otherwise like ``check_across``."""
    local = _Local(Index(data))
    parts = list(check_across(local, rules, restricted=restricted))
    return [f for part in parts for each in part.values() for f in each], {f for part in parts for f in part}


def _at_filing(result: Result, newest: Mapping[Term, Term]) -> Result:
    """A result on an institution or a report as one on its newest filing, with that for its value."""
    filing = newest.get(result.focus, list(newest.values())[-1])
    return result if filing == result.focus else replace(result, focus=filing, value=result.value or result.focus)


def _shown(rules: Rulebook, result: Result, restricted: bool) -> bool:
    return restricted or not rules.checks[_iri(result.shape)].restricted


def _results(store: Store, rules: Rulebook, filings: Sequence[Term]) -> Iterator[Result]:
    """Rules are run on a copy: of the reports of these institutions, and of what the rules look up beside them. A rule
    that cannot look up what it needs is run in the store: there it costs the more the more reports there are."""
    compiled, copy = rules.compiled_across, _reports(store, filings)
    queried: list[tuple[Shape, Sparql, Selects]] = []
    others = []
    local, own = _Local(copy.graph), _Own(store, filings)
    for shape, targets in compiled.shapes:
        queries = _queries(shape)
        if queries and targets.classes == [FILING] and not (targets.nodes or targets.subjects_of or targets.objects_of):
            for each in queries:
                data: Selects = local if _gathered(copy, each, filings) else own if each.query.own else store
                queried.append((shape, each, data))
        else:
            others.append((shape, targets))
    for shape, each, data in queried:
        yield from _by_query(data, shape, each, filings, rules.where)
    if others or compiled.unsupported:
        for shape, targets in others:
            yield from _guarded(lambda: shape.results(own.index, targets.focuses(own.index)), rules.where)  # noqa: B023
        if compiled.unsupported:
            yield from shacl.results(own.index, rules.left_across, where=rules.where)


def _gathered(copy: Lookups, constraint: Sparql, filings: Sequence[Term]) -> bool:
    """Whether the copy has, or now gets, all that the query can see."""
    if constraint.query.reach is None:
        return False
    try:
        copy.gather(constraint.query.reach, filings)
    except UnreachableError:
        return False
    return True


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
    """A graph as a store in memory."""

    def __init__(self, graph: Index) -> None:
        self.index = graph

    @cached_property
    def _store(self) -> ox.Store:
        store = ox.Store()
        quads = (ox.Quad(s, p, o) for s, p, o in self.index.triples() if not isinstance(s, (ox.Literal, ox.Triple)))
        store.bulk_extend(quads)
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


class _Own(_Local):
    """The reports of some institutions with all that can be reached from there; these see nothing of others. It is
    fetched when it is needed: where rules are no queries, or queries that cannot be walked."""

    def __init__(self, store: Store, filings: Sequence[Term]) -> None:
        self._from = store, filings

    @cached_property
    def index(self) -> Index:  # type: ignore[override]
        return _reports(*self._from, beyond=True).graph


def _reports(store: Store, filings: Sequence[Term], *, beyond: bool = False) -> Lookups:
    """The reports of the institutions of these current filings, with their current versions and what is stated in them,
    and `beyond` all that can be reached from there in the direction of the triples (`own.FETCHED`).

    The reports of institutions that are one by decision are those of the one that stands for them.
    """
    look = Lookups(store, Index(), set())
    reports = look.step(set(filings), _CURRENT, back=True)
    institutions = look.step(reports, INSTITUTION)
    series = linked(store, institutions)
    copy = Lookups(store, Index(), set(), {node: one for node, one in series.items() if node != one})
    reports |= copy.step(institutions | series.keys(), INSTITUTION, back=True)
    inside = copy.step(set(filings) | copy.step(reports, _CURRENT), _STATED_IN, back=True)
    copy.describe({*filings, *reports, *institutions, *series.values(), *inside}, beyond=beyond)
    return copy


_CURRENT, _STATED_IN = ox.NamedNode(expand("dcat:hasCurrentVersion")), ox.NamedNode(expand("nb:statedIn"))


def _around(store: Store, found: Sequence[Result]) -> Index:
    """What the findings tell of their filings, and the passages."""
    if not found:
        return Index()
    filings = values(sorted({_iri(result.focus) for result in found}))
    things: set[Term] = {result.value for result in found if isinstance(result.value, ox.NamedNode)}
    things = things.union(*map(nodes_of, found)) - {result.focus for result in found}
    queries = [
        f"""CONSTRUCT {{ ?f a nb:Filing ; dcat:isVersionOf ?r . ?r nb:reportingInstitution ?i ; nb:reportingYear ?y .
            ?i skos:prefLabel ?n }} WHERE {{ VALUES ?f {{ {filings} }} ?r dcat:hasCurrentVersion ?f ;
            nb:reportingInstitution ?i ; nb:reportingYear ?y . ?i skos:prefLabel ?n }}"""
    ]
    for chunk in batches(sorted(_iri(thing) for thing in things), 1000):
        queries.append(f"CONSTRUCT {{ ?v ?p ?o }} WHERE {{ VALUES ?v {{ {values(chunk)} }} ?v ?p ?o }}")
    if things:
        queries.append(
            f"""CONSTRUCT {{ ?f dcterms:hasPart ?s . ?s nb:sectionText ?t ; nb:evidence ?e }}
            WHERE {{ VALUES ?f {{ {filings} }} ?f dcterms:hasPart ?s . ?s nb:sectionText ?t ; nb:evidence ?e }}"""
        )
    return Index(triple for query in queries for triple in store.construct(f"{_HEAD} {query}"))


def _iri(term: Term) -> str:
    return term.value if isinstance(term, ox.NamedNode) else str(term)
