"""Running text: a passage without its typesetting, and the way back to where each character stood.

Reports put blanks round digits, wrap lines inside words and mix full- and half-width signs. The grammars of outline,
metrics and events read a ``Flow``: blanks and wrapped line ends are gone, signs are in one width, paragraphs end in a
line feed. Every character of a flow knows its offset in the text, so what is found is quoted as it was printed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

_WIDE = str.maketrans("０１２３４５６７８９．％〇＋－", "0123456789.%〇+-")
_NARROW = str.maketrans(";()?![]~", "；（）？！［］～")
_BLANK = re.compile(r"\s+")
_COMMA = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),")
_WIDE_COMMA = re.compile(r"(?<=[０-９])，(?=[０-９]{3}(?![０-９]))")
_COLON = re.compile(r":(?!\d)|(?<!\d):")
_QUOTES = re.compile(r'"([^"\n]*)"')
_ENDED = frozenset("。！？；：!?;:…”）")


@dataclass(frozen=True, slots=True)
class Flow:
    """``text`` with signs in one width, ``raw`` with those printed; both as long as ``at`` less one.

    ``at[i]`` is the offset in the whole text of character i; the last entry is the end of the passage.
    """

    text: str
    raw: str
    at: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The offsets in the whole text of the stretch [start, end) of the flow, which must not be empty."""
        return self.at[start], self.at[end - 1] + 1


@lru_cache(maxsize=4)
def flow(text: str, start: int = 0, end: int | None = None) -> Flow:
    """The running text of ``text[start:end]``."""
    end = len(text) if end is None else end
    breaks = paragraph_breaks(text, start, end)
    spaced = _typographic(text[start:end])
    pieces: list[str] = []
    at: list[int] = []
    here = start
    for blank in _BLANK.finditer(text, start, end):
        pieces.append(text[here : blank.start()])
        at.extend(range(here, blank.start()))
        here = blank.end()
        if blank.start() == start or here == end:
            continue
        newline = next((i for i in range(blank.start(), here) if i in breaks), None)
        before, behind = text[blank.start() - 1], text[here]
        if newline is not None:
            pieces.append("\n")
            at.append(newline)
        elif before.isascii() and behind.isascii() and before.isalnum() and behind.isalnum():
            pieces.append(" ")  # two numbers, or two Latin words: they stay two
            at.append(blank.start())
        elif not spaced and "\n" not in blank.group() and _word(before) and _word(behind):
            pieces.append(" ")  # lines that an editor joined: a heading and its text
            at.append(blank.start())
    pieces.append(text[here:end])
    at.extend(range(here, end))
    raw = "".join(pieces)
    signs = _WIDE_COMMA.sub(",", raw).translate(_WIDE).translate(_NARROW)
    signs = _QUOTES.sub(r"“\1”", _COLON.sub("：", _COMMA.sub("，", signs)))
    return Flow(signs, raw, (*at, end))


@lru_cache(maxsize=4)
def paragraph_breaks(text: str, start: int, end: int) -> frozenset[int]:
    """Offsets of the line feeds that end a paragraph; the others only wrap a line.

    A text is wrapped where most lines are of one width (at most 60) and do not end a sentence. In a wrapped text a line
    goes on in the next one unless it ends a sentence or is shorter than the others.
    """
    feeds = [i for i in range(start, end) if text[i] == "\n"]
    lines = text[start:end].split("\n")
    widths = sorted(len(line.strip()) for line in lines if line.strip())
    if len(widths) < 3:
        return frozenset(feeds)
    width = widths[(len(widths) - 1) * 9 // 10]
    inner = [line.strip() for line in lines[:-1] if line.strip()]
    unfinished = sum(line[-1] not in _ENDED and len(line) >= width * 0.75 for line in inner)
    if width > 60 or unfinished * 2 < len(inner):
        return frozenset(feeds)
    found: set[int] = set()
    for feed, line in zip(feeds, lines, strict=False):
        shown = line.strip()
        if shown and (len(shown) < width * 0.75 or (shown[-1] in _ENDED and len(shown) < width - 2)):
            found.add(feed)
    return frozenset(found)


def _word(char: str) -> bool:
    return char.isalnum() and not char.isascii() or char in "”》）"


def _typographic(text: str) -> bool:
    """Whether blanks between Chinese characters are so many that they mean nothing."""
    blanks = len(re.findall(r"[一-鿿] +(?=[一-鿿])", text))
    return blanks * 25 > len(text)
