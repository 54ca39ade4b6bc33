"""Pages to lines: paragraphs by geometry, page breaks, heads over numbers, headers; and the way back to the page."""

from dataclasses import replace

import pytest

from nianbao.reading.compose import compose
from nianbao.reading.layout import Box, Cell, Line, Page
from nianbao.reading.paragraphs import first_token, full
from nianbao.reading.pdf.glyphs import Glyph
from nianbao.reading.pdf.lines import lines as read_lines
from nianbao.reading.pdf.unruled import crowded, down_rules, table
from nianbao.reading.places import Locator, box_of, places
from nianbao.reading.radicals import RADICALS
from nianbao.reading.ruling import Rule, Rules, merged, tables

EM = 10.0


def line(text: str, x: float, y: float) -> Line:
    """A printed line: 10 points a Chinese character, 5 a Latin one."""
    edges = [x]
    for char in text:
        edges.append(edges[-1] + (EM / 2 if char.isascii() else EM))
    return Line(text=text, box=(x, y, edges[-1], y + EM), edges=tuple(edges))


def cell(row: int, column: int, box: Box, *texts: str, indent: tuple[float, ...] = (), **more: bool) -> Cell:
    """A cell whose lines stand one under another."""
    shifts = [*indent, *[0.0] * (len(texts) - len(indent))]
    held = tuple(
        line(text, box[0] + 5 + shift, box[1] + 5 + 16 * n)
        for n, (text, shift) in enumerate(zip(texts, shifts, strict=True))
    )
    return Cell(row=row, column=column, lines=held, box=box, **more)


def page(*blocks: Line | tuple[Cell, ...], number: int = 1) -> Page:
    return Page(number=number, width=595, height=842, blocks=blocks)


def value(*texts: str, indent: tuple[float, ...] = ()) -> tuple[str, ...]:
    """The lines for a value in a cell that holds 10 characters a line."""
    label = cell(0, 0, (0, 100, 60, 300), "单位")
    return compose([page((label, cell(0, 1, (60, 100, 170, 300), *texts, indent=indent)))]).lines[1:]


def test_full_lines_are_joined_and_short_ones_end_a_paragraph() -> None:
    assert value("一二三四五六七八九十", "甲乙丙丁。", "戊己庚辛壬癸子丑寅卯", "辰巳。") == (
        "一二三四五六七八九十甲乙丙丁。",
        "戊己庚辛壬癸子丑寅卯辰巳。",
    )


def test_an_indent_begins_a_paragraph_although_the_line_above_is_full() -> None:
    indent = (20.0, 0.0, 20.0, 0.0)
    assert value("三四五六七八九十", "一二三四五六七八九。", "三四五六七八九十", "甲乙。", indent=indent) == (
        "三四五六七八九十一二三四五六七八九。",
        "三四五六七八九十甲乙。",
    )


def test_a_word_that_did_not_fit_explains_the_room() -> None:
    assert value("一二三四五六七", "12345.67万元。", "甲乙丙丁戊己庚辛壬癸") == (
        "一二三四五六七12345.67万元。",
        "甲乙丙丁戊己庚辛壬癸",
    )


def test_an_outline_mark_behind_a_full_stop_begins_a_paragraph() -> None:
    assert value("一二三四五六七八九。", "二、甲乙丙丁戊己庚辛", "壬癸。") == (
        "一二三四五六七八九。",
        "二、甲乙丙丁戊己庚辛壬癸。",
    )


def test_centred_lines_are_no_indents() -> None:
    assert value("一二三四五六七八九十", "甲乙丙丁", indent=(0.0, 30.0)) == ("一二三四五六七八九十甲乙丙丁",)


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("建设库 9 个、库 21", "个。", "建设库 9 个、库 21 个。"),
        ("建设库9个、专题库二21", "个。", "建设库9个、专题库二21个。"),
        ("甲乙丙丁 Open", "Data。", "甲乙丙丁 Open Data。"),
        ("0790-55501267890123", "45", "0790-5550126789012345"),
    ],
)
def test_what_stands_between_two_lines(first: str, second: str, joined: str) -> None:
    assert value(first, second) == (joined,)


