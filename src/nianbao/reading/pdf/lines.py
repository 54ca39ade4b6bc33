"""Characters with their places → printed lines: by baseline, from left to right, with blanks where there are gaps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from statistics import median

from nianbao.reading.layout import Line
from nianbao.reading.pdf.glyphs import Glyph, bounds, turned_bounds

_SAME_LINE = 0.35  # em between two baselines of one line
_GAP = 0.2  # em that part two words …
_GAP_MIXED = 0.12  # … and a Chinese character from a number or Latin word
_CLOSE = 0.01  # em of spacing of a row whose characters touch
_WIDE = 1.2  # em from which on a gap is a column's; one blank for each half em
_DOUBLED = 0.2  # em between two strikes of one character (fake bold)
_MOST_BLANKS = 120
_MANY = 8  # gaps of a row, from which on their median is its spacing


def lines(group: Iterable[Glyph]) -> list[Line]:
    """The lines of the characters of a cell or a page, from top to bottom."""
    group = list(group)
    upright = [glyph for glyph in group if not glyph.turn]
    turned = [glyph for glyph in group if glyph.turn]
    if _runs_down(upright):
        return _columns(upright)
    found = [_line(row) for row in rows(upright)]
    if turned:
        found += _turned(turned)
        found.sort(key=lambda line: line.box[1] if line.box else 0.0)
    return found


def rows(group: Iterable[Glyph]) -> list[list[Glyph]]:
    """Characters by their baselines; those of a row from left to right, each once."""
    found: list[list[Glyph]] = []
    base, size = 0.0, 0.0
    for glyph in sorted(group, key=lambda glyph: (glyph.y, glyph.x)):
        if found and glyph.y - base <= _SAME_LINE * max(size, glyph.em):
            found[-1].append(glyph)
            # The line's baseline is that of its larger characters, not that of an exponent.
            if glyph.em > size * 1.2:
                base, size = glyph.y, glyph.em
        else:
            found.append([glyph])
            base, size = glyph.y, glyph.em
    return [_once(sorted(row, key=lambda glyph: (glyph.x, glyph.index))) for row in found]


def _once(row: Sequence[Glyph]) -> list[Glyph]:
    """A row without the second strikes of fake bold."""
    kept: list[Glyph] = []
    for glyph in row:
        if not any(
            other.char == glyph.char and abs(glyph.x - other.x) < _DOUBLED * glyph.em and glyph.index != other.index
            for other in kept[-3:]
        ):
            kept.append(glyph)
    return kept


def _line(row: Sequence[Glyph]) -> Line:
    """A row as text; the edges of a character of several (a ligature) part its width."""
    text: list[str] = []
    edges: list[float] = []
    scores: list[float] = []
    right, spacing = row[0].x, _spacing(row)
    narrow = _GAP_MIXED if 0 <= spacing < _CLOSE * row[0].em and len(row) > _MANY else _GAP
    for number, glyph in enumerate(row):
        gap = glyph.x - right - (spacing if number else 0.0)
        em = max(glyph.em, row[number - 1].em) if number else glyph.em
        mixed = number and row[number - 1].char.isascii() != glyph.char.isascii()
        words = number and row[number - 1].char.isalnum() and glyph.char.isalnum()
        if number and gap > (_GAP_MIXED if mixed else narrow if words else _GAP) * em:
            blanks = min(round(gap / (0.5 * em)), _MOST_BLANKS) if gap > _WIDE * em else 1
            text += " " * blanks
            edges += [right + gap * i / blanks for i in range(blanks)]
            scores += [1.0] * blanks
        text.append(glyph.char)
        scores.append(1.0 if glyph.score is None else glyph.score)
        edges.append(max(glyph.x, edges[-1] if edges else glyph.x))
        right = max(glyph.right, right)
    edges.append(max(right, edges[-1]))
    line = Line(text="".join(text), box=_rounded(bounds(row)), edges=tuple(round(edge, 1) for edge in edges))
    if all(glyph.score is None for glyph in row):
        return line
    return replace(line, origin="ocr", score=round(sum(scores) / len(scores), 3), scores=tuple(scores))


def _spacing(row: Sequence[Glyph]) -> float:
    """The space that justified or letterspaced print sets between all characters of a row."""
    gaps = [b.x - a.right for a, b in zip(row, row[1:], strict=False)]
    return max(0.0, median(gaps)) if len(gaps) >= _MANY else 0.0


def _rounded(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    return round(box[0], 1), round(box[1], 1), round(box[2], 1), round(box[3], 1)


def _runs_down(group: Sequence[Glyph]) -> bool:
    """Whether characters are written in columns from top to bottom, the first column on the right.

    The content draws each below the one before, or those of a column stand closer than the columns.
    """
    if not 4 <= len(group) <= 200:
        return False
    drawn = sorted(group, key=lambda glyph: glyph.index)
    moves = [(b.x - a.x, b.y - a.y, a.em) for a, b in zip(drawn, drawn[1:], strict=False)]
    down = sum(abs(dx) < 0.3 * em and 0.6 * em < dy < 2.5 * em for dx, dy, em in moves)
    up = sum(dx < -0.6 * em and dy < -0.6 * em for dx, dy, em in moves)
    if up > 0 and down >= 0.7 * len(moves) and down + up >= 0.9 * len(moves):
        return True
    if any(glyph.char.isascii() for glyph in group):
        return False
    em = median(glyph.em for glyph in group)
    columns = sorted({round(glyph.x / em, 1) for glyph in group})
    heights = sorted({round(glyph.y / em, 1) for glyph in group})
    apart = [b - a for a, b in zip(columns, columns[1:], strict=False)]
    below = [b - a for a, b in zip(heights, heights[1:], strict=False)]
    return bool(apart and below) and min(apart) >= 1.2 and min(below) > 0.8 and max(below) < min(1.15, min(apart) - 0.1)


def _columns(group: Sequence[Glyph]) -> list[Line]:
    """Vertical text: a line for each column, from right to left."""
    found: list[list[Glyph]] = []
    for glyph in sorted(group, key=lambda glyph: (-glyph.x, glyph.y)):
        if found and abs(found[-1][0].x - glyph.x) < 0.5 * glyph.em:
            found[-1].append(glyph)
        else:
            found.append([glyph])
    return [
        Line(text="".join(g.char for g in sorted(column, key=lambda g: g.y)), box=_rounded(bounds(column)))
        for column in found
    ]


def _turned(group: Sequence[Glyph]) -> list[Line]:
    """Text turned by 90°: its lines as if it were upright, without the places of single characters."""
    found: list[Line] = []
    for turn in (1, -1):
        part = [glyph for glyph in group if glyph.turn == turn]
        # Turned to the left it runs upwards, and its lines follow one another to the right.
        flat = [Glyph(g.char, -g.y * turn, g.x * turn, -g.y * turn + (g.right - g.x), g.em, g.index) for g in part]
        by_index = {g.index: g for g in part}
        for row in rows(flat):
            line = _line(row)
            whole = [by_index[g.index] for g in row]
            found.append(Line(text=line.text, box=_rounded(turned_bounds(whole))))
    return found
