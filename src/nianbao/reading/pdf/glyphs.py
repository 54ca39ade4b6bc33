"""A PDF page → its characters with their places, and what is set aside as lying over the text."""

from __future__ import annotations

import ctypes
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2.raw as pdfium

from nianbao.reading.layout import Box
from nianbao.reading.radicals import RADICALS

_SLANT = 0.05  # sine of the angle from which on a glyph counts as turned
SATURATED = 90  # difference of colour channels: seals, coloured stamps
_LIGHT = 170  # all channels above: watermarks
_FAINT = 100  # alpha below: watermarks
_NEARLY = 0.75  # of its characters tell how a page lies
_SPREAD = 0.05  # points
_TINY = 0.5  # points: nobody can read it
FAR = 1e9  # points: damaged numbers, on no page however large
_BLANK = frozenset((9, 10, 13, 32, 160, 0x3000))
_HYPHEN = frozenset((0x02, 0xAD, 0xFFFE))  # what pdfium gives for a hyphen at the end of a line
_NO_CHAR = {0: "\ufffd", 0xFFFE: "\ufffd", 0xFFFF: "\ufffd"}
_ALIKE = 120  # sum of the differences of the channels of two shades of one ink
Colour = tuple[int, int, int]
INVISIBLE = pdfium.FPDF_TEXTRENDERMODE_INVISIBLE


@dataclass(frozen=True, slots=True)
class Glyph:
    """One character: origin (left end of its baseline), right end, and size in points, on the page as shown.

    index: its place in the content. turn: 0 upright, 1 turned by 90° to the left (it runs upwards), -1 to the right.
    score: how sure OCR is of it, 0 to 1; None for a character of the file.
    """

    char: str
    x: float
    y: float
    right: float
    em: float
    index: int
    turn: int = 0
    score: float | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """How user space lies on the page as shown: its box, and quarter turns clockwise (/Rotate)."""

    left: float
    bottom: float
    right: float
    top: float
    turns: int

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the page as shown, in points."""
        size = self.right - self.left, self.top - self.bottom
        return size if self.turns % 2 == 0 else (size[1], size[0])

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point from the upper left corner of the page as shown."""
        if self.turns == 0:
            return x - self.left, self.top - y
        if self.turns == 1:
            return y - self.bottom, x - self.left
        if self.turns == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def direction(self, dx: float, dy: float) -> tuple[float, float]:
        """A direction on the page as shown, y downwards."""
        return ((dx, -dy), (dy, dx), (-dx, dy), (-dy, -dx))[self.turns]


def shown(page: pdfium.FPDF_PAGE) -> Shown:
    """How a page is shown: the part of it within its boxes, and its rotation."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    return Shown(box.left, box.bottom, box.right, box.top, pdfium.FPDFPage_GetRotation(page) % 4)


@dataclass(slots=True)
class Glyphs:
    """The characters of a page: ``text`` in the order of the content, ``hidden`` (drawn invisibly, as behind a scan),
    ``overlay`` (watermark, seal). lean: quarter turns clockwise by which nearly all of its text is turned. unseen:
    how many are hidden by something else (a layer that is off, a sheet over them)."""

    text: list[Glyph]
    hidden: list[Glyph]
    overlay: list[Glyph]
    lean: int = 0
    unseen: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What the glyphs of one text object have in common. slanted: turned, or set aside by what the file says."""

    em: float
    across: float  # an em along the line: less in narrowed print
    turn: int
    quarter: int  # quarter turns clockwise of its direction; -1 on the slant
    slanted: bool
    colour: Colour
    alpha: int
    hidden: bool

    @property
    def light(self) -> bool:
        return self.alpha < _FAINT or min(self.colour) > _LIGHT

    @property
    def saturated(self) -> bool:
        return max(self.colour) - min(self.colour) > SATURATED


@dataclass(frozen=True, slots=True)
class Drawing:
    """A character, its look and the text object that draws it (key: its address)."""

    glyph: Glyph
    look: Look
    item: pdfium.FPDF_PAGEOBJECT
    key: int


