"""Forms printed without ruling lines, row close on row → cells, by the labels of the form and where their values stand.

The wordings of the labels tell where each begins and ends, in lines or in single characters one below another. The
printed lines of the values are then dealt out among the labels, in their order, so that each value stands as its label
does: at the same middle, or with its first line beside the label's first one. A value never reaches into the lines of
another label.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from statistics import median

from nianbao.reading.layout import Box, Cell, Line
from nianbao.reading.pdf.dealing import Place, Printed, dealt
from nianbao.reading.pdf.glyphs import Glyph
from nianbao.reading.pdf.lines import lines
from nianbao.reading.pdf.unruled import Block, block, joined
from nianbao.resources import FORM

_MOST = 1000  # pieces, and …
_LINES = 200  # … printed lines of values that a page of a form has
_GAP = 0.2  # em between a label and the words beside it at least
_SAME = 0.4  # em between the middles of what stands on one line
_APART = 2.0  # em of white between two lines of a label at most
_BESIDE = 6.0  # em of white between two pieces of a label in one line (住    所)
_TOUCH = 0.2  # em by which boxes may reach into one another
_STRANGE = 0.6  # share of rows in doubt from which on this is no such form
_FIGURE = re.compile(r"[-－−]?\d[\d,，.]*(?:%|％|[万亿]?元)?|[/／—－-]+|无")
_SIGNED = re.compile(r"法定代表人|公章|\(?盖章|\d{4}年\d{1,2}月\d{1,2}日$")  # how no value begins
_ENDED = tuple("。；！？;!?：:")


@dataclass(frozen=True, slots=True)
class Aligned:
    """A form's cells, the characters outside it (cover, foot), the labels whose values are in doubt, and what is set
    aside: the halves of a head of a part of the form that the page breaks."""

    cells: tuple[Cell, ...]
    outside: tuple[Glyph, ...]
    doubtful: tuple[str, ...]
    halves: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class _Label:
    """A label: its key in form.toml ("" where it is unknown), zone, whether it stands second in a row, its parts."""

    key: str
    zone: str
    inline: bool
    block: Block
    cut: bool = False  # by the page

    @property
    def box(self) -> Box:
        return self.block.box


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the form: its labels from left to right, none for what goes on from the page before. figures: those that
    stand below heads, by their columns. still: no lines of values are dealt out to it."""

    labels: tuple[_Label, ...]
    figures: dict[int, Block] = field(default_factory=dict)
    still: bool = False

    @property
    def blocks(self) -> list[Block]:
        return [*(label.block for label in self.labels), *self.figures.values()]

    @property
    def box(self) -> Box:
        return _around(self.blocks)


