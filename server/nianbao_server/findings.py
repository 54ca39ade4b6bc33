"""Findings of the audit, asked from the store: on a filing, of a rule, and numbers by year, division and sponsor.

Numbers are added up from the summaries that the build keeps (nianbao.quality.reporting.summary), lists look up the
findings on the reports that these name.
Only current filings count, and never what rules found whose results are restricted (``nb:restricted``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from nianbao.errors import QueryError
from nianbao.quality.audit import audit_graph
from nianbao.quality.reporting.measures import Measure, measured, rules_by_dimension
from nianbao.quality.reporting.population import DIVISION, PROVINCE
from nianbao.quality.reporting.summary import Summary, summaries_from
from nianbao.quality.reporting.words import bases_in
from nianbao.quality.rulebook import Rulebook
from nianbao.quality.shapes import Check
from nianbao.vocabulary import expand
from nianbao_server.context import Site
from nianbao_server.context import site as current_site
from nianbao_server.facts import PAGE, SEVERITIES, iri, plain
from nianbao_server.graph import Graph, text_of

COUNTED = 60.0  # seconds for which numbers over the whole store may be shown again


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of the audit, with its rule's title, basis and remedy in the reader's language."""

    rule: str
    title: str
    severity: str  # Violation, Warning, Info
    message: str
    basis: str = ""
    remedy: str = ""
    focus: str = ""  # the statement or box that it is about, else the filing
    quote: str = ""
    fault: str = ""  # whose: the code's IRI
    filing: str = ""
    report: str = ""
    institution: str = ""
    name: str = ""
    year: str = ""


def findings(site: Site, filing: str, language: str) -> list[Finding]:
    """The findings on one filing, by itself and beside other reports, the gravest first."""
    graph = site.construct(
        f"""CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH ?g {{ ?audit dcterms:subject {iri(filing)} ; sh:conforms ?any }}
            GRAPH ?g {{ ?s ?p ?o }} }}"""
    )
    return findings_in(graph, filing, language)


def findings_in(graph: Graph, filing: str, language: str) -> list[Finding]:
    """The findings that the triples of audit graphs tell of."""
    found = []
    for node in dict.fromkeys(graph.subjects("rdf:type", expand("sh:ValidationResult"))):
        shape = graph.one(node, "sh:sourceShape") or ""
        rule = graph.one(node, "dcterms:identifier") or rule_of(shape)
        if rule in restricted():
            continue
        passage = graph.one(node, "prov:wasQuotedFrom") or ""
        found.append(
            told(
                language,
                rule=rule,
                shape=shape,
                severity=(graph.one(node, "sh:resultSeverity") or "").rpartition("#")[2],
                message=graph.said(node, "sh:resultMessage", language) or "",
                focus=graph.one(node, "sh:value") or graph.one(node, "sh:focusNode") or "",
                quote=graph.one(passage, "prov:value") or "",
                fault=graph.one(node, "nb:fault") or "",
                filing=filing,
            )
        )
    return sorted(found, key=gravity)


def told(language: str, *, rule: str, shape: str, **said: str) -> Finding:
    """A finding with what the rules say of its shape."""
    check = book().checks.get(shape)
    return Finding(
        rule=rule,
        title=check.label.in_(language) if check else rule,
        basis=bases_in(check, language),
        remedy=check.remedy.in_(language) if check else "",
        **said,
    )


def rule_of(shape: str) -> str:
    """The rule that a shape belongs to, or the end of the shape's IRI where it is not known."""
    check = book().checks.get(shape)
    return check.rule if check else shape.replace("#", "/").rpartition("/")[2].partition("-")[0]


def gravity(finding: Finding) -> tuple[int, str]:
    """Sorts violations before warnings before infos, then by rule."""
    return rank(finding.severity), finding.rule


def rank(severity: str) -> int:
    """The place of a severity, the gravest first; one that is not of SHACL comes last."""
    return SEVERITIES.index(severity) if severity in SEVERITIES else len(SEVERITIES)


def by_severity(found: Iterable[Finding]) -> dict[str, int]:
    """How many findings of each severity."""
    counted = Counter(finding.severity for finding in found)
    return {name: counted[name] for name in SEVERITIES}


