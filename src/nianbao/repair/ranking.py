"""Rank the readings of the chunks of a text by what stands around them.

The text is a row of units: chunks with several readings, tokens (numbers, Latin words) with one. A first search gives
every chunk its readings; forward and backward sums over the row then give each of them a probability that counts all
readings of its neighbours. Scores are nats; weights were fitted on simulated text (docs/repair.md), so that the
probabilities mean what they say.
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from nianbao.repair.decoder import (
    BRACKETS,
    Chunk,
    Found,
    Prices,
    Scorer,
    Start,
    Width,
    advance,
    bracket_step,
)
from nianbao.repair.features import FIXED, LEFT, RIGHT, Figures, address, clauses, geometry, quantities, words
from nianbao.repair.language_model import (
    BITS,
    CONTEXT,
    END,
    FOLD_MARKS,
    START,
    TOKEN,
    LanguageModel,
    Segmenter,
    number_class,
    push,
)
from nianbao.resources import MODELS

READINGS = 24  # readings of a chunk that are ranked …
READING_DROP = 14.0  # … if the search finds them not more than so many nats worse than the best
CARRIED = 8  # different ends of readings from which the next unit is searched …
CARRIED_DROP = 9.0  # … if they are not more than so many nats worse than the best
NODE_DROP = 14.0  # nats; worse ways through a unit are left out of the sums


SHARES = (
    (1, 20.0),
    (2, 4.0),
    (3, 1.0),
)  # (length of a context in the document, how often it must be seen to count half)
BELIEVED = math.log(0.6)  # chunks less certain than this are not learned from
BESIDE = 5  # symbols of the neighbours that words are looked for in

DOCUMENT = 0.5  # how much the n-grams of the document itself may say
WEIGHTS = MODELS / "ranking.json"

Weights = Mapping[str, float]
"""Figure of `nianbao.repair.features` → weight, and "model" for the n-grams, "bracket" for one without its half."""


JUDGED = ("network forwards", "network backwards")
"""Figures of what `nianbao.repair.network` says."""


@dataclass(frozen=True, slots=True)
class Rankings:
    """The weights that `nianbao.repair.fit` wrote: of the first ranking, and of the last one, with the network."""

    first: Weights
    last: Weights


@cache
def load_weights(path: Path = WEIGHTS) -> Rankings:
    """Read the weights; one copy a process."""
    record = json.loads(path.read_text(encoding="utf-8"))
    return Rankings(record["first"] | FIXED, record["last"] | FIXED)


@dataclass(slots=True)
class Reading:
    """One order of a chunk. ``order``: positions in it. ``local``: the weighed score of all but the model.

    chance: natural log of its probability. ``inner``: what the model says of the symbols behind the first four, the end
    of the paragraph included; ``tail``: the last four symbols.
    """

    order: tuple[int, ...]
    text: str
    symbols: tuple[int, ...]
    local: float = 0.0
    chance: float = 0.0
    inner: float = 0.0
    tail: int = 0
    heard: tuple[str, str] | None = None  # the text before and behind for which the figures hold
    figures: Figures = field(default_factory=dict)  # all but those of the n-grams, brackets and the network
    judged: tuple[float, float] | None = None  # what the network says by the text before and by the text behind


@dataclass(slots=True)
class Unit:
    """A chunk or a token. ``first``, ``last``: at a line edge; ``opens``, ``closes``: at a paragraph's edge."""

    line: int
    chunk: Chunk | None
    readings: list[Reading] = field(default_factory=list)
    first: bool = False
    last: bool = False
    opens: bool = False
    closes: bool = False
    loose: bool = False  # whether a rule had to be relaxed


