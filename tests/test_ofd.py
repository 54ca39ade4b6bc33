"""Reading OFD: every box, number and place of generated files of many shapes; what is lost is told."""

import random
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from types import ModuleType

import pytest

from generate import ofd as made
from generate import pdf
from generate.golden import bare, differing, record_of
from nianbao.errors import ReadError
from nianbao.reading import read_document
from nianbao.reading.compose import compose
from nianbao.reading.layout import Line, Page
from nianbao.reading.limits import DEFAULT
from nianbao.reading.ofd import read
from nianbao.reading.ofd.drawing import segments, steps
from nianbao.reading.ofd.numbers import deltas, matrix, numbers
from nianbao.reading.ofd.picture import as_pdf
from nianbao.reading.ofd.sfnt import Font
from nianbao.reading.pdf import read_pdf
from nianbao.reading.picture import page_picture
from nianbao.record import Issue, Record
from nianbao.report import read_report

LABELS = "单位名称法定代表人开办资金经费来源举办单位住所宗旨和业务范围"


def read_ofd(data: bytes) -> tuple[tuple[Page, ...], tuple[Issue, ...]]:
    """The pages of a file and the doubts about them, read in this process."""
    found = list(read(data))
    return tuple(m for m in found if isinstance(m, Page)), tuple(m for m in found if isinstance(m, Issue))


def wrong(found: Record, style: made.Style) -> list[tuple[str, str, str]]:
    return differing(found, pdf.truth(style.layout))


SECOND = '<ofd:TextCode X="8" DeltaX="4">测报</ofd:TextCode></ofd:TextObject>'
CLIP = "<ofd:Text><ofd:TextCode>剪裁</ofd:TextCode></ofd:Text>"
CLIPS = f"<ofd:Clips><ofd:Clip><ofd:Area>{CLIP}</ofd:Area></ofd:Clip></ofd:Clips>"


def text_of(data: bytes) -> str:
    return "\n".join(compose(read_ofd(data)[0]).lines)


# ---------------------------------------------------------------- whole reports


@pytest.mark.parametrize("name", made.STYLES)
def test_every_box_and_number_is_that_of_the_pdf_of_the_same_report(name: str) -> None:
    style = made.STYLES[name]
    pages, issues = read_ofd(made.build(style))
    found = record_of(pages)
    assert wrong(found, style) == []
    assert not issues
    twin = record_of(read_pdf(pdf.build(style.layout))[0])
    assert found.text == twin.text
    assert [(m.subject, m.value, m.unit) for m in found.metrics] == [(m.subject, m.value, m.unit) for m in twin.metrics]


@pytest.mark.parametrize("seed", range(12))
def test_shapes_mixed_at_random(seed: int) -> None:
    chance = random.Random(seed)
    rules = chance.choice(["stroke", "fill", "cells", "flipped"])
    style = made.Style(
        runs=chance.choice(["line", "repeat", "woven", "glyph", "shuffled", "block"]),
        space="points" if rules == "flipped" else chance.choice(["mm", "points", "turned"]),
        rules=rules,
        holder=chance.choice(["page", "template", "foreground", "layers", "blocks", "composite"]),
        dialect=chance.random() < 0.3,
        marks=chance.choice(["content", "annotations"]),
        layout=pdf.Style(
            labels=chance.choice(["wrapped", "column", "turned", "vertical"]),
            size=chance.choice([9.0, 10.5, 12.0, 14.0, 16.0]),
            indent=chance.random() < 0.7,
            justify=chance.random() < 0.4,
            spaced=chance.random() < 0.6,
            cover=chance.random() < 0.3,
            header=chance.random() < 0.4,
            watermark=chance.random() < 0.3,
            stamp=chance.random() < 0.3,
            bold=chance.random() < 0.2,
        ),
    )
    pages, issues = read_ofd(made.build(style, seed))
    assert wrong(record_of(pages), style) == [], style
    assert not issues


def test_places_are_points_and_those_of_the_pdf() -> None:
    ours, theirs = (
        record_of(pages)
        for pages in (read_ofd(made.build(made.STYLES["woven"]))[0], read_pdf(pdf.build(pdf.STYLES["plain"]))[0])
    )
    assert [metric.value for metric in ours.metrics] == [metric.value for metric in theirs.metrics]
    for one, other in zip(ours.metrics, theirs.metrics, strict=True):
        assert [spot.page for spot in one.places] == [spot.page for spot in other.places]
        for a, b in zip(one.places, other.places, strict=True):
            assert a.box == pytest.approx(b.box, abs=0.8)  # a sign of % is wider in some fonts


