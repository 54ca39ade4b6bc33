"""The pages of the audit: findings by rule, year, division, sponsor, report; each table also as CSV and JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace

from flask import Blueprint, Response, abort, g, render_template, request
from markupsafe import Markup
from werkzeug.exceptions import BadRequest, NotAcceptable
from werkzeug.wrappers import Response as AnyResponse

from nianbao.quality.audit import findings_from
from nianbao.quality.reporting import charts, table
from nianbao.quality.reporting.measures import Measure, dimension_name, grades, total
from nianbao.quality.reporting.outcome import outcome
from nianbao.quality.reporting.page import trend_charts
from nianbao.quality.reporting.population import (
    Report,
    Scope,
    division_label,
    division_named,
    provinces,
    reports_from,
)
from nianbao.quality.reporting.words import bases_in
from nianbao_server import facts, rules
from nianbao_server.context import Site, site
from nianbao_server.findings import (
    Numbers,
    Wanted,
    book,
    checks_of,
    findings,
    listed,
    numbers,
    rank,
    restricted,
    summaries,
    together,
)
from nianbao_server.language import word
from nianbao_server.pages import page_number

blueprint = Blueprint("audits", __name__)

BY = ("rule", "year", "division", "sponsor", "finding")
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a table of groups. bar: an SVG of the findings a report, as shares of the largest."""

    key: str
    label: str
    reports: int
    violations: int
    warnings: int
    infos: int
    checked: int
    failed: int
    grade: str = ""
    small: bool = False
    bar: str = ""
    severity: str = ""
    basis: str = ""
    remedy: str = ""


@blueprint.route("/audit")
def audit() -> AnyResponse | str:
    """The findings: counts, grades and trend of what is asked for, and one table of them."""
    here, wanted = site(), asked()
    by = request.args.get("by", "finding" if wanted.severity else "rule")
    if by not in BY:
        abort(404)
    by_year = numbers(here, "year", wanted)
    whole = together(by_year.values())
    rows: list[Row] = []
    if by == "rule":
        rows = rule_rows(here, whole)
    elif by != "finding":
        rows = group_rows(by, by_year if by == "year" else numbers(here, by, wanted), wanted)
    form = download()
    if form and by == "finding":
        return whole_list(here, wanted, form)
    if form:
        return as_document(rows, by, form)
    page = page_number()
    found, more = listed(here, wanted, g.language, page) if by == "finding" else ([], False)
    return render_template(
        "audit.html",
        by=by,
        kinds=BY,
        wanted=wanted,
        whole=whole,
        measures=graded(whole.measures(wanted.rule)),
        bounds=[(grade.letter, grade.name.in_(g.language), f"{grade.min:.0%}") for grade in grades()[0]],
        small=grades()[1],
        trends=trends(by_year, wanted.rule),
        sizes=[(year, each.audited) for year, each in by_year.items()],
        rows=rows,
        found=found,
        page=page,
        more=more,
        division=division_label(wanted.division, g.language) if wanted.division else "",
    )


@blueprint.route("/audit/rules/<name>")
def rule(name: str) -> AnyResponse | str:
    """One rule: what it checks, on what basis, what to do, and the reports that break it, by year."""
    here = site()
    checks = checks_of(name)
    wanted = Wanted(rule=name)
    found, more = listed(here, wanted, g.language, page_number()) if name not in restricted() else ([], False)
    if not checks and not found:
        abort(404)
    if form := download():
        return whole_list(here, wanted, form)
    by_year = numbers(here, "year", wanted)
    return render_template(
        "rule.html",
        name=name,
        title=checks[0].label.in_(g.language) if checks else name,
        checks=rules.checks(checks, g.language),
        bases=rules.bases(checks, g.language),
        remedies=list(dict.fromkeys(check.remedy.in_(g.language) for check in checks)),
        years=[(year, each.failing[name], each.audited) for year, each in by_year.items()],
        restricted=name in restricted(),
        found=found,
        page=page_number(),
        more=more,
    )


