"""The picture of a page → ``Page``: upright, its ruling lines, its lines of text, and the characters of each.

The characters become glyphs with places, so that the cells and lines are those of the reader of PDFs.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

import cv2
import numpy as np

from nianbao.reading.layout import Line, Page
from nianbao.reading.ocr.forgotten import completed
from nianbao.reading.ocr.models import Char, Grey, Rectangle, find_lines, read_lines, upside_down
from nianbao.reading.ocr.rules import ruled
from nianbao.reading.ocr.seals import Seal, seals, unsealed
from nianbao.reading.ocr.straight import skew, turned_back, whitened
from nianbao.reading.pdf.glyphs import Glyph
from nianbao.reading.pdf.page import blocks
from nianbao.reading.pdf.render import Picture, Pixels
from nianbao.reading.ruling import Ruled

_FIND = 150 / 72  # pixels a point of the picture that lines are looked for in
_SURE = 0.5  # mean score below which a line is no text
_LONE = 0.8  # … and of one that only stray ink told of
_VOTES = 9  # lines that tell whether a page stands on its head
_TALL = 1.6  # height over width of a line that runs down
_SIGNS = "，。、；：！？（）《》“”‘’〈〉【】…—%％,.:;()"
# Online names end in a dot and 公益 or 政务: theirs is no speck.
_SPECK = re.compile(
    r"(?<=[\u4e00-\u9fff，。、；：！？）》”])(?:\.(?![0-9A-Za-z]|\s?(?:公益|政务))|·(?![\u4e00-\u9fff0-9A-Za-z]))"
)
_GROUPS = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_UNSURE = 0.85  # score at most of a sign that was not read as it stands here, or that a seal covers
_SPLIT = re.compile(r"(?<=\d) (?=[.,]\d)|(?<=\d[.,]) (?=\d)")
# Digits at full width, in Chinese characters: how far from others they stand at least (from a sign), and at most.
_APART, _APART_SIGN, _NEXT = 0.68, 0.45, 1.2
_MORE = 1.3  # times its growth: a line may end inside its last character
_FAR = 1e6
_FULL = str.maketrans({"(": "（", ")": "）", ",": "，", ":": "：", ";": "；", "?": "？", "!": "！"})


@dataclass(frozen=True, slots=True)
class _Words:
    """A line of text that was read: where it stands, in pixels, and its characters from its left end."""

    box: Rectangle
    chars: list[Char]
    down: bool = False  # its characters stand below one another

    @property
    def score(self) -> float:
        seen = [char.score for char in self.chars if char.char != " "]
        return sum(seen) / len(seen) if seen else 0.0

    @property
    def text(self) -> str:
        return "".join(char.char for char in self.chars)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A page made upright: its picture without rules, its tables, where its lines are, the grey seals on it."""

    picture: Grey
    grid: Sequence[Ruled]
    places: list[Rectangle]
    angle: float
    seals: list[Seal]


def read_picture(picture: Picture) -> Page:
    """Read the picture of a page. ``Page.skew`` tells how its places lie in the picture.

    ``Page.overlay`` holds what was found but could not be recognised.
    """
    pixels, scale, turns = picture.pixels, picture.scale, 0
    sheet = _sheet(pixels, scale)
    if _sideways(sheet.places):
        turns, pixels = 1, np.rot90(pixels).copy()
        sheet = _sheet(pixels, scale)
    wide = sorted(sheet.places, key=_area, reverse=True)[:_VOTES]
    if wide and upside_down([_crop(sheet.picture, box) for box in wide]):
        turns += 2
        sheet = _sheet(np.rot90(pixels, 2).copy(), scale)
    flat = [box[3] - box[1] for box in sheet.places if box[2] - box[0] > 2 * (box[3] - box[1])]
    longer, others = completed(sheet.picture, sheet.places, 0.65 * median(flat) if flat else 12 * scale)
    read = _read(sheet.picture, [part for box in longer for part in _parted(box, 0, sheet.grid, scale)])
    lone = _read(sheet.picture, [part for box in others for part in _parted(box, 0, sheet.grid, scale)])
    words = [found for found in read if found.score >= _SURE] + [found for found in lone if found.score >= _LONE]
    words = [_covered(found, sheet.seals) for found in words]
    lost = [found for found in read if found.score < _SURE] + [found for found in lone if found.score < _LONE]
    height, width = sheet.picture.shape
    return Page(
        number=picture.number,
        width=round(width / scale, 1),
        height=round(height / scale, 1),
        blocks=blocks(_glyphs(words, scale), sheet.grid, height / scale),
        overlay=tuple(_set_aside(found, scale) for found in lost),
        skew=round(sheet.angle + 90 * turns, 2),
    )


