"""Running the SHACL shapes over a graph with pySHACL, the reference engine.

pySHACL is used through its public ``validate`` only. Three things are done around it:

* queries are prepared once for the process, not once a report (parsing them takes most of the time);
* the rows that its SPARQL constraints find are kept, because the report that pySHACL makes has lost what else than
  ``?value`` a query selects;
* sh:message is taken out of the SPARQL constraints it gets: it drops language tags, and fills ``{?name}`` in with a
  regular expression that fails on a backslash in the data. Messages are made in nianbao.quality.audit from the rows.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox
from rdflib import BNode, Graph, Literal, URIRef
from rdflib.namespace import RDF, SH
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Result as RdflibResult
from rdflib.term import Node

from nianbao.errors import ShapesError
from nianbao.quality.shapes import checks, shape_texts
from nianbao.vocabulary import expand

_STRING = expand("xsd:string")


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result: IRIs of the shape, the focus node, the value (None where there is none) and the component;
    ``row`` is what the query of a SPARQL constraint selected."""

    shape: str
    focus: Node
    value: Node | None
    component: str
    row: dict[str, str]


def graph_of(quads: Iterable[ox.Quad] | Iterable[ox.Triple]) -> DataGraph:
    """The union of all graphs of `quads` as an rdflib graph that `results` can check."""
    graph = DataGraph()
    with silent_literals():
        for quad in quads:
            graph.add((_node(quad.subject), URIRef(quad.predicate.value), _node(quad.object)))
    return graph


def results(data: DataGraph, folder: Path) -> list[Result]:
    """All validation results of the shapes in `folder` on `data`.

    Raises ShapesError where a shape could not be run: an audit without one of its rules would be no audit.
    """
    from pyshacl import validate  # heavy: only when something is audited

    data.found.clear()
    with silent_literals():
        try:
            _, report, text = validate(data, shacl_graph=_shapes(folder), inplace=True)
        except Exception as error:  # pySHACL and rdflib raise many kinds for shapes that cannot be run
            raise ShapesError(
                f"the shapes could not be run ({type(error).__name__}: {error})",
                where=str(folder),
                remedy="correct the shape; nothing was audited",
                code="NB-SHAPES-RUN",
            ) from error
    if not isinstance(report, Graph):
        reason = f"the shapes could not be run ({text})"
        raise ShapesError(
            reason, where=str(folder), remedy="correct the shape; nothing was audited", code="NB-SHAPES-RUN"
        )
    return list(_results(report, data, folder))


def _results(report: Graph, data: DataGraph, folder: Path) -> Iterator[Result]:
    selects = {check.shape: check.select for check in checks(folder).values() if check.select}
    found: dict[tuple[str, Node], list[dict[str, Node]]] = defaultdict(list)
    for text, this, rows in data.found:
        for select in set(selects.values()):
            if text.endswith(select):  # pySHACL puts the prefixes before it
                found[select, this] += rows
    for node in report.subjects(RDF.type, SH.ValidationResult):
        shape, focus = report.value(node, SH.sourceShape), report.value(node, SH.focusNode)
        value, component = report.value(node, SH.value), report.value(node, SH.sourceConstraintComponent)
        assert shape is not None
        assert focus is not None
        rows = found[selects.get(str(shape), ""), focus]
        row = next((row for row in rows if row.get("value", value) == value), None)
        if row is not None:
            rows.remove(row)  # one row, one result
        words = {name: str(term) for name, term in (row or {}).items()}
        yield Result(str(shape), focus, value, str(component), words)


class DataGraph(Graph):
    """A graph that keeps what the queries on it find."""

    def __init__(self) -> None:
        super().__init__(bind_namespaces="none")
        self.found: list[tuple[str, Node, list[dict[str, Node]]]] = []

    def query(self, query_object: Any, *args: Any, **options: Any) -> RdflibResult:
        """As in rdflib, with the query prepared once for the process."""
        if not isinstance(query_object, str):
            return super().query(query_object, *args, **options)
        result = super().query(_prepared(query_object), *args, **options)
        bindings = next((arg for arg in (*args, *options.values()) if isinstance(arg, dict) and "this" in arg), None)
        if bindings and result.type == "SELECT" and result.bindings:
            rows = [{str(name): cast(Node, term) for name, term in row.items()} for row in result.bindings]
            self.found.append((query_object, bindings["this"], rows))
        return result


@cache
def _prepared(text: str) -> Query:
    return prepareQuery(text)


@cache
def _shapes(folder: Path) -> Graph:
    """The shapes as pySHACL gets them: without the messages of SPARQL constraints."""
    graph = Graph(bind_namespaces="none")
    for _, text in shape_texts(folder):
        graph.parse(data=text, format="turtle")
    for constraint in set(graph.objects(None, SH.sparql)):
        graph.remove((constraint, SH.message, None))
    return graph


def _node(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> Node:
    if isinstance(term, ox.NamedNode):
        return URIRef(term.value)
    if isinstance(term, ox.BlankNode):
        return BNode(term.value)
    if isinstance(term, ox.Literal):
        if term.language:
            return Literal(term.value, lang=term.language)
        datatype = term.datatype.value
        return Literal(term.value) if datatype == _STRING else Literal(term.value, datatype=URIRef(datatype))
    raise ShapesError("RDF 1.2 triple terms cannot be audited", remedy="write the data in RDF 1.1")


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
