"""Findings of the audit, and how programs get them; formats for people are in nianbao.quality.reporting."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from nianbao.quality.shapes import SEVERITIES, Fault, Severity, Text


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
