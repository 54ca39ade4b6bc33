"""The outline of a narrative: 一、 （一） 1. ① 一是 首先 ■ —— 【…】, headings without numbers, or none at all.

A mark opens an item where it stands at the head of a line or of a sentence. Numbered marks nest in the order in which
they appear: a kind of mark that is already open closes what lies below it, a new kind opens one level more. Marks
without numbers (首先, dashes, plain heading lines) make an outline only where the text has no numbered one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.narrative.flow import paragraph_breaks
from nianbao.numerals import parse_number
from nianbao.record import Activity

_HAN = "[一二三四五六七八九十]{1,3}"
# Kind of mark, its pattern, and whether a heading may be told from running text by the mark alone.
_MARKS: tuple[tuple[str, str], ...] = (
    ("chapter", rf"第(?P<chapter>{_HAN})(?:部分|章)[、：:\s]?"),
    ("han", rf"(?P<han>{_HAN})[ 　]*[、.．]"),
    ("han-bracket", rf"[（(][ ]*(?P<hanbracket>{_HAN})[ ]*[)）][ ]*[、.．]?"),
    ("is", rf"(?P<is>{_HAN})[ ]*(?:是|要(?=[一-鿿]))"),
    ("digit", r"(?P<digit>\d{1,2})[ ]*(?:[.．](?=\s*\d{4}年|\s*[^\d\s])|、)"),
    ("digit-bracket", r"[（(][ ]*(?P<digitbracket>\d{1,2})[ ]*[)）][ ]*[、.．]?"),
    ("circle", r"(?P<circle>[①-⑳])[、.．]?"),
)
_NUMBERED = re.compile("|".join(pattern for _, pattern in _MARKS))
_FIRST = {
    "is": re.compile(r"(?<![，、；：,;:])一是"),
    "hanbracket": re.compile(r"(?<![，、；：,;:])[（(]一[)）]"),
}
_OPENERS = "。！？!?…\n"
_PLAIN: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("word", re.compile(r"(?:首先|其次|再次|再者|然后|最后|此外|第[一二三四五六七八九十]{1,2})[，,、：:]")),
    ("bullet", re.compile(r"[■●◆◇□▲★☆►▶•·※◎○]\s*")),
    ("dash", re.compile(r"(?:——|--|—|－－)\s*(?=[一-鿿“])")),
    ("bracket", re.compile(r"【(?=[^】\n]{2,40}】)")),
)
_QUOTED = re.compile(r"“[^”\n]*”|《[^》\n]*》")
_TITLE = re.compile(r"(?:总结|报告书?|情况汇报|说明)$|^\d{4}年")


@dataclass(frozen=True, slots=True)
class _Mark:
    kind: str
    number: int
    start: int
    end: int


def outline(text: str, start: int = 0, end: int | None = None) -> tuple[Activity, ...]:
    """The items of ``text[start:end]`` in order, with their numbers as paths (``1.2``) and offsets into ``text``.

    A text without marks is the one item ``1`` without a heading. What stands before the first mark belongs to no item.
    """
    end = len(text) if end is None else end
    marks = list(_numbered(text, start, end)) or _plain(text, start, end)
    if not marks:
        stripped = text[start:end].strip()
        if not stripped:
            return ()
        first = text.index(stripped, start)
        return (Activity(number="1", heading=None, start=first, end=first + len(stripped)),)
    breaks = paragraph_breaks(text, start, end)
    spaced = _blanks_mean_nothing(text[start:end])
    stack: list[_Mark] = []
    opened: list[tuple[_Mark, int, str]] = []
    for mark in marks:
        kinds = [m.kind for m in stack]
        if mark.kind in kinds:
            del stack[kinds.index(mark.kind) :]
        stack.append(mark)
        opened.append((mark, len(stack), ".".join(str(m.number) for m in stack)))
    found = []
    for i, (mark, depth, number) in enumerate(opened):
        close = next((m.start for m, d, _ in opened[i + 1 :] if d <= depth), end)
        close = mark.start + len(text[mark.start : close].rstrip())
        limit = opened[i + 1][0].start if i + 1 < len(opened) else close
        heading = _heading(text, mark, min(limit, close), breaks, spaced)
        found.append(Activity(number=number, heading=heading, start=mark.start, end=close))
    return tuple(found)


def _numbered(text: str, start: int, end: int) -> Iterator[_Mark]:
    """The numbered marks: each goes on its series, or opens one (a series opens with 1 unless nothing is open)."""
    series: dict[str, int] = {}
    order: list[str] = []
    latest = start
    # 一、 stands above all others: where it is used, it closes everything.
    for match in _NUMBERED.finditer(text, start, end):
        group = match.lastgroup or ""
        if not _opens(text, start, match.start(), group) or _table_row(text, match.end(), end):
            continue
        value = match[group]
        number = ord(value) - 0x245F if group == "circle" else int(parse_number(value))
        last = series.get(group)
        if last is not None and number not in (last + 1, last + 2) and number != 1:
            continue
        if last is None and number == 2 and order and "\n" in text[latest : match.start()].rstrip(" \t　")[-1:]:
            # 二是 heads a line and there was no 一是: the first one stands where it should not, inside a sentence
            first = _FIRST[group].search(text, latest, match.start()) if group in _FIRST else None
            if first:
                order.append(group)
                last = series[group] = 1
                yield _Mark(group, 1, first.start(), first.end())
        if last is None and number != 1 and (order or group in ("is", "digit") and number > 3):
            continue
        if group == "digit" and last is not None and number == 1 and group == (order[-1] if order else ""):
            continue  # a list restarts inside its own item: running text
        if group in order:
            for lower in order[order.index(group) + 1 :]:
                series.pop(lower, None)
            del order[order.index(group) + 1 :]
        elif group in ("han", "chapter") and order and "chapter" not in order:
            continue
        else:
            order.append(group)
        series[group] = number
        latest = match.end()
        yield _Mark(group, number, match.start(), match.end())


def _opens(text: str, start: int, at: int, group: str) -> bool:
    """Whether ``at`` is the head of a line or of a sentence, or stands behind 如下：."""
    before = at - 1
    while before >= start and text[before] in " \t　\r":
        before -= 1
    if before < start or text[before] in _OPENERS:
        return True
    if text[before] in "”）)" and before > start and text[before - 1] in _OPENERS:
        return True
    if text[before] in "：:":
        return bool(re.search(r"(?:如下|以下[^。，,]{0,12})$", text[max(start, before - 16) : before]))
    # Lines that were joined by a blank: only marks that cannot be part of a sentence.
    return before < at - 1 and group != "is" and text[before] not in "，,、；;和及与"


def _table_row(text: str, at: int, end: int) -> bool:
    line = text[at : min(end, at + 80)].split("\n", 1)[0]
    return "|" in line or "\t" in line


def _plain(text: str, start: int, end: int) -> list[_Mark]:
    """Marks without numbers at the heads of paragraphs, numbered as they come; at least three of one kind."""
    heads = _paragraphs(text, start, end)
    for kind, pattern in _PLAIN:
        hits = [m for at, _ in heads if (m := pattern.match(text, at, end))]
        if len(hits) >= 3:
            return [_Mark(kind, i, m.start(), m.end()) for i, m in enumerate(hits, 1)]
    lines = [(at, text[at:stop]) for at, stop in heads]
    titles = [
        (at, line)
        for i, (at, line) in enumerate(lines)
        if 2 <= len(line) <= 24
        and re.search(r"[一-鿿”》]$", line)
        and not re.search(r"[，,。；;！？]", line)
        and not (i == 0 and _TITLE.search(line))
        and i + 1 < len(lines)
        and len(lines[i + 1][1]) > len(line)
        and re.search(r"[。；：！？;:]", lines[i + 1][1])
    ]
    if len(titles) >= 3:
        return [_Mark("line", i, at, at) for i, (at, _) in enumerate(titles, 1)]
    return []


def _paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Start and end of each paragraph without the blanks around it."""
    edges = [start - 1, *sorted(paragraph_breaks(text, start, end)), end]
    found = []
    for left, right in zip(edges, edges[1:], strict=False):
        piece = text[left + 1 : right]
        if piece.strip():
            at = left + 1 + len(piece) - len(piece.lstrip())
            found.append((at, at + len(piece.strip())))
    return found


