"""What a file is, from its first bytes: the kinds that are no plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nianbao.reading.text import unmarked_utf16

_LATER = "a later version reads this kind; until then give its text (for a PDF: pdftotext -layout FILE)"
_OFFICE = "save it as .txt in UTF-8"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of file that the text reader does not take: its name, what the user can do, the code of the error."""

    name: str
    remedy: str
    code: str = "NB-READ-KIND"


# Magic bytes; the first that fits counts.
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", Kind("a PDF file", _LATER)),
    (b"PK\x05\x06", Kind("an empty ZIP archive", "give the report itself")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Kind("an old Office file (.doc, .xls, .wps)", _OFFICE)),
    (b"{\\rtf", Kind("an RTF file", _OFFICE)),
    (b"\x89PNG\r\n\x1a\n", Kind("a PNG image", _LATER)),
    (b"\xff\xd8\xff", Kind("a JPEG image", _LATER)),
    (b"GIF8", Kind("a GIF image", _LATER)),
    (b"BM", Kind("a BMP image", _LATER)),
    (b"II*\0", Kind("a TIFF image", _LATER)),
    (b"MM\0*", Kind("a TIFF image", _LATER)),
    (b"\x1f\x8b", Kind("a gzip archive", "unpack it first")),
    (b"BZh", Kind("a bzip2 archive", "unpack it first")),
    (b"\xfd7zXZ\0", Kind("an xz archive", "unpack it first")),
    (b"7z\xbc\xaf\x27\x1c", Kind("a 7-Zip archive", "unpack it first")),
    (b"Rar!\x1a\x07", Kind("a RAR archive", "unpack it first")),
    (b"\x7fELF", Kind("a program", "give a report")),
    (b"SQLite format 3\0", Kind("an SQLite database", "give a report")),
)
# Parts of a ZIP archive that tell what it holds.
_ZIPPED: tuple[tuple[bytes, Kind], ...] = (
    (b"word/", Kind("a Word file (.docx)", _LATER)),
    (b"xl/", Kind("an Excel file (.xlsx)", _OFFICE)),
    (b"ppt/", Kind("a PowerPoint file (.pptx)", _OFFICE)),
    (b"OFD.xml", Kind("an OFD file", "print it to PDF or save its text")),
    (b"opendocument", Kind("an OpenDocument file", _OFFICE)),
)
_HTML = re.compile(rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<table[\s>]", re.IGNORECASE)
_XML = re.compile(rb"\s*<\?xml\s")
_BOMS = (b"\xff\xfe", b"\xfe\xff")


def recognise(data: bytes) -> Kind | None:
    """The kind of a file that is no plain text, or None for what may be text."""
    for magic, kind in _MAGIC:
        # "BM" and "BZh" are also letters: an image or an archive has bytes that no text has.
        if data.startswith(magic) and (len(magic) > 3 or _has_controls(data)):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return next((kind for part, kind in _ZIPPED if part in data), Kind("a ZIP archive", "unpack it first"))
    head = data[:4096].removeprefix(b"\xef\xbb\xbf")
    if b"%PDF-" in head[:1024]:
        return Kind("a PDF file", _LATER)
    if _HTML.search(head):
        return Kind("a web page (HTML)", "a later version reads this kind; until then copy its text into a .txt file")
    if _XML.match(head):
        return Kind("an XML file", "give the text of the report")
    if not data.startswith(_BOMS) and _has_controls(data) and unmarked_utf16(data) is None:
        return Kind("a binary file of unknown kind", "give the text of the report", "NB-READ-BINARY")
    return None


def _has_controls(data: bytes) -> bool:
    """Whether there are control bytes that no text has (NUL, and more than a stray one of the others)."""
    head = data[:65536]
    stray = sum(head.count(byte) for byte in (*range(1, 9), *range(14, 26), 28, 29, 30, 31))
    return b"\0" in data or stray > max(2, len(head) // 200)
