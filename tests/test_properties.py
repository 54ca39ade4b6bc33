"""Properties that hold whatever the reports say: invented words, put together at random, the same ones every time."""

import importlib.util
import random
import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.form.parse import parse_form
from nianbao.narrative.events import events
from nianbao.narrative.outline import outline
from nianbao.narrative.quantities import metrics
from nianbao.numerals import parse_number
from nianbao.record import Record, Source
from nianbao.repair.corrections import Pin, fit
from nianbao.repair.weave import Repair, repair, replay
from nianbao.report import record_of

FEW = settings(derandomize=True, max_examples=25, deadline=None)
SOME = settings(derandomize=True, max_examples=60, deadline=None)
MANY = settings(derandomize=True, max_examples=200, deadline=None)

# ---------------------------------------------------------------- weave, then repair

TOKEN = re.compile(r"[0-9A-Za-z.%]+")
ACTS = ["开展", "组织", "举办", "加强", "推进", "完善", "规范", "落实", "做好", "参与"]
THINGS = [
    "阅读推广活动", "志愿服务", "水质监测工作", "业务培训", "安全生产检查", "档案数字化", "公共文化服务", "科普宣传",
    "设施设备维护", "信息公开", "岗位练兵", "对外交流", "群众文艺演出", "河道巡查", "健康教育", "技术推广",
]  # fmt: skip
COUNTED = ["读者{}万人次", "活动{}场", "工单{}件", "样品{}份", "图书{}册", "学员{}名", "站点{}个"]
ENDS = ["取得明显成效", "受到群众好评", "为全县发展提供有力支撑", "服务能力进一步提升", "各项任务顺利完成"]


def sentence(rng: random.Random) -> str:
    """A sentence of the kind that reports are made of."""
    clauses = [rng.choice(ACTS) + rng.choice(THINGS) for _ in range(rng.randint(1, 2))]
    clauses.append("全年累计服务" + rng.choice(COUNTED).format(rng.choice(["12.6", "86", "1024", "5"])))
    clauses.append(rng.choice(ENDS))
    return "，".join(clauses) + "。"


def printed(rng: random.Random, sentences: int, width: int = 22) -> list[str]:
    """Sentences set into lines; no line begins with a closing mark, no number is broken."""
    pieces = re.findall(r"[0-9A-Za-z.%]+|.[，。、]*", "".join(sentence(rng) for _ in range(sentences)))
    lines = [""]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > width:
            lines.append("")
        lines[-1] += piece
    return lines


def weave(line: str, rng: random.Random) -> str:
    """A line as a PDF with two or three fonts prints it: run after run, a blank for every jump to the right."""
    out, end = "", 0
    for match in [*TOKEN.finditer(line), None]:
        chunk = line[end : match.start() if match else len(line)]
        count = 1 if len(chunk) < 3 else rng.choice((2, 2, 3)) if len(chunk) > 8 else rng.choice((1, 2))
        run, runs = rng.randrange(count), []
        for glyph in chunk:
            run = rng.randrange(count) if rng.random() < 0.4 else run
            runs.append(0 if glyph in "，。、" and rng.random() < 0.8 else run)
        last = len(chunk)
        for place in sorted(range(len(chunk)), key=lambda i: (runs[i], i)):
            out += (" " if place > last + 1 else "") + chunk[place]
            last = place
        if match:
            out += " " * rng.randrange(2) + match.group() + " " * rng.randrange(2)
            end = match.end()
    return out


def bare(text: str) -> str:
    return re.sub(r"\s", "", text)


@pytest.fixture(scope="module")
def woven() -> list[tuple[list[str], list[str], Repair]]:
    """(what was printed, what was extracted, what was made of it) of some documents."""
    out = []
    for seed in range(5):
        rng = random.Random(seed)
        gold = printed(rng, 14)
        raw = [weave(line, rng) for line in gold]
        out.append((gold, raw, repair(raw)))
    return out


