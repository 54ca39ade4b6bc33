"""Which organisation took the place of which, as people decided (`nianbao review`): redirects, former and later names.

``dcterms:isReplacedBy`` says that one IRI gives way to another for the same body (a code that came later, a new name):
its address leads on to the successor, whose page and document hold what was said of it. A merger or a split
(``org:ChangeEvent``) makes other bodies: those keep pages of their own, with links.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from nianbao_server.context import Site
from nianbao_server.facts import iri, names, plain

LIMIT = 50  # former IRIs of one organisation that are shown
STEPS = 20  # successors that are followed, one after the other


def successor(site: Site, organisation: str) -> str | None:
    """The IRI that stands in the place of this one today; None for none, for several, and for a circle."""
    return _last(organisation, lambda one: successors(site, one))


def _last(organisation: str, later: Callable[[str], Collection[str]]) -> str | None:
    seen = [organisation]
    for _ in range(STEPS):
        found = later(seen[-1])
        if len(found) != 1:
            break
        (one,) = found
        if one in seen:
            return None
        seen.append(one)
    return seen[-1] if len(seen) > 1 else None


def successors(site: Site, organisation: str) -> list[str]:
    """What takes the place of an IRI directly."""
    query = (
        f"SELECT DISTINCT ?x {{ {iri(organisation)} dcterms:isReplacedBy ?x FILTER(isIRI(?x)) }} ORDER BY ?x LIMIT 10"
    )
    return [row["x"] for row in map(plain, site.select(query))]


def replaced(site: Site) -> dict[str, str]:
    """All IRIs that gave way to another, each with the one that stands in its place today, as `successor` tells it:
    lists show and count the latter only."""

    def ask() -> dict[str, str]:
        later: dict[str, set[str]] = {}
        for row in map(
            plain, site.select("SELECT ?a ?b { ?a dcterms:isReplacedBy ?b FILTER(isIRI(?a) && isIRI(?b)) }")
        ):
            later.setdefault(row["a"], set()).add(row["b"])
        last = {former: _last(former, lambda one: later.get(one, set())) for former in later}
        return {former: one for former, one in last.items() if one}

    return site.kept("replaced", ask)


def today(site: Site, rows: Iterable[dict[str, str]], key: str) -> list[dict[str, str]]:
    """The rows with those who stand in the place of others today under `key`, each once, under their own ``name``."""
    later = replaced(site)
    found: dict[str, dict[str, str]] = {}
    moved = []
    for row in rows:
        if row[key] in later:
            moved.append(row | {key: later[row[key]]})
        else:
            found.setdefault(row[key], row)
    called = names(site, [row[key] for row in moved if row[key] not in found])
    for row in moved:
        found.setdefault(row[key], row | {"name": called.get(row[key], row["name"])})
    return list(found.values())


def formers(site: Site, organisation: str) -> list[str]:
    """All IRIs whose place this one took, directly or through others."""
    here = iri(organisation)
    query = f"SELECT DISTINCT ?x {{ ?x dcterms:isReplacedBy+ {here} FILTER(?x != {here}) }} ORDER BY ?x LIMIT {LIMIT}"
    return [row["x"] for row in map(plain, site.select(query))]


@dataclass(frozen=True, slots=True)
class Relative:
    """An organisation that a decision ties to another. ``kind``: former, later, same, arose-from, passed-to."""

    kind: str
    iri: str


def relatives(site: Site, organisation: str) -> list[Relative]:
    """What people decided on an organisation, one row each."""
    here = iri(organisation)
    query = f"""SELECT DISTINCT ?kind ?x {{
        {{ ?x dcterms:isReplacedBy {here} BIND("former" AS ?kind) }}
        UNION {{ {here} dcterms:isReplacedBy ?x BIND("later" AS ?kind) }}
        UNION {{ {here} skos:exactMatch|^skos:exactMatch ?x BIND("same" AS ?kind)
            FILTER NOT EXISTS {{ {here} dcterms:isReplacedBy|^dcterms:isReplacedBy ?x }} }}
        UNION {{ ?event a org:ChangeEvent ; org:originalOrganization ?x ; org:resultingOrganization {here}
            BIND("arose-from" AS ?kind) }}
        UNION {{ ?event a org:ChangeEvent ; org:originalOrganization {here} ; org:resultingOrganization ?x
            BIND("passed-to" AS ?kind) }}
        FILTER(isIRI(?x)) }} ORDER BY ?kind ?x LIMIT {LIMIT}"""
    return [Relative(row["kind"], row["x"]) for row in map(plain, site.select(query))]
