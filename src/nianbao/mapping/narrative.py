"""The narrative as RDF: outline, quantities, awards and incidents. A part of the mapping in ``nianbao.mapping.rdf``."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pyoxigraph as ox

from nianbao.mapping.doubts import touches_doubt
from nianbao.mapping.iris import Names, indicator_iri, institution_name, name_key, organisation_iri
from nianbao.mapping.organisations import names_body, names_person, names_work, which
from nianbao.mapping.printed import read_as
from nianbao.mapping.terms import Fact, chinese, concept, day, decimal, describe, iri, passage, plain, section_iri, term
from nianbao.mapping.units import precision, unit_of
from nianbao.narrative.indicators import normal_subject
from nianbao.record import Activity, Event, Metric, Record
from nianbao.vocabulary import expand

# Words of the record, and the codes that stand for them.
BOUNDS = {"exact": "exact", "more-than": "moreThan", "less-than": "lessThan", "about": "about"}
ACCUMULATIONS = {"period": "duringPeriod", "to-date": "toDate", "point": "atPoint"}
DIRECTIONS = {"increase": "increase", "decrease": "decrease"}
BASES = {"year-on-year": "yearOnYear", "not-stated": "basisNotStated"}
AWARD_KINDS = {"award": "awardPrize", "rank": "awardRank"}
INCIDENTS = {"penalty": "penalty", "lawsuit": "lawsuit", "complaint": "complaint"}

ACTIVITIES_TITLE = "开展业务活动情况"
# Penalties of these are no penalties of the institution.
_OTHERS = re.compile(r"(?:公司|企业|商户|商家|商|业户|个体户|经营者|中介机构|承包人|施工方|供货方)$")
LEAD = "0"
"""Number of the text before the first item of the outline; its IRI is ``F/a0``."""


def narrative_triples(record: Record, names: Names) -> Iterator[ox.Triple]:
    """Activities, observations, changes, awards and incidents of the filing's graph."""
    outline = _Outline(record, names)
    yield from outline.triples()
    yield from _metrics(record, names, outline)
    yield from _events(record, names, outline)


def _metrics(record: Record, names: Names, outline: _Outline) -> Iterator[ox.Triple]:
    paths = list(_numbered("q", [(metric.activity, metric.start) for metric in record.metrics], outline))
    for metric, path in zip(record.metrics, paths, strict=True):
        unit, item = unit_of(metric.unit)
        level = metric.kind == "level"
        starts, ends = _period(metric, names.year)

        def other(index: int | None) -> ox.NamedNode | None:
            if index is None or not 0 <= index < len(paths) or record.metrics[index].kind != "level":
                return None
            return iri(names.part(paths[index]))

        yield from describe(
            names.part(path),
            "nb:Observation" if level else "nb:Change",
            ("nb:statedIn", iri(names.filing)),
            ("nb:about", iri(names.institution)),
            ("nb:partOfActivity", outline.node(metric.activity, metric.start)),
            ("nb:indicator", iri(indicator_iri(*indicated(metric, record), names.base))),
            ("nb:value", decimal(metric.value)),
            ("nb:unit", ox.NamedNode(unit)),
            ("nb:countedItem", plain(item)),
            ("nb:statedValue", plain(metric.stated)),
            ("nb:precision", decimal(precision(metric.stated, metric.value))),
            ("nb:bound", concept(BOUNDS, metric.bound)),
            ("nb:accumulation", concept(ACCUMULATIONS, metric.accumulation)),
            ("nb:periodStart", day(starts)),
            ("nb:periodEnd", day(ends)),
            ("nb:componentOf", other(metric.part_of) if level else None),
            ("nb:changeOf", None if level else other(metric.of)),
            ("nb:comparisonBasis", None if level else concept(BASES, metric.basis or "not-stated")),
            ("nb:changeKind", None if level else term(_change_kind(unit))),
            ("nb:direction", None if level else concept(DIRECTIONS, metric.direction)),
            ("nb:evidence", passage(names, metric.start, metric.end)),
            ("nb:confidence", decimal(Decimal(str(round(metric.confidence, 4))))),
            ("nb:doubtfulReading", term("nb:value") if touches_doubt(record, metric.start, metric.end) else None),
            *read_as(record, metric.places),
        )