def test_weave_then_repair_gives_the_text_back_or_flags_it(woven: list[tuple[list[str], list[str], Repair]]) -> None:
    lines = right = silent = 0
    for gold, _, done in woven:
        assert done.woven
        for number, (want, have) in enumerate(zip(gold, done.lines, strict=True), 1):
            lines += 1
            right += bare(have) == bare(want)
            silent += bare(have) != bare(want) and number not in done.doubtful
    assert lines > 100
    assert right >= 0.90 * lines, f"{right} of {lines} lines right"
    assert silent <= 0.03 * lines, f"{silent} of {lines} lines wrong and not flagged"


def test_no_glyph_leaves_its_line(woven: list[tuple[list[str], list[str], Repair]]) -> None:
    for _, raw, done in woven:
        for before, after in zip(raw, done.lines, strict=True):
            assert Counter(bare(before)) == Counter(bare(after))
        for step in done.steps:
            assert replay(step) == step.repaired == done.lines[step.line - 1]
            assert all(Counter(bare(other)) == Counter(bare(step.raw)) for other in step.alternatives)


def test_pinned_lines_read_as_pinned_and_help_the_others(woven: list[tuple[list[str], list[str], Repair]]) -> None:
    """Every other line pinned to what was printed: those are right, and the lines between do not get worse."""
    before = after = 0
    for gold, raw, done in woven[:3]:
        pins = [Pin(line=n, reading=gold[n - 1], sha256="0" * 64) for n in range(1, len(gold) + 1, 2)]
        orders, doubts = fit(pins, raw)
        assert not doubts
        again = repair(raw, pins=orders)
        assert all(again.lines[pin.line - 1] == pin.reading for pin in pins)
        assert not {pin.line for pin in pins} & set(again.doubtful)
        before += sum(bare(done.lines[i]) == gold[i] for i in range(1, len(gold), 2))
        after += sum(bare(again.lines[i]) == gold[i] for i in range(1, len(gold), 2))
    assert after >= before


def test_repaired_text_is_not_woven(woven: list[tuple[list[str], list[str], Repair]]) -> None:
    """What has been repaired comes through a second time as it is."""
    for _, _, done in woven:
        again = repair(done.lines)
        assert again.lines == done.lines
        assert not again.woven


@pytest.mark.parametrize("seed", range(4))
def test_short_woven_texts_are_known(seed: int) -> None:
    rng = random.Random(seed)
    gold = printed(rng, 4)
    done = repair([weave(line, rng) for line in gold])
    assert done.woven
    assert sum(bare(have) == want for have, want in zip(done.lines, gold, strict=True)) >= len(gold) - 2


SPACED: dict[str, Callable[[str], str]] = {
    "letters": " ".join,
    "pairs": lambda line: " ".join(line[i : i + 2] for i in range(0, len(line), 2)),
    "clauses": lambda line: re.sub("[，。]", " ", line).strip(),
    "wide": lambda line: re.sub("[，。]", "\u3000", line).strip(),
    "before marks": lambda line: re.sub("([，。])", r" \1 ", line).strip(),
}


@pytest.mark.parametrize("style", SPACED)
def test_clean_text_with_blanks_stays_as_it_is(style: str) -> None:
    for seed in range(3):
        lines = tuple(SPACED[style](line) for line in printed(random.Random(seed), 8))
        done = repair(lines)
        assert done.lines == lines, done.gate
        assert not done.steps
        assert not done.doubtful


# ---------------------------------------------------------------- numbers in every style

HAN = "零一二三四五六七八九"
WIDE = str.maketrans("0123456789.,%", "０１２３４５６７８９．，％")


