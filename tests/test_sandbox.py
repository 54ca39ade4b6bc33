"""The limited process: a fresh one a file, bounds that hold, and a reason however it ends."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from generate import docx as made_docx
from generate import hostile
from nianbao.confinement import Scratch
from nianbao.errors import ReadError
from nianbao.reading import sandbox, wire
from nianbao.reading.layout import Cell, Line, Page
from nianbao.reading.limits import DEFAULT, Limits
from nianbao.reading.sandbox import read_apart
from nianbao.record import Issue

GOOD = made_docx.report()


def code(reader: str, data: bytes, limits: Limits = DEFAULT) -> str:
    with pytest.raises(ReadError) as caught:
        list(read_apart(reader, data, limits))
    assert "\n" not in str(caught.value)
    return caught.value.code


def helper() -> int:
    """The process that forks a child a file."""
    assert sandbox._local.helper
    return sandbox._local.helper.process.pid


def test_one_helper_reads_file_after_file() -> None:
    list(read_apart("docx", GOOD))
    first = helper()
    (page,) = read_apart("docx", GOOD)
    assert isinstance(page, Page)
    assert helper() == first
    assert 0 < sandbox.usage().cpu < DEFAULT.cpu
    assert 0 < sandbox.usage().memory < DEFAULT.memory


@pytest.mark.parametrize(
    ("reader", "made", "limits", "reason"),
    [
        ("pdf", hostile.nested_deflate, Limits(), "NB-READ-MEMORY"),
        ("pdf", hostile.operators, Limits(cpu=1), "NB-READ-TIMEOUT"),
        ("pdf", hostile.operators, Limits(wall=1), "NB-READ-TIMEOUT"),
        ("docx", hostile.docx_wide, Limits(cpu=1), "NB-READ-TIMEOUT"),
        ("html", hostile.html_spans, Limits(memory=150_000_000), "NB-READ-MEMORY"),
        ("html", hostile.html_long, Limits(), "NB-READ-SIZE"),
        ("docx", lambda: b"no archive", Limits(), "NB-READ-DAMAGED"),
    ],
)
def test_each_death_has_its_reason_and_the_next_file_is_read(
    reader: str, made: object, limits: Limits, reason: str
) -> None:
    assert callable(made)
    assert code(reader, made(), limits) == reason
    assert len(list(read_apart("docx", GOOD))) == 1


def test_a_helper_that_is_killed_is_replaced() -> None:
    list(read_apart("docx", GOOD))
    killed = helper()
    os.kill(killed, signal.SIGKILL)
    assert code("docx", GOOD) == "NB-READ-TIMEOUT"  # nobody knows how it would have ended
    assert len(list(read_apart("docx", GOOD))) == 1
    assert helper() != killed


def test_a_caller_that_has_enough_leaves_nothing_behind() -> None:
    list(read_apart("docx", GOOD))
    assert sandbox._local.helper
    scratch = sandbox._local.helper.scratch.path
    messages = read_apart("docx", GOOD)
    next(messages)
    messages.close()  # type: ignore[attr-defined]
    assert not scratch.exists()
    assert len(list(read_apart("docx", GOOD))) == 1


def test_the_helper_knows_nothing_of_us_and_ends_with_us(tmp_path: Path, root: Path) -> None:
    script = """
import sys
import time
from pathlib import Path
from nianbao.reading.sandbox import read_apart, _local
list(read_apart("html", "<p>甲</p>".encode()))
helper = _local.helper
print(helper.process.pid, helper.scratch.path, flush=True)
print(Path(f"/proc/{helper.process.pid}/environ").read_bytes())
import os; os._exit(0)  # as a worker of a pool ends: nothing of ours is run
"""
    environment = {"PYTHONPATH": str(root / "src"), "SECRET": "of the caller", "PATH": os.defpath, "HOME": "/"}
    done = subprocess.run([sys.executable, "-c", script], env=environment, capture_output=True, text=True, check=True)
    (pid, scratch), words = done.stdout.split("\n")[0].split(" "), done.stdout
    assert "SECRET" not in words
    for _ in range(100):
        if not Path(scratch).exists() and not Path(f"/proc/{pid}").exists():
            break
        subprocess.run(["sleep", "0.05"], check=True)
    assert not Path(scratch).exists()
    assert ended(pid)


def ended(pid: str) -> bool:
    """Whether a process has ended; a dead one that nobody waits for counts."""
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"


def test_a_caller_that_is_killed_at_work_leaves_nothing_behind(tmp_path: Path, root: Path) -> None:
    (tmp_path / "hostile.pdf").write_bytes(hostile.operators())
    script = """
