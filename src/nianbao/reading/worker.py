"""The process that reads foreign formats, started by ``sandbox``. It never sees a file's data itself.

It waits on a socket for requests, loads the reader of the kind that is asked for, and forks: the child takes its
limits, reads the one file from a descriptor, writes messages (``wire``) and ends. So each file has a process of its own
that starts in a few milliseconds, and a file that ends its process harms nothing.

Request: JSON ``{"reader", "limits", "bounds", "options"}`` and two descriptors, the file's data and where to write.
Answer: ``{"pid"}`` at once, and when the child has ended ``{"status", "cpu", "memory"}`` (its wait status as an exit
code, negative for a signal; CPU seconds; bytes of its largest resident set).
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import select
import shutil
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn, Protocol

from nianbao.confinement import leave_network, limit
from nianbao.errors import ReadError
from nianbao.reading.layout import Cell, Page
from nianbao.reading.limits import Limits
from nianbao.reading.wire import Message, encode

READERS = {
    "archive": "nianbao.reading.archive",
    "docx": "nianbao.reading.docx",
    "html": "nianbao.reading.html",
    "ocr": "nianbao.reading.ocr",
    "ofd": "nianbao.reading.ofd",
    "pdf": "nianbao.reading.pdf",
    "picture": "nianbao.reading.picture",
}
SCRATCH = 1_000_000  # bytes of a file that a reader may write
REQUEST = 65_536


class Reader(Protocol):
    """What a module of READERS has. ``options`` is what the caller adds, for example the pages wanted."""

    def read(self, data: bytes, limits: Limits, **options: Any) -> Iterator[Message]: ...


def serve(connection: socket.socket) -> None:
    """Answer requests until the other end hangs up."""
    while True:
        words, descriptors, _, _ = socket.recv_fds(connection, REQUEST, 2)
        if not words:
            return
        request = json.loads(words)
        data, out = descriptors
        fault = ""
        reader: Any = None
        try:
            reader = importlib.import_module(READERS[request["reader"]])
        except ImportError as error:
            fault = error.name or str(error)
        pid = os.fork()
        if pid == 0:
            connection.close()
            run(reader, fault, request, data, out)
        os.close(data)
        os.close(out)
        _send(connection, {"pid": pid})
        _ended(pid, connection)
        _, status, used = os.wait4(pid, 0)
        for left in Path.cwd().iterdir():
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()
        scale = 1 if sys.platform == "darwin" else 1024
        _send(
            connection,
            {
                "status": os.waitstatus_to_exitcode(status),
                "cpu": used.ru_utime + used.ru_stime,
                "memory": used.ru_maxrss * scale,
            },
        )


def _ended(pid: int, connection: socket.socket) -> None:
    """Wait until a child has ended; end it where nobody waits for its answer any more (Linux)."""
    with contextlib.suppress(OSError, AttributeError):
        child = os.pidfd_open(pid)
        try:
            waiting = select.poll()
            waiting.register(child, select.POLLIN)
            waiting.register(connection, 0)  # only its end
            if all(descriptor != child for descriptor, _ in waiting.poll()):
                os.kill(pid, signal.SIGKILL)
        finally:
            os.close(child)


def _send(connection: socket.socket, told: dict[str, Any]) -> None:
    connection.sendall(json.dumps(told).encode() + b"\n")


def run(reader: Reader | None, fault: str, request: dict[str, Any], data: int, out: int) -> NoReturn:
    """Read one file in this process and end it; what goes wrong is told as the last line."""
    status = 0
    limits = Limits(**request["limits"])
    try:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        with open(data, "rb") as file, open(out, "w", encoding="utf-8", errors="backslashreplace") as written:  # noqa: PTH123
            content = file.read()
            limit(**request["bounds"], file=SCRATCH)
            last: dict[str, Any] = {"done": True}
            try:
                if reader is None:
                    raise _missing(fault)
                characters = 0
                for message in reader.read(content, limits, **request["options"]):
                    characters += _characters(message)
                    if characters > limits.characters:
                        raise _too_long(limits)
                    written.write(encode(message) + "\n")
                    written.flush()
            except ReadError as error:
                last = {"error": [error.reason, error.remedy, error.place, error.code]}
            except ImportError as error:
                missing = _missing(error.name or str(error))
                last = {"error": [missing.reason, missing.remedy, missing.place, missing.code]}
            except MemoryError:
                last = {"died": "memory"}
            except RecursionError:
                last = {"died": "depth"}
            except Exception as error:
                last = {"died": f"{type(error).__name__}: {error}"[:300]}
            written.write(json.dumps(last) + "\n")
    except BaseException:
        status = 70
    os._exit(status)


def _characters(message: Message) -> int:
    """Of a page, with a few for each thing that holds none: millions of empty cells are too many as well."""
    if not isinstance(message, Page):
        return 0
    count = 1
    for block in message.blocks:
        cells = block if isinstance(block, tuple) else (Cell(row=0, column=0, lines=(block,)),)
        count += sum(4 + sum(1 + len(line.text) for line in cell.lines) for cell in cells)
    return count


def _too_long(limits: Limits) -> ReadError:
    return ReadError(
        f"the file gives more than {limits.characters:,} characters (文字过多)",
        remedy="a report has some 10,000; give one report a file, or raise the limit characters",
        code="NB-READ-SIZE",
    )


def _missing(module: str) -> ReadError:
    if module.partition(".")[0] in ("rapidocr", "onnxruntime", "cv2", "omegaconf") or module == READERS["ocr"]:
        return ReadError(
            "it needs text recognition (OCR), which is not installed (需要文字识别，未安装)",
            remedy="install it with: pip install '.[ocr]' in the folder of nianbao",
            code="NB-READ-OCR",
        )
    return ReadError(
        f"reading this needs {module}, which is not installed (缺少组件)",
        remedy=f"install {module}",
        code="NB-READ-MISSING",
    )


def main(descriptor: str) -> None:
    """descriptor: number of the socket that requests come from."""
    leave_network()
    scratch = Path.cwd()
    try:
        with socket.socket(fileno=int(descriptor)) as connection, contextlib.suppress(ConnectionError):
            serve(connection)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1])
