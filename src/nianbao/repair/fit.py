"""Find the weights of the ranking: ``python -m nianbao.repair.fit --help``.

Texts are woven by the simulator and searched; the weights make the right readings likely among those found
(conditional log-likelihood, a penalty on large weights). A model that has read a text would be too sure of it: the
texts are held out in turn, each part is woven and scored by a model that was trained without it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from nianbao.repair.decoder import BRACKETS, Prices, Width, bracket_step
from nianbao.repair.features import Figures
from nianbao.repair.language_model import END, START, LanguageModel, Segmenter, load, push
from nianbao.repair.ranking import DOCUMENT, WEIGHTS, DocumentModel, Reading, Unit, figures, search, surroundings
from nianbao.repair.train import Sentence, add_sources, cut, newspaper, sequence, sources, write
from nianbao.repair.weave import Line, paragraphs, parse, units_of

FOLDS = 4
LINES = {"province": 170, "law": 50}  # printed lines of a text, by the start of its name …
OTHER_LINES = 200  # … and of any other
SLICE = 100  # of a text that is not held out as a whole, a hundredth part is
LEAST = 8  # a figure in which the readings of fewer chunks differ gets no weight
PENALTY = 4.0  # on the squares of the scaled weights
STEPS = 400
RATE = 0.03

Weave = Callable[..., list[tuple[str, str]]]
Example = tuple[list[Figures], int]
"""(figures of the readings of a chunk, which of them is right)."""


def examples(text: Iterable[str], model: LanguageModel, weave: Weave, seed: int, lines: int) -> list[Example]:
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
            out.append((rows, at))
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
    """What the n-grams say of each reading and of the three symbols behind it; no line may confirm itself."""
    behind: list[tuple[int, int]] = [(unit.line, END)] if unit.closes else []
    i = number
    while not right[i].closes and i + 1 < len(right) and len(behind) < 3:
        i += 1
        behind += [(right[i].line, symbol) for symbol in right[i].readings[0].symbols]
    states = [context] * len(rows)
    document.without(unit.line)
    for k, (row, reading) in enumerate(zip(rows, unit.readings, strict=True)):
        row["model"] = 0.0
        for symbol in reading.symbols:
            row["model"] += document.score(states[k], symbol)
            states[k] = push(states[k], symbol)
    for line, symbol in behind[:3]:
        document.without(line)
        for k, row in enumerate(rows):
            row["model"] += document.score(states[k], symbol)
            states[k] = push(states[k], symbol)


def maximise(rows: Sequence[Example]) -> tuple[dict[str, float], float]:
    """(weights, mean negative log-likelihood of the right readings)."""
    differ: Counter[str] = Counter()
    for figures_, _ in rows:
        names_ = set().union(*figures_)
        differ.update(name for name in names_ if len({row.get(name, 0.0) for row in figures_}) > 1)
    names = sorted(name for name, times in differ.items() if times >= LEAST)
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
    weights = np.zeros(len(names))
    mean, square = np.zeros(len(names)), np.zeros(len(names))
    loss = 0.0
    for step in range(1, STEPS + 1):  # Adam (Kingma and Ba 2015)
        scores = table @ weights
        chance = np.exp(scores - np.maximum.reduceat(scores, first)[group])
        chance /= np.add.reduceat(chance, first)[group]
        loss = float(-np.log(chance[right] + 1e-30).mean())
        slope = table.T @ chance - table[right].sum(axis=0) + PENALTY * weights
        mean, square = 0.9 * mean + 0.1 * slope, 0.99 * square + 0.01 * slope**2
        weights -= RATE * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.99**step)) + 1e-8)
    return {name: round(float(value), 3) for name, value in zip(names, weights * scale, strict=True)}, loss


def narratives(folder: Path) -> list[list[str]]:
    """The paragraphs of the narratives of the development reports; no model is trained on them."""
    records = (json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.gold.json")))
    return [record["narrative"].split("\n") for record in records if record.get("narrative")]


def fit(
    texts: dict[str, list[str]],
    news: list[Sentence],
    reports: Iterable[list[str]],
    dictionary: Path,
    weave: Weave,
) -> list[Example]:
    """The examples of all texts, each scored by a model that has not seen it."""
    segmented = {name: list(cut(lines)) for name, lines in texts.items()}
    whole = sorted(name for name in texts if name.startswith("province"))
    out: list[Example] = []
    for fold in range(FOLDS):
        held: dict[str, list[str]] = {name: texts[name] for name in whole[fold::FOLDS]}
        kept: list[str] = []
        words: list[Sentence] = []
        for name, lines in texts.items():
            if name not in held:
                size = 0 if name in whole else max(1, len(lines) // SLICE)
                start = len(lines) * (2 * fold + 1) // (2 * FOLDS)
                if size:
                    held[name] = lines[start : start + size]
                kept += lines[:start] + lines[start + size :]
                words += segmented[name][:start] + segmented[name][start + size :]
        size, start = len(news) // SLICE, len(news) * (2 * fold + 1) // (2 * FOLDS)
        held["newspaper"] = ["".join(word for word, _ in sentence) for sentence in news[start : start + size]]
        other = news[:start] + news[start + size :]
        kept += ["".join(word for word, _ in sentence) for sentence in other]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / f"{fold}.npz"
            write(sequence(kept), [*words, *other], dictionary, path)
            model = load.__wrapped__(path)
        for name, lines in held.items():
            limit = next((n for start_, n in LINES.items() if name.startswith(start_)), OTHER_LINES)
            out += examples([line for line in lines if line.strip()], model, weave, fold + 11, limit)
        if not fold:
            for lines in reports:
                out += examples([line for line in lines if line.strip()], model, weave, 3, OTHER_LINES)
        print(f"fold {fold + 1} of {FOLDS}: {len(out)} chunks", file=sys.stderr)  # noqa: T201
    return out


def main() -> None:
    """The command line."""
    shared = Path(os.environ.get("NIANBAO_SHARED", "../shared"))
    parser = argparse.ArgumentParser(prog="python -m nianbao.repair.fit", description="fit the weights of the ranking")
    add_sources(parser, shared)
    parser.add_argument("--simulator", type=Path, default=shared / "tools", help="folder of weave.py")
    parser.add_argument("--reports", type=Path, default=shared / "corpus/reports", help="folder of *.gold.json")
    parser.add_argument("--output", type=Path, default=WEIGHTS)
    given = parser.parse_args()
    texts, archive, dictionary = sources(given, parser)
    sys.path.insert(0, str(given.simulator))
    import weave as simulator  # type: ignore[import-not-found,unused-ignore]

    rows = fit(texts, list(newspaper(archive)), narratives(given.reports), dictionary, simulator.weave)
    weights, loss = maximise(rows)
    record: dict[str, Any] = {"chunks": len(rows), "loss": round(loss, 4), "weights": weights}
    given.output.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{given.output}: {len(weights)} weights of {len(rows)} chunks, loss {loss:.4f}", file=sys.stderr)  # noqa: T201


if __name__ == "__main__":
    main()
