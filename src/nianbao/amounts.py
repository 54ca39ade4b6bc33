"""Amounts in running text: number, scale, bound and unit, and why a number is none.

``amounts`` finds what may be a quantity and keeps what no row of ``units.toml`` speaks against. What an amount is said
of, and whether it is a level or a change, is the business of ``nianbao.quantities``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from nianbao.flow import Flow
from nianbao.lexicon import lexicon
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
def _scanner() -> re.Pattern[str]:
    words = lexicon()
    guard = r"(?<![节预公签履合违制契条租附最贴亲邻就远迫临赶高])"
    unit = rf"(?:个(?=(?:工作日|自然日|百分点|小?月|小时|学时|课时|批次|场次|人次|班次|标段|半天|席位)))?(?:个(?=百分点))?{words.unit}"
    return re.compile(
        rf"""(?:{guard}(?P<before>{words.before})[ ]?)?
        (?:
          (?P<percent>百分之|千分之)(?P<share>{ARABIC}|{HAN})
        | (?:翻了?|再翻)(?P<double>[一两三]|\d)番
        | (?P<fraction>(?:{ARABIC}|{HAN})分之(?:{ARABIC}|{HAN}))
        | (?P<tenths>[一二两三四五六七八九]|\d)(?P<more3>多)?成(?P<tenth>[一二三四五六七八九半])?
          (?![员果立为功都本长效绩人品语份交药型熟像见行分套])
        | (?<![上下一大前后])(?P<half>半)(?:个)?(?P<halfunit>年|月|小时)(?![来内报度])
        | (?P<low>{ARABIC})(?P<lowunit>{words.unit})?(?:[-—–~～]{{1,2}}|至|到)(?P<high>{ARABIC})[ ]?(?P<highmore>[余多])?
          (?P<highunit>{unit})?
        | (?P<number>{ARABIC}|{HAN})[ ]?(?P<more>[余多])?(?P<times>个多)?
          (?:(?P<halfof>个半)(?=月|小时|天|工作日))?
          (?P<unit>{unit})?(?P<more2>多(?!种|数|个|家|项|年|样|元|方|次|层|级))?
        )
        (?P<after>{words.after})?""",
        re.VERBOSE,
    )


_NAMED = re.compile(r"“[^”\n]{1,40}”|《[^》\n]{1,60}》|『[^』\n]*』|「[^」\n]*」")
_ROW = re.compile(r"[^\n]*\|[^\n]*\|[^\n]*")
_ROUND = re.compile(r"[十百千万亿]+")
_HOLD = re.compile(r"(?:举办|开展|组织|突破|开办|演出|举行|达|送出|超|近|赠送|培训|惠及|走进|走访)了?$")
_INDICATOR = re.compile(
    r"(?:值|因子|指数|得分|评分|总分|系数|人次|数量?|总数|量|额|比例|率|分数|均分|册次|场次|件次|人员|收入|支出|金额|"
    r"规模|产值|成本|资金|经费|投资|面积|户|人口)(?:已|均|约|共|也|又|累计|合计|总计|达到?|为|是|超过|近|突破|由|从|升到|"
    r"升至|提高到|提升到|提升至|增至|增加到|降至|降到|降低到|下降到|保持在|稳定在|实现|[（）]|由\d+(?:\.\d+)?|从\d+(?:\.\d+)?)*$"
)
_MEASURED_UNIT = re.compile(
    r"(人次|册次|场次|批次|件次|户次|车次|班次|项次|频次|亩次|篇次)(?:均|约|共|累计|已|达到?|为|超过|近)*$"
)
_SCALED = re.compile(r"[万亿]$")
_DAY = re.compile(r"(?:工作|平均|住院|缩短|压缩|提前|至|为|到|达|不超过)[一-鿿]{0,6}$")


def amounts(passage: Flow, marks: frozenset[int] = frozenset()) -> list[Amount]:
    """The amounts of a passage in order. ``marks`` are offsets in the whole text where a mark of the outline stands."""
    text = passage.text
    named = [m.span() for m in _NAMED.finditer(text)] + [m.span() for m in _ROW.finditer(text)]
    named.sort()
    starts = [a for a, _ in named]
    found: list[Amount] = []
    for match in _scanner().finditer(text):
        if match["fraction"]:
            continue
        begin = match.start()
        i = bisect_right(starts, begin) - 1
        if i >= 0 and any(a <= begin < b for a, b in named[max(0, i - 1) : i + 1]):
            continue
        if passage.at[begin] in marks:
            continue
        found += _amount(text, match)
    for amount in found:
        if amount.unit and "（" in amount.unit:  # a unit is told as it is printed
            at = text.index(amount.unit, amount.number)
            amount.unit = passage.raw[at : at + len(amount.unit)]
    return found


def _amount(text: str, match: re.Match[str]) -> list[Amount]:
    """What one match says: an amount, two for a range, or none where a rule speaks against it."""
    if match["number"]:
        return _plain(text, match)
    if match["low"]:
        return _range(text, match)
    start, end = match.span()
    bound = _bound(match)
    if match["percent"]:
        value, unit = parse_number(match["share"]), "%" if match["percent"] == "百分之" else "‰"
        if text[end : end + 1] == "点" or text.startswith("个点", end):
            return []
        return [Amount(start, end, match.start("percent"), value, unit, bound)]
    if match["double"]:
        times = int(parse_number(match["double"]))
        return [Amount(start, end, start, Decimal(100 * (2**times - 1)), "%", bound, change=True, firm=False)]
    if match["half"]:
        unit = match["halfunit"]
        value = Decimal(6) if unit == "年" else Decimal("0.5")
        if any(n.holds(text[:start], "半", text[match.start("halfunit") :], True) for n in lexicon().negatives):
            return []
        return [Amount(start, end, match.start("half"), value, "月" if unit == "年" else unit, bound, han=True)]
    digit, rest = match["tenths"], match["tenth"]
    if text[start - 1 : start] in ("第", "有", "水", "年", "建", "完", "收") and not match["before"]:
        return []
    if digit == "一" and text[match.end("tenths") :].startswith("成不变"):
        return []
    value = 10 * parse_number(digit) + (5 if rest == "半" else parse_number(rest) if rest else 0)
    return [Amount(start, end, match.start("tenths"), value, "%", bound, han=True, firm=False)]


def _bound(match: re.Match[str]) -> Bound:
    """The bound that the words before, inside and behind the number state."""
    groups = match.groupdict()
    if any(groups.get(key) for key in ("more", "more2", "times", "more3", "highmore")):
        return "more-than"
    if re.search("[余多]", groups.get("number") or ""):
        return "more-than"
    for row in lexicon().bounds:
        if (groups["before"] and row.before.fullmatch(groups["before"])) or (
            groups["after"] and row.after.fullmatch(groups["after"])
        ):
            return row.bound
    return "exact"


def _unit(unit: str | None) -> str | None:
    """The unit without a 个 that stands before another one."""
    if unit and len(unit) > 1 and unit[0] == "个" and unit not in ("个次",):
        return unit[1:] if unit != "个点" else "百分点"
    return unit


def _plain(text: str, match: re.Match[str]) -> list[Amount]:
    start, end = match.span()
    number, unit = match["number"], _unit(match["unit"])
    at, stop = match.span("number")
    han = number[0] in DIGITS or number[0] in "十百千万亿"
    before, behind = text[max(0, at - 24) : at], text[stop : stop + 24]
    if match["times"]:
        behind = behind.removeprefix("个多")
    ahead = text[max(0, start - 24) : start]
    for negative in lexicon().negatives:
        if negative.holds(ahead, number, behind, han) or (
            start != at and negative.before and negative.holds(before, number, behind, han)
        ):
            return []
    bound = _bound(match)
    if han:
        if unit is None or unit in lexicon().arabic_only:
            return []
        if not _han_counts(ahead, number, unit, match, bound):
            return []
    value = parse_number(number)
    if match["halfof"]:
        value += Decimal("0.5")
    if unit is None:
        printed = _MEASURED_UNIT.search(ahead)
        if printed:
            unit = printed[1]
        elif not _SCALED.search(number) and not _INDICATOR.search(ahead):
            return []
        elif re.match(r"[A-Za-z\-—~～/]|\d", text[end:]) or (
            not _SCALED.search(number) and re.match(r"(?![升降提增减上下到至])[一-鿿]", text[end:])
        ):
            return []
    elif unit in ("日", "天", "月") and not _time_counts(ahead, number, unit):
        return []
    elif unit == "倍" and number == "一":
        value, unit = Decimal(100), "%"
    firm = not han and unit is not None
    return [Amount(start, end, at, value, unit, bound, han=han, firm=firm)]


def _time_counts(ahead: str, number: str, unit: str) -> bool:
    """Whether a number of days or months is measured and no date."""
    if unit == "日":
        return "." in number or bool(_DAY.search(ahead))
    return unit == "天" or not number.isdigit() or bool(re.search(r"(?:缩短|延长|提前|为期|历时)[一-鿿]*$", ahead))


def _han_counts(ahead: str, number: str, unit: str, match: re.Match[str], bound: Bound) -> bool:
    """Whether a numeral in Chinese characters counts something."""
    if number == "一":
        return bool(re.search(r"(?:共|仅|只有|总计|合计|达)$", ahead)) or unit in ("倍",)
    if _ROUND.fullmatch(number) and number not in ("十",):
        return bound != "exact" or (len(unit) <= 2 and bool(_HOLD.search(ahead)) and unit not in ("元", "人", "亩"))
    if len(number) >= 2 and all(c in DIGITS for c in number) and not re.search("[零〇]", number):
        return False  # 三五, 七八: about so many
    return True


def _range(text: str, match: re.Match[str]) -> list[Amount]:
    """6—8元: both ends are quantities, with one span."""
    at, stop = match.span("low")
    unit = _unit(match["highunit"])
    start, end = match.span()
    ahead, behind = text[max(0, start - 24) : start], text[match.end("high") : match.end("high") + 24]
    words = lexicon()
    low, high = match["low"], match["high"]
    joined = text[stop : match.start("high")]
    if unit is None or "到" in joined and match["lowunit"]:
        return []
    whole = text[stop : stop + 24]
    if any(n.holds(ahead, low, whole, False) or n.holds(ahead, high, behind, False) for n in words.negatives):
        return []
    if unit in ("日", "月", "年") and not re.search("[.]", low + high):
        return []
    scale = re.search(r"[十百千万亿]+$", high)
    value = parse_number(low + scale[0] if scale and low[-1].isdigit() else low)
    bound = _bound(match)
    return [
        Amount(start, end, at, value, unit, bound, firm=False),
        Amount(start, end, at, parse_number(high), unit, bound, shared=True, firm=False),
    ]
