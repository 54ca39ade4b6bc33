"""Which IRIs may mean one organisation, for a person to decide (docs/modelling.md, *Identity*).

An institution is its valid code, else its name and place, so one body may get two IRIs: a code that came later, a new
name, a misprint. ``candidates`` lists such pairs with the reason; nothing is merged by guess.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from itertools import combinations

from nianbao.mapping.iris import normalise_name, places_of, valid_code
from nianbao.mapping.likeness import name_keys
from nianbao.review.decisions import decisions_of
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
    "succession": "一单位停报，次年同一举办单位、同一住所另有单位始报 one stops, then another begins at its address",
    "transfer": "净资产年初年末之差与另一单位相抵，疑似合并或分立 net assets went over to another: merger or split?",
    "sponsor-spelling": "举办单位名称只差一字 two sponsors whose names differ by one character",
    "sponsor-institution": "举办单位与事业单位同名 a sponsor with the name of an institution",
}
"""Kinds of candidates and their reasons, in the order of the list."""

TOLERANCE = Decimal(100)  # yuan for each sum of a transfer: the form rounds to 0.01 万元
LEAST = Decimal(10_000)  # yuan; smaller sums meet by chance
PARTS = 3  # institutions that are merged into one, or that one is split into, at most
CROWD = 40  # candidates of one sponsor and year, beyond which sums of several meet by chance

# Names that differ in one of these are taken for two bodies: 第一/第二, 东/西, 市/县, 教育局/体育局.
_TELLING = set("0123456789一二三四五六七八九十甲乙丙丁东西南北中上下前后左右内外新老大小男女省市区县乡镇村教体农林水")


@dataclass(slots=True)
class Body:
    """An organisation of the store. ``names``: normalised; ``others``: its further names, normalised.

    code: a valid one, or ''. printed: codes printed with a wrong check character. reports: IRI by year.
    sponsors: normalised names; addresses: normalised, by year; opening, closing: net assets in yuan, by year.
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
    sponsors: set[str] = field(default_factory=set)
    addresses: dict[str, str] = field(default_factory=dict)
    opening: dict[str, Decimal] = field(default_factory=dict)
    closing: dict[str, Decimal] = field(default_factory=dict)


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
        *_successions(bodies),
        *_transfers(bodies),
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


def _years(bodies: Iterable[Body]) -> Iterator[tuple[str, str]]:
    """Every pair of neighbouring years of which the store has reports."""
    known = {year for body in bodies for year in body.reports if year.isdecimal()}
    return ((year, after) for year in sorted(known) if (after := str(int(year) + 1)) in known)


def _stops(body: Body, year: str) -> bool:
    return max(body.reports, default="") == year


def _starts(body: Body, year: str) -> bool:
    return min(body.reports, default="") == year


def _successions(bodies: Sequence[Body]) -> Iterator[Candidate]:
    """One stops to report, and the next year another of the same sponsor begins at the same address."""
    bodies = [body for body in bodies if body.institution]
    for year, after in _years(bodies):
        stopped: dict[str, list[Body]] = defaultdict(list)
        for body in bodies:
            if _stops(body, year) and body.addresses.get(year):
                stopped[body.addresses[year]].append(body)
        for body in bodies:
            if _starts(body, after) and body.addresses.get(after):
                for former in stopped[body.addresses[after]]:
                    if former.sponsors & body.sponsors:
                        yield Candidate("succession", former, body, _reports(former, body))