def _sheet(pixels: Pixels, scale: float) -> _Sheet:
    plain = whitened(pixels)
    angle = skew(plain)
    clean = turned_back(plain, angle).copy()
    found = seals(clean, scale) if pixels.ndim == 2 else []
    # A seal that is taken away takes the rules under it along.
    sealed = clean if pixels.ndim == 2 else turned_back(whitened(pixels, seals=True), angle)
    grid, lined = ruled(sealed, scale, found)
    clean[lined] = 255
    clean = unsealed(clean, found)
    small = cv2.resize(clean, None, fx=_FIND / scale, fy=_FIND / scale, interpolation=cv2.INTER_AREA)
    ratio = scale / _FIND
    places = [
        part
        for core, grow in find_lines(np.asarray(small, np.uint8))
        for part in _parted(tuple(edge * ratio for edge in core), grow * ratio, grid, scale)
    ]
    return _Sheet(clean, grid, _distinct(places), angle, found)


def _covered(words: _Words, over: Sequence[Seal]) -> _Words:
    """A line whose characters under a seal are in doubt."""
    x0, y0, x1, y1 = words.box
    beside = 0.4 * min(x1 - x0, y1 - y0)  # the neighbour of a sign that a seal has swallowed is in doubt too
    if not any(seal.covers(max(x0, min(seal.x, x1)), max(y0, min(seal.y, y1)), beside) for seal in over):
        return words
    spots = [((x0 + x1) / 2, y0 + c.x) if words.down else (x0 + c.x, (y0 + y1) / 2) for c in words.chars]
    unsure = [any(seal.covers(*spot, beside) for seal in over) for spot in spots]
    chars = [
        Char(c.char, c.x, min(c.score, _UNSURE) if low else c.score) for c, low in zip(words.chars, unsure, strict=True)
    ]
    return _Words(words.box, chars, words.down)


def _set_aside(words: _Words, scale: float) -> Line:
    x0, y0, x1, y1 = (round(edge / scale, 1) for edge in words.box)
    return Line(text=words.text, box=(x0, y0, x1, y1), origin="ocr", score=round(words.score, 3))


def _sideways(places: Sequence[Rectangle]) -> bool:
    """Whether a page lies on its side: most of the area of its lines is that of tall ones."""
    tall = sum(_area(box) for box in places if box[3] - box[1] > _TALL * (box[2] - box[0]))
    return len(places) > 4 and tall > 0.6 * sum(map(_area, places))


def _parted(core: Sequence[float], grow: float, grid: Sequence[Ruled], scale: float) -> list[Rectangle]:
    """A line of text in its full size, cut where the rules of a table cross it and kept within its cells."""
    x0, y0, x1, y1 = core
    middle, least = (y0 + y1) / 2 / scale, 0.5 * (y1 - y0)
    cuts = {x0, x1}
    for table in grid:
        for x in table.xs:
            if x0 + least < x * scale < x1 - least and table.field_at(x - 1, middle) != table.field_at(x + 1, middle):
                cuts.add(x * scale)
    ends = sorted(cuts)
    found: list[Rectangle] = []
    for left, right in zip(ends, ends[1:], strict=False):
        spot = (left + right) / 2 / scale
        cell = next((t.fields[n].box for t in grid if (n := t.field_at(spot, middle)) is not None), None)
        lowest = tuple(edge * scale for edge in cell) if cell else (0.0, 0.0, _FAR, _FAR)
        found.append(
            (
                round(max(left - _MORE * grow, lowest[0] + 1, 0)),
                round(max(y0 - grow, lowest[1] + 1, 0)),
                round(min(right + _MORE * grow, lowest[2] - 1)),
                round(min(y1 + grow, lowest[3] - 1)),
            )
        )
    return [box for box in found if box[2] - box[0] > 3 and box[3] - box[1] > 3]


