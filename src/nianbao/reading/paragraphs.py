"""Printed lines with their places → paragraphs: which line only ran into its margin, and which ended on purpose."""

from __future__ import annotations

import re
from collections.abc import Sequence
from statistics import median

from nianbao.reading.layout import Box, Line

# What a printer keeps together at the start of a line.
_TOKEN = re.compile(r"[“‘《（「『【(]*(?:[0-9A-Za-z][0-9A-Za-z.,:%+\-/]*|.)[，。、；：？！”’》）」』】,.;:?!%‰)]*")
_OUTLINE = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）]|\d{1,2}[、．](?!\d)|\d{1,2}\.(?!\d)|[一二三四五六七八九十]是"
)
_FINISHED = tuple("。！？；：!?;:")
_HANGING = tuple("，。、；：！？,.;:!?”’》）」』】")
_CENTRED = 0.6  # em by which the margins of a centred line may differ


def paragraphs(lines: Sequence[tuple[int, Line, Box | None]]) -> list[list[tuple[int, Line]]]:
    """The printed lines of a cell, (page, line, box of its cell on that page) each, in groups that are a paragraph."""
    found: list[list[tuple[int, Line]]] = []
    placed = [(line, line.box, cell) for _, line, cell in lines if line.box and cell]
    margins = _Margins(placed) if placed else None
    for number, (page, line, cell) in enumerate(lines):
        before = lines[number - 1] if number else None
        if before is None or margins is None or margins.parted(before, (page, line, cell)):
            found.append([(page, line)])
        else:
            found[-1].append((page, line))
    return found


class _Margins:
    """Where the lines of a cell begin and end, counted from the left border of the cell."""

    def __init__(self, placed: Sequence[tuple[Line, Box, Box]]) -> None:
        self.em = median(box[3] - box[1] for _, box, _ in placed) or 1.0
        starts = [box[0] - cell[0] for _, box, cell in placed]
        # A sign may hang over the margin.
        ends = sorted(
            box[2] - cell[0] - (self.em if line.text.endswith(_HANGING) else 0.0) for line, box, cell in placed
        )
        self.left = min(starts)
        width = median(cell[2] - cell[0] for _, _, cell in placed)
        # Lines that are set to one margin show where it is; else it is as wide as the left one, if lines come near.
        even = sum(ends[-1] - end < 0.1 * self.em for end in ends)
        self.justified = even >= 3 and even >= 0.4 * len(ends)
        shown = len(ends) > 1 and ends[-1] - ends[-2] < 0.7 * self.em
        near = abs(ends[-1] - (width - self.left)) < self.em
        self.right = ends[-1] if self.justified or (shown and not near) else max(ends[-1], width - self.left)
        indented = sum(start - self.left > 1.2 * self.em for start in starts)
        self.indents_tell = 0 < indented <= 0.7 * len(starts)
        gaps = [b[1][1] - a[1][1] for a, b in zip(placed, placed[1:], strict=False) if b[1][1] > a[1][1]]
        self.pitch = median(gaps) if gaps else 0.0
        slack = [
            abs((start - self.left) - (self.right - (box[2] - cell[0])))
            for start, (_, box, cell) in zip(starts, placed, strict=True)
        ]
        uneven = max(starts) - self.left > _CENTRED * self.em
        self.centred = uneven and all(part < 2 * _CENTRED * self.em for part in slack)

    def parted(self, before: tuple[int, Line, Box | None], behind: tuple[int, Line, Box | None]) -> bool:
        """Whether a paragraph ends between two lines."""
        (page, line, cell), (next_page, next_line, next_cell) = before, behind
        if not (line.box and cell and next_line.box and next_cell):
            return True
        if not self.centred and next_line.box[0] - next_cell[0] - self.left > 1.2 * self.em:
            return True
        if page == next_page and self.pitch and next_line.box[1] - line.box[1] > 1.6 * self.pitch:
            return True
        room = self.right - (line.box[2] - cell[0])
        need = width(next_line, first_token(next_line.text))
        # A line that ends inside a sentence must have had room for more than a word; so must one whose paragraph
        # would have begun the next line with an indent.
        if self.indents_tell or not line.text.endswith(_FINISHED):
            return room > need + 2.0 * self.em
        least = 0.3 * self.em if self.justified else need + 0.1 * self.em
        return room > least or bool(_OUTLINE.match(next_line.text))


def first_token(text: str) -> int:
    """How many characters at the start of a text a printer keeps on one line."""
    match = _TOKEN.match(text)
    return len(match[0]) if match else 0


def width(line: Line, count: int) -> float:
    """The width in points of the first ``count`` characters of a line."""
    if line.edges:
        return line.edges[min(count, len(line.text))] - line.edges[0]
    return (line.box[2] - line.box[0]) * count / max(1, len(line.text)) if line.box else 0.0


_NEAR = 1.5  # em before their margin within which full lines end
_EVIDENCE = 3  # lines that show where a margin is


def full(lines: Sequence[Line]) -> list[bool | None]:
    """For each line outside tables: whether the next one's first word had no room on it; None where nobody can tell.

    Lines that end inside a sentence show the margin: where most of them do not come near one, there is none to see
    (text in several columns).
    """
    known = [line for line in lines if line.box]
    nothing: list[bool | None] = [None] * len(lines)
    if len(known) < _EVIDENCE:
        return nothing
    em = median(_em(line) for line in known) or 1.0
    # A sign may hang over the margin.
    ends = sorted((_end(line) for line in known if not line.text.endswith(_HANGING)), reverse=True)
    margin = next((end for end in ends if sum(end - _NEAR * em <= other <= end for other in ends) >= _EVIDENCE), None)
    if margin is None:
        return nothing
    left = min(line.box[0] for line in known if line.box)
    room: dict[int, float] = {}  # left on a line by the next one's first word, in em
    inside: list[int] = []
    for number, (line, behind) in enumerate(zip(lines, lines[1:], strict=False)):
        if line.box:
            room[number] = (margin - _end(line) - width(behind, first_token(behind.text))) / em
            whole = line.box[0] - left < 4 * em and line.box[2] - left > 0.6 * (margin - left)
            if whole and not line.text.endswith(_FINISHED) and not _OUTLINE.match(line.text):
                inside.append(number)
    near = [number for number in inside if room[number] < 2.0]
    if 2 * len(near) <= len(inside):
        return nothing
    if 10 * sum(room[number] < 0.4 for number in near) >= 9 * len(near):
        # A line that ends inside a sentence must have had room for more than a word.
        least = [0.4 if line.text.endswith(_FINISHED) else 2.0 for line in lines]
        return [room[number] < least[number] if number in room else None for number in range(len(lines))]
    # A text that was wrapped before it was printed: its lines come near the margin, more or less.
    return [True if number in near else None for number in range(len(lines))]


def _em(line: Line) -> float:
    return line.box[3] - line.box[1] if line.box else 0.0


def _end(line: Line) -> float:
    return line.box[2] if line.box else 0.0
