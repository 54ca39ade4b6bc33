"""The driver: a file → its record. Everything it calls is a pure function on lines or text; here alone files are read.

read_document → weave.repair → form.parse_form → sections, outline, quantities, events → Record
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from nianbao.form import sections, values
from nianbao.form.changes import changes
from nianbao.form.gifts import donations
from nianbao.form.labels import table
from nianbao.form.licences import qualifications
from nianbao.form.parse import Form, label_lines, parse_form
from nianbao.narrative.events import events
from nianbao.narrative.outline import outline
from nianbao.narrative.quantities import metrics
from nianbao.reading import DEFAULT, Document, Limits, Progress, read_document
from nianbao.reading.ocr.doubts import doubted
from nianbao.reading.places import located
from nianbao.record import (
    Activity,
    ChangesSection,
    Cover,
    DonationsSection,
    Event,
    FundingSource,
    Issue,
    Metric,
    Money,
    OpinionSection,
    PerformanceSection,
    QualificationsSection,
    Record,
    RepairSummary,
    Section,
    Source,
    SponsorOpinionSection,
    YearBasis,
)
from nianbao.repair.corrections import NONE, Corrections, fit
from nianbao.repair.explain import Explanation
from nianbao.repair.weave import Repair, repair

__all__ = ["explanation", "read_lines", "read_report", "record_from", "record_of", "repaired"]


def read_report(
    path: str | Path,
    *,
    narrative_only: bool = False,
    limits: Limits = DEFAULT,
    corrections: Corrections = NONE,
    progress: Progress | None = None,
) -> Record:
    """The record of one report. Raises ReadError where the file cannot be read or is no report.

    With ``narrative_only`` the file holds only the activities' text: it is taken exactly as it stands (no repair, no
    joining of lines; offsets count in it), and no form is looked for.
    """
    document = read_document(path, limits=limits, progress=progress)
    source = Source(
        path=document.path,
        sha256=document.sha256,
        media_type=document.media_type,
        pages=document.pages,
        reader=document.reader,
    )
    if narrative_only:
        text = document.text
        found, quantities, told = _narrative(text, 0, len(text), None, ())
        return Record(
            source=source,
            text=text,
            repair=RepairSummary(lines=len(document.lines)),
            activities_section=Section(stated=text, start=0, end=len(text)),
            activities=found,
            metrics=quantities,
            events=told,
            boxes={"activities": (0, len(text))},
            issues=document.issues,
        )
    done, doubts = repaired(document, corrections)
    composed = document.composed
    form = parse_form(
        done.lines,
        where=source.path,
        whole=composed.whole if composed else (),
        full=composed.full if composed else None,
    )
    record = record_from(form, source=source)
    unsure = set(done.doubtful)
    summary = RepairSummary(
        lines=len(document.lines),
        changed=len(done.steps),
        doubtful=done.doubtful,
        doubtful_passages=tuple((start, end) for start, end, line, _ in form.origins if line + 1 in unsure)
        if unsure
        else (),
        steps=done.steps,
    )
    if composed:
        record = doubted(located(record, composed, form.origins), composed, form.origins)
    return replace(record, repair=summary, issues=(*document.issues, *doubts, *record.issues))


def read_lines(path: str | Path, *, limits: Limits = DEFAULT, corrections: Corrections = NONE) -> tuple[str, ...]:
    """The repaired lines of a text file, line for line."""
    return repaired(read_document(path, limits=limits), corrections)[0].lines


def repaired(document: Document, corrections: Corrections = NONE) -> tuple[Repair, tuple[Issue, ...]]:
    """(the lines in reading order and what was done to them, doubts about corrections that cannot be applied).

    Only text files need it: the other readers know where each character stands.
    """
    if document.reader != "text":
        return Repair(document.lines), ()
    pins, doubts = fit(corrections.of(document.path, document.sha256).pins, document.lines, corrections.where)
    return repair(document.lines, frozen=label_lines(document.lines), pins=pins), tuple(doubts)


def explanation(path: str | Path, corrections: Corrections = NONE, *, limits: Limits = DEFAULT) -> Explanation:
    """What un-weaving does to a file. It need not be a report."""
    document = read_document(path, limits=limits)
    done, doubts = repaired(document, corrections)
    applied = {look.step.line: look.step.repaired for look in done.looks if look.step.pinned}
    pins = {
        pin.line: pin
        for pin in reversed(corrections.of(document.path, document.sha256).pins)
        if applied.get(pin.line) == pin.reading.strip()
    }
    return Explanation(document.path, document.sha256, document.lines, done, pins, (*document.issues, *doubts))


def record_of(lines: Sequence[str], *, source: Source) -> Record:
    """The record of a report's lines in reading order. Raises ReadError where they are no report."""
    return record_from(parse_form(lines, where=source.path), source=source)


