"""What SHACL itself lets pass and an audit must not: misspelt terms, limits that no value can meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from nianbao.quality.engine.contradictions import contradictions
from nianbao.quality.engine.core import sh
from nianbao.quality.engine.index import TYPE, Index
from nianbao.quality.engine.paths import SH
from nianbao.quality.engine.terms import Term

_TERMS = frozenset(Path(__file__).with_name("shacl_terms.txt").read_text("utf-8").split())
"""SHACL 1.0 and its advanced and JavaScript features."""

_SINGLE = tuple(
    sh(name)
    for name in (
        *("datatype", "nodeKind", "minCount", "maxCount", "minExclusive", "minInclusive", "maxExclusive"),
        *("maxInclusive", "minLength", "maxLength", "uniqueLang", "in", "closed", "ignoredProperties", "languageIn"),
        *("deactivated", "severity", "path"),
    )
)
"""What a shape may state once (SHACL, appendix D)."""

_COUNTED = ("minCount", "maxCount", "uniqueLang", "lessThan", "lessThanOrEquals", "qualifiedValueShape")
"""What a shape without a path cannot state (SHACL, appendix D)."""

_SEVERITIES = (sh("Violation"), sh("Warning"), sh("Info"))


def faults(shapes: Index) -> Iterator[str]:
    """What is wrong with a shapes graph, a sentence each."""
    for subject, predicate, value in shapes.triples():
        words = [predicate, value] if predicate == TYPE else [predicate]
        for term in (*words, *([value] if predicate in (sh("severity"), sh("nodeKind")) else ())):
            if (name := unknown(term)) is not None:
                yield f"SHACL has no term sh:{name} (at {subject})"
    for single in _SINGLE:
        for shape in shapes.by_predicate.get(single, ()):
            if len(values := shapes.objects(shape, single)) > 1:
                yield f"{shape} has {len(values)} values of {_short(single)}, and may have one"
    for name in _COUNTED:
        for shape in shapes.by_predicate.get(sh(name), ()):
            wrong = (v for v in shapes.objects(shape, sh(name)) if name in _COUNTED[:2] and not _whole(v))
            yield from (f"{shape} has sh:{name} {value}, which is not a whole number" for value in wrong)
            if not shapes.objects(shape, sh("path")):
                yield f"{shape} has sh:{name} but no sh:path, so it has no values to look at"
    for shape in shapes.subjects(TYPE, sh("PropertyShape")):
        if not shapes.objects(shape, sh("path")):
            yield f"{shape} is a property shape but has no sh:path"
    for shape in shapes.by_predicate.get(sh("severity"), ()):
        for severity in shapes.objects(shape, sh("severity")):
            ours = isinstance(severity, ox.NamedNode) and not severity.value.startswith(SH)
            if not (ours or severity in _SEVERITIES):
                yield f"{shape} has the severity {severity}, which is none: sh:Violation, sh:Warning, sh:Info"
    for name in ("targetClass", "targetSubjectsOf", "targetObjectsOf"):
        for shape in shapes.by_predicate.get(sh(name), ()):
            for target in shapes.objects(shape, sh(name)):
                if not isinstance(target, ox.NamedNode):
                    yield f"{shape} has the target sh:{name} {target}, which is no IRI: it looks at nothing"
    for name in ("qualifiedMinCount", "qualifiedMaxCount"):
        for shape in shapes.by_predicate.get(sh(name), ()):
            if not shapes.objects(shape, sh("qualifiedValueShape")):
                yield f"{shape} has sh:{name} but no sh:qualifiedValueShape, so there is nothing to count"
    for shape, name, inner in _referred(shapes):
        if not any(predicate.value.startswith(SH) for predicate in shapes.out.get(inner, ())):
            yield f"{shape} refers by sh:{name} to {inner}, which is no shape: all would conform to it"
    yield from contradictions(shapes)


def _referred(shapes: Index) -> Iterator[tuple[Term, str, Term]]:
    """What shapes refer to as other shapes."""
    for name in ("node", "not", "qualifiedValueShape"):
        for shape in shapes.by_predicate.get(sh(name), ()):
            yield from ((shape, name, inner) for inner in shapes.objects(shape, sh(name)))
    for name in ("and", "or", "xone"):
        for shape in shapes.by_predicate.get(sh(name), ()):
            for head in shapes.objects(shape, sh(name)):
                try:
                    members = shapes.items(head)
                except ValueError:
                    continue  # told when it is compiled
                yield from ((shape, name, inner) for inner in members)


def _whole(term: Term) -> bool:
    return isinstance(term, ox.Literal) and term.value.lstrip("+-").isdecimal()


def unknown(term: Term) -> str | None:
    """The local name of a term in SHACL's namespace that is none of its terms."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(SH) and (name := term.value[len(SH) :]) not in _TERMS:
        return None if name.endswith("ConstraintComponent") else name
    return None


def _short(name: ox.NamedNode) -> str:
    return "sh:" + name.value.removeprefix(SH)
