"""Sample PDFs of an invented report, in the shapes that printers give them. Pure Python, no font needed.

The font is not embedded: its encoding (UniGB-UCS2-H) tells the characters, its widths their places. So the files are
small and the same on every machine; how they look on paper depends on the viewer's fonts. ``python pdf.py FOLDER``
writes them all.
"""

from __future__ import annotations

import random
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from math import cos, radians, sin
from pathlib import Path

WIDTH, HEIGHT = 595.0, 842.0
TOP, BOTTOM, LEFT, RIGHT = 72.0, 780.0, 72.0, 523.0
NO_START = "，。；：、）》”！？%"
NO_END = "（《“"

# ---------------------------------------------------------------- what the report says

NAME = "澄溪市水文数据服务中心"
VALUES = {
    "name": NAME,
    "purpose": "承担全市水文监测数据的采集、整编和汇交工作；负责水文数据平台的建设与运行维护；开展洪水预报的技术支撑；"
    "完成市水务局交办的其他任务。",
    "address": "澄溪市白鹭区沿江东路 26 号水务大厦 3-5 层",
    "legal_representative": "方以恒",
    "initial_capital": "328.6 万元",
    "funding_source": "财政补助",
    "sponsors": "澄溪市水务局",
    "net_assets_opening": "1204.57",
    "net_assets_closing": "1188.03",
    "online_name": "澄溪市水文数据服务中心",
    "staff": "46",
    "registration_changes": "本中心严格按照《条例》和实施细则的规定执行，2024 年度无变更事项。",
    "qualifications": "持有水文监测资质证书（乙级），有效期至 2028 年 6 月 30 日。",
    "performance": "获评 2024 年度全市防汛工作先进集体；全年无诉讼、无投诉。",
    "donations": "无。",
    "institution_opinion": "兹委托登记管理机关公示我单位年度报告书。",
    "form_filler": "许清和",
    "phone": "0790-5550126",
    "filing_date": "2025-03-18",
}
NARRATIVE = (
    "一、以夯实监测基础为重点，水文数据质量稳步提升。",
    "一是站网建设更加完善。新建雨量站 14 处、水位站 6 处，改造遥测设备 233 台，"
    "站点在线率达 98.6%，比上年提高 1.4 个百分点。",
    "二是数据整编按时完成。整编水文资料 412 站年，汇交数据 2.37 亿条，"
    "同比增长 18.25%，资料合格率 100%。三是质量检查更加严格。"
    "全年开展现场检查 57 次，发现并整改问题 89 个，整改率达 97.75%。",
    "二、以服务防汛抗旱为中心，预报支撑能力持续增强。",
    "一是洪水预报更加及时。全年发布洪水预报 328 站次，预警短信 4.6 万条，预报平均合格率 91.3%；主汛期组织会商 41 次，"
    "派出工作组 12 个、技术人员 63 人次。",
    "二是旱情监测更加精细。编制旱情简报 24 期，其中 5 期获市领导批示；墒情站由 18 处增加到 31 处，覆盖全市 9 个县区。",
    "三、以数据共享为抓手，公共服务水平不断提高。",
    "一是共享接口稳定运行。向 17 家单位提供接口服务 52 个，调用次数 1186.4 万次，"
    "较上年增加 2.1 倍。二是公众查询便捷高效。"
    "网站访问量 76.9 万次，答复群众来电 1530 件，办结率 99.4%，平均办理时间由 5 天压缩至 2 天。",
    "四、以党的建设为引领，干部队伍建设得到加强。",
    "一是压实主体责任。召开支委会 12 次、党员大会 4 次，讲授专题党课 6 次，开展志愿服务 11 场，服务群众 870 人次。"
    "二是加强人才培养。组织业务培训 15 期，培训 624 人次，"
    "人均学时 88.5 小时；新招聘专业技术人员 3 名。三是争先创优成效明显。"
    "本中心荣获市水务局颁发的“防汛测报先进集体”称号。",
)

