"""Lines of a report → the boxes of the form, and the reading text that all offsets point into.

The text has each label on a line of its own and its value on the next, wrapped lines joined, paragraphs parted by a
line feed. A box is one of three things: missing (no label, and no value that could be known without it), blank
(nothing behind its label), or filled.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from nianbao.errors import ReadError
from nianbao.form.boxes import OPINIONS, Region, fits, lay_out
from nianbao.form.labels import Piece, clean_line, find_labels, indent, table, text_of
from nianbao.form.origins import Run, Trace, runs
from nianbao.form.values import BLANK_DATE, SIGNATURE, find_dates, starts_sponsor
from nianbao.form.wrapping import Measure, Row, glue, measure, paragraphs
from nianbao.record import Issue

# Boxes that a form must have; the others (the cover's, those of older forms) may be absent.
EXPECTED = tuple(
    key for key, box in table().boxes.items() if box.zone in ("register", "assets", "report", "foot") and key.islower()
)
# Without one of these it is no annual report: a certificate has the registered items too.
_TELLTALE = {"TITLE", "registration_changes", "activities", "performance", "donations", "institution_opinion"}
_PARAGRAPHS = ("registration_changes", "activities", "qualifications", "performance", "donations", "OTHER", "REGISTRAR")
MAX_LINES = 20_000
# Boxes of one name or word, where a blank between two characters is typesetting (张 三).
_CLOSED_UP = ("name", "legal_representative", "funding_source", "form_filler")
_SIGNED = re.compile("[章字名签日：:（(]")  # one of these stands in every place to sign and every blank date
_HAN_BLANK = re.compile(r"(?<=[一-龥])\s+(?=[一-龥])")


@dataclass(frozen=True, slots=True)
class Span:
    """Where the value of a box stands in ``Form.text`` (start == end: blank), and the line of its label, from 1."""

    start: int
    end: int
    line: int
    label: str


@dataclass(frozen=True, slots=True)
class Form:
    """A form as read.

    text: the reading text. boxes: key → span for every box found; a missing one is not in it. cover: what the cover
    prints (uscc, year, name, legal_representative). head: the lines before the first box, such as a web page's title.
    signatures: opinion → span of what stands behind its words (who signs, seal, date). parts: spans of the values that
    older forms print in three boxes and the record keeps as one (performance). lines: the lines it was read from;
    traces: which pieces of them each stretch of the text was written from.
    """

    text: str
    boxes: dict[str, Span]
    cover: dict[str, str]
    head: tuple[str, ...]
    signatures: dict[str, tuple[int, int]]
    issues: tuple[Issue, ...]
    lines: tuple[str, ...] = field(default=(), repr=False)
    traces: tuple[Trace, ...] = field(default=(), repr=False)

    @property
    def origins(self) -> tuple[Run, ...]:
        """Where the text came from, worked out when asked: runs (start, end, line, column), all from 0, in order.

        ``text[start:end] == lines[line][column : column + end - start]``. Every character but blanks and line feeds
        has its run; a run ends where the line ends and where the parser changed blanks.
        """
        return runs(self.text, self.traces, self.lines)

    def value(self, key: str) -> str | None:
        """The words of a box; None where it is missing or blank."""
        span = self.boxes.get(key)
        return self.text[span.start : span.end] if span and span.end > span.start else None


def parse_form(
    lines: Sequence[str], *, where: str, whole: Collection[int] = (), full: Mapping[int, bool] | None = None
) -> Form:
    """The boxes of the form in repaired lines. Raises ReadError: NB-FORM-NOT-A-REPORT, NB-FORM-TOO-LONG.

    whole: numbers (from 0) of lines that are known to be whole paragraphs, so that nothing is joined.
    full: line → whether the next one's first word had no room on it, where places tell.
    """
    if len(lines) > MAX_LINES:
        raise ReadError(
            f"the text has {len(lines):,} lines, a report some hundreds (行数过多)",
            remedy="give each report a file of its own",
            where=where,
            place=f"lines 1-{len(lines)}",
            code="NB-FORM-TOO-LONG",
        )
    clean = [clean_line(line) for line in lines]
    layout = lay_out(clean)
    boxes = layout.keys & set(EXPECTED)
    if len(boxes) < 3 or not layout.keys & _TELLTALE:
        names = "、".join(box.zh for key, box in table().boxes.items() if key in boxes)
        raise ReadError(
            "this is no annual report of a public institution (不是事业单位法人年度报告书): "
            f"{len(boxes)} of the form's {len(EXPECTED)} boxes found" + (f" ({names})" if names else ""),
            remedy="give the whole text of one report with the labels of its boxes; --narrative reads bare activities",
            where=where,
            place=f"lines 1-{len(lines)}",
            code="NB-FORM-NOT-A-REPORT",
        )
    rows = {region: _rows(region, clean, full or {}) for region in layout.regions if region.key in _PARAGRAPHS}
    writer = _Writer(clean, rows, frozenset(whole))
    for number in layout.head:
        writer.head(number)
    for region in layout.regions:
        writer.region(region)
    missing = [_missing(key) for key in EXPECTED if key not in writer.boxes]
    return Form(
        text=writer.text(),
        boxes=writer.boxes,
        cover=layout.cover,
        head=tuple(clean[number].strip() for number in layout.head),
        signatures=writer.signatures,
        issues=(*layout.issues, *missing),
        lines=tuple(lines),
        traces=tuple(writer.traces),
    )


def _missing(key: str) -> Issue:
    return Issue(
        code="NB-FORM-MISSING",
        message=f"the form has no box {table().boxes[key].zh} (缺少此栏)",
        remedy="look whether its label was lost when the text was taken from the file",
    )


# ---------------------------------------------------------------- before repair


def label_lines(lines: Sequence[str]) -> set[int]:
    """Indexes of the lines made of the form's own words only: labels, places to sign, blank dates.

    For lines as they stand in the file: the form's words are never woven, so the repair leaves these lines alone.
    """
    spans = label_spans(lines)
    return {
        number for number, found in spans.items() if not _without(clean_line(lines[number]), found).strip("：: \u3000")
    }


def label_spans(lines: Sequence[str]) -> dict[int, list[tuple[int, int]]]:
    """For each line that has words of the form: where they stand in ``clean_line(line)``, as [start, end)."""
    clean = [clean_line(line) for line in lines[:MAX_LINES]]
    spans: dict[int, list[tuple[int, int]]] = {}
    for label in find_labels(tuple(clean)):
        for piece in label.pieces:
            spans.setdefault(piece.line, []).append((piece.start, piece.end))
    for number, line in enumerate(clean):
        if not _SIGNED.search(line):
            continue
        rest = _without(line, spans.get(number, []))
        if rest.strip() and not SIGNATURE.sub("", BLANK_DATE.sub("", rest)).strip("：:（）() \u3000"):
            found = [*SIGNATURE.finditer(rest), *BLANK_DATE.finditer(rest)]
            spans.setdefault(number, []).extend((match.start(), len(rest.rstrip("：: "))) for match in found[:1])
    return spans


def _without(line: str, spans: Iterable[tuple[int, int]]) -> str:
    for start, end in spans:
        line = line[:start] + " " * (end - start) + line[end:]
    return line


# ---------------------------------------------------------------- the reading text


class _Writer:
    """Writes the reading text line by line and notes where each box's value came to stand."""

    def __init__(
        self, clean: Sequence[str], rows: Mapping[Region, Sequence[Row]], whole: frozenset[int] = frozenset()
    ) -> None:
        self._clean = clean
        self._rows = rows
        self._whole = whole
        self._usual = _usual_measure(rows)
        self._lines: list[str] = []
        self._length = 0
        self.boxes: dict[str, Span] = {}
        self.signatures: dict[str, tuple[int, int]] = {}
        self.traces: list[Trace] = []

    def line(self, text: str) -> tuple[int, int]:
        """Add a line; the answer is its span."""
        start = self._length
        self._lines.append(text)
        self._length += len(text) + 1
        return start, start + len(text)

    def text(self) -> str:
        return "\n".join(self._lines)

    def head(self, number: int) -> None:
        """Add a line that stands before the first box."""
        line = self._clean[number]
        start, end = self.line(re.sub(r"\s{2,}", " ", line.strip()))
        self.traces.append(Trace(start, end, (Piece(number, 0, len(line)),)))

    def region(self, region: Region) -> None:
        """Add a label and its value."""
        before = self._length
        label = (
            "".join(re.sub(r"\s", "", text_of(self._clean, piece)) for piece in region.label.pieces)
            if region.label
            else ""
        )
        if label:
            self.line(label)
        words, signature = self._words(region)
        spans = [self.line(text) for text in words]
        start = spans[0][0] if spans else self._length
        end = spans[-1][1] if spans else start
        key = {"LAWSUITS": "performance", "COMPLAINTS": "performance"}.get(region.key, region.key)
        if key in self.boxes and self.boxes[key].end > self.boxes[key].start:
            start = self.boxes[key].start  # one box in three: the value goes on over the labels between
            end = max(end, self.boxes[key].end)
        if not spans and start == self._length:
            start = end = max(0, self._length - 1)  # blank: an empty span behind the label
        self.boxes[key] = Span(start, end, region.line + 1, label)
        if signature:
            signed = [self.line(text) for text in signature]
            self.signatures[key] = signed[0][0], signed[-1][1]
        pieces = region.label.pieces if region.label else ()
        self.traces.append(Trace(before, max(before, self._length - 1), (*pieces, *region.parts)))

    def _words(self, region: Region) -> tuple[list[str], list[str]]:
        """The lines of a value as they are written, and those of a signature behind it."""
        texts = [re.sub(r"[ \u3000]{2,}", " ", text_of(self._clean, part)) for part in region.parts]
        if region.key in OPINIONS:
            return _split_opinion(texts)
        if region.key in _PARAGRAPHS:
            if self._whole.issuperset(part.line for part in region.parts):
                return texts, []
            return paragraphs(self._rows[region], self._usual), []
        if region.key == "sponsors":
            return _join_sponsors(texts), []
        if region.box.zone in ("group", "cover"):
            return texts, []
        if region.box.zone == "foot":
            # What follows the last row is no part of it, such as the foot of a web page.
            label = region.label
            if region.key == "filing_date" and len(texts) > 1 and not find_dates(texts[0]):
                whole = glue(texts[0], texts[1])
                texts = [whole, *texts[2:]] if find_dates(whole) else texts  # the line broke inside the date
            beside = texts and label and region.parts[0].line == label.last
            return (texts[:1], texts[1:]) if texts and (beside or fits(region.key, texts[0])) else ([], texts)
        joined = _glued(texts)
        return ([_HAN_BLANK.sub("", joined) if region.key in _CLOSED_UP else joined] if joined else []), []


