"""A finding that rests on what may be misread blames the reading, not the report."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nianbao.mapping import rdf
from nianbao.quality import across, audit
from nianbao.quality.findings import Finding
from nianbao.quality.rulebook import rulebook
from nianbao.quality.shapes import with_thresholds
from nianbao.record import ChangesSection, Issue, Money, Record
from nianbao.report import read_report
from nianbao.storage.store import EmbeddedStore
from nianbao.writer import Writer
from test_across import report

HERE = Path(__file__).parent
ENGINES: tuple[audit.Engine, ...] = ("set", "pyshacl")
BOXES = ("net_assets_opening", "net_assets_closing", "initial_capital", "staff", "name", "online_name", "filing_date")
SOURCE, READING = ("source", False, False), ("extraction", True, True)


def faulty(**facts: Any) -> Record:
    """A museum's report that breaks several rules; the boxes stand behind its text."""
    record = Record.from_json((HERE / "cases/museum-2024.json").read_text(encoding="utf-8"))
    amounts = {key: Money(value=Decimal(value), stated=str(value)) for key, value in (
        ("initial_capital", 1_000_000), ("net_assets_opening", 1_000_000), ("net_assets_closing", 9_000_000)
    )}  # fmt: skip
    assert record.cover is not None
    said = {
        **amounts,
        "cover": replace(record.cover, name="青萝馆"),
        "online_name": "青萝",
        "filing_date": "2025-04-09",
        "boxes": {box: (5000 + 10 * place, 5005 + 10 * place) for place, box in enumerate(BOXES)},
        "metrics": tuple(
            replace(m, subject="观众满意率", value=Decimal(130)) if m.stated == "98.5%" else m for m in record.metrics
        ),
    }
    return replace(record, **(said | facts))


def doubted(record: Record, *passages: tuple[int, int]) -> Record:
    """The record with passages that stand in woven lines whose repair is not sure."""
    return replace(record, repair=replace(record.repair, doubtful_passages=passages))


def blamed(finding: Finding) -> tuple[str, bool, bool]:
    return finding.fault, "读取存疑" in finding.message.zh, "may be misread" in finding.message.en


def faults(record: Record, engine: audit.Engine = "set") -> dict[str, tuple[str, bool, bool]]:
    return {finding.rule: blamed(finding) for finding in audit.check(rdf.quads(record), engine=engine)}


@pytest.mark.parametrize("engine", ENGINES)
def test_without_a_doubt_the_report_is_blamed(engine: audit.Engine) -> None:
    found = faults(faulty(), engine)
    assert {"A06", "F06", "F07", "ID07", "N01", "S03"} <= found.keys()
    assert set(found.values()) == {SOURCE}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("box", "rules"),
    [
        ("net_assets_opening", {"F07"}),
        ("net_assets_closing", {"F06", "F07"}),
        ("initial_capital", {"F06"}),
        ("staff", set()),
        ("name", {"ID07"}),
        ("filing_date", {"S03"}),
    ],
)
def test_a_box_in_a_doubtful_line(engine: audit.Engine, box: str, rules: set[str]) -> None:
    record = faulty()
    found = faults(doubted(record, (record.boxes[box][1] - 1, record.boxes[box][1] + 5)), engine)
    assert {rule for rule, blame in found.items() if blame == READING} == rules
    assert {rule for rule, blame in found.items() if blame == SOURCE} == found.keys() - rules


def test_a_box_that_recognition_is_not_sure_of() -> None:
    assert faults(faulty(box_confidence={"filing_date": 0.49}))["S03"] == READING
    assert faults(faulty(box_confidence={"filing_date": 0.5}))["S03"] == SOURCE