def test_labels_are_joined_whatever_their_lines() -> None:
    label = cell(0, 0, (0, 100, 60, 300), "宗 旨 和", "业务", "范围")
    lines = compose([page((label, cell(0, 1, (60, 100, 170, 300), "甲乙。")))]).lines
    assert lines == ("宗 旨 和业务范围", "甲乙。")


# ---------------------------------------------------------------- page breaks


def pair(row: int, top: float, label: str, *texts: str, **more: bool) -> tuple[Cell, Cell]:
    foot = top + 20 + 16 * len(texts)
    return cell(row, 0, (0, top, 60, foot), *([label] if label else []), **more), cell(
        row, 1, (60, top, 170, foot), *texts, **more
    )


def test_a_value_goes_on_where_the_next_page_has_no_label() -> None:
    pages = [
        page(pair(0, 100, "住所", "甲乙丙丁戊己庚辛壬癸"), line("- 1 -", 80, 800)),
        page(line("某单位年报", 60, 20), (*pair(0, 40, "", "子丑寅卯。"), *pair(1, 90, "经费", "无。")), number=2),
    ]
    assert compose(pages).lines == ("住所", "甲乙丙丁戊己庚辛壬癸子丑寅卯。", "经费", "无。")


def test_a_new_row_on_the_next_page_stays_a_new_row() -> None:
    pages = [page(pair(0, 100, "住所", "甲乙丙丁戊己庚辛壬癸")), page(pair(0, 40, "经费", "子丑。"), number=2)]
    assert compose(pages).lines == ("住所", "甲乙丙丁戊己庚辛壬癸", "经费", "子丑。")


def test_a_label_that_the_page_breaks_goes_on_too() -> None:
    pages = [
        page(pair(0, 100, "相关资质认", "甲乙丙丁戊己庚辛壬癸", open_below=True)),
        page(pair(0, 40, "可或执业", "子丑。", open_above=True), number=2),
    ]
    assert compose(pages).lines == ("相关资质认可或执业", "甲乙丙丁戊己庚辛壬癸子丑。")


def test_headers_that_return_are_no_text() -> None:
    pages = [page(line(f"某单位{n}年报", 60, 20), line(f"正文{n}字。", 60, 400), number=n) for n in (1, 2, 3)]
    assert [text.strip() for text in compose(pages).lines] == ["正文1字。", "正文2字。", "正文3字。"]


# ---------------------------------------------------------------- heads over numbers, lines without tables


def test_numbers_stand_behind_their_heads() -> None:
    heads = (cell(0, 0, (0, 100, 80, 120), "年初数"), cell(0, 1, (80, 100, 160, 120), "年末数"))
    both = (cell(1, 0, (0, 120, 80, 140), "12.5"), cell(1, 1, (80, 120, 160, 140), "13.5"))
    one = (cell(1, 0, (0, 120, 80, 140)), cell(1, 1, (80, 120, 160, 140), "13.5"))
    assert compose([page((*heads, *both))]).lines == ("年初数    12.5", "年末数    13.5")
    assert compose([page((*heads, *one))]).lines == ("年初数", "年末数    13.5")


def test_a_table_of_figures_is_left_alone() -> None:
    rows = [cell(r, c, (80 * c, 100 + 20 * r, 80 * c + 80, 120 + 20 * r), f"{r}{c}") for r in (1, 2) for c in (0, 1)]
    heads = (cell(0, 0, (0, 100, 80, 120), "甲"), cell(0, 1, (80, 100, 160, 120), "乙"))
    assert compose([page((*heads, *rows))]).lines == ("甲", "乙", "10", "11", "20", "21")