def _period(metric: Metric, year: int) -> tuple[str | None, str | None]:
    """First and last day of what the figure is about; a change has none, its base says what it compares."""
    if metric.kind == "change":
        return None, None
    return (f"{year:04d}-01-01" if metric.accumulation == "period" else None), f"{year:04d}-12-31"


_CHANGE_KINDS = {
    expand("nbc:percentagePoint"): "nbc:points",
    expand("unit:PERCENT"): "nbc:ratio",
    expand("unit:PERMILLE"): "nbc:ratio",
    expand("nbc:multiple"): "nbc:ratio",
}


def _change_kind(unit: str) -> str:
    return _CHANGE_KINDS.get(unit, "nbc:difference")


def indicated(metric: Metric, record: Record) -> tuple[str, str]:
    """Subject and unit of the indicator. That of a change is what changed: its level's, else one with an open unit."""
    if metric.kind == "change" and metric.of is not None and 0 <= metric.of < len(record.metrics):
        level = record.metrics[metric.of]
        if level.kind == "level":
            metric = level
    subject = metric.subject.strip() or (metric.unit or "").strip() or metric.stated
    unit = (metric.unit or "").strip()
    if metric.kind == "change":
        kind = _change_kind(unit_of(unit)[0])
        unit = {"nbc:ratio": "", "nbc:points": "%"}.get(kind, unit)
    return normal_subject(subject), unit


# --- the outline, awards and incidents


class _Outline:
    """The activities of a record and their nodes; a number that occurs twice gets ``-2`` and so on."""

    def __init__(self, record: Record, names: Names) -> None:
        self._record, self._names = record, names
        self._paths: dict[str, list[tuple[Activity, str]]] = {}
        for activity in record.activities:
            same = self._paths.setdefault(activity.number, [])
            same.append((activity, f"a{activity.number}" + (f"-{len(same) + 1}" if same else "")))
        said = [item.activity for item in record.metrics] + [item.activity for item in record.events]
        self._lead = any(activity not in self._paths for activity in said)

    def number(self, activity: str | None) -> str:
        """The number under which a statement is filed: that of its activity, ``0`` before the first."""
        return activity if activity in self._paths and activity is not None else LEAD

    def node(self, activity: str | None, start: int) -> ox.NamedNode | None:
        """The activity that a statement at ``start`` belongs to."""
        number = self.number(activity)
        same = self._paths.get(number, [])
        holds = [path for item, path in same if item.start <= start < item.end]
        return iri(self._names.part((holds or [path for _, path in same] or [f"a{LEAD}"])[0]))

    def _parent(self, activity: Activity) -> ox.NamedNode | None:
        number = activity.number
        while "." in number:
            number = number.rpartition(".")[0]
            if number in self._paths:
                return self.node(number, activity.start)
        return None

    def _first(self) -> int | None:
        """Where the text before the first item ends."""
        starts = [activity.start for activity in self._record.activities]
        return min(starts, default=self._record.activities_section.end)

    def triples(self) -> Iterator[ox.Triple]:
        record, names = self._record, self._names
        section = iri(section_iri("activities", names))
        if self._lead and LEAD not in self._paths:
            # Text that stands right under the title of the box: its activity has the box's title for a heading.
            yield from describe(
                names.part(f"a{LEAD}"),
                "nb:ReportedActivity",
                ("nb:statedIn", iri(names.filing)),
                ("nb:inSection", section),
                ("nb:outlineNumber", plain(LEAD)),
                ("nb:heading", plain(ACTIVITIES_TITLE)),
                ("nb:evidence", passage(names, record.activities_section.start, self._first())),
            )
        for same in self._paths.values():
            for activity, path in same:
                yield from describe(
                    names.part(path),
                    "nb:ReportedActivity",
                    ("nb:statedIn", iri(names.filing)),
                    ("nb:inSection", section),
                    ("nb:outlineNumber", plain(activity.number)),
                    ("nb:heading", plain(activity.heading) or plain(ACTIVITIES_TITLE)),
                    ("nb:parentActivity", self._parent(activity)),
                    ("nb:evidence", passage(names, activity.start, activity.end)),
                )


