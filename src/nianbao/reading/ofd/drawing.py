"""Path objects of OFD: AbbreviatedData → steps of a drawing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianbao.reading.ofd.numbers import NUMBER, number
from nianbao.reading.pdf.glyphs import Colour
from nianbao.reading.pdf.rules import MOST, Matrix, Segment

_WORD = re.compile(rf"[A-Za-z]|{NUMBER}")
_NUMBERS = {"M": 2, "S": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}

DOT = 25.4 / 300  # mm of a dot of 300 dpi
_SLACK = 0.6  # mm

Step = tuple[str, tuple[float, ...]]
"""M (or S) and L with a point, Q with two, B with three, A with radii, angle, two flags and a point, C (close)."""
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A path object on its page. matrix: from its space to points (y upwards). width: of its line, in its space."""

    matrix: Matrix
    steps: tuple[Step, ...]
    stroke: Colour | None
    fill: Colour | None
    alpha: int
    width: float
    even_odd: bool
    aside: bool


@dataclass(frozen=True, slots=True)
class Image:
    """An image object on its page. matrix: from the unit square, y downwards, to points. alpha: 0 to 255."""

    matrix: Matrix
    path: str
    alpha: int
    aside: bool
    index: int  # characters drawn before it


def in_dots(path: tuple[Step, ...], own: Matrix, bounds: Sequence[float]) -> bool:
    """Whether a path is written as early Foxit programs did: in dots of 300 dpi on the page, whatever its matrix says.

    Then its matrix takes it, or a part of it, out of its own box (x, y, width, height), and the dots lie in it.
    """
    a, b, c, d, e, f = own
    spots = list(points(path))
    _, _, width, height = bounds
    if not spots or all(
        -_SLACK <= a * x + c * y + e <= width + _SLACK and -_SLACK <= b * x + d * y + f <= height + _SLACK
        for x, y in spots
    ):
        return False
    left, top = bounds[0] - _SLACK, bounds[1] - _SLACK
    return all(
        left <= x * DOT <= left + width + 2 * _SLACK and top <= y * DOT <= top + height + 2 * _SLACK for x, y in spots
    )


def steps(data: str | None, most: int = MOST) -> tuple[Step, ...]:
    """The steps of a path, at most so many; what follows a word that is none is left out."""
    return tuple(_steps(data or "", most))


def _steps(data: str, most: int) -> Iterator[Step]:
    words = (match[0] for match in _WORD.finditer(data))
    count, kind, held = 0, "", list[float]()
    for word in words:
        if word[0].isalpha():
            kind, held = word.upper(), []
            if kind not in _NUMBERS:
                return
        else:
            held.append(number(word, 0.0))
        if kind and len(held) == _NUMBERS[kind]:
            yield kind, tuple(held)
            kind, held = ("L" if kind in "MS" else kind) if kind != "C" else "", []
            count += 1
            if count >= most:
                return


def segments(path: tuple[Step, ...]) -> Iterator[Segment]:
    """The straight parts of a path."""
    opening = last = (0.0, 0.0)
    for kind, held in path:
        if kind in "MS":
            opening = last = (held[0], held[1])
        elif kind == "C":
            if last != opening:
                yield last, opening
            last = opening
        else:
            point = held[-2], held[-1]
            if kind == "L":
                yield last, point
            last = point


def points(path: tuple[Step, ...]) -> Iterator[Point]:
    """The points that a path touches or is drawn to by."""
    for kind, held in path:
        pairs = held[-2:] if kind == "A" else held
        yield from zip(pairs[::2], pairs[1::2], strict=True)
