"""Measure what reading a file costs: the start of the limited process, CPU and memory a file of each kind.

    python bench/reading.py [--repeat 20] [FILE ...]

Without files: the invented reports of tests/generate as Word file, web page, PDF, OFD and text. CPU seconds of the
child that reads, and those of the same work without a process of its own; times depend on the machine, compare them
within a run.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from generate import content, docx, html, ofd, pdf
from nianbao.reading import read_document, sandbox
from nianbao.reading.sniff import recognise

ROOT = Path(__file__).resolve().parents[1]


def children() -> float:
    """CPU seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start(repeat: int) -> dict[str, float]:
    """CPU ms to start a Python, one with the readers' libraries, and what a file costs more in the forked child."""
    found = {}
    for name, words in (
        ("a bare Python", "pass"),
        ("a worker that reads PDF", "import nianbao.reading.worker, nianbao.reading.pdf"),
        ("a worker that reads Word files", "import nianbao.reading.worker, nianbao.reading.docx"),
    ):
        before = children()
        for _ in range(repeat):
            subprocess.run([sys.executable, "-c", words], env={"PYTHONPATH": str(ROOT / "src")}, check=True)
        found[name] = 1000 * (children() - before) / repeat
    before, started = sandbox.usage().cpu, time.process_time()
    for _ in range(repeat):
        list(sandbox.read_apart("html", b"<p>x</p>"))
        before += sandbox.usage().cpu
    found["a forked child, with its helper running"] = 1000 * before / repeat
    found["of the parent for that"] = 1000 * (time.process_time() - started) / repeat
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repeat", type=int, default=20)
    parser.add_argument("files", nargs="*", type=Path)
    options = parser.parse_args()
    list(sandbox.read_apart("html", b"<p>x</p>"))  # the helper is running from here on
    print("start, CPU ms:")
    for name, value in start(options.repeat).items():
        print(f"  {name:42} {value:6.1f}")
    with tempfile.TemporaryDirectory() as folder:
        files = options.files
        if not files:
            for name, data in (
                ("report.docx", docx.report()),
                ("report.html", html.page(html.table())),
                ("report.pdf", pdf.build(pdf.Style())),
                ("report.ofd", ofd.build()),
                ("woven.ofd", ofd.build(ofd.STYLES["shuffled"])),
                ("template.ofd", ofd.build(ofd.STYLES["template-woven"])),
                ("report.txt", content.text().encode()),
            ):
                path = Path(folder, name)
                path.write_bytes(data)
                files = [*files, path]
        print("a file:               CPU ms child   CPU ms parent   child MB   wall ms")
        for path in files:
            apart = recognise(path.read_bytes()).reader != "text"
            read_document(path)
            child, started, wall = 0.0, time.process_time(), time.monotonic()
            for _ in range(options.repeat):
                read_document(path)
                child += sandbox.usage().cpu if apart else 0.0
            each = 1000 / options.repeat
            memory = sandbox.usage().memory / 1e6 if apart else 0.0
            print(
                f"  {path.name[:20]:20} {child * each:12.1f} {(time.process_time() - started) * each:15.1f}"
                f" {memory:10.0f} {(time.monotonic() - wall) * each:9.1f}"
            )


if __name__ == "__main__":
    main()
