"""Units of quantities: which unit a printed word means, and what the last printed digit is worth.

The words are the Chinese labels in ontology/codes/units.ttl; there is no other table.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

import pyoxigraph as ox

from nianbao.numerals import NUMBER, NumeralError, parse_number
from nianbao.resources import ONTOLOGY
from nianbao.vocabulary import expand

COUNT = expand("unit:NUM")
UNLISTED = expand("nbc:unlistedUnit")
_PLAIN = {expand(name) for name in ("unit:PERCENT", "unit:PERMILLE", "nbc:percentagePoint", "nbc:multiple")}
_MONEY = expand("unit:CCY_")


@cache
def unit_words() -> dict[str, str]:
    """Every word for a unit and the IRI of that unit."""
    labels = {expand("skos:prefLabel"), expand("skos:altLabel")}
    triples = ox.parse(path=str(ONTOLOGY / "codes" / "units.ttl"))
    return {
        t.object.value: t.subject.value
        for t in triples
        if t.predicate.value in labels
        and isinstance(t.object, ox.Literal)
        and t.object.language == "zh"
        and isinstance(t.subject, ox.NamedNode)
        and t.subject.value != COUNT
    }


def unit_of(word: str | None) -> tuple[str, str | None]:
    """The IRI of the unit that ``word`` names, and the word to keep as counted item (None for money, rates, no word).

    A word that is no unit is counted (条, 人次). A compound of a unit (元/人) that is not listed is neither.
    """
    word = "".join((word or "").split())
    if not word:
        return COUNT, None
    unit = unit_words().get(word)
    if unit is None:
        # 件/套 and 人/次 count things; 元/人 and 公斤/亩 are rates of a unit.
        first, slash, _ = word.partition("/")
        return (UNLISTED if slash and first in unit_words() else COUNT), word
    return unit, None if unit in _PLAIN or unit.startswith(_MONEY) else word


_NUMBER = re.compile(NUMBER)
_LAST_DIGIT = re.compile(r"[0-9零〇一二两三四五六七八九](?=[^0-9零〇一二两三四五六七八九]*$)")
_UP = dict(zip("0123456789零〇一二两三四五六七八九", "1234567898一一二三三四五六七八九八", strict=True))


def precision(stated: str, value: Decimal) -> Decimal:
    """What the last printed digit of ``stated`` is worth in ``value``: 26.13亿条 → 1000000, 10.67% → 0.01.

    A text that does not print the value (三成 for 30, 半) gets the place of the value's own last digit, at most 1.
    """
    for match in _NUMBER.finditer(stated.replace(" ", "")):
        number, place = _read(match.group())
        if number == value:
            return place
        if number and value:
            scale = abs(value / number).normalize()
            if scale.as_tuple().digits == (1,):  # a power of ten: 3 of 3至5万, 2 of 两成
                return place * scale
    exponent = value.normalize().as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), 0))


def _read(text: str) -> tuple[Decimal, Decimal]:
    """A printed number and what its last digit is worth; (0, 0) where it cannot be read."""
    try:
        number = parse_number(text)
        last = _LAST_DIGIT.search(text)
        if last is None:  # 百 (场), 千 (人)
            return number, number
        other = parse_number(text[: last.start()] + _UP[last.group()] + text[last.end() :])
    except NumeralError:
        return Decimal(0), Decimal(0)
    return number, abs(other - number)
