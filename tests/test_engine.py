"""The compiled engine against pySHACL, the reference: the same results on fixtures, reports and broken graphs."""

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from nianbao.errors import ShapesError
from nianbao.mapping import rdf
from nianbao.quality import audit
from nianbao.quality.engine.index import TYPE, Index
from nianbao.quality.engine.model import Result
from nianbao.quality.rulebook import Rulebook, rulebook
from nianbao.record import Record
from nianbao.report import read_report
from nianbao.vocabulary import PREFIXES

HERE = Path(__file__).parent / "shapes"
FILING = "https://data.example/filing/n-0000000000aa/2024/1"
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
Key = tuple[object, ...]


def in_order(words: str) -> str:
    """SPARQL leaves open in which order GROUP_CONCAT puts what it joins: here IRIs with blanks between."""
    return " ".join(sorted(words.split())) if words.startswith("http") else words


def keys(results: Iterable[Result]) -> set[Key]:
    """All that a result says."""
    return {
        (
            r.shape,
            r.focus,
            r.value,
            r.component,
            r.severity,
            r.path,
            *sorted((k, in_order(v)) for k, v in r.row.items() if v),
        )
        for r in results
    }


def same(graph: Index, rules: Rulebook | None = None) -> set[Key]:
    """The results of both engines, which must be the same."""
    rules = rules or rulebook()
    compiled, reference = keys(audit.results(graph, rules, "set")), keys(audit.results(graph, rules, "pyshacl"))
    assert compiled == reference
    return compiled


def fixture(*names: Path) -> list[ox.Quad]:
    """The good filing after these updates."""
    store = ox.Store()
    store.load(path=HERE / "good.ttl", format=ox.RdfFormat.TURTLE)
    for name in names:
        store.update(PROLOGUE + name.read_text(encoding="utf-8"), base_iri=FILING + "/")
    return list(store)


@pytest.mark.parametrize("path", sorted(HERE.glob("*/*.ru")), ids=lambda path: path.stem)
def test_both_engines_find_the_same_in_every_fixture(path: Path) -> None:
    assert bool(same(Index(fixture(path)))) == (path.parent.name == "bad")


def test_all_rules_are_compiled() -> None:
    """None is left to pySHACL, which is slow."""
    assert rulebook().compiled.unsupported == {}
    assert rulebook().compiled_across.unsupported == {}


def test_many_graphs_at_once_give_the_same_as_each_alone() -> None:
    graphs = [Index(fixture(path)) for path in sorted(HERE.glob("*/*.ru"))]
    many = audit.results_many(graphs, rulebook(), "set")
    assert [keys(each) for each in many] == [keys(rulebook().compiled.results(graph)) for graph in graphs]
    reports = [fixture(path) for path in sorted(HERE.glob("bad/A*.ru"))]
    assert list(audit.check_many(reports)) == [audit.check(report) for report in reports]


# --- broken graphs


def breakings() -> st.SearchStrategy[list[tuple[str, int, int]]]:
    """What is done to a graph: kind, triple, and a number that chooses among the ways to do it."""
    kinds = st.sampled_from(["delete", "double", "retype", "swap", "redirect", "relabel"])
    return st.lists(st.tuples(kinds, st.integers(0, 10**6), st.integers(0, 10**6)), min_size=1, max_size=12)


WORDS = [
    "",
    "0",
    "-1",
    "12.50",
    "1e3",
    "abc",
    "2024",
    "2025-02-30",
    "2024-12-31",
    "2024-12-31T00:00:00Z",
    "true",
    "三十",
]
XSD_NAMES = ("string", "integer", "decimal", "double", "boolean", "date", "dateTime", "gYear")
DATATYPES = [PREFIXES["xsd"] + name for name in XSD_NAMES]


def broken(quads: list[ox.Quad], how: list[tuple[str, int, int]]) -> Index:
    """A graph after these changes, each of one triple."""
    triples = [ox.Triple(q.subject, q.predicate, q.object) for q in quads]
    classes = sorted({t.object for t in triples if t.predicate == TYPE}, key=str)
    for kind, place, way in how:
        at = place % len(triples)
        s, p, o = triples[at]
        if kind == "delete":
            del triples[at]
        elif kind == "double":
            triples.append(ox.Triple(s, p, triples[way % len(triples)].object))
        elif kind == "retype" and p == TYPE:
            triples[at] = ox.Triple(s, p, classes[way % len(classes)])
        elif kind == "retype":
            datatype = ox.NamedNode(DATATYPES[way % len(DATATYPES)])
            words = o.value if isinstance(o, ox.Literal) and way % 2 else WORDS[way % len(WORDS)]
            triples[at] = ox.Triple(s, p, ox.Literal(words, datatype=datatype))
        elif kind == "swap" and not isinstance(o, ox.Literal):
            triples[at] = ox.Triple(o, p, s)  # type: ignore[arg-type]
        elif kind == "redirect":
            triples[at] = ox.Triple(triples[way % len(triples)].subject, p, o)
        elif kind == "relabel" and isinstance(o, ox.Literal):
            triples[at] = ox.Triple(s, p, ox.Literal(o.value, language=["zh", "en", "zh-Hant"][way % 3]))
        if not triples:
            break
    return Index(triples)


@pytest.mark.filterwarnings("ignore:Parsing weird boolean:UserWarning")
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
@given(how=breakings())
def test_both_engines_find_the_same_in_a_broken_graph(how: list[tuple[str, int, int]]) -> None:
    try:
        same(broken(FIXTURE, how))
    except ShapesError as error:  # rdflib ends a query that adds up what is no number: there is no reference then
        if error.code != "NB-SHAPES-RUN":
            raise
        audit.results(broken(FIXTURE, how), rulebook(), "set")  # the compiled engine goes on
        reject()


FIXTURE = fixture(*(HERE / "bad" / f"{name}.ru" for name in ("A05", "C01", "F06", "R13")))


@pytest.mark.parametrize("path", sorted((Path(__file__).parent / "cases/served").glob("*.json")), ids=lambda p: p.stem)
def test_both_engines_find_the_same_in_every_sample_report(path: Path) -> None:
    same(Index(rdf.quads(Record.from_json(path.read_text("utf-8")))))


def test_both_engines_find_the_same_in_the_corpus(shared: Path) -> None:
    """Every fourth report of the corpus, for time."""
    paths = sorted((shared / "corpus/reports").glob("*.txt"))
    assert paths
    assert sum(len(same(Index(rdf.quads(read_report(path))))) for path in paths[::4]) > 0
