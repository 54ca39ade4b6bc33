"""The tables of ``units.toml`` as compiled patterns: units, bounds, change words, and what is no quantity."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache

from nianbao.record import Bound, Direction
from nianbao.resources import UNITS


@dataclass(frozen=True, slots=True)
class Negative:
    """A reason why a number is no quantity: all patterns that are given must hold.

    ``before`` ends at the number, ``after`` begins behind it (before its unit), ``match`` is the number itself;
    ``unless_before`` takes the verdict back. ``script`` says which numerals it is about: arabic, han or both.
    """

    name: str
    script: str
    before: re.Pattern[str] | None
    after: re.Pattern[str] | None
    match: re.Pattern[str] | None
    unless_before: re.Pattern[str] | None

    def holds(self, before: str, number: str, after: str, han: bool) -> bool:
        """Whether this reason speaks against ``number`` between ``before`` and ``after``."""
        if self.script != "both" and (self.script == "han") != han:
            return False
        return (
            (self.match is None or self.match.search(number) is not None)
            and (self.after is None or self.after.match(after) is not None)
            and (self.before is None or self.before.search(before) is not None)
            and (self.unless_before is None or self.unless_before.search(before) is None)
        )


class Refusals:
    """All negatives of one script, tried together: those with one pattern as one alternation, the others one by one.

    The patterns that end at the number look back twelve characters at most.
    """

    def __init__(self, negatives: tuple[Negative, ...], *, han: bool) -> None:
        rows = [n for n in negatives if n.script == "both" or (n.script == "han") == han]
        alone = [n for n in rows if n.match is None and n.unless_before is None and not (n.before and n.after)]
        self._han = han
        self._before = re.compile("|".join(f"(?:{n.before.pattern})" for n in alone if n.before))
        self._after = re.compile("|".join(f"(?:{n.after.pattern})" for n in alone if n.after))
        self._rest = [n for n in rows if n not in alone]

    def holds(self, before: str, number: str, after: str) -> bool:
        """Whether any negative speaks against ``number`` between ``before`` and ``after``."""
        return (
            self._after.match(after) is not None
            or self._before.search(before[-12:]) is not None
            or any(n.holds(before, number, after, self._han) for n in self._rest)
        )


@dataclass(frozen=True, slots=True)
class BoundWords:
    """Words that make a number a bound: directly before it, inside it, directly behind it."""

    bound: Bound
    before: re.Pattern[str]
    after: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """All tables. ``unit`` is the pattern of a unit, ``before`` and ``after`` those of all bound words."""

    unit: str
    compounds: frozenset[str]
    arabic_only: frozenset[str]
    before: str
    after: str
    bounds: tuple[BoundWords, ...]
    negatives: tuple[Negative, ...]
    refusals: tuple[Refusals, Refusals]  # of arabic numerals, of numerals in Chinese characters
    change: dict[str, Direction]
    compare: dict[str, Direction]
    classifiers: frozenset[str]
    words: dict[str, frozenset[str]]
    patterns: dict[str, str]

    def joined(self, name: str) -> str:
        """The alternation of a table of patterns, in the order of the table."""
        return self.patterns[name]

    def pattern(self, group: str) -> str:
        """An alternation of the words of a group, longest first."""
        return "|".join(sorted(map(re.escape, self.words[group]), key=len, reverse=True))


@cache
def lexicon() -> Lexicon:
    """The tables, read once."""
    with UNITS.open("rb") as file:
        table = tomllib.load(file)
    groups: dict[str, list[tuple[str, str]]] = {}
    for row in table["unit"]:
        pairs = [word.partition("!") for word in row["words"].split()]
        groups.setdefault(row["group"], []).extend((word, blocked) for word, _, blocked in pairs)
    arabic_only = frozenset(word for word, _ in groups.pop("arabic only"))
    units = {word: blocked for rows in groups.values() for word, blocked in rows}
    ordered = sorted(units, key=len, reverse=True)
    pattern = "|".join(re.escape(w) + (f"(?![{units[w]}])" if units[w] else "") for w in ordered)
    single = "".join(word for word, _ in groups["classifier"] if len(word) == 1)
    # Any classifier counts events with 次 behind it (份次); units divide (克/千克) and have a second (件（套）).
    per = r"/(?:" + "|".join(re.escape(w) for w in ordered if len(w) < 4) + ")"
    negatives = tuple(_negative(row) for row in table["negative"])
    bounds = tuple(
        BoundWords(row["bound"], re.compile(row["before"]), re.compile(row["after"])) for row in table["bound"]
    )
    return Lexicon(
        unit=rf"(?:[{single}]次(?![日年月要序生数])|[艘座床台间辆船](?:天|班)(?![一-鿿])|(?:{pattern})(?:{per}|（[{single}]）)?)",
        compounds=frozenset(word for word, _ in groups["compound"]),
        arabic_only=arabic_only,
        before="|".join(row["before"] for row in table["bound"]),
        after="|".join(row["after"] for row in table["bound"]),
        bounds=bounds,
        negatives=negatives,
        refusals=(Refusals(negatives, han=False), Refusals(negatives, han=True)),
        change={word: row["direction"] for row in table["change"] for word in row["words"].split()},
        compare={word: row["direction"] for row in table["compare"] for word in row["words"].split()},
        classifiers=frozenset(word for word, _ in groups["classifier"] + groups["compound"]),
        patterns={row["name"]: "|".join(row["words"].split()) for row in table["pattern"]},
        words={row["group"]: frozenset(row["words"].split()) for row in table["word"]},
    )


def _negative(row: dict[str, str]) -> Negative:
    def compiled(key: str) -> re.Pattern[str] | None:
        return re.compile(row[key]) if key in row else None

    return Negative(
        row["name"], row["script"], compiled("before"), compiled("after"), compiled("match"), compiled("unless_before")
    )
