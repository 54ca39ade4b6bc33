"""SPARQL constraints (SHACL §5, §6): one query for all focus nodes where that means the same, else one for each.

SHACL binds $this before the query runs. To let the query find it instead, with the focus nodes given as VALUES at its
start, is the same only where no part of the query sees $this unbound: no LIMIT, no aggregate over all focus nodes
together, no filter or OPTIONAL in an inner group that does not bind it. `_Reading` decides that on the SPARQL algebra.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from nianbao.quality.engine.algebra import algebra
from nianbao.quality.engine.core import sh
from nianbao.quality.engine.index import Index, skolem, unskolem
from nianbao.quality.engine.model import Result, Shape, Unsupported, Values
from nianbao.quality.engine.own import stays
from nianbao.quality.engine.paths import SH
from nianbao.quality.engine.reach import Plan, UnreachableError, plan
from nianbao.quality.engine.terms import Term, printed

_DECLARE, _PREFIXES = sh("declare"), sh("prefixes")
_STANDARD = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
}
_MOST_VALUES = 2000
"""Focus nodes in one query: a text of some hundred kilobytes."""

Possible = Callable[[Index], bool]


class Query:
    """A SELECT or ASK of a shapes graph, read once.

    bound: terms that stand for variables everywhere in it (parameters, the path as text).
    Raises Unsupported for what has to be run by pySHACL, ValueError for what cannot be run.
    """

    def __init__(self, text: str, prefixes: Mapping[str, str], bound: Mapping[str, str]) -> None:
        mentioned = set(re.findall(r"[$?](\w+)", text))
        if "PATH" in mentioned and "PATH" not in bound:
            raise ValueError("the query speaks of $PATH, but its shape has no path")
        if "shapesGraph" in mentioned:
            raise Unsupported("$shapesGraph")
        if re.search(r"\bis(blank|iri|uri)\b", text, re.IGNORECASE):
            raise Unsupported("isBlank or isIRI in a query")  # blank nodes have names in the store (Index.store)
        self.body = replaced(text, bound)
        self.head = "".join(
            f"PREFIX {name}: <{iri}>\n"
            for name, iri in prefixes.items()
            if re.search(rf"(?<![\w.-]){re.escape(name)}:", self.body)
        )
        self._start = _first_brace(self.body) + 1
        try:
            ox.Store().query(self.text)
            read = algebra(self.for_all([ox.NamedNode("urn:x-any")]))
        except Exception as error:  # rdflib raises many kinds
            raise Unsupported(f"a query that is not read here ({str(error).splitlines()[0]})") from error
        self.select = read.name == "SelectQuery"
        reading = _Reading()
        self.sound = self.select and reading.of(read.p) == (True, True)
        self.possible = _possible(read.p)
        self.own = self.sound and _stays(read.p)
        """Whether the reports of the institution of $this, a filing, are all the data that it looks at."""
        self.reach = _reach(read.p) if self.sound else None
        """How to look up what it can see of a store; None where that is not known."""
        self._parts = None if reading.inner or not self.sound else _in_graphs(self.body)
        if not self.sound:
            self._check_for_one(reading)

    def _check_for_one(self, reading: _Reading) -> None:
        if reading.grouped:
            raise Unsupported("an inner SELECT or an aggregate that needs $this bound before")
        try:
            ox.Store().query(self.for_one(this=ox.NamedNode("urn:x-any"), value=ox.NamedNode("urn:x-any")))
        except SyntaxError as error:
            raise Unsupported("a query in which no term can stand for $this") from error

    @property
    def text(self) -> str:
        return self.head + self.body

    def for_all(self, focuses: Iterable[Term]) -> str:
        """The query with the focus nodes (no blank nodes) given to it."""
        values = " ".join(str(focus) for focus in focuses)
        return f"{self.head}{self.body[: self._start]} VALUES $this {{ {values} }} {self.body[self._start :]}"

    @property
    def many(self) -> bool:
        """Whether `for_many` can be asked for."""
        return self._parts is not None

    def for_many(self, focuses: Iterable[tuple[Term, ox.NamedNode]]) -> str:
        """The query with focus nodes and the named graphs in which it is run on them; ?nbGraph tells which."""
        assert self._parts is not None
        values = " ".join(f"({focus} {graph})" for focus, graph in focuses)
        before, inside, after = self._parts
        return f"{self.head}{before} GRAPH ?nbGraph {{ VALUES ($this ?nbGraph) {{ {values} }} {inside} }} {after}"

    def for_one(self, **bound: Term) -> str:
        """The query with terms in the place of variables, but in what it selects."""
        words = {name: str(term) for name, term in bound.items()}
        return self.head + self.body[: self._start] + replaced(self.body[self._start :], words)

    def rows(self, graph: Index, focuses: list[Term]) -> Iterator[tuple[Term, dict[str, Term]]]:
        """Each solution once, with its focus node."""
        if not self.possible(graph):
            return
        named = [skolem(focus) for focus in focuses]
        if self.sound:
            for first in range(0, len(named), _MOST_VALUES):
                yield from _distinct(graph.store, self.for_all(named[first : first + _MOST_VALUES]), None)
        else:
            for focus in named:
                yield from _distinct(graph.store, self.for_one(this=focus), focus)

    def ask(self, graph: Index, focus: Term, value: Term) -> bool:
        """The answer to an ASK."""
        return bool(graph.store.query(self.for_one(this=skolem(focus), value=skolem(value))))


def _distinct(store: ox.Store, text: str, focus: Term | None) -> Iterator[tuple[Term, dict[str, Term]]]:
    found = store.query(text)
    assert isinstance(found, ox.QuerySolutions)
    seen = set()
    names = [variable.value for variable in found.variables]
    for solution in found:
        row = {name: unskolem(term) for name, term in zip(names, solution, strict=True) if term is not None}
        this = row.get("this", focus and unskolem(focus))
        assert this is not None
        if (key := (this, *row.items())) not in seen:
            seen.add(key)
            yield this, row


_TOKENS = re.compile(
    r'''"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'|<[^<>\s]*>|#[^\n]*'''
    r"|(?i:bound)\s*\(\s*[$?](\w+)\s*\)|[$?](\w+)|\{"
)
"""Strings, IRIs and comments, which are passed over; a look whether a variable is bound; a variable; a brace."""
_BRACES = re.compile(_TOKENS.pattern + r"|\}")


def replaced(text: str, bound: Mapping[str, str]) -> str:
    """SPARQL with some variables replaced by terms, and what asks whether they are bound by true."""

    def one(found: re.Match[str]) -> str:
        if found[1] in bound:
            return "(true)"
        return bound[found[2]] if found[2] in bound else found[0]

    return _TOKENS.sub(one, text) if bound else text


def _in_graphs(text: str) -> tuple[str, str, str] | None:
    """A SELECT that tells in which graph it found what: what stands before its group's content, that, what follows."""
    start, depth, end = _first_brace(text) + 1, 0, 0
    for found in _BRACES.finditer(text, start - 1):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0 and found[0] == "}":
            end = found.start()
            break
    before, number = re.subn(r"(?i)\bSELECT\s+((?:DISTINCT|REDUCED)\s)?", r"\g<0> ?nbGraph ", text[:start], count=1)
    if not end or number != 1 or "*" in text[:start] or "$" not in text[:start]:
        return None
    after = re.sub(r"(?i)\bGROUP\s+BY\b", r"\g<0> ?nbGraph", text[end:], count=1)
    return before, text[start:end], after