class DocumentModel:
    """The model mixed with the n-grams of the document as it was read so far.

    The line in question must be taken out (``without``), or it would confirm itself.
    """

    def __init__(self, model: LanguageModel, weight: float) -> None:
        self.model, self.weight = model, weight
        self.ids, self.alone, self.pair = model.ids, model.alone, model.pair
        self.counts: dict[int, int] = {}
        self.totals: dict[int, int] = {}
        self.memo: dict[int, float] = {}
        self.lines: dict[int, list[tuple[int, int]]] = {}  # line → (context, symbol) of its text
        self.left_out: int | None = None

    def learn(self, units: Iterable[Unit]) -> None:
        """Count the n-grams of the best readings."""
        context = START
        for unit in units:
            if unit.opens:
                context = START
            certain = unit.readings[0].chance > BELIEVED
            for symbol in unit.readings[0].symbols:
                if certain:
                    self.lines.setdefault(unit.line, []).append((context, symbol))
                    self._count(context, symbol, 1)
                context = push(context, symbol)

    def _count(self, context: int, symbol: int, by: int) -> None:
        for size, _ in SHARES:
            short = context & ((1 << size * BITS) - 1)
            key = short << BITS | symbol
            self.counts[key] = self.counts.get(key, 0) + by
            self.totals[short] = self.totals.get(short, 0) + by
            if short == context:
                break

    def without(self, line: int | None) -> None:
        """Leave out what ``line`` says, and count again what was left out before."""
        if line == self.left_out:
            return
        for context, symbol in self.lines.get(self.left_out, ()) if self.left_out is not None else ():
            self._count(context, symbol, 1)
        for context, symbol in self.lines.get(line, ()) if line is not None else ():
            self._count(context, symbol, -1)
        self.left_out = line
        self.memo.clear()

    def score(self, context: int, symbol: int) -> float:
        """Log probability; the longer a context is and the oftener the document has it, the more it counts."""
        key = context << BITS | symbol
        found = self.memo.get(key)
        if found is not None:
            return found
        base = self.model.score(context, symbol)
        if self.totals.get(context & ((1 << BITS) - 1)):
            chance = math.exp(base)
            for size, doubt in SHARES:
                short = context & ((1 << size * BITS) - 1)
                seen = self.totals.get(short, 0)
                if not seen:
                    break
                share = self.weight * seen / (seen + doubt)
                chance = (1 - share) * chance + share * self.counts.get(short << BITS | symbol, 0) / seen
            base = math.log(chance)
        self.memo[key] = base
        return base


def search(
    units: list[Unit],
    model: LanguageModel,
    prices: Prices,
    width: Width,
    only: frozenset[int] | None = None,
    scorer: DocumentModel | None = None,
) -> None:
    """Give the units readings, from left to right; with ``only``, more readings for the units of these numbers."""
    starts = [Start(0.0, START)]
    for number, unit in enumerate(units):
        if unit.opens:
            starts = [Start(0.0, START, starts[0].open)]
        if unit.chunk is not None and (only is None or number in only):
            if scorer:
                scorer.without(unit.line)
            found = orders(unit, starts, scorer or model, prices, width)
            known = {reading.text for reading in unit.readings}
            glyphs = unit.chunk.glyphs
            for one in found:
                if one.score < found[0].score - READING_DROP:
                    break
                text = "".join(glyphs[i] for i in one.order)
                if text not in known and len(known) < READINGS * (1 if only is None else 2):
                    known.add(text)
                    symbols = tuple(model.encode(text))
                    unit.readings.append(Reading(one.order, text, symbols))
            if only is None:
                ends = [(one.score, one.context, one.open) for one in found]
            else:
                ends = follow(starts, unit, model)
        else:
            ends = follow(starts, unit, model)
        best: dict[tuple[int, int], float] = {}
        for score, context, open_ in ends:
            best[context, open_] = max(score, best.get((context, open_), score))
        ranked = sorted(best.items(), key=lambda item: -item[1])[:CARRIED]
        top = ranked[0][1]
        starts = [Start(score - top, *key) for key, score in ranked if score > top - CARRIED_DROP]


