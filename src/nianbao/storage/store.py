"""Where the graph is kept: one small interface, and two kinds of store behind it.

* a folder: Oxigraph, embedded in this process (`EmbeddedStore`);
* an ``http(s)://`` address: any SPARQL 1.1 endpoint, through SPARQLWrapper (`RemoteStore`).

A change is one SPARQL 1.1 Update request, which both run as one transaction: whole filings or nothing.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from nianbao.errors import QueryError, StoreError

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Row = dict[str, Term]

TABLES = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
"""Media types of SELECT and ASK results (SPARQL 1.1 Results JSON, XML, CSV and TSV)."""

GRAPHS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
}
"""Media types of CONSTRUCT and DESCRIBE results."""


class Store(Protocol):
    """What the rest of the system knows of a store. Errors are `StoreError` and `QueryError`."""

    location: str

    def select(self, query: str) -> list[Row]:
        """Rows of a SELECT; an unbound variable is absent from its row."""

    def ask(self, query: str) -> bool:
        """The answer to an ASK."""

    def construct(self, query: str) -> list[ox.Triple]:
        """The triples of a CONSTRUCT or DESCRIBE."""

    def results(self, query: str, media_type: str) -> bytes:
        """The serialised result of any query; `media_type` is a key of `TABLES` or `GRAPHS`."""

    def update(self, text: str) -> None:
        """Run one SPARQL 1.1 Update request as one transaction."""

    def write(self, quads: Iterable[ox.Quad], *, first: str = "") -> None:
        """Add `quads` after the update operations `first`, all in one transaction."""

    def close(self) -> None:
        """Give back files and connections."""


def open_store(location: str, *, read_only: bool = False, update_url: str | None = None) -> Store:
    """Open the store at `location`: an ``http(s)://`` address of an endpoint, else a folder (made when absent).

    Raises `StoreError` for a folder that cannot be opened, or one to be read that is not there.
    """
    if re.match(r"https?://", location):
        return RemoteStore(location, update_url=update_url)
    return EmbeddedStore(Path(location), read_only=read_only)


def insert_data(quads: Iterable[ox.Quad]) -> str:
    """The operation INSERT DATA (SPARQL 1.1 Update §3.1.1) that adds `quads`; empty for none."""
    triples: list[str] = []
    graphs: dict[str, list[str]] = {}
    for quad in quads:
        line = f"{quad.subject} {quad.predicate} {quad.object} ."
        if isinstance(quad.graph_name, ox.DefaultGraph):
            triples.append(line)
        else:
            graphs.setdefault(str(quad.graph_name), []).append(line)
    blocks = [*triples, *(f"GRAPH {name} {{\n" + "\n".join(lines) + "\n}" for name, lines in graphs.items())]
    return "INSERT DATA {\n" + "\n".join(blocks) + "\n}" if blocks else ""


class EmbeddedStore:
    """Oxigraph (RocksDB) in a folder. One process may write; others may read a snapshot beside it."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.location = str(path)
        try:
            if read_only:
                if not (path / "CURRENT").is_file():
                    reason = "this folder is not a store" if path.is_dir() else "there is no store here"
                    raise StoreError(
                        reason,
                        where=self.location,
                        remedy="make one with: nianbao build FOLDER --store " + self.location,
                        code="NB-STORE-ABSENT",
                    )
                self._store = ox.Store.read_only(str(path))
            else:
                if path.is_dir() and any(path.iterdir()) and not (path / "CURRENT").is_file():
                    raise StoreError(
                        "this folder holds other files and is not a store",
                        where=self.location,
                        remedy="name a new or empty folder",
                        code="NB-STORE-FOREIGN",
                    )
                path.parent.mkdir(parents=True, exist_ok=True)
                self._store = ox.Store(str(path))
        except (OSError, RuntimeError) as error:
            raise _not_opened(self.location, error) from error

    def _query(self, query: str) -> ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples:
        try:
            return self._store.query(query)
        except SyntaxError as error:
            raise syntax_error(error, query) from error
        except ValueError as error:
            raise QueryError(
                f"the query failed: {error}", remedy="correct the query", code="NB-QUERY-FAILED"
            ) from error
        except (OSError, RuntimeError) as error:
            raise _not_opened(self.location, error) from error

    def select(self, query: str) -> list[Row]:
        found = self._query(query)
        if not isinstance(found, ox.QuerySolutions):
            raise _wrong_form("SELECT")
        return rows(found)

    def ask(self, query: str) -> bool:
        found = self._query(query)
        if not isinstance(found, ox.QueryBoolean):
            raise _wrong_form("ASK")
        return bool(found)

    def construct(self, query: str) -> list[ox.Triple]:
        found = self._query(query)
        if not isinstance(found, ox.QueryTriples):
            raise _wrong_form("CONSTRUCT or DESCRIBE")
        return list(found)

    def results(self, query: str, media_type: str) -> bytes:
        found = self._query(query)
        if isinstance(found, ox.QueryTriples):
            data = found.serialize(format=GRAPHS.get(media_type, ox.RdfFormat.TURTLE))
        else:
            data = found.serialize(format=TABLES.get(media_type, ox.QueryResultsFormat.JSON))
        assert data is not None  # None only where a file was given to write to
        return data

    def update(self, text: str) -> None:
        try:
            self._store.update(text)
        except SyntaxError as error:
            raise syntax_error(error, text) from error
        except (OSError, RuntimeError) as error:
            raise _not_opened(self.location, error) from error

    def write(self, quads: Iterable[ox.Quad], *, first: str = "") -> None:
        if first:
            self.update(";\n".join(part for part in (first, insert_data(quads)) if part))
        else:
            self._store.extend(quads)

    def close(self) -> None:
        """Flush what was written; the lock on the folder is given back when this object is no longer referred to."""
        if hasattr(self, "_store"):
            self._store.flush()
            del self._store