def _first_brace(text: str) -> int:
    """Where the outermost group of a query begins."""
    for found in _TOKENS.finditer(text):
        if found[0] == "{":
            return found.start()
    raise ValueError("the query has no group")


@dataclass(slots=True, eq=False)
class Sparql:
    """A constraint by a SELECT: each solution is a result."""

    component: str
    query: Query

    def results(self, shape: Shape, graph: Index, values: Values) -> Iterator[Result]:
        for focus, row in self.query.rows(graph, list(values)):
            yield self.result(shape, focus, row)

    def results_many(
        self, shape: Shape, store: ox.Store, focuses: Sequence[tuple[Term, ox.NamedNode]]
    ) -> Iterator[tuple[ox.NamedNode, Result]]:
        """The results on focus nodes, each in a named graph of a store, with the name of the graph."""
        for first in range(0, len(focuses), _MOST_VALUES):
            text = self.query.for_many(focuses[first : first + _MOST_VALUES])
            for focus, row in _distinct(store, text, None):
                graph = row.pop("nbGraph")
                assert isinstance(graph, ox.NamedNode)
                yield graph, self.result(shape, focus, row)

    def result(self, shape: Shape, focus: Term, row: Mapping[str, Term]) -> Result:
        """What a solution stands for. Raises ValueError where it says that the check failed (SHACL §5.3.2)."""
        if "failure" in row:
            raise ValueError("the query of the shape reported a failure (?failure)")
        value = row.get("value", None if shape.path else focus)
        path = str(row["path"]) if "path" in row else shape.path.sparql() if shape.path else ""
        words = {name: printed(term) for name, term in row.items()} | {"this": printed(focus)}
        return Result(shape.node, focus, value, self.component, shape.severity, path, words)


