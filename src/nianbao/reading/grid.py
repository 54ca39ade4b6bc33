"""Tables without places (Word, web pages): from rows of nested cells to the blocks of a ``Page``.

The readers give a ``Grid`` as they find it. Two kinds of nesting occur: a table that only lays out the page, with the
form in one of its cells, and a small table inside a box of the form. The first is opened, the second becomes lines.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from nianbao.errors import ReadError
from nianbao.reading.layout import Cell, Line, Page
from nianbao.reading.limits import Limits
from nianbao.record import Issue

GAP = "  "  # between the cells of a row that is written as one line; two blanks part columns


@dataclass(slots=True)
class Box:
    """A cell: where it stands, what it spans, its lines and the tables in it, in their order."""

    row: int
    column: int
    rows: int = 1
    columns: int = 1
    content: list[str | Grid] = field(default_factory=list)


@dataclass(slots=True)
class Grid:
    """A table: its cells, row by row, each once."""

    boxes: list[Box] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Its characters, with those of the tables in it."""
        return sum(_size(item) for box in self.boxes for item in box.content)

    @property
    def nested(self) -> int:
        """The characters of the tables in it."""
        return sum(item.size for box in self.boxes for item in box.content if isinstance(item, Grid))


Content = list[str | Grid]
# Figures that are broken over lines or set in groups: 1208<br>.37, 1&nbsp;208.37.
_BROKEN = re.compile(r"(?<=\d)\n(?=[.,]\d)|(?<=\d[.,])\n(?=\d)|(?<!\d)(\d{1,3}(?:[\xa0\u2009\u202f]\d{3})+)(?!\d)")


def join_figures(text: str) -> str:
    """A text whose figures stand whole."""
    return _BROKEN.sub(lambda broken: re.sub(r"\D", "", broken[1] or ""), text)


def struck_out(words: list[str]) -> Issue:
    """The doubt that tells text which is struck out, and left out."""
    message = f"text that is struck out was left out: {'; '.join(words)[:200]} (划掉的文字未读取)"
    return Issue(code="NB-READ-STRUCK", message=message, remedy="look whether it was meant to be deleted")


def check(cells: int, limits: Limits) -> None:
    """Raise ReadError (NB-READ-SIZE) for more cells than any report has, before they fill the memory."""
    if 10 * cells > limits.characters:
        raise ReadError(
            f"the tables of the file have more than {limits.characters // 10:,} cells (表格过大)",
            remedy="give one report a file, or raise the limit characters",
            code="NB-READ-SIZE",
        )


def page(content: Content, overlay: list[str] | None = None) -> Page:
    """The one page that such a file is taken as. overlay: what is set aside (navigation, hidden text)."""
    return Page(
        number=1,
        blocks=tuple(block for item in content for block in _blocks(item)),
        overlay=tuple(Line(text=text) for text in overlay or () if text),
    )


def _blocks(item: str | Grid) -> list[Line | tuple[Cell, ...]]:
    if isinstance(item, str):
        return [Line(text=item)] if item else []
    if 2 * item.nested > item.size or len(item.boxes) == 1:  # it lays out the page
        return [block for box in item.boxes for inner in box.content for block in _blocks(inner)]
    cells = tuple(
        Cell(row=box.row, column=box.column, rows=box.rows, columns=box.columns, lines=tuple(_lines(box.content)))
        for box in item.boxes
    )
    return [cells] if any(cell.lines for cell in cells) else []


def _lines(content: Content) -> list[Line]:
    found: list[Line] = []
    for item in content:
        if isinstance(item, str):
            found += [Line(text=item)] if item else []
            continue
        rows: dict[int, list[str]] = {}
        for box in item.boxes:
            rows.setdefault(box.row, []).append("".join(line.text for line in _lines(box.content)))
        found += [Line(text=text) for _, row in sorted(rows.items()) if (text := GAP.join(filter(None, row)))]
    return found


def _size(item: str | Grid) -> int:
    return len(item) if isinstance(item, str) else item.size
