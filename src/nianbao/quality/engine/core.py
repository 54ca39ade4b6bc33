"""The core constraint components of SHACL 1.0 (§4), each a function of the value nodes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from typing import Protocol

import pyoxigraph as ox

from nianbao.quality.engine.index import Index
from nianbao.quality.engine.model import AllValues, Closed, Constraint, EachValue, Nested, Shape, Unsupported
from nianbao.quality.engine.paths import SH
from nianbao.quality.engine.terms import XSD, Term, compare, lang_matches, well_formed


class Compiler(Protocol):
    """What a constraint needs of the compiler: the shapes graph, and other shapes by their nodes."""

    shapes: Index

    def shape(self, node: Term) -> Shape: ...


def sh(name: str) -> ox.NamedNode:
    """A term of the SHACL vocabulary."""
    return ox.NamedNode(SH + name)


def constraints(compiler: Compiler, node: Term, shape: Shape) -> Iterator[Constraint]:
    """The core constraints that the shapes graph states of a shape. Raises Unsupported and ValueError."""
    said = compiler.shapes.out.get(node, {})
    for predicate, values in said.items():
        if (build := _BUILDERS.get(predicate)) is not None:
            for value in values:
                yield build(compiler, node, value)
    if said.get(sh("closed")) and boolean(said[sh("closed")][0]):
        yield _closed(compiler, node)
    if any(isinstance(said, ox.Literal) and said.value == "true" for said in said.get(sh("uniqueLang"), [])):
        yield AllValues(SH + "UniqueLangConstraintComponent", lambda graph, focus, nodes: _twice(nodes))
    for value in said.get(sh("qualifiedValueShape"), []):
        yield from _qualified(compiler, node, value)


def boolean(term: Term) -> bool:
    """An xsd:boolean. Raises ValueError for anything else."""
    if not isinstance(term, ox.Literal) or term.datatype.value != XSD + "boolean":
        raise ValueError(f"{term} is not true or false")
    return term.value in ("true", "1")


def integer(term: Term) -> int:
    """A whole number. Raises ValueError for anything else."""
    if not isinstance(term, ox.Literal) or not re.fullmatch(r"\+?\d+", term.value):
        raise ValueError(f"{term} is not a whole number from 0")
    return int(term.value)


def _iri(term: Term) -> ox.NamedNode:
    if not isinstance(term, ox.NamedNode):
        raise ValueError(f"{term} is not an IRI")
    return term


def _words(term: Term) -> str | None:
    """What STR gives; None for a blank node."""
    return term.value if isinstance(term, (ox.NamedNode, ox.Literal)) else None


Build = Callable[[Compiler, Term, Term], Constraint]
_BUILDERS: dict[ox.NamedNode, Build] = {}


def _of(name: str) -> Callable[[Build], Build]:
    """Register what builds the constraint of the parameter sh:`name`."""

    def register(build: Build) -> Build:
        _BUILDERS[sh(name)] = build
        return build

    return register


def _component(name: str) -> str:
    return f"{SH}{name[0].upper()}{name[1:]}ConstraintComponent"


# --- value type


@_of("class")
def _class(compiler: Compiler, node: Term, cls: Term) -> Constraint:
    return EachValue(
        _component("class"), lambda graph, value: not isinstance(value, ox.Literal) and graph.is_instance(value, cls)
    )


@_of("datatype")
def _datatype(compiler: Compiler, node: Term, datatype: Term) -> Constraint:
    wanted = _iri(datatype).value

    def holds(graph: Index, value: Term) -> bool:
        return isinstance(value, ox.Literal) and value.datatype.value == wanted and well_formed(value)

    return EachValue(_component("datatype"), holds)


_KINDS = {
    "IRI": (ox.NamedNode,),
    "BlankNode": (ox.BlankNode,),
    "Literal": (ox.Literal,),
    "BlankNodeOrIRI": (ox.BlankNode, ox.NamedNode),
    "BlankNodeOrLiteral": (ox.BlankNode, ox.Literal),
    "IRIOrLiteral": (ox.NamedNode, ox.Literal),
}


@_of("nodeKind")
def _node_kind(compiler: Compiler, node: Term, kind: Term) -> Constraint:
    name = _iri(kind).value.removeprefix(SH)
    if name not in _KINDS:
        raise ValueError(f"{kind} is no node kind")
    return EachValue(_component("nodeKind"), lambda graph, value: isinstance(value, _KINDS[name]))


# --- cardinality


@_of("minCount")
def _min_count(compiler: Compiler, node: Term, number: Term) -> Constraint:
    least = integer(number)
    return AllValues(_component("minCount"), lambda graph, focus, nodes: [None] if len(nodes) < least else [])


@_of("maxCount")
def _max_count(compiler: Compiler, node: Term, number: Term) -> Constraint:
    most = integer(number)
    return AllValues(_component("maxCount"), lambda graph, focus, nodes: [None] if len(nodes) > most else [])


# --- range


def _range(name: str, right: tuple[int, ...]) -> None:
    @_of(name)
    def _build(compiler: Compiler, node: Term, limit: Term) -> Constraint:
        if not isinstance(limit, ox.Literal):
            raise ValueError(f"{limit} is no literal")
        return EachValue(_component(name), lambda graph, value: compare(value, limit) in right)


_range("minExclusive", (1,))
_range("minInclusive", (0, 1))
_range("maxExclusive", (-1,))
_range("maxInclusive", (-1, 0))


# --- strings


@_of("minLength")
def _min_length(compiler: Compiler, node: Term, number: Term) -> Constraint:
    least = integer(number)
    return EachValue(
        _component("minLength"),
        lambda graph, value: not isinstance(value, ox.BlankNode) and len(_words(value) or "") >= least,
    )


@_of("maxLength")
def _max_length(compiler: Compiler, node: Term, number: Term) -> Constraint:
    most = integer(number)
    return EachValue(
        _component("maxLength"),
        lambda graph, value: not isinstance(value, ox.BlankNode) and len(_words(value) or "") <= most,
    )


@lru_cache(maxsize=1024)
def expression(pattern: str, flags: str) -> re.Pattern[str]:
    """A SPARQL regular expression in Python's. Raises ValueError for one that does not compile."""
    if "q" in flags:
        pattern = re.escape(pattern)
    known = {"i": re.IGNORECASE, "s": re.DOTALL, "m": re.MULTILINE, "x": re.VERBOSE, "q": re.NOFLAG}
    if unknown := set(flags) - set(known):
        raise ValueError(f"{''.join(sorted(unknown))!r} is no flag of a pattern")
    try:
        return re.compile(pattern, sum((known[flag] for flag in set(flags)), re.NOFLAG))
    except re.error as error:
        raise ValueError(f"the pattern {pattern!r} is not well-formed ({error})") from error


