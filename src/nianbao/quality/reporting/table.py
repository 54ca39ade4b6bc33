"""The audit for programs and spreadsheets: JSON Lines and CSV, a finding a line."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence

from nianbao.quality.findings import Finding
from nianbao.quality.reporting.outcome import Outcome
from nianbao.quality.reporting.population import Report

COLUMNS = [
    "rule",
    "severity",
    "dimension",
    "institution",
    "year",
    "sponsor",
    "division",
    "label_zh",
    "message_zh",
    "label_en",
    "message_en",
    "quote",
    "start",
    "end",
    "fault",
    "remedy_zh",
    "remedy_en",
    "basis_zh",
    "basis_en",
    "basis_kind",
    "basis_verified",
    "waived",
    "waived_reason",
    "waived_by",
    "waived_until",
    "report",
    "focus",
]
BOM = "\ufeff"  # or Excel takes the file for one in the code page of the machine


def format_json(done: Outcome) -> str:
    """JSON Lines. A waived finding has a key ``waiver`` more: reason, who, until."""
    return "".join(json.dumps(_plain(done, finding), ensure_ascii=False) + "\n" for finding in done.told)


def _plain(done: Outcome, finding: Finding) -> dict[str, object]:
    said = finding.to_json()
    if waiver := done.waivers.get(finding):
        said["waiver"] = {"reason": waiver.reason, "who": waiver.who, "until": waiver.until.isoformat()}
    return said


def format_csv(done: Outcome) -> str:
    """CSV (RFC 4180) with a byte order mark. A cell that a spreadsheet would take for a formula begins with ``'``."""
    reports = {report.filing: report for report in done.reports}
    return csv_of(COLUMNS, (_row(done, finding, reports.get(finding.filing)) for finding in done.told))


def _row(done: Outcome, finding: Finding, report: Report | None) -> list[object]:
    rule = done.known(finding.rule)
    waiver, passage = done.waivers.get(finding), finding.evidence
    check = done.rules.checks.get(finding.shape)
    bases = check.bases if check else ()
    texts = [basis for basis in bases if basis.kind == "text"]
    label, remedy = done.label(finding.rule), done.remedy(finding)
    said: dict[str, object] = {
        "rule": finding.rule,
        "severity": finding.severity,
        "dimension": rule.dimension if rule else "",
        "institution": finding.institution,
        "year": finding.year or "",
        "sponsor": "；".join(report.sponsors) if report else "",
        "division": report.division if report else "",
        "label_zh": label.zh,
        "message_zh": finding.message.zh,
        "label_en": label.en,
        "message_en": finding.message.en,
        "quote": passage.quote if passage else "",
        "start": passage.start if passage else "",
        "end": passage.end if passage else "",
        "fault": finding.fault,
        "remedy_zh": remedy.zh,
        "remedy_en": remedy.en,
        "basis_zh": "；".join(basis.label.zh for basis in bases),
        "basis_en": "; ".join(basis.label.en for basis in bases),
        "basis_kind": "; ".join(dict.fromkeys(basis.kind for basis in bases)),
        "basis_verified": ("yes" if all(basis.verified for basis in texts) else "no") if texts else "",
        "waived": "yes" if waiver else "no",
        "waived_reason": waiver.reason if waiver else "",
        "waived_by": waiver.who if waiver else "",
        "waived_until": waiver.until.isoformat() if waiver else "",
        "report": finding.report,
        "focus": finding.focus,
    }
    return [said[name] for name in COLUMNS]


def csv_of(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV in the same manner."""
    out = io.StringIO()
    out.write(BOM)
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows([_cell(cell) for cell in row] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if not isinstance(value, str) or not value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return value
    return "'" + value