def record_from(form: Form, *, source: Source) -> Record:
    """The record of a form.

    For readers that know places: ``form = parse_form(lines, where=...)``, then ``form.origins`` tells for the
    characters of ``record.text`` (which is ``form.text``) their line and column in ``lines``.
    """
    issues = list(form.issues)
    text = form.text
    stated_name = form.value("name")
    name, others = values.split_names(stated_name) if stated_name else (None, ())
    sponsors = values.split_sponsors(form.value("sponsors") or "")
    change = _section(form, "registration_changes")
    year, basis = _year(form, source.path, issues)
    narrative = form.boxes.get("activities")
    found, quantities, told = (
        _narrative(text, narrative.start, narrative.end, name, sponsors) if narrative else ((), (), ())
    )
    return Record(
        source=source,
        text=text,
        year=year,
        year_basis=basis,
        uscc=_code(form),
        cover=_cover(form),
        name=name,
        other_names=others,
        purpose=form.value("purpose"),
        address=form.value("address"),
        legal_representative=form.value("legal_representative"),
        initial_capital=_money(form, "initial_capital", issues),
        funding_source=_funding(form),
        sponsors=sponsors,
        net_assets_opening=_money(form, "net_assets_opening", issues),
        net_assets_closing=_money(form, "net_assets_closing", issues),
        online_name=form.value("online_name"),
        staff=_staff(form, issues),
        registration_changes=changes(text, *change) if change else ChangesSection(),
        activities_section=sections.section(text, narrative.start, narrative.end) if narrative else Section(),
        qualifications=qualifications(text, *s) if (s := _section(form, "qualifications")) else QualificationsSection(),
        performance=_performance(text, *s, name, sponsors)
        if (s := _section(form, "performance"))
        else PerformanceSection(),
        donations=donations(text, *s) if (s := _section(form, "donations")) else DonationsSection(),
        institution_opinion=sections.institution_opinion(text, *s, _signature(form, "institution_opinion"))
        if (s := _section(form, "institution_opinion"))
        else OpinionSection(),
        sponsor_opinion=sections.sponsor_opinion(text, *s, _signature(form, "sponsor_opinion"))
        if (s := _section(form, "sponsor_opinion"))
        else SponsorOpinionSection(),
        form_filler=form.value("form_filler"),
        phone=form.value("phone"),
        filing_date=_date(form, "filing_date", issues),
        activities=found,
        metrics=quantities,
        events=told,
        boxes={key: (span.start, span.end) for key, span in form.boxes.items() if key.islower()},
        issues=tuple(issues),
    )


def _narrative(
    text: str, start: int, end: int, institution: str | None, sponsors: tuple[str, ...]
) -> tuple[tuple[Activity, ...], tuple[Metric, ...], tuple[Event, ...]]:
    found = outline(text, start, end)
    return (
        found,
        metrics(text, found, start, end),
        events(text, found, start, end, institution=institution, sponsors=sponsors),
    )


def _performance(
    text: str, start: int, end: int, institution: str | None, sponsors: tuple[str, ...]
) -> PerformanceSection:
    """The box on performance with the awards, penalties, lawsuits and complaints that it tells."""
    box = sections.section(text, start, end)
    told = () if box.none else events(text, (), start, end, institution=institution, sponsors=sponsors)
    return PerformanceSection(stated=box.stated, none=box.none, start=box.start, end=box.end, events=told)


def _section(form: Form, key: str) -> tuple[int, int] | None:
    span = form.boxes.get(key)
    return (span.start, span.end) if span else None


def _signature(form: Form, key: str) -> str:
    start, end = form.signatures.get(key, (0, 0))
    return form.text[start:end]


# ---------------------------------------------------------------- single boxes


def _code(form: Form) -> str | None:
    if "uscc" in form.cover:
        return form.cover["uscc"]
    found = values.find_code(form.value("uscc") or "")
    return found.value if found else form.value("uscc")


def _cover(form: Form) -> Cover | None:
    return Cover(**form.cover) if form.cover else None