def test_lines_without_tables_keep_their_columns() -> None:
    found = compose([page(line("住所", 50, 100), line("甲市乙区", 150, 116))])
    assert found.lines == ("住所", " " * 20 + "甲市乙区")
    assert not found.whole


def flow(*texts: str) -> list[bool | None]:
    """Of lines that follow one another on a page without tables: whether each ran into the margin."""
    return full([line(text, 70, 100 + 16 * n) for n, text in enumerate(texts)])


def test_lines_at_the_margin_go_on() -> None:
    told = flow("监测站点十二座，改造老旧", "断面七处，监测断面总数", "达标。", "新建十座，改造断面三处和", "闸门。")
    assert told[:4] == [True, True, False, True]


def test_no_margin_is_seen_in_a_text_of_two_columns() -> None:
    told = flow(
        "监测站点", "一二三四五六七八九十甲乙", "改造老旧断面七", "断面总数已经达到四", "新建十座，改造断面三处和"
    )
    assert told == [None] * 5


def test_the_end_of_a_year_is_no_date_over_two_lines() -> None:
    composed = compose([page(line("年初数：15.62", 70, 100), line("年末数：15.40", 70, 116))])
    assert len(composed.lines) == 2
    composed = compose([page(line("一二三四2025", 70, 100), line("年3月3日", 70, 116))])
    assert [text.strip() for text in composed.lines] == ["一二三四2025年3月3日"]


def test_pages_without_places_give_their_lines() -> None:
    table = (
        Cell(row=0, column=0, lines=(Line(text="住所"),)),
        Cell(row=0, column=1, lines=(Line(text="甲市"), Line(text="乙区"))),
    )
    found = compose([Page(number=1, blocks=(Line(text="报告书"), table))])
    assert found.lines == ("报告书", "住所", "甲市", "乙区")
    assert places(found, [(0, 3, 0, 0)], "报告书") == ()


# ---------------------------------------------------------------- and back


def test_a_stretch_of_text_leads_to_its_lines() -> None:
    label, told = pair(0, 100, "住所", "甲乙丙丁戊己庚辛壬癸", "子丑。")
    found = compose([page((label, told))])
    text = "\n".join(found.lines)
    runs = [(0, 2, 0, 0), (3, len(text), 1, 0)]
    spots = Locator(found, runs, text).spots(text.index("壬"), text.index("丑"))
    assert [(spot.page, spot.box) for spot in spots] == [(1, (145, 105, 165, 115)), (1, (65, 121, 75, 131))]
    assert Locator(found, runs, text).areas(3, len(text))[0].box == (65, 105, 165, 131)
    assert [text[p.start : p.end] for p in places(found, runs, text)] == ["住所", "甲乙丙丁戊己庚辛壬癸", "子丑。"]


def test_a_line_without_edges_has_its_own_box() -> None:
    assert box_of(Line(text="甲乙", box=(1, 2, 3, 4)), 0, 1) == (1, 2, 3, 4)


@pytest.mark.parametrize(("text", "count"), [("2024年", 4), ("（一）甲", 3), ("甲，乙", 2), ("98.6%，比", 6), ("", 0)])
def test_what_a_printer_keeps_together(text: str, count: int) -> None:
    assert first_token(text) == count


# ---------------------------------------------------------------- rules and radicals


def box_rules(*boxes: Box) -> Rules:
    rules = Rules([], [])
    for x0, y0, x1, y1 in boxes:
        rules.across.extend((Rule(y0, x0, x1), Rule(y1, x0, x1)))
        rules.down.extend((Rule(x0, y0, y1), Rule(x1, y0, y1)))
    return rules


def test_cells_come_from_rules() -> None:
    (found,) = tables(box_rules((0, 0, 40, 60), (40, 0, 100, 20), (40, 20, 100, 60)))
    assert [(f.row, f.column, f.rows, f.columns) for f in found.fields] == [(0, 0, 2, 1), (0, 1, 1, 1), (1, 1, 1, 1)]
    assert found.field_at(10, 50) == 0
    assert found.field_at(200, 50) is None
    assert not any(field.open_above or field.open_below for field in found.fields)


