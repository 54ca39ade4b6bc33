"""Score un-weaving: every figure of it in one run, gains and losses against the committed score.

    python bench/unweave_score.py [--gold FILE] [--model FILE] [--update]

Four sets, each skipped with a reason where its material is absent (``NIANBAO_SHARED``, default ``../shared``):

* reports: development reports that are there clean and woven; the clean line with the same glyphs is the right reading;
* official: provincial reports that the model was not trained on, woven by the simulator. The model that ships knows
  them, so a model without them is trained once, into build/ (some minutes; it needs the further texts of
  models/README.md, NIANBAO_TEXTS), unless --model names one. The network and the weights never saw them;
* other: passages of departments and public bodies, woven by the simulator; no model was trained on them;
* real: the real report, with readings from --gold (a line each: number, tab, reading), which are not in the repository.

``bench/unweave.json`` holds figures and the numbers of the wrong lines (``?``: flagged), no text.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from unweave import SHARED, Tally, bare

from nianbao.form.parse import label_lines
from nianbao.repair.language_model import DEFAULT, LanguageModel, load
from nianbao.repair.weave import repair

ROOT = Path(__file__).resolve().parents[1]
SCORE = ROOT / "bench" / "unweave.json"
HELD_OUT = ("hunan", "ningxia")
PATIENCE = 1200  # seconds that a training may take inside a score
LINES = 300  # printed lines of each official text
# What the reader should reach.
TARGETS = {
    "reports": {},
    "official": {"exact": 0.93, "CER": 0.015},
    "other": {"exact": 0.88, "CER": 0.025},
    "real": {"exact": 0.92, "CER": 0.015},
}
COMMON = {"facts": 0.98, "clean lines changed": 0.002, "wrong flagged": 0.80, "right flagged": 0.10}
AT_MOST = {"CER", "clean lines changed", "right flagged"}

Document = tuple[str, Sequence[str], Sequence[str | None]]
"""(name, extracted lines, right readings; None is not counted)."""


class AbsentError(Exception):
    """Why a set cannot be measured."""


def reports() -> Iterator[Document]:
    """The development reports; a line whose glyphs no clean line has was wrapped elsewhere and is not counted."""
    paths = sorted((SHARED / "corpus/reports").glob("*.scrambled.txt"))
    if not paths:
        raise AbsentError(f"no corpus/reports/*.scrambled.txt in {SHARED}")
    for path in paths:
        clean = path.with_name(path.name.replace("scrambled", "clean")).read_text("utf-8").splitlines()
        by_glyphs: dict[str, set[str]] = defaultdict(set)
        for line in clean:
            by_glyphs["".join(sorted(bare(line)))].add(bare(line))
        raw = path.read_text("utf-8").splitlines()
        found = [by_glyphs.get("".join(sorted(bare(line))), set()) for line in raw]
        yield path.name.split(".")[0], raw, [next(iter(one)) if len(one) == 1 else None for one in found]


def woven(texts: dict[str, str], seeds: Sequence[int], most: int | None = None) -> Iterator[Document]:
    """Clean texts, woven by the simulator."""
    tools = SHARED / "tools"
    if not (tools / "weave.py").exists():
        raise AbsentError(f"no tools/weave.py in {SHARED}")
    sys.path.insert(0, str(tools))
    from weave import weave

    for seed in seeds:
        for name, text in texts.items():
            pairs = weave(text.splitlines(), seed=seed)[:most]
            yield f"{name}/{seed}", [raw for raw, _ in pairs], [gold for _, gold in pairs]


def official() -> Iterator[Document]:
    """Reports that the model was not trained on."""
    paths = {name: SHARED / f"lm-corpus/province-2026-{name}.txt" for name in HELD_OUT}
    if absent := [path.name for path in paths.values() if not path.exists()]:
        raise AbsentError(f"no lm-corpus/{absent[0]} in {SHARED}")
    return woven({name: path.read_text("utf-8") for name, path in paths.items()}, (1,), LINES)


def other() -> Iterator[Document]:
    """Passages of departments and public bodies."""
    paths = sorted((SHARED / "corpus/passages").glob("*.json"))
    if not paths:
        raise AbsentError(f"no corpus/passages/*.json in {SHARED}")
    return woven({path.stem: json.loads(path.read_text("utf-8"))["text"] for path in paths}, (1, 2))


def real(gold: Path | None) -> Iterator[Document]:
    """The real report."""
    if gold is None:
        raise AbsentError("its readings are not in the repository; give them with --gold FILE")
    path = next((SHARED / "reports").glob("*.txt"), None)
    if path is None:
        raise AbsentError(f"no reports/*.txt in {SHARED}")
    raw = path.read_text("utf-8").splitlines()
    readings = dict(line.rstrip("\n").split("\t")[:2] for line in gold.open(encoding="utf-8"))
    yield "real", raw, [readings.get(str(number), line) for number, line in enumerate(raw, 1)]


def held_out_model(given: Path | None) -> LanguageModel:
    """The model that knows nothing of the official texts: the one that was named, else trained into build/."""
    path = given or ROOT / "build" / "heldout.npz"
    if given is None and "NIANBAO_TEXTS" not in os.environ:
        raise AbsentError("a model without these texts needs --model, or NIANBAO_TEXTS to train one")
    code = [ROOT / "src/nianbao/repair" / name for name in ("train.py", "ngrams.py", "language_model.py")]
    if given is None and not (path.exists() and path.stat().st_mtime > max(p.stat().st_mtime for p in code)):
        without = [word for name in HELD_OUT for word in ("--without", name)]
        command = [sys.executable, "-m", "nianbao.repair.train", *without, "--texts", str(SHARED / "lm-corpus")]
        command += ["--output", str(path)]
        try:
            environment = os.environ | {"PYTHONPATH": str(ROOT / "src")}
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=PATIENCE, check=False
            )
        except subprocess.TimeoutExpired:
            told = " ".join(command[1:])
            raise AbsentError(
                f"training without these texts takes longer than {PATIENCE} s; run python {told}"
            ) from None
        if done.returncode:
            raise AbsentError(f"no model without these texts: {(done.stderr.strip().splitlines() or ['?'])[-1]}")
    if not path.exists():
        raise AbsentError(f"there is no model {path}")
    return load(path)


def figures(tally: Tally) -> dict[str, tuple[int, int]]:
    """Parts and wholes of a set; CER over all lines, clean ones included."""
    return {
        "exact": (tally.exact, tally.woven),
        "CER": (tally.errors, tally.characters),
        "facts": (tally.facts_kept, tally.facts),
        "clean lines changed": (tally.spoiled, tally.clean),
        "wrong flagged": (tally.wrong_flagged, tally.woven - tally.exact),
        "right flagged": (tally.right_flagged, tally.exact),
    }


def measure(documents: Iterator[Document], model: LanguageModel) -> tuple[Tally, dict[str, str]]:
    """(counts, wrong lines as ``document:line`` → ``?`` where flagged)."""
    tally, wrong = Tally(), {}
    for name, raw, gold in documents:
        for told in tally.add(raw, gold, model):
            match = re.match(r"(\d+)(\??)\t", told)
            assert match
            wrong[f"{name}:{match[1]}"] = match[2]
    return tally, wrong


def clean_documents() -> None:
    """Documents that are not woven: how many come back byte for byte."""
    texts = [path.read_text("utf-8") for path in sorted((SHARED / "corpus/reports").glob("*.clean.txt"))]
    texts += [json.loads(path.read_text("utf-8"))["text"] for path in (SHARED / "corpus/passages").glob("*.json")]
    same = 0
    for text in texts:
        lines = tuple(text.split("\n"))
        same += repair(lines, frozen=label_lines(lines)).lines == lines
    print(f"clean documents unchanged: {same} of {len(texts)}")


def speed(model: LanguageModel) -> None:
    """CPU of the real report, and the most memory that the process had: one model, nothing else read before."""
    path = next((SHARED / "reports").glob("*.txt"), None)
    if path is None:
        print(f"speed: skipped, no reports/*.txt in {SHARED}")
        return
    raw = path.read_text("utf-8").splitlines()
    began = time.process_time()
    repair(raw, model=model)
    spent = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    glyphs = sum(len(bare(line)) for line in raw)
    print(f"speed: {spent:.2f} s CPU for the real report ({glyphs} glyphs), {peak:.0f} MB at most")


def compare(old: dict[str, Any], new: dict[str, Any]) -> None:
    """Gains and losses, line by line, for the sets that both runs have."""
    for name, wrong in new.items():
        if name not in old:
            continue
        gains = [line for line in old[name] if line not in wrong]
        losses = [f"{line}{flag}" for line, flag in wrong.items() if line not in old[name]]
        print(f"{name} against the committed score: {len(gains)} gains, {len(losses)} losses")
        for sign, lines in (("+", gains), ("-", losses)):
            if lines:
                print(f"  {sign} {' '.join(lines[:40])}{' …' if len(lines) > 40 else ''}")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, help="readings of the real report's woven lines")
    parser.add_argument("--model", type=Path, help=f"a model trained without {' and '.join(HELD_OUT)}")
    parser.add_argument("--update", action="store_true", help="write bench/unweave.json")
    given = parser.parse_args()
    old = json.loads(SCORE.read_text("utf-8")) if SCORE.exists() else {"figures": {}, "wrong": {}}
    new: dict[str, Any] = {"figures": dict(old["figures"]), "wrong": dict(old["wrong"])}
    done: dict[str, Any] = {}
    began = time.process_time()
    ships = load(DEFAULT)
    print(f"un-weaving; the model loads in {time.process_time() - began:.2f} s CPU")
    speed(ships)
    for name in TARGETS:
        try:
            model = held_out_model(given.model) if name == "official" else ships
            documents = {"reports": reports, "official": official, "other": other, "real": lambda: real(given.gold)}
            tally, wrong = measure(documents[name](), model)
        except AbsentError as reason:
            print(f"{name}: skipped, {reason}")
            continue
        new["figures"][name], new["wrong"][name], done[name] = figures(tally), wrong, wrong
        print(f"{name}: {tally.woven} woven lines, {tally.clean} clean ones, {tally.seconds:.1f} s CPU")
        for key, (part, whole) in figures(tally).items():
            goal = (TARGETS[name] | COMMON).get(key)
            value = part / whole if whole else 0.0 if key in AT_MOST else 1.0
            met = goal is None or (value <= goal if key in AT_MOST else value >= goal)
            aim = (
                "" if goal is None else f"target {'≤' if key in AT_MOST else '≥'} {goal:.1%}{'' if met else ', short'}"
            )
            print(f"  {key:20} {value:7.2%}  {f'{part} of {whole}':14} {aim}".rstrip())
    if SHARED.is_dir():
        clean_documents()
    compare(old["wrong"], done)
    if given.update:
        SCORE.write_text(json.dumps(new, ensure_ascii=False, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
