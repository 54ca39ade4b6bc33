"""Batch gates: expected numbers and fill rates against the last batch. Too little fails, too much warns.

A baseline is a file of JSON that an audit saved before. A person may add ``min`` and ``max`` to a measure in it: they
take the place of what follows from ``value`` and the tolerances (gates.toml).
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from nianbao.errors import AuditError
from nianbao.quality.audit import Selects
from nianbao.quality.shapes import Severity, Text
from nianbao.vocabulary import PREFIXES

VERSION = 1
_HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcat", "dcterms", "nb", "nbi", "skos"))


@dataclass(frozen=True, slots=True)
class Bound:
    """What a measure was last time, and what it may be now where a person has said so."""

    value: float
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Gate:
    """A measure that is not as expected: a violation where it is too low, a warning where it is too high."""

    name: str
    severity: Severity
    message: Text


@cache
def _settings() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads(Path(__file__).with_name("gates.toml").read_text(encoding="utf-8"))


def profile(store: Selects) -> dict[str, float]:
    """The measures of a store: numbers by name, ``fill.NAME`` for the share of current filings with a field."""
    settings = _settings()

    def number(pattern: str, variable: str) -> int:
        query = f"{_HEAD} SELECT (COUNT(DISTINCT {variable}) AS ?n) WHERE {{ {pattern} }}"
        return int(str(getattr(store.select(query)[0]["n"], "value", 0)))

    found: dict[str, float] = {name: number(pattern, "?x") for name, pattern in settings["count"].items()}
    filings = number("?report dcat:hasCurrentVersion ?filing", "?filing")
    for name, pattern in settings["fill"].items():
        with_it = number(f"?report dcat:hasCurrentVersion ?filing . {pattern}", "?filing") if filings else 0
        found[f"fill.{name}"] = round(with_it / filings, 4) if filings else 0.0
    return found


def save_baseline(path: Path, measures: Mapping[str, float]) -> None:
    """Write the measures as the baseline of the next batch. What a person has set in the file (min, max) stays."""
    old = load_baseline(path) if path.exists() else {}
    said = {}
    for name, value in measures.items():
        kept = old.get(name, Bound(value))
        bounds = {"min": kept.least, "max": kept.most}
        said[name] = {"value": value} | {key: bound for key, bound in bounds.items() if bound is not None}
    text = json.dumps({"version": VERSION, "measures": said}, ensure_ascii=False, indent=2)
    try:
        path.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise _wrong(path, "", f"cannot be written ({error.strerror or error})", "name another file") from error


def load_baseline(path: Path) -> dict[str, Bound]:
    """The measures of a baseline. Raises AuditError (NB-AUDIT-BASELINE) for what is none, with the measure's name."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        remedy = "make one with: nianbao audit --save-baseline FILE"
        raise _wrong(path, "", f"cannot be read ({error.strerror or error})", remedy) from error
    except ValueError as error:
        raise _wrong(path, "", f"not JSON ({error})", "correct it, or save it again") from error
    if not isinstance(found, dict) or found.get("version") != VERSION or not isinstance(found.get("measures"), dict):
        raise _wrong(path, "", "no baseline of this version", "save it again with --save-baseline")
    return {name: _bound(said, path, name) for name, said in found["measures"].items()}


def _bound(said: object, path: Path, name: str) -> Bound:
    if not isinstance(said, dict) or "value" not in said or set(said) - {"value", "min", "max"}:
        raise _wrong(path, name, "it has not the keys value, min, max", "write value, and min and max if wanted")
    for key, value in said.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong(path, name, f"{key} is no number ({value!r})", "give a number")
    return Bound(said["value"], said.get("min"), said.get("max"))


def _wrong(path: Path, place: str, reason: str, remedy: str) -> AuditError:
    return AuditError(reason, where=str(path), place=place, remedy=remedy, code="NB-AUDIT-BASELINE")


def judge(measures: Mapping[str, float], baseline: Mapping[str, Bound]) -> list[Gate]:
    """What is not as the baseline leads to expect. A measure that is gone fails; a new one may be anything."""
    found = []
    for name, bound in baseline.items():
        now = measures.get(name)
        if now is None:
            text = Text(f"{_called(name).zh}：本批没有这一项", f"{_called(name).en}: this batch does not measure it")
            found.append(Gate(name, "violation", text))
            continue
        least, most = _allowed(name, bound)
        if now < least:
            found.append(Gate(name, "violation", _told(name, now, bound, least, "低于下限", "below the minimum")))
        elif now > most:
            found.append(Gate(name, "warning", _told(name, now, bound, most, "高于上限", "above the maximum")))
    return found


def _allowed(name: str, bound: Bound) -> tuple[float, float]:
    """The least and the most that a measure may be."""
    if name.startswith("fill."):
        tolerance = _settings()["rates"]
        least, most = bound.value - tolerance["least"], bound.value + tolerance["most"]
    else:
        tolerance = _settings()["numbers"]
        least, most = bound.value * tolerance["least"], bound.value * tolerance["most"]
    return (
        least if bound.least is None else bound.least,
        most if bound.most is None else bound.most,
    )


def _told(name: str, now: float, bound: Bound, limit: float, zh: str, en: str) -> Text:
    shown = [_number(name, value) for value in (now, limit, bound.value)]
    return Text(
        f"{_called(name).zh}：{shown[0]}，{zh} {shown[1]}（上批 {shown[2]}）",
        f"{_called(name).en}: {shown[0]} is {en} {shown[1]} (last batch {shown[2]})",
    )


def _called(name: str) -> Text:
    """What a measure is called, with the name that it has in the baseline."""
    zh, en = _settings()["names"].get(name.removeprefix("fill."), (name, name))
    return Text(zh, en) if name == zh else Text(f"{zh}（{name}）", f"{en} ({name})")


def _number(name: str, value: float) -> str:
    return f"{value:.1%}" if name.startswith("fill.") else f"{value:,.0f}"
