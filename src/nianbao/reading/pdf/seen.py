"""Characters that nobody sees on a page: of a layer that is off, under a sheet, outside their clip path.

The content says much that a page does not show. Where there is a sign of it, the page is drawn with and without the
text in question: a character that makes no difference is not seen.
"""

from __future__ import annotations

import ctypes
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import pypdfium2.raw as pdfium

from nianbao.reading.layout import Box
from nianbao.reading.limits import DEFAULT
from nianbao.reading.pdf.glyphs import Drawing, Glyph, Shown
from nianbao.reading.pdf.render import Pixels, draw

_DPI = 144
_LARGEST = 8_000_000  # points of a picture
_DIFFERENT = 10  # of 255
_MOST = 6000  # characters; on pages with more all count as seen
_GROUPS = 8
_OVER = 0.3  # em of two characters that lie over one another
_OC = "OC\0".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Signs:
    """Why characters of a page may be unseen: covers, the boxes of what is drawn after text and may hide it; inner,
    the addresses of the text objects inside forms, which may belong to a layer."""

    covers: Sequence[Box]
    inner: Collection[int]


def unseen(page: pdfium.FPDF_PAGE, place: Shown, characters: Sequence[Drawing], signs: Signs) -> set[int]:
    """The indexes of the characters that nobody sees."""
    if not 0 < len(characters) <= _MOST:
        return set()
    # A watermark or a seal lies over the text and hides nothing.
    over = _over([d for d in characters if not (d.look.slanted or d.look.light or d.look.saturated)])
    items = {drawing.key: drawing.item for drawing in characters if drawing.item}
    asked = {key for key, item in items.items() if key in signs.inner or _layered(item) or _clipped(item)}
    asked |= {drawing.key for pair in over for drawing in pair}
    asked |= {d.key for d in characters if any(_inside(d.glyph, box) for box in signs.covers)}
    asked &= set(items)
    if not asked:
        return set()
    shown = _draw(page, place)
    if shown is None:
        return set()
    pixels, scale = shown
    seen: dict[int, bool] = {}
    for group in _apart(asked, _over(characters, touching=True)):
        with _without(items[key] for key in group):
            changed = _draw(page, place)
        if changed is None:
            return set()
        differs = np.abs(pixels.astype(np.int16) - changed[0]) > _DIFFERENT
        for drawing in characters:
            if drawing.key in group:
                seen[drawing.glyph.index] = bool(differs[_area(drawing.glyph, scale, differs.shape)].any())
    gone = {d.glyph.index for group in _runs([d for d in characters if d.key in asked], seen) for d in group}
    return gone - _undrawn([d for d in characters if d.key in asked], seen)


def _apart(asked: Collection[int], over: Iterable[tuple[Drawing, Drawing]]) -> list[set[int]]:
    """Objects in groups such that those that lie over one another are taken away at different times."""
    near: dict[int, set[int]] = {}
    for one, other in over:
        near.setdefault(one.key, set()).add(other.key)
        near.setdefault(other.key, set()).add(one.key)
    groups: list[set[int]] = []
    for key in asked:
        free = next((group for group in groups if not group & near.get(key, set())), None)
        if free is None and len(groups) < _GROUPS:
            free = set()
            groups.append(free)
        (groups[-1] if free is None else free).add(key)
    return groups


def _runs(asked: Sequence[Drawing], seen: dict[int, bool]) -> Iterator[list[Drawing]]:
    """Unseen characters: two or more of an object that follow one another, or all of an object. A dot alone may only
    be too small."""
    objects: dict[int, list[Drawing]] = {}
    for drawing in asked:
        objects.setdefault(drawing.key, []).append(drawing)
    for group in objects.values():
        run: list[Drawing] = []
        for drawing in group:
            if not seen[drawing.glyph.index]:
                run.append(drawing)
                continue
            if len(run) > 1:
                yield run
            run = []
        if len(run) > 1 or len(run) == len(group):
            yield run


def _undrawn(asked: Sequence[Drawing], seen: dict[int, bool]) -> set[int]:
    """Characters of fonts that are not in the file, where none of them is drawn: this machine has no such font."""
    lent = [d for d in asked if not pdfium.FPDFFont_GetIsEmbedded(pdfium.FPDFTextObj_GetFont(d.item))]
    # A font of this machine draws Latin text without Chinese.
    lent = [d for d in lent if not d.glyph.char.isascii()]
    return set() if any(seen[d.glyph.index] for d in lent) else {d.glyph.index for d in lent}


