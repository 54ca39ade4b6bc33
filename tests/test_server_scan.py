"""The page of a filing that was scanned says beside each figure that it was recognised, and how surely."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from nianbao.mapping import rdf
from nianbao.quality import audit
from nianbao.record import Gift, Record
from nianbao.storage.store import EmbeddedStore
from nianbao.writer import Writer
from nianbao_server import create_app
from test_server_pages import HTML, Page


@pytest.fixture(scope="module")
def record(root: Path) -> Record:
    read = Record.from_json((root / "tests/cases/scan-2024.json").read_text("utf-8"))
    assert read.net_assets_closing
    start = len(read.text) + 1
    amount = replace(read.net_assets_closing, stated="2万元", start=start + 2, end=start + 5, value=Decimal(20000))
    donations = replace(read.donations, stated="捐赠2万元", start=start, end=start + 5, gifts=(Gift(amount=amount),))
    return replace(
        read,
        text=f"{read.text}\n捐赠2万元",
        donations=donations,
        box_confidence={**read.box_confidence, "staff": 0.4},
        boxes={**read.boxes, "donations": (start, start + 5)},
    )


@pytest.fixture(scope="module")
def client(record: Record, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder = tmp_path_factory.mktemp("scan") / "store"
    store = EmbeddedStore(folder)
    writer = Writer(store)
    writer.load_ontology()
    writer.put(record, audit.check(rdf.quads(record)), name=record.source.path, sha256=record.source.sha256)
    store.close()
    app = create_app(str(folder))
    yield app.test_client()
    app.extensions["nianbao"].close()


@pytest.mark.parametrize(("lang", "word"), [("zh", "识别"), ("en", "recognised")])
def test_each_figure_of_a_scan_has_its_score(client: FlaskClient, record: Record, lang: str, word: str) -> None:
    path = rdf.filing_iri(record).split("nianbao.example", 1)[1]
    response = client.get(f"{path}?lang={lang}", headers=HTML)
    assert response.status_code == 200
    text = Page(response.text).text
    for score in ("0.97", "0.99", "0.98", "0.71"):  # net assets, staff, two figures of the narrative
        assert f"OCR {score} · {word}" in text
    assert text.count(f"· {word}") == 5  # the fifth is the amount of a gift


def test_figures_of_a_text_have_none(served: Path, root: Path) -> None:
    told = Record.from_json((root / "tests/cases/served/archives-2023.json").read_text("utf-8"))
    app = create_app(str(served))
    path = rdf.filing_iri(told).split("nianbao.example", 1)[1]
    response = app.test_client().get(f"{path}?lang=zh", headers=HTML)
    app.extensions["nianbao"].close()
    assert response.status_code == 200
    assert "OCR" not in response.text


def test_figures_of_low_confidence_ask_to_be_looked_at(client: FlaskClient, record: Record) -> None:
    """Those that rule Q02 names, and no others: the number of staff, and one figure of the narrative."""
    path = rdf.filing_iri(record).split("nianbao.example", 1)[1]
    text = Page(client.get(f"{path}?lang=zh", headers=HTML).text).text
    (finding,) = (finding for finding in audit.check(rdf.quads(record)) if finding.rule == "Q02")
    assert finding.message.zh.startswith("有 2 个数字")
    assert "5.4万次" in finding.message.zh
    assert text.count("OCR 0.71 · 识别 请核对") == 1
    assert text.count("识别 请核对") == 2


def test_every_page_that_shows_a_figure_of_a_scan_says_so(client: FlaskClient, record: Record) -> None:
    """The report, the years of the institution, an indicator."""
    filing = rdf.filing_iri(record)
    report = filing.rpartition("/")[0].replace("/filing/", "/report/")
    shown = client.get(report.split("nianbao.example", 1)[1] + "?lang=zh", headers=HTML)
    assert shown.status_code == 200
    text = Page(shown.text).text
    assert "OCR 0.97 · 识别" in text
    assert text.count("· 识别") == sum(
        value is not None
        for value in (record.initial_capital, record.net_assets_opening, record.net_assets_closing, record.staff)
    )
    years = client.get(
        report.rpartition("/")[0].replace("/report/", "/org/").split("nianbao.example", 1)[1], headers=HTML
    )
    assert Page(years.text).text.count("OCR") == text.count("OCR")
    indicator = client.get("/indicator/staff?lang=zh", headers=HTML)
    assert "OCR 0.99 · 识别" in Page(indicator.text).text
