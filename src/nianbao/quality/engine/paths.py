"""SHACL property paths (SHACL §2.3.1): read from a shapes graph, followed in a graph, written as SPARQL."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from nianbao.quality.engine.index import Index
from nianbao.quality.engine.terms import RDF, Term

SH = "http://www.w3.org/ns/shacl#"
_KINDS = {
    ox.NamedNode(SH + "inversePath"): "^",
    ox.NamedNode(SH + "zeroOrMorePath"): "*",
    ox.NamedNode(SH + "oneOrMorePath"): "+",
    ox.NamedNode(SH + "zeroOrOnePath"): "?",
}
_ALTERNATIVE, _FIRST = ox.NamedNode(SH + "alternativePath"), ox.NamedNode(RDF + "first")


@dataclass(frozen=True, slots=True)
class Path:
    """kind: ``p`` a predicate, ``^`` inverse, ``/`` sequence, ``|`` alternative, ``*``, ``+``, ``?``."""

    kind: str
    parts: tuple[Path, ...] = ()
    predicate: ox.NamedNode | None = None

    def sparql(self) -> str:
        """As a SPARQL 1.1 property path."""
        if self.kind == "p":
            return str(self.predicate)
        inner = [part.sparql() for part in self.parts]
        if self.kind in "/|":
            return "(" + self.kind.join(inner) + ")"
        return f"(^{inner[0]})" if self.kind == "^" else f"({inner[0]}{self.kind})"

    def values(self, graph: Index, node: Term) -> list[Term]:
        """The value nodes: each once, as SHACL's value nodes are a set."""
        if self.kind == "p":
            assert self.predicate is not None
            return graph.objects(node, self.predicate)
        return list(self._walk(graph, {node: None}, forward=True))

    def _walk(self, graph: Index, nodes: dict[Term, None], *, forward: bool) -> dict[Term, None]:
        if self.kind == "p":
            assert self.predicate is not None
            step = graph.objects if forward else lambda node, predicate: graph.subjects(predicate, node)
            return {value: None for node in nodes for value in step(node, self.predicate)}
        if self.kind == "^":
            return self.parts[0]._walk(graph, nodes, forward=not forward)
        if self.kind == "/":
            for part in self.parts if forward else reversed(self.parts):
                nodes = part._walk(graph, nodes, forward=forward)
            return nodes
        if self.kind == "|":
            return {value: None for part in self.parts for value in part._walk(graph, nodes, forward=forward)}
        once = self.parts[0]._walk(graph, nodes, forward=forward)
        if self.kind == "?":
            return nodes | once
        found = {**(nodes if self.kind == "*" else {}), **once}
        new = dict(once)
        while new:  # each node once: a cycle ends
            new = {v: None for v in self.parts[0]._walk(graph, new, forward=forward) if v not in found}
            found |= new
        return found


def read(shapes: Index, node: Term, depth: int = 0) -> Path:
    """The path that `node` of a shapes graph stands for. Raises ValueError for one that is not well-formed."""
    if depth > 50:
        raise ValueError(f"the path {node} is its own part")
    if isinstance(node, ox.NamedNode):
        if node.value == RDF + "nil":
            raise ValueError("an empty list is no path")
        return Path("p", predicate=node)
    if not isinstance(node, ox.BlankNode):
        raise ValueError(f"{node} is no path")
    if shapes.objects(node, _FIRST):
        parts = tuple(read(shapes, part, depth + 1) for part in shapes.items(node))
        if len(parts) < 2:
            raise ValueError(f"a sequence path needs two members: {node}")
        return Path("/", parts)
    if found := shapes.objects(node, _ALTERNATIVE):
        parts = tuple(read(shapes, part, depth + 1) for part in shapes.items(found[0]))
        if len(parts) < 2:
            raise ValueError(f"an alternative path needs two members: {node}")
        return Path("|", parts)
    for predicate, kind in _KINDS.items():
        if found := shapes.objects(node, predicate):
            return Path(kind, (read(shapes, found[0], depth + 1),))
    raise ValueError(f"{node} is no path that is known")
