"""Readings that a person has pinned: a small TOML file → for each line the order of its characters.

A pin names a file (by its name and the raw line, or by the hash of its bytes), a line and the right reading of it. It
may only put the glyphs of that raw line into another order. docs/corrections.md tells the format.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Any

from nianbao.errors import NianbaoError
from nianbao.record import Issue

__all__ = ["NONE", "Corrections", "CorrectionsError", "Pin", "fit", "load_corrections", "order_of"]

KEYS = {"file": str, "sha256": str, "line": int, "raw": str, "reading": str, "by": str, "date": object, "why": str}
MAX_BYTES = 10_000_000


class CorrectionsError(NianbaoError):
    """A file of corrections cannot be used."""

    code = "NB-CORRECTIONS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pin:
    """One pinned reading. line: from 1. file: a name, or the end of a path. by, date, why: for people only."""

    line: int
    reading: str
    raw: str | None = None
    file: str | None = None
    sha256: str | None = None
    by: str = ""
    date: str = ""
    why: str = ""

    def speaks_of(self, path: str | Path, sha256: str) -> bool:
        """Whether the pin is for the file at ``path`` with this hash."""
        if self.sha256 is not None and self.sha256 != sha256:
            return False
        if self.file is None:
            return True
        wanted = PurePath(self.file).parts
        return Path(path).absolute().parts[-len(wanted) :] == wanted


@dataclass(frozen=True, slots=True)
class Corrections:
    """The pins of one file of corrections; ``where``: its path."""

    pins: tuple[Pin, ...] = ()
    where: str = ""

    def of(self, path: str | Path, sha256: str) -> Corrections:
        """Those for one report."""
        return Corrections(tuple(pin for pin in self.pins if pin.speaks_of(path, sha256)), self.where)

    def digest(self) -> str:
        """Twelve hexadecimal digits that change when a line, a raw line or a reading changes; '' without pins."""
        if not self.pins:
            return ""
        told = sorted((pin.line, pin.raw or "", pin.reading) for pin in self.pins)
        return hashlib.sha256(repr(told).encode()).hexdigest()[:12]


NONE = Corrections()


def load_corrections(path: str | Path) -> Corrections:
    """Read a file of corrections. Raises CorrectionsError: absent, too large, no TOML, a wrong or a missing key."""
    where = str(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise _error("the file has more than 10 MB", "give a TOML file with [[pin]] tables", where)
        table = tomllib.loads(data.decode("utf-8-sig"))
    except OSError as error:
        reason = f"the corrections cannot be opened ({error.strerror})"
        raise _error(reason, "check the path and the rights", where, code="NB-CORRECTIONS-OPEN") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        reason = f"not valid TOML in UTF-8 ({error})"
        raise _error(reason, "correct it there", where, code="NB-CORRECTIONS-TOML") from None
    pins = table.pop("pin", [])
    if table:
        raise _error(f"unknown key {next(iter(table))!r}", "write [[pin]] tables only", where)
    if not isinstance(pins, list):
        raise _error("pin is no list of tables", "write [[pin]] with two brackets on each side", where)
    return Corrections(tuple(_pin(pin, where, f"pin {n}") for n, pin in enumerate(pins, 1)), where)


def _pin(table: Any, where: str, place: str) -> Pin:
    if not isinstance(table, dict):
        raise _error("it is no table", "write [[pin]] and keys beneath", where, place)
    for key, value in table.items():
        if key not in KEYS:
            raise _error(f"unknown key {key!r}", f"use {', '.join(KEYS)}", where, place)
        if not isinstance(value, KEYS[key]) or isinstance(value, bool):
            kind = "a whole number" if KEYS[key] is int else "a text in quotes"
            raise _error(f"{key} is {value!r}", f"write {kind}", where, place)
    for key in ("line", "reading"):
        if not table.get(key):
            raise _error(f"{key} is missing", "give line (from 1) and reading", where, place)
    if table["line"] < 1:
        raise _error(f"line is {table['line']}", "lines count from 1", where, place)
    code = table.get("sha256")
    if code is not None and not re.fullmatch(r"[0-9a-fA-F]{64}", code):
        raise _error("sha256 is no SHA-256", "write 64 hexadecimal digits (nianbao explain shows them)", where, place)
    if code is None and not (table.get("file") and table.get("raw", "").strip()):
        reason = "it does not say which line of which file"
        raise _error(reason, "give sha256, or file and raw (the line as extracted)", where, place)
    known = {key: table[key] for key in ("line", "reading", "raw", "file", "by", "why") if key in table}
    return Pin(**known, sha256=code.lower() if code else None, date=str(table.get("date", "")))


def _error(reason: str, remedy: str, where: str, place: str = "", code: str = "NB-CORRECTIONS-KEY") -> CorrectionsError:
    return CorrectionsError(reason, remedy=remedy, where=where, place=place, code=code)


def order_of(raw: str, reading: str) -> tuple[int, ...] | None:
    """The places in ``raw`` of the characters of ``reading``; None where it does not use exactly its glyphs.

    Blanks may be left out, but not added. Of equal glyphs the one that goes on from the last is taken, else the first.
    """
    want, have = Counter(reading), Counter(raw)
    if any(want[char] > have[char] if char.isspace() else want[char] != have[char] for char in want | have):
        return None
    places: dict[str, list[int]] = {}
    for place, char in enumerate(raw):
        places.setdefault(char, []).append(place)
    order: list[int] = []
    for char in reading:
        free, on = places[char], order[-1] + 1 if order else 0
        while on < len(raw) and raw[on].isspace() and not char.isspace():
            on += 1
        place = on if on in free else free[0]
        free.remove(place)
        order.append(place)
    return tuple(order)


def fit(pins: Iterable[Pin], lines: Sequence[str], where: str = "") -> tuple[dict[int, tuple[int, ...]], list[Issue]]:
    """(index from 0 of a line → the order of its characters, doubts about pins that cannot be applied).

    pins: those for this file. where: the path of the corrections, for the messages.
    """
    orders: dict[int, tuple[int, ...]] = {}
    issues: list[Issue] = []

    def doubt(pin: Pin, code: str, message: str, remedy: str) -> None:
        told = f"{where}: {message}" if where else message
        issues.append(Issue(code=code, message=told, remedy=remedy, line=pin.line))

    for pin in pins:
        if pin.line > len(lines):
            reason = f"a reading is pinned to line {pin.line}, but there are {len(lines)} lines (没有这一行)"
            doubt(pin, "NB-CORRECTIONS-LINE", reason, "correct the number of the line")
            continue
        raw = lines[pin.line - 1]
        if pin.raw is not None and pin.raw.strip() != raw.strip():
            reason = f"the line reads otherwise than the pinned raw line {pin.raw.strip()!r} (原文与记录不符)"
            doubt(pin, "NB-CORRECTIONS-LINE", reason, "copy the raw line of this file (nianbao explain shows it)")
            continue
        reading = pin.reading.strip()
        order = order_of(raw, reading)
        if order is None:
            doubt(pin, "NB-CORRECTIONS-GLYPHS", *_difference(raw, reading))
        elif pin.line - 1 in orders and "".join(raw[place] for place in orders[pin.line - 1]) != reading:
            doubt(
                pin,
                "NB-CORRECTIONS-TWICE",
                "two readings are pinned to this line; the first was taken (重复)",
                "keep one of them",
            )
        else:
            orders.setdefault(pin.line - 1, order)
    return orders, issues


def _difference(raw: str, reading: str) -> tuple[str, str]:
    """(what the glyphs of a reading and of its raw line do not have in common, the remedy)."""
    want, have = (Counter(char for char in text if not char.isspace()) for text in (reading, raw))
    added, lost = "".join((want - have).elements()), "".join((have - want).elements())
    if not added and not lost:
        return "the pinned reading has blanks that the line has not (空格多于原文)", "leave blanks out"
    parts = [f"{word} {glyphs!r}" for word, glyphs in (("adds (多)", added), ("lacks (少)", lost)) if glyphs]
    return f"the pinned reading {' and '.join(parts)} (字符与原文不符)", "use exactly the glyphs of the raw line"
