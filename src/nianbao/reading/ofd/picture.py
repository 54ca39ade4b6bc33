"""Pages of an OFD drawn: written as a PDF that the renderer of PDFs draws, for people and for OCR.

Fonts inside the file are used; for others the system's Chinese font stands in. Clips, patterns, shadings and the
seals of signatures are not drawn, elliptic arcs as chords.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from math import cos, radians, sin

from nianbao.errors import ReadError
from nianbao.reading.limits import Limits
from nianbao.reading.ofd.content import Reader
from nianbao.reading.ofd.drawing import Drawing, Image, Step
from nianbao.reading.ofd.images import Embedded, embedded
from nianbao.reading.ofd.package import Package
from nianbao.reading.ofd.sfnt import Font
from nianbao.reading.ofd.sheet import Content
from nianbao.reading.ofd.text import Run
from nianbao.reading.pdf.document import loaded, no_page, opened
from nianbao.reading.pdf.glyphs import Glyph
from nianbao.reading.pdf.render import unexplained_ink
from nianbao.reading.pdf.rules import Drawn, Matrix, within

_UPSIDE: Matrix = (1.0, 0.0, 0.0, -1.0, 0.0, 1.0)  # the unit square of OFD has its origin at the upper left
_STAND_IN = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[<</Type/Font"
    b"/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
    b"/DW 1000/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[-25 -254 1000 880]"
    b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>]>>"
)


def as_pdf(data: bytes, limits: Limits, pages: Sequence[int] | None = None) -> bytes:
    """A file as a PDF with as many pages, of which those wanted (from 1; all without) show something.

    Raises ReadError as the reader of OFD, and NB-READ-PAGE-LOST where a page that is wanted is not there.
    """
    package = Package(data, limits)
    readers = [Reader(package, document, limits) for document in package.documents()]
    places = [(reader, number) for reader in readers for number in range(len(reader.document.pages))][: limits.pages]
    file = _File(package, limits)
    for wanted in pages or ():
        if not 0 < wanted <= len(places):
            raise no_page(wanted, len(places))
    for count, (reader, number) in enumerate(places, 1):
        if pages is not None and count not in pages:
            file.add(Content(595.0, 842.0), ())
            continue
        if not reader.document.pages[number][1]:
            raise no_page(count, len(places))
        content = reader.page(number)
        file.add(content, content.items)
    return file.whole()


def ink(content: Content, package: Package, text: Sequence[Glyph], lined: Drawn, limits: Limits) -> float:
    """Share of a page's points that are dark where no character or rule is; marks and stamps aside."""
    file = _File(package, limits)
    try:
        file.add(content, [item for item in content.items if not item.aside])
        with opened(file.whole()) as (document, _), loaded(document, 1) as page:
            return unexplained_ink(page, text, lined.rules, (content.width, content.height)) if page else 0.0
    except ReadError:  # a giant image: what it shows is not looked at
        return min(1.0, sum(lined.images))


