"""What speaks for or against a reading of a chunk, as named figures; `nianbao.repair.fit` finds their weights.

Every function adds to ``out`` (name → figure). Only differences between the readings of one chunk matter.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache

from nianbao.repair.decoder import CLOSING, PAUSES, Chunk
from nianbao.repair.language_model import Segmenter
from nianbao.resources import UNITS

Figures = dict[str, float]

COUNTING = frozenset(("<one>", "<ten>", "<many>", "<decimal>"))  # numbers that a unit or a scale word follows
SCALE = re.compile("[余多近]?[万亿]?[余多]?")
NUMERALS = frozenset("零一二三四五六七八九十百千万亿几数两余多近上")
MARKS = frozenset("，。、；：！？")
ORDINAL = re.compile("[一二三四五六七八九]是")
HEAD = re.compile("[一二三四五六七八九]是|（[一二三四五六七八九十]+）|[一二三四五六七八九十]+、")
JOINED = re.compile("[。；][及和]")  # no sentence and no member of a list of clauses begins with one of these
LEFT, RIGHT = 18, 10  # glyphs of the neighbours in which lists and clauses are looked at


@cache
def units() -> tuple[frozenset[str], int]:
    """(the units in Chinese characters that the grammar of quantities knows, the length of the longest)."""
    with UNITS.open("rb") as file:
        table = tomllib.load(file)
    words = {word.split("!")[0] for row in table["unit"] for word in row["words"].split()}
    known = frozenset(word for word in words if re.fullmatch("[\u4e00-\u9fff]+", word))
    return known, max(map(len, known))


def unit_at(text: str) -> int:
    """The length of the longest unit that ``text`` begins with, 0 for none."""
    known, longest = units()
    return next((size for size in range(min(longest, len(text)), 0, -1) if text[:size] in known), 0)


def geometry(chunk: Chunk, order: Sequence[int], out: Figures) -> None:
    """The borders of runs that an order needs, its pieces, and which run draws the marks."""
    n = len(order)
    rank = [0] * n
    for at, place in enumerate(order):
        rank[place] = at
    runs = [0] * n
    behind_marks = 0
    for i in range(1, n):
        border = not chunk.gaps[i] and rank[i] < rank[i - 1]
        runs[i] = runs[i - 1] + border
        behind_marks += border and chunk.glyphs[i - 1] in PAUSES
    cuts = runs[-1] if n else 0
    if not cuts:
        return
    still = not any(chunk.gaps)
    kind = "still" if still and n <= 5 else "frozen" if still else "short" if n < 12 else "long"
    for i in range(1, min(cuts, 5) + 1):
        out[f"cut {kind} {i}"] = 1
    out["cut behind mark"] = behind_marks
    sizes = [0]
    last = runs[order[0]]
    for place in order:
        if runs[place] != last:
            sizes.append(0)
            last = runs[place]
        sizes[-1] += 1
    out["pieces"] = len(sizes)
    out["pieces of 1"] = sizes.count(1)
    out["pieces of 2"] = sizes.count(2)
    out["pieces log size"] = sum(map(math.log, sizes))
    for run, glyph in zip(runs, chunk.glyphs, strict=True):
        if glyph in PAUSES:
            name = "mark in first run" if not run else "mark in later run"
        elif not run and cuts > 1:
            name = "glyph in thin run"
        else:
            continue
        name += " of two" if cuts == 1 else ""
        out[name] = out.get(name, 0) + 1


def quantities(text: str, number: str | None, right: str, out: Figures) -> None:
    """The grammar of quantities: what stands right behind a number (its class is ``number``), and stray scale words."""
    if number in COUNTING:
        if text[0] in CLOSING:
            out["number bare"] = 1
        else:
            match = SCALE.match(text + right)
            scale = match.group() if match else ""
            rest = (text + right)[len(scale) :]
            size = unit_at(rest)
            if scale:
                out["number scale" if "万" in scale or "亿" in scale else "number more"] = 1
                if len(scale) > 1 and scale[0] in "余多":
                    out[f"more before scale {number}"] = 1
                elif len(scale) > 1:
                    out[f"more behind scale {number}"] = 1
                elif scale in "余多" and number == "<decimal>":
                    out["decimal and more"] = 1
            if size:
                out[f"number unit {min(size, 3)}"] = 1
                behind = rest[size : size + 1]
                if behind:
                    out[f"unit then {behind}" if behind in "，。、；" else "unit then word"] = 1
            elif scale:
                out["scale bare" if rest[:1] in CLOSING else "scale then word"] = 1
            else:
                out["number then word"] = 1
    elif number == "<percent>":
        out["percent then mark" if text[0] in CLOSING else "percent then word"] = 1
    elif number == "<year>":
        out["year then 年" if text[0] == "年" else "year then other"] = 1
    out["stray scale"] = sum(b in "万亿" and a not in NUMERALS for a, b in zip(text, text[1:], strict=False))
    out["stray 次"] = sum(b == "次" and a in "，。、" for a, b in zip(text, text[1:], strict=False))


def clauses(left: str, text: str, right: str, closes: bool, out: Figures) -> None:
    """Lists whose members are alike, very short clauses, order words, phrases said again, the paragraph's end."""
    left = left[-LEFT:]
    window = left + text + ("" if closes else right[:RIGHT])
    low, high = len(left), len(left) + len(text)
    marks = [i for i, glyph in enumerate(window) if glyph in MARKS]
    found: list[str] = []
    for begin, end in zip(marks, marks[1:], strict=False):
        if end >= low and begin < high and end - begin < 5 and "、" not in (window[begin], window[end]):
            found.append(f"clause of {end - begin - 1}")
    for k, at in enumerate(marks):
        if window[at] != "、" or k + 1 >= len(marks) and not closes:
            continue
        begin = marks[k - 1] if k else -1
        end = marks[k + 1] if k + 1 < len(marks) else len(window)
        one, two = window[begin + 1 : at], window[at + 1 : end]
        if end < low or begin >= high or not one or not two:
            continue
        goes_on = end < len(window) and window[end] == "、"
        inner = k > 0 and window[begin] == "、"
        if inner and goes_on:
            found.append("list equal" if len(one) == len(two) else "list unequal")
        elif goes_on:  # the first member has what goes before the list in front of it
            found.append("list first longer" if len(one) >= len(two) else "list first shorter")
        if one[-1] == two[-1]:
            found.append("list same end")
        if one[-2:] == two[-2:] and len(one) > 1:
            found.append("list same end of 2")
        if inner and one[0] == two[0]:
            found.append("list same begin")
    for match in ORDINAL.finditer(text):
        before = (left + text[: match.start()])[-1:]
        found.append("order word" if before in "。；：" else "order word inside")
    if closes:
        found.append("end stop" if text[-1] in "。；：！？”）" else "end pause" if text[-1] in "，、" else "end open")
    elif HEAD.match(right):
        found.append("head behind stop" if text[-1] in "。；：" else "head behind other")
    found += ["conjunction first"] * len(JOINED.findall(window[max(low - 1, 0) : high + 1]))
    for name, times in Counter(found).items():
        out[name] = times
    for size in (2, 3):
        grams = len(window) - size + 1
        out[f"again {size}"] = grams - len({window[i : i + size] for i in range(grams)}) if grams > 0 else 0