def _distinct(boxes: Sequence[Rectangle]) -> list[Rectangle]:
    """Boxes without those that lie in a larger one."""
    kept: list[Rectangle] = []
    for box in sorted(boxes, key=_area, reverse=True):
        shared = (
            (max(box[0], other[0]), max(box[1], other[1]), min(box[2], other[2]), min(box[3], other[3]))
            for other in kept
        )
        if all(_area(part) < 0.6 * _area(box) for part in shared):
            kept.append(box)
    return sorted(kept, key=lambda box: (box[1], box[0]))


def _area(box: Rectangle) -> int:
    return max(0, box[2] - box[0]) * max(0, box[3] - box[1])


def _read(picture: Grey, places: Sequence[Rectangle]) -> list[_Words]:
    flat = [box for box in places if box[3] - box[1] < _TALL * (box[2] - box[0])]
    read = read_lines([_crop(picture, box) for box in flat])
    found = [_Words(box, _cleaned(chars)) for box, chars in zip(flat, read, strict=True)]
    for box in places:
        if box not in flat:
            found.append(_read_down(picture, box))
    return found


def _cleaned(chars: Sequence[Char]) -> list[Char]:
    """Characters without points that no number has (specks), and without blanks inside numbers.

    A full-width comma before a last group of three digits is one inside a number, but in doubt.
    """
    text = "".join(char.char for char in chars)
    groups = {match.start() for match in _GROUPS.finditer(text)}
    chars = [Char(",", c.x, min(c.score, _UNSURE)) if n in groups else c for n, c in enumerate(chars)]
    gone = {match.start() for match in _SPECK.finditer(text)} | {match.start() for match in _SPLIT.finditer(text)}
    return [char for n, char in enumerate(chars) if n not in gone]


def _crop(picture: Grey, box: Rectangle) -> Grey:
    return picture[box[1] : box[3], box[0] : box[2]]


def _read_down(picture: Grey, box: Rectangle) -> _Words:
    """A tall piece: characters below one another, or a line turned by 90°; what is read with the better score."""
    crop = _crop(picture, box)
    parts = _parts(crop)
    size = max([crop.shape[1], *(part.shape[0] for part in parts)])
    row = np.full((size, size * len(parts)), 255, np.uint8)
    for n, part in enumerate(parts):
        top, left = (size - part.shape[0]) // 2, (size - part.shape[1]) // 2
        row[top : top + part.shape[0], n * size + left : n * size + left + part.shape[1]] = part
    stood, left, right = read_lines([row, np.rot90(crop, -1), np.rot90(crop)])
    # Text that runs upwards is placed as if it ran down: only its order counts.
    share = crop.shape[0] / row.shape[1]
    tries = [_Words(box, [Char(c.char, c.x * share, c.score) for c in stood], down=True)]
    tries += [_Words(box, chars, down=True) for chars in (left, right)]
    return max(tries, key=lambda words: words.score)


def _parts(crop: Grey) -> list[Grey]:
    """The characters of a column, by the blank rows between them; a character's own gaps are narrower than it is."""
    ink = (crop < 160).sum(axis=1) > 0
    edges = np.flatnonzero(np.diff(np.concatenate([[0], ink.astype(np.int8), [0]])))
    width = crop.shape[1]
    found: list[list[int]] = []
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        if found and end - found[-1][0] <= 0.95 * width:
            found[-1][1] = int(end)
        else:
            found.append([int(start), int(end)])
    return [crop[a:b] for a, b in found] or [crop]


# ---------------------------------------------------------------- characters with their places


def _glyphs(words: Sequence[_Words], scale: float) -> list[Glyph]:
    """The characters of all lines, in points."""
    share = _em_share(words)
    found: list[Glyph] = []
    for line in sorted(words, key=lambda line: (line.box[1], line.box[0])):
        x0, y0, x1, y1 = line.box
        if line.down:
            text = _wide(line.text)
            em = 0.8 * (x1 - x0) / scale
            for char, letter in zip(line.chars, text, strict=True):
                x, y = (x0 + x1) / 2 / scale - em / 2, (y0 + char.x) / scale + 0.38 * em
                if letter.strip():
                    found.append(Glyph(letter, x, y, x + em, em, len(found), score=char.score))
            continue
        em = _em(line, share)
        line, wide = _full_width(line, em)
        text = _wide(line.text)
        edges = _edges(line, text, em, wide)
        base = ((y0 + y1) / 2 + 0.38 * em) / scale
        for (left, right), char, letter in zip(edges, line.chars, text, strict=True):
            if letter.strip():
                x = (x0 + left) / scale
                found.append(Glyph(letter, x, base, (x0 + right) / scale, em / scale, len(found), score=char.score))
    return found