def book() -> Rulebook:
    """The rules that the pages speak of: those that the store was built with."""
    return current_site().rules


def restricted() -> frozenset[str]:
    """The numbers of the rules whose findings are not shown."""
    return book().restricted


def dimensions() -> dict[str, set[str]]:
    """The rules by dimension."""
    rules = book()
    return current_site().kept(("dimensions", rules.digest), lambda: rules_by_dimension(rules), COUNTED)


# --- what is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings; "" for all. severity: as in SHACL. sponsor: its name. division: the first digits of its code."""

    rule: str = ""
    severity: str = ""
    sponsor: str = ""
    division: str = ""
    year: str = ""

    def holds(self, one: Summary) -> bool:
        """Whether the report is among those asked for."""
        return (
            (not self.year or one.year == self.year)
            and (not self.sponsor or self.sponsor in one.sponsors)
            and (not self.division or one.division.startswith(self.division))
        )

    def found(self, one: Summary) -> Mapping[str, Sequence[int]]:
        """How many findings of those asked for the report has: violations, warnings, infos by rule."""
        found = one.found
        if self.rule:
            found = {self.rule: found[self.rule]} if self.rule in found else {}
        if self.severity:
            place = rank(self.severity)
            found = {
                rule: [number if i == place else 0 for i, number in enumerate(by)]
                for rule, by in found.items()
                if by[place]
            }
        return found if restricted().isdisjoint(found) else {k: by for k, by in found.items() if k not in restricted()}

    @property
    def chosen(self) -> dict[str, str]:
        """What is asked for, as arguments of an address."""
        every = {name: getattr(self, name) for name in ("rule", "severity", "sponsor", "division", "year")}
        return {name: value for name, value in every.items() if value}


# --- numbers


@dataclass(slots=True)
class Numbers:
    """Of a group of reports: how many, how many audited by the rules shown, findings by rule and severity, and how many
    reports break each rule."""

    reports: int = 0
    audited: int = 0
    found: dict[str, Counter[str]] = field(default_factory=dict)
    failing: Counter[str] = field(default_factory=Counter)

    @property
    def severities(self) -> dict[str, int]:
        """Findings by severity."""
        counted: Counter[str] = Counter()
        for each in self.found.values():
            counted += each
        return {name: counted[name] for name in SEVERITIES}

    def measures(self, rule: str = "") -> tuple[Measure, ...]:
        """The measurements by dimension; of one rule only where it is given."""
        every = {name: rules & {rule} if rule else rules for name, rules in dimensions().items()}
        return measured(self.audited, self.failing, {name: rules for name, rules in every.items() if rules})


def summaries(site: Site) -> list[Summary]:
    """A line a report, as the build keeps them: what has to be counted is added up here, whatever is asked for."""
    return site.kept("summaries", lambda: summaries_from(site, book()), COUNTED)


def numbers(site: Site, by: str, wanted: Wanted) -> dict[str, Numbers]:
    """The numbers of each group of reports, by its key. by: ``year``, ``sponsor``, ``division``."""
    digits = DIVISION if wanted.division else PROVINCE
    keys: dict[str, Callable[[Summary], Sequence[str]]] = {
        "year": lambda one: (one.year,),
        "sponsor": lambda one: one.sponsors or ("",),
        "division": lambda one: (one.division[:digits],),
    }
    each: dict[str, Numbers] = {}
    found: dict[str, dict[str, list[int]]] = {}
    for one in filter(wanted.holds, summaries(site)):
        counts = wanted.found(one).items()
        for key in keys[by](one):
            if (group := each.get(key)) is None:
                group, found[key] = each.setdefault(key, Numbers()), {}
            group.reports += 1
            group.audited += one.rules == book().digest
            of_group = found[key]
            for rule, (violations, warnings, infos) in counts:
                sums = of_group.setdefault(rule, [0, 0, 0, 0])
                sums[0] += violations
                sums[1] += warnings
                sums[2] += infos
                sums[3] += 1
    for key, group in each.items():
        for rule, sums in found[key].items():
            group.found[rule] = Counter(dict(zip(SEVERITIES, sums, strict=False)))
            group.failing[rule] = sums[3]
    return dict(sorted(each.items()))


