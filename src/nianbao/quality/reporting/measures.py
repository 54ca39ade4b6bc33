"""Measurements: how many checks were made and failed, by quality dimension, and the grade of the share passed.

A check is one rule on one report (every rule looks at a whole filing). So the population is known without asking:
audited reports times rules. A rule that finds nothing to look at in a report counts as passed.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nianbao.quality.findings import Finding
from nianbao.quality.reporting.population import Key, Report, grouped, grouping
from nianbao.quality.rulebook import Rulebook
from nianbao.quality.shapes import DIMENSION_NAMES_ZH, Text

DIMENSIONS = tuple(DIMENSION_NAMES_ZH)


@dataclass(frozen=True, slots=True)
class Grade:
    """One of the five: its letter, its name, the smallest share of passed checks that it takes."""

    letter: str
    name: Text
    min: float


@dataclass(frozen=True, slots=True)
class Measure:
    """A dimension of some reports: how many there are, checks made, checks failed."""

    dimension: str
    reports: int
    checked: int
    failed: int

    @property
    def rate(self) -> float:
        """The share of checks that were passed, 0 to 1."""
        return (self.checked - self.failed) / self.checked

    @property
    def grade(self) -> Grade:
        """The grade of the rate."""
        return next(grade for grade in grades()[0] if self.rate >= grade.min)

    @property
    def small(self) -> bool:
        """Whether there are too few checks for the grade to say much."""
        return self.checked < grades()[1]


@cache
def grades() -> tuple[tuple[Grade, ...], int]:
    """The grades, best first, and the number of checks under which one is marked (grades.toml)."""
    found = tomllib.loads(Path(__file__).with_name("grades.toml").read_text(encoding="utf-8"))
    each = (Grade(one["letter"], Text(one["zh"], one["en"]), float(one["min"])) for one in found["grade"])
    return tuple(sorted(each, key=lambda grade: -grade.min)), int(found["small"])


def dimension_name(dimension: str, lang: str) -> str:
    """A dimension in words."""
    return DIMENSION_NAMES_ZH[dimension] if lang == "zh" else dimension


def rules_by_dimension(rules: Rulebook, *, across: bool = True, rule: str | None = None) -> dict[str, set[str]]:
    """The rules that were run, by dimension: without those whose findings are restricted, which no store holds.

    across: whether reports were compared. rule: only this one.
    """
    found: dict[str, set[str]] = {}
    for each in rules.rules:
        if not each.restricted and (across or not each.across) and rule in (None, each.id):
            found.setdefault(each.dimension, set()).add(each.id)
    return {name: found[name] for name in DIMENSIONS if name in found}


def measures(
    reports: Iterable[Report], failed: Mapping[str, Iterable[str]], dimensions: Mapping[str, set[str]]
) -> tuple[Measure, ...]:
    """The measurements of some reports, a dimension each; none where no report was audited.

    failed: the rules that a filing breaks, by the filing's IRI. dimensions: the rules that were run, by dimension.
    """
    filings = {report.filing for report in reports if report.audited}
    failing = Counter(rule for filing in filings for rule in set(failed.get(filing, ())))
    return measured(len(filings), failing, dimensions)


def measured(
    reports: int, failing: Mapping[str, int], dimensions: Mapping[str, Collection[str]]
) -> tuple[Measure, ...]:
    """The measurements of so many audited reports; failing: how many of them break each rule."""
    if not reports:
        return ()
    return tuple(
        Measure(name, reports, reports * len(rules), sum(failing.get(rule, 0) for rule in rules))
        for name, rules in dimensions.items()
    )


def failures(findings: Iterable[Finding]) -> dict[str, set[str]]:
    """The rules that each filing breaks."""
    found: dict[str, set[str]] = {}
    for finding in findings:
        found.setdefault(finding.filing, set()).add(finding.rule)
    return found


def by_group(
    reports: Sequence[Report], key: Key, failed: Mapping[str, set[str]], dimensions: Mapping[str, set[str]]
) -> dict[str, tuple[Measure, ...]]:
    """The measurements of each group of reports."""
    return {name: measures(group, failed, dimensions) for name, group in grouped(reports, key).items()}


def trend(
    reports: Sequence[Report], failed: Mapping[str, set[str]], dimensions: Mapping[str, set[str]]
) -> dict[str, tuple[Measure, ...]]:
    """The measurements of each year, in order, without reports that tell none."""
    found = by_group(reports, grouping("year"), failed, dimensions)
    return {year: each for year, each in found.items() if year and each}


def total(parts: Iterable[Measure]) -> Measure | None:
    """All dimensions together (``dimension`` is empty); None for none."""
    each = list(parts)
    if not each:
        return None
    return Measure("", each[0].reports, sum(part.checked for part in each), sum(part.failed for part in each))
