"""A small neural network that judges readings of a chunk: which of the glyphs at hand comes next?

Two recurrent layers (GRU; Cho et al. 2014) read the text around, one forwards and one backwards. At every place each
says how well the glyphs of the chunk and of its surroundings fit there; the log share of the glyph that a reading puts
there is summed up. `nianbao.repair.learn` trains it; numpy runs it, for all doubtful chunks of a document at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from nianbao.repair.language_model import CLASSES, START, UNKNOWN
from nianbao.resources import MODELS

NETWORK = MODELS / "network.npz"
FAR, NEAR = 24, 6  # symbols read before the chunk, symbols judged behind it
FIRST_GLYPH = UNKNOWN + len(CLASSES) + 1

Sequences = Sequence[Sequence[int]]
Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Layer:
    """A recurrent layer of ``h`` cells over symbols of ``d`` numbers, and what it asks for.

    inward: (d, 3 h), with its bias, for each symbol; across: (h, 3 h) and bias; asks: (h, d) and bias.
    """

    inward: Array
    inward_bias: Array
    across: Array
    across_bias: Array
    asks: Array
    asks_bias: Array

    def read(self, rows: Sequences, inputs: Array, begin: Array) -> Array:
        """States before every symbol of the rows and behind the last: (longest row + 1, rows, h).

        inputs: (symbols, d); rows hold their places. begin: (rows, h). Rows must come longest first.
        """
        projected = inputs @ self.inward + self.inward_bias
        cells = self.across.shape[0]
        lengths = np.array([len(row) for row in rows])
        places = np.zeros((len(rows), int(lengths[0])), dtype=np.int64)
        for row, symbols in zip(places, rows, strict=True):
            row[: len(symbols)] = symbols
        out = np.empty((places.shape[1] + 1, *begin.shape), dtype=np.float32)
        out[0] = begin
        for step in range(places.shape[1]):
            active = int(np.searchsorted(-lengths, -step))  # rows longer than ``step``
            state = out[step, :active]
            given = projected[places[:active, step]]
            held = state @ self.across + self.across_bias
            gates = 0.5 * np.tanh(0.5 * (given[:, : 2 * cells] + held[:, : 2 * cells])) + 0.5
            new = np.tanh(given[:, 2 * cells :] + gates[:, :cells] * held[:, 2 * cells :])
            out[step + 1, :active] = new + gates[:, cells:] * (state - new)
            out[step + 1, active:] = out[step, active:]
        return out


@dataclass(frozen=True, slots=True)
class Case:
    """A chunk to judge: the symbols of its readings, all of one length, and those before and behind it."""

    readings: Sequences
    before: Sequence[int]
    behind: Sequence[int]


@dataclass(frozen=True, slots=True)
class Network:
    """The network. ``ids``: symbol → its number; inputs, outputs: (symbols, d); biases: (symbols,)."""

    ids: dict[str, int]
    inputs: Array
    outputs: Array
    biases: Array
    forward: Layer
    backward: Layer

    def encode(self, symbols: Sequence[str]) -> list[int]:
        """The numbers of symbols."""
        return [self.ids.get(symbol, UNKNOWN) for symbol in symbols]

    def judge(self, cases: Sequence[Case]) -> list[tuple[Array, Array]]:
        """For each case the log scores of its readings, by the text before each place and by the text behind."""
        if not cases:
            return []
        turned = [Case([one[::-1] for one in case.readings], case.behind[::-1], case.before[::-1]) for case in cases]
        return list(zip(self._judge(cases, self.forward), self._judge(turned, self.backward), strict=True))

    def _judge(self, cases: Sequence[Case], layer: Layer) -> list[Array]:
        used, place = np.unique(
            np.concatenate([[*case.before[-FAR:], *case.readings[0], *case.behind[:NEAR]] for case in cases]),
            return_inverse=True,
        )
        number = dict(zip(used.tolist(), range(len(used)), strict=True))
        inputs = self.inputs[used]
        before = [[number[symbol] for symbol in case.before[-FAR:]] for case in cases]
        states = in_order(layer, before, inputs, np.zeros((len(cases), layer.across.shape[0]), np.float32))
        begin = [states[len(row), i] for i, row in enumerate(before)]
        rows, starts = [], []
        for case, state in zip(cases, begin, strict=True):
            behind = [number[symbol] for symbol in case.behind[:NEAR]]
            for one in case.readings:
                rows.append([number[symbol] for symbol in one] + behind)
                starts.append(state)
        states = in_order(layer, rows, inputs, np.array(starts))
        out = []
        first = 0
        for case in cases:
            count, size = len(case.readings), len(rows[first])
            asked = states[:size, first : first + count] @ layer.asks + layer.asks_bias  # (places, readings, d)
            symbols = used[np.array(rows[first : first + count])].T  # (places, readings)
            glyphs = np.unique(symbols[symbols >= FIRST_GLYPH])
            fits = asked @ self.outputs[glyphs].T + self.biases[glyphs]
            top = fits.max(axis=2, keepdims=True)
            shares = fits - top - np.log(np.exp(fits - top).sum(axis=2, keepdims=True))
            judged = symbols >= FIRST_GLYPH
            which = np.searchsorted(glyphs, np.where(judged, symbols, glyphs[0] if len(glyphs) else 0))
            chosen = np.take_along_axis(shares, which[:, :, None], axis=2)[:, :, 0]
            out.append((chosen * judged).sum(axis=0))
            first += count
        return out


def in_order(layer: Layer, rows: Sequences, inputs: Array, begin: Array) -> Array:
    """``Layer.read`` for rows in any order."""
    order = sorted(range(len(rows)), key=lambda i: -len(rows[i]))
    states = layer.read([rows[i] for i in order], inputs, begin[order])
    out = np.empty_like(states)
    out[:, order] = states
    return out


def window(before: Sequence[str], opens: bool) -> list[str]:
    """The symbols before a chunk that the network reads; ``opens``: whether the paragraph begins with them."""
    return ["<start>", *before] if opens and len(before) < FAR else list(before[-FAR:])


@cache
def load(path: Path = NETWORK) -> Network:
    """Read the network; one copy a process."""
    with np.load(path) as file:

        def matrix(name: str) -> Array:
            scaled: Array = file[name].astype(np.float32) * file[f"{name}_scale"]
            return scaled

        def layer(name: str) -> Layer:
            parts = ("inward", "across", "asks")
            return Layer(
                *(value for part in parts for value in (matrix(f"{name}_{part}"), file[f"{name}_{part}_bias"]))
            )

        ids = {symbol: i for i, symbol in enumerate(str(file["symbols"]).split("\n"))}
        assert ids["<start>"] == START
        return Network(ids, matrix("inputs"), matrix("outputs"), file["biases"], layer("forward"), layer("backward"))


def pack(values: Array) -> tuple[Array, Array]:
    """(values as 8-bit integers, the scale of each column) of a matrix."""
    scale = np.maximum(np.abs(values).max(axis=0, keepdims=True), 1e-9) / 127
    return np.round(values / scale).astype(np.int8), scale.astype(np.float32)
