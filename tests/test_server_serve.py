"""The real server process: it says where it listens, answers, and ends cleanly; what it cannot do gets one sentence."""

import inspect
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import nianbao
import nianbao_server
from nianbao.errors import ServerError, StoreError
from nianbao_server import serve
from nianbao_server.context import WAITING

SCRIPT = "import sys; from nianbao_server import serve; serve(sys.argv[1], port=0, timeout=2)"


@pytest.fixture
def server(served: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    paths = os.pathsep.join(str(Path(module.__file__ or "").parents[1]) for module in (nianbao, nianbao_server))
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT, str(served)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": paths},
    )
    assert process.stdout
    assert process.stderr
    yield process, process.stdout.readline().split()[0]
    process.kill()
    process.wait()
    process.stdout.close()
    process.stderr.close()


def workers(parent: int) -> list[int]:
    """The query workers of a process (Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == str(parent) and fields[0] != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_answers_and_ends_without_a_trace(server: tuple[subprocess.Popen[str], str], sign: signal.Signals) -> None:
    process, address = server
    with urllib.request.urlopen(address + "/sparql?query=ASK%7B%7D", timeout=10) as response:
        assert b"true" in response.read()
        assert "nianbao" in response.headers["Server"]
    own = workers(process.pid)
    process.send_signal(sign)
    assert process.wait(10) == 0
    assert process.stderr
    assert process.stderr.read() == ""
    if sys.platform == "linux":
        assert own
        time.sleep(0.2)
        assert not [pid for pid in own if Path(f"/proc/{pid}").exists()]


def test_workers_end_with_a_server_that_is_killed(server: tuple[subprocess.Popen[str], str]) -> None:
    process, address = server
    urllib.request.urlopen(address + "/health", timeout=10).close()
    own = workers(process.pid)
    process.kill()
    process.wait()
    for _ in range(50):
        if not [pid for pid in own if Path(f"/proc/{pid}").exists()]:
            return
        time.sleep(0.1)
    pytest.fail("a worker outlived its server")


def test_a_port_in_use_is_told(served: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(ServerError) as caught:
        serve(str(served), port=taken.getsockname()[1])
    assert "another program uses this port" in str(caught.value)
    assert "--port" in caught.value.remedy


def test_a_host_that_is_not_here_is_told(served: Path) -> None:
    with pytest.raises(ServerError):
        serve(str(served), host="192.0.2.1", port=0)


def test_a_store_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        serve(str(tmp_path / "none"), port=0)
    assert caught.value.code == "NB-STORE-ABSENT"


def test_waiting_queries_leave_threads_for_the_pages() -> None:
    threads = inspect.signature(serve).parameters["threads"].default
    workers = inspect.signature(nianbao_server.create_app).parameters["workers"].default
    assert workers + WAITING <= threads / 2 + 2
