"""The labels of the form and where they stand in the lines of a report.

A label may be broken over lines, set with blanks between its characters, stand above its value, before it, or in a
column of its own beside it. ``find_labels`` takes the lines as they are; woven values do it no harm, because labels are
not woven.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Self

from nianbao.record import FundingCode

GAP = 2  # blanks that part two columns
_FOLD = str.maketrans("()[]【】〈〉<>:，,", "（）（）（）《》《》：、、")
_BLANK = " \u3000"
# A blank, a colon, one head of a column close behind another (年初数（万元）年末数（万元）), or an amount (年初数9.5).
_LABEL_END = re.compile(
    rf"[{_BLANK}]+|[：:]|(?<=[数）)])(?=[年期][初末])|(?<=[数元][）)])(?=[\d\-])|(?<=[初末]数)(?=[\d\-])"
)
_RUN = re.compile(rf"[{_BLANK}]+")
_MAX_BREAKS = 40  # blanks inside one line of a label: 法 定 代 表 人
_MAX_LINES = 24  # lines over which a label may be spread


@dataclass(frozen=True, slots=True)
class Box:
    """One label of form.toml."""

    key: str
    zh: str
    zone: str
    texts: tuple[str, ...]
    order: int
    inline: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a line: [start, end) counts characters."""

    line: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Label:
    """A label found: its box, the wording that it has, its pieces, where the value may begin, what parts the two.

    sep: ``end`` (nothing behind it on the line), ``colon``, ``gap`` (a column), ``blank``, ``none``.
    """

    box: Box
    text: str
    pieces: tuple[Piece, ...]
    sep: str
    value: Piece
    exact: bool = True

    @property
    def key(self) -> str:
        return self.box.key

    @property
    def first(self) -> int:
        return self.pieces[0].line

    @property
    def last(self) -> int:
        return self.pieces[-1].line


@dataclass(frozen=True, slots=True)
class Wordings:
    """Labels to look for: ``boxes`` maps a folded wording to its box, ``prefixes`` holds all beginnings."""

    boxes: dict[str, Box]
    prefixes: frozenset[str]

    @classmethod
    def of(cls, boxes: Iterable[Box]) -> Self:
        wordings = {text: box for box in boxes for text in box.texts}
        return cls(wordings, frozenset(text[:i] for text in wordings for i in range(1, len(text) + 1)))


@dataclass(frozen=True, slots=True)
class Table:
    """form.toml, ready for use: all labels, those of boxes, of groups, of boxes that stand inside any
    line, and of those that stand beside another one in a row of the register."""

    boxes: dict[str, Box]
    fields: Wordings
    groups: Wordings
    inline: Wordings
    row: Wordings
    funding: dict[str, FundingCode | None] = field(default_factory=dict)


@cache
def table() -> Table:
    """The labels of form.toml."""
    data: dict[str, Any] = tomllib.loads((Path(__file__).parent / "form.toml").read_text(encoding="utf-8"))
    boxes: dict[str, Box] = {}
    for order, row in enumerate(data["label"]):
        texts = tuple(fold(text) for text in row["texts"])
        box = Box(row["key"], row["zh"], row["zone"], texts, order, row.get("inline", False))
        boxes[box.key] = box
    return Table(
        boxes,
        fields=Wordings.of(box for box in boxes.values() if box.zone != "group"),
        groups=Wordings.of(box for box in boxes.values() if box.zone == "group"),
        inline=Wordings.of(box for box in boxes.values() if box.inline),
        row=Wordings.of(box for box in boxes.values() if box.inline or box.zone == "register"),
        funding={fold(text): row["code"] or None for row in data["funding"] for text in row["texts"]},
    )


def fold(text: str) -> str:
    """A text without blanks, its brackets and signs in one width: two that fold alike are the same label."""
    return re.sub(r"\s", "", text.translate(_FOLD)).rstrip("：")


@cache
def width(char: str) -> int:
    """Columns that a character takes: 2 for Chinese characters and signs, 1 for Latin."""
    return 2 if unicodedata.east_asian_width(char) in "WFA" else 1


def column(line: str, position: int) -> int:
    """The column at which a position of a line stands."""
    return sum(map(width, line[:position]))


def indent(line: str) -> int:
    """The column of the first character that is no blank."""
    return column(line, len(line) - len(line.lstrip()))


def text_of(lines: Sequence[str], piece: Piece) -> str:
    """The words of a piece, without blank ends."""
    return lines[piece.line][piece.start : piece.end].strip()


_NOTHING_TO_SEE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\xad"))
_STROKE = re.compile("[|│┃]")
_UNCLEAN = re.compile("[\u200b\u200c\u200d\u2060\ufeff\xad\t\xa0|│┃]")


def clean_line(line: str) -> str:
    """A line with tabs and odd blanks as blanks, and without invisible characters and a blank end."""
    if not _UNCLEAN.search(line):
        return line.rstrip()
    plain = line.translate(_NOTHING_TO_SEE).replace("\t", "    ").replace("\xa0", " ").rstrip()
    if plain.lstrip().startswith(("|", "│", "┃")):
        plain = _STROKE.sub("  ", plain).rstrip()  # a table drawn with strokes
    return plain


