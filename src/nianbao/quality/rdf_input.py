"""RDF that need not come from us: bytes and files, parsed with errors that say where."""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from xml.parsers import expat

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
    data = _in_utf8(data)
    first: tuple[ox.RdfFormat, Exception] | None = None
    for candidate in [form] if form else _candidates(data):
        try:
            return _quads(data, candidate, base)
        except (SyntaxError, ValueError, RecursionError, OSError) as error:
            first = first or (candidate, error)
    assert first is not None
    candidate, fault = first
    line = getattr(fault, "lineno", None)
    if line is None and candidate == ox.RdfFormat.RDF_XML:
        line = _line_in_xml(data, base, str(fault))
    reason = str(fault.args[0] if fault.args else fault).splitlines()[0]
    remedy = "correct the file, or give it the suffix of its format (.ttl, .trig, .nq, .nt, .jsonld, .rdf)"
    if "LoadDocumentCallback" in reason:
        reason, remedy = "its @context lies elsewhere, and nothing is fetched", "write the context into the file"
    raise ReadError(
        f"does not parse as {candidate.name}: {reason}",
        where=where,
        place=f"line {line}" if line else "",
        remedy=remedy,
        code="NB-READ-RDF",
    ) from fault


def _quads(data: bytes, form: ox.RdfFormat, base: str) -> list[ox.Quad]:
    if form == ox.RdfFormat.RDF_XML:
        _refuse_bombs(data)
    if form == ox.RdfFormat.JSON_LD:
        _refuse_depth(data)
    return list(ox.parse(data, format=form, base_iri=base, rename_blank_nodes=True))


def _in_utf8(data: bytes) -> bytes:
    """Text in UTF-16 with its mark as UTF-8, and UTF-8 without its mark: the parsers know UTF-8 only."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        try:
            return data.decode("utf-16").encode()
        except UnicodeDecodeError:
            return data
    return data.removeprefix(codecs.BOM_UTF8)


_EXPANDED = 10_000_000
"""Characters that the entities of an XML text may expand to."""

_DEEP = 500
"""Braces and brackets in each other that a JSON text may have."""

_ENTITY = re.compile(rb"""<!ENTITY\s+(%\s+)?([^\s%"'>]+)\s+(?:"([^"]*)"|'([^']*)'|(SYSTEM|PUBLIC))""")


def _refuse_bombs(data: bytes) -> None:
    """Raises SyntaxError for entities of XML that refer to each other or to files, or expand to too much."""
    expanded = 0
    for found in _ENTITY.finditer(data):
        percent, name, double, single, outside = found.groups()
        value = double if double is not None else single or b""
        expanded += len(value) * data.count(b"&" + name + b";")
        reason = (
            "an entity that lies in another file"
            if outside
            else "an entity that refers to others"
            if b"&" in value or b"%" in value or percent
            else "entities that expand to too much"
            if expanded > _EXPANDED
            else ""
        )
        if reason:
            line = data.count(b"\n", 0, found.start()) + 1
            raise SyntaxError(f"{reason} ({name.decode('utf-8', 'replace')})", ("", line, None, None))


def _refuse_depth(data: bytes) -> None:
    """Raises SyntaxError for JSON in which braces lie too deep in each other: it would take the parser's stack."""
    depth, line, inside = 0, 1, False
    for found in re.finditer(rb'\\.|["\n{}\[\]]', data):
        sign = found[0]
        if sign == b"\n":
            line += 1
        elif sign == b'"':
            inside = not inside
        elif not inside and sign in (b"{", b"["):
            depth += 1
            if depth > _DEEP:
                raise SyntaxError(f"braces lie more than {_DEEP} deep in each other", ("", line, None, None))
        elif not inside and sign in (b"}", b"]"):
            depth -= 1


def _line_in_xml(data: bytes, base: str, reason: str) -> int | None:
    """The line at which RDF/XML goes wrong: the first behind which the same fault shows; else that of the XML's own."""
    parser = expat.ParserCreate()
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        return error.lineno
    lines = data.splitlines(keepends=True)
    low, high = 1, len(lines)
    while low < high:
        middle = (low + high) // 2
        try:
            _quads(b"".join(lines[:middle]), ox.RdfFormat.RDF_XML, base)
        except (SyntaxError, ValueError) as error:
            if str(error) == reason:
                high = middle
                continue
        low = middle + 1
    return low


def _candidates(data: bytes) -> list[ox.RdfFormat]:
    start = data[:1000].lstrip()
    if start.startswith((b"{\n", b"{ ", b"{\r", b'{"', b"[")) and not start.startswith(b"[]"):
        return [ox.RdfFormat.JSON_LD, ox.RdfFormat.TRIG]
    if start.startswith((b"<?xml", b"<rdf:RDF")):
        return [ox.RdfFormat.RDF_XML]
    return [ox.RdfFormat.TRIG, ox.RdfFormat.N_QUADS]
