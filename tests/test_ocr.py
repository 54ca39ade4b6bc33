"""OCR: doubtful numbers, upright pictures, ruling lines, and whole scans of the invented report."""

import builtins
import re
import socket
import sys
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pikepdf
import pytest

from generate import pdf as printed
from nianbao.errors import ReadError
from nianbao.mapping import rdf
from nianbao.quality import audit
from nianbao.reading import read_document
from nianbao.reading.compose import compose
from nianbao.reading.layout import Line, Page
from nianbao.reading.limits import DEFAULT
from nianbao.reading.ocr import read
from nianbao.reading.ocr.doubts import doubted
from nianbao.reading.ocr.numbers import doubts
from nianbao.reading.places import Locator, located, places
from nianbao.reading.sandbox import read_apart, usage
from nianbao.record import Issue, Metric, Record, Source
from nianbao.report import read_report
from nianbao.vocabulary import NBC


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


def boxes(record: Record) -> dict[str, str]:
    return {key: bare(record.text[start:end]) for key, (start, end) in record.boxes.items()}


# ---------------------------------------------------------------- numbers


@pytest.mark.parametrize(
    ("text", "doubtful"),
    [
        ("收入688.336.96元", "688.336.96"),
        ("收入1,23,456元", "1,23,456"),
        ("收入12,34元", "12,34"),
        ("共102.个", "102."),
        ("增长3：05%，", "3：05%"),
        ("增长3:05亿元", "3:05"),
        ("新增1O3处", "1O3"),
        ("新增l23处", "l23"),
        ("新增12O处", "12O"),
        ("增长.5%", ".5%"),
        ("占比045%", "045%"),
        ("资金045万元", "045"),
        ("合格率达9975%", "9975%"),
        ("合格率达%，", "%"),
        ("共有12 345户", "12 345"),
        ("同比下降 1 2.5%", "1 2.5%"),
    ],
)
def test_odd_numbers_are_doubtful(text: str, doubtful: str) -> None:
    found = [text[doubt.start : doubt.end] for doubt in doubts(text, [1.0] * len(text))]
    assert doubtful in found


@pytest.mark.parametrize(
    "text",
    [
        "收入1,234,567.89元，同比增长18.25%，下降-3.2%",
        "2024.03.18至2025-01-02，8:30-17:30开放",
        "1.建设\n1.2 运行\n（1.）其他",
        "统一社会信用代码12530000431200152A",
        "ISO9001认证，A4纸，5G基站，B1层，3S技术，4A级景区",
        "比例为1:3，电话0790-5550126，2025年03月08日",
        "100%，1500%以下另计",
    ],
)
def test_ordinary_numbers_are_not(text: str) -> None:
    found = [text[doubt.start : doubt.end] for doubt in doubts(text, [1.0] * len(text))]
    assert found in ([], ["1500%"])


def test_low_scores_are_doubtful_but_only_those_of_ocr() -> None:
    text = "共36处，另有58处"
    scores: list[float | None] = [0.99] * len(text)
    scores[2] = 0.6
    scores[8] = None
    assert [text[d.start : d.end] for d in doubts(text, scores)] == ["36"]
    assert "0.60" in next(doubts(text, scores)).why


def test_doubts_name_their_page_and_lower_the_confidence() -> None:
    text = "共1O3处，另有58处"
    scores = tuple([0.97] * len(text))
    edges = tuple(100.0 + 10 * n for n in range(len(text) + 1))
    line = Line(text=text, box=(100, 200, edges[-1], 212), edges=edges, origin="ocr", score=0.97, scores=scores)
    composed = compose([Page(number=4, width=600, height=800, blocks=(line,))])
    runs = [(0, len(text), 0, composed.lines[0].index("共"))]
    told: dict[str, Any] = {
        "unit": "处",
        "subject": "x",
        "stated": "x",
        "quote": "x",
        "activity": None,
        "kind": "level",
    }
    told |= {"bound": "exact", "accumulation": "period"}
    metrics = (
        Metric(value=103, start=1, end=5, confidence=0.9, **told),
        Metric(value=58, start=8, end=11, confidence=0.99, **told),
    )
    record = doubted(Record(source=Source(path="x", sha256=""), text=text, metrics=metrics), composed, runs)
    assert [(issue.code, issue.start, issue.end) for issue in record.issues] == [("NB-OCR-NUMBER", 1, 4)]
    assert record.issues[0].message.startswith("page 4 at 110, 200 pt: '1O3'")
    assert [metric.confidence for metric in record.metrics] == [0.4, 0.97]


