"""A shapes graph compiled, and run on graphs. What is not compiled is named, with the reason, for pySHACL to run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from nianbao.quality.engine import core, paths, sparql
from nianbao.quality.engine.core import sh
from nianbao.quality.engine.index import TYPE, Index, skolem
from nianbao.quality.engine.model import Result, Shape, Unsupported
from nianbao.quality.engine.terms import Term

_CLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#Class")
_OWL_CLASS = ox.NamedNode("http://www.w3.org/2002/07/owl#Class")

_ELSEWHERE = {
    sh(name): what
    for what, names in {
        "a SPARQL or other advanced target (SHACL-AF)": ("target",),
        "an expression constraint (SHACL-AF)": ("expression",),
        "rules (SHACL-AF)": ("rule",),
        "JavaScript (SHACL-JS)": ("js",),
        "a node expression (SHACL-AF)": ("values", "filterShape", "nodes"),
    }.items()
    for name in names
}


@dataclass(slots=True, eq=False)
class Targets:
    """Where the focus nodes of a shape are (SHACL §2.1.3)."""

    nodes: list[Term] = field(default_factory=list)
    classes: list[Term] = field(default_factory=list)
    subjects_of: list[ox.NamedNode] = field(default_factory=list)
    objects_of: list[ox.NamedNode] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.nodes or self.classes or self.subjects_of or self.objects_of)

    def focuses(self, graph: Index) -> list[Term]:
        """The focus nodes, each once."""
        found: dict[Term, None] = dict.fromkeys(self.nodes)
        for cls in self.classes:
            found.update(dict.fromkeys(graph.instances(cls)))
        for predicate in self.subjects_of:
            found.update(dict.fromkeys(graph.by_predicate.get(predicate, ())))
        for predicate in self.objects_of:
            for subject in graph.by_predicate.get(predicate, ()):
                found.update(dict.fromkeys(graph.objects(subject, predicate)))
        return list(found)


class Compiled:
    """The shapes of a graph that have targets.

    shapes: those compiled, with their targets. unsupported: those that are not, by their nodes, and why.
    Raises ValueError for a shapes graph that is not well-formed.
    """

    def __init__(self, graph: Index) -> None:
        self._compiler = _Compiler(graph)
        self.shapes: list[tuple[Shape, Targets]] = []
        self.unsupported: dict[Term, str] = {}
        for node, targets in targeted(graph).items():
            try:
                shape = self._compiler.shape(node)
            except Unsupported as reason:
                self.unsupported[node] = str(reason)
            else:
                self.shapes.append((shape, targets))

    def results(self, graph: Index) -> Iterator[Result]:
        """The validation results of the compiled shapes."""
        for shape, targets in self.shapes:
            if focuses := targets.focuses(graph):
                yield from shape.results(graph, focuses)

    def results_many(self, graphs: Sequence[Index]) -> list[list[Result]]:
        """The results on each of several graphs, as if each were alone: a query is read and planned once for all."""
        if len(graphs) < 2:
            return [list(self.results(graph)) for graph in graphs]
        found: dict[ox.NamedNode, list[Result]] = {
            ox.NamedNode(f"urn:x-nianbao:part:{n}"): [] for n in range(len(graphs))
        }
        store = ox.Store()
        for name, graph in zip(found, graphs, strict=True):
            store.extend(graph.quads(name))
        for shape, targets in self.shapes:
            focuses = [(name, graph, targets.focuses(graph)) for name, graph in zip(found, graphs, strict=True)]
            queries = [c for c in shape.constraints if isinstance(c, sparql.Sparql) and c.query.many]
            if shape.path is not None or shape.deactivated or len(queries) < len(shape.constraints):
                for name, graph, nodes in focuses:
                    found[name] += shape.results(graph, nodes)
                continue
            for query in queries:
                pairs = [
                    (skolem(node), name)
                    for name, graph, nodes in focuses
                    if nodes and query.query.possible(graph)
                    for node in nodes
                ]
                for name, result in query.results_many(shape, store, pairs):
                    found[name].append(result)
        return list(found.values())


def targeted(graph: Index) -> dict[Term, Targets]:
    """The shapes with targets, and these."""
    found: dict[Term, Targets] = {}

    def each(predicate: str) -> Iterable[tuple[Targets, Term]]:
        name = sh(predicate)
        for node in graph.by_predicate.get(name, ()):
            for value in graph.objects(node, name):
                yield found.setdefault(node, Targets()), value

    for targets, value in each("targetNode"):
        targets.nodes.append(value)
    for targets, value in each("targetClass"):
        targets.classes.append(value)
    for targets, value in each("targetSubjectsOf"):
        targets.subjects_of.append(_named(value))
    for targets, value in each("targetObjectsOf"):
        targets.objects_of.append(_named(value))
    for _, _ in each("target"):
        pass  # not compiled: the shape is named as such
    classes = graph.subclasses(_CLASS) | {_OWL_CLASS}
    for kind in ("NodeShape", "PropertyShape"):
        for node in graph.subjects(TYPE, sh(kind)):
            if isinstance(node, ox.NamedNode) and not classes.isdisjoint(graph.objects(node, TYPE)):
                found.setdefault(node, Targets()).classes.append(node)
    return found


def _named(term: Term) -> ox.NamedNode:
    if not isinstance(term, ox.NamedNode):
        raise ValueError(f"{term} is not a predicate")
    return term


class _Compiler:
    """Compiles each shape once."""

    def __init__(self, shapes: Index) -> None:
        self.shapes = shapes
        self._done: dict[Term, Shape] = {}
        self._reasons: dict[Term, str] = {}
        self._open: set[Term] = set()

    def shape(self, node: Term) -> Shape:
        """The shape of a node. Raises Unsupported, and ValueError for what is not well-formed."""
        if node in self._done:
            return self._done[node]
        if node in self._reasons:
            raise Unsupported(self._reasons[node])
        if node in self._open:
            raise Unsupported("a shape that is its own part (recursion)")
        self._open.add(node)
        try:
            self._done[node] = self._compile(node)
        except Unsupported as reason:
            self._reasons[node] = str(reason)
            raise
        finally:
            self._open.discard(node)
        return self._done[node]

    def _compile(self, node: Term) -> Shape:
        said = self.shapes.out.get(node, {})
        for predicate, what in _ELSEWHERE.items():
            if predicate in said:
                raise Unsupported(what)
        path = said.get(sh("path"))
        severity = said.get(sh("severity"))
        deactivated = said.get(sh("deactivated"))
        shape = Shape(
            node,
            paths.read(self.shapes, path[0]) if path else None,
            severity[0].value if severity and isinstance(severity[0], ox.NamedNode) else paths.SH + "Violation",
            deactivated=bool(deactivated) and core.boolean(deactivated[0]) if deactivated else False,
        )
        if not shape.deactivated:
            shape.constraints += core.constraints(self, node, shape)
            shape.constraints += sparql.constraints(self.shapes, node, shape)
        return shape


__all__ = ["Compiled", "Result", "Targets", "targeted"]
