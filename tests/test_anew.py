"""The audit of a store made anew: the same as the findings kept there, with either engine, on either kind of store."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from nianbao.cli import main
from nianbao.mapping import rdf
from nianbao.quality import audit
from nianbao.quality.findings import Finding
from nianbao.quality.reporting import anew
from nianbao.quality.reporting.outcome import outcome_of_store
from nianbao.quality.reporting.population import Scope
from nianbao.quality.rulebook import rulebook
from nianbao.report import read_report
from nianbao.storage.store import EmbeddedStore, Store, open_store
from nianbao.vocabulary import NB
from nianbao.writer import Writer
from test_across import archive

BOOK = rulebook()


def filled(store: Store, root: Path) -> Store:
    """Reports that break rules across years, one filed again, and sample reports."""
    writer = Writer(store)
    writer.load_ontology()
    records = archive()
    again = replace(records[0], staff=7, source=replace(records[0].source, sha256="f" * 64))
    samples = [read_report(path) for path in sorted((root / "data/reports").glob("*.txt"))[:3]]
    for number, record in enumerate([*records, again, *samples]):
        findings = audit.check(rdf.quads(record))
        writer.put(record, findings, name=str(number), sha256=record.source.sha256)
    writer.check_across()
    return store


@pytest.fixture(scope="module")
def store(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    made = filled(EmbeddedStore(tmp_path_factory.mktemp("anew") / "store"), root)
    yield made
    made.close()


@pytest.fixture(scope="module")
def kept(store: Store) -> tuple[Finding, ...]:
    found = outcome_of_store(store, BOOK).findings
    assert {"X", "F"} <= {finding.rule[0] for finding in found}
    return found


@pytest.mark.parametrize("engine", audit.ENGINES)
def test_both_engines_find_what_is_kept(store: Store, kept: tuple[Finding, ...], engine: audit.Engine) -> None:
    done = outcome_of_store(store, BOOK, engine=engine)
    assert done.findings == kept
    assert not done.unchecked
    assert [note.text.en for note in done.notes if "set engine" in note.text.en] == (
        [anew._SET_WISE.text.en] if engine == "pyshacl" else []
    )
    assert not any(note.fails for note in done.notes)


def test_an_endpoint_and_small_parts_give_the_same(
    server: str, root: Path, store: Store, kept: tuple[Finding, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    remote = filled(open_store(f"{server}/query", update_url=f"{server}/update"), root)
    monkeypatch.setattr(anew, "TOGETHER", 2)
    monkeypatch.setattr(anew, "_NODES", 7)
    for each in (remote, store):
        assert outcome_of_store(each, BOOK, engine="set").findings == kept


def test_filters_take_their_part(store: Store, kept: tuple[Finding, ...]) -> None:
    report, rule = kept[0].report, "X18"
    filters: list[dict[str, Any]] = [
        {"scope": Scope(report=report)},
        {"scope": Scope(year=2024)},
        {"rule": rule},
        {"rule": kept[0].rule},
        {"severity": "warning"},
    ]
    for each in filters:
        old, new = outcome_of_store(store, BOOK, **each), outcome_of_store(store, BOOK, engine="set", **each)
        assert new.findings == old.findings != ()
        assert new.measures == old.measures


def test_restricted_findings_are_for_who_asks_for_them(root: Path, tmp_path: Path) -> None:
    """The registrar gets the list, the store never holds it; without it nobody takes the rule for one without
    findings."""
    filled(EmbeddedStore(tmp_path / "s"), root).close()

    def said(*words: str) -> str:
        result = CliRunner().invoke(main, ["audit", "--store", str(tmp_path / "s"), "--lang", "en", *words])
        assert result.exit_code == 0, result.output
        return result.stdout

    withheld = "findings of rule X19 are for the registrar only"
    for engine in ((), ("--engine", "set")):
        assert withheld in said("--rule", "X19", *engine)
        assert "legal representative of this name" not in said(*engine)
    listed = said("--rule", "X19", "--restricted")
    assert "(周文)" in listed
    assert withheld not in listed
    whole = said("--restricted", "--format", "json")
    assert {"X19", "X18"} <= {json.loads(line)["rule"] for line in whole.splitlines()}
    assert withheld not in said("--rule", "X18")
    store = EmbeddedStore(tmp_path / "s")
    assert not store.ask('ASK { GRAPH ?g { ?finding <http://purl.org/dc/terms/identifier> "X19" } }')
    shown, open_ = outcome_of_store(store, BOOK, restricted=True), outcome_of_store(store, BOOK)
    assert shown.measures == open_.measures
    assert {f for f in shown.findings if f.rule != "X19"} == set(open_.findings)


def test_what_no_audit_has_seen_is_seen_now_and_what_is_no_filing_is_not(root: Path, tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    for record in archive()[:2]:
        Writer(store).put(record, [], name=record.source.sha256, sha256=record.source.sha256)
    for graph in [row["g"] for row in store.select("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")]:
        if "/graph/audit" in str(graph):
            store.update(f"DROP GRAPH {graph}")
    assert len(outcome_of_store(store, BOOK).unchecked) == 2
    assert not outcome_of_store(store, BOOK, engine="set").unchecked
    has = ox.NamedNode("http://www.w3.org/ns/dcat#hasCurrentVersion")
    store.write([ox.Quad(ox.NamedNode("urn:report"), has, ox.NamedNode("urn:no-filing"))])
    (left,) = outcome_of_store(store, BOOK, engine="set").unchecked
    assert left.filing == "urn:no-filing"


def test_a_term_that_no_rule_knows_is_told(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    record = archive()[0]
    Writer(store).put(record, [], name="a", sha256=record.source.sha256)
    (row,) = store.select("SELECT ?f { ?r <http://www.w3.org/ns/dcat#hasCurrentVersion> ?f }")
    assert isinstance(row["f"], ox.NamedNode)
    store.write([ox.Quad(row["f"], ox.NamedNode(NB + "misspelt"), ox.Literal("x"))])
    assert outcome_of_store(store, BOOK, engine="set").failing("violation")
    assert any("nb:misspelt" in note.text.en for note in outcome_of_store(store, BOOK, engine="set").notes)
