"""Measure the audit: reports per CPU second of both engines, on a filing by itself and across reports, and memory.

    python bench/audit.py [--reports 10000] [--single 200] [--reference 8] [--across 12 24 48]

Filings by themselves are those of data/reports, one at a time and a hundred at a time; across reports they are a record
of tests/cases/served, varied: institutions with their names, people, sponsors and figures over two to four years, one
in ten changed. pySHACL is measured on few reports; what it would do at the full number is extrapolated and
said to be so. Times are CPU seconds of this process.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import pyoxigraph as ox

from nianbao.mapping import rdf
from nianbao.quality import across, audit, shacl
from nianbao.quality.engine.index import Index
from nianbao.quality.rulebook import rulebook
from nianbao.record import Record
from nianbao.report import read_report
from nianbao.storage.store import EmbeddedStore

ROOT = Path(__file__).resolve().parents[1]
PLACES = (
    "泊宁槐塘柘里砚湖霁川松岭云溪石桥清河白沙金潭玉泉东阳南屏西渡北麓青浦蓝田紫阳丹江黄陂绿洲赤水乌镇银川铜陵铁岭锡山"
)
FAMILY, GIVEN = "林赵钱孙李周吴郑王冯陈", "安和文明国建华秀英伟芳敏静丽强"


def records(number: int, seed: int = 0) -> Iterator[Record]:
    """That many reports, by institution and year."""
    rng = random.Random(seed)
    sample: dict[str, Any] = json.loads((ROOT / "tests/cases/served/archives-2024.json").read_text("utf-8"))
    made = institution = 0
    while made < number:
        institution += 1
        name, assets = f"第{institution}档案馆", rng.randrange(1_000_000, 90_000_000, 100)
        person, staff = rng.choice(FAMILY) + rng.choice(GIVEN) + rng.choice(GIVEN), rng.randrange(3, 400)
        for year in range(2024 - rng.randrange(1, 4), 2025):
            if made == number:
                return
            one = json.loads(json.dumps(sample))
            one["source"]["sha256"] = f"{made:064x}"
            one |= {"year": year, "name": name, "uscc": None, "legal_representative": person, "staff": staff}
            place = random.Random(institution % 500).sample(PLACES, 3)
            one["sponsors"] = [f"{''.join(place)}县教育局"]
            one["net_assets_opening"]["value"] = assets
            assets = int(assets * rng.uniform(0.9, 1.2))
            one["net_assets_closing"]["value"] = assets
            for metric in one["metrics"]:
                metric["value"] = round(metric["value"] * rng.uniform(0.8, 1.3))
            if rng.random() < 0.1:  # something to find
                assets += 70_000
                staff *= 3
                person = rng.choice(FAMILY) + rng.choice(GIVEN)
            made += 1
            yield Record.from_json(json.dumps(one, ensure_ascii=False))


def filled(folder: str, number: int) -> EmbeddedStore:
    """A store of that many reports, loaded in bulk."""
    store = ox.Store(folder)
    batch: list[ox.Quad] = []
    for record in records(number):
        for quad in rdf.quads(record):
            batch += [quad, ox.Quad(quad.subject, quad.predicate, quad.object)]
        if len(batch) > 500_000:
            store.bulk_extend(batch)
            batch.clear()
    store.bulk_extend(batch)
    store.flush()
    store.optimize()
    del store
    return EmbeddedStore(Path(folder))


def memory() -> float:
    """The most memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def now_used() -> float:
    """The memory of now, in MB (Linux)."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=10_000)
    parser.add_argument("--single", type=int, default=200)
    parser.add_argument("--reference", type=int, default=8)
    parser.add_argument("--across", type=int, nargs="+", default=[12, 24], help="reports for pySHACL, at least two")
    given = parser.parse_args()
    rules = rulebook()
    compiled = rules.compiled, rules.compiled_across
    print(f"rules: {len(compiled[0].shapes)} shapes on a filing, {len(compiled[1].shapes)} across reports")

    samples = [list(rdf.quads(read_report(path))) for path in sorted((ROOT / "data/reports").glob("*.txt"))]
    each = [samples[number % len(samples)] for number in range(given.single)]
    print(f"a filing: {sum(map(len, samples)) / len(samples):.0f} triples, {len(samples)} different ones")
    for engine in audit.ENGINES:  # what is done once
        audit.check(each[0], engine=engine)
    start, marks = time.process_time(), []
    for quads in each[: max(1, given.single // 4)]:
        audit.check(quads)
    alone = max(1, given.single // 4) / (time.process_time() - start)
    start = time.process_time()
    for first in range(0, len(each), 8):  # as the build's workers do
        list(audit.check_many(each[first : first + 8]))
    eight = len(each) / (time.process_time() - start)
    start = time.process_time()
    for count, _ in enumerate(audit.check_many(each), 1):
        if count % max(1, len(each) // 4) == 0:
            marks.append(f"{now_used():.0f}")
    fast = len(each) / (time.process_time() - start)
    start = time.process_time()
    for quads in samples[: given.reference]:
        audit.check(quads, engine="pyshacl")
    slow = min(given.reference, len(samples)) / (time.process_time() - start)
    print(f"single: pyshacl {slow:.2f} reports per CPU s; set, one at a time {alone:.1f}: {alone / slow:.0f} times;")
    print(f"        set, eight at a time {eight:.1f}: {eight / slow:.0f} times (the build's workers);")
    print(f"        set, a hundred at a time {fast:.1f}: {fast / slow:.0f} times; MB {' '.join(marks)}")

    rates = {}
    for number in given.across:
        graph = Index(quad for record in records(number) for quad in rdf.quads(record))
        start = time.process_time()
        shacl.results(graph, rules.between)
        rates[number] = number / (time.process_time() - start)
        print(f"across: pyshacl {rates[number]:.2f} reports per CPU s at {number} reports")
    (less, first), (more, second) = list(rates.items())[-2:]
    # What a report costs grows with their number; it is taken to grow no further than measured.
    print(f"        pyshacl's cost a report grows {first / second:.2f} times from {less} to {more}")

    with tempfile.TemporaryDirectory() as folder:
        store = filled(str(Path(folder) / "store"), given.reports)
        start, marks, found, done = time.process_time(), [], 0, 0
        for part in across.check_across(store, rules):
            found += sum(map(len, part.values()))
            done += len(part)
            marks.append(now_used())
        fast = done / (time.process_time() - start)
        quarter = max(1, len(marks) // 4)
        print(
            f"across: set {fast:.1f} reports per CPU s at {done} reports, {found} findings: "
            f"{fast / second:.0f} times pyshacl at {more} reports (extrapolated: at least); "
            f"MB {' '.join(f'{mark:.0f}' for mark in marks[::quarter])}"
        )
        institution = across.institutions(store)[0]
        start = time.process_time()
        touched = {institution} | across.neighbours(store, [institution], rules)
        number = sum(len(part) for part in across.check_across(store, rules, touched))
        print(f"one new filing: {number} filings checked again in {time.process_time() - start:.3f} CPU s")
        store.close()


if __name__ == "__main__":
    main()
