"""PDF files: glyph positions and ruling lines → pages of cells and lines (docs/reading.md).

pdfium is not safe against hostile files: it may end the process. The program calls ``read`` through ``sandbox``;
``read_pdf`` is for files that one trusts, for tests and measurements.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from nianbao.reading.layout import Page
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.pdf.document import needs_ocr, pages
from nianbao.reading.pdf.render import Picture, marked
from nianbao.record import Issue

__all__ = ["Ocr", "Picture", "marked", "read", "read_pdf"]

Ocr = Callable[[bytes, int], Page]
"""(the file's bytes, number of a page) → the page as OCR reads it."""


def read(data: bytes, limits: Limits = DEFAULT) -> Iterator[Page | Issue]:
    """The pages of a PDF, one after another, and the doubts about them.

    A page whose text layer cannot be used comes with its reason in ``unread``. Raises ReadError: NB-READ-ENCRYPTED,
    NB-READ-DAMAGED, NB-READ-SIZE.
    """
    return pages(data, limits)


def read_pdf(
    source: str | Path | bytes, *, limits: Limits = DEFAULT, ocr: Ocr | None = None
) -> tuple[tuple[Page, ...], tuple[Issue, ...]]:
    """(the pages of a file, the doubts about them). ``ocr`` reads the pages whose text layer cannot be used;
    without it they have no text but that behind a scan, and an NB-READ-OCR says so. Raises ReadError as ``read``.
    """
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    found: list[Page] = []
    issues: list[Issue] = []
    for message in read(data, limits):
        if isinstance(message, Issue):
            issues.append(message)
        elif not message.unread:
            found.append(message)
        elif ocr:
            found.append(ocr(data, message.number))
        else:
            issues.append(needs_ocr(message))
            found.append(message)
    return tuple(found), tuple(issues)