def _glued(texts: Sequence[str]) -> str:
    joined = ""
    for text in texts:
        joined = glue(joined, text) if joined else text
    return joined


def _join_sponsors(texts: Sequence[str]) -> list[str]:
    lines: list[str] = []
    for text in texts:
        if lines and not starts_sponsor(lines[-1], text) and lines[-1][-1:] not in "、；;":
            lines[-1] = glue(lines[-1], text)
        else:
            lines.append(text)
    return lines


def _split_opinion(texts: Sequence[str]) -> tuple[list[str], list[str]]:
    """The words of an opinion, joined, and the lines from the signature on."""
    words: list[str] = []
    for number, text in enumerate(texts):
        places = [m.start() for m in (SIGNATURE.search(text), BLANK_DATE.search(text)) if m]
        dates = find_dates(text)
        places += [dates[0].start] if dates and dates[0].end >= len(text) - 1 else []
        if places:
            words.append(text[: min(places)].strip())
            joined = _glued([word for word in words if word])
            rest = [text[min(places) :], *texts[number + 1 :]]
            return ([joined] if joined else []), rest
        words.append(text)
    joined = _glued(words)
    return ([joined] if joined else []), []


def _rows(region: Region, clean: Sequence[str], full: Mapping[int, bool]) -> list[Row]:
    """The lines of a long text; those of one beside its label have the value column as their left edge."""
    rows: list[Row] = []
    for number, part in enumerate(region.parts):
        line = clean[part.line]
        text = line[part.start : part.end]
        lead = len(text) - len(text.lstrip())
        between = clean[region.parts[number - 1].line + 1 : part.line] if number else ()
        blank = any(not line.strip() for line in between)  # and not a label that stands between two rows
        opens = part.start > 0 and not line[: part.start].strip(" \u3000")
        column = indent(line) if part.start == 0 or opens else 0
        if part.start > 0 and not opens:
            from_label = Piece(part.line, 0, part.start + lead)
            column = sum(2 if c > "\u2e7f" else 1 for c in line[: from_label.end])
        last = part.end >= len(line)  # and not words before a label on the same line
        rows.append(
            Row(re.sub(r"[ \u3000]{2,}", " ", text.strip()), column, blank, full.get(part.line) if last else None)
        )
    if rows and region.label and region.label.sep in ("colon", "blank"):
        # The first line stands behind the label: its column says nothing about an indent.
        rows[0] = Row(rows[0].text, min(row.indent for row in rows), False, rows[0].full)
    return rows


def _usual_measure(rows: Mapping[Region, Sequence[Row]]) -> Measure | None:
    """How long texts are set in this report: as in the activities."""
    return next(
        (measure(found) for region, found in rows.items() if region.key == "activities" and len(found) >= 4), None
    )
