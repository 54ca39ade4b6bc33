"""Word's own numbering: the marks (一、 （一） 1.) that a list style prints and that no text of the file holds."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nianbao.reading.ooxml import attribute, child, local, value, whole

_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: how numbers are written, the text around them (``%1、``), where counting starts."""

    form: str
    text: str
    start: int = 1


def chinese(number: int) -> str:
    """一 to 九十九; beyond, the digits one by one."""
    if not 0 < number < 100:
        return "".join(_DIGITS[int(digit)] for digit in str(number))
    tens, ones = divmod(number, 10)
    return (
        ("" if tens == 1 else _DIGITS[tens] if tens else "") + ("十" if tens else "") + (_DIGITS[ones] if ones else "")
    )


def circled(number: int) -> str:
    """① to ⑳."""
    return chr(0x245F + number) if 1 <= number <= 20 else str(number)


def letter(number: int) -> str:
    """a to z, then aa."""
    return chr(96 + (number - 1) % 26 + 1) * ((number - 1) // 26 + 1)


_FORMS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "chineseCounting": chinese,
    "chineseCountingThousand": chinese,
    "japaneseCounting": chinese,
    "ideographDigital": chinese,
    "taiwaneseCounting": chinese,
    "taiwaneseCountingThousand": chinese,
    "decimalEnclosedCircle": circled,
    "decimalEnclosedCircleChinese": circled,
    "lowerLetter": letter,
    "upperLetter": lambda number: letter(number).upper(),
}


class Numbering:
    """The lists of a document and how far each has counted. Takes the roots of numbering.xml and styles.xml."""

    def __init__(self, *parts: Any) -> None:
        self.levels: dict[str, dict[int, Level]] = {}  # list → its levels
        self.abstract: dict[str, str] = {}  # list → what it is an instance of, whose counters it shares
        self.styles: dict[str, tuple[str, int]] = {}
        self.counters: dict[str, list[int]] = {}
        definitions: dict[str, dict[int, Level]] = {}
        for part in parts:
            for element in part:
                name = local(element)
                if name == "abstractNum":
                    definitions[attribute(element, "abstractNumId")] = _levels(element)
                elif name == "num":
                    key, base = attribute(element, "numId"), value(element, "abstractNumId")
                    self.levels[key] = definitions.get(base, {})
                    # An instance with an override starts to count anew.
                    self.abstract[key] = base if child(element, "lvlOverride") is None else f"num {key}"
                elif name == "style" and (found := child(element, "pPr", "numPr")) is not None:
                    level = whole(child(found, "ilvl"), 0)
                    self.styles[attribute(element, "styleId")] = (value(found, "numId"), level)

    def mark(self, properties: Any) -> str:
        """What stands before a paragraph with these properties; counts it."""
        key, level = self.styles.get(value(properties, "pStyle"), ("", 0))
        if (found := child(properties, "numPr")) is not None:
            level = whole(child(found, "ilvl"), level)
            key = value(found, "numId") or key
        levels = self.levels.get(key, {})
        if level not in levels or level > 8 or levels[level].form not in _FORMS:  # no list, or a bullet
            return ""
        counters = self.counters.setdefault(self.abstract[key], [0] * 9)
        counters[level] = counters[level] + 1 if counters[level] else levels[level].start
        counters[level + 1 :] = [0] * (8 - level)

        def written(found: re.Match[str]) -> str:
            index = int(found[1]) - 1
            known = levels.get(index)
            return _FORMS[known.form](max(1, counters[index])) if known and known.form in _FORMS else ""

        return re.sub(r"%([1-9])", written, levels[level].text)


def _levels(element: Any) -> dict[int, Level]:
    return {
        index: Level(value(level, "numFmt") or "decimal", value(level, "lvlText"), whole(child(level, "start"), 1))
        for index, level in enumerate(found for found in element if local(found) == "lvl")
    }
