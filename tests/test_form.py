"""The form: every layout gives the same boxes; missing, blank and filled are told apart; damage is survived or said."""

import random
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generate.forms import (
    BOXES,
    COVER,
    LABELS,
    LAYOUTS,
    OTHER_WAYS,
    SIGNED,
    Layout,
    layout_b,
    layout_c,
    layout_d,
    layout_e,
    layout_g,
    report_before_register,
)
from nianbao.errors import ReadError
from nianbao.form.parse import EXPECTED, Form, label_lines, parse_form


@pytest.fixture(params=sorted(LAYOUTS))
def layout(request: pytest.FixtureRequest) -> Layout:
    return LAYOUTS[request.param]


def read(lines: list[str]) -> Form:
    form = parse_form(lines, where="test.txt")
    for key, span in form.boxes.items():
        assert 0 <= span.start <= span.end <= len(form.text), key
    return form


def values(form: Form) -> dict[str, str | None]:
    return {key: form.value(key) for key in BOXES}


def test_every_layout_gives_the_same_boxes(layout: Layout) -> None:
    form = read(layout(BOXES))
    assert values(form) == BOXES
    assert form.issues == ()


def test_a_table_drawn_with_strokes() -> None:
    joined = BOXES["activities"].replace("\n", "")
    assert values(read(layout_g(BOXES))) == BOXES | {"activities": joined}


def test_year_behind_the_title() -> None:
    lines = ["事业单位法人年度报告书（2021年度）", *layout_e(BOXES)[7:]]
    assert read(lines).cover["year"] == "2021"


def test_the_cover_is_read_apart_from_the_form(layout: Layout) -> None:
    assert read(layout(BOXES)).cover == {
        "uscc": "12439900FX00001234",
        "year": "2024",
        "name": "云泽市河湖监测站",
        "legal_representative": "江一帆",
    }


def test_signatures_stand_behind_the_words_of_an_opinion(layout: Layout) -> None:
    form = read(layout(BOXES))
    for key, date in SIGNED.items():
        start, end = form.signatures[key]
        assert date in form.text[start:end]


def test_without_a_cover(layout: Layout) -> None:
    lines = [line for line in layout(BOXES) if line.strip() not in COVER]
    form = read(lines)
    assert values(form) == BOXES
    assert "name" not in form.cover


@pytest.mark.parametrize("key", sorted(set(BOXES) - {"net_assets_opening", "net_assets_closing"}))
def test_a_blank_box_is_blank_and_the_others_stay(layout: Layout, key: str) -> None:
    form = read(layout(BOXES | {key: ""}))
    assert key in form.boxes
    assert values(form) == BOXES | {key: None}


@pytest.mark.parametrize("name", ["B", "C", "E"])
@pytest.mark.parametrize("key", ["performance", "donations", "phone", "registration_changes", "staff"])
def test_a_missing_box_is_an_issue(name: str, key: str) -> None:
    boxes = {k: v for k, v in BOXES.items() if k != key}
    form = read(LAYOUTS[name](boxes))
    assert key not in form.boxes
    assert [issue.code for issue in form.issues] == ["NB-FORM-MISSING"]
    assert values(form) == BOXES | {key: None}


@pytest.mark.parametrize("name", ["B", "C", "E"])
@pytest.mark.parametrize("seed", range(8))
def test_boxes_in_another_order(name: str, seed: int) -> None:
    keys = [key for key in BOXES if key not in ("net_assets_closing", "form_filler", "phone", "filing_date")]
    random.Random(seed).shuffle(keys)
    at = keys.index("net_assets_opening") + 1
    order = [*keys[:at], "net_assets_closing", *keys[at:], "form_filler", "phone", "filing_date"]
    form = read(LAYOUTS[name]({key: BOXES[key] for key in order}))
    assert values(form) == BOXES


@pytest.mark.parametrize("key", ["address", "legal_representative", "initial_capital", "funding_source", "sponsors"])
def test_a_lost_label_is_known_by_place_and_value(key: str) -> None:
    lines = layout_b(BOXES)
    body = lines.index("《事业单位法人证书》登载事项")
    lines[lines.index("".join(LABELS[key]).replace(" ", ""), body)] = "    "
    form = read(lines)
    assert values(form) == BOXES
    assert [issue.code for issue in form.issues] == ["NB-FORM-LABEL-LOST"]