def test_places_lie_on_the_page_as_it_was_scanned() -> None:
    box = (500.0, 100.0, 512.0, 112.0)
    line = Line(text="数", box=box, edges=(500.0, 512.0), origin="ocr", score=0.9, scores=(0.9,))
    composed = compose([Page(number=1, width=600, height=800, blocks=(line,), skew=1.0)])
    place = places(composed, [(0, 1, 0, composed.lines[0].index("数"))], "数")[0]
    # One degree clockwise about (300, 400): the upper right goes right and down.
    assert place.box == pytest.approx((505.0, 103.5, 517.3, 115.8), abs=0.2)
    assert (place.origin, place.score) == ("ocr", 0.9)


# ---------------------------------------------------------------- pictures


@pytest.mark.parametrize("angle", [-1.8, 0.0, 0.7, 4.0])
def test_skew_is_measured_and_turned_back(scan: ModuleType, angle: float) -> None:
    from nianbao.reading.ocr.rules import ruled
    from nianbao.reading.ocr.straight import skew, turned_back, whitened

    wear = replace(scan.HARD, dpi=100, skew=angle)
    sheet = printed.sheets(printed.Style())[0]
    image = scan.worn(scan.drawn(sheet, 100, scan.font_path()), wear)
    plain = whitened(np.asarray(image))
    assert skew(plain) == pytest.approx(angle, abs=0.1)
    tables, lined = ruled(turned_back(plain, skew(plain)), 100 / 72)
    drawn = {(round(x0), round(y0), round(x1), round(y1)) for x0, y0, x1, y1 in sheet.cells}
    assert sum(len(table.fields) for table in tables) == len(drawn)
    assert 0.01 < lined.mean() < 0.1
    assert (plain < 128)[lined].mean() > 0.2 if not angle else True


def test_a_red_seal_vanishes_and_the_text_under_it_stays(scan: ModuleType) -> None:
    from nianbao.reading.ocr.straight import whitened

    page = np.full((200, 200, 3), 235, np.uint8)
    for rows, columns in ((slice(50, 56), slice(50, 150)), (slice(50, 150), slice(97, 103))):
        page[rows, columns] = (210, 60, 50)
    page[95:105, 20:180] = (40, 35, 30)
    white = whitened(page)
    assert white[70, 100] == 255
    assert white[100, 100] < 100
    assert white[100, 30] < 100


def test_ink_without_a_line_is_found(scan: ModuleType) -> None:
    from nianbao.reading.ocr.forgotten import completed

    page = np.full((300, 600), 255, np.uint8)
    page[100:130, 100:300] = 0  # a line that was found …
    page[100:130, 310:330] = 0  # … its next character …
    page[200:230, 400:415] = 0  # … a figure far from it …
    page[20:23, 20:23] = 0  # … and a speck
    longer, others = completed(page, [(95, 95, 305, 135)], em=32.0)
    assert [box[2] >= 330 for box in longer] == [True]
    assert len(others) == 1
    assert others[0][0] < 400 < 415 < others[0][2]


def test_grey_seals_are_taken_away_and_the_print_under_them_stays(scan: ModuleType) -> None:
    from nianbao.reading.ocr.rules import ruled
    from nianbao.reading.ocr.seals import seals, unsealed
    from nianbao.reading.ocr.straight import whitened

    sheet = printed.sheets(printed.Style())[0]
    wear = replace(scan.MILD, skew=0.0)
    page = scan.drawn(sheet, 200, scan.font_path())
    plain, over = (whitened(np.asarray(scan.worn(image, wear))) for image in (page, scan.sealed(page, sheet, 200, 110)))
    scale = 200 / 72
    assert seals(plain, scale) == []
    found = seals(over, scale)
    assert len(found) == 5
    assert all(40 * scale <= seal.radius <= 46 * scale for seal in found)
    clean, dark, seal = unsealed(over, found), plain < 60, (over < 200) & (plain > 240)
    assert (clean[dark] < 160).mean() > 0.99
    assert (clean[seal] < 200).mean() < 0.35
    assert len(ruled(over, scale, found)[0][0].fields) == len(sheet.cells)