@_of("pattern")
def _pattern(compiler: Compiler, node: Term, pattern: Term) -> Constraint:
    flags = compiler.shapes.value(node, sh("flags"))
    if not isinstance(pattern, ox.Literal):
        raise ValueError(f"{pattern} is no pattern")
    matches = expression(pattern.value, flags.value if isinstance(flags, ox.Literal) else "").search

    def holds(graph: Index, value: Term) -> bool:
        words = _words(value)
        return words is not None and matches(words) is not None

    return EachValue(_component("pattern"), holds)


@_of("languageIn")
def _language_in(compiler: Compiler, node: Term, head: Term) -> Constraint:
    wanted = [term.value for term in compiler.shapes.items(head) if isinstance(term, ox.Literal)]

    def holds(graph: Index, value: Term) -> bool:
        return isinstance(value, ox.Literal) and any(lang_matches(value.language, want) for want in wanted)

    return EachValue(_component("languageIn"), holds)


def _twice(nodes: list[Term]) -> list[None]:
    """Nothing, once for each language that several values have."""
    languages = Counter(node.language.lower() for node in nodes if isinstance(node, ox.Literal) and node.language)
    return [None for number in languages.values() if number > 1]


# --- property pairs


@_of("equals")
def _equals(compiler: Compiler, node: Term, predicate: Term) -> Constraint:
    name = _iri(predicate)

    def faults(graph: Index, focus: Term, nodes: list[Term]) -> Iterable[Term]:
        others = graph.objects(focus, name)
        return [v for v in nodes if v not in others] + [v for v in others if v not in nodes]

    return AllValues(_component("equals"), faults)


@_of("disjoint")
def _disjoint(compiler: Compiler, node: Term, predicate: Term) -> Constraint:
    name = _iri(predicate)
    return AllValues(
        _component("disjoint"),
        lambda graph, focus, nodes: [value for value in nodes if value in graph.objects(focus, name)],
    )


