"""Estimate a back-off table of n-grams from several kinds of text: counts, discounts, interpolation, pruning.

Texts are rows of symbol numbers, each paragraph between START and END, with 0 between two. The n-grams of an order are
columns of equal length; an n-gram is named by its place in them. Its ``prefix`` is the place of what stands before its
last symbol in the columns of the order below, its ``suffix`` the place of what stands behind its first one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nianbao.repair.language_model import BITS, ORDER, START

Column = np.ndarray
LAST = np.uint64((1 << BITS) - 1)
SHIFT = np.uint64(BITS)
FLOOR = 1e-8  # chance of a symbol that a kind of text does not have


@dataclass(slots=True)
class Grams:
    """The n-grams of one order. left: what is left of the mass behind each for symbols not seen there."""

    prefix: Column
    symbol: Column
    suffix: Column
    seen: Column
    chance: Column = field(default_factory=lambda: np.zeros(0))
    left: Column = field(default_factory=lambda: np.zeros(0))

    def __len__(self) -> int:
        return len(self.symbol)


@dataclass(frozen=True, slots=True)
class Table:
    """The n-grams of one order that are kept: log probability and log back-off weight of each (0 where none)."""

    prefix: Column
    symbol: Column
    score: Column
    backoff: Column


def keys_of(prefix: Column, symbol: Column) -> Column:
    """Prefix and symbol as one integer, which sorts by prefix first."""
    keys: Column = prefix.astype(np.uint64) << SHIFT | symbol.astype(np.uint64)
    return keys


def equal(keys: Column) -> tuple[Column, Column, Column]:
    """(sorted different keys, the place of each key among them, where each stands first)."""
    order = np.argsort(keys, kind="stable")
    ranked = keys[order]
    new = np.ones(len(keys), dtype=bool)
    new[1:] = ranked[1:] != ranked[:-1]
    place = np.empty(len(keys), dtype=np.int32)
    place[order] = np.cumsum(new) - 1
    return ranked[new], place, order[new]


def count(flat: Column, symbols: int) -> list[Grams]:
    """The n-grams of all orders of a text, by order; the first order has all numbers below ``symbols``."""
    numbers = np.arange(symbols, dtype=np.int32)
    none = np.zeros(symbols, dtype=np.int32)
    out = [Grams(none, numbers, none, np.bincount(flat, minlength=symbols))]
    out[0].seen[0] = 0
    begins = np.where(flat > 0, flat, -1).astype(np.int32)  # the n-gram that begins at each place of the text
    for order in range(2, ORDER + 1):
        size = len(flat) - order + 1
        behind = flat[order - 1 :]
        at = np.flatnonzero((begins[:size] >= 0) & (behind > 0))
        keys, place, first = equal(keys_of(begins[at], behind[at]))
        seen = np.bincount(place, minlength=len(keys))
        prefix, symbol = (keys >> SHIFT).astype(np.int32), (keys & LAST).astype(np.int32)
        out.append(Grams(prefix, symbol, begins[at[first] + 1], seen))
        begins = np.full(len(flat), -1, dtype=np.int32)
        begins[at] = place
    return out


def discounts(counts: Column) -> Column:
    """Modified Kneser-Ney discounts for counts 0, 1, 2, 3 and more (Chen and Goodman 1998)."""
    seen = [float(np.sum(counts == i)) for i in range(5)]
    ratio = seen[1] / (seen[1] + 2 * seen[2]) if seen[1] else 0.0
    # Of a small text the estimates may make no sense; then a half is taken off.
    less = [i - (i + 1) * ratio * seen[i + 1] / seen[i] if seen[i] else 0.5 for i in (1, 2, 3)]
    return np.array([0, *(value if 0 < value < i else 0.5 for i, value in enumerate(less, 1))])


def estimate(grams: list[Grams]) -> list[Grams]:
    """Fill in chances and what is left behind each n-gram: interpolated modified Kneser-Ney."""
    starts = np.arange(len(grams[0])) == START
    below: Column = np.zeros(0)
    for order, row in enumerate(grams, 1):
        if order > 1:
            starts = starts[row.prefix]
        used = row.seen.astype(np.float64)
        if order < ORDER:  # lower orders count behind how many symbols a thing stands, not how often
            contexts = np.bincount(grams[order].suffix, minlength=len(row)).astype(np.float64)
            used = np.where(starts, used, contexts)
        if order == 1:
            used[[0, START]] = 0
        less = discounts(used)[np.minimum(used, 3).astype(int)]
        size = 1 if order == 1 else len(grams[order - 2])
        total = np.maximum(np.bincount(row.prefix, weights=used, minlength=size), 1e-9)
        left = np.bincount(row.prefix, weights=less, minlength=size) / total
        left[left == 0] = 1
        lower = np.full(len(row), 1 / max(int(np.sum(used > 0)), 1)) if order == 1 else below[row.suffix]
        row.chance = below = (used - less) / total[row.prefix] + left[row.prefix] * lower
        if order > 1:
            grams[order - 2].left = left
    grams[0].chance = np.maximum(grams[0].chance, FLOOR)
    return grams


def mix(
    kinds: Mapping[str, list[Grams]], shares: Mapping[str, float], weights: Mapping[str, float], least: Sequence[float]
) -> list[Grams]:
    """One table of all kinds of text: chances interpolated by ``shares``.

    weights: what an occurrence counts in each kind. least: the n-grams of an order that count less are left out.
    """
    names = list(kinds)
    total = sum(shares[name] for name in names)
    part = {name: shares[name] / total for name in names}
    first = kinds[names[0]][0]
    chances = {name: kinds[name][0].chance for name in names}
    left = {name: kinds[name][0].left for name in names}
    place = dict.fromkeys(names, first.symbol)  # n-gram of a kind → n-gram of the mixture, -1 for none
    seen = sum(weights[name] * kinds[name][0].seen for name in names)
    mixed = sum(part[name] * chances[name] for name in names)
    out = [Grams(first.prefix, first.symbol, first.suffix, np.asarray(seen), np.asarray(mixed))]
    for order in range(2, ORDER + 1):
        rows = {name: kinds[name][order - 1] for name in names}
        above = {name: place[name][rows[name].prefix] for name in names}
        known = {name: above[name] >= 0 for name in names}
        keys = {name: keys_of(np.maximum(above[name], 0), rows[name].symbol) for name in names}
        found, which, _ = equal(np.concatenate([keys[name][known[name]] for name in names]))
        counts = np.bincount(
            which, weights=np.concatenate([weights[name] * rows[name].seen[known[name]] for name in names])
        )
        kept = counts >= least[order - 1]
        found, counts = found[kept], counts[kept]
        prefix, symbol = (found >> SHIFT).astype(np.int32), (found & LAST).astype(np.int32)
        below = keys_of(out[-1].prefix, out[-1].symbol)
        # What stands behind the first symbol was seen at least as often, so it is among those of the order below.
        suffix = symbol if order == 2 else np.searchsorted(below, keys_of(out[-1].suffix[prefix], symbol))
        mixed = np.zeros(len(found))
        for name in names:
            at = np.minimum(np.searchsorted(found, keys[name]), len(found) - 1)
            hit = known[name] & (found[at] == keys[name])
            chance = left[name][prefix] * chances[name][suffix]
            chance[at[hit]] = rows[name].chance[hit]
            behind = np.ones(len(found))
            if order < ORDER:
                behind[at[hit]] = rows[name].left[hit]
            chances[name], left[name] = chance, behind
            place[name] = np.where(hit, at, -1).astype(np.int32)
            mixed += part[name] * chance
        out.append(Grams(prefix, symbol, suffix.astype(np.int32), counts, mixed))
    return out


def prune(grams: list[Grams], sizes: Mapping[int, int]) -> list[Table]:
    """Keep ``sizes[order]`` n-grams of an order, those that say most beside the order below, and what others need."""
    needed = [np.zeros(len(row), dtype=bool) for row in grams]
    needed[0][:] = True
    for order in range(ORDER, 1, -1):
        row = grams[order - 1]
        says = np.abs(row.seen * np.log(row.chance / grams[order - 2].chance[row.suffix]))
        least = -np.partition(-says, sizes[order] - 1)[sizes[order] - 1] if sizes[order] < len(says) else 0.0
        needed[order - 1] |= says >= least
        if order > 2:
            needed[order - 2][row.prefix[needed[order - 1]]] = True
    out: list[Table] = []
    for order, (row, kept) in enumerate(zip(grams, needed, strict=True), 1):
        prefix = row.prefix[kept]
        if order > 2:
            prefix = (np.cumsum(needed[order - 2]) - 1)[prefix]
        backoff = np.zeros(int(kept.sum()))
        if order < ORDER:
            above = grams[order]
            used = needed[order]
            held = np.bincount(above.prefix[used], weights=above.chance[used], minlength=len(row))
            lower = np.bincount(above.prefix[used], weights=row.chance[above.suffix[used]], minlength=len(row))
            weight = np.log(np.maximum(1 - held, 1e-6) / np.maximum(1 - lower, 1e-6))
            backoff = np.where(held > 0, weight, 0.0)[kept]
        out.append(Table(prefix, row.symbol[kept], np.log(row.chance[kept]), backoff))
    return out
