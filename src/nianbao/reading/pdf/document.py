"""A PDF file → its pages: opening, repairing what is damaged, and telling what is lost."""

from __future__ import annotations

import ctypes
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

import pypdfium2.raw as pdfium

from nianbao.errors import ReadError
from nianbao.reading.layout import Page
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.pdf.fields import Field, fields
from nianbao.reading.pdf.page import Reading, read_page
from nianbao.reading.pdf.render import Picture, picture
from nianbao.record import Issue

INK = 0.01
"""Share of a page's points that are dark without a reason, from which on a page with text is doubtful."""

_PAGE = re.compile(rb"(?<!\d)(\d{1,7})\s+\d+\s+obj\s*<<(?:(?!endobj).){0,400}?/Type\s*/Page\b(?!s)", re.DOTALL)
_EMPTY = re.compile(rb"\s{0,2}endstream")
_MOST_INFLATED = 64_000_000  # bytes that the search for damage unpacks


def pages(data: bytes, limits: Limits) -> Iterator[Page | Issue]:
    """See ``nianbao.reading.pdf.read``."""
    with opened(data) as (document, repaired):
        if repaired:
            yield doubt("NB-READ-REPAIRED", "the file is damaged and was repaired (文件已损坏，修复后读取)")
        count = pdfium.FPDF_GetPageCount(document)
        check_count(count, limits)
        yield from _losses(data, count)
        yield from _attached(document)
        left = limits.characters
        for number in range(1, count + 1):
            found = _page(document, number, left)
            if found is None:
                yield from lost(number)
                continue
            left -= sum(len(line.text) for line in found.page.overlay)
            yield found.page
            yield from doubts(found)


