"""Values of the form's boxes: text → money, date, year, number, code, names. Pure functions."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from nianbao.numerals import NUMBER, NumeralError, parse_number
from nianbao.record import FundingCode, Money

_HAN_DIGIT = "〇零○Ｏ一二三四五六七八九"
_WIDE = str.maketrans("０１２３４５６７８９．，：（）－", "0123456789.,:()-")
_WIDE_LETTERS = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬", "一二三四五六七八九十百千万")
_WIDE_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_AMOUNT_SIGNS = _FORMAL | _WIDE_DIGITS | str.maketrans("．，\xa0\u2009\u202f", ".,   ")

# ---------------------------------------------------------------- money

# A stroke or 负 right before the number; (45.90) alone is how accountants write it.
_SIGN = r"(?:[-－−]|(?<![—–\d\w])[—–](?=[\d０-９])|负)?"
_CURRENCY = r"(?:人民币)?\s*[¥￥]?\s*"
_MONEY_UNIT = r"(?:亿|[十百千]?万)?[元圆]整?"
# In groups parted by blanks (12 083 700), or with what is left below the scale word (1208万3700元).
_AMOUNT = rf"(?:\d{{1,3}}(?: \d{{3}})+(?!\d)(?:\.\d+)?|(?![万亿]){NUMBER}(?:(?<=[万亿])\d{{1,4}}(?=\s*[元圆]))?)"
_IN_BRACKETS = re.compile(r"\s*[（(]\s*[\d.,]+\s*(?:万?元)?\s*[)）]\s*")
_MONEY = re.compile(
    rf"{_CURRENCY}(?P<sign>{_SIGN})\s*(?P<number>{_AMOUNT})\s*"
    rf"(?P<unit>[（(]\s*{_MONEY_UNIT}\s*[)）]|(?:人民币)?{_MONEY_UNIT})?(?:人民币)?"
)
_FACTOR = {
    "": 1,
    "十": 10,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
}


def parse_money(text: str, *, offset: int = 0, unit: str = "") -> Money | None:
    """The first amount in ``text``, in yuan: ``1100 万元``, ``230(万元)``, ``1,043.90万元``, ``-3.5``, ``伍拾万元整``.

    ``负3.5`` and ``(3.5)`` as the whole box are negative, as in a balance sheet.

    ``unit`` (元, 万元, 亿元) is that of the box, for an amount printed without one; without either the amount is no
    money and the answer None. ``offset`` is added to start and end.
    """
    plain = text.translate(_AMOUNT_SIGNS)
    negative = _IN_BRACKETS.fullmatch(plain) is not None
    for match in _MONEY.finditer(plain):
        number = match["number"]
        printed = re.sub(r"[\s（）()整]|人民币", "", match["unit"] or "")
        # A scale word may have gone to the number (1100万|元): parse_number knows it.
        if not printed and not unit:
            continue
        try:
            value = parse_number(number)
        except NumeralError:
            continue
        scale = (printed or unit).rstrip("元圆")
        if not printed and re.search("[万亿]", number):
            scale = ""
        value *= _FACTOR[scale]
        start, end = (0, len(text)) if negative else match.span()
        while text[start : start + 1].isspace():
            start += 1
        end -= len(text[start:end]) - len(text[start:end].rstrip())
        return Money(
            value=-value if match["sign"] or negative else value,
            stated=text[start:end],
            start=offset + start,
            end=offset + end,
        )
    return None


_UNREAD = re.compile(r"\d|[十百千万亿]|[一二三四五六七八九]\s*[角分]|[美港澳日欧]元|外币|英镑")


def leaves_out(text: str, money: Money) -> bool:
    """Whether a box says more of an amount than was read: 1208、37万元, 1000万元增至1200万元, 100万美元.

    The same amount in another writing (壹佰万元（￥1000000）), dates and years are nothing more.
    """
    rest = text.replace(money.stated, "|", 1)
    for other in (parse_money(rest, unit="元"), parse_money(rest, unit="万元")):
        if other and other.value == money.value:
            rest = rest.replace(other.stated, "|", 1)
    for date in reversed(find_dates(rest)):
        rest = rest[: date.start] + rest[date.end :]
    rest = _YEAR.sub("", rest.translate(_AMOUNT_SIGNS))
    unit = re.search("[万亿]", money.stated)
    return bool(_UNREAD.search(re.sub(r"[（(][^（()）]{0,4}[万亿]?元[)）]", "", rest) if unit else rest))


# ---------------------------------------------------------------- dates and years

_Y = rf"(?P<y>[12]\d{{3}}|[一二][{_HAN_DIGIT}]{{3}})"
_M = r"(?P<m>0?[1-9]|1[0-2]|十[一二]?|[一二三四五六七八九])"
_D = r"(?P<d>[12]\d|3[01]|0?[1-9]|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_DATE = re.compile(
    rf"{_Y}\s*年\s*{_M}\s*月\s*{_D}\s*[日号]"
    rf"|(?<!\d){_Y.replace('<y>', '<y2>')}\s*(?P<sep>[-./．／－])\s*{_M.replace('<m>', '<m2>')}\s*(?P=sep)\s*"
    rf"{_D.replace('<d>', '<d2>')}(?!\d)"
    r"|(?<!\d)(?P<y3>(?:19|20)\d{2})(?P<m3>0[1-9]|1[0-2])(?P<d3>0[1-9]|[12]\d|3[01])(?!\d)"
)
# A date that was never written in: 年 月 日.
BLANK_DATE = re.compile(r"(?<![\d一-龥])年\s+月\s+日|(?<![\d一-龥])年\s*月\s*日")

# Where an opinion is signed: the words that stand there on the form.
SIGNATURE = re.compile(
    r"[（(]?(?:法定代表人|(?:举办)?单位(?:主要)?负责人|主要负责人|负责人|经办人)"
    r"(?:\s*(?:[（(]?\s*签[字名章][^：:]{0,4}[)）]?)?\s*[：:]|\s*[一-龥·]{0,6}\s*[（(]\s*签[字名章])"
    r"|[（(]?(?:(?:举办单位|事业单位|单位|法人)\s*)?(?:公\s*章|盖\s*章|印\s*章)|[（(]签\s*[字名章]|签\s*[字名章]\s*[：:]"
)


@dataclass(frozen=True, slots=True)
class Found:
    """A value found in a text: ``value`` in its normal form, where it stands."""

    value: str
    start: int
    end: int


def find_dates(text: str) -> tuple[Found, ...]:
    """All whole dates in ``text`` as ISO 8601: 2025年3月5日, 2025-03-05, 2025.3.5, 20250305, 二〇二五年三月五日.

    A date that the calendar does not have (31 April) is left out.
    """
    found = []
    for match in _DATE.finditer(text.translate(_WIDE)):
        parts = [next(v for v in (match[k], match[k + "2"], match[k + "3"]) if v) for k in "ymd"]
        year, month, day = (_whole(part) for part in parts)
        if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]:
            found.append(Found(f"{year:04}-{month:02}-{day:02}", match.start(), match.end()))
    return tuple(found)


def parse_date(text: str) -> str | None:
    """The first whole date in ``text`` as ISO 8601, or None (also for a blank ``年 月 日``)."""
    found = find_dates(text)
    return found[0].value if found else None


_YEAR = re.compile(
    rf"(?<!\d)([12]\d{{3}}|[一二][{_HAN_DIGIT}]{{3}})\s*(?:年度|年(?!\s*[\d一二三四五六七八九十]+\s*月))"
)


def find_year(text: str, *, word: Literal["年度", "年"] = "年度") -> int | None:
    """The first year that is followed by 年度 (with ``word="年"`` also by a 年 that opens no date)."""
    for match in _YEAR.finditer(text.translate(_WIDE)):
        if word == "年" or match[0].endswith("度"):
            return _whole(match[1])
    return None


def _whole(text: str) -> int:
    plain = text.replace("○", "〇").replace("Ｏ", "〇")
    return int(text) if text.isdigit() else int(parse_number(plain))


# ---------------------------------------------------------------- numbers

_COUNT = r"\d{1,3}(?:[,，]\d{3})+|\d+|[零〇一二两三四五六七八九十百千万]+|[零壹贰叁肆伍陆柒捌玖拾佰仟萬]+"
_STAFF = re.compile(
    r"(?:全[院校馆站所局园]|单位|中心|年末|目前|现|实|共|合计|总计|总数|职工|教职工?|员工|工作人员|人员|人数|在[编职岗册]|编制|从业|有|为|数|[：:\s])*"
    rf"(?P<n>{_COUNT})\s*[人名个位]*(?:人员|职工|员工)?(?P<rest>$|[。.；;]$|\s*[，,、]?\s*(?:[（(]|其中).*)",
    re.DOTALL,
)
_COUNTED = re.compile(rf"(?:{_COUNT})\s*[余多]?\s*[人名]")
_INEXACT = re.compile(r"[余多近约逾超]|左右|以[上内下]|大概|不足|不到|[几数若][十百千干]")


def parse_count(text: str) -> int | None:
    """A whole number of persons as a box prints it: 59, 59人, 1,203 名, 五十九, 共57人（其中在编45人）.

    None for anything vaguer (一百余人), and for parts without their total (在编45人、编外12人).
    """
    match = _STAFF.fullmatch(text.translate(_WIDE).strip())
    if not match:
        return None
    return int(parse_number(match["n"].replace("，", ",").translate(_FORMAL)))


def why_no_count(text: str) -> str:
    """What stands in the way of reading a number of persons, in words for a message."""
    plain = text.translate(_WIDE)
    if _INEXACT.search(plain):
        return "a bound and no exact number of persons (约数)"
    if len(_COUNTED.findall(plain)) > 1:
        return "several numbers of persons without their total (未写合计)"
    return "no whole number of persons (不是整数)"


# ---------------------------------------------------------------- codes

_CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_ORG_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CODE_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z](?:[ \-]?[0-9A-Za-z]){17}(?![0-9A-Za-z])")


def code_check(first17: str) -> str:
    """Character 18 of a unified social credit code, from the first 17 (GB 32100-2015).

    Raises ValueError for a character that the code's alphabet has not (I, O, S, V, Z).
    """
    return _CODE_ALPHABET[-sum(_CODE_ALPHABET.index(c) * w for c, w in zip(first17, _CODE_WEIGHTS, strict=True)) % 31]


def organisation_check(first8: str) -> str:
    """Character 9 of an organisation code (character 17 of a unified code), from the first 8 (GB 11714)."""
    rest = -sum(_ORG_ALPHABET.index(c) * w for c, w in zip(first8, _ORG_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def is_valid_code(code: str) -> bool:
    """Whether a unified social credit code has 18 characters and both check characters are right."""
    if len(code) != 18 or any(c not in _CODE_ALPHABET for c in code):
        return False
    return code_check(code[:17]) == code[17] and organisation_check(code[8:16]) == code[16]


def find_code(text: str) -> Found | None:
    """The first string of 18 letters and digits, as printed but for blanks between its groups; not checked."""
    match = _CODE.search(text.translate(_WIDE_LETTERS))
    if not match:
        return None
    return Found(re.sub(r"[ \-]", "", match[0]).upper(), match.start(), match.end())


# ---------------------------------------------------------------- names

_OPEN, _CLOSE = "（(", "）)"
# The last characters of the names of public bodies: tells 某医院（某妇幼保健院） from 某学校（南校区）.
BODY = re.compile(
    r"(?:中心|[站馆院所校园队局处室社部台库厂场会团科学署委厅办坛庙村基地公司政府总站学堂大学银行组织法院集团窗口])$"
)
_ALIAS_LEAD = re.compile(r"^(?:又名|又称|亦称|简称|加挂|挂牌|挂|增挂|同时挂|对外称|另称|原名|即)[：:]?[“\"]?")
_ALIAS_TAIL = re.compile(r"[”\"]?(?:的?牌子|牌)?$")


def split_names(text: str) -> tuple[str, tuple[str, ...]]:
    """The first name and the names in brackets behind it; brackets that are part of a name stay with it."""
    first, others = text.strip(), list[str]()
    while first and first[-1] in _CLOSE:
        start = _opening(first)
        inner = [_alias(part) for part in re.split(r"[、，,；;/]", first[start + 1 : -1])] if start > 0 else []
        if not inner or not all(BODY.search(part) and len(part) >= 4 for part in inner):
            break
        others[:0] = inner
        first = first[:start].rstrip()
    return first, tuple(others)


def _opening(text: str) -> int:
    """Where the bracket opens that the last character closes, or -1."""
    depth = 0
    for i in range(len(text) - 1, -1, -1):
        depth += (text[i] in _CLOSE) - (text[i] in _OPEN)
        if depth == 0:
            return i
    return -1


def _alias(text: str) -> str:
    return _ALIAS_TAIL.sub("", _ALIAS_LEAD.sub("", text.strip()))


_PLACE = r"(?:[一-龥]{1,8}?[省市县区州盟旗镇乡]|国家|中共|中国|共青团)"


def split_sponsors(text: str) -> tuple[str, ...]:
    """Sponsors joined by 、 ； ， / a line break, or a blank between two names that are both those of bodies.

    A stroke or 无 names none.
    """
    parts = [part.strip(" 　。.") for part in re.split(r"[、；;，,/\n]", text.strip())]
    parts = [part for part in parts if not says_nothing(part)]
    # A piece that is no body's name belongs to the one before: 某市交通、水利局.
    names: list[str] = []
    for part in filter(None, parts):
        if names and not BODY.search(names[-1]):
            names[-1] = text[text.index(names[-1]) : text.index(part, text.index(names[-1])) + len(part)]
        else:
            names.append(part)
    spaced = [piece for name in names for piece in _split_blank(name)]
    return tuple(spaced)


def _split_blank(name: str) -> list[str]:
    pieces = name.split()
    if len(pieces) > 1 and all(BODY.search(piece) and re.match(_PLACE, piece) for piece in pieces):
        return pieces
    return [name]


def starts_sponsor(before: str, behind: str) -> bool:
    """Whether a line break between two lines of a sponsor box parts two sponsors (and does not wrap one)."""
    return bool(BODY.search(before.strip()) and len(behind) >= 4 and re.match(_PLACE, behind) and BODY.search(behind))


# ---------------------------------------------------------------- funding, nothing


def funding_code(stated: str, table: Mapping[str, FundingCode | None]) -> FundingCode | None:
    """The code of a funding source: ``table`` maps words to full, partial, self, other; the longest word within wins.

    Words of more than one code (财政拨款、事业收入) give ``other``.
    """
    plain = re.sub(r"\s", "", stated).replace("(", "（").replace(")", "）")
    if plain in table:
        return table[plain]
    before = table.get(plain.split("（")[0])
    if before:
        return before  # 差额拨款（事业收入）: the bracket says more of it
    codes: set[FundingCode] = set()
    rest = plain
    for word in sorted(table, key=len, reverse=True):
        if word in rest:
            rest = rest.replace(word, "|")
            if code := table[word]:
                codes.add(code)
    if not codes:
        return None
    return codes.pop() if len(codes) == 1 else "other"


_NOTHING = re.compile(
    r"^[\s“”\"]*(?:无|没有|暂无|均无|[/／\\—－\-＿_]+|无。|不涉及|0|零|N/?A|none)[\s。．.;；“”\"]*$", re.IGNORECASE
)
_PREAMBLE = (
    r"(?:(?:20\d\d|[一二]〇[〇一二三四五六七八九]{2}|本)\s*年度?(?:内|期间)?|报告期内|全年|年度内|"
    r"(?:我|本)(?:单位|中心|学校|医院|馆|院|校|所|站|局|队|处|台|园|社|室|部|会)|截至目前|目前|经自查|经核查|其他)"
)
_CLAUSE_NONE = re.compile(
    rf"^(?:{_PREAMBLE}\s*)*(?:均|暂|并|确)?无(?!法|论|线|纸|人机|偿|障碍|缝|犯罪|害|逾期|违反|违规|擅自|应当?变|未按|不按)"
)
_WHEN = re.compile(rf"(?:{_PREAMBLE})+")
_OBEYED = re.compile(r"(?:按|依|遵|根据|严格).{0,40}(?:执行|办理|遵守|规定|要求|条例)")


_BESIDE_NUMBER = re.compile(r"(?<=[一-龥]) (?=\d)|(?<=\d) (?=[一-龥])")  # 2024 年度: how some printers set it


def _plain(text: str) -> str:
    """Words without what typists put between them: blanks beside digits, digits at full width, 无 变 更 spaced out."""
    plain = _BESIDE_NUMBER.sub("", text.strip().translate(_WIDE_DIGITS))
    apart = re.split(r"[ \u3000]+", plain)
    return "".join(apart) if len(apart) > 2 and all(len(part.rstrip("，。；")) == 1 for part in apart) else plain


def says_nothing(text: str) -> bool:
    """Whether a box says that there is nothing: 无, /, 2024年度无变更事项, 无诉讼、无投诉.

    The word must be 无 (or a stroke): 没有变更情况 counts as a statement. A clause that only says that the rules were
    kept (按《条例》执行) does not stand in the way.
    """
    plain = _plain(text)
    if _NOTHING.match(plain):
        return True
    if len(plain) > 120:
        return False
    clauses = [clause.strip() for clause in re.split(r"[，。；,;\n]|(?<=无) ", plain) if clause.strip()]
    said = [clause for clause in clauses if not _OBEYED.search(clause) or _CLAUSE_NONE.match(clause)]
    return bool(said) and all(_CLAUSE_NONE.match(clause) or _NOTHING.match(clause) for clause in said)


_DENIED = re.compile(
    rf"^{_PREAMBLE}*(?:均|暂|并|也|都|又|且|内|确)*(?:未|没有?|尚未|从未)(?:曾|有|能)?(?:发生|接受|接收|收到|受到|受过|受|获得|获|取得|得到|"
    r"涉及|出现|存在|任何|相关|该[类项]|此[类项]|社会|外来|捐赠|资助|奖励|诉讼|投诉|处罚)[^，。；]*$"
)


def denies(text: str) -> bool:
    """Whether a box says nothing, or tells in words that nothing came about: 未接受捐赠资助, 没有处罚，也没有投诉.

    Only where every clause denies: 未发生诉讼，获先进称号 tells something.
    """
    plain = _plain(text)
    if says_nothing(plain):
        return True
    clauses = [clause.strip() for clause in re.split(r"[，。；,;\n]", plain) if clause.strip()]
    if not clauses or len(plain) > 120:
        return False
    return all(
        _DENIED.match(clause) or _CLAUSE_NONE.match(clause) or _NOTHING.match(clause) or _WHEN.fullmatch(clause)
        for clause in clauses
    ) and any(_DENIED.match(clause) for clause in clauses)


def decimal_places(value: Decimal) -> int:
    """How many digits a number has behind its point."""
    exponent = value.normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
