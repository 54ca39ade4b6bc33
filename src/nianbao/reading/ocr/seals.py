"""Seals that a grey scan shows as round grey marks over the text: found by their ring, taken away by their brightness.

A seal is lighter than the print that it covers; its ring stands alone, unlike the strokes of text. Red seals of colour
scans go by their colour (``straight``). What was printed under a seal stays in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot

import cv2
import numpy as np
import numpy.typing as npt

from nianbao.reading.ocr.models import Grey

_INK = 215  # brightness of ink at most; paper is 255
_DARK = 60  # print under a seal is darker than this, a seal itself is not
_RADII = range(30, 74, 2)  # points: seals are 38 to 50 mm wide
_WHOLE = 0.7  # share of a ring that must be drawn …
_ALONE = 0.4  # … and by how much that exceeds what is drawn within it
_LEAST = 0.01  # share of grey points on a page below which there is no seal
_MOST = 12
_FLAT = 3.5  # points by which a part of a ring may leave it
_VALLEY = 0.7  # share of the seal's hill of brightness that the valley before it reaches at most
_RIM = 4.0  # points by which a mark may reach over its ring


@dataclass(frozen=True, slots=True)
class Seal:
    """A round mark: its middle and radius in pixels."""

    x: float
    y: float
    radius: float

    def covers(self, x: float, y: float, margin: float = 0.0) -> bool:
        """Whether a point lies within it, or no further than a margin from it."""
        return hypot(x - self.x, y - self.y) <= self.radius + margin

    def draws(self, ends: tuple[float, float, float, float], scale: float) -> bool:
        """Whether a stroke (x0, y0, x1, y1) is a flat part of its ring, not a rule. scale: pixels a point."""
        x0, y0, x1, y1 = ends
        spots = [(x0 + (x1 - x0) * part / 4, y0 + (y1 - y0) * part / 4) for part in range(5)]
        ring = self.radius - _RIM * scale
        return all(abs(hypot(x - self.x, y - self.y) - ring) < _FLAT * scale for x, y in spots)


def seals(white: Grey, scale: float) -> list[Seal]:
    """The seals in a whitened picture. scale: pixels a point."""
    around = _darkest(white)
    grey = ((white < _INK) & (around > _DARK)).astype(np.uint8) * 255
    small = cv2.resize(grey, None, fx=1 / scale, fy=1 / scale, interpolation=cv2.INTER_AREA)
    marks = cv2.dilate((small > 50).astype(np.uint8), np.ones((3, 3), np.uint8)).astype(np.float32)
    if marks.mean() < _LEAST:
        return []
    found: list[tuple[float, int, int, int]] = []
    for radius in _RADII:
        drawn = cv2.filter2D(marks, -1, _ring(radius), borderType=cv2.BORDER_CONSTANT)
        size = 2 * radius - 9
        within = cv2.blur(marks, (size, size), borderType=cv2.BORDER_CONSTANT)
        drawn[drawn - within < _ALONE] = 0
        for y, x in np.argwhere(drawn >= _WHOLE):
            found.append((float(drawn[y, x]), radius, int(x), int(y)))
    chosen: list[Seal] = []
    for _, radius, x, y in sorted(found, reverse=True):
        if all((x - one.x) ** 2 + (y - one.y) ** 2 > 15**2 for one in chosen) and len(chosen) < _MOST:
            chosen.append(Seal(x, y, radius + _RIM))
    placed = [Seal((one.x + 0.5) * scale, (one.y + 0.5) * scale, one.radius * scale) for one in chosen]
    return placed if _border(around[_within(placed, white.shape) & (white < _INK)]) else []


def unsealed(white: Grey, found: Sequence[Seal]) -> Grey:
    """The picture without the grey points of its seals; what is as dark as print stays, with its edges."""
    if not found:
        return white
    around, inside = _darkest(white), _within(found, white.shape)
    border = _border(around[inside & (white < _INK)])
    clean = white.copy()
    if border:
        clean[inside & (around > border)] = 255
    return clean


def _border(levels: Grey) -> int:
    """The brightness between print and the seal over it; 0 where ink has not these two hills (then it is worn print).

    levels: of the darkest neighbour of each point of ink.
    """
    counts = np.bincount(levels // 10, minlength=26)
    top = 6 + int(counts[6:18].argmax())
    valley = 2 + int(counts[2:top].argmin())
    return 10 * valley + 5 if valley > 2 and counts[valley] < _VALLEY * counts[top] else 0


def _darkest(white: Grey) -> Grey:
    """For each point the brightness of its darkest neighbour: an edge of print has print beside it."""
    return np.asarray(cv2.erode(white, np.ones((3, 3), np.uint8)), np.uint8)


def _within(found: Sequence[Seal], shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Where seals lie."""
    rows, columns = np.ogrid[0 : shape[0], 0 : shape[1]]
    inside = np.zeros(shape, np.bool_)
    for seal in found:
        inside |= (columns - seal.x) ** 2 + (rows - seal.y) ** 2 <= seal.radius**2
    return inside


def _ring(radius: int) -> npt.NDArray[np.float32]:
    reach = radius + 2
    y, x = np.mgrid[-reach : reach + 1, -reach : reach + 1]
    ring = (np.abs(np.hypot(x, y) - radius) < 0.75).astype(np.float32)
    return np.asarray(ring / ring.sum(), np.float32)
