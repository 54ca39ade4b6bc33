"""The outcome of an audit, as every format shows it: findings with their rules and waivers, what was not checked,
measurements, gates."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from nianbao.errors import NianbaoError, StoreError
from nianbao.quality.across import Store
from nianbao.quality.audit import Audit, Engine, Note, findings_from, unaudited
from nianbao.quality.findings import Finding, order
from nianbao.quality.reporting.anew import audit_anew
from nianbao.quality.reporting.gates import Gate
from nianbao.quality.reporting.measures import Measure, failures, measures, rules_by_dimension, total, trend
from nianbao.quality.reporting.population import Report, Scope, division_label, grouped, grouping, reports_from
from nianbao.quality.reporting.waivers import Waiver, expired, unused, waived
from nianbao.quality.rulebook import Rulebook
from nianbao.quality.shapes import COMPARE, SEVERITIES, Rule, Severity, Text

AUDIT_FORMATS = ("text", "json", "csv", "html", "turtle")
WITH_NOTES = frozenset({"text", "html", "turtle"})
"""Formats that tell all notes and gates; with the others the command prints them on standard error."""
FailOn = Literal["violation", "warning", "never"]
By = Literal["report", "rule", "sponsor", "division", "year"]
GROUPINGS: tuple[By, ...] = ("report", "rule", "sponsor", "division", "year")

UNCHECKED = "NB-STORE-STALE"
"""What stands for the rule of a finding that says: this report was not checked by the present rules."""

INCOMPLETE = "NB-AUDIT-INCOMPLETE"
"""The same for a finding that says: something could not be checked."""

GATE = "NB-AUDIT-GATE"
"""The same for a finding that says: the batch is not as the last one leads to expect."""

_UNCHECKED = Text(
    "本报告未经现行规则审核，或未与其他报告比对，不能视为合格。",
    "The present rules have not checked this report, alone or beside others: it does not count as passed.",
)
_NO_RULES = {  # what is said of them: label and remedy
    UNCHECKED: (Text("未审核", "not checked"), Text("重新运行 nianbao build。", "Run nianbao build again.")),
    INCOMPLETE: (Text("审核不完整", "audit not complete"), Text("按说明改正后再审。", "Correct it and audit again.")),
    GATE: (
        Text("批次门槛", "batch gate"),
        Text(
            "查明少读或者重复之处；确属正常的，另存基线。",
            "Look what was lost or loaded twice; if it is right, save a new baseline.",
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Group:
    """Findings under one heading: with the reports that belong to it, also those without a finding."""

    key: str
    label: str
    reports: tuple[Report, ...]
    findings: tuple[Finding, ...]
    measures: tuple[Measure, ...]

    @property
    def total(self) -> Measure | None:
        """All dimensions together."""
        return total(self.measures)


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What an audit gave.

    reports: those asked for. findings: those asked for, worst first in each report. found: the same of all severities,
    on which it depends whether the audit is passed; of them `waivers` has the waived.
    failed: the rules that each filing breaks, whatever severity was asked for. dimensions: the rules that were run.
    severity: the only one that was asked for. notes: what else is to be known of the run.
    """

    reports: tuple[Report, ...]
    findings: tuple[Finding, ...]
    found: tuple[Finding, ...]
    rules: Rulebook
    scope: Scope = Scope()
    rule: str | None = None
    severity: Severity | None = None
    waivers: dict[Finding, Waiver]
    failed: dict[str, set[str]]
    dimensions: dict[str, set[str]]
    gates: tuple[Gate, ...] = ()
    notes: tuple[Note, ...] = ()

    @cached_property
    def unchecked(self) -> tuple[Finding, ...]:
        """A finding for each report that the present rules have not seen."""
        return tuple(unchecked(report) for report in self.reports if not report.audited)

    @cached_property
    def incomplete(self) -> tuple[Finding, ...]:
        """A finding for each note with which the audit is not passed."""
        return tuple(incomplete(note) for note in self.notes if note.fails)

    @cached_property
    def gated(self) -> tuple[Finding, ...]:
        """A finding for each gate that the batch does not pass."""
        return tuple(_no_rule(GATE, gate.message, _NO_REPORT, gate.severity) for gate in self.gates)

    @cached_property
    def told(self) -> tuple[Finding, ...]:
        """What a list for programs holds: what was not checked, gates, then the findings."""
        return (*self.incomplete, *self.unchecked, *self.gated, *self.findings)

    @cached_property
    def counts(self) -> dict[Severity, int]:
        """How many findings of each severity that are not waived."""
        return self.counted(self.findings)

    def counted(self, findings: Iterable[Finding]) -> dict[Severity, int]:
        """How many of these are of each severity and not waived."""
        number = Counter(finding.severity for finding in findings if finding not in self.waivers)
        return {severity: number[severity] for severity in SEVERITIES}

    @cached_property
    def measures(self) -> tuple[Measure, ...]:
        """The measurements by dimension."""
        return measures(self.reports, self.failed, self.dimensions)

    @cached_property
    def trend(self) -> dict[str, tuple[Measure, ...]]:
        """The measurements of each year."""
        return trend(self.reports, self.failed, self.dimensions)

    @cached_property
    def _rules(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.rules.rules}

    def known(self, rule: str) -> Rule | None:
        """The rule of this number."""
        return self._rules.get(rule)

    def remedy(self, finding: Finding) -> Text:
        """What to do about a finding."""
        if finding.rule in _NO_RULES:
            return _NO_RULES[finding.rule][1]
        return self.rules.checks[finding.shape].remedy if finding.shape in self.rules.checks else COMPARE

    def label(self, rule: str) -> Text:
        """What a rule is called."""
        if rule in _NO_RULES:
            return _NO_RULES[rule][0]
        return self._rules[rule].label if rule in self._rules else Text(rule, rule)

    def groups(self, by: By, lang: str) -> list[Group]:
        """The findings under headings: those with most violations first, years in their order."""
        filings = {report.filing: report for report in self.reports}
        if by == "rule":
            keys = Counter(finding.rule for finding in self.findings)
            members = dict.fromkeys(keys, self.reports)
            of: Callable[[Finding], Iterable[str]] = lambda finding: (finding.rule,)  # noqa: E731
        else:
            key = grouping(by, self.scope)
            members = {name: tuple(each) for name, each in grouped(self.reports, key).items()}
            of = lambda finding: key(filings[finding.filing]) if finding.filing in filings else ()  # noqa: E731
        findings: dict[str, list[Finding]] = {name: [] for name in members}
        for finding in self.findings:
            for name in of(finding):
                findings[name].append(finding)
        found = [
            Group(
                name,
                self._heading(by, name, each, lang),
                tuple(each),
                tuple(findings[name]),
                measures(each, self.failed, self._dimensions(by, name)),
            )
            for name, each in members.items()
        ]
        return sorted(found, key=self._rank) if by not in ("year", "report") else found

    def _dimensions(self, by: By, name: str) -> dict[str, set[str]]:
        if by != "rule":
            return self.dimensions
        return {dimension: {name} for dimension, rules in self.dimensions.items() if name in rules}

    def _rank(self, group: Group) -> tuple[object, ...]:
        counts = self.counted(group.findings)
        return (*(-counts[severity] for severity in SEVERITIES), group.key)

    def _heading(self, by: By, name: str, reports: Sequence[Report], lang: str) -> str:
        if by == "rule":
            return f"{name} {self.label(name).in_(lang)}"
        if by == "division":
            return division_label(name, lang)
        if by == "report":
            return f"{reports[0].name or reports[0].iri} {reports[0].year or ''}".strip()
        return name or ("未注明" if lang == "zh" else "not stated")

    def failing(self, fail_on: FailOn) -> bool:
        """Whether the audit is not passed: findings that are not waived, gates, and what was not checked.

        Findings of all severities count, whichever are shown.
        """
        if fail_on == "never":
            return False
        counts = self.counted(self.found)
        grave = {"violation"} if fail_on == "violation" else {"violation", "warning"}
        return (
            bool(self.unchecked)
            or any(note.fails for note in self.notes)
            or any(gate.severity in grave for gate in self.gates)
            or any(counts[severity] for severity in SEVERITIES if severity in grave)
        )


