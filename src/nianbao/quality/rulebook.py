"""All the rules of one audit: the shipped shapes and folders of a user's own, checked, told apart and ready to run.

A user's shapes need no more than SHACL asks for: what a rule of ours must have (number, texts, basis …) is filled in.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path

import pyoxigraph as ox

from nianbao.errors import ShapesError
from nianbao.quality import shapes as loader
from nianbao.quality.engine.compiler import Compiled, targeted
from nianbao.quality.engine.core import sh
from nianbao.quality.engine.index import TYPE, Index
from nianbao.quality.engine.lint import faults
from nianbao.quality.engine.paths import SH
from nianbao.quality.engine.terms import Term
from nianbao.quality.shapes import BASIS_KINDS, OWN_BASIS, Basis, Check, Fault, Rule, Severity, Text
from nianbao.resources import SHAPES
from nianbao.vocabulary import NBC, expand

_SKOLEM = "urn:x-nianbao:shape:"
_SHAPE_VALUES = ("property", "node", "not", "qualifiedValueShape")
_SHAPE_LISTS = ("and", "or", "xone")


@dataclass(frozen=True)
class Rulebook:
    """Shapes as one graph, and what is said of each.

    graph: all triples; shapes that are blank nodes have names in it, so that every engine calls them the same.
    checks: what to say of a result, by the IRI of the shape that made it. digest: of all the files.
    """

    graph: Index
    checks: Mapping[str, Check]
    digest: str
    where: str

    @cached_property
    def across(self) -> frozenset[Term]:
        """The shapes that compare reports: they are not run on a filing by itself."""
        return frozenset(
            node for node in targeted(self.graph) if (known := self.checks.get(_iri(node))) is not None and known.across
        )

    @cached_property
    def single(self) -> Index:
        """The shapes graph for one filing: without the targets of shapes that compare reports."""
        return without_targets(self.graph, self.across)

    @cached_property
    def compiled(self) -> Compiled:
        """The shapes for one filing, compiled."""
        return self._compile(self.single)

    @cached_property
    def left(self) -> Index:
        """The shapes graph for one filing with those shapes only that are not compiled."""
        return without_targets(self.single, frozenset(targeted(self.single)) - self.compiled.unsupported.keys())

    @cached_property
    def between(self) -> Index:
        """The shapes graph for reports together: without the targets of shapes for a filing by itself."""
        return without_targets(self.graph, frozenset(targeted(self.graph)) - self.across)

    @cached_property
    def compiled_across(self) -> Compiled:
        """The shapes that compare reports, compiled."""
        return self._compile(self.between)

    @cached_property
    def left_across(self) -> Index:
        """The shapes graph for reports together with those shapes only that are not compiled."""
        return without_targets(
            self.between, frozenset(targeted(self.between)) - self.compiled_across.unsupported.keys()
        )

    def _compile(self, graph: Index) -> Compiled:
        try:
            return Compiled(graph)
        except ValueError as error:
            raise ShapesError(
                f"the shapes are not well-formed: {error}",
                where=self.where,
                remedy="correct the shape; nothing was audited",
                code="NB-SHAPES-RUN",
            ) from error

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rules by number, worst severity first in each."""
        groups: dict[str, list[Check]] = {}
        for check in self.checks.values():
            if not check.shape.startswith(_SKOLEM):
                groups.setdefault(check.rule, []).append(check)
        for group in groups.values():
            group.sort(key=lambda check: (loader.SEVERITIES.index(check.severity), check.shape))
        return tuple(Rule(name, tuple(group)) for name, group in sorted(groups.items()))