def _transfers(bodies: Sequence[Body]) -> Iterator[Candidate]:
    """Mergers and splits that nobody declares show in the balance: what some had at the end of a year, and have no
    more at the start of the next, another has more, to the last printed digit; one of them stops or begins."""
    bodies = [body for body in bodies if body.institution]
    groups: dict[str, list[Body]] = defaultdict(list)
    for body in bodies:
        for sponsor in body.sponsors:
            groups[sponsor].append(body)
    for year, after in _years(bodies):
        for group in groups.values():
            lost: list[_Moved] = []
            got: list[_Moved] = []
            for body in group:
                before, now = body.closing.get(year), body.opening.get(after)
                gap = (now or Decimal(0)) - (before or Decimal(0))
                whole = (_starts(body, after) and now is not None) or (_stops(body, year) and before is not None)
                if abs(gap) >= LEAST and (whole or (before is not None and now is not None)):
                    (got if gap > 0 else lost).append((body, abs(gap), whole))
            size = PARTS if len(lost) + len(got) <= CROWD else 1
            for source, targets in _sums(lost, got, size):
                yield from (Candidate("transfer", source, to, _reports(source, to)) for to in targets)
            for target, sources in _sums(got, lost, size):
                yield from (Candidate("transfer", of, target, _reports(of, target)) for of in sources)


_Moved = tuple[Body, Decimal, bool]  # how much, and whether the whole institution came or went


def _sums(ones: Sequence[_Moved], others: Sequence[_Moved], most: int) -> Iterator[tuple[Body, list[Body]]]:
    """Each of ``ones`` that is the sum of at most ``most`` of ``others``, where a whole institution came or went."""
    for body, amount, whole in ones:
        for size in range(1, most + 1):
            for parts in combinations(others, size):
                near = abs(sum((part[1] for part in parts), -amount)) <= TOLERANCE * size
                if near and (whole or all(part[2] for part in parts)):
                    yield body, [part[0] for part in parts]


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
    prefixes = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "nb", "nbc", "nbi", "skos"))
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
    query = """SELECT ?i ?report ?year ?name ?other ?code ?sponsor ?address {
        ?report nb:reportingInstitution ?i ; nb:reportingYear ?year ; dcat:hasCurrentVersion/nb:registration ?r .
        OPTIONAL { ?r nb:mainName ?name } OPTIONAL { ?r nb:otherName ?other } OPTIONAL { ?r nb:statedCode ?code }
        OPTIONAL { ?r nb:address ?address } OPTIONAL { ?r nb:statedSponsor/skos:prefLabel ?sponsor } }"""
    for iri, report, year, name, other, code, sponsor, address in _rows(
        store, query, ("i", "report", "year", "name", "other", "code", "sponsor", "address")
    ):
        if (body := known.get(iri)) is None:
            continue
        body.reports[year] = report
        body.names |= {normalise_name(name)} - {""}
        body.others |= {normalise_name(other)} - {""}
        body.sponsors |= {normalise_name(sponsor)} - {""}
        body.addresses[year] = normalise_name(address)
        body.place = body.place or places_of(sponsor)
        code = normalise_name(code).upper()
        if valid_code(code):
            body.code = code
        elif len(code) == 18:
            body.printed.add(code)
    query = """SELECT ?i ?year ?day ?value {
        ?report nb:reportingInstitution ?i ; nb:reportingYear ?year ; dcat:hasCurrentVersion ?f .
        ?o nb:statedIn ?f ; nb:indicator nbi:netAssets ; nb:periodEnd ?day ; nb:value ?value }"""
    for iri, year, day, value in _rows(store, query, ("i", "year", "day", "value")):
        if (body := known.get(iri)) is not None:
            try:
                (body.opening if day.endswith("-01-01") else body.closing)[year] = Decimal(value)
            except InvalidOperation:
                continue  # a value that is none: the audit's business
    return list(known.values())


def renames_of(store: Store) -> list[Rename]:
    """The changes of name that the current filings declare."""
    query = """SELECT ?i ?from ?to ?change {
        ?change nb:changedItem nbc:itemName ; nb:statedIn/^dcat:hasCurrentVersion/nb:reportingInstitution ?i .
        OPTIONAL { ?change nb:fromValue ?from } OPTIONAL { ?change nb:toValue ?to } }"""
    return [Rename(*row) for row in _rows(store, query, ("i", "from", "to", "change"))]


def candidates_of(store: Store) -> list[Candidate]:
    """The open candidates of a store."""
    decided = (decision.pair for decision in decisions_of(store))
    return candidates(bodies_of(store), renames_of(store), decided)
