"""Measure un-weaving: exact woven lines, character errors, facts kept, doubt, CPU time.

    python bench/unweave.py                           the development reports that are there clean and woven
    python bench/unweave.py --gold FILE               the real report; FILE has "line number<TAB>reading" a line
    python bench/unweave.py --texts FILE … --seeds 3  clean texts, woven by the simulator in NIANBAO_SHARED/tools

Texts that the model was trained on say little: train one without them (`python -m nianbao.repair.train --without NAME
--output FILE`) and give it with --model.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from nianbao.repair.language_model import DEFAULT, LanguageModel, load
from nianbao.repair.weave import repair

SHARED = Path(os.environ.get("NIANBAO_SHARED", Path(__file__).resolve().parents[2] / "shared"))
FACT = re.compile(r"\d[\d,]*(?:\.\d+)?(?:%|[余多近]?[万亿]?[余多]?[\u4e00-\u9fff]{1,2})")


def bare(text: str) -> str:
    """The text without white space."""
    return re.sub(r"\s", "", text)


def distance(one: str, two: str) -> int:
    """Levenshtein distance."""
    row = list(range(len(two) + 1))
    for i, a in enumerate(one, 1):
        diagonal, row[0] = row[0], i
        for j, b in enumerate(two, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (a != b))
    return row[-1]


@dataclass
class Tally:
    """Counts over lines. ``clean``: lines that were right before; ``facts``: numbers with what follows them."""

    woven: int = 0
    exact: int = 0
    clean: int = 0
    spoiled: int = 0
    errors: int = 0
    characters: int = 0
    facts: int = 0
    facts_kept: int = 0
    wrong_flagged: int = 0
    right_flagged: int = 0
    seconds: float = 0.0

    def add(self, raw: Sequence[str], gold: Sequence[str | None], model: LanguageModel) -> list[str]:
        """Repair ``raw`` and count; a gold of None is not counted. Returns the wrong lines, for reading."""
        start = time.process_time()
        done = repair(raw, model=model)
        self.seconds += time.process_time() - start
        wrong = []
        for number, (before, after, right) in enumerate(zip(raw, done.lines, gold, strict=True), 1):
            if right is None:
                continue
            before, after, right = bare(before), bare(after), bare(right)
            self.characters += len(right)
            flagged = number in done.doubtful
            if before == right:
                self.clean += 1
                self.spoiled += after != right
            else:
                self.woven += 1
                self.exact += after == right
                self.wrong_flagged += flagged and after != right
                self.right_flagged += flagged and after == right
            if after != right:
                self.errors += distance(after, right)
                wrong.append(f"{number}{'?' if flagged else ''}\t{right}\n\t{after}")
        whole = [line if right is None else right for line, right in zip(done.lines, gold, strict=True)]
        facts = Counter(FACT.findall(bare("".join(whole))))
        self.facts += facts.total()
        self.facts_kept += (facts & Counter(FACT.findall(bare("".join(done.lines))))).total()
        return wrong

    def __str__(self) -> str:
        """One line of figures."""

        def share(part: int, all_: int) -> str:
            return f"{part}/{all_} ({100 * part / max(all_, 1):.1f} %)"

        error_rate = 100 * self.errors / max(self.characters, 1)
        return (
            f"exact woven lines {share(self.exact, self.woven)}, CER {error_rate:.2f} %, "
            f"facts {share(self.facts_kept, self.facts)}, clean lines changed {share(self.spoiled, self.clean)}, "
            f"wrong ones flagged {share(self.wrong_flagged, self.woven - self.exact)}, "
            f"right ones {share(self.right_flagged, self.exact)}, {self.seconds:.2f} s CPU"
        )


def development_reports(model: LanguageModel) -> None:
    """Reports that are there in both forms: a repaired line is right if the clean text has it.

    Lines are wrapped at other places in a few boxes, so the figure is a little too low.
    """
    for woven in sorted((SHARED / "corpus/reports").glob("*.scrambled.txt")):
        clean = {
            bare(line) for line in woven.with_name(woven.name.replace("scrambled", "clean")).open(encoding="utf-8")
        }
        raw = woven.read_text(encoding="utf-8").splitlines()
        done = repair(raw, model=model)
        changed = [i for i, line in enumerate(raw) if line.strip() and bare(line) not in clean]
        right = sum(bare(done.lines[i]) in clean for i in changed)
        spoiled = sum(bare(line) in clean and bare(new) not in clean for line, new in zip(raw, done.lines, strict=True))
        print(f"{woven.name}: {right}/{len(changed)} woven lines right, {spoiled} right ones spoiled")


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, help="readings of the real report's woven lines")
    parser.add_argument("--texts", type=Path, nargs="*", default=[], help="clean texts to weave, one paragraph a line")
    parser.add_argument("--lines", type=int, default=300, help="printed lines of each text (default 300)")
    parser.add_argument("--seeds", type=int, default=1, help="weavings of each text (default 1)")
    parser.add_argument("--model", type=Path, default=DEFAULT)
    parser.add_argument("--show", action="store_true", help="print the wrong lines")
    given = parser.parse_args()
    model = load(given.model)
    if given.gold:
        raw = next((SHARED / "reports").glob("*.txt")).read_text(encoding="utf-8").splitlines()
        readings = dict(line.rstrip("\n").split("\t") for line in given.gold.open(encoding="utf-8"))
        tally = Tally()
        wrong = tally.add(raw, [readings.get(str(i), line) for i, line in enumerate(raw, 1)], model)
        print(f"real report: {tally}", *(wrong if given.show else ()), sep="\n")
    if given.texts:
        sys.path.insert(0, str(SHARED / "tools"))
        from weave import weave

        tally, shown = Tally(), []
        for seed in range(1, given.seeds + 1):
            for path in given.texts:
                pairs = weave(path.read_text(encoding="utf-8").splitlines(), seed=seed)[: given.lines]
                shown += tally.add([one for one, _ in pairs], [two for _, two in pairs], model)
        print(f"simulated: {tally}", *(shown if given.show else ()), sep="\n")
    if not given.gold and not given.texts:
        development_reports(model)


if __name__ == "__main__":
    main()