def clean_columns(line: str) -> tuple[str, Sequence[int]]:
    """``clean_line(line)``, and for each of its characters the position in ``line`` that it comes from."""
    plain = clean_line(line)
    if line.startswith(plain):
        return plain, range(len(plain))
    strokes = _STROKE.match(line.translate(_NOTHING_TO_SEE).lstrip())
    columns: list[int] = []
    for at, char in enumerate(line):
        if ord(char) not in _NOTHING_TO_SEE:
            columns += [at] * (4 if char == "\t" else 2 if strokes and _STROKE.match(char) else 1)
    return plain, columns[: len(plain)]


def blanked(line: str, pieces: Sequence[Piece]) -> str:
    """A line with blanks in place of the pieces; positions and columns stay."""
    for piece in pieces:
        gone = "".join("\u3000" if width(c) == 2 else " " for c in line[piece.start : piece.end])
        line = line[: piece.start] + gone + line[piece.end :]
    return line


@lru_cache(maxsize=2)
def find_labels(lines: tuple[str, ...]) -> tuple[Label, ...]:
    """All places where a wording of form.toml stands like a label, in the order of the lines.

    The last answers are kept: a report's lines are looked through before repair and, mostly unchanged, after it.
    ``lines`` come from ``clean_line``. A place is the start of a line, or behind another label of the same line for
    boxes that may stand there. Whether it is a label (and not words of the narrative) is decided by
    ``nianbao.form.parse``, which sees the whole form.
    """
    rest = list(lines)
    found = list(_scan(rest, table().groups))
    # The head of a part stands left of its boxes; without it they open their lines.
    for label in found:
        for piece in label.pieces:
            rest[piece.line] = blanked(rest[piece.line], [piece])
    found += _scan(rest, table().fields)
    found += _marked(rest, {label.key for label in found})
    return tuple(sorted(found, key=lambda label: (label.first, label.pieces[0].start)))


def _scan(lines: Sequence[str], known: Wordings) -> Iterator[Label]:
    taken: dict[int, int] = {}  # line → from where on it is free
    for number, line in enumerate(lines):
        start = max(len(line) - len(line.lstrip(_BLANK)), taken.get(number, 0))
        label = _match(lines, number, start, known)
        while label:
            yield label
            for piece in label.pieces:
                taken[piece.line] = piece.end
            label = _next_on_line(lines, label) if label.box.zone != "report" else None


_MARK = re.compile(
    r"\s*(?:[（(]?(?:\d{1,2}|[一二三四五六七八九十]{1,3})[)）]?\s*[、.．:：)）]|[（(][一二三四五六七八九十\d]{1,3}[)）]|[①-⑳■●◆▲★►▪•*]|[【\[])"
    r"[ \u3000]*"
)
_ON_COVER = ("name", "legal_representative")  # boxes that a cover prints too, without a mark
_MARKED = 3  # so many boxes with a mark before their label are the form's, fewer may be headings of a text


def _marked(lines: Sequence[str], have: Collection[str]) -> list[Label]:
    """Labels behind an outline mark (一、开展业务活动情况) or in brackets, of boxes that stand nowhere without one."""
    found: list[Label] = []
    for number, line in enumerate(lines):
        mark = _MARK.match(line)
        if not mark or line[mark.end() : mark.end() + 1].translate(_FOLD) not in table().fields.prefixes:
            continue
        rest = [line.replace("】", "：").replace("]", "："), *lines[number + 1 : number + _MAX_LINES]]
        label = _match(rest, 0, mark.end(), table().fields)
        if label and (label.key not in have or label.key in _ON_COVER):
            pieces = [Piece(number + piece.line, piece.start, piece.end) for piece in label.pieces]
            begin = len(line) - len(line.lstrip(_BLANK))
            pieces[0] = Piece(number, begin, pieces[0].end)
            value = Piece(number + label.value.line, label.value.start, label.value.end)
            found.append(Label(label.box, label.text, tuple(pieces), label.sep, value))
    return found if len({label.key for label in found} - set(_ON_COVER)) >= _MARKED else []


def _next_on_line(lines: Sequence[str], label: Label) -> Label | None:
    """A box behind a label on the label's last line."""
    line = lines[label.last]
    short = label.box.zone in ("register", "cover") and label.key != "purpose"
    known = table().row if short else table().inline
    for start in (label.value.start, *(run.end() for run in _RUN.finditer(line, label.value.start))):
        found = _match(lines, label.last, start, known)
        if found:
            return found
    return None


