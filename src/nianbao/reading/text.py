"""Text files: bytes → text → lines, whatever the encoding and the line ends."""

from __future__ import annotations

import codecs
import re

from nianbao.errors import ReadError
from nianbao.reading.radicals import RADICALS

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_REMEDY = "save the file as UTF-8"


def decode(data: bytes, where: str) -> tuple[str, str]:
    """The text of a file and the name of its encoding: utf-8, utf-16-le, utf-16-be or gb18030.

    GB18030 can decode nearly anything, so its text is believed only if it is Chinese. Raises ReadError otherwise.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            try:
                return data[len(mark) :].decode(encoding), encoding
            except UnicodeDecodeError as error:
                raise _undecodable(data, error.start + len(mark), where, encoding.upper()) from None
    unmarked = unmarked_utf16(data)
    if unmarked:
        return data.decode(unmarked), unmarked
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        text = _try(data, "gb18030")
        if text is not None and is_chinese(text):
            return text, "gb18030"
        raise _undecodable(data, error.start, where, "UTF-8, and not as UTF-16 or GB18030 either") from None


def unmarked_utf16(data: bytes) -> str | None:
    """The encoding of UTF-16 without a byte order mark (its line feeds hold a NUL), or None."""
    if b"\0" in data:
        for encoding in ("utf-16-le", "utf-16-be"):
            text = _try(data, encoding)
            if text is not None and "\0" not in text and is_chinese(text):
                return encoding
    return None


def is_chinese(text: str) -> bool:
    """Whether nearly all characters outside ASCII are those of simplified Chinese print (the set of GB 2312)."""
    foreign = [c for c in text[:100_000] if not c.isascii()]
    known = sum(_try_encode(c) for c in foreign)
    return bool(foreign) and known >= 0.9 * len(foreign)


def split_lines(text: str) -> tuple[tuple[str, ...], int | None]:
    """The lines of a text and its number of pages (None where no form feed tells it).

    Line ends are ``\\n``, ``\\r\\n`` and ``\\r``. A form feed ends a line only where none of these stands beside it, so
    that line numbers stay those of an editor. Radicals that some PDF writers put for characters are put right.
    """
    pages = text.rstrip("\f\r\n \t").count("\f") + 1 if "\f" in text else None
    plain = re.sub(r"\r\n?", "\n", text)
    plain = re.sub(r"(?<=\n)\f+|^\f+|\f+(?=\n)|\f+$", "", plain).replace("\f", "\n")
    if _RADICAL.search(plain):
        plain = plain.translate(RADICALS)
    lines = plain.split("\n")
    if lines[-1] == "":
        lines.pop()
    return tuple(lines), pages


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _try_encode(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return char in "—·•①②③④⑤⑥⑦⑧⑨⑩㎡〔〕"
    return True


def _undecodable(data: bytes, offset: int, where: str, tried: str) -> ReadError:
    line = len(re.findall(rb"\r\n?|\n", data[:offset])) + 1
    shown = data[offset : offset + 2].hex(" ")
    return ReadError(
        f"the bytes {shown} cannot be read as {tried} (编码无法识别)",
        remedy=_REMEDY,
        where=where,
        place=f"byte {offset}, line {line}",
        code="NB-READ-DECODE",
    )
