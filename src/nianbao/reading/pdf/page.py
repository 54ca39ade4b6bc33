"""One page of a PDF → ``Page``: its characters in cells and lines, and the verdict on its text layer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import pypdfium2.raw as pdfium

from nianbao.reading.layout import Cell, Line, Page
from nianbao.reading.pdf import aligned, unruled, verdict
from nianbao.reading.pdf.fields import Field, characters
from nianbao.reading.pdf.glyphs import Glyph, Glyphs, Shown, glyphs, shown
from nianbao.reading.pdf.lines import lines
from nianbao.reading.pdf.render import unexplained_ink
from nianbao.reading.pdf.rules import Drawn, drawn
from nianbao.reading.pdf.seen import Signs, unseen
from nianbao.reading.pdf.verdict import Verdict
from nianbao.reading.ruling import Ruled, Rules, merged, tables

_MIDDLE = 0.3  # em right of and above its origin: the point of a glyph that tells its cell
_OUTLINES = 3000  # segments of drawings from which on a page may hold its text as outlines
_SMALL = 30.0  # points of its sides: a character drawn as an outline, or a box to tick, is no table
_NEAR = 3.0  # points between rules that are one
_IMAGE = 0.02  # share of a page that an image must cover to be looked at


@dataclass(frozen=True, slots=True)
class Reading:
    """A page, the verdict on it, the share of dark points on it that nothing explains (0 where not looked for), how
    many characters are drawn where nobody sees them, whether it is a form without rules that leaves open which line
    belongs to which box, and the labels of such boxes where they are known."""

    page: Page
    verdict: Verdict
    ink: float = 0.0
    unseen: int = 0
    crowded: bool = False
    boxes: tuple[str, ...] = ()


class Sheet(Protocol):
    """A page of any kind of file that knows its characters and drawings by their places."""

    def drawn(self, place: Shown) -> Drawn: ...

    def glyphs(self, place: Shown, limit: int, lined: Drawn) -> Glyphs: ...

    def ink(self, text: Sequence[Glyph], lined: Drawn, size: tuple[float, float]) -> float:
        """Share of the page's points that are dark where no character or rule is."""


class _Loaded(Sheet):
    """A page of a PDF."""

    def __init__(self, page: pdfium.FPDF_PAGE, typed: Sequence[Field]) -> None:
        self.page = page
        self.typed = typed

    def drawn(self, place: Shown) -> Drawn:
        return drawn(self.page, place)

    def glyphs(self, place: Shown, limit: int, lined: Drawn) -> Glyphs:
        signs = Signs(lined.covers, lined.inner)
        gone = partial(unseen, self.page, place, signs=signs)
        found = glyphs(self.page, place, limit, lined.seals, lined.dark, gone)
        found.text.extend(characters(self.typed, place))
        return found

    def ink(self, text: Sequence[Glyph], lined: Drawn, size: tuple[float, float]) -> float:
        return unexplained_ink(self.page, text, lined.rules, size)


def read_page(page: pdfium.FPDF_PAGE, number: int, *, limit: int, typed: Sequence[Field] = ()) -> Reading:
    """Read a loaded page. limit: characters. typed: values of its fields that are not drawn on it."""
    return read_sheet(_Loaded(page, typed), shown(page), number, limit=limit)


def read_sheet(sheet: Sheet, place: Shown, number: int, *, limit: int) -> Reading:
    """Read a page by the places of its characters and rules; ``place`` tells how it is shown."""
    width, height = place.size
    lined = sheet.drawn(place)
    found = sheet.glyphs(place, limit, lined)
    lean = found.lean
    if lean:  # it lies on its side or stands on its head: read as if it were turned back
        place = replace(place, turns=(place.turns - lean) % 4)
        width, height = place.size
        lined = sheet.drawn(place)
        found = sheet.glyphs(place, limit, lined)
    images = min(1.0, sum(lined.images))
    text = [glyph for glyph in found.text if -1 <= glyph.x <= width + 1 and -1 <= glyph.y <= height + 1]
    ink = 0.0
    if not lean and (images > _IMAGE or lined.segments > _OUTLINES or len(text) < verdict.FEW):
        ink = sheet.ink((*text, *found.overlay), lined, (width, height))
    judged = verdict.judge(number, text, found.hidden, images, ink)
    if judged.kind == "hidden":
        text = sorted([*text, *found.hidden], key=lambda glyph: glyph.index)
    ruled = [table for table in tables(_completed(lined.rules, text, height)) if max(_sides(table)) > _SMALL]
    body, aside = unruled.margins(text, height) if not ruled else (text, [])
    form = None if ruled else aligned.table(unruled.pieces(body), unruled.pieces(aside))
    result = Page(
        number=number,
        width=round(width, 1),
        height=round(height, 1),
        # The layer behind a scan may be right: without OCR it is better than nothing.
        blocks=() if judged.ocr and judged.kind != "hidden" else _blocks(body, aside, ruled, form),
        overlay=(*_overlay(found, judged), *(form.halves if form else ())),
        unread=judged.reason if judged.ocr else "",
        skew=90.0 * lean,
    )
    close = bool(form.doubtful) if form else not ruled and unruled.crowded(result.blocks)
    unseen_ = found.unseen if judged.kind != "hidden" else 0
    return Reading(result, judged, ink, unseen_, close, form.doubtful if form else ())


