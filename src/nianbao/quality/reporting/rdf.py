"""The audit as RDF: a SHACL validation report, and measurements of the Data Quality Vocabulary (DQV).

A measurement is of one metric on one thing: three metrics a dimension (checks made, checks failed, share passed), on
each audited filing and on all of them together. Waivers are quality annotations of the results.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from itertools import groupby
from urllib.parse import quote

import pyoxigraph as ox

from nianbao.mapping import ontology
from nianbao.quality.audit import finding_quads
from nianbao.quality.findings import Finding, order
from nianbao.quality.reporting.measures import Measure, measures
from nianbao.quality.reporting.outcome import Outcome
from nianbao.quality.reporting.waivers import Waiver
from nianbao.vocabulary import NBC, PREFIXES, expand

_OA = "http://www.w3.org/ns/oa#"


def format_turtle(done: Outcome) -> str:
    """Turtle."""
    text = ox.serialize(triples(done), format=ox.RdfFormat.TURTLE, prefixes={**PREFIXES, "oa": _OA})
    assert text is not None
    return text.decode()


def triples(done: Outcome) -> Iterator[ox.Triple]:
    """The validation report, then metrics and measurements."""
    report = ox.BlankNode("report")
    yield _t(report, "rdf:type", _iri("sh:ValidationReport"))
    yield _t(report, "sh:conforms", ox.Literal(not done.told))
    for note in done.notes:
        yield _t(report, "rdfs:comment", ox.Literal(note.text.zh, language="zh"))
        yield _t(report, "rdfs:comment", ox.Literal(note.text.en, language="en"))
    yield from _results(done, report)
    for number, finding in enumerate((*done.incomplete, *done.unchecked, *done.gated), 1):
        yield from _no_rule(finding, report, ox.BlankNode(f"unchecked{number}"))
    yield from _metrics()
    batch = ox.BlankNode("batch")
    yield _t(batch, "rdf:type", _iri("dcat:Dataset"))
    yield _t(batch, "dcterms:title", ox.Literal(f"审核的 {len(done.reports)} 份报告", language="zh"))
    yield _t(batch, "dcterms:title", ox.Literal(f"{len(done.reports)} reports audited", language="en"))
    yield from _measured(batch, done.measures, "batch")
    for number, each in enumerate(done.reports, 1):
        found = measures([each], done.failed, done.dimensions)
        yield from _measured(ox.NamedNode(_iri_of(each.filing)), found, f"m{number}")


def _results(done: Outcome, report: ox.BlankNode) -> Iterator[ox.Triple]:
    def across(finding: Finding) -> bool:
        check = done.rules.checks.get(finding.shape)
        return check is not None and check.across

    def place(finding: Finding) -> tuple[str, bool]:
        return finding.filing, across(finding)

    for (filing, beside), group in groupby(sorted(done.findings, key=place), key=place):
        own = sorted((_named(finding) for finding in group), key=order)
        nodes: set[ox.NamedNode] = set()
        for quad in finding_quads(own, _iri_of(filing), rules=done.rules, across=beside):
            if quad.predicate == _iri("sh:result"):
                nodes.add(quad.object)  # type: ignore[arg-type]
                yield ox.Triple(report, quad.predicate, quad.object)
            elif quad.subject in nodes or quad.predicate == _iri("prov:value"):
                yield quad.triple
        graph = next(iter(nodes)).value.rpartition("#")[0]
        for number, finding in enumerate(own, 1):
            if finding in done.waivers:
                yield from _waiver(done.waivers[finding], ox.NamedNode(f"{graph}#{number}"))


def _named(finding: Finding) -> Finding:
    """The same with IRIs for what has none in the data."""
    return replace(finding, filing=_iri_of(finding.filing), focus=_iri_of(finding.focus))


def _iri_of(node: str) -> str:
    return node if re.match(r"[A-Za-z][\w+.-]*:", node) else f"urn:x-nianbao:node:{quote(node) or 'none'}"


def _waiver(waiver: Waiver, result: ox.NamedNode) -> Iterator[ox.Triple]:
    name = "waiver" + sha256(result.value.encode()).hexdigest()[:12]
    note, body, who = ox.BlankNode(name), ox.BlankNode(name + "b"), ox.BlankNode(name + "w")
    yield _t(result, "dqv:hasQualityAnnotation", note)
    yield _t(note, "rdf:type", _iri("dqv:QualityAnnotation"))
    yield ox.Triple(note, ox.NamedNode(_OA + "hasTarget"), result)
    yield ox.Triple(note, ox.NamedNode(_OA + "hasBody"), body)
    yield ox.Triple(note, ox.NamedNode(_OA + "motivatedBy"), _iri("dqv:qualityAssessment"))
    yield _t(body, "rdf:type", ox.NamedNode(_OA + "TextualBody"))
    yield _t(body, "rdf:value", ox.Literal(waiver.reason))
    yield _t(note, "prov:wasAttributedTo", who)
    yield _t(who, "rdf:type", _iri("prov:Agent"))
    yield _t(who, "rdfs:label", ox.Literal(waiver.who))
    yield _t(note, "dcterms:valid", ox.Literal(waiver.until.isoformat(), datatype=_iri("xsd:date")))


def _no_rule(finding: Finding, report: ox.BlankNode, node: ox.BlankNode) -> Iterator[ox.Triple]:
    yield _t(report, "sh:result", node)
    yield _t(node, "rdf:type", _iri("sh:ValidationResult"))
    yield _t(node, "sh:focusNode", ox.NamedNode(_iri_of(finding.filing)))
    yield _t(node, "sh:resultSeverity", _iri("sh:" + finding.severity.capitalize()))
    yield _t(node, "sh:sourceConstraintComponent", _iri("sh:NodeConstraintComponent"))
    yield _t(node, "dcterms:identifier", ox.Literal(finding.rule))
    yield _t(node, "sh:resultMessage", ox.Literal(finding.message.zh, language="zh"))
    yield _t(node, "sh:resultMessage", ox.Literal(finding.message.en, language="en"))


def _metric(dimension: str, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{NBC}{dimension}{name}")


@cache
def _metrics() -> tuple[ox.Triple, ...]:
    """The metrics as the ontology declares them."""
    all_of = ontology.triples()
    metric = _iri("dqv:Metric")
    declared = {triple.subject for triple in all_of if triple.object == metric}
    return tuple(triple for triple in all_of if triple.subject in declared)


def _measured(thing: ox.NamedNode | ox.BlankNode, found: Iterable[Measure], name: str) -> Iterator[ox.Triple]:
    for measure in found:
        values = {
            "Checked": ox.Literal(measure.checked),
            "Failed": ox.Literal(measure.failed),
            "Rate": ox.Literal(f"{measure.rate:.4f}", datatype=_iri("xsd:decimal")),
        }
        for metric, value in values.items():
            node = ox.BlankNode(f"{name}{measure.dimension}{metric}")
            yield _t(node, "rdf:type", _iri("dqv:QualityMeasurement"))
            yield _t(node, "dqv:isMeasurementOf", _metric(measure.dimension, metric))
            yield _t(node, "dqv:computedOn", thing)
            yield _t(node, "dqv:value", value)


def _t(subject: ox.NamedNode | ox.BlankNode, name: str, value: ox.NamedNode | ox.BlankNode | ox.Literal) -> ox.Triple:
    return ox.Triple(subject, ox.NamedNode(expand(name)), value)


def _iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))