LABELS = {
    "name": "单位名称",
    "purpose": "宗旨和业务范围",
    "address": "住所",
    "legal_representative": "法定代表人",
    "initial_capital": "开办资金",
    "funding_source": "经费来源",
    "sponsors": "举办单位",
    "registration_changes": "对《条例》和实施细则有关变更登记规定的执行情况",
    "activities": "开展业务活动情况",
    "qualifications": "相关资质认可或执业许可证明文件及有效期",
    "performance": "绩效和受奖惩及诉讼投诉情况",
    "donations": "接受捐赠资助及其使用情况",
    "institution_opinion": "事业单位委托意见",
    "sponsor_opinion": "举办单位意见（含保密审查意见）",
}


@dataclass(frozen=True, kw_only=True)
class Style:
    """One way to print the report.

    runs: how a line's glyphs are drawn: ``line``, ``tj``, ``spaces``, ``glyph``, ``shuffled`` (see ``_runs``).
    rules: ``stroke``, ``fill`` (thin rectangles, as of browsers and Word), ``cells`` (a frame for each cell, as of
    LibreOffice), ``open`` (nothing at the end of a page), ``none``.
    labels: ``wrapped``, ``column`` (a character a line), ``turned`` (by 90°), ``vertical`` (columns from the right).
    """

    runs: str = "line"
    rules: str = "stroke"
    labels: str = "wrapped"
    rotate: int = 0
    size: float = 12.0
    indent: bool = True
    justify: bool = False
    spaced: bool = True
    cover: bool = False
    header: bool = False
    watermark: bool = False
    stamp: bool = False
    blue: bool = False
    bold: bool = False
    sponsors: tuple[str, ...] = ()
    opening: bool = True
    crop: float = 0.0
    kangxi: bool = False


STYLES: dict[str, Style] = {
    "plain": Style(),
    "runs-tj": Style(runs="tj"),
    "runs-spaces": Style(runs="spaces"),
    "runs-glyph": Style(runs="glyph"),
    "runs-shuffled": Style(runs="shuffled"),
    "runs-justified": Style(runs="tj", justify=True),
    "justified": Style(justify=True, size=14.0),
    "small": Style(size=9.0, spaced=False),
    "no-indent": Style(indent=False),
    "fills": Style(rules="fill"),
    "cells": Style(rules="cells"),
    "open": Style(rules="open", size=14.0),
    "no-rules": Style(rules="none"),
    "no-rules-runs": Style(rules="none", runs="tj"),
    "column-labels": Style(labels="column", size=14.0),
    "turned-labels": Style(labels="turned"),
    "vertical-labels": Style(labels="vertical"),
    "watermark-stamp": Style(watermark=True, stamp=True),
    "blue": Style(blue=True),
    "bold": Style(bold=True),
    "two-sponsors": Style(sponsors=("澄溪市水务局", "澄溪市应急管理局")),
    "one-amount": Style(opening=False),
    "rotate-90": Style(rotate=90),
    "rotate-180": Style(rotate=180),
    "rotate-270": Style(rotate=270, runs="tj"),
    "cover": Style(cover=True, header=True),
    "crop": Style(crop=36.0, header=True),
    "kangxi": Style(kangxi=True),
}


def truth(style: Style) -> dict[str, str]:
    """Box → what it says in this style; the sponsors on a line each, the paragraphs of the activities too."""
    found = dict(VALUES)
    if style.sponsors:
        found["sponsors"] = "\n".join(style.sponsors)
    if not style.opening:
        found["net_assets_opening"] = ""
    found["activities"] = "\n".join(NARRATIVE)
    return found


# ---------------------------------------------------------------- typesetting


@dataclass
class Text:
    """A line: its characters with their left edges, on a baseline, from the upper left corner of the page as shown."""

    chars: list[tuple[str, float]]
    y: float
    size: float
    colour: tuple[float, float, float] = (0, 0, 0)
    slant: float = 0.0  # degrees, to the left
    alpha: bool = False


@dataclass
class Sheet:
    """A page: lines, and rules as (x0, y0, x1, y1)."""

    texts: list[Text] = field(default_factory=list)
    rules: list[tuple[float, float, float, float]] = field(default_factory=list)
    cells: list[tuple[float, float, float, float]] = field(default_factory=list)
    stamps: list[tuple[float, float]] = field(default_factory=list)


