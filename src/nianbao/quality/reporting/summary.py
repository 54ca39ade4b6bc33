"""What the audit found, a line a report, kept in the store: pages that add up read these and no findings.

The writer keeps them in step with the findings, in the same transactions (docs/modelling.md, *Graphs*). A line holds
what a report is counted under and how often it breaks which rule, so any filter can be answered by adding up lines: ten
thousand are read in a fraction of a second.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from nianbao.quality.audit import Selects, audit_graph, marks
from nianbao.quality.batches import batches, values
from nianbao.quality.findings import Finding
from nianbao.quality.reporting.population import division_of
from nianbao.quality.rulebook import Rulebook
from nianbao.quality.shapes import SEVERITIES
from nianbao.vocabulary import DATA, PREFIXES, expand

_HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "dcterms", "nb", "prov", "sh", "skos"))
_LINE = ox.NamedNode(expand("nb:auditSummary"))
_TOGETHER = 200

Counts = Mapping[str, Sequence[int]]
"""How many findings by rule: violations, warnings, infos (`SEVERITIES`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """A report in its current filing. report, filing: IRIs. year: four digits, or empty. division: six digits, or
    empty (`population.division_of`). sponsors: as the filing states them. rules: the digest of the rules that have seen
    it, alone and beside other reports; empty where they have not.
    """

    report: str
    filing: str
    year: str = ""
    division: str = ""
    sponsors: tuple[str, ...] = ()
    rules: str = ""
    found: Counts

    def line(self) -> str:
        """The summary as it is kept."""
        said = [self.report, self.year, self.division, self.sponsors, self.rules, self.found]
        return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)

    @classmethod
    def of(cls, filing: str, line: str) -> Summary:
        """The summary that `line` gives."""
        report, year, division, sponsors, rules, found = json.loads(line)
        return cls(
            report=report,
            filing=filing,
            year=year,
            division=division,
            sponsors=tuple(sponsors),
            rules=rules,
            found=found,
        )


def counted(findings: Iterable[Finding]) -> dict[str, list[int]]:
    """How many findings by rule."""
    found: dict[str, list[int]] = {}
    for finding in findings:
        found.setdefault(finding.rule, [0] * len(SEVERITIES))[SEVERITIES.index(finding.severity)] += 1
    return found


def summary_quads(summaries: Iterable[Summary], base: str = DATA) -> Iterator[ox.Quad]:
    """The lines as they stand in the store: each in the graph of what was found beside other reports, so that it goes
    when that goes."""
    for one in summaries:
        graph = ox.NamedNode(audit_graph(one.filing, base=base, across=True))
        yield ox.Quad(ox.NamedNode(one.filing), _LINE, ox.Literal(one.line()), graph)


def summaries_from(store: Selects, rules: Rulebook) -> list[Summary]:
    """Those of all current filings. What has no line yet, because a build is running or was stopped, or because the
    store is older than the lines, is added up from the findings.
    """
    rows = store.select(f"SELECT ?filing ?line WHERE {{ GRAPH ?g {{ ?filing {_LINE} ?line }} }}")
    kept: dict[str, Summary] = {}
    for row in rows:
        try:
            kept[_text(row["filing"])] = Summary.of(_text(row["filing"]), _text(row["line"]))
        except (ValueError, TypeError, AttributeError):  # not written by us: added up again
            continue
    query = f"{_HEAD} SELECT ?f WHERE {{ ?r dcat:hasCurrentVersion ?f FILTER (isIRI(?f)) }}"
    current = {_text(row["f"]) for row in store.select(query)}
    found = [one for filing, one in kept.items() if filing in current]
    return [*found, *summarised(store, sorted(current - kept.keys()), rules)]


def summarised(
    store: Selects,
    filings: Sequence[str],
    rules: Rulebook,
    beside: Mapping[str, Iterable[Finding]] | None = None,
) -> Iterator[Summary]:
    """The summaries of current filings, from what the store says of them and from their findings.

    beside: what these rules found beside other reports, not written yet; unless given, the store's.
    """
    needed = set(marks(rules)[: 1 if beside is not None else None])
    for some in batches(filings, _TOGETHER):
        said = _said(store, some)
        graphs = {audit_graph(filing, across=False): filing for filing in some}
        if beside is None:
            graphs |= {audit_graph(filing, across=True): filing for filing in some}
        found = {filing: counted((beside or {}).get(filing, ())) for filing in some}
        for row in store.select(
            f"""{_HEAD} SELECT ?g ?rule ?severity WHERE {{ VALUES ?g {{ {values(graphs)} }}
            GRAPH ?g {{ ?r dcterms:identifier ?rule ; sh:resultSeverity ?severity }} }}"""
        ):
            if (severity := _text(row["severity"]).rpartition("#")[2].lower()) in SEVERITIES:
                each = found[graphs[_text(row["g"])]].setdefault(_text(row["rule"]), [0] * len(SEVERITIES))
                each[SEVERITIES.index(severity)] += 1
        seen: dict[str, set[str]] = {}
        for row in store.select(
            f"""{_HEAD} SELECT ?g ?mark WHERE {{ VALUES ?g {{ {values(graphs)} }}
            GRAPH ?g {{ ?audit sh:conforms ?any ; prov:wasDerivedFrom ?mark }} }}"""
        ):
            seen.setdefault(graphs[_text(row["g"])], set()).add(_text(row["mark"]))
        for filing in some:
            if filing in said:
                report, year, code, sponsors = said[filing]
                yield Summary(
                    report=report,
                    filing=filing,
                    year=year[:4],
                    division=division_of(code),
                    sponsors=tuple(sorted(sponsors)),
                    rules=rules.digest if seen.get(filing, set()) >= needed else "",
                    found=found[filing],
                )


def _said(store: Selects, filings: Sequence[str]) -> dict[str, tuple[str, str, str, set[str]]]:
    """(report, year, code of the institution, sponsors' names) of each filing."""
    rows = store.select(
        f"""{_HEAD} SELECT ?filing ?report ?year ?code WHERE {{ VALUES ?filing {{ {values(filings)} }}
        ?report dcat:hasCurrentVersion ?filing OPTIONAL {{ ?report nb:reportingYear ?year }}
        OPTIONAL {{ ?report nb:reportingInstitution/nb:unifiedSocialCreditCode ?code }} }}"""
    )
    found: dict[str, tuple[str, str, str, set[str]]] = {}
    for row in rows:
        said = {name: _text(term) for name, term in row.items()}
        found[said["filing"]] = (said["report"], said.get("year", ""), said.get("code", ""), set())
    rows = store.select(
        f"""{_HEAD} SELECT ?filing ?name WHERE {{ VALUES ?filing {{ {values(filings)} }}
        ?filing nb:registration/nb:statedSponsor/skos:prefLabel ?name }}"""
    )
    for row in rows:
        if (filing := _text(row["filing"])) in found:
            found[filing][3].add(_text(row["name"]))
    return found


def _text(term: object) -> str:
    return str(getattr(term, "value", term))
