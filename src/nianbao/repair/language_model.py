"""A character n-gram model of official Chinese: how likely a symbol is behind the four symbols before it.

Symbols are characters, and one symbol for each class of numbers and of Latin words (``number_class``): that 万次 may
stand behind a decimal and not behind a year is then something that the model can know.
The model is a back-off table of 1- to 5-grams (modified Kneser-Ney, Chen and Goodman 1998, of several kinds of text,
interpolated) and a list of words. `nianbao.repair.train` makes it; models/README.md says from what. The n-grams are a
tree: an entry lies among the symbols that stand behind its context, in order. A context or a word is one integer,
14 bits a symbol.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from operator import itemgetter
from pathlib import Path
from typing import Any

import numpy as np

from nianbao.resources import MODELS

BITS = 14
WORD_BITS = 18
START, END, UNKNOWN = 1, 2, 3
ORDER = 5
CONTEXT = ORDER - 1  # symbols of a context
KEPT = (1 << (CONTEXT - 1) * BITS) - 1  # those that stay in it when another one follows
TAIL1 = (1 << BITS) - 1
DEFAULT = MODELS / "official.npz"
LONGEST_WORD = 4
REMEMBERED = 300_000  # n-grams whose scores are remembered

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


Place = tuple[int, int, float, Any]
"""Where to look for a symbol behind a context: first entry, end, log weight of going on, the place of the next shorter
context that the model has; the last place is that behind no symbol at all."""


@dataclass(frozen=True, slots=True)
class Tables:
    """The model as it lies in the file: values are bytes that number their levels.

    Entries of all orders stand behind one another. ``behind[i]`` to ``behind[i + 1]``: the entries one symbol longer
    than entry i. The entries of order 1 have the numbers of their symbols.
    """

    entries: memoryview  # the last symbol of each entry
    scores: memoryview  # log probabilities
    behind: memoryview  # for all orders but the last, and one more
    backoffs: memoryview  # log weights, 0 for none
    levels: list[float]
    backoff_levels: list[float]
    words: np.ndarray
    word_scores: np.ndarray
    word_backoffs: np.ndarray
    emissions: np.ndarray
    tags: np.ndarray
    further: dict[int, tuple[tuple[int, float], ...]]  # number of a word → its less usual tags
    pairs: np.ndarray
    pair_scores: np.ndarray
    word_levels: np.ndarray


def all_in(keys: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Whether all symbols of each word are chosen; 0, where a word is short, counts as one."""
    out = np.ones(len(keys), dtype=bool)
    for i in range(LONGEST_WORD):
        out &= chosen[(keys >> np.uint64(BITS * i)) & np.uint64(TAIL1)]
    return out


def fresh(keys: np.ndarray, now: np.ndarray, before: np.ndarray) -> np.ndarray:
    """Places of the keys whose symbols are all covered now and were not before."""
    return np.flatnonzero(all_in(keys, now) & ~all_in(keys, before))


