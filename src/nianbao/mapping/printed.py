"""Where the evidence of a filing is printed: passages of its text → pages and rectangles of the file.

A place is a fragment of the source file as PDF viewers know it (RFC 8118): ``#page=2&viewrect=left,top,width,height``
in points from the upper left corner of the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import pyoxigraph as ox

from nianbao.mapping.iris import Names, passage_iri, source_iri
from nianbao.mapping.terms import Fact, concept, decimal, term
from nianbao.reading.places import least, merged, origin_of
from nianbao.record import Money, Record, Spot

# Boxes whose words are evidence: sections of free text, and the figures of the form.
_SECTIONS = ("registration_changes", "activities", "qualifications", "performance", "donations")
_OPINIONS = ("institution_opinion", "sponsor_opinion")
_FIGURES = ("initial_capital", "net_assets_opening", "net_assets_closing", "staff")

ORIGINS = {"text": "originText", "ocr": "originOcr", "layer": "originLayer"}


def read_as(record: Record, spots: Sequence[Spot]) -> Iterator[Fact]:
    """How the characters at some places were read, and the score; nothing for a file that was not recognised."""
    origin = origin_of(spots)
    if spots and (origin != "text" or record.source.reader == "ocr"):
        yield "nb:characterOrigin", concept(ORIGINS, origin)
        yield "nb:recognitionScore", _score(spots)


def origins(record: Record) -> Iterator[Fact]:
    """How the characters of a whole report came into the data, where some were recognised."""
    found = {place.origin for place in record.places}
    if found - {"text"}:
        for origin in sorted(found):
            yield "nb:characterOrigin", concept(ORIGINS, origin)


def _score(spots: Sequence[Spot]) -> ox.Literal | None:
    score = least(spot.score for spot in spots)
    return None if score is None else decimal(Decimal(str(round(score, 3))))


def printed_triples(record: Record, names: Names) -> Iterator[ox.Triple]:
    """``nb:printedAt`` of the passages that are evidence; nothing for a file without pages."""
    if not record.places or not record.source.sha256:
        return
    source = source_iri(record.source.sha256, names.base)
    seen: set[tuple[int, int]] = set()
    for start, end, spots in _passages(record):
        if end <= start or (start, end) in seen:
            continue
        seen.add((start, end))
        node = ox.NamedNode(passage_iri(names.text, start, end))
        for spot in spots:
            yield ox.Triple(node, term("nb:printedAt"), ox.NamedNode(spot_iri(source, spot)))


def spot_iri(source: str, spot: Spot) -> str:
    """A place of a file (an IRI): page and rectangle."""
    x0, y0, x1, y1 = spot.box
    sides = ",".join(f"{side:.1f}".removesuffix(".0") for side in (x0, y0, x1 - x0, y1 - y0))
    return f"{source}#page={spot.page}&viewrect={sides}"


def _passages(record: Record) -> Iterator[tuple[int, int, tuple[Spot, ...]]]:
    for metric in record.metrics:
        yield metric.start, metric.end, metric.places
    for event in record.events:
        yield event.start, event.end, event.places
    for key in (*_SECTIONS, *_OPINIONS, *_FIGURES):
        if key in record.boxes and key in record.box_places:
            start, end = record.boxes[key]
            yield start, end, record.box_places[key]
            amount = getattr(record, key)
            if isinstance(amount, Money) and amount.start is not None and amount.end is not None:
                yield amount.start, amount.end, amount.places or record.box_places[key]
    for gift in record.donations.gifts:
        if gift.amount and gift.amount.start is not None and gift.amount.end is not None:
            yield gift.amount.start, gift.amount.end, gift.amount.places
    for activity in record.activities:
        yield activity.start, activity.end, _areas(record, activity.start, activity.end)


def _areas(record: Record, start: int, end: int) -> tuple[Spot, ...]:
    """The box around the printed lines of a passage, for each page."""
    pages: dict[int, list[Spot]] = {}
    for place in record.places:
        if place.start < end and place.end > start:
            pages.setdefault(place.page, []).append(Spot(page=place.page, box=place.box))
    return tuple(merged(page, spots) for page, spots in pages.items())