def test_figures_under_a_seal_are_in_doubt() -> None:
    pytest.importorskip("cv2")
    from nianbao.reading.ocr.models import Char
    from nianbao.reading.ocr.page import _covered, _Words
    from nianbao.reading.ocr.seals import Seal

    words = _Words((100, 100, 200, 120), [Char("1", 10.0, 0.99), Char("4", 90.0, 0.99)])
    scores = [char.score for char in _covered(words, [Seal(210, 110, 40)]).chars]
    assert scores == [0.99, 0.85]
    assert _covered(words, [Seal(400, 110, 40)]) is words


@pytest.mark.parametrize(
    ("read", "steps", "text", "wide"),
    [
        (
            "（2 0 2 4年",
            (20, 10, 10, 10, 10, 10, 10, 20),
            "（2024年",
            {1, 2, 3, 4},
        ),  # ２０２４, with blanks read into it
        ("降12.5%", (20, 20, 13, 13, 15), "降12.5%", {1, 2}),
        ("共36处", (15, 10, 15), "共36处", set()),
        ("共3 6处", (15, 15, 15, 15), "共3 6处", set()),  # too far apart to be one number
        ("2023 2024", (10, 10, 10, 10, 10, 10, 10, 10), "2023 2024", set()),
    ],
)
def test_digits_at_full_width_are_one_number_in_doubt(
    read: str, steps: tuple[int, ...], text: str, wide: set[int]
) -> None:
    pytest.importorskip("cv2")
    from nianbao.reading.ocr.models import Char
    from nianbao.reading.ocr.page import _full_width, _Words

    places = accumulate(steps, initial=10)
    line = _Words((0, 0, 400, 30), [Char(char, float(x), 1.0) for char, x in zip(read, places, strict=True)])
    found, where = _full_width(line, 20.0)
    assert (found.text, where) == (text, wide)
    assert {n for n, char in enumerate(found.chars) if char.score < 0.9} == wide


@pytest.mark.parametrize(
    ("read", "cleaned"),
    [
        ("澄溪市水文中心.公益", "澄溪市水文中心.公益"),
        ("澄溪市水文中心. 政务", "澄溪市水文中心. 政务"),
        ("工作。.", "工作。"),
        ("办件1，530件", "办件1,530件"),
        ("分别为1，5300件", "分别为1，5300件"),
    ],
)
def test_specks_go_and_dots_of_names_stay(read: str, cleaned: str) -> None:
    pytest.importorskip("cv2")
    from nianbao.reading.ocr.models import Char
    from nianbao.reading.ocr.page import _cleaned

    found = _cleaned([Char(char, 10.0 * n, 1.0) for n, char in enumerate(read)])
    assert "".join(char.char for char in found) == cleaned
    assert [char.char for char in found if char.score < 0.9] == ([","] if "," in cleaned else [])


@pytest.mark.parametrize(
    ("name", "doubts"),
    [("澄溪中心公益", 1), ("澄溪中心.公益", 0), ("澄溪中心·政务", 0), ("无", 0), ("澄溪中心，公益", 1)],
)
def test_an_online_name_without_its_dot_is_in_doubt(name: str, doubts: int) -> None:
    for origin, told in (("ocr", doubts), ("text", 0)):
        line = Line(text=name, box=(100, 200, 180, 212), origin=origin, score=0.97 if origin == "ocr" else None)
        composed = compose([Page(number=1, width=600, height=800, blocks=(line,))])
        record = Record(source=Source(path="x", sha256=""), text=name, boxes={"online_name": (0, len(name))})
        runs = [(0, len(name), 0, composed.lines[0].index(name))]
        issues = doubted(located(record, composed, runs), composed, runs).issues
        assert [issue.code for issue in issues] == ["NB-OCR-NAME"] * told