def follow(starts: Sequence[Start], unit: Unit, model: LanguageModel) -> list[tuple[float, int, int]]:
    """Carry ``starts`` over the readings that a unit has: (score, context, open brackets)."""
    out = []
    for start in starts:
        for reading in unit.readings[:CARRIED]:
            score, context, open_ = start.score + reading.chance, start.context, start.open
            for symbol in reading.symbols:
                score += model.score(context, symbol)
                context = push(context, symbol)
            for glyph in reading.text:
                if glyph in BRACKETS:
                    open_, _ = bracket_step(open_, glyph, 0.0)
            out.append((score, context, open_))
    return out


def orders(unit: Unit, starts: Sequence[Start], model: Scorer, prices: Prices, width: Width) -> list[Found]:
    """The orders of a chunk; where the rules allow none, those that break the weaker ones, at last the raw order."""
    assert unit.chunk is not None
    chunk, edges = unit.chunk, (unit.first, unit.last)
    for most_runs, (first, last) in ((3, edges), (9, edges), (9, (False, False))):
        found = advance(chunk, starts, model, prices, width, first=first, last=last, most_runs=most_runs)
        if found:
            return found
        unit.loose = True
    raw = tuple(range(len(chunk.glyphs)))
    return [Found(start.score, start.context, start.open, raw) for start in starts[:1]]


def rank(units: list[Unit], scorer: Scorer, model: LanguageModel, weights: Weights) -> None:
    """Give every reading its probability and sort them, best first."""
    neighbours(units, model, weights)
    inside: list[dict[tuple[int, int], float]] = []  # unit → state before it → forward sum
    arcs: list[list[tuple[tuple[int, int], int, tuple[int, int], float]]] = []  # (state, reading, state behind, score)
    forward: dict[tuple[int, int], float] = {(START, 0): 0.0}
    for unit in units:
        if unit.opens and len(forward) > 0:
            merged: dict[tuple[int, int], list[float]] = {}
            for (_, open_), value in forward.items():
                merged.setdefault((START, open_), []).append(value)
            before = {state: log_sum(values) for state, values in merged.items()}
        else:
            before = forward
        if isinstance(scorer, DocumentModel):
            scorer.without(unit.line)
        for reading in unit.readings:
            hear(reading, unit, scorer)
        row = []
        behind: dict[tuple[int, int], list[float]] = {}
        for state, value in before.items():
            for number, reading in enumerate(unit.readings):
                end, score = step(state, reading, unit, scorer, weights)
                row.append((state, number, end, score))
                behind.setdefault(end, []).append(value + score)
        sums = {state: log_sum(values) for state, values in behind.items()}
        top = max(sums.values())
        forward = {state: value for state, value in sums.items() if value > top - NODE_DROP}
        inside.append(before)
        arcs.append(row)
    backward = dict.fromkeys(forward, 0.0)
    for unit, before, row in zip(reversed(units), reversed(inside), reversed(arcs), strict=True):
        chances: list[list[float]] = [[] for _ in unit.readings]
        earlier: dict[tuple[int, int], list[float]] = {}
        for state, number, end, score in row:
            if end in backward:
                value = score + backward[end]
                chances[number].append(before[state] + value)
                earlier.setdefault(state, []).append(value)
        sums = {state: log_sum(values) for state, values in earlier.items()}
        # All states before a paragraph lead to the state (START, open brackets).
        backward = _Reopened(sums) if unit.opens else sums
        total = log_sum([value for values in chances for value in values])
        for reading, values in zip(unit.readings, chances, strict=True):
            reading.chance = log_sum(values) - total if values else -99.0
        unit.readings.sort(key=lambda reading: -reading.chance)


class _Reopened(dict[tuple[int, int], float]):
    """Backward sums before a paragraph: a state counts by its open brackets alone."""

    def __contains__(self, state: object) -> bool:
        return isinstance(state, tuple) and super().__contains__((START, state[1]))

    def __missing__(self, state: tuple[int, int]) -> float:
        return self[START, state[1]]


