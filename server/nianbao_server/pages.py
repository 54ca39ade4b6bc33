"""Pages for people and documents for programs: one address a thing, its form by suffix or Accept."""

from __future__ import annotations

import re

import pyoxigraph as ox
from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from nianbao.errors import NianbaoError
from nianbao.mapping import ontology as published
from nianbao.storage.store import GRAPHS
from nianbao.vocabulary import NB, PREFIXES, expand
from nianbao_server import chart, facts, findings, succession
from nianbao_server import home as whole
from nianbao_server.addresses import KINDS, iri_of, path_of
from nianbao_server.context import site
from nianbao_server.examples import grouped
from nianbao_server.negotiation import HTML, SUFFIXES, document_type
from nianbao_server.views import money, number

blueprint = Blueprint("pages", __name__)

FORMER = "former"  # with this argument an IRI that gave way to another shows what was said of itself
THINGS = f"<any({', '.join((*KINDS, 'code'))}):kind>/<path:rest>"


@blueprint.route("/")
def home() -> str:
    """What is in the store."""
    here = site()
    page = page_number()
    rows, more = whole.institutions(here, page)
    return render_template(
        "home.html",
        overview=whole.overview(here),
        institutions=rows,
        page=page,
        more=more,
        findings=findings.newest(here, g.language),
        examples=[item for _, items in grouped() for item in items[:2]][:6],
    )


@blueprint.route("/search")
def search() -> str:
    """Institutions, sponsors and indicators by name, code or address."""
    words = request.args.get("q", "").strip()[:100]
    found = succession.today(site(), facts.search(site(), words) if words else [], "x")
    return render_template("search.html", words=words, found=found[: facts.PAGE], more=len(found) > facts.PAGE)


@blueprint.route("/" + THINGS)
def thing(kind: str, rest: str) -> AnyResponse | str:
    """The page or document about a thing."""
    suffix = next((ending for ending in SUFFIXES if rest.endswith(ending)), "")
    rest = rest.removesuffix(suffix)
    iri = iri_of(f"/{kind}/{rest}", site().base)
    try:
        facts.iri(iri)
    except ValueError:
        abort(404)
    if kind == "org" and FORMER not in request.args and (later := succession.successor(site(), iri)):
        return _moved(later, suffix)
    media_type = document_type(request, suffix)
    if media_type != HTML:
        return _document(iri, media_type)
    parts = rest.split("/")
    if kind == "org":
        return organisation(iri)
    if kind == "report" and len(parts) == 2:
        return report(iri)
    if kind == "filing" and len(parts) == 3:
        return filing(iri)
    if kind == "indicator":
        return indicator(iri)
    return generic(iri)


def _moved(iri: str, suffix: str) -> AnyResponse:
    """301 to what took the place of an organisation, in the form that was asked for. A decision can be taken back, so
    the answer may be kept for an hour only."""
    path = (path_of(iri, site().base) or iri) + suffix
    question = request.query_string.decode("utf-8", "replace")
    answer = redirect(path + ("?" + question if question else ""), 301)
    answer.headers["Cache-Control"] = "max-age=3600"
    return answer


def organisation(iri: str) -> str:
    """An institution with its reports over the years, or a sponsor with its institutions, or both.

    Reports and institutions of the IRIs whose place it took are its own.
    """
    here = site()
    graph = facts.about(here, iri)
    if not graph.size:
        abort(404)
    both = [iri, *succession.formers(here, iri)]
    rows = sorted((row for one in both for row in facts.years(here, one)), key=lambda row: (row.year, row.report))
    sponsors = graph.all(iri, "nb:sponsoredBy")
    relatives = succession.relatives(here, iri)
    g.names = facts.names(here, [*sponsors, *(one.iri for one in relatives)])
    trends = {
        key: chart.trend([(row.year, getattr(row, key)) for row in rows], show)
        for key, show in (("capital", money), ("closing", money), ("staff", number))
    }
    address = ""
    if rows:
        newest = facts.about(here, rows[-1].filing + "/registration")
        address = newest.one(rows[-1].filing + "/registration", "nb:address") or ""
    found = succession.today(here, (row for one in both for row in facts.sponsored(here, one)), "i")
    return render_template(
        "organisation.html",
        iri=iri,
        name=graph.said(iri, "skos:prefLabel", g.language) or iri,
        others=graph.all(iri, "skos:altLabel"),
        code=graph.one(iri, "nb:unifiedSocialCreditCode"),
        basis=graph.one(iri, "nb:identityBasis"),
        types=graph.all(iri, "rdf:type"),
        sponsors=sponsors,
        relatives=relatives,
        former=FORMER,
        address=address,
        years=rows,
        trends=trends,
        sponsored=found[:200],
        more=len(found) > 200,
    )