def test_a_side_without_its_rule_is_closed_and_said() -> None:
    rules = box_rules((0, 0, 40, 60), (40, 0, 100, 60))
    open_ = Rules([rule for rule in rules.across if rule.at == 0], rules.down)
    (found,) = tables(open_)
    assert [(f.open_above, f.open_below) for f in found.fields] == [(False, True)] * 2


def test_a_frame_is_no_table_and_a_table_in_a_cell_is_left_to_it() -> None:
    inner = box_rules((50, 50, 80, 70), (80, 50, 110, 70))
    framed = box_rules((10, 10, 500, 700))
    found = tables(Rules(inner.across + framed.across, inner.down + framed.down))
    assert [len(table.fields) for table in found] == [2]
    outer = box_rules((10, 10, 200, 300), (200, 10, 500, 300))
    found = tables(Rules(inner.across + outer.across, inner.down + outer.down))
    assert [len(table.fields) for table in found] == [2]
    assert found[0].box == (10, 10, 500, 300)


def test_an_underline_parts_no_cell() -> None:
    rules = box_rules((0, 0, 100, 60), (100, 0, 300, 60))
    rules.across.append(Rule(30, 120, 280))
    (found,) = tables(rules)
    assert len(found.fields) == 2


def test_pieces_of_a_rule_are_one() -> None:
    assert merged([Rule(0, 0, 50), Rule(0.5, 51, 90), Rule(0.4, 200, 220)], 3.0) == [
        Rule(0.4, 200, 220),
        Rule(0, 0, 90),
    ]


def test_radicals_become_characters_and_nothing_else_changes() -> None:
    assert "⼀⼒⼤⼈⼾⻓⻚⺠".translate(RADICALS) == "一力大人户长页民"
    assert "（），：％①㎡２".translate(RADICALS) == "（），：％①㎡２"


# ---------------------------------------------------------------- text PDFs and forms without rules


def glyphs_of(text: str, x: float, y: float, *, blank: float = 2.0) -> list[Glyph]:
    """A printed line of 10 points a Chinese character, 5 a Latin one, and narrow blanks."""
    found, at = [], x
    for char in text:
        if char == " ":
            at += blank
            continue
        wide = EM / 2 if char.isascii() else EM
        found.append(Glyph(char, at, y, at + wide, EM, len(found) + int(1000 * y)))
        at += wide
    return found


def test_narrow_blanks_are_seen_where_characters_touch() -> None:
    assert read_lines(glyphs_of("填表人：谷雨桥 联系电话：五五五五", 70, 100, blank=1.5))[0].text == (
        "填表人：谷雨桥 联系电话：五五五五"
    )


def form_without_rules(*rows: tuple[float, str, tuple[str, ...]]) -> list[tuple[str, str]]:
    """(label, value) of a form whose rows stand one below another, the labels at half the height of their values."""
    text: list[Glyph] = []
    y = 100.0
    for gap, label, value in rows:
        pieces = label.split("/")
        high = 16.0 * max(len(pieces), len(value))
        for words, x in ((pieces, 70.0), (list(value), 160.0)):
            for number, words_ in enumerate(words):
                text += glyphs_of(words_, x, y + (high - 16.0 * len(words)) / 2 + 16.0 * number + 10)
        y += high + gap
    cells = table(text)
    assert cells
    found = {(cell.row, cell.column): "".join(line.text for line in cell.lines) for cell in cells}
    return [(found.get((row, 0), ""), found.get((row, 1), "")) for row in range(max(key[0] for key in found) + 1)]


