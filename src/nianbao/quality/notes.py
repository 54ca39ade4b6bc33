"""Notes on an audit: what its rules could not see in the data. With such a note an audit is not passed.

A rule finds statements by their terms and compares values by their datatypes: a misspelt term, or an amount that is no
number, is passed over by it, which must not look like a clean report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import pyoxigraph as ox

from nianbao.mapping import ontology
from nianbao.quality.engine.index import TYPE, Index
from nianbao.quality.engine.terms import XSD, Term, value
from nianbao.quality.shapes import Text
from nianbao.vocabulary import NB, expand


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be known of a run beside its findings. fails: with it the audit is not passed, findings or none."""

    text: Text
    fails: bool = False


def unseen(graph: Index) -> Iterator[Note]:
    """A note for each term of our namespace that the ontology does not have, and for each property of ours that has a
    value of the wrong kind."""
    terms, ranges = known_terms(), _ranges()
    used = [
        *graph.by_predicate,
        *(cls for node in graph.by_predicate.get(TYPE, ()) for cls in graph.objects(node, TYPE)),
    ]
    for term in dict.fromkeys(used):
        if isinstance(term, ox.NamedNode) and term.value.startswith(NB) and term.value not in terms:
            name = "nb:" + term.value.removeprefix(NB)
            yield Note(
                Text(
                    f"本体中没有 {name}，所述内容未经审核", f"the ontology has no {name}: what it says was not checked"
                ),
                fails=True,
            )
    for predicate, subjects in graph.by_predicate.items():
        if (wanted := ranges.get(predicate.value)) is None:
            continue
        wrong = [said for node in subjects for said in graph.out[node][predicate] if not _is_of(said, wanted)]
        if wrong:
            name, kind = "nb:" + predicate.value.removeprefix(NB), wanted.replace(XSD, "xsd:") or "IRI"
            shown = wrong[0].value if not isinstance(wrong[0], ox.Triple) else str(wrong[0])
            yield Note(
                Text(
                    f"{name} 有 {len(wrong)} 个值不是 {kind}（如“{shown}”），未经审核",
                    f"{name} has values that are no {kind} ({len(wrong)}, for one “{shown}”): they were not checked",
                ),
                fails=True,
            )


def _is_of(said: Term, wanted: str) -> bool:
    """Whether a value is of a datatype, or, for '', no literal."""
    if not isinstance(said, ox.Literal):
        return not wanted
    if not wanted:
        return False
    found = value(said)
    if wanted == XSD + "string":  # words in a language are words
        return found is not None and (found.kind == "string" or found.kind.startswith("text@"))
    if wanted == XSD + "decimal":  # whole numbers of any type are decimals; doubles compare with them
        return found is not None and found.kind == "number"
    return found is not None and said.datatype.value == wanted


@cache
def known_terms() -> frozenset[str]:
    """The IRIs that ontology, codes and indicators declare."""
    return frozenset(t.subject.value for t in ontology.triples() if isinstance(t.subject, ox.NamedNode))


@cache
def _ranges() -> Mapping[str, str]:
    """The datatype of our properties' values; '' where they are no literals."""
    kind, has_range = ox.NamedNode(expand("owl:ObjectProperty")), ox.NamedNode(expand("rdfs:range"))
    found: dict[str, str] = {}
    for triple in ontology.triples():
        subject, value_ = triple.subject, triple.object
        if not isinstance(subject, ox.NamedNode) or not isinstance(value_, ox.NamedNode):
            continue
        if triple.predicate == TYPE and value_ == kind:
            found[subject.value] = ""
        elif triple.predicate == has_range and value_.value.startswith(XSD):
            found[subject.value] = value_.value
    return {name: of for name, of in found.items() if name.startswith(NB)}
