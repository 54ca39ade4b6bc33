"""Which form of an answer a request wants: by ``format=``, by the address's suffix, or by its Accept header."""

from __future__ import annotations

from flask import Request
from werkzeug.exceptions import NotAcceptable

from nianbao.storage.store import GRAPHS, TABLES

HTML = "text/html"

# What is asked for → what is sent. The first of each is the default.
TABLE_TYPES = {
    **{name: name for name in TABLES},
    "application/json": "application/sparql-results+json",
    "application/xml": "application/sparql-results+xml",
    "text/xml": "application/sparql-results+xml",
}
GRAPH_TYPES = {
    **{name: name for name in GRAPHS},
    "application/json": "application/ld+json",
    "application/xml": "application/rdf+xml",
    "text/xml": "application/rdf+xml",
    "text/plain": "application/n-triples",
}
TABLE_FORMATS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
}
GRAPH_FORMATS = {
    "ttl": "text/turtle",
    "turtle": "text/turtle",
    "nt": "application/n-triples",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "json-ld": "application/ld+json",
    "json": "application/ld+json",
    "rdf": "application/rdf+xml",
    "rdfxml": "application/rdf+xml",
    "xml": "application/rdf+xml",
}
SUFFIXES = {".ttl": "text/turtle", ".nt": "application/n-triples", ".jsonld": "application/ld+json"} | {
    ".rdf": "application/rdf+xml",
    ".html": HTML,
}
ENDINGS = {
    "application/sparql-results+json": "srj",
    "application/sparql-results+xml": "srx",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "jsonld",
    "application/rdf+xml": "rdf",
}
"""File name endings of downloads."""


def wants_html(request: Request) -> bool:
    """Whether a person asks: HTML is named in Accept and nothing of ours is liked better."""
    accept = request.accept_mimetypes
    quality = accept["text/html"] if any(kind == HTML for kind, _ in accept) else 0
    return quality > 0 and all(accept.quality(kind) <= quality for kind in ("application/json", "text/turtle"))


def result_type(request: Request, form: str, asked: str | None, *, html: bool) -> str:
    """The media type of a query's result, `HTML` among the choices if `html`; `asked` is the value of ``format=``.

    Raises NotAcceptable (406) with what there is.
    """
    graph = form in ("CONSTRUCT", "DESCRIBE")
    types, formats = (GRAPH_TYPES, GRAPH_FORMATS) if graph else (TABLE_TYPES, TABLE_FORMATS)
    if asked:
        name = asked.strip().lower()
        if html and name == "html":
            return HTML
        if found := formats.get(name) or types.get(name):
            return found
        raise NotAcceptable(f"format={asked}: {', '.join(formats)}")
    return _best(request, types, html=html)


def document_type(request: Request, suffix: str) -> str:
    """The media type of a page about a thing: by suffix, ``format=`` or Accept; people come first."""
    if suffix:
        return SUFFIXES[suffix]
    asked = request.args.get("format", "").lower()
    if asked:
        if found := HTML if asked == "html" else GRAPH_FORMATS.get(asked) or GRAPH_TYPES.get(asked):
            return found
        raise NotAcceptable(f"format={asked}: html, {', '.join(GRAPH_FORMATS)}")
    if not request.accept_mimetypes or request.accept_mimetypes.best == "*/*":
        return HTML
    return _best(request, GRAPH_TYPES, html=True)


def _best(request: Request, types: dict[str, str], *, html: bool) -> str:
    accept = request.accept_mimetypes
    if not accept:
        return next(iter(types.values()))
    if html and any(kind == HTML for kind, _ in accept):
        types = {**types, HTML: HTML}
        order = [HTML, *types]
    else:
        order = list(types)
    best = accept.best_match(order)
    if best is None:
        raise NotAcceptable(", ".join(dict.fromkeys(types.values())))
    return types[best]