def report(iri: str) -> str:
    """A report: its current filing in figures, its findings and its versions."""
    here = site()
    graph = facts.about(here, iri)
    current = graph.one(iri, "dcat:hasCurrentVersion")
    if not current:
        abort(404)
    institution = graph.one(iri, "nb:reportingInstitution") or ""
    g.names = facts.names(here, [institution])
    year = graph.one(iri, "nb:reportingYear") or ""
    row = facts.YearRow(iri, year, current)
    facts.fill(here, [row])
    return render_template(
        "report.html",
        iri=iri,
        institution=institution,
        year=year,
        current=current,
        row=row,
        findings=findings.findings(here, current, g.language),
        versions=facts.versions(here, iri),
    )


def filing(iri: str) -> str:
    """A filing: the form, box by box, with each figure beside the passage that it comes from."""
    here = site()
    graph = facts.filing_graph(here, iri)
    if not graph.size:
        abort(404)
    registration = graph.one(iri, "nb:registration") or ""
    report_iri = graph.one(iri, "dcat:isVersionOf") or ""
    institution = facts.about(here, report_iri).one(report_iri, "nb:reportingInstitution") or ""
    wanted = {institution, *graph.all(registration, "nb:statedSponsor")} - {""}
    for node in graph.subjects("nb:statedIn", iri):
        wanted.update(graph.all(node, "nb:indicator"))
        wanted.update(name for name in graph.all(node, "nb:recipient") if name.startswith(here.base))
    known = facts.names(here, wanted)
    g.names = {key: name for key, name in known.items() if key not in here.vocabulary}
    least = findings.book().unsure
    said = facts.statements(graph, iri, known, least)
    person = iri + "/legal-representative"
    return render_template(
        "filing.html",
        iri=iri,
        report=report_iri,
        institution=institution,
        year=report_iri.rpartition("/")[2],
        graph=graph,
        registration=registration,
        legal_representative=graph.one(person, "foaf:name"),
        sections=facts.sections(graph, iri, said),
        statements=said,
        is_unsure=lambda name: facts.is_unsure(graph, f"{iri}/{name}", least),
        findings=findings.findings(here, iri, g.language),
        current=facts.about(here, report_iri).one(report_iri, "dcat:hasCurrentVersion"),
    )


def indicator(iri: str) -> str:
    """An indicator with its figures in all reports."""
    here = site()
    graph = facts.about(here, iri)
    if not graph.size and iri not in here.vocabulary:
        abort(404)
    source = here.vocabulary if iri in here.vocabulary else graph
    found = facts.observations(here, iri)
    return render_template(
        "indicator.html",
        iri=iri,
        name=source.said(iri, "skos:prefLabel", g.language) or iri,
        definition=source.said(iri, "skos:definition", g.language),
        found=found[:200],
        more=len(found) > 200,
        period=facts.period,
    )


def generic(iri: str) -> str:
    """Whatever else has an IRI: what is said of it and what points at it."""
    here = site()
    graph = facts.about(here, iri)
    if not graph.size and iri in here.vocabulary:
        graph = here.vocabulary
    if iri not in graph:
        abort(404)
    found = facts.mentions(here, iri)
    objects = [
        term.value for terms in graph.properties(iri).values() for term in terms if isinstance(term, ox.NamedNode)
    ]
    mine = [name for name in [*objects, *(row["s"] for row in found)] if name.startswith(here.base)]
    g.names = facts.names(here, mine)
    parent = re.match(rf"({re.escape(here.base)}filing/[^/]+/[^/]+/[^/]+)/(.+)", iri)
    return render_template(
        "thing.html",
        iri=iri,
        name=graph.said(iri, "skos:prefLabel", g.language) or graph.said(iri, "rdfs:label", g.language),
        properties=graph.properties(iri),
        mentions=found[: facts.PAGE],
        more=len(found) > facts.PAGE,
        parent=parent[1] if parent else "",
        anchor=parent[2] if parent else "",
    )


