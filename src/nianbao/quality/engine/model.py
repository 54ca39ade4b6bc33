"""What a compiled shape is, and what it finds."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import pyoxigraph as ox

from nianbao.quality.engine.index import Index
from nianbao.quality.engine.paths import SH, Path
from nianbao.quality.engine.terms import Term

Values = Mapping[Term, list[Term]]
"""The value nodes of each focus node."""


class Unsupported(Exception):  # noqa: N818
    """A construct that is not compiled: the shape is run by pySHACL instead."""


@dataclass(frozen=True, slots=True)
class Result:
    """One validation result (SHACL §3.6.2).

    shape, component, severity: IRIs, or the identifier of a blank node. path: as SPARQL, '' for none. value: None for
    none. row: what the query of a SPARQL constraint selected, as words for messages.
    """

    shape: Term
    focus: Term
    value: Term | None
    component: str
    severity: str = SH + "Violation"
    path: str = ""
    row: Mapping[str, str] = field(default_factory=dict, hash=False)


class Constraint(Protocol):
    """One constraint of a shape."""

    component: str

    def results(self, shape: Shape, graph: Index, values: Values) -> Iterator[Result]:
        """What breaks it among the value nodes of these focus nodes."""


@dataclass(slots=True, eq=False)
class Shape:
    """A node shape (path None: each focus node is its own value) or a property shape."""

    node: Term
    path: Path | None
    severity: str
    constraints: list[Constraint] = field(default_factory=list)
    deactivated: bool = False

    def results(self, graph: Index, focuses: Iterable[Term]) -> Iterator[Result]:
        """All results of validating these focus nodes."""
        if self.deactivated:
            return
        if self.path is None:
            values: Values = {focus: [focus] for focus in focuses}
        else:
            values = {focus: self.path.values(graph, focus) for focus in focuses}
        if values:
            for constraint in self.constraints:
                yield from constraint.results(self, graph, values)

    def conforms(self, graph: Index, node: Term) -> bool:
        """Whether one node breaks nothing."""
        return next(self.results(graph, [node]), None) is None

    def found(self, component: str, focus: Term, value: Term | None, *, path: str | None = None) -> Result:
        """A result of this shape."""
        if path is None:
            path = self.path.sparql() if self.path else ""
        return Result(self.node, focus, value, component, self.severity, path)


@dataclass(slots=True, eq=False)
class EachValue:
    """A constraint on each value node by itself."""

    component: str
    holds: Callable[[Index, Term], bool]

    def results(self, shape: Shape, graph: Index, values: Values) -> Iterator[Result]:
        for focus, nodes in values.items():
            for node in nodes:
                if not self.holds(graph, node):
                    yield shape.found(self.component, focus, node)


@dataclass(slots=True, eq=False)
class AllValues:
    """A constraint on the value nodes of a focus node together: gives what to report as value, None for no value."""

    component: str
    faults: Callable[[Index, Term, list[Term]], Iterable[Term | None]]

    def results(self, shape: Shape, graph: Index, values: Values) -> Iterator[Result]:
        for focus, nodes in values.items():
            for fault in self.faults(graph, focus, nodes):
                yield shape.found(self.component, focus, fault)


@dataclass(slots=True, eq=False)
class Nested:
    """sh:property: the value nodes become the focus nodes of another shape, whose results count."""

    component: str
    inner: Shape

    def results(self, shape: Shape, graph: Index, values: Values) -> Iterator[Result]:
        nodes = dict.fromkeys(node for found in values.values() for node in found)
        by_focus: dict[Term, list[Result]] = {}
        for result in self.inner.results(graph, nodes):
            by_focus.setdefault(result.focus, []).append(result)
        if len(nodes) == sum(len(found) for found in values.values()):
            for found in by_focus.values():
                yield from found
            return
        for found_nodes in values.values():  # a node that is reached twice counts twice
            for node in found_nodes:
                yield from by_focus.get(node, [])


@dataclass(slots=True, eq=False)
class Closed:
    """sh:closed: no other predicates than those listed."""

    component: str
    allowed: frozenset[ox.NamedNode]

    def results(self, shape: Shape, graph: Index, values: Values) -> Iterator[Result]:
        for focus, nodes in values.items():
            for node in nodes:
                for predicate, objects in graph.out.get(node, {}).items():
                    if predicate not in self.allowed:
                        for value in objects:
                            yield shape.found(self.component, focus, value, path=str(predicate))