class _File:
    """A PDF that grows page by page."""

    def __init__(self, package: Package, limits: Limits) -> None:
        self.package = package
        self.limits = limits
        self.objects: list[bytes] = [b"<</Type/Catalog/Pages 2 0 R>>", b"", _STAND_IN]
        self.pages: list[int] = []
        self.fonts: dict[int, tuple[Font, int]] = {}
        self.images: dict[str, int] = {}

    def add(self, content: Content, items: Iterable[Run | Drawing | Image]) -> None:
        """Adds a page that shows some items."""
        alphas: set[int] = set()
        drawn = b"\n".join(part for item in items for part in self._item(item, alphas))
        stream = self._stream(b"/Filter/FlateDecode", zlib.compress(drawn, 1))
        fonts = b"".join(b"/F%d %d 0 R" % (number, number) for _, number in self.fonts.values())
        images = b"".join(b"/I%d %d 0 R" % (number, number) for number in self.images.values() if number)
        states = b"".join(b"/G%d<</ca %.3f/CA %.3f>>" % (one, one / 255, one / 255) for one in sorted(alphas))
        self.pages.append(
            self._object(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %.2f %.2f]/Contents %d 0 R/Resources<</Font<</F3 3 0 R%b>>"
                b"/XObject<<%b>>/ExtGState<<%b>>>>>>" % (content.width, content.height, stream, fonts, images, states)
            )
        )

    def whole(self) -> bytes:
        """The file."""
        kids = b" ".join(b"%d 0 R" % number for number in self.pages)
        self.objects[1] = b"<</Type/Pages/Count %d/Kids[%b]>>" % (len(self.pages), kids)
        parts, places, size = [b"%PDF-1.7\n"], [], 9
        for number, item in enumerate(self.objects, 1):
            places.append(size)
            parts.append(b"%d 0 obj\n%b\nendobj\n" % (number, item))
            size += len(parts[-1])
        table = b"".join(b"%010d 00000 n \n" % place for place in places)
        tail = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(self.objects) + 1, size)
        return b"".join((*parts, b"xref\n0 %d\n0000000000 65535 f \n" % (len(self.objects) + 1), table, tail))

    def _object(self, item: bytes) -> int:
        self.objects.append(item)
        return len(self.objects)

    def _stream(self, entries: bytes, data: bytes) -> int:
        return self._object(b"<<%b/Length %d>>stream\n%b\nendstream" % (entries, len(data), data))

    # ------------------------------------------------------------ items

    def _item(self, item: Run | Drawing | Image, alphas: set[int]) -> Iterator[bytes]:
        if not item.alpha:
            return
        yield b"q"
        if item.alpha < 255:
            alphas.add(item.alpha)
            yield b"/G%d gs" % item.alpha
        if isinstance(item, Run):
            yield from self._run(item)
        elif isinstance(item, Drawing):
            yield from _drawing(item)
        elif number := self._image(item.path):
            yield b"%b cm /I%d Do" % (_numbers(within(_UPSIDE, item.matrix)), number)
        yield b"Q"

    def _run(self, run: Run) -> Iterator[bytes]:
        if run.hidden:
            return
        yield _colour(run.colour, b"rg") + b" BT"
        own = self._font(run.font)
        wide, high = run.size * run.stretch, run.size
        for one in run.chars:
            if one.char.isspace():
                continue
            glyph = one.glyph if one.glyph is not None else run.font.glyphs.get(ord(one.char))
            font, code = (own, glyph) if own and glyph else (3, ord(one.char))
            if code > 0xFFFF:
                continue
            # Its baseline to the right and its way up, turned on the spot.
            placed = within((wide, 0.0, 0.0, -high, 0.0, 0.0), _turned(run.turn))
            matrix = within(placed, within((1.0, 0.0, 0.0, 1.0, one.x, one.y), run.matrix))
            yield b"/F%d 1 Tf %b Tm <%04x> Tj" % (font, _numbers(matrix), code)
        yield b"ET"

    def _font(self, font: Font) -> int:
        """The object of a font that lies in the file; 0 where none does."""
        if id(font) not in self.fonts:
            number = self._embed(font)
            if not number:
                return 0
            self.fonts[id(font)] = font, number
        return self.fonts[id(font)][1]

    def _embed(self, font: Font) -> int:
        data = font.data
        if data[:4] in (b"\0\1\0\0", b"true"):
            kind, file = b"/CIDFontType2/CIDToGIDMap/Identity", b"/FontFile2 %d 0 R" % self._stream(b"", data)
        elif data[:4] == b"OTTO":
            kind, file = b"/CIDFontType0", b"/FontFile3 %d 0 R" % self._stream(b"/Subtype/OpenType", data)
        else:
            return 0
        return self._object(
            b"<</Type/Font/Subtype/Type0/BaseFont/Own/Encoding/Identity-H/DescendantFonts[<</Type/Font/Subtype%b"
            b"/BaseFont/Own/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000/FontDescriptor"
            b"<</Type/FontDescriptor/FontName/Own/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0/Ascent 880"
            b"/Descent -120/CapHeight 880/StemV 93%b>>>>]>>" % (kind, file)
        )

    def _image(self, path: str) -> int:
        """The object of an image; 0 where it cannot be shown."""
        if path not in self.images:
            try:
                found = embedded(self.package.read(path), self.limits) if path else None
            except ReadError as error:
                if error.code != "NB-READ-DAMAGED":
                    raise
                found = None
            self.images[path] = self._embedded(found) if found else 0
        return self.images[path]

    def _embedded(self, image: Embedded) -> int:
        if not image.mask:
            return self._stream(image.entries, image.data)
        size = b"/Width %d/Height %d" % (image.width, image.height)
        mask = self._stream(
            b"/Type/XObject/Subtype/Image%b/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode" % size,
            image.mask,
        )
        return self._stream(image.entries + b"/SMask %d 0 R" % mask, image.data)


def _drawing(item: Drawing) -> Iterator[bytes]:
    yield _numbers(item.matrix) + b" cm"
    if item.stroke:
        yield _colour(item.stroke, b"RG") + b" %.4f w" % item.width
    if item.fill:
        yield _colour(item.fill, b"rg")
    yield from _path(item.steps)
    even = b"*" if item.even_odd else b""
    yield (b"B" + even if item.stroke and item.fill else b"f" + even) if item.fill else (b"S" if item.stroke else b"n")


def _path(steps: Sequence[Step]) -> Iterator[bytes]:
    last = (0.0, 0.0)
    begun = False
    for kind, held in steps:
        point = (held[-2], held[-1]) if held else last
        if kind in "MS" or not begun:
            yield _numbers(point if kind != "C" else last) + b" m"
            begun = True
        elif kind == "C":
            yield b"h"
        elif kind == "B":
            yield _numbers(held) + b" c"
        elif kind == "Q":
            x, y = held[:2]
            first = (last[0] + 2 * (x - last[0]) / 3, last[1] + 2 * (y - last[1]) / 3)
            second = (point[0] + 2 * (x - point[0]) / 3, point[1] + 2 * (y - point[1]) / 3)
            yield _numbers((*first, *second, *point)) + b" c"
        else:
            yield _numbers(point) + b" l"
        last = point


def _turned(degrees: float) -> Matrix:
    c, s = cos(radians(degrees)), sin(radians(degrees))
    return c, s, -s, c, 0.0, 0.0


def _colour(colour: tuple[int, int, int], operator: bytes) -> bytes:
    return b"%.3f %.3f %.3f " % (colour[0] / 255, colour[1] / 255, colour[2] / 255) + operator


def _numbers(values: Iterable[float]) -> bytes:
    return b" ".join(b"%.4f" % value for value in values)