@cache
def rulebook(folder: Path = SHAPES, own: tuple[Path, ...] = ()) -> Rulebook:
    """The rules of a folder in the form of ours, and of folders of a user's own.

    Raises ShapesError for files that do not parse, shapes that contradict themselves or each other, and terms that
    SHACL does not have: a misspelt constraint would find nothing.
    """
    graph, mine = Index(), Index()
    sha = hashlib.sha256(loader.digest(folder).encode())
    for one in (folder, *own):
        if not loader.shape_files(one):
            raise ShapesError("no SHACL files (*.ttl)", where=str(one), remedy="name a folder with *.ttl files")
        before = set(targeted(graph))
        part = _named_shapes(_read(one))
        if clash := sorted(_iri(node) for node in before & set(targeted(part))):
            raise ShapesError(
                f"the shape {clash[0]} is there already", where=str(one), remedy="give it another IRI", code=_CODE
            )
        for triple in part.triples():
            graph.add(*triple)
            if one != folder:
                mine.add(*triple)
        if one != folder:
            sha.update(loader.digest(one).encode())
    where = ", ".join(str(one) for one in (folder, *own))
    if found := list(faults(graph)):
        raise ShapesError(found[0], where=where, remedy="correct the shape; nothing was audited", code=_CODE)
    checks = dict(loader.checks(folder))
    checks |= _own_checks(mine, graph, checks)
    checks |= _nested(graph, checks)
    digest = sha.hexdigest() if own else loader.digest(folder)
    return Rulebook(graph, checks, digest, where)


_CODE = "NB-SHAPES-RULE"


def without_targets(graph: Index, shapes: frozenset[Term]) -> Index:
    """A shapes graph in which these shapes have no focus nodes of their own; others may still refer to them."""
    if not shapes:
        return graph
    targets = {sh(name) for name in ("target", "targetNode", "targetClass", "targetSubjectsOf", "targetObjectsOf")}
    found = Index()
    for subject, predicate, value in graph.triples():
        if subject in shapes and (predicate in targets or (predicate == TYPE and _class(value))):
            continue
        found.add(subject, predicate, value)
    return found


def _class(term: Term) -> bool:
    return isinstance(term, ox.NamedNode) and not term.value.startswith(SH)


def _read(folder: Path) -> Index:
    found = Index()
    for path, text in loader.shape_texts(folder):
        try:
            for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri="urn:x-nianbao:", rename_blank_nodes=True):
                found.add(quad.subject, quad.predicate, quad.object)
        except SyntaxError as error:
            place = f"line {error.lineno}" if error.lineno else ""
            reason = f"not Turtle: {error.args[0]}"
            raise ShapesError(reason, where=str(path), place=place, remedy="correct the file") from error
    return found


def _named_shapes(graph: Index) -> Index:
    """The same shapes with names for those that are blank nodes, and for SPARQL constraints."""
    nodes: dict[Term, None] = dict.fromkeys(targeted(graph))
    for name in (*_SHAPE_VALUES, "sparql"):
        for subject in graph.by_predicate.get(sh(name), ()):
            nodes.update(dict.fromkeys(graph.objects(subject, sh(name))))
    for name in _SHAPE_LISTS:
        for subject in graph.by_predicate.get(sh(name), ()):
            for head in graph.objects(subject, sh(name)):
                try:
                    nodes.update(dict.fromkeys(graph.items(head)))
                except ValueError:
                    continue  # told when it is compiled
    blank = [node for node in nodes if isinstance(node, ox.BlankNode)]
    names = {node: ox.NamedNode(f"{_SKOLEM}{node.value}") for node in blank}
    found = Index()
    for subject, predicate, value in graph.triples():
        found.add(_of(names, subject), predicate, _of(names, value))
    return found


def _of(names: Mapping[ox.BlankNode, ox.NamedNode], term: Term) -> Term:
    return names.get(term, term) if isinstance(term, ox.BlankNode) else term


def _iri(node: Term) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


# --- what is said of shapes that are not ours


def _own_checks(mine: Index, graph: Index, known: Mapping[str, Check]) -> dict[str, Check]:
    return {_iri(node): _check(graph, node, None) for node in targeted(mine) if _iri(node) not in known}


def _nested(graph: Index, checks: Mapping[str, Check]) -> dict[str, Check]:
    """What is said of property shapes inside others: what they say themselves, else what these say."""
    found: dict[str, Check] = {}
    waiting = [(node, checks[_iri(node)]) for node in targeted(graph) if _iri(node) in checks]
    while waiting:
        outer, check = waiting.pop()
        for inner in graph.objects(outer, sh("property")):
            if (name := _iri(inner)) not in checks and name not in found:
                found[name] = _check(graph, inner, check)
                waiting.append((inner, found[name]))
    return found


