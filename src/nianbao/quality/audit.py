"""The audit: RDF in, findings out; and findings as a SHACL validation report in a graph of their own, and back.

Two engines give the same findings: ``set`` compiles the shapes for bulk (nianbao.quality.engine), ``pyshacl`` is the
reference. What the first does not compile it hands to the second, and says so in a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeAlias, cast

import pyoxigraph as ox

from nianbao.errors import NianbaoError, ShapesError, StoreError
from nianbao.quality.context import FILING, Context, span
from nianbao.quality.engine.index import Index
from nianbao.quality.engine.model import Result
from nianbao.quality.engine.terms import Term
from nianbao.quality.findings import Evidence, Finding, format_jsonl, order
from nianbao.quality.idle import looked_at
from nianbao.quality.notes import Note, unseen
from nianbao.quality.rdf_input import parse_rdf, read_rdf
from nianbao.quality.rulebook import Rulebook, rulebook
from nianbao.quality.shapes import SEVERITIES, Check, Fault, Rule, Text, rules, singular
from nianbao.vocabulary import DATA, PREFIXES, expand

if TYPE_CHECKING:
    import rdflib

__all__ = [
    "Audit",
    "Evidence",
    "Finding",
    "Note",
    "Rule",
    "check",
    "check_many",
    "count_by_severity",
    "finding_quads",
    "findings_from",
    "format_jsonl",
    "rules",
    "run",
    "unaudited",
    "validate_file",
    "validate_files",
]

Data: TypeAlias = "bytes | rdflib.Graph | Iterable[ox.Quad] | Iterable[ox.Triple]"
Engine = Literal["set", "pyshacl"]
ENGINES: tuple[Engine, ...] = ("set", "pyshacl")


class Selects(Protocol):
    """What is needed of a store."""

    def select(self, query: str) -> list[dict[str, Term]]: ...


@dataclass(frozen=True, slots=True)
class Audit:
    """What an audit gave: findings, worst first in each report, notes on the run, the IRIs of the filings checked.

    across: whether these were compared with each other too.
    looked: the shapes of a user's that had something to look at.
    """

    findings: list[Finding]
    notes: tuple[Note, ...] = ()
    filings: tuple[str, ...] = ()
    across: bool = False
    looked: frozenset[Term] = frozenset()


def check(
    data: Data,
    *,
    engine: Engine = "set",
    rules: Rulebook | None = None,
) -> list[Finding]:
    """The findings on all filings in `data`, report by report, worst first; `run` gives notes too.

    data: RDF as bytes (TriG, Turtle, N-Quads or JSON-LD), an rdflib graph or dataset, or quads; graphs are merged, so
    several filings may be in it. rules: the shipped ones, unless given.
    Raises ShapesError where a rule cannot be run, and (NB-SHAPES-NO-FILING) where there is no filing: nothing to check
    is not a clean report.
    """
    return run(data, engine=engine, rules=rules).findings


def check_many(
    each: Iterable[Data], *, engine: Engine = "set", rules: Rulebook | None = None
) -> Iterator[list[Finding]]:
    """`check` for many reports: the findings on each, a hundred at a time, which is several times as fast."""
    rules = rules or rulebook()
    data = iter(each)
    while graphs := [_index(one) for one in islice(data, _TOGETHER)]:
        for graph in graphs:
            if len(graph.instances(FILING)) != 1:
                raise ShapesError(
                    "a report is to hold one filing (nb:Filing)",
                    remedy="give each report by itself, or use check",
                    code="NB-SHAPES-NO-FILING",
                )
        for graph, found in zip(graphs, results_many(graphs, rules, engine), strict=True):
            context = Context(graph, rules.unsure)
            yield sorted({context.finding(rules.checks[_name(r.shape)], r) for r in found}, key=order)


def run(
    data: Data,
    *,
    engine: Engine = "set",
    rules: Rulebook | None = None,
) -> Audit:
    """Like `check`, with notes: what was run by the other engine, which terms of the data are unknown."""
    if engine not in ENGINES:
        raise ValueError(f"{engine!r} is no engine: {', '.join(ENGINES)}")
    rules = rules or rulebook()
    graph = _index(data)
    filings = set(graph.instances(FILING))
    if not filings:
        raise ShapesError(
            "there is no filing (nb:Filing) in the data, so nothing was checked",
            remedy="give the RDF of annual reports, as `nianbao map` prints it",
            code="NB-SHAPES-NO-FILING",
        )
    context = Context(graph, rules.unsure)
    parts = _apart(graph, filings)
    found: set[Finding] = set()
    while some := list(islice(parts, _TOGETHER)):
        for results_ in results_many(some, rules, engine):
            found |= {context.finding(rules.checks[_name(result.shape)], result) for result in results_}
    notes = [*unseen(graph), *(handed_on(rules) if engine == "set" else ())]
    return Audit(
        sorted(found, key=order), tuple(notes), tuple(sorted(map(_name, filings))), looked=looked_at(graph, rules)
    )


_TOGETHER = 100
"""Filings that are checked together."""


def results(graph: Index, rules: Rulebook, engine: Engine) -> list[Result]:
    """The SHACL results on one graph, of the rules for a filing by itself. Raises ShapesError where one cannot run."""
    return results_many([graph], rules, engine)[0]


def results_many(graphs: Sequence[Index], rules: Rulebook, engine: Engine) -> list[list[Result]]:
    """The SHACL results on each of several graphs, as if each were alone. Raises ShapesError where one cannot run."""
    from nianbao.quality import shacl

    if engine == "pyshacl":
        return [shacl.results(graph, rules.single, where=rules.where) for graph in graphs]
    compiled = rules.compiled
    try:
        found = compiled.results_many(graphs)
    except (ValueError, SyntaxError, RuntimeError, OSError) as error:
        raise ShapesError(
            f"the shapes could not be run ({error})",
            where=rules.where,
            remedy="correct the shape; nothing was audited",
            code="NB-SHAPES-RUN",
        ) from error
    if compiled.unsupported:
        for graph, each in zip(graphs, found, strict=True):
            each += shacl.results(graph, rules.left, where=rules.where)
    return found


def handed_on(rules: Rulebook) -> Iterator[Note]:
    """A note for each shape that the set engine leaves to pySHACL."""
    for node, reason in (rules.compiled.unsupported | rules.compiled_across.unsupported).items():
        name = _name(node)
        yield Note(
            Text(f"{name} 由 pySHACL 执行（{reason}），较慢", f"{name} was run by pySHACL ({reason}), which is slow")
        )


def validate_file(path: Path, *, engine: Engine = "set", rules: Rulebook | None = None) -> Audit:
    """What the audit of a file of RDF gives: of each filing by itself, and of those in it beside each other.

    Rules that compare reports are run by ``set`` in any case, without those that are restricted; a note counts
    the filings that they cannot see. Raises ReadError where it does not parse and ShapesError where it holds no filing.
    """
    from nianbao.quality import across  # and with it rdflib, which a build need not wait for

    rules = rules or rulebook()
    data = read_rdf(path)
    try:
        alone = run(data, engine=engine, rules=rules)
        beside, compared = across.check_data(data, rules)
    except ShapesError as error:
        if error.where:
            raise
        raise ShapesError(error.reason, where=str(path), remedy=error.remedy, code=error.code) from error
    notes = list(alone.notes)
    if rules.across and (left := len(set(alone.filings) - compared)):
        notes.append(
            Note(
                Text(
                    f"{left} 份文件不是某单位报告的现行版本（dcat:hasCurrentVersion），未与其他报告比对",
                    singular(f"{left} filings are not the current version")
                    + " (dcat:hasCurrentVersion) of an institution's report: not compared with other reports",
                )
            )
        )
    findings = sorted({*alone.findings, *beside}, key=order)
    return replace(alone, findings=findings, notes=tuple(notes), across=bool(compared))


def validate_files(paths: Iterable[Path]) -> tuple[list[Finding], list[NianbaoError]]:
    """The findings on each file by itself, and an error for each file that could not be checked."""
    found: list[Finding] = []
    errors: list[NianbaoError] = []
    for path in paths:
        try:
            found += validate_file(path).findings
        except NianbaoError as error:
            errors.append(error)
    return found, errors


def _index(data: Data) -> Index:
    if isinstance(data, bytes):
        quads: Any = parse_rdf(data)
    elif hasattr(data, "namespace_manager"):  # rdflib, which is not imported for this
        from nianbao.quality.shacl import from_rdflib

        quads = from_rdflib(cast("rdflib.Graph", data))
    else:
        quads = data
    graph = Index(quads)
    if any(isinstance(term, ox.Triple) for term in graph.into):
        raise ShapesError("RDF 1.2 triple terms cannot be audited", remedy="write the data in RDF 1.1")
    return graph


def _name(node: Term) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


_STATED_IN = ox.NamedNode(expand("nb:statedIn"))


def _apart(graph: Index, filings: set[Term]) -> Iterator[Index]:
    """A graph for each filing, and one for what belongs to none: filings are checked as if each were alone.

    A filing has what is stated in it, and what can be reached from there without going through another filing.
    """
    if len(filings) == 1:
        yield graph
        return
    owners: dict[Term, set[Term]] = {filing: {filing} for filing in filings}
    for node in graph.by_predicate.get(_STATED_IN, ()):
        for filing in graph.objects(node, _STATED_IN):
            if filing in filings:
                owners.setdefault(node, set()).add(filing)
    owned: dict[Term, list[Term]] = {}
    for node, of in owners.items():
        for filing in of:
            owned.setdefault(filing, []).append(node)
    for filing in sorted(filings, key=str):
        part = Index()
        nodes = owned[filing]
        seen = set(nodes)
        while nodes:
            node = nodes.pop()
            for predicate, values in graph.out.get(node, {}).items():
                for value in values:
                    part.add(node, predicate, value)
                    if value not in seen and filing in owners.get(value, {filing}):
                        seen.add(value)
                        nodes.append(value)
        yield part
    rest = Index()
    for subject, predicate, value in graph.triples():
        if subject not in owners:
            rest.add(subject, predicate, value)
    yield rest


# --- findings as RDF, and back


def finding_quads(
    findings: Iterable[Finding],
    filing: str,
    *,
    base: str = DATA,
    rules: Rulebook | None = None,
    across: bool = False,
) -> Iterator[ox.Quad]:
    """The SHACL validation report of a filing, in its audit graph (docs/modelling.md); also where there is no finding.

    Findings of rules with nb:restricted are left out: what is in a store can be read by all.
    filing: IRI of the filing in the store; findings that were made of it under another version number are renamed.
    across: they are those of the rules that compare reports, which have a graph of their own.
    """
    graph = ox.NamedNode(audit_graph(filing, base=base, across=across))
    report = ox.NamedNode(graph.value + "#report")
    rules = rules or rulebook()
    known = rules.checks
    own = [f for f in findings if f.shape not in known or not known[f.shape].restricted]

    def quad(subject: ox.NamedNode, name: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(subject, ox.NamedNode(expand(name)), value, graph)

    def here(iri: str, old: str) -> ox.NamedNode:
        return ox.NamedNode(filing + iri[len(old) :] if iri == old or iri.startswith(old + "/") else iri)

    yield quad(report, "rdf:type", ox.NamedNode(expand("sh:ValidationReport")))
    yield quad(report, "sh:conforms", ox.Literal(not own))
    yield quad(report, "dcterms:subject", ox.NamedNode(filing))
    yield quad(report, "prov:wasDerivedFrom", ox.NamedNode(_mark(rules, across=across)))
    for number, finding in enumerate(sorted(own, key=order), 1):
        node = ox.NamedNode(f"{graph.value}#{number}")
        yield quad(report, "sh:result", node)
        yield quad(node, "rdf:type", ox.NamedNode(expand("sh:ValidationResult")))
        yield quad(node, "sh:focusNode", ox.NamedNode(filing))
        if finding.focus != finding.filing:
            yield quad(node, "sh:value", here(finding.focus, finding.filing))
        yield quad(node, "sh:resultSeverity", ox.NamedNode(expand("sh:" + finding.severity.capitalize())))
        yield quad(node, "sh:sourceShape", ox.NamedNode(finding.shape))
        yield quad(node, "sh:sourceConstraintComponent", ox.NamedNode(finding.component))
        yield quad(node, "sh:resultMessage", ox.Literal(finding.message.zh, language="zh"))
        yield quad(node, "sh:resultMessage", ox.Literal(finding.message.en, language="en"))
        yield quad(node, "dcterms:identifier", ox.Literal(finding.rule))
        yield quad(node, "nb:fault", ox.NamedNode(expand("nbc:fault" + finding.fault.capitalize())))
        for basis in known[finding.shape].bases if finding.shape in known else ():
            if basis.iri:
                yield quad(node, "dcterms:source", ox.NamedNode(basis.iri))
        if finding.evidence:
            passage = ox.NamedNode(finding.evidence.passage)
            yield quad(node, "prov:wasQuotedFrom", passage)
            yield quad(passage, "prov:value", ox.Literal(finding.evidence.quote))


def audit_graph(filing: str, *, base: str = DATA, across: bool = False) -> str:
    """The IRI of the graph with the findings on a filing, by itself or beside other reports."""
    name = "/graph/audit-across/" if across else "/graph/audit/"
    if "/filing/" in filing:
        return filing.replace("/filing/", name, 1)
    return f"{base.rstrip('/')}{name}{sha256(filing.encode()).hexdigest()[:12]}"


def marks(rules: Rulebook) -> tuple[str, ...]:
    """What the audits of a filing say that they were made with, where these rules have seen it: all of these."""
    return tuple(_mark(rules, across=across) for across in (False, True) if not across or rules.across)


def _mark(rules: Rulebook, *, across: bool) -> str:
    """What an audit says it was made with."""
    return expand(f"nbs:sha256-{rules.digest}{'-across' if across else ''}")


_CURRENT = """
PREFIX dcat: <{dcat}> PREFIX dcterms: <{dcterms}> PREFIX nb: <{nb}>
PREFIX prov: <{prov}> PREFIX sh: <{sh}> PREFIX skos: <{skos}>
SELECT {what} WHERE {{
  ?report dcat:hasCurrentVersion ?filing .
  GRAPH ?graph {{ ?validation a sh:ValidationReport ; dcterms:subject ?filing ; sh:result ?result . {result} }}
  {more}
}} {end}"""

_RESULT = """
    ?result dcterms:identifier ?rule ; sh:resultSeverity ?severity ; sh:sourceShape ?shape ; nb:fault ?fault ;
      sh:sourceConstraintComponent ?component ; sh:resultMessage ?zh , ?en .
    FILTER (LANG(?zh) = "zh" && LANG(?en) = "en")
    OPTIONAL { ?result sh:value ?value }
    OPTIONAL { ?result prov:wasQuotedFrom ?passage . ?passage prov:value ?quote }"""

_NAMES = "?rule ?severity ?shape ?fault ?component ?zh ?en ?value ?passage ?quote"

_MORE = """?report nb:reportingYear ?year ; nb:reportingInstitution ?institution .
  OPTIONAL { ?institution skos:prefLabel ?name FILTER (LANGMATCHES(LANG(?name), "zh")) }"""


def findings_from(
    store: Selects, *, report: str | None = None, rule: str | None = None, rules: Rulebook | None = None
) -> list[Finding]:
    """The findings on all current filings of a store, or on one report (its IRI), or of one rule.

    rules: those that tell what a finding rests on, the shipped ones unless given.

    Two queries, joined here: as one, the planner of the embedded store takes time with the square of the reports.
    """
    one = f"FILTER (?report = {ox.NamedNode(report)})" if report is not None else ""
    prefixes = "".join(
        f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "dcterms", "nb", "prov", "sh", "skos")
    )
    current = {
        _value(row["filing"]): row
        for row in store.select(
            f"""{prefixes} SELECT ?report ?filing ?year ?name WHERE {{
            ?report dcat:hasCurrentVersion ?filing . {_MORE} {one} }}"""
        )
    }
    wanted = f"VALUES ?filing {{ {' '.join(f'<{filing}>' for filing in current)} }}" if report is not None else ""
    only = f"FILTER (?rule = {ox.Literal(rule)})" if rule is not None else ""
    rows = store.select(
        f"""{prefixes} SELECT ?filing {_NAMES} WHERE {{ {wanted} GRAPH ?graph {{
            ?validation a sh:ValidationReport ; dcterms:subject ?filing ; sh:result ?result . {_RESULT} {only} }} }}"""
    )
    known = (rules or rulebook()).checks
    found = (
        _from_row({**current[_value(row["filing"])], **row}, known) for row in rows if _value(row["filing"]) in current
    )
    return sorted(found, key=order)


def unaudited(store: Selects, *, report: str | None = None, rules: Rulebook | None = None) -> int:
    """How many current filings have no audit by the present rules.

    Raises StoreError where there is no such filing.
    """
    rules = rules or rulebook()
    one = f"FILTER (?report = {ox.NamedNode(report)})" if report is not None else ""
    checked = " ".join(
        f"GRAPH ?graph{n} {{ ?audit{n} dcterms:subject ?filing ; prov:wasDerivedFrom <{mark}> }}"
        for n, mark in enumerate(marks(rules))
    )
    query = f"""{"".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "dcterms", "prov"))}
    SELECT (COUNT(DISTINCT ?filing) AS ?all) (COUNT(DISTINCT ?checked) AS ?done) WHERE {{
      ?report dcat:hasCurrentVersion ?filing . {one}
      OPTIONAL {{ {checked} BIND (?filing AS ?checked) }} }}"""
    (row,) = store.select(query)
    number = {name: int(term.value) for name, term in row.items() if isinstance(term, ox.Literal)}
    if number["all"] == 0:
        raise StoreError(
            f"there is no report {report}" if report else "the store holds no reports",
            remedy="put reports into it with nianbao build, or see on its pages (nianbao serve) which it holds",
            code="NB-STORE-NO-REPORT",
        )
    return number["all"] - number["done"]


def without_own(store: Selects, rules: Rulebook) -> frozenset[str]:
    """The current filings that these rules have not seen, each by itself."""
    query = f"""{"".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "dcterms", "prov"))}
    SELECT DISTINCT ?filing WHERE {{
      ?report dcat:hasCurrentVersion ?filing . FILTER (isIRI(?filing))
      FILTER NOT EXISTS {{ GRAPH ?graph {{
        ?audit dcterms:subject ?filing ; prov:wasDerivedFrom <{_mark(rules, across=False)}> }} }} }}"""
    return frozenset(_name(row["filing"]) for row in store.select(query))


def without_across(store: Selects, rules: Rulebook) -> list[str]:
    """The institutions with a current filing that these rules have not compared with other reports."""
    query = f"""{"".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "dcterms", "nb", "prov"))}
    SELECT DISTINCT ?institution WHERE {{
      ?report dcat:hasCurrentVersion ?filing ; nb:reportingInstitution ?institution .
      FILTER (isIRI(?filing) && isIRI(?institution))
      FILTER NOT EXISTS {{ GRAPH ?graph {{
        ?audit dcterms:subject ?filing ; prov:wasDerivedFrom <{_mark(rules, across=True)}> }} }} }}"""
    return [_name(row["institution"]) for row in store.select(query)]


def count_by_severity(store: Selects) -> dict[str, int]:
    """How many findings of each severity the current filings of a store have."""
    result = "?result sh:resultSeverity ?severity ."
    rows = store.select(_query("?severity (COUNT(?result) AS ?number)", result=result, end="GROUP BY ?severity"))
    found = {_value(row["severity"]).rpartition("#")[2].lower(): int(_value(row["number"])) for row in rows}
    return {severity: found.get(severity, 0) for severity in SEVERITIES}


def _query(what: str, *, result: str, more: str = "", end: str = "") -> str:
    prefixes = {name: PREFIXES[name] for name in ("dcat", "dcterms", "nb", "prov", "sh", "skos")}
    return _CURRENT.format(what=what, result=result, more=more, end=end, **prefixes)


def _from_row(row: dict[str, Term], known: Mapping[str, Check]) -> Finding:
    said = {name: _value(term) for name, term in row.items()}
    place = span(row.get("passage"))
    severity = said["severity"].rpartition("#")[2].lower()
    fault = said["fault"].removeprefix(expand("nbc:fault")).lower()
    return Finding(
        rule=said["rule"],
        severity=severity if severity in SEVERITIES else "violation",  # as of shapes of a user's own
        report=said["report"],
        institution=said.get("name", ""),
        year=int(said["year"][:4]),
        focus=said.get("value", said["filing"]),
        message=Text(said["zh"], said["en"]),
        evidence=Evidence(said["quote"], *place, said["passage"]) if place else None,
        fault=cast(Fault, fault if fault in ("source", "extraction", "model") else "model"),
        source=known[said["shape"]].basis if said["shape"] in known else Text("", ""),
        filing=said["filing"],
        shape=said["shape"],
        component=said["component"],
    )


def _value(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
