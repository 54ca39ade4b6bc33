"""What all requests share: the pools that answer queries, and the words for codes, properties and rules.

Public queries and the pages' own run in pools of their own, so that a crowd at the endpoint does not stop the pages.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pyoxigraph as ox
from flask import current_app

from nianbao.errors import ShapesError
from nianbao.quality.kept import kept
from nianbao.quality.rulebook import Rulebook, rulebook
from nianbao.resources import ONTOLOGY, SHAPES
from nianbao.restricted import HOLDS_PERSONS, holds_persons
from nianbao.storage.query_pool import Bounds, QueryPool
from nianbao.storage.store import Row, rows
from nianbao.vocabulary import PREFIXES
from nianbao_server.graph import Graph

DECLARED = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
T = TypeVar("T")
KEPT = 500  # answers that are kept
WAITING = 8  # public queries that may stand in line
RULES = 30.0  # seconds for which the rules of the store may be used again
FRESH = 5.0  # seconds for which a count over the whole store may be shown again


def load_vocabulary_triples(*, shapes: bool = False) -> list[ox.Triple]:
    """Ontology, codes and indicators as they ship with the package, and the shapes if wanted."""
    triples: list[ox.Triple] = []
    for folder in (ONTOLOGY, SHAPES) if shapes else (ONTOLOGY,):
        for path in sorted(folder.rglob("*.ttl")):
            if "examples" not in path.parts:
                triples.extend(quad.triple for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE))
    return triples


def load_vocabulary() -> Graph:
    """Labels, definitions and rules in memory: they are small, and needed on every page."""
    return Graph(load_vocabulary_triples(shapes=True))


@dataclass
class Site:
    """One served store. `base` is what data IRIs start with, `base_url` the public address or "" for the visitor's."""

    location: str
    base: str
    base_url: str
    public: QueryPool
    own: QueryPool
    vocabulary: Graph = field(default_factory=load_vocabulary)
    _kept: dict[Any, tuple[float, Any]] = field(default_factory=dict)

    @classmethod
    def open(cls, location: str, *, base: str, base_url: str, bounds: Bounds, workers: int) -> Site:
        """Start the pools. Raises StoreError when the store cannot be opened, or holds personal data."""
        own = QueryPool(location, workers=2, waiting=64, bounds=bounds)
        try:
            # Fewer in line than the server has threads: queries that wait must leave some for the pages.
            public = QueryPool(location, workers=workers, waiting=WAITING, bounds=bounds)
        except Exception:
            own.close()
            raise
        site = cls(location, base, base_url.rstrip("/"), public, own)
        try:
            site.refuse_persons()
        except Exception:
            site.close()
            raise
        return site

    def refuse_persons(self) -> None:
        """Raise StoreError where the store holds personal data: it is served to nobody, not even on this machine,
        since a proxy may stand before it."""
        answer = self.own.run(HOLDS_PERSONS, "application/sparql-results+json", trusted=True, seconds=60)
        if json.loads(answer.body)["boolean"]:
            raise holds_persons(self.location, "is not served")

    def select(self, query: str) -> list[Row]:
        """The rows of a query of our own; prefixes need no declaration."""
        answer = self.own.run(DECLARED + query, "application/sparql-results+json", trusted=True)
        found = ox.parse_query_results(answer.body, format=ox.QueryResultsFormat.JSON)
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def construct(self, query: str) -> Graph:
        """The triples of a CONSTRUCT of our own."""
        answer = self.own.run(DECLARED + query, "application/n-triples", trusted=True)
        return Graph(ox.parse(answer.body, format=ox.RdfFormat.N_TRIPLES))

    def document(self, query: str, media_type: str) -> bytes:
        """The serialised triples of a CONSTRUCT of our own."""
        return self.own.run(DECLARED + query, media_type, trusted=True).body

    @property
    def rules(self) -> Rulebook:
        """The rules that the store was built with; the shipped ones where those can no longer be used."""

        def make() -> Rulebook:
            try:
                return kept(self)
            except ShapesError:  # then no report counts as checked, and the command line tells why
                return rulebook()

        return self.kept("rules", make, RULES)

    def kept(self, key: object, make: Callable[[], T], seconds: float = FRESH) -> T:
        """What `make` returns, for some seconds the same: for counts over the whole store."""
        now = time.monotonic()
        if key not in self._kept or self._kept[key][0] < now:
            if len(self._kept) >= KEPT:  # what visitors ask for must not fill the memory
                self._kept = {}
            self._kept[key] = (now + seconds, make())
        value: T = self._kept[key][1]
        return value

    def close(self) -> None:
        """End the workers."""
        self.public.close()
        self.own.close()


def site() -> Site:
    """That of the application which answers this request."""
    found = current_app.extensions["nianbao"]
    assert isinstance(found, Site)
    return found