def step(
    state: tuple[int, int], reading: Reading, unit: Unit, scorer: Scorer, weights: Weights
) -> tuple[tuple[int, int], float]:
    """(state behind a reading, its weighed score behind ``state``). A state is a context and the open brackets."""
    context, open_ = state
    total = 0.0
    for symbol in reading.symbols[:CONTEXT]:
        total += scorer.score(context, symbol)
        context = push(context, symbol)
    if len(reading.symbols) >= CONTEXT:
        total += reading.inner
        context = reading.tail
    elif unit.closes:
        total += scorer.score(context, END)
    total = weights["model"] * total + reading.local
    if unit.chunk is not None:
        for glyph in reading.text:
            if glyph in BRACKETS:
                open_, fine = bracket_step(open_, glyph, -weights["bracket"])
                total += fine
    if unit.closes and open_:
        total += weights["bracket"]
        open_ = 0
    return (context, open_), total


def hear(reading: Reading, unit: Unit, scorer: Scorer) -> None:
    """Score what stands behind four symbols of the reading itself: it is the same behind every neighbour."""
    context, total = 0, 0.0
    for i, symbol in enumerate(reading.symbols):
        if i >= CONTEXT:
            total += scorer.score(context, symbol)
        context = push(context, symbol)
    if unit.closes and len(reading.symbols) >= CONTEXT:
        total += scorer.score(context, END)
    reading.inner, reading.tail = total, context


def neighbours(units: list[Unit], model: LanguageModel, weights: Weights) -> None:
    """Weigh the figures of every reading that do not come from the n-grams, beside the best readings around it."""
    segmenter = Segmenter(model)
    for number, unit in enumerate(units):
        if unit.chunk is None or len(unit.readings) == 1:
            continue
        around = surroundings(units, number)
        for reading in sorted(unit.readings, key=lambda reading: reading.symbols):
            if reading.heard != (around.left, around.right):
                reading.heard = around.left, around.right
                reading.figures = figures(unit, reading, around, segmenter)
            reading.local = sum(value * weights[name] for name, value in reading.figures.items() if name in weights)
            if reading.judged is not None:
                reading.local += sum(map(operator.mul, reading.judged, (weights[name] for name in JUDGED)))


@dataclass(frozen=True, slots=True)
class Around:
    """The text and the symbols beside a unit, inside its paragraph; ``number``: the class of a number before it."""

    left: str
    right: str
    before: tuple[int, ...]
    behind: tuple[int, ...]
    number: str | None


def surroundings(units: Sequence[Unit], number: int) -> Around:
    """What the best readings of its neighbours put beside a unit."""
    left, before = "", ()  # type: str, tuple[int, ...]
    i = number
    while len(left) < LEFT and not units[i].opens and i > 0:
        i -= 1
        left = units[i].readings[0].text + left
        before = (*units[i].readings[0].symbols, *before)
    right, behind = "", ()  # type: str, tuple[int, ...]
    i = number
    while len(right) < RIGHT and not units[i].closes and i + 1 < len(units):
        i += 1
        right += units[i].readings[0].text
        behind += units[i].readings[0].symbols
    token = None if units[number].opens or not number or units[number - 1].chunk else units[number - 1].readings[0].text
    return Around(
        left[-LEFT:].translate(FOLD_MARKS),
        right[:RIGHT].translate(FOLD_MARKS),
        before[-BESIDE:],
        behind[:BESIDE],
        number_class(token) if token and TOKEN.fullmatch(token) else None,
    )


def figures(unit: Unit, reading: Reading, around: Around, segmenter: Segmenter) -> Figures:
    """All figures of a reading but those of the n-grams and brackets."""
    assert unit.chunk is not None
    out: Figures = {}
    text = reading.text.translate(FOLD_MARKS)
    geometry(unit.chunk, reading.order, out)
    words((*around.before, *reading.symbols, *around.behind), segmenter, out)
    quantities(text, around.number, around.right, out)
    clauses(around.left, text, around.right, unit.closes, out)
    address(text, out)
    return out


def log_sum(values: Sequence[float]) -> float:
    """The log of the sum of exponentials."""
    top = max(values)
    return top if len(values) == 1 else top + math.log(sum(math.exp(value - top) for value in values))
