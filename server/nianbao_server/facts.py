"""What the pages show, asked from the store: each function is a handful of small queries that look up by IRI.

Lists are bounded; counts over the whole store are kept for some seconds. A filing's graph is fetched whole (some
hundred triples) and read in memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from nianbao.storage.store import Row
from nianbao.vocabulary import NBC, expand
from nianbao_server.context import Site
from nianbao_server.graph import Graph, text_of
from nianbao_server.passages import Piece, Span, marked, offsets

PAGE = 50  # rows of a list on one page
SEVERITIES = ("Violation", "Warning", "Info")


def iri(text: str) -> str:
    """An IRI as it stands in a query. Raises ValueError for what is none: nothing can break out of the brackets."""
    return str(ox.NamedNode(text))


def literal(text: str) -> str:
    """A string as it stands in a query, quoted and escaped."""
    return str(ox.Literal(text))


def plain(row: Row) -> dict[str, str]:
    """A row as text by variable."""
    return {name: text_of(term) for name, term in row.items()}


def decimal(text: str | None) -> Decimal | None:
    """A number, or None for what is none."""
    try:
        return Decimal(text) if text is not None else None
    except InvalidOperation:
        return None


def own_graph(filing: str) -> str:
    """The graph that holds what a filing says."""
    return filing.replace("/filing/", "/graph/", 1)


# --- the whole store


def search(site: Site, words: str, limit: int = PAGE) -> list[dict[str, str]]:
    """Institutions, sponsors and indicators by name, code or address; at most `limit` and one more."""
    needle = literal(words.strip().lower())
    query = f"""SELECT ?x ?type (SAMPLE(?label) AS ?name) (SAMPLE(?hint) AS ?match) WHERE {{
        {{ SELECT DISTINCT ?x ?hint WHERE {{
            {{ ?x skos:prefLabel|skos:altLabel ?hint FILTER(CONTAINS(LCASE(STR(?hint)), {needle})) }}
            UNION {{ ?x nb:unifiedSocialCreditCode ?hint FILTER(CONTAINS(LCASE(?hint), {needle})) }}
            UNION {{ ?record nb:address ?hint ; nb:statedIn/dcat:isVersionOf/nb:reportingInstitution ?x
                FILTER(CONTAINS(LCASE(?hint), {needle})) }}
        }} LIMIT 500 }}
        VALUES ?type {{ nb:PublicInstitution nb:Sponsor nb:Indicator }} ?x a ?type ; skos:prefLabel ?label }}
        GROUP BY ?x ?type ORDER BY ?type ?name LIMIT {limit + 1}"""
    return [plain(row) for row in site.select(query)]


# --- institutions and reports


@dataclass(slots=True)
class YearRow:
    """The form's figures of one report, in yuan and persons; findings by severity.

    read_as: figure → (code of its characters' origin, score) of what was recognised.
    """

    report: str
    year: str
    filing: str
    capital: Decimal | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    staff: Decimal | None = None
    read_as: dict[str, tuple[str, str]] = field(default_factory=dict)
    findings: dict[str, int] = field(default_factory=dict)


FORM_FIGURES = {
    "initial-capital": "capital",
    "net-assets-opening": "opening",
    "net-assets-closing": "closing",
    "staff": "staff",
}


# How the characters of a figure ?o came about: variables and pattern.
SEEN = (
    "?origin ?score",
    "OPTIONAL { ?o nb:characterOrigin ?origin } OPTIONAL { ?o nb:recognitionScore ?score }",
)


def years(site: Site, institution: str) -> list[YearRow]:
    """The reports of an institution, the oldest first."""
    query = f"""SELECT ?report ?year ?filing WHERE {{ ?report nb:reportingInstitution {iri(institution)} ;
        nb:reportingYear ?year ; dcat:hasCurrentVersion ?filing }} ORDER BY ?year LIMIT 100"""
    rows = [YearRow(row["report"], row["year"], row["filing"]) for row in map(plain, site.select(query))]
    fill(site, rows)
    return rows


def fill(site: Site, rows: Sequence[YearRow]) -> None:
    """Put figures and counts of findings into the rows."""
    if not rows:
        return
    by_filing = {row.filing: row for row in rows}
    figures = " ".join(iri(f"{filing}/{name}") for filing in by_filing for name in FORM_FIGURES)
    query = f"SELECT ?o ?v {SEEN[0]} WHERE {{ VALUES ?o {{ {figures} }} ?o nb:value ?v {SEEN[1]} }}"
    for found in map(plain, site.select(query)):
        filing, _, name = found["o"].rpartition("/")
        row, figure = by_filing[filing], FORM_FIGURES[name]
        setattr(row, figure, decimal(found["v"]))
        if "origin" in found:
            row.read_as[figure] = found["origin"], found.get("score", "")
    filings = " ".join(iri(filing) for filing in by_filing)
    query = f"""SELECT ?f ?s (COUNT(?r) AS ?n) WHERE {{ VALUES ?f {{ {filings} }}
        GRAPH ?g {{ ?audit dcterms:subject ?f ; sh:result ?r . ?r sh:resultSeverity ?s }} }} GROUP BY ?f ?s"""
    for found in map(plain, site.select(query)):
        if "f" in found:
            by_filing[found["f"]].findings[found["s"].rpartition("#")[2]] = int(found["n"])


def versions(site: Site, report: str) -> list[dict[str, str]]:
    """The filings of a report, superseded ones too: filing, version, submission date."""
    query = f"""SELECT DISTINCT ?filing ?version ?date WHERE {{ GRAPH ?g {{ ?filing dcat:isVersionOf {iri(report)}
        OPTIONAL {{ ?filing dcat:version ?version }} OPTIONAL {{ ?filing nb:submissionDate ?date }} }} }}
        ORDER BY ?version LIMIT 100"""
    return [plain(row) for row in site.select(query)]


def names(site: Site, iris: Iterable[str]) -> dict[str, str]:
    """Names (Chinese, as printed) of things in the registry."""
    wanted = sorted(set(iris))
    if not wanted:
        return {}
    values = " ".join(iri(item) for item in wanted)
    query = f"SELECT ?x ?label WHERE {{ VALUES ?x {{ {values} }} ?x skos:prefLabel ?label }}"
    return {row["x"]: row["label"] for row in map(plain, site.select(query))}


# --- one filing


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """A figure, change, award or incident with the passage that it comes from; terms are IRIs, numbers text."""

    iri: str
    name: str  # anchor on the page: q1.2-3
    kind: str  # figure, change, award, incident
    label: str  # the indicator's name, or the award's
    indicator: str = ""
    value: Decimal | None = None
    unit: str = ""
    item: str = ""
    stated: str = ""
    codes: tuple[str, ...] = ()  # bound, accumulation, direction, basis, where they say something
    activity: str = ""
    by: str = ""
    change_of: str = ""
    span: tuple[int, int] | None = None
    printed: tuple[str, ...] = ()  # places of the file: …#page=2&viewrect=…
    origin: str = ""  # how its characters were read, where the file is a scan in part
    score: Decimal | None = None  # of OCR
    unsure: bool = False  # whether rule Q02 asks to look at it
    others: tuple[str, ...] = ()  # names of the organisations that it speaks of: org-1


@dataclass(slots=True)
class Item:
    """An item of the outline with its own text (not that of the items under it) and statements."""

    iri: str
    number: str
    heading: str
    depth: int
    pieces: list[Piece] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Entry:
    """A declared change, licence or gift: its name on the page (``licence-1``), its cells, "" where one is not stated,
    how an amount was read, and the places of the file."""

    name: str
    cells: list[str]
    read_as: tuple[str, str]
    printed: tuple[str, ...] = ()


@dataclass(slots=True)
class SectionView:
    """A box of the form. `state`: ``missing``, ``blank``, ``none`` (it says that there is nothing) or ``text``."""

    type: str
    state: str
    pieces: list[Piece] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    signed: str = ""
    columns: tuple[str, ...] = ()  # properties of what was read out of the box besides its text
    rows: list[Entry] = field(default_factory=list)

    @property
    def says_only_none(self) -> bool:
        """Whether the text is no more than a word such as 无: the state says as much."""
        return self.state == "none" and sum(len(piece.text) for piece in self.pieces) <= 4


SECTIONS = (
    "sectionChanges",
    "sectionActivities",
    "sectionLicences",
    "sectionAwards",
    "sectionDonations",
    "sectionInstitutionOpinion",
    "sectionSponsorOpinion",
)

UNREMARKABLE = {NBC + "exact", NBC + "duringPeriod", NBC + "atPoint"}


def filing_graph(site: Site, filing: str) -> Graph:
    """All that a filing says."""
    return site.construct(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {iri(own_graph(filing))} {{ ?s ?p ?o }} }}")


def is_unsure(graph: Graph, node: str, least: Decimal) -> bool:
    """Whether a figure was read with a confidence below `least`."""
    confidence = decimal(graph.one(node, "nb:confidence"))
    return confidence is not None and confidence < least


def statements(graph: Graph, filing: str, labels: dict[str, str], least: Decimal) -> list[Statement]:
    """The narrative's statements in the order of their passages; the form's own figures are left out.

    least: the confidence below which a figure is to be looked at.
    """
    found = []
    named: set[str] = set()  # organisations that have their place on the page
    for node in dict.fromkeys(graph.subjects("nb:statedIn", filing)):
        types = set(graph.all(node, "rdf:type"))
        name = node.removeprefix(filing + "/")
        if name in FORM_FIGURES:
            continue
        evidence = graph.one(node, "nb:evidence") or ""
        span = offsets(evidence)
        printed = tuple(graph.all(evidence, "nb:printedAt")) if evidence else ()
        activity = graph.one(node, "nb:partOfActivity") or ""
        origin, score = graph.one(node, "nb:characterOrigin") or "", decimal(graph.one(node, "nb:recognitionScore"))
        if types & {expand("nb:Observation"), expand("nb:Change")}:
            change = expand("nb:Change") in types
            codes = [graph.one(node, f"nb:{key}") for key in ("bound", "accumulation", "direction", "comparisonBasis")]
            indicator = graph.one(node, "nb:indicator") or ""
            statement = Statement(
                iri=node,
                name=name,
                kind="change" if change else "figure",
                label=labels.get(indicator, ""),
                indicator=indicator,
                value=decimal(graph.one(node, "nb:value")),
                unit=graph.one(node, "nb:unit") or "",
                item=graph.one(node, "nb:countedItem") or "",
                stated=graph.one(node, "nb:statedValue") or "",
                codes=tuple(code for code in codes if code and code not in UNREMARKABLE),
                activity=activity,
                change_of=graph.one(node, "nb:changeOf") or "",
                span=span,
                printed=printed,
                origin=origin,
                score=score,
                unsure=is_unsure(graph, node, least),
            )
        elif expand("nb:Award") in types:
            bodies = [graph.one(node, key) for key in ("nb:recipient", "nb:awardedBy")]
            others = {
                body.removeprefix(filing + "/") for body in bodies if body and body.startswith(filing + "/")
            } - named
            named |= others
            who, by = (
                labels.get(body) or graph.said(body, "skos:prefLabel", "zh") or body if body else "" for body in bodies
            )
            statement = Statement(
                iri=node,
                name=name,
                kind="award",
                label=graph.one(node, "nb:awardName") or "",
                by=by,
                item=who,
                activity=activity,
                span=span,
                printed=printed,
                origin=origin,
                score=score,
                others=tuple(sorted(others)),
            )
        elif expand("nb:Incident") in types:
            statement = Statement(
                iri=node,
                name=name,
                kind="incident",
                label=graph.one(node, "nb:description") or "",
                codes=tuple(graph.all(node, "nb:incidentType")),
                activity=activity,
                span=span,
                printed=printed,
                origin=origin,
                score=score,
            )
        else:
            continue
        found.append(statement)
    return sorted(found, key=lambda statement: statement.span or (0, 0))


def sections(graph: Graph, filing: str, said: Sequence[Statement]) -> list[SectionView]:
    """The boxes of free text in the order of the form, each with its passages marked."""
    by_type = {graph.one(node, "nb:sectionType"): node for node in graph.subjects("rdf:type", expand("nb:FormSection"))}
    views = []
    for kind in SECTIONS:
        node = by_type.get(NBC + kind)
        if node is None:
            views.append(SectionView(NBC + kind, "missing"))
            continue
        text = graph.one(node, "nb:sectionText")
        none = graph.one(node, "nb:declaredNone") in ("true", "1")
        view = SectionView(NBC + kind, "none" if none else "text" if text else "blank")
        view.signed = graph.one(node, "nb:signedOn") or ""
        span = offsets(graph.one(node, "nb:evidence"))
        start = span[0] if span else 0
        if text:
            if span:
                view.statements = [s for s in said if s.span and span[0] <= s.span[0] < start + len(text)]
            if kind == "sectionActivities":
                outline(graph, filing, view, text, start)
            if not view.items:
                view.pieces = marked(text, start, spans(view.statements))
        if kind in COLUMNS:
            view.columns = COLUMNS[kind][1]
            view.rows = _rows(graph, *COLUMNS[kind])
        views.append(view)
    return views


def outline(graph: Graph, filing: str, view: SectionView, text: str, start: int) -> None:
    """Cut the activities section at its items; text before the first item stays with the section."""
    nodes = []
    for node in graph.subjects("rdf:type", expand("nb:ReportedActivity")):
        if span := offsets(graph.one(node, "nb:evidence")):
            nodes.append((span[0], node))
    nodes.sort()
    end = start + len(text)
    borders = [begin for begin, _ in nodes] + [end]
    if not nodes:
        return
    own = [s for s in view.statements if not s.activity or s.span and s.span[0] < borders[0]]
    view.pieces = marked(text[: max(borders[0] - start, 0)], start, spans(own))
    for (begin, node), after in zip(nodes, borders[1:], strict=True):
        number = graph.one(node, "nb:outlineNumber") or ""
        mine = [s for s in view.statements if s.span and begin <= s.span[0] < after]
        item = Item(node, number, graph.one(node, "nb:heading") or "", number.count(".") + 1, statements=mine)
        first = min((s.span[0] for s in mine if s.span), default=after)
        body = min(begin + after_heading(text[begin - start : after - start], item.heading), first)
        item.pieces = marked(text[body - start : after - start], body, spans(mine))
        view.items.append(item)
    view.statements = [s for s in view.statements if s.span and s.span[0] < borders[0]]


def after_heading(text: str, heading: str) -> int:
    """Where an item's text goes on after its number and heading, which the page shows as a title; 0 if they differ."""
    at = text.find(heading, 0, len(heading) + 12) if heading else -1
    if at < 0:
        return 0
    rest = text[at + len(heading) :]
    return len(text) - len(rest.lstrip(" \u3000\n\r\t。：:"))


def spans(said: Iterable[Statement]) -> list[Span]:
    """The passages of statements."""
    return [Span(*s.span, s.name, s.kind) for s in said if s.span]


COLUMNS = {
    "sectionChanges": ("nb:RegistrationChange", ("changedItem", "fromValue", "toValue", "changedOn")),
    "sectionLicences": ("nb:Licence", ("licenceName", "licenceNumber", "validUntil")),
    "sectionDonations": ("nb:Gift", ("donorName", "amount", "use")),
}


def _rows(graph: Graph, type_: str, columns: Sequence[str]) -> list[Entry]:
    """Declared changes, licences or gifts in the order of the box."""
    nodes = sorted(
        graph.subjects("rdf:type", expand(type_)), key=lambda node: (len(node), node)
    )  # gift-2 before gift-10
    return [
        Entry(
            node.rpartition("/")[2],
            [graph.one(node, f"nb:{name}") or "" for name in columns],
            (graph.one(node, "nb:characterOrigin") or "", graph.one(node, "nb:recognitionScore") or ""),
            tuple(graph.all(graph.one(node, "nb:evidence") or "", "nb:printedAt")),
        )
        for node in nodes
    ]


# --- any other thing


def about(site: Site, thing: str) -> Graph:
    """What the store says of an IRI, in the default graph or, for what was superseded, in any other."""
    node = iri(thing)
    graph = site.construct(f"CONSTRUCT {{ {node} ?p ?o }} WHERE {{ {node} ?p ?o }}")
    if not graph.size:
        graph = site.construct(f"CONSTRUCT {{ {node} ?p ?o }} WHERE {{ GRAPH ?g {{ {node} ?p ?o }} }}")
    return graph


def mentions(site: Site, thing: str, limit: int = PAGE) -> list[dict[str, str]]:
    """What points at an IRI: subject and property; at most `limit` and one more."""
    query = f"SELECT DISTINCT ?s ?p WHERE {{ ?s ?p {iri(thing)} }} LIMIT {limit + 1}"
    return [plain(row) for row in site.select(query)]


def observations(site: Site, indicator: str, limit: int = 200) -> list[dict[str, str]]:
    """The figures of an indicator: institution, year, value, words as printed; at most `limit` and one more."""
    query = f"""SELECT ?o ?i ?name ?year ?filing ?value ?unit ?item ?stated ?start ?end ?direction {SEEN[0]} WHERE {{
        {{ SELECT ?o WHERE {{ ?o nb:indicator {iri(indicator)} }} LIMIT {limit + 1} }}
        ?o nb:value ?value ; nb:statedIn ?filing ; nb:statedValue ?stated . ?filing dcat:isVersionOf ?report .
        ?report nb:reportingYear ?year ; nb:reportingInstitution ?i . ?i skos:prefLabel ?name
        OPTIONAL {{ ?o nb:unit ?unit }} OPTIONAL {{ ?o nb:countedItem ?item }} OPTIONAL {{ ?o nb:periodEnd ?end }}
        OPTIONAL {{ ?o nb:periodStart ?start }} OPTIONAL {{ ?o nb:direction ?direction }} {SEEN[1]} }}
        ORDER BY ?name ?year ?end"""
    return [plain(row) for row in site.select(query)]


def period(start: str, end: str, year: str) -> str:
    """The time of a figure in words: a year for a whole one and where none is stated, else a day or two."""
    if not end:
        return year
    if not start:
        return end
    if start[:4] == end[:4] and (start[4:], end[4:]) == ("-01-01", "-12-31"):
        return end[:4]
    return f"{start} – {end}"


def sponsored(site: Site, sponsor: str, limit: int = 200) -> list[dict[str, str]]:
    """The institutions of a sponsor; at most `limit` and one more."""
    query = f"""SELECT ?i ?name WHERE {{ ?i nb:sponsoredBy {iri(sponsor)} ; skos:prefLabel ?name }}
        ORDER BY ?name LIMIT {limit + 1}"""
    return [plain(row) for row in site.select(query)]