@pytest.mark.parametrize(
    ("label", "damaged"),
    [
        ("法定代表人", "定代表"),
        ("开办资金", "开办资"),
        ("经费来源", "经费□源"),
        ("住所", "住�"),
        ("从业人数", "业人数"),
        ("举办单位", "举办位"),
        ("绩效和受奖惩及诉讼投诉情况", "绩效和受奖及诉投诉情况"),
        ("经费来源", "来 经费源"),
        ("接受捐赠资助及其使用情况", "接受捐赠资助及其使用情"),
    ],
)
def test_labels_with_lost_glyphs(label: str, damaged: str) -> None:
    lines = layout_b(BOXES)
    lines[lines.index(label, lines.index("《事业单位法人证书》登载事项"))] = damaged
    assert values(read(lines)) == BOXES


def test_a_label_grown_together_with_its_value() -> None:
    lines = [line.replace("法定代表人：", "法定代表人").replace("开办资金：", "开办资金") for line in layout_e(BOXES)]
    assert values(read(lines)) == BOXES


def test_each_sponsor_has_a_row_of_its_own() -> None:
    lines = layout_c(BOXES)
    at = lines.index("举办单位 云泽市水务局")
    form = read([*lines[: at + 1], "举办单位 云泽市农业农村局", *lines[at + 1 :]])
    assert form.value("sponsors") == "云泽市水务局\n云泽市农业农村局"
    assert form.issues == ()


def test_a_box_twice_with_different_values_is_an_issue() -> None:
    lines = layout_c(BOXES)
    at = lines.index("经费来源 财政核拨")
    form = read([*lines[:at], "经费来源 经费自理", *lines[at:]])
    assert form.value("funding_source") == "经费自理"
    issue = form.issues[0]
    assert issue.code == "NB-FORM-TWICE"
    assert issue.line == at + 2
    assert f"{at + 1} and {at + 2}" in issue.message


def test_a_box_twice_with_the_same_value_is_none() -> None:
    lines = layout_c(BOXES)
    at = lines.index("举办单位 云泽市水务局")
    assert read([*lines[:at], lines[at], *lines[at:]]).issues == ()


def test_a_label_repeated_on_the_next_page_goes_on() -> None:
    lines = layout_c(BOXES)
    at = lines.index("- 2 -")
    form = read([*lines[: at + 1], "开展业务活动情况", *lines[at + 1 :]])
    assert values(form) == BOXES
    assert form.issues == ()


def test_words_of_labels_inside_the_narrative_are_no_boxes() -> None:
    text = (
        "我站坚持改革创新，\n从业人数 比去年减少，但任务\n住所 条件有限。\n开办资金 到位后购置设备，\n"
        "联系电话 保持畅通，\n单位名称\n牌匾全部更换。\n网上名称：统一规范，\n法定代表人 带队值守。"
    )
    form = read(layout_c(BOXES | {"activities": text}))
    assert values(form) | {"activities": None} == BOXES | {"activities": None}
    assert (form.value("activities") or "").replace("\n", "") == text.replace("\n", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("开展业务活动情况", "业务开展情况"),
        ("开展业务活动情况", "履行职责和开展业务活动情况"),
        ("接受捐赠资助及其使用情况", "接受捐赠资助及使用情况"),
        ("举办单位意见（含保密审查意见）", "举办单位意见"),
        ("从业人数", "从业人员"),
        ("举办单位", "举办单位（即主管部门）"),
        ("统一社会信用代码", "统一社会信用代码："),
        ("对《条例》和实施细则有关变更登记规定的执行情况", "对《条例》及其实施细则有关变更登记规定的执行情况"),
    ],
)
def test_older_and_other_wordings(old: str, new: str) -> None:
    lines = [new + line[len(old) :] if line.split("：")[0] == old else line for line in layout_e(BOXES)]
    assert values(read(lines)) == BOXES


def test_performance_in_three_boxes() -> None:
    lines = layout_b(BOXES)
    at = lines.index("绩效和受奖惩及诉讼投诉情况")
    split = ["绩效和受奖惩情况", "年度考核优秀。", "涉及诉讼情况", "无", "社会投诉情况", "投诉3件。"]
    form = read([*lines[:at], *split, *lines[at + 2 :]])
    assert form.value("performance") == "年度考核优秀。\n涉及诉讼情况\n无\n社会投诉情况\n投诉3件。"
    assert form.issues == ()


