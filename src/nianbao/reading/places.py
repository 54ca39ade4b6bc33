"""Where composed lines stand on their pages: from a place in a line to page and box."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import cos, radians, sin
from typing import TypeVar

from nianbao.reading.layout import Box, Line
from nianbao.record import Event, Gift, Metric, Money, Origin, Place, Record, Spot

Run = tuple[int, int, int, int]
"""start, end, line, column of a stretch of the reading text in the composed lines, as ``Form.origins`` gives them."""
Fact = TypeVar("Fact", Metric, Event, Money)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch [start, end) of a composed line: a printed line of a page, from its character ``offset`` on."""

    start: int
    end: int
    page: int
    line: Line
    offset: int


@dataclass(frozen=True, slots=True)
class Composed:
    """Lines for the form parser. pieces: those of each line. whole: numbers of lines that are whole paragraphs.

    full: line → whether the next one's first word had no room on it, where its place tells.
    leaning: the pages that were turned to be read (degrees clockwise, width, height): their places turn back.
    """

    lines: tuple[str, ...]
    pieces: tuple[tuple[Piece, ...], ...]
    whole: frozenset[int]
    leaning: Mapping[int, tuple[float, float, float]] = field(default_factory=dict)
    full: Mapping[int, bool] = field(default_factory=dict)


def places(composed: Composed, runs: Iterable[Run], text: str) -> tuple[Place, ...]:
    """Where a text stands on its pages: one place for each stretch of it that is a printed line, in order.

    runs: of ``text`` in ``composed.lines``.
    """
    found: list[Place] = []
    last: Piece | None = None
    for start, end, line, column in runs:
        for piece in composed.pieces[line]:
            low, high = max(column, piece.start), min(column + end - start, piece.end)
            if low >= high or piece.line.box is None:
                continue
            at = piece.offset + low - piece.start
            box = box_of(piece.line, at, at + high - low)
            if piece.page in composed.leaning:
                box = leant(box, composed.leaning[piece.page])
            here = start + low - column
            if last is piece and text[found[-1].end : here].strip(" \u3000") == "":
                # Only the number of blanks was changed: still one stretch of the printed line.
                old = found.pop()
                here, box = old.start, around((old.box, box))
            found.append(
                Place(
                    start=here,
                    end=start + high - column,
                    page=piece.page,
                    box=box,
                    origin=piece.line.origin,
                    score=piece.line.score,
                )
            )
            last = piece
    return tuple(found)


def box_of(line: Line, start: int, end: int) -> Box:
    """The box of the characters [start, end) of a printed line; that of the whole line where they have no edges."""
    assert line.box is not None
    if not line.edges:
        return line.box
    return line.edges[start], line.box[1], line.edges[end], line.box[3]


def leant(box: Box, lean: tuple[float, float, float]) -> Box:
    """A box of a page that was turned upright as it lies on the page as it was: the box around it."""
    angle, width, height = lean
    s, c = sin(radians(angle)), cos(radians(angle))
    x, y = [edge - width / 2 for edge in box[::2]], [edge - height / 2 for edge in box[1::2]]
    if round(angle / 90) % 2:  # it lay on its side
        width, height = height, width
    corners = [(width / 2 + a * c - b * s, height / 2 + a * s + b * c) for a in x for b in y]
    x0, y0, x1, y1 = around([(*corner, *corner) for corner in corners])
    return round(x0, 1), round(y0, 1), round(x1, 1), round(y1, 1)


def around(boxes: Sequence[Box]) -> Box:
    """The box around some boxes."""
    return min(b[0] for b in boxes), min(b[1] for b in boxes), max(b[2] for b in boxes), max(b[3] for b in boxes)


def scores(composed: Composed, runs: Sequence[Run], length: int) -> list[float | None]:
    """For each character of a text of some length its score; None where OCR did not read it."""
    found: list[float | None] = [None] * length
    if not any(piece.line.origin == "ocr" for pieces in composed.pieces for piece in pieces):
        return found
    for start, end, line, column in runs:
        for piece in composed.pieces[line]:
            if piece.line.origin != "ocr":
                continue
            for at in range(max(column, piece.start), min(column + end - start, piece.end)):
                number = piece.offset + at - piece.start
                held = piece.line.scores
                found[start + at - column] = held[number] if number < len(held) else piece.line.score
    return found


class Locator:
    """Answers where stretches of a text stand, and how they were read."""

    def __init__(self, composed: Composed, runs: Sequence[Run], text: str) -> None:
        self._composed = composed
        self._text = text
        self._runs = list(runs)
        self._starts = [run[0] for run in self._runs]
        self._scores = scores(composed, self._runs, len(text))

    def spots(self, start: int | None, end: int | None) -> tuple[Spot, ...]:
        """Page and box of a stretch of the text: one for each printed line that it touches."""
        if start is None or end is None or end <= start:
            return ()
        return tuple(
            Spot(
                page=place.page,
                box=place.box,
                origin=place.origin,
                score=least(self._scores[place.start : place.end]),
            )
            for place in places(self._composed, self._cut(start, end), self._text)
        )

    def areas(self, start: int, end: int) -> tuple[Spot, ...]:
        """Page and box of a long stretch of the text: one for each page."""
        pages: dict[int, list[Spot]] = {}
        for spot in self.spots(start, end):
            pages.setdefault(spot.page, []).append(spot)
        return tuple(merged(page, held) for page, held in pages.items())

    def _cut(self, start: int, end: int) -> Iterator[Run]:
        for number in range(max(0, bisect_right(self._starts, start) - 1), len(self._runs)):
            low, high, line, column = self._runs[number]
            if low >= end:
                return
            if high > start:
                cut = max(low, start)
                yield cut, min(high, end), line, column + cut - low


def least(found: Iterable[float | None]) -> float | None:
    """The lowest of some scores; None where there is none."""
    return min((score for score in found if score is not None), default=None)


def origin_of(spots: Sequence[Spot]) -> Origin:
    """How what stands at some places was read: ``text`` only where none of it was recognised."""
    found: tuple[Origin, ...] = ("ocr", "layer")
    return next((origin for origin in found if any(spot.origin == origin for spot in spots)), "text")


def merged(page: int, spots: Sequence[Spot]) -> Spot:
    """The place around some places of a page."""
    return Spot(
        page=page,
        box=around([spot.box for spot in spots]),
        origin=origin_of(spots),
        score=least(spot.score for spot in spots),
    )


def located(record: Record, composed: Composed, runs: Sequence[Run]) -> Record:
    """The record with the places of its text, its boxes and its facts. runs: of ``record.text``."""
    locator = Locator(composed, runs, record.text)

    def spotted(fact: Fact) -> Fact:
        return replace(fact, places=locator.spots(fact.start, fact.end))

    def given(gift: Gift) -> Gift:
        return replace(gift, amount=spotted(gift.amount)) if gift.amount else gift

    return replace(
        record,
        places=places(composed, runs, record.text),
        box_places={key: found for key, (a, b) in record.boxes.items() if (found := locator.areas(a, b))},
        initial_capital=spotted(record.initial_capital) if record.initial_capital else None,
        net_assets_opening=spotted(record.net_assets_opening) if record.net_assets_opening else None,
        net_assets_closing=spotted(record.net_assets_closing) if record.net_assets_closing else None,
        performance=replace(record.performance, events=tuple(map(spotted, record.performance.events))),
        donations=replace(record.donations, gifts=tuple(map(given, record.donations.gifts))),
        metrics=tuple(map(spotted, record.metrics)),
        events=tuple(map(spotted, record.events)),
    )
