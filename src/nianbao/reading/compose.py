"""Pages of cells and lines → the lines that the form parser reads, and where each of them stands on its page.

A cell gives a line for each paragraph: its printed lines are joined by their geometry (a line that had room for the
next word ended on purpose). A label stands on its line, its value on the next. A value goes on over a page break where
the next page's first row has nothing but it. Lines outside tables keep their columns as blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from statistics import median

from nianbao.reading.layout import Box, Cell, Line, Page
from nianbao.reading.paragraphs import first_token, full, paragraphs, width
from nianbao.reading.places import Composed, Piece

_MARGIN = 0.1  # of a page's height: where headers and page numbers stand
_SHORT = 40  # characters of a label at most
_NUMBER = re.compile(r"[-－−]?\d[\d,，]*(?:\.\d+)?\s*(?:%|％|[（(]?[万亿]?元[)）]?)?|[/／—－-]+|无")
_PAGE_NUMBER = re.compile(
    r"[-—–－·•\s]*\d{1,3}[-—–－·•\s]*|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3}"
)
_LABEL_END = re.compile(r"(?:情况|意见[)）]?|有效期|范围|名称|住所|代表人|资金|来源|单位|人数|合计[)）]?|[:：])$")
_DATE_REST = re.compile(r"年\s*\d{1,2}\s*月|月\s*\d{1,2}\s*日|日")  # and not 年末数
_MIXED = re.compile(r"(?<=[\u4e00-\u9fff]) ?(?=[0-9A-Za-z])|(?<=[0-9A-Za-z]) ?(?=[\u4e00-\u9fff])")


@dataclass(slots=True)
class _Held:
    """A cell with what went on in it on the next pages."""

    cell: Cell
    lines: list[tuple[int, Line, Box | None]] = field(default_factory=list)
    last: bool = False  # in its row

    @property
    def text(self) -> str:
        return "".join(line.text for _, line, _ in self.lines)


@dataclass(slots=True)
class _Table:
    page: int
    cells: list[_Held]


@dataclass(slots=True)
class _Free:
    """A line outside tables; indent: blanks before it; rest: the lines that it goes on in."""

    page: int
    line: Line
    indent: int = 0
    rest: list[Line] = field(default_factory=list)


def compose(pages: Sequence[Page]) -> Composed:
    """The lines of a document's pages, in reading order."""
    items = _items(pages)
    writer = _Writer(_spaced(items))
    margins = _full(items, pages)
    for item in items:
        if isinstance(item, _Free):
            if id(item) in margins:
                writer.full[len(writer.lines)] = margins[id(item)]
            writer.add([[(item.page, line) for line in (item.line, *item.rest)]], " " * item.indent, whole=False)
        else:
            _write(writer, item)
    leaning = {page.number: (page.skew, page.width, page.height) for page in pages if page.skew}
    return replace(writer.composed(), leaning=leaning)


# ---------------------------------------------------------------- pages → tables and lines


def _items(pages: Sequence[Page]) -> list[_Table | _Free]:
    found: list[_Table | _Free] = []
    repeated = _repeated(pages)
    for page in pages:
        blocks = [block for block in page.blocks if not (isinstance(block, Line) and _furniture(page, block, repeated))]
        ruled = any(isinstance(block, tuple) and _columns(block) > 1 for block in blocks)
        first, table = next(((n, block) for n, block in enumerate(blocks) if isinstance(block, tuple)), (-1, ()))
        if 0 <= first <= 2 and _joined(found, page, table):
            # What stands between a value and its rest on the next page is a header or a footer.
            for item in [item for item in found[::-1][:3] if isinstance(item, _Free) and _behind_table(found, item)]:
                found.remove(item)
            blocks[: first + 1] = [tuple(cell for cell in table if cell.row > 0)]
        for block in blocks:
            if isinstance(block, Line):
                if not (found and isinstance(found[-1], _Free) and _wrapped(found[-1], block, page, ruled)):
                    found.append(_Free(page.number, block))
            elif _columns(block) == 1 and not ruled:
                found += [_Free(page.number, line) for cell in block for line in cell.lines]
            elif block:
                found.append(_table(page.number, block))
        if not ruled:
            _indent([item for item in found if isinstance(item, _Free) and item.page == page.number])
    return found


