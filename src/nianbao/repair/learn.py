"""Train the network that judges readings: ``python -m nianbao.repair.learn --help``. Needs PyTorch, which nothing else
here does.

What it learns is the task itself: of the glyphs of a window of text and some others, which one stands here? One layer
knows the text before, the other one the text behind. Texts that the ranking is fitted or measured on are left out.
The time that it may take is fixed, so another machine gives other weights; `network.npz` is what shipped.
"""

from __future__ import annotations

import argparse
import math
import os
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from nianbao.repair.fit import without_fitted
from nianbao.repair.language_model import START
from nianbao.repair.network import FIRST_GLYPH, NETWORK, pack
from nianbao.repair.train import add_sources, by_kind, kind_of, newspaper, sequences, sources

CELLS, SIZE = 384, 128  # of each layer, of a symbol
ROWS, LENGTH, WINDOW = 96, 96, 24  # sequences of a step, their symbols, those that compete
OTHERS = 96  # further symbols that compete, drawn from all texts
RATE = 2e-3
TAKEN = {"official": 3.0, "news": 0.55, "statutes": 0.3}  # how often a paragraph of each kind is read
GROUP = 8  # paragraphs that stay together
SEED = 1


def stream(flat: dict[str, np.ndarray], draw: np.random.Generator) -> np.ndarray:
    """One row of symbols from texts of all kinds, shuffled by groups of paragraphs."""
    rows = []
    for kind, numbers in flat.items():
        paragraphs = [row[row > 0] for row in np.split(numbers, np.flatnonzero(numbers == START)[1:])]
        whole, part = divmod(TAKEN[kind], 1)
        rows += paragraphs * int(whole) + [row for row in paragraphs if draw.random() < part]
    groups = [np.concatenate(rows[i : i + GROUP]) for i in range(0, len(rows), GROUP)]
    draw.shuffle(groups)
    return np.concatenate(groups).astype(np.int64)