def test_spots_say_origin_and_the_score_of_their_least_sure_character() -> None:
    text = "共36处，另58处"
    scores = (0.99, 0.95, 0.9, 0.99, 0.4, 0.99, 0.97, 0.98, 0.99)
    edges = tuple(100.0 + 10 * n for n in range(len(text) + 1))
    line = Line(text=text, box=(100, 200, edges[-1], 212), edges=edges, origin="ocr", score=0.9, scores=scores)
    composed = compose([Page(number=4, width=600, height=800, blocks=(line,))])
    runs = [(0, len(text), 0, composed.lines[0].index("共"))]
    spots = [spot for a, b in ((1, 3), (6, 8), (0, len(text))) for spot in Locator(composed, runs, text).spots(a, b)]
    assert [(spot.page, spot.origin, spot.score) for spot in spots] == [
        (4, "ocr", 0.9),
        (4, "ocr", 0.97),
        (4, "ocr", 0.4),
    ]
    own = compose(
        [Page(number=4, width=600, height=800, blocks=(replace(line, origin="text", score=None, scores=()),))]
    )
    assert [(s.origin, s.score) for s in Locator(own, runs, text).spots(1, 3)] == [("text", None)]


# ---------------------------------------------------------------- whole scans


@pytest.mark.slow
def test_a_scan_is_read_box_by_box(scan: ModuleType, tmp_path: Path) -> None:
    wear = replace(scan.HARD, dpi=150, skew=1.3)
    style = printed.Style(cover=False)
    path = tmp_path / "scan.pdf"
    path.write_bytes(scan.as_pdf(scan.scans(style, wear)[:1], wear))
    record = read_report(path)
    truth = {key: bare(text) for key, text in printed.truth(style).items()}
    found = boxes(record)
    first = [key for key in truth if key in found and key != "activities"]
    assert {key: found[key] for key in first} == {key: truth[key] for key in first}
    assert len(first) >= 12
    assert truth["activities"].startswith(found["activities"][:150])
    assert record.source.reader == "ocr"
    assert [issue.code for issue in record.issues][:1] == ["NB-OCR-PAGES"]
    assert {place.origin for place in record.places} == {"ocr"}
    assert all(place.score and place.score > 0.5 for place in record.places)
    assert record.metrics
    assert all(metric.places and metric.confidence < 1 for metric in record.metrics)
    spots = [spot for metric in record.metrics for spot in metric.places]
    assert all(spot.origin == "ocr" and spot.score and spot.score > 0.3 for spot in spots)
    assert record.net_assets_closing
    assert [spot.origin for spot in record.net_assets_closing.places] == ["ocr"]
    assert record.box_confidence["staff"] == pytest.approx(record.box_places["staff"][0].score, abs=0.006)
    assert usage().memory < 1.2e9