PLACE = re.compile("[\u4e00-\u9fff]+?(?:自治区|省|市|区|县|旗|街道|镇|乡)")
SEAT = re.compile("[市区县旗][\u4e00-\u9fff]{1,7}(?:街道|镇|乡)[\u4e00-\u9fff]{0,6}[路街道巷号]")


def address(text: str, out: Figures) -> None:
    """Names in an address that are too long: what stands before 街道, 镇 or 乡 has two or three glyphs.

    The texts to fit on hold no addresses, so the weight of this figure is set by hand (`FIXED`).
    """
    if SEAT.search(text):
        long = [match.group() for match in PLACE.finditer(text) if match.group().endswith(("街道", "镇", "乡"))]
        out["long place"] = sum(len(name.removesuffix("街道").rstrip("镇乡")) > 3 for name in long)


FIXED = {"long place": -3.0, "conjunction first": -2.0}
"""Weights that are not fitted: the readings to fit on hold too few such cases."""


def words(symbols: tuple[int, ...], segmenter: Segmenter, out: Figures) -> None:
    """The best segmentation: its score, the part of the pairs of words, how many words, single glyphs, known pairs."""
    way = segmenter.best(symbols)
    out["words"] = way[3]
    count = single = known = strange = 0
    pairs = 0.0
    while way[4] is not None:
        count += 1
        single += way[5] == 1
        known += way[7]
        strange += way[0] < 0
        pairs += way[6]
        way = way[4]
    out["word pairs"] = pairs
    out["word count"], out["words of one glyph"], out["known word pairs"] = count, single, known
    out["strange glyphs"] = strange