def test_a_page_on_its_side_keeps_its_places() -> None:
    pages, _ = read_ofd(made.build(made.STYLES["turned"]))
    assert {page.skew for page in pages} == {90.0}
    found = record_of(pages)
    upright = record_of(read_ofd(made.build(made.STYLES["plain"]))[0])
    (x0, y0, x1, y1), turned = upright.metrics[0].places[0].box, found.metrics[0].places[0].box
    assert turned == pytest.approx((pdf.HEIGHT - y1, x0, pdf.HEIGHT - y0, x1), abs=0.5)


def test_marks_are_set_aside_but_kept() -> None:
    for name in ("marks", "annotations"):
        pages, _ = read_ofd(made.build(made.STYLES[name]))
        aside = "".join(line.text for page in pages for line in page.overlay)
        assert "仅供公示使用" in aside
        assert "水文中心专用" in aside
        assert "公示使用" not in "\n".join(compose(pages).lines)


def test_a_report_of_its_own_kind(tmp_path: Path) -> None:
    path = tmp_path / "report"
    path.write_bytes(made.build(made.STYLES["template-woven"]))
    found = read_report(path)
    assert (found.source.reader, found.source.media_type, found.source.pages) == ("ofd", "application/ofd", 2)
    assert wrong(found, made.Style()) == []
    assert all(metric.places for metric in found.metrics)


# ---------------------------------------------------------------- text objects


def test_offsets_with_repeats() -> None:
    assert deltas("g 3 5 2.5 g 2 -1", 9) == [5, 5, 5, 2.5, -1, -1]
    assert deltas("g 1000000000 5", 4) == [5, 5, 5, 5]
    assert deltas("1,2\n3", 9) == [1, 2, 3]
    assert deltas("g 2", 9) == []
    assert deltas("1e400 nan inf", 9) == [0.0]
    assert numbers("0 0 nan 1", 4) is None
    assert numbers("1e9 0 0 0", 4) is None
    assert matrix("1 0 0 1 5 6 7") == (1, 0, 0, 1, 5, 6)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (made.words("教学工作稳步开展"), "教学工作稳步开展"),
        # Nothing tells where the characters stand: one behind another.
        (made.words("教学工作", code=" "), "教学工作"),
        (made.words("共有 36 处", code='DeltaX="4 4 2 2 2 2"'), "共有 36 处"),
        # The second TextCode stands where it says, on the line of the first.
        (made.words("水文").replace("</ofd:TextObject>", SECOND), "水文测报"),
        # A narrow letter of a Chinese font is no gap.
        (made.words("Writer", code='DeltaX="g 5 2"'), "Writer"),
        (made.words("5140.1238万元", code='DeltaX="g 9 2 4"'), "5140.1238万元"),
        # Two lines in one TextCode.
        (made.words("水文测报", code='DeltaX="4 -4 4" DeltaY="0 6 0"'), "水文\n测报"),
        (made.words("水\n", code=""), "水"),
        # Nested, scaled and moved.
        ("<ofd:PageBlock>" + made.words("水文", attributes='CTM="1 0 0 1 30 0"') + "</ofd:PageBlock>", "水文"),
        (made.words("水文", attributes='Size="8"').replace('Size="4" ', ""), "水文"),
        # Not printed, or in white on white.
        (made.words("看见") + made.words("隐藏", y=60, attributes='Visible="false"'), "看见"),
        (made.words("看见") + made.words("隐藏", y=60, attributes='Fill="false"'), "看见"),
        (made.words("看见") + made.words("浅色", y=60, inner='<ofd:FillColor Value="255 255 255"/>'), "看见"),
        (made.words("看见") + made.words("浅色", y=60, inner='<ofd:FillColor Value="0 0 0" Alpha="30"/>'), "看见"),
        (made.words("看见", inner='<ofd:FillColor Value="#10 0 0"/>'), "看见"),
        # What clips an object is not drawn.
        (made.words("看见").replace("<ofd:TextCode", f"{CLIPS}<ofd:TextCode"), "看见"),
    ],
)  # fmt: skip
def test_text_objects(content: str, expected: str) -> None:
    assert text_of(made.one_page(content)).replace(" ", "") == expected.replace(" ", "")


