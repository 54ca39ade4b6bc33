"""What SHACL itself lets pass and an audit must not: misspelt terms, limits that no value can meet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox

from nianbao.quality.engine.core import sh
from nianbao.quality.engine.index import TYPE, Index
from nianbao.quality.engine.paths import SH
from nianbao.quality.engine.terms import Term, compare

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

_PAIRS = tuple(
    (sh(low), sh(high), same)
    for low, high, same in (
        ("minCount", "maxCount", True),
        ("minLength", "maxLength", True),
        ("qualifiedMinCount", "qualifiedMaxCount", True),
        ("minInclusive", "maxInclusive", True),
        ("minInclusive", "maxExclusive", False),
        ("minExclusive", "maxInclusive", False),
        ("minExclusive", "maxExclusive", False),
    )
)
"""A lower and an upper limit, and whether they may be equal."""


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
    for low, high, same in _PAIRS:
        for shape in shapes.by_predicate.get(low, ()):
            for least in shapes.objects(shape, low):
                for most in shapes.objects(shape, high):
                    order = compare(least, most)
                    if order == 1 or (order == 0 and not same):
                        yield f"{shape} contradicts itself: {_short(low)} {least.value} {_short(high)} {most.value}"  # type: ignore[union-attr]


def unknown(term: Term) -> str | None:
    """The local name of a term in SHACL's namespace that is none of its terms."""
    if isinstance(term, ox.NamedNode) and term.value.startswith(SH) and (name := term.value[len(SH) :]) not in _TERMS:
        return None if name.endswith("ConstraintComponent") else name
    return None


def _short(name: ox.NamedNode) -> str:
    return "sh:" + name.value.removeprefix(SH)
