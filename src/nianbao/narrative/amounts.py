"""Amounts in running text: number, scale, bound and unit, and why a number is none.

``amounts`` finds what may be a quantity and keeps what no row of ``units.toml`` speaks against. What an amount is said
of, and whether it is a level or a change, is the business of ``nianbao.narrative.quantities``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from nianbao.narrative.flow import Flow
from nianbao.narrative.lexicon import lexicon
from nianbao.numerals import ARABIC, DIGITS, HAN, parse_number
from nianbao.record import Bound


@dataclass(slots=True)
class Amount:
    """One number with its unit. ``start`` and ``end`` are its span in the flow, bound words included.

    ``number`` is where its digits begin. ``shared`` tells the second value of a range, which has the span of the first.
    """

    start: int
    end: int
    number: int
    value: Decimal
    unit: str | None
    bound: Bound
    han: bool = False
    shared: bool = False
    change: bool = False
    firm: bool = True


@cache
def _bound_before() -> re.Pattern[str]:
    guard = r"(?<![节预公签履合违制契条租附最贴亲邻就远迫临赶])"
    return re.compile(rf"{guard}(?:{lexicon().before})[ ]?$")


@cache
def _scanner() -> re.Pattern[str]:
    words = lexicon()
    joint = "工作日|自然日|百分点|小?月|小时|学时|课时|批次|场次|人次|班次|标段|半天|席位"
    unit = rf"(?:个(?=(?:{joint})))?{words.unit}"
    return re.compile(
        rf"""
          (?P<percent>百分之|千分之)(?P<share>{ARABIC}|{HAN})
        | (?:(?<=翻)|(?<=翻了))(?P<double>[一两三]|\d)番
        | (?P<fraction>(?:{ARABIC}|{HAN})分之(?:{ARABIC}|{HAN}))
        | (?P<tenths>[一二两三四五六七八九]|\d)(?P<more3>多)?成(?P<tenth>[一二三四五六七八九半])?
          (?P<more4>多)?(?![员果立为功都本长效绩人品语份交药型熟像见行分套])
        | (?<![上下一大前后])(?P<half>半)(?:个)?(?P<halfunit>年|月|小时)(?![来内报度])
        | (?P<low>{ARABIC})(?P<lowunit>{words.unit})?(?:[-—–~～]{{1,2}}|至|到)(?P<high>{ARABIC})[ ]?
          (?P<highmore>[余多])?(?P<highunit>{unit})?
        | (?P<number>{ARABIC}|{HAN})[ ]?(?P<more>[余多])?
          (?P<some>(?<=[十百千万])来(?=[人名个件次天年场项家户位只份批头辆]))?(?P<times>个多)?
          (?:(?P<halfof>个半)(?=月|小时|天|工作日))?
          (?P<unit>{unit})?(?P<more2>多(?!种|数|个|家|项|年|样|元|方|次|层|级))?(?P<halfafter>(?<=[亩吨倍里天])半(?![年天月日价数径]))?
        """,
        re.VERBOSE,
    )


@cache
def _bound_after() -> re.Pattern[str]:
    return re.compile(lexicon().after)


_WORD = re.compile(r"[一-鿿]")
_MINUS = re.compile(r"[一-鿿](?<![年月日号第期至到])[-－−]$")
_SIGNED = frozenset(("%", "‰", "百分点", "元", "℃", "摄氏度"))
_NUMERAL = re.compile(r"[\d零〇一二两三四五六七八九十百千万亿半]")
_NAMED = re.compile(r"“[^”\n]{1,40}”|《[^》\n]{1,60}》|『[^』\n]*』|「[^」\n]*」")
_ROW = re.compile(r"[^\n]*\|[^\n]*\|[^\n]*")
_ROUND = re.compile(r"[十百千万亿]+")
_HOLD = re.compile(
    r"(?:举办|开展|组织|突破|开办|演出|举行|达|送出|超|近|赠送|培训|惠及|走进|走访|服务|吸引|接待|[日月年场]均|每[天日月场])了?$"
)
_INDICATOR = re.compile(
    r"(?:值|因子|指数|得分|评分|总分|系数|人次|数量?|总数|量|额|比例|率|分数|均分|册次|场次|件次|人员|收入|支出|金额|"
    r"规模|产值|成本|资金|粉丝|用户|经费|投资|面积|户|人口)(?:（[^）]{1,12}）)?(?:却|则|上一?年度?的?|去年的?|已|均|约|共|也|又|累计|合计|总计|达到?|为|是|超过|近|突破|由|从|升到|"
    r"升至|提高到|提升到|提升至|增至|增加到|降至|降到|降低到|下降到|保持在|稳定在|实现|[（）]|由\d+(?:\.\d+)?|从\d+(?:\.\d+)?)*$"
)
_MEASURED_UNIT = re.compile(
    r"(人次|册次|场次|批次|件次|户次|车次|班次|项次|频次|亩次|篇次)(?:分别|均|约|共|累计|已|达到?|为|超过|近)*"
    r"(?:[\d.]+[万亿]?[、和及与])*(?:却|则)?(?:(?:由|从)(?:上一?年度?的?|去年的?)?(?:[\d.,]+[万亿]?(?:增|减|升|降)[加长少高低]?(?:到|至))?)?$"
)
# 分别提高0.3和0.8个百分点: one unit for the numbers of a list
_LISTED_UNIT = re.compile(rf"(?:[、和及与]{ARABIC})*[、和及与]{ARABIC}(?P<unit>个?百分点|%)")
_LATIN = re.compile(r"[A-Za-z\-—~～/\d]")
_ODD = re.compile(r"[余多]")
_ONLY = re.compile(r"(?:共|仅|只有|总计|合计|达)$")
_STRETCH = re.compile(r"(?:缩短|延长|提前|为期|历时)[一-鿿]*$")
_SCALE_END = re.compile(r"[十百千万亿]+$")
_DAY = re.compile(r"(?:工作|平均|住院|缩短|压缩|提前|至|为|到|达|不超过)[一-鿿]{0,6}$")


def amounts(passage: Flow, marks: frozenset[int] = frozenset()) -> list[Amount]:
    """The amounts of a passage in order. ``marks`` are offsets in the whole text where a mark of the outline stands."""
    text = passage.text
    named = [m.span() for m in _NAMED.finditer(text)] + [m.span() for m in _ROW.finditer(text)]
    named.sort()
    starts = [a for a, _ in named]
    found: list[Amount] = []
    here = 0
    while numeral := _NUMERAL.search(text, here):
        match = _scanner().match(text, numeral.start())
        if match is None:
            here = numeral.end()
            continue
        floor, here = here, match.end()
        i = bisect_right(starts, match.start()) - 1
        if match["fraction"] or (i >= 0 and any(a <= match.start() < b for a, b in named[max(0, i - 1) : i + 1])):
            continue
        before = _bound_before().search(text, max(floor, match.start() - 4), match.start())
        if before and before[0] == "上" and not _ROUND.match(match["number"] or ""):
            before = None  # 上百场 is more than a hundred; else 上 ends another word
        after = _bound_after().match(text, here)
        begin = text.rindex("翻", 0, match.start()) if match["double"] else match.start()
        sight = _Sight(
            text,
            match,
            before.start() if before else begin,
            after.end() if after else here,
            before[0].strip() if before else "",
            after[0] if after else "",
        )
        here = sight.end
        if passage.at[sight.start] not in marks:
            found += _amount(sight)
    for amount in found:
        if amount.unit and "（" in amount.unit:  # a unit is told as it is printed
            at = text.index(amount.unit, amount.number)
            amount.unit = passage.raw[at : at + len(amount.unit)]
    return found


@dataclass(frozen=True, slots=True)
class _Sight:
    """A number as it stands: the match of its body, its span with the bound words before and after it."""

    text: str
    match: re.Match[str]
    start: int
    end: int
    before: str
    after: str

    @property
    def ahead(self) -> str:
        """What stands before the number and its bound word."""
        return self.text[max(0, self.start - 24) : self.start]

    @property
    def bound(self) -> Bound:
        """The bound that the words before, inside and behind the number state."""
        groups = self.match.groupdict("")
        if groups["some"]:
            return "about"
        if any(groups[key] for key in ("more", "more2", "times", "more3", "more4", "highmore")) or _ODD.search(
            groups["number"]
        ):
            return "more-than"
        for row in lexicon().bounds:
            if (self.before and row.before.fullmatch(self.before)) or (self.after and row.after.fullmatch(self.after)):
                return row.bound
        return "exact"


def _amount(sight: _Sight) -> list[Amount]:
    """What one sight says: an amount, two for a range, or none where a rule speaks against it."""
    text, match, start, end = sight.text, sight.match, sight.start, sight.end
    if match["number"]:
        return _plain(sight)
    if match["low"]:
        return _range(sight)
    if match["percent"]:
        value, unit = parse_number(match["share"]), "%" if match["percent"] == "百分之" else "‰"
        if text.startswith(("点", "个点"), end):
            return []
        return [Amount(start, end, match.start(), value, unit, sight.bound)]
    if match["double"]:
        times = int(parse_number(match["double"]))
        return [Amount(start, end, start, Decimal(100 * (2**times - 1)), "%", sight.bound, change=True, firm=False)]
    if match["half"]:
        unit = match["halfunit"]
        value = Decimal(6) if unit == "年" else Decimal("0.5")
        if lexicon().refusals[True].holds(sight.ahead, "半", text[match.start("halfunit") :][:24]):
            return []
        return [Amount(start, end, match.start(), value, "月" if unit == "年" else unit, sight.bound, han=True)]
    digit, rest = match["tenths"], match["tenth"]
    if text[start - 1 : start] in ("第", "有", "水", "年", "建", "完", "收") and not sight.before:
        return []
    if digit == "一" and text.startswith("成不变", match.end("tenths")):
        return []
    value = 10 * parse_number(digit) + (5 if rest == "半" else parse_number(rest) if rest else 0)
    return [Amount(start, end, match.start(), value, "%", sight.bound, han=True, firm=False)]


def _unit(unit: str | None) -> str | None:
    """The unit without a 个 that stands before another one."""
    if unit and len(unit) > 1 and unit[0] == "个" and unit not in ("个次",):
        return unit[1:] if unit != "个点" else "百分点"
    return unit


def _plain(sight: _Sight) -> list[Amount]:
    """A number with its unit, unless a row of the table speaks against it."""
    text, match, start, end = sight.text, sight.match, sight.start, sight.end
    number, unit = match["number"], _unit(match["unit"])
    at, stop = match.span("number")
    han = number[0] in DIGITS or number[0] in "十百千万亿"
    ahead, behind = sight.ahead, text[stop : stop + 24]
    if unit is None:
        printed = None if han else _MEASURED_UNIT.search(ahead)
        listed = None if han or "分别" not in ahead else _LISTED_UNIT.match(text, end)
        if (
            han
            and (sight.before or _INDICATOR.search(ahead))
            and number[-1] in "万亿"
            and _ROUND.fullmatch(number)
            and not _WORD.match(text, end)
        ):
            return [Amount(start, end, at, parse_number(number), None, sight.bound, han=True, firm=False)]
        if han or not (printed or listed or _stands_alone(ahead, number, text[end : end + 1])):
            return []
        unit = printed[1] if printed else _unit(listed["unit"]) if listed else None
    elif han and (
        unit in lexicon().arabic_only
        and not (unit == "门" and text.startswith(("课", "学科", "专业"), end))
        and not match["halfof"]
        or unit == "元"
        and _ROUND.fullmatch(number)
        and not sight.before  # 亿元以上项目: which projects
        or not match["halfafter"]
        and not _han_counts(ahead, number, unit, sight.bound)
    ):
        return []
    if match["times"]:
        behind = behind.removeprefix("个多")
    negative = unit in _SIGNED and start == at and _MINUS.search(ahead) is not None
    if negative:
        ahead, start, at = ahead[:-1], start - 1, at - 1  # 利润率为-3.2%
    before = text[max(0, at - 24) : at]
    refusals = lexicon().refusals[han]
    if refusals.holds(ahead, number, behind) or (start != at and refusals.holds(before, number, behind)):
        return []
    value = parse_number(number)
    if match["halfof"] or match["halfafter"]:
        value += Decimal("0.5")
    if unit in ("日", "天", "月") and not _time_counts(ahead, number, unit):
        return []
    if unit == "倍" and number == "一":
        value, unit = Decimal(100), "%"
    if negative:
        value = -value
    bound = sight.bound
    if han and bound == "exact" and number != "十" and _ROUND.fullmatch(number):
        bound = "about"  # 举办百场活动: a bare round word
    return [Amount(start, end, at, value, unit, bound, han=han, firm=not han and match["unit"] is not None)]


def _stands_alone(ahead: str, number: str, behind: str) -> bool:
    """Whether a number without a unit is a quantity: it has a scale (132.7万), or an indicator says what it is."""
    if _LATIN.match(behind):
        return False
    if number[-1] in "万亿":
        return True
    return bool(_INDICATOR.search(ahead)) and (not "一" <= behind <= "鿿" or behind in "升降提增减上下到至")


def _time_counts(ahead: str, number: str, unit: str) -> bool:
    """Whether a number of days or months is measured and no date."""
    if unit == "日":
        return "." in number or bool(_DAY.search(ahead))
    return unit == "天" or not number.isdigit() or bool(_STRETCH.search(ahead))


def _han_counts(ahead: str, number: str, unit: str, bound: Bound) -> bool:
    """Whether a numeral in Chinese characters counts something."""
    if number == "一":
        return unit == "倍" or bool(_ONLY.search(ahead))
    if _ROUND.fullmatch(number) and number != "十":
        return bound != "exact" or (len(unit) <= 2 and bool(_HOLD.search(ahead)) and unit not in ("元", "人", "亩"))
    # 三五, 七八: about so many
    return len(number) < 2 or not all(c in DIGITS for c in number) or "零" in number or "〇" in number


def _range(sight: _Sight) -> list[Amount]:
    """6—8元: both ends are quantities, with one span."""
    text, match, start, end = sight.text, sight.match, sight.start, sight.end
    at, stop = match.span("low")
    unit = _unit(match["highunit"])
    ahead, behind = sight.ahead, text[match.end("high") : match.end("high") + 24]
    words = lexicon()
    low, high = match["low"], match["high"]
    joined = text[stop : match.start("high")]
    if unit is None or "到" in joined and match["lowunit"]:
        return []
    whole = text[stop : stop + 24]
    refusals = words.refusals[False]
    if refusals.holds(ahead, low, whole) or refusals.holds(ahead, high, behind):
        return []
    if unit in ("日", "月", "年") and "." not in low + high:
        return []
    scale = _SCALE_END.search(high)
    value = parse_number(low + scale[0] if scale and low[-1].isdigit() else low)
    bound = sight.bound
    return [
        Amount(start, end, at, value, unit, bound, firm=False),
        Amount(start, end, at, parse_number(high), unit, bound, shared=True, firm=False),
    ]
