"""The rules that compare reports: right on three filings of two institutions, in the set form and focus by focus."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from nianbao.mapping import rdf
from nianbao.quality import listing, shapes
from nianbao.report import read_report
from nianbao.vocabulary import PREFIXES

HERE = Path(__file__).parent / "shapes"
ORG = "https://data.example/org/n-0000000000aa"
FILING = "https://data.example/filing/n-0000000000aa/2024/1"
FILINGS = [FILING, FILING.replace("2024", "2023"), FILING.replace("aa", "cc")]
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
ACROSS = {check.shape.rpartition("/")[2]: check for check in shapes.checks().values() if check.across}
BAD = sorted((HERE / "across/bad").glob("*.ru"))
GOOD = sorted((HERE / "across/good").glob("*.ru"))


def changed(update: Path | None) -> ox.Store:
    """The three filings, after an update on them."""
    store = ox.Store()
    for name in ("good", "across"):
        store.load(path=HERE / f"{name}.ttl", format=ox.RdfFormat.TURTLE)
    if update:
        store.update(PROLOGUE + update.read_text(encoding="utf-8"), base_iri=FILING + "/")
    return store


def rows(store: ox.Store, query: str) -> list[dict[str, str]]:
    found = store.query(PROLOGUE + query)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in found]


def found(store: ox.Store) -> list[tuple[str, str]]:
    """Shape and focus of everything that the queries find, each asked once for all filings."""
    return sorted((name, row["this"]) for name, check in ACROSS.items() for row in rows(store, check.select or ""))


def expected(path: Path) -> list[tuple[str, str]]:
    """What a fixture breaks: its name, with ``# focus:``, and ``# also:`` shapes with their focus."""
    text = path.read_text(encoding="utf-8")
    focus = re.search(r"^# focus: (.+)$", text, re.MULTILINE)
    breaches = [(path.stem.partition("~")[0], focus[1] if focus else FILING)]
    for also in re.findall(r"^# also: (.+)$", text, re.MULTILINE):
        name, _, other = also.partition(" ")
        breaches.append((name, other or FILING))
    return sorted(breaches)


def test_three_filings_that_break_nothing() -> None:
    assert found(changed(None)) == []


@pytest.mark.parametrize("path", GOOD, ids=lambda path: path.stem)
def test_what_looks_like_a_breach_and_is_none(path: Path) -> None:
    assert found(changed(path)) == []


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_each_shape_finds_its_breach_on_its_focus_and_nothing_else(path: Path) -> None:
    assert found(changed(path)) == expected(path)


@cache
def prepared(shape: str) -> Query:
    return prepareQuery(PROLOGUE + (ACROSS[shape].select or ""))


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_another_engine_finds_it_focus_by_focus(path: Path) -> None:
    """As a SHACL engine runs them: ``$this`` is given."""
    store = changed(path)
    graph = rdflib.Graph()
    graph.parse(data=store.dump(format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph()), format="nt")
    breaches = expected(path)
    for shape in {name for name, _ in breaches}:
        filings = {*FILINGS, *(focus for _, focus in breaches)}
        hits = {
            (shape, filing)
            for filing in filings
            for _ in graph.query(prepared(shape), initBindings={"this": rdflib.URIRef(filing)})
        }
        assert hits == {breach for breach in breaches if breach[0] == shape}


def test_every_shape_has_a_fixture_that_breaks_it() -> None:
    assert set(ACROSS) == {path.stem.partition("~")[0] for path in BAD}


def test_all_twenty_rules_are_there() -> None:
    assert {check.rule for check in ACROSS.values()} == {f"X{number:02}" for number in range(1, 21)}


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_one_filing_by_itself_breaks_none_of_them(path: Path) -> None:
    """Without the other reports nothing is said, but of what the filing itself tells (X12: it corrects another one)."""
    store, alone = changed(path), ox.Store()
    triples = list(store)
    mine = {
        quad.subject
        for quad in triples
        if str(quad.subject)[1:].startswith((FILING, FILING.replace("filing", "report")[:-2]))
    }
    about = {quad.object for quad in triples if quad.subject in mine} | mine
    alone.extend(quad for quad in triples if quad.subject in about and "/2023" not in str(quad))
    silent = [(shape, focus) for shape, focus in found(alone) if shape not in ("X12", "X18")]
    assert silent == []