@dataclass(slots=True, eq=False)
class Ask:
    """A constraint component with an ASK validator: each value node for which it is false is a result."""

    component: str
    query: Query

    def results(self, shape: Shape, graph: Index, values: Values) -> Iterator[Result]:
        for focus, nodes in values.items():
            for node in nodes:
                if not self.query.ask(graph, focus, node):
                    yield shape.found(self.component, focus, node)


def constraints(shapes: Index, node: Term, shape: Shape) -> Iterator[Sparql | Ask]:
    """The SPARQL constraints of a shape, those by components of the shapes graph among them."""
    for constraint in shapes.objects(node, sh("sparql")):
        if _true(shapes.value(constraint, sh("deactivated"))):
            continue
        yield Sparql(SH + "SPARQLConstraintComponent", _query(shapes, constraint, "select", shape, {}))
    for component, parameters in components(shapes).items():
        bound: dict[str, Term] = {}
        for predicate, optional in parameters.items():
            given = shapes.objects(node, predicate)
            if len(given) > 1:
                raise Unsupported(f"several values of {predicate}")
            if given:
                bound[re.split(r"[#/:]", predicate.value)[-1]] = given[0]
            elif not optional:
                break
        else:
            if bound:
                yield _by_component(shapes, component, shape, bound)


def components(shapes: Index) -> dict[ox.NamedNode, dict[ox.NamedNode, bool]]:
    """The constraint components that a shapes graph declares: their parameters, and whether each may be left out."""
    found: dict[ox.NamedNode, dict[ox.NamedNode, bool]] = {}
    for component in shapes.instances(sh("ConstraintComponent")):
        if isinstance(component, ox.NamedNode) and not component.value.startswith(SH):
            found[component] = {
                path: _true(shapes.value(parameter, sh("optional")))
                for parameter in shapes.objects(component, sh("parameter"))
                for path in shapes.objects(parameter, sh("path"))
                if isinstance(path, ox.NamedNode)
            }
    return found


def _by_component(shapes: Index, component: ox.NamedNode, shape: Shape, bound: dict[str, Term]) -> Sparql | Ask:
    own = "propertyValidator" if shape.path else "nodeValidator"
    for name in (own, "validator"):
        if (validator := shapes.value(component, sh(name))) is not None:
            if shapes.objects(validator, sh("ask")):
                return Ask(component.value, _query(shapes, validator, "ask", shape, bound))
            return Sparql(component.value, _query(shapes, validator, "select", shape, bound))
    raise ValueError(f"the constraint component {component} has no validator for this kind of shape")