def test_a_figure_of_the_narrative_in_a_doubtful_line_or_of_low_confidence(tmp_path: Path) -> None:
    record = faulty()
    (share,) = [m for m in record.metrics if m.stated == "98.5%"]
    assert faults(doubted(record, (share.start, share.start + 1)))["A06"] == READING
    assert faults(doubted(record, (share.end, share.end + 1)))["A06"] == SOURCE
    low = faulty(metrics=tuple(replace(m, confidence=0.4) if m.stated == share.stated else m for m in record.metrics))
    assert faults(low)["A06"] == READING
    (tmp_path / "t.toml").write_text("confidenceMinimum = 0.4")
    lax = rulebook(with_thresholds(tmp_path / "t.toml"))
    assert [blamed(f) for f in audit.check(rdf.quads(low), rules=lax) if f.rule == "A06"] == [SOURCE]


def test_a_code_whose_characters_recognition_doubts() -> None:
    record = faulty(uscc="12990000FX0000123E")
    record = replace(record, text="统一社会信用代码12990000FX0000123E" + record.text)
    issue = Issue(code="NB-OCR-NUMBER", message="…", remedy="…", start=20, end=21)
    assert faults(record)["ID02"] == SOURCE
    assert faults(replace(record, issues=(issue,)))["ID02"] == READING
    assert faults(replace(record, issues=(replace(issue, start=2, end=5),)))["ID02"] == SOURCE


@pytest.mark.parametrize("doubtful", [2023, 2024, None])
def test_across_reports_a_doubt_of_either_year_counts(doubtful: int | None) -> None:
    boxes = {"legal_representative": [1, 4], "initial_capital": [5, 9], "address": [10, 12]}
    amounts = [{"value": value, "unit": "元", "stated": str(value)} for value in (10, 20)]
    pair = [
        report("甲馆", 2023, boxes=boxes, legal_representative="周文", initial_capital=amounts[0]),
        report("甲馆", 2024, boxes=boxes, legal_representative="赵青", initial_capital=amounts[1]),
    ]
    data = [quad for each in pair for quad in rdf.quads(doubted(each, (0, 6)) if each.year == doubtful else each)]
    found, _ = across.check_data(data, rulebook())
    assert {f.rule: blamed(f) for f in found if f.rule in ("X03", "X08")} == dict.fromkeys(
        ("X03", "X08"), READING if doubtful else SOURCE
    )


def test_the_blame_is_kept_in_the_store(tmp_path: Path) -> None:
    record = faulty()
    store = EmbeddedStore(tmp_path / "store")
    record = doubted(record, record.boxes["filing_date"])
    Writer(store).put(record, audit.check(rdf.quads(record)), name="a.txt", sha256="0" * 64)
    found = {f.rule: blamed(f) for f in audit.findings_from(store)}
    assert found["S03"] == READING
    assert found["F06"] == SOURCE


def test_a_woven_report_tells_where_its_doubtful_lines_stand(shared: Path) -> None:
    record = read_report(shared / "corpus/reports/A24.scrambled.txt")
    assert record.repair.doubtful
    text = "".join(record.text[start:end] for start, end in record.repair.doubtful_passages)
    lines = [step.repaired for step in record.repair.steps if step.line in record.repair.doubtful]
    assert "".join(text.split()) == "".join("".join(lines).split())
    assert Record.from_json(json.dumps(json.loads(record.to_json()))) == record


@pytest.mark.parametrize("engine", ENGINES)
def test_what_a_scan_lacks_may_not_have_been_read(engine: audit.Engine) -> None:
    """An absence in a scan, or where a page was lost, asks for a look at the original; one in a text file does not."""
    lacking = faulty(registration_changes=ChangesSection(), sponsors=(), filing_date=None)
    lost = Issue(code="NB-READ-PAGE-LOST", message="page 2 of 3 cannot be read", remedy="ask for the file again")
    for record, blame in (
        (lacking, SOURCE),
        (replace(lacking, source=replace(lacking.source, reader="ocr")), READING),
        (replace(lacking, issues=(lost,)), READING),
    ):
        told = faults(record, engine)
        assert {told[rule] for rule in ("R07", "R10", "S03")} == {blame}
        assert told["F06"] == SOURCE  # what is there was read
