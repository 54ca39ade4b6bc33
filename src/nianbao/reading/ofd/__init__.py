"""OFD files (版式文档, GB/T 33190-2016): characters and rules by their places → pages of cells and lines.

The cells, lines, verdicts and doubts are those of the reader of PDFs; what OFD says of a page is brought into its
points. ``picture`` draws pages, for people and for OCR. docs/reading.md tells what is read and what is set aside.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nianbao.errors import ReadError
from nianbao.reading.layout import Page
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.ofd.content import Reader
from nianbao.reading.ofd.package import Document, Package
from nianbao.reading.ofd.picture import ink
from nianbao.reading.ofd.sheet import Content, Sheet
from nianbao.reading.pdf.document import check_count, doubt, doubts, lost
from nianbao.reading.pdf.glyphs import Glyph
from nianbao.reading.pdf.page import read_sheet
from nianbao.reading.pdf.rules import Drawn
from nianbao.record import Issue

__all__ = ["read"]


def read(data: bytes, limits: Limits = DEFAULT) -> Iterator[Page | Issue]:
    """The pages of an OFD, one after another, and the doubts about them.

    Raises ReadError: NB-READ-ENCRYPTED, NB-READ-DAMAGED, NB-READ-ENTITIES, NB-READ-SIZE, NB-READ-ARCHIVE.
    """
    package = Package(data, limits)
    documents = list(package.documents())
    count = sum(len(document.pages) for document in documents)
    check_count(count, limits)
    if not count:
        raise ReadError("the OFD file has no pages (文件没有页面)", remedy="get the file again", code="NB-READ-EMPTY")
    first = 1
    for document in documents:
        yield from _pages(package, document, limits, first)
        first += len(document.pages)
    if package.losses:
        told = ", ".join(package.losses)
        yield doubt("NB-READ-LOSS", f"the file lacks what it names: {told}; text may be lost (可能缺失内容)")
    yield from _beside(package, documents)


def _pages(package: Package, document: Document, limits: Limits, first: int) -> Iterator[Page | Issue]:
    def look(content: Content, text: Sequence[Glyph], lined: Drawn) -> float:
        return ink(content, package, text, lined, limits)

    reader = Reader(package, document, limits)
    for number, (_, path) in enumerate(document.pages):
        content = _content(reader, number) if path else None
        if content is None:
            yield from lost(first + number)
            continue
        sheet = Sheet(content, package.opaque, look)
        found = read_sheet(sheet, content.place, first + number, limit=limits.characters)
        yield found.page
        yield from doubts(found)
        if content.otherwise and not content.spoilt:
            yield _otherwise(first + number, content.otherwise)


def _otherwise(number: int, found: Sequence[tuple[str, str]]) -> Issue:
    some = ", ".join(f"{said} as {shown}" for said, shown in found[:5])
    told = f"page {number} shows {len(found)} characters otherwise than its text has them: {some} (显示与文字不一致)"
    return doubt("NB-READ-GLYPHS", told)


def _content(reader: Reader, number: int) -> Content | None:
    """A page; None where it cannot be read."""
    try:
        return reader.page(number)
    except ReadError as error:
        if error.code != "NB-READ-DAMAGED":
            raise
        return None


def _beside(package: Package, documents: Sequence[Document]) -> Iterator[Issue]:
    """What the file holds besides its pages."""
    names = [name for document in documents for name in package.attachments(document)]
    if names:
        yield Issue(
            code="NB-READ-ATTACHMENT",
            message=f"the OFD file holds other files that were not read: {', '.join(names)[:300]} (内嵌附件未读取)",
            remedy="save them as files of their own if they matter",
        )
    count, stamped = package.seals()
    if count:
        keys = [key for document in documents for key, _ in document.pages]
        numbers = {key: number for number, key in enumerate(keys, 1)}
        on = sorted({numbers[key] for key in stamped if key in numbers})
        where = f" on page {', '.join(map(str, on))}" if on else ""
        yield Issue(
            code="NB-READ-SEAL",
            message=f"the OFD file bears {count} electronic seals or signatures{where}, set aside and not checked"
            " (电子印章与签名未验证)",
            remedy="open it in a program for OFD where it matters whether they are valid",
        )
