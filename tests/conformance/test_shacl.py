"""The W3C test suites of SHACL (core and SPARQL), run by the compiled engine alone."""

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest

from nianbao.quality.engine import paths
from nianbao.quality.engine.compiler import Compiled
from nianbao.quality.engine.core import sh
from nianbao.quality.engine.index import TYPE, Index

MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
SHT = "http://www.w3.org/ns/shacl-test#"

_BOUND_BEFORE = "an inner SELECT or an aggregate that needs $this bound before"
NOT_COMPILED = {
    "pre-binding/pre-binding-006": _BOUND_BEFORE,
    "pre-binding/pre-binding-007": _BOUND_BEFORE,
    "pre-binding/shapesGraph-001": "$shapesGraph",
    "pre-binding/unsupported-sparql-006": "a query in which no term can stand for $this",
}
"""Tests that the engine hands to pySHACL, and why; in the first and the last SHACL asks for a failure."""


def read(path: Path) -> Index:
    base = path.resolve().as_uri()
    return Index(ox.parse(path=path, format=ox.RdfFormat.TURTLE, base_iri=base))


def local(iri: str) -> str:
    return iri.rpartition("#")[2].rpartition("/")[2]


def cases(shared: Path, suite: str) -> list[Path]:
    """The files of a suite that hold tests."""
    files = (path for path in (shared / "w3c/data-shapes/tests" / suite).rglob("*.ttl") if path.name != "manifest.ttl")
    return sorted(path for path in files if "sht:Validate" in path.read_text("utf-8"))


def key(
    shape: object, focus: object, value: object, component: object, severity: object, path: object
) -> tuple[str, ...]:
    def word(term: object) -> str:
        return "_" if isinstance(term, ox.BlankNode) else str(term)

    named = str(shape) if isinstance(shape, ox.NamedNode) else "_"
    return named, word(focus), word(value), str(component), str(severity), str(path)


def expected(graph: Index, test: object) -> Counter[tuple[str, ...]] | None:
    (report,) = graph.objects(test, ox.NamedNode(MF + "result"))
    if report == ox.NamedNode(SHT + "Failure"):
        return None
    found: Counter[tuple[str, ...]] = Counter()
    for result in graph.objects(report, sh("result")):
        path = graph.value(result, sh("resultPath"))
        found[
            key(
                graph.value(result, sh("sourceShape")),
                graph.value(result, sh("focusNode")),
                graph.value(result, sh("value")),
                graph.value(result, sh("sourceConstraintComponent")).value,
                graph.value(result, sh("resultSeverity")).value,
                paths.read(graph, path).sparql() if path else "",
            )
        ] += 1
    return found


def actual(data: Index, shapes: Index) -> tuple[Counter[tuple[str, ...]], dict[object, str]]:
    compiled = Compiled(shapes)
    found = Counter(key(r.shape, r.focus, r.value, r.component, r.severity, r.path) for r in compiled.results(data))
    return found, compiled.unsupported


def run(path: Path) -> str:
    """Why the test does not pass; empty where it does."""
    manifest = read(path)
    for test in manifest.subjects(TYPE, ox.NamedNode(SHT + "Validate")):
        (action,) = manifest.objects(test, ox.NamedNode(MF + "action"))
        graphs = {}
        for kind in ("dataGraph", "shapesGraph"):
            (name,) = manifest.objects(action, ox.NamedNode(SHT + kind))
            graphs[kind] = read(path.parent / name.value.rpartition("/")[2])
        wanted = expected(manifest, test)
        try:
            found, unsupported = actual(graphs["dataGraph"], graphs["shapesGraph"])
        except ValueError as error:
            return "" if wanted is None else f"error: {error}"
        if unsupported:
            return "; ".join(sorted(set(unsupported.values())))
        if wanted is None:
            return "should fail"
        if found != wanted:
            return f"missing {wanted - found}, too many {found - wanted}"
    return ""


@pytest.mark.parametrize(("suite", "number"), [("core", 98), ("sparql", 23)])
def test_the_suite(shared: Path, suite: str, number: int) -> None:
    found = {f"{path.parent.name}/{path.stem}": run(path) for path in cases(shared, suite)}
    assert {name: why for name, why in found.items() if why} == (NOT_COMPILED if suite == "sparql" else {})
    assert len(found) == number
