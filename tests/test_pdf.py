"""Reading PDFs: every box, number and place of generated files of many shapes, and of the shared samples."""

import json
import os
import random
import shutil
import subprocess
import zlib
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from io import BytesIO
from pathlib import Path

import numpy as np
import pikepdf
import pytest

from generate import pdf as made
from generate.golden import bare, differing, record_of
from nianbao.errors import ReadError
from nianbao.mapping import rdf
from nianbao.reading.layout import Box, Line, Page
from nianbao.reading.limits import DEFAULT
from nianbao.reading.pdf import marked, read_pdf
from nianbao.reading.pdf.document import damaged_streams, loaded, opened, page_picture
from nianbao.reading.pdf.glyphs import Glyph, glyphs, shown
from nianbao.record import Issue, Record
from nianbao.report import read_report


def record(data: bytes) -> tuple[Record, tuple[Page, ...], tuple[Issue, ...]]:
    """The record of a file, read in this process."""
    pages, issues = read_pdf(data)
    return record_of(pages), pages, issues


def wrong(found: Record, style: made.Style) -> list[tuple[str, str, str]]:
    return differing(found, made.truth(style))


def characters(data: bytes) -> list[list[Glyph]]:
    """The characters of each page by their places: another way to the text than the one under test."""
    found = []
    with opened(data) as (document, _):
        for number in range(1, 100):
            with loaded(document, number) as page:
                if page is None:
                    return found
                found.append(glyphs(page, shown(page), 100_000).text)
    return found


def under(page: Sequence[Glyph], box: Box) -> str:
    """What stands in a box of a page."""
    inside = [g for g in page if box[0] - 0.3 <= g.x <= box[2] - 0.3 and box[1] < g.y - 0.3 * g.em < box[3]]
    return "".join(g.char for g in sorted(inside, key=lambda g: g.x))


# ---------------------------------------------------------------- boxes and numbers


@pytest.mark.parametrize("name", made.STYLES)
def test_every_box_and_number_is_right(name: str) -> None:
    style = made.STYLES[name]
    found, _, issues = record(made.build(style))
    assert wrong(found, style) == []
    assert not issues
    plain, _, _ = record(made.build(made.Style()))
    assert [(m.subject, m.value, m.unit) for m in found.metrics] == [
        (m.subject, m.value, m.unit) for m in plain.metrics
    ]


@pytest.mark.parametrize("seed", range(16))
def test_shapes_mixed_at_random(seed: int) -> None:
    chance = random.Random(seed)
    style = made.Style(
        runs=chance.choice(["line", "tj", "spaces", "glyph", "shuffled"]),
        rules=chance.choice(["stroke", "fill", "cells", "open"]),
        labels=chance.choice(["wrapped", "column", "turned", "vertical"]),
        rotate=chance.choice([0, 90, 180, 270]),
        size=chance.choice([9.0, 10.5, 12.0, 14.0, 15.0, 16.0]),
        indent=chance.random() < 0.7,
        justify=chance.random() < 0.4,
        spaced=chance.random() < 0.6,
        cover=chance.random() < 0.3,
        header=chance.random() < 0.4,
        watermark=chance.random() < 0.3,
        stamp=chance.random() < 0.3,
        blue=chance.random() < 0.2,
        bold=chance.random() < 0.2,
        sponsors=chance.choice([(), ("澄溪市水务局", "澄溪市应急管理局")]),
        opening=chance.random() < 0.8,
        crop=chance.choice([0.0, 36.0]),
    )
    assert wrong(record(made.build(style))[0], style) == [], style


