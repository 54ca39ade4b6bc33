"""Find the weights of the ranking: ``python -m nianbao.repair.fit --help``.

Texts are woven by the simulator and searched; the weights make the right readings likely among those found
(conditional log-likelihood, a penalty on large weights). A model that has read a text would be too sure of it: some
texts, and a fiftieth of every other one, are held out of a model that is trained for this, and of the network.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from nianbao.repair.contest import CONTESTANTS, NEAR_ENOUGH, case
from nianbao.repair.decoder import BRACKETS, Prices, Width, bracket_step
from nianbao.repair.features import Figures
from nianbao.repair.language_model import CONTEXT, END, FOLD_MARKS, START, LanguageModel, Segmenter, load, push
from nianbao.repair.network import Case, Network
from nianbao.repair.network import load as load_network
from nianbao.repair.ranking import (
    DOCUMENT,
    JUDGED,
    WEIGHTS,
    DocumentModel,
    Reading,
    Unit,
    figures,
    search,
    surroundings,
)
from nianbao.repair.train import Sentence, add_sources, newspaper, sources, train
from nianbao.repair.weave import Line, paragraphs, parse, units_of

FITTED = ("anhui", "chongqing", "guizhou", "hebei", "jiangxi", "sichuan")
MEASURED = ("hunan", "ningxia")  # neither trained nor fitted on
LINES = {"province": 200, "statutes": 150, "news": 400, "policy": 300}  # printed lines of a text, by its name …
OTHER_LINES = 200  # … and of any other
SEEDS = (11, 12)
REPORT_SEEDS = (3, 4, 5)
LEAST = 8  # a figure in which the readings of fewer chunks differ gets no weight
PENALTY = 4.0  # on the squares of the scaled weights
STEPS = 400
RATE = 0.03

Weave = Callable[..., list[tuple[str, str]]]
Example = tuple[list[Figures], int, Case]
"""(figures of the readings of a chunk, which of them is right, what the network is asked about them)."""

T = TypeVar("T")


def examples(
    text: Iterable[str], model: LanguageModel, network: Network, weave: Weave, seed: int, lines: int
) -> list[Example]:
    """The ambiguous chunks of the first printed ``lines`` of a text, each beside what truly stands around it."""
    pairs = weave(list(text), seed=seed)[:lines]
    block = paragraphs([Line(i, raw, parse(raw, 0, len(raw)), (), ()) for i, (raw, _) in enumerate(pairs)])
    model.cover("".join(gold for _, gold in pairs))
    units = units_of(block, model)
    search(units, model, Prices(), Width(beam=60))
    right: list[Unit] = []
    for unit, gold in zip(units, gold_parts(block, [gold for _, gold in pairs]), strict=True):
        true = Unit(unit.line, unit.chunk, [Reading((), gold, tuple(model.encode(gold)))])
        true.opens, true.closes = unit.opens, unit.closes
        right.append(true)
    document = DocumentModel(model, DOCUMENT)
    document.learn(right)
    segmenter = Segmenter(model)
    out: list[Example] = []
    context, open_ = START, 0
    for number, (unit, true) in enumerate(zip(units, right, strict=True)):
        if unit.opens:
            context = START
        gold = true.readings[0].text
        at = next((i for i, reading in enumerate(unit.readings) if reading.text == gold), None)
        if unit.chunk is not None and at is not None and len(unit.readings) > 1:
            around = surroundings(right, number)
            rows = [figures(unit, reading, around, segmenter) for reading in unit.readings]
            for row, reading in zip(rows, unit.readings, strict=True):
                row["bracket"] = bracket(reading.text, open_, unit.closes)[1]
            add_ngrams(rows, unit, right, number, context, document)
            about = case(right, number, network)
            readings = [network.encode(reading.text.translate(FOLD_MARKS)) for reading in unit.readings]
            out.append((rows, at, Case(readings, about.before, about.behind)))
        for symbol in true.readings[0].symbols:
            context = push(context, symbol)
        open_ = 0 if unit.closes else bracket(gold, open_, False)[0]
    return out


def gold_parts(block: Iterable[Line], gold: Iterable[str]) -> Iterable[str]:
    """The text of every part of the lines as it was printed."""
    for line, text in zip(block, gold, strict=True):
        end = 0
        for part in line.parts:
            size = len(part) if isinstance(part, tuple) else len(part.glyphs)
            yield text[end : end + size]
            end += size


def bracket(text: str, open_: int, closes: bool) -> tuple[int, float]:
    """(brackets open behind a text, how many lack their other half)."""
    total = 0.0
    for glyph in text:
        if glyph in BRACKETS:
            open_, fine = bracket_step(open_, glyph, 1.0)
            total -= fine
    return open_, total + bool(closes and open_)


def add_ngrams(
    rows: list[Figures], unit: Unit, right: Sequence[Unit], number: int, context: int, document: DocumentModel
) -> None:
    """What the n-grams say of each reading and of the symbols behind it; no line may confirm itself."""
    behind: list[tuple[int, int]] = [(unit.line, END)] if unit.closes else []
    i = number
    while not right[i].closes and i + 1 < len(right) and len(behind) < CONTEXT:
        i += 1
        behind += [(right[i].line, symbol) for symbol in right[i].readings[0].symbols]
    states = [context] * len(rows)
    document.without(unit.line)
    for k, (row, reading) in enumerate(zip(rows, unit.readings, strict=True)):
        row["model"] = 0.0
        for symbol in reading.symbols:
            row["model"] += document.score(states[k], symbol)
            states[k] = push(states[k], symbol)
    for line, symbol in behind[:CONTEXT]:
        document.without(line)
        for k, row in enumerate(rows):
            row["model"] += document.score(states[k], symbol)
            states[k] = push(states[k], symbol)


def maximise(
    rows: Sequence[tuple[list[Figures], int]], prior: Mapping[str, float] | None = None
) -> tuple[dict[str, float], float]:
    """(weights, mean negative log-likelihood of the right readings). prior: weights not to go far from (default: 0)."""
    prior = prior or {}
    differ: Counter[str] = Counter()
    for figures_, _ in rows:
        names_ = set().union(*figures_)
        differ.update(name for name in names_ if len({row.get(name, 0.0) for row in figures_}) > 1)
    names = sorted({name for name, times in differ.items() if times >= LEAST} | set(prior))
    place = {name: i for i, name in enumerate(names)}
    sizes = [len(figures_) for figures_, _ in rows]
    table = np.zeros((sum(sizes), len(names)))
    first = np.cumsum([0, *sizes[:-1]])
    for start, (figures_, _) in zip(first, rows, strict=True):
        for i, row in enumerate(figures_):
            for name, value in row.items():
                if name in place:
                    table[start + i, place[name]] = value
        table[start : start + len(figures_)] -= table[start].copy()
    scale = 1 / np.maximum(table.std(axis=0), 0.05)
    table *= scale
    group = np.repeat(np.arange(len(rows)), sizes)
    right = first + np.array([at for _, at in rows])
    usual = np.array([prior.get(name, 0.0) for name in names]) / scale
    weights = usual.copy()
    mean, square = np.zeros(len(names)), np.zeros(len(names))
    loss = 0.0
    for step in range(1, STEPS + 1):  # Adam (Kingma and Ba 2015)
        scores = table @ weights
        chance = np.exp(scores - np.maximum.reduceat(scores, first)[group])
        chance /= np.add.reduceat(chance, first)[group]
        loss = float(-np.log(chance[right] + 1e-30).mean())
        slope = table.T @ chance - table[right].sum(axis=0) + PENALTY * (weights - usual)
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return {name: round(float(value), 3) for name, value in zip(names, weights * scale, strict=True)}, loss


def narratives(folder: Path) -> list[list[str]]:
    """The paragraphs of the narratives of the development reports; no model is trained on them."""
    records = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.gold.json")))
    return [record["narrative"].split("\n") for record in records if record.get("narrative")]


def texts_to_fit(
    texts: Mapping[str, list[str]], news: Sequence[Sentence], reports: Iterable[list[str]]
) -> Iterator[tuple[str, list[str], int]]:
    """(name, paragraphs, seed of the weaving) of what neither the model nor the network was trained on."""
    for seed in SEEDS:
        for name, lines in texts.items():
            if any(word in name for word in FITTED):
                yield name, lines, seed
            elif not name.startswith("province"):
                yield name, slice_of(lines, kept=False), seed
        yield "newspaper", ["".join(word for word, _ in sentence) for sentence in slice_of(news, kept=False)], seed
    for number, lines in enumerate(reports):
        for seed in REPORT_SEEDS:
            yield f"report {number}", lines, seed


def without_fitted(
    texts: Mapping[str, list[str]], news: Sequence[Sentence]
) -> tuple[dict[str, list[str]], list[Sentence]]:
    """The texts and the newspaper without what is held out to fit on and to measure on."""
    held = (*FITTED, *MEASURED)
    kept = {name: lines for name, lines in texts.items() if not any(word in name for word in held)}
    return {
        name: lines if name.startswith("province") else slice_of(lines, kept=True) for name, lines in kept.items()
    }, slice_of(news, kept=True)


def slice_of(rows: Sequence[T], *, kept: bool) -> list[T]:
    """One fiftieth of a text, in stretches of 20 paragraphs, or (kept) all the rest."""
    return [row for i, row in enumerate(rows) if (i // 20 % 50 != 7) == kept]


def fit(rows: Sequence[Example], network: Network) -> tuple[dict[str, float], dict[str, float], tuple[float, float]]:
    """(weights of the first ranking, of the last one, mean negative log-likelihoods)."""
    first, loss = maximise([(figures_, at) for figures_, at, _ in rows])
    left: list[Example] = []
    for figures_, at, asked in rows:
        scores = np.array([sum(value * first.get(name, 0.0) for name, value in row.items()) for row in figures_])
        chances = scores - scores.max() - np.log(np.exp(scores - scores.max()).sum())
        order = [int(i) for i in np.argsort(-chances)[:CONTESTANTS] if chances[i] > NEAR_ENOUGH]
        if at in order and len(order) > 1:
            case = Case([asked.readings[i] for i in order], asked.before, asked.behind)
            left.append(([dict(figures_[i]) for i in order], order.index(at), case))
    for start in range(0, len(left), 200):
        some = left[start : start + 200]
        for (figures_, _, _), found in zip(some, network.judge([case for _, _, case in some]), strict=True):
            for row, *judged in zip(figures_, *found, strict=True):
                row |= dict(zip(JUDGED, map(float, judged), strict=True))
    last, better = maximise([(figures_, at) for figures_, at, _ in left], first)
    return first, last, (loss, better)


def main() -> None:
    """The command line."""
    shared = Path(os.environ.get("NIANBAO_SHARED", "../shared"))
    parser = argparse.ArgumentParser(prog="python -m nianbao.repair.fit", description="fit the weights of the ranking")
    add_sources(parser, shared)
    parser.add_argument("--simulator", type=Path, default=shared / "tools", help="folder of weave.py")
    parser.add_argument("--reports", type=Path, default=shared / "corpus/reports", help="folder of *.gold.json")
    parser.add_argument(
        "--held-out",
        type=Path,
        default=Path("build/heldout.npz"),
        help="model without what is fitted on; made if absent",
    )
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    texts, archive, dictionary = sources(given, parser)
    sys.path.insert(0, str(given.simulator))
    import weave as simulator  # type: ignore[import-not-found,unused-ignore]

    news = list(newspaper(archive))
    if not given.held_out.exists():
        train(*without_fitted(texts, news), dictionary, given.held_out)
    model, network = load(given.held_out), load_network()
    rows: list[Example] = []
    for name, lines, seed in texts_to_fit(texts, news, narratives(given.reports)):
        limit = next((n for start, n in LINES.items() if name.startswith(start)), OTHER_LINES)
        rows += examples([line for line in lines if line.strip()], model, network, simulator.weave, seed, limit)
        print(f"{name}: {len(rows)} chunks", file=sys.stderr)  # noqa: T201
    first, last, losses = fit(rows, network)
    record: dict[str, Any] = {"chunks": len(rows), "losses": [round(loss, 4) for loss in losses]}
    record |= {"first": first, "last": last}
    given.output.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    told = f"{len(first)} and {len(last)} weights of {len(rows)} chunks, losses {losses[0]:.4f} and {losses[1]:.4f}"
    print(f"{given.output}: {told}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