def together(parts: Iterable[Numbers]) -> Numbers:
    """Groups that have no report in common, as one."""
    whole = Numbers()
    for part in parts:
        whole.reports += part.reports
        whole.audited += part.audited
        whole.failing += part.failing
        for rule, counted in part.found.items():
            whole.found[rule] = whole.found.get(rule, Counter()) + counted
    return whole


# --- lists


def newest(site: Site, language: str, limit: int = 8) -> list[Finding]:
    """Violations and warnings of the 200 newest reports: newest year first, in it the gravest."""

    def ask() -> list[Finding]:
        try:
            reports = sorted(summaries(site), key=_newest_first)[:200]
        except QueryError:
            return []
        grave = [(name, Wanted(severity=name)) for name in SEVERITIES[:2]]
        ranked = [(one.year, rank(name), one) for one in reports for name, wanted in grave if wanted.found(one)]
        ranked.sort(key=lambda each: (-_year(each[0]), each[1]))
        filings = list(dict.fromkeys(one.filing for _, _, one in ranked))[:limit]
        found = [each for each in _told_of(site, filings, Wanted(), language) if each.severity != "Info"]
        return sorted(found, key=lambda each: (-_year(each.year), rank(each.severity), each.report))[:limit]

    return site.kept(("newest", language), ask)


def _year(said: str) -> int:
    return int(said) if said.isdecimal() else 0


def _newest_first(one: Summary) -> tuple[int, str]:
    return -_year(one.year), one.report


def listed(site: Site, wanted: Wanted, language: str, page: int = 1) -> tuple[list[Finding], bool]:
    """A page of the findings asked for, newest year first, and whether there are more.

    The summaries tell which reports hold them, so that only the findings of these are looked up.
    """
    first, last = PAGE * (page - 1), PAGE * page
    place, start, more = 0, 0, False
    filings: list[str] = []
    for one in sorted(filter(wanted.holds, summaries(site)), key=_newest_first):
        number = sum(map(sum, wanted.found(one).values()))
        if number and place < last and place + number > first:
            start = start if filings else place
            filings.append(one.filing)
        place += number
        if more := place > last:
            break
    found = _told_of(site, filings, wanted, language)
    return found[first - start : last - start], more


def _told_of(site: Site, filings: Sequence[str], wanted: Wanted, language: str) -> list[Finding]:
    """The findings asked for on some filings, in their order, the gravest of each first."""
    if not filings:
        return []
    graphs = {audit_graph(filing, across=across): filing for filing in filings for across in (False, True)}
    rows = site.select(
        f"SELECT ?g ?s ?p ?o WHERE {{ VALUES ?g {{ {' '.join(map(iri, graphs))} }} GRAPH ?g {{ ?s ?p ?o }} }}"
    )
    triples: dict[str, list[ox.Triple]] = {filing: [] for filing in filings}
    for row in rows:
        if isinstance(row["s"], ox.NamedNode) and isinstance(row["p"], ox.NamedNode):
            triples[graphs[text_of(row["g"])]].append(ox.Triple(row["s"], row["p"], row["o"]))
    about = site.select(
        f"""SELECT ?filing ?report ?i ?name ?y WHERE {{ VALUES ?filing {{ {" ".join(map(iri, filings))} }}
        ?report dcat:hasCurrentVersion ?filing OPTIONAL {{ ?report nb:reportingYear ?y }}
        OPTIONAL {{ ?report nb:reportingInstitution ?i OPTIONAL {{ ?i skos:prefLabel ?name }} }} }}"""
    )
    of = {row["filing"]: row for row in map(plain, about)}
    found = []
    for filing in filings:
        said = of.get(filing, {})
        for each in findings_in(Graph(triples[filing]), filing, language):
            if wanted.rule in ("", each.rule) and wanted.severity in ("", each.severity):
                about_it = {"report": said.get("report", ""), "institution": said.get("i", "")}
                found.append(replace(each, **about_it, name=said.get("name", ""), year=said.get("y", "")[:4]))
    return found


def checks_of(name: str) -> tuple[Check, ...]:
    """The shapes of a rule, the gravest first."""
    rule = book().by_number.get(name)
    return rule.checks if rule else ()
