"""A process that answers queries, started by `nianbao.storage.query_pool`.

It reads one request after another from a socket (JSON), and answers each with a header (JSON) and, when all went
well, the serialised result. Its kernel limits are the real bound on a query: an alarm that nothing in this process
can catch ends it, and so does running out of address space.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import signal
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from nianbao.confinement import leave_network
from nianbao.errors import NianbaoError, QueryError, StoreError
from nianbao.storage.guard import explained
from nianbao.storage.store import GRAPHS, TABLES, RemoteStore, open_store, syntax_error
from nianbao.vocabulary import PREFIXES

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer as Buffer

LOOK_AGAIN = 1.0  # seconds between two looks whether the store on disk has changed


class Capped(io.BytesIO):
    """A file in memory that refuses to grow over `limit` bytes: a result is whole or an error, never cut short."""

    def __init__(self, limit: int) -> None:
        super().__init__()
        self.limit = limit

    def write(self, data: Buffer, /) -> int:
        if self.tell() + memoryview(data).nbytes > self.limit:
            raise QueryError(
                f"the result is larger than {self.limit // 1024:,} KiB",
                remedy="ask for less: LIMIT, a narrower pattern, or fewer variables",
                code="NB-QUERY-TOO-LARGE",
            )
        return super().write(data)


class Snapshot:
    """A read-only view of a store's folder, opened anew when the folder has changed."""

    def __init__(self, location: str) -> None:
        self.location = location
        self.folder = Path(location)
        self.looked = 0.0
        self.cost = 0.0
        self.state = self._state()
        open_store(location, read_only=True)  # raises the right error when there is none
        self.store = ox.Store.read_only(location)

    def refresh(self, *, now: bool = False) -> bool:
        """Open again if files have changed; True when it did. A slow opening is not repeated too soon."""
        clock = time.monotonic()
        if not now and clock < self.looked + max(LOOK_AGAIN, 10 * self.cost):
            return False
        self.looked = clock
        if not now and self._state() == self.state:
            return False
        state = self._state()
        try:
            store = ox.Store.read_only(self.location)
        except (OSError, RuntimeError):
            return False  # being written or replaced at this moment: the old view still answers
        self.store, self.state = store, state
        self.cost = time.monotonic() - clock
        return True

    def _state(self) -> tuple[tuple[str, int, int], ...]:
        found = []
        with contextlib.suppress(OSError):
            for entry in os.scandir(self.folder):
                with contextlib.suppress(OSError):
                    stat = entry.stat()
                    found.append((entry.name, stat.st_size, stat.st_mtime_ns))
        return tuple(sorted(found))


def answer(store: ox.Store, request: dict[str, Any]) -> tuple[str, str, bytes]:
    """Run one query; returns its kind (``table``, ``boolean``, ``graph``), the media type and the serialised result."""
    text = request["query"]
    try:
        found = store.query(
            text,
            base_iri=request["base"] or None,
            default_graph=_graphs(request["default_graphs"]),
            named_graphs=_graphs(request["named_graphs"]),
        )
    except SyntaxError as error:
        raise explained(syntax_error(error, text), text) from error
    wanted = request["media_type"]
    out = Capped(request["result"])
    if isinstance(found, ox.QueryTriples):
        if wanted not in GRAPHS:
            wanted = next(iter(GRAPHS))
        ox.serialize(found, out, GRAPHS[wanted], prefixes=PREFIXES)
        return "graph", wanted, out.getvalue()
    if wanted not in TABLES:
        wanted = next(iter(TABLES))
    found.serialize(out, TABLES[wanted])
    return "boolean" if isinstance(found, ox.QueryBoolean) else "table", wanted, out.getvalue()


def forward(store: RemoteStore, request: dict[str, Any]) -> tuple[str, str, bytes]:
    """Pass one query on to another endpoint, which has no part in our limits but the time."""
    if request["default_graphs"] is not None or request["named_graphs"] is not None:
        raise QueryError(
            "graphs cannot be chosen by parameters on a remote store",
            remedy="write FROM and FROM NAMED into the query",
            code="NB-QUERY-REFUSED",
        )
    wanted = request["media_type"]
    out = Capped(request["result"])
    out.write(store.results(request["query"], wanted))
    return "graph" if wanted in GRAPHS else "table", wanted, out.getvalue()


def _graphs(names: list[str] | None) -> list[Any] | None:
    return None if names is None else [ox.NamedNode(name) for name in names]


def serve(connection: Connection, location: str, memory: int) -> None:
    """Answer requests until the other end hangs up. `memory`: bytes that a query may add to this process."""
    snapshot: Snapshot | None = None
    try:
        remote = open_store(location, read_only=True)
        if not isinstance(remote, RemoteStore):
            snapshot = Snapshot(location)
    except NianbaoError as error:
        return _send(connection, _told(error))
    _limit(memory)
    _send(connection, {"ready": True})
    while True:
        try:
            request = json.loads(connection.recv_bytes())
        except EOFError:
            return None
        if snapshot and snapshot.refresh():
            _limit(memory)
        # The alarm's default action ends the process in whatever code it is, and an orphan as well.
        signal.setitimer(signal.ITIMER_REAL, request["seconds"])
        started = time.monotonic()
        try:
            if snapshot is None:
                kind, media_type, body = forward(remote, request)  # type: ignore[arg-type]
            else:
                kind, media_type, body = _answer_again(snapshot, request)
        except NianbaoError as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(connection, _told(error))
        except MemoryError:
            return None  # the parent sees the hang-up; a process that ran out of memory is not used again
        except Exception as error:
            signal.setitimer(signal.ITIMER_REAL, 0)
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            _send(
                connection,
                _told(QueryError(f"the query failed: {reason}", remedy="correct the query", code="NB-QUERY-FAILED")),
            )
        else:
            signal.setitimer(signal.ITIMER_REAL, 0)
            _send(connection, {"kind": kind, "media_type": media_type, "seconds": time.monotonic() - started}, body)


def _answer_again(snapshot: Snapshot, request: dict[str, Any]) -> tuple[str, str, bytes]:
    """Answer; if a file of the snapshot has gone (a writer tidied up), open the store anew and answer once more."""
    try:
        return answer(snapshot.store, request)
    except (OSError, RuntimeError):
        if not snapshot.refresh(now=True):
            raise
        return answer(snapshot.store, request)


def _send(connection: Connection, header: dict[str, Any], body: bytes | None = None) -> None:
    connection.send_bytes(json.dumps(header).encode())
    if body is not None:
        connection.send_bytes(body)


def _told(error: NianbaoError) -> dict[str, Any]:
    return {
        "error": {
            "type": "store" if isinstance(error, StoreError) else "query",
            "reason": error.reason,
            "remedy": error.remedy,
            "where": error.where,
            "place": error.place,
            "code": error.code,
        }
    }


def _limit(memory: int) -> None:
    """Let the address space grow by `memory` bytes from now on. Does nothing where the system has no such limit."""
    with contextlib.suppress(OSError, ValueError):
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + memory, hard))


def main(arguments: list[str]) -> None:
    """Arguments: file descriptor of the socket, location of the store, memory in bytes."""
    descriptor, location, memory = arguments
    if not location.startswith(("http://", "https://")):
        leave_network()
    with Connection(int(descriptor)) as connection, contextlib.suppress(BrokenPipeError, ConnectionResetError):
        serve(connection, location, int(memory))


if __name__ == "__main__":
    main(sys.argv[1:])