def fold(text: str) -> str:
    """A text in one width and without blanks: two wordings that fold alike are the same."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).rstrip(":")


@cache
def _wordings() -> tuple[dict[str, tuple[str, str, bool]], frozenset[str]]:
    """({wording: (key, zone, inline)}, all beginnings of wordings) of form.toml."""
    data = tomllib.loads(FORM.read_text("utf-8"))
    found = {
        fold(text): (row["key"], row["zone"], row.get("inline", False))
        for row in data["label"]
        for text in row["texts"]
    }
    return found, frozenset(text[:end] for text in found for end in range(1, len(text) + 1))


def table(parts: Sequence[Block], margin: Sequence[Block] = ()) -> Aligned | None:
    """The form on a page without rules, from the pieces of its printed lines; None where it is not told by labels.

    margin: pieces of its first and last line that may be header and footer.
    """
    if not 1 < len(parts) + len(margin) < _MOST:
        return None
    starts = Counter(round(part.box[0]) for part in parts or margin)
    margin = [piece for part in margin for piece in _apart(part, starts)]
    rim = [line for line in _lines(margin) if any(_belongs(part, starts) for part in line)]
    parts = [piece for part in parts for piece in _apart(part, starts)]
    parts += [part for line in rim for part in line]
    cover, body, foot = _body(parts)
    labels, rest = _labels(body)
    figures = _figures([label for label in labels if label.zone == "assets"], rest)
    held = {id(block) for row in figures for block in row.figures.values()}
    labels, rest = _strange(labels, [part for part in rest if id(part) not in held])
    labels = labels if cover else _tail(labels, rest)
    rows = _rows(labels, figures)
    if rows is None:
        return None
    above, rest = _above(rows[0], rest)
    printed = _lines(rest)
    if len(printed) > _LINES:
        return None
    em = median(part.box[3] - part.box[1] for part in body)
    found = dealt([_place(row) for row in rows], [_printed(line) for line in printed], em, open_below=not foot)
    if found is None:
        return None
    ends, doubtful = found
    if len(doubtful) > max(1.0, _STRANGE * len(rows)):
        return None
    names = tuple(_words(row) for number, row in enumerate(rows) if number in doubtful or _unknown(row))
    groups = [[part for line in printed[a:b] for part in line] for a, b in zip([0, *ends], [*ends, None], strict=False)]
    if cover:  # nothing goes on from a page before
        above += groups[0]
    rows = [_Row(()), *rows] if groups[0] and not cover else rows
    groups = groups if groups[0] and not cover else groups[1:]
    heads = [label for label in labels if label.zone == "group" and not label.cut]
    halves = [label for label in labels if label.zone == "group" and label.cut]
    held = {id(glyph) for part in parts for glyph in part.glyphs}
    aside = [part for part in margin if id(part.glyphs[0]) not in held]
    outside = tuple(glyph for part in (*cover, *above, *foot, *aside) for glyph in part.glyphs)
    set_aside = tuple(Line(text=label.block.text, box=label.box) for label in halves)
    return Aligned(_cells(rows, groups, heads, broken=not foot), outside, names, set_aside)


def _unknown(row: _Row) -> bool:
    return any(not label.key and not label.cut for label in row.labels)


def _words(row: _Row) -> str:
    return " ".join(fold(label.block.text) for label in row.labels) or "—"


# ---------------------------------------------------------------- what belongs to the form


def _middle(box: Box) -> float:
    return (box[1] + box[3]) / 2


def _overlap(one: Box, other: Box) -> float:
    """Points that two boxes have in common from left to right."""
    return min(one[2], other[2]) - max(one[0], other[0])


def _body(parts: Sequence[Block]) -> tuple[list[Block], list[Block], list[Block]]:
    """(pieces of the cover, of the form, of the line at its foot)."""
    known, _ = _wordings()
    top, foot = 0.0, float("inf")
    for part in parts:
        text = fold(part.text)
        key, zone, _ = known.get(text, known.get(text.partition(":")[0], ("", "", False)))
        if key in ("TITLE", "IMPRINT"):
            top = max(top, part.box[3])
        elif zone == "foot" and (":" in text or key == "form_filler"):
            foot = min(foot, part.box[1])
    cover = [part for part in parts if part.box[1] < top - 1]
    last = [part for part in parts if _middle(part.box) > foot and part.box[1] >= top - 1]
    gone = {id(part) for part in (*cover, *last)}
    return cover, [part for part in parts if id(part) not in gone], last


def _belongs(part: Block, starts: Counter[int]) -> bool:
    """Whether a piece of the first or last line of a page is of its form: it begins with words of a label, is part of
    one, or begins where values do."""
    text = fold(part.text)
    known, beginnings = _wordings()
    column = part.box[0] < min(starts) + 20
    if text[:4] in beginnings or (column and len(text) > 1 and any(text in word for word in known)):
        return True
    return part.box[0] > min(starts) + 40 and _near(part.box[0], starts) > 0


def _near(place: float, starts: Counter[int]) -> int:
    """How many pieces start at a place, within a point or so."""
    return sum(starts[round(place) + step] for step in (-1, 0, 1))


def _apart(part: Block, starts: Counter[int]) -> list[Block]:
    """A piece cut at narrow gaps: where other pieces start, and where a label stands (….公益 从业人数)."""
    known, _ = _wordings()
    words: list[list[Glyph]] = []
    for glyph in sorted(part.glyphs, key=lambda glyph: glyph.x):
        if words and not glyph.turn and glyph.x - words[-1][-1].right < _GAP * glyph.em:
            words[-1].append(glyph)
        else:
            words.append([glyph])
    found: list[list[Glyph]] = []
    fresh = True
    for word in words if len(words) > 1 else ():
        text = "".join(glyph.char for glyph in word)
        label = known.get(fold(text), ("", "", False))[1] in ("register", "assets", "report") and text[-1] not in ":："
        if fresh or label or _near(word[0].x, starts) > 1:
            found.append([])
        found[-1] += word
        fresh = label
    return [block(group) for group in found] if len(found) > 1 else [part]


def _labels(parts: Sequence[Block]) -> tuple[list[_Label], list[Block]]:
    """(the known labels, all other pieces)."""
    known, beginnings = _wordings()
    order = sorted(parts, key=lambda part: (part.box[1], part.box[0]))
    taken: set[int] = set()
    found: list[_Label] = []
    for part in order:
        if id(part) in taken or part.text.rstrip().endswith((":", "：")) or fold(part.text) not in beginnings:
            continue
        pieces, whole = _wording(part, [other for other in order if id(other) not in taken])
        if pieces:
            text = fold("".join(piece.text for piece in pieces))
            key, zone, inline = known[text] if whole else _begun(text)
            if not whole and not zone:
                continue
            if zone not in ("cover", "foot") and key not in ("TITLE", "IMPRINT"):
                found.append(_Label(key, zone, inline, joined(pieces), cut=not whole))
                taken |= {id(piece) for piece in pieces}
    # Words of a value may be those of a label, but stand in no column of labels.
    first = [label for label in found if not label.inline]
    columns = {id(label): sum(_overlap(label.box, other.box) > 0 for other in first) for label in first}
    if len(first) > 3:
        found = [label for label in found if label.inline or label.zone == "group" or columns[id(label)] > 1]
    last = {label.key: label for label in found}
    kept = [label for label in found if not label.key or last[label.key] is label]
    taken = {id(glyph) for label in kept for glyph in label.block.glyphs}
    return kept, [part for part in parts if id(part.glyphs[0]) not in taken]


def _begun(text: str) -> tuple[str, str, bool]:
    """What a label that begins with some words is: the head of a part of the form, or a label of the report."""
    zones = {zone for word, (_, zone, _) in _wordings()[0].items() if word.startswith(text)}
    return "", zones.pop() if zones in ({"group"}, {"report"}) else "", False


def _ends_head(text: str) -> bool:
    return any(zone == "group" and word.endswith(text) for word, (_, zone, _) in _wordings()[0].items())


def _wording(part: Block, others: Sequence[Block]) -> tuple[list[Block], bool]:
    """(the pieces of the longest label that begins with a piece, whether it is whole): to its right on the line, then
    on the lines below. Of a label that is not whole two pieces or more, with nothing below them."""
    known, beginnings = _wordings()
    text, pieces, box = fold(part.text), [part], part.box
    best: list[Block] = []
    ended = False
    while text in beginnings:
        if text in known:
            best = list(pieces)
        last = pieces[-1].box
        em = last[3] - last[1]
        beside = [
            other
            for other in others
            if abs(_middle(other.box) - _middle(last)) < _SAME * em and -em < other.box[0] - last[2] < _BESIDE * em
        ]
        below = [
            other
            for other in others
            if _overlap(other.box, box) > 0 and -_TOUCH * em <= other.box[1] - last[3] < _APART * em
        ]
        follow = [min(beside, key=lambda other: other.box[0])] if beside else []
        follow += [min(below, key=lambda other: (other.box[1], other.box[0]))] if below else []
        ended = not follow
        step = next((other for other in follow if other not in pieces and text + fold(other.text) in beginnings), None)
        if step is None:
            break
        pieces.append(step)
        text += fold(step.text)
        box = (min(box[0], step.box[0]), box[1], max(box[2], step.box[2]), step.box[3])
    return (pieces, False) if ended and len(pieces) > max(1, len(best)) else (best, True)


def _strange(labels: list[_Label], rest: Sequence[Block]) -> tuple[list[_Label], list[Block]]:
    """Labels and other pieces, with what stands in a column of labels as labels too: unknown ones, and those of which
    the page holds a part."""
    rows = sorted((label for label in labels if not label.inline), key=lambda label: label.box[1])
    columns = [label for label in rows if label.zone not in ("group", "assets")]
    left: list[Block] = []
    for part in rest:
        middle, em, text = _middle(part.box), part.box[3] - part.box[1], fold(part.text)
        near = [label for label in columns if _middle(label.box) < middle][-1:]
        near += [label for label in columns if _middle(label.box) >= middle][:1]
        piece = len(text) > 1 and any(text in word for word in _wordings()[0])
        if any(
            _overlap(part.box, label.box) > 0.5 * min(em, part.box[2] - part.box[0])
            and (piece or part.box[2] <= label.box[2] + em)
            and part.box[0] >= label.box[0] - 3 * em
            for label in near
        ):
            left.append(part)
    if not columns and rest:  # a page with nothing but the end of the form
        edge = min(part.box[0] for part in rest)
        first = [part for part in rest if part.box[0] - edge < part.box[3] - part.box[1]]
        text = fold("".join(part.text for part in sorted(first, key=lambda part: part.box[1])))
        if len(first) < len(rest) and len(text) > 1 and any(word.endswith(text) for word in _wordings()[0]):
            rest = [part for part in rest if part not in first]
            return [*labels, _Label("", "report", False, joined(first), cut=True)], rest
    groups: list[list[Block]] = []
    for part in sorted(left, key=lambda part: part.box[1]):
        em = part.box[3] - part.box[1]
        if groups and part.box[1] - groups[-1][-1].box[3] < 1.4 * em and _overlap(part.box, groups[-1][-1].box) > 0:
            groups[-1].append(part)
        else:
            groups.append([part])
    known, beginnings = _wordings()
    top, foot = (rows[0].box[1], rows[-1].box[3]) if rows else (0.0, 0.0)
    found = list(labels)
    for group in groups:
        text = fold("".join(part.text for part in group))
        ended = group[-1].box[3] < top and any(word.endswith(text) for word in known)
        begun = group[0].box[1] > foot and text in beginnings
        box = joined(group).box
        beside = any(box[1] < part.box[3] and part.box[1] < box[3] and part.box[0] > box[2] for part in rest)
        half = ended and not beside and all(len(part.text) == 1 for part in group) and _ends_head(text)
        found.append(_Label("", "group" if half else "report", False, joined(group), cut=ended or begun))
    gone = {id(part) for part in left}
    return found, [part for part in rest if id(part) not in gone]


def _tail(labels: list[_Label], rest: Sequence[Block]) -> list[_Label]:
    """Labels, with the first of a page as what it is: the end of one that the page breaks, of which a part may be a
    shorter wording. An end that is a wording of its own has no value."""
    order = sorted((label for label in labels if not label.inline), key=lambda label: label.box[1])
    for count in (2, 1):
        first = order[:count]
        text = "".join(fold(label.block.text) for label in first)
        if len(first) < count or any(label.zone != "report" for label in first) or first[-1].cut:
            continue
        box = first[-1].box
        beside = any(box[1] < part.box[3] and part.box[1] < box[3] and part.box[0] > box[2] - 1 for part in rest)
        whole = any(word.endswith(text) and word != text for word in _wordings()[0])
        if whole and (count > 1 or not beside) and (count == 1 or not first[0].key):
            rest_ = [label for label in labels if label not in first]
            return [*rest_, _Label("", "report", False, joined(label.block for label in first), cut=True)]
    return labels


def _above(row: _Row, rest: Sequence[Block]) -> tuple[list[Block], list[Block]]:
    """(pieces above the form, all others): those above its first label that stand left of its values, and what is
    above them."""
    if not row.labels:
        return [], list(rest)
    box = row.labels[0].box
    edge = max((part.box[3] for part in rest if part.box[3] < box[1] and part.box[0] < box[2]), default=0.0)
    return [part for part in rest if part.box[3] <= edge], [part for part in rest if part.box[3] > edge]


# ---------------------------------------------------------------- rows


def _rows(labels: Sequence[_Label], figures: Sequence[_Row]) -> list[_Row] | None:
    """The rows of the form from top to bottom; None where there are none or labels stand beside one another oddly."""
    own = {id(label) for row in figures for label in row.labels}
    main = [label for label in labels if label.zone != "group" and id(label) not in own]
    rows: list[list[_Label]] = []
    for label in sorted(main, key=lambda label: _middle(label.box)):
        if rows and label.box[1] < max(other.box[3] for other in rows[-1]) - 1:
            if any(_overlap(label.box, other.box) > 0 for other in rows[-1]):
                return None
            rows[-1].append(label)
        else:
            rows.append([label])
    found = list(figures)
    for row in rows:
        row.sort(key=lambda label: label.box[0])
        if len(row) > 1 and not all(label.inline for label in row[1:]):
            return None
        found.append(_Row(tuple(row)))
    return sorted(found, key=lambda row: _middle(row.box)) if rows else None


def _figures(labels: Sequence[_Label], rest: Sequence[Block]) -> list[_Row]:
    """The rows of 净资产合计 and of 年初数 and 年末数, and their figures where these stand below; none of those with
    values beside their labels."""
    found: list[_Row] = []
    for line in _lines(label.block for label in labels):
        row = sorted((label for label in labels if label.block in line), key=lambda label: label.box[0])
        top, foot = min(label.box[1] for label in row), max(label.box[3] for label in row)
        em = row[0].block.glyphs[0].em
        if any(top < _middle(part.box) < foot and part.box[0] > row[0].box[2] - 1 for part in rest):
            continue
        found.append(_Row(tuple(row), still=True))
        below = [
            part for part in rest if foot - 1 <= part.box[1] < foot + 6 * em and part.box[0] > row[0].box[0] - 4 * em
        ]
        below = _lines(below)[0] if below and len(row) > 1 else []
        under = {_head(part, row): part for part in below}
        if len(under) == len(below) and all(_FIGURE.fullmatch(fold(part.text)) for part in below):
            found += [_Row((), under, still=True)] if under else []
    return found


def _head(part: Block, row: Sequence[_Label]) -> int:
    """The number of the head that a figure stands under."""
    overlaps = [_overlap(part.box, label.box) for label in row]
    return overlaps.index(max(overlaps))


def _around(blocks: Iterable[Block]) -> Box:
    boxes = [block.box for block in blocks]
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _place(row: _Row) -> Place:
    _, top, right, foot = row.box
    first = row.labels[0] if row.labels else None
    cut = any(label.cut for label in row.labels)
    return Place(
        ((first.box[2] if first else right) - 1, top, right, foot), first.zone if first else "", not row.still, cut
    )


def _printed(line: Sequence[Block]) -> Printed:
    last = max(line, key=lambda part: part.box[2]).text
    first = fold(min(line, key=lambda part: part.box[0]).text)
    return Printed(_around(line), last.endswith(_ENDED), bool(_SIGNED.match(first)))


def _lines(parts: Iterable[Block]) -> list[list[Block]]:
    """Pieces by the lines that they stand on, from top to bottom."""
    found: list[list[Block]] = []
    for part in sorted(parts, key=lambda part: _middle(part.box)):
        em = part.box[3] - part.box[1]
        if found and _middle(part.box) - _middle(found[-1][0].box) < _SAME * em:
            found[-1].append(part)
        else:
            found.append([part])
    return found


# ---------------------------------------------------------------- cells


def _cells(
    rows: Sequence[_Row], groups: Sequence[Sequence[Block]], heads: Sequence[_Label], *, broken: bool
) -> tuple[Cell, ...]:
    """The cells of the form: labels and their values side by side, the heads of its parts in rows of their own."""
    edge = max(block.box[2] for row, group in zip(rows, groups, strict=True) for block in (*row.blocks, *group))
    found: list[Cell] = []
    left = list(heads)
    number = 0
    for place, (row, group) in enumerate(zip(rows, groups, strict=True)):
        for head in [head for head in left if any(_heads(head, label) for label in row.labels)]:
            left.remove(head)
            found.append(_alone(number, 0, head.block))
            number += 1
        if row.still:
            columns = [*enumerate(label.block for label in row.labels), *row.figures.items()]
            found += [_alone(number, column, block) for column, block in columns]
        else:
            found += _row(row, group, number, edge, open_below=broken and place == len(rows) - 1)
        number += 1
    return (*found, *(_alone(number + at, 0, head.block) for at, head in enumerate(left)))


def _heads(head: _Label, label: _Label) -> bool:
    """Whether the head of a part of the form stands beside or above a label of it."""
    part = {"REGISTER": "register", "ASSETS": "assets"}.get(head.key, "")
    return label.box[1] >= head.box[3] or (label.zone == part and label.box[0] >= head.box[2] - 1)


def _alone(row: int, column: int, block: Block) -> Cell:
    return Cell(row=row, column=column, lines=tuple(lines(block.glyphs)), box=block.box)


def _row(row: _Row, group: Sequence[Block], number: int, edge: float, *, open_below: bool) -> list[Cell]:
    """The cells of a row, those of labels and those of values in turn; both reach over its height."""
    _, top, _, foot = _around((*row.blocks, *group))
    if not row.labels:
        start = min(block.box[0] for block in group)
        edge = edge if len(_lines(group)) > 1 else max(block.box[2] for block in group)
        empty = Cell(row=number, column=0, box=(start - 20, top, start - 5, foot))
        return [
            empty,
            Cell(row=number, column=1, lines=_text(group), box=(start, top, edge, foot), open_below=open_below),
        ]
    found = []
    open_above = number == 0 and any(label.cut for label in row.labels)
    ends = [*(label.box[0] for label in row.labels[1:]), edge + 4]
    for at, (label, end) in enumerate(zip(row.labels, ends, strict=True)):
        own = [block for block in group if label.box[2] - 1 <= block.box[0] < end]
        start = min((block.box[0] for block in own), default=label.box[2] + 4)
        pair = (
            (tuple(lines(label.block.glyphs)), (label.box[0], top, start - 2, foot)),
            (_text(own), (start, top, max(end - 4, start + 1), foot)),
        )
        found += [
            Cell(row=number, column=2 * at + column, lines=text, box=box, open_above=open_above, open_below=open_below)
            for column, (text, box) in enumerate(pair)
        ]
    return found


def _text(group: Sequence[Block]) -> tuple[Line, ...]:
    return tuple(lines([glyph for block in group for glyph in block.glyphs]))
