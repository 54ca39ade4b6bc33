"""What was audited: the current filings of a store, with what their findings are grouped by."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from nianbao.quality.audit import Selects, marks
from nianbao.quality.rulebook import Rulebook
from nianbao.quality.shapes import Text
from nianbao.vocabulary import PREFIXES

_HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "dcterms", "nb", "prov", "skos"))

PROVINCE, DIVISION = 2, 6
"""Digits of a division's code that name its province, and all of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """An annual report in its current filing.

    iri, filing, institution: IRIs. name: of the institution, empty where the data do not tell. sponsors: their names,
    as this filing states them. division: six digits, of the authority where the institution is registered (digits 3 to
    8 of its unified social credit code), empty without such a code. audited: whether the present rules have seen it.
    """

    iri: str
    filing: str
    institution: str = ""
    name: str = ""
    year: int | None = None
    sponsors: tuple[str, ...] = ()
    division: str = ""
    audited: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Which reports are asked for; None for all.

    report: its IRI. sponsor: a part of a sponsor's name. division: the first two to six digits of its code.
    """

    report: str | None = None
    sponsor: str | None = None
    division: str | None = None
    year: int | None = None

    @property
    def whole(self) -> bool:
        """Whether it is everything."""
        return self == Scope()

    def holds(self, report: Report) -> bool:
        """Whether the report is among those asked for."""
        return (
            (self.report is None or report.iri == self.report)
            and (self.sponsor is None or any(self.sponsor in name for name in report.sponsors))
            and (self.division is None or report.division.startswith(self.division))
            and (self.year is None or report.year == self.year)
        )


def reports_from(store: Selects, rules: Rulebook, scope: Scope | None = None) -> list[Report]:
    """The reports of a store in their current filings, by name and year."""
    scope = scope or Scope()
    # One report is looked up by its name, also where all are gone through otherwise.
    wanted = f"VALUES ?report {{ {ox.NamedNode(scope.report)} }}" if scope.report else ""
    rows = store.select(
        f"""{_HEAD} SELECT ?report ?filing ?year ?institution (SAMPLE(?n) AS ?name) (SAMPLE(?c) AS ?code) WHERE {{
        {wanted} ?report dcat:hasCurrentVersion ?filing
        OPTIONAL {{ ?report nb:reportingYear ?year }}
        OPTIONAL {{ ?report nb:reportingInstitution ?institution
            OPTIONAL {{ ?institution skos:prefLabel ?n FILTER (LANGMATCHES(LANG(?n), "zh")) }}
            OPTIONAL {{ ?institution nb:unifiedSocialCreditCode ?c }} }} }}
        GROUP BY ?report ?filing ?year ?institution"""
    )
    of = f"VALUES ?filing {{ {' '.join(sorted({str(row['filing']) for row in rows}))} }}" if scope.report else ""
    sponsors = _by_filing(
        store,
        f"{of} ?r dcat:hasCurrentVersion ?filing . ?filing nb:registration/nb:statedSponsor/skos:prefLabel ?value",
    )
    needed = set(marks(rules))
    seen = _by_filing(
        store,
        f"{of} VALUES ?value {{ {' '.join(f'<{mark}>' for mark in sorted(needed))} }} "
        "GRAPH ?graph { ?audit dcterms:subject ?filing ; prov:wasDerivedFrom ?value }",
    )
    found = []
    for row in rows:
        said = {name: str(getattr(term, "value", term)) for name, term in row.items()}
        filing, code = said["filing"], said.get("code", "")
        year = said.get("year", "")[:4]
        report = Report(
            iri=said["report"],
            filing=filing,
            institution=said.get("institution", ""),
            name=said.get("name", ""),
            year=int(year) if year.isdecimal() else None,
            sponsors=tuple(sorted(sponsors.get(filing, ()))),
            division=division_of(code),
            audited=seen.get(filing, set()) >= needed,
        )
        if scope.holds(report):
            found.append(report)
    return sorted(found, key=lambda report: (report.name, report.iri, report.year or 0, report.filing))


def _by_filing(store: Selects, pattern: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for row in store.select(f"{_HEAD} SELECT DISTINCT ?filing ?value WHERE {{ {pattern} }}"):
        said = {name: str(getattr(term, "value", term)) for name, term in row.items()}
        found.setdefault(said["filing"], set()).add(said["value"])
    return found


def division_of(code: str) -> str:
    """The six digits of the division in a unified social credit code, empty where there are none."""
    digits = code[2:8]
    return digits if len(digits) == DIVISION and digits.isdecimal() and digits[:PROVINCE] in provinces() else ""


@cache
def provinces() -> dict[str, Text]:
    """The names of the provinces by the first two digits of a division's code."""
    found = tomllib.loads(Path(__file__).with_name("divisions.toml").read_text(encoding="utf-8"))
    return {code: Text(zh, en) for code, (zh, en) in found.items()}


def division_named(words: str) -> str | None:
    """The digits that a user means: two to six digits, or a province's name; None for what is neither."""
    if words.isdecimal() and PROVINCE <= len(words) <= DIVISION and words[:PROVINCE] in provinces():
        return words
    wanted = words.casefold()
    return next(
        (code for code, name in provinces().items() if wanted.startswith(name.zh) or wanted == name.en.casefold()), None
    )


def division_label(code: str, lang: str) -> str:
    """A division in words: ``广西``, ``广西 450103``."""
    if not code:
        return "无代码" if lang == "zh" else "no code"
    name = provinces()[code[:PROVINCE]].in_(lang) if code[:PROVINCE] in provinces() else code[:PROVINCE]
    return name if len(code) == PROVINCE else f"{name} {code}"


Key = Callable[[Report], Sequence[str]]

NONE = ""
"""The key of reports that do not say."""


def grouping(by: str, scope: Scope | None = None) -> Key:
    """How reports are put together: ``report``, ``sponsor``, ``division``, ``year``. A report may be in several groups.

    Divisions are provinces, and inside one that was asked for, all divisions.
    """
    digits = DIVISION if scope is not None and scope.division else PROVINCE
    keys: dict[str, Key] = {
        "report": lambda report: (report.iri,),
        "sponsor": lambda report: report.sponsors or (NONE,),
        "division": lambda report: (report.division[:digits],),
        "year": lambda report: (NONE if report.year is None else str(report.year),),
    }
    return keys[by]


def grouped(reports: Iterable[Report], key: Key) -> dict[str, list[Report]]:
    """The reports by their keys, in the order of the keys."""
    found: dict[str, list[Report]] = {}
    for report in reports:
        for each in key(report):
            found.setdefault(each, []).append(report)
    return dict(sorted(found.items()))
