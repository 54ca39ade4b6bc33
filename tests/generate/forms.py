"""The boxes of an invented report as lines, in the layouts that printers and extractors give the form."""

import unicodedata
from collections.abc import Callable

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