def han(number: int, two: str = "二") -> str:
    """A number below 10^12 in Chinese numerals; ``two``: how 2 is written before 百, 千, 万 and 亿."""

    def section(value: int) -> str:
        out = ""
        for scale, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, value = divmod(value, scale)
            if digit:
                out += (two if digit == 2 and scale >= 100 else HAN[digit]) + sign
            elif out and value and not out.endswith("零"):
                out += "零"
        return out.rstrip("零")

    out = ""
    for scale, sign in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part, number = divmod(number, scale)
        if part:
            told = two if part == 2 and sign else section(part)
            out += ("零" if out and part < 1000 else "") + told + sign
    return re.sub("^一十", "十", out) or "零"


def scaled(number: int) -> str | None:
    """``1.2万``, ``3.45亿``: exact, with at most two digits behind the point."""
    for scale, sign in ((10**8, "亿"), (10**4, "万")):
        if number >= scale and number * 100 % scale == 0:
            return f"{(Decimal(number) / scale).normalize():f}{sign}"
    return None


def mixed(number: int) -> str | None:
    """``3万5千``."""
    ten_thousands, rest = divmod(number, 10**4)
    if 0 < ten_thousands < 100 and rest and rest % 1000 == 0:
        return f"{ten_thousands}万{rest // 1000}千"
    return None


STYLES: dict[str, Callable[[int], str | None]] = {
    "plain": str,
    "commas": lambda n: f"{n:,}",
    "wide": lambda n: str(n).translate(WIDE),
    "wide commas": lambda n: f"{n:,}".translate(WIDE),
    "scaled": scaled,
    "mixed": mixed,
    "han": han,
    "han with 两": lambda n: han(n, "两"),
}
NUMBERS = st.one_of(
    st.integers(2, 9999),
    st.integers(1, 99).map(lambda n: n * 10**3),
    st.integers(10, 9999).map(lambda n: n * 100),
    st.builds(lambda a, b: a * 10**4 + b * 10**3, st.integers(1, 99), st.integers(1, 9)),
    st.integers(101, 99999).map(lambda n: n * 10**6),
)


@pytest.mark.parametrize("style", STYLES)
@MANY
@given(number=NUMBERS)
def test_a_number_reads_back_in_every_style(style: str, number: int) -> None:
    written = STYLES[style](number)
    if written is not None:
        assert parse_number(written) == number, written


@pytest.mark.parametrize("style", STYLES)
@SOME
@given(number=NUMBERS, unit=st.sampled_from(["人次", "件", "个", "元", "公里"]))
def test_a_metric_has_the_value_that_was_written(style: str, number: int, unit: str) -> None:
    written = STYLES[style](number)
    if written is None:
        return
    text = f"一、服务。全年累计完成服务{written}{unit}。"
    (metric,) = metrics(text, outline(text))
    assert (metric.value, metric.unit, metric.stated) == (number, unit, written + unit)


ODD = {"余": "more-than", "多": "more-than", "来": "about"}


@FEW
@given(
    odd=st.sampled_from(sorted(ODD)),
    tens=st.integers(1, 9),
    scale=st.sampled_from([10, 100, 1000]),
    unit=st.sampled_from("人名个件"),
)
def test_odd_words_inside_a_number_are_a_bound(odd: str, tens: int, scale: int, unit: str) -> None:
    text = f"先后慰问困难群众{han(tens * scale)}{odd}{unit}。"
    (metric,) = metrics(text, outline(text))
    assert (metric.value, metric.bound, metric.unit) == (tens * scale, ODD[odd], unit)
    assert metric.stated == text[8:-1]


@SOME
@given(st.integers(0, 9999))
def test_percentages_read_back_in_every_style(hundredths: int) -> None:
    value = Decimal(hundredths) / 100
    whole, _, fraction = f"{value.normalize():f}".partition(".")
    words = "百分之" + han(int(whole)) + ("点" + "".join(HAN[int(digit)] for digit in fraction) if fraction else "")
    for written in (f"{value}%", f"{value.normalize():f}%", f"{value}%".translate(WIDE), words):
        text = f"群众满意率为{written}。"
        (metric,) = metrics(text, outline(text))
        assert (metric.value, metric.unit, metric.stated) == (value, "%", written)