def _advances(line: _Words) -> list[float]:
    """The distances of neighbouring Chinese characters."""
    return [b.x - a.x for a, b in zip(line.chars, line.chars[1:], strict=False) if _han(a.char) and _han(b.char)]


def _em_share(words: Sequence[_Words]) -> float:
    """The size of the characters as a share of the height of the boxes of their lines."""
    shares = [
        median(steps) / (line.box[3] - line.box[1])
        for line in words
        if not line.down and len(steps := _advances(line)) >= 5
    ]
    return median(shares) if shares else 0.65


def _em(line: _Words, share: float) -> float:
    steps, guess = _advances(line), share * (line.box[3] - line.box[1])
    return min(max(median(steps), 0.75 * guess), 1.3 * guess) if len(steps) >= 4 else guess


def _full_width(line: _Words, em: float) -> tuple[_Words, set[int]]:
    """A line with digits at full width (２０２４) joined, which are in doubt then, and where these stand.

    They are the width of a Chinese character from one another, and nothing stands closer to them.
    """
    inked = [n for n, char in enumerate(line.chars) if char.char != " "]
    shown = [line.chars[n] for n in inked]
    steps = [b.x - a.x for a, b in pairwise(shown)]
    apart = [
        step > em * (_APART_SIGN if {a.char, b.char} & {".", "%"} else _APART)
        for step, (a, b) in zip(steps, pairwise(shown), strict=True)
    ]
    alone = [char.char.isdigit() and all(apart[max(0, at - 1) : at + 1]) for at, char in enumerate(shown)]
    pairs = [at for at, step in enumerate(steps) if alone[at] and alone[at + 1] and step < _NEXT * em]
    digits = {inked[at] for pair in pairs for at in (pair, pair + 1)}
    blanks = {n for at in pairs for n in range(inked[at] + 1, inked[at + 1])}
    chars = [
        Char(char.char, char.x, min(char.score, _UNSURE)) if n in digits else char
        for n, char in enumerate(line.chars)
        if n not in blanks
    ]
    return _Words(line.box, chars), {n - sum(blank < n for blank in blanks) for n in digits}


def _edges(line: _Words, text: str, em: float, wide: Collection[int] = ()) -> list[tuple[float, float]]:
    """The left and right edges of the characters of a line: they touch but where it shows a blank. wide: where digits
    at full width stand."""
    half = [em * (0.25 if char.isascii() and n not in wide else 0.5) for n, char in enumerate(text)]
    middles = [char.x for char in line.chars]
    width = float(line.box[2] - line.box[0])
    found: list[tuple[float, float]] = []
    left = max(0.0, middles[0] - half[0]) if middles else 0.0
    for n, middle in enumerate(middles):
        if n + 1 == len(middles):
            found.append((left, min(max(left + 1, middle + half[n]), max(width, left + 1))))
            break
        gap = middles[n + 1] - middle
        # The ink of a sign stands at one side of its place.
        blank = 0.45 if text[n] not in _SIGNS and text[n + 1] not in _SIGNS else 1.0
        if gap > half[n] + half[n + 1] + blank * em and " " not in text[n : n + 2]:
            found.append((left, max(left, middle + half[n])))
            left = max(middle + half[n], middles[n + 1] - half[n + 1])
        else:
            edge = max(left, middle + gap * half[n] / (half[n] + half[n + 1]))
            found.append((left, edge))
            left = edge
    return found


def _wide(text: str) -> str:
    """Signs in the width that print gives them: full beside Chinese characters. The model does not tell them apart."""
    found = list(text)
    for n, char in enumerate(text):
        before, behind = text[n - 1 : n] if n else "", text[n + 1 : n + 2]
        inside = bool(before and behind and before.isascii() and behind.isascii())
        if ord(char) in _FULL and not inside and (_han(before) or _han(behind) or char in "()"):
            found[n] = char.translate(_FULL)
    return "".join(found)


def _han(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" if char else False