@blueprint.route("/audit/report/<path:rest>")
def report(rest: str) -> AnyResponse | str:
    """The findings on one report with its grades."""
    here = site()
    iri = here.base + "report/" + rest
    try:
        graph = facts.about(here, iri)
    except ValueError:
        abort(404)
    current = graph.one(iri, "dcat:hasCurrentVersion")
    if not current:
        abort(404)
    if form := download():
        return whole_list(here, Wanted(), form, report=iri)
    institution = graph.one(iri, "nb:reportingInstitution") or ""
    year = (graph.one(iri, "nb:reportingYear") or "")[:4]
    g.names = facts.names(here, [institution])
    audited = [one for one in reports_from(here, book(), Scope(report=iri)) if one.audited]
    found = findings(here, current, g.language)
    one = Numbers(1, len(audited))
    one.failing.update({finding.rule for finding in found})
    return render_template(
        "audit_report.html",
        iri=iri,
        institution=institution,
        year=year,
        filing=current,
        findings=found,
        audited=bool(audited),
        measures=graded(one.measures()),
        small=grades()[1],
    )


def asked() -> Wanted:
    """What the address asks for; an empty value asks for all. A value that can be none is the status 400: to show all
    instead would look like an answer."""

    def given(name: str, allowed: Callable[[str], str | None], what: str) -> str:
        value = request.args.get(name, "").strip()
        if value and (found := allowed(value)) is None:
            said = f"{value[:40]!r} {word('no-such-filter', g.language)}{word('colon', g.language)}"
            raise BadRequest(f"{name}: {said}{word(what, g.language)}")
        return found or "" if value else ""

    severities = {name.lower(): name for name in facts.SEVERITIES}
    return Wanted(
        rule=given("rule", known_rule, "filter-rule"),
        severity=given("severity", lambda said: severities.get(said.lower()), "filter-severity"),
        sponsor=request.args.get("sponsor", "").strip()[:200],
        division=given("division", division_named, "filter-division"),
        year=given("year", lambda said: said if re.fullmatch(r"[0-9]{4}", said) else None, "filter-year"),
    )


def known_rule(name: str) -> str | None:
    """The rule of this number, if there is one here or findings of one."""
    known = {each.id for each in book().rules} | {rule for one in summaries(site()) for rule in one.found}
    return name if name in known else None


def download() -> str:
    """``csv`` or ``json`` where ``format=`` asks for it."""
    form = request.args.get("format", "")
    if form and form not in (*FORMATS, "html"):
        raise NotAcceptable("format=csv, format=json")
    return "" if form == "html" else form


# --- rows


def rule_rows(here: Site, whole: Numbers) -> list[Row]:
    """A row for each rule that found something, the gravest first."""
    found = []
    for name, counted in whole.found.items():
        check = next(iter(checks_of(name)), None)
        severity = min(counted, key=rank)
        row = Row(
            key=name,
            label=check.label.in_(g.language) if check else name,
            reports=whole.reports,
            violations=counted["Violation"],
            warnings=counted["Warning"],
            infos=counted["Info"],
            checked=whole.audited,
            failed=whole.failing[name],
            severity=severity,
            basis=bases_in(check, g.language),
            remedy=check.remedy.in_(g.language) if check else "",
        )
        found.append(row)
    return barred(sorted(found, key=lambda row: (rank(row.severity), -row.failed, row.key)), each=False)


def group_rows(by: str, groups: dict[str, Numbers], wanted: Wanted) -> list[Row]:
    """A row for each year, division or sponsor."""
    found = []
    for key, each in groups.items():
        whole, severities = total(each.measures(wanted.rule)), each.severities
        found.append(
            Row(
                key=key,
                label=label(by, key),
                reports=each.reports,
                violations=severities["Violation"],
                warnings=severities["Warning"],
                infos=severities["Info"],
                checked=whole.checked if whole else 0,
                failed=whole.failed if whole else 0,
                grade=whole.grade.letter if whole else "",
                small=bool(whole and whole.small),
            )
        )
    if by != "year":
        found.sort(key=lambda row: (-row.violations, -row.warnings, row.key))
    return barred(found, each=True)


