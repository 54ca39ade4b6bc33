"""Findings of the audit, and how they are printed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from nianbao.quality.shapes import SEVERITIES, SEVERITY_NAMES, Fault, Severity, Text


@dataclass(frozen=True, slots=True)
class Evidence:
    """A passage of the report's text: ``text[start:end] == quote``, in code points; ``passage`` is its IRI."""

    quote: str
    start: int
    end: int
    passage: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that one report breaks.

    report, focus, filing, shape, component (the SHACL constraint component): IRIs.
    focus: the node that it is about, a statement or box of the filing, else the filing.
    institution: its name, empty where the data do not tell; year: None where they do not.
    source: the legal or other basis.
    """

    rule: str
    severity: Severity
    report: str
    institution: str
    year: int | None
    focus: str
    message: Text
    evidence: Evidence | None
    fault: Fault
    source: Text
    filing: str
    shape: str
    component: str

    def to_json(self) -> dict[str, object]:
        """The object that ``nianbao audit --format json`` prints, one a line."""
        passage = self.evidence
        return {
            "rule": self.rule,
            "severity": self.severity,
            "report": self.report,
            "institution": self.institution,
            "year": self.year,
            "focus": self.focus,
            "message": self.message._asdict(),
            "evidence": {"quote": passage.quote, "start": passage.start, "end": passage.end} if passage else None,
            "fault": self.fault,
            "source": self.source.zh,
        }


def order(finding: Finding) -> tuple[object, ...]:
    """Sort key: report by report in the order of year, worst first."""
    rank = SEVERITIES.index(finding.severity)
    place = (finding.institution, finding.report, finding.year or 0, finding.filing)
    return (*place, rank, finding.rule, finding.shape, finding.focus, finding.message)


def format_jsonl(findings: Iterable[Finding]) -> str:
    """JSON Lines, one finding a line."""
    return "".join(json.dumps(finding.to_json(), ensure_ascii=False) + "\n" for finding in findings)


def format_summary(findings: Sequence[Finding], lang: str = "zh") -> str:
    """Counts only: by severity, then by rule."""
    if not findings:
        return "没有发现问题。\n" if lang == "zh" else "No findings.\n"
    rules = Counter((SEVERITIES.index(finding.severity), finding.rule) for finding in findings)
    lines = [_counts(findings, lang)]
    lines += [
        f"  {rule:<5} {SEVERITY_NAMES[lang][SEVERITIES[rank]]} {number}"
        for (rank, rule), number in sorted(rules.items())
    ]
    return "\n".join(lines) + "\n"


def format_text(findings: Sequence[Finding], lang: str = "zh") -> str:
    """Counts first, then the findings report by report."""
    if not findings:
        return format_summary(findings, lang)
    lines = [_counts(findings, lang)]
    for _, group in groupby(sorted(findings, key=order), key=lambda finding: (finding.report, finding.filing)):
        same = list(group)
        first = same[0]
        name = first.institution or first.report
        year = "" if first.year is None else f" {first.year}"
        lines += ["", f"{name}{year}{'：' if lang == 'zh' else ': '}{_severities(same, lang)}", f"  <{first.report}>"]
        for finding in same:
            lines.append(f"  {SEVERITY_NAMES[lang][finding.severity]} {finding.rule} {finding.message.in_(lang)}")
            if finding.evidence:
                quote = " ".join(finding.evidence.quote.split())
                span = f"{finding.evidence.start}–{finding.evidence.end}"
                lines.append(f"       {'原文' if lang == 'zh' else 'text'} [{span}] {quote}")
            lines.append(f"       {'依据' if lang == 'zh' else 'basis'} {finding.source.in_(lang)}")
    return "\n".join(lines) + "\n"


def _counts(findings: Sequence[Finding], lang: str) -> str:
    reports = len({finding.report for finding in findings})
    if lang == "zh":
        return f"{reports} 份报告有发现，共 {len(findings)} 条：{_severities(findings, lang)}"
    return f"{len(findings)} findings in {reports} report{'s' if reports > 1 else ''}: {_severities(findings, lang)}"


def _severities(findings: Sequence[Finding], lang: str) -> str:
    number = Counter(finding.severity for finding in findings)
    return ("，" if lang == "zh" else ", ").join(
        f"{SEVERITY_NAMES[lang][severity]} {number[severity]}" for severity in SEVERITIES
    )
