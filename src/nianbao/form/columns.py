"""Values in a column beside their labels: where the rows of one box end and those of the next begin.

A printed form centres a label at half the height of its box; other copies begin the value on the label's first line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate

from nianbao.form.labels import GAP, Label, blanked, column, indent
from nianbao.form.values import BLANK_DATE, SIGNATURE, find_dates, says_nothing
from nianbao.form.wrapping import SENTENCE_END, opens_paragraph

_LATER = re.compile(  # no text begins with its second item
    r"[（(]?(?:[二三四五六七八九十][、)）是]|[2-9][.、．)）](?!\d))|其次|再次|最后|此外|第[二三四五六七八九][，、是]|[②-⑳]"
)
_SURELY = 2.5  # half rows


def borders(lines: Sequence[str], labels: Sequence[Label]) -> dict[int, int]:
    """In a layout of columns: line → number of the label from whose box on it is, for lines above their label.

    Such a label stands at half the height of its box. Between two labels the rows are cut where both come to stand in
    the middle, and where the text above the cut is finished.
    """
    borders: dict[int, int] = {}
    chain: list[int] = []
    columns = sum(_beside(lines, label) for label in labels) >= 3
    for number in range(1, len(labels)):
        above, below = labels[number - 1], labels[number]
        gap = [n for n in range(above.last + 1, below.first) if lines[n].strip()]
        edge = max(_edge(lines, above), _edge(lines, below)) + 6
        if gap and columns and all(indent(lines[n]) >= edge for n in gap):
            if not chain:
                chain = [number - 1]
            chain.append(number)
            continue
        borders |= _cuts(lines, labels, chain)
        chain = []
    return borders | _cuts(lines, labels, chain)


def _edge(lines: Sequence[str], label: Label) -> int:
    return min(column(lines[piece.line], piece.start) for piece in label.pieces)


def _beside(lines: Sequence[str], label: Label) -> bool:
    """Whether a value stands in a column right of the label."""
    for piece in label.pieces:
        rest = lines[piece.line][piece.end :]
        if rest.strip() and len(rest) - len(rest.lstrip()) >= GAP:
            return True
    return False


def _cuts(lines: Sequence[str], labels: Sequence[Label], chain: Sequence[int]) -> dict[int, int]:
    """The best cuts for a chain of labels whose first box begins at its label and whose last ends before the next."""
    if not chain:
        return {}
    first = labels[chain[0]].first
    last = labels[chain[-1] + 1].first if chain[-1] + 1 < len(labels) else len(lines)
    while last > labels[chain[-1]].last + 1 and not lines[last - 1].strip():
        last -= 1
    rows = list(lines[first:last])
    for number in chain:
        for piece in labels[number].pieces:
            if first <= piece.line < last:
                rows[piece.line - first] = blanked(rows[piece.line - first], [piece])
    rows = [row.strip(" \u3000") for row in rows]
    # Brackets open at the end of each row, to tell at once how many stay open in a stretch.
    depth = [0, *accumulate(len(re.findall("[（(《“]", row)) - len(re.findall("[）)》”]", row)) for row in rows)]
    # state: first row of the box → (cost, cuts so far)
    states: dict[int, tuple[float, tuple[int, ...]]] = {first: (0.0, ())}
    for number, follow in zip(chain, [*chain[1:], -1], strict=True):
        label = labels[number]
        ends = range(label.last + 1, labels[follow].first + 1) if follow >= 0 else (last,)
        new: dict[int, tuple[float, tuple[int, ...]]] = {}
        for end in ends:
            finish = _unfinished(rows, end - first) if follow >= 0 else 0.0
            for start, (cost, cuts) in states.items():
                total = cost + abs(start + end - 1 - label.first - label.last) + finish
                total += 4.0 * (depth[end - first] > depth[start - first])
                if end not in new or total < new[end][0]:
                    new[end] = (total, (*cuts, end))
        states = new
    middle = min(states.values())[1]
    at_labels = (*(labels[number].first for number in chain[1:]), last)

    def price(cuts: Sequence[int]) -> float:
        """Unfinished texts, and by how many half rows labels stand off the middle beyond what rounding explains."""
        begins = (first, *cuts[:-1])
        off = (
            abs(a + b - 1 - labels[n].first - labels[n].last) - 1 for a, b, n in zip(begins, cuts, chain, strict=True)
        )
        return sum(max(0, o) for o in off if cuts is middle) + sum(
            max(0.0, _unfinished(rows, c - first)) for c in cuts[:-1]
        )

    # Where values begin at their labels the middles cannot be met.
    if price(at_labels) + _SURELY < price(middle):
        return {}
    return dict(zip(middle[:-1], chain[1:], strict=True))


def _unfinished(rows: Sequence[str], end: int) -> float:
    """What it costs to end a box before row ``end``: nothing where its text is finished there."""
    row = next((row for row in reversed(rows[:end]) if row), "")
    if not row:
        return 0.0
    price = 0.0 if SENTENCE_END.search(row) or is_date(row) or says_nothing(row) else 2.0
    if end < len(rows):
        price += 3.0 if _LATER.match(rows[end]) else -opens_paragraph(rows[end])
        price += 3.0 * bool(is_date(rows[end]) or SIGNATURE.match(rows[end]))  # these end an opinion, they open none
    return price


def is_date(row: str) -> bool:
    dates = find_dates(row)
    return bool(BLANK_DATE.fullmatch(row) or dates and dates[0].start == 0 and dates[0].end == len(row))