def _wrapped(before: _Free, line: Line, page: Page, ruled: bool) -> bool:
    """Adds a line outside tables to the one above it, if that ends where the tables of the page do and goes on.

    Where there are no tables, only what is broken inside a date (2025 / 年3月3日).
    """
    last = (before.line, *before.rest)[-1]
    edges = [cell.box for block in page.blocks if isinstance(block, tuple) for cell in block if cell.box]
    if before.page != page.number or not last.box or not line.box:
        return False
    em = last.box[3] - last.box[1]
    if not (0 < line.box[1] - last.box[1] < 2.2 * em and line.box[0] < last.box[0] + em):
        return False
    dated = last.text[-1:].isdecimal() and bool(_DATE_REST.match(line.text))
    room = max((edge[2] for edge in edges), default=0.0) - last.box[2]
    if not dated and (not ruled or not edges or room > width(line, first_token(line.text)) + 0.5 * em):
        return False
    before.rest.append(line)
    return True


def _table(page: int, block: Sequence[Cell]) -> _Table:
    ends: dict[int, int] = {}
    for cell in block:
        ends[cell.row] = max(ends.get(cell.row, 0), cell.column)
    cells = sorted(block, key=lambda cell: (cell.row, cell.column))
    return _Table(
        page,
        [_Held(cell, [(page, line, cell.box) for line in cell.lines], cell.column == ends[cell.row]) for cell in cells],
    )


def _columns(block: Sequence[Cell]) -> int:
    return max((cell.column + cell.columns for cell in block), default=0)


def _joined(found: Sequence[_Table | _Free], page: Page, block: Sequence[Cell]) -> bool:
    """Adds the first row of a page to the last row of the page before, if it goes on; whether it did."""
    before = next((item for item in reversed(found) if isinstance(item, _Table)), None)
    if before is None or before.page != page.number - 1:
        return False
    row = sorted((cell for cell in block if cell.row == 0), key=lambda cell: cell.column)
    filled = [cell for cell in row if cell.lines]
    foot = max(held.cell.row + held.cell.rows for held in before.cells)
    last = [held for held in before.cells if held.cell.row + held.cell.rows == foot]
    # A row that the page breaks has no rule at the break; else its label's cell is empty on the next page.
    broken = any(held.cell.open_below for held in last) and any(cell.open_above for cell in row)
    # On a form without rules the label itself tells whether the page breaks it.
    broken |= len(row) == 1 and row[0].open_above and not _LABEL_END.search(min(last, key=_left).text)
    if not broken and (len(filled) != 1 or filled[0] is row[0]):
        return False
    pairs = [(held, cell) for cell in filled if (held := _above(cell, last))]
    if len(pairs) != len(filled):
        return False
    for held, cell in pairs:
        held.lines += [(page.number, line, cell.box) for line in cell.lines]
        before.page = page.number  # it may go on once more
    return bool(pairs)


def _left(held: _Held) -> int:
    return held.cell.column


def _above(cell: Cell, last: Sequence[_Held]) -> _Held | None:
    """The cell of the last row of a page that a cell of the next page stands under."""
    if cell.box is None:
        return None
    middle = (cell.box[0] + cell.box[2]) / 2
    return next((held for held in last if held.cell.box and held.cell.box[0] < middle < held.cell.box[2]), None)


def _behind_table(found: Sequence[_Table | _Free], item: _Free) -> bool:
    return any(isinstance(other, _Table) for other in found[: found.index(item)]) and not any(
        isinstance(other, _Table) for other in found[found.index(item) :]
    )


def _repeated(pages: Sequence[Page]) -> set[str]:
    """The texts that stand at the same place in the margins of half the pages, digits aside."""
    counts: dict[tuple[str, int], int] = {}
    for page in pages:
        for key in {_running(block) for block in page.blocks if isinstance(block, Line) and _in_margin(page, block)}:
            counts[key] = counts.get(key, 0) + 1
    return {text for (text, _), count in counts.items() if count >= 2 and 2 * count >= len(pages)}


def _running(line: Line) -> tuple[str, int]:
    """What is the same in a header of all pages: its words without digits, its height on the page."""
    return re.sub(r"\d+", "#", line.text), round(line.box[1] / 4) if line.box else 0


def _in_margin(page: Page, line: Line) -> bool:
    return bool(
        line.box
        and page.height
        and not _MARGIN * page.height < line.box[3] <= line.box[3] < (1 - _MARGIN) * page.height
    )


def _furniture(page: Page, line: Line, repeated: set[str]) -> bool:
    """Whether a line is a header, a footer or a page number."""
    if not _in_margin(page, line):
        return False
    return bool(_PAGE_NUMBER.fullmatch(line.text.strip())) or _running(line)[0] in repeated


def _indent(free: Sequence[_Free]) -> None:
    """Gives the lines of a page without tables their columns: two for the width of a Chinese character."""
    boxes = [item.line.box for item in free if item.line.box]
    if boxes:
        left = min(box[0] for box in boxes)
        em = median(box[3] - box[1] for box in boxes) or 1.0
        for item in free:
            item.indent = round(2 * (item.line.box[0] - left) / em) if item.line.box else 0


