"""Measure a build: reports a second, bytes of store, and what a second build and the contract's query A cost.

    python bench/build.py [--reports 200] [--jobs 2]

The reports are the clean ones of data/reports, renamed, in a temporary folder. Times depend on the machine: compare
them within one run, with the per-stage times that stand beside them.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from nianbao.build import build
from nianbao.errors import NianbaoError
from nianbao.mapping import rdf
from nianbao.quality import audit
from nianbao.report import read_report
from nianbao.storage.store import open_store

ROOT = Path(__file__).resolve().parents[1]


def copies(number: int, folder: Path) -> list[Path]:
    """That many reports, each of another institution: names get a number, codes are taken out."""
    samples = []
    for path in sorted((ROOT / "data/reports").glob("*.txt")):
        text = path.read_bytes()
        if (
            b"\xbb\xbf" not in text[:3]
            and not text.startswith(b"\xff")
            and path.stem not in ("archive-2024", "institute-2024")
        ):
            samples.append(text.decode("utf-8"))
    made = []
    for count in range(number):
        text = samples[count % len(samples)]
        for place in ("泊宁市", "槐塘县", "柘里县", "砚湖县", "深圳市"):
            text = text.replace(place, f"第{count}{place}")
        path = folder / f"{count:06}.txt"
        path.write_text(re.sub(r"\b12\d{6}NB\w{8}\b", "", text), encoding="utf-8")
        made.append(path)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=200)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        folder, location = Path(place) / "reports", str(Path(place) / "store")
        folder.mkdir()
        made = copies(given.reports, folder)
        clock = {"read": 0.0, "map": 0.0, "audit": 0.0}
        for path in made[:20]:
            try:
                started = time.process_time()
                record = read_report(path)
                clock["read"] += time.process_time() - started
                started = time.process_time()
                quads = list(rdf.quads(record))
                clock["map"] += time.process_time() - started
                started = time.process_time()
                audit.check(quads)
                clock["audit"] += time.process_time() - started
            except NianbaoError as error:
                print(error)
        print(
            "one core, ms a report:",
            {name: round(1000 * seconds / len(made[:20]), 1) for name, seconds in clock.items()},
        )
        store = open_store(location)
        first = build([folder], store, jobs=given.jobs)
        again = build([folder], store, jobs=given.jobs)
        query = (ROOT / "ontology/queries/contract-a.rq").read_text(encoding="utf-8")
        started = time.perf_counter()
        found = len(store.select(query))
        asked = time.perf_counter() - started
        (row,) = store.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")
        store.close()
        size = sum(file.stat().st_size for file in Path(location).rglob("*") if file.is_file())
        rate = first.read / first.seconds
        print(f"build of {given.reports} with {given.jobs} jobs: {first.seconds:.1f} s, {rate:.1f} reports/s")
        print(f"failed: {len(first.failed)}")
        print(f"second build: {again.seconds:.2f} s for {again.unchanged} unchanged")
        print(f"store: {size / given.reports / 1024:.0f} KiB a report, quads in named graphs: {row['n']}")
        print(f"query A: {found} rows in {1000 * asked:.0f} ms")


if __name__ == "__main__":
    main()
