"""SPARQL 1.1 Protocol, the query part: GET, form POST and direct POST at ``/sparql``.

A browser gets the query page with the result as a table; programs get what they accept. Nothing is cut short: a
result that is too large is an error.
"""

from __future__ import annotations

from urllib.parse import parse_qsl

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from nianbao.errors import NianbaoError, QueryError, ServerError
from nianbao.storage.guard import check
from nianbao.storage.query_pool import Answer
from nianbao.storage.store import GRAPHS, rows
from nianbao.vocabulary import PREFIXES
from nianbao_server.context import site
from nianbao_server.description import SD, service_description
from nianbao_server.examples import example, grouped
from nianbao_server.negotiation import ENDINGS, GRAPH_TYPES, HTML, document_type, result_type, wants_html
from nianbao_server.problems import status_of

blueprint = Blueprint("sparql", __name__)

PAGE_BYTES = 4 << 20  # a result that is shown on a page
PAGE_ROWS = 1000

Parameters = list[tuple[str, str]]


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    """Answer a query, or describe the service when there is none."""
    if request.headers.get("Content-Encoding"):
        raise UnsupportedMediaType("Content-Encoding is not supported; send the request plain")
    url = _decoded(request.query_string)
    if request.method != "POST":  # HEAD too
        query = _query(url)
        if query is None:
            return _no_query(url)
        graphs = url
    else:
        query, body = _posted()
        graphs = url + body
    return _answered(query, graphs, html=request.method != "POST")


@blueprint.route("/update", methods=["POST"])
def update() -> Response:
    """Nothing can be written over HTTP."""
    raise _read_only()


def _posted() -> tuple[str, Parameters]:
    """The query of a POST, and its form's parameters."""
    kind = request.mimetype
    if kind == "application/sparql-query":
        return _text(request.get_data(cache=False)), []
    if kind == "application/x-www-form-urlencoded":
        form = _decoded(request.get_data(cache=False))
        if any(name == "update" for name, _ in form):
            raise _read_only()
        query = _query(form)
        if query is None:
            raise BadRequest("the form has no field named query")
        return query, form
    if kind == "application/sparql-update":
        raise _read_only()
    raise UnsupportedMediaType(
        f"Content-Type {kind or '(none)'}: send application/sparql-query or application/x-www-form-urlencoded"
    )


def _query(parameters: Parameters) -> str | None:
    if any(name == "update" for name, _ in parameters):
        raise BadRequest("an update cannot be sent by GET")
    found = [value for name, value in parameters if name == "query"]
    if len(found) > 1:
        raise BadRequest("there is more than one query in the request")
    return found[0] if found else None


def _decoded(data: bytes) -> Parameters:
    """The fields of a query string or form; what is not UTF-8 is an error, not replaced."""
    try:
        return parse_qsl(data.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=100)
    except UnicodeDecodeError:
        raise BadRequest("the request is not UTF-8") from None
    except ValueError:
        raise BadRequest("the request has too many fields") from None


def _text(data: bytes) -> str:
    charset = request.mimetype_params.get("charset", "utf-8").lower().replace("_", "-")
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise UnsupportedMediaType(f"charset={charset}: SPARQL 1.1 Protocol wants UTF-8")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest("the query is not UTF-8") from None


def _graphs(parameters: Parameters) -> tuple[list[str] | None, list[str] | None]:
    """The dataset that the protocol asks for: named in the request, it takes the place of the query's own."""
    default = [value for name, value in parameters if name == "default-graph-uri"]
    named = [value for name, value in parameters if name == "named-graph-uri"]
    if not default and not named:
        return None, None
    for iri in (*default, *named):
        try:
            ox.NamedNode(iri)
        except ValueError:
            raise BadRequest(f"not an absolute IRI: {iri}") from None
    return default, named


def _answered(query: str, parameters: Parameters, *, html: bool) -> Response:
    asked = next((value for name, value in parameters if name in ("format", "output")), None)
    try:
        form = check(query)
        media_type = result_type(request, form, asked, html=html)
    except QueryError as error:
        if html and wants_html(request) and not asked:
            return _page(query, error=error)
        raise
    default, named = _graphs(parameters)
    run = site().public.run
    if media_type == HTML:
        wanted = "text/turtle" if form in ("CONSTRUCT", "DESCRIBE") else "application/sparql-results+json"
        try:
            answer = run(
                query, wanted, default_graphs=default, named_graphs=named, base=request.base_url, result=PAGE_BYTES
            )
        except NianbaoError as error:
            return _page(query, error=error)
        return _page(query, answer=answer)
    answer = run(query, media_type, default_graphs=default, named_graphs=named, base=request.base_url)
    kind = answer.media_type
    response = Response(answer.body, content_type=kind + ("; charset=utf-8" if kind.startswith("text/") else ""))
    if asked:
        response.headers["Content-Disposition"] = f'inline; filename="result.{ENDINGS[kind]}"'
    return response


def _no_query(parameters: Parameters) -> Response:
    """The query page for people, the service description (SPARQL 1.1) for programs."""
    if wants_html(request) or any(name == "example" for name, _ in parameters):
        name = request.args.get("example", "")
        found = example(name)
        return _page(found.text if found else "")
    media_type = document_type(request, "") if request.args.get("format") or request.accept_mimetypes else HTML
    if media_type == HTML:
        media_type = next(iter(GRAPH_TYPES.values()))
    data = service_description(request.base_url, site().base)
    body = ox.serialize(data, format=GRAPHS[media_type], prefixes=PREFIXES | {"sd": SD})
    return Response(body, content_type=media_type + ("; charset=utf-8" if media_type.startswith("text/") else ""))


def _page(query: str, *, answer: Answer | None = None, error: NianbaoError | None = None) -> Response:
    """The query page, with a result or with what is wrong."""
    table: list[list[object]] | None = None
    names: list[str] = []
    truth: bool | None = None
    text = ""
    total = 0
    if answer and answer.kind == "graph":
        text = answer.body.decode()
    elif answer:
        found = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
        if isinstance(found, ox.QueryBoolean):
            truth = bool(found)
        else:
            names = [variable.value for variable in found.variables]
            solutions = rows(found)
            total = len(solutions)
            table = [[row.get(name) for name in names] for row in solutions[:PAGE_ROWS]]
    page = render_template(
        "query.html",
        query=query,
        groups=grouped(),
        answer=answer,
        error=error,
        names=names,
        table=table,
        total=total,
        shown=PAGE_ROWS,
        truth=truth,
        text=text,
    )
    return Response(page, status_of(error) if error else 200, mimetype=HTML)


def _read_only() -> ServerError:
    return ServerError(
        "this server is read-only", remedy="change the store with: nianbao build", code="NB-SERVER-READ-ONLY"
    )
