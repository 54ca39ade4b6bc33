"""Reading foreign formats in a process that can be lost: limits, deaths and what they mean.

``read_apart`` hands a file's bytes to a reader in a fresh process and yields what it tells, as it comes. However that
process ends, the outcome is messages or a ReadError. One helper (``worker``) a thread of ours starts the children; it
has no environment, no network where the system allows, and dies with us.
"""

from __future__ import annotations

import atexit
import contextlib
import dataclasses
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from nianbao.confinement import Scratch
from nianbao.errors import ReadError
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.wire import Message, decode

GRACE = 5.0  # seconds beyond the wall clock until the helper itself is given up
_CHUNK = 1 << 16


@dataclasses.dataclass(slots=True)
class Usage:
    """What the last file of this thread cost: CPU seconds and bytes of the largest resident set."""

    cpu: float = 0.0
    memory: int = 0


class _Local(threading.local):
    helper: _Helper | None = None
    usage: Usage = Usage()


_local = _Local()


def usage() -> Usage:
    """What reading the last file apart cost in this thread."""
    return _local.usage


def read_apart(reader: str, data: bytes, limits: Limits = DEFAULT, **options: Any) -> Iterator[Message]:
    """What a reader (a key of ``worker.READERS``) makes of a file's bytes, message by message.

    Raises ReadError with the reason: what the reader says itself, NB-READ-TIMEOUT, NB-READ-MEMORY, NB-READ-SIZE,
    NB-READ-DAMAGED. ``where`` is left to the caller, who knows the file's name.
    """
    helper = _local.helper
    if helper is None or not helper.usable:
        helper = _local.helper = _Helper()
    yield from helper.read(reader, data, limits, options)


def bounds(reader: str, limits: Limits, options: dict[str, Any]) -> dict[str, int]:
    """The kernel limits of the process of a reader; OCR has time for each page that is asked for."""
    if reader == "ocr":
        pages = min(len(options.get("pages") or range(limits.ocr_pages)), limits.ocr_pages)
        cpu = limits.cpu + limits.ocr_page * pages
        return {"memory": limits.ocr_memory, "cpu": cpu, "wall": limits.wall + 2 * limits.ocr_page * pages}
    return {"memory": limits.memory, "cpu": limits.cpu, "wall": limits.wall}


class _Helper:
    """The process that forks a child a file, and the socket to it."""

    def __init__(self) -> None:
        self.usable = True
        self.owner = os.getpid()
        self.ours, theirs = socket.socketpair()
        self.words = self.ours.makefile("rb")
        self.scratch = Scratch()
        package = str(Path(__file__).resolve().parents[2])
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "nianbao.reading.worker", str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                env={"PYTHONPATH": package, "OMP_NUM_THREADS": "1"},
                cwd=self.scratch.path,
                process_group=0,  # Ctrl-C is for the program that asks; killing the group takes the child along
            )
        atexit.register(self.end)

    def read(self, reader: str, data: bytes, limits: Limits, options: dict[str, Any]) -> Iterator[Message]:
        bound = bounds(reader, limits, options)
        deadline = time.monotonic() + bound["wall"] + GRACE
        request = {
            "reader": reader,
            "limits": dataclasses.asdict(limits),
            "bounds": bound,
            "options": options,
        }
        last: dict[str, Any] = {}
        try:
            with self._ask(request, data) as out:
                for line in _lines(out, deadline, 50 * limits.characters + 2 * limits.unzipped):
                    told = json.loads(line)
                    if {"done", "error", "died"} & set(told):
                        last = told
                        break
                    yield decode(told)
            status = self._status(deadline)
        except (TimeoutError, OSError, EOFError):
            self.end()
            raise _timeout(bound) from None
        except OverflowError:
            self.end()
            raise _too_large() from None
        except (ValueError, TypeError, LookupError) as error:  # a half line of one that died, or no message at all
            with contextlib.suppress(TimeoutError, OSError, EOFError, ValueError):
                raise _death(self._status(deadline), {}, bound) from error
            self.end()
            raise _damaged("what the reader gave makes no sense") from error
        except BaseException:  # the caller has had enough
            self.end()
            raise
        if "done" not in last:
            raise _death(status, last, bound)

    def _ask(self, request: dict[str, Any], data: bytes) -> Any:
        """Send a request with the file's bytes; where its answer can be read from."""
        with tempfile.TemporaryFile() as copy:  # a copy: the child can do nothing to the file
            copy.write(data)
            copy.seek(0)
            out, into = os.pipe()
            try:
                socket.send_fds(self.ours, [json.dumps(request).encode()], [copy.fileno(), into])
            except OSError:
                os.close(out)
                raise
            finally:
                os.close(into)
        return open(out, "rb", buffering=0)  # noqa: PTH123, SIM115

    def _status(self, deadline: float) -> int:
        """The exit code of the child; its cost goes to ``usage``."""
        while True:
            self.ours.settimeout(max(0.1, deadline - time.monotonic()))
            line = self.words.readline()
            if not line:
                raise EOFError
            told = json.loads(line)
            if "status" in told:
                _local.usage = Usage(told["cpu"], told["memory"])
                return int(told["status"])

    def end(self) -> None:
        """End the helper and the child that is at work."""
        atexit.unregister(self.end)
        self.usable = False
        if os.getpid() != self.owner:  # a copy of this object in a forked process: not ours to end
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.words.close()
        self.ours.close()
        self.scratch.remove()


