"""Findings of the audit, asked from the store: on a filing, of a rule, and numbers by year, division and sponsor.

Only current filings count, and never what rules found whose results are restricted (``nb:restricted``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache

from nianbao.errors import QueryError
from nianbao.quality.audit import marks
from nianbao.quality.reporting.measures import Measure, measured, rules_by_dimension
from nianbao.quality.reporting.population import DIVISION, PROVINCE
from nianbao.quality.rulebook import Rulebook, rulebook
from nianbao.vocabulary import expand
from nianbao_server.context import Site
from nianbao_server.facts import PAGE, SEVERITIES, iri, literal, plain
from nianbao_server.graph import Graph

COUNTED = 60.0  # seconds for which numbers over the whole store may be shown again


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One result of the audit, with its rule's title, basis and remedy in the reader's language."""

    rule: str
    title: str
    severity: str  # Violation, Warning, Info
    message: str
    basis: str = ""
    verified: bool = True
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
    return findings_in(graph, site.vocabulary, filing, language)


def findings_in(graph: Graph, vocabulary: Graph, filing: str, language: str) -> list[Finding]:
    """The findings that the triples of audit graphs tell of."""
    found = []
    for node in dict.fromkeys(graph.subjects("rdf:type", expand("sh:ValidationResult"))):
        shape = graph.one(node, "sh:sourceShape") or ""
        rule = graph.one(node, "dcterms:identifier") or rule_of(vocabulary, shape)
        if rule in restricted():
            continue
        passage = graph.one(node, "prov:wasQuotedFrom") or ""
        found.append(
            told(
                vocabulary,
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


def told(vocabulary: Graph, language: str, *, rule: str, shape: str, **said: str) -> Finding:
    """A finding with what the vocabulary says of its shape."""
    bases = vocabulary.all(shape, "dcterms:source")
    labels = [label for basis in bases if (label := vocabulary.said(basis, "rdfs:label", language))]
    return Finding(
        rule=rule,
        title=vocabulary.said(shape, "rdfs:label", language) or rule,
        basis=("；" if language == "zh" else "; ").join(labels),
        verified=all(vocabulary.one(basis, "nb:basisVerified") != "false" for basis in bases),
        remedy=vocabulary.said(shape, "nb:remedy", language) or "",
        **said,
    )


def rule_of(vocabulary: Graph, shape: str) -> str:
    """The rule that a shape belongs to, or the end of the shape's IRI where it does not say."""
    return vocabulary.one(shape, "dcterms:identifier") or shape.replace("#", "/").rpartition("/")[2].partition("-")[0]


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


@cache
def book() -> Rulebook:
    """The rules that the pages speak of."""
    return rulebook()


@cache
def restricted() -> frozenset[str]:
    """The numbers of the rules whose findings are not shown."""
    return frozenset(rule.id for rule in book().rules if rule.restricted)


@cache
def dimensions() -> dict[str, set[str]]:
    """The rules by dimension."""
    return rules_by_dimension(book())


# --- what is asked for


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which findings; "" for all. severity: as in SHACL. sponsor: its name. division: the first digits of its code."""

    rule: str = ""
    severity: str = ""
    sponsor: str = ""
    division: str = ""
    year: str = ""

    @property
    def reports(self) -> str:
        """The pattern of the current filings of the reports asked for."""
        year = f'FILTER(SUBSTR(STR(?y), 1, 4) = "{self.year}")' if self.year.isdecimal() else ""
        parts = [f"?report dcat:hasCurrentVersion ?filing ; nb:reportingYear ?y ; nb:reportingInstitution ?i {year}"]
        if self.sponsor:
            parts.append(
                "FILTER EXISTS { ?filing nb:registration/nb:statedSponsor/skos:prefLabel ?of "
                f"FILTER(STR(?of) = {literal(self.sponsor)}) }}"
            )
        if self.division:
            parts.append(
                "FILTER EXISTS { ?i nb:unifiedSocialCreditCode ?at "
                f"FILTER(STRSTARTS(SUBSTR(?at, 3, 6), {literal(self.division)})) }}"
            )
        return " ".join(parts)

    @property
    def results(self) -> str:
        """The pattern of the results on those filings."""
        result = "?r dcterms:identifier ?rule ; sh:resultSeverity ?severity"
        parts = [f"?audit dcterms:subject ?filing ; sh:result ?r . {result}"]
        if self.rule:
            parts.append(f"FILTER(?rule = {literal(self.rule)})")
        if self.severity in SEVERITIES:
            parts.append(f"FILTER(?severity = sh:{self.severity})")
        if hidden := sorted(restricted()):
            parts.append(f"FILTER(?rule NOT IN ({', '.join(map(literal, hidden))}))")
        return " ".join(parts)

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


_KEYS = {
    "year": "BIND(SUBSTR(STR(?y), 1, 4) AS ?key)",
    "sponsor": "OPTIONAL { ?filing nb:registration/nb:statedSponsor/skos:prefLabel ?s } "
    "BIND(COALESCE(STR(?s), '') AS ?key)",
    "division": "OPTIONAL { ?i nb:unifiedSocialCreditCode ?c } BIND(COALESCE(SUBSTR(?c, 3, %d), '') AS ?key)",
    "report": "BIND(STR(?report) AS ?key)",
}


def numbers(site: Site, by: str, wanted: Wanted) -> dict[str, Numbers]:
    """The numbers of each group of reports, by its key. by: ``year``, ``sponsor``, ``division``, ``report``."""
    key = _KEYS[by]
    if by == "division":
        key %= DIVISION if wanted.division else PROVINCE
    seen = " ".join(
        f"GRAPH ?g{n} {{ ?a{n} dcterms:subject ?filing ; prov:wasDerivedFrom {iri(mark)} }}"
        for n, mark in enumerate(marks(book()))
    )
    results = f"{wanted.reports} {key} GRAPH ?g {{ {wanted.results} }}"
    queries = (
        f"""SELECT ?key (COUNT(DISTINCT ?filing) AS ?n) (COUNT(DISTINCT ?seen) AS ?done) WHERE {{ {wanted.reports} {key}
            OPTIONAL {{ {seen} BIND(?filing AS ?seen) }} }} GROUP BY ?key""",
        f"SELECT ?key ?rule ?severity (COUNT(DISTINCT ?r) AS ?n) WHERE {{ {results} }} GROUP BY ?key ?rule ?severity",
        f"SELECT ?key ?rule (COUNT(DISTINCT ?filing) AS ?n) WHERE {{ {results} }} GROUP BY ?key ?rule",
    )

    def ask() -> dict[str, Numbers]:
        reports, found, failing = ([plain(row) for row in site.select(query)] for query in queries)
        each: dict[str, Numbers] = {}
        for row in reports:
            if int(row["n"]):
                each[row.get("key", "")] = Numbers(int(row["n"]), int(row["done"]))
        for row in found:
            if "rule" in row:
                counted = each[row["key"]].found.setdefault(row["rule"], Counter())
                counted[row["severity"].rpartition("#")[2]] += int(row["n"])
        for row in failing:
            if "rule" in row:
                each[row["key"]].failing[row["rule"]] = int(row["n"])
        return dict(sorted(each.items()))

    return site.kept(("numbers", by, wanted), ask, COUNTED)


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
    pattern = """{ SELECT ?report ?filing ?i ?y WHERE { ?report nb:reportingYear ?y ; nb:reportingInstitution ?i ;
        dcat:hasCurrentVersion ?filing } ORDER BY DESC(?y) ?report LIMIT 200 }"""
    end = f"ORDER BY DESC(?y) DESC(?severity = sh:Violation) ?report LIMIT {limit}"

    def ask() -> list[Finding]:
        try:
            return _listed(site, pattern, Wanted().results + " FILTER(?severity != sh:Info)", end, language)
        except QueryError:
            return []

    return site.kept(("newest", language), ask)


def listed(site: Site, wanted: Wanted, language: str, page: int = 1) -> tuple[list[Finding], bool]:
    """A page of the findings asked for, newest year first, and whether there are more."""
    end = f"ORDER BY DESC(?y) ?report ?rule ?r LIMIT {PAGE + 1} OFFSET {PAGE * (page - 1)}"
    found = _listed(site, wanted.reports, wanted.results, end, language)
    return found[:PAGE], len(found) > PAGE


def _listed(site: Site, reports: str, results: str, end: str, language: str) -> list[Finding]:
    query = f"""SELECT ?report ?filing ?i ?name ?y ?rule ?shape ?severity ?message ?value ?quote WHERE {{ {reports}
        GRAPH ?g {{ {results} . ?r sh:sourceShape ?shape ; sh:resultMessage ?message
            FILTER(LANGMATCHES(LANG(?message), {literal(language)}))
            OPTIONAL {{ ?r sh:value ?value }}
            OPTIONAL {{ ?r prov:wasQuotedFrom ?passage . ?passage prov:value ?quote }} }}
        OPTIONAL {{ ?i skos:prefLabel ?name }} }} {end}"""
    found = []
    for row in map(plain, site.select(query)):
        found.append(
            told(
                site.vocabulary,
                language,
                rule=row["rule"],
                shape=row["shape"],
                severity=row["severity"].rpartition("#")[2],
                message=row["message"],
                focus=row.get("value", row["filing"]),
                quote=row.get("quote", ""),
                filing=row["filing"],
                report=row["report"],
                institution=row["i"],
                name=row.get("name", ""),
                year=row["y"][:4],
            )
        )
    return found


def shapes_of(site: Site, name: str) -> Sequence[str]:
    """The shapes of a rule."""
    return list(dict.fromkeys(site.vocabulary.subjects("dcterms:identifier", name)))