def _query(shapes: Index, node: Term, form: str, shape: Shape, bound: Mapping[str, Term]) -> Query:
    text = shapes.value(node, sh(form))
    if not isinstance(text, ox.Literal):
        raise ValueError(f"the SPARQL constraint {node} has no sh:{form}")
    words = {name: str(term) for name, term in bound.items()}
    if any(isinstance(term, ox.BlankNode) for term in bound.values()):
        raise Unsupported("a blank node as a parameter of a constraint component")
    if isinstance(shape.node, ox.NamedNode):
        words["currentShape"] = str(shape.node)
    if shape.path:
        words["PATH"] = shape.path.sparql()
    query = Query(text.value, _prefixes(shapes, node), words)
    if query.select != (form == "select"):
        raise ValueError(f"the query in sh:{form} is of another form")
    return query


def _prefixes(shapes: Index, node: Term) -> dict[str, str]:
    found = dict(_STANDARD)
    seen: set[Term] = set()
    waiting = list(shapes.objects(node, _PREFIXES))
    while waiting:
        ontology = waiting.pop()
        if ontology in seen:
            continue
        seen.add(ontology)
        waiting += shapes.objects(ontology, ox.NamedNode(_STANDARD["owl"] + "imports"))
        for declaration in shapes.objects(ontology, _DECLARE):
            prefix, namespace = shapes.value(declaration, sh("prefix")), shapes.value(declaration, sh("namespace"))
            if not isinstance(prefix, ox.Literal) or not isinstance(namespace, (ox.Literal, ox.NamedNode)):
                raise ValueError(f"a sh:declare of {ontology} has no sh:prefix or no sh:namespace")
            found[prefix.value] = namespace.value
    return found


def _true(term: Term | None) -> bool:
    return isinstance(term, ox.Literal) and term.value in ("true", "1")


# --- reading the algebra


class _Reading:
    """Whether a query means the same when $this is found by it instead of being bound before.

    It reads the query with one VALUES already at its start, so that it is seen which parts that binds.
    """

    def __init__(self) -> None:
        self._values = 0
        self.inner = False
        """Whether there is an inner SELECT in it."""
        self.grouped = False
        """Whether there is an inner SELECT or a group in it: then a term cannot just be put in the place of $this."""

    def of(self, part: Any) -> tuple[bool, bool]:
        """(every solution binds $this, the part may be run for all focus nodes at once).

        Raises ValueError for what SHACL does not allow in a query (appendix A), and Unsupported for what is not known.
        """
        name = getattr(part, "name", "")
        if name == "BGP":
            return any(_variable(t) and str(t) == "this" for triple in part.triples for t in triple), True
        if name in ("Join", "Union"):
            one, two = self.of(part.p1), self.of(part.p2)
            both = (one[0] or two[0]) if name == "Join" else (one[0] and two[0])
            return both, one[1] and two[1]
        if name == "LeftJoin":
            one, two = self.of(part.p1), self.of(part.p2)
            needed = _mentions(part.p2) or _mentions(part.expr)
            self._exists(part.expr)
            return one[0], one[1] and two[1] and (one[0] or not needed)
        if name in ("Filter", "Extend"):
            if name == "Extend" and str(part.var) == "this" and not _sampled(part.expr):
                raise ValueError("a query may not bind $this itself (SHACL, appendix A)")
            one = self.of(part.p)
            self._exists(part.expr)
            return one[0], one[1] and (one[0] or not _mentions(part.expr))
        if name in ("Distinct", "Reduced", "OrderBy", "SelectQuery", "AskQuery"):
            return self.of(part.p)
        if name == "Project":
            one = self.of(part.p)
            return one[0] and any(str(v) == "this" for v in part.PV), one[1]
        if name == "ToMultiSet":
            if getattr(part.p, "name", "") != "values":
                return self._subquery(part.p)
            self._values += 1
            if self._values > 1:
                raise ValueError("a query may not have VALUES (SHACL, appendix A)")
            return True, True
        if name == "Slice":
            return self.of(part.p)[0], False
        if name == "AggregateJoin":
            self.grouped = True
            one = self.of(part.p.p)
            grouped = any(_variable(v) and str(v) == "this" for v in part.p.expr or ())
            return grouped and one[0], one[1] and grouped and one[0]
        if name == "Graph":
            return self.of(part.p)
        if name in ("Minus", "ServiceGraphPattern"):
            word = "MINUS" if name == "Minus" else "SERVICE"
            raise ValueError(f"a query may not have {word} (SHACL, appendix A)")
        raise Unsupported(f"{name} in a query")

    def _subquery(self, part: Any) -> tuple[bool, bool]:
        self.grouped = self.inner = True
        inner = part
        while getattr(inner, "name", "") in ("Distinct", "Reduced", "Slice", "OrderBy"):
            inner = inner.p
        if not any(str(v) == "this" for v in getattr(inner, "PV", ())):
            raise ValueError("an inner SELECT has to select $this (SHACL, appendix A)")
        return self.of(part)

    def _exists(self, expr: Any) -> None:
        """Look for what is not allowed inside EXISTS."""
        for inner in _parts(expr):
            if getattr(inner, "name", "") in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
                self.of(inner.graph)