def test_a_blank_between_numbers_and_words_stays() -> None:
    spaced = made.words("共有 36 处", code='DeltaX="4 4 2 2 2 2"')
    assert text_of(made.one_page(spaced)).strip() == "共有 36 处"


def test_a_broad_sign_at_the_end_of_its_object_is_no_gap() -> None:
    rate = made.words("24.61%", code='DeltaX="g 5 2"') + made.words("，共", x=20 + 5 * 2 + 0.9 * 4)
    assert text_of(made.one_page(rate)).strip() == "24.61%，共"


def test_text_without_offsets_runs_down_where_it_says_so() -> None:
    down = made.words("水文测报", attributes='ReadDirection="90"', code="")
    assert text_of(made.one_page(down.replace("DeltaX", "Delta"))).split() == list("水文测报")


# ---------------------------------------------------------------- characters that are lost, fonts


def sfnt(characters: str) -> bytes:
    """A font of which only the tables that are read are there: glyph n is the character n, a letter .25 em wide."""
    codes = sorted((ord(char), number) for number, char in enumerate(characters, 1))
    pairs = [*codes, (0xFFFF, 0)]
    double = 2 * len(pairs)
    ends = struct.pack(f">{len(pairs)}H", *(code for code, _ in pairs))
    shifts = struct.pack(f">{len(pairs)}H", *((glyph - code) & 0xFFFF for code, glyph in pairs))
    part = struct.pack(">HHHHHHH", 4, 0, 0, double, 0, 0, 0) + ends + b"\0\0" + ends + shifts + bytes(double)
    tables = {
        b"cmap": struct.pack(">HHHHI", 0, 1, 3, 1, 12) + part,
        b"head": bytes(18) + struct.pack(">H", 1000) + bytes(34),
        b"hhea": bytes(34) + struct.pack(">H", len(characters) + 1),
        b"hmtx": struct.pack(">HH", 250, 0) * (len(characters) + 1),
    }
    head, body, place = b"", b"", 12 + 16 * len(tables)
    for name, data in tables.items():
        head += struct.pack(">4sIII", name, 0, place + len(body), len(data))
        body += data
    return b"\0\1\0\0" + struct.pack(">HHHH", len(tables), 0, 0, 0) + head + body


FONT = '<ofd:Fonts><ofd:Font ID="1" FontName="F"><ofd:FontFile>f.ttf</ofd:FontFile></ofd:Font></ofd:Fonts>'


def glyphs(numbers: list[int], text: str) -> str:
    listed = (
        f'<ofd:CGTransform CodePosition="0"><ofd:Glyphs>{" ".join(map(str, numbers))}</ofd:Glyphs></ofd:CGTransform>'
    )
    return made.words(text, inner=listed, code=f'DeltaX="g {len(numbers)} 4"')


@pytest.mark.parametrize("text", ["", "\ue001\ue002\ue003\ue004", "¤¤¤¤", "\ufffd\ufffd\ufffd\ufffd"])
def test_glyphs_without_characters_are_those_of_their_font(text: str) -> None:
    known = made.one_page(glyphs([4, 3, 2, 1], text), resources=FONT, more={"Doc_0/Res/f.ttf": sfnt("报测文水")})
    assert text_of(known).strip() == "水文测报"


def test_what_the_file_says_counts_where_its_font_does_not_tell() -> None:
    for font in (sfnt("报测文水"), sfnt("报测文水")[:100], b""):  # 学 is not in it; damaged; empty
        data = made.one_page(glyphs([9, 8], "学校"), resources=FONT, more={"Doc_0/Res/f.ttf": font})
        assert text_of(data).strip() == "学校"
        assert not read_ofd(data)[1]


def test_a_font_that_shows_other_characters_is_told() -> None:
    more = {"Doc_0/Res/f.ttf": sfnt("0123456789")}
    rest = "".join(made.words(LABELS, y=60 + 6 * row) for row in range(4))
    right = made.one_page(glyphs([4, 3, 9, 1], "3280") + rest, resources=FONT, more=more)
    assert not read_ofd(right)[1]
    one = made.one_page(glyphs([4, 3, 9, 2], "3280") + rest, resources=FONT, more=more)
    pages, issues = read_ofd(one)
    assert [issue.code for issue in issues] == ["NB-READ-GLYPHS"]
    assert "0 as 1" in issues[0].message
    assert "3280" in bare("".join(compose(pages).lines))
    many = made.one_page(glyphs([5, 4, 10, 2], "3280") + made.words(LABELS, y=60), resources=FONT, more=more)
    assert "4 of" in read_ofd(many)[0][0].unread


