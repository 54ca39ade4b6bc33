"""A page of a PDF, an OFD or a scan as a picture, on demand, with passages marked; drawn in the limited process.

Boxes are those of the record's places: points from the upper left corner of the page as shown.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from nianbao.errors import ReadError
from nianbao.reading.layout import Box
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.sniff import ARCHIVE, recognise
from nianbao.reading.wire import Member

DPI = 110


def page_picture(
    path: str | Path, number: int = 1, *, marks: Sequence[Box] = (), dpi: int = DPI, limits: Limits = DEFAULT
) -> bytes:
    """Page `number` (from 1) of a file as PNG, with the boxes of `marks` highlighted.

    Raises ReadError: as ``read_document``, NB-READ-PAGE-LOST where there is no such page, NB-READ-PAGE-SIZE, and
    NB-READ-KIND for files that have no pages.
    """
    from nianbao.reading import at_place, file_bytes
    from nianbao.reading.sandbox import read_apart

    with at_place(path) as where:
        data = file_bytes(Path(path), where, limits)
        kind = recognise(data)
        if kind.reader not in ("pdf", "ofd", "ocr"):
            raise ReadError(
                f"this is {kind.name}; it has no pages to show (没有页面)",
                remedy="name a PDF, an OFD or the image of a scan",
                code="NB-READ-KIND",
            )
        options = {"page": number, "marks": [list(box) for box in marks], "dpi": dpi}
        for message in read_apart("picture", data, limits, **options):
            if isinstance(message, Member):
                return message.data
        raise ReadError(
            f"there is no page {number} to show (没有这一页)", remedy="count pages from 1", code="NB-READ-PAGE-LOST"
        )


def read(data: bytes, limits: Limits, page: int, marks: Sequence[Sequence[float]], dpi: int) -> Iterator[Member]:
    """In the limited process: the picture, or nothing where there is no such page."""
    from nianbao.reading.pdf.document import page_picture as drawn
    from nianbao.reading.pdf.render import marked

    if data.startswith(ARCHIVE):
        from nianbao.reading.ofd.picture import as_pdf

        data = as_pdf(data, limits, [page])
    if b"%PDF-" in data[:2048]:
        shown = drawn(data, page, dpi=dpi, grey=False, limits=limits)
    else:
        from nianbao.reading.ocr.pictures import pictures

        found = next((picture for _, picture in pictures(data, limits, [page]) if picture), None)
        if found is None:
            return
        shown = found
    boxes = [(x0, y0, x1, y1) for x0, y0, x1, y1 in marks]
    yield Member(name=f"page-{page}.png", data=(marked(shown, boxes) if boxes else shown).png)
