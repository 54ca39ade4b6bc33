"""The record: what one report says, as frozen dataclasses and as the JSON that other programs read.

The keys and their meaning are the public interface (docs/record.md). ``to_json`` and ``from_json`` are inverse.

* Offsets count Unicode code points of ``Record.text``, half open: ``text[start:end] == quote``.
* Money is in yuan, dates are ISO 8601 strings, numbers are ``Decimal`` here and JSON numbers outside.
* A box that is empty on the form is ``None``; one that says that there is nothing keeps its
  words and has ``none=True``.
"""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal, Self, TypeVar

Kind = Literal["level", "change"]
Bound = Literal["exact", "more-than", "less-than", "about"]
Accumulation = Literal["period", "to-date", "point"]
Direction = Literal["increase", "decrease"]
Basis = Literal["year-on-year", "not-stated"]
Origin = Literal["text", "ocr", "layer"]
EventKind = Literal["award", "rank", "penalty", "lawsuit", "complaint"]
FundingCode = Literal["full", "partial", "self", "other"]
YearBasis = Literal["cover", "title", "change-statement", "file-name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The file that a report was read from; ``sha256`` is that of its bytes, in hexadecimal."""

    path: str
    sha256: str
    media_type: str = "text/plain"
    pages: int | None = None
    reader: str = "text"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A place on a page (from 1): ``box`` is x0, y0, x1, y1 in points from its upper left corner, y downwards.

    origin: how what stands there was read, as of ``Place``. score: that of OCR, of its least sure character, 0 to 1.
    """

    page: int
    box: tuple[float, float, float, float]
    origin: Origin = "text"
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where ``text[start:end]``, one printed line or a part of it, stands, and how it was read.

    origin: ``text`` (the file's own characters), ``ocr``, or ``layer`` (the invisible text that another program laid
    behind a scan); score: that of OCR, 0 to 1, the mean over the line.
    """

    start: int
    end: int
    page: int
    box: tuple[float, float, float, float]
    origin: Origin = "text"
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairStep:
    """What was done to one woven line: enough to replay it.

    line: number of the line in the file, from 1. raw, repaired: the line before and after.
    chunks: for each repaired chunk its start in ``raw`` and the order in which its characters stand in the repaired
    line, as positions in ``raw`` (blanks left out); joining them with what lies between gives ``repaired``.
    margin: by how many nats of score the best reading beats the next one; small means doubtful.
    alternatives: other readings of the line, best first.
    pinned: a person has given this reading (docs/corrections.md).
    """

    line: int
    raw: str
    repaired: str
    order: tuple[int, ...] = ()
    margin: float | None = None
    alternatives: tuple[str, ...] = ()
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RepairSummary:
    """Counts of lines (``lines`` all, ``changed`` repaired) and the numbers of lines that may still be wrong.

    doubtful_passages: where the characters of these lines stand in the text, as (start, end).
    """

    lines: int = 0
    changed: int = 0
    doubtful: tuple[int, ...] = ()
    doubtful_passages: tuple[tuple[int, int], ...] = ()
    steps: tuple[RepairStep, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Money:
    """An amount: ``value`` in yuan, ``stated`` as printed (``1100 万元``)."""

    value: Decimal
    unit: str = "元"
    stated: str = ""
    start: int | None = None
    end: int | None = None
    places: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingSource:
    """经费来源: as printed, and its code where the words map to one."""

    stated: str
    code: FundingCode | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """What the cover page says; a whole report often comes without one."""

    uscc: str | None = None
    year: str | None = None
    name: str | None = None
    legal_representative: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A box of free text: ``stated`` its words, ``none`` whether they say that there is nothing."""

    stated: str | None = None
    none: bool = False
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeItem:
    """One declared change of a registered item.

    item: the item as on the form (名称, 住所, 法定代表人, 开办资金, 经费来源, 宗旨和业务范围, 举办单位).
    """

    item: str
    from_: str | None = None
    to: str | None = None
    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesSection(Section):
    """对《条例》和实施细则有关变更登记规定的执行情况."""

    changes: tuple[ChangeItem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """One qualification or licence; ``valid_until`` an ISO date."""

    name: str
    number: str | None = None
    valid_until: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualificationsSection(Section):
    """相关资质认可或执业许可证明文件及有效期."""

    licences: tuple[Licence, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gift:
    """One gift; any part may be missing from the report."""

    donor: str | None = None
    amount: Money | None = None
    use: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DonationsSection(Section):
    """接受捐赠资助及其使用情况."""

    gifts: tuple[Gift, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpinionSection(Section):
    """事业单位委托意见: its date is that beside the signature."""

    date: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SponsorOpinionSection(OpinionSection):
    """举办单位意见（含保密审查意见）."""

    secrecy_reviewed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """One item of the outline; ``number`` is its path (``1.2``), ``heading`` None for an unnumbered narrative."""

    number: str
    heading: str | None
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One quantity that the narrative states. ``activity`` is None for one that stands before the first item.

    ``of`` and ``part_of`` are indexes into ``Record.metrics``; ``value`` has scale words applied and is never rounded;
    ``unit`` None where none is printed. docs/record.md explains every key.
    """

    activity: str | None
    subject: str
    value: Decimal
    unit: str | None
    stated: str
    kind: Kind
    bound: Bound
    accumulation: Accumulation
    direction: Direction | None = None
    basis: Basis | None = None
    of: int | None = None
    part_of: int | None = None
    start: int
    end: int
    quote: str
    confidence: float = 1.0
    places: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """An award, rank, penalty, lawsuit or complaint that the narrative tells of."""

    kind: EventKind
    name: str
    recipient: str | None = None
    by: str | None = None
    activity: str | None = None
    start: int
    end: int
    places: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PerformanceSection(Section):
    """绩效和受奖惩及诉讼投诉情况; the ``events`` that it tells belong to no activity."""

    events: tuple[Event, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """A doubt of the reader. ``code`` is listed in docs/errors.md; ``line`` counts from 1 in the file."""

    code: str
    message: str
    remedy: str = ""
    line: int | None = None
    start: int | None = None
    end: int | None = None

    @property
    def breaks_form(self) -> bool:
        """Whether a box of the form is missing, or stands there twice with different values."""
        return self.code in ("NB-FORM-MISSING", "NB-FORM-TWICE")

    def told(self, path: object) -> str:
        """The doubt as one line: file, place, reason, remedy, code."""
        place = f"line {self.line}: " if self.line else ""
        return f"{path}: {place}{self.message}; {self.remedy} [{self.code}]"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What one report says.

    box_confidence: of single values of the form that were recognised (OCR): 0 to 1. Empty where the file's own
    characters were read.
    """

    source: Source
    text: str
    repair: RepairSummary = field(default_factory=RepairSummary)
    year: int | None = None
    year_basis: YearBasis | None = None
    uscc: str | None = None
    cover: Cover | None = None
    name: str | None = None
    other_names: tuple[str, ...] = ()
    purpose: str | None = None
    address: str | None = None
    legal_representative: str | None = None
    initial_capital: Money | None = None
    funding_source: FundingSource | None = None
    sponsors: tuple[str, ...] = ()
    net_assets_opening: Money | None = None
    net_assets_closing: Money | None = None
    online_name: str | None = None
    staff: int | None = None
    registration_changes: ChangesSection = field(default_factory=ChangesSection)
    activities_section: Section = field(default_factory=Section)
    qualifications: QualificationsSection = field(default_factory=QualificationsSection)
    performance: PerformanceSection = field(default_factory=PerformanceSection)
    donations: DonationsSection = field(default_factory=DonationsSection)
    institution_opinion: OpinionSection = field(default_factory=OpinionSection)
    sponsor_opinion: SponsorOpinionSection = field(default_factory=SponsorOpinionSection)
    form_filler: str | None = None
    phone: str | None = None
    filing_date: str | None = None
    activities: tuple[Activity, ...] = ()
    metrics: tuple[Metric, ...] = ()
    events: tuple[Event, ...] = ()
    boxes: dict[str, tuple[int, ...]] = field(default_factory=dict)
    box_places: dict[str, tuple[Spot, ...]] = field(default_factory=dict)
    box_confidence: dict[str, float] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    issues: tuple[Issue, ...] = ()

    def to_json(self, *, indent: int | None = None) -> str:
        """The record as JSON text (one line unless ``indent`` is given); whole numbers are written in full."""
        return json.dumps(_plain(self), ensure_ascii=False, indent=indent)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The inverse of ``to_json``; unknown keys are ignored, missing ones take their default."""
        built = _build(cls, json.loads(text, parse_float=Decimal))
        assert isinstance(built, cls)
        return built


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name.rstrip("_"): _plain(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, Decimal):
        # A float keeps 15 significant digits of a decimal, more than any report prints behind its point.
        return int(value) if value == value.to_integral_value() else float(value)
    return value


T = TypeVar("T")


def _build(kind: Any, data: Any) -> Any:
    """Build an object of type ``kind`` from plain JSON data."""
    origin = typing.get_origin(kind)
    if data is None:
        return None
    if origin in (typing.Union, types.UnionType):
        return _build(next(arg for arg in typing.get_args(kind) if arg is not type(None)), data)
    if origin is tuple:
        args = typing.get_args(kind)
        return tuple(_build(args[0], item) for item in data)
    if origin is dict:
        return {key: _build(typing.get_args(kind)[1], item) for key, item in data.items()}
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        names = {f.name.rstrip("_"): f.name for f in dataclasses.fields(kind)}
        return kind(**{names[key]: _build(hints[names[key]], item) for key, item in data.items() if key in names})  # type: ignore[operator]
    if kind is Decimal:
        return Decimal(data)
    if kind is float:
        return float(data)
    return data
