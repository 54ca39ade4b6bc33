"""Search for the reading order of woven chunks: a beam over the orders that the geometry of the runs allows.

The rules (docs/repair.md) leave few moves. Behind a glyph whose raw neighbour follows without a blank, that neighbour
comes next, unless it is written already: then a border of runs lies between the two. So the set of written glyphs and
the last one tell everything, and the text grows by whole pieces:

* the next glyph of an open run, behind a blank (a jump: something else must have been written in between);
* the first glyph of a new run: its raw neighbour to the left is not written yet, and no blank stands between them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Protocol

from nianbao.repair.language_model import BITS, FOLD_MARKS, TAIL1

CLOSING = frozenset("，。、；：”）》！？)’】")
OPENING = frozenset("“《（(‘【")
PAUSES = frozenset("，。、；：")
BRACKETS = {
    mark: (1 << i, side) for i, pair in enumerate(("“”", "《》", "（）", "‘’")) for side, mark in enumerate(pair)
}
BRACKETS |= {"(": BRACKETS["（"], ")": BRACKETS["）"]}


HOPE = 1.0  # how far the outlook of a glyph goes from its bare frequency to its best pair


CONTEXT = 3  # symbols by which the search scores the next one; the ranking looks at more
KEPT = (1 << (CONTEXT - 1) * BITS) - 1
WHOLE = (1 << CONTEXT * BITS) - 1
WAYS = 3  # different ways to one place that are kept: they are readings of what lies behind

Place = tuple[int, int, int, int, int]
Way = tuple[float, int, Any]


class Scorer(Protocol):
    """A language model: ``score`` gives log probabilities, ``memo`` holds those already known; see `LanguageModel`."""

    ids: dict[str, int]
    memo: dict[int, float]

    def score(self, context: int, symbol: int) -> float: ...

    def alone(self, symbol: int) -> float: ...

    def pair(self, one: int, two: int) -> float | None: ...


@dataclass(frozen=True, slots=True)
class Prices:
    """What a reading pays, in nats."""

    cuts: tuple[float, ...] = (6.0, 7.0, 8.0, 8.0)  # the first, second … border of runs in a chunk
    after_mark: float = 1.0  # taken off where the run before ends with a pause mark
    jump: float = 0.0  # a jump that could have gone to another open run
    bracket: float = 8.0  # a closing mark without its opening one, or the other way round
    still: float = 8.0  # more for every cut of a chunk without blanks of more than five glyphs


@dataclass(frozen=True, slots=True)
class Width:
    """How much the search keeps."""

    beam: int = 40
    drop: float = 16.0  # nats below the best of its bucket


@dataclass(frozen=True, slots=True)
class Chunk:
    """The glyphs between two tokens of a line.

    places: where each glyph stands in the raw line. gaps: whether a blank stands before it (never before the first).
    """

    glyphs: str
    places: tuple[int, ...]
    gaps: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Start:
    """Where the search sets out from. ``score``: nats; ``context``: for the model; ``open``: open brackets as bits."""

    score: float
    context: int
    open: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """An order of a chunk: ``order`` positions in the chunk. Score, context and brackets are those behind it."""

    score: float
    context: int
    open: int
    order: tuple[int, ...]


def bracket_step(open_: int, glyph: str, price: float) -> tuple[int, float]:
    """(brackets open behind ``glyph``, what it costs)."""
    bit, closes = BRACKETS[glyph]
    if closes:
        return open_ & ~bit, 0.0 if open_ & bit else -price
    return open_ | bit, -price if open_ & bit else 0.0


def advance(
    chunk: Chunk,
    starts: Sequence[Start],
    model: Scorer,
    prices: Prices,
    width: Width,
    *,
    first: bool,
    last: bool,
    most_runs: int = 3,
) -> list[Found]:
    """Carry ``starts`` on over ``chunk``; best first, none where the rules allow no order.

    first, last: whether the chunk begins or ends the printed line (no closing mark first, no opening mark last).
    """
    glyphs = chunk.glyphs
    n = len(glyphs)
    ids = [model.ids.get(glyph, 3) for glyph in glyphs.translate(FOLD_MARKS)]
    gaps = chunk.gaps
    memo_get, score_of = model.memo.get, model.score
    refund = _outlook(ids, starts, model)
    inner = [0.0] * (n + 1)  # running sum of what glyphs score behind their raw neighbours
    packed = [0] * n
    context = 0
    for i, symbol in enumerate(ids):
        inner[i + 1] = inner[i] + (score_of(context, symbol) - refund[i] if i >= CONTEXT else 0.0)
        context = (context & KEPT) << BITS | symbol
        packed[i] = context
    marks = [glyph in PAUSES for glyph in glyphs]
    brackets = [i for i, glyph in enumerate(glyphs) if glyph in BRACKETS]
    full = (1 << n) - 1
    joined = sum(1 << i for i in range(1, n) if not gaps[i])
    jumps = sum(1 << i for i in range(1, n) if gaps[i])
    still = prices.still if n > 5 and not any(gaps) else 0.0
    cut_prices = [price + still for price in prices.cuts]
    ends = [0] * n  # where the piece that begins at i ends if nothing of it is written yet
    for i in range(n - 1, -1, -1):
        ends[i] = i if i + 1 == n or gaps[i + 1] else ends[i + 1]
    # A place in the search: written glyphs, the last of them, context, runs in this block, open brackets. Ways to it:
    # (score, borders so far, path), a path being (first glyph of the piece, its last, the path before).
    buckets: list[dict[Place, list[Way]]] = [{} for _ in range(n + 1)]
    for start in starts:
        buckets[0][0, -2, start.context & WHOLE, 1, start.open] = [(start.score, 0, None)]
    best = [-math.inf] * (n + 1)  # by number of glyphs written
    heard: dict[tuple[int, int, int], tuple[float, int]] = {}  # (context, piece) → (score, context behind)
    for size in range(n):
        ranked = sorted(
            ((max(ways)[0], place, ways) for place, ways in buckets[size].items()), reverse=True, key=_score
        )
        buckets[size] = {}
        if not ranked:
            continue
        floor, room = ranked[0][0] - width.drop, width.beam
        for top, (mask, at, context, runs, open_), ways in ranked:
            if top < floor or not room:
                break
            unwritten = full & ~mask
            if size and not _finishable(unwritten, at, jumps, joined if runs < most_runs else 0, joined, n):
                continue
            room -= 1
            if at >= 0:
                unwritten &= ~(2 << at)
            behind = mask << 1 | 1
            moves = [(i, 0) for i in _bits(unwritten & behind)]
            jump = prices.jump if len(moves) > 1 else 0.0
            if runs < most_runs:
                moves += [(i, 1) for i in _bits(unwritten & ~behind & joined)]
            for i, cut in moves:
                end = ends[i]
                ahead = mask >> (i + 1)
                if ahead:  # the piece ends before the first glyph that is written already
                    end = min(end, (ahead & -ahead).bit_length() + i - 1)
                written = mask | ((1 << (end + 1)) - (1 << i))
                if (first and not size and glyphs[i] in CLOSING) or (
                    last and written == full and glyphs[end] in OPENING
                ):
                    continue
                known = heard.get((context, i, end))
                if known is None:
                    gained, now = 0.0, context
                    stop = min(end, i + CONTEXT - 1)
                    for j in range(i, stop + 1):
                        value = memo_get(now << BITS | ids[j])
                        gained += (score_of(now, ids[j]) if value is None else value) - refund[j]
                        now = (now & KEPT) << BITS | ids[j]
                    if end > stop:
                        gained += inner[end + 1] - inner[stop + 1]
                        now = packed[end]
                    heard[context, i, end] = gained, now
                else:
                    gained, now = known
                brackets_open = open_
                for j in brackets:
                    if i <= j <= end:
                        brackets_open, fine = bracket_step(brackets_open, glyphs[j], prices.bracket)
                        gained += fine
                gained -= jump
                if cut and marks[i - 1]:
                    gained += prices.after_mark
                block = 1 if written & (written + 1) == 0 else runs + cut
                place = (written, end, now, block, brackets_open)
                grown = size + end - i + 1
                target = buckets[grown].get(place)
                for score, cuts, path in ways:
                    score += gained
                    if cut:
                        score -= cut_prices[cuts if cuts < len(cut_prices) else -1]
                    if score < best[grown] - width.drop:
                        continue
                    if score > best[grown]:
                        best[grown] = score
                    way = (score, cuts + cut, (i, end, path))
                    if target is None:
                        target = buckets[grown][place] = [way]
                    else:
                        _keep(target, way)
    total_refund = sum(refund)
    found: dict[tuple[Any, ...], Found] = {}
    for (_, _, context, _, open_), ways in buckets[n].items():
        for score, _, path in ways:
            order: list[int] = []
            while path is not None:
                i, end, path = path
                order[:0] = range(i, end + 1)
            one = Found(score + total_refund, context, open_, tuple(order))
            same = (one.order, context, open_)
            if same not in found or found[same].score < one.score:
                found[same] = one
    return sorted(found.values(), key=lambda one: -one.score)


def _keep(ways: list[Way], way: Way) -> None:
    """Add a way to those that lead to the same place, unless it is known or there are better ones enough."""
    if len(ways) >= WAYS:
        worst = min(range(len(ways)), key=lambda k: ways[k][0])
        if ways[worst][0] >= way[0]:
            return
    for k, (score, _, path) in enumerate(ways):
        if path == way[2]:
            if score < way[0]:
                ways[k] = way
            return
    if len(ways) >= WAYS:
        ways[worst] = way
    else:
        ways.append(way)


def _outlook(ids: Sequence[int], starts: Sequence[Start], model: Scorer) -> list[float]:
    """What each glyph may be hoped to score wherever it comes to stand, so that unequal sets can be compared."""
    alone = [model.alone(i) for i in ids]
    before = {*ids, *(start.context & TAIL1 for start in starts)}
    out = []
    for i, single in zip(ids, alone, strict=True):
        pairs = [model.pair(other, i) for other in before]
        best = max((pair for pair in pairs if pair is not None), default=single)
        out.append(single + HOPE * (max(best, single) - single))
    return out


def _finishable(unwritten: int, at: int, jumps: int, borders: int, joined: int, n: int) -> bool:
    """Whether enough pieces are left to put one between any two pieces of a run that a blank parts.

    borders: where new runs may begin now; behind the last glyph of a block they may always (``joined``).
    """
    stretches = []
    total = 0
    rest = unwritten
    while rest:
        start = (rest & -rest).bit_length() - 1
        beyond = ~(rest >> start)
        length = (beyond & -beyond).bit_length() - 1
        stretch = ((1 << length) - 1) << start
        pieces = 1 + (stretch & jumps & ~(1 << start)).bit_count()
        total += pieces
        stretches.append((start, stretch, pieces))
        rest &= ~stretch
    for start, stretch, pieces in stretches:
        needed = pieces - 1 + (start == at + 1)
        if needed > total - pieces:
            inside = stretch & ~(1 << start)
            if not inside & (joined if inside >> (n - 1) else borders):
                return False
    return True


def _bits(mask: int) -> list[int]:
    """The positions of the bits that are set."""
    out = []
    while mask:
        low = mask & -mask
        out.append(low.bit_length() - 1)
        mask ^= low
    return out


_score = itemgetter(0)