@pytest.mark.parametrize("lost", ["", "\ue001\ue002\ue003\ue004"])
def test_lost_characters_spoil_a_page(lost: str) -> None:
    rest = made.words(LABELS, y=60) + made.words(LABELS, y=70)
    pages, issues = read_ofd(made.one_page(glyphs([4, 3, 2, 1], lost) + rest))
    assert "4 of" in pages[0].unread
    assert "no meaning" in pages[0].unread
    assert not pages[0].blocks


def test_a_damaged_font_tells_nothing() -> None:
    for data in (b"", b"\0\1\0\0", sfnt("水文")[:60], sfnt("水文")[:120], b"ttcf" + bytes(20), b"x" * 500):
        font = Font("F", lambda data=data: data)
        assert isinstance(font.characters, dict)
        assert font.width("a", None) == 0.5
    assert Font("F", lambda: sfnt("a水")).width("a", None) == 0.25
    assert Font("F", lambda: sfnt("a水")).glyphs == {ord("a"): 1, ord("水"): 2}


def test_a_font_that_claims_everything_ends() -> None:
    wide = struct.pack(">HHI", 0, 1, 0)[:4] + struct.pack(">HHI", 3, 10, 12)
    groups = b"".join(struct.pack(">III", 0, 0x10FFFF, 1) for _ in range(1000))
    table = wide + struct.pack(">HHIII", 12, 0, 0, 0, 1000) + groups
    data = b"\0\1\0\0" + struct.pack(">HHHH", 1, 0, 0, 0) + struct.pack(">4sIII", b"cmap", 0, 28, len(table)) + table
    assert len(Font("F", lambda: data).glyphs) <= 70_001


# ---------------------------------------------------------------- drawings


def test_paths() -> None:
    path = steps("M 0 0 L 10 0 10 5 Q 1 1 2 2 B 1 1 2 2 3 3 A 1 1 0 0 1 9 9 C X 1 1")
    assert "".join(kind for kind, _ in path) == "MLLQBAC"
    assert list(segments(steps("M 0 0 L 10 0 L 10 5 C"))) == [((0, 0), (10, 0)), ((10, 0), (10, 5)), ((10, 5), (0, 0))]
    assert list(segments(steps("M 0 0 B 1 1 2 2 3 3 L 5 3"))) == [((3, 3), (5, 3))]
    assert len(steps("M 0 0 " + "L 1 1 " * 50_000)) == 20_000


def test_rules_in_dots_of_300_to_the_inch() -> None:
    """As early Foxit programs wrote them: the matrix leads astray, the box does not."""

    def rule(x0: float, y0: float, x1: float, y1: float) -> str:
        dots = [f"{x * 300 / 25.4:.0f} {y * 300 / 25.4:.0f}" for x, y in ((x0, y0), (x1, y1))]
        place = f'CTM="0.011 0 0 0.011 -6.7 -5.4" Boundary="{x0} {y0} {x1 - x0 + 0.1} {y1 - y0 + 0.1}"'
        data = f"<ofd:AbbreviatedData>M {dots[0]} L {dots[1]}</ofd:AbbreviatedData>"
        return f"<ofd:PathObject {place}>{data}</ofd:PathObject>"

    edges = [(20, 40, 180, 40), (20, 60, 180, 60), (20, 40, 20, 60), (60, 40, 60, 60), (180, 40, 180, 60)]
    text = made.words("单位名称", 30, 47) + made.words("砚湖县水文职业学校", 70, 47)
    (page,), _ = read_ofd(made.one_page("".join(rule(*edge) for edge in edges) + text))
    (table,) = page.blocks
    assert isinstance(table, tuple)
    assert [[line.text for line in cell.lines] for cell in table] == [["单位名称"], ["砚湖县水文职业学校"]]


def test_a_character_that_is_drawn_as_well_is_no_table() -> None:
    outline = "M 0 0 L 3.6 0 L 3.6 3.6 L 0 3.6 C M 1 1.8 L 3 1.8 M 1.8 1 L 1.8 3"
    data = f"<ofd:AbbreviatedData>{outline}</ofd:AbbreviatedData>"
    drawn = f'<ofd:PathObject Boundary="28.2 30.4 4 4">{data}</ofd:PathObject>'
    assert text_of(made.one_page(made.words("中华人民共和国") + drawn)).strip() == "中华人民共和国"


