"""Which values of a filing may be misread, so that the audit does not blame the report for them.

Two things make a value doubtful: it stands in a woven line whose repair is not sure, or text recognition was not sure
of its characters. A figure of the narrative that recognition doubts has a low ``nb:confidence`` instead.
"""

from __future__ import annotations

from collections.abc import Iterator

from nianbao.mapping.terms import Fact, term
from nianbao.record import Record

UNSURE = 0.5
"""Score below which recognition is not sure of a box; as nbs:confidenceMinimum, which is the audit's."""


def touches_doubt(record: Record, start: int | None, end: int | None) -> bool:
    """Whether the passage [start, end) of the text has characters that may be misread."""
    if start is None or end is None:
        return False
    spans = [*record.repair.doubtful_passages]
    spans += [
        (issue.start, issue.end)
        for issue in record.issues
        if issue.code.startswith("NB-OCR-") and issue.start is not None and issue.end is not None
    ]
    return any(a < end and start < b for a, b in spans)


def box_in_doubt(record: Record, box: str) -> bool:
    """Whether the words of a box of the form may be misread."""
    return record.box_confidence.get(box, 1.0) < UNSURE or touches_doubt(record, *record.boxes.get(box, (None, None)))


def code_in_doubt(record: Record, code: str | None) -> bool:
    """The same of the unified social credit code, which has no box of its own: it stands on the cover."""
    start = record.text.find(code) if code else -1
    return start >= 0 and touches_doubt(record, start, start + len(code or ""))


_LOST = {"NB-READ-PAGE-LOST", "NB-READ-LOSS", "NB-READ-OCR", "NB-READ-LAYER", "NB-READ-PICTURE", "NB-OCR-LOST"}


def may_lack(record: Record) -> bool:
    """Whether something that is printed may not have been read: the text was recognised, or a part of it was lost."""
    return record.source.reader == "ocr" or any(issue.code in _LOST for issue in record.issues)


def doubtful_facts(record: Record, properties: dict[str, str]) -> Iterator[Fact]:
    """``nb:doubtfulReading`` of a node. properties: its properties that come from one box each → the box."""
    for name, box in properties.items():
        if box_in_doubt(record, box):
            yield "nb:doubtfulReading", term(name)