# ---------------------------------------------------------------- offsets quote

SENTENCES = [
    "全年接待读者18.6万人次，同比增长6.4%。",
    "外借图书三十二万五千册次，其中少儿图书9,120册次。",
    "新建分馆4个、服务点12个，总数分别达到16个和48个。",
    "满意率由95.2%提升至百分之九十八点五，提高3.3个百分点。",
    "荣获“省级文明单位”称号。",
    "获评2023年度全市先进集体，馆员苗小满被评为“最美志愿者”。",
    "我馆在全市考核中排名第2位。",
    "收到投诉3件，均已办结。",
    "因逾期未报被市统计局处以2000元罚款。",
    "截至年底馆藏图书 145.3 万册。",
    "开展培训近20期，培训超过1200人。",
    "存在的问题：场馆面积不足。",
]
MARKS = ["", "一、", "二、", "（一）", "（二）", "1.", "2.", "一是", "二是", "首先，", "■ "]
BREAKS = ["", "", "\n", "\n\n", " ", "\u3000\u3000"]
NARRATIVE = st.lists(
    st.tuples(st.sampled_from(BREAKS), st.sampled_from(MARKS), st.sampled_from(SENTENCES)), max_size=12
).map(lambda parts: "".join("".join(part) for part in parts))


@MANY
@given(NARRATIVE, st.sampled_from(["", "前文5个。\n", "  "]), st.sampled_from(["", "\n后文6件。"]))
def test_offsets_of_the_narrative_quote(inside: str, before: str, after: str) -> None:
    text = before + inside + after
    start, end = len(before), len(before) + len(inside)
    items = outline(text, start, end)
    found = metrics(text, items, start, end)
    told = events(text, items, start, end)
    check_narrative(text, start, end, items, found, told)


def check_narrative(text: str, start: int, end: int, items: tuple, found: tuple, told: tuple) -> None:  # type: ignore[type-arg]
    numbers = [item.number for item in items]
    for item in items:
        assert start <= item.start < item.end <= end
        if item.heading is not None:
            assert bare(item.heading) in bare(text[item.start : item.end])
    for place, metric in enumerate(found):
        assert start <= metric.start < metric.end <= end
        assert text[metric.start : metric.end] == metric.quote
        assert metric.activity is None or metric.activity in numbers
        for link in (metric.of, metric.part_of):
            assert link is None or (0 <= link < len(found) and link != place)
    assert [metric.start for metric in found] == sorted(metric.start for metric in found)
    for event in told:
        assert start <= event.start < event.end <= end
        assert bare(event.name) in bare(text[event.start : event.end])


# ---------------------------------------------------------------- the form in every layout


