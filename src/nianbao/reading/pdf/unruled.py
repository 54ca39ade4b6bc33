"""Forms printed without ruling lines → cells, from the white space between them.

A page is cut where a blank band crosses it, wider than the space between lines; a band is cut where a blank column
does. A label beside a value that cannot be told apart so is left to the form parser, which sees columns of text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from nianbao.reading.layout import Box, Cell, Line
from nianbao.reading.pdf.glyphs import Glyph, bounds, turned_bounds
from nianbao.reading.pdf.lines import lines, rows
from nianbao.reading.ruling import Rule

_GUTTER = 0.6  # em between two columns; a blank is half an em
_WIDE = 1.1  # em that part two columns anywhere; a justified line has less
_STEP = 4.0  # points
_MARGIN = 0.075  # of a page's height
FORM = 3  # rules across that make a form
_SHORT = 40  # characters of a label
_NUMBER = re.compile(r"[-－−]?\d[\d,，.]*%?")


@dataclass(frozen=True, slots=True)
class Block:
    """Glyphs that stand together, and their box: a piece of a printed line, or several of them."""

    glyphs: tuple[Glyph, ...]
    box: Box

    @property
    def text(self) -> str:
        return "".join(glyph.char for glyph in sorted(self.glyphs, key=lambda glyph: (glyph.y, glyph.x)))


def table(text: Sequence[Glyph]) -> tuple[Cell, ...] | None:
    """The cells of a page without rules, its headers and footers left out; None where it is not like a form."""
    parts = pieces(text)
    if not parts:
        return None
    return next((cells for space in _spaces(parts) if (cells := _cells(parts, space))), None)


def pieces(text: Iterable[Glyph]) -> list[Block]:
    """The printed lines of a page, cut where its columns are; labels turned by 90° as a piece each."""
    text = list(text)
    printed = rows(glyph for glyph in text if not glyph.turn)
    starts, ends = _starts(printed), _ends(printed)
    found = [block(part) for row in printed for part in _segments(row, starts, ends)]
    return found + _turned([glyph for glyph in text if glyph.turn])


def _cells(parts: Sequence[Block], space: float) -> tuple[Cell, ...] | None:
    """The cells of a form whose rows have more than ``space`` between them; None where it is not like a form."""
    found = _rows(parts, space)
    if found is None or len(found) < 2:  # one row is the last line of a form
        return None
    beside = [row for row in found if len(row) > 1 and len(row[0].text) <= _SHORT]
    if not beside:
        return None
    values = median(row[1].box[0] for row in beside)
    inner = found[1:-1] if len(beside) == 2 and all(map(_level, beside)) else found
    if len(beside) < 3 and any(len(row) == 1 and row[0].box[0] < values - 12 for row in inner):
        return None
    cells: list[Cell] = []
    edge = max(block.box[2] for row in found for block in row)
    for number, row in enumerate(found):
        columns = list(range(len(row)))
        above = found[number - 1] if number else []
        if len(above) > 1 and all(_NUMBER.fullmatch(block.text) for block in row):
            columns = [_under(block, above) for block in row]  # heads over numbers
        elif number == 0 and len(row) == 1 and row[0].box[0] > values - 12:
            # Nothing stands left of it: the value of the page before goes on.
            left = row[0].box
            cells.append(Cell(row=0, column=0, box=(left[0] - 20, left[1], left[0] - 5, left[3])))
            columns = [1]
        # Nothing stands right of it: the label of the page before goes on, or has no value.
        lone = number == 0 and len(row) == 1 and row[0].box[2] < values - 6
        for column, block in zip(columns, row, strict=True):
            x0, y0, x1, y1 = block.box
            box = (x0, y0, edge if block is row[-1] and not lone else x1, y1)
            cells.append(Cell(row=number, column=column, lines=tuple(lines(block.glyphs)), box=box, open_above=lone))
    return tuple(cells)


def crowded(blocks: Iterable[Line | tuple[Cell, ...]]) -> bool:
    """Whether a page without rules leaves it open which line belongs to which box.

    Its rows stand as close as the lines in them, or it has a column of values that no row tells apart.
    """
    blocks = list(blocks)
    cells = [cell for block in blocks if isinstance(block, tuple) for cell in block if cell.lines]
    if cells:
        gaps = [_gap(a, b) for cell in cells for a, b in zip(cell.lines, cell.lines[1:], strict=False)]
        by_row: dict[int, list[Line]] = {}
        for cell in cells:
            by_row.setdefault(cell.row, []).extend(cell.lines)
        beside = [row for row in by_row if len({cell.column for cell in cells if cell.row == row}) > 1]
        apart = [
            min(_edge(line, 1) for line in by_row[row + 1]) - max(_edge(line, 3) for line in by_row[row])
            for row in beside
            if row + 1 in beside
        ]
        return bool(apart and gaps) and min(apart) < 1.4 * max(gaps)
    starts = Counter(round(_edge(block, 0) / _STEP) for block in blocks if isinstance(block, Line))
    if not starts:
        return False
    left = min(starts)
    em = median(_edge(block, 3) - _edge(block, 1) for block in blocks if isinstance(block, Line))
    column = max((count for start, count in starts.items() if (start - left) * _STEP > 3 * em), default=0)
    return column >= 4 and starts[left] >= 3


def _edge(line: Line, side: int) -> float:
    return line.box[side] if line.box else 0.0


def _gap(above: Line, below: Line) -> float:
    return _edge(below, 1) - _edge(above, 3)


def down_rules(text: Sequence[Glyph], across: Sequence[Rule]) -> list[Rule]:
    """The rules down that a form with rules across alone leaves out, from the white columns between two of its rules;
    none where they are too few for a form."""
    printed = rows(glyph for glyph in text if not glyph.turn)
    if not printed:
        return []
    wide = max(glyph.right for row in printed for glyph in row) - min(row[0].x for row in printed)
    long = [rule for rule in across if rule.end - rule.start > 0.5 * wide]
    if len(long) < FORM:
        return []
    left, right = min(rule.start for rule in long), max(rule.end for rule in long)
    parts = pieces(text)
    stripes: list[tuple[Rule, Rule, list[Glyph], set[float]]] = []
    for above, below in zip(long, long[1:], strict=False):
        # A head of several rows stands left of where their rules begin.
        edges = {rule.start for rule in (above, below) if rule.start > left + _STEP}
        columns = _columns([part for part in parts if above.at < (part.box[1] + part.box[3]) / 2 < below.at])
        for one, other in zip(columns, columns[1:], strict=False):
            start, end = max(part.box[2] for part in one), min(part.box[0] for part in other)
            edge = max((start + end) / 2, end - 0.5 * other[0].glyphs[0].em)
            if all(abs(edge - known) > 2 * _STEP for known in edges):
                edges.add(edge)
        inside = [glyph for glyph in text if above.at < glyph.y - 0.4 * glyph.em < below.at]
        stripes.append((above, below, inside, edges))
    # A column that several rows have is one of those whose texts leave it free, however narrowly.
    often = [edge for *_, edges in stripes for edge in edges]
    often = [edge for edge in often if sum(abs(edge - other) < _STEP for other in often) > 2]
    found = [Rule(edge, long[0].at, long[-1].at) for edge in (left, right)]
    for above, below, inside, edges in stripes:
        for edge in often:
            sides = {glyph.x > edge for glyph in inside}
            free = len(sides) == 2 and not any(glyph.x < edge - 0.5 and edge + 0.5 < glyph.right for glyph in inside)
            if free and all(abs(edge - known) > 2 * _STEP for known in edges):
                edges.add(edge)
        found += [Rule(edge, above.at, below.at) for edge in edges]
    return found


def margins(text: Sequence[Glyph], height: float) -> tuple[list[Glyph], list[Glyph]]:
    """(the characters of a page's body, those of its header and footer): the outermost rows, where they stand apart."""
    found = rows(glyph for glyph in text if not glyph.turn)
    boxes = [bounds(row) for row in found]
    aside: list[Glyph] = []
    for first, second in ((0, 1), (-1, -2)):
        box = boxes[first] if len(found) > 2 else (0.0, 0.5 * height, 0.0, 0.5 * height)
        if box[3] < _MARGIN * height or box[1] > (1 - _MARGIN) * height:
            upper, lower = sorted((box, boxes[second]), key=lambda each: each[1])
            if lower[1] - upper[3] > 1.2 * (upper[3] - upper[1]):
                aside += found[first]
    gone = {id(glyph) for glyph in aside}
    return [glyph for glyph in text if id(glyph) not in gone], aside


def _level(row: Sequence[Block]) -> bool:
    """Whether a label stands at half the height of its value, as on a form."""
    label, value = row[0].box, row[1].box
    em = row[0].glyphs[0].em
    return abs(label[1] + label[3] - value[1] - value[3]) < em


def _turned(text: Sequence[Glyph]) -> list[Block]:
    """Labels turned by 90°: characters that stand close together."""
    found: list[list[Glyph]] = []
    for glyph in text:
        near = [g for g in found if any(abs(o.x - glyph.x) + abs(o.y - glyph.y) < 2 * glyph.em for o in g)]
        found = [group for group in found if group not in near]
        found.append([glyph, *(other for group in near for other in group)])
    return [Block(tuple(sorted(group, key=lambda g: g.index)), turned_bounds(group)) for group in found]


def _under(block: Block, heads: Sequence[Block]) -> int:
    """The number of the head that a block stands under."""
    overlaps = [min(block.box[2], head.box[2]) - max(block.box[0], head.box[0]) for head in heads]
    return overlaps.index(max(overlaps))


def block(part: Sequence[Glyph]) -> Block:
    """Upright glyphs as a block."""
    return Block(tuple(part), bounds(part))


def joined(blocks: Iterable[Block]) -> Block:
    """Blocks as one."""
    return block([glyph for block in blocks for glyph in block.glyphs])


def _segments(row: Sequence[Glyph], starts: Collection[int], ends: Collection[int]) -> list[list[Glyph]]:
    """A printed row cut at its wide gaps, and at those of a blank or more where a column starts or ends."""
    found = [[row[0]]]
    for before, behind in zip(row, row[1:], strict=False):
        gap = (behind.x - before.right) / behind.em
        here = round(behind.x / _STEP) in starts or round(before.right / _STEP) in ends
        if gap > _WIDE or (gap > _GUTTER and here):
            found.append([])
        found[-1].append(behind)
    return found


def _starts(printed: Sequence[Sequence[Glyph]]) -> set[int]:
    """Where columns start, in steps of the page: the places that begin several rows or stand behind gaps in them."""
    return _often(
        behind.x
        for row in printed
        for before, behind in zip((None, *row), row, strict=False)
        if before is None or behind.x - before.right > _GUTTER * behind.em
    )


def _ends(printed: Sequence[Sequence[Glyph]]) -> set[int]:
    """Where columns end: the places of a last character of several rows or before gaps in them."""
    return _often(
        before.right
        for row in printed
        for before, behind in zip(row, (*row[1:], None), strict=False)
        if behind is None or behind.x - before.right > _GUTTER * behind.em
    )


def _often(places: Iterable[float]) -> set[int]:
    """The steps of the page near which four places or more lie."""
    counts = Counter(round(place / _STEP) for place in places)
    often = {step for step in counts if sum(counts[step + i] for i in (-1, 0, 1)) >= 4}
    return often | {step + i for step in often for i in (-1, 1)}


def _spaces(parts: Sequence[Block]) -> list[float]:
    """Heights of a blank band that may part two rows of the form, the likelier first: more than that between two
    printed lines of the page, or of a column (labels and values do not keep step)."""
    ems = median(part.box[3] - part.box[1] for part in parts)
    tops = sorted(parts, key=lambda part: part.box[1])
    page = list(zip(tops, tops[1:], strict=False))
    columns = []
    for number, part in enumerate(tops):
        below = (b for b in tops[number + 1 : number + 9] if b.box[0] < part.box[2] and part.box[0] < b.box[2])
        columns += [(part, other) for other in [next(below, None)] if other]
    found = []
    for pairs in (page, columns):
        gaps = [gap for a, b in pairs if 0 < (gap := b.box[1] - a.box[3]) < 2 * ems]
        found.append(max(0.6 * ems, 1.25 * median(gaps)) if gaps else 0.8 * ems)
    return found


def _rows(parts: Sequence[Block], space: float) -> list[list[Block]] | None:
    """The rows of a form, each of blocks from left to right; None where labels and values cannot be told apart."""
    found: list[list[Block]] = []
    for band in _bands(parts, space):
        columns = _columns(band)
        if len(columns) == 1:
            above, below = _split(band)
            if above:
                upper, lower = _rows(above, space), _rows(below, space)
                if upper is not None and lower is not None:
                    found += [*upper, *lower]
                    continue
            found.append([joined(columns[0])])
            continue
        left, rest = columns[0], [part for column in columns[1:] for part in column]
        if len(_bands(rest, space)) > 1:
            # The head of a part beside its rows, or a label beside several paragraphs.
            inner = _rows(rest, space)
            if inner is None or not _contiguous(left):
                return None
            head = joined(left)
            # It stands at half the height of its part: rows above it that lie beside it are its own.
            at = len(found)
            while at and len(found[at - 1]) > 1 and found[at - 1][0].box[0] >= head.box[2]:
                at -= 1
            found[at:at] = [[head]]
            found += inner
        elif not all(_contiguous(column) for column in columns[:-1]):
            return None
        else:
            found.append([joined(column) for column in columns])
    return found


def _split(band: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """A band in two where only its first or its last line crosses the blank column of the others; else nothing and it.

    So the line at the foot of a form stands close below its last box.
    """
    first, last = min(part.box[3] for part in band), max(part.box[1] for part in band)
    for cut in ([part.box[1] < last for part in band], [part.box[3] <= first for part in band]):
        head = [part for part, above in zip(band, cut, strict=True) if above]
        rest = [part for part, above in zip(band, cut, strict=True) if not above]
        form = max(head, rest, key=len)
        columns = _columns(form)
        if len(form) > 2 and len(columns) > 1 and _contiguous(columns[0]) and len(joined(columns[0]).text) <= _SHORT:
            return head, rest
    return [], list(band)


def _bands(parts: Sequence[Block], space: float) -> list[list[Block]]:
    """Parts in groups with blank bands between them, from top to bottom."""
    found: list[list[Block]] = []
    foot = 0.0
    for part in sorted(parts, key=lambda part: part.box[1]):
        if found and part.box[1] - foot <= space:
            found[-1].append(part)
            foot = max(foot, part.box[3])
        else:
            found.append([part])
            foot = part.box[3]
    return found


def _columns(parts: Sequence[Block]) -> list[list[Block]]:
    """Parts in groups with blank columns between them, from left to right."""
    found: list[list[Block]] = []
    edge = 0.0
    for part in sorted(parts, key=lambda part: part.box[0]):
        em = part.box[3] - part.box[1]
        if found and part.box[0] - edge <= _GUTTER * em:
            found[-1].append(part)
            edge = max(edge, part.box[2])
        else:
            found.append([part])
            edge = part.box[2]
    return found


def _contiguous(column: Sequence[Block]) -> bool:
    """Whether the lines of a column stand as close as those of one label."""
    order = sorted(column, key=lambda part: part.box[1])
    return all(b.box[1] - a.box[3] < 1.2 * (a.box[3] - a.box[1]) for a, b in zip(order, order[1:], strict=False))
