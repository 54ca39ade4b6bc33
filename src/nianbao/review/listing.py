"""The list of candidates as CSV, and the list that comes back from people and their spreadsheets."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from nianbao.errors import ReviewError
from nianbao.review.candidates import KINDS, Candidate
from nianbao.review.decisions import DECISIONS, Decision

COLUMNS = ("kind", "left", "left_name", "right", "right_name", "reason", "evidence", "decision", "who", "when", "note")
NEEDED = ("left", "right", "decision", "who")

# What people write for a decision, beside the words themselves.
_WORDS = {
    **{word: word for word in DECISIONS},
    "同一单位": "same",
    "同一": "same",
    "相同": "same",
    "不同单位": "different",
    "不同": "different",
    "后者接替前者": "later",
    "接替": "later",
    "并入后者": "merged",
    "并入": "merged",
    "合并": "merged",
    "分立出后者": "split",
    "分立": "split",
}
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0{1,2}:00(?::00)?)?")


def as_csv(found: Iterable[Candidate]) -> str:
    """The list for people, with empty columns for the decision."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found:
        said = (one.left.iri, one.left.name, one.right.iri, one.right.name, KINDS[one.kind], " ".join(one.evidence))
        writer.writerow([one.kind, *map(_harmless, said), "", "", "", ""])
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def read_file(path: Path) -> list[Decision]:
    """The decided rows of a file as spreadsheets save it: UTF-8, UTF-16 or GB 18030; commas, semicolons or tabs.

    Raises ReviewError for what is no such text, and OSError.
    """
    data = path.read_bytes()
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _wrong(str(path), 1, "this is a workbook, not CSV; save it as CSV (UTF-8)")
    for encoding in ("utf-16",) if data.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "gb18030"):
        try:
            return read_decisions(data.decode(encoding), str(path))
        except UnicodeDecodeError:
            continue
    raise _wrong(str(path), 1, "the characters are neither UTF-8, UTF-16 nor GB 18030; save it as CSV (UTF-8)")


def read_decisions(text: str, where: str = "") -> list[Decision]:
    """The decided rows of a CSV; those with an empty decision are still open. An empty date is today.

    Raises ReviewError that names the line of the first row that is wrong.
    """
    text = text.removeprefix("\ufeff")
    if "\0" in text:
        raise _wrong(where, 1, "there are NUL characters in the text; save it as CSV (UTF-8)")
    head = text.split("\n", 1)[0]
    if mark := re.match(r"sep=(.)\r?\n?$", head):  # a line that Excel writes and reads
        text, delimiter = text.partition("\n")[2], mark[1]
    else:
        delimiter = max(",;\t", key=head.count)
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        if missing := sorted(set(NEEDED) - set(names)):
            raise _wrong(where, 1, f"the columns {', '.join(missing)} are missing; there are: {', '.join(names)}")
        if twice := sorted({name for name in names if name and names.count(name) > 1}):
            raise _wrong(where, 1, f"the columns {', '.join(twice)} are there twice")
        found = []
        for row in rows:
            if len(row) > len(names) and any(cell.strip() for cell in row[len(names) :]):
                raise _wrong(where, rows.line_num, f"{len(row)} cells for {len(names)} columns")
            cell = dict.fromkeys(COLUMNS, "") | dict(zip(names, map(str.strip, row), strict=False))
            if cell["decision"]:
                found.append(_decided(cell, where, rows.line_num))
    except csv.Error as error:
        raise _wrong(where, rows.line_num, f"this is no CSV ({error})") from None
    return found


def _decided(cell: dict[str, str], where: str, line: int) -> Decision:
    decision = _WORDS.get(cell["decision"].lower())
    if decision is None:
        raise _wrong(where, line, f"{cell['decision']!r} is none of {', '.join(DECISIONS)}")
    if not cell["who"]:
        raise _wrong(where, line, "who decided is empty")
    for side in ("left", "right"):
        if not re.fullmatch(r"""https?://[^\s<>"{}|\\^`\x00-\x20]+""", cell[side]):
            raise _wrong(where, line, f"{side} {cell[side]!r} is no IRI")
    if cell["left"] == cell["right"]:
        raise _wrong(where, line, "left and right are the same")
    return Decision(
        cell["left"],
        cell["right"],
        decision,
        cell["who"],
        _day(cell["when"], where, line),
        cell["note"],
        f"line {line}",
    )


def _day(text: str, where: str, line: int) -> str:
    """A date as ISO 8601; spreadsheets write 2025/3/31 for 2025-03-31."""
    if not text:
        return date.today().isoformat()
    found = _DAY.fullmatch(text)
    try:
        return date(*map(int, found.groups())).isoformat() if found else date.fromisoformat(text).isoformat()
    except ValueError:
        raise _wrong(where, line, f"{text!r} is no date (2025-03-31)") from None


def _wrong(where: str, line: int, reason: str) -> ReviewError:
    return ReviewError(
        reason,
        where=where,
        place=f"line {line}",
        remedy="correct the line; a row whose decision is empty is passed over",
        code="NB-REVIEW-CSV",
    )
