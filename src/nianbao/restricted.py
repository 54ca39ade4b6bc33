"""The store of personal data beside the public one: form fillers and telephones, off by default, never published.

It has one graph a filing (`nianbao.mapping.persons`) and a journal, ``B restricted/journal``, of the file and the
reader that each came from. It follows the public store: what is removed or replaced there leaves it too, and what is
missing, after a build that was stopped or made without it, is found by the journals and made good.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pyoxigraph as ox

from nianbao.errors import StoreError
from nianbao.mapping.persons import person_quads
from nianbao.record import Record
from nianbao.storage.store import Store, open_store, values
from nianbao.vocabulary import NB, PREFIXES, expand

_TITLE, _COMMENT = expand("dcterms:title"), expand("rdfs:comment")
_ENDS = "restricted/journal"
_WORDS = {
    "zh": "填表人和联系电话：个人信息，不得公开",
    "en": "Form fillers and telephones: personal data, not for publication",
}

HOLDS_PERSONS = (
    "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcterms", "nb", "nbc", "org"))
    + f"""ASK {{
      {{ ?s nb:telephone ?o }} UNION {{ ?s org:role nbc:formFiller }}
      UNION {{ GRAPH ?g {{ ?s nb:telephone ?o }} }} UNION {{ GRAPH ?g {{ ?s org:role nbc:formFiller }} }}
      UNION {{ GRAPH ?g {{ ?g dcterms:title ?o }} FILTER (STRENDS(STR(?g), "/{_ENDS}")) }} }}"""
)
"""Whether a store is one of personal data, also an empty one, or holds such data somewhere."""

_HOLDS_REPORTS = f'ASK {{ GRAPH ?g {{ ?s <{NB}sha256> ?o }} FILTER (STRENDS(STR(?g), "/graph/journal")) }}'


def holds_persons(location: str, use: str) -> StoreError:
    """The error for a store of personal data where a public one is needed. use: what it cannot be used for."""
    return StoreError(
        f"this store holds personal data (form fillers, telephones) and {use} (存有个人信息，不得公开)",
        where=location,
        remedy="name the public store here; ask this one with: nianbao query --store",
        code="NB-STORE-PERSONS",
    )


def open_persons(location: str, public: str, *, update_url: str | None = None) -> Store:
    """Open the store of personal data beside that at `public`; a new folder is readable by its owner only.

    Raises `StoreError` where the two are one store or one lies in the other, or this one cannot be opened.
    """
    own, other = _folder(location), _folder(public)
    if own and other:
        if own == other:
            raise _not_apart(location, "is the public store itself")
        if own.is_relative_to(other) or other.is_relative_to(own):
            raise _not_apart(location, "and the public store lie one in the other: whoever copies one has both")
    elif location.rstrip("/") == public.rstrip("/"):
        raise _not_apart(location, "is the public store itself")
    if own and not own.exists():
        own.parent.mkdir(parents=True, exist_ok=True)
        own.mkdir(mode=0o700)
    return open_store(location, update_url=update_url)


def _folder(location: str) -> Path | None:
    return None if re.match(r"https?://", location) else Path(location).resolve()


def _not_apart(location: str, reason: str) -> StoreError:
    return StoreError(
        f"the store of personal data {reason} (个人信息须与公开数据分库存放)",
        where=location,
        remedy="name a new folder or an endpoint of its own for --persons",
        code="NB-BUILD-PERSONS",
    )


class Persons:
    """Writes the personal data of filings into `store`, which stands beside `public`.

    Raises `StoreError` where the two are one store under two names, or `store` holds published reports.
    What came from other files than those of `public` is removed at `follow`.
    """

    def __init__(self, store: Store, public: Store, base: str) -> None:
        self.store = store
        self.base = base
        self.journal = f"{base}{_ENDS}"
        self.beside = str(_folder(public.location) or public.location)
        if store is public:
            raise _not_apart(store.location, "is the public store itself")
        if store.ask(_HOLDS_REPORTS):
            raise _not_apart(store.location, "holds reports for publication")
        journal = ox.NamedNode(self.journal)
        title = [
            ox.Quad(journal, ox.NamedNode(_TITLE), ox.Literal(words, language=lang), journal)
            for lang, words in _WORDS.items()
        ]
        mark = f"GRAPH <{self.journal}> {{ <{self.journal}> <{_TITLE}> ?title }}"
        if not store.ask(f"ASK {{ {mark} }}"):
            store.write(title)
            if public.ask(f"ASK {{ {mark} }}"):  # two addresses of one endpoint
                store.update(f"DELETE WHERE {{ {mark} }}")
                raise _not_apart(store.location, "is the public store under another name")
        query = f"""SELECT ?filing ?hash ?reader {{ GRAPH <{self.journal}> {{
            ?filing <{NB}sha256> ?hash ; <{NB}readBy> ?reader }} }}"""
        self._kept: dict[str, tuple[str, str]] = {}
        for row in store.select(query):
            filing, sha256, reader = (text or "" for text in values(row, ("filing", "hash", "reader")))
            self._kept[filing] = (sha256, reader)

    def follow(self, filed: Mapping[str, str]) -> None:
        """Remove what came from other files than those of the public store. filed: hash of the file by filing.

        Raises `StoreError`, and removes nothing, where it has followed a public store at another place until now: a
        trial into another STORE must not empty it. Stores that were moved together go on.
        """
        old = [filing for filing, (sha256, _) in self._kept.items() if filed.get(filing) != sha256]
        mark = f"<{self.journal}> <{_COMMENT}>"
        rows = self.store.select(f"SELECT ?place {{ GRAPH <{self.journal}> {{ {mark} ?place }} }}")
        places = [values(row, ("place",))[0] for row in rows]
        if places == [self.beside]:
            pass
        elif places and old:
            raise StoreError(
                f"this store of personal data belongs to the public store {places[0]} (属于另一公开库)",
                where=self.store.location,
                remedy="build that one, or name another folder for --persons",
                code="NB-BUILD-PERSONS",
            )
        else:
            place = ox.Quad(
                ox.NamedNode(self.journal),
                ox.NamedNode(_COMMENT),
                ox.Literal(self.beside),
                ox.NamedNode(self.journal),
            )
            self.store.write([place], first=f"DELETE WHERE {{ GRAPH <{self.journal}> {{ {mark} ?old }} }}")
        for filing in old:
            self.remove(filing)

    def has(self, filing: str, sha256: str, reader: str) -> bool:
        """Whether what a filing says of persons is there, from this file by this reader."""
        return self._kept.get(filing) == (sha256, reader)

    def put(self, record: Record, filing: str, sha256: str, reader: str) -> None:
        """Write what a record says of persons, in the place of what was there for its filing."""
        quads = list(person_quads(record, base=self.base, version=int(filing.rsplit("/", 1)[1])))
        journal, node = ox.NamedNode(self.journal), ox.NamedNode(filing)
        for name, text in (("sha256", sha256), ("readBy", reader)):
            quads.append(ox.Quad(node, ox.NamedNode(NB + name), ox.Literal(text), journal))
        self.store.write(quads, first=self._removal(filing))
        self._kept[filing] = (sha256, reader)

    def remove(self, filing: str) -> None:
        """Take out what a filing says of persons; nothing happens where there is nothing."""
        self.store.update(self._removal(filing))
        self._kept.pop(filing, None)

    def _removal(self, filing: str) -> str:
        graph = filing.replace("/filing/", "/restricted/", 1)
        return f"DROP SILENT GRAPH <{graph}>;\nDELETE WHERE {{ GRAPH <{self.journal}> {{ <{filing}> ?p ?o }} }}"