def _lines(out: Any, deadline: float, most: int) -> Iterator[bytes]:
    """The lines that come out of a pipe until it is closed. Raises TimeoutError, and OverflowError for too many."""
    rest = b""
    total = 0
    parts: list[bytes] = []
    while True:
        if not select.select([out], [], [], max(0.0, deadline - time.monotonic()))[0]:
            raise TimeoutError
        chunk = out.read(_CHUNK)
        if not chunk:
            break
        total += len(chunk)
        if total > most:
            raise OverflowError
        head, feed, tail = chunk.partition(b"\n")
        while feed:
            yield b"".join((*parts, head))
            parts = []
            head, feed, tail = tail.partition(b"\n")
        parts.append(head)
    if rest := b"".join(parts):
        yield rest


# ---------------------------------------------------------------- what an end means


def _death(status: int, last: dict[str, Any], bound: dict[str, int]) -> ReadError:
    """The reason why a child gave no whole answer, from its last words and its exit code."""
    if "error" in last:
        reason, remedy, place, code = last["error"]
        return ReadError(reason, remedy=remedy, place=place, code=code)
    died = str(last.get("died", ""))
    if died == "memory" or -status in (signal.SIGABRT, signal.SIGTRAP, signal.SIGILL):
        # PDFium ends the process when it gets no memory, which is also how it ends on what it holds impossible.
        return ReadError(
            f"reading it took more than {bound['memory'] / 1e6:,.0f} MB of memory (超出内存限制)",
            remedy="the file may be made to do harm; otherwise raise the limit memory",
            code="NB-READ-MEMORY",
        )
    if -status in (signal.SIGALRM, signal.SIGXCPU, signal.SIGKILL):
        return _timeout(bound)
    if -status == signal.SIGXFSZ:
        return _too_large()
    if died == "depth":
        return _damaged("its parts are nested too deeply")
    return _damaged(died or "the reader's process ended" + (f" by signal {-status}" if status < 0 else f", {status}"))


def _timeout(bound: dict[str, int]) -> ReadError:
    return ReadError(
        f"reading it took longer than {bound['cpu']} s of CPU or {bound['wall']} s (超出时间限制)",
        remedy="the file may be made to do harm; otherwise raise the limits cpu and wall",
        code="NB-READ-TIMEOUT",
    )


def _too_large() -> ReadError:
    return ReadError(
        "the file gives more than one report can hold (内容过多)",
        remedy="give one report a file, or raise the limit characters",
        code="NB-READ-SIZE",
    )


def _damaged(how: str) -> ReadError:
    return ReadError(
        f"the file is damaged and cannot be read: {how} (文件损坏)",
        remedy="get the file again, or open it in its own program and save it",
        code="NB-READ-DAMAGED",
    )
