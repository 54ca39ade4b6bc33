"""Text objects of OFD: TextCode with its offsets, and CGTransform with its glyphs → characters with their places."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice
from math import cos, radians, sin
from typing import Any, NamedTuple

from nianbao.reading.ofd.numbers import deltas, number
from nianbao.reading.ofd.package import named
from nianbao.reading.ofd.sfnt import Font
from nianbao.reading.ooxml import child
from nianbao.reading.pdf.glyphs import Colour
from nianbao.reading.pdf.rules import Matrix

_LOST = "\ufffd"
_SLACK = 0.15  # em by which a Latin letter may be wider than in most fonts
_WHOLE = 1.05  # em of what is neither Latin nor Chinese (— ·), at most
_LEAST = 0.15  # em: less between two characters is no width
_STAND_INS = frozenset("¤\u25a1\u25a0")  # what some programs write where they do not know the character


class Char(NamedTuple):
    """A character: its origin in the space of its object, its width in em, and its glyph where the file tells.

    shown: the character that its font shows instead of it; "" where that is the same, or cannot be known.
    """

    char: str
    x: float
    y: float
    width: float
    glyph: int | None
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """A text object on its page. matrix: from its space (y downwards) to points (y upwards). size: of an em.

    stretch: width of the characters (HScale). turn: degrees clockwise by which each is turned. aside: of a watermark
    or stamp. index: of its first character in the content of the page.
    """

    matrix: Matrix
    size: float
    stretch: float
    turn: float
    font: Font
    colour: Colour
    alpha: int
    hidden: bool
    aside: bool
    index: int
    chars: tuple[Char, ...]


def characters(element: Any, font: Font, size: float, stretch: float, most: int) -> tuple[Char, ...]:
    """The characters of a text object, blanks included, at most so many."""
    glyphs = _glyphs(element, most)
    turn = radians(number(element.get("CharDirection"), 0.0))
    down = number(element.get("ReadDirection"), 0.0) % 180 == 90
    found: list[Char] = []
    x = y = 0.0
    for code in named(element, "TextCode"):
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        text = code.text or ""
        text = (text.strip() if "\n" in text else text)[: most - len(found)]
        if not text and not found:
            text = _LOST * min(len(glyphs), most)  # nothing but glyphs
        across, below = deltas(code.get("DeltaX"), len(text)), deltas(code.get("DeltaY"), len(text))
        at_x, at_y = x, y
        for place, char in enumerate(text):
            glyph, shown = glyphs.get(len(found)), ""
            if glyph is not None and _unknown(char):
                char = font.characters.get(glyph, _LOST)
            elif glyph is not None and not char.isspace():
                shown = font.other(char, glyph)
            width = font.width(char, glyph)
            dx = across[place] if place < len(across) else 0.0
            dy = below[place] if place < len(below) else 0.0
            if place >= len(across) and place >= len(below):  # the file does not tell: one behind another
                dx, dy = (0.0, size) if down else (width * size * stretch, 0.0)
            found.append(Char(char, at_x, at_y, _fitted(char, width, dx, dy, turn, size * stretch), glyph, shown))
            at_x, at_y = at_x + dx, at_y + dy
    return tuple(found)


def _fitted(char: str, width: float, dx: float, dy: float, turn: float, em: float) -> float:
    """The width of a character whose next one is so far away: up to there, if that is near what is usual."""
    step = (dx * cos(turn) + dy * sin(turn)) / em if em else 0.0
    most = width + _SLACK if char.isascii() else _WHOLE
    if _LEAST < step <= most:
        return step
    return width


def _glyphs(element: Any, most: int) -> dict[int, int]:
    """Number of a character in the object → its glyph."""
    found: dict[int, int] = {}
    for transform in named(element, "CGTransform"):
        first = int(number(transform.get("CodePosition"), 0.0))
        count = int(number(transform.get("CodeCount"), 0.0))
        inner = child(transform, "Glyphs")
        words = re.finditer(r"\d{1,6}", (inner.text or "") if inner is not None else "")
        for place, word in enumerate(islice(words, count if 0 < count < most else most)):
            found[first + place] = int(word[0])
    return found


def _unknown(char: str) -> bool:
    return char in _STAND_INS or char == _LOST or unicodedata.category(char) in ("Co", "Cn", "Cc")