@pytest.mark.parametrize("name", ["plain", "runs_tj", "runs_space", "kangxi_tounicode", "watermark_stamp"])
def test_samples_are_read_whole(shared: Path, name: str) -> None:
    path = shared / f"samples/{name}.pdf"
    truth = json.loads((shared / "samples/truth_fields.json").read_text("utf-8"))
    found, pages, _ = record(path.read_bytes())
    fields = {bare(key): bare(value) for key, value in truth["fields"]}
    assert bare(found.name) + "".join(f"（{other}）" for other in found.other_names) == fields["单位名称"]
    assert bare(found.purpose) == fields["宗旨和业务范围"]
    assert bare(found.address) == fields["住所"]
    assert found.legal_representative == fields["法定代表人"]
    assert found.initial_capital
    assert bare(found.initial_capital.stated) == fields["开办资金"]
    assert found.funding_source
    assert found.funding_source.stated == fields["经费来源"]
    assert found.sponsors == (fields["举办单位"],)
    assert found.net_assets_opening
    assert found.net_assets_opening.stated == truth["asset"][1]
    assert found.net_assets_closing
    assert found.net_assets_closing.stated == truth["asset"][2]
    assert (found.online_name, found.staff) == (truth["web"][1], int(truth["web"][3]))
    assert (found.activities_section.stated or "").split("\n") == truth["narrative"]
    sections = (found.registration_changes, found.qualifications, found.performance, found.donations)
    told = [truth[key] for key in ("change", "qual", "award", "donate")]
    assert [bare(section.stated) for section in sections] == [bare(text) for text in told]
    lines = json.loads((shared / "samples/truth_lines.json").read_text("utf-8"))
    for page, true in zip(pages, lines.values() if isinstance(lines, dict) else lines, strict=True):
        printed = [bare(line.text) for line in printed_lines(page)]
        assert sorted(printed) == sorted(bare(line["text"]) for line in true)


def printed_lines(page: Page) -> list[Line]:
    blocks = [[b] if isinstance(b, Line) else [line for cell in b for line in cell.lines] for b in page.blocks]
    return [line for block in blocks for line in block]


def test_a_report_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    path = tmp_path / "report.pdf"
    path.write_bytes(made.build(made.Style(runs="tj")))
    found = read_report(path)
    assert wrong(found, made.Style()) == []
    assert (found.source.reader, found.source.media_type, found.source.pages) == ("pdf", "application/pdf", 2)
    assert found.repair.steps == ()
    assert Record.from_json(found.to_json()) == found


# ---------------------------------------------------------------- places


@pytest.mark.parametrize(
    "name", ["plain", "runs-shuffled", "runs-justified", "rotate-90", "rotate-270", "crop", "no-rules"]
)
def test_every_fact_leads_to_its_place(name: str) -> None:
    data = made.build(made.STYLES[name])
    found, _, _ = record(data)
    pages = characters(data)
    assert found.metrics
    assert found.events
    for fact in (*found.metrics, *found.events):
        words = "".join(under(pages[spot.page - 1], spot.box) for spot in fact.places)
        assert words == bare(found.text[fact.start : fact.end])
    for place in found.places:
        assert under(pages[place.page - 1], place.box) == bare(found.text[place.start : place.end])
    held = sum(len(bare(found.text[place.start : place.end])) for place in found.places)
    assert held == len(bare(found.text)), "every character has its place"


def test_boxes_have_an_area_on_each_of_their_pages() -> None:
    found, pages, _ = record(made.build(made.Style()))
    areas = found.box_places["activities"]
    assert [area.page for area in areas] == [1, 2]
    for area in areas:
        x0, y0, x1, y1 = area.box
        page = pages[area.page - 1]
        assert 0 < x0 < x1 < page.width
        assert 0 < y0 < y1 < page.height
    assert set(found.box_places) >= {"name", "staff", "net_assets_opening", "donations"}


def test_the_graph_leads_to_pages_and_places() -> None:
    found, _, _ = record(made.build(made.Style()))
    found = replace(found, source=replace(found.source, sha256="ab" * 32), year=2024)
    triples = [quad for quad in rdf.quads(found) if quad.predicate.value.endswith("/ns#printedAt")]
    passages = {quad.object.value for quad in rdf.quads(found) if quad.predicate.value.endswith("/ns#evidence")}
    assert {quad.subject.value for quad in triples} == passages
    metric = found.metrics[0]
    (spot,) = metric.places
    places = [t.object.value for t in triples if t.subject.value.endswith(f"#char={metric.start},{metric.end}")]
    x, y = spot.box[:2]
    assert len(places) == 1
    assert f"{'ab' * 32}#page={spot.page}&viewrect={x:g},{y:g}," in places[0]


def test_characters_keep_their_edges() -> None:
    for page in record(made.build(made.Style(justify=True)))[1]:
        for line in printed_lines(page):
            assert len(line.edges) == len(line.text) + 1
            assert list(line.edges) == sorted(line.edges)
            assert line.box
            assert line.edges[0] == line.box[0]
            assert line.edges[-1] == line.box[2]


