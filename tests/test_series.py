"""Institutions that people decided to be one: their reports are compared as one series, from the decision on."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from nianbao.cli import main
from nianbao.quality import across, audit
from nianbao.quality.reporting.summary import summaries_from
from nianbao.quality.rulebook import rulebook
from nianbao.quality.series import linked
from nianbao.review import Decision, keep
from nianbao.storage.store import EmbeddedStore
from nianbao.vocabulary import NB
from nianbao.writer import Writer
from test_across import SAMPLE, put, report

LOW, HIGH = SAMPLE["net_assets_opening"], SAMPLE["net_assets_closing"]
CODE = "12450000MB0000000D"
BASE = "https://nianbao.example/org/"


def rules_of(store: EmbeddedStore) -> dict[str, set[str]]:
    """The rules across reports that each filing breaks, by the end of its IRI."""
    found: dict[str, set[str]] = {}
    for finding in audit.findings_from(store):
        found.setdefault(finding.filing.split("/filing/")[1], set()).add(finding.rule)
    return found


def decide(store: EmbeddedStore, left: str, right: str, decision: str) -> None:
    keep(store, [Decision(left, right, decision, "登记科", "2025-06-01")])


@pytest.fixture
def store(tmp_path: Path) -> EmbeddedStore:
    """One body: by its name in 2022, by its code in 2023; and another that has nothing to do with it."""
    store = EmbeddedStore(tmp_path / "store")
    put(
        store,
        [
            report("甲馆", 2022, net_assets_opening=LOW, net_assets_closing=LOW, staff=10, sponsors=[]),
            report("甲馆", 2023, uscc=CODE, net_assets_opening=HIGH, net_assets_closing=HIGH, staff=90, sponsors=[]),
            report("丁院", 2023, sponsors=[]),
        ],
    ).check_across()
    return store


def name_of(store: EmbeddedStore, year: int) -> str:
    reports = store.select(f"SELECT ?i {{ ?r <{NB}reportingInstitution> ?i }}")
    iris = {row["i"].value for row in reports}  # type: ignore[union-attr]
    (found,) = (
        iri
        for iri in iris
        if store.ask(f"ASK {{ <{iri.replace('/org/', '/report/')}/{year}> ?p ?o }}")
        and store.ask(f'ASK {{ <{iri}> ?p "甲馆"@zh }}')
    )
    return found


@pytest.mark.parametrize("decision", ["same", "later"])
def test_reports_of_one_body_are_compared(store: EmbeddedStore, decision: str) -> None:
    left, right = name_of(store, 2022), name_of(store, 2023)
    before = rules_of(store)
    assert not any(rules & {"X01", "X13"} for rules in before.values())
    decide(store, left, right, decision)
    assert audit.unaudited(store) == 2  # the decision is known to be new, also to the next process
    assert [one.rules for one in summaries_from(store, rulebook())].count("") == 2
    assert Writer(store).check_across() == 2
    after = rules_of(store)
    assert after[f"{CODE}/2023/1"] >= {"X01", "X13"}
    assert audit.unaudited(store) == 0
    decide(store, left, right, "different")
    Writer(store).check_across()
    assert rules_of(store) == before


def test_a_series_is_whole_in_whatever_order_it_is_checked(store: EmbeddedStore) -> None:
    left, right = name_of(store, 2022), name_of(store, 2023)
    decide(store, left, right, "later")
    Writer(store).check_across()
    kept = rules_of(store)
    for touched in ([left], [right], [left, right]):
        parts = list(across.check_across(store, rulebook(), touched))
        found = {f.split("/filing/")[1]: {each.rule for each in fs} for part in parts for f, fs in part.items()}
        assert {name: rules for name, rules in found.items() if rules} == {
            name: rules for name, rules in kept.items() if name in found
        }
    assert right in across.neighbours(store, [left], rulebook())
    writer = Writer(store)
    changed = report("甲馆", 2022, net_assets_opening=LOW, net_assets_closing=HIGH, staff=90, sponsors=[])
    writer.put(changed, [], name="again", sha256="f" * 64)
    writer.check_across()
    assert not rules_of(store).get(f"{CODE}/2023/1", set()) & {"X01", "X13"}


def test_two_reports_of_one_body_on_one_year_are_told(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    put(
        store,
        [report("甲馆", 2023, sponsors=[]), report("新甲馆", 2023, uscc=CODE, text=SAMPLE["text"] + "\n", sponsors=[])],
    ).check_across()
    names = across.institutions(store)
    assert not any("X12" in rules for rules in rules_of(store).values())
    decide(store, *names, "same")
    Writer(store).check_across()
    assert [("X12" in rules) for rules in rules_of(store).values()] == [True, True]


def test_mergers_splits_and_what_is_decided_to_differ_make_no_series(store: EmbeddedStore) -> None:
    left, right = name_of(store, 2022), name_of(store, 2023)
    for decision in ("merged", "split", "different"):
        decide(store, left, right, decision)
        assert not linked(store, [across.ox.NamedNode(left)])
    decide(store, left, right, "later")
    node = across.ox.NamedNode
    assert linked(store, [node(left)]) == {node(left): node(right), node(right): node(right)}


def test_the_command_compares_at_once(store: EmbeddedStore, tmp_path: Path) -> None:
    left, right = name_of(store, 2022), name_of(store, 2023)
    store.close()
    rows = f"left,right,decision,who,when\n{left},{right},later,登记科,2025-06-01\n"
    (tmp_path / "list.csv").write_text(rows, encoding="utf-8")
    location = str(tmp_path / "store")
    done = CliRunner().invoke(main, ["review", "--store", location, "--decisions", str(tmp_path / "list.csv")])
    assert done.exit_code == 0, done.output
    assert "reports compared again" in done.output
    assert rules_of(EmbeddedStore(tmp_path / "store", read_only=True))[f"{CODE}/2023/1"] >= {"X01", "X13"}
