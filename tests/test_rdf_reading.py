"""The graph of a scan: each figure says that it was recognised and how sure that is, and the audit sees it."""

from dataclasses import replace
from pathlib import Path

import pytest

from nianbao.mapping import rdf
from nianbao.quality import audit
from nianbao.record import Record
from nianbao.vocabulary import NB
from test_rdf import Graph


@pytest.fixture(scope="module")
def scan(root: Path) -> Record:
    """An invented archive whose report was scanned."""
    return Record.from_json((root / "tests/cases/scan-2024.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def text(root: Path) -> Record:
    """An invented museum whose report is a text file."""
    return Record.from_json((root / "tests/cases/museum-2024.json").read_text(encoding="utf-8"))


def test_figures_of_a_scan_say_their_origin_and_score(scan: Record) -> None:
    g = Graph(rdf.quads(scan))
    found = {
        g.one(node, "nb:statedValue"): (
            g.local(node, "nb:characterOrigin"),
            g.one(node, "nb:recognitionScore"),
            g.one(node, "nb:confidence"),
        )
        for node in g.of("nb:Observation")
    }
    assert found == {
        "88.03": ("originOcr", "0.97", "0.97"),
        "16": ("originOcr", "0.99", "0.99"),
        "3120卷": ("originOcr", "0.985", "0.9"),
        "5.4万次": ("originOcr", "0.71", "0.4"),
    }
    assert [g.local(run, "nb:characterOrigin") for run in g.of("nb:Extraction")] == ["originOcr"]


def test_figures_of_other_files_say_nothing_of_it(text: Record) -> None:
    g = Graph(rdf.quads(text))
    assert not [q for q in g.quads if q.predicate.value in (NB + "characterOrigin", NB + "recognitionScore")]


def test_in_a_file_that_was_recognised_in_part_each_figure_says_how_it_was_read(scan: Record) -> None:
    own = replace(scan.metrics[0], places=tuple(replace(s, origin="text", score=None) for s in scan.metrics[0].places))
    g = Graph(rdf.quads(replace(scan, metrics=(own, *scan.metrics[1:]))))
    nodes = {g.one(node, "nb:statedValue"): node for node in g.of("nb:Observation")}
    assert g.local(nodes["3120卷"], "nb:characterOrigin") == "originText"
    assert g.one(nodes["3120卷"], "nb:recognitionScore") is None
    assert g.local(nodes["5.4万次"], "nb:characterOrigin") == "originOcr"


def test_a_doubtful_figure_of_a_scan_is_a_finding(scan: Record) -> None:
    found = [finding for finding in audit.check(rdf.quads(scan)) if finding.rule == "Q02"]
    assert [(finding.fault, "有 1 个数字" in finding.message.zh) for finding in found] == [("extraction", True)]
    unsure = replace(scan, box_confidence={**scan.box_confidence, "staff": 0.4})
    found = [finding for finding in audit.check(rdf.quads(unsure)) if finding.rule == "Q02"]
    assert ["有 2 个数字" in finding.message.zh for finding in found] == [True]


@pytest.mark.parametrize(
    ("name", "fault"),
    [("云湖市观澜档案馆公益", "extraction"), ("云湖市观澜档案馆.公益", None), ("云湖市观澜档案馆", "source")],
)
def test_a_dot_that_ocr_lost_is_not_the_filers_fault(scan: Record, name: str, fault: str | None) -> None:
    found = [finding for finding in audit.check(rdf.quads(replace(scan, online_name=name))) if finding.rule == "N01"]
    assert [finding.fault for finding in found] == ([fault] if fault else [])


def test_the_same_name_in_a_file_with_characters_is(text: Record) -> None:
    found = [
        finding for finding in audit.check(rdf.quads(replace(text, online_name="云湖市公益"))) if finding.rule == "N01"
    ]
    assert [finding.fault for finding in found] == ["source"]