def glyphs(
    page: pdfium.FPDF_PAGE,
    place: Shown,
    limit: int,
    seals: Sequence[tuple[Box, Colour]] = (),
    dark: Sequence[Box] = (),
    unseen: Callable[[Sequence[Drawing]], set[int]] | None = None,
) -> Glyphs:
    """The characters of a page, at most ``limit``. seals: coloured drawings; dark: backgrounds for light print.

    unseen: tells which characters (by their index) nobody sees, though they are drawn.
    """
    textpage = pdfium.FPDFText_LoadPage(page)
    if not textpage:
        return Glyphs([], [], [])
    try:
        found = list(_characters(textpage, place, limit))
    finally:
        pdfium.FPDFText_ClosePage(textpage)
    gone = unseen([drawing for drawing in found if not drawing.look.hidden]) if unseen else set()
    looks = [(d.glyph, replace(d.look, hidden=True) if d.glyph.index in gone else d.look) for d in found]
    return replace(parted(looks, seals, dark), unseen=len(gone))


def _characters(textpage: pdfium.FPDF_TEXTPAGE, place: Shown, limit: int) -> Iterator[Drawing]:
    """Each character with its look. Blanks are left out: they are read from gaps."""
    last: tuple[int | None, float, float, float] = (None, 0.0, 0.0, 0.0)
    box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
    upright = place.turns == 0
    known: dict[int | None, Look] = {}
    for index in range(min(pdfium.FPDFText_CountChars(textpage), limit)):
        code = pdfium.FPDFText_GetUnicode(textpage, index)
        if code in _BLANK:
            continue
        if code in _HYPHEN and pdfium.FPDFText_IsHyphen(textpage, index) == 1:
            code = 0x2D
        item = pdfium.FPDFText_GetTextObject(textpage, index)
        key = ctypes.cast(item, ctypes.c_void_p).value
        look = known.get(key)
        if look is None or key is None:
            look = known[key] = _look(textpage, index, item, place)
        if look.em < _TINY:
            continue
        pdfium.FPDFText_GetCharOrigin(textpage, index, x, y)
        pdfium.FPDFText_GetLooseCharBox(textpage, index, box)
        # Where /ActualText says what is drawn, its characters have the origin of the whole run, and boxes of their own.
        spread = last[:3] == (key, x.value, y.value) and abs(box.left - last[3]) > _SPREAD
        last = key, x.value, y.value, box.left
        if spread:
            left, base, right = _in_box(box, place, look, (x.value, y.value))
        elif upright:
            left, base, right = x.value - place.left, place.top - y.value, box.right - place.left
        else:
            left, base = place.point(x.value, y.value)
            right = max(place.point(box.left, box.bottom)[0], place.point(box.right, box.top)[0])
        if not (abs(left) < FAR and abs(base) < FAR and right < FAR):
            continue
        char = meaning(code)
        if not look.turn and "\u4e00" <= char <= "\u9fff":
            right = max(right, left + look.across)  # pdfium gives radicals the width of their ink
        for part in char:
            yield Drawing(Glyph(part, left, base, max(right, left), look.em, index, look.turn), look, item, key or 0)


def _in_box(box: pdfium.FS_RECTF, place: Shown, look: Look, origin: tuple[float, float]) -> tuple[float, float, float]:
    """Left end, baseline and right end of a character from its box, and from the origin of its run."""
    (x0, y0), (x1, y1) = place.point(box.left, box.bottom), place.point(box.right, box.top)
    left, base = place.point(*origin)
    if look.turn:
        return left, max(y0, y1) if look.turn > 0 else min(y0, y1), max(x0, x1)
    return min(x0, x1), base, max(x0, x1)


def _look(textpage: pdfium.FPDF_TEXTPAGE, index: int, item: pdfium.FPDF_PAGEOBJECT, place: Shown) -> Look:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(textpage, index, matrix)
    across, up = (matrix.a**2 + matrix.b**2) ** 0.5, (matrix.c**2 + matrix.d**2) ** 0.5
    size = pdfium.FPDFText_GetFontSize(textpage, index)
    em, wide = size * (up or across), size * (across or up)
    direction = place.direction(matrix.a / (across or 1), matrix.b / (across or 1))
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    mode = pdfium.FPDFTextObj_GetTextRenderMode(item) if item else pdfium.FPDF_TEXTRENDERMODE_FILL
    outlined = mode == pdfium.FPDF_TEXTRENDERMODE_STROKE
    get = pdfium.FPDFText_GetStrokeColor if outlined else pdfium.FPDFText_GetFillColor
    if not get(textpage, index, red, green, blue, alpha):
        return looking(em, wide, direction, (0, 0, 0), 255, False)
    hidden = mode == INVISIBLE
    return looking(em, wide, direction, (red.value, green.value, blue.value), alpha.value, hidden)