class RemoteStore:
    """Any SPARQL 1.1 endpoint. Name and password come from NIANBAO_STORE_USER and NIANBAO_STORE_PASSWORD."""

    def __init__(self, url: str, *, update_url: str | None = None, timeout: float = 60) -> None:
        self.location = url
        self.update_url = update_url or url
        self.timeout = timeout

    def _send(self, text: str, accept: str, *, update: bool = False) -> bytes:
        from urllib.error import URLError

        from SPARQLWrapper import POST, SPARQLExceptions, SPARQLWrapper

        endpoint = SPARQLWrapper(self.location, updateEndpoint=self.update_url)
        endpoint.setMethod(POST)
        endpoint.setTimeout(int(self.timeout))
        endpoint.setOnlyConneg(True)  # else it also asks for XML by format=, output= and results=
        endpoint.addCustomHttpHeader("Accept", accept)
        if user := os.environ.get("NIANBAO_STORE_USER"):
            endpoint.setCredentials(user, os.environ.get("NIANBAO_STORE_PASSWORD", ""))
        endpoint.setQuery(text)
        if update:
            endpoint.queryType = "INSERT"  # the wrapper's guess by first words fails on long requests
        try:
            data = endpoint.query().response.read()
        except SPARQLExceptions.QueryBadFormed as error:
            raise QueryError(
                f"the endpoint refused the request: {_first_line(error)}",
                where=self.location,
                remedy="correct the query",
                code="NB-QUERY-SYNTAX",
            ) from error
        except (SPARQLExceptions.SPARQLWrapperException, URLError, OSError) as error:
            raise StoreError(
                f"the endpoint did not answer: {_first_line(error)}",
                where=self.location,
                remedy="check the address, that the server runs and the credentials",
                code="NB-STORE-UNREACHABLE",
            ) from error
        assert isinstance(data, bytes)
        return data

    def _table(self, query: str) -> ox.QuerySolutions | ox.QueryBoolean:
        data = self._send(query, "application/sparql-results+json")
        try:
            return ox.parse_query_results(data, format=ox.QueryResultsFormat.JSON)
        except (SyntaxError, ValueError) as error:
            raise StoreError(
                f"the endpoint's answer is not SPARQL results: {_first_line(error)}",
                where=self.location,
                remedy="check that the address is that of a SPARQL 1.1 endpoint",
                code="NB-STORE-UNREACHABLE",
            ) from error

    def select(self, query: str) -> list[Row]:
        found = self._table(query)
        if not isinstance(found, ox.QuerySolutions):
            raise _wrong_form("SELECT")
        return rows(found)

    def ask(self, query: str) -> bool:
        found = self._table(query)
        if not isinstance(found, ox.QueryBoolean):
            raise _wrong_form("ASK")
        return bool(found)

    def construct(self, query: str) -> list[ox.Triple]:
        data = self._send(query, "application/n-triples")
        return [quad.triple for quad in ox.parse(data, format=ox.RdfFormat.N_TRIPLES)]

    def results(self, query: str, media_type: str) -> bytes:
        return self._send(query, media_type)

    def update(self, text: str) -> None:
        self._send(text, "*/*", update=True)

    def write(self, quads: Iterable[ox.Quad], *, first: str = "") -> None:
        if text := ";\n".join(part for part in (first, insert_data(quads)) if part):
            self.update(text)

    def close(self) -> None:
        """Nothing is held between requests."""


