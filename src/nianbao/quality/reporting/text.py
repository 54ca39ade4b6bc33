"""The audit as text for a terminal: what was not checked, counts, grades, then the findings under headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nianbao.quality.findings import Finding
from nianbao.quality.reporting.measures import Measure, dimension_name, total
from nianbao.quality.reporting.outcome import GATE, By, Group, Outcome
from nianbao.quality.reporting.words import bases_in, word
from nianbao.quality.shapes import FAULT_NAMES, SEVERITIES, SEVERITY_NAMES, singular
from nianbao.table import pad

COLOURS = {"violation": "31", "warning": "33", "info": "36", "bold": "1", "dim": "2", "good": "32"}  # SGR codes
_OF_GRADE = {"A": "good", "B": "good", "C": "warning", "D": "warning", "E": "violation"}


def format_text(
    done: Outcome, lang: str = "zh", *, by: By = "report", summary: bool = False, colour: bool = False
) -> str:
    """Counts first, then grades, then the findings grouped; with `summary`, the groups' counts only."""
    pen = _Pen(lang, colour)
    lines = [*_head(done, pen), *_grades(done.measures, pen)]
    if summary and by == "report":
        by = "rule"
    for group in done.groups(by, lang):
        if group.findings:
            lines += _line(done, group, by, pen) if summary else _group(done, group, by, pen)
    return "\n".join(lines) + "\n"


class _Pen:
    """The language, and colours where they are wanted."""

    def __init__(self, lang: str, colour: bool) -> None:
        self.lang = lang
        self._colour = colour

    def paint(self, text: str, name: str) -> str:
        return f"\x1b[{COLOURS[name]}m{text}\x1b[0m" if self._colour and text else text

    def word(self, key: str, **values: object) -> str:
        return word(key, self.lang, **values)

    def reports(self, number: int) -> str:
        words = f"{number} {self.word('reports')}"
        return singular(words) if self.lang == "en" else words

    def severity(self, name: str, number: int | None = None) -> str:
        label = SEVERITY_NAMES[self.lang][name]
        return self.paint(label if number is None else f"{label} {number}", name if number != 0 else "dim")

    def counts(self, done: Outcome, findings: Sequence[Finding]) -> str:
        counts = done.counted(findings)
        said = [self.severity(severity, counts[severity]) for severity in SEVERITIES]
        if waived := sum(finding in done.waivers for finding in findings):
            said.append(self.paint(f"{self.word('waived')} {waived}", "dim"))
        return self.word("comma").join(said)


def _head(done: Outcome, pen: _Pen) -> Iterator[str]:
    if done.unchecked:
        yield pen.paint(pen.word("unchecked", n=len(done.unchecked)), "violation")
    if done.findings:
        yield pen.word(
            "counted", reports=len(done.reports), n=len(done.findings), counts=pen.counts(done, done.findings)
        )
    elif len(done.unchecked) < len(done.reports):
        yield pen.paint(pen.word("clean"), "good") + f" ({pen.reports(len(done.reports))})"
    for gate in done.gates:
        told = f"{pen.severity(gate.severity)} {gate.message.in_(pen.lang)} [{GATE}]"
        yield f"{pen.word('gates')}{pen.word('colon')}{told}"
    for note in done.notes:
        yield pen.paint(note.text.in_(pen.lang), "violation" if note.fails else "dim")


def _grades(measures: Sequence[Measure], pen: _Pen) -> Iterator[str]:
    for measure in (*measures, total(measures)):
        if measure is None:
            continue
        name = dimension_name(measure.dimension, pen.lang) if measure.dimension else pen.word("all-dimensions")
        grade = measure.grade
        small = f"  {pen.paint(pen.word('small'), 'dim')}" if measure.small else ""
        yield (
            f"  {pad(name, 18)} {pen.paint(grade.letter, _OF_GRADE[grade.letter])} {pad(grade.name.in_(pen.lang), 9)}"
            f" {measure.rate:7.1%}  {measure.failed}/{measure.checked}{small}"
        )


def _line(done: Outcome, group: Group, by: By, pen: _Pen) -> Iterator[str]:
    whole, graded = group.total, by != "rule"
    grade = f"{whole.grade.letter + ' ' if graded else ''}{whole.failed}/{whole.checked}  " if whole else ""
    yield f"{group.label}{pen.word('colon')}{grade}{pen.counts(done, group.findings)}"


def _group(done: Outcome, group: Group, by: By, pen: _Pen) -> Iterator[str]:
    yield ""
    yield pen.paint(group.label, "bold") + pen.word("colon") + pen.counts(done, group.findings)
    if by == "report":
        yield pen.paint(f"  <{group.key}>", "dim")
    told: set[str] = set()  # remedy and basis once a rule in each group
    for finding in group.findings:
        yield from _finding(done, finding, by, pen, again=finding.rule in told)
        told.add(finding.rule)


def _finding(done: Outcome, finding: Finding, by: By, pen: _Pen, *, again: bool) -> Iterator[str]:
    lang = pen.lang
    where = "" if by == "report" else f" {finding.institution} {finding.year or ''} "
    yield f"  {pen.severity(finding.severity)} {finding.rule}{where} {finding.message.in_(lang)}"
    if finding.evidence:
        quote = " ".join(finding.evidence.quote.split())
        yield f"       {pen.word('text')} [{finding.evidence.start}–{finding.evidence.end}] {quote}"
    if waiver := done.waivers.get(finding):
        until = pen.word("until", day=waiver.until)
        yield pen.paint(f"       {pen.word('waived')} {waiver.reason} ({waiver.who}, {until})", "dim")
    if finding.fault != "source":
        yield f"       {pen.word('fault')} {FAULT_NAMES[lang][finding.fault]}"
    if not again:
        yield f"       {pen.word('remedy')} {done.remedy(finding).in_(lang)}"
        if basis := bases_in(done.rules.checks.get(finding.shape), lang):
            yield pen.paint(f"       {pen.word('basis')} {basis}", "dim")