def _full(items: Sequence[_Table | _Free], pages: Sequence[Page]) -> dict[int, bool]:
    """id of a line outside tables → whether the next word had no room on it. Pages of one width have one margin."""
    widths = {page.number: round(page.width) for page in pages}
    found: dict[int, bool] = {}
    for wide in set(widths.values()):
        free = [item for item in items if isinstance(item, _Free) and widths[item.page] == wide]
        told = full([(item.rest or [item.line])[-1] for item in free])
        found |= {id(item): at for item, at in zip(free, told, strict=True) if at is not None}
    return found


# ---------------------------------------------------------------- a table → lines


def _write(writer: _Writer, table: _Table) -> None:
    heads = _heads(table)
    under = {id(number) for number in heads.values()}
    for held in table.cells:
        if id(held) in under or not held.lines:
            continue
        if not held.last and len(held.text) <= _SHORT:
            writer.add([[(page, line) for page, line, _ in held.lines]], number=heads.get(id(held)))
        elif id(held) in heads:
            writer.add([[(page, line) for page, line, _ in held.lines]], number=heads[id(held)])
        else:
            writer.add(paragraphs(held.lines))


def _heads(table: _Table) -> dict[int, _Held]:
    """Column heads over one row of numbers: id of the head's cell → the cell under it (年初数, 年末数)."""
    found: dict[int, _Held] = {}
    rows: dict[int, list[_Held]] = {}
    for held in table.cells:
        rows.setdefault(held.cell.row, []).append(held)
    for row, numbers in rows.items():
        above = {(h.cell.column, h.cell.columns): h for h in table.cells if h.cell.row + h.cell.rows == row}
        pairs = [(above.get((h.cell.column, h.cell.columns)), h) for h in numbers]
        numeric = [bool(_NUMBER.fullmatch(h.text.strip())) for h in numbers if h.lines]
        below = rows.get(row + 1, [])
        if len(above) < 2 or not numeric or not all(numeric) or not all(head for head, _ in pairs):
            continue
        if below and all(_NUMBER.fullmatch(h.text.strip()) for h in below if h.lines) and any(h.lines for h in below):
            continue  # a table of figures
        for head, number in pairs:
            if head and head.lines and not _NUMBER.fullmatch(head.text.strip()):
                found[id(head)] = number
    return found


# ---------------------------------------------------------------- writing


def _spaced(items: Iterable[_Table | _Free]) -> bool:
    """Whether a document sets blanks between Chinese characters and numbers: at the end of a line none is seen."""
    counts = [0, 0]
    for item in items:
        for text in (
            [item.line.text] if isinstance(item, _Free) else [line.text for h in item.cells for _, line, _ in h.lines]
        ):
            for match in _MIXED.finditer(text):
                counts[bool(match[0])] += 1
    return counts[1] > 3 * counts[0]


class _Writer:
    """spaced: see ``_spaced``."""

    def __init__(self, spaced: bool) -> None:
        self._spaced = spaced
        self.lines: list[str] = []
        self._pieces: list[tuple[Piece, ...]] = []
        self._whole: set[int] = set()
        self.full: dict[int, bool] = {}

    def add(
        self,
        groups: Iterable[Sequence[tuple[int, Line]]],
        lead: str = "",
        *,
        number: _Held | None = None,
        whole: bool = True,
    ) -> None:
        """Adds a line for each group of printed lines. number: a cell written behind it, a column apart."""
        for group in groups:
            text, pieces = lead, list[Piece]()
            for place, (page, line) in enumerate(group):
                words = line.text
                joint = _joint(group[place - 1][1], line, self._spaced) if place else ""
                text += joint
                pieces.append(Piece(len(text), len(text) + len(words), page, line, 0))
                text += words
            for page, line, _ in number.lines if number else ():
                text += "    "
                pieces.append(Piece(len(text), len(text) + len(line.text), page, line, 0))
                text += line.text
            if whole:
                self._whole.add(len(self.lines))
            self.lines.append(text)
            self._pieces.append(tuple(pieces))

    def composed(self) -> Composed:
        return Composed(tuple(self.lines), tuple(self._pieces), frozenset(self._whole), full=self.full)


def _joint(before: Line, behind: Line, spaced: bool) -> str:
    """What stands between two printed lines of a paragraph: a blank between two words, nothing inside one."""
    last, first = before.text[-1:], behind.text[:1]
    if _MIXED.search(last + first):
        return " " if spaced else ""
    if not (last.isascii() and last.isalnum() and first.isascii() and first.isalnum()):
        return ""
    # A number or name that is longer than its cell is wide was broken inside.
    inside = re.search(r"[0-9A-Za-z.,:%+\-/]+$", before.text)
    return "" if inside and len(inside[0]) == len(before.text) else " "
