"""The audit: RDF in, findings out; and findings as a SHACL validation report in a graph of their own, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Literal, Protocol, cast

import pyoxigraph as ox
import rdflib
from rdflib import URIRef
from rdflib.namespace import RDF
from rdflib.term import Node

from nianbao.errors import NianbaoError, ShapesError, StoreError
from nianbao.quality.findings import Evidence, Finding, format_jsonl, format_summary, format_text, order
from nianbao.quality.rdf_input import parse_rdf, read_rdf
from nianbao.quality.shacl import DataGraph, Result, graph_of, results, silent_literals
from nianbao.quality.shapes import SEVERITIES, Check, Fault, Rule, Severity, Text, checks, digest, rules
from nianbao.resources import SHAPES
from nianbao.vocabulary import DATA, PREFIXES, expand

__all__ = [
    "Evidence",
    "Finding",
    "Rule",
    "check",
    "count_by_severity",
    "finding_quads",
    "findings_from",
    "format_jsonl",
    "format_summary",
    "format_text",
    "rules",
    "unaudited",
    "validate_file",
    "validate_files",
]

Data = bytes | rdflib.Graph | Iterable[ox.Quad] | Iterable[ox.Triple]
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Engine = Literal["pyshacl"]

_LONGEST_QUOTE = 300
"""A passage longer than this (a whole narrative) says nothing beside a finding, and is left out."""


class Selects(Protocol):
    """What is needed of a store."""

    def select(self, query: str) -> list[dict[str, Term]]: ...


def check(data: Data, *, engine: Engine = "pyshacl", shapes: Path = SHAPES) -> list[Finding]:
    """The findings on all filings in `data`, report by report, worst first.

    data: RDF as bytes (TriG, Turtle, N-Quads or JSON-LD), an rdflib graph or dataset, or quads; graphs are merged, so
    several filings may be in it. shapes: the folder of the SHACL files.
    Raises ShapesError (NB-SHAPES-NO-FILING) where there is no filing: nothing to check is not a clean report.
    """
    if engine != "pyshacl":
        raise ValueError(f"{engine!r} is no engine: pyshacl")
    graph = _graph(data)
    filings = set(graph.subjects(RDF.type, _FILING))
    if not filings:
        raise ShapesError(
            "there is no filing (nb:Filing) in the data, so nothing was checked",
            remedy="give the RDF of annual reports, as `nianbao map` prints it",
            code="NB-SHAPES-NO-FILING",
        )
    known = checks(shapes)
    context = _Context(graph)
    found = {
        context.finding(known[result.shape], result)
        for part in _apart(graph, filings)
        for result in results(part, shapes)
        if result.shape in known
    }
    return sorted(found, key=order)


def validate_file(path: Path) -> list[Finding]:
    """The findings on a file of RDF.

    Raises ReadError where it does not parse and ShapesError where it holds no filing.
    """
    try:
        return check(read_rdf(path))
    except ShapesError as error:
        if error.where:
            raise
        raise ShapesError(error.reason, where=str(path), remedy=error.remedy, code=error.code) from error


def validate_files(paths: Iterable[Path]) -> tuple[list[Finding], list[NianbaoError]]:
    """The findings on each file by itself, and an error for each file that could not be checked."""
    found: list[Finding] = []
    errors: list[NianbaoError] = []
    for path in paths:
        try:
            found += validate_file(path)
        except NianbaoError as error:
            errors.append(error)
    return found, errors


def _graph(data: Data) -> DataGraph:
    if isinstance(data, bytes):
        return graph_of(parse_rdf(data))
    if isinstance(data, rdflib.Graph):
        merged = DataGraph()
        with silent_literals():
            for spoc in data.quads() if isinstance(data, rdflib.Dataset) else data:
                merged.add(spoc[:3])
        return merged
    return graph_of(data)


def _uri(name: str) -> URIRef:
    return URIRef(expand(name))


_FILING = _uri("nb:Filing")


def _apart(graph: DataGraph, filings: set[Node]) -> Iterator[DataGraph]:
    """A graph for each filing, and one for what belongs to none: the time of a query grows with its graph.

    A filing has what is stated in it, and what can be reached from there without going through another filing.
    """
    if len(filings) == 1:
        yield graph
        return
    owners: dict[Node, set[Node]] = {filing: {filing} for filing in filings}
    for node, filing in graph.subject_objects(_uri("nb:statedIn")):
        if filing in filings:
            owners.setdefault(node, set()).add(filing)
    owned: dict[Node, list[Node]] = {}
    for node, of in owners.items():
        for filing in of:
            owned.setdefault(filing, []).append(node)
    for filing in filings:
        part = DataGraph()
        nodes = owned[filing]
        seen = set(nodes)
        while nodes:
            node = nodes.pop()
            for predicate, value in graph.predicate_objects(node):
                part.add((node, predicate, value))
                if value not in seen and filing in owners.get(value, {filing}):
                    seen.add(value)
                    nodes.append(value)
        yield part
    rest = DataGraph()
    for node in set(graph.subjects()) - owners.keys():
        for predicate, value in graph.predicate_objects(node):
            rest.add((node, predicate, value))
    yield rest


# --- from a SHACL result to a finding


class _Context:
    """What the graph says around a result: whose report it is and where the passage stands."""

    def __init__(self, graph: DataGraph) -> None:
        self._graph = graph
        self._only = list(graph.subjects(RDF.type, _FILING))

    def finding(self, check: Check, result: Result) -> Finding:
        """The finding that a result stands for."""
        filing = self._filing(result)
        report = self._one(filing, "dcat:isVersionOf")
        institution = report and self._one(report, "nb:reportingInstitution")
        name = institution and self._one(institution, "skos:prefLabel")
        year = re.match(r"\d{4}", str((report and self._one(report, "nb:reportingYear")) or ""))
        thing = result.value if isinstance(result.value, URIRef) and result.value != result.focus else result.focus
        if (thing, None, None) not in self._graph:  # a value that is a code, not a part of the filing
            thing = result.focus
        return Finding(
            rule=check.rule,
            severity=check.severity,
            report=str(report or filing),
            institution=str(name or self._one(self._one(filing, "nb:registration"), "nb:legalName") or ""),
            year=int(year[0]) if year else None,
            focus=str(thing),
            message=Text(_filled(check.message.zh, result.row), _filled(check.message.en, result.row)),
            evidence=self._evidence(thing, filing),
            fault=check.fault,
            source=check.basis,
            filing=str(filing),
            shape=check.shape,
            component=result.component,
        )

    def _one(self, node: Node | None, name: str) -> Node | None:
        return None if node is None else self._graph.value(node, _uri(name), any=True)

    def _filing(self, result: Result) -> Node:
        """The filing that a focus node belongs to; the node itself where nothing tells."""
        focus = result.focus
        if focus in self._only:
            return focus
        stated = self._one(focus, "nb:statedIn")
        return stated if stated is not None else self._only[0] if len(self._only) == 1 else focus

    def _evidence(self, thing: Node, filing: Node) -> Evidence | None:
        passage = self._one(thing, "nb:evidence")
        span = _span(passage)
        if span is None:
            return None
        start, end = span
        quote = self._passage(filing, start, end)
        if quote is None:
            words = (self._one(thing, name) for name in ("nb:statedValue", "nb:sectionText"))
            quote = next((str(word) for word in words if word is not None and len(str(word)) == end - start), None)
        if quote is None or len(quote) > _LONGEST_QUOTE:
            return None
        return Evidence(quote, start, end, str(passage))

    def _passage(self, filing: Node, start: int, end: int) -> str | None:
        """The words of the text from `start` to `end`, where a box of the filing holds them all."""
        for section in self._graph.objects(filing, _uri("dcterms:hasPart")):
            text, span = self._one(section, "nb:sectionText"), _span(self._one(section, "nb:evidence"))
            if text is None or span is None or len(str(text)) != span[1] - span[0]:
                continue  # a text that was shortened has lost the places of its characters
            if span[0] <= start <= end <= span[1]:
                return str(text)[start - span[0] : end - span[0]]
        return None


def _span(passage: Node | Term | None) -> tuple[int, int] | None:
    found = re.search(r"#char=(\d+),(\d+)>?$", str(passage or ""))
    return (int(found[1]), int(found[2])) if found else None


def _filled(message: str, row: dict[str, str]) -> str:
    return re.sub(r"\{[?$](\w+)\}", lambda name: row.get(name[1], "…"), message)


# --- findings as RDF, and back


def finding_quads(findings: Iterable[Finding], filing: str, *, base: str = DATA) -> Iterator[ox.Quad]:
    """The SHACL validation report of a filing, in its audit graph (docs/modelling.md); also where there is no finding.

    filing: IRI of the filing in the store; findings that were made of it under another version number are renamed.
    """
    graph = ox.NamedNode(audit_graph(filing, base=base))
    report = ox.NamedNode(graph.value + "#report")
    own, known = list(findings), checks()

    def quad(subject: ox.NamedNode, name: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(subject, ox.NamedNode(expand(name)), value, graph)

    def here(iri: str, old: str) -> ox.NamedNode:
        return ox.NamedNode(filing + iri[len(old) :] if iri == old or iri.startswith(old + "/") else iri)

    yield quad(report, "rdf:type", ox.NamedNode(expand("sh:ValidationReport")))
    yield quad(report, "sh:conforms", ox.Literal(not own))
    yield quad(report, "dcterms:subject", ox.NamedNode(filing))
    yield quad(report, "prov:wasDerivedFrom", ox.NamedNode(expand(f"nbs:sha256-{digest()}")))
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
            yield quad(node, "dcterms:source", ox.NamedNode(basis))
        if finding.evidence:
            passage = ox.NamedNode(finding.evidence.passage)
            yield quad(node, "prov:wasQuotedFrom", passage)
            yield quad(passage, "prov:value", ox.Literal(finding.evidence.quote))


def audit_graph(filing: str, *, base: str = DATA) -> str:
    """The IRI of the graph with the findings on a filing."""
    if "/filing/" in filing:
        return filing.replace("/filing/", "/graph/audit/", 1)
    return f"{base.rstrip('/')}/graph/audit/{sha256(filing.encode()).hexdigest()[:12]}"


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


def findings_from(store: Selects, *, report: str | None = None, rule: str | None = None) -> list[Finding]:
    """The findings on all current filings of a store, or on one report (its IRI), or of one rule."""
    result, more = _RESULT, _MORE
    if rule is not None:
        result += f"\n    FILTER (?rule = {ox.Literal(rule)})"
    if report is not None:
        more += f"\n  FILTER (?report = {ox.NamedNode(report)})"
    rows = store.select(_query(f"?report ?filing ?year ?name {_NAMES}", result=result, more=more))
    return sorted((_from_row(row) for row in rows), key=order)


def unaudited(store: Selects, *, report: str | None = None) -> int:
    """How many current filings have no audit by the present rules. Raises StoreError where there is no such filing."""
    one = f"FILTER (?report = {ox.NamedNode(report)})" if report is not None else ""
    query = f"""{"".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "dcterms", "prov"))}
    SELECT (COUNT(DISTINCT ?filing) AS ?all) (COUNT(DISTINCT ?checked) AS ?done) WHERE {{
      ?report dcat:hasCurrentVersion ?filing . {one}
      OPTIONAL {{
        GRAPH ?graph {{ ?audit dcterms:subject ?filing ; prov:wasDerivedFrom <{expand(f"nbs:sha256-{digest()}")}> }}
        BIND (?filing AS ?checked) }} }}"""
    (row,) = store.select(query)
    number = {name: int(term.value) for name, term in row.items() if isinstance(term, ox.Literal)}
    if number["all"] == 0:
        raise StoreError(
            f"there is no report {report}" if report else "the store holds no reports",
            remedy="put reports into it with nianbao build, or see on its pages (nianbao serve) which it holds",
            code="NB-STORE-NO-REPORT",
        )
    return number["all"] - number["done"]


def count_by_severity(store: Selects) -> dict[str, int]:
    """How many findings of each severity the current filings of a store have."""
    result = "?result sh:resultSeverity ?severity ."
    rows = store.select(_query("?severity (COUNT(?result) AS ?number)", result=result, end="GROUP BY ?severity"))
    found = {_value(row["severity"]).rpartition("#")[2].lower(): int(_value(row["number"])) for row in rows}
    return {severity: found.get(severity, 0) for severity in SEVERITIES}


def _query(what: str, *, result: str, more: str = "", end: str = "") -> str:
    prefixes = {name: PREFIXES[name] for name in ("dcat", "dcterms", "nb", "prov", "sh", "skos")}
    return _CURRENT.format(what=what, result=result, more=more, end=end, **prefixes)


def _from_row(row: dict[str, Term]) -> Finding:
    known = checks()
    said = {name: _value(term) for name, term in row.items()}
    span = _span(row.get("passage"))
    return Finding(
        rule=said["rule"],
        severity=cast(Severity, said["severity"].rpartition("#")[2].lower()),
        report=said["report"],
        institution=said.get("name", ""),
        year=int(said["year"][:4]),
        focus=said.get("value", said["filing"]),
        message=Text(said["zh"], said["en"]),
        evidence=Evidence(said["quote"], *span, said["passage"]) if span else None,
        fault=cast(Fault, said["fault"].removeprefix(expand("nbc:fault")).lower()),
        source=known[said["shape"]].basis if said["shape"] in known else Text("", ""),
        filing=said["filing"],
        shape=said["shape"],
        component=said["component"],
    )


def _value(term: Term) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value
