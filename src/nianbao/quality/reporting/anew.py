"""The audit of what a store holds, made anew with either engine; nothing is written.

Filings are read from the store some at a time, so memory does not grow with their number, but with that of findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import pyoxigraph as ox

from nianbao.errors import ShapesError
from nianbao.mapping import ontology
from nianbao.quality import across, audit
from nianbao.quality.batches import batches
from nianbao.quality.context import FILING
from nianbao.quality.findings import Finding
from nianbao.quality.notes import Note
from nianbao.quality.reporting.population import Report
from nianbao.quality.rulebook import Rulebook
from nianbao.quality.shapes import Text
from nianbao.vocabulary import PREFIXES

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]*$")

TOGETHER = 100
"""Filings that are read and checked together: a few megabytes, and the rules' queries are planned once for all."""

_NODES = 1000
"""Nodes whose triples are fetched by one query."""

_BRANCHES = 50
"""Alternatives in one query: each names its filing, so that a store looks it up instead of going through all."""

_SET_WISE = Note(
    Text(
        "比对多份报告的规则由 set 引擎执行：pySHACL 须将全部报告同时读入内存",
        "rules that compare reports were run by the set engine: pySHACL would need all reports in memory at once",
    )
)


@dataclass(frozen=True, slots=True)
class Anew:
    """What an audit made anew gave: findings, notes on the run, the reports (audited: the rules have seen it now)."""

    findings: list[Finding]
    notes: tuple[Note, ...]
    reports: list[Report]


def audit_anew(
    store: across.Store,
    reports: Sequence[Report],
    rules: Rulebook,
    *,
    engine: audit.Engine,
    rule: str | None = None,
    restricted: bool = False,
) -> Anew:
    """The findings on the filings of these reports, by themselves and beside all reports of the store.

    rule: only this one. restricted: also what those rules find across reports whose findings are for the registrar.
    Rules that compare reports are run by ``set`` in any case, with a note that says so.
    Raises ShapesError where a rule cannot be run.
    """
    wanted = [each for each in rules.rules if rule in (None, each.id)]
    # What a foreign report calls its version may be no IRI: it stays unchecked, which is told.
    by_filing = {report.filing: report for report in reports if _IRI.match(report.filing)}
    found: list[Finding] = []
    notes: dict[Note, None] = {}
    checked: set[str] = set()
    if any(not each.across for each in wanted):
        for part in batches(by_filing, TOGETHER):
            try:
                done = audit.run(_filings(store, part), engine=engine, rules=rules)
            except ShapesError as error:
                if error.code != "NB-SHAPES-NO-FILING":
                    raise
                continue  # what a report calls its version is no filing: it stays unchecked
            found += done.findings
            notes |= dict.fromkeys(done.notes)
            checked.update(done.filings)
    else:
        checked.update(by_filing)
    if any(each.across for each in wanted):
        if engine == "pyshacl":
            notes[_SET_WISE] = None
        beside: set[str] = set()
        institutions = {report.institution for report in reports if _IRI.match(report.institution)}
        for part_found in across.check_across(store, rules, institutions, restricted=restricted):
            beside.update(part_found)
            found += (finding for each in part_found.values() for finding in each)
        checked &= beside
    return Anew(
        list(_placed(found, by_filing, rule)),
        tuple(notes),
        [replace(report, audited=report.filing in checked) for report in reports],
    )


def _placed(found: Iterable[Finding], reports: Mapping[str, Report], rule: str | None) -> Iterator[Finding]:
    """Those asked for, with the names that the store gives."""
    for finding in found:
        report = reports.get(finding.filing)
        if report is not None and rule in (None, finding.rule):
            yield replace(finding, report=report.iri, institution=report.name, year=report.year)


def _filings(store: across.Store, filings: Sequence[str]) -> set[ox.Triple]:
    """What is stated in some filings, and what can be reached from there in the direction of the triples, without the
    ontology and other filings: what `nianbao map` gives of them."""
    found: set[ox.Triple] = set()
    for part in batches(filings, _BRANCHES):
        each = (f"{{ ?s <{PREFIXES['nb']}statedIn> {ox.NamedNode(filing)} . ?s ?p ?o }}" for filing in part)
        found.update(store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {' UNION '.join(each)} }}"))
    beyond = _terms()
    seen = {triple.subject for triple in found}
    new = {*map(ox.NamedNode, filings), *_objects(found)} - seen - beyond
    while new:
        seen |= new
        some: set[ox.Triple] = set()
        for names in batches(sorted(node.value for node in new), _NODES):
            nodes = " ".join(str(ox.NamedNode(name)) for name in names)
            some.update(store.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ VALUES ?s {{ {nodes} }} ?s ?p ?o }}"))
        others = {triple.subject for triple in some if triple.object == FILING} - set(map(ox.NamedNode, filings))
        some = {triple for triple in some if triple.subject not in others}
        found |= some
        new = _objects(some) - seen - beyond
    return found


def _objects(triples: Iterable[ox.Triple]) -> set[ox.NamedNode]:
    return {triple.object for triple in triples if isinstance(triple.object, ox.NamedNode)}


@cache
def _terms() -> frozenset[ox.NamedNode]:
    """What the ontology speaks of."""
    return frozenset(t.subject for t in ontology.triples() if isinstance(t.subject, ox.NamedNode))
