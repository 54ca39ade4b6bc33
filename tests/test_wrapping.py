"""Wrapped lines become paragraphs again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.form.wrapping import Row, glue, paragraphs


@pytest.mark.parametrize(
    ("before", "behind", "whole"),
    [
        ("信用信", "息", "信用信息"),
        ("ISO", "9001", "ISO 9001"),
        ("增长", "12.5%", "增长12.5%"),
        ("12345", "热线", "12345热线"),
        ("1,", "016", "1,016"),
        ("0755-", "8318", "0755-8318"),
    ],
)
def test_glue(before: str, behind: str, whole: str) -> None:
    assert glue(before, behind) == whole


def rows(*lines: str) -> list[Row]:
    return [Row(line) for line in lines]


FULL = "全年新建自动监测站十二座，改造老旧断面七处，监测断"


def test_a_short_line_ends_a_paragraph() -> None:
    assert paragraphs(rows(FULL, FULL, "面总数达标。", FULL, FULL, "完成任务。")) == [
        FULL + FULL + "面总数达标。",
        FULL + FULL + "完成任务。",
    ]


def test_a_mark_opens_a_paragraph_behind_a_full_line() -> None:
    ended = FULL[:-1] + "。"
    assert paragraphs(rows(FULL, FULL, ended, "二、" + FULL[2:], FULL)) == [
        FULL + FULL + ended,
        "二、" + FULL[2:] + FULL,
    ]


def test_a_decimal_at_a_line_start_is_no_mark() -> None:
    assert len(paragraphs(rows(FULL, FULL[:-1] + "；", "2.15万户居民受益，" + FULL[9:], FULL))) == 1


def test_a_list_inside_a_sentence_stays_in_it() -> None:
    listed = "主要做法：一是建站，" + FULL[10:-1] + "；"
    assert paragraphs(rows(FULL, listed, "二是巡查，" + FULL[5:], FULL)) == [
        FULL + listed + "二是巡查，" + FULL[5:] + FULL
    ]


def test_headings_stay_apart() -> None:
    assert paragraphs(rows("一、监测网络不断完善", FULL, FULL, FULL, "面达标。", "二、服务防汛", FULL)) == [
        "一、监测网络不断完善",
        FULL * 3 + "面达标。",
        "二、服务防汛",
        FULL,
    ]


def test_blank_lines_everywhere_say_nothing() -> None:
    lines = [Row(line, after_blank=True) for line in (FULL, FULL, FULL, "面达标。", FULL, FULL)]
    assert paragraphs(lines) == [FULL * 3 + "面达标。", FULL * 2]


def test_a_few_blank_lines_part_paragraphs_but_not_sentences() -> None:
    lines = rows(FULL, FULL, FULL, FULL, FULL, FULL[:-1] + "。", FULL, FULL)
    lines[3] = Row(FULL, after_blank=True)  # a page ends inside a sentence
    lines[6] = Row(FULL, after_blank=True)
    assert paragraphs(lines) == [FULL * 5 + FULL[:-1] + "。", FULL * 2]


def test_indents_open_paragraphs() -> None:
    ended = FULL[:-1] + "。"
    lines = [Row(FULL, 4), Row(FULL), Row(ended), Row(FULL, 4), Row(FULL), Row(FULL)]
    assert paragraphs(lines) == [FULL * 2 + ended, FULL * 3]


def test_lines_that_are_not_wrapped_are_paragraphs() -> None:
    lines = [
        "开展监测。",
        "全年新建自动监测站十二座，改造老旧断面七处，监测断面总数达到预期的目标并且稳定运行。",
        "下一步继续努力，做好服务。",
    ]
    assert paragraphs(rows(*lines)) == lines


@given(st.lists(st.text("监测站点水质一二。，、0123456789.%", min_size=1).map(str.strip).filter(bool), max_size=12))
def test_nothing_is_lost(lines: list[str]) -> None:
    assert "".join("".join(paragraphs(rows(*lines))).split()) == "".join("".join(lines).split())


def test_the_place_of_a_line_tells_more_than_its_width() -> None:
    """Two lines have no measure; where they stand on the page has."""
    broken = [Row("我院2024年度无变更事项，按《条例》和实施细则的", full=True), Row("规定执行。", full=False)]
    assert paragraphs(broken) == [broken[0].text + broken[1].text]
    assert len(paragraphs([Row(broken[0].text, full=False), broken[1]])) == 2
    listed = [Row("一、新建监测站十二座。", full=True), Row("二、改造断面七处。", full=None)]
    assert paragraphs(listed) == [row.text for row in listed]
