"""Search for the reading order of woven chunks: a beam over the orders that the geometry of the runs allows.

The rules (docs/repair.md) leave few moves. Behind a glyph whose raw neighbour follows without a blank, that neighbour
comes next, unless it is written already: then a border of runs lies between the two. So the set of written glyphs and
the last one tell everything, and the text grows by whole pieces:

* the next glyph of an open run, behind a blank (a jump: something else must have been written in between);
* the first glyph of a new run: its raw neighbour to the left is not written yet, and no blank stands between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import nlargest
from operator import itemgetter
from typing import Any

from nianbao.language_model import BITS, TAIL2, LanguageModel, push

CLOSING = frozenset("，。、；：”）》！？)’】")
OPENING = frozenset("“《（(‘【")
PAUSES = frozenset("，。、；：")
BRACKETS = {
    mark: (1 << i, side) for i, pair in enumerate(("“”", "《》", "（）", "‘’")) for side, mark in enumerate(pair)
}
BRACKETS |= {"(": BRACKETS["（"], ")": BRACKETS["）"]}


@dataclass(frozen=True, slots=True)
class Prices:
    """What a reading pays, in nats."""

    cuts: tuple[float, ...] = (4.0, 5.0, 6.0, 6.0)  # the first, second … border of runs in a chunk
    after_mark: float = 2.5  # taken off where the run before ends with a pause mark
    jump: float = 0.7  # a jump that could have gone to another open run
    bracket: float = 8.0  # a closing mark without its opening one, or the other way round
    still: float = 8.0  # more for every cut of a chunk without blanks of more than five glyphs


@dataclass(frozen=True, slots=True)
class Width:
    """How much the search keeps."""

    beam: int = 80
    drop: float = 16.0  # nats below the best of its bucket
    carried: int = 16  # readings carried over a number


@dataclass(frozen=True, slots=True)
class Chunk:
    """The glyphs between two tokens of a line.

    places: where each glyph stands in the raw line. gaps: whether a blank stands before it (never before the first).
    """

    glyphs: str
    places: tuple[int, ...]
    gaps: tuple[bool, ...]

    @property
    def rigid(self) -> bool:
        """Whether nothing can be woven here."""
        return len(self.glyphs) < 2


@dataclass(slots=True)
class State:
    """A reading so far. ``score``: nats; ``open``: open brackets as bits; ``cuts``: borders of runs in the line."""

    score: float
    context: int
    open: int
    cuts: int
    price: float  # the part of the score that is not the language model's
    order: tuple[int, ...]  # places in the raw line
    origin: int = 0  # which of the readings it was carried on from


def bracket_step(open_: int, glyph: str, price: float) -> tuple[int, float]:
    """(brackets open behind ``glyph``, what it costs)."""
    bit, closes = BRACKETS[glyph]
    if closes:
        return open_ & ~bit, 0.0 if open_ & bit else -price
    return open_ | bit, -price if open_ & bit else 0.0


def advance(
    chunk: Chunk,
    starts: list[State],
    model: LanguageModel,
    prices: Prices,
    width: Width,
    *,
    first: bool,
    last: bool,
    most_runs: int = 3,
) -> list[State]:
    """Carry ``starts`` on over ``chunk``; best first, none where the rules allow no order.

    first, last: whether the chunk begins or ends the printed line (no closing mark first, no opening mark last).
    """
    glyphs = chunk.glyphs
    n = len(glyphs)
    ids = [model.ids.get(glyph, 3) for glyph in map(_fold, glyphs)]
    gaps = chunk.gaps
    memo_get, score_of = model.memo.get, model.score
    refund = [model.scores.get(i, -16.0) for i in ids]
    inner = [0.0] * (n + 1)  # running sum of what glyphs score behind their three raw neighbours
    packed = [0] * n
    context = 0
    for i, symbol in enumerate(ids):
        inner[i + 1] = inner[i] + (score_of(context, symbol) - refund[i] if i >= 3 else 0.0)
        context = push(context, symbol)
        packed[i] = context
    marks = [glyph in PAUSES for glyph in glyphs]
    brackets = [i for i, glyph in enumerate(glyphs) if glyph in BRACKETS]
    full = (1 << n) - 1
    joined = sum(1 << i for i in range(1, n) if not gaps[i])
    still = prices.still if n > 5 and not any(gaps) else 0.0
    cut_prices = [price + still for price in prices.cuts]
    ends = [0] * n  # where the piece that begins at i ends if nothing of it is written yet
    for i in range(n - 1, -1, -1):
        ends[i] = i if i + 1 == n or gaps[i + 1] else ends[i + 1]
    # A hypothesis: score, mask, last glyph, context, runs in this block, cuts, open brackets, price, start, path.
    buckets: list[dict[Any, tuple[Any, ...]]] = [{} for _ in range(n + 1)]
    for number, start in enumerate(starts):
        buckets[0][number] = (start.score, 0, -2, start.context, 1, 0, start.open, start.price, number, None)
    total_refund = sum(refund)
    for size in range(n):
        bucket = buckets[size]
        if not bucket:
            continue
        hypotheses = list(bucket.values())
        buckets[size] = {}
        if len(hypotheses) > width.beam:
            hypotheses = nlargest(width.beam, hypotheses, key=_score)
        floor = max(map(_score, hypotheses)) - width.drop
        for score, mask, at, context, runs, cuts, open_, price, number, path in hypotheses:
            if score < floor:
                continue
            unwritten = full & ~mask
            if at >= -1:
                unwritten &= ~(2 << at)
            behind = mask << 1 | 1
            moves = [(i, 0) for i in _bits(unwritten & behind)]
            opened = len(moves)
            if runs < most_runs:
                moves += [(i, 1) for i in _bits(unwritten & ~behind & joined)]
            if first and size == 0:
                moves = [move for move in moves if glyphs[move[0]] not in CLOSING]
            jump = prices.jump if opened > 1 else 0.0
            for i, cut in moves:
                end = ends[i]
                ahead = mask >> (i + 1)
                if ahead:
                    free = (ahead & -ahead).bit_length() + i  # the first written glyph behind i
                    if free <= end:
                        end = free - 1
                cost = jump
                if cut:
                    cost = cut_prices[cuts if cuts < len(cut_prices) else -1]
                    if marks[i - 1]:
                        cost -= prices.after_mark
                gained = -cost
                now = context
                stop = end if end < i + 2 else i + 2
                for j in range(i, stop + 1):
                    symbol = ids[j]
                    value = memo_get(now << BITS | symbol)
                    gained += (score_of(now, symbol) if value is None else value) - refund[j]
                    now = (now & TAIL2) << BITS | symbol
                if end > stop:
                    gained += inner[end + 1] - inner[stop + 1]
                    now = packed[end]
                written = mask | ((1 << (end + 1)) - (1 << i))
                brackets_open = open_
                charge = 0.0
                for j in brackets:
                    if i <= j <= end:
                        brackets_open, fine = bracket_step(brackets_open, glyphs[j], prices.bracket)
                        charge += fine
                if last and written == full and glyphs[end] in OPENING:
                    continue
                block = 1 if written & (written + 1) == 0 else runs + cut
                new = score + gained + charge
                target = buckets[size + end - i + 1]
                key = (written, end, now, brackets_open, number)
                old = target.get(key)
                paid = price - cost + charge
                rival = (new, written, end, now, block, cuts + cut, brackets_open, paid, number, (path, i, end))
                if old is None:
                    target[key] = rival
                else:
                    if new > old[0]:
                        target[key], rival = rival, old
                    # One more way to the same place is kept: it is another reading of what lies behind.
                    other = (*key, 1)
                    held = target.get(other)
                    if held is None or held[0] < rival[0]:
                        target[other] = rival
    out = []
    for hypothesis in sorted(buckets[n].values(), key=_score, reverse=True):
        score, _, _, context, _, cuts, open_, price, number, path = hypothesis
        order: list[int] = []
        while path is not None:
            path, i, end = path
            order[:0] = chunk.places[i : end + 1]
        start = starts[number]
        out.append(
            State(score + total_refund, context, open_, start.cuts + cuts, price, (*start.order, *order), start.origin)
        )
    return out


def _bits(mask: int) -> list[int]:
    """The positions of the bits that are set."""
    out = []
    while mask:
        low = mask & -mask
        out.append(low.bit_length() - 1)
        mask ^= low
    return out


_score = itemgetter(0)


def _fold(glyph: str) -> str:
    return FOLDED.get(glyph, glyph)


FOLDED = dict(zip("(),:;?!", "（），：；？！", strict=True))
