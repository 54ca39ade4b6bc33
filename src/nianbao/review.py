"""Which IRIs may mean one organisation, for a person to decide (docs/modelling.md, *Identity*).

An institution is its valid code, else its name and place, so one body may get two IRIs: a code that came later, a new
name, a misprint. ``candidates`` lists such pairs with the reason; nothing is merged by guess. What a person decides is
kept as data in a graph of its own (``keep``), and the pair is not asked again.
"""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations

import pyoxigraph as ox

from nianbao.errors import ReviewError
from nianbao.mapping.iris import digest, normalise_name, places_of, valid_code
from nianbao.mapping.likeness import name_keys
from nianbao.mapping.terms import day, describe, plain, term
from nianbao.storage.store import Row, Store, values
from nianbao.vocabulary import PREFIXES

KINDS = {
    "later-code": "同名，先无代码，后有代码 one name, first without a code, then with one",
    "missing-code": "同名，一处有代码，一处没有 one name, with and without a code",
    "two-codes": "同一地区同名，代码不同 one name in one prefecture, two codes",
    "same-name": "同名，地点不明 one name, and nothing tells that the places differ",
    "printed-code": "所载代码相同而校验码有误 the same code printed, with a wrong check character",
    "rename": "申报的名称变更与另一单位的名称相符 a declared change of name fits the other's name",
    "second-name": "一单位的其他名称是另一单位的名称 a further name of one is the name of the other",
    "sponsor-spelling": "举办单位名称只差一字 two sponsors whose names differ by one character",
    "sponsor-institution": "举办单位与事业单位同名 a sponsor with the name of an institution",
}
"""Kinds of candidates and their reasons, in the order of the list."""

DECISIONS = {"same": "nbc:decisionSame", "different": "nbc:decisionDifferent", "later": "nbc:decisionLater"}
COLUMNS = ("kind", "left", "left_name", "right", "right_name", "reason", "evidence", "decision", "who", "when", "note")

# Names that differ in one of these are taken for two bodies: 第一/第二, 东/西, 市/县, 教育局/体育局.
_TELLING = set("0123456789一二三四五六七八九十甲乙丙丁东西南北中上下前后左右内外新老大小男女省市区县乡镇村教体农林水")


