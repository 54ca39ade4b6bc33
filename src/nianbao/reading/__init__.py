"""Reading files: path → ``Document``, the lines of a report in reading order, as they stand in the file.

What a file is, its bytes say, never its name. Text is read here; every other kind by a reader in a limited process
(``sandbox``), whose pages ``compose`` turns into lines. docs/reading.md tells kinds, limits and codes.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from nianbao.errors import ReadError
from nianbao.reading import filing
from nianbao.reading.layer import hidden_layer, layered
from nianbao.reading.layout import Page
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.places import Composed
from nianbao.reading.sniff import ZIP, Kind, recognise
from nianbao.reading.text import controls_in, decode, split_lines
from nianbao.record import Issue

__all__ = ["DEFAULT", "Document", "Limits", "Progress", "printable", "read_document", "skipped", "walk"]

Progress = Callable[[int], None]
"""Is called with the number of each page that has been read."""

# Files that lie beside reports and are never one: a folder's other files, not a judgement on a file that is named.
_BESIDE = frozenset((".json", ".jsonl", ".md", ".toml", ".yaml", ".yml", ".csv", ".ttl", ".trig", ".nq", ".nt", ".log"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The lines of one file in reading order, without their line ends.

    sha256: of the file's bytes, in hexadecimal. reader: ``text``, ``pdf``, ``ofd``, ``ocr`` (some page), ``docx`` or
    ``html``. pages: how many, where the file tells. text: of a text file, decoded, with its line ends as they are; of
    others the lines. layout: the pages that the lines come from, composed: where on them; none of a text file.
    """

    path: str
    sha256: str
    media_type: str = "text/plain"
    reader: str = "text"
    pages: int | None = None
    text: str
    lines: tuple[str, ...]
    issues: tuple[Issue, ...] = ()
    layout: tuple[Page, ...] = ()
    composed: Composed | None = None


def printable(path: str | Path) -> str:
    """A path as text that can be printed and stored: bytes that are not UTF-8, and controls, become ``\\xff``."""
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return text if text.isprintable() else re.sub(r"[\0-\x1f\x7f-\x9f]", lambda found: f"\\x{ord(found[0]):02x}", text)


def skipped(path: Path) -> bool:
    """Whether a file in a folder is passed over: hidden, or of a kind that lies beside reports (by its name)."""
    return filing.noise(path.name) or path.suffix.lower() in _BESIDE


def walk(folder: Path, lost: Callable[[OSError], None]) -> Iterator[Path]:
    """The files in a folder and below; links to folders are not followed. lost: is told what cannot be looked at."""
    for top, folders, names in os.walk(folder, onerror=lost):
        folders.sort()
        for name in sorted(names):
            path = Path(top, name)
            try:
                if stat.S_ISREG(path.stat().st_mode):
                    yield path
            except FileNotFoundError:  # a link to nowhere
                continue
            except OSError as error:
                lost(error)


def read_document(path: str | Path, *, limits: Limits = DEFAULT, progress: Progress | None = None) -> Document:
    """Read a file of any kind; an archive or a folder as one report with its attachments.

    Raises ReadError (docs/errors.md, NB-READ-…): no such file, empty, too large, a kind that is not read, damaged,
    encrypted, over a limit, needs a program that is not installed.
    """
    with at_place(path) as where:
        if Path(path).is_dir():
            return _folder(Path(path), where, limits, progress)
        return _document(file_bytes(Path(path), where, limits), where, limits, progress)


@contextmanager
def at_place(path: str | Path) -> Iterator[str]:
    """Gives the path as text; errors of reading within that name no file get it."""
    where = printable(path)
    try:
        yield where
    except ReadError as error:
        if error.where:
            raise
        raise ReadError(
            error.reason, remedy=error.remedy, where=where, place=error.place, code=error.code
        ) from error.__cause__


def _document(
    data: bytes, where: str, limits: Limits, progress: Progress | None = None, *, ocr: bool = True
) -> Document:
    if not data.strip(b"\xef\xbb\xbf \t\r\n\f\v\0"):
        raise _empty("the file holds only blanks (文件只有空白)" if data else "the file is empty (文件是空的)")
    kind = recognise(data)
    if not kind.reader:
        place = f"byte {max(0, data.find(0))}" if kind.code == "NB-READ-BINARY" else "byte 0"
        raise ReadError(f"this is {kind.name} (不支持的文件类型)", remedy=kind.remedy, place=place, code=kind.code)
    if kind.reader == "text":
        return _text(data, where, limits)
    if kind == ZIP:
        return _archive(data, where, limits, progress)
    return _pages(data, kind, where, limits, progress, ocr)


# ---------------------------------------------------------------- one file