def _over(characters: Sequence[Drawing], *, touching: bool = False) -> list[tuple[Drawing, Drawing]]:
    """Pairs of characters of two objects that lie over one another (touching: whose boxes do); not the two strikes of
    fake bold."""
    side = max(4.0, max((drawing.glyph.em for drawing in characters), default=0.0))
    squares: dict[tuple[int, int], list[Drawing]] = {}
    found = []
    for drawing in characters:
        glyph = drawing.glyph
        if glyph.turn:
            continue
        column, row = int(glyph.x // side), int(glyph.y // side)
        for i in (column - 1, column, column + 1):
            for j in (row - 1, row, row + 1):
                for other in squares.get((i, j), ()):
                    if other.key == drawing.key:
                        continue
                    apart = abs(glyph.x - other.glyph.x)
                    em = min(glyph.em, other.glyph.em)
                    shared = min(glyph.right, other.glyph.right) - max(glyph.x, other.glyph.x)
                    if other.glyph.char == glyph.char and apart < _OVER * em:
                        continue
                    high = abs(glyph.y - other.glyph.y)
                    if (
                        (high < em and shared > 0)
                        if touching
                        else (high < 0.6 * em and shared > _OVER * em > apart - 0.1)
                    ):
                        found.append((other, drawing))
        squares.setdefault((column, row), []).append(drawing)
    return found


def _layered(item: pdfium.FPDF_PAGEOBJECT) -> bool:
    """Whether a text object belongs to an optional layer."""
    length, name = ctypes.c_ulong(), (pdfium.FPDF_WCHAR * 3)()
    for number in range(pdfium.FPDFPageObj_CountMarks(item)):
        mark = pdfium.FPDFPageObj_GetMark(item, number)
        if pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length) and bytes(name) == _OC:
            return True
    return False


def _clipped(item: pdfium.FPDF_PAGEOBJECT) -> bool:
    """Whether a clip path leaves out a part of a text object's box."""
    path = pdfium.FPDFPageObj_GetClipPath(item)
    count = pdfium.FPDFClipPath_CountPaths(path)
    if count <= 0:
        return False
    edges = [ctypes.c_float() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetBounds(item, *edges):
        return False
    left, bottom, right, top = (edge.value for edge in edges)
    x, y = ctypes.c_float(), ctypes.c_float()
    for number in range(count):
        xs, ys = [], []
        for step in range(min(pdfium.FPDFClipPath_CountPathSegments(path, number), 8)):
            pdfium.FPDFPathSegment_GetPoint(pdfium.FPDFClipPath_GetPathSegment(path, number, step), x, y)
            xs.append(x.value)
            ys.append(y.value)
        if xs and (min(xs) > (left + right) / 2 or max(xs) < (left + right) / 2):
            return True
        if ys and (min(ys) > (bottom + top) / 2 or max(ys) < (bottom + top) / 2):
            return True
    return False


def _inside(glyph: Glyph, box: Box) -> bool:
    return box[0] < (glyph.x + glyph.right) / 2 < box[2] and box[1] < glyph.y - 0.3 * glyph.em < box[3]


def _area(glyph: Glyph, scale: float, shape: tuple[int, ...]) -> tuple[slice, slice]:
    """The part of a picture where a character is."""
    if glyph.turn:
        x0, x1, y0, y1 = glyph.x - glyph.em, glyph.x + glyph.em, glyph.y - glyph.em, glyph.y + glyph.em
    else:
        x0, x1, y0, y1 = glyph.x, glyph.right, glyph.y - 0.85 * glyph.em, glyph.y + 0.12 * glyph.em
    rows = slice(max(0, int(y0 * scale)), max(0, min(shape[0], int(y1 * scale) + 1)))
    return rows, slice(max(0, int(x0 * scale)), max(0, min(shape[1], int(x1 * scale) + 1)))


@contextmanager
def _without(items: Iterable[pdfium.FPDF_PAGEOBJECT]) -> Iterator[None]:
    """The page without some of its objects."""
    off = [item for item in items if pdfium.FPDFPageObj_SetIsActive(item, False)]
    try:
        yield
    finally:
        for item in off:
            pdfium.FPDFPageObj_SetIsActive(item, True)


def _draw(page: pdfium.FPDF_PAGE, place: Shown) -> tuple[Pixels, float] | None:
    """The page in grey as ``place`` shows it, and the pixels a point; None where it is too large."""
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if not 0 < width <= DEFAULT.page_side or not 0 < height <= DEFAULT.page_side:
        return None
    scale = min(_DPI / 72, (_LARGEST / (width * height)) ** 0.5)
    turned = (pdfium.FPDFPage_GetRotation(page) - place.turns) % 4
    return np.rot90(draw(page, width, height, scale, True), turned), scale
