"""Ruling lines in a picture of a page, and the picture without them."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from nianbao.reading.layout import Box
from nianbao.reading.ocr.models import Grey
from nianbao.reading.ocr.seals import Seal
from nianbao.reading.ruling import Rule, Ruled, Rules, tables

_DARK = 0.72  # share of the paper's brightness below which a point is ink
_LEAST = 16.0  # points of a rule; strokes of titles are shorter …
_CORE = 11.0  # … and this much of it must be unbroken
_THICK = 4.5  # points
_GAP = 4.0  # points that may be missing in a rule
_NEAR = 4.0  # points between rules that should meet
_TABLE = 80.0  # points of a table's longer side


def ruled(picture: Grey, scale: float, seals: Sequence[Seal] = ()) -> tuple[list[Ruled], npt.NDArray[np.bool_]]:
    """(the tables of an upright, whitened picture in points, where their rules are).

    scale: pixels a point. A stroke that meets no other is no rule (a dash, an underline), nor is one of a large letter,
    nor a part of the ring of one of the ``seals``.
    """
    ink = (picture < 255 * _DARK).astype(np.uint8)
    across, labels_across = _long(ink, scale)
    down, labels_down = _long(np.ascontiguousarray(ink.T), scale)
    across = {
        n: rule for n, rule in across.items() if not _of_ring((rule.start, rule.at, rule.end, rule.at), seals, scale)
    }
    down = {n: rule for n, rule in down.items() if not _of_ring((rule.at, rule.start, rule.at, rule.end), seals, scale)}
    across = {n: rule for n, rule in across.items() if any(_meet(rule, other) for other in down.values())}
    down = {n: rule for n, rule in down.items() if any(_meet(other, rule) for other in across.values())}
    found = tables(Rules(list(across.values()), list(down.values())), near=_NEAR)
    found = [table for table in found if max(table.box[2] - table.box[0], table.box[3] - table.box[1]) > _TABLE]
    held_across = [n for n, rule in across.items() if any(_within(rule, table.box) for table in found)]
    held_down = [n for n, rule in down.items() if any(_within(rule, _flipped(table.box)) for table in found)]
    mask = np.isin(labels_across, held_across) | np.isin(labels_down, held_down).T
    return found, np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, np.bool_)


def _of_ring(ends: Box, seals: Sequence[Seal], scale: float) -> bool:
    """Whether a stroke, in points, is drawn by a seal."""
    x0, y0, x1, y1 = ends
    return any(seal.draws((x0 * scale, y0 * scale, x1 * scale, y1 * scale), scale) for seal in seals)


def _within(rule: Rule, box: Box) -> bool:
    return (
        box[1] - _NEAR <= rule.at <= box[3] + _NEAR and box[0] - _NEAR <= (rule.start + rule.end) / 2 <= box[2] + _NEAR
    )


def _flipped(box: Box) -> Box:
    return box[1], box[0], box[3], box[2]


def _meet(across: Rule, down: Rule) -> bool:
    return across.start - _GAP <= down.at <= across.end + _GAP and down.start - _GAP <= across.at <= down.end + _GAP


def _long(ink: Grey, scale: float) -> tuple[dict[int, Rule], npt.NDArray[np.int32]]:
    """(the long strokes across in a picture of ink, a picture of their numbers)."""
    core, gap = max(3, round(_CORE * scale)), max(3, round(_GAP * scale))
    # A rule that leans a little steps from row to row: a run of ink may use the row above or below.
    thick = cv2.dilate(ink, np.ones((3, 1), np.uint8))
    long = cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones((1, core), np.uint8))
    joined = cv2.morphologyEx(long, cv2.MORPH_CLOSE, np.ones((1, gap), np.uint8))
    count, labels, stats, middles = cv2.connectedComponentsWithStats(joined, connectivity=8)
    found: dict[int, Rule] = {}
    for number in range(1, count):
        x, _, w, h, area = (int(value) for value in stats[number])
        if w > _LEAST * scale and area < w * (_THICK * scale + 2) and h < max(_THICK * scale + 2, 0.03 * w):
            found[number] = Rule(float(middles[number][1]) / scale, x / scale, (x + w) / scale)
    return found, np.asarray(labels, np.int32)
