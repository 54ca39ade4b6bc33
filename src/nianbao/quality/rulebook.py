"""All the rules of one audit: the shipped shapes and folders of a user's own, checked, told apart and ready to run.

A user's shapes need no more than SHACL asks for: what a rule of ours must have (number, texts, basis …) is filled in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path

import pyoxigraph as ox

from nianbao.errors import ShapesError
from nianbao.quality import shapes as loader
from nianbao.quality.engine.compiler import Compiled, targeted
from nianbao.quality.engine.core import sh
from nianbao.quality.engine.index import TYPE, Index
from nianbao.quality.engine.lint import faults
from nianbao.quality.engine.paths import SH, read
from nianbao.quality.engine.terms import Term
from nianbao.quality.shapes import BASIS_KINDS, OWN_BASIS, Basis, Check, Fault, Rule, Severity, Text
from nianbao.quality.vetting import bad_number, changes, unknown_terms, unused
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
    folder, own: the folders that they are from. mine: the shapes of a user's that have targets. unused: those that
    nothing leads to, so they are never run.
    """

    graph: Index
    checks: Mapping[str, Check]
    digest: str
    where: str
    folder: Path = SHAPES
    own: tuple[Path, ...] = ()
    mine: tuple[Term, ...] = ()
    unused: tuple[Term, ...] = ()

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

    @cached_property
    def unsure(self) -> Decimal:
        """The confidence below which a figure may be misread: the threshold of rule Q02."""
        known = loader.thresholds(self.folder).get("confidenceMinimum")
        return known.value if known else Decimal(0)

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

    @cached_property
    def by_number(self) -> Mapping[str, Rule]:
        """The rules by number."""
        return {rule.id: rule for rule in self.rules}

    @cached_property
    def restricted(self) -> frozenset[str]:
        """The numbers of the rules whose findings are for the registrar only."""
        return frozenset(rule.id for rule in self.rules if rule.restricted)

    @cached_property
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
    checks: dict[str, Check] = {}
    for one in (folder, *own):
        if not loader.shape_files(one):
            raise ShapesError("no SHACL files (*.ttl)", where=str(one), remedy="name a folder with *.ttl files")
        part = _named_shapes(read_shapes(one), loader.digest(one)[:12])
        if one == folder:
            checks |= loader.checks(folder)
        elif not targeted(part) and not part.by_predicate.get(sh("path")) and not part.subjects(TYPE, sh("NodeShape")):
            raise _refused("the files hold no shapes", str(one), "name a folder with SHACL shapes")
        else:
            _vet(part, graph, {check.rule.casefold(): check for check in checks.values()}, one)
        for triple in part.triples():
            graph.add(*triple)
            if one != folder:
                mine.add(*triple)
        if one != folder:
            sha.update(loader.digest(one).encode())
            checks |= _own_checks(part, graph, one)
    where = ", ".join(str(one) for one in (folder, *own))
    if found := next(faults(graph), None):
        raise _refused(called(found, graph), where)
    if found := next(unknown_terms(mine), None):
        raise _refused(called(found, graph), where, "correct the term (list them with: nianbao ontology)")
    checks |= _nested(graph, checks)
    digest = sha.hexdigest() if own else loader.digest(folder)
    return Rulebook(graph, checks, digest, where, folder, own, tuple(targeted(mine)), tuple(unused(mine)))


_CODE = "NB-SHAPES-RULE"


def _vet(part: Index, before: Index, rules: Mapping[str, Check], folder: Path) -> None:
    """Raises ShapesError where a user's shapes change others or take the number of a rule."""
    where = str(folder)
    if clash := sorted(_iri(node) for node in set(targeted(before)) & set(targeted(part))):
        raise _refused(f"the shape {clash[0]} is there already", where, "give it another IRI")
    if found := next(changes(part, before), None):
        raise _refused(called(found, part), where, "give what is yours IRIs of your own")
    for node in targeted(part):
        if len(part.objects(node, _name("dcterms:identifier"))) > 1:
            raise _refused(called(f"{node} has several values of dcterms:identifier", part), where)
        number = _number(part, node)
        if reason := bad_number(number):
            raise _refused(called(f"{reason} (at {node})", part), where, _NUMBER)
        if (other := rules.get(number.casefold())) is not None:
            raise _refused(
                called(f"{number!r} is the number of a rule that is there already (at {node}; {other.shape})", part),
                where,
                _NUMBER,
            )