def advance(char: str) -> float:
    """Width in em."""
    return 0.5 if char.isascii() else 1.0


def broken(text: str, width: float, size: float, indent: float = 0.0) -> list[str]:
    """A paragraph as the lines that fit in ``width`` points; the first is ``indent`` shorter."""
    words: list[str] = []
    for char in text:
        if words and (
            char in NO_START
            or words[-1][-1] in NO_END
            or (char.isascii() and words[-1][-1].isascii() and " " not in (char, words[-1][-1]))
        ):
            words[-1] += char
        else:
            words.append(char)
    lines, line, room = [], "", width - indent
    for word in words:
        if line and sum(map(advance, line + word)) * size > room + 0.01:
            lines.append(line.rstrip())
            line, room = "", width
            word = word.lstrip()
        line += word
    return [*lines, line.rstrip()] if line.strip() else lines


class Typesetter:
    """Sets the form on pages."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.sheets: list[Sheet] = []
        self.y = 0.0
        self.pitch = style.size * 1.55
        self.group_top: float | None = None

    def page(self) -> None:
        self.sheets.append(Sheet())
        self.y = TOP
        if self.style.header:
            self.put(f"{NAME} 2024 年度报告", LEFT, 50.0, 9.0)
            self.put(f"- {len(self.sheets)} -", 285.0, 815.0, 9.0)

    def put(self, text: str, x: float, y: float, size: float, *, value: bool = False, stretch: float = 0.0) -> None:
        chars, at = [], x
        step = stretch / max(1, len(text) - 1)
        for char in text:
            if char != " ":
                chars.append((char, at))
            at += advance(char) * size + step
        if not chars:
            return
        line = Text(chars, y, size, (0.05, 0.1, 0.75) if value and self.style.blue else (0, 0, 0))
        self.sheets[-1].texts.append(line)
        if self.style.bold and not value:
            self.sheets[-1].texts.append(replace(line, chars=[(char, at + 0.04 * size) for char, at in chars]))

    def box(self, x0: float, y0: float, x1: float, y1: float) -> None:
        sheet = self.sheets[-1]
        sheet.cells.append((x0, y0, x1, y1))
        sheet.rules += [(x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)]

    def label(self, text: str, x0: float, y0: float, x1: float, y1: float) -> None:
        style, size = self.style, self.style.size
        middle = (y0 + y1) / 2
        narrow = len(text) * size > x1 - x0 - 8
        if style.labels == "column" and narrow and y1 - y0 >= len(text) * self.pitch:
            lines = list(text)
        elif style.labels in ("turned", "vertical") and narrow and y1 - y0 >= len(text) * size / 2 + 20:
            count = max(1, int((y1 - y0 - 10) // size))
            parts = [text[i : i + count] for i in range(0, len(text), count)]
            for n, part in enumerate(parts):
                if style.labels == "turned":
                    x = (x0 + x1) / 2 + (n - (len(parts) - 1) / 2) * size * 1.4 + size / 2
                    turned = Text(
                        [(c, i * size) for i, c in enumerate(part)], middle + len(part) * size / 2, size, slant=90
                    )
                    turned.chars = [(c, x + at) for c, at in turned.chars]
                    self.sheets[-1].texts.append(turned)
                    continue
                x = (x0 + x1) / 2 - size / 2 + ((len(parts) - 1) / 2 - n) * size * 1.3
                for i, char in enumerate(part):
                    self.sheets[-1].texts.append(
                        Text([(char, x)], middle - len(part) * size / 2 + (i + 1) * size, size)
                    )
            return
        else:
            lines = broken(text, x1 - x0 - 8, size)
        top = middle - len(lines) * self.pitch / 2
        for n, line in enumerate(lines):
            width = sum(map(advance, line)) * size
            self.put(line, (x0 + x1 - width) / 2, top + (n + 0.75) * self.pitch, size)

    def row(self, key: str, values: Sequence[str], x0: float, *, split: bool = False, indent: bool = False) -> None:
        """A label from ``x0`` on and its value beside it; with ``split`` it goes on over page breaks."""
        size, edge, middle = self.style.size, RIGHT, x0 + 92
        lines: list[tuple[str, float, float]] = []  # text, indent, stretch
        for value in values:
            value = value if self.style.spaced or "  " in value else value.replace(" ", "")
            lead = 2 * size if indent and self.style.indent else 0.0
            parts = broken(value, edge - middle - 12, size, lead)
            for n, part in enumerate(parts):
                shift = lead if n == 0 else 0.0
                room = edge - middle - 12 - shift - sum(map(advance, part)) * size
                lines.append((part, shift, room if self.style.justify and n < len(parts) - 1 else 0.0))
        rest, first = lines, True
        while rest or first:
            label = LABELS[key] if first else ""
            least = len(broken(label, 84, size)) * self.pitch + 12
            room = int((BOTTOM - self.y - 12) // self.pitch)
            if (
                room < 3 if split else self.y + max(least, len(rest) * self.pitch + 12) > BOTTOM
            ) and self.y > TOP + 100:
                self.page()
                continue
            here, rest = (rest[:room], rest[room:]) if split else (rest, [])
            height = max(len(here) * self.pitch + 12, least if not rest else BOTTOM - self.y)
            self.box(x0, self.y, middle, self.y + height)
            self.box(middle, self.y, edge, self.y + height)
            if label:
                self.label(label, x0, self.y, middle, self.y + height)
            for n, (part, shift, stretch) in enumerate(here):
                y = self.y + 6 + (n + 0.75) * self.pitch
                self.put(part, middle + 6 + shift, y, size, value=True, stretch=stretch)
            self.y += height
            first = False
            if rest:
                self.page()

    def cells(self, texts: Sequence[str], edges: Sequence[float]) -> None:
        """A row of short cells."""
        height = self.pitch + 10
        for text, x0, x1 in zip(texts, edges, edges[1:], strict=False):
            self.box(x0, self.y, x1, self.y + height)
            width = sum(map(advance, text)) * self.style.size
            self.put(
                text, (x0 + x1 - width) / 2, self.y + 5 + 0.75 * self.pitch, self.style.size, value=text[:1].isdigit()
            )
        self.y += height

    def centred(self, text: str, y: float, size: float) -> None:
        self.put(text, (WIDTH - sum(map(advance, text)) * size) / 2, y, size)


def sheets(style: Style) -> list[Sheet]:
    """The pages of the report."""
    said = truth(style)
    setter = Typesetter(style)
    setter.page()
    if style.cover:
        setter.put("统一社会信用代码：12530000431200152A", 300, 110, 10)
        setter.centred("事业单位法人年度报告书", 300, 26)
        setter.centred("（2024 年度）", 350, 16)
        setter.put(f"单位名称：{NAME}", 170, 520, 14)
        setter.put("法定代表人：方以恒", 170, 550, 14)
        setter.centred("国家事业单位登记管理局制", 720, 14)
        setter.page()
    else:
        setter.centred("事业单位法人年度报告书", 90, 20)
        setter.centred("（2024 年度）", 112, 12)
        setter.y = 125
    top = setter.y
    inner = LEFT + 40
    for key in ("name", "purpose", "address", "legal_representative", "initial_capital", "funding_source"):
        setter.row(key, [said[key]], inner)
    setter.row("sponsors", said["sponsors"].split("\n"), inner)
    if len(setter.sheets) == 1 + style.cover:
        setter.box(LEFT, top, inner, setter.y)
        setter.label("《事业单位法人证书》登载事项", LEFT, top, inner, setter.y)
    top = setter.y
    setter.cells(["净资产合计（所有者权益合计）"], [inner, RIGHT])
    setter.cells(["年初数（万元）", "年末数（万元）"], [inner, (inner + RIGHT) / 2, RIGHT])
    setter.cells([said["net_assets_opening"], said["net_assets_closing"]], [inner, (inner + RIGHT) / 2, RIGHT])
    setter.box(LEFT, top, inner, setter.y)
    setter.label("资产损益情况", LEFT, top, inner, setter.y)
    edges = [LEFT, LEFT + 80, LEFT + 290, LEFT + 380, RIGHT]
    setter.cells(["网上名称", said["online_name"], "从业人数", said["staff"]], edges)
    setter.row("registration_changes", [said["registration_changes"]], LEFT)
    setter.row("activities", NARRATIVE, LEFT, split=True, indent=True)
    for key in ("qualifications", "performance", "donations"):
        setter.row(key, [said[key]], LEFT)
    setter.row(
        "institution_opinion",
        [said["institution_opinion"], "法定代表人：方以恒      公章：", "2025 年 3 月 18 日"],
        LEFT,
    )
    setter.row("sponsor_opinion", ["同意公示。", "      公章：", "2025 年 3 月 20 日"], LEFT)
    setter.put("填表人：许清和    联系电话：0790-5550126    报送日期：2025 年 3 月 18 日", LEFT, setter.y + 24, 10.5)
    for number, sheet in enumerate(setter.sheets):
        if style.watermark:
            for y in (300.0, 600.0):
                chars = [(c, 150 + 40.0 * i) for i, c in enumerate("仅供公示使用")]
                sheet.texts.insert(0, Text(chars, y, 36, (0.8, 0.8, 0.8), slant=35))
        if style.stamp and number in (0, len(setter.sheets) - 1):
            sheet.stamps.append((430, 640))
            sheet.texts.append(
                Text([(c, 395 + 12.0 * i) for i, c in enumerate("水文中心专用")], 655, 12, (0.85, 0.05, 0.05))
            )
    return setter.sheets


# ---------------------------------------------------------------- pages → a file


def build(style: Style, seed: int = 7) -> bytes:
    """The report as a PDF file."""
    chance = random.Random(seed)
    contents = [("\n".join(_content(sheet, style, chance))).encode() for sheet in sheets(style)]
    width, height = (HEIGHT, WIDTH) if style.rotate in (90, 270) else (WIDTH, HEIGHT)
    objects: list[bytes] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"",
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)"
        b"/Supplement 2>>/DW 1000/W[1 95 500 814 939 500]/FontDescriptor 5 0 R>>",
        b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]/ItalicAngle 0/Ascent 880"
        b"/Descent -120/CapHeight 880/StemV 93>>",
    ]
    margin = style.crop
    kids = []
    for content in contents:
        packed = zlib.compress(content)
        kids.append(len(objects) + 2)
        objects.append(b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed))
        box = f"/MediaBox[{-margin} {-margin} {width + margin} {height + margin}]/CropBox[0 0 {width} {height}]"
        objects.append(
            f"<</Type/Page/Parent 2 0 R{box}/Rotate {style.rotate}/Resources<</Font<</F0 3 0 R/F1 3 0 R/F2 3 0 R>>>>"
            f"/Contents {len(objects)} 0 R>>".encode()
        )
    objects[1] = f"<</Type/Pages/Count {len(kids)}/Kids[{' '.join(f'{kid} 0 R' for kid in kids)}]>>".encode()
    out = b"%PDF-1.7\n"
    places = []
    for number, item in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, item)
    table = "".join(f"{place:010d} 00000 n \n" for place in places)
    tail = f"trailer<</Size {len(objects) + 1}/Root 1 0 R>>\nstartxref\n{len(out)}\n%%EOF\n"
    return out + f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}".encode() + tail.encode()


def _content(sheet: Sheet, style: Style, chance: random.Random) -> Iterator[str]:
    yield from _rules(sheet, style)
    for x, y in sheet.stamps:
        (a, b), (c, d) = _user(x - 42, y - 42, style), _user(x + 42, y + 42, style)
        left, right, low, high = min(a, c), max(a, c), min(b, d), max(b, d)
        middle = (low + high) / 2
        yield f"0.85 0.05 0.05 RG 2 w {left:.2f} {middle:.2f} m"
        yield f"{left:.2f} {high:.2f} {right:.2f} {high:.2f} {right:.2f} {middle:.2f} c"
        yield f"{right:.2f} {low:.2f} {left:.2f} {low:.2f} {left:.2f} {middle:.2f} c S"
    runs = [run for text in sheet.texts for run in _runs(text, style)]
    if style.runs == "shuffled":
        chance.shuffle(runs)
    yield "BT"
    yield from runs
    yield "ET"


def _rules(sheet: Sheet, style: Style) -> Iterator[str]:
    if style.rules == "none":
        return
    rules = sheet.rules
    if style.rules == "open":
        end = max((y1 for _, _, _, y1 in rules), default=0)
        last = end < BOTTOM - 40
        rules = [rule for rule in rules if last or not (rule[1] == rule[3] == end)]
    if style.rules == "cells":
        for x0, y0, x1, y1 in sheet.cells:
            (a, b), (c, d) = _user(x0 + 0.5, y0 + 0.5, style), _user(x1 - 0.5, y1 - 0.5, style)
            yield f"0.5 w {min(a, c):.2f} {min(b, d):.2f} {abs(c - a):.2f} {abs(d - b):.2f} re S"
        return
    for x0, y0, x1, y1 in rules:
        (a, b), (c, d) = _user(x0, y0, style), _user(x1, y1, style)
        if style.rules == "fill":
            yield f"{min(a, c) - 0.25:.2f} {min(b, d) - 0.25:.2f} {abs(c - a) + 0.5:.2f} {abs(d - b) + 0.5:.2f} re f"
        else:
            yield f"0.75 w {a:.2f} {b:.2f} m {c:.2f} {d:.2f} l S"


def _user(x: float, y: float, style: Style) -> tuple[float, float]:
    """A point of the page as shown in user space."""
    if style.rotate == 90:
        return y, x
    if style.rotate == 180:
        return WIDTH - x, y
    if style.rotate == 270:
        return HEIGHT - y, WIDTH - x
    return x, HEIGHT - y


def _runs(text: Text, style: Style) -> Iterator[str]:
    """The operators that draw a line.

    line: one TJ. tj: the characters spread over three fonts, one TJ with gaps a font, one font after another, as some
    converters do. spaces: the same, the gaps drawn as spaces. glyph: one Tj a character. shuffled: as tj, but the runs
    of the page in any order.
    """
    if style.runs == "line" or text.slant:
        yield _run(text, text.chars, style, 0, spaces=False)
        return
    if style.runs == "glyph":
        for char in sorted(text.chars, key=lambda pair: (_font(pair[0]), pair[1])):
            yield _run(text, [char], style, _font(char[0]), spaces=False)
        return
    for font in (2, 0, 1):
        part = [pair for pair in text.chars if _font(pair[0]) == font]
        if part:
            yield _run(text, part, style, font, spaces=style.runs == "spaces")


def _font(char: str) -> int:
    return ord(char) * 7919 % 3


KANGXI = {
    "一": "⼀",
    "力": "⼒",
    "人": "⼈",
    "大": "⼤",
    "户": "⼾",
    "长": "⻓",
    "门": "⻔",
    "水": "⽔",
    "工": "⼯",
    "见": "⻅",
}


def _run(text: Text, chars: Sequence[tuple[str, float]], style: Style, font: int, *, spaces: bool) -> str:
    turn = radians(text.slant + {0: 0, 90: 90, 180: 180, 270: 270}[style.rotate])
    x, y = _user(chars[0][1], text.y, style)
    parts, at = [], chars[0][1]
    for char, left in chars:
        gap = (left - at) / text.size
        if abs(gap) > 0.001:
            blanks = max(0, int(gap / 0.5 + 0.001)) if spaces else 0
            parts.append("<" + "0020" * blanks + ">" if blanks else "")
            rest = gap - 0.5 * blanks
            parts.append(f"{-1000 * rest:.1f}" if abs(rest) > 0.001 else "")
        drawn = KANGXI.get(char, char) if style.kangxi else char
        parts.append(f"<{drawn.encode('utf-16-be').hex()}>")
        at = left + advance(char) * text.size
    red, green, blue = text.colour
    matrix = f"{cos(turn):.5f} {sin(turn):.5f} {-sin(turn):.5f} {cos(turn):.5f} {x:.3f} {y:.3f}"
    return f"{red} {green} {blue} rg /F{font} {text.size} Tf {matrix} Tm [{''.join(parts)}] TJ"


def main(folder: str) -> None:
    """Write all samples to a folder."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, style in STYLES.items():
        (target / f"{name}.pdf").write_bytes(build(style))


if __name__ == "__main__":
    main(sys.argv[1])