def test_net_assets_beside_and_beneath_their_labels() -> None:
    lines = layout_d(BOXES)
    at = next(n for n, line in enumerate(lines) if line.startswith("情况 ") and "315.20" in line)
    only_closing = [*lines[:at], "情况              " + " " * 18 + "298.77", *lines[at + 1 :]]
    form = read(only_closing)
    assert (form.value("net_assets_opening"), form.value("net_assets_closing")) == (None, "298.77")


def test_two_sponsors_on_two_lines() -> None:
    lines = layout_e(BOXES)
    at = lines.index("举办单位：云泽市水务局")
    form = read([*lines[: at + 1], "云泽市农业农村局", *lines[at + 1 :]])
    assert form.value("sponsors") == "云泽市水务局\n云泽市农业农村局"


def test_a_wrapped_sponsor_is_one() -> None:
    lines = layout_e(BOXES | {"sponsors": "云泽市自然资源和"})
    at = lines.index("举办单位：云泽市自然资源和")
    assert read([*lines[: at + 1], "规划局", *lines[at + 1 :]]).value("sponsors") == "云泽市自然资源和规划局"


@pytest.mark.parametrize(
    "lines",
    [
        ["今天天气很好。", "我们去公园。"],
        ["单位名称：甲", "住所：乙", "法定代表人：丙", "开办资金：1万元", "举办单位：丁"],
        ["# README", "usage: run it"],
    ],
)
def test_what_is_no_report_is_said(lines: list[str]) -> None:
    with pytest.raises(ReadError) as caught:
        parse_form(lines, where="x.txt")
    assert caught.value.code == "NB-FORM-NOT-A-REPORT"
    assert caught.value.where == "x.txt"
    assert caught.value.remedy


def test_far_too_many_lines_are_refused() -> None:
    with pytest.raises(ReadError, match="NB-FORM-TOO-LONG"):
        parse_form([*layout_c(BOXES), *["甲乙丙。"] * 20_000], where="x.txt")


def test_label_lines_are_those_of_the_form_only(layout: Layout) -> None:
    lines = layout(BOXES)
    frozen = {lines[n].strip() for n in label_lines(lines)}
    spoken = {line for text in BOXES.values() for line in text.split("\n")} | {COVER[0], COVER[3], COVER[4]}
    assert not frozen & spoken
    assert "国家事业单位登记管理局制" in frozen


def test_label_lines_of_the_real_report(seed: Path) -> None:
    lines = seed.read_text(encoding="utf-8").split("\n")
    frozen = [lines[n] for n in sorted(label_lines(lines))]
    assert "宗 旨 和" in frozen
    assert "年初数（万元） 年末数（万元）" in frozen
    assert frozen.count("年 月 日") == 2
    assert len(frozen) == 53


def test_all_boxes_of_the_real_report(seed: Path) -> None:
    lines = seed.read_text(encoding="utf-8").split("\n")
    form = parse_form(lines, where=str(seed))
    assert set(EXPECTED) <= set(form.boxes)
    assert form.issues == ()
    assert form.value("name") == "深圳市公共信用中心（深圳互联网广告监测中心）"
    assert form.value("legal_representative") == "潘建珊"
    assert form.value("initial_capital") == "1100 万元"
    assert form.value("net_assets_opening") == "1432.93"
    assert form.value("net_assets_closing") == "1810.21"
    assert form.value("staff") == "59"
    assert form.value("sponsor_opinion") is None
    assert form.value("phone") == "0755-83187913"


def test_a_long_run_of_blanks_takes_no_square_of_time() -> None:
    started = time.monotonic()
    label_lines([f"我馆{' ' * 100_000}公章"])
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("way", OTHER_WAYS)
def test_other_ways_of_writing_the_form(way: str) -> None:
    form = read(OTHER_WAYS[way]())
    bare = {key: "".join((value or "").split()) for key, value in values(form).items()}
    assert bare == {key: "".join(value.split()) for key, value in BOXES.items()}
    assert form.issues == ()


def test_a_cover_behind_other_pages_is_read() -> None:
    assert read(report_before_register()).cover == read(layout_b(BOXES)).cover


# ---------------------------------------------------------------- where the text came from