_NUMBER = "give the rule a number of its own with dcterms:identifier"


def _refused(reason: str, where: str, remedy: str = "correct the shape") -> ShapesError:
    return ShapesError(reason, where=where, remedy=f"{remedy}; nothing was audited", code=_CODE)


def called(words: str, graph: Index) -> str:
    """The words, with shapes that have no name called by the shape that they are in and their path."""

    def name(node: Term) -> str:
        outer = next((subject for subjects in graph.into.get(node, {}).values() for subject in subjects), None)
        path = graph.value(node, sh("path"))
        try:
            at = f"with sh:path {read(graph, path).sparql()}" if path is not None else "without a name"
        except ValueError:
            at = "with a sh:path that is none"
        if outer is None:
            return f"a shape {at}"
        inside = name(outer) if _iri(outer).startswith(_SKOLEM) or isinstance(outer, ox.BlankNode) else str(outer)
        return f"the part {at} of {inside}"

    return re.sub(f"<{_SKOLEM}[^>]*>", lambda found: name(ox.NamedNode(found[0][1:-1])), words)


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


def read_shapes(folder: Path) -> Index:
    """The triples of a folder's SHACL files. Raises ShapesError with file and line where one does not parse."""
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


def _named_shapes(graph: Index, mark: str) -> Index:
    """The same shapes with names for those that are blank nodes, and for SPARQL constraints.

    The same files give the same names: findings in a store are told by them.
    """
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
    names = {node: ox.NamedNode(f"{_SKOLEM}{mark}-{number}") for number, node in enumerate(blank, 1)}
    found = Index()
    for subject, predicate, value in graph.triples():
        found.add(_of(names, subject), predicate, _of(names, value))
    return found


def _of(names: Mapping[ox.BlankNode, ox.NamedNode], term: Term) -> Term:
    return names.get(term, term) if isinstance(term, ox.BlankNode) else term


def _iri(node: Term) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)


# --- what is said of shapes that are not ours


def _own_checks(part: Index, graph: Index, folder: Path) -> dict[str, Check]:
    """What is said of a user's shapes, without those that are switched off."""
    try:
        return {
            _iri(node): _check(graph, node, None) for node in targeted(part) if not _true(graph, node, "sh:deactivated")
        }
    except ShapesError as error:
        raise _refused(called(error.reason, graph), str(folder), error.remedy) from error


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
    severity = graph.value(node, sh("severity"))
    label = _text(graph, node, _name("rdfs:label")) or _text(graph, node, sh("name"))
    if outer is not None:
        said = replace(outer, shape=name, select=selects[0] if selects else None, severity=_severity(severity))
        return replace(said, message=message or label or outer.message)
    rule = _number(graph, node)
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
        absence=_true(graph, node, "nb:tellsAbsence"),
        remedy=_text(graph, node, _name("nb:remedy")) or loader.COMPARE,
        note=_text(graph, node, _name("rdfs:comment")),
    )


def _number(graph: Index, node: Term) -> str:
    """The number of a user's rule: what it says, else the last part of the shape's IRI."""
    said = graph.value(node, _name("dcterms:identifier"))
    name = _iri(node).rstrip("#/")
    return said.value if isinstance(said, ox.Literal) else re.split(r"[#/:]", name)[-1]


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
    said = graph.value(node, _name(name))
    if said is None:
        return default
    words = _iri(said).removeprefix(NBC)
    if words not in allowed:
        codes = ", ".join(f"nbc:{code}" for code in allowed)
        raise ShapesError(f"{said} is no value of {name} (at {node})", remedy=f"use one of {codes}", code=_CODE)
    return words


def _true(graph: Index, node: Term, name: str) -> bool:
    said = graph.value(node, _name(name))
    if said is None:
        return False
    if not isinstance(said, ox.Literal) or said.value not in ("true", "1", "false", "0"):
        raise ShapesError(f"{said} is no value of {name} (at {node})", remedy="say true or false", code=_CODE)
    return said.value in ("true", "1")


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


__all__ = ["Rulebook", "called", "read_shapes", "rulebook", "without_targets"]