def _numbered(letter: str, places: Iterable[tuple[str | None, int]], outline: _Outline) -> Iterator[str]:
    """Keys ``q1.3-2``: the activity, and how many statements of it came before."""
    counts: Counter[str] = Counter()
    for activity, _ in places:
        number = outline.number(activity)
        counts[number] += 1
        yield f"{letter}{number}-{counts[number]}"


def _events(record: Record, names: Names, outline: _Outline) -> Iterator[ox.Triple]:
    bodies: dict[str, str] = {}
    paths = _numbered("e", [(event.activity, event.start) for event in record.events], outline)
    for event, path in zip(record.events, paths, strict=True):
        common: list[Fact] = [
            ("nb:statedIn", iri(names.filing)),
            ("nb:partOfActivity", outline.node(event.activity, event.start)),
            ("nb:evidence", passage(names, event.start, event.end)),
            *read_as(record, event.places),
        ]
        unsure = touches_doubt(record, event.start, event.end)
        if event.kind in INCIDENTS:
            party = _party(event, record, names, bodies)
            if party is None:
                continue  # what meets a person is none of the institution's, and nobody's business
            yield from describe(
                names.part(path),
                "nb:Incident",
                *common,
                ("nb:incidentType", concept(INCIDENTS, event.kind)),
                ("nb:description", plain(event.name)),
                ("nb:doubtfulReading", term("nb:description") if unsure else None),
                ("nb:about", iri(party)),
            )
        else:
            doubt: Fact = ("nb:doubtfulReading", term("nb:awardName") if unsure else None)
            yield from describe(names.part(path), "nb:Award", *common, *_award(event, record, names, bodies), doubt)
    for name, path in bodies.items():
        yield from describe(names.part(path), "org:Organization", ("skos:prefLabel", chinese(name)))


def _party(event: Event, record: Record, names: Names, bodies: dict[str, str]) -> str | None:
    """Whom a penalty meets: the institution, another body, or None for a person; suits and complaints are its own."""
    words = event.recipient
    if not words or event.kind != "penalty":
        return names.institution
    if which(words, (institution_name(record), *record.other_names), record.sponsors) == -1:
        return names.institution
    if names_person(words):
        return None
    if _OTHERS.search(words):
        return names.part(bodies.setdefault(words, f"org-{len(bodies) + 1}"))
    return names.institution


def _award(event: Event, record: Record, names: Names, bodies: dict[str, str]) -> Iterator[Fact]:
    """The facts of an award. ``bodies`` collects other organisations: their words and the path of their node."""

    def body(words: str | None) -> ox.NamedNode | None:
        if not words:
            return None
        found = which(words, (institution_name(record), *record.other_names), record.sponsors)
        if found is not None:
            return iri(
                names.institution if found < 0 else organisation_iri(name_key(record.sponsors[found]), names.base)
            )
        if not names_body(words):
            return None
        return iri(names.part(bodies.setdefault(words, f"org-{len(bodies) + 1}")))

    yield "nb:awardName", plain(event.name)
    yield "nb:awardKind", concept(AWARD_KINDS, event.kind)
    # What an institution's work wins, the institution wins; a person or a place is no organisation.
    own = not event.recipient or names_work(event.recipient)
    yield "nb:recipient", iri(names.institution) if own else body(event.recipient)
    yield "nb:statedRecipient", plain(event.recipient)
    yield "nb:awardedBy", body(event.by)
