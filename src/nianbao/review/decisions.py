"""What people decided on two IRIs, kept as data in ``graph/decisions`` (docs/modelling.md, *Identity*).

The decisions of a store fit together: no circle of successors, no IRI with two of them, and nothing that is both one
and two organisations. ``owl:sameAs`` is never written, since it would merge what each report says of itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from nianbao.errors import ReviewError
from nianbao.mapping.iris import digest
from nianbao.mapping.terms import day, describe, plain, term
from nianbao.storage.store import Store, insert_data, values
from nianbao.vocabulary import PREFIXES

DECISIONS = {
    "same": "nbc:decisionSame",
    "different": "nbc:decisionDifferent",
    "later": "nbc:decisionLater",
    "merged": "nbc:decisionMerged",
    "split": "nbc:decisionSplit",
}
"""``later``, ``merged`` and ``split`` have a direction: right takes the place of left, or arose from it."""

_PREFIXES = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "nb", "nbc", "skos"))


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided on two IRIs; ``decision`` is a key of ``DECISIONS``, ``when`` a date (ISO 8601)."""

    left: str
    right: str
    decision: str
    who: str
    when: str
    note: str = ""
    place: str = field(default="", compare=False)  # where it was written, for messages: line 3

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.left, self.right))


def decisions_of(store: Store) -> list[Decision]:
    """The decisions that a store keeps, the newest first."""
    query = """SELECT DISTINCT ?left ?right ?decision ?who ?when {
        ?d a nb:IdentityDecision ; nb:firstCandidate ?left ; nb:secondCandidate ?right ;
            nb:decision/skos:notation ?decision ; nb:decidedBy ?who ; nb:decidedOn ?when }
        ORDER BY DESC(?when) ?left ?right"""
    names = ("left", "right", "decision", "who", "when")
    return [Decision(*(text or "" for text in values(row, names))) for row in store.select(_PREFIXES + query)]


def keep(store: Store, decisions: Iterable[Decision]) -> int:
    """Keep decisions in ``graph/decisions`` and the default graph, all or none. How many there were.

    One on a pair that is decided already takes the place of the old one. The links that follow: ``same`` gives
    skos:exactMatch, ``later`` dcterms:isReplacedBy (and ``same`` too, from an institution that is told by its name to
    one that is told by its code), ``merged`` and ``split`` an org:ChangeEvent.
    Raises ReviewError for an IRI that the store does not know, and for decisions that cannot all be true.
    """
    asked = list(decisions)
    if not asked:
        return 0
    basis = _known(store)
    for decision in asked:
        for iri in (decision.left, decision.right):
            if iri not in basis:
                raise ReviewError(
                    f"the store has no organisation <{iri}>",
                    where=store.location,
                    place=decision.place,
                    remedy="take a list of this store: nianbao review --store STORE",
                    code="NB-REVIEW-UNKNOWN",
                )
    new = {decision.pair for decision in asked}
    check([*asked, *(old for old in decisions_of(store) if old.pair not in new)], store.location)
    first, quads = [], []
    for decision in asked:
        base = decision.left.rpartition("org/")[0]
        node = f"{base}decision/{digest(' '.join(sorted(decision.pair)))[:16]}"
        graph = f"{base}graph/decisions"
        first += _forget(node, graph, decision)
        triples = list(decision_triples(node, decision, basis))
        quads += [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph)) for t in triples]
        quads += [ox.Quad(t.subject, t.predicate, t.object) for t in triples]
    first += _to_compare({iri for decision in asked for iri in (decision.left, decision.right)}, store)
    store.update(";\n".join([*first, insert_data(quads)]))
    return len(asked)


def _to_compare(institutions: set[str], store: Store) -> Iterator[str]:
    """The operations that take away what rules found that compare reports of these: the reports of those that are one
    are one series. It is made again by the next `Writer.check_across`; until then they count as not checked."""
    values_ = " ".join(str(ox.NamedNode(iri)) for iri in sorted(institutions))
    for row in store.select(
        f"{_PREFIXES} SELECT DISTINCT ?filing WHERE {{ VALUES ?i {{ {values_} }} "
        "?report nb:reportingInstitution ?i ; dcat:hasCurrentVersion ?filing }"
    ):
        graph = values(row, ("filing",))[0] or ""
        yield f"DROP SILENT GRAPH <{graph.replace('/filing/', '/graph/audit-across/', 1)}>"


def _known(store: Store) -> dict[str, str]:
    """The organisations of a store, and what each is told by: ``code``, ``name``, or "" for a sponsor."""
    query = """SELECT ?x ?basis { { ?x a nb:PublicInstitution } UNION { ?x a nb:Sponsor }
        OPTIONAL { ?x nb:identityBasis ?basis } }"""
    kinds = {PREFIXES["nbc"] + "identityByCode": "code", PREFIXES["nbc"] + "identityByName": "name"}
    rows = (values(row, ("x", "basis")) for row in store.select(_PREFIXES + query))
    return {iri or "": kinds.get(basis or "", "") for iri, basis in rows}