def _less(name: str, right: tuple[int, ...]) -> None:
    @_of(name)
    def _build(compiler: Compiler, node: Term, predicate: Term) -> Constraint:
        other = _iri(predicate)

        def faults(graph: Index, focus: Term, nodes: list[Term]) -> Iterable[Term]:
            return [v for v in nodes for limit in graph.objects(focus, other) if compare(v, limit) not in right]

        return AllValues(_component(name), faults)


_less("lessThan", (-1,))
_less("lessThanOrEquals", (-1, 0))


# --- logic, shapes


@_of("not")
def _not(compiler: Compiler, node: Term, inner: Term) -> Constraint:
    shape = compiler.shape(inner)
    return EachValue(_component("not"), lambda graph, value: not shape.conforms(graph, value))


def _logic(name: str, right: Callable[[Iterator[bool]], bool]) -> None:
    @_of(name)
    def _build(compiler: Compiler, node: Term, head: Term) -> Constraint:
        members = [compiler.shape(inner) for inner in compiler.shapes.items(head)]
        return EachValue(_component(name), lambda graph, value: right(one.conforms(graph, value) for one in members))


_logic("and", all)
_logic("or", any)
_logic("xone", lambda each: sum(each) == 1)


@_of("node")
def _node(compiler: Compiler, node: Term, inner: Term) -> Constraint:
    shape = compiler.shape(inner)
    return EachValue(_component("node"), shape.conforms)


@_of("property")
def _property(compiler: Compiler, node: Term, inner: Term) -> Constraint:
    shape = compiler.shape(inner)
    if shape.path is None:
        raise ValueError(f"the value of sh:property has no sh:path: {inner}")
    return Nested(_component("property"), shape)


def _qualified(compiler: Compiler, node: Term, inner: Term) -> Iterator[Constraint]:
    shapes, shape = compiler.shapes, compiler.shape(inner)
    if len(shapes.objects(node, sh("qualifiedValueShape"))) > 1:
        raise Unsupported("several sh:qualifiedValueShape in one shape")
    siblings: list[Shape] = []
    disjoint = shapes.value(node, sh("qualifiedValueShapesDisjoint"))
    if disjoint is not None and boolean(disjoint):
        for parent in shapes.subjects(sh("property"), node):
            for other in shapes.objects(parent, sh("property")):
                siblings += [compiler.shape(n) for n in shapes.objects(other, sh("qualifiedValueShape")) if n != inner]

    def number(graph: Index, nodes: list[Term]) -> int:
        return sum(
            shape.conforms(graph, value) and not any(other.conforms(graph, value) for other in siblings)
            for value in nodes
        )

    for limit in shapes.objects(node, sh("qualifiedMinCount")):
        least = integer(limit)
        yield AllValues(
            _component("qualifiedMinCount"),
            lambda graph, focus, nodes, least=least: [None] if number(graph, nodes) < least else [],  # type: ignore[misc]
        )
    for limit in shapes.objects(node, sh("qualifiedMaxCount")):
        most = integer(limit)
        yield AllValues(
            _component("qualifiedMaxCount"),
            lambda graph, focus, nodes, most=most: [None] if number(graph, nodes) > most else [],  # type: ignore[misc]
        )


# --- other


def _closed(compiler: Compiler, node: Term) -> Constraint:
    shapes = compiler.shapes
    allowed = {
        path
        for inner in shapes.objects(node, sh("property"))
        for path in shapes.objects(inner, sh("path"))
        if isinstance(path, ox.NamedNode)
    }
    for head in shapes.objects(node, sh("ignoredProperties")):
        allowed |= {_iri(term) for term in shapes.items(head)}
    return Closed(_component("closed"), frozenset(allowed))


@_of("hasValue")
def _has_value(compiler: Compiler, node: Term, wanted: Term) -> Constraint:
    return AllValues(_component("hasValue"), lambda graph, focus, nodes: [] if wanted in nodes else [None])


@_of("in")
def _in(compiler: Compiler, node: Term, head: Term) -> Constraint:
    allowed = frozenset(compiler.shapes.items(head))
    return EachValue(_component("in"), lambda graph, value: value in allowed)


PARAMETERS = frozenset(_BUILDERS) | {sh(name) for name in ("closed", "uniqueLang", "qualifiedValueShape", "sparql")}
"""The parameters that make a node a shape, also where it has no type."""
