"""A file's pages as they lie before anybody knows the form: lines with their place, and the cells of its tables.

Every reader of a kind of file (PDF, OCR, Word, web page) gives ``Page`` objects; ``compose`` turns them into the
lines that the form parser reads. Coordinates are points (1/72 inch) from the upper left corner of the page as shown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Box = tuple[float, float, float, float]
"""x0, y0, x1, y1 with x0 < x1 (to the right) and y0 < y1 (downwards)."""

Origin = Literal["text", "ocr", "layer"]
"""The file's own characters, recognised ones, or the invisible text that another program laid behind a scan."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One printed line, or the part of it in one cell.

    edges: the left edge of each character of ``text`` and the right edge of the last one (len(text) + 1 numbers), empty
    where the file has no places (Word, web page). origin, score: how it was read; ``score`` (0 to 1) with OCR only.
    scores: of OCR, that of each character of ``text``; the line's score is their mean.
    """

    text: str
    box: Box | None = None
    edges: tuple[float, ...] = ()
    origin: Origin = "text"
    score: float | None = None
    scores: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table: its lines from top to bottom and what it spans (row and column of its upper left corner).

    open_above, open_below: no rule closes it at the head or foot of its table, as where a page breaks it.
    """

    row: int
    column: int
    rows: int = 1
    columns: int = 1
    lines: tuple[Line, ...] = ()
    box: Box | None = None
    open_above: bool = False
    open_below: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page: what it holds from top to bottom, a table being a tuple of cells.

    number: from 1. width, height: 0 where the file has no pages. overlay: text set aside (watermark, seal).
    unread: why its text layer cannot be used, so that OCR is needed; empty where it can.
    skew: degrees by which a page leans clockwise; its places are those after it was turned back about its middle.
    """

    number: int
    width: float = 0.0
    height: float = 0.0
    blocks: tuple[Line | tuple[Cell, ...], ...] = ()
    overlay: tuple[Line, ...] = ()
    unread: str = ""
    skew: float = 0.0

    @property
    def recognised(self) -> bool:
        """Whether OCR read it."""
        cells = (cell for block in self.blocks if isinstance(block, tuple) for cell in block)
        lines = (line for cell in cells for line in cell.lines)
        return any(b.origin == "ocr" for b in self.blocks if isinstance(b, Line)) or any(
            line.origin == "ocr" for line in lines
        )
