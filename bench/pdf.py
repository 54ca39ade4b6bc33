"""How fast PDFs are read, how much memory it takes, and how much of them is right, beside other programs.

    python bench/pdf.py [FILE...]        files of one's own; without, generated ones and ../shared/samples

Each program reads each file in a process of its own, N times (best of 3 rounds): CPU milliseconds a page without the
start, largest resident set. Peers that are not installed are left out.
"""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ROUNDS = 3
STYLES = ("plain", "runs-tj", "runs-shuffled", "cells", "watermark-stamp", "no-rules")
SAMPLES = ("plain", "runs_tj", "watermark_stamp")


def reader(path: str) -> int:
    """Pages of cells and lines, by this project."""
    from nianbao.reading.pdf import read_pdf

    return len(read_pdf(path)[0])


def composed(path: str) -> int:
    """The same, and the lines for the form."""
    from nianbao.reading.compose import compose
    from nianbao.reading.pdf import read_pdf

    pages, _ = read_pdf(path)
    compose(pages)
    return len(pages)


def pypdf(path: str) -> int:
    """Text by pypdf."""
    import pypdf

    pages = pypdf.PdfReader(path).pages
    return len([page.extract_text() for page in pages])


READERS = {"nianbao": reader, "nianbao with lines": composed, "pypdf": pypdf}


def child(name: str, path: str) -> None:
    """Reads a file and prints pages, best CPU seconds, resident set in MB."""
    read = READERS[name]
    pages = read(path)
    times = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        read(path)
        times.append(time.process_time() - begin)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
    print(json.dumps([pages, min(times), memory]))


def measured(name: str, path: str) -> tuple[int, float, float] | None:
    command = [sys.executable, __file__, "--child", name, path]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT / "src")})
    if done.returncode:
        return None
    pages, seconds, memory = json.loads(done.stdout)
    return pages, seconds, memory


def pdftotext(path: str, pages: int) -> tuple[int, float, float] | None:
    """The program of poppler; its start counts, for it cannot be taken off."""
    program = shutil.which("pdftotext")
    if not program:
        return None
    times = []
    for _ in range(ROUNDS):
        begin = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([program, "-layout", path, "/dev/null"], check=True)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(end.ru_utime + end.ru_stime - begin.ru_utime - begin.ru_stime)
    return pages, min(times), float("nan")


def main(files: list[str]) -> None:
    """Print a table."""
    with tempfile.TemporaryDirectory() as folder:
        if not files:
            sys.path.insert(0, str(ROOT / "tests"))
            from generate import pdf as made

            for name in STYLES:
                path = Path(folder) / f"{name}.pdf"
                path.write_bytes(made.build(made.STYLES[name]))
                files.append(str(path))
            shared = Path(os.environ.get("NIANBAO_SHARED", ROOT.parent / "shared")) / "samples"
            files += [str(shared / f"{name}.pdf") for name in SAMPLES if (shared / f"{name}.pdf").exists()]
        print(f"{'file':24}{'program':22}{'pages':>6}{'CPU ms/page':>13}{'MB':>8}")
        for path in files:
            rows = [(name, measured(name, path)) for name in READERS]
            pages = next((row[0] for _, row in rows if row), 1)
            rows.append(("pdftotext -layout", pdftotext(path, pages)))
            for name, row in rows:
                if row:
                    print(f"{Path(path).name:24}{name:22}{row[0]:6}{1000 * row[1] / max(1, row[0]):13.1f}{row[2]:8.0f}")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3])
    else:
        main(sys.argv[1:])
