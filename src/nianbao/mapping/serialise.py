"""Quads as text: TriG, N-Quads, Turtle and compact JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import pyoxigraph as ox

from nianbao.resources import ONTOLOGY
from nianbao.vocabulary import PREFIXES, expand

FORMATS = ("trig", "nquads", "jsonld", "turtle")

_TYPE = expand("rdf:type")
_STRING = expand("xsd:string")


def serialize(quads: Iterable[ox.Quad], form: str) -> str:
    """The quads in one of ``FORMATS``; Turtle is the union of all graphs, which it cannot name.

    Raises ValueError for another format.
    """
    if form == "trig":
        return _text(_by_graph(quads), ox.RdfFormat.TRIG)
    if form == "nquads":
        return _text(quads, ox.RdfFormat.N_QUADS)
    if form == "turtle":
        triples = _by_subject(dict.fromkeys(quad.triple for quad in quads))
        return _text(triples, ox.RdfFormat.TURTLE)
    if form == "jsonld":
        return json.dumps(jsonld(quads), ensure_ascii=False, indent=2) + "\n"
    raise ValueError(f"{form!r} is none of {', '.join(FORMATS)}")


def _text(items: Iterable[ox.Quad] | Iterable[ox.Triple], form: ox.RdfFormat) -> str:
    prefixes = {} if form == ox.RdfFormat.N_QUADS else PREFIXES
    text = (ox.serialize(items, format=form, prefixes=prefixes) or b"").decode()
    # The writer puts all prefixes first, in no fixed order: keep those in use, sorted.
    lines = text.splitlines(keepends=True)
    head = 0
    while head < len(lines) and lines[head].startswith("@prefix "):
        head += 1
    body = "".join(lines[head:])
    used = sorted(line for line in lines[:head] if line.split()[1] in body)
    return "".join([*used, "\n" if used else "", body])


def _by_graph(quads: Iterable[ox.Quad]) -> Iterable[ox.Quad]:
    """The same quads with those of one graph together, so that TriG writes each graph once."""
    graphs: dict[Any, dict[ox.Quad, None]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name, {})[quad] = None
    return (quad for graph in graphs.values() for quad in graph)


def _by_subject(triples: Iterable[ox.Triple]) -> Iterable[ox.Triple]:
    subjects: dict[Any, list[ox.Triple]] = {}
    for triple in triples:
        subjects.setdefault(triple.subject, []).append(triple)
    return (triple for group in subjects.values() for triple in group)


@cache
def context() -> dict[str, Any]:
    """The JSON-LD context, ontology/context.jsonld."""
    loaded: dict[str, Any] = json.loads((ONTOLOGY / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return loaded


def jsonld(quads: Iterable[ox.Quad]) -> dict[str, Any]:
    """The quads as a JSON-LD 1.1 document with the context inside, since nothing answers at its namespace yet.

    Nodes are grouped by graph; names are those of the context; blank nodes keep their labels.
    """
    graphs: dict[str, dict[str, dict[str, Any]]] = {}
    for quad in dict.fromkeys(quads):
        graph = "" if isinstance(quad.graph_name, ox.DefaultGraph) else _id(quad.graph_name)
        subject = _id(quad.subject)
        node = graphs.setdefault(graph, {}).setdefault(subject, {"@id": subject})
        if quad.predicate.value == _TYPE and isinstance(quad.object, ox.NamedNode):
            _add(node, "@type", _names().get(quad.object.value) or _compact(quad.object.value))
        else:
            name, value = _property(quad.predicate.value, quad.object)
            _add(node, name, value)
    top: list[dict[str, Any]] = list(graphs.pop("", {}).values())
    top += [{"@id": graph, "@graph": list(nodes.values())} for graph, nodes in graphs.items()]
    return {"@context": context(), "@graph": top}


def _add(node: dict[str, Any], key: str, value: Any) -> None:
    if key not in node:
        node[key] = value
    elif isinstance(node[key], list):
        node[key].append(value)
    else:
        node[key] = [node[key], value]


def _id(node: Any) -> str:
    return f"_:{node.value}" if isinstance(node, ox.BlankNode) else str(node.value)


@cache
def _names() -> dict[str, str]:
    """Every IRI that has a name in the context."""
    names = {}
    for name, entry in context().items():
        iri = entry["@id"] if isinstance(entry, dict) else entry
        if not name.startswith("@") and not iri.endswith(("#", "/")):
            names[expand(iri)] = name
    return names


def _compact(iri: str) -> str:
    """A prefixed name where the context has the prefix and the rest is plain, else the IRI."""
    for prefix, namespace in context().items():
        if isinstance(namespace, str) and namespace.endswith(("#", "/")) and iri.startswith(namespace):
            local = iri.removeprefix(namespace)
            if local.replace("-", "").replace("_", "").isalnum() and local.isascii():
                return f"{prefix}:{local}"
    return iri


def _property(predicate: str, value: Any) -> tuple[str, Any]:
    """Key and value; the key is a short name only where the context's type is that of the value."""
    name = _names().get(predicate)
    entry = context().get(name, {}) if name else {}
    kind = entry.get("@type") if isinstance(entry, dict) else None
    if isinstance(value, ox.Literal):
        datatype = value.datatype.value
        if name and not value.language and kind and kind != "@id" and expand(kind) == datatype:
            return name, value.value
        key = name if name and kind is None else _compact(predicate)
        if value.language:
            return key, {"@value": value.value, "@language": value.language}
        if datatype == _STRING:
            return key, value.value
        return key, {"@value": value.value, "@type": _compact(datatype)}
    if name and kind == "@id":
        return name, _compact(_id(value)) if isinstance(value, ox.NamedNode) else _id(value)
    return _compact(predicate), {"@id": _id(value)}
