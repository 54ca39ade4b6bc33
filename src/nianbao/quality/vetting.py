"""What rules of one's own must not do: change the shipped ones, take their numbers, or speak of terms that are none.

Each would end in an audit that looks clean and is not: a rule that looks for ``nb:telefone`` never finds any.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import get_close_matches

import pyoxigraph as ox

from nianbao.quality.engine.compiler import targeted
from nianbao.quality.engine.core import sh
from nianbao.quality.engine.index import TYPE, Index
from nianbao.quality.engine.paths import SH
from nianbao.quality.engine.terms import Term
from nianbao.quality.notes import OURS, known_terms
from nianbao.vocabulary import NBS, PREFIXES

_RULE = re.compile(r"[^\s/?#%\\<>\"'\x00-\x1f]{1,40}")


def changes(own: Index, shipped: Index) -> Iterator[str]:
    """What is said in a user's file of things that are ours, a sentence each; the very same triples may be repeated."""
    for subject, predicate, value in own.triples():
        if (
            isinstance(subject, ox.NamedNode)
            and subject in shipped.out
            and subject.value != NBS  # a copy of the prefixes, with one's own among them
            and value not in shipped.objects(subject, predicate)
            and not isinstance(value, ox.BlankNode)
        ):
            yield f"{subject} is there already, and cannot be changed here ({_short(predicate)})"


def unknown_terms(own: Index) -> Iterator[str]:
    """The terms of our namespaces in a user's shapes and their queries that are none, with the nearest that is."""
    known = known_terms()
    found: dict[str, Term] = {}
    for subject, predicate, value in own.triples():
        for term in (subject, predicate, value):
            if isinstance(term, ox.NamedNode) and term.value not in found:
                found[term.value] = subject
        if isinstance(value, ox.Literal) and predicate in (sh("select"), sh("ask"), sh("construct")):
            for iri in _in_query(value.value):
                found.setdefault(iri, subject)
    for iri, where in found.items():
        prefix = next((name for name, namespace in OURS.items() if iri.startswith(namespace)), None)
        if prefix and iri not in known and iri != OURS[prefix]:
            local = iri.removeprefix(OURS[prefix])
            yield f"the ontology has no {prefix}:{local} (at {where}){_nearest(prefix, local, known)}"


def _nearest(prefix: str, local: str, known: frozenset[str]) -> str:
    names = {iri.removeprefix(OURS[prefix]) for iri in known if iri.startswith(OURS[prefix])}
    by_case = {name.casefold(): name for name in names}
    near = get_close_matches(local.casefold(), by_case, n=1, cutoff=0.75)
    return f"; the nearest is {prefix}:{by_case[near[0]]}" if near else ""


def _in_query(text: str) -> Iterator[str]:
    """The IRIs of our namespaces in a query; words in quotes and comments are none."""
    text = re.sub(r'"""(?:[^\\]|\\.)*?"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\'', '""', text, flags=re.DOTALL)
    yield from re.findall(r"<([^<>\s]+)>", text)
    prefixes = OURS | dict(re.findall(r"(?i:prefix)\s+([\w-]*):\s*<([^<>\s]*)>", text))
    text = re.sub(r"#[^\n]*", "", re.sub(r"<[^<>\s]*>", "<>", text))
    for prefix, local in re.findall(r"(?<![\w:?$-])([A-Za-z][\w-]*):([A-Za-z_][\w-]*)", text):
        if prefix in prefixes:
            yield prefixes[prefix] + local


def bad_number(rule: str) -> str | None:
    """Why a rule cannot have this number; None where it can."""
    if not _RULE.fullmatch(rule):
        return f"{rule!r} cannot be the number of a rule: up to 40 letters, digits, - . or _, without a space"
    if rule.upper().startswith("NB-"):
        return f"{rule!r} cannot be the number of a rule: NB-… are the codes of errors"
    return None


def unused(shapes: Index) -> Iterator[Term]:
    """Shapes that no target and no other shape leads to: they are never run."""
    nodes = {node: None for kind in ("NodeShape", "PropertyShape") for node in shapes.subjects(TYPE, sh(kind))}
    nodes |= dict.fromkeys(shapes.by_predicate.get(sh("sparql"), ()))
    nodes |= dict.fromkeys(shapes.by_predicate.get(sh("property"), ()))
    with_targets = targeted(shapes)
    for node in nodes:
        if node not in with_targets and not any(
            predicate != sh("sourceShape") for predicate in shapes.into.get(node, {})
        ):
            yield node


def _short(term: ox.NamedNode) -> str:
    for prefix, namespace in {**PREFIXES, "sh": SH}.items():
        if term.value.startswith(namespace):
            return f"{prefix}:{term.value.removeprefix(namespace)}"
    return term.value