def _check(graph: Index, node: Term, outer: Check | None) -> Check:
    """What can be said of a shape, with defaults; `outer` is what is said of the shape that it is in."""
    name = _iri(node)
    queries = graph.objects(node, sh("sparql"))
    messages = [_text(graph, where, sh("message")) for where in (node, *queries)]
    message = next((text for text in messages if text), None)
    selects = [text.value for query in queries for text in _literals(graph, query, sh("select"))]
    short = name.rpartition("#")[2].rpartition("/")[2].rpartition(":")[2]
    severity = graph.value(node, sh("severity"))
    label = _text(graph, node, _name("rdfs:label")) or _text(graph, node, sh("name"))
    if outer is not None:
        said = replace(outer, shape=name, select=selects[0] if selects else None, severity=_severity(severity))
        return replace(said, message=message or label or outer.message)
    identifier = graph.value(node, _name("dcterms:identifier"))
    rule = identifier.value if isinstance(identifier, ox.Literal) else short
    label = label or _text(graph, node, sh("description")) or Text(f"自定规则 {rule}", f"Own rule {rule}")
    return Check(
        shape=name,
        rule=rule,
        label=label,
        severity=_severity(severity),
        message=message or Text(f"不符合：{label.zh}", f"Does not conform: {label.en}"),
        bases=tuple(_basis(graph, basis) for basis in graph.objects(node, _name("dcterms:source"))) or (OWN_BASIS,),
        dimension=_code(graph, node, "dqv:inDimension", tuple(loader.DIMENSION_NAMES_ZH), "conformity"),
        fault=_fault(_code(graph, node, "nb:fault", ("faultSource", "faultExtraction", "faultModel"), "faultSource")),
        select=selects[0] if selects else None,
        across=_true(graph, node, "nb:acrossReports"),
        restricted=_true(graph, node, "nb:restricted"),
    )


def _basis(graph: Index, node: Term) -> Basis:
    """A basis that a user's rule names: one of ours, one described beside the rule, or an IRI only. Unless it is said
    that its text has been seen, it has not."""
    label = _text(graph, node, _name("rdfs:label")) or _text(graph, node, _name("dcterms:title"))
    kind = _code(graph, node, "nb:basisKind", tuple(f"basis{each.capitalize()}" for each in BASIS_KINDS), "basisText")
    words = node.value if isinstance(node, ox.Literal) else _iri(node)
    return Basis(
        "" if isinstance(node, ox.Literal | ox.BlankNode) else words,
        label or Text(words, words),
        next(each for each in BASIS_KINDS if kind == f"basis{each.capitalize()}"),
        _true(graph, node, "nb:basisVerified"),
    )


def _name(prefixed: str) -> ox.NamedNode:
    return ox.NamedNode(expand(prefixed))


def _severity(term: Term | None) -> Severity:
    """A severity of SHACL; one of the user's own counts as a violation."""
    return next((known for known in loader.SEVERITIES if term == sh(known.capitalize())), "violation")


def _fault(code: str) -> Fault:
    return "extraction" if code == "faultExtraction" else "model" if code == "faultModel" else "source"


def _code(graph: Index, node: Term, name: str, allowed: Sequence[str], default: str) -> str:
    words = _iri(graph.value(node, _name(name)) or ox.NamedNode(NBC + default)).removeprefix(NBC)
    return words if words in allowed else default


def _true(graph: Index, node: Term, name: str) -> bool:
    said = graph.value(node, _name(name))
    return isinstance(said, ox.Literal) and said.value in ("true", "1")


def _text(graph: Index, node: Term, name: ox.NamedNode) -> Text | None:
    """The words of a node in both languages: one stands for the other where that is lacking."""
    words = {term.language or "": term.value for term in _literals(graph, node, name)}
    if not words:
        return None
    first = next(iter(words.values()))
    zh = next((text for lang, text in words.items() if lang.startswith("zh")), None)
    en = next((text for lang, text in words.items() if lang.startswith("en")), None)
    return Text(zh or words.get("") or en or first, en or words.get("") or zh or first)


def _literals(graph: Index, node: Term, name: ox.NamedNode) -> Iterator[ox.Literal]:
    return (term for term in graph.objects(node, name) if isinstance(term, ox.Literal))


__all__ = ["Rulebook", "rulebook", "without_targets"]
