"""Numbers of OFD: boxes, matrices, lists with repeats. What is no number, or beyond all pages, is none."""

from __future__ import annotations

import re
from itertools import islice
from math import isnan

from nianbao.reading.pdf.rules import Matrix

Box = tuple[float, float, float, float]
"""x, y, width, height in mm, y downwards from the upper left corner."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
NUMBER = r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_NUMBER = re.compile(NUMBER)
_DELTA = re.compile(rf"[gG]|{NUMBER}")
_MOST = 1e7


def number(text: str | None, default: float) -> float:
    """The first number of a text, below ten million."""
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        found = _NUMBER.search(text[:100])
        value = float(found[0]) if found else default
    return value if abs(value) < _MOST else default  # NaN is not below anything


def numbers(text: str | None, count: int) -> tuple[float, ...] | None:
    """Exactly so many numbers, or None."""
    words = (text or "")[: 40 * count].replace(",", " ").split()
    try:
        found = tuple(map(float, words[:count]))
    except ValueError:
        return None
    return found if len(found) == count and max(map(abs, found)) < _MOST and not any(map(isnan, found)) else None


def box(text: str | None) -> Box | None:
    """A box with an inside."""
    found = numbers(text, 4)
    return (found[0], found[1], found[2], found[3]) if found and found[2] > 0 and found[3] > 0 else None


def matrix(text: str | None) -> Matrix | None:
    """A transformation matrix."""
    found = numbers(text, 6)
    return (found[0], found[1], found[2], found[3], found[4], found[5]) if found else None


def deltas(text: str | None, count: int) -> list[float]:
    """At most so many offsets of a list in which ``g n v`` stands for n times v."""
    found: list[float] = []
    words = (match[0] for match in _DELTA.finditer(text or ""))
    for word in words:
        if len(found) >= count:
            break
        if word not in "gG":
            found.append(number(word, 0.0))
        elif len(repeat := list(islice(words, 2))) == 2:
            times = int(min(max(0.0, float(repeat[0])), count - len(found)))
            found += [number(repeat[1], 0.0)] * times
    return found