def _text(data: bytes, where: str, limits: Limits) -> Document:
    text, encoding = decode(data, where)
    if not text.strip():
        raise _empty("the file holds only blanks (文件只有空白)")
    if len(text) > limits.characters:
        raise ReadError(
            f"the file has more than {limits.characters:,} characters (文字过多)",
            remedy="a report has some 10,000; give one report a file, or raise the limit characters",
            code="NB-READ-SIZE",
        )
    issues: tuple[Issue, ...] = ()
    if encoding != "utf-8":
        message = f"the file is in {encoding.upper()}, not in UTF-8 (编码不是 UTF-8)"
        issues = (Issue(code="NB-READ-ENCODING", message=message, remedy="nothing to do: it was read as such"),)
    if controls := controls_in(text):
        message = f"{controls} control characters were left out: they print nothing (含控制字符)"
        issues += (Issue(code="NB-READ-LOSS", message=message, remedy="compare the record with the report"),)
    lines, pages = split_lines(text)
    filing.refuse_several(text)
    return Document(path=where, sha256=_digest(data), pages=pages, text=text, lines=lines, issues=issues)


def _pages(data: bytes, kind: Kind, where: str, limits: Limits, progress: Progress | None, ocr: bool) -> Document:
    """A file of a kind that is read apart: its pages, OCR for those that need it, and their lines."""
    from nianbao.reading.compose import compose  # with what only these kinds need

    sha256 = _digest(data)
    reader = kind.reader
    if reader == "office":
        from nianbao.reading.office import as_docx

        data, reader = as_docx(data, kind, limits), "docx"
    if reader == "ocr" and not ocr:
        return Document(path=where, sha256=sha256, media_type=kind.media_type, reader="ocr", text="", lines=())
    pages: list[Page] = []
    issues: list[Issue] = []
    _take(reader, data, limits, progress, pages, issues)
    unread = [page for page in pages if page.unread]
    if unread and ocr:
        pages[:] = [page for page in pages if not page.unread]
        try:
            _take("ocr", data, limits, progress, pages, issues, pages=[page.number for page in unread])
        except ReadError as error:
            done = {page.number for page in pages}
            issues += _without_ocr([page for page in unread if page.number not in done], pages, error)
        pages.sort(key=lambda page: page.number)
    recognised = [page for page in pages if page.recognised]
    if recognised:
        reader = "ocr"
        were = "were" if recognised[1:] else "was"
        message = f"{_listed(recognised)} of {len(pages)} {were} read by OCR, which may misread (由文字识别读取)"
        remedy = "compare figures that matter with the page; NB-OCR-NUMBER names the doubtful ones"
        issues.append(Issue(code="NB-OCR-PAGES", message=message, remedy=remedy))
    composed = compose(pages)
    if not any(line.strip() for line in composed.lines) and ocr:
        raise _empty("; ".join(("the file holds no text (文件没有文字)", *(issue.message for issue in issues[:2]))))
    filing.refuse_several("\n".join(composed.lines))
    return Document(
        path=where,
        sha256=sha256,
        media_type=kind.media_type,
        reader=reader,
        pages=len(pages) if kind.reader in ("pdf", "ofd", "ocr") else None,
        text="\n".join(composed.lines),
        lines=composed.lines,
        issues=tuple(issues),
        layout=tuple(pages),
        composed=composed,
    )


def _take(
    reader: str,
    data: bytes,
    limits: Limits,
    progress: Progress | None,
    pages: list[Page],
    issues: list[Issue],
    /,
    **options: object,
) -> None:
    """Adds what a reader gives to the pages and issues; they keep what came before an error."""
    from nianbao.reading.sandbox import read_apart

    for message in read_apart(reader, data, limits, **options):
        if isinstance(message, Page):
            pages.append(message)
            if progress:
                progress(message.number)
        elif isinstance(message, Issue):
            issues.append(message)


def _without_ocr(unread: list[Page], pages: list[Page], error: ReadError) -> Iterator[Issue]:
    """Adds to the pages what lies invisibly behind those that OCR could not read, which is better than nothing.

    Raises ReadError where what is left is no report.
    """
    from nianbao.reading.compose import compose

    message = f"{_listed(unread)} cannot be read: {unread[0].unread}; {error.reason}"
    pages += map(layered, unread)
    if filing.anchors("".join(compose(pages).lines)) < filing.ENOUGH:
        raise ReadError(message, remedy=error.remedy, code=error.code) from error
    yield Issue(code=error.code, message=message, remedy=error.remedy)
    if hidden := [page for page in unread if page.blocks]:
        yield hidden_layer(hidden)


