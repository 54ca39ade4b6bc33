"""Constraints of shapes that no value can meet together: within a shape, and of all that look at the same values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox

from nianbao.quality.engine.compiler import targeted
from nianbao.quality.engine.core import sh
from nianbao.quality.engine.index import Index
from nianbao.quality.engine.paths import SH, read
from nianbao.quality.engine.terms import RDF, Term, compare, value

Said = Mapping[str, Sequence[Term]]
"""Parameters by their local names, of one shape or of several that look at the same values."""

_PAIRS = (
    ("minCount", "maxCount", True),
    ("minLength", "maxLength", True),
    ("qualifiedMinCount", "qualifiedMaxCount", True),
    ("minInclusive", "maxInclusive", True),
    ("minInclusive", "maxExclusive", False),
    ("minExclusive", "maxInclusive", False),
    ("minExclusive", "maxExclusive", False),
)
"""A lower and an upper limit, and whether they may be equal."""

_KINDS = {
    "IRI": {"IRI"},
    "BlankNode": {"BlankNode"},
    "Literal": {"Literal"},
    "BlankNodeOrIRI": {"BlankNode", "IRI"},
    "BlankNodeOrLiteral": {"BlankNode", "Literal"},
    "IRIOrLiteral": {"IRI", "Literal"},
}
_LIMITS = ("minInclusive", "minExclusive", "maxInclusive", "maxExclusive", "minLength", "maxLength")
_WORDS = (*_LIMITS[:4], "languageIn", "uniqueLang")  # what only literals can meet
_NAMES = dict.fromkeys(
    (name for low, high, _ in _PAIRS for name in (low, high)),
) | dict.fromkeys((*_WORDS, "nodeKind", "datatype", "class", "in", "hasValue", "pattern"))


def contradictions(shapes: Index) -> Iterator[str]:
    """What contradicts in a shapes graph, a sentence each."""
    told: set[str] = set()
    for nodes in _together(shapes):
        said: dict[str, list[Term]] = {}
        for node in nodes:
            for name in _NAMES:
                said.setdefault(name, []).extend(v for v in shapes.objects(node, sh(name)) if v not in said[name])
        for fault in _faults(shapes, {name: values for name, values in said.items() if values}):
            if fault not in told or len(nodes) == 1:
                told.add(fault)
                who = " and ".join(dict.fromkeys(map(str, nodes)))
                yield f"{who} {'contradicts itself' if len(nodes) == 1 else 'contradict each other'}: {fault}"


def _together(shapes: Index) -> Iterator[list[Term]]:
    """Shapes that look at the same values: each alone, those under one shape with one path, those with one target."""
    alone = {node: None for name in _NAMES for node in shapes.by_predicate.get(sh(name), ())}
    yield from ([node] for node in alone)
    for node in shapes.by_predicate.get(sh("property"), ()):
        yield from _by_path(shapes, shapes.objects(node, sh("property")))
    by_target: dict[Term, list[Term]] = {}
    for node, targets in targeted(shapes).items():
        if not _is(shapes, node, "deactivated"):
            for target in (*targets.nodes, *targets.classes):
                by_target.setdefault(target, []).append(node)
    for nodes in by_target.values():
        parts = [part for node in nodes for part in shapes.objects(node, sh("property"))]
        paths = [node for node in nodes if shapes.objects(node, sh("path"))]
        yield from _by_path(shapes, [*paths, *parts])
        if len(bare := [node for node in nodes if node not in paths]) > 1:
            yield bare


def _by_path(shapes: Index, nodes: Iterable[Term]) -> Iterator[list[Term]]:
    found: dict[str, list[Term]] = {}
    for node in dict.fromkeys(nodes):
        path = shapes.value(node, sh("path"))
        if path is not None and not _is(shapes, node, "deactivated"):
            try:
                found.setdefault(read(shapes, path).sparql(), []).append(node)
            except ValueError:
                continue  # told when it is compiled
    return (group for group in found.values() if len(group) > 1)


def _is(shapes: Index, node: Term, name: str) -> bool:
    said = shapes.value(node, sh(name))
    return isinstance(said, ox.Literal) and said.value in ("true", "1")


def _faults(shapes: Index, said: Said) -> Iterator[str]:
    for low, high, same in _PAIRS:
        for least in said.get(low, ()):
            for most in said.get(high, ()):
                order = compare(least, most)
                if order == 1 or (order == 0 and not same):
                    yield f"sh:{low} {_shown(least)}, sh:{high} {_shown(most)}"
    datatypes = said.get("datatype", ())
    if len(datatypes) > 1:
        yield f"a value has one datatype, not {' and '.join(map(_shown, datatypes))}"
    kinds = {"IRI", "BlankNode", "Literal"}
    for kind in said.get("nodeKind", ()):
        kinds &= _KINDS.get(_shown(kind).removeprefix("sh:"), kinds)
    if said.get("nodeKind"):
        words = " ".join(f"sh:nodeKind {_shown(kind)}" for kind in said["nodeKind"])
        literal = next((name for name in ("datatype", *_WORDS) if said.get(name)), None)
        if not kinds:
            yield f"no value is of all these kinds: {words}"
        elif literal and "Literal" not in kinds:
            yield f"{words}, but sh:{literal} is for literals"
        elif said.get("class") and kinds == {"Literal"}:
            yield f"{words}, but a literal has no sh:class"
        elif kinds == {"BlankNode"} and (name := next((n for n in ("pattern", *_LIMITS[4:]) if said.get(n)), None)):
            yield f"{words}, but a blank node has no words for sh:{name}"
    if said.get("class") and (literal := next((name for name in ("datatype", *_WORDS) if said.get(name)), None)):
        yield f"sh:class is for resources, sh:{literal} for literals"
    if said.get("languageIn") and any(_shown(each) != "rdf:langString" for each in datatypes):
        yield f"sh:languageIn, but sh:datatype {_shown(datatypes[0])} has no language"
    yield from _listed(shapes, said)


def _listed(shapes: Index, said: Said) -> Iterator[str]:
    """Of sh:in and sh:hasValue: values that the other constraints do not let pass."""
    allowed: list[Term] | None = None
    for head in said.get("in", ()):
        try:
            members = shapes.items(head)
        except ValueError:
            continue  # told when it is compiled
        allowed = members if allowed is None else [each for each in allowed if each in members]
    if allowed is not None:
        left = [each for each in allowed if _fits(each, said)]
        if not left and (allowed or said["in"][1:]):
            yield "no value of sh:in meets the other constraints"
        elif not left and any(compare(each, ox.Literal(0)) == 1 for each in said.get("minCount", ())):
            yield "sh:in is empty, and sh:minCount asks for a value"
    for wanted in said.get("hasValue", ()):
        if not _fits(wanted, said) or (allowed is not None and wanted not in allowed):
            yield f"the other constraints do not let sh:hasValue {_shown(wanted)} pass"
    number = ox.Literal(len(said.get("hasValue", ())))
    if any(compare(most, number) == -1 for most in said.get("maxCount", ())):
        yield f"sh:hasValue asks for more values than sh:maxCount {_shown(said['maxCount'][0])}"


def _fits(term: Term, said: Said) -> bool:
    """Whether a value meets kind, datatype, class and limits, as far as that shows on the value itself."""
    kind = "IRI" if isinstance(term, ox.NamedNode) else "Literal" if isinstance(term, ox.Literal) else "BlankNode"
    if any(kind not in _KINDS.get(_shown(each).removeprefix("sh:"), kind) for each in said.get("nodeKind", ())):
        return False
    if not isinstance(term, ox.Literal):
        return not said.get("datatype")
    if said.get("class") or any(each != term.datatype for each in said.get("datatype", ())):
        return False
    orders = {"minInclusive": (0, 1), "minExclusive": (1,), "maxInclusive": (0, -1), "maxExclusive": (-1,)}
    if any(compare(term, limit) not in orders[name] for name in orders for limit in said.get(name, ())):
        return False
    longest = (value(each) for each in said.get("maxLength", ()) if isinstance(each, ox.Literal))
    return all(isinstance(n.value, int) and len(term.value) <= n.value for n in longest if n is not None)


def _shown(term: Term) -> str:
    if isinstance(term, ox.NamedNode):
        for prefix, namespace in (("sh:", SH), ("rdf:", RDF), ("xsd:", "http://www.w3.org/2001/XMLSchema#")):
            if term.value.startswith(namespace):
                return prefix + term.value.removeprefix(namespace)
        return str(term)
    return term.value if isinstance(term, ox.Literal) else str(term)
