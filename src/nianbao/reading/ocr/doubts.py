"""Doubts of OCR about the figures of a record: issues that name page and place, and lower confidence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nianbao.reading.ocr.numbers import doubts
from nianbao.reading.places import Composed, Locator, Run
from nianbao.record import Issue, Metric, Record

_CEILING = 0.5  # confidence of a figure that touches a doubtful number


def doubted(record: Record, composed: Composed, runs: Sequence[Run]) -> Record:
    """The record with an NB-OCR-NUMBER for each doubtful number that OCR read. runs: of ``record.text``.

    A metric is as sure as the least sure of its characters at most, and less where a doubt touches it.
    """
    if not any(piece.line.origin == "ocr" for pieces in composed.pieces for piece in pieces):
        return record
    scores = _scores(composed, runs, len(record.text))
    found = list(doubts(record.text, scores))
    locator = Locator(composed, runs, record.text)
    issues = []
    for doubt in found:
        spot = next(iter(locator.spots(doubt.start, doubt.end)), None)
        where = f"page {spot.page} at {spot.box[0]:.0f}, {spot.box[1]:.0f} pt: " if spot else ""
        issues.append(
            Issue(
                code="NB-OCR-NUMBER",
                message=f"{where}{record.text[doubt.start : doubt.end]!r} may be misread: {doubt.why} (可能识别有误)",
                remedy="compare it with the page",
                start=doubt.start,
                end=doubt.end,
            )
        )

    def lowered(metric: Metric) -> Metric:
        if metric.start is None or metric.end is None:
            return metric
        seen = [score for score in scores[metric.start : metric.end] if score is not None]
        touched = any(doubt.start < metric.end and metric.start < doubt.end for doubt in found)
        least = min([*seen, _CEILING if touched else 1.0])
        return replace(metric, confidence=round(min(metric.confidence, least), 2))

    return replace(record, metrics=tuple(map(lowered, record.metrics)), issues=(*record.issues, *issues))


def _scores(composed: Composed, runs: Sequence[Run], length: int) -> list[float | None]:
    """For each character of the text its score; None where OCR did not read it."""
    found: list[float | None] = [None] * length
    for start, end, line, column in runs:
        for piece in composed.pieces[line]:
            if piece.line.origin != "ocr":
                continue
            for at in range(max(column, piece.start), min(column + end - start, piece.end)):
                scores = piece.line.scores
                number = piece.offset + at - piece.start
                found[start + at - column] = scores[number] if number < len(scores) else piece.line.score
    return found
