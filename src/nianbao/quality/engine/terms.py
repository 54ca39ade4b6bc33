"""Literals as XML Schema and SPARQL see them: is one well-formed, which of two is less, how is it printed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

import pyoxigraph as ox

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Node = ox.NamedNode | ox.BlankNode

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"

_INTEGERS: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "long": (-(2**63), 2**63 - 1),
    "int": (-(2**31), 2**31 - 1),
    "short": (-(2**15), 2**15 - 1),
    "byte": (-(2**7), 2**7 - 1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "unsignedLong": (0, 2**64 - 1),
    "unsignedInt": (0, 2**32 - 1),
    "unsignedShort": (0, 2**16 - 1),
    "unsignedByte": (0, 2**8 - 1),
}
"""XML Schema 1.1 part 2, §3.4: the integer types and their least and greatest values."""

_ZONE = r"(Z|[+-]\d\d:\d\d)?"
_FORMS = {
    "decimal": r"[+-]?(\d+(\.\d*)?|\.\d+)",
    "double": r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?|[+-]?INF|NaN",
    "boolean": r"true|false|0|1",
    "date": r"-?\d{4,}-\d\d-\d\d" + _ZONE,
    "dateTime": r"-?\d{4,}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?" + _ZONE,
    "time": r"\d\d:\d\d:\d\d(\.\d+)?" + _ZONE,
    "gYear": r"-?\d{4,}" + _ZONE,
    "gYearMonth": r"-?\d{4,}-(0[1-9]|1[0-2])" + _ZONE,
}
_PATTERNS = {name: re.compile(form) for name, form in _FORMS.items()} | {"float": re.compile(_FORMS["double"])}
_DIGITS = 4000  # what Python makes an int of
_INTEGER = re.compile(r"[+-]?\d+")

NUMERIC = frozenset(XSD + name for name in (*_INTEGERS, "decimal", "double", "float"))


class Value(NamedTuple):
    """What a literal stands for: values of one kind can be compared. kind '' is a datatype that is not known here."""

    kind: str
    value: object


@lru_cache(maxsize=65536)
def value(literal: ox.Literal) -> Value | None:
    """What the literal stands for, or None where its words do not fit its datatype."""
    words, datatype = literal.value, literal.datatype.value
    if literal.language:
        return Value("text@" + literal.language.lower(), words)
    if not datatype.startswith(XSD):
        return Value("", (datatype, words))
    name = datatype.removeprefix(XSD)
    if name == "string":
        return Value("string", words)
    if name in _INTEGERS:
        if not _INTEGER.fullmatch(words):
            return None
        low, high = _INTEGERS[name]
        number = int(words) if len(words) < _DIGITS else Decimal(words)
        return Value("number", number) if (low is None or low <= number) and (high is None or number <= high) else None
    if name not in _PATTERNS:
        return Value("", (datatype, words))
    if not _PATTERNS[name].fullmatch(words):
        return None
    try:
        return _parsed(name, words)
    except (ValueError, InvalidOperation, OverflowError):
        return None


def _parsed(name: str, words: str) -> Value:
    if name == "decimal":
        return Value("number", Decimal(words))
    if name in ("double", "float"):
        return Value("number", float(words.replace("INF", "inf")))
    if name == "boolean":
        return Value("boolean", words in ("true", "1"))
    found = re.fullmatch(r"(-?.*?)" + _ZONE, words)
    assert found is not None
    bare, zone = found[1], _zone(found[2])
    if name == "date":
        return Value(name, _moment(datetime.combine(date.fromisoformat(bare), time()), zone))
    if name == "dateTime":
        return Value(name, _moment(datetime.fromisoformat(_micro(bare)), zone))
    if name == "time":
        return Value(name, _moment(datetime.combine(date(2000, 1, 1), time.fromisoformat(_micro(bare))), zone))
    year, _, month = bare.lstrip("-").partition("-")
    return Value(name, ((-1 if bare.startswith("-") else 1) * int(year) * 12 + int(month or 0), zone is not None))


def _micro(bare: str) -> str:
    """Python's clock has six digits after the point."""
    return re.sub(r"\.(\d+)", lambda found: "." + found[1][:6].ljust(6, "0"), bare)


def _zone(words: str | None) -> timezone | None:
    if not words:
        return None
    if words == "Z":
        return UTC
    minutes = int(words[1:3]) * 60 + int(words[4:6])
    return timezone(timedelta(minutes=-minutes if words[0] == "-" else minutes))


def _moment(moment: datetime, zone: timezone | None) -> tuple[datetime, bool]:
    """The moment in UTC, and whether its zone is known: with and without a zone cannot be compared."""
    return (moment if zone is None else moment.replace(tzinfo=zone).astimezone(UTC).replace(tzinfo=None)), (
        zone is not None
    )


def well_formed(literal: ox.Literal) -> bool:
    """Whether the words fit the datatype; a datatype that is not known fits."""
    return value(literal) is not None


def compare(one: Term, other: Term) -> int | None:
    """-1, 0 or 1 as SPARQL's ``<`` and ``=`` order two literals (SPARQL 1.1 §17.3); None where they have no order."""
    if not isinstance(one, ox.Literal) or not isinstance(other, ox.Literal):
        return None
    first, second = value(one), value(other)
    if first is None or second is None or first.kind != second.kind or not first.kind or first.kind.startswith("text@"):
        return None
    a, b = first.value, second.value
    if isinstance(a, tuple) and isinstance(b, tuple):
        if a[1] != b[1]:
            return None
        a, b = a[0], b[0]
    if a == b:
        return 0
    if a != a or b != b:  # not a number
        return None
    return -1 if a < b else 1  # type: ignore[operator]


_IRIS = re.compile(r"https?://\S+(?: https?://\S+)+")


def printed(term: Term) -> str:
    """A term as words for people: numbers in plain decimals, with at most ten places after the point.

    So a number looks the same whichever engine reckoned it, and however many digits that keeps. A list of IRIs is
    sorted: SPARQL leaves the order of GROUP_CONCAT to the engine.
    """
    if not isinstance(term, ox.Literal):
        return str(term) if isinstance(term, ox.Triple) else term.value
    if term.datatype.value not in NUMERIC:
        return " ".join(sorted(term.value.split(" "))) if _IRIS.fullmatch(term.value) else term.value
    try:
        number = Decimal(term.value)
    except InvalidOperation:
        return term.value
    if not number.is_finite() or abs(number) >= Decimal(10) ** 17:  # quantize has 28 digits
        return term.value
    plain = f"{number.quantize(Decimal(1).scaleb(-10)):f}"
    plain = plain.rstrip("0").rstrip(".")
    return "0" if plain in ("-0", "") else plain


def lang_matches(language: str | None, wanted: str) -> bool:
    """RFC 4647 basic filtering, as SPARQL's langMatches."""
    if not language:
        return False
    have, want = language.lower(), wanted.lower()
    return want == "*" or have == want or have.startswith(want + "-")
