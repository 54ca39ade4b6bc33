"""RDF that need not come from us: bytes and files, parsed with errors that say where."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox

from nianbao.errors import ReadError

SUFFIXES = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".trig": ox.RdfFormat.TRIG,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".jsonld": ox.RdfFormat.JSON_LD,
    ".json": ox.RdfFormat.JSON_LD,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".xml": ox.RdfFormat.RDF_XML,
}


def read_rdf(path: Path) -> list[ox.Quad]:
    """The quads of a file, its format by its suffix, or by its content where the suffix tells nothing.

    Raises ReadError (NB-READ-RDF) with the line where it does not parse.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = f"cannot be read ({error.strerror or error})"
        raise ReadError(
            reason, where=str(path), remedy="check the path and its permissions", code="NB-READ-RDF"
        ) from error
    return parse_rdf(data, SUFFIXES.get(path.suffix.lower()), where=str(path))


def parse_rdf(data: bytes, form: ox.RdfFormat | None = None, *, where: str = "") -> list[ox.Quad]:
    """The quads of a text of RDF; without a format, by its content: JSON-LD, RDF/XML, N-Quads, else TriG (and Turtle).

    Relative IRIs are resolved against the file's address. Raises ReadError (NB-READ-RDF) with the line where it does
    not parse.
    """
    base = Path(where).resolve().as_uri() if where else "urn:x-nianbao:data"
    first: SyntaxError | ValueError | None = None
    for candidate in [form] if form else _candidates(data):
        try:
            return list(ox.parse(data, format=candidate, base_iri=base, rename_blank_nodes=True))
        except (SyntaxError, ValueError) as error:
            first = first or error
    assert first is not None
    line = getattr(first, "lineno", None)
    raise ReadError(
        f"does not parse as RDF: {first.args[0] if first.args else first}",
        where=where,
        place=f"line {line}" if line else "",
        remedy="correct the file, or give it the suffix of its format (.ttl, .trig, .nq, .nt, .jsonld)",
        code="NB-READ-RDF",
    ) from first


def _candidates(data: bytes) -> list[ox.RdfFormat]:
    start = data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"{\n", b"{ ", b"{\r", b'{"', b"[")) and not start.startswith(b"[]"):
        return [ox.RdfFormat.JSON_LD, ox.RdfFormat.TRIG]
    if start.startswith((b"<?xml", b"<rdf:RDF")):
        return [ox.RdfFormat.RDF_XML]
    return [ox.RdfFormat.TRIG, ox.RdfFormat.N_QUADS]
