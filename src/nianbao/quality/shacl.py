"""Running SHACL shapes over a graph with pySHACL, the reference engine.

pySHACL is used through its public ``validate`` only. Three things are done around it:

* queries are prepared once for the process, not once a report (parsing them takes most of the time), and evaluated
  as SPARQL says where rdflib does not (nianbao.quality.rdflib_repairs);
* the rows that its SPARQL constraints find are kept, because the report that pySHACL makes has lost what else than
  ``?value`` a query selects;
* sh:message is taken out of the SPARQL constraints it gets: it drops language tags, and fills ``{?name}`` in with a
  regular expression that fails on a backslash in the data. Messages are made in nianbao.quality.audit from the rows.
"""

from __future__ import annotations

import logging
import re
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

import pyoxigraph as ox
from rdflib import BNode, Dataset, Graph, Literal, URIRef
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as RdflibResult
from rdflib.term import Node

from nianbao.errors import ShapesError
from nianbao.quality.engine.index import Index
from nianbao.quality.engine.model import Result
from nianbao.quality.engine.paths import read
from nianbao.quality.engine.terms import Term, printed
from nianbao.quality.rdflib_repairs import repaired
from nianbao.vocabulary import expand

_STRING = expand("xsd:string")
_ADVANCED = tuple(ox.NamedNode(expand(f"sh:{name}")) for name in ("target", "expression", "rule", "values"))


def results(data: Index, shapes: Index, *, where: str = "") -> list[Result]:
    """All validation results of the shapes on `data`, each shape called as in `shapes`.

    Raises ShapesError where a shape could not be run: an audit without one of its rules would be no audit.
    """
    from pyshacl import validate  # heavy: only when something is audited

    if shapes.by_predicate.get(ox.NamedNode(expand("sh:js"))):
        raise _not_run("SHACL-JS is not run by any engine here", where)
    graph = DataGraph(data)
    with silent_literals():
        try:
            _, report, text = validate(
                graph,
                shacl_graph=_shapes_graph(shapes),
                inplace=True,
                advanced=any(shapes.by_predicate.get(name) for name in _ADVANCED),
            )
        except Exception as error:  # pySHACL and rdflib raise many kinds for shapes that cannot be run
            raise _not_run(f"the shapes could not be run ({type(error).__name__}: {error})", where) from error
    if not isinstance(report, Graph):
        raise _not_run(f"the shapes could not be run ({text})", where)
    return list(_results(report, graph, shapes))


def _not_run(reason: str, where: str) -> ShapesError:
    return ShapesError(reason, where=where, remedy="correct the shape; nothing was audited", code="NB-SHAPES-RUN")


def _results(report: Graph, data: DataGraph, shapes: Index) -> Iterator[Result]:
    rows: dict[tuple[Node, Node], list[dict[str, Node]]] = {}
    for node in report.subjects(RDF.type, SH.ValidationResult):
        shape, focus = report.value(node, SH.sourceShape), report.value(node, SH.focusNode)
        value, component = report.value(node, SH.value), report.value(node, SH.sourceConstraintComponent)
        severity, constraint = report.value(node, SH.resultSeverity), report.value(node, SH.sourceConstraint)
        path = report.value(node, SH.resultPath)
        assert shape is not None
        assert focus is not None
        row = None
        if constraint is not None:
            select = shapes.value(to_term(constraint), ox.NamedNode(expand("sh:select")))
            if isinstance(select, ox.Literal):
                if (constraint, focus) not in rows:
                    rows[constraint, focus] = data.rows(select.value, focus)
                left = rows[constraint, focus]
                row = next((row for row in left if row.get("value", value) == value), None)
                if row is not None:
                    left.remove(row)  # one row, one result
        words = {name: printed(to_term(term)) for name, term in (row or {}).items()}
        yield Result(
            to_term(shape),
            to_term(focus),
            None if value is None else to_term(value),
            str(component),
            str(severity),
            _path(report, path),
            words,
        )


def _path(report: Graph, path: Node | None) -> str:
    if path is None:
        return ""
    if isinstance(path, URIRef):
        return str(to_term(path))
    return read(Index(ox.Triple(to_term(s), to_term(p), to_term(o)) for s, p, o in report), to_term(path)).sparql()  # type: ignore[arg-type]