def _forget(node: str, graph: str, decision: Decision) -> list[str]:
    """The operations that take back an older decision on the same pair, with what followed from it."""
    gone = [
        f"DELETE {{ GRAPH <{graph}> {{ <{it}> ?p ?o }} <{it}> ?p ?o }} WHERE {{ GRAPH <{graph}> {{ <{it}> ?p ?o }} }}"
        for it in (node, node + "#event")
    ]
    links = "\n".join(
        f"<{one}> <{term(link).value}> <{other}> ."
        for one, other in ((decision.left, decision.right), (decision.right, decision.left))
        for link in ("skos:exactMatch", "dcterms:isReplacedBy")
    )
    return [*gone, f"DELETE DATA {{ {links} GRAPH <{graph}> {{ {links} }} }}"]


def decision_triples(node: str, decision: Decision, basis: dict[str, str] | None = None) -> Iterator[ox.Triple]:
    """A decision as data, and the links that follow from it. basis: what each institution is told by, code or name."""
    left, right = ox.NamedNode(decision.left), ox.NamedNode(decision.right)
    yield from describe(
        node,
        "nb:IdentityDecision",
        ("nb:firstCandidate", left),
        ("nb:secondCandidate", right),
        ("nb:decision", term(DECISIONS[decision.decision])),
        ("nb:decidedBy", plain(decision.who)),
        ("nb:decidedOn", day(decision.when)),
        ("rdfs:comment", plain(decision.note)),
    )
    if decision.decision in ("merged", "split"):
        yield from describe(
            node + "#event",
            "org:ChangeEvent",
            ("org:originalOrganization", left),
            ("org:resultingOrganization", right),
        )
    elif decision.decision == "same":
        yield ox.Triple(left, term("skos:exactMatch"), right)
    if replaced := _replaced(decision, basis or {}):
        yield ox.Triple(ox.NamedNode(replaced[0]), term("dcterms:isReplacedBy"), ox.NamedNode(replaced[1]))


def _replaced(decision: Decision, basis: dict[str, str]) -> tuple[str, str] | None:
    """Which IRI gives way to which: the code that a report has left out is the institution's all the same."""
    if decision.decision == "later":
        return decision.left, decision.right
    if decision.decision == "same":
        for one, other in ((decision.left, decision.right), (decision.right, decision.left)):
            if (basis.get(one), basis.get(other)) == ("name", "code"):
                return one, other
    return None


# --- whether decisions can all be true


def check(decisions: Sequence[Decision], where: str = "") -> None:
    """Raise ReviewError where decisions contradict each other."""
    seen: dict[frozenset[str], Decision] = {}
    for decision in decisions:
        old = seen.setdefault(decision.pair, decision)
        if _meaning(old) != _meaning(decision):
            raise _contradiction("one pair is decided in two ways", where, old, decision)
    later: dict[str, Decision] = {}
    for decision in decisions:
        if decision.decision == "later":
            if (other := later.get(decision.left)) and other.right != decision.right:
                raise _contradiction(
                    "one organisation has two that take its place; a split is decided with: split",
                    where,
                    other,
                    decision,
                )
            later[decision.left] = decision
    for start in later:
        path: list[Decision] = []
        here = start
        while here in later and len(path) <= len(later):
            path.append(later[here])
            here = later[here].right
            if here == start:
                raise _contradiction("each takes the place of the other, in a circle", where, *path)
    one = _classes(decisions)
    for decision in decisions:
        if decision.decision in ("different", "merged", "split") and one[decision.left] == one[decision.right]:
            links = [other for other in decisions if other.decision in ("same", "later")]
            chain = [other for other in links if one[other.left] == one[decision.left]]
            raise _contradiction("two that are not one are said to be one through others", where, decision, *chain)


def _meaning(decision: Decision) -> tuple[str, ...]:
    """The decision and, where it has a direction, from what to what."""
    directed = decision.decision in ("later", "merged", "split")
    return decision.decision, *((decision.left, decision.right) if directed else sorted(decision.pair))


def _classes(decisions: Iterable[Decision]) -> dict[str, str]:
    """Each IRI and one that stands for all that are decided to be the same organisation."""
    parent: dict[str, str] = {}

    def top(iri: str) -> str:
        while parent.setdefault(iri, iri) != iri:
            iri = parent[iri]
        return iri

    found: dict[str, str] = defaultdict(str)
    for decision in decisions:
        left, right = top(decision.left), top(decision.right)
        if decision.decision in ("same", "later"):
            parent[left] = right
    for iri in list(parent):
        found[iri] = top(iri)
    return found


def _contradiction(reason: str, where: str, *decisions: Decision) -> ReviewError:
    said = "; ".join(
        " ".join(filter(None, (one.place, f"<{one.left}> {one.decision} <{one.right}>", f"({one.who} {one.when})")))
        for one in decisions[:6]
    )
    return ReviewError(
        f"{reason}: {said}",
        where=where,
        place=next((one.place for one in decisions if one.place), ""),
        remedy="decide one of them otherwise; nothing was kept",
        code="NB-REVIEW-CONTRADICTION",
    )
