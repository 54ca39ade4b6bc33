"""Fonts of OFD files: what their TrueType or OpenType data tell about characters, glyphs and widths.

Only where the file itself does not tell: the width of a Latin letter, the character of a glyph without text, the glyph
of a character that is to be drawn. Damaged data tell nothing.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from functools import cached_property

from nianbao.errors import ReadError
from nianbao.reading.pdf.glyphs import meaning

_MOST = 70_000  # characters of a font
_BROAD = frozenset("mwMW%@")
_CAPITAL = frozenset("ABCDGHKNOQRUVXY&")
# In Unicode's Latin blocks, but as wide as Chinese characters in Chinese print.
_WIDE = frozenset("“”‘’—…‖→①②③④⑤⑥⑦⑧⑨⑩")


class Font:
    """A font by name, with its data where the file holds them."""

    def __init__(self, name: str, load: Callable[[], bytes] | None = None) -> None:
        self.name = name
        self._load = load

    @cached_property
    def data(self) -> bytes:
        """The font program; empty where there is none."""
        try:
            return self._load() if self._load else b""
        except ReadError:
            return b""

    @cached_property
    def glyphs(self) -> dict[int, int]:
        """Code point → glyph."""
        try:
            return dict(_cmap(self._table(b"cmap")))
        except (struct.error, IndexError):
            return {}

    @cached_property
    def characters(self) -> dict[int, str]:
        """Glyph → character, where the font tells."""
        private = range(0xE000, 0xF900)
        return {glyph: chr(code) for code, glyph in reversed(self.glyphs.items()) if glyph and code not in private}

    def other(self, char: str, glyph: int) -> str:
        """The character that a glyph shows, where that is not the one that the file says; "" where it may be."""
        shown = self.characters.get(glyph, "")
        own = self.glyphs.get(ord(char))
        return shown if shown and own is not None and own != glyph and meaning(ord(shown)) != meaning(ord(char)) else ""

    @cached_property
    def _widths(self) -> list[float]:
        try:
            (em,) = struct.unpack_from(">H", self._table(b"head"), 18)
            (count,) = struct.unpack_from(">H", self._table(b"hhea"), 34)
            pairs = struct.unpack_from(f">{2 * count}H", self._table(b"hmtx"))
        except struct.error:
            return []
        return [width / em for width in pairs[::2]] if em else []

    def width(self, char: str, glyph: int | None) -> float:
        """The advance of a character in em."""
        if self._load and char.isascii():
            known = self._widths
            number = self.glyphs.get(ord(char), 0) if glyph is None else glyph
            if known and number:
                return known[min(number, len(known) - 1)]
        return usual_width(char)

    def _table(self, name: bytes) -> bytes:
        data = self.data
        if data[:4] == b"ttcf":
            return b""
        (count,) = struct.unpack_from(">H", data, 4)
        for place in range(12, 12 + 16 * min(count, 100), 16):
            if data[place : place + 4] == name:
                start, size = struct.unpack_from(">II", data, place + 8)
                return data[start : start + size]
        return b""


def usual_width(char: str) -> float:
    """The width of a character in em in most fonts; of narrow letters that in Chinese ones, where all are alike."""
    if char >= "\u2000" and not "\u2000" <= char <= "\u200a":
        return 1.0 if char in _WIDE or char >= "\u2e80" else 0.6
    return 0.9 if char in _BROAD else 0.72 if char in _CAPITAL else 0.5


def _cmap(table: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", table, 2)
    found = [struct.unpack_from(">HHI", table, 4 + 8 * number) for number in range(min(count, 30))]
    # Full Unicode before the basic plane before symbols before Macintosh.
    order = {(3, 10): 0, (0, 4): 1, (0, 6): 1, (3, 1): 2, (0, 3): 3, (3, 0): 4, (1, 0): 5}
    for platform, encoding, place in sorted(found, key=lambda one: order.get((one[0], one[1]), 6)):
        part = table[place:]
        (form,) = struct.unpack_from(">H", part)
        read = {0: _bytes, 4: _segments, 6: _trimmed, 12: _groups}.get(form)
        if read:
            symbol = (platform, encoding) == (3, 0)
            for number, (code, glyph) in enumerate(read(part)):
                if number > _MOST:
                    return
                yield (code & 0xFF if symbol and 0xF000 <= code <= 0xF0FF else code), glyph
            return


def _bytes(part: bytes) -> Iterator[tuple[int, int]]:
    yield from ((code, glyph) for code, glyph in enumerate(part[6 : 6 + 128]) if glyph)


def _trimmed(part: bytes) -> Iterator[tuple[int, int]]:
    first, count = struct.unpack_from(">HH", part, 6)
    yield from enumerate(struct.unpack_from(f">{count}H", part, 10), first)


def _segments(part: bytes) -> Iterator[tuple[int, int]]:
    (double,) = struct.unpack_from(">H", part, 6)
    count = double // 2
    ends = struct.unpack_from(f">{count}H", part, 14)
    starts = struct.unpack_from(f">{count}H", part, 16 + double)
    shifts = struct.unpack_from(f">{count}H", part, 16 + 2 * double)
    offsets = struct.unpack_from(f">{count}H", part, 16 + 3 * double)
    left = _MOST
    for number, (start, end, shift, offset) in enumerate(zip(starts, ends, shifts, offsets, strict=True)):
        codes = range(start, min(end, 0xFFFE, start + left) + 1)
        left -= len(codes)
        for code in codes:
            glyph = code
            if offset:
                place = 16 + 3 * double + 2 * number + offset + 2 * (code - start)
                (glyph,) = struct.unpack_from(">H", part, place)
                if not glyph:
                    continue
            yield code, (glyph + shift) & 0xFFFF


def _groups(part: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">I", part, 12)
    for number in range(min(count, _MOST)):
        start, end, glyph = struct.unpack_from(">III", part, 16 + 12 * number)
        for code in range(start, min(end, 0x10FFFF, start + _MOST) + 1):
            yield code, glyph + code - start
