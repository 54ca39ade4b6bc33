"""Waivers: findings that somebody has looked at and accepts, as data. They stay in every output, with the reason.

A file of TOML, one table a waiver:

    [[waiver]]
    rule = "F06"
    report = "https://nianbao.example/report/…/2024"   # or focus = the IRI that the finding is about
    reason = "开办资金变更登记已受理，2025年4月完成"
    who = "登记科"
    until = 2025-12-31                                 # the last day on which it holds
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from nianbao.errors import AuditError
from nianbao.quality.findings import Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiver:
    """One waiver. report, focus: IRIs, one of them or both; place: where it stands in its file."""

    rule: str
    report: str = ""
    focus: str = ""
    reason: str
    who: str
    until: date
    place: str = ""

    def covers(self, finding: Finding) -> bool:
        """Whether the finding is one of those that it speaks of, whatever the day."""
        return (
            finding.rule == self.rule
            and self.report in ("", finding.report)
            and self.focus in ("", finding.focus, finding.filing)
        )


_TEXTS = ("rule", "reason", "who")
_PLACES = ("report", "focus")


def load_waivers(path: Path, rules: Collection[str]) -> list[Waiver]:
    """The waivers of a file; `rules` are the numbers that there are.

    Raises AuditError (NB-AUDIT-WAIVER) with the file and the number of the waiver that is wrong.
    """
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _wrong(path, "", f"cannot be read ({error.strerror or error})", "check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise _wrong(path, "", f"not valid TOML ({error})", "correct the file") from error
    tables = found.pop("waiver", [])
    if found or not isinstance(tables, list):
        key = next(iter(found), "waiver")
        raise _wrong(path, "", f"{key!r} is no list of waivers", "write each waiver under a line [[waiver]]")
    return [_waiver(table, path, f"waiver {number}", rules) for number, table in enumerate(tables, 1)]


def _waiver(table: object, path: Path, place: str, rules: Collection[str]) -> Waiver:
    if not isinstance(table, dict):
        raise _wrong(path, place, "it is no table", "write each waiver under a line [[waiver]]")
    for key in table:
        if key not in (*_TEXTS, *_PLACES, "until"):
            raise _wrong(path, place, f"there is no key {key!r}", "use rule, report or focus, reason, who, until")
    for key in _TEXTS:
        if not isinstance(table.get(key), str) or not table[key].strip():
            raise _wrong(path, place, f"{key} is missing or empty", f'add a line {key} = "…"')
    for key in _PLACES:
        said = table.get(key)
        if said is not None and (not isinstance(said, str) or ":" not in said):
            raise _wrong(path, place, f"{key} is no IRI ({said!r})", "copy it from `nianbao audit --format json`")
    if not any(key in table for key in _PLACES):
        remedy = "say which report or focus it holds for; a rule is not waived as a whole"
        raise _wrong(path, place, "it names no report and no focus", remedy)
    if table["rule"] not in rules:
        raise _wrong(path, place, f"there is no rule {table['rule']!r}", "list the rules with: nianbao rules")
    until = table.get("until")
    if not isinstance(until, date) or isinstance(until, datetime):
        raise _wrong(path, place, "until is missing or no date", "add a line like until = 2027-03-31")
    return Waiver(**table, place=f"{path}: {place}")


def _wrong(path: Path, place: str, reason: str, remedy: str) -> AuditError:
    return AuditError(reason, where=str(path), place=place, remedy=remedy, code="NB-AUDIT-WAIVER")


def waived(findings: Iterable[Finding], waivers: Iterable[Waiver], today: date) -> dict[Finding, Waiver]:
    """The waiver of each finding that has one which still holds."""
    holding: dict[str, list[Waiver]] = {}
    for waiver in waivers:
        if waiver.until >= today:
            holding.setdefault(waiver.rule, []).append(waiver)
    found: dict[Finding, Waiver] = {}
    for finding in findings:
        for waiver in holding.get(finding.rule, ()):
            if waiver.covers(finding):
                found[finding] = waiver
                break
    return found


def expired(waivers: Iterable[Waiver], today: date) -> list[Waiver]:
    """The waivers whose last day is over."""
    return [waiver for waiver in waivers if waiver.until < today]


def unused(waivers: Iterable[Waiver], findings: Collection[Finding], today: date) -> list[Waiver]:
    """The waivers that hold but cover none of these findings: what they speak of is gone, or they are written wrong."""
    return [
        waiver
        for waiver in waivers
        if waiver.until >= today and not any(waiver.covers(finding) for finding in findings)
    ]
