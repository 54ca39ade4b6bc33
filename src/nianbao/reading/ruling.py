"""Ruling lines → the cells of tables. Shared by the readers of PDFs and of scans.

Rules that touch are one table. Its grid comes from the distinct places of its rules; squares with no rule between
them are one cell (union-find); squares open to the outside are none.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from nianbao.reading.layout import Box

_MOST_RULES = 1500
_CORNER = 2.0


class Rule(NamedTuple):
    """A rule at ``at`` (y of one across, x of one down) from ``start`` to ``end``, in points or pixels."""

    at: float
    start: float
    end: float


class Rules(NamedTuple):
    """The rules of a page: those across and those down."""

    across: list[Rule]
    down: list[Rule]


@dataclass(frozen=True, slots=True)
class Field:
    """A cell: its place in the grid and on the page; open: no rule closes it at the table's head or foot."""

    row: int
    column: int
    rows: int
    columns: int
    box: Box
    open_above: bool = False
    open_below: bool = False


@dataclass(frozen=True, slots=True)
class Ruled:
    """A table: the lines of its grid and, for each square of it, the number of its field (-1: outside)."""

    xs: tuple[float, ...]
    ys: tuple[float, ...]
    squares: tuple[tuple[int, ...], ...]
    fields: tuple[Field, ...]

    @property
    def box(self) -> Box:
        return self.xs[0], self.ys[0], self.xs[-1], self.ys[-1]

    def field_at(self, x: float, y: float) -> int | None:
        """The number of the field that a point lies in."""
        column, row = bisect_right(self.xs, x) - 1, bisect_right(self.ys, y) - 1
        if 0 <= row < len(self.squares) and 0 <= column < len(self.squares[0]):
            found = self.squares[row][column]
            return found if found >= 0 else None
        return None


