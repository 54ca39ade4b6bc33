"""Is a page's text layer to be believed? Signs and thresholds: docs/reading.md."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nianbao.reading.pdf.glyphs import Glyph
from nianbao.reading.pdf.lines import rows

Kind = Literal["good", "woven", "bad-map", "hidden", "empty", "blank"]

BAD_SHARE = 0.02  # of characters that are none: U+FFFD, private, control, unassigned
COMMON_SHARE = 0.90  # of Han in the first level of GB 2312: good files have .997 or more, broken maps .22
FEW = 30  # characters: with less, a page with ink holds a picture
INK = 0.002  # share of dark points that no character or rule explains, from which on something was not read


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict on one page and its reason; ``ocr``: the text layer cannot be used.

    woven: the content draws its lines in pieces; the places decide, so nothing needs repair. hidden: the text is the
    invisible layer behind a scan. empty: no text, but ink. blank: neither.
    """

    page: int
    kind: Kind
    reason: str

    @property
    def ocr(self) -> bool:
        return self.kind in ("bad-map", "hidden", "empty")


def judge(number: int, text: Sequence[Glyph], hidden: Sequence[Glyph], images: float, ink: float) -> Verdict:
    """The verdict on a page's characters. images: share of the page that images cover; ink: unexplained dark share."""
    if hidden and len(hidden) > len(text) and images > 0.5:
        return Verdict(number, "hidden", f"{len(hidden)} invisible characters lie behind a scan")
    if len(text) < FEW and (ink > INK or images > 0.5):
        return Verdict(number, "empty", f"{len(text)} characters, but a picture covers the page")
    if not text:
        return Verdict(number, "blank", "nothing is printed on it")
    bad = sum(map(_is_bad, (glyph.char for glyph in text)))
    if bad > BAD_SHARE * len(text):
        return Verdict(number, "bad-map", f"{bad} of {len(text)} characters have no meaning in the file")
    han = [glyph.char for glyph in text if "\u4e00" <= glyph.char <= "\u9fff"]
    common = sum(map(is_common, han))
    if len(han) >= FEW and common < COMMON_SHARE * len(han):
        return Verdict(number, "bad-map", f"only {common} of {len(han)} Chinese characters are common ones")
    woven, long = _woven(text)
    if woven > 0.2 * long:
        return Verdict(number, "woven", f"{woven} of {long} lines are drawn in pieces; read by their places")
    return Verdict(number, "good", "")


def _is_bad(char: str) -> bool:
    return char == "\ufffd" or unicodedata.category(char) in ("Co", "Cn", "Cc", "Cs")


def is_common(char: str) -> bool:
    """Whether a character is of the first level of GB 2312."""
    try:
        return 0xB0 <= char.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


def _woven(text: Sequence[Glyph]) -> tuple[int, int]:
    """(lines whose characters the content draws in another order, lines of 8 characters or more)."""
    long = [row for row in rows(glyph for glyph in text if not glyph.turn) if len(row) >= 8]
    return sum(any(b.index < a.index for a, b in zip(row, row[1:], strict=False)) for row in long), len(long)