class DataGraph(Graph):
    """A graph that keeps what the queries on it find."""

    def __init__(self, data: Index) -> None:
        super().__init__(bind_namespaces="none")
        self._found: dict[Node, list[tuple[str, list[dict[str, Node]]]]] = defaultdict(list)
        with silent_literals():
            for subject, predicate, value in data.triples():
                self.add((_node(subject), URIRef(predicate.value), _node(value)))

    def query(self, query_object: Any, *args: Any, **options: Any) -> RdflibResult:
        """As in rdflib, with the query prepared once for the process."""
        if not isinstance(query_object, str):
            return super().query(query_object, *args, **options)
        result = super().query(_prepared(query_object), *args, **options)
        bindings = next((arg for arg in (*args, *options.values()) if isinstance(arg, dict) and "this" in arg), None)
        if bindings and result.type == "SELECT" and result.bindings:
            rows: list[dict[str, Node]] = []
            for found in result.bindings:
                row = {str(name): cast(Node, term) for name, term in found.items()}
                if row not in rows:
                    rows.append(row)
            self._found[bindings["this"]].append((query_object, rows))
        return result

    def rows(self, select: str, focus: Node) -> list[dict[str, Node]]:
        """What a query found for a focus node. pySHACL puts prefixes before it, and a path for $PATH."""
        ends = re.compile(".*?".join(re.escape(part) for part in re.split(r"[$?]PATH", select)) + r"\Z", re.DOTALL)
        return [row for text, rows in self._found[focus] if ends.search(text) for row in rows]


@cache
def _prepared(text: str) -> Query:
    return repaired(prepareQuery(text))


_graphs: dict[int, tuple[Index, Graph]] = {}


def _shapes_graph(shapes: Index) -> Graph:
    """The shapes as pySHACL gets them, made once: without the messages of SPARQL constraints."""
    if id(shapes) not in _graphs or _graphs[id(shapes)][0] is not shapes:
        graph = Graph(bind_namespaces="none")
        queries = {n for s in shapes.by_predicate.get(_SPARQL, ()) for n in shapes.objects(s, _SPARQL)}
        for subject, predicate, value in shapes.triples():
            if not (predicate == _MESSAGE and subject in queries):
                graph.add((_node(subject), URIRef(predicate.value), _node(value)))
        if len(_graphs) > 20:
            _graphs.clear()
        _graphs[id(shapes)] = shapes, graph
    return _graphs[id(shapes)][1]


_SPARQL, _MESSAGE = ox.NamedNode(expand("sh:sparql")), ox.NamedNode(expand("sh:message"))


def _node(term: Term) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = term.datatype.value
        # As printed: rdflib would write 1.50 another way, and then a value would not be the one that is in the data.
        return (
            Literal(term.value)
            if datatype == _STRING
            else Literal(term.value, datatype=URIRef(datatype), normalize=False)
        )
    raise ShapesError("RDF 1.2 triple terms cannot be audited", remedy="write the data in RDF 1.1")


def to_term(node: Node) -> Term:
    """A node of rdflib as a term of pyoxigraph."""
    if isinstance(node, URIRef):
        return ox.NamedNode(str(node))
    if isinstance(node, BNode):
        return ox.BlankNode(str(node))
    assert isinstance(node, Literal)
    if node.language:
        return ox.Literal(str(node), language=node.language)
    return ox.Literal(str(node), datatype=ox.NamedNode(str(node.datatype)) if node.datatype else None)


def from_rdflib(data: Graph) -> list[ox.Triple]:
    """The triples of an rdflib graph, or of all graphs of a dataset."""
    spocs = data.quads() if isinstance(data, Dataset) else data
    return [ox.Triple(*(to_term(term) for term in spoc[:3])) for spoc in spocs]  # type: ignore[arg-type]


@contextmanager
def silent_literals() -> Iterator[None]:
    """Without rdflib's traceback for each literal that does not fit its datatype."""
    logger = logging.getLogger("rdflib.term")
    level = logger.level
    logger.setLevel(logging.CRITICAL)
    try:
        yield
    finally:
        logger.setLevel(level)