def tables(rules: Rules, *, near: float = 3.0) -> list[Ruled]:
    """The tables of a page from top to bottom. ``near``: how far apart rules may lie that should meet.

    A frame around everything is no table; a table inside a cell of another is left to that cell.
    """
    across, down = merged(rules.across, near), merged(rules.down, near)
    if len(across) + len(down) > _MOST_RULES:  # a drawing
        across = sorted(across, key=lambda rule: rule.start - rule.end)[: _MOST_RULES // 2]
        down = sorted(down, key=lambda rule: rule.start - rule.end)[: _MOST_RULES // 2]
    found = [table for part in _touching(across, down, near) if (table := _table(part, near))]
    several = [
        table
        for table in found
        if len(table.fields) > 1 or not any(_inside(other, table) for other in found if other is not table)
    ]
    outer = [table for table in several if not any(_inside(table, other) for other in several if other is not table)]
    return sorted(outer, key=lambda table: (table.box[1], table.box[0]))


def merged(rules: Iterable[Rule], near: float) -> list[Rule]:
    """Rules with those that lie on one another or follow one another made one."""
    found: list[Rule] = []
    open_: list[Rule] = []
    for rule in sorted(rules):
        found += [other for other in open_ if rule.at - other.at > near * 0.7]
        open_ = [other for other in open_ if rule.at - other.at <= near * 0.7]
        start, end = rule.start, rule.end
        # Thick borders are drawn in pieces, and leave corners out.
        meet = [other for other in open_ if other.start <= end + near * _CORNER and start <= other.end + near * _CORNER]
        if meet:
            open_ = [other for other in open_ if other not in meet]
            at = max(meet, key=lambda other: other.end - other.start).at
            rule = Rule(at, min(start, *(o.start for o in meet)), max(end, *(o.end for o in meet)))
        open_.append(rule)
    return found + open_


def _touching(across: Sequence[Rule], down: Sequence[Rule], near: float) -> list[Rules]:
    """The rules in groups that hang together."""
    parent = list(range(len(across) + len(down)))
    for i, h in enumerate(across):
        for j, v in enumerate(down, len(across)):
            if h.start - near <= v.at <= h.end + near and v.start - near <= h.at <= v.end + near:
                parent[_root(parent, i)] = _root(parent, j)
    groups: dict[int, Rules] = {}
    for i, rule in enumerate([*across, *down]):
        group = groups.setdefault(_root(parent, i), Rules([], []))
        (group.across if i < len(across) else group.down).append(rule)
    return list(groups.values())


def _root(parent: list[int], i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


def _table(rules: Rules, near: float) -> Ruled | None:
    across, down = list(rules.across), list(rules.down)
    if not across or not down or (len(across) < 2 and len(down) < 2):
        return None
    # Where a page break or a style leaves a side without its rule, the ends of the others tell where it is.
    above, below = _close(across, down, near)
    _close(down, across, near)
    xs, ys = _distinct((rule.at for rule in down), near), _distinct((rule.at for rule in across), near)
    if len(xs) < 2 or len(ys) < 2:
        return None
    columns, rows = len(xs) - 1, len(ys) - 1
    wall_down = _walls(down, xs, ys, near)  # [line of the grid][row]
    wall_across = _walls(across, ys, xs, near)  # [line of the grid][column]
    outside = rows * columns
    parent = list(range(outside + 1))
    for row in range(rows):
        for line in range(columns + 1):
            if not wall_down[line][row]:
                left = row * columns + line - 1 if line else outside
                right = row * columns + line if line < columns else outside
                parent[_root(parent, left)] = _root(parent, right)
    for column in range(columns):
        for line in range(rows + 1):
            if not wall_across[line][column]:
                upper = (line - 1) * columns + column if line else outside
                lower = line * columns + column if line < rows else outside
                parent[_root(parent, upper)] = _root(parent, lower)
    groups: dict[int, list[int]] = {}
    for square in range(outside):
        if _root(parent, square) != _root(parent, outside):
            groups.setdefault(_root(parent, square), []).append(square)
    squares = [[-1] * columns for _ in range(rows)]
    fields = []
    for number, group in enumerate(groups.values()):
        places = [divmod(square, columns) for square in group]
        top, bottom = min(row for row, _ in places), max(row for row, _ in places) + 1
        left, right = min(column for _, column in places), max(column for _, column in places) + 1
        for row, column in places:
            squares[row][column] = number
        field = Field(top, left, bottom - top, right - left, (xs[left], ys[top], xs[right], ys[bottom]))
        fields.append(replace(field, open_above=top == 0 and above, open_below=bottom == rows and below))
    return Ruled(tuple(xs), tuple(ys), tuple(map(tuple, squares)), tuple(fields)) if fields else None


def _close(across: list[Rule], down: Sequence[Rule], near: float) -> tuple[bool, bool]:
    """Adds the outer rules ``across`` that are missing at the ends of those ``down``; whether first and last were."""
    missing = [False, False]
    for far in (False, True):
        end = max(rule.end for rule in down) if far else min(rule.start for rule in down)
        reach = [rule.at for rule in down if abs((rule.end if far else rule.start) - end) <= near]
        if len(reach) < 2 or any(abs(rule.at - end) <= near for rule in across):
            continue
        across.append(Rule(end, min(reach), max(reach)))
        missing[far] = True
    return missing[0], missing[1]


def _distinct(places: Iterable[float], near: float) -> list[float]:
    found: list[float] = []
    for place in sorted(places):
        if not found or place - found[-1] > near:
            found.append(place)
    return found


def _walls(rules: Sequence[Rule], lines: Sequence[float], steps: Sequence[float], near: float) -> list[list[bool]]:
    """For each line of the grid and each step along it: whether a rule covers it."""
    walls = [[False] * (len(steps) - 1) for _ in lines]
    for rule in rules:
        line = max(0, bisect_right(lines, rule.at + 0.001) - 1)
        for step in range(len(steps) - 1):
            slack = min(near * 1.5, (steps[step + 1] - steps[step]) / 2)
            if rule.start <= steps[step] + slack and rule.end >= steps[step + 1] - slack:
                walls[line][step] = True
    return walls


def _inside(inner: Ruled, outer: Ruled) -> bool:
    a, b = inner.box, outer.box
    return a[0] >= b[0] - 1 and a[1] >= b[1] - 1 and a[2] <= b[2] + 1 and a[3] <= b[3] + 1
