"""The form: every layout gives the same boxes; missing, blank and filled are told apart; damage is survived or said."""

import random
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.errors import ReadError
from nianbao.form.parse import EXPECTED, Form, label_lines, parse_form

# A report of our own invention; the boxes in the order of the form.
BOXES = {
    "name": "云泽市河湖监测站（云泽市水土保持试验站）",
    "purpose": "承担全市河流、湖泊的水量和水质监测，开展水土保持试验研究，为防汛抗旱和水资源管理提供数据服务。",
    "address": "云泽市北湖区堤岸路66号水文楼1-2层",
    "legal_representative": "江一帆",
    "initial_capital": "320.5万元",
    "funding_source": "财政核拨",
    "sponsors": "云泽市水务局",
    "net_assets_opening": "315.20",
    "net_assets_closing": "298.77",
    "online_name": "云泽市河湖监测站.公益",
    "staff": "42",
    "registration_changes": "按《条例》和实施细则规定执行，2024年度无变更事项。",
    "activities": "一、监测网络不断完善\n"
    "一是站点建设稳步推进。全年新建自动监测站12座，改造老旧断面7处，监测断面总数达到86个，数据到报率98.6%，比上年提高1.4个百分点，为全市水资源调度打下了坚实的基础。\n"
    "二是水质监测全面覆盖。采集水样3,420个，出具监测报告215份，及时预警污染事件2起。\n"
    "二、服务防汛抗旱成效明显\n"
    "汛期发布水情信息1.2万条，从业人数不足的情况下坚持24小时值守，测报洪峰9次，准确率达到百分之九十五。",
    "qualifications": "检验检测机构资质认定证书，编号230012340011，有效期至2029年5月31日。",
    "performance": "无",
    "donations": "/",
    "institution_opinion": "兹委托登记管理机关公示我单位年度报告书。",
    "sponsor_opinion": "情况属实，已经保密审查，同意公示。",
    "form_filler": "沈小溪",
    "phone": "010-00000000",
    "filing_date": "2025年3月6日",
}
LABELS = {
    "name": ["单位名称"],
    "purpose": ["宗 旨 和", "业务范围"],
    "address": ["住 所"],
    "legal_representative": ["法定代表人"],
    "initial_capital": ["开办资金"],
    "funding_source": ["经费来源"],
    "sponsors": ["举办单位"],
    "net_assets_opening": ["年初数（万元）"],
    "net_assets_closing": ["年末数（万元）"],
    "online_name": ["网上名称"],
    "staff": ["从业人数"],
    "registration_changes": ["对《条", "例》和", "实施细", "则有关", "变更登", "记规定", "的执行", "情 况"],
    "activities": ["开展", "业务", "活动", "情况"],
    "qualifications": ["相关资质", "认可或执", "业许可证", "明文件及", "有效期"],
    "performance": ["绩 效 和", "受奖惩及", "诉讼投诉", "情 况"],
    "donations": ["接受捐赠", "资助及其", "使用情况"],
    "institution_opinion": ["事业单位", "委托意见"],
    "sponsor_opinion": ["举办单位", "意见（含", "保密审查", "意 见）"],
    "form_filler": ["填表人"],
    "phone": ["联系电话"],
    "filing_date": ["报送日期"],
}
COVER = [
    "统一社会信用代码   12439900FX00001234",
    "事业单位法人年度报告书",
    "（ 2024 年度）",
    "单 位 名 称  云泽市河湖监测站",
    "法 定 代 表 人  江一帆",
    "国家事业单位登记管理局制",
]
SIGNED = {"institution_opinion": "2025年3月1日", "sponsor_opinion": "2025年3月4日"}
CLOSING = "，。、；：？！”’》）"