def label(by: str, key: str) -> str:
    """What a group is called."""
    if by == "division":
        return division_label(key, g.language) if key[:2] in provinces() or not key else key
    return key or word("not-stated", g.language)


def barred(rows: Sequence[Row], *, each: bool) -> list[Row]:
    """The rows with bars: findings a report where `each`, else findings."""
    share = [row.reports if each else 1 for row in rows]
    sizes = [(row.violations + row.warnings + row.infos) / n for row, n in zip(rows, share, strict=True)]
    largest = max(sizes, default=1) or 1
    found = []
    for row, n in zip(rows, share, strict=True):
        parts = [("violation", row.violations / n), ("warning", row.warnings / n), ("info", row.infos / n)]
        names = [word(name, g.language) for name in facts.SEVERITIES]
        said = ", ".join(f"{a} {b}" for a, b in zip(names, (row.violations, row.warnings, row.infos), strict=True))
        found.append(replace(row, bar=Markup(charts.bar(parts, largest, said))))
    return found


def graded(measures: Sequence[Measure]) -> list[tuple[str, Measure, str]]:
    """The measurements with their names and bars, all together at the end."""
    every = [*measures, total(measures)] if len(measures) > 1 else list(measures)
    return [
        (
            dimension_name(measure.dimension, g.language) if measure.dimension else word("all-dimensions", g.language),
            measure,
            Markup(charts.bar([("good", measure.rate)], 1, f"{measure.rate:.1%}")),
        )
        for measure in every
        if measure is not None
    ]


def trends(by_year: dict[str, Numbers], rule: str) -> list[tuple[str, str]]:
    """A chart a dimension, where there is more than one year."""
    measured = {year: found for year, each in by_year.items() if (found := each.measures(rule))}
    return [(name, Markup(svg)) for name, svg in trend_charts(measured, g.language)] if len(measured) > 1 else []


# --- documents


def as_document(rows: Sequence[Row], by: str, form: str) -> Response:
    """A table of groups as CSV or JSON."""
    left_out = {"bar", "grade", "small"} if by == "rule" else {"bar", "severity", "basis", "remedy"}
    plain = [{key: value for key, value in asdict(row).items() if key not in left_out} for row in rows]
    if form == "json":
        body = json.dumps(plain, ensure_ascii=False, indent=1) + "\n"
    else:
        names = list(plain[0]) if plain else ["key", "label"]
        body = table.csv_of(names, ([row[name] for name in names] for row in plain))
    return _file(body, f"audit-{by}", form)


def whole_list(here: Site, wanted: Wanted, form: str, report: str | None = None) -> Response:
    """All findings asked for, as the command line prints them; JSON is JSON Lines there, a list here."""
    scope = Scope(
        report=report,
        sponsor=wanted.sponsor or None,
        division=wanted.division or None,
        year=int(wanted.year) if wanted.year else None,
    )
    reports: list[Report] = reports_from(here, book(), scope)
    if wanted.sponsor:
        reports = [one for one in reports if wanted.sponsor in one.sponsors]
    filings = {one.filing for one in reports}
    found = [
        f for f in findings_from(here, report=report, rule=wanted.rule or None, rules=book()) if f.filing in filings
    ]
    severity = next((name for name in ("violation", "warning", "info") if name == wanted.severity.lower()), None)
    done = outcome(found, reports, book(), scope=scope, rule=wanted.rule or None, severity=severity)
    if form == "csv":
        return _file(table.format_csv(done), "findings", form)
    lines = table.format_json(done).splitlines()
    return _file("[" + ",\n".join(lines) + "]\n", "findings", form)


def _file(body: str, name: str, form: str) -> Response:
    response = Response(body, content_type=FORMATS[form])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