def unchecked(report: Report) -> Finding:
    """That a report was not checked, as a finding, so that no list can be taken for a clean audit."""
    return _no_rule(UNCHECKED, _UNCHECKED, report)


def incomplete(note: Note) -> Finding:
    """That something could not be checked, as a finding; it is on no report."""
    return _no_rule(INCOMPLETE, note.text, _NO_REPORT)


_NO_REPORT = Report(iri="", filing="")


def _no_rule(rule: str, message: Text, report: Report, severity: Severity = "violation") -> Finding:
    return Finding(
        rule=rule,
        severity=severity,
        report=report.iri,
        institution=report.name,
        year=report.year,
        focus=report.filing,
        message=message,
        evidence=None,
        fault="model",
        source=Text("", ""),
        filing=report.filing,
        shape="",
        component="",
    )


def outcome(
    findings: Iterable[Finding],
    reports: Sequence[Report],
    rules: Rulebook,
    *,
    scope: Scope | None = None,
    rule: str | None = None,
    severity: Severity | None = None,
    waivers: Sequence[Waiver] = (),
    gates: Sequence[Gate] = (),
    notes: Sequence[Note] = (),
    across: bool = True,
    restricted: bool = False,
    today: date | None = None,
) -> Outcome:
    """Put together what is known of an audit.

    findings: all on these reports, of all severities; what was found by rules whose results are restricted is left out
    unless asked for (restricted); a note says so where `rule` is such a one.
    across: whether reports were compared. today: the day on which waivers have to hold.
    """
    today = today or date.today()
    shown = sorted((f for f in findings if restricted or not _restricted(rules, f)), key=order)
    said = [] if rule or severity or (scope and not scope.whole) else unused(waivers, shown, today)
    notes = (*notes, *([] if restricted else _withheld(rules, rule)))
    tolds = (*notes, *map(_expired, expired(waivers, today)), *map(_unused, said))
    return Outcome(
        reports=tuple(reports),
        findings=tuple(finding for finding in shown if severity in (None, finding.severity)),
        found=tuple(shown),
        rules=rules,
        scope=scope or Scope(),
        rule=rule,
        severity=severity,
        waivers=waived(shown, waivers, today),
        failed=failures(finding for finding in shown if not _restricted(rules, finding)),
        dimensions=rules_by_dimension(rules, across=across, rule=rule),
        gates=tuple(gates),
        notes=tolds,
    )