def _year(form: Form, path: str, issues: list[Issue]) -> tuple[int | None, YearBasis | None]:
    """The report year and where it stands: cover, page title, change statement, the narrative's title, file name."""
    told = list(_years(form))
    years = sorted({year for year, _, _ in told})
    if len(years) > 1:
        places = "; ".join(f"{where}: {year}" for year, _, where in told)
        issues.append(
            Issue(
                code="NB-FORM-YEAR",
                message=f"the report names different years ({places}); {told[0][0]} was taken (报告年度前后不一致)",
                remedy="correct the wrong one, or see whether a text of another year was taken over",
            )
        )
    if told:
        return told[0][:2]
    named = {int(year) for year in _FILE_YEAR.findall(_HASH.sub("", Path(path).stem))}
    return (named.pop(), "file-name") if len(named) == 1 else (None, None)


# A year in a file's name, not that of a date (2025-03-31), nor four digits of a checksum.
_FILE_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d|[-_.](?:0?[1-9]|1[0-2])[-_.]\d|年\d)")
_HASH = re.compile(r"(?<![0-9a-f])(?=[0-9]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{10,}(?![0-9a-f])", re.IGNORECASE)
_TITLE = re.compile(r"\D{0,30}((?:19|20)\d{2})\s*年度?(?!\s*\d{1,2}\s*月)[^，。]{0,16}(?:总结|报告|情况|述职|汇报)")


def _years(form: Form) -> Iterator[tuple[int, YearBasis, str]]:
    """Each year that the report says it is of: (year, basis, where it stands), the best first."""
    year = values.find_year((form.cover.get("year") or "") + "年度")
    if year:
        yield year, "cover", "封面 cover"
    for line in form.head:
        if re.search("报告|年报|年检", line) and (year := values.find_year(line, word="年")):
            yield year, "title", "标题 title"
            break
    year = values.find_year(form.value("registration_changes") or "")
    if year:
        yield year, "change-statement", "变更登记情况 change statement"
    title = _TITLE.match((form.value("activities") or "")[:60].split("\n")[0])
    if title:
        yield int(title[1]), "title", "业务活动标题 title of the activities"


def _money(form: Form, key: str, issues: list[Issue]) -> Money | None:
    """An amount; one printed without a unit has that of its label, else 万元 as the form says."""
    span, stated = form.boxes.get(key), form.value(key)
    if not span or not stated:
        return None
    unit = re.search(r"[（(](亿|万)?元[)）]", span.label)
    money = values.parse_money(stated, offset=span.start, unit=(unit[1] or "") + "元" if unit else "万元")
    if money is None:
        if not values.says_nothing(stated):
            issues.append(_odd(form, key, "no amount of money", "write a number in 万元"))
        return None
    if values.leaves_out(stated, money):
        what = f"more than the one amount that was taken, {money.stated!r}"
        issues.append(_odd(form, key, what, "compare it with the report"))
    if key == "initial_capital" and not unit and not re.search("[元圆]", stated):
        issues.append(_odd(form, key, "an amount without its unit; taken as 万元", "write the unit", "NB-VALUE-UNIT"))
    return money


def _funding(form: Form) -> FundingSource | None:
    stated = form.value("funding_source")
    if not stated:
        return None
    code = values.funding_code(stated, table().funding)
    return FundingSource(stated=stated, code=code)


def _staff(form: Form, issues: list[Issue]) -> int | None:
    stated = form.value("staff")
    count = values.parse_count(stated) if stated else None
    if stated and count is None:
        issues.append(_odd(form, "staff", values.why_no_count(stated), "write a whole number", "NB-VALUE-STAFF"))
    return count


def _date(form: Form, key: str, issues: list[Issue]) -> str | None:
    stated = form.value(key)
    if not stated or values.BLANK_DATE.fullmatch(stated.strip()):
        return None
    date = values.parse_date(stated)
    if date is None:
        issues.append(_odd(form, key, "no date of the calendar", "write year, month and day", "NB-VALUE-DATE"))
    return date


def _odd(form: Form, key: str, what: str, remedy: str, code: str = "NB-VALUE-MONEY") -> Issue:
    span = form.boxes[key]
    return Issue(
        code=code,
        message=f"{table().boxes[key].zh}: {form.value(key)!r} is {what} (此栏的值无法识别)"
        if "taken" not in what
        else f"{table().boxes[key].zh}: {form.value(key)!r} is {what} (未写单位)",
        remedy=remedy,
        line=span.line,
        start=span.start,
        end=span.end,
    )
