"""Text files: bytes → text → lines, whatever the encoding and the line ends."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Sequence

from nianbao.errors import ReadError
from nianbao.reading.radicals import RADICALS

# UTF-32 first: its little-endian mark begins with that of UTF-16.
BOMS = (
    *((codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"), (codecs.BOM_UTF8, "utf-8")),
    *((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")),
)
_RADICAL = re.compile("[\u2e80-\u2fdf\uf900-\ufaff]")
_PAGE_NUMBER = re.compile(
    r"[-—–－·•]+\s*(\d{1,3})\s*[-—–－·•]+|第\s*(\d{1,3})\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?|(\d{1,3})\s*/\s*\d{1,3}"
)
_LINE_END = re.compile("\r\n?|[\x0b\x85\u2028\u2029]")  # Word saves its manual line breaks as VT
_CONTROL = re.compile(r"\x1b\[[0-9;]{0,20}m|[\0-\x08\x0e-\x1f\x7f]")  # with the colours of a terminal
_REMEDY = "save the file as UTF-8"


def decode(data: bytes, where: str) -> tuple[str, str]:
    """The text of a file and the name of its encoding: utf-8, utf-16-le, utf-16-be, utf-32-… or gb18030.

    GB18030 can decode nearly anything, so its text is believed only if it is Chinese. Raises ReadError otherwise.
    """
    for mark, encoding in BOMS:
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
        try:
            text, end = data.decode("gb18030"), len(data)
        except UnicodeDecodeError as other:
            text, end = data[: other.start].decode("gb18030"), other.start
        if is_chinese(text) and end == len(data):
            return text, "gb18030"
        if is_chinese(text) and end > error.start:  # it is GB18030 up to there
            raise _undecodable(data, end, where, "GB18030, as what stands before them") from None
        raise _undecodable(data, error.start, where, "UTF-8, and not as UTF-16 or GB18030 either") from None


def unmarked_utf16(data: bytes) -> str | None:
    """The encoding of UTF-16 or UTF-32 without a byte order mark (its line feeds hold a NUL), or None."""
    if b"\0" in data:
        for encoding in ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be"):
            text = _try(data, encoding)
            if text is not None and "\0" not in text and is_chinese(text):
                return encoding
    return None


def is_chinese(text: str) -> bool:
    """Whether nearly all characters outside ASCII are those of simplified Chinese print (the set of GB 2312)."""
    foreign = [c for c in text[:100_000] if not c.isascii()]
    known = sum(_try_encode(c) for c in foreign)
    return bool(foreign) and known >= 0.9 * len(foreign)


def controls_in(text: str) -> int:
    """How many characters print nothing, the colours of a terminal aside."""
    return sum(1 for found in _CONTROL.finditer(text) if len(found[0]) == 1)


def split_lines(text: str) -> tuple[tuple[str, ...], int | None]:
    """The lines of a text and its number of pages (None where no form feed tells it).

    Line ends are ``\\n``, ``\\r\\n``, ``\\r``, and those of Unicode. Control characters are dropped.
    A form feed ends a line only where none of these stands beside it, so that line numbers stay those of an editor.
    Radicals that some PDF writers put for characters are put right.
    """
    pages = text.rstrip("\f\r\n \t").count("\f") + 1 if "\f" in text else None
    plain = _CONTROL.sub("", _LINE_END.sub("\n", text))
    if _RADICAL.search(plain):
        plain = plain.translate(RADICALS)
    # A bare number is that of a page where the page ends behind it.
    signed = re.sub(r"(?m)^[ \t]*(\d{1,3})[ \t]*(?=\n*\f)", r"-\1-", plain)
    return tuple(_without_furniture(_lines(plain), _lines(signed))), pages


def _lines(text: str) -> list[str]:
    lines = re.sub(r"(?<=\n)\f+|^\f+|\f+(?=\n)|\f+$", "", text).replace("\f", "\n").split("\n")
    if lines[-1] == "":
        lines.pop()
    return lines


def _without_furniture(lines: list[str], signed: Sequence[str]) -> list[str]:
    """Page numbers and the running heads beside them are made blank lines: line numbers stay those of the file.

    signed: the lines, page numbers with a sign. Page numbers are believed where they count on: 1, 2 …
    """
    ends = [(at, int(next(filter(None, found.groups())))) for at, found in enumerate(map(_numbered, signed)) if found]
    first = ends[0][1] if ends else 0
    if len(ends) < 2 or first > 2 or [number for _, number in ends] != list(range(first, first + len(ends))):
        return lines
    numbers = [at for at, _ in ends]
    result = ["" if at in numbers else line for at, line in enumerate(lines)]
    for beside in (
        [_next(result, at, 1) for at in (-1, *numbers)],  # heads
        [_next(result, at, -1) for at in (*numbers, len(lines))],  # feet
    ):
        places = [at for at in beside if at is not None and not re.search("[：:]", lines[at])]
        counts = Counter(lines[at].strip() for at in places)
        for at in places:
            if counts[lines[at].strip()] >= max(2, len(numbers) - 1):
                result[at] = ""
    return result


def _numbered(line: str) -> re.Match[str] | None:
    return _PAGE_NUMBER.fullmatch(line.strip())


def _next(lines: Sequence[str], at: int, step: int) -> int | None:
    """The next line that is not blank."""
    return next((n for n in range(at + step, len(lines) if step > 0 else -1, step) if lines[n].strip()), None)


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