@dataclass(slots=True)
class LanguageModel:
    """``ids``: symbol → number. ``memo``: n-grams that were asked for → log probability.

    ``words``: packed word of 1 to 4 symbols → (its number, log probability, log back-off weight, its tags
    with the log share that it has of each); ``pairs``: two numbers of words packed → log probability of the second
    behind the first. ``transitions[tag][tag before]``: log probabilities, the last one for no tag before.
    Words and pairs hold what concerns the symbols that are covered (``cover``), a small part of the model for a report.
    """

    ids: dict[str, int]
    tables: Tables
    transitions: list[list[float]]
    memo: dict[int, float] = field(default_factory=dict)
    places: dict[int, Place] = field(default_factory=dict)  # context → where to look behind it
    found: dict[int, int] = field(default_factory=dict)  # context → its entry, -1 for none
    words: dict[int, Word] = field(default_factory=dict)
    pairs: dict[int, float] = field(default_factory=dict)
    known: set[int] = field(default_factory=lambda: set(range(UNKNOWN + len(CLASSES) + 1)))  # what is covered …
    covered: np.ndarray = field(default_factory=lambda: np.arange(1 << BITS) <= UNKNOWN + len(CLASSES))  # … as flags

    def __post_init__(self) -> None:
        self._unpack(np.zeros_like(self.covered))

    def cover(self, text: str) -> None:
        """Unpack the words made of the symbols of ``text``."""
        self._cover({self.ids.get(symbol, UNKNOWN) for symbol in symbols(text)})

    def cover_all(self) -> None:
        """Unpack all words."""
        self._cover(set(self.ids.values()))

    def _cover(self, numbers: set[int]) -> None:
        new = numbers - self.known
        if new:
            self.known |= new
            before = self.covered.copy()
            self.covered[list(new)] = True
            self._unpack(before)

    def _unpack(self, before: np.ndarray) -> None:
        """Unpack what is covered now and was not ``before``."""
        tables = self.tables
        places = fresh(tables.words, self.covered, before)
        columns = (tables.word_scores, tables.word_backoffs, tables.emissions)
        values = (tables.word_levels[column[places]].tolist() for column in columns)
        for key, number, chance, backoff, emission in zip(
            tables.words[places].tolist(), places.tolist(), *values, strict=True
        ):
            first = (int(tables.tags[number]), emission)
            self.words[key] = (number, chance, backoff, (first, *tables.further.get(number, ())))
        known = all_in(tables.words, self.covered)
        old = all_in(tables.words, before)
        one, two = tables.pairs >> np.uint64(WORD_BITS), tables.pairs & np.uint64((1 << WORD_BITS) - 1)
        chosen = np.flatnonzero(known[one] & known[two] & ~(old[one] & old[two]))
        chances = tables.word_levels[tables.pair_scores[chosen]].tolist()
        self.pairs.update(zip(tables.pairs[chosen].tolist(), chances, strict=True))

    def entry(self, ngram: int) -> int:
        """The number of the entry of a packed n-gram, -1 if the model does not have it."""
        last, context = ngram & TAIL1, ngram >> BITS
        if not context:
            return last
        found = self.found.get(ngram)
        if found is None:
            above = self.entry(context)
            found = -1 if above < 0 else self._behind(above, last)
            self.found[ngram] = found
        return found

    def _behind(self, above: int, symbol: int) -> int:
        """The entry of ``symbol`` behind the entry ``above``, -1 for none."""
        entries, end = self.tables.entries, self.tables.behind[above + 1]
        at = bisect_left(entries, symbol, self.tables.behind[above], end)
        return at if at < end and entries[at] == symbol else -1

    def _look(self, context: int) -> Place:
        """Where to look for symbols behind ``context``."""
        if not context:
            return 0, 0, 0.0, None
        size = context.bit_length() - 1
        shorter = context & ((1 << size - size % BITS) - 1)
        place = self.places.get(shorter) or self._look(shorter)
        entry = self.entry(context)
        if entry >= 0:
            tables = self.tables
            first, end = tables.behind[entry], tables.behind[entry + 1]
            if first < end:
                place = first, end, tables.backoff_levels[tables.backoffs[entry]], place
        self.places[context] = place
        return place

    def score(self, context: int, symbol: int) -> float:
        """Log probability (nats) of ``symbol`` behind ``context``, the last four symbols packed into one integer."""
        key = context << BITS | symbol
        known = self.memo.get(key)
        if known is not None:
            return known
        tables = self.tables
        entries, value = tables.entries, 0.0
        first, end, weight, shorter = self.places.get(context) or self._look(context)
        while shorter is not None:
            at = bisect_left(entries, symbol, first, end)
            if at < end and entries[at] == symbol:
                break
            value += weight
            first, end, weight, shorter = shorter
        else:
            at = symbol
        value += tables.levels[tables.scores[at]]
        if len(self.memo) > REMEMBERED:  # a worker reads many reports: what is remembered must not grow for ever
            self.memo.clear()
            self.places.clear()
            self.found.clear()
        self.memo[key] = value
        return value

    def alone(self, symbol: int) -> float:
        """Log probability of a symbol that stands behind none."""
        return self.tables.levels[self.tables.scores[symbol]]

    def pair(self, one: int, two: int) -> float | None:
        """Log probability of a symbol behind another one, None if the model does not have the pair."""
        entry = self.entry(one << BITS | two)
        return None if entry < 0 else self.tables.levels[self.tables.scores[entry]]

    def encode(self, text: str) -> list[int]:
        """The numbers of the symbols of ``text``, which are covered then; unknown characters get ``UNKNOWN``."""
        numbers = [self.ids.get(symbol, UNKNOWN) for symbol in symbols(text)]
        self._cover(set(numbers))
        return numbers


def push(context: int, symbol: int) -> int:
    """The context behind ``symbol``."""
    return (context & KEPT) << BITS | symbol


STRANGE = -14.0  # log probability of a character that is in no word
TAGS = 0.8  # how much the tags count when words are cut

Way = tuple[int, float, int, float, Any, int, float, bool]
"""Number, back-off weight and tag of the last word of a way, the score; the way before it, the size of the word, its
log probability behind the word before, whether the two were seen as a pair."""