def _variable(term: Any) -> bool:
    return type(term).__name__ == "Variable"


def _sampled(expr: Any) -> bool:
    """Whether an Extend only carries a grouped variable out of the group, as rdflib writes it."""
    return _variable(expr) and str(expr).startswith("__agg_")


def _parts(value: Any) -> Iterator[Any]:
    """A part of the algebra and all that is in it."""
    yield value
    if type(value) is dict:  # a row of VALUES
        yield from _parts(list(value.values()))
    elif isinstance(value, dict):  # rdflib's CompValue is one; value[key] may be what it had read first
        for key in value:
            if not str(key).startswith("_"):
                yield from _parts(getattr(value, key))
    elif isinstance(value, (list, tuple, set)):
        for inner in value:
            yield from _parts(inner)


def _mentions(part: Any) -> bool:
    return any(_variable(term) and str(term) == "this" for term in _parts(part))


def _stays(part: Any) -> bool:
    parts = [inner for inner in _parts(part) if getattr(inner, "name", "") in ("BGP", "Graph", "ServiceGraphPattern")]
    return all(inner.name == "BGP" for inner in parts) and stays(t for inner in parts for t in inner.triples)


def _reach(part: Any) -> Plan | None:
    try:
        return plan(part)
    except UnreachableError:
        return None


def _possible(part: Any) -> Possible:
    """A quick look whether a graph has the predicates, and the named objects, without which the query finds nothing."""
    name = getattr(part, "name", "")
    if name == "BGP":
        return _all([_has(triple) for triple in part.triples])
    if name == "Join":
        return _all([_possible(part.p1), _possible(part.p2)])
    if name == "Union":
        one, two = _possible(part.p1), _possible(part.p2)
        return _always if _always in (one, two) else lambda graph: one(graph) or two(graph)
    if name == "LeftJoin":
        return _possible(part.p1)
    if name in ("Filter", "Extend", "Distinct", "Reduced", "OrderBy", "Slice", "Project", "SelectQuery"):
        return _possible(part.p)
    if name == "ToMultiSet" and getattr(part, "p", None) is not None:
        return _possible(part.p)
    if name == "AggregateJoin" and part.p.expr:
        return _possible(part.p.p)
    return _always


def _always(graph: Index) -> bool:
    return True


def _all(tests: list[Possible]) -> Possible:
    tests = [test for test in tests if test is not _always]
    if not tests:
        return _always
    return tests[0] if len(tests) == 1 else lambda graph: all(test(graph) for test in tests)


def _has(triple: tuple[Any, Any, Any]) -> Possible:
    _, predicate, value = triple
    if type(predicate).__name__ != "URIRef":
        return _always
    name = ox.NamedNode(str(predicate))
    if type(value).__name__ != "URIRef":
        return lambda graph: name in graph.by_predicate
    wanted = ox.NamedNode(str(value))
    return lambda graph: bool(graph.subjects(name, wanted))