def _heading(text: str, mark: _Mark, limit: int, breaks: frozenset[int], spaced: bool) -> str | None:
    """The words behind the mark up to a stop, the end of the paragraph, or a blank where lines were joined."""
    if mark.kind == "bracket":
        return text[mark.end : text.index("】", mark.end)].strip()
    at = mark.end
    while at < limit and text[at].isspace():
        at += 1
    quoted = [m.span() for m in _QUOTED.finditer(text, at, limit)]
    stop = limit
    for match in re.finditer(r"[。；：;]|:(?!\d)|\s", text[at:limit]):
        here = at + match.start()
        char = match.group()
        if any(left < here < right for left, right in quoted):
            continue
        wrapped = char == "\n" and here not in breaks
        typeset = char.isspace() and char != "\n" and (spaced or _beside_latin(text, here))
        if wrapped or typeset:
            continue
        stop = here
        break
    return re.sub(r"(?<=[^\x00-\x7f])\s+|\s+(?=[^\x00-\x7f])", "", text[at:stop].strip()) or None


def _beside_latin(text: str, at: int) -> bool:
    """Whether a blank stands between two Latin words, where it is part of the name."""
    before, behind = text[at - 1 : at], text[at + 1 : at + 2]
    return before.isascii() and before.isalnum() and behind.isascii() and behind.isalnum()


def _blanks_mean_nothing(text: str) -> bool:
    """Whether blanks are typesetting: round most runs of digits, or between many Chinese characters."""
    edges = re.findall(r"[一-鿿]( *)(?=\d)|\d( *)(?=[一-鿿])", text)
    set_off = sum(any(edge) for edge in edges)
    between = len(re.findall(r"[一-鿿] +(?=[一-鿿])", text))
    return (len(edges) >= 4 and set_off * 3 > len(edges)) or between * 25 > len(text)