def _match(lines: Sequence[str], number: int, start: int, known: Wordings) -> Label | None:
    """The longest label of ``known`` that begins at a position."""
    best: Label | None = None
    prefixes = known.prefixes

    def extend(here: int, begin: int, before: str, pieces: tuple[Piece, ...]) -> None:
        nonlocal best
        line = lines[here]
        for end in _ends(line, begin):
            text = before + fold(line[begin:end])
            if text not in prefixes:
                return
            now = (*pieces, Piece(here, begin, end))
            box = known.boxes.get(text)
            if box and (best is None or len(text) > len(best.text)):
                best = _label(lines, box, text, now)
            behind = _RUN.match(line, end)
            if end == len(line) or (behind and (behind.end() - end >= GAP or len(text) > 1)):
                follow = _next_piece(lines, here, column(lines[number], start))
                if follow is not None and follow - number < _MAX_LINES:
                    extend(follow, len(lines[follow]) - len(lines[follow].lstrip(_BLANK)), text, now)

    # Two characters tell nearly always that no label begins here.
    opening = lines[number][start : start + 2].translate(_FOLD)
    if opening in prefixes or opening[:1] in prefixes and opening[1:].strip() in ("", "："):
        extend(number, start, "", ())
    return best


def _ends(line: str, begin: int) -> Iterator[int]:
    """Where a piece of a label that begins at ``begin`` may end: before a colon, before blanks, before another head of
    a column, at the line's end."""
    for count, match in enumerate(_LABEL_END.finditer(line[begin:])):
        yield begin + match.start()
        if match[0] and match[0] in "：:" or count > _MAX_BREAKS:
            return
    yield len(line)


def _next_piece(lines: Sequence[str], number: int, edge: int) -> int | None:
    """The line where a label goes on: past blank lines and past lines that stand in the values' column."""
    passed = 0
    for here in range(number + 1, min(number + 6, len(lines))):
        if not lines[here].strip(_BLANK):
            continue
        if indent(lines[here]) < edge + 8:
            return here
        passed += 1
        if passed > 2:
            return None
    return None


def _label(lines: Sequence[str], box: Box, text: str, pieces: tuple[Piece, ...], *, exact: bool = True) -> Label:
    line, end = lines[pieces[-1].line], pieces[-1].end
    run = _RUN.match(line, end)
    at = run.end() if run else end
    if at >= len(line):
        sep = "end"
    elif line[at] in "：:":
        sep = "colon"
        run = _RUN.match(line, at + 1)
        at = run.end() if run else at + 1
    elif run:
        sep = "gap" if at - end >= GAP else "blank"
    else:
        sep = "none"
    return Label(box, text, pieces, sep, Piece(pieces[-1].line, min(at, len(line)), len(line)), exact)


# ---------------------------------------------------------------- damaged labels


def find_damaged(lines: Sequence[str], box: Box, first: int, last: int) -> Label | None:
    """A label of ``box`` with lost or strange glyphs, or grown together with its value, in lines [first, last)."""
    for number in range(first, min(last, len(lines))):
        line = lines[number]
        start = len(line) - len(line.lstrip(_BLANK))
        if start == len(line):
            continue
        for end in _ends(line, start):
            text = fold(line[start:end])
            if any(_damaged(text, whole) for whole in box.texts):
                return _label(lines, box, text, (Piece(number, start, end),), exact=False)
        pieces: tuple[Piece, ...] = ()
        text, here = "", number
        while len(pieces) < 8 and here < last:
            line = lines[here]
            begin = len(line) - len(line.lstrip(_BLANK))
            gap = re.search(rf"[{_BLANK}]{{{GAP},}}", line[begin:])
            end = begin + gap.start() if gap else len(line)
            text += fold(line[begin:end])
            pieces += (Piece(here, begin, end),)
            if len(text) > max(map(len, box.texts)) + 1:
                break
            if len(pieces) > 1 and any(_damaged(text, whole) for whole in box.texts):
                return _label(lines, box, text, pieces, exact=False)
            follow = _next_piece(lines, here, column(lines[number], start))
            if follow is None:
                break
            here = follow
    return None


def find_glued(lines: Sequence[str], box: Box, first: int, last: int) -> Label | None:
    """A label of ``box`` at the start of a line with its value directly behind it, in lines [first, last)."""
    for number in range(first, min(last, len(lines))):
        line = lines[number]
        start = len(line) - len(line.lstrip(_BLANK))
        for text in box.texts:
            if line.startswith(text, start) and len(line) > start + len(text):
                return _label(lines, box, text, (Piece(number, start, start + len(text)),), exact=False)
    return None


def _damaged(text: str, whole: str) -> bool:
    """Whether ``text`` is ``whole`` with up to two fifths of its glyphs lost, or a fifth of them wrong."""
    if not text or text == whole or len(text) > len(whole):
        return False
    if len(whole) < 4:
        return (
            len(whole) >= 2
            and len(text) == len(whole)
            and sum(a == b for a, b in zip(text, whole, strict=True)) >= len(whole) / 2
            and not text.isalnum()
        )
    if len(text) == len(whole) and sorted(text) != sorted(whole):
        return sum(a != b for a, b in zip(text, whole, strict=True)) <= max(1, len(whole) // 5)
    if sorted(text) == sorted(whole):
        return True  # all its glyphs, in another order
    letters = iter(whole)
    return len(text) >= max(3, 0.6 * len(whole)) and all(c in letters for c in text)