def _listed(pages: list[Page]) -> str:
    """Pages for people: ``page 3``, ``pages 1, 2``."""
    word = "pages " if pages[1:] else "page "
    return word + ", ".join(str(page.number) for page in pages[:10]) + (" …" if len(pages) > 10 else "")


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


# ---------------------------------------------------------------- a report and its attachments


def _archive(data: bytes, where: str, limits: Limits, progress: Progress | None) -> Document:
    from nianbao.reading.sandbox import read_apart
    from nianbao.reading.wire import Member

    members = [message for message in read_apart("archive", data, limits) if isinstance(message, Member)]
    faults = {
        member.name: ReadError(member.fault[0], remedy=member.fault[1], place=member.name, code=member.fault[2])
        for member in members
        if member.fault
    }
    document = _filing([(member.name, member.data) for member in members], where, limits, progress, faults)
    return replace(document, sha256=_digest(data))


def _folder(folder: Path, where: str, limits: Limits, progress: Progress | None) -> Document:
    lost: list[OSError] = []
    paths = [path for path in walk(folder, lost.append) if not skipped(path)]
    total = 0
    files: list[tuple[str, bytes]] = []
    faults: dict[str, ReadError] = {}
    for error in lost:
        name = printable(error.filename or folder)[-200:]
        faults[name] = ReadError(
            f"it cannot be looked at: {error.strerror} (无法查看)",
            remedy="check the path and the rights",
            place=name,
            code="NB-READ-FILE",
        )
        files.append((name, b""))
    for path in paths:
        name = printable(path.relative_to(folder))
        try:
            data = file_bytes(path, printable(path), limits)
        except ReadError as fault:  # it may be an attachment only
            faults[name], data = fault, b""
        total += len(data)
        if total > 2 * limits.file:
            raise ReadError(
                "the folder holds more than one report can (文件夹过大)",
                remedy="name the files in it, or use build for folders of reports",
                code="NB-READ-FOLDER",
            )
        files.append((name, data))
    document = _filing(files, where, limits, progress, faults)
    names = "".join(f"{name}\0{_digest(data)}\n" for name, data in files)
    return replace(document, sha256=_digest(names.encode()))


def _filing(
    files: list[tuple[str, bytes]],
    where: str,
    limits: Limits,
    progress: Progress | None,
    faults: Mapping[str, ReadError] = MappingProxyType({}),
) -> Document:
    """The report among some files. faults: names of those that cannot be had, with the reason; where none of the
    others is the report, the first of these may be it."""
    if not files:
        raise _empty("there is no file in it (其中没有文件)")
    documents: dict[int, Document] = {}
    data_of = [data for _, data in files]

    def read(index: int, ocr: bool) -> tuple[str, str]:
        if fault := faults.get(files[index][0]):
            raise fault
        if recognise(data_of[index]) == ZIP:
            raise ReadError("an archive in an archive (嵌套压缩包)", remedy="unpack it", code="NB-READ-ARCHIVE")
        documents[index] = document = _document(data_of[index], where, limits, ocr=ocr)
        return document.text, document.reader

    found = filing.read_all([(name, index) for index, (name, _) in enumerate(files)], read)
    try:
        chosen, others = filing.choose(found)
    except ReadError as error:
        raise (next(iter(faults.values()), error) if error.code == "NB-FORM-NOT-A-REPORT" else error) from None
    document = documents[chosen]
    if any(page.unread for page in document.layout):  # it was only looked at so far
        document = _document(data_of[chosen], where, limits, progress)
    if not others:
        return document
    message = filing.told(found[chosen].name, others, document.text)
    note = Issue(code="NB-READ-ATTACHMENT", message=message, remedy="look whether they hold what the report lacks")
    return replace(document, issues=(*document.issues, note))


# ---------------------------------------------------------------- bytes


def _empty(reason: str) -> ReadError:
    return ReadError(reason, remedy="give the file of a report", code="NB-READ-EMPTY")


def file_bytes(path: Path, where: str, limits: Limits) -> bytes:
    """What a file holds. Raises ReadError: NB-READ-ABSENT, -FILE, -PERMISSION, -SIZE."""
    try:
        if path.exists() and not path.is_file():
            raise ReadError(
                "this is no ordinary file (不是普通文件)",
                remedy="give a file, not a device or a pipe",
                where=where,
                code="NB-READ-FILE",
            )
        # One byte more than allowed tells that there is more; the rest of a huge file is never read.
        with path.open("rb") as file:
            data = file.read(limits.file + 1)
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
    if len(data) > limits.file:
        raise ReadError(
            f"the file has more than {limits.file:,} bytes (文件过大)",
            remedy="give one report a file, or raise the limit file",
            where=where,
            code="NB-READ-SIZE",
        )
    return data
