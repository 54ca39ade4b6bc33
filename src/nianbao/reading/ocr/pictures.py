"""Files → pictures of their pages for OCR: pages of PDFs drawn, images decoded, each at 200 dpi."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from io import BytesIO

import numpy as np
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps, UnidentifiedImageError

from nianbao.errors import ReadError
from nianbao.reading.limits import Limits
from nianbao.reading.pdf.document import loaded, opened
from nianbao.reading.pdf.render import Picture, picture
from nianbao.reading.sniff import ARCHIVE

DPI = 200
_SHEET = 842.0  # points of the longer side of a page whose image does not tell its size: A4
_FORMATS = ("PNG", "JPEG", "TIFF")


def pictures(data: bytes, limits: Limits, pages: Sequence[int] | None) -> Iterator[tuple[int, Picture | None]]:
    """(number from 1, picture) of the pages; None where one cannot be drawn. Raises ReadError."""
    if data.startswith(ARCHIVE):
        from nianbao.reading.ofd.picture import as_pdf

        data = as_pdf(data, limits, pages)
    if b"%PDF-" in data[:2048]:
        yield from _of_pdf(data, limits, pages)
    else:
        yield from _of_image(data, limits, pages)


def _of_pdf(data: bytes, limits: Limits, pages: Sequence[int] | None) -> Iterator[tuple[int, Picture | None]]:
    with opened(data) as (document, _):
        count = pdfium.FPDF_GetPageCount(document)
        for number in pages if pages is not None else range(1, min(count, limits.pages) + 1):
            with loaded(document, number) as page:
                drawn = picture(page, number, dpi=DPI, grey=False, limits=limits) if page else None
            yield number, _plain(drawn) if drawn else None


def _plain(drawn: Picture) -> Picture:
    """A picture without colours as a grey one: a third of the memory."""
    pixels = drawn.pixels
    if np.array_equal(pixels[:, :, 0], pixels[:, :, 1]) and np.array_equal(pixels[:, :, 0], pixels[:, :, 2]):
        return Picture(drawn.number, np.ascontiguousarray(pixels[:, :, 0]), drawn.scale)
    return drawn


def _of_image(data: bytes, limits: Limits, pages: Sequence[int] | None) -> Iterator[tuple[int, Picture | None]]:
    Image.MAX_IMAGE_PIXELS = None  # our own limit, below, looks at the size before anything is decoded
    with warnings.catch_warnings(action="ignore"):  # odd tags of scanners
        try:
            image = Image.open(BytesIO(data), formats=_FORMATS)
        except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
            raise _damaged(str(error)) from None
        frames = int(getattr(image, "n_frames", 1)) if image.format == "TIFF" else 1
        if frames > limits.pages:
            raise ReadError(
                f"the image has {frames:,} pages (页数过多)",
                remedy="give one report a file, or raise the limit pages",
                code="NB-READ-SIZE",
            )
        for number in pages if pages is not None else range(1, frames + 1):
            yield number, _frame(image, number, limits, alone=frames == 1)


def _frame(image: Image.Image, number: int, limits: Limits, *, alone: bool) -> Picture | None:
    try:
        if not alone:
            image.seek(number - 1)
        width, height = image.size
        if width * height > limits.image_pixels:
            raise ReadError(
                f"page {number} is an image of {width:,} x {height:,} points (图像过大)",
                remedy="scan it at 200 dpi, or raise the limit image_pixels",
                place=f"page {number}",
                code="NB-READ-PAGE-SIZE",
            )
        upright = ImageOps.exif_transpose(image)
        dpi = _dpi(image)
        plain = upright.convert("L" if upright.mode in ("1", "L", "I", "I;16", "F") else "RGB")
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        if alone:
            raise _damaged(str(error)) from None
        return None
    longer = max(plain.size)
    points = longer * 72 / dpi if dpi else _SHEET
    scale = DPI / 72
    if abs(points * scale / longer - 1) > 0.02:
        side = points * scale / longer
        size = max(1, round(plain.width * side)), max(1, round(plain.height * side))
        plain = plain.resize(size, Image.Resampling.LANCZOS if side < 1 else Image.Resampling.BICUBIC)
    found = Picture(number, np.asarray(plain, np.uint8), scale)
    return _plain(found) if found.pixels.ndim == 3 else found


def _dpi(image: Image.Image) -> float:
    """The resolution that an image tells, if it makes a page of it (of 400 to 1300 points); else 0."""
    given = image.info.get("dpi")
    try:
        dpi = float(given[0]) if given else 0.0
    except (TypeError, ValueError, ZeroDivisionError, IndexError):
        return 0.0
    return dpi if dpi > 0 and 400 < max(image.size) * 72 / dpi < 1300 else 0.0


def _damaged(why: str) -> ReadError:
    return ReadError(
        f"the image is damaged and cannot be read (图像已损坏): {why[:120]}",
        remedy="get the file again, or scan the page again",
        code="NB-READ-DAMAGED",
    )
