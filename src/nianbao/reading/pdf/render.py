"""Pictures of pages: for people, for OCR, and to see ink that no character explains."""

from __future__ import annotations

import ctypes
import struct
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from nianbao.errors import ReadError
from nianbao.reading.layout import Box
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.pdf.glyphs import Glyph
from nianbao.reading.ruling import Rules

MOST_POINTS = 20_000_000
"""Points of a picture at most; a larger page is drawn at less dpi."""

_INK_DPI = 40
_DARK = 140  # of 255
_MARK = (255, 214, 0)

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Picture:
    """A page as an image: ``pixels`` rows × columns (grey) or rows × columns × 3 (red, green, blue), 0 black.

    scale: pixels a point of the page as shown, so that a place on the page is the place in the picture by it.
    """

    number: int
    pixels: Pixels
    scale: float

    @property
    def png(self) -> bytes:
        """The picture as a PNG file."""
        return _png(self.pixels)


def picture(
    page: pdfium.FPDF_PAGE, number: int, *, dpi: float = 200.0, grey: bool = True, limits: Limits = DEFAULT
) -> Picture:
    """Draw a loaded page. Raises ReadError (NB-READ-PAGE-SIZE) for one larger than ``limits.page_side``."""
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if not 0 < width <= limits.page_side or not 0 < height <= limits.page_side:
        raise ReadError(
            f"page {number} is {width:.0f} x {height:.0f} points (页面过大)",
            remedy="a page of A4 has 595 x 842; raise the limit page_side",
            place=f"page {number}",
            code="NB-READ-PAGE-SIZE",
        )
    scale = min(dpi / 72, (MOST_POINTS / (width * height)) ** 0.5)
    return Picture(number, draw(page, width, height, scale, grey), scale)


def marked(shown: Picture, boxes: Iterable[Box]) -> Picture:
    """The picture in colours, with some places of the page marked as with a highlighter."""
    pixels = shown.pixels
    coloured = np.repeat(pixels[:, :, None], 3, axis=2) if pixels.ndim == 2 else pixels.copy()
    for box in boxes:
        x0, y0, x1, y1 = (max(0, round(edge * shown.scale)) for edge in box)
        area = coloured[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)].astype(np.uint16)
        # As ink on paper: what is dark stays dark.
        coloured[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)] = area * np.array(_MARK, np.uint16) // 255
    return Picture(shown.number, coloured, shown.scale)


def unexplained_ink(page: pdfium.FPDF_PAGE, text: Sequence[Glyph], rules: Rules, size: tuple[float, float]) -> float:
    """Share of a page's points that are dark (and not coloured as a seal is) where no character or rule is."""
    width, height = size
    if not 0 < width <= DEFAULT.page_side or not 0 < height <= DEFAULT.page_side:
        return 0.0
    scale = min(_INK_DPI / 72, (1_000_000 / (width * height)) ** 0.5)
    pixels = draw(page, width, height, scale, False)
    dark = pixels.max(axis=2) < _DARK
    for glyph in text:
        x0, y0 = int((glyph.x - 0.3 * glyph.em) * scale), int((glyph.y - 1.1 * glyph.em) * scale)
        x1, y1 = int((glyph.right + 0.3 * glyph.em) * scale) + 2, int((glyph.y + 0.4 * glyph.em) * scale) + 2
        dark[max(0, y0) : max(0, y1), max(0, x0) : max(0, x1)] = False
    for rule in rules.across:
        row = int(rule.at * scale)
        dark[max(0, row - 2) : max(0, row + 3), max(0, int(rule.start * scale) - 1) : int(rule.end * scale) + 2] = False
    for rule in rules.down:
        column = int(rule.at * scale)
        dark[max(0, int(rule.start * scale) - 1) : int(rule.end * scale) + 2, max(0, column - 2) : column + 3] = False
    return float(dark.mean()) if dark.size else 0.0


def draw(page: pdfium.FPDF_PAGE, width: float, height: float, scale: float, grey: bool) -> Pixels:
    """A page of a size in points as rows × columns (grey) or rows × columns × 3."""
    columns, rows = max(1, round(width * scale)), max(1, round(height * scale))
    bitmap = pdfium.FPDFBitmap_CreateEx(
        columns, rows, pdfium.FPDFBitmap_Gray if grey else pdfium.FPDFBitmap_BGR, None, 0
    )
    if not bitmap:
        raise MemoryError
    try:
        pdfium.FPDFBitmap_FillRect(bitmap, 0, 0, columns, rows, 0xFFFFFFFF)
        flags = pdfium.FPDF_ANNOT | (pdfium.FPDF_GRAYSCALE if grey else 0)
        pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, columns, rows, 0, flags)
        stride = pdfium.FPDFBitmap_GetStride(bitmap)
        buffer = ctypes.cast(pdfium.FPDFBitmap_GetBuffer(bitmap), ctypes.POINTER(ctypes.c_ubyte * (stride * rows)))
        raw = np.frombuffer(buffer.contents, np.uint8).reshape(rows, stride)
        if grey:
            return raw[:, :columns].copy()
        return raw[:, : columns * 3].reshape(rows, columns, 3)[:, :, ::-1].copy()
    finally:
        pdfium.FPDFBitmap_Destroy(bitmap)


def _png(pixels: Pixels) -> bytes:
    rows, columns = pixels.shape[:2]
    lines = np.concatenate([np.zeros((rows, 1), np.uint8), pixels.reshape(rows, -1)], axis=1)
    head = struct.pack(">IIBBBBB", columns, rows, 8, 0 if pixels.ndim == 2 else 2, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    parts = chunk(b"IHDR", head), chunk(b"IDAT", zlib.compress(lines.tobytes(), 6)), chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)
