"""Wrapped lines → paragraphs: which line ends only broke a line, and which ended a paragraph.

A printer breaks a line where the next word does not fit. A line that had room for the next word was ended on purpose:
there a paragraph ends. Outline marks, indents and blank lines help where they mean something in the text at hand.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from nianbao.form.labels import width

_ENDED = frozenset("。！？；：!?;:…")
_FULL_STOP = frozenset("。！？!?…")
_CLOSING = '”’》）」』】")）'
_HAN = "一二三四五六七八九十"
# Marks that open a paragraph, and those that also stand inside a sentence.
_STRONG = re.compile(
    rf"[{_HAN}]{{1,3}}、|[（(][{_HAN}]{{1,3}}[)）]|第[{_HAN}]{{1,3}}[章节部条]|\d{{1,2}}[、．](?!\d)|\d{{1,2}}\.(?!\d)"
    r"|\d{1,2}\.(?=20\d\d年)|[（(]\d{1,2}[)）]|[①-⑳]|[■●◆▲★◇○□►▪•]"
)
_WEAK = re.compile(rf"[{_HAN}]是|——|【|首先|其次|再次|最后|此外|第[{_HAN}][，,]|\d{{1,2}}[）)]")
# What a printer keeps together: a number or Latin word, an opening sign and what follows, signs that open no line.
_TOKEN = re.compile(r"[“‘《（「『【(]*(?:[0-9A-Za-z][0-9A-Za-z.,%+\-/]*|.)[，。、；：？！”’》）」』】,.;:?!%‰)]*")
SENTENCE_END = re.compile(r"[。！？；：.!?;:…][”’》）」』\")]*$")
_LONGEST = 140  # columns; a longer line is a whole paragraph


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a box: its text without blank ends, its column, whether blank lines stand before it.

    full: whether the next line's first word had no room on it, where the place of the line on its page tells.
    """

    text: str
    indent: int = 0
    after_blank: bool = False
    full: bool | None = None
    width: int = field(init=False)

    def __post_init__(self) -> None:
        blanks = self.text.count(" ") + 2 * self.text.count("\u3000")
        object.__setattr__(self, "width", sum(map(width, self.text)) - blanks)


@dataclass(frozen=True, slots=True)
class Measure:
    """How a text is set: columns of a full line (0: lines are not wrapped), whether blank lines and indents tell."""

    full: int
    blanks_tell: bool
    indents_tell: bool
    base: int


def measure(rows: Sequence[Row], known: Measure | None = None) -> Measure:
    """The measure of a text; one of less than four lines has that of the text ``known`` in the same report."""
    base = min((row.indent for row in rows), default=0)
    blanks = sum(row.after_blank for row in rows[1:])
    # Where a blank line stands behind (nearly) every line it says nothing.
    blanks_tell = 0 < blanks <= 0.4 * (len(rows) - 1)
    indented = sum(row.indent >= base + 2 for row in rows)
    indents_tell = 0 < indented <= 0.6 * len(rows)
    if len(rows) < 4 and known:
        return Measure(known.full, blanks_tell, False, base)
    widths = sorted(row.width for row in rows)
    if not widths:
        return Measure(0, False, False, 0)
    full = widths[(len(widths) - 1) * 9 // 10] if len(widths) >= 10 else widths[-1]
    # Wrapped lines end inside a sentence, and where they do they are full.
    inside = [row for row in rows[:-1] if not _ends(row.text, _ENDED)]
    near = [row for row in rows[:-1] if row.width >= full - 6]
    stopped = [row for row in inside if row.width >= full - 6]
    short = [row for row in inside if 0.6 * full <= row.width < full - 6 and not opens_paragraph(row.text)]
    enough = len(near) >= 0.15 * (len(rows) - 1) and len(stopped) >= 0.3 * len(near)
    wrapped = 12 <= full <= _LONGEST and enough and len(stopped) > len(short)
    return Measure(full if wrapped else 0, blanks_tell, indents_tell, base)


def paragraphs(rows: Sequence[Row], known: Measure | None = None) -> list[str]:
    """The paragraphs of a text, each on one line."""
    how = measure(rows, known)
    found: list[str] = []
    for number, row in enumerate(rows):
        if found and not _parted(rows[number - 1], row, how):
            found[-1] = glue(found[-1], row.text)
        else:
            found.append(row.text)
    return found


def glue(before: str, behind: str) -> str:
    """Two pieces of a wrapped line as one: nothing between Chinese, one blank between two Latin words or numbers."""
    if before[-1:].isascii() and behind[:1].isascii() and before[-1:].isalnum() and behind[:1].isalnum():
        return f"{before} {behind}"
    return before + behind


def opens_paragraph(text: str) -> bool:
    """Whether a line begins with an outline mark."""
    return bool(_STRONG.match(text) or _WEAK.match(text))


def _ends(text: str, signs: frozenset[str]) -> bool:
    return text.rstrip(_CLOSING)[-1:] in signs


def _parted(before: Row, behind: Row, how: Measure) -> bool:
    """Whether a paragraph ends between two lines."""
    if how.indents_tell and behind.indent >= how.base + 2:
        return True
    ended = _ends(before.text, _ENDED)
    strong = bool(_STRONG.match(behind.text))
    if before.full is not None:
        opens = strong or (_WEAK.match(behind.text) and _ends(before.text, _FULL_STOP))
        # Short words without an end behind a finished sentence: a heading without a mark.
        opens = opens or (not behind.full and 3 * behind.width < before.width and not _ends(behind.text, _ENDED))
        return not before.full or bool(opens and (ended or opens_paragraph(before.text)))
    if not how.full:
        if how.blanks_tell and behind.after_blank:
            return True
        # A long line that ends inside a sentence goes on, unless it is a heading with its mark.
        inside = before.text[-1:] in "，、,（《“" or (before.width >= 40 and not opens_paragraph(before.text))
        return ended or strong or not inside
    token = _TOKEN.match(behind.text)
    room = how.full - before.width - sum(width(c) for c in (token[0] if token else ""))
    if how.blanks_tell and behind.after_blank and (ended or room >= 4):
        return True  # but not where a page ends inside a sentence
    if strong and (ended or opens_paragraph(before.text)):
        return True
    if _WEAK.match(behind.text) and _ends(before.text, _FULL_STOP):
        return True
    if room >= max(4, how.full * 0.12):
        return True
    return room >= 2 and (ended or strong)