def _document(iri: str, media_type: str) -> Response:
    """The RDF about a thing: a filing's whole graph, else what has it as subject, with the reports that point at it.

    To an organisation belongs what is said of the IRIs whose place it took, and the decisions.
    """
    here = site()
    node = facts.iri(iri)
    if re.fullmatch(rf"{re.escape(here.base)}(filing|graph)/[^/]+/[^/]+/[^/]+", iri):
        graph = facts.iri(iri.replace("/filing/", "/graph/", 1))
        query = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}"
        there = facts.filing_graph(here, iri).size
    else:
        # What belongs to a superseded filing is in its named graph only.
        query = f"""CONSTRUCT {{ {node} ?p ?o . ?r ?q {node} . ?old ?op ?oo . ?or ?oq ?old . ?d ?dp ?do }} WHERE {{
            {{ {node} ?p ?o }}
            UNION {{ GRAPH ?g {{ {node} ?p ?o }} FILTER NOT EXISTS {{ {node} ?any ?thing }} }}
            UNION {{ {{ SELECT ?r ?q WHERE {{ VALUES ?q {{ nb:reportingInstitution nb:sponsoredBy }} ?r ?q {node} }}
            LIMIT 1000 }} }}
            {_OF_FORMERS.format(node=node) if "/org/" in iri else ""} }}"""
        there = facts.about(here, iri).size
    if there:
        body = here.document(query, media_type)
    elif iri in here.vocabulary:  # a store of another program may lack the ontology
        body = ox.serialize(here.vocabulary.triples(iri), format=GRAPHS[media_type], prefixes=PREFIXES) or b""
    else:
        abort(404)
    response = Response(body, content_type=_typed(media_type))
    response.headers["Link"] = f'<{url_for("sparql.endpoint")}>; rel="service"'
    return response


_OF_FORMERS = """UNION {{ ?old dcterms:isReplacedBy+ {node} . ?old ?op ?oo }}
            UNION {{ {{ SELECT ?or ?oq ?old WHERE {{ ?old dcterms:isReplacedBy+ {node} .
            VALUES ?oq {{ nb:reportingInstitution nb:sponsoredBy }} ?or ?oq ?old }} LIMIT 1000 }} }}
            UNION {{ VALUES ?side {{ nb:firstCandidate nb:secondCandidate org:originalOrganization
            org:resultingOrganization }} ?d ?side {node} . ?d ?dp ?do }}"""


def _typed(media_type: str) -> str:
    return media_type + ("; charset=utf-8" if media_type.startswith("text/") else "")


@blueprint.route("/ns")
@blueprint.route("/ns/<version>")
def ontology(version: str = "") -> AnyResponse | str:
    """The ontology: a list for people, the triples for programs. ``/ns/VERSION``: this version and no other."""
    suffix = next((ending for ending in SUFFIXES if version.endswith(ending)), "")
    vocabulary = site().vocabulary
    if version.removesuffix(suffix) not in ("", vocabulary.one(NB.rstrip("#"), "owl:versionInfo")):
        abort(404)
    media_type = document_type(request, suffix)
    if media_type != HTML:
        body = ox.serialize(published.triples(), format=GRAPHS[media_type], prefixes=PREFIXES)
        return Response(body, content_type=_typed(media_type))
    groups = []
    for key, kind in (
        ("classes", "owl:Class"),
        ("object-properties", "owl:ObjectProperty"),
        ("datatype-properties", "owl:DatatypeProperty"),
        ("schemes", "skos:ConceptScheme"),
    ):
        terms = sorted(term for term in vocabulary.subjects("rdf:type", expand(kind)) if ":" in term)
        groups.append((key, terms))
    title = vocabulary.said(NB.rstrip("#"), "dcterms:title", g.language)
    return render_template("ontology.html", groups=groups, vocabulary=vocabulary, title=title)


@blueprint.route("/health")
def health() -> Response:
    """Whether the store answers: 200 or 503, for machines."""
    try:
        site().own.run("ASK {}", "application/sparql-results+json", seconds=5, trusted=True)
    except NianbaoError as error:
        return Response(f'{{"status":"fail","code":"{error.code}"}}\n', 503, content_type="application/health+json")
    return Response('{"status":"pass"}\n', content_type="application/health+json")


@blueprint.route("/robots.txt")
def robots() -> Response:
    """Crawlers may read the pages but not run queries, nor follow every combination of filters (addresses with a
    question, RFC 9309); the list of institutions is what leads them to all the rest."""
    rules = ("Disallow: /sparql", "Disallow: /search", "Disallow: /*?", "Allow: /?page=")
    return Response("\n".join(("User-agent: *", *rules, "")), content_type="text/plain; charset=utf-8")


@blueprint.route("/favicon.ico")
def favicon() -> AnyResponse:
    """The icon."""
    return redirect(url_for("static", filename="icon.svg"), 301)


def page_number() -> int:
    text = request.args.get("page", "1")
    return min(max(int(text), 1), 100_000) if text.isdecimal() else 1
