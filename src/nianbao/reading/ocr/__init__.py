"""OCR: pages of PDFs whose text layer cannot be used, and images of pages → pages of cells and lines.

Needs the extra ``ocr`` (rapidocr for its models, onnxruntime, OpenCV); nothing is ever downloaded (docs/reading.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nianbao.confinement import cpu_time
from nianbao.errors import ReadError
from nianbao.reading.layout import Page
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.places import leant
from nianbao.record import Issue

__all__ = ["read"]

_TOLD = 6  # places that one doubt names


def read(data: bytes, limits: Limits = DEFAULT, *, pages: Sequence[int] | None = None) -> Iterator[Page | Issue]:
    """The pages of a PDF (those of ``pages``, else all) or of an image file, read by OCR; ``Line.origin`` is ``ocr``.

    Raises ReadError: NB-READ-OCR where it is not installed, NB-READ-TIMEOUT, NB-READ-SIZE, NB-READ-DAMAGED, and as
    the reader of PDFs.
    """
    try:
        from nianbao.reading.ocr.page import read_picture
        from nianbao.reading.ocr.pictures import pictures
    except ImportError as error:
        raise _missing() from error
    for count, (number, picture) in enumerate(pictures(data, limits, pages)):
        if count >= limits.ocr_pages:
            yield Page(number=number)
            yield _not_read(number, f"only {limits.ocr_pages} pages of a file are read by OCR (超出识别页数限制)")
        elif picture is None:
            yield Page(number=number)
            yield _not_read(number, "its picture is damaged (图像已损坏)")
        else:
            with cpu_time(limits.ocr_page, _timeout(number, limits)):
                page = read_picture(picture)
            yield page
            if page.overlay:
                yield _unrecognised(page)


def _missing() -> ReadError:
    return ReadError(
        "it needs text recognition (OCR), which is not installed (需要文字识别，未安装)",
        remedy="install it with: pip install '.[ocr]' in the folder of nianbao",
        code="NB-READ-OCR",
    )


def _unrecognised(page: Page) -> Issue:
    """Pieces of text whose score is too low, or that say nothing: left out, but not in silence."""
    boxes = [line.box for line in page.overlay if line.box]
    if page.skew:
        boxes = [leant(box, (page.skew, page.width, page.height)) for box in boxes]
    spots = "; ".join(f"{box[0]:.0f}, {box[1]:.0f}" for box in boxes[:_TOLD]) + (" …" if len(boxes) > _TOLD else "")
    return Issue(
        code="NB-OCR-LOST",
        message=f"page {page.number}: what stands at {spots} pt could not be recognised and was left out "
        f"({len(boxes)} 处无法识别，未收录)",
        remedy="look there: specks and seals need nothing, text has to be typed in",
    )


def _not_read(number: int, why: str) -> Issue:
    return Issue(
        code="NB-READ-PAGE-LOST",
        message=f"page {number} was not read: {why}",
        remedy="compare the record with the file; raise the limit ocr_pages where it stopped there",
    )


def _timeout(number: int, limits: Limits) -> ReadError:
    return ReadError(
        f"OCR of page {number} took longer than {limits.ocr_page} s of CPU (超出时间限制)",
        remedy="look at the page; otherwise raise the limit ocr_page",
        place=f"page {number}",
        code="NB-READ-TIMEOUT",
    )
