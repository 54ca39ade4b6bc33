"""Numbers as Chinese official prose writes them: 1,016.7 · 26.13亿 · 2万6千 · 三百多 · 十二点五 · 二〇二四.

``NUMBER`` is the pattern of one number with its scale words; ``parse_number`` gives its value. 余 and 多 (odd) may
stand inside and are ignored: they say that the true number is larger, which is the business of the caller.
"""

from __future__ import annotations

import re
from decimal import Decimal

from nianbao.errors import NianbaoError

DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}

# A scale character that begins another word is none: 百分点, 千克, 千米, 千瓦.
_SCALE = r"(?:百(?!分[点之])|千(?![克米瓦伏卡赫])|[十万亿])"
_ARABIC = r"(?:\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?)"
_MIXED = rf"{_ARABIC}(?:[余多]?{_SCALE})*(?:(?:{_ARABIC}|[一二三四五六七八九]){_SCALE}+)*"
_HAN = rf"(?:[零〇一二两三四五六七八九]|{_SCALE})+(?:点[零〇一二三四五六七八九]+[万亿]*|[余多][万亿]+)?"

ARABIC = _MIXED
HAN = _HAN
NUMBER = rf"(?:{_MIXED}|{_HAN})"

_TOKEN = re.compile(rf"({_ARABIC})|点([零〇一二三四五六七八九]+)|(.)")
_WIDE = str.maketrans("０１２３４５６７８９．，", "0123456789.,")


class NumeralError(NianbaoError):
    """A text is not one number."""

    code = "NB-NUMERAL"


def parse_number(text: str) -> Decimal:
    """The value of one number, exactly: ``21万3千`` → 213000, ``三千五`` → 3500, ``二〇二四`` → 2024.

    Spaces and 余/多 are ignored. Raises NumeralError where the text is no number.
    """
    plain = re.sub(r"[\s余多]", "", text.translate(_WIDE))
    total = section = Decimal(0)
    number: Decimal | None = None
    last_scale, short, positional = 0, False, False
    for match in _TOKEN.finditer(plain):
        arabic, fraction, char = match.groups()
        if arabic:
            number, short, positional = Decimal(arabic.replace(",", "")), False, False
        elif fraction:
            number = (number or Decimal(0)) + Decimal("0." + "".join(str(DIGITS[c]) for c in fraction))
            short = False
        elif char in DIGITS:
            # 三千五: a single digit right behind a scale is worth a tenth of it; 二〇二四 is read digit by digit.
            short = last_scale > 0 and number is None and DIGITS[char] > 0
            number = number * 10 + DIGITS[char] if number is not None and positional else Decimal(DIGITS[char])
            positional = True
            if DIGITS[char] == 0 and last_scale:
                number, last_scale = None, 0
        elif char in SMALL:
            section += (Decimal(1) if number is None else number) * SMALL[char]
            number, last_scale, positional = None, SMALL[char], False
        elif char in LARGE:
            here = section + (number or 0)
            if char == "亿":
                total = (total + here or Decimal(0 if number is not None else 1)) * LARGE[char]
            else:
                total += (here or Decimal(0 if number is not None else 1)) * LARGE[char]
            section, number, last_scale, positional = Decimal(0), None, LARGE[char], False
        else:
            raise NumeralError(f"{text!r} is not one number", remedy="give digits and scale words only", place=char)
    if not plain:
        raise NumeralError("an empty text is not a number", remedy="give digits and scale words")
    if number is not None:
        section += number * (last_scale // 10) if short and last_scale else number
    return (total + section).normalize() + 0
