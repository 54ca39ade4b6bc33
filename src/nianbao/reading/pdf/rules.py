"""A PDF page → its ruling lines: strokes and thin fills along an axis, on the page as shown."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pypdfium2.raw as pdfium

from nianbao.reading.layout import Box
from nianbao.reading.pdf.glyphs import FAR, SATURATED, Colour, Shown
from nianbao.reading.ruling import Rule, Rules

_DEPTH = 4  # forms within forms
_STRAIGHT = 1.0  # points that a segment may leave its axis
_LONG = 5.0  # shorter segments are parts of drawings
_THICK = 4.0  # a fill thicker than this is a background
_WHITE, _CLEAR = 250, 25  # channels above, alpha below: not seen
_DARK = 330  # sum of the channels of a background that light print stands on
_SEAL = 25.0, 250.0  # points of its sides
_SCAN = 0.5  # share of a page
_DOT = 4.0  # points of its sides
_DASH = 8.0  # points of its length
_APART = 6.0  # points between two dots of a rule
MOST = 20_000  # segments looked at on a page

Matrix = tuple[float, float, float, float, float, float]
Segment = tuple[tuple[float, float], tuple[float, float]]


@dataclass(slots=True)
class Drawn:
    """What is drawn on a page besides its characters: rules, the shares of the page that images cover, and the boxes
    of coloured drawings of the size of a seal; dark backgrounds; dots, before they are made rules; covers, what is
    drawn after text and may hide it; the addresses of the text objects inside forms.
    """

    rules: Rules = field(default_factory=lambda: Rules([], []))
    images: list[float] = field(default_factory=list)
    seals: list[tuple[Box, Colour]] = field(default_factory=list)
    dark: list[Box] = field(default_factory=list)
    dots: list[tuple[float, float]] = field(default_factory=list)
    segments: int = 0
    covers: list[Box] = field(default_factory=list)
    inner: set[int] = field(default_factory=set)
    texts: int = 0


def drawn(page: pdfium.FPDF_PAGE, place: Shown) -> Drawn:
    """The rules and images of a page."""
    result = Drawn()
    count = pdfium.FPDFPage_CountObjects(page)
    items = (pdfium.FPDFPage_GetObject(page, number) for number in range(count))
    _look(items, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), place, result, _DEPTH)
    add_dotted(result)
    return result


def add_dotted(result: Drawn) -> None:
    """Adds the rules that the dots of a page make."""
    result.rules.across.extend(_dotted((y, x) for x, y in result.dots))
    result.rules.down.extend(_dotted(result.dots))


def _dotted(dots: Iterable[tuple[float, float]]) -> list[Rule]:
    """The rules that dots (place across the rule, place along it) make."""
    rows: dict[int, list[tuple[float, float]]] = {}
    for at, along in dots:
        rows.setdefault(round(at), []).append((along, at))
    found = []
    for row in rows.values():
        row.sort()
        first = 0
        for number in range(1, len(row) + 1):
            if number == len(row) or row[number][0] - row[number - 1][0] > _APART:
                if number - first > 4 and row[number - 1][0] - row[first][0] > 2 * _LONG:
                    found.append(Rule(row[first][1], row[first][0], row[number - 1][0]))
                first = number
    return found


def _look(items: Iterator[pdfium.FPDF_PAGEOBJECT], outer: Matrix, place: Shown, result: Drawn, depth: int) -> None:
    for item in items:
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            result.texts += 1
            if depth < _DEPTH:
                result.inner.add(ctypes.cast(item, ctypes.c_void_p).value or 0)
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            if result.segments < MOST:
                _path(item, within(_matrix(item), outer), place, result)
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = _bounds(item, within(_matrix(item), outer), place)
            wide, high = box[2] - box[0], box[3] - box[1]
            if min(wide, high) <= _THICK:  # some draw rules with an image of one point
                add_thin(result.rules, box)
                continue
            width, height = place.size
            a, b, c, d, _, _ = within(_matrix(item), outer)
            result.images.append(abs(a * d - b * c) / max(1.0, width * height))
            if result.texts and result.images[-1] > _SCAN:  # smaller ones are seals, whose ground is not meant to hide
                result.covers.append(box)
        elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth:
            count = pdfium.FPDFFormObj_CountObjects(item)
            inner = (pdfium.FPDFFormObj_GetObject(item, number) for number in range(count))
            _look(inner, within(_matrix(item), outer), place, result, depth - 1)


def _matrix(item: pdfium.FPDF_PAGEOBJECT) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFPageObj_GetMatrix(item, matrix)
    return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f


def within(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u


def _path(item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, place: Shown, result: Drawn) -> None:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    colour = _colour(item, bool(stroke.value))
    if fill.value or stroke.value:
        box, points = _bounds(item, matrix, place), _points(item, matrix, place, result)
        if fill.value and result.texts and min(box[2] - box[0], box[3] - box[1]) > _THICK:
            result.covers.append(box)
        add_path(result, points, box, colour, stroked=bool(stroke.value))


def add_path(
    result: Drawn, segments: Iterable[Segment], box: Box, colour: tuple[int, int, int, int], *, stroked: bool
) -> None:
    """Adds a drawing by its straight segments, its box and its colour with alpha, on the page as shown."""
    if min(colour[:3]) > _WHITE or colour[3] < _CLEAR or not max(map(abs, box)) < FAR:
        return  # nobody sees it
    sides = box[2] - box[0], box[3] - box[1]
    if max(sides) < _DOT:
        result.dots.append(((box[0] + box[2]) / 2, (box[1] + box[3]) / 2))
        return
    if max(sides) < _DASH and min(sides) < _DASH / 4:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        result.dots += [(box[0], y), (box[2], y)] if sides[0] > sides[1] else [(x, box[1]), (x, box[3])]
    if max(colour[:3]) - min(colour[:3]) > SATURATED and _SEAL[0] < min(sides) and max(sides) < _SEAL[1]:
        result.seals.append((box, colour[:3]))
    points = list(segments)
    if stroked:
        for start, end in points:
            _add(result.rules, *start, *end)
        return
    if min(sides) > _THICK and sum(colour[:3]) < _DARK:
        result.dark.append(box)
    # A thin fill is one rule along its middle; a thick one is a background.
    spots = [spot for pair in points for spot in pair]
    if not spots:
        return
    x0, x1 = min(x for x, _ in spots), max(x for x, _ in spots)
    y0, y1 = min(y for _, y in spots), max(y for _, y in spots)
    if min(x1 - x0, y1 - y0) <= _THICK:
        add_thin(result.rules, (x0, y0, x1, y1))
    elif len(points) > 6:
        for start, end in points:  # several strokes drawn as one outline
            _add(result.rules, *start, *end)


def add_thin(rules: Rules, box: Box) -> None:
    """Adds a thin drawing as one rule along its middle."""
    x0, y0, x1, y1 = box
    if y1 - y0 <= _THICK:
        _add(rules, x0, (y0 + y1) / 2, x1, (y0 + y1) / 2)
    else:
        _add(rules, (x0 + x1) / 2, y0, (x0 + x1) / 2, y1)


def _colour(item: pdfium.FPDF_PAGEOBJECT, stroked: bool) -> tuple[int, int, int, int]:
    """Red, green, blue and alpha of a path; black where it has no plain colour."""
    parts = [ctypes.c_uint() for _ in range(4)]
    get = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
    if not get(item, *parts):
        return 0, 0, 0, 255
    return parts[0].value, parts[1].value, parts[2].value, parts[3].value


def _bounds(item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, place: Shown) -> Box:
    """The box of a drawing on the page as shown."""
    edges = [ctypes.c_float() for _ in range(4)]
    pdfium.FPDFPageObj_GetBounds(item, *edges)
    inner = _matrix(item)
    left, bottom, right, top = (edge.value for edge in edges)
    # The bounds have the object's own matrix in them, but not those of the forms around it.
    a, b, c, d, e, f = within(_inverse(inner), matrix)
    corners = [place.point(a * x + c * y + e, b * x + d * y + f) for x in (left, right) for y in (bottom, top)]
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    return min(xs), min(ys), max(xs), max(ys)


def _inverse(matrix: Matrix) -> Matrix:
    a, b, c, d, e, f = matrix
    size = a * d - b * c or 1.0
    return d / size, -b / size, -c / size, a / size, (c * f - d * e) / size, (b * e - a * f) / size


def _points(
    item: pdfium.FPDF_PAGEOBJECT, matrix: Matrix, place: Shown, result: Drawn
) -> Iterator[tuple[tuple[float, float], tuple[float, float]]]:
    """The straight segments of a path."""
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    opening = last = (0.0, 0.0)
    for number in range(min(pdfium.FPDFPath_CountSegments(item), MOST)):
        segment = pdfium.FPDFPath_GetPathSegment(item, number)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        spot = place.point(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        result.segments += 1
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            opening = spot
        elif kind == pdfium.FPDF_SEGMENT_LINETO:
            yield last, spot
        if pdfium.FPDFPathSegment_GetClose(segment) and spot != opening:
            yield spot, opening
        last = spot


def _add(rules: Rules, x0: float, y0: float, x1: float, y1: float) -> None:
    """Adds a segment if it is long and runs along an axis."""
    if not max(abs(x0), abs(y0), abs(x1), abs(y1)) < FAR:
        return
    if abs(y1 - y0) <= _STRAIGHT and abs(x1 - x0) > _LONG:
        rules.across.append(Rule((y0 + y1) / 2, min(x0, x1), max(x0, x1)))
    elif abs(x1 - x0) <= _STRAIGHT and abs(y1 - y0) > _LONG:
        rules.down.append(Rule((x0 + x1) / 2, min(y0, y1), max(y0, y1)))