def outcome_of_store(
    store: Store,
    rules: Rulebook,
    *,
    engine: Engine | None = None,
    scope: Scope | None = None,
    rule: str | None = None,
    severity: Severity | None = None,
    waivers: Sequence[Waiver] = (),
    gates: Sequence[Gate] = (),
    restricted: bool = False,
) -> Outcome:
    """The outcome of the audit that a store holds, or, with an engine, of one made anew from its filings.

    restricted: also findings for the registrar only; no store holds these, so the audit is made anew.
    Raises StoreError where it has no such report, and ShapesError where a rule cannot be run.
    """
    scope = scope or Scope()
    unaudited(store, report=scope.report, rules=rules)  # says what to do where there is nothing
    reports = reports_from(store, rules, scope)
    if not reports:
        raise StoreError(
            "the store holds no report of this sponsor, division and year",
            remedy="ask for less: leave out --sponsor, --division or --year",
            code="NB-STORE-NO-REPORT",
        )
    notes: Sequence[Note] = ()
    if engine is None and not restricted:
        filings = {report.filing for report in reports}
        findings = [f for f in findings_from(store, report=scope.report, rule=rule, rules=rules) if f.filing in filings]
    else:
        done = audit_anew(store, reports, rules, engine=engine or "set", rule=rule, restricted=restricted)
        findings, reports, notes = done.findings, done.reports, done.notes
    return outcome(
        findings,
        reports,
        rules,
        scope=scope,
        rule=rule,
        severity=severity,
        waivers=waivers,
        gates=gates,
        notes=notes,
        restricted=restricted,
    )


def outcome_of_data(audits: Sequence[Audit], rules: Rulebook, *, failed: Sequence[NianbaoError] = ()) -> Outcome:
    """The outcome of audits of RDF that is in no store.

    failed: errors of files that could not be audited at all.
    """
    findings = [finding for audit in audits for finding in audit.findings]
    known = {finding.filing: finding for finding in findings}
    reports = []
    for filing in dict.fromkeys(filing for audit in audits for filing in audit.filings):
        found = known.get(filing)
        if found is None:
            reports.append(Report(iri=filing, filing=filing))
        else:
            reports.append(Report(iri=found.report, filing=filing, name=found.institution, year=found.year))
    notes = [note for audit in audits for note in audit.notes]
    notes += [Note(Text(str(error), str(error)), fails=True) for error in failed]
    return outcome(
        findings, reports, rules, notes=list(dict.fromkeys(notes)), across=any(audit.across for audit in audits)
    )


def _restricted(rules: Rulebook, finding: Finding) -> bool:
    check = rules.checks.get(finding.shape)
    return check is not None and check.restricted


def _withheld(rules: Rulebook, rule: str | None) -> list[Note]:
    """That the findings of the only rule asked for are not shown."""
    if not any(check.rule == rule and check.restricted for check in rules.checks.values()):
        return []
    return [
        Note(
            Text(
                f"规则 {rule} 的发现仅供登记管理机关核查，此处不列出；登记管理机关可用 --restricted 查看",
                f"findings of rule {rule} are for the registrar only and not shown here; registrars: add --restricted",
            )
        )
    ]


def _expired(waiver: Waiver) -> Note:
    return Note(
        Text(
            f"{waiver.place}：豁免已于 {waiver.until} 到期，不再生效；请续期或删除 [NB-AUDIT-WAIVER-EXPIRED]",
            f"{waiver.place}: the waiver ended on {waiver.until} and holds no more; prolong it or take it out "
            "[NB-AUDIT-WAIVER-EXPIRED]",
        )
    )


def _unused(waiver: Waiver) -> Note:
    return Note(
        Text(
            f"{waiver.place}：豁免未对应任何发现；问题已消除请删除，否则请核对 IRI [NB-AUDIT-WAIVER-UNUSED]",
            f"{waiver.place}: the waiver covers no finding; take it out if the problem is gone, else check its IRI "
            "[NB-AUDIT-WAIVER-UNUSED]",
        )
    )


def rendered(
    done: Outcome, form: str, lang: str, *, by: By = "report", summary: bool = False, colour: bool = False
) -> str:
    """The outcome in one of AUDIT_FORMATS; `by` is for text and HTML, `summary` and `colour` for text."""
    from nianbao.quality.reporting import page, rdf, table, text

    if form == "json":
        return table.format_json(done)
    if form == "csv":
        return table.format_csv(done)
    if form == "turtle":
        return rdf.format_turtle(done)
    if form == "html":
        return page.format_html(done, lang, by=by)
    return text.format_text(done, lang, by=by, summary=summary, colour=colour)