def columns(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def wrap(text: str, width: int = 48) -> list[str]:
    """The text broken as a printer breaks it: no closing sign at a line's start, no number broken."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        tokens: list[str] = []
        for char in paragraph:
            number = tokens and char.isascii() and tokens[-1][-1].isascii() and (char.isalnum() or char in ".,%-")
            if tokens and (number or char in CLOSING):
                tokens[-1] += char
            else:
                tokens.append(char)
        for token in tokens:
            if line and columns(line + token) > width:
                lines.append(line)
                line = ""
            line += token
        lines.append(line)
    return lines


def value_lines(key: str, boxes: dict[str, str], width: int = 48) -> list[str]:
    lines = wrap(boxes[key], width) if boxes[key] else []
    if key in SIGNED:
        lines += ["法定代表人：江一帆（签字） （公章）" if key == "institution_opinion" else "（公章）", SIGNED[key]]
    return lines


def layout_a(boxes: dict[str, str]) -> list[str]:
    """Labels broken over lines, the value beneath, a blank line after every line."""
    lines = [*COVER, "《事业", "单位", "法人", "证书》", "登载", "事项"]
    for key in boxes:
        if key == "net_assets_opening":
            lines += ["资产", "损益", "情况", "净资产合计（所有者权益合计）", "年初数（万元） 年末数（万元）"]
            lines.append(" ".join(boxes[k] for k in ("net_assets_opening", "net_assets_closing")))
        elif key == "online_name":
            lines.append(f"网上名称 {boxes[key]} 从业人数 {boxes['staff']}")
        elif key == "form_filler":
            lines.append("  ".join(f"{LABELS[k][0]}： {boxes[k]}" for k in ("form_filler", "phone", "filing_date")))
        elif key not in ("net_assets_closing", "staff", "phone", "filing_date"):
            value = value_lines(key, boxes)
            short = len(LABELS[key]) == 1 and len(value) == 1 and key not in ("name", "address")
            lines += [f"{LABELS[key][0]} {value[0]}"] if short else LABELS[key] + value
    return [line for text in lines for line in (text, "")]


def layout_b(boxes: dict[str, str]) -> list[str]:
    """A web copy: every cell on a line of its own, nothing wrapped, half-width brackets in labels."""
    lines = ["首页 > 信息公开 > 年度报告", "2024年度事业单位法人年度报告公示(云泽市河湖监测站)", *COVER]
    lines += ["《事业单位法人证书》登载事项"]
    for key in boxes:
        if key == "net_assets_opening":
            lines += ["资产损益情况", "净资产合计(所有者权益合计)", "年初数(万元)", "年末数(万元)"]
            lines += [boxes["net_assets_opening"], boxes["net_assets_closing"]]
        elif key != "net_assets_closing":
            label = "".join(LABELS[key]).replace(" ", "").replace("（", "(").replace("）", ")")
            value = boxes[key].split("\n") + ([f"法定代表人： 公章： {SIGNED[key]}"] if key in SIGNED else [])
            lines += [label, *value]
    return [*lines, "上一篇：没有了", "打印本页 关闭窗口"]


def layout_c(boxes: dict[str, str]) -> list[str]:
    """Compact: short values behind their label, long ones beneath, page numbers."""
    lines = [*COVER, "《事业单位法人证书》登载事项"]
    for key in boxes:
        label = "".join(LABELS[key]).replace(" ", "")
        value = value_lines(key, boxes, 70)
        lines += [f"{label} {value[0]}"] if len(value) == 1 and len(label) < 10 else [label, *value]
        if key == "registration_changes":
            lines.append("- 1 -")
    at = next((n for n, line in enumerate(lines) if line.startswith("二是")), len(lines))
    return [*lines[:at], "- 2 -", *lines[at:], "- 3 -"]


def layout_d(boxes: dict[str, str]) -> list[str]:
    """Two columns, as pdftotext -layout prints a table: label and value both at half the height of the row."""
    lines = [" " * 10 + line for line in COVER] + ["", "《事业单位法人证书》登载事项"]
    for key in boxes:
        if key == "net_assets_opening":
            lines += [
                "资产            净资产合计（所有者权益合计）",
                "损益            年初数（万元）      年末数（万元）",
            ]
            lines += [f"情况              {boxes[key]:<18}{boxes['net_assets_closing']}"]
        elif key == "online_name":
            lines.append(f"网上名称        {boxes[key]}      从业人数   {boxes['staff']}")
        elif key == "form_filler":
            lines.append("  ".join(f"{LABELS[k][0]}： {boxes[k]}" for k in ("form_filler", "phone", "filing_date")))
        elif key not in ("net_assets_closing", "staff", "phone", "filing_date"):
            label, value = LABELS[key], value_lines(key, boxes, 56)
            rows = max(len(label), len(value))
            label = [""] * ((rows - len(label)) // 2) + label
            value = [""] * ((rows - len(value)) // 2) + value
            for number in range(rows):
                left = label[number] if number < len(label) else ""
                right = value[number] if number < len(value) else ""
                lines.append((left + " " * (16 - columns(left)) + right).rstrip())
    return lines


def layout_f(boxes: dict[str, str]) -> list[str]:
    """As D, but a label of another number of rows than its value stands between the value's rows, as it is printed."""
    lines = [" " * 10 + line for line in COVER] + ["", "《事业单位法人证书》登载事项"]
    for key in boxes:
        if key == "net_assets_opening":
            lines += [
                "资产            净资产合计（所有者权益合计）",
                "损益            年初数（万元）      年末数（万元）",
            ]
            lines += [f"情况              {boxes[key]:<18}{boxes['net_assets_closing']}"]
        elif key == "online_name":
            lines.append(f"网上名称        {boxes[key]}      从业人数   {boxes['staff']}")
        elif key == "form_filler":
            lines.append("  ".join(f"{LABELS[k][0]}： {boxes[k]}" for k in ("form_filler", "phone", "filing_date")))
        elif key not in ("net_assets_closing", "staff", "phone", "filing_date"):
            label, value = LABELS[key], value_lines(key, boxes, 56)
            shift = len(value) - len(label)  # in half rows
            places = {2 * n + max(0, -shift): "" for n in range(len(value))}
            places |= {2 * n + max(0, shift): "" for n in range(len(label))}
            for n, text in enumerate(label):
                places[2 * n + max(0, shift)] = text
            for n, text in enumerate(value):
                left = places[2 * n + max(0, -shift)]
                places[2 * n + max(0, -shift)] = left + " " * (16 - columns(left)) + text
            lines += [places[place] for place in sorted(places)]
    return lines


def layout_g(boxes: dict[str, str]) -> list[str]:
    """A table drawn with strokes, a row a box."""
    lines = [*COVER, "|《事业单位法人证书》登载事项|", *()]
    for key in boxes:
        value = boxes[key].replace("\n", "") + (f" 法定代表人： 公章： {SIGNED[key]}" if key in SIGNED else "")
        lines.append("| " + "".join(LABELS[key]).replace(" ", "") + " | " + value + " |")
    return lines


def layout_e(boxes: dict[str, str]) -> list[str]:
    """label：value."""
    lines = [*COVER, "《事业单位法人证书》登载事项"]
    for key in boxes:
        value = value_lines(key, boxes, 76)
        lines += ["".join(LABELS[key]).replace(" ", "") + "：" + (value[0] if value else ""), *value[1:]]
    return lines


LAYOUTS = {"A": layout_a, "B": layout_b, "C": layout_c, "D": layout_d, "E": layout_e, "F": layout_f}
Layout = Callable[[dict[str, str]], list[str]]


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


# ---------------------------------------------------------------- other ways of writing the form

HEAD = "《事业单位法人证书》登载事项"
REGISTER = ("name", "purpose", "address", "legal_representative", "initial_capital", "funding_source", "sponsors")
REPORT = ("registration_changes", "activities", "qualifications", "performance", "donations")
REPORT += ("institution_opinion", "sponsor_opinion")
WORDS = {key: "".join(label).replace(" ", "") for key, label in LABELS.items()}


def foot() -> str:
    return "  ".join(f"{WORDS[key]}：{BOXES[key]}" for key in ("form_filler", "phone", "filing_date"))


def report_part(mark: str = "") -> list[str]:
    marks = iter("一二三四五六七八九十")
    return [line for key in REPORT for line in (mark.replace("#", next(marks)) + WORDS[key], *BOXES[key].split("\n"))]


def assets_beneath() -> list[str]:
    lines = ["资产损益情况", "净资产合计（所有者权益合计）", "年初数（万元）", "年末数（万元）"]
    return [*lines, BOXES["net_assets_opening"], BOXES["net_assets_closing"]]


def numbered() -> list[str]:
    return [*COVER, *(f"{n}.{WORDS[key]}：{BOXES[key]}" for n, key in enumerate(BOXES, 1))]


def parts_numbered() -> list[str]:
    lines = [*COVER, HEAD, *(f"{WORDS[key]}：{BOXES[key]}" for key in REGISTER), *assets_beneath()]
    lines += [f"{WORDS[key]}：{BOXES[key]}" for key in ("online_name", "staff")]
    return [*lines, *report_part("#、"), foot()]


def bracketed() -> list[str]:
    return [*COVER, *(line for key in BOXES for line in (f"【{WORDS[key]}】", *BOXES[key].split("\n")))]


def two_in_a_row() -> list[str]:
    rows = (("name",), ("purpose",), ("address",), ("legal_representative", "initial_capital"))
    rows += (("funding_source", "sponsors"), ("net_assets_opening", "net_assets_closing"), ("online_name", "staff"))
    lines = [" ".join(f"{WORDS[key]} {BOXES[key]}" for key in row) for row in rows]
    return [*COVER, HEAD, *lines, *report_part(), foot()]


def labels_over_values() -> list[str]:
    lines = [*COVER, HEAD]
    rows = (("name", "legal_representative"), ("initial_capital", "funding_source"), ("sponsors", "address"))
    for row in (*rows, ("net_assets_opening", "net_assets_closing"), ("online_name", "staff")):
        lines += ["    ".join(WORDS[key] for key in row), "    ".join(BOXES[key] for key in row)]
    return [*lines, WORDS["purpose"], BOXES["purpose"], *report_part(), foot()]


def labels_before_values() -> list[str]:
    lines = [*COVER, HEAD, *(WORDS[key] for key in REGISTER)]
    for key in REGISTER:
        lines += value_lines(key, BOXES, 40)
    lines += [*assets_beneath(), WORDS["online_name"], WORDS["staff"], BOXES["online_name"], BOXES["staff"]]
    return [*lines, *report_part(), foot()]


def cover_at_the_end() -> list[str]:
    return [*layout_b(BOXES)[8:-2], *COVER]


def report_before_register() -> list[str]:
    lines = [*report_part(), foot(), *COVER, HEAD]
    keys = [key for key in BOXES if key not in REPORT and key not in ("form_filler", "phone", "filing_date")]
    return [*lines, *(line for key in keys for line in (WORDS[key], BOXES[key]))]


def any_order() -> list[str]:
    keys = sorted(BOXES, key=lambda key: WORDS[key])
    return [*COVER, HEAD, *(line for key in keys for line in (WORDS[key], *BOXES[key].split("\n")))]


def pages_in_the_register() -> list[str]:
    lines = [line for key in BOXES for line in (WORDS[key], *BOXES[key].split("\n"))]
    return [*COVER, *lines[:6], "第 1 页 共 5 页", "事业单位法人年度报告书", *lines[6:]]


def beginning_at_the_label(label_width: int = 16, value_width: int = 56, *, whole: bool = False) -> list[str]:
    """Columns where value and label begin on one line, and not at half height as the form prints them."""
    lines = [" " * 10 + line for line in COVER] + ["", HEAD]
    for key in BOXES:
        label = [WORDS[key]] if whole else LABELS[key]
        value = value_lines(key, BOXES, value_width)
        for number in range(max(len(label), len(value))):
            left = label[number] if number < len(label) else ""
            right = value[number] if number < len(value) else ""
            lines.append((left + " " * (label_width - columns(left)) + right).rstrip())
    return lines


OTHER_WAYS: dict[str, Callable[[], list[str]]] = {
    way.__name__: way
    for way in (numbered, parts_numbered, bracketed, two_in_a_row, labels_over_values, labels_before_values)
}
OTHER_WAYS |= {
    way.__name__: way for way in (cover_at_the_end, report_before_register, any_order, pages_in_the_register)
}
OTHER_WAYS |= {
    "top": beginning_at_the_label,
    "top, narrow": lambda: beginning_at_the_label(value_width=36),
    "top, labels whole": lambda: beginning_at_the_label(50, whole=True),
}


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