def looking(
    em: float,
    across: float,
    direction: tuple[float, float],
    colour: Colour,
    alpha: int,
    hidden: bool,
    *,
    aside: bool = False,
) -> Look:
    """The look of glyphs whose lines run in a direction (of length 1, y downwards). aside: the file calls it a mark."""
    dx, dy = direction
    turn = 0 if abs(dx) > 0.02 else (1 if dy < 0 else -1)
    slanted = aside or (not turn and (dx < 0 or abs(dy) > _SLANT))
    quarter = next((n for n, part in enumerate((dx, dy, -dx, -dy)) if part > 0.99), -1)
    return Look(em, across, turn, quarter, slanted, colour, alpha, hidden)


def meaning(code: int) -> str:
    """The character of a code: radicals become what they stand for, no characters U+FFFD."""
    return _NO_CHAR.get(code) or RADICALS.get(code) or (chr(code) if code < 0x110000 else "\ufffd")


def parted(found: Sequence[tuple[Glyph, Look]], seals: Sequence[tuple[Box, Colour]], dark: Sequence[Box]) -> Glyphs:
    """Sets aside what lies over the text.

    Slanted and light glyphs are a watermark or a seal. A saturated colour alone is not enough, for some write their
    values in blue: it is a seal if the same colour also has slanted glyphs, if it covers other glyphs, or lies in a
    coloured drawing.
    """
    result = Glyphs([], [], [])
    for quarter, count in Counter(look.quarter for _, look in found).items():
        if count > _NEARLY * len(found) and quarter > 0:
            result.lean = quarter
    coloured: dict[Colour, list[Glyph]] = {}
    turned = Counter(look.colour for _, look in found if look.slanted)
    for glyph, look in found:
        if look.hidden:
            result.hidden.append(glyph)
        elif look.slanted or (look.light and (look.alpha < _FAINT or not _within(glyph, dark))):
            result.overlay.append(glyph)
        elif look.saturated:
            coloured.setdefault(look.colour, []).append(glyph)
        else:
            result.text.append(glyph)
    if coloured:
        covers = _collision(result.text)
        for colour, group in coloured.items():
            seal = turned[colour] or any(map(covers, group))
            like = [box for box, other in seals if sum(abs(a - b) for a, b in zip(colour, other, strict=True)) < _ALIKE]
            for glyph in group:
                (result.overlay if seal or _within(glyph, like) else result.text).append(glyph)
        result.text.sort(key=lambda glyph: glyph.index)
    return result


def _within(glyph: Glyph, boxes: Sequence[Box]) -> bool:
    return any(box[0] < glyph.x < box[2] and box[1] < glyph.y < box[3] for box in boxes)


def _collision(text: Sequence[Glyph]) -> Callable[[Glyph], bool]:
    """A function that tells whether a glyph lies over one of ``text``."""
    places: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in text:
        places.setdefault((int(glyph.x // 20), int(glyph.y // 20)), []).append(glyph)

    def covers(glyph: Glyph) -> bool:
        column, row = int(glyph.x // 20), int(glyph.y // 20)
        for i in range(column - 2, column + 3):
            for j in range(row - 2, row + 3):
                for other in places.get((i, j), ()):
                    reach = 0.6 * min(glyph.em, other.em)
                    if abs(glyph.y - other.y) < reach and min(glyph.right, other.right) - max(glyph.x, other.x) > (
                        0.3 * reach
                    ):
                        return True
        return False

    return covers


def bounds(group: Sequence[Glyph]) -> Box:
    """The box around some glyphs, with what reaches below their baseline."""
    return (
        min(g.x for g in group),
        min(g.y - 0.88 * g.em for g in group),
        max(g.right for g in group),
        max(g.y + 0.12 * g.em for g in group),
    )


def turned_bounds(group: Sequence[Glyph]) -> Box:
    """The box around some turned glyphs, with room on each side."""
    return (
        min(g.x - 0.88 * g.em for g in group),
        min(g.y - g.em for g in group),
        max(g.x + 0.88 * g.em for g in group),
        max(g.y + g.em for g in group),
    )