class Segmenter:
    """Cuts symbols into tagged words; what it knows of the beginning of one text serves the next one.

    Each word is scored behind the one before, and ``TAGS`` times by its tag: behind the tag before, and as one of the
    words of its tag. The first word has nothing before it.
    """

    def __init__(self, model: LanguageModel) -> None:
        self.words, self.pairs, self.transitions = model.words, model.pairs, model.transitions
        self.symbols: tuple[int, ...] = ()
        self.ways: list[list[Way]] = [[(-1, 0.0, -1, 0.0, None, 0, 0.0, False)]]  # by symbols cut

    def best(self, symbols: tuple[int, ...]) -> Way:
        """The best way to cut ``symbols``."""
        same = 0
        for one, two in zip(symbols, self.symbols, strict=False):
            if one != two:
                break
            same += 1
        ways = self.ways
        del ways[same + 1 :]
        self.symbols = symbols
        find, pairs, transitions = self.words.get, self.pairs.get, self.transitions
        for end in range(same + 1, len(symbols) + 1):
            here: list[Way] = []
            key = 0
            for size in range(1, min(LONGEST_WORD, end) + 1):
                key |= symbols[end - size] << BITS * (size - 1)
                word = find(key)
                if word is None:
                    if size == 1:
                        before = max(ways[end - 1], key=_score)
                        here.append((-1, 0.0, -1, before[3] + STRANGE, before, 1, STRANGE, False))
                    continue
                number, chance, backoff, readings = word
                behind = []
                for way in ways[end - size]:
                    pair = pairs(way[0] << WORD_BITS | number)
                    value = way[1] + chance if pair is None else pair
                    behind.append((way[3] + value, way, value, pair is not None))
                for tag, emission in readings:
                    row = transitions[tag]
                    top, best = -1e9, behind[0]
                    for one_way in behind:
                        score = one_way[0] + TAGS * row[one_way[1][2]]
                        if score > top:
                            top, best = score, one_way
                    here.append((number, backoff, tag, top + TAGS * emission, best[1], size, best[2], best[3]))
            ways.append(here)
        return max(ways[len(symbols)], key=_score)


_score = itemgetter(3)


def segment(symbols: Sequence[int], model: LanguageModel) -> float:
    """The score (nats) of the best segmentation into tagged words."""
    return Segmenter(model).best(tuple(symbols))[3]


@cache
def load(path: Path = DEFAULT) -> LanguageModel:
    """Read a model that `nianbao.repair.train` wrote; one copy a process."""
    with np.load(path) as file:
        entries, behind = join_bytes(file["entries"]), np.cumsum(join_bytes(file["behind"]), dtype=np.uint32)
        word_levels = file["word_levels"].astype(np.float64)
        words, tags, emissions = join_planes(file["words"]), file["tags"], file["emissions"]
        further: dict[int, tuple[tuple[int, float], ...]] = {}
        usual = len(words)
        more = zip(tags[usual:].tolist(), word_levels[emissions[usual:]].tolist(), strict=True)
        for number, tag in zip(file["further"].tolist(), more, strict=True):
            further[number] = (*further.get(number, ()), tag)
        flat = word_levels[file["transitions"]].tolist()
        count = math.isqrt(len(flat))
        tables = Tables(
            entries=entries.data,
            scores=file["scores"].data,
            behind=np.concatenate([[file["first"]], file["first"] + behind]).astype(np.uint32).data,
            backoffs=file["backoffs"].data,
            levels=file["levels"].tolist(),
            backoff_levels=file["backoff_levels"].tolist(),
            words=words,
            word_scores=file["word_scores"],
            word_backoffs=file["word_backoffs"],
            emissions=emissions[:usual],
            tags=tags[:usual],
            further=further,
            pairs=join_planes(file["pairs"]),
            pair_scores=file["pair_scores"],
            word_levels=word_levels,
        )
        ids = {symbol: i for i, symbol in enumerate(str(file["symbols"]).split("\n"))}
    return LanguageModel(ids, tables, [[*flat[tag::count], 0.0] for tag in range(count)])


def join_bytes(planes: np.ndarray) -> np.ndarray:
    """The inverse of ``split_bytes``."""
    numbers: np.ndarray = planes[0] | planes[1].astype(np.uint16) << np.uint16(8)
    return numbers


def split_bytes(numbers: np.ndarray) -> np.ndarray:
    """Numbers below 65,536 as a row of their low bytes and one of their high bytes."""
    return np.stack([numbers & 255, numbers >> 8]).astype(np.uint8)


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
