"""What a file is, from its bytes, never from its name; and which reader takes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nianbao.reading.text import unmarked_utf16

ARCHIVE = b"PK\x03\x04"  # how a ZIP begins, and what is one: Word files, OFD
_UNPACK = "unpack it first"
_PICTURE = "save the scan as PNG, JPEG, TIFF or PDF"
_OFFICE = "save it as .docx, .pdf or as text in UTF-8"
_WML = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file: its name for people, its media type, the reader that takes it.

    reader: a key of ``worker.READERS``, ``text``, ``office`` (LibreOffice converts it first), or "" for what is not
    read; then remedy and code tell what the user can do.
    """

    name: str
    media_type: str = "application/octet-stream"
    reader: str = ""
    remedy: str = "give a report"
    code: str = "NB-READ-KIND"


TEXT = Kind("a text file", "text/plain", "text")
PDF = Kind("a PDF file", "application/pdf", "pdf")
MHT = Kind("a web archive (.mht)", "multipart/related", "html")
HTML = Kind("a web page (HTML)", "text/html", "html")
DOCX = Kind("a Word file (.docx)", _WML, "docx")
OFD = Kind("an OFD file (版式文档)", "application/ofd", "ofd")
ZIP = Kind("a ZIP archive", "application/zip", "archive")
# Old Word files, and those of WPS, are told from other Office files by the names of their streams.
_DOC = Kind("an old Word file (.doc)", "application/msword", "office")
_LOCKED = Kind(
    "a file of Word, Excel or PowerPoint that needs a password",
    remedy="open it with the password and save it without one",
    code="NB-READ-ENCRYPTED",
)
_OLE = Kind("an old Office file, but not of Word (.xls, .ppt, .msi)", remedy=_OFFICE)