# ---------------------------------------------------------------- what lies over the text, what nobody sees


def test_watermark_and_seal_are_set_aside_and_kept() -> None:
    found, pages, _ = record(made.build(made.Style(watermark=True, stamp=True)))
    over = "".join(line.text for page in pages for line in page.overlay)
    assert over.count("仅供公示使用") == 4
    assert over.count("水文中心专用") == 2
    assert "仅供" not in found.text
    assert "专用" not in found.text


def test_invisible_words_are_no_text() -> None:
    """White on white, drawn invisibly, off the page: what a reader of the page cannot see says nothing."""
    data = made.build(made.Style())
    with pikepdf.open(BytesIO(data)) as file:
        page = file.pages[0]
        hidden = "从业人数 9999".encode("utf-16-be").hex()
        ops = f"BT 1 1 1 rg /F0 12 Tf 1 0 0 1 100 400 Tm <{hidden}> Tj 0 0 0 rg 3 Tr 1 0 0 1 100 380 Tm <{hidden}> Tj"
        page.contents_add(f"{ops} 0 Tr 1 0 0 1 -400 300 Tm <{hidden}> Tj ET".encode())
        out = BytesIO()
        file.save(out)
    found, pages, _ = record(out.getvalue())
    assert wrong(found, made.Style()) == []
    assert "9999" not in found.text
    assert "9999" in "".join(line.text for line in pages[0].overlay)


def test_what_is_filled_in_as_an_annotation_is_read() -> None:
    style = made.Style(opening=False)
    with pikepdf.open(BytesIO(made.build(style))) as file:
        page = file.pages[0]
        label = next(
            line for line in printed_lines(read_pdf(made.build(style))[0][0]) if line.text.startswith("年初数")
        )
        assert label.box
        x, y = label.box[0] + 20, 842 - label.box[3] - 24
        stream = file.make_stream(
            b"BT /F0 12 Tf 0 4 Td <" + b"1204.57".decode().encode("utf-16-be").hex().encode() + b"> Tj ET"
        )
        stream.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": [0, 0, 60, 16]})
        stream["/Resources"] = pikepdf.Dictionary(Font=page.Resources.Font)
        page.Annots = file.make_indirect(
            pikepdf.Array(
                [
                    pikepdf.Dictionary(
                        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[x, y, x + 60, y + 16], F=4,
                        AP=pikepdf.Dictionary(N=stream), DA=b"/F0 12 Tf",
                    )
                ]
            )
        )  # fmt: skip
        out = BytesIO()
        file.save(out)
    assert wrong(record(out.getvalue())[0], made.Style()) == []


# ---------------------------------------------------------------- verdict: can the text layer be believed?


def garbled() -> bytes:
    """The first page in characters of the private area, as fonts without a character map give."""
    with pikepdf.open(BytesIO(made.build(made.Style()))) as file:
        page = file.pages[0]
        content = page.Contents.read_bytes()
        page.Contents = file.make_stream(content.replace(b"<5", b"<e").replace(b"<6", b"<f"))
        out = BytesIO()
        file.save(out)
        return out.getvalue()


