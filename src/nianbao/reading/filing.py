"""A report that comes with its attachments, as a ZIP archive or a folder: which of the files is the report.

The form's own labels decide (``ANCHORS``): a file that holds ``ENOUGH`` of them is a report. Two files are the same
report in two forms (Word and PDF) where they name one institution and hold nearly the same numbers; the first of
``_BETTER`` is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from nianbao.errors import ReadError

ANCHORS = (
    *("单位名称", "法定代表人", "开办资金", "经费来源", "举办单位", "住所", "宗旨和业务范围", "网上名称", "从业人数"),
    *("年初数", "年末数", "开展业务活动情况", "变更登记", "填表人"),
)
ENOUGH = 5
SAME = 0.8  # share of numbers that two forms of one report have in common
_ONCE = ("开办资金", "经费来源", "净资产合计", "从业人数", "填表人", "报送日期")
MOST = 100  # files of one filing
HARMFUL = 3  # of them that may run over a limit of time or memory, which costs a minute each
_BETTER = ("docx", "html", "pdf", "ofd", "text", "ocr")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file of a filing gave: its text and the reader that gave it, or the reason why it gave none.

    harmful: reading it ran over a limit, or was not tried after others that did.
    """

    name: str
    text: str = ""
    reader: str = ""
    reason: str = ""
    harmful: bool = False


def anchors(text: str) -> int:
    """How many labels of the form a text holds; blanks in them do not count."""
    plain = re.sub(r"\s", "", text)
    return sum(anchor in plain for anchor in ANCHORS)


T = TypeVar("T")


def read_all(files: Iterable[tuple[str, T]], reader: Callable[[T, bool], tuple[str, str]]) -> list[Reading]:
    """Read the files of a filing: first without OCR, and where that finds no report, with it.

    reader: (a file, whether OCR may be used) → its text and who read it. Files that cannot be read keep the reason.
    """
    given = list(files)
    if len(given) > MOST:
        raise ReadError(
            f"{len(given):,} files are too many for one report and its attachments (文件过多)",
            remedy="build takes a folder of many reports; unpack an archive into a folder first",
            code="NB-READ-SEVERAL",
        )
    over = 0

    def tried(name: str, file: T, *, ocr: bool) -> Reading:
        nonlocal over
        if over >= HARMFUL:
            return Reading(name, reason=f"not looked at: {over} files before it ran over a limit", harmful=True)
        try:
            text, who = reader(file, ocr)
        except ReadError as error:
            harmful = error.code in ("NB-READ-TIMEOUT", "NB-READ-MEMORY")
            over += harmful
            return Reading(name, reason=f"{error.reason} [{error.code}]", harmful=harmful)
        return Reading(name, text, who)

    found = [tried(name, file, ocr=False) for name, file in given]
    if any(anchors(reading.text) >= ENOUGH for reading in found):
        return found
    return [
        reading if reading.harmful or anchors(reading.text) else tried(name, file, ocr=True)
        for (name, file), reading in zip(given, found, strict=True)
    ]


def choose(found: Sequence[Reading]) -> tuple[int, list[Reading]]:
    """(index of the report, the others). Raises ReadError: none is a report, or several are."""
    reports = [index for index, reading in enumerate(found) if anchors(reading.text) >= ENOUGH]
    if not reports:
        told = "; ".join(f"{reading.name}: {reading.reason or 'no report'}" for reading in found[:5])
        raise ReadError(
            f"none of the {len(found)} files in it is an annual report (其中没有年度报告书): {told}",
            remedy="give the file of the report",
            code="NB-FORM-NOT-A-REPORT",
        )
    first = min(reports, key=lambda index: (_rank(found[index].reader), -anchors(found[index].text), index))
    others = [index for index in reports if not same(found[index].text, found[first].text)]
    if others:
        names = ", ".join(found[index].name for index in sorted([first, *others])[:5])
        raise ReadError(
            f"it holds {1 + len(others)} reports: {names} (包含多份报告)",
            remedy="read them one by one, or use build for a folder (unpack an archive first)",
            code="NB-READ-SEVERAL",
        )
    return first, [reading for index, reading in enumerate(found) if index != first]


def same(one: str, other: str) -> bool:
    """Whether two texts name the same institution and hold the same numbers, but for a few."""
    mine, theirs = (set(re.findall(r"\d[\d.,]*\d", text)) for text in (one, other))
    return _name(one) == _name(other) and len(mine & theirs) >= SAME * max(1, min(len(mine), len(theirs)))


def _name(text: str) -> str:
    """The first characters behind 单位名称: enough to tell two institutions apart."""
    found = re.search(r"单位名称[：:]?(\w{1,8})", re.sub(r"\s", "", text))
    return found[1] if found else ""


def noise(name: str) -> bool:
    """Whether a name is that of a hidden file, of a lock file of Word, or of one that a system puts beside files."""
    return name.startswith((".", "~$", "__MACOSX")) or name.lower() in ("thumbs.db", "desktop.ini")


def refuse_several(text: str) -> None:
    """Raise ReadError (NB-READ-SEVERAL) for a text in which the form of one institution follows that of another."""
    plain = re.sub(r"\s", "", text)
    if all(plain.count(label) > 1 for label in _ONCE):
        found = re.findall(r"单位名称[：:]?(\w{4,40}?)(?=法定代表人|宗旨|住所|\W)", plain)
        names = {name for name in found if not any(other != name and other.startswith(name) for other in found)}
        if len(names) > 1:
            raise ReadError(
                f"the file holds several reports: {', '.join(sorted(names))[:200]} (包含多份报告)",
                remedy="split it: one report a file",
                code="NB-READ-SEVERAL",
            )


def told(report: str, others: Sequence[Reading], text: str) -> str:
    """What the record says of a filing's files."""
    names = []
    for reading in others[:30]:
        if reading.reason:
            names.append(f"{reading.name} (not read: {reading.reason})")
        elif anchors(reading.text) >= ENOUGH and same(reading.text, text):
            names.append(f"{reading.name} (the same report in another form)")
        else:
            names.append(reading.name)
    return f"the report is {report}; attachments: {', '.join(names)} (附件)"


def _rank(reader: str) -> int:
    return _BETTER.index(reader) if reader in _BETTER else len(_BETTER)