@dataclass(slots=True)
class Body:
    """An organisation of the store. ``names``: normalised, by year; ``others``: its further names, normalised.

    code: a valid one, or ''. printed: codes printed with a wrong check character. reports: IRI by year.
    """

    iri: str
    name: str
    institution: bool
    code: str = ""
    printed: set[str] = field(default_factory=set)
    place: str = ""
    names: set[str] = field(default_factory=set)
    others: set[str] = field(default_factory=set)
    reports: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rename:
    """A declared change of name: of the institution ``iri``, from and to, in the node ``change``."""

    iri: str
    before: str
    after: str
    change: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two organisations that may be one; ``left`` is the earlier where the data tell. ``evidence``: IRIs to look at."""

    kind: str
    left: Body
    right: Body
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Decision:
    """What somebody decided on two IRIs: ``same``, ``different``, or ``later`` (right takes the place of left)."""

    left: str
    right: str
    decision: str
    who: str
    when: str
    note: str = ""

    @property
    def pair(self) -> frozenset[str]:
        return frozenset((self.left, self.right))


# --- candidates


def candidates(
    bodies: Sequence[Body], renames: Iterable[Rename] = (), decided: Iterable[frozenset[str]] = ()
) -> list[Candidate]:
    """The pairs that nobody has decided on, one kind each, in the order of ``KINDS`` and of the names."""
    order = list(KINDS)
    found: dict[frozenset[str], Candidate] = {}
    done = set(decided)
    for one in (
        *_same_names(bodies),
        *_printed(bodies),
        *_renamed(bodies, renames),
        *_second(bodies),
        *_sponsors(bodies),
    ):
        pair = frozenset((one.left.iri, one.right.iri))
        old = found.get(pair)
        if len(pair) == 2 and pair not in done and (old is None or order.index(one.kind) < order.index(old.kind)):
            found[pair] = one
    return sorted(
        found.values(),
        key=lambda one: (order.index(one.kind), one.left.name, one.right.name, one.left.iri, one.right.iri),
    )


def _by_name(bodies: Iterable[Body]) -> dict[str, list[Body]]:
    index: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        if body.institution:
            for name in body.names:
                index[name].append(body)
    return index


def _same_names(bodies: Sequence[Body]) -> Iterator[Candidate]:
    for name, group in _by_name(bodies).items():
        if not name:
            continue
        for one, other in combinations(group, 2):
            left, right = _earlier_first(one, other)
            if left.code and right.code:
                if left.code[2:6] == right.code[2:6]:
                    yield Candidate("two-codes", left, right, _reports(left, right))
            elif left.place and right.place and left.place != right.place:
                continue
            elif left.code or right.code:
                came_later = not left.code and max(left.reports, default="") < min(right.reports, default="")
                if not came_later and left.code:
                    left, right = right, left  # the one with a code is the one to keep
                yield Candidate("later-code" if came_later else "missing-code", left, right, _reports(left, right))
            else:
                yield Candidate("same-name", left, right, _reports(left, right))


def _printed(bodies: Sequence[Body]) -> Iterator[Candidate]:
    index: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        for code in body.printed:
            index[code].append(body)
    for group in index.values():
        for one, other in combinations(group, 2):
            left, right = _earlier_first(one, other)
            yield Candidate("printed-code", left, right, _reports(left, right))


def _renamed(bodies: Sequence[Body], renames: Iterable[Rename]) -> Iterator[Candidate]:
    index, known = _by_name(bodies), {body.iri: body for body in bodies}
    for change in renames:
        if change.iri not in known:
            continue
        here = known[change.iri]
        evidence = (change.change, *_reports(here))
        for former in index.get(normalise_name(change.before), ()):
            if former is not here:
                yield Candidate("rename", former, here, (*evidence, *_reports(former)))
        for later in index.get(normalise_name(change.after), ()):
            if later is not here and normalise_name(change.after) not in here.names:
                yield Candidate("rename", here, later, (*evidence, *_reports(later)))


def _second(bodies: Sequence[Body]) -> Iterator[Candidate]:
    index = _by_name(bodies)
    for body in bodies:
        for other in sorted(body.others):
            for named in index.get(other, ()):
                if named is not body:
                    yield Candidate("second-name", named, body, _reports(named, body))


def _sponsors(bodies: Sequence[Body]) -> Iterator[Candidate]:
    institutions = _by_name(bodies)
    alike: dict[str, list[Body]] = defaultdict(list)
    for body in (body for body in bodies if not body.institution):
        for named in institutions.get(normalise_name(body.name), ()):
            yield Candidate("sponsor-institution", body, named, _reports(named))
        for key in name_keys(body.name):
            alike[key].append(body)
    for group in alike.values():
        for one, other in combinations(group, 2):
            if _misspelt(normalise_name(one.name), normalise_name(other.name)):
                left, right = sorted((one, other), key=lambda body: body.iri)
                yield Candidate("sponsor-spelling", left, right, ())


def _misspelt(one: str, other: str) -> bool:
    """Whether two names that differ by one character may be one: not 第一/第二, not 教育局/体育局."""
    differing = set(one) ^ set(other)
    return one != other and (len(one) != len(other) or not differing & _TELLING)


def _earlier_first(one: Body, other: Body) -> tuple[Body, Body]:
    first, second = sorted((one, other), key=lambda body: (min(body.reports, default="9"), bool(body.code), body.iri))
    return first, second


def _reports(*bodies: Body) -> tuple[str, ...]:
    """The newest report of each."""
    return tuple(body.reports[max(body.reports)] for body in bodies if body.reports)


# --- the store


def _rows(store: Store, query: str, names: Sequence[str]) -> Iterator[list[str]]:
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "nb", "nbc", "skos"))
    rows: list[Row] = store.select(prefixes + query)
    return ([text or "" for text in values(row, names)] for row in rows)


def bodies_of(store: Store) -> list[Body]:
    """The institutions and sponsors of a store's current filings."""
    known: dict[str, Body] = {}
    for iri, name in _rows(
        store, "SELECT ?i ?name { ?i a nb:PublicInstitution ; skos:prefLabel ?name }", ("i", "name")
    ):
        known[iri] = Body(iri, name, True, place=places_of(name), names={normalise_name(name)})
    for iri, name in _rows(store, "SELECT ?i ?name { ?i a nb:Sponsor ; skos:prefLabel ?name }", ("i", "name")):
        known.setdefault(iri, Body(iri, name, False, place=places_of(name), names={normalise_name(name)}))
    query = """SELECT ?i ?report ?year ?name ?other ?code ?sponsor {
        ?report nb:reportingInstitution ?i ; nb:reportingYear ?year ; dcat:hasCurrentVersion/nb:registration ?r .
        OPTIONAL { ?r nb:mainName ?name } OPTIONAL { ?r nb:otherName ?other } OPTIONAL { ?r nb:statedCode ?code }
        OPTIONAL { ?r nb:statedSponsor/skos:prefLabel ?sponsor } }"""
    for iri, report, year, name, other, code, sponsor in _rows(
        store, query, ("i", "report", "year", "name", "other", "code", "sponsor")
    ):
        if (body := known.get(iri)) is None:
            continue
        body.reports[year] = report
        body.names |= {normalise_name(name)} - {""}
        body.others |= {normalise_name(other)} - {""}
        body.place = body.place or places_of(sponsor)
        code = normalise_name(code).upper()
        if valid_code(code):
            body.code = code
        elif len(code) == 18:
            body.printed.add(code)
    return list(known.values())


def renames_of(store: Store) -> list[Rename]:
    """The changes of name that the current filings declare."""
    query = """SELECT ?i ?from ?to ?change {
        ?change nb:changedItem nbc:itemName ; nb:statedIn/^dcat:hasCurrentVersion/nb:reportingInstitution ?i .
        OPTIONAL { ?change nb:fromValue ?from } OPTIONAL { ?change nb:toValue ?to } }"""
    return [Rename(*row) for row in _rows(store, query, ("i", "from", "to", "change"))]


