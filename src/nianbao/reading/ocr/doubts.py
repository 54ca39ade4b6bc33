"""Doubts about what was recognised: issues that name page and place, and how sure figures and boxes are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nianbao.reading.ocr.numbers import doubts
from nianbao.reading.places import Composed, Locator, Run, least, scores
from nianbao.record import Issue, Metric, Record, Section

CEILING = 0.4
"""Confidence of a figure that touches a doubt, or that another program recognised: below what rule Q02 lets pass."""

_ONLINE = re.compile(r"(?P<dot>[.．。・·•‧﹒])?\s*(?:公益|政务)\s*$")
_LONG = ("activities",)  # boxes of free text whose part of the record has another name


def doubted(record: Record, composed: Composed, runs: Sequence[Run]) -> Record:
    """The record with a doubt for each number and online name that may be misread. runs: of ``record.text``.

    NB-OCR-NUMBER, NB-OCR-NAME. A metric is as sure as the least sure of its characters at most, and less where a doubt
    touches it; so are the single values of the form (``box_confidence``).
    """
    if all(piece.line.origin == "text" for pieces in composed.pieces for piece in pieces):
        return record
    seen = scores(composed, runs, len(record.text))
    locator = Locator(composed, runs, record.text)

    def told(code: str, start: int, end: int, why: str) -> Issue:
        spot = next(iter(locator.spots(start, end)), None)
        where = f"page {spot.page} at {spot.box[0]:.0f}, {spot.box[1]:.0f} pt: " if spot else ""
        return Issue(
            code=code,
            message=f"{where}{record.text[start:end]!r} may be misread: {why} (可能识别有误)",
            remedy="compare it with the page",
            start=start,
            end=end,
        )

    found = [told("NB-OCR-NUMBER", doubt.start, doubt.end, doubt.why) for doubt in doubts(record.text, seen)]
    found += [told("NB-OCR-NAME", start, end, why) for start, end, why in _online(record, seen)]
    layers = [(place.start, place.end) for place in record.places if place.origin == "layer"]
    doubtful = sorted([*layers, *((issue.start or 0, issue.end or 0) for issue in found)])

    def sure(start: int, end: int, confidence: float) -> float:
        touched = any(a < end and start < b for a, b in doubtful)
        lowest = least((*seen[start:end], CEILING if touched else 1.0))
        return round(min(confidence, 1.0 if lowest is None else lowest), 2)

    def lowered(metric: Metric) -> Metric:
        return replace(metric, confidence=sure(metric.start, metric.end, metric.confidence))

    return replace(
        record,
        metrics=tuple(map(lowered, record.metrics)),
        box_confidence={
            key: sure(record.boxes[key][0], record.boxes[key][1], 1.0)
            for key, spots in record.box_places.items()
            if key not in _LONG
            and not isinstance(getattr(record, key, None), Section)
            and any(spot.origin != "text" for spot in spots)
        },
        issues=(*record.issues, *found),
    )


def _online(record: Record, seen: Sequence[float | None]) -> Iterator[tuple[int, int, str]]:
    """An online name without the dot that stands before 公益 or 政务: the smallest sign of the form."""
    start, end = record.boxes.get("online_name", (0, 0))
    match = _ONLINE.search(record.text, start, end) if end > start else None
    if match and not match["dot"] and any(score is not None for score in seen[start:end]):
        yield start, end, f"the dot before {match[0].strip()} is not seen"
