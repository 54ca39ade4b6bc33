"""OWL RL finds no contradiction in anything that we hold as an example, a fixture or data to show.

Reasoning takes a second before the first fixture, so those of one kind are reasoned over together, each with IRIs of
its own. The codes, which are plain concepts, are in the test of the whole ontology (tests/test_ontology.py).
"""

import re
import warnings
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import OWL, RDF, URIRef

from nianbao.mapping import ontology, rdf
from nianbao.quality import audit
from nianbao.record import Record
from nianbao.report import read_report
from nianbao.review import DECISIONS, Decision, decision_triples
from nianbao.vocabulary import DATA, NB
from test_ontology_questions import FILINGS, record

ROOT = Path(__file__).resolve().parents[1]
SHAPES = ROOT / "tests/shapes"
EXAMPLES = sorted((ROOT / "ontology/examples").iterdir())
REPORTS = sorted((ROOT / "data/reports").glob("*.txt"))


@cache
def classes() -> tuple[tuple[object, ...], ...]:
    return tuple(rdflib.Graph().parse(ontology.files()[0]))


def contradictions(fixtures: dict[str, Iterable[ox.Triple]]) -> set[str]:
    """The fixtures in which OWL RL finds something inconsistent under our classes and properties."""
    graph = rdflib.Graph()
    for triple in classes():
        graph.add(triple)  # type: ignore[arg-type]
    names = {f"{DATA}fixture{number}/": name for number, name in enumerate(fixtures)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # owlrl's own, and dates that are none
        for base, name in names.items():
            text = (ox.serialize(fixtures[name], format=ox.RdfFormat.N_TRIPLES) or b"").decode()
            graph.parse(data=re.sub(r"<https?://[^/>]*\.example/", f"<{base}", text), format="nt")
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(graph)
    said = " ".join(str(o) for p, o in graph.predicate_objects() if str(p).endswith("#error"))
    found = {name for base, name in names.items() if base in said}
    return found or ({said} if said else set())


def triples(path: Path) -> list[ox.Triple]:
    form = ox.RdfFormat.TRIG if path.suffix == ".trig" else ox.RdfFormat.TURTLE
    return [quad.triple for quad in ox.parse(path.read_bytes(), format=form)]


def quads(made: Record) -> list[ox.Triple]:
    return [quad.triple for quad in rdf.quads(made)]


def after(update: Path) -> list[ox.Triple]:
    """The good filing after the update of a fixture, as the tests of the shapes make it."""
    from test_shapes import changed

    return [quad.triple for quad in changed(update)]


def test_examples_and_records_are_consistent() -> None:
    fixtures: dict[str, Iterable[ox.Triple]] = {path.name: triples(path) for path in EXAMPLES}
    fixtures |= {row["file"]: quads(record(row)) for row in FILINGS}
    for path in (ROOT / "tests/cases/museum-2024.json", *(ROOT / "tests/cases/served").glob("*.json")):
        fixtures[path.name] = quads(Record.from_json(path.read_text("utf-8")))
    left, right = (f"{DATA}org/{key}" for key in ("a", "b"))
    for word in DECISIONS:
        decision = Decision(left, right, word, "档案组", "2026-01-05")
        fixtures[f"decision {word}"] = decision_triples(f"{DATA}decision/1", decision)
    assert len(fixtures) > 15
    assert contradictions(fixtures) == set()


def test_a_contradiction_would_be_found_and_named() -> None:
    part, institution = ox.NamedNode(DATA + "x"), ox.NamedNode(NB + "PublicInstitution")
    wrong = [
        ox.Triple(part, ox.NamedNode(NB + "statedIn"), ox.NamedNode(DATA + "filing/x/2024/1")),
        ox.Triple(part, ox.NamedNode(str(RDF.type)), institution),
    ]
    assert contradictions({"good": triples(EXAMPLES[0]), "wrong": wrong}) == {"wrong"}


@pytest.mark.slow
def test_fixtures_of_the_shapes_that_break_nothing_are_consistent() -> None:
    fixtures = {path.stem: after(path) for path in sorted((SHAPES / "good").glob("*.ru"))}
    fixtures.pop("filed-on-no-day")  # holds a day that is none on purpose: rules on dates must be silent on it
    assert contradictions(fixtures) == set()


@pytest.mark.slow
def test_fixtures_of_the_shapes_that_break_a_rule_are_consistent() -> None:
    """A rule finds what is wrong with a report; the ontology itself only forbids what can be true of none."""
    assert contradictions({path.stem: after(path) for path in sorted((SHAPES / "bad").rglob("*.ru"))}) == set()


@pytest.mark.slow
def test_fixtures_of_the_rules_that_compare_reports_are_consistent() -> None:
    from test_shapes_across import changed

    def data(update: Path | None) -> list[ox.Triple]:
        return [quad.triple for quad in changed(update)]

    fixtures: dict[str, Iterable[ox.Triple]] = {"both filings": data(None)}
    fixtures |= {path.stem: data(path) for path in sorted((SHAPES / "across").rglob("*.ru"))}
    assert len(fixtures) > 40
    assert contradictions(fixtures) == set()


@pytest.mark.slow
def test_the_sample_reports_are_consistent() -> None:
    assert contradictions({path.stem: quads(read_report(path)) for path in REPORTS}) == set()


def test_the_example_filing_passes_the_audit() -> None:
    """What is wrong with it is a matter of looking at the report that it shows; the others are no whole filings."""
    example = (ROOT / "ontology/examples/filing.trig").read_bytes()
    found = audit.check(ox.parse(example, format=ox.RdfFormat.TRIG))
    assert {finding.rule for finding in found if finding.severity == "violation"} == set()


def test_every_class_has_an_example() -> None:
    graph = rdflib.Graph().parse(ontology.files()[0])
    classes = {str(term) for term in graph.subjects(RDF.type, OWL.Class) if str(term).startswith(NB)}
    shown = {
        triple.object.value for path in EXAMPLES for triple in triples(path) if isinstance(triple.object, ox.NamedNode)
    }
    above = {
        NB + name for name in ("FilingPart", "Statement", "QuantityStatement")
    }  # superclasses: nothing is only that
    assert {name.removeprefix(NB) for name in classes - shown} == {name.removeprefix(NB) for name in above} | {
        "Threshold"
    }
    assert (URIRef(NB + "Threshold"), RDF.type, OWL.Class) in graph  # its instances are shapes/thresholds.ttl
