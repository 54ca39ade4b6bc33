"""Rank the readings of the chunks of a text by what stands around them.

The text is a row of units: chunks with several readings, tokens (numbers, Latin words) with one. A first search gives
every chunk its readings; forward and backward sums over the row then give each of them a probability that counts all
readings of its neighbours. Scores are nats; weights were fitted on simulated text (docs/repair.md), so that the
probabilities mean what they say.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nianbao.repair.decoder import (
    BRACKETS,
    CLOSING,
    PAUSES,
    Chunk,
    Found,
    Prices,
    Scorer,
    Start,
    Width,
    advance,
    bracket_step,
)
from nianbao.repair.language_model import BITS, END, START, LanguageModel, push, segment, shorten

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

COUNTING = ("<one>", "<ten>", "<many>", "<decimal>")  # numbers that a unit or a scale word follows
SCALES = frozenset("万亿")
NUMERALS = frozenset("零一二三四五六七八九十百千万亿几数两余多近上")
UNITS = frozenset(
    "个件人次家条项份期场名户张页卷本篇批起处宗台套座所辆间架艘只头亩元吨米里度天年月日时分秒级类种届位栋"
    "幢封面幅部首册盏公平立千克斤升倍百多余约几省市县区村大点"
)
PAIRED = (
    "批次人次场次户次件次册次亩次班次车次台次家次辆次例次期次项次人份百分公里公斤公顷平方立方小时分钟工作学时课时美元"
)
UNIT_PAIRS = frozenset(PAIRED[i : i + 2] for i in range(0, len(PAIRED), 2))


@dataclass(frozen=True, slots=True)
class Weights:
    """How much the parts of a score count."""

    model: float = 0.40  # the character model
    words: float = 0.25  # the best segmentation into tagged words
    bracket: float = -7.2  # a bracket without its other half
    after_mark: float = 0.75  # a border of runs behind a pause mark
    piece: float = 1.4  # a piece of a run
    thin_mark: float = 1.4  # three runs or more: a pause mark in the first run …
    thick_mark: float = -0.9  # … or in another one
    thin_glyph: float = -0.5  # … and another glyph in the first run
    cuts: tuple[float, ...] = (-4.0, -6.3, -8.6, -5.3, -9.3)  # the first, second … border of runs
    short_cuts: tuple[float, ...] = (-4.0, -5.3, -7.2, -6.0)  # in a chunk of less than twelve glyphs
    still_cuts: tuple[float, ...] = (-4.0, -6.0, -6.0, -6.0)  # in a chunk without blanks of up to five glyphs
    still: float = -5.3  # more for each border in a longer one without blanks
    bare: float = 1.4  # a mark right behind a number that counts something
    unit: float = 1.7  # a unit or a scale word there; anything else gets neither
    unit_pair: float = 2.5  # a unit of two characters there
    stray_scale: float = -1.8  # 万 or 亿 behind no number
    document: float = 0.5  # how much the n-grams of the document itself may say


@dataclass(slots=True)
class Reading:
    """One order of a chunk. ``order``: positions in it. ``local``: the weighed score of all but the model.

    chance: natural log of its probability. ``inner``: what the model says of the symbols behind the third, the end of
    the paragraph included; ``tail``: the last three symbols.
    """

    order: tuple[int, ...]
    text: str
    symbols: tuple[int, ...]
    local: float = 0.0
    chance: float = 0.0
    inner: float = 0.0
    tail: int = 0


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
        self.ids, self.scores = model.ids, model.scores
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
        while context:
            key = context << BITS | symbol
            self.counts[key] = self.counts.get(key, 0) + by
            self.totals[context] = self.totals.get(context, 0) + by
            context = shorten(context)

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


def geometry(chunk: Chunk, order: Sequence[int], weights: Weights) -> float:
    """What the geometry says for an order: its borders of runs, pieces, and where the marks are."""
    n = len(order)
    if n < 2:
        return 0.0
    rank = [0] * n
    for at, place in enumerate(order):
        rank[place] = at
    runs = [0] * n
    behind_marks = 0
    for i in range(1, n):
        border = not chunk.gaps[i] and rank[i] < rank[i - 1]
        runs[i] = runs[i - 1] + border
        behind_marks += border and chunk.glyphs[i - 1] in PAUSES
    cuts = runs[-1]
    if not cuts:
        return 0.0
    still = not any(chunk.gaps)
    table = weights.still_cuts if still and n <= 5 else weights.short_cuts if n < 12 else weights.cuts
    total = sum(table[min(i, len(table) - 1)] for i in range(cuts)) + weights.after_mark * behind_marks
    if still and n > 5:
        total += weights.still * cuts
    total += weights.piece * (1 + sum(runs[a] != runs[b] for a, b in zip(order, order[1:], strict=False)))
    if cuts >= 2:
        for run, glyph in zip(runs, chunk.glyphs, strict=True):
            if glyph in PAUSES:
                total += weights.thick_mark if run else weights.thin_mark
            elif not run:
                total += weights.thin_glyph
    return total


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
    for symbol in reading.symbols[:3]:
        total += scorer.score(context, symbol)
        context = push(context, symbol)
    if len(reading.symbols) >= 3:
        total += reading.inner
        context = reading.tail
    elif unit.closes:
        total += scorer.score(context, END)
    total = weights.model * total + reading.local
    if unit.chunk is not None:
        for glyph in reading.text:
            if glyph in BRACKETS:
                open_, fine = bracket_step(open_, glyph, -weights.bracket)
                total += fine
    if unit.closes and open_:
        total += weights.bracket
        open_ = 0
    return (context, open_), total


def hear(reading: Reading, unit: Unit, scorer: Scorer) -> None:
    """Score what stands behind three symbols of the reading itself: it is the same behind every neighbour."""
    context, total = 0, 0.0
    for i, symbol in enumerate(reading.symbols):
        if i >= 3:
            total += scorer.score(context, symbol)
        context = push(context, symbol)
    if unit.closes and len(reading.symbols) >= 3:
        total += scorer.score(context, END)
    reading.inner, reading.tail = total, context


def neighbours(units: list[Unit], model: LanguageModel, weights: Weights) -> None:
    """Score the geometry, numbers and words of every reading, words with the best readings of the units beside it."""
    best: list[int] = []
    starts: list[int] = []
    paragraph: list[int] = []  # where the paragraph of each unit begins in ``best``
    for unit in units:
        starts.append(len(best))
        paragraph.append(len(best) if unit.opens else paragraph[-1])
        best += unit.readings[0].symbols
    for i, unit in enumerate(units):
        if unit.chunk is None or len(unit.readings) == 1:
            continue
        end = starts[i] + len(unit.readings[0].symbols)
        left = best[max(paragraph[i], starts[i] - BESIDE) : starts[i]]
        right = [] if unit.closes else best[end : end + BESIDE]
        behind_number = i > 0 and not unit.opens and units[i - 1].chunk is None
        token = units[i - 1].readings[0] if behind_number else None
        for reading in unit.readings:
            words = segment([*left, *reading.symbols, *right], model)
            reading.local = weights.words * words + geometry(unit.chunk, reading.order, weights)
            reading.local += numbers(reading.text, token, model, weights)


def numbers(text: str, token: Reading | None, model: LanguageModel, weights: Weights) -> float:
    """What stands behind a number (a unit, a mark) and whether 万 and 亿 follow one."""
    total = 0.0
    if token is not None and token.symbols[0] in map(model.ids.get, COUNTING):
        if text[0] in CLOSING:
            total += weights.bare
        elif text[0] in UNITS or text[0] in SCALES:
            total += weights.unit
            if text.lstrip("万亿余多")[:2] in UNIT_PAIRS:
                total += weights.unit_pair
    for before, glyph in zip(text, text[1:], strict=False):
        if glyph in SCALES and before not in NUMERALS:
            total += weights.stray_scale
    return total


def log_sum(values: Sequence[float]) -> float:
    """The log of the sum of exponentials."""
    top = max(values)
    return top if len(values) == 1 else top + math.log(sum(math.exp(value - top) for value in values))