@pytest.fixture(scope="module")
def forms(root: Path) -> ModuleType:
    """The layouts of tests/test_form.py."""
    spec = importlib.util.spec_from_file_location("forms", root / "tests/test_form.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


AMOUNT = st.integers(1, 9_999_999).map(lambda cents: f"{Decimal(cents) / 100:,}")
PLACES = st.sampled_from(["澜川县", "云泽市", "松陵区", "白石市青溪区"])
BODIES = st.sampled_from(
    ["图书馆", "水文监测站", "农业技术推广中心", "第二实验小学", "档案服务中心", "疾病预防控制中心"]
)
PERSON = st.sampled_from(["温如言", "江一帆", "苗小满", "沈溪"])


@st.composite
def boxes(draw: st.DrawFn) -> dict[str, str]:
    """The boxes of a report, in the order of the form."""
    place = draw(PLACES)
    name = place + draw(BODIES)
    rng = random.Random(draw(st.integers(0, 9999)))
    year = draw(st.integers(2019, 2025))
    activities = "".join(
        f"{mark}{rng.choice(ACTS)}{rng.choice(THINGS)}\n{''.join(sentence(rng) for _ in range(rng.randint(1, 4)))}\n"
        for mark in ("一、", "二、", "三、")[: rng.randint(1, 3)]
    )
    return {
        "name": name,
        "purpose": "，".join(rng.choice(ACTS) + rng.choice(THINGS) for _ in range(rng.randint(2, 6))) + "。",
        "address": f"{place}书院路{rng.randint(1, 300)}号",
        "legal_representative": draw(PERSON),
        "initial_capital": draw(AMOUNT) + "万元",
        "funding_source": draw(st.sampled_from(["财政核拨", "财政补助", "经费自理", "财政拨款、事业收入"])),
        "sponsors": place + draw(st.sampled_from(["文化局", "水务局", "教育局", "卫生健康委员会"])),
        "net_assets_opening": draw(AMOUNT),
        "net_assets_closing": draw(st.sampled_from(["", "-"])) + draw(AMOUNT),
        "online_name": name + draw(st.sampled_from([".公益", ".政务"])),
        "staff": str(draw(st.integers(1, 4000))),
        "registration_changes": f"按《条例》和实施细则规定执行，{year}年度无变更事项。",
        "activities": activities.rstrip("\n"),
        "qualifications": draw(st.sampled_from(["无", "办学许可证，有效期至2029年5月31日。"])),
        "performance": draw(st.sampled_from(["无", "获评全县先进集体。"])),
        "donations": draw(st.sampled_from(["无", "/", "收到松陵公益基金会捐款5万元，用于购书。"])),
        "institution_opinion": "兹委托登记管理机关公示我单位年度报告书。",
        "sponsor_opinion": "情况属实，已经保密审查，同意公示。",
        "form_filler": draw(PERSON),
        "phone": "0000-1234567",
        "filing_date": f"{year + 1}年{draw(st.integers(1, 12))}月{draw(st.integers(1, 28))}日",
    }


@pytest.mark.parametrize("layout", list("ABCDEF"))
@FEW
@given(filled=boxes())
def test_boxes_read_back_from_every_layout(forms: ModuleType, layout: str, filled: dict[str, str]) -> None:
    form = parse_form(forms.LAYOUTS[layout](filled), where="test.txt")
    read = {key: form.value(key) for key in filled}
    assert {key: value for key, value in read.items() if bare(value or "") != bare(filled[key])} == {}
    for key, span in form.boxes.items():
        assert 0 <= span.start <= span.end <= len(form.text), key


@pytest.mark.parametrize("layout", list("ABCDEF"))
@FEW
@given(filled=boxes())
def test_offsets_of_a_whole_record_quote(forms: ModuleType, layout: str, filled: dict[str, str]) -> None:
    record = record_of(forms.LAYOUTS[layout](filled), source=Source(path="test.txt", sha256="0" * 64))
    assert Record.from_json(record.to_json()) == record
    text = record.text
    for key, (start, end) in record.boxes.items():
        assert 0 <= start <= end <= len(text), key
    told = [record.initial_capital, record.net_assets_opening, record.net_assets_closing]
    told += [record.activities_section, record.qualifications, record.performance, record.donations]
    told += [record.registration_changes, record.institution_opinion, record.sponsor_opinion]
    told += [gift.amount for gift in record.donations.gifts]
    for part in told:
        if part is not None and part.start is not None and part.end is not None:
            assert bare(text[part.start : part.end]) == bare(part.stated or "")
    assert [event.name for event in record.performance.events] == ([] if record.performance.none else ["全县先进集体"])
    for event in record.performance.events:
        start, end = record.boxes["performance"]
        assert start <= event.start < event.end <= end
        assert event.name in bare(text[event.start : event.end])
        assert event.activity is None
    start, end = record.boxes["activities"]
    check_narrative(text, start, end, record.activities, record.metrics, record.events)