def _completed(rules: Rules, text: Sequence[Glyph], height: float) -> Rules:
    """The rules of a page; where it has those across alone, with those down that white columns stand for.

    Only where the white bands between its rows do not tell them: these see more than rules with gaps.
    """
    if len(rules.across) < unruled.FORM or any(rule.end - rule.start > _SMALL for rule in rules.down):
        return rules
    if unruled.table(unruled.margins(text, height)[0]):
        return rules
    across = sorted(merged(rules.across, _NEAR))
    return Rules(across, unruled.down_rules(text, across))


def blocks(text: Iterable[Glyph], ruled: Sequence[Ruled], height: float) -> tuple[Line | tuple[Cell, ...], ...]:
    """The lines outside tables and the tables, from top to bottom."""
    text = list(text)
    body, aside = unruled.margins(text, height) if not ruled else (text, [])
    return _blocks(body, aside, ruled, None if ruled else aligned.table(unruled.pieces(body), unruled.pieces(aside)))


def _blocks(
    body: Sequence[Glyph], aside: Sequence[Glyph], ruled: Sequence[Ruled], form: aligned.Aligned | None
) -> tuple[Line | tuple[Cell, ...], ...]:
    if form:
        return tuple(sorted((form.cells, *lines(form.outside)), key=_top))
    if not ruled and (banded := unruled.table(body)):
        return tuple(sorted((banded, *lines(aside)), key=_top))
    free: list[Glyph] = []
    held: list[list[list[Glyph]]] = [[[] for _ in table.fields] for table in ruled]
    for glyph in (*body, *aside):
        middle = _MIDDLE * glyph.em
        x, y = (glyph.x + middle, glyph.y - middle) if not glyph.turn else (glyph.x - middle * glyph.turn, glyph.y)
        for table, cells in zip(ruled, held, strict=True):
            number = table.field_at(x, y)
            if number is not None:
                cells[number].append(glyph)
                break
        else:
            free.append(glyph)
    found: list[Line | tuple[Cell, ...]] = [*lines(free)]
    found += [_table(table, cells) for table, cells in zip(ruled, held, strict=True) if any(cells)]
    return tuple(sorted(found, key=_top))


def _sides(table: Ruled) -> tuple[float, float]:
    return table.box[2] - table.box[0], table.box[3] - table.box[1]


def _top(block: Line | tuple[Cell, ...]) -> float:
    boxes = [block.box] if isinstance(block, Line) else [cell.box for cell in block]
    return min((box[1] for box in boxes if box), default=0.0)


def _table(table: Ruled, held: Sequence[Sequence[Glyph]]) -> tuple[Cell, ...]:
    cells = [
        Cell(
            row=field.row,
            column=field.column,
            rows=field.rows,
            columns=field.columns,
            lines=tuple(lines(group)),
            box=(round(field.box[0], 1), round(field.box[1], 1), round(field.box[2], 1), round(field.box[3], 1)),
            open_above=field.open_above,
            open_below=field.open_below,
        )
        for field, group in zip(table.fields, held, strict=True)
    ]
    return tuple(sorted(cells, key=lambda cell: (cell.row, cell.column)))


def _overlay(found: Glyphs, judged: Verdict) -> list[Line]:
    """What was set aside, in the order of the content: a line for each run (slanted text has no lines of its own)."""
    runs: list[list[Glyph]] = []
    for glyph in (*found.overlay, *(found.hidden if judged.kind != "hidden" else ())):
        last = runs[-1][-1] if runs else None
        if last and glyph.index - last.index <= 3 and abs(glyph.x - last.x) + abs(glyph.y - last.y) < 4 * glyph.em:
            runs[-1].append(glyph)
        else:
            runs.append([glyph])
    return [
        Line(
            text="".join(glyph.char for glyph in run),
            box=(
                round(min(g.x for g in run), 1),
                round(min(g.y - g.em for g in run), 1),
                round(max(g.right for g in run), 1),
                round(max(g.y for g in run), 1),
            ),
        )
        for run in runs
    ]
