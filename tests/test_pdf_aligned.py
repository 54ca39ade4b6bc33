"""Forms without ruling lines whose rows stand as close as their lines: each value in the box of its label."""

import subprocess
from pathlib import Path

import pytest

from generate import official
from nianbao.reading import office
from nianbao.reading.pdf.aligned import Aligned, table
from nianbao.reading.pdf.dealing import Place, Printed, dealt
from nianbao.reading.pdf.glyphs import Glyph
from nianbao.reading.pdf.unruled import pieces
from test_compose import glyphs_of
from test_reading_variants import differences, needed, truth

PITCH = 16.0
ROWS = (
    ("住所", "砚湖县汀洲路十七号"),
    ("对《条例》和/实施细则有关变/更登记规定的执/行情况", "本年度无变更事项。"),
    ("开展业务/活动情况", "全年开设专业六个，在校学生多，|教师也多，校舍新。|毕业生就业。|举办培训班，培训人员。"),
    ("接受捐赠资助/及其使用情况", "无"),
)


def form(rows: tuple[tuple[str, str], ...], *, values: str = "middle", y: float = 100.0) -> list[Glyph]:
    """Labels at half the height of their rows, values there or at the head; / and | part their lines."""
    text: list[Glyph] = []
    for label, value in rows:
        sides = label.split("/"), value.split("|") if value else []
        high = PITCH * max(map(len, sides))
        for side, (words, x) in enumerate(zip(sides, (70.0, 160.0), strict=True)):
            above = 0.0 if side and values == "top" else (high - PITCH * len(words)) / 2
            for number, piece in enumerate(words):
                text += glyphs_of(piece, x, y + above + PITCH * number + 10)
        y += high
    return text


def told(found: Aligned | None) -> list[tuple[str, str]]:
    assert found
    texts = {(cell.row, cell.column): "".join(line.text for line in cell.lines) for cell in found.cells}
    return [(texts[row, 0], texts.get((row, 1), "")) for row in range(max(row for row, _ in texts) + 1)]


def bare(rows: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    return [(label.replace("/", ""), value.replace("|", "")) for label, value in rows]


@pytest.mark.parametrize("values", ["middle", "top"])
def test_rows_as_close_as_lines(values: str) -> None:
    found = table(pieces(form(ROWS, values=values)))
    assert told(found) == bare(ROWS)
    assert found
    assert not found.doubtful


def test_a_value_of_fewer_lines_than_its_label_above_one_of_more() -> None:
    rows = (
        ("单位名称", "甲乙丙丁"),
        ("宗旨和/业务范围", "一二三四五六七八九十，|一二三四五六七八九十；|完。"),
        ROWS[1],
    )
    assert told(table(pieces(form(rows)))) == bare(rows)


def test_labels_of_single_characters_below_one_another() -> None:
    rows = (("住所", "砚湖县汀洲路"), ("/".join("开展业务活动情况"), "一、教学。|二、科研。"), ROWS[3])
    assert told(table(pieces(form(rows)))) == bare(rows)


def test_a_value_goes_on_from_the_page_before() -> None:
    text = glyphs_of("并完成验收。", 160, 90) + form(ROWS[1:])
    assert told(table(pieces(text))) == [("", "并完成验收。"), *bare(ROWS[1:])]


def test_a_label_that_the_page_breaks() -> None:
    rows = (("诉讼投诉情况", ""), ROWS[3])
    found = table(pieces(form(rows)))
    assert told(found) == bare(rows)
    assert found
    assert [cell.open_above for cell in found.cells] == [True, True, False, False]
    upper = table(pieces(form((ROWS[1], ("绩效和受奖惩及", "无")))))
    assert upper
    assert all(cell.open_below for cell in upper.cells if cell.row == 1)
    assert not upper.doubtful


def test_cover_and_foot_stand_outside() -> None:
    text = glyphs_of("事业单位法人年度报告书", 160, 80) + form(ROWS) + glyphs_of("填表人：谷雨桥", 70, 280)
    found = table(pieces(text))
    assert told(found) == bare(ROWS)
    assert found
    assert "".join(glyph.char for glyph in found.outside) == "事业单位法人年度报告书填表人：谷雨桥"


def test_an_unknown_label_is_a_doubt() -> None:
    rows = (ROWS[0], ("某某新栏", "有"), *ROWS[1:])
    found = table(pieces(form(rows)))
    assert told(found) == bare(rows)
    assert found
    assert found.doubtful == ("某某新栏",)


def test_a_page_of_text_is_no_such_form() -> None:
    text = [
        glyph for number in range(9) for glyph in glyphs_of("全年开设专业六个，在校学生多。", 70, 100 + 16 * number)
    ]
    assert table(pieces(text)) is None
    assert table([]) is None


def rows_at(*tops: float) -> list[Place]:
    return [Place((0.0, top, 50.0, top + 10.0), "report") for top in tops]


def lines_at(*tops: float) -> list[Printed]:
    return [Printed((60.0, top, 100.0, top + 10.0), True) for top in tops]


def test_lines_are_dealt_out_by_where_labels_stand() -> None:
    middle = dealt(rows_at(20, 80), lines_at(0, 20, 40, 60, 80, 100), 10.0, open_below=False)
    assert middle == ([0, 3], set())
    first = dealt(rows_at(0, 40, 60), lines_at(0, 20, 40, 60), 10.0, open_below=False)
    assert first == ([0, 2, 3], set())


def test_a_shift_of_all_values_is_none_of_one() -> None:
    """Space below paragraphs sets values above the middle of their labels."""
    rows = rows_at(20, 80, 120, 160)
    found = dealt(rows, lines_at(-6, 14, 34, 64, 84, 114, 154), 10.0, open_below=False)
    assert found == ([0, 3, 5, 6], set()) or (found and found[0] == [0, 3, 5, 6])


def test_a_line_between_two_labels_is_a_doubt() -> None:
    found = dealt(rows_at(0, 40), lines_at(20), 10.0, open_below=False)
    assert found
    assert found[1]


def test_lines_that_reach_into_another_label_have_no_way() -> None:
    places = [Place((0.0, 0.0, 50.0, 60.0), "report"), Place((0.0, 60.0, 50.0, 70.0), "", takes=False)]
    assert dealt(places, lines_at(60), 10.0, open_below=False) is None


@pytest.mark.slow
def test_forms_without_borders_by_libreoffice(tmp_path: Path) -> None:
    """Labels at half the height of their rows, stacked side labels, all lines evenly spaced."""
    program = needed("libreoffice", office.program())
    labels = {"culture-2023": "stacked", "museum-2024": "plain", "clinic-2024": "stacked"}
    for name, label in labels.items():
        page = official.page(truth(name), label=label).replace("border:1px solid #000;", "")
        (tmp_path / f"{name}.html").write_text(page.replace("<td", '<td valign="middle"'), "utf-8")
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    for form, ends, options in (("odt:writer8", "html", ("--infilter=HTML (StarWriter)",)), ("pdf", "odt", ())):
        files = [str(tmp_path / f"{name}.{ends}") for name in labels]
        command = [program, "--headless", profile, *options, "--convert-to", form, "--outdir", str(tmp_path), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    assert {name: differences(name, tmp_path / f"{name}.pdf") for name in labels} == dict.fromkeys(labels, [])
