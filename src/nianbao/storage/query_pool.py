"""Queries run in processes of their own, so that none can hang, fill or bring down the program that asks.

Oxigraph has no timeout and no cancel, and a query of a few kilobytes can overflow its stack (docs/endpoint.md). What
bounds every query is a process that the kernel ends: after so many seconds of wall clock, or when it wants more memory
than it may have. The next query gets a fresh process.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from multiprocessing.connection import Pipe
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from nianbao.errors import NianbaoError, QueryError, StoreError
from nianbao.storage.guard import check

WORKER = "nianbao.storage.query_worker"
START = 60.0  # seconds that a worker may take to open the store
GRACE = 30.0  # seconds after which a worker that outlived its own alarm is killed from here


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one query may use: wall clock in seconds, memory and size of the result in bytes."""

    seconds: float = 10.0
    memory: int = 2 << 30
    result: int = 64 << 20


@dataclass(frozen=True, slots=True)
class Answer:
    """A serialised result: `kind` is ``table``, ``boolean`` or ``graph``; `seconds` what the worker needed."""

    kind: str
    media_type: str
    body: bytes
    seconds: float


class QueryPool:
    """Up to `workers` processes with a read-only view of the store at `location`, and up to `waiting` queries in line.

    Safe to use from several threads. Raises `StoreError` at once when the store cannot be opened.
    """

    def __init__(self, location: str, *, workers: int = 2, waiting: int = 16, bounds: Bounds | None = None) -> None:
        self.location = location
        self.bounds = bounds or Bounds()
        self._in_line = threading.BoundedSemaphore(workers + waiting)
        # None stands for a worker that is still to be started: the first is started now, the others when needed.
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        self._all: set[_Worker] = set()
        self._closed = False
        for _ in range(workers - 1):
            self._idle.put(None)
        self._idle.put(self._start())

    def run(
        self,
        text: str,
        media_type: str,
        *,
        default_graphs: list[str] | None = None,
        named_graphs: list[str] | None = None,
        base: str = "",
        seconds: float | None = None,
        trusted: bool = False,
        result: int | None = None,
    ) -> Answer:
        """Answer one query, serialised as `media_type` (a key of `store.TABLES` or `store.GRAPHS`).

        A media type that does not fit the query's form is replaced by JSON or Turtle: look at the answer's.
        default_graphs, named_graphs: IRIs of stored graphs that make up the dataset; None leaves it to the query.
        trusted: the text is our own and goes past the guard. result: bytes that it may give, if fewer than the bound.
        Raises `QueryError` (NB-QUERY-SYNTAX, -TIMEOUT, -MEMORY, -TOO-LARGE, -BUSY, -REFUSED, -FAILED) and `StoreError`.
        """
        if not trusted:
            check(text)
        limit = seconds or self.bounds.seconds
        request = {
            "query": text,
            "media_type": media_type,
            "default_graphs": default_graphs,
            "named_graphs": named_graphs,
            "base": base,
            "seconds": limit,
            "result": result or self.bounds.result,
        }
        if not self._in_line.acquire(blocking=False):
            raise _busy()
        try:
            return self._run(request, limit)
        finally:
            self._in_line.release()

    def _run(self, request: dict[str, Any], limit: float) -> Answer:
        try:
            worker = self._idle.get(timeout=limit)
        except queue.Empty:
            raise _busy() from None
        try:
            if self._closed:
                raise _busy()
            worker = worker or self._start()
            return worker.ask(request)
        finally:
            if worker and not worker.usable:
                self._all.discard(worker)
                worker.end()
                worker = None
            self._idle.put(worker)

    def _start(self) -> _Worker:
        worker = _Worker(self.location, self.bounds.memory)
        self._all.add(worker)
        return worker

    def close(self) -> None:
        """End all workers, also those at work; nothing can be asked afterwards."""
        self._closed = True
        for worker in list(self._all):
            worker.kill()  # whoever waits for it gives back the rest
        with contextlib.suppress(queue.Empty):
            while True:
                if idle := self._idle.get_nowait():
                    idle.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Worker:
    """One process and the socket to it."""

    def __init__(self, location: str, memory: int) -> None:
        self.location = location
        self.usable = True
        self.connection, theirs = Pipe()
        # What the process says on its way out (Rust names the cause) goes to a file, not to our terminal.
        self.words = tempfile.TemporaryFile()  # noqa: SIM115
        package = str(Path(__file__).resolve().parents[2])
        paths = [package, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
        with theirs:
            self.process = subprocess.Popen(
                [
                    sys.executable,
                    "-P",
                    "-m",
                    "nianbao.storage.query_worker",
                    str(theirs.fileno()),
                    location,
                    str(memory),
                ],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=self.words,
                pass_fds=[theirs.fileno()],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(paths)},
                process_group=0,  # Ctrl-C is for the program that asks; it ends its workers itself
            )
        try:
            self._receive(START)
        except NianbaoError:
            self.end()
            raise

    def ask(self, request: dict[str, Any]) -> Answer:
        """Send a request and wait for its answer; `usable` is false when the process did not outlive it."""
        try:
            self.connection.send_bytes(json.dumps(request).encode())
            header = self._receive(request["seconds"], GRACE)
            body = self.connection.recv_bytes()
        except (OSError, EOFError):
            raise self._died(request["seconds"]) from None
        return Answer(header["kind"], header["media_type"], body, header["seconds"])

    def _receive(self, seconds: float, grace: float = 0) -> dict[str, Any]:
        """The next header, or the error that it tells of."""
        try:
            if not self.connection.poll(seconds + grace):
                self.process.kill()
            header: dict[str, Any] = json.loads(self.connection.recv_bytes())
        except (OSError, EOFError):
            raise self._died(seconds) from None
        if told := header.pop("error", None):
            kind = StoreError if told.pop("type") == "store" else QueryError
            raise kind(told.pop("reason"), **told)
        return header

    def _died(self, seconds: float) -> NianbaoError:
        """Why the process ended, from its exit status and its last words."""
        self.usable = False
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
        status = self.process.poll()
        self.words.seek(0)
        words = self.words.read(20_000).decode("utf-8", "replace")
        if status is None or status in (-signal.SIGALRM, -signal.SIGKILL):
            return QueryError(
                f"the query was stopped after {seconds:g} seconds",
                remedy="ask for less: LIMIT, a narrower pattern, no free cross products",
                code="NB-QUERY-TIMEOUT",
            )
        if "overflowed its stack" in words or status == -signal.SIGSEGV:
            return QueryError(
                "the query is nested too deeply", remedy="write it with fewer levels", code="NB-QUERY-TOO-LARGE"
            )
        if status == 0 or "memory" in words.lower():
            return QueryError(
                "the query needed more memory than one query may use",
                remedy="ask for less: LIMIT, no ORDER BY or GROUP BY over everything",
                code="NB-QUERY-MEMORY",
            )
        if "panicked at" in words:
            return QueryError(
                "the query brings out a fault of the engine",
                remedy="write it in another way; when sorting values of several kinds, sort by STR(?x)",
                code="NB-QUERY-FAILED",
            )
        last = (words.strip().splitlines() or [f"status {status}"])[-1]
        return StoreError(
            f"the process that answers queries ended: {last}",
            where=self.location,
            remedy="try again; report it if it happens again",
            code="NB-STORE-WORKER",
        )

    def kill(self) -> None:
        """End the process, at work or not."""
        self.usable = False
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """End the process and give back socket and file."""
        self.kill()
        self.connection.close()
        self.words.close()


def run_query(location: str, text: str, media_type: str, timeout: float = 60) -> bytes:
    """Answer one query in a process of its own, stopped after `timeout` seconds; errors as of `QueryPool.run`."""
    with QueryPool(location, workers=1, bounds=Bounds(seconds=timeout)) as pool:
        return pool.run(text, media_type).body


def _busy() -> QueryError:
    return QueryError("all places for queries are taken", remedy="try again in a few seconds", code="NB-QUERY-BUSY")
