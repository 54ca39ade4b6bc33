"""Numbers that OCR may have misread: a strict grammar of what numbers look like in print, and the scores.

A decimal point that was lost whole (12.5 → 125) leaves a number that nothing here can see: the audit's arithmetic is
the second net, as are the scores, which drop where a point was nearly read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

SURE = 0.9
"""Score of a digit or a sign in a number below which the number is doubtful."""

_TOKEN = re.compile(r"[0-9A-Za-z|.,:：·%％+\-]*[0-9][0-9A-Za-z|.,:：·%％+\-]*")
_NUMBER = re.compile(r"[+\-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?[%％]?")
_DATE = re.compile(r"(?:19|20)\d{2}[.\-/](?:0?[1-9]|1[0-2])(?:[.\-/](?:0?[1-9]|[12]\d|3[01]))?[.]?")
_TIME = re.compile(r"(?:[01]?\d|2[0-4])[:：][0-5]\d(?:[:：][0-5]\d)?(?:-(?:[01]?\d|2[0-4])[:：][0-5]\d)?")
_OUTLINE = re.compile(r"\d{1,2}(?:\.\d{1,2}){0,3}[.．]?")
_LOOKALIKE = re.compile(r"(?<=[\d.,])[OoIlZSB|](?=[\d.,%％])|(?<![A-Za-z])[OoIl|](?=[\d.,])|(?<=\d)[OoIl|](?![A-Za-z])")


@dataclass(frozen=True, slots=True)
class Doubt:
    """A number that may be misread: where it stands in the text, and why."""

    start: int
    end: int
    why: str


_PIECES = re.compile(r"(?: \d[\d.,]*[%％]?)+")


def doubts(text: str, scores: Sequence[float | None]) -> Iterator[Doubt]:
    """The doubtful numbers of a text, in order. scores: of each character, None where OCR did not read it."""
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        # Signs around a number are the sentence's: "2023:" or "(1.".
        start += len(match[0]) - len(match[0].lstrip(":：·|-+%％"))
        end -= len(match[0]) - len(match[0].rstrip(":：·|-+"))
        seen = [score for score in scores[start:end] if score is not None]
        if not seen or start >= end:
            continue
        # 1 2.5%: a number in two, or two; all of it is in doubt.
        pieces = _PIECES.match(text, end) if text[end - 1].isdigit() else None
        if pieces and any(score is not None for score in scores[end : pieces.end()]):
            yield Doubt(start, pieces.end(), "a blank stands in it")
            continue
        why = _odd(text, start, end) or (f"its score is {min(seen):.2f}" if min(seen) < SURE else "")
        if why:
            yield Doubt(start, end, why)
    for match in re.finditer(r"(?<=[\u4e00-\u9fff])\s?[%％]", text):
        if any(score is not None for score in scores[match.start() : match.end()]):
            yield Doubt(match.start(), match.end(), "no number stands before the percent sign")


def _odd(text: str, start: int, end: int) -> str:
    """What is odd about a token; empty where nothing is."""
    token, before, behind = text[start:end], text[max(0, start - 1) : start], text[end : end + 3].strip()
    amount = behind.startswith(tuple("%％亿万元"))
    marks = _DATE.fullmatch(token) or _TIME.fullmatch(token) or (before in "\n（( " and _OUTLINE.fullmatch(token))
    if marks and not (amount and not _NUMBER.fullmatch(token)):
        return ""
    if re.search(r"[A-Za-z|]", token):
        letter = _LOOKALIKE.search(token)
        code = len(token) >= 15 or re.search(r"[A-Za-z]{2}", token)
        return f"it has the letter {letter[0]}" if letter and not code else ""
    if token.count(".") > 1:
        return "it has two points"
    if token.endswith((".", "·")):
        return "it ends in a point"
    if token.startswith("."):
        return "it begins with a point"
    if re.search(r"\d[:：·][\d.]", token) and (amount or not re.fullmatch(r"\d+[:：]\d+", token)):
        return "it has a colon or a dot"
    if "," in token and not _NUMBER.fullmatch(token):
        return "its groups are not of three digits"
    if (
        re.fullmatch(r"0\d+[%％]?", token)
        and before not in ("-", "年", "月", "/")
        and behind[:1] not in tuple("年月日号时分")
    ):
        return "it begins with 0"
    if re.fullmatch(r"\d{4,}[%％]", token):
        return "so large a percentage may have lost its point"
    return ""
