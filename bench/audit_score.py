"""Score the audit: how many planted faults are found, and how many findings are about nothing.

    python bench/audit_score.py [--kind clean|scrambled]

The reports of the development corpus (NIANBAO_SHARED, corpus/reports with faults.json) and the samples (data/reports
with data/faults.toml). Each report is audited by itself, and all of a set together. A fault is a rule that a report
breaks: it is found if the audit finds that rule in that report. A finding is false if the list of faults, which is
complete, does not have it. Not counted: rules that the corpus does not cover (its README: Q01, Q02, X16 to X19), and
notes (info) on the samples, whose list is complete for violations and warnings.

Exits with 1 under a recall of 0.97 or over 2 % of false findings on clean texts.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

import pyoxigraph as ox

from nianbao.mapping import rdf
from nianbao.quality import across, audit
from nianbao.quality.findings import Finding
from nianbao.quality.rulebook import rulebook
from nianbao.report import read_report
from nianbao.storage.store import rows

ROOT = Path(__file__).resolve().parents[1]
NOT_COVERED = frozenset(["Q01", "Q02", "X16", "X17", "X18", "X19"])
LEAST_RECALL, MOST_FALSE = 0.97, 0.02

Fault = tuple[str, str]
"""A report's name and a rule."""


class Score(NamedTuple):
    """What is there and what was found, report by report and rule by rule."""

    planted: set[Fault]
    found: set[Fault]

    @property
    def missed(self) -> set[Fault]:
        return self.planted - self.found

    @property
    def false(self) -> set[Fault]:
        return self.found - self.planted

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / max(1, len(self.planted))

    @property
    def wrong(self) -> float:
        """False findings, as a part of all."""
        return len(self.false) / max(1, len(self.found))


class _Together:
    """Reports in one graph, as a store."""

    def __init__(self) -> None:
        self.graph = ox.Store()

    def select(self, query: str) -> list[across.Row]:
        found = self.graph.query(query)
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def construct(self, query: str) -> list[ox.Triple]:
        found = self.graph.query(query)
        assert isinstance(found, ox.QueryTriples)
        return list(found)


def audited(paths: Iterable[Path]) -> dict[str, list[Finding]]:
    """The findings on each report by itself and beside the others, by the first part of the file's name."""
    found: dict[str, list[Finding]] = {}
    names: dict[str, str] = {}
    store = _Together()
    for path in paths:
        name = path.name.split(".")[0]
        record = read_report(path)
        quads = list(rdf.quads(record))
        names[rdf.filing_iri(record)] = name
        found[name] = audit.check(quads)
        store.graph.extend(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in quads)
    for part in across.check_across(store, rulebook(), restricted=True):
        for filing, findings in part.items():
            found[names[filing]] += findings
    return found


def corpus(folder: Path, kind: str = "clean") -> Score:
    """The score on the development corpus: corpus/reports of the shared folder."""
    paths = sorted(folder.glob(f"*.{kind}.txt"))
    # A woven text beside the other years' clean ones: rules across reports need all years.
    others = {path.name.split(".")[0]: path for path in folder.glob("*.clean.txt")}
    scored = {path.name.split(".")[0] for path in paths}
    found = audited(sorted((others | {path.name.split(".")[0]: path for path in paths}).values()))
    faults = json.loads((folder / "faults.json").read_text("utf-8"))
    known = {rule.id for rule in rulebook().rules} - NOT_COVERED
    return Score(
        {(one["report"], one["rule"]) for one in faults if one["report"] in scored and one["rule"] in known},
        {(name, f.rule) for name, each in found.items() if name in scored for f in each if f.rule in known},
    )


def samples(folder: Path = ROOT / "data") -> Score:
    """The score on the sample reports."""
    planted = tomllib.loads((folder / "faults.toml").read_text("utf-8"))["fault"]
    faults = {(one["report"], one["rule"]) for one in planted}
    found = audited(sorted((folder / "reports").glob("*.txt")))
    return Score(
        faults,
        {(n, f.rule) for n, each in found.items() for f in each if f.severity != "info" or (n, f.rule) in faults},
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kind", choices=["clean", "scrambled"], help="one kind of text of the corpus only")
    given = parser.parse_args()
    folder = Path(os.environ.get("NIANBAO_SHARED", ROOT / "../shared")) / "corpus/reports"
    scores = {}
    if folder.is_dir():
        scores = {kind: corpus(folder, kind) for kind in ("clean", "scrambled") if given.kind in (None, kind)}
    if given.kind is None:
        scores["samples"] = samples()
    failed = False
    for name, score in scores.items():
        print(
            f"audit, {name}: {len(score.planted) - len(score.missed)} of {len(score.planted)} faults found "
            f"(recall {score.recall:.3f}), {len(score.false)} of {len(score.found)} findings false ({score.wrong:.1%})"
        )
        for what, faults in (("missed", score.missed), ("false", score.false)):
            if faults:
                print(f"  {what}: {', '.join(' '.join(fault) for fault in sorted(faults))}")
        failed |= name != "scrambled" and (score.recall < LEAST_RECALL or score.wrong > MOST_FALSE)
    sys.exit(failed)


if __name__ == "__main__":
    main()