def check_origins(form: Form, lines: list[str]) -> None:
    """Every run quotes, runs do not overlap, and every character but blanks has one."""
    at = 0
    for start, end, line, column in form.origins:
        assert at <= start < end
        assert form.text[start:end] == lines[line][column : column + end - start]
        assert not form.text[at:start].strip()
        at = end
    assert not form.text[at:].strip()


NOISE = ["\u200b", "\ufeff", "\xad", "\t", "\xa0 ", "  ", "\u3000"]


@settings(max_examples=40, deadline=None)
@given(
    name=st.sampled_from([*sorted(LAYOUTS), "G"]), chance=st.sampled_from([0, 0.02, 0.2]), number=st.integers(0, 10**6)
)
def test_every_run_of_the_text_quotes_the_lines(name: str, chance: float, number: int) -> None:
    dice = random.Random(number)
    lines = (LAYOUTS | {"G": layout_g})[name](BOXES)
    lines = ["".join(c + dice.choice(NOISE) if dice.random() < chance else c for c in line) for line in lines]
    try:
        form = parse_form(lines, where="test.txt")
    except ReadError:
        assert chance  # so much noise that no label is left
        return
    check_origins(form, lines)


def test_where_a_value_came_from() -> None:
    lines = layout_c(BOXES)
    form = read(lines)
    start = form.boxes["initial_capital"].start
    run = next(run for run in form.origins if run[0] <= start < run[1])
    assert lines[run[2]][run[3] + start - run[0] :] == "320.5万元"


def test_runs_of_the_real_report(seed: Path) -> None:
    lines = seed.read_text(encoding="utf-8").splitlines()
    check_origins(parse_form(lines, where=str(seed)), lines)


# ---------------------------------------------------------------- as pages are printed


def test_heads_of_two_columns_that_touch() -> None:
    """A wide label fills its column: nothing stands between it and the next one."""
    lines = [line for line in layout_e(BOXES) if not line.startswith("年末数")]
    at = next(n for n, line in enumerate(lines) if line.startswith("年初数"))
    lines[at : at + 1] = ["年初数（万元）年末数（万元）", "315.20        298.77"]
    form = read(lines)
    assert (form.value("net_assets_opening"), form.value("net_assets_closing")) == ("315.20", "298.77")


@pytest.mark.parametrize(
    ("printed", "opening", "closing", "told"),
    [
        (["年初数（万元）315.20", "年末数（万元）", "298.77"], "315.20", "298.77", []),
        (["年初数（万元）315.20 年末数（万元）298.77"], "315.20", "298.77", []),
        (["年初数315.20", "年末数-298.77"], "315.20", "-298.77", []),
        (
            ["年○○（万元）", "年末数（万元）", "315.20", "298.77"],
            None,
            "298.77",
            ["NB-FORM-AMOUNTS", "NB-FORM-MISSING"],
        ),
        (["年初数（万元）", "年末数（万元）", "315.20", "298.77", "5"], "315.20", "298.77", ["NB-FORM-AMOUNTS"]),
    ],
)
def test_amounts_stay_with_their_labels(printed: list[str], opening: str, closing: str, told: list[str]) -> None:
    lines = layout_b(BOXES)
    at = next(n for n, line in enumerate(lines) if line.startswith("年初数"))
    behind = next(n for n in range(at, len(lines)) if lines[n].startswith("网上名称"))
    form = read([*lines[:at], *printed, *lines[behind:]])
    assert (form.value("net_assets_opening"), form.value("net_assets_closing")) == (opening, closing)
    assert [issue.code for issue in form.issues] == told


def test_a_date_broken_at_the_end_of_a_line() -> None:
    lines = [*layout_e(BOXES)[:-1], "报送日期：2025 年 3 月 16", "日"]
    assert read(lines).value("filing_date") == "2025 年 3 月 16日"


def test_a_heading_without_a_mark_behind_a_full_line() -> None:
    lines = layout_e(BOXES)
    at = next(n for n, line in enumerate(lines) if line.startswith("开展业务活动情况"))
    end = next(n for n, line in enumerate(lines) if line.startswith("相关资质"))
    told = ["全年新建自动监测站十二座，改造老旧断面七处。", "阅读推广", "举办活动三十五场。"]
    lines[at:end] = ["开展业务活动情况", *told]
    form = parse_form(lines, where="test.txt", full={at + 1: True, at + 2: False, at + 3: False})
    assert (form.value("activities") or "").split("\n") == told