# ---------------------------------------------------------------- what a file lacks, holds besides, or keeps secret


def changed(name: str, change: object, style: made.Style = made.STYLES["template"]) -> bytes:  # noqa: B008
    """The report with one part changed: its text, or gone (None)."""
    found = made.parts(style)
    old = found.pop(name)
    if callable(change):
        found[name] = change(old)
    return made.packed(found)


def codes(data: bytes) -> list[str]:
    """The doubts; without its template a form has lost its rules too, and its rows may stand close."""
    return [issue.code for issue in read_ofd(data)[1] if issue.code != "NB-READ-CLOSE"]


def test_a_missing_page_is_told() -> None:
    for data in (
        changed("Doc_0/Pages/Page_1/Content.xml", None),
        changed("Doc_0/Pages/Page_1/Content.xml", lambda old: old[:900]),
    ):
        pages, issues = read_ofd(data)
        assert [issue.code for issue in issues] == ["NB-READ-PAGE-LOST"]
        assert "page 2" in issues[0].message
        assert [page.number for page in pages] == [1, 2]
        assert not pages[1].blocks


def test_missing_parts_are_told() -> None:
    assert "NB-READ-LOSS" in codes(changed("Doc_0/Tpls/Tpl_0/Content.xml", None))
    assert "NB-READ-LOSS" in codes(changed("Doc_0/Tpls/Tpl_0/Content.xml", lambda old: "<x"))
    assert "NB-READ-LOSS" not in codes(made.build(made.STYLES["template"]))
    assert "NB-READ-LOSS" in codes(changed("Doc_0/DocumentRes.xml", None, made.STYLES["composite"]))
    assert codes(changed("Doc_0/Annots/Page_0/Annotation.xml", None, made.STYLES["annotations"])) == ["NB-READ-LOSS"]
    assert codes(made.one_page(made.words("水文") + made.picture())) == ["NB-READ-LOSS"]


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        ("OFD.xml", lambda old: old[:-9], "NB-READ-DAMAGED"),
        ("Doc_0/Document.xml", None, "NB-READ-DAMAGED"),
        ("Doc_0/Document.xml", lambda old: old.replace("ofd:Page ", "ofd:Leaf "), "NB-READ-EMPTY"),
        ("OFD.xml", lambda old: old.replace("<ofd:DocBody>", "<ofd:Encryptions/><ofd:DocBody>"), "NB-READ-ENCRYPTED"),
        ("Doc_0/PublicRes.xml", lambda old: '<!DOCTYPE a [<!ENTITY b "c">]>' + old[38:], "NB-READ-ENTITIES"),
    ],
)
def test_files_that_are_refused(name: str, change: object, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_ofd(changed(name, change))
    assert caught.value.code == code


def test_an_encrypted_file_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "secret.ofd"
    path.write_bytes(made.packed({**made.parts(), "Encryptions.xml": made.root("Encryptions", "")}))
    with pytest.raises(ReadError, match="encrypted") as caught:
        read_report(path)
    assert caught.value.code == "NB-READ-ENCRYPTED"


def test_attachments_and_seals_are_told_not_read() -> None:
    found = made.parts()
    stamp = '<ofd:SignedInfo><ofd:StampAnnot ID="1" PageRef="2" Boundary="1 1 40 40"/></ofd:SignedInfo>'
    found |= {
        "OFD.xml": str(found["OFD.xml"]).replace(
            "</ofd:DocBody>", "<ofd:Signatures>/Doc_0/Signs/Signatures.xml</ofd:Signatures></ofd:DocBody>"
        ),
        "Doc_0/Signs/Signatures.xml": made.root("Signatures", '<ofd:Signature ID="1" BaseLoc="Sign_0/Signature.xml"/>'),
        "Doc_0/Signs/Sign_0/Signature.xml": made.root("Signature", stamp),
        "Doc_0/Document.xml": str(found["Doc_0/Document.xml"]).replace(
            "</ofd:Pages>", "</ofd:Pages><ofd:Attachments>Attachs/Attachments.xml</ofd:Attachments>"
        ),
        "Doc_0/Attachs/Attachments.xml": made.root("Attachments", '<ofd:Attachment ID="9" Name="附表.xlsx"/>'),
    }
    issues = read_ofd(made.packed(found))[1]
    assert [issue.code for issue in issues] == ["NB-READ-ATTACHMENT", "NB-READ-SEAL"]
    assert "附表.xlsx" in issues[0].message
    assert "page 2" in issues[1].message


def test_the_current_version_is_read() -> None:
    found = made.parts()
    version = '<ofd:Versions><ofd:Version ID="1" Current="true" BaseLoc="V/V1.xml"/></ofd:Versions>'
    found["OFD.xml"] = (
        str(found["OFD.xml"])
        .replace("Doc_0/Document.xml", "Old.xml")
        .replace("</ofd:DocBody>", f"{version}</ofd:DocBody>")
    )
    found["V/V1.xml"] = made.root("DocVersion", "<ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot>")
    assert wrong(record_of(read_ofd(made.packed(found))[0]), made.Style()) == []


# ---------------------------------------------------------------- scans and pictures


def png(width: int, height: int, kind: int = 0, grey: int = 0) -> bytes:
    """A PNG of one colour; kind 0: grey, 6: with transparency."""
    row = b"\0" + bytes([grey] * (1 if kind == 0 else 4)) * width
    head = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", zlib.compress(row * height)), (b"IEND", b"")
    written = (struct.pack(">I", len(d)) + n + d + struct.pack(">I", zlib.crc32(n + d)) for n, d in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(written)


MEDIA = '<ofd:MultiMedias><ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>i.png</ofd:MediaFile></ofd:MultiMedia></ofd:MultiMedias>'  # noqa: E501


def with_image(content: str, image: bytes) -> bytes:
    return made.one_page(content, resources=MEDIA, more={"Doc_0/Res/i.png": image})


def test_a_page_that_is_a_picture_needs_ocr() -> None:
    (page,), issues = read_ofd(with_image(made.picture(), png(60, 80)))
    assert "a picture covers the page" in page.unread
    assert not issues


def test_text_under_a_scan_is_hidden_but_not_under_a_watermark() -> None:
    text = made.words(LABELS) + made.words(LABELS, y=50)
    (page,), _ = read_ofd(with_image(text + made.picture(), png(60, 80)))
    assert "invisible" in page.unread
    for content, image in (
        (made.picture() + text, png(60, 80, grey=250)),  # the text lies on it
        (text + made.picture(), png(60, 80, kind=6)),
        (text + made.picture(attributes='Alpha="60"'), png(60, 80)),
    ):
        (page,), _ = read_ofd(with_image(content, image))
        assert not page.unread
        assert isinstance(page.blocks[0], Line)
        assert page.blocks[0].text == LABELS


def test_a_picture_beside_text_is_told() -> None:
    text = made.words(LABELS) + made.words(LABELS, y=50)
    assert codes(with_image(text + made.picture(60, 60).replace("0 0 60 60", "20 200 60 60", 1), png(60, 80))) == [
        "NB-READ-PICTURE"
    ]


def dark(data: bytes) -> Iterator[tuple[int, int]]:
    """The dark points of a picture of 72 dpi as (x, y)."""
    width = struct.unpack(">I", data[16:20])[0]
    place, packed = 8, b""
    while place < len(data):
        (size,) = struct.unpack(">I", data[place : place + 4])
        packed += data[place + 8 : place + 8 + size] if data[place + 4 : place + 8] == b"IDAT" else b""
        place += 12 + size
    row = 1 + 3 * width
    pixels = zlib.decompress(packed)
    yield from ((n % row // 3, n // row) for n, part in enumerate(pixels) if n % row and part < 100)


def test_a_page_is_drawn_with_its_rules_and_images(tmp_path: Path) -> None:
    rule = '<ofd:PathObject Boundary="20 100 170 1" LineWidth="1"><ofd:AbbreviatedData>M 0 0 L 170 0</ofd:AbbreviatedData></ofd:PathObject>'  # noqa: E501
    small = made.picture(10, 10).replace('Boundary="0 0', 'Boundary="50 200')
    path = tmp_path / "page.ofd"
    path.write_bytes(with_image(rule + small, png(4, 4)))
    spots = set(dark(page_picture(path, dpi=72)))
    scale = 72 / 25.4
    assert (round(100 * scale), round(100 * scale)) in spots
    assert (round(55 * scale), round(205 * scale)) in spots
    assert (round(45 * scale), round(205 * scale)) not in spots
    for number in (0, 2):
        with pytest.raises(ReadError) as caught:
            page_picture(path, number)
        assert caught.value.code == "NB-READ-PAGE-LOST"


@pytest.mark.parametrize("name", ["plain", "points", "turned", "template", "composite", "block"])
def test_pages_as_pdf_say_the_same(name: str) -> None:
    data = made.build(made.STYLES[name])
    pages, _ = read_pdf(as_pdf(data, DEFAULT))
    assert wrong(record_of(pages), made.STYLES[name]) == []


def test_a_scan_inside_an_ofd_is_recognised(tmp_path: Path, scan: ModuleType) -> None:
    out = BytesIO()
    scan.scans(pdf.Style(), scan.MILD)[0].convert("RGB").save(out, "JPEG", quality=75)
    path = tmp_path / "scan.ofd"
    path.write_bytes(made.scanned([out.getvalue()]))
    found = read_document(path)
    assert (found.reader, found.media_type, found.pages) == ("ocr", "application/ofd", 1)
    assert "328.6" in found.text
    assert [issue.code for issue in found.issues] == ["NB-OCR-PAGES"]
    assert all(line.origin == "ocr" for block in found.layout[0].blocks if isinstance(block, Line) for line in [block])


def test_parameters_of_drawing_hold_where_an_object_says_nothing() -> None:
    params = (
        '<ofd:DrawParam ID="8"><ofd:FillColor Value="255 255 255"/></ofd:DrawParam><ofd:DrawParam ID="9" Relative="8"/>'
    )
    resources = f"<ofd:DrawParams>{params}</ofd:DrawParams>"
    shown = made.words("看见") + made.words("白色", y=60, attributes='DrawParam="9"')
    assert text_of(made.one_page(shown, resources=resources)).strip() == "看见"
    own = made.words("自有颜色", y=60, attributes='DrawParam="9"', inner='<ofd:FillColor Value="0"/>')
    assert text_of(made.one_page(own, resources=resources)).strip() == "自有颜色"


def test_several_documents_in_a_package() -> None:
    first, second = made.parts(), made.parts(made.Style(runs="woven"))
    moved = {name.replace("Doc_0", "Doc_1"): data for name, data in second.items() if name != "OFD.xml"}
    moved = {name: str(data).replace("/Doc_0/", "/Doc_1/") for name, data in moved.items()}
    body = "<ofd:DocBody><ofd:DocRoot>Doc_1/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>"
    head = str(first["OFD.xml"]).replace("</ofd:OFD>", body)
    pages, issues = read_ofd(made.packed({**first, **moved, "OFD.xml": head}))
    assert [page.number for page in pages] == [1, 2, 3, 4]
    assert not issues
    assert wrong(record_of(pages[2:]), made.Style()) == []


@pytest.mark.parametrize("char", ["\x01", "&#1;", "&#x0B;", "&#xD83D;", "&#xffff;"])
def test_a_character_that_xml_cannot_hold_costs_no_page(char: str) -> None:
    line = made.words("水#测报").replace("#", char) + "".join(made.words(LABELS, y=60 + 6 * row) for row in range(4))
    pages, issues = read_ofd(made.one_page(line))
    assert not issues
    assert compose(pages).lines[0] == "水\ufffd测报"


def test_what_people_draw_on_a_page_is_no_rule_of_its_form() -> None:
    found = made.parts()
    page = "Doc_0/Annots/Page_0/Annotation.xml"
    lines = "".join(
        f'<ofd:PathObject Boundary="20 {y} 170 100">'
        f"<ofd:AbbreviatedData>M 0 0 L 170 0 M {y} 0 L {y} 90</ofd:AbbreviatedData></ofd:PathObject>"
        for y in range(60, 150, 7)
    )
    note = f'<ofd:Annot ID="1" Type="Path"><ofd:Appearance Boundary="0 0 210 297">{lines}</ofd:Appearance></ofd:Annot>'
    found[page] = made.root("PageAnnot", note)
    listed = '<ofd:Page PageID="1"><ofd:FileLoc>Page_0/Annotation.xml</ofd:FileLoc></ofd:Page>'
    found["Doc_0/Annots/Annotations.xml"] = made.root("Annotations", listed)
    named = "</ofd:Pages><ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
    found["Doc_0/Document.xml"] = str(found["Doc_0/Document.xml"]).replace("</ofd:Pages>", named)
    assert wrong(record_of(read_ofd(made.packed(found))[0]), made.Style()) == []