def scanned() -> bytes:
    """A report whose first page is a picture."""
    with pikepdf.open(BytesIO(made.build(made.Style()))) as file:
        image = file.make_stream(zlib.compress(bytes(np.tile(np.arange(0, 200, 2, dtype=np.uint8), 100))))
        image.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 100, "/Height": 100})
        image.update(
            {"/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8, "/Filter": pikepdf.Name.FlateDecode}
        )
        page = file.pages[0]
        page.Resources.XObject = pikepdf.Dictionary(I=image)
        page.Contents = file.make_stream(b"q 595 0 0 842 0 0 cm /I Do Q")
        out = BytesIO()
        file.save(out)
        return out.getvalue()


@pytest.mark.parametrize("make", [garbled, scanned])
def test_a_page_that_cannot_be_read_is_said(make: object) -> None:
    data = make()  # type: ignore[operator]
    pages, issues = read_pdf(data)
    assert [issue.code for issue in issues] == ["NB-READ-OCR"]
    assert "page 1" in issues[0].message
    assert pages[0].unread
    assert not pages[0].blocks
    assert not pages[1].unread
    asked: list[int] = []

    def ocr(given: bytes, number: int) -> Page:
        asked.append(number)
        assert given == data
        return Page(number=number, blocks=(Line(text="单位名称", origin="ocr", score=0.9),))

    pages, issues = read_pdf(data, ocr=ocr)
    assert asked == [1]
    assert not issues
    assert [line.text for line in printed_lines(pages[0])] == ["单位名称"]


def test_bad_character_maps_of_the_samples(shared: Path) -> None:
    pages, issues = read_pdf(shared / "samples/no_tounicode.pdf")
    assert all(page.unread for page in pages)
    assert [issue.code for issue in issues] == ["NB-READ-OCR"] * 5
    pages, issues = read_pdf(shared / "samples/mixed_scan_text.pdf")
    assert [bool(page.unread) for page in pages] == [True, False]


def test_the_layer_behind_a_scan_is_taken_without_ocr_and_said() -> None:
    with pikepdf.open(BytesIO(made.build(made.Style()))) as file:
        image = file.make_stream(bytes(np.full(10_000, 230, np.uint8)))
        image.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 100, "/Height": 100})
        image.update({"/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8})
        for page in file.pages:
            page.Resources.XObject = pikepdf.Dictionary(I=image)
            content = page.Contents.read_bytes().replace(b"BT", b"BT 3 Tr")
            page.Contents = file.make_stream(content + b" q 595 0 0 842 0 0 cm /I Do Q")
        out = BytesIO()
        file.save(out)
    found, pages, issues = record(out.getvalue())
    assert all("behind a scan" in page.unread for page in pages)
    assert [issue.code for issue in issues] == ["NB-READ-OCR"] * 2
    assert wrong(found, made.Style()) == []


def test_a_picture_beside_text_is_said() -> None:
    with pikepdf.open(BytesIO(made.build(made.Style()))) as file:
        image = file.make_stream(bytes(100 * 100))
        image.update({"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Image, "/Width": 100, "/Height": 100})
        image.update({"/ColorSpace": pikepdf.Name.DeviceGray, "/BitsPerComponent": 8})
        page = file.pages[-1]
        page.Resources.XObject = pikepdf.Dictionary(I=image)
        page.contents_add(b"q 300 0 0 200 100 40 cm /I Do Q")
        out = BytesIO()
        file.save(out)
    found, _, issues = record(out.getvalue())
    assert [issue.code for issue in issues] == ["NB-READ-PICTURE"]
    assert wrong(found, made.Style()) == []


# ---------------------------------------------------------------- damage


def saved(**options: object) -> bytes:
    with pikepdf.open(BytesIO(made.build(made.Style()))) as file:
        out = BytesIO()
        file.save(out, **options)  # type: ignore[arg-type]
        return out.getvalue()


def test_an_owner_password_reads_a_user_password_is_refused() -> None:
    owner = saved(encryption=pikepdf.Encryption(owner="boss", user="", R=6))
    assert wrong(record(owner)[0], made.Style()) == []
    with pytest.raises(ReadError) as caught:
        read_pdf(saved(encryption=pikepdf.Encryption(owner="boss", user="open", R=6)))
    assert caught.value.code == "NB-READ-ENCRYPTED"


def test_damaged_samples(shared: Path) -> None:
    found, _, issues = record((shared / "samples/bad_trunc50.pdf").read_bytes())
    assert "NB-READ-REPAIRED" in {issue.code for issue in issues}
    assert found.staff == 74
    assert "NB-READ-LOSS" in {issue.code for issue in read_pdf(shared / "samples/bad_fuzz0.pdf")[1]}
    with pytest.raises(ReadError) as caught:
        read_pdf(shared / "samples/bad_enc_user.pdf")
    assert caught.value.code == "NB-READ-ENCRYPTED"


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.4\nnothing", b"%PDF-" + bytes(500)])
def test_what_is_no_pdf_behind_its_mark_is_refused(data: bytes) -> None:
    with pytest.raises(ReadError) as caught:
        read_pdf(data)
    assert caught.value.code == "NB-READ-DAMAGED"


@pytest.mark.parametrize("share", [0.75, 0.9, 0.98])
def test_a_file_without_its_end_gives_the_pages_that_are_whole(share: float) -> None:
    data = made.build(made.Style(cover=True))
    whole = [[line.text for line in printed_lines(page)] for page in read_pdf(data)[0]]
    pages, issues = read_pdf(data[: int(len(data) * share)])
    read = [[line.text for line in printed_lines(page)] for page in pages]
    assert read
    assert read == whole[: len(read)]
    assert issues[0].code == "NB-READ-REPAIRED"


def test_junk_before_the_file_does_no_harm() -> None:
    assert wrong(record(b"junk\r\n" * 20 + made.build(made.Style()))[0], made.Style()) == []


@pytest.mark.parametrize("seed", range(8))
def test_lost_text_is_said(seed: int) -> None:
    """Bytes of a compressed content stream are overwritten: the reader shows less and says so."""
    chance = random.Random(seed)
    data = bytearray(made.build(made.Style()))
    start = data.index(b"stream") + 200
    for _ in range(5):
        data[start + chance.randrange(1500)] = chance.randrange(256)
    assert damaged_streams(bytes(data))[0] == 1
    assert "NB-READ-LOSS" in {issue.code for issue in read_pdf(bytes(data))[1]}


def test_whole_files_have_no_damage(shared: Path) -> None:
    assert damaged_streams(made.build(made.Style())) == (0, 2)
    packed = b"<</Filter/FlateDecode>>stream\n" + zlib.compress(b" " * 5_000_000, 9)  # much comes out of little
    assert damaged_streams(packed) == (0, 1)
    assert damaged_streams(b"<</Length 0/Filter/FlateDecode>>stream\n\nendstream") == (0, 0)
    for path in sorted((shared / "samples").glob("[!b]*.pdf")):
        assert damaged_streams(path.read_bytes())[0] == 0, path.name


def test_lost_pages_are_said() -> None:
    data = made.build(made.Style())
    assert b"/Count 2" in data
    less = data.replace(b"/Kids[7 0 R 9 0 R]", b"/Kids[7 0 R      ]").replace(b"/Count 2", b"/Count 1")
    assert less != data
    codes = [issue.code for issue in read_pdf(less)[1]]
    assert codes == ["NB-READ-LOSS"]


def test_too_many_pages_are_refused() -> None:
    with pytest.raises(ReadError) as caught:
        read_pdf(made.build(made.Style()), limits=DEFAULT.changed({"pages": 1}))
    assert caught.value.code == "NB-READ-SIZE"


# ---------------------------------------------------------------- pictures


def test_a_page_can_be_drawn_and_marked() -> None:
    data = made.build(made.Style())
    found, _, _ = record(data)
    spot = found.metrics[0].places[0]
    drawn = page_picture(data, spot.page, dpi=72)
    assert drawn.pixels.shape == (842, 595)
    assert drawn.png.startswith(b"\x89PNG")
    shown_marked = marked(drawn, [spot.box])
    x, y = int(spot.box[0]) + 1, int(spot.box[1])
    red, green, blue = (int(part) for part in shown_marked.pixels[y, x])
    assert red > blue + 100
    assert green > blue + 100
    assert tuple(shown_marked.pixels[5, 5]) == (255, 255, 255)


def test_large_pages_are_drawn_small_or_not_at_all() -> None:
    data = made.build(made.Style())
    assert page_picture(data, 1, dpi=5000).pixels.size <= 20_100_000
    with pytest.raises(ReadError) as caught:
        page_picture(data, 1, limits=DEFAULT.changed({"page_side": 800}))
    assert caught.value.code == "NB-READ-PAGE-SIZE"
    with pytest.raises(ReadError) as caught:
        page_picture(data, 9)
    assert caught.value.code == "NB-READ-PAGE-LOST"


@pytest.mark.parametrize("turns", [90, 180, 270])
def test_pages_that_lie_on_their_side_are_turned_back(turns: int) -> None:
    style, out = made.Style(), BytesIO()
    with pikepdf.open(BytesIO(made.build(style))) as file:
        for page in file.pages:
            page.rotate(turns, relative=True)
        file.save(out)
    found, pages, _ = record(out.getvalue())
    assert wrong(found, style) == []
    assert {page.skew for page in pages} == {turns}


# ---------------------------------------------------------------- a real browser


def page_of_the_web(css: str) -> str:
    """The invented report as a web page, to be printed."""
    told, label = made.truth(made.Style()), made.LABELS
    keys = ["name", "purpose", "address", "legal_representative", "initial_capital", "funding_source", "sponsors"]
    head = f"<td rowspan={len(keys)} class=g>《事业单位法人证书》登载事项</td>"
    body = "".join(
        f"<tr>{head if key == 'name' else ''}<td class=l>{label[key]}</td><td colspan=3>{escape(told[key])}</td></tr>"
        for key in keys
    )
    body += "<tr><td rowspan=3 class=g>资产损益情况</td><td colspan=4>净资产合计（所有者权益合计）</td></tr>"
    body += "<tr><td colspan=2>年初数（万元）</td><td colspan=2>年末数（万元）</td></tr>"
    body += f"<tr><td colspan=2>{told['net_assets_opening']}</td><td colspan=2>{told['net_assets_closing']}</td></tr>"
    body += f"<tr><td class=g>网上名称</td><td colspan=2>{told['online_name']}</td>"
    body += f"<td>从业人数</td><td>{told['staff']}</td></tr>"
    told["activities"] = "".join(f"<p>{escape(paragraph)}</p>" for paragraph in made.NARRATIVE)
    told["institution_opinion"] += "<br>法定代表人：方以恒 &emsp;&emsp; 公章：<br>2025 年 3 月 18 日"
    told["sponsor_opinion"] = "同意公示。<br>公章：<br>2025 年 3 月 20 日"
    below = ["registration_changes", "activities", "qualifications", "performance", "donations"]
    for key in (*below, "institution_opinion", "sponsor_opinion"):
        body += f"<tr><td class=g>{label[key]}</td><td colspan=4>{told[key]}</td></tr>"
    foot = "填表人：许清和　　联系电话：0790-5550126　　报送日期：2025 年 3 月 18 日"
    style = (
        'body{font:12pt/1.6 "Noto Serif CJK SC"}table{width:100%;border-collapse:collapse}td{border:1px solid #000;'
        "padding:4px 6px}"
        "h1,h1+p{text-align:center}.g{width:70px;text-align:center}.l{width:110px;text-align:center}p{margin:0;text-indent:2em}"
        + css
    )
    return (
        f"<!doctype html><meta charset=utf-8><style>{style}</style><h1>事业单位法人年度报告书</h1>"
        f"<p>（2024 年度）</p><table>{body}</table><p>{foot}</p>"
    )


@pytest.fixture(scope="module")
def browser() -> str:
    """A real Chromium with Chinese fonts."""
    program = shutil.which("chromium")
    fonts = (
        subprocess.run(["fc-list", ":lang=zh"], capture_output=True, text=True).stdout
        if shutil.which("fc-list")
        else ""
    )
    required = set(os.environ.get("NIANBAO_REQUIRE", "").split(","))
    for name, there in (("chromium", program), ("fonts", "CJK" in fonts)):
        if not there:
            if name in required:
                pytest.fail(f"NIANBAO_REQUIRE names {name}, but there is none")
            pytest.skip(f"no {name} installed (chromium and fonts-noto-cjk of Debian)")
    return str(program)


@pytest.mark.slow
@pytest.mark.parametrize(
    "css",
    [
        "",
        "table{border-collapse:separate}",
        "body{font-size:16pt}",
        "td{border:0}",
        "td{border:1px dotted #000}",
        "td{border-left:0;border-right:0}",
        "td{text-align:justify}p{margin:6px 0;text-indent:0}body{font-size:15pt}",
        "td.g,td.l{background:#dde}tr{break-inside:avoid}body{font-size:15pt}",
    ],
    ids=["lines", "separate", "large", "none", "dotted", "across", "justified", "shaded"],
)
def test_what_a_browser_prints(browser: str, css: str, tmp_path: Path) -> None:
    page, target = tmp_path / "report.html", tmp_path / "report.pdf"
    page.write_text(page_of_the_web(css), "utf-8")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer"]
    command += [f"--user-data-dir={tmp_path}/profile", f"--print-to-pdf={target}", str(page)]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    assert wrong(record(target.read_bytes())[0], made.Style()) == []