def test_the_foot_line_close_below_a_form_without_rules() -> None:
    told = form_without_rules(
        (14, "住所", ("砚湖县汀洲路十七号",)),
        (14, "接受捐赠/资助及其/使用情况", ("无",)),
        (4, "举办单位/意见（含/保密审查/意见）", ("情况属实，已经保密审查。", "公章：", "2025年3月11日")),
        (0, "填表人：谷雨桥联系电话：五五五五五五报送", ()),
    )
    assert told[1:] == [
        ("接受捐赠资助及其使用情况", "无"),
        ("举办单位意见（含保密审查意见）", "情况属实，已经保密审查。公章：2025年3月11日"),
        ("填表人：谷雨桥联系电话：五五五五五五报送", ""),
    ]


def crowd(*rows_: tuple[str, str]) -> list[Glyph]:
    """A form whose rows stand as close as the lines in them; / parts the lines of a label, | those of a value."""
    text: list[Glyph] = []
    y = 100.0
    for label, value in rows_:
        sides = label.split("/"), value.split("|")
        high = 16.0 * max(map(len, sides))
        for words, x in zip(sides, (70.0, 160.0), strict=True):
            for number, piece in enumerate(words):
                text += glyphs_of(piece, x, y + (high - 16.0 * len(words)) / 2 + 16.0 * number + 10)
        y += high
    return text


CLOSE = (
    ("住所", "砚湖县汀洲路十七号"),
    ("对《条例》/实施细则/执行情况", "本年度无变更事项。"),
    ("开展业务/活动情况", "全年开设专业六个，在校学生多。|毕业生就业。|举办培训班，培训人员。"),
    ("接受捐赠/使用情况", "无"),
)


def test_rules_across_tell_rows_that_stand_close() -> None:
    text = crowd(*CLOSE)
    across = [Rule(y, 60, 400) for y in (100.0, 116.0, 164.0, 212.0, 244.0)]
    (found,) = tables(Rules(across, down_rules(text, across)))
    told = {(field.row, field.column): [] for field in found.fields}
    for glyph in text:
        number = found.field_at(glyph.x + 3, glyph.y - 3)
        assert number is not None
        told[found.fields[number].row, found.fields[number].column].append(glyph)
    words = ["".join(line.text for line in read_lines(group)) for _, group in sorted(told.items())]
    assert words == [
        "".join(part).replace("/", "").replace("|", "") for row in CLOSE for part in ((row[0],), (row[1],))
    ]
    assert down_rules(text, across[:2]) == []


def test_rows_that_stand_close_are_said() -> None:
    text = crowd(*CLOSE)
    assert crowded(table(text) and [table(text) or ()] or read_lines(text))
    apart = [replace(glyph, y=glyph.y + 14 * (glyph.y > 116) + 14 * (glyph.y > 164)) for glyph in text]
    assert not crowded([table(apart) or ()])


def test_a_label_over_a_page_break_without_rules() -> None:
    upper = (cell(0, 0, (40, 700, 88, 780), "相关资质", "认可或执"), cell(0, 1, (100, 700, 500, 780), "无"))
    lower = (
        cell(0, 0, (40, 31, 88, 82), "业许可证", "明文件及", "有效期", open_above=True),
        cell(1, 0, (40, 95, 88, 165), "绩效和受奖惩及诉讼投诉情况"),
        cell(1, 1, (100, 95, 500, 165), "无奖惩。"),
    )
    lines = compose([page(upper), page(lower, number=2)]).lines
    assert lines == ("相关资质认可或执业许可证明文件及有效期", "无", "绩效和受奖惩及诉讼投诉情况", "无奖惩。")
    whole = (cell(0, 0, (40, 700, 88, 780), "绩效和受奖惩及诉讼投诉情况"), cell(0, 1, (100, 700, 500, 780), "无"))
    blank = (cell(0, 0, (40, 31, 88, 82), "接受捐赠资助及其使用情况", open_above=True), *lower[1:])
    assert len(compose([page(whole), page(blank, number=2)]).lines) == 5
