"""Which organisation took the place of which, as people decided (`nianbao review`): redirects, former and later names.

``dcterms:isReplacedBy`` says that one IRI gives way to another for the same body (a code that came later, a new name):
its address leads on to the successor, whose page and document hold what was said of it. A merger or a split
(``org:ChangeEvent``) makes other bodies: those keep pages of their own, with links.
"""

from __future__ import annotations

from dataclasses import dataclass

from nianbao_server.context import Site
from nianbao_server.facts import iri, plain

LIMIT = 50  # former IRIs of one organisation that are shown
STEPS = 20  # successors that are followed, one after the other


def successor(site: Site, organisation: str) -> str | None:
    """The IRI that stands in the place of this one today; None for none, for several, and for a circle."""
    seen = [organisation]
    for _ in range(STEPS):
        found = successors(site, seen[-1])
        if len(found) != 1:
            break
        if found[0] in seen:
            return None
        seen.append(found[0])
    return seen[-1] if len(seen) > 1 else None


def successors(site: Site, organisation: str) -> list[str]:
    """What takes the place of an IRI directly."""
    query = (
        f"SELECT DISTINCT ?x {{ {iri(organisation)} dcterms:isReplacedBy ?x FILTER(isIRI(?x)) }} ORDER BY ?x LIMIT 10"
    )
    return [row["x"] for row in map(plain, site.select(query))]


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