def test_the_samples_together_break_what_is_planted(root: Path) -> None:
    """Those of institutions with several years; the others have nothing to be compared with."""
    store = ox.Store()
    reports: dict[str, str] = {}
    for path in sorted((root / "data/reports").glob("*.txt")):
        if path.stem.startswith(("library", "registry")):
            record = read_report(path)
            reports[rdf.filing_iri(record)] = path.stem
            store.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in rdf.quads(record))
    planted = {
        (fault["report"], fault["rule"])
        for fault in tomllib.loads((root / "data/faults.toml").read_text(encoding="utf-8"))["fault"]
        if fault["rule"].startswith("X")
    }
    assert {(reports[focus], ACROSS[name].rule) for name, focus in found(store)} == planted
    assert planted


MESSAGES = {
    "X01": ("196.75", "192.15", "4.6"),
    "X02": ("霁川县图书馆", "霁川县公共图书馆"),
    "X03": ("荀若水", "蓝田玉"),
    "X06": ("财政全额", "财政差额"),
    "X08": ("186", "190"),
    "X11": ("2022", "2023", "2024"),
    "X13": ("20", "35", "75"),
    "X14": ("17.5", "112000", "126000", "12.5"),
    "X14~direction": ("-12.5", "12.5"),
    "X15": ("100", "1"),
    "X17": ("霁川县文化和族游局", "霁川县文化和旅游局"),
    "X19": ("3", "荀若水", "2024"),
    "X20": ("44", "46个"),
}


@pytest.mark.parametrize("fixture", MESSAGES)
def test_messages_have_all_that_they_name(fixture: str) -> None:
    """Every ``{?name}`` of the message is selected and bound, and the figures are those of the data."""
    name = fixture.partition("~")[0]
    row = rows(changed(HERE / "across/bad" / f"{fixture}.ru"), ACROSS[name].select or "")[0]
    for text in ACROSS[name].message:
        filled = re.sub(r"\{\?(\w+)\}", lambda place: row[place[1]], text)
        for figure in MESSAGES[fixture]:
            assert figure in filled


@pytest.mark.parametrize("path", BAD, ids=lambda path: path.stem)
def test_no_message_has_a_gap(path: Path) -> None:
    store = changed(path)
    for name, _ in expected(path):
        for row in rows(store, ACROSS[name].select or ""):
            for text in ACROSS[name].message:
                assert set(re.findall(r"\{\?(\w+)\}", text)) <= row.keys()


def test_undeclared_changes_are_worded_as_a_suspicion() -> None:
    for number in range(2, 9):
        for check in ACROSS.values():
            if check.rule == f"X{number:02}":
                assert "疑似未办理变更登记或未填报" in check.message.zh
                assert "may not have been" in check.message.en


def test_the_rule_on_persons_is_restricted_and_says_so() -> None:
    assert [check.rule for check in shapes.checks().values() if check.restricted] == ["X19"]
    assert "不公开" in ACROSS["X19"].message.zh
    assert "not for publication" in ACROSS["X19"].message.en
    assert "not for publication" in listing.format_rules("text", "en")


def test_no_query_needs_all_pairs_of_reports() -> None:
    """Each starts from reports and reaches others by an institution, a name, a code, a band or a key."""
    joins = r"reportingInstitution \?institution|skos:prefLabel \?label|nb:textBand|nb:nameKey|foaf:name \?name"
    for name, check in ACROSS.items():
        assert len(re.findall(joins, check.select or "")) >= 2, name
