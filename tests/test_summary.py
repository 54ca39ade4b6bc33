"""The lines that the build keeps of what was found: always what adding up the findings gives."""

import json
from pathlib import Path
from typing import Any

import pytest

from nianbao.mapping import rdf
from nianbao.quality import audit
from nianbao.quality.reporting.outcome import outcome_of_store
from nianbao.quality.reporting.population import reports_from
from nianbao.quality.reporting.summary import Summary, counted, summaries_from, summarised
from nianbao.quality.rulebook import rulebook
from nianbao.record import Record
from nianbao.storage.store import EmbeddedStore, Store
from nianbao.vocabulary import NB
from nianbao.writer import Writer

SAMPLE: dict[str, Any] = json.loads((Path(__file__).parent / "cases/served/archives-2024.json").read_text("utf-8"))
CODE = "12450000MB0000000D"


def put(writer: Writer, name: str, year: int, file: str = "", **facts: Any) -> None:
    said = json.loads(json.dumps(SAMPLE)) | {"name": name, "year": year, "uscc": None, "other_names": []} | facts
    file = file or f"{name}-{year}"
    said["source"]["sha256"] = f"{abs(hash((file, str(facts)))):064x}"
    record = Record.from_json(json.dumps(said, ensure_ascii=False))
    writer.put(record, audit.check(rdf.quads(record)), name=file, sha256=record.source.sha256)


def lines(store: Store) -> dict[str, Summary]:
    rows = store.select(
        f"PREFIX nb: <{NB}> PREFIX dcat: <http://www.w3.org/ns/dcat#> "
        "SELECT ?f ?line { GRAPH ?g { ?f nb:auditSummary ?line } ?r dcat:hasCurrentVersion ?f }"
    )
    return {row["f"].value: Summary.of(row["f"].value, row["line"].value) for row in rows}  # type: ignore[union-attr]


def is_right(store: Store) -> int:
    """Whether each current filing has its line, and it is what the findings give; how many findings there are."""
    rules = rulebook()
    kept = lines(store)
    filings = {report.filing: report for report in reports_from(store, rules)}
    assert kept.keys() == filings.keys()
    assert {one.filing: one for one in summarised(store, sorted(filings), rules)} == kept
    assert {one.filing: one for one in summaries_from(store, rules)} == kept
    found = audit.findings_from(store)
    for filing, one in kept.items():
        report = filings[filing]
        assert one.found == counted(finding for finding in found if finding.filing == filing)
        assert (one.report, one.year, one.division) == (report.iri, str(report.year), report.division)
        assert (one.sponsors, bool(one.rules)) == (report.sponsors, report.audited)
    return len(found)


def test_lines_are_right_after_every_change(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    writer = Writer(store)
    put(writer, "甲馆", 2023, staff=10)
    put(writer, "甲馆", 2024, staff=90)
    put(writer, "乙馆", 2024, uscc=CODE, sponsors=["丙市教育局", "丁市财政局"])
    assert {one.rules for one in lines(store).values()} == {""}  # not compared yet: pages say so
    writer.check_across()
    before = is_right(store)
    put(writer, "甲馆", 2024, "corrected", staff=11, filing_date="2025-09-01")  # a further version
    writer.check_across()
    assert is_right(store) < before + 10
    put(writer, "乙馆", 2024, "乙馆-2024", uscc=CODE, sponsors=[])  # read again
    writer.check_across()
    is_right(store)
    put(writer, "乙馆", 2025, uscc=None, sponsors=["丙市教育局"])
    writer.check_across()
    is_right(store)
    writer.remove(writer.filed[writer.by_file["corrected"]])  # the older version is the current one again
    writer.check_across()
    assert is_right(store)
    writer.remove(writer.filed[writer.by_file["乙馆-2024"]])
    writer.check_across()
    assert is_right(store)


def test_between_the_filing_and_the_comparison_nothing_is_hidden(tmp_path: Path) -> None:
    """A build may be killed there: what it wrote is whole, counts, and is not said to have been checked."""
    store = EmbeddedStore(tmp_path / "store")
    writer = Writer(store)
    put(writer, "甲馆", 2023, staff=10)
    put(writer, "甲馆", 2024, staff=90)
    writer.check_across()
    put(writer, "甲馆", 2024, "corrected", staff=700, filing_date="2025-09-01")
    del writer
    rules = rulebook()
    found = audit.findings_from(store)
    summaries = summaries_from(store, rules)
    assert {one.filing for one in summaries} == {report.filing for report in reports_from(store, rules)}
    assert "" in {one.rules for one in summaries}
    for one in summaries:
        assert one.found == counted(finding for finding in found if finding.filing == one.filing)
    Writer(store).check_across()
    is_right(store)


def test_a_store_without_lines_is_added_up(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    writer = Writer(store)
    put(writer, "甲馆", 2023, staff=10)
    put(writer, "甲馆", 2024, staff=90)
    writer.check_across()
    kept = lines(store)
    store.update(
        f"PREFIX nb: <{NB}> "
        "DELETE { GRAPH ?g { ?f nb:auditSummary ?x } } "
        "WHERE { GRAPH ?g { ?f nb:auditSummary ?x } }"
    )
    assert not lines(store)
    assert {one.filing: one for one in summaries_from(store, rulebook())} == kept


@pytest.mark.parametrize("sponsors", [(), ("某“局”\n\\", "乙局")])
def test_a_line_says_all_of_a_summary(sponsors: tuple[str, ...]) -> None:
    one = Summary(
        report="urn:r",
        filing="urn:f",
        year="2024",
        division="450103",
        sponsors=sponsors,
        rules="x",
        found={"F": [1, 0, 2]},
    )
    assert Summary.of("urn:f", one.line()) == one


def test_the_numbers_are_those_of_the_audit(served: Path) -> None:
    store = EmbeddedStore(served, read_only=True)
    done = outcome_of_store(store, rulebook())
    sums = [0, 0, 0]
    for one in summaries_from(store, rulebook()):
        for each in one.found.values():
            sums = [a + b for a, b in zip(sums, each, strict=True)]
    assert sums == list(done.counts.values())
