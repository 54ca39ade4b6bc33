"""Reading files: path → ``Document``, the lines of a report as they stand in the file.

What a file is, its bytes say, never its name. This version reads text; PDF, Word and web pages are recognised and
refused with the reason. Nothing here knows the form.
"""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from nianbao.errors import ReadError
from nianbao.reading.sniff import recognise
from nianbao.reading.text import decode, split_lines
from nianbao.record import Issue

MAX_BYTES = 20_000_000

__all__ = ["MAX_BYTES", "Document", "printable", "read_document"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The lines of one file, in the order of the file, without their line ends.

    sha256: of the file's bytes, in hexadecimal. pages: how many, where form feeds tell. text: the decoded file with
    its line ends as they are, but without a byte order mark.
    """

    path: str
    sha256: str
    media_type: str = "text/plain"
    reader: str = "text"
    pages: int | None = None
    text: str
    lines: tuple[str, ...]
    issues: tuple[Issue, ...] = ()


def printable(path: str | Path) -> str:
    """A path as text that can be printed and stored: bytes of its name that are not UTF-8 become ``\\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def read_document(path: str | Path, *, max_bytes: int = MAX_BYTES) -> Document:
    """Read a text file: UTF-8, UTF-16 or GB18030, with any line ends.

    Raises ReadError: no such file, a folder, no permission, empty, larger than ``max_bytes``, binary, undecodable.
    """
    where = printable(path)
    data = _bytes(Path(path), where, max_bytes)
    if not data.strip(b"\xef\xbb\xbf \t\r\n\f\v\0"):
        raise ReadError(
            "the file is empty (文件是空的)" if not data else "the file holds only blanks (文件只有空白)",
            remedy="give the text of a report",
            where=where,
            code="NB-READ-EMPTY",
        )
    kind = recognise(data)
    if kind:
        raise ReadError(
            f"this is {kind.name}, not text (不是文本文件)",
            remedy=kind.remedy,
            where=where,
            place="byte 0",
            code=kind.code,
        )
    text, encoding = decode(data, where)
    if not text.strip():
        raise ReadError(
            "the file holds only blanks (文件只有空白)",
            remedy="give the text of a report",
            where=where,
            code="NB-READ-EMPTY",
        )
    issues: tuple[Issue, ...] = ()
    if encoding != "utf-8":
        message = f"the file is in {encoding.upper()}, not in UTF-8 (编码不是 UTF-8)"
        issues = (Issue(code="NB-READ-ENCODING", message=message, remedy="nothing to do: it was read as such"),)
    lines, pages = split_lines(text)
    return Document(
        path=where, sha256=hashlib.sha256(data).hexdigest(), pages=pages, text=text, lines=lines, issues=issues
    )


def _bytes(path: Path, where: str, max_bytes: int) -> bytes:
    try:
        if path.is_dir():
            raise ReadError(
                "this is a folder (这是文件夹)",
                remedy="name the files in it, or use build for folders",
                where=where,
                code="NB-READ-FOLDER",
            )
        if path.exists() and not path.is_file():
            raise ReadError(
                "this is no ordinary file (不是普通文件)",
                remedy="give a file, not a device or a pipe",
                where=where,
                code="NB-READ-FILE",
            )
        # One byte more than allowed tells that there is more; the rest of a huge file is never read.
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except FileNotFoundError:
        raise ReadError(
            "there is no such file (文件不存在)", remedy="check the path", where=where, code="NB-READ-ABSENT"
        ) from None
    except PermissionError:
        raise ReadError(
            "the file may not be read (没有读取权限)",
            remedy="give yourself permission to read it",
            where=where,
            code="NB-READ-PERMISSION",
        ) from None
    except (OSError, ValueError) as error:
        raise ReadError(
            f"the file cannot be read ({error})", remedy="check the path and the disk", where=where, code="NB-READ-FILE"
        ) from None
    if len(data) > max_bytes:
        raise ReadError(
            f"the file has more than {max_bytes:,} bytes (文件过大)",
            remedy="a report's text has some 10,000 to 200,000; give one report a file, or raise max_bytes",
            where=where,
            code="NB-READ-SIZE",
        )
    return data
