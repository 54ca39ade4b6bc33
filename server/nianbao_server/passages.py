"""Text with the passages marked that statements were taken from. Offsets are code points of the repaired text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """A passage [start, end) and the name of what it is evidence for."""

    start: int
    end: int
    name: str
    kind: str = "figure"


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text under the same marks; `begins` names those whose first piece this is (for anchors)."""

    text: str
    names: tuple[str, ...] = ()
    begins: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


def offsets(evidence: str | None) -> tuple[int, int] | None:
    """The range of a passage IRI ``…#char=START,END`` (RFC 5147), or None."""
    match = re.search(r"#char=(\d+),(\d+)$", evidence or "")
    return (int(match[1]), int(match[2])) if match else None


def marked(text: str, start: int, spans: Iterable[Span]) -> list[Piece]:
    """Cut `text`, which begins at offset `start` of the whole, at the borders of the spans inside it.

    Spans may overlap; parts outside the text are ignored. Joining the pieces' texts gives `text` back.
    """
    inside = [
        Span(max(span.start - start, 0), min(span.end - start, len(text)), span.name, span.kind)
        for span in spans
        if span.end > start and span.start < start + len(text) and span.end > span.start
    ]
    borders = sorted({0, len(text), *(span.start for span in inside), *(span.end for span in inside)})
    pieces = []
    for left, right in zip(borders, borders[1:], strict=False):
        over = [span for span in inside if span.start <= left and right <= span.end]
        pieces.append(
            Piece(
                text[left:right],
                tuple(span.name for span in over),
                tuple(span.name for span in over if span.start == left),
                tuple(dict.fromkeys(span.kind for span in over)),
            )
        )
    return pieces
