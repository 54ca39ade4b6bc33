"""A character n-gram model of official Chinese: how likely a symbol is behind the three symbols before it.

Symbols are characters, and one symbol for each class of numbers and of Latin words (``number_class``): that 万次 may
stand behind a decimal and not behind a year is then something that the model can know.
The model is a back-off table of 1- to 4-grams (interpolated modified Kneser-Ney, Chen and Goodman 1998) and a list of
words. `nianbao.repair.train` makes it; models/README.md says from what. An n-gram is one integer, 14 bits a symbol.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from nianbao.resources import MODELS

BITS = 14
WORD_BITS = 18
START, END, UNKNOWN = 1, 2, 3
ORDER = 4
TAIL2 = (1 << 2 * BITS) - 1
TAIL1 = (1 << BITS) - 1
DEFAULT = MODELS / "official.npz"
LONGEST_WORD = 4

# What bounds a chunk of woven text; a grouped number (86,341) is one token even where blanks stand round its comma.
TOKEN = re.compile(r"\d{1,3}(?:\s*,\s*\d{3})+(?![\d])(?:\.\d+)?%?|[0-9A-Za-z.%+\-]+")

CLASSES = ("<one>", "<ten>", "<many>", "<year>", "<hotline>", "<decimal>", "<percent>", "<word>", "<mixed>")
"""Classes of tokens; their symbols follow ``UNKNOWN``."""

# Half-width and full-width forms of one character are one symbol.
DIGITS = {chr(0xFF00 + ord(c) - 0x20): c for c in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz%.+"}
DIGITS["－"] = "-"
MARKS = dict(zip("(),:;?!•", "（），：；？！·", strict=True))
FOLD = str.maketrans(DIGITS)
FOLD_MARKS = str.maketrans(MARKS)


@cache
def number_class(token: str) -> str:
    """The class of a token of digits, Latin letters and ``.%+-``.

    >>> [number_class(token) for token in ("7", "2024", "86,341", "18.45", "99.9%", "12345", "AI")]
    ['<one>', '<year>', '<many>', '<decimal>', '<percent>', '<hotline>', '<word>']
    """
    token = re.sub(r"[\s,]", "", token)
    if re.fullmatch(r"\d+(\.\d+)?%", token):
        return "<percent>"
    if re.fullmatch(r"\d+\.\d+", token):
        return "<decimal>"
    if token.isdecimal():
        if len(token) == 1:
            return "<one>"
        if re.fullmatch(r"(19|20)\d\d", token):
            return "<year>"
        if re.fullmatch(r"12\d{3}", token):
            return "<hotline>"
        return "<ten>" if len(token) == 2 else "<many>"
    return "<word>" if token.isalpha() else "<mixed>"


def symbols(text: str) -> list[str]:
    """Cut text into symbols: characters (marks folded to one width) and classes of tokens; white space is dropped."""
    text = text.translate(FOLD)
    out: list[str] = []
    end = 0
    for match in TOKEN.finditer(text):
        out += "".join(text[end : match.start()].translate(FOLD_MARKS).split())
        out.append(number_class(match.group()))
        end = match.end()
    out += "".join(text[end:].translate(FOLD_MARKS).split())
    return out


Word = tuple[int, float, float, tuple[tuple[int, float], ...]]


@dataclass(slots=True)
class LanguageModel:
    """``ids``: symbol → number; ``scores``: n-gram → log of its probability; ``backoffs``: context → log weight.

    ``words``: packed word of 1 to 4 symbols → (its number, log probability, log back-off weight, its tags
    with the log share that it has of each); ``pairs``: two numbers of words packed → log probability of the second
    behind the first. ``transitions[tag][tag before]``: log probabilities, the last one for no tag before.
    """

    ids: dict[str, int]
    scores: dict[int, float]
    backoffs: dict[int, float]
    words: dict[int, Word] = field(default_factory=dict)
    pairs: dict[int, float] = field(default_factory=dict)
    transitions: list[list[float]] = field(default_factory=list)
    memo: dict[int, float] = field(default_factory=dict)

    def score(self, context: int, symbol: int) -> float:
        """Log probability (nats) of ``symbol`` behind ``context``, the last three symbols packed into one integer."""
        key = context << BITS | symbol
        found = self.memo.get(key)
        if found is not None:
            return found
        total = 0.0
        while True:
            value = self.scores.get(context << BITS | symbol)
            if value is not None:
                break
            if not context:
                value = self.scores[UNKNOWN]
                break
            total += self.backoffs.get(context, 0.0)
            context = shorten(context)
        if len(self.memo) > 600_000:  # a worker reads many reports: the memo must not grow for ever
            self.memo.clear()
        self.memo[key] = total + value
        return total + value

    def encode(self, text: str) -> list[int]:
        """The numbers of the symbols of ``text``; unknown characters get ``UNKNOWN``."""
        return [self.ids.get(symbol, UNKNOWN) for symbol in symbols(text)]


def shorten(context: int) -> int:
    """Forget the symbol of a context that is farthest away."""
    if context > TAIL2:
        return context & TAIL2
    return context & TAIL1 if context > TAIL1 else 0


def push(context: int, symbol: int) -> int:
    """The context behind ``symbol``."""
    return (context & TAIL2) << BITS | symbol


STRANGE = -14.0  # log probability of a character that is in no word


def segment(symbols: Sequence[int], model: LanguageModel, tags: float = 0.8) -> float:
    """The score (nats) of the best segmentation into tagged words.

    Each word is scored behind the one before, and ``tags`` times by its tag: behind the tag before, and as one of the
    words of its tag. The first word has nothing before it.
    """
    words, pairs, transitions = model.words, model.pairs, model.transitions
    # ways[i]: (number, back-off weight, tag, score) of the last word of the ways to cut the first i symbols.
    ways: list[list[tuple[int, float, int, float]]] = [[(-1, 0.0, -1, 0.0)]]
    for end in range(1, len(symbols) + 1):
        here: list[tuple[int, float, int, float]] = []
        key = 0
        for size in range(1, min(LONGEST_WORD, end) + 1):
            key |= symbols[end - size] << BITS * (size - 1)
            word = words.get(key)
            if word is None:
                if size == 1:
                    here.append((-1, 0.0, -1, max(way[3] for way in ways[end - 1]) + STRANGE))
                continue
            number, chance, backoff, readings = word
            behind = [
                (tag_before, score + pairs.get(before << WORD_BITS | number, weight + chance))
                for before, weight, tag_before, score in ways[end - size]
            ]
            for tag, emission in readings:
                row = transitions[tag]
                here.append(
                    (number, backoff, tag, max(score + tags * row[last] for last, score in behind) + tags * emission)
                )
        ways.append(here)
    return max(way[3] for way in ways[-1])


@cache
def load(path: Path = DEFAULT) -> LanguageModel:
    """Read a model that `nianbao.repair.train` wrote; one copy a process."""
    with np.load(path) as file:
        levels, weights = file["levels"].tolist(), file["backoff_levels"].tolist()
        scores: dict[int, float] = {}
        backoffs: dict[int, float] = {}
        for order in range(1, ORDER + 1):
            keys = join_planes(file[f"keys{order}"]).tolist()
            scores.update(zip(keys, map(levels.__getitem__, file[f"scores{order}"].tobytes()), strict=True))
            if order < ORDER:
                held = file[f"backoffs{order}"]
                with_weight = [keys[i] for i in np.flatnonzero(held).tolist()]
                backoffs.update(zip(with_weight, map(weights.__getitem__, held[held > 0].tobytes()), strict=True))
        levels = file["word_levels"].tolist()

        def values(name: str) -> Iterator[float]:
            return map(levels.__getitem__, file[name].tobytes())

        keys = join_planes(file["words"]).tolist()
        emissions = list(zip(file["tags"].tolist(), values("emissions"), strict=True))
        readings: list[tuple[tuple[int, float], ...]] = list(zip(emissions[: len(keys)], strict=True))
        for number, more in zip(file["further"].tolist(), emissions[len(keys) :], strict=True):
            readings[number] += (more,)
        words: dict[int, Word] = dict(
            zip(
                keys,
                zip(range(len(keys)), values("word_scores"), values("word_backoffs"), readings, strict=True),
                strict=True,
            )
        )
        flat = list(values("transitions"))
        tags = math.isqrt(len(flat))
        transitions = [[*flat[tag::tags], 0.0] for tag in range(tags)]
        pairs = dict(zip(join_planes(file["pairs"]).tolist(), values("pair_scores"), strict=True))
        ids = {symbol: i for i, symbol in enumerate(str(file["symbols"]).split("\n"))}
    return LanguageModel(ids, scores, backoffs, words, pairs, transitions)


def join_planes(planes: np.ndarray) -> np.ndarray:
    """The inverse of ``split_planes``."""
    steps = np.zeros(planes.shape[1], dtype=np.uint64)
    for i, plane in enumerate(planes):
        steps |= plane.astype(np.uint64) << np.uint64(8 * i)
    return np.cumsum(steps, dtype=np.uint64)


def split_planes(keys: np.ndarray) -> np.ndarray:
    """Sorted integers as differences, one row for each of their bytes: they compress to a third."""
    steps: np.ndarray = np.diff(keys.astype(np.uint64), prepend=np.uint64(0)).astype(np.uint64)
    return np.stack([((steps >> np.uint64(8 * i)) & np.uint64(255)).astype(np.uint8) for i in range(7)])