@pytest.mark.slow
def test_an_image_is_read_without_any_network(scan: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("OCR opened a socket")

    sheet = printed.Sheet()
    sheet.texts.append(printed.Text([(char, 80 + 12.0 * n) for n, char in enumerate("水文监测")], 100, 12))
    sheet.texts.append(printed.Text([(char, 80 + 6.0 * n) for n, char in enumerate("1,204.57")], 130, 12))
    image = scan.worn(scan.drawn(sheet, 200, scan.font_path()), scan.MILD)
    data = scan.as_image([image, image], scan.MILD, "TIFF")
    monkeypatch.setattr(socket, "socket", refuse)
    found = list(read(data))
    monkeypatch.undo()
    assert [page.number for page in found if isinstance(page, Page)] == [1, 2]
    for page in found:
        assert isinstance(page, Page)
        assert [bare(line.text) for line in page.blocks if isinstance(line, Line)] == ["水文监测", "1,204.57"]


@pytest.mark.slow
def test_a_page_on_its_side_is_turned_and_its_places_are_not(scan: ModuleType) -> None:
    sheet = printed.Sheet()
    for n in range(6):
        text = f"水文监测数据汇交工作第{n}批"
        sheet.texts.append(printed.Text([(char, 80 + 12.0 * at) for at, char in enumerate(text)], 100 + 30 * n, 12))
    image = scan.worn(scan.drawn(sheet, 200, scan.font_path()), replace(scan.MILD, skew=0.0))
    page = next(iter(read(scan.as_image([image.rotate(-90, expand=True)], scan.MILD, "PNG"))))
    assert isinstance(page, Page)
    assert page.skew == pytest.approx(90, abs=0.3)
    composed = compose([page])
    assert [bare(line) for line in composed.lines] == [f"水文监测数据汇交工作第{n}批" for n in range(6)]
    box = places(composed, [(0, 2, 0, composed.lines[0].index("水"))], "水文")[0].box
    assert box == pytest.approx((739, 80, 752, 104), abs=4)  # 842 - 100 points from the left, running down


@pytest.mark.slow
def test_only_the_page_without_text_is_recognised(scan: ModuleType, shared: Path) -> None:
    record = read_report(shared / "samples/mixed_scan_text.pdf")
    origins = {page: {place.origin for place in record.places if place.page == page} for page in (1, 2)}
    assert origins == {1: {"ocr"}, 2: {"text"}}
    assert any(issue.message.startswith("page 1 of 2 was read by OCR") for issue in record.issues)
    found = boxes(record)
    assert (found["net_assets_opening"], found["net_assets_closing"], found["staff"]) == ("2047.36", "1985.72", "74")
    assert found["initial_capital"] == "865.5万元"


def test_what_could_not_be_recognised_is_said(scan: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.reading.ocr import page

    lost = tuple(Line(text="X", box=(100 + n, 200, 110 + n, 210), origin="ocr", score=0.3) for n in range(2))
    monkeypatch.setattr(page, "read_picture", lambda picture: Page(number=picture.number, overlay=lost))
    found = list(read(scan.as_image([scan.Image.new("L", (400, 500), 255)], scan.MILD, "PNG")))
    issues = [one for one in found if isinstance(one, Issue)]
    assert [issue.code for issue in issues] == ["NB-OCR-LOST"]
    assert issues[0].message.startswith("page 1: what stands at 100, 200; 101, 200 pt could not be recognised")


def test_a_line_of_low_score_is_set_aside_not_dropped(scan: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.reading.ocr import page
    from nianbao.reading.ocr.models import Char
    from nianbao.reading.pdf.render import Picture

    white = np.full((400, 500), 255, np.uint8)
    boxes = [((100, 100, 300, 120), 4), ((100, 200, 300, 220), 4)]
    monkeypatch.setattr(page, "find_lines", lambda picture: boxes)
    monkeypatch.setattr(page, "upside_down", lambda crops: False)
    told = {0: 0.97, 1: 0.3}
    monkeypatch.setattr(
        page,
        "read_lines",
        lambda crops: [[Char("水", 10.0, told[n]), Char("文", 40.0, told[n])] for n in range(len(crops))],
    )
    found = page.read_picture(Picture(1, white, 200 / 72))
    assert [(line.text, line.score) for line in found.overlay] == [("水文", 0.3)]
    assert [bare(line.text) for line in found.blocks if isinstance(line, Line)] == ["水文"]


@pytest.mark.slow
def test_figures_under_grey_seals_are_right_or_flagged(scan: ModuleType, tmp_path: Path) -> None:
    wear = replace(scan.MILD, seals=120)
    path = tmp_path / "seals.pdf"
    path.write_bytes(scan.as_pdf(scan.scans(printed.Style(), wear)[:1], wear))
    record = read_report(path)
    truth, found = printed.truth(printed.Style()), boxes(record)
    for key in ("net_assets_opening", "net_assets_closing", "staff"):
        start, end = record.boxes.get(key, (0, 0))
        doubts = [issue for issue in record.issues if issue.start is not None and start <= issue.start < end]
        assert doubts, key  # a seal lies over each of them
        assert record.box_confidence[key] <= 0.4
    right = [key for key in ("net_assets_opening", "net_assets_closing", "staff") if found[key] == truth[key]]
    assert len(right) >= 2


# ---------------------------------------------------------------- limits, damage, not installed


def test_pages_beyond_the_limit_are_said(scan: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    from nianbao.reading.ocr import page

    monkeypatch.setattr(page, "read_picture", lambda picture: Page(number=picture.number))
    blank = [scan.Image.new("L", (400, 500), 255)] * 3
    found = list(read(scan.as_image(blank, scan.MILD, "TIFF"), replace(DEFAULT, ocr_pages=2)))
    assert [one.number for one in found if isinstance(one, Page)] == [1, 2, 3]
    assert [one.message[:19] for one in found if isinstance(one, Issue)] == ["page 3 was not read"]


def test_images_that_are_too_large_or_damaged_are_refused(scan: ModuleType) -> None:
    wide = scan.as_image([scan.Image.new("L", (3000, 3000), 255)], scan.MILD, "PNG")
    with pytest.raises(ReadError) as error:
        list(read_apart("ocr", wide, replace(DEFAULT, image_pixels=1_000_000)))
    assert error.value.code == "NB-READ-PAGE-SIZE"
    for data in (wide[:400], wide[:8] + b"\0" * 500):
        with pytest.raises(ReadError) as error:
            list(read_apart("ocr", data))
        assert error.value.code == "NB-READ-DAMAGED"


@pytest.fixture
def without_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """As where the extra is not installed."""
    original = builtins.__import__

    def missing(name: str, *rest: Any, **named: Any) -> ModuleType:
        if name.split(".")[0] in ("cv2", "onnxruntime", "rapidocr", "PIL"):
            raise ImportError(name=name)
        return original(name, *rest, **named)

    for name in [name for name in sys.modules if name.startswith("nianbao.reading.ocr.") and "numbers" not in name]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setattr(builtins, "__import__", missing)


def test_without_the_extra_the_remedy_is_named(without_ocr: None) -> None:
    with pytest.raises(ReadError, match=re.escape("pip install '.[ocr]' in the folder of nianbao")) as error:
        list(read(b"\x89PNG\r\n\x1a\n"))
    assert error.value.code == "NB-READ-OCR"


def refuse_ocr(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limited process answers as where the extra is not installed."""
    from nianbao.reading import sandbox

    apart = sandbox.read_apart

    def refused(reader: str, *rest: Any, **options: Any) -> Iterator[Any]:
        if reader == "ocr":
            raise ReadError("not installed", remedy="pip install '.[ocr]' in the folder of nianbao", code="NB-READ-OCR")
        return apart(reader, *rest, **options)

    monkeypatch.setattr(sandbox, "read_apart", refused)


def test_without_the_extra_the_other_pages_are_read(shared: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_ocr(monkeypatch)
    path = shared / "samples/mixed_scan_text.pdf"
    with pytest.raises(ReadError, match=r"\.\[ocr\]") as error:  # what is left here is too little to be a report
        read_document(path)
    assert error.value.code == "NB-READ-OCR"
    monkeypatch.setattr("nianbao.reading.filing.ENOUGH", 0)
    document = read_document(path)
    assert [issue.code for issue in document.issues] == ["NB-READ-OCR"]
    assert document.reader == "pdf"
    assert "开展业务活动情况" in bare(document.text)


# ---------------------------------------------------------------- the hidden layer of a scan


def searchable(style: printed.Style) -> bytes:
    """The report as a scan that another program made searchable: a picture over each page, its text invisible."""
    with pikepdf.open(BytesIO(printed.build(style))) as file:
        for page in file.pages:
            picture = file.make_stream(
                bytes([215]) * 4,
                {
                    "/Type": pikepdf.Name.XObject,
                    "/Subtype": pikepdf.Name.Image,
                    "/Width": 2,
                    "/Height": 2,
                    "/ColorSpace": pikepdf.Name.DeviceGray,
                    "/BitsPerComponent": 8,
                },
            )
            name = page.add_resource(picture, pikepdf.Name.XObject)
            page.contents_add(f"q 595 0 0 842 0 0 cm {name} Do Q 3 Tr".encode(), prepend=True)
        out = BytesIO()
        file.save(out)
    return out.getvalue()


def test_without_the_extra_a_hidden_layer_is_taken_in_doubt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_ocr(monkeypatch)
    path = tmp_path / "searchable.pdf"
    path.write_bytes(searchable(printed.STYLES["no-rules"]))
    record = read_report(path)
    assert [issue.code for issue in record.issues][:2] == ["NB-READ-OCR", "NB-READ-LAYER"]
    assert record.staff == 46
    assert record.net_assets_closing
    assert record.net_assets_closing.stated == "1188.03"
    assert {place.origin for place in record.places} == {"layer"}
    assert record.metrics
    assert all(metric.confidence <= 0.4 for metric in record.metrics)
    assert {spot.origin for metric in record.metrics for spot in metric.places} == {"layer"}
    assert record.box_confidence["staff"] == 0.4
    found = {quad.object.value for quad in rdf.quads(record) if quad.predicate.value.endswith("characterOrigin")}
    assert found == {NBC + "originLayer"}
    assert "Q02" in {finding.rule for finding in audit.check(rdf.quads(record))}
