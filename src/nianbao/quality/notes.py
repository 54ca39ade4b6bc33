"""Notes on an audit: what its rules could not see in the data. With such a note an audit is not passed.

A rule finds statements by their terms and compares values by their datatypes: a misspelt term, or an amount that is no
number, is passed over by it, which must not look like a clean report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import cast

import pyoxigraph as ox

from nianbao.mapping import ontology
from nianbao.quality.engine.index import TYPE, Index
from nianbao.quality.engine.terms import XSD, Term, compare, value
from nianbao.quality.shapes import Text
from nianbao.vocabulary import NB, NBC, NBI, PREFIXES, expand


@dataclass(frozen=True, slots=True)
class Note:
    """What is to be known of a run beside its findings. fails: with it the audit is not passed, findings or none."""

    text: Text
    fails: bool = False

    def of(self, where: str) -> Note:
        """The same, beginning with what it is about: a file."""
        return Note(Text(f"{where}：{self.text.zh}", f"{where}: {self.text.en}"), self.fails)


def unseen(graph: Index) -> Iterator[Note]:
    """A note for what no rule has seen in these data, or could not compare.

    Terms that are none, values of the wrong kind, several where there can be one, things that are parts of themselves.
    """
    yield from _unknown(graph)
    yield from _wrong_kind(graph)
    yield from _several(graph)
    yield from _cycles(graph)


def _unknown(graph: Index) -> Iterator[Note]:
    """Terms of our namespaces that ontology, codes and indicators do not have."""
    terms = known_terms()
    for term in dict.fromkeys((*graph.by_predicate, *graph.into)):
        if isinstance(term, ox.NamedNode) and term.value not in terms:
            prefix = next((name for name, of in OURS.items() if term.value.startswith(of) and term.value != of), None)
            if prefix:
                name = f"{prefix}:{term.value.removeprefix(OURS[prefix])}"
                yield Note(
                    Text(
                        f"本体中没有 {name}，所述内容未经审核",
                        f"the ontology has no {name}: what it says was not checked",
                    ),
                    fails=True,
                )


def _wrong_kind(graph: Index) -> Iterator[Note]:
    ranges = _ranges()
    for predicate, subjects in graph.by_predicate.items():
        if (wanted := ranges.get(predicate.value)) is None:
            continue
        wrong = [said for node in subjects for said in graph.out[node][predicate] if not _is_of(said, wanted)]
        if wrong:
            name, kind = _short(predicate), wanted.replace(XSD, "xsd:") or "IRI"
            told = "1 value that is" if len(wrong) == 1 else f"{len(wrong)} values that are"
            shown = _cut(wrong[0].value if not isinstance(wrong[0], ox.Triple) else str(wrong[0]))
            yield Note(
                Text(
                    f"{name} 有 {len(wrong)} 个值不是 {kind}（如“{shown}”），未经审核",
                    f"{name} has {told} no {kind} (“{shown}”): not checked",
                ),
                fails=True,
            )


def _several(graph: Index) -> Iterator[Note]:
    """More values than one where a thing has one: which of them a rule took cannot be told."""
    ranges = _ranges()
    for predicate in _SINGLE:
        wanted = ranges.get(predicate.value, "")
        found = [
            node
            for node in graph.by_predicate.get(predicate, ())
            if len(_distinct(said for said in graph.out[node][predicate] if _is_of(said, wanted))) > 1
        ]
        if found:
            name, shown = _short(predicate), _cut(str(found[0]))
            yield Note(
                Text(
                    f"{len(found)} 处 {name} 有不止一个值（如 {shown}），不能确定以哪个为准",
                    f"{name} has more than one value ({len(found)}, for one at {shown}): which counts cannot be told",
                ),
                fails=True,
            )


def _distinct(values: Iterable[Term]) -> list[Term]:
    """The values, of equal ones (``21`` and ``2.1e1``) the first."""
    found: list[Term] = []
    for said in values:
        if not any(said == other or compare(said, other) == 0 for other in found):
            found.append(said)
    return found


def _cycles(graph: Index) -> Iterator[Note]:
    """Things that lead back to themselves where that makes no sense."""
    for predicate in _ACYCLIC:
        cycle = _cycle(graph, predicate)
        if predicate == _SPONSORED and all(graph.objects(node, _LABEL) for node in cycle):
            continue  # that is for rule X18, which goes by names
        if cycle:
            name, shown = _short(predicate), _cut(str(cycle[0]))
            yield Note(
                Text(
                    f"{name} 成环（如 {shown}），数据有误", f"{name} leads back to where it began ({shown}): wrong data"
                ),
                fails=True,
            )


def _cycle(graph: Index, predicate: ox.NamedNode) -> list[Term]:
    """Nodes from each of which the predicate leads to the next, and from the last to the first; none where there are
    none."""
    done: set[Term] = set()
    for start in graph.by_predicate.get(predicate, ()):
        path: dict[Term, Iterator[Term]] = {}
        node: Term | None = None if start in done else start
        while node is not None:
            if node not in path:
                path[node] = iter(graph.objects(node, predicate))
            following = next((n for n in path[node] if n not in done), None)
            if following in path:
                nodes = list(path)
                return nodes[nodes.index(following) :]
            if following is None:
                done.add(node)
                del path[node]
                node = next(reversed(path), None)
            else:
                node = following
    return []


def _short(term: ox.NamedNode) -> str:
    return next(
        (f"{name}:{term.value.removeprefix(of)}" for name, of in PREFIXES.items() if term.value.startswith(of)),
        term.value,
    )


def _cut(words: str) -> str:
    return words if len(words) <= _SHOWN else words[:_SHOWN] + "…"


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
        return found is not None and found.kind == "number" and abs(cast("Decimal", found.value)) < _LARGEST
    return found is not None and said.datatype.value == wanted


OURS = {"nb": NB, "nbc": NBC, "nbi": NBI}
"""Namespaces of which ontology, codes and indicators declare every term."""

_LARGEST = 10**18
"""Numbers from here on (and NaN) are none that a query can reckon with."""

_SHOWN = 80
_SINGLE = tuple(
    ox.NamedNode(expand(name))
    for name in (
        *("nb:reportingInstitution", "nb:reportingYear", "dcat:hasCurrentVersion", "nb:registration"),
        *("nb:indicator", "nb:value", "nb:unit"),
    )
)
_SPONSORED, _LABEL = ox.NamedNode(expand("nb:sponsoredBy")), ox.NamedNode(expand("skos:prefLabel"))
_ACYCLIC = tuple(
    ox.NamedNode(expand(name))
    for name in (
        *("nb:sponsoredBy", "nb:parentActivity", "nb:componentOf"),
        *("dcat:previousVersion", "dcat:isVersionOf", "dcterms:hasPart"),
    )
)


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
