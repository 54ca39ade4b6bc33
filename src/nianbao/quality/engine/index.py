"""A graph in memory, indexed both ways: what the compiled constraints look up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property

import pyoxigraph as ox

from nianbao.quality.engine.terms import RDF, Node, Term

TYPE = ox.NamedNode(RDF + "type")
SUBCLASS = ox.NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_FIRST, _REST, _NIL = (ox.NamedNode(RDF + name) for name in ("first", "rest", "nil"))
_NONE: dict[ox.NamedNode, list[Term]] = {}


class Index:
    """Triples by subject and by object, each once, in the order given; names of graphs are passed over."""

    def __init__(self, quads: Iterable[ox.Quad] | Iterable[ox.Triple] = ()) -> None:
        self.out: dict[Term, dict[ox.NamedNode, list[Term]]] = {}
        self.into: dict[Term, dict[ox.NamedNode, list[Term]]] = {}
        self.by_predicate: dict[ox.NamedNode, dict[Term, None]] = {}
        for quad in quads:
            self.add(quad.subject, quad.predicate, quad.object)

    def add(self, subject: Term, predicate: ox.NamedNode, value: Term) -> None:
        values = self.out.setdefault(subject, {}).setdefault(predicate, [])
        if value not in values:
            values.append(value)
            self.into.setdefault(value, {}).setdefault(predicate, []).append(subject)
            self.by_predicate.setdefault(predicate, {})[subject] = None

    def objects(self, subject: Term, predicate: ox.NamedNode) -> list[Term]:
        return self.out.get(subject, _NONE).get(predicate, [])

    def subjects(self, predicate: ox.NamedNode, value: Term) -> list[Term]:
        return self.into.get(value, _NONE).get(predicate, [])

    def value(self, subject: Term | None, predicate: ox.NamedNode) -> Term | None:
        """One object, the first given; None for none."""
        found = self.out.get(subject, _NONE).get(predicate) if subject is not None else None
        return found[0] if found else None

    def triples(self) -> Iterator[tuple[Term, ox.NamedNode, Term]]:
        for subject, said in self.out.items():
            for predicate, values in said.items():
                for value in values:
                    yield subject, predicate, value

    def items(self, head: Term) -> list[Term]:
        """The members of an RDF list. Raises ValueError for one that is broken or has no end."""
        found: list[Term] = []
        seen: set[Term] = set()
        while head != _NIL:
            first, rest = self.objects(head, _FIRST), self.objects(head, _REST)
            if head in seen or len(first) != 1 or len(rest) != 1:
                raise ValueError(f"{head} is no well-formed list")
            seen.add(head)
            found.append(first[0])
            head = rest[0]
        return found

    def subclasses(self, cls: Term) -> set[Term]:
        """A class and those under it in this graph."""
        found, waiting = {cls}, [cls]
        while waiting:
            for below in self.subjects(SUBCLASS, waiting.pop()):
                if below not in found:
                    found.add(below)
                    waiting.append(below)
        return found

    def instances(self, cls: Term) -> list[Term]:
        """The SHACL instances of a class, those of its subclasses among them."""
        return list(dict.fromkeys(node for below in self.subclasses(cls) for node in self.subjects(TYPE, below)))

    def is_instance(self, node: Term, cls: Term) -> bool:
        types = self.objects(node, TYPE)
        return cls in types or (bool(types) and not self.subclasses(cls).isdisjoint(types))

    @cached_property
    def store(self) -> ox.Store:
        """The same triples to be queried with SPARQL, blank nodes under names (`skolem`) so that a query can name them.

        Oxigraph normalises numbers: ``1.50`` becomes ``1.5``.
        """
        store = ox.Store()
        store.extend(self.quads(ox.DefaultGraph()))
        return store

    def quads(self, graph: ox.NamedNode | ox.DefaultGraph) -> Iterator[ox.Quad]:
        """The triples in a graph, with names for blank nodes."""
        return (ox.Quad(_node(skolem(s)), p, skolem(o), graph) for s, p, o in self.triples())


_BLANK = "urn:x-nianbao:blank:"


def skolem(term: Term) -> Term:
    """A blank node as an IRI; other terms as they are."""
    return ox.NamedNode(_BLANK + term.value) if isinstance(term, ox.BlankNode) else term


def unskolem(term: Term) -> Term:
    """What `skolem` was given."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(_BLANK):
        return ox.BlankNode(term.value.removeprefix(_BLANK))
    return term


def _node(term: Term) -> Node:
    assert isinstance(term, (ox.NamedNode, ox.BlankNode))
    return term