def _attached(document: pdfium.FPDF_DOCUMENT) -> Iterator[Issue]:
    """The doubt that names the files inside a file; none of them is read."""
    names = []
    count = pdfium.FPDFDoc_GetAttachmentCount(document)
    for index in range(min(count, 20)):
        attachment = pdfium.FPDFDoc_GetAttachment(document, index)
        size = min(pdfium.FPDFAttachment_GetName(attachment, None, 0), 1000) if attachment else 0
        name = ctypes.create_string_buffer(size)
        pdfium.FPDFAttachment_GetName(attachment, ctypes.cast(name, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
        text = name.raw.decode("utf-16-le", "replace").rstrip("\0")
        names.append("".join(char if char.isprintable() else "?" for char in text))
    if count > 0:
        yield Issue(
            code="NB-READ-ATTACHMENT",
            message=f"the PDF holds {count} other files that were not read: {', '.join(names)[:300]} (内嵌文件未读取)",
            remedy="save them as files of their own if they matter",
        )


def check_count(count: int, limits: Limits) -> None:
    """Raise ReadError (NB-READ-SIZE) for more pages than a report has."""
    if count > limits.pages:
        raise ReadError(
            f"the file has {count:,} pages (页数过多)",
            remedy=f"a report has 5 to 10; give one report a file, or raise the limit pages={limits.pages}",
            place=f"pages 1-{count}",
            code="NB-READ-SIZE",
        )


def lost(number: int) -> tuple[Page, Issue]:
    """A page that cannot be read, and the doubt about it."""
    message = f"page {number} is damaged and cannot be read (此页无法读取)"
    return Page(number=number), doubt("NB-READ-PAGE-LOST", message)


def _page(document: pdfium.FPDF_DOCUMENT, number: int, limit: int) -> Reading | None:
    typed: list[Field] = []
    with loaded(document, number, typed) as page:
        return read_page(page, number, limit=limit, typed=typed) if page else None


def page_picture(
    data: bytes, number: int, *, dpi: float = 200.0, grey: bool = True, limits: Limits = DEFAULT
) -> Picture:
    """A page of a file as a picture, at most 20 million points. Raises ReadError: as ``read``, and NB-READ-PAGE-SIZE,
    NB-READ-PAGE-LOST where there is no such page."""
    with opened(data) as (document, _), loaded(document, number) as page:
        if not page:
            raise no_page(number, pdfium.FPDF_GetPageCount(document))
        return picture(page, number, dpi=dpi, grey=grey, limits=limits)


def no_page(number: int, count: int) -> ReadError:
    """What to say where the picture of a page is wanted that is not there."""
    return ReadError(
        f"there is no page {number} to show (没有这一页)",
        remedy=f"the file has {count}",
        place=f"page {number}",
        code="NB-READ-PAGE-LOST",
    )


@contextmanager
def loaded(
    document: pdfium.FPDF_DOCUMENT, number: int, typed: list[Field] | None = None
) -> Iterator[pdfium.FPDF_PAGE | None]:
    """A page with what is filled in or stamped on it as part of it; None where it cannot be loaded.

    typed: gets the fields that have a value but no appearance, so that they do not become part of it.
    """
    page = pdfium.FPDF_LoadPage(document, number - 1)
    if page and typed is not None:
        typed += fields(document, page)
    # Forms that were filled in, and seals, are annotations: only flattening makes their text text of the page.
    if (
        page
        and pdfium.FPDFPage_GetAnnotCount(page) > 0
        and pdfium.FPDFPage_Flatten(page, pdfium.FLAT_NORMALDISPLAY) == pdfium.FLATTEN_SUCCESS
    ):
        pdfium.FPDF_ClosePage(page)
        page = pdfium.FPDF_LoadPage(document, number - 1)
    try:
        yield page or None
    finally:
        if page:
            pdfium.FPDF_ClosePage(page)


_started = False


@contextmanager
def opened(data: bytes) -> Iterator[tuple[pdfium.FPDF_DOCUMENT, bool]]:
    """(an open file, whether it had to be repaired). Raises ReadError: NB-READ-ENCRYPTED, NB-READ-DAMAGED."""
    global _started
    if not _started:
        pdfium.FPDF_InitLibrary()
        _started = True
    start = data.find(b"%PDF-", 0, 2048)
    data = data[max(0, start) :]
    document, error = pdfium.FPDF_LoadMemDocument64(data, len(data), None), 0
    repaired = False
    if not document:
        error = pdfium.FPDF_GetLastError()
        if error == pdfium.FPDF_ERR_PASSWORD:
            raise _encrypted()
        data = repair(data)
        repaired = True
        document = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if not document:
        raise _damaged()
    try:
        if not pdfium.FPDF_GetPageCount(document):
            raise _damaged()
        yield document, repaired
    finally:
        pdfium.FPDF_CloseDocument(document)


def repair(data: bytes) -> bytes:
    """A damaged file opened and written again by qpdf; one that has lost its end, with a new list of its pages.

    Raises ReadError: NB-READ-ENCRYPTED, NB-READ-DAMAGED.
    """
    import pikepdf  # only where it is needed: it costs memory

    why = ""
    for attempt in (data, _with_pages(data)):
        try:
            with pikepdf.open(BytesIO(attempt), suppress_warnings=True) as file:
                if not len(file.pages):
                    continue
                out = BytesIO()
                file.save(out)
                return out.getvalue()
        except pikepdf.PasswordError:
            raise _encrypted() from None
        except (pikepdf.PdfError, ValueError, RuntimeError, TypeError, KeyError) as error:
            why = why or re.sub(r"stream <[^>]*>:? *", "", str(error))
    raise _damaged(why)


def _with_pages(data: bytes) -> bytes:
    """A file with a page list and a trailer of our own, made of the pages whose objects are whole."""
    found = {match[1]: match.start() for match in _PAGE.finditer(data)}
    kids = b" ".join(number + b" 0 R" for number in sorted(found, key=lambda number: found[number]))
    top = 8_000_000  # numbers that no file uses
    return (
        data.partition(b"\nstartxref")[0]
        + b"\nendstream\nendobj\n%d 0 obj\n<</Type/Catalog/Pages %d 0 R>>\nendobj\n" % (top, top + 1)
        + b"%d 0 obj\n<</Type/Pages/Count %d/Kids[%s]>>\nendobj\n" % (top + 1, len(found), kids)
        + b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n0\n%%%%EOF\n" % (top + 2, top)
    )


def _encrypted() -> ReadError:
    return ReadError(
        "the file is encrypted with a password (文件有打开密码)",
        remedy="open it with its password and save it without one",
        code="NB-READ-ENCRYPTED",
    )


def _damaged(why: str = "") -> ReadError:
    return ReadError(
        "the PDF file is damaged beyond repair (PDF 文件已损坏，无法修复)" + (f": {why[:120]}" if why else ""),
        remedy="get the file again from where it was published",
        code="NB-READ-DAMAGED",
    )


# ---------------------------------------------------------------- what is lost


def needs_ocr(page: Page) -> Issue:
    """The doubt about a page whose text layer cannot be used while there is no OCR."""
    state = "may be wrong" if page.blocks else "was not read"
    return Issue(
        code="NB-READ-OCR",
        message=f"page {page.number} {state}: {page.unread} (此页需要文字识别)",
        remedy="install OCR with: pip install '.[ocr]' in the folder of nianbao",
    )


def doubts(found: Reading) -> Iterator[Issue]:
    """What a page holds that was not read."""
    number, ink = found.page.number, found.ink
    if ink > INK and not found.page.unread and found.verdict.kind != "blank":
        yield doubt(
            "NB-READ-PICTURE", f"page {number} has a picture, {ink:.0%} of the page, that was not read (图片未读取)"
        )

    if found.crowded:
        yield doubt(
            "NB-READ-CLOSE",
            f"page {number} has no ruling lines and its rows stand close: words may be in another box "
            f"(无表格线且行距密，栏目可能混淆){': ' if found.boxes else ''}{', '.join(found.boxes)}",
        )
    if found.unseen:
        yield doubt(
            "NB-READ-UNSEEN",
            f"page {number} holds {found.unseen} characters that it does not show: hidden layers, or under something "
            "else; they were set aside (此页含不可见文字，未采用)",
        )


def _losses(data: bytes, count: int) -> Iterator[Issue]:
    """What the bytes tell about text or pages that are not there any more."""
    broken, whole = damaged_streams(data)
    if broken:
        yield doubt(
            "NB-READ-LOSS",
            f"{broken} of {broken + whole} compressed parts of the file are damaged: text may be lost (可能缺失文字)",
        )
    numbers = set(_PAGE.findall(data))
    if len(numbers) > count:
        yield doubt(
            "NB-READ-LOSS", f"the file holds {len(numbers)} pages but shows only {count}: some may be lost (可能缺页)"
        )


def damaged_streams(data: bytes) -> tuple[int, int]:
    """(compressed streams whose data or checksum are wrong, those that are right).

    pdfium shows what it could unpack of a damaged stream and says nothing; its checksum tells.
    """
    if b"/Encrypt" in data:
        return 0, 0
    broken = whole = total = 0
    for match in re.finditer(rb"/FlateDecode(?:(?!endobj|stream).){0,2000}?stream\r?\n", data, re.DOTALL):
        if total > _MOST_INFLATED:
            break
        if b"Decode" in data[max(0, match.start() - 40) : match.start()].rpartition(b"/Filter")[2]:
            continue  # behind another filter
        if _EMPTY.match(data, match.end()):
            continue
        unpack = zlib.decompressobj()
        place = match.end()
        try:
            while not unpack.eof and total <= _MOST_INFLATED:
                given = unpack.unconsumed_tail or data[place : place + 65_536]
                if not unpack.unconsumed_tail:
                    place += len(given)
                piece = unpack.decompress(given, 1_000_000)
                if not given and not piece:  # what has all been taken in may still have much to give
                    break
                total += len(piece)
        except zlib.error:
            broken += 1
            continue
        if unpack.eof:
            whole += 1
        elif total <= _MOST_INFLATED:
            broken += 1
    return broken, whole


def doubt(code: str, message: str) -> Issue:
    """A doubt that only a look at the file can settle."""
    return Issue(code=code, message=message, remedy="compare the record with the file")
