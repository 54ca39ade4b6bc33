"""What a query about some filings can see of a store, found by looking up and never by going through all.

`plan` reads from the algebra of a query in which order its patterns can be walked from $this: along the triples, or
against them where only few can share the object (`SHARED`). `Lookups` walks them and keeps the triples. A pattern is
walked from all that its variable may be, so what is kept holds every triple that a solution could need, and the query
gives on these alone what it gives on the whole store: also where it asks whether something is not there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Protocol

import pyoxigraph as ox

from nianbao.quality.engine.index import Index
from nianbao.quality.engine.terms import Term
from nianbao.vocabulary import expand

SHARED = frozenset(
    expand(name)
    for name in (
        "dcat:hasCurrentVersion",
        "dcat:isVersionOf",
        "dcat:previousVersion",
        "dcterms:hasPart",
        "dcterms:isReplacedBy",
        "foaf:name",
        "nb:mainName",
        "nb:nameKey",
        "nb:registration",
        "nb:reportingInstitution",
        "nb:sponsoredBy",
        "nb:statedCode",
        "nb:statedIn",
        "nb:statedSponsor",
        "nb:textBand",
        "nb:unifiedSocialCreditCode",
        "prov:wasDerivedFrom",
        "skos:exactMatch",
        "skos:prefLabel",
    )
)
"""Properties that are walked from their value: names, codes, sponsors, texts and parts, which have few things in
common however many reports there are. A year, a class or an indicator is shared by a part of all."""

_TOGETHER = 1000
"""Nodes in one query: with one pattern and one list of values, each is looked up."""


class UnreachableError(Exception):
    """A query has a part to which nothing leads from $this."""


class Selects(Protocol):
    """What answers a query."""

    def select(self, query: str) -> list[dict[str, Term]]: ...


@dataclass(frozen=True, slots=True)
class Walk:
    """A pattern and which way it is walked. Variables are names, other ends terms; path: rdflib's, None for any.

    target: empty where nothing is walked from there.
    """

    source: str | Term
    path: Any
    target: str | Term
    back: bool


@dataclass(frozen=True, slots=True)
class Either:
    """Alternatives: what each finds for a variable is what it may be, if all of them find it."""

    plans: tuple[Plan, ...]


@dataclass(frozen=True, slots=True)
class Aside:
    """A part that binds nothing for what follows: OPTIONAL, EXISTS."""

    plan: Plan


Plan = tuple[Walk | Either | Aside, ...]


def plan(algebra: Any) -> Plan:
    """How the patterns of a query (rdflib's algebra) are walked from $this. Raises UnreachableError if it cannot."""
    found = _ordered(list(_patterns(algebra)), {"this"})
    return _trimmed(found, {"this", *_sources(found)})


def _sources(parts: Plan) -> Iterator[str]:
    """The variables from which something is walked."""
    for part in parts:
        if isinstance(part, Walk):
            yield str(part.source)
        else:
            for inner in part.plans if isinstance(part, Either) else (part.plan,):
                yield from _sources(inner)


def _trimmed(parts: Plan, used: set[str]) -> Plan:
    """The plan without the names of variables from which nothing is walked: what they may be need not be known."""
    found: list[Walk | Either | Aside] = []
    for part in parts:
        if isinstance(part, Walk):
            found.append(part if part.target in used else replace(part, target=""))
        elif isinstance(part, Aside):
            found.append(Aside(_trimmed(part.plan, used)))
        else:
            found.append(Either(tuple(_trimmed(each, used) for each in part.plans)))
    return tuple(found)


def _patterns(part: Any) -> Iterator[tuple[str, Any]]:
    """The parts of a group, flat: ("triple", …), ("either", groups), ("aside", group)."""
    name = getattr(part, "name", "")
    if name == "BGP":
        for triple in part.triples:
            yield from _steps(*triple)
    elif name == "Join":
        yield from _patterns(part.p1)
        yield from _patterns(part.p2)
    elif name == "LeftJoin":
        yield from _patterns(part.p1)
        yield "aside", [*_patterns(part.p2), *_tests(part.expr)]
    elif name == "Union":
        yield "either", [list(_patterns(part.p1)), list(_patterns(part.p2))]
    elif name in ("Filter", "Extend"):
        yield from _patterns(part.p)
        yield from _tests(part.expr)
    elif name in ("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy", "AggregateJoin", "Group"):
        yield from _patterns(part.p)
    elif not (name == "ToMultiSet" and getattr(part.p, "name", "") == "values"):
        raise UnreachableError(name)


def _tests(expr: Any) -> Iterator[tuple[str, Any]]:
    """The groups of EXISTS in an expression."""
    if getattr(expr, "name", "") in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
        yield "aside", list(_patterns(expr.graph))
    elif isinstance(expr, dict):
        for key in expr:
            if not str(key).startswith("_"):
                yield from _tests(getattr(expr, key))
    elif isinstance(expr, (list, tuple)):
        for inner in expr:
            yield from _tests(inner)


def _steps(subject: Any, path: Any, value: Any) -> Iterator[tuple[str, Any]]:
    """A pattern without sequences: each step between variables of its own."""
    kind = type(path).__name__
    if kind == "SequencePath":
        for number, step in enumerate(path.args, 1):
            between = value if number == len(path.args) else f"{id(path)} {number}"
            yield from _steps(subject, step, between)
            subject = between
    elif kind == "InvPath":
        yield from _steps(value, path.arg, subject)
    else:
        yield "triple", (_end(subject), path, _end(value))


def _end(term: Any) -> str | Term:
    kind = type(term).__name__
    if kind in ("Variable", "BNode"):
        return str(term)
    if kind == "str":
        return str(term)
    if kind == "URIRef":
        return ox.NamedNode(str(term))
    language, datatype = getattr(term, "language", None), getattr(term, "datatype", None)
    if language:
        return ox.Literal(str(term), language=language)
    return ox.Literal(str(term), datatype=ox.NamedNode(str(datatype)) if datatype else None)


def _ordered(parts: list[tuple[str, Any]], known: set[str]) -> Plan:
    """The parts of one group in an order in which each begins at what is known."""
    found: list[Walk | Either | Aside] = []
    triples = [part for kind, part in parts if kind == "triple"]
    either = [part for kind, part in parts if kind == "either"]
    while triples or either:
        ranked = [(rank, number) for number, triple in enumerate(triples) if (rank := _rank(triple, known)) is not None]
        if ranked:
            rank, number = min(ranked)
            subject, path, value = triples.pop(number)
            path = None if type(path).__name__ == "Variable" else path
            walk = Walk(subject, path, value, False) if rank == 0 else Walk(value, path, subject, True)
            found.append(walk)
            known |= {end for end in (walk.source, walk.target) if isinstance(end, str)}
        elif either:
            groups = either.pop(0)
            names = [set(known) for _ in groups]
            found.append(Either(tuple(_ordered(group, each) for group, each in zip(groups, names, strict=True))))
            known |= set.intersection(*names)
        else:
            raise UnreachableError(str(triples[0]))
    found += [Aside(_ordered(part, set(known))) for kind, part in parts if kind == "aside"]
    return tuple(found)


def _rank(triple: tuple[str | Term, Any, str | Term], known: set[str]) -> int | None:
    """How well a pattern can be walked now, 0 the best: from its subject, from a part or a version, from a name."""
    subject, path, value = triple
    if subject in known or isinstance(subject, ox.NamedNode):
        return 0 if _against(path, False) <= SHARED else None
    if not isinstance(value, str) or value not in known:
        return None
    against = _against(path, True)
    return None if not against <= SHARED else 1 if against <= _PARTS else 2


_PARTS = {expand(name) for name in ("dcat:hasCurrentVersion", "nb:reportingInstitution", "nb:statedIn")}


def _against(path: Any, back: bool) -> set[str]:
    """The properties that are walked from their value; an empty name for what cannot be looked up."""
    kind = type(path).__name__
    if kind == "URIRef":
        return {str(path)} if back else set()
    if kind == "Variable":
        return {""} if back else set()
    if kind == "InvPath":
        return _against(path.arg, not back)
    if kind in ("SequencePath", "AlternativePath"):
        return set().union(*(_against(part, back) for part in path.args))
    return _against(path.path, back) if kind == "MulPath" else {""}


class Lookups:
    """Triples of a store that were looked up, each once.

    whole: nodes of which the graph has all that is said already. former: institutions that count as another one
    (`nianbao.quality.series`); their reports are its own, and what is said of them is left out.
    """

    def __init__(self, store: Selects, graph: Index, whole: set[Term], former: dict[Term, Term] | None = None) -> None:
        self._store = store
        self.graph = graph
        self._whole = whole
        self._former = former or {}
        self._this: set[Term] | None = None
        self._done: set[tuple[Term, ox.NamedNode | None, bool]] = set()
        self._steps: dict[
            tuple[int, ox.NamedNode | None, bool], tuple[AbstractSet[Term], AbstractSet[Term] | None]
        ] = {}

    def gather(self, parts: Plan, filings: Iterable[Term]) -> None:
        """Fetch all that a query with this plan can see from these filings. Raises UnreachableError for blank nodes."""
        if self._this is None or self._this != set(filings):
            self._this = set(filings)
        self._gather(parts, {"this": self._this})

    def _gather(self, parts: Plan, known: dict[str, AbstractSet[Term]]) -> None:
        for part in parts:
            if isinstance(part, Walk):
                source = known[part.source] if isinstance(part.source, str) else {part.source}
                if part.target == "" and (part.path is None or type(part.path).__name__ == "URIRef"):
                    self._fetched(source, _predicate(part.path), part.back)
                    continue
                found = self.walk(source, part.path, back=part.back)
                if isinstance(part.target, str):
                    known.setdefault(part.target, found)
            elif isinstance(part, Aside):
                self._gather(part.plan, dict(known))
            else:
                each = [dict(known) for _ in part.plans]
                for one, names in zip(part.plans, each, strict=True):
                    self._gather(one, names)
                for name in set.intersection(*(set(names) for names in each)) - known.keys():
                    known[name] = set().union(*(names[name] for names in each))

    def walk(self, nodes: AbstractSet[Term], path: Any, *, back: bool = False) -> AbstractSet[Term]:
        """Where a path (rdflib's; None for any property) leads from these nodes, or to them."""
        kind = type(path).__name__
        if path is None or kind == "URIRef":
            return self._fetched(nodes, _predicate(path), back, wanted=True)
        if kind == "InvPath":
            return self.walk(nodes, path.arg, back=not back)
        here = nodes
        if kind == "SequencePath":
            for step in reversed(path.args) if back else path.args:
                here = self.walk(here, step, back=back)
            return here
        if kind == "AlternativePath":
            return set().union(*(self.walk(here, each, back=back) for each in path.args))
        if kind != "MulPath":
            raise UnreachableError(kind)
        found: set[Term] = set() if path.mod == "+" else set(here)
        while here:
            here = self.walk(here, path.path, back=back) - found
            found |= here
            if path.mod == "?":
                break
        return found

    def _fetched(
        self, nodes: AbstractSet[Term], predicate: ox.NamedNode | None, back: bool, *, wanted: bool = False
    ) -> AbstractSet[Term]:
        """The same for one property, done once for the same set of nodes: rules begin alike. Nothing unless wanted."""
        key = (id(nodes), predicate, back)
        _, found = self._steps.get(key, (nodes, None))
        if found is None:
            if key not in self._steps:
                if any(isinstance(node, (ox.BlankNode, ox.Triple)) for node in nodes):
                    raise UnreachableError("a blank node has no name by which it could be looked up")
                self._fetch(nodes, predicate, back)
            found = self._led(nodes, predicate, back) if wanted else None
            self._steps[key] = (nodes, found)  # with the nodes, so that their place is not taken by others
        return found or set()

    def step(self, nodes: Iterable[Term], predicate: ox.NamedNode | None, back: bool = False) -> set[Term]:
        """Where one property (None for any) leads from these nodes, or to them. Blank nodes lead nowhere."""
        here = set(nodes)
        self._fetch(here, predicate, back)
        return self._led(here, predicate, back)

    def _fetch(self, nodes: Iterable[Term], predicate: ox.NamedNode | None, back: bool) -> None:
        new = [
            node
            for node in nodes
            if (back or node not in self._whole)
            and isinstance(node, ox.NamedNode if not back else (ox.NamedNode, ox.Literal))
            and (node, predicate, back) not in self._done
        ]
        self._done.update((node, predicate, back) for node in new)
        waiting = iter(sorted(map(str, new)))
        known = "?o" if back else "?s"
        while some := list(islice(waiting, _TOGETHER)):
            for row in self._store.select(
                f"SELECT * WHERE {{ VALUES {known} {{ {' '.join(some)} }} ?s {predicate or '?p'} ?o }}"
            ):
                link = predicate or row["p"]
                assert isinstance(link, ox.NamedNode)
                self._add(row["s"], link, row["o"])

    def _led(self, nodes: Iterable[Term], predicate: ox.NamedNode | None, back: bool) -> set[Term]:
        found: set[Term] = set()
        for node in nodes:
            if back:
                assert predicate is not None
                found.update(self.graph.subjects(predicate, node))
            elif said := self.graph.out.get(node):
                if predicate is None:
                    found.update(value for values in said.values() for value in values)
                elif predicate in said:
                    found.update(said[predicate])
        return found

    def describe(self, nodes: Iterable[Term], *, beyond: bool = False) -> None:
        """Fetch all that is said of these nodes, and `beyond` that of what they lead to. Blank nodes lead nowhere."""
        new = {node for node in nodes if isinstance(node, ox.NamedNode)}
        seen: set[Term] = set()
        while new:
            found = self.step(new, None)
            self._whole |= new
            seen |= new
            new = {node for node in found if isinstance(node, ox.NamedNode)} - seen if beyond else set()

    def _add(self, subject: Term, predicate: ox.NamedNode, value: Term) -> None:
        if subject not in self._former:
            self.graph.add(subject, predicate, self._former.get(value, value) if predicate == INSTITUTION else value)


def _predicate(path: Any) -> ox.NamedNode | None:
    return None if path is None else ox.NamedNode(str(path))


INSTITUTION = ox.NamedNode(expand("nb:reportingInstitution"))