def decisions_of(store: Store) -> list[Decision]:
    """The decisions that a store keeps, the newest first."""
    query = """SELECT DISTINCT ?left ?right ?decision ?who ?when {
        ?d a nb:IdentityDecision ; nb:firstCandidate ?left ; nb:secondCandidate ?right ;
            nb:decision/skos:notation ?decision ; nb:decidedBy ?who ; nb:decidedOn ?when }
        ORDER BY DESC(?when) ?left ?right"""
    return [Decision(*row) for row in _rows(store, query, ("left", "right", "decision", "who", "when"))]


def candidates_of(store: Store) -> list[Candidate]:
    """The open candidates of a store."""
    decided = (decision.pair for decision in decisions_of(store))
    return candidates(bodies_of(store), renames_of(store), decided)


def keep(store: Store, decisions: Iterable[Decision]) -> int:
    """Keep decisions in ``graph/decisions`` and the default graph; the last one on a pair counts. How many there were.

    ``same`` gives skos:exactMatch, ``later`` dcterms:isReplacedBy; owl:sameAs is never written, since it would merge
    what each report says of itself. Raises ReviewError for an IRI that the store does not know; nothing is kept then.
    """
    known = {body.iri for body in bodies_of(store)}
    asked = list(decisions)
    for decision in asked:
        for iri in (decision.left, decision.right):
            if iri not in known:
                raise ReviewError(
                    f"the store has no organisation <{iri}>",
                    where=store.location,
                    remedy="take a list of this store: nianbao review --store STORE",
                    code="NB-REVIEW-UNKNOWN",
                )
    for pair, decision in {decision.pair: decision for decision in asked}.items():
        base = decision.left.rpartition("org/")[0]
        node, graph = f"{base}decision/{digest(' '.join(sorted(pair)))[:16]}", f"{base}graph/decisions"
        both = [(decision.left, decision.right), (decision.right, decision.left)]
        links = "\n".join(
            f"<{a}> <{term(link).value}> <{b}> ."
            for a, b in both
            for link in ("skos:exactMatch", "dcterms:isReplacedBy")
        )
        first = (
            f"DELETE {{ GRAPH <{graph}> {{ <{node}> ?p ?o }} <{node}> ?p ?o }}\n"
            f"WHERE {{ GRAPH <{graph}> {{ <{node}> ?p ?o }} }};\n"
            f"DELETE DATA {{ {links} GRAPH <{graph}> {{ {links} }} }}"
        )
        triples = list(decision_triples(node, decision))
        quads = [ox.Quad(t.subject, t.predicate, t.object, ox.NamedNode(graph)) for t in triples]
        store.write([*quads, *(ox.Quad(t.subject, t.predicate, t.object) for t in triples)], first=first)
    return len(asked)


def decision_triples(node: str, decision: Decision) -> Iterator[ox.Triple]:
    """A decision as data, and the link that follows from it."""
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
    if decision.decision == "same":
        yield ox.Triple(left, term("skos:exactMatch"), right)
    elif decision.decision == "later":
        yield ox.Triple(left, term("dcterms:isReplacedBy"), right)


# --- CSV


def as_csv(found: Iterable[Candidate]) -> str:
    """The list for people, with empty columns for the decision."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for one in found:
        said = (one.left.iri, one.left.name, one.right.iri, one.right.name, KINDS[one.kind], " ".join(one.evidence))
        writer.writerow([one.kind, *map(_harmless, said), "", "", "", ""])
    return text.getvalue()


def _harmless(cell: str) -> str:
    """A cell that a spreadsheet does not take for a formula."""
    return "'" + cell if cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


def read_decisions(text: str, where: str = "") -> list[Decision]:
    """The decided rows of a CSV; those with an empty decision are still open. An empty date is today.

    Raises ReviewError that names the line of the first row that is wrong.
    """
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), restval="")
    missing = {"left", "right", "decision", "who"} - set(rows.fieldnames or ())
    if missing:
        raise _wrong(where, 1, f"the columns {', '.join(sorted(missing))} are missing")
    found = []
    for row in rows:
        cell = {name: (row.get(name) or "").strip() for name in COLUMNS}
        if not cell["decision"]:
            continue
        line = rows.line_num
        if cell["decision"] not in DECISIONS:
            raise _wrong(where, line, f"{cell['decision']!r} is none of {', '.join(DECISIONS)}")
        if not cell["who"]:
            raise _wrong(where, line, "who decided is empty")
        if cell["left"] == cell["right"]:
            raise _wrong(where, line, "left and right are the same")
        try:
            when = date.fromisoformat(cell["when"]) if cell["when"] else date.today()
        except ValueError:
            raise _wrong(where, line, f"{cell['when']!r} is no date (2025-03-31)") from None
        found.append(
            Decision(cell["left"], cell["right"], cell["decision"], cell["who"], when.isoformat(), cell["note"])
        )
    return found


def _wrong(where: str, line: int, reason: str) -> ReviewError:
    return ReviewError(
        reason,
        where=where,
        place=f"line {line}",
        remedy="correct the line; a row whose decision is empty is passed over",
        code="NB-REVIEW-CSV",
    )