# Magic bytes; the first that fits counts.
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", PDF),
    (b"PK\x05\x06", Kind("an empty ZIP archive")),
    (b"{\\rtf", Kind("an RTF file", "application/rtf", "office")),
    (b"\x89PNG\r\n\x1a\n", Kind("a PNG image", "image/png", "ocr")),
    (b"\xff\xd8\xff", Kind("a JPEG image", "image/jpeg", "ocr")),
    (b"II*\0", Kind("a TIFF image", "image/tiff", "ocr")),
    (b"MM\0*", Kind("a TIFF image", "image/tiff", "ocr")),
    (b"GIF8", Kind("a GIF image", "image/gif", remedy=_PICTURE)),
    (b"BM", Kind("a BMP image", "image/bmp", remedy=_PICTURE)),
    (b"\x1f\x8b", Kind("a gzip archive", remedy=_UNPACK)),
    (b"BZh", Kind("a bzip2 archive", remedy=_UNPACK)),
    (b"\xfd7zXZ\0", Kind("an xz archive", remedy=_UNPACK)),
    (b"7z\xbc\xaf\x27\x1c", Kind("a 7-Zip archive", remedy=_UNPACK)),
    (b"Rar!\x1a\x07", Kind("a RAR archive", remedy=_UNPACK)),
    (b"\x7fELF", Kind("a program")),
    (b"MZ", Kind("a program")),
    (b"SQLite format 3\0", Kind("an SQLite database")),
)
# Names in an archive's list of members that tell what it is.
_PACKAGES = (b"visio/", b"FixedDoc", b"Documents/", b"package/")  # Visio, XPS, NuGet
_ZIPPED: tuple[tuple[bytes, Kind], ...] = (
    (b"word/", DOCX),
    (b"xl/", Kind("an Excel file (.xlsx)", remedy=_OFFICE)),
    (b"ppt/", Kind("a PowerPoint file (.pptx)", remedy=_OFFICE)),
    (b"OFD.xml", OFD),
)
# A page, wherever in its head that is said; and a piece of one, which begins with an element of HTML.
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]", re.IGNORECASE)
_PIECE = re.compile(
    rb"<(?:a|b|br|center|div|dl|font|form|frameset|h[1-6]|iframe|li|link|main|meta|ol|p|pre|script|"
    rb"section|span|strong|style|td|title|tr|ul)[\s/>]",
    re.IGNORECASE,
)
_XML = re.compile(rb"\s*<\?xml\s")
_BOMS = (b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")
_HEAD = 65_536
_MAIL = re.compile(rb"(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,30}MIME-Version:", re.IGNORECASE)


def recognise(data: bytes) -> Kind:
    """The kind of a file; text is what is nothing else and has no bytes that text cannot have."""
    for magic, kind in _MAGIC:
        # "BM", "MZ" and "BZh" are also letters: an image or a program has bytes that no text has.
        if data.startswith(magic) and (len(magic) > 3 or _has_controls(data)):
            return kind
    if data.startswith(ARCHIVE):
        return _zipped(data)
    if data.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        if "EncryptedPackage".encode("utf-16-le") in data:
            return _LOCKED
        return _DOC if "WordDocument".encode("utf-16-le") in data else _OLE
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf")
    if b"%PDF-" in head[:1024]:
        return PDF
    if b"PK\x03\x04" in head[:1024] and b"PK\x05\x06" in data[-66_000:]:  # something stands before the archive
        return _zipped(data)
    wide = data.startswith(_BOMS) or unmarked_utf16(data) is not None
    if wide:
        head = head.replace(b"\0", b"").removeprefix(b"\xff\xfe").removeprefix(b"\xfe\xff")
    if _XML.match(head) and b"schemas.microsoft.com/office/word/2003" in head:
        return Kind("a Word 2003 XML file", "application/msword", "office")
    if data[4:8] == b"ftyp" and data[8:12] in (b"heic", b"heix", b"mif1", b"avif"):
        return Kind("a HEIF image (a photograph of a telephone)", "image/heif", remedy=_PICTURE)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Kind("a WebP image", "image/webp", remedy=_PICTURE)
    if data[257:262] == b"ustar":
        return Kind("a tar archive", remedy=_UNPACK)
    if _MAIL.match(head[:4096]):
        return MHT
    if _HTML.search(head) or _PIECE.match(_behind_comments(head)):
        return HTML
    if _XML.match(head) and b"urn:oasis:names:tc:opendocument" in head and b"<office:text" in head:
        return Kind("a flat OpenDocument text (.fodt)", "application/vnd.oasis.opendocument.text-flat-xml", "office")
    if _XML.match(head) and b"schemas.microsoft.com/office/2006/xmlPackage" in head:
        return Kind("a Word file as one XML file", remedy=_OFFICE)
    if _XML.match(head):
        return Kind("an XML file", "application/xml", remedy="give the text of the report")
    if not wide and _has_controls(data):
        return Kind("a binary file of unknown kind", remedy="give the text of the report", code="NB-READ-BINARY")
    return TEXT


def _behind_comments(head: bytes) -> bytes:
    head = head.lstrip()
    while head.startswith(b"<!--") and (end := head.find(b"-->")) >= 0:
        head = head[end + 3 :].lstrip()
    return head


def _zipped(data: bytes) -> Kind:
    """What an archive holds, from its list of members: what its members hold says nothing of the archive."""
    end = data.rfind(b"PK\x05\x06", max(0, len(data) - 66_000))
    names = data[:4096]  # cut off: the first members must do
    if end >= 0:
        size, start = (int.from_bytes(data[end + at : end + at + 4], "little") for at in (12, 16))
        names = data[start : start + size][:1_000_000] or names
    if b"application/vnd.oasis.opendocument.text" in data[30:120]:
        return Kind("an OpenDocument text (.odt)", "application/vnd.oasis.opendocument.text", "office")
    if b"application/vnd.oasis.opendocument" in data[30:120]:
        return Kind("an OpenDocument file, but no text", remedy=_OFFICE)
    plain = names.lower().replace(b"\\", b"/")  # some programs write Word\document.xml
    found = next((kind for part, kind in _ZIPPED if _member(names, part) or _member(plain, part)), ZIP)
    # Whatever it calls its parts: a package of Office that is none of the others.
    packed = found == ZIP and _member(names, b"[Content_Types].xml") and _member(names, b"_rels/.rels")
    return DOCX if packed and not any(_member(names, part) for part in _PACKAGES) else found


def _member(names: bytes, part: bytes) -> bool:
    """Whether a member's name begins so: 46 bytes of numbers stand before it in the list, 30 before its data."""
    places = [match.start() for match in re.finditer(re.escape(part), names)]
    heads = ((46, b"PK\x01\x02"), (30, b"PK\x03\x04"), (46, b"pk\x01\x02"), (30, b"pk\x03\x04"))
    return any(at >= size and names.startswith(mark, at - size) for at in places for size, mark in heads)


def _has_controls(data: bytes) -> bool:
    """Whether there are control bytes that no text has (NUL, and more than a stray one of the others)."""
    head = data[:65536]
    stray = sum(head.count(byte) for byte in (*range(1, 9), *range(14, 26), 28, 29, 30, 31))
    return b"\0" in data or stray > max(2, len(head) // 200)