import sys
import time
from pathlib import Path
from nianbao.reading.sandbox import read_apart, _local
list(read_apart("html", "<p>甲</p>".encode()))
print(_local.helper.process.pid, _local.helper.scratch.path, flush=True)
list(read_apart("pdf", Path(sys.argv[1]).read_bytes()))
"""
    environment = {"PYTHONPATH": str(root / "src"), "TMPDIR": str(tmp_path), "PATH": os.defpath}
    command = [sys.executable, "-c", script, str(tmp_path / "hostile.pdf")]
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        pid, scratch = process.stdout.readline().split()
        children = Path(f"/proc/{pid}/task/{pid}/children")
        for _ in range(200):
            if child := children.read_text().split():
                break
            time.sleep(0.02)
        process.kill()
    for _ in range(200):
        if ended(pid) and ended(child[0]) and not Path(scratch).exists():
            break
        time.sleep(0.02)
    assert ended(pid)
    assert ended(child[0])
    assert not Path(scratch).exists()


def test_folders_that_killed_processes_left_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    held, young, other = Scratch(), tmp_path / f"{Scratch.PREFIX}12345678", tmp_path / "nianbao-store"
    left, named = tmp_path / f"{Scratch.PREFIX}abcdefgh", tmp_path / f"{Scratch.PREFIX}of-mine"
    for folder in (young, other, left, named):
        folder.mkdir()
        (folder / "a").write_text("x")
    for folder in (held.path, other, left, named):
        os.utime(folder, (0, 0))
    with Scratch() as mine:
        assert sorted(tmp_path.iterdir()) == sorted([mine, held.path, young, other, named])
    assert not mine.exists()
    held.remove()
    held.remove()
    assert not held.path.exists()


def test_a_reader_has_no_network_where_the_system_allows(root: Path) -> None:
    script = "from nianbao.confinement import leave_network; import socket; left = leave_network()\n"
    script += "print(left, [name for _, name in socket.if_nameindex()])\n"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(root / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split()[0] == "False" or done.stdout == "True ['lo']\n"
    list(read_apart("docx", GOOD))
    ours, theirs = Path("/proc/self/ns/net").readlink(), Path(f"/proc/{helper()}/ns/net").readlink()
    assert (ours != theirs) == (done.stdout.split()[0] == "True")


def test_limits_hold_for_what_a_process_does(tmp_path: Path, root: Path) -> None:
    script = """
import sys
from nianbao.confinement import limit
limit(memory=400_000_000, cpu=1, wall=20, file=1000, files=16)
task = sys.argv[1]
if task == "memory":
    try: bytearray(500_000_000)
    except MemoryError: sys.exit(7)
if task == "cpu":
    while True: pass
if task == "file": open(sys.argv[2], "wb").write(b"x" * 2000)
if task == "files":
    try: [open("/dev/null") for _ in range(20)]
    except OSError: sys.exit(7)
"""

    environment = {"PYTHONPATH": str(root / "src")}

    def run(*words: str) -> int:
        return subprocess.run([sys.executable, "-c", script, *words], env=environment).returncode

    assert run("memory") == 7
    assert run("cpu") in (-signal.SIGXCPU, -signal.SIGKILL)
    assert run("file", str(tmp_path / "large")) == -signal.SIGXFSZ
    assert run("files") == 7


def test_messages_come_back_as_they_were() -> None:
    line = Line(text="单位名称", box=(1.0, 2.0, 3.5, 4.0), edges=(1.0, 1.5, 2.0, 3.0, 3.5))
    read = Line(text="甲", origin="ocr", score=0.87)
    cells = (
        Cell(row=1, column=0, rows=2, lines=(line, read), box=(0.0, 0.0, 9.0, 9.0)),
        Cell(row=1, column=1),
    )
    for message in (
        Page(number=3, width=595.0, height=842.0, blocks=(line, cells, read), overlay=(line,), unread="why"),
        Page(number=1),
        Issue(code="NB-READ-LOSS", message="m", remedy="r", line=3),
        wire.Member(name="报告.txt", data=bytes(range(256))),
        wire.Member(name="函.txt", fault=("why", "what to do", "NB-READ-DAMAGED")),
    ):
        assert wire.decode(json.loads(wire.encode(message))) == message