def rows(found: ox.QuerySolutions) -> list[Row]:
    """The solutions as dicts by the variables' names (without ``?``)."""
    names = [variable.value for variable in found.variables]
    return [{name: term for name, term in zip(names, solution, strict=True) if term is not None} for solution in found]


def values(row: Row, names: Sequence[str]) -> list[str | None]:
    """The text of some of a row's terms: an IRI without brackets, a literal's characters, None where unbound."""
    return [getattr(row[name], "value", str(row[name])) if name in row else None for name in names]


def syntax_error(error: SyntaxError, query: str) -> QueryError:
    """The parser's complaint as an error of ours, with line, column and the text that it stumbled over."""
    message = _first_line(error)
    if not (at := re.match(r"error at (\d+):(\d+): (.*)", message)):
        return QueryError(f"not valid SPARQL: {message}", remedy="correct the query", code="NB-QUERY-SYNTAX")
    line, column = int(at[1]), int(at[2])
    found = (query.splitlines() or [""])[min(line, len(query.splitlines())) - 1][column - 1 :][:30]
    # The list of what may stand there runs to thousands of characters, most of them ranges of letters.
    reason = f"unexpected {found!r}" if found else "the query ends too early"
    if not at[3].startswith("expected one of"):
        reason += f" ({at[3]})"
    return QueryError(
        f"not valid SPARQL: {reason}",
        place=f"line {line}, column {column}",
        remedy="correct the query there",
        code="NB-QUERY-SYNTAX",
    )


def _first_line(error: BaseException) -> str:
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    return (text.strip() or type(error).__name__).splitlines()[0]


def _wrong_form(wanted: str) -> QueryError:
    return QueryError(f"this place takes a {wanted} query", remedy="send a query of that form", code="NB-QUERY-FORM")


def _not_opened(location: str, error: OSError | RuntimeError) -> StoreError:
    text = _first_line(error)
    if "lock" in text.lower():
        return StoreError(
            "another process is writing to this store",
            where=location,
            remedy="wait until it has ended, or name another folder",
            code="NB-STORE-LOCKED",
        )
    if isinstance(error, (FileExistsError, NotADirectoryError)) or "not a directory" in text.lower():
        return StoreError(
            "this is a file, not a folder", where=location, remedy="name a folder", code="NB-STORE-FOREIGN"
        )
    if any(words in text for words in ("Permission denied", "Read-only file system", "No space left")):
        return StoreError(
            f"the store cannot be written: {text}",
            where=location,
            remedy="the store itself is whole: see to the rights and the free space there, or name another folder",
            code="NB-STORE-RIGHTS",
        )
    return StoreError(
        f"the store cannot be opened: {text}",
        where=location,
        remedy="restore it from a copy, or delete the folder and run nianbao build again",
        code="NB-STORE-BROKEN",
    )