def learn(text: np.ndarray, symbols: int, minutes: float, draw: np.random.Generator) -> dict[str, np.ndarray]:
    """Train for so many minutes on one core; the parameters."""
    import torch  # type: ignore[import-not-found,unused-ignore]
    from torch import nn

    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    often = np.bincount(text, minlength=symbols).astype(float)
    often[:FIRST_GLYPH] = 0
    drawn = torch.tensor(often**0.75 / (often**0.75).sum())
    net: Any = nn.ModuleDict(
        {
            "inputs": nn.Embedding(symbols, SIZE),
            "outputs": nn.Embedding(symbols, SIZE),
            "biases": nn.Embedding(symbols, 1),
            "forward_layer": nn.GRU(SIZE, CELLS),
            "backward_layer": nn.GRU(SIZE, CELLS),
            "forward_asks": nn.Linear(CELLS, SIZE),
            "backward_asks": nn.Linear(CELLS, SIZE),
        }
    )
    nn.init.normal_(net["inputs"].weight, std=0.3)
    nn.init.normal_(net["outputs"].weight, std=0.1)
    nn.init.zeros_(net["biases"].weight)

    def windows(values: Any) -> Any:
        """(length, rows, …) → (windows of all rows, WINDOW, …)."""
        parts = values.view(LENGTH // WINDOW, WINDOW, ROWS, *values.shape[2:])
        return parts.transpose(1, 2).reshape(-1, WINDOW, *values.shape[2:])

    def loss_of(batch: Any) -> Any:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            inputs = net["inputs"](batch)
            before = net["forward_asks"](net["forward_layer"](inputs)[0])[:-1].float()
            behind = net["backward_asks"](net["backward_layer"](inputs.flip(0))[0].flip(0))[1:].float()
        edge = torch.zeros(1, ROWS, SIZE)
        others = torch.multinomial(drawn, OTHERS)
        here, outputs, biases = windows(batch), windows(net["outputs"](batch)), windows(net["biases"](batch)[..., 0])
        same = (here[:, :, None] == here[:, None, :]).float()
        # A glyph that stands twice in the window competes once; symbols that are no glyphs do not compete.
        compete = biases - same.sum(-1).log() - 1e4 * (here < FIRST_GLYPH)
        known = (here[:, :, None] == others).float()
        place = windows(torch.arange(LENGTH)[:, None].expand(LENGTH, ROWS))
        total = 0.0
        for asked, enough in ((torch.cat([edge, before]), place >= 3), (torch.cat([behind, edge]), place < LENGTH - 3)):
            asked = windows(asked)
            fits = torch.bmm(asked, outputs.transpose(1, 2))
            right = fits.diagonal(dim1=1, dim2=2) + biases
            further = asked @ net["outputs"](others).t() + net["biases"](others)[:, 0] - 1e4 * known
            all_ = torch.logsumexp(torch.cat([fits + compete[:, None, :], further], -1), -1)
            judged = ((here >= FIRST_GLYPH) & enough).float()
            total = total + ((all_ - right) * judged).sum() / judged.sum()
        return total

    optimiser = torch.optim.Adam(net.parameters(), lr=RATE, betas=(0.9, 0.99))
    order, at, step, began = draw.permutation(len(text) // LENGTH), 0, 0, time.monotonic()
    while (share := (time.monotonic() - began) / (60 * minutes)) < 1:
        if at + ROWS > len(order):
            order, at = draw.permutation(len(text) // LENGTH), 0
        batch = np.stack([text[i * LENGTH : (i + 1) * LENGTH] for i in order[at : at + ROWS]], axis=1)
        at, step = at + ROWS, step + 1
        for group in optimiser.param_groups:
            group["lr"] = RATE * min(1, step / 100) * (0.485 * (1 + math.cos(math.pi * share)) + 0.03)
        loss = loss_of(torch.from_numpy(batch))
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        if step % 50 == 0:
            print(f"{step} steps, {step * ROWS * LENGTH} symbols, loss {float(loss):.3f}", file=sys.stderr)  # noqa: T201
    return {name: value.detach().numpy() for name, value in net.state_dict().items()}


def save(learnt: dict[str, np.ndarray], table: list[str], target: Path) -> None:
    """Write the network with 8 bits a weight, as `nianbao.repair.network` reads it."""
    matrices = {"inputs": learnt["inputs.weight"], "outputs": learnt["outputs.weight"]}
    arrays: dict[str, np.ndarray] = {"biases": learnt["biases.weight"][:, 0], "symbols": np.array("\n".join(table))}
    for name in ("forward", "backward"):
        for part, kind in (("inward", "ih"), ("across", "hh")):
            matrices[f"{name}_{part}"] = learnt[f"{name}_layer.weight_{kind}_l0"].T
            arrays[f"{name}_{part}_bias"] = learnt[f"{name}_layer.bias_{kind}_l0"]
        matrices[f"{name}_asks"] = learnt[f"{name}_asks.weight"].T
        arrays[f"{name}_asks_bias"] = learnt[f"{name}_asks.bias"]
    for name, matrix in matrices.items():
        arrays[name], arrays[f"{name}_scale"] = pack(matrix)
    np.savez_compressed(target, allow_pickle=False, **arrays)


def main() -> None:
    """The command line."""
    shared = Path(os.environ.get("NIANBAO_SHARED", "../shared"))
    parser = argparse.ArgumentParser(prog="python -m nianbao.repair.learn", description="train the network")
    add_sources(parser, shared)
    parser.add_argument("--minutes", type=float, default=25.0)
    parser.add_argument("--output", type=Path, default=NETWORK)
    given = parser.parse_args()
    texts, archive, _ = sources(given, parser)
    kept, news = without_fitted(texts, list(newspaper(archive)))
    draw = np.random.default_rng(SEED)
    flat, table = sequences(by_kind(kept, news))
    assert all(kind_of(name) in TAKEN for name in kept)
    save(learn(stream(flat, draw), len(table), given.minutes, draw), table, given.output)


if __name__ == "__main__":
    main()
