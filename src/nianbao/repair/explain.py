"""What un-weaving did to a document, for people (text) and for programs (JSON): nothing here decides anything.

A line is cut into blocks: the shortest stretches whose glyphs before and after are the same. Inside a block the runs
are counted in the order in which they were printed; a piece is what of one run stands together in the repaired line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from nianbao.record import Issue, RepairStep
from nianbao.repair.corrections import Pin
from nianbao.repair.weave import BLANK_SHARE, GAIN, Look, Repair, is_label

COLOURS = (36, 33, 35, 32, 34)  # SGR codes for runs 1, 2 …; the digits before them tell the same without colour
SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")

WORDS = {
    "zh": {
        "woven": "文档判为交织文本：汉字间空格 {blanks:.1%}（界限 {blank_limit:.0%}），"
        "修复后每行对数似然增加 {gain}（界限 {gain_limit:.0f}）",
        "clean": "文档判为正常文本，一字未改：汉字间空格 {blanks:.1%}（界限 {blank_limit:.0%}），"
        "修复后每行对数似然增加 {gain}（界限 {gain_limit:.0f}）；两项都超过界限才修复",
        "untried": "未试",
        "counts": "共 {lines} 行，改动 {changed} 行，存疑 {doubtful} 行，人工指定 {pinned} 行",
        "line": "第 {} 行",
        "raw": "原文",
        "repaired": "改后",
        "done": "做法",
        "margin": "分差",
        "alternatives": "其他读法",
        "runs": "按印出的先后有 {runs} 段（下标数字），拼回为 {pieces} 块",
        "same": "按原样，未改",
        "blanks": "只去掉无意义的空格",
        "nats": "{}（与次优读法相比，奈特）",
        "pinned": "人工指定",
        "doubtful": "存疑",
        "sure": "可信",
        "chance": "把握 {:.0%}",
        "loose": "未能满足全部规则",
        "label": "表格的标签、日期或签章，保持原样",
        "blank": "空行",
        "whole": "文档为正常文本，保持原样",
        "unseen": "保持原样",
        "by": "指定人 {}",
        "none": "没有改动或存疑的行",
    },
    "en": {
        "woven": "the document is woven: blanks between Chinese characters {blanks:.1%} (limit {blank_limit:.0%}), "
        "log likelihood gained by repair {gain} a line (limit {gain_limit:.0f})",
        "clean": "the document is not woven, nothing was changed: blanks between Chinese characters {blanks:.1%} "
        "(limit {blank_limit:.0%}), log likelihood gained by repair {gain} a line (limit {gain_limit:.0f}); "
        "it is repaired only if both are above their limits",
        "untried": "not tried",
        "counts": "{lines} lines, {changed} changed, {doubtful} doubtful, {pinned} pinned",
        "line": "line {}",
        "raw": "raw",
        "repaired": "repaired",
        "done": "done",
        "margin": "margin",
        "alternatives": "or",
        "runs": "printed as {runs} runs (the small digits), put together from {pieces} pieces",
        "same": "stays as it is",
        "blanks": "only blanks without meaning were dropped",
        "nats": "{} nats to the next reading",
        "pinned": "pinned",
        "doubtful": "doubtful",
        "sure": "sure",
        "chance": "probability {:.0%}",
        "loose": "a rule had to be given up",
        "label": "a label of the form, a date or a signature: it stays",
        "blank": "a blank line",
        "whole": "the document is not woven: it stays",
        "unseen": "it stays",
        "by": "by {}",
        "none": "no line was changed or is doubtful",
    },
}


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that stand together. run: the number of their run in the line, 0 for what kept its place."""

    run: int
    text: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """A document and what was done to it. pins: those that were applied, by number of the line."""

    path: str
    sha256: str
    lines: tuple[str, ...]
    repair: Repair
    pins: dict[int, Pin]
    doubts: tuple[Issue, ...] = ()

    def shown(self, numbers: Iterable[int] = ()) -> list[tuple[int, Look | None]]:
        """(number of a line, what was done to it): the lines asked for, else those changed, doubtful or pinned."""
        looks = {look.step.line: look for look in self.repair.looks}
        wanted = list(dict.fromkeys(numbers))
        if not wanted:
            wanted = [n for n, look in looks.items() if changed(look.step) or look.doubtful or look.step.pinned]
        return [(number, looks.get(number)) for number in wanted]


def changed(step: RepairStep) -> bool:
    """Whether the line is another one than before."""
    return step.repaired != step.raw


def runs_of(step: RepairStep) -> list[int]:
    """The run of every character of the raw line; 0 for blanks and for what kept its place."""
    rank = {place: at for at, place in enumerate(step.order)}
    glyphs = [place for place, char in enumerate(step.raw) if not char.isspace() and place in rank]
    runs = [0] * len(step.raw)
    count = start = top = 0
    # A block ends where the first n glyphs of the raw line are the first n of the repaired one.
    after = [place for place in step.order if not step.raw[place].isspace()]
    place_in = {place: at for at, place in enumerate(after)}
    for end, place in enumerate(glyphs):
        top = max(top, place_in[place])
        if top == end:
            block = glyphs[start : end + 1]
            for before, here in zip([-1, *block], block, strict=False):
                if len(block) > 1:
                    count += before < 0 or rank[here] < rank[before]
                    runs[here] = count
            start = end + 1
    return runs


def pieces(step: RepairStep) -> tuple[list[Piece], list[Piece]]:
    """(the raw line cut into its runs, the repaired line cut into pieces of runs)."""
    runs = runs_of(step)
    before: list[Piece] = []
    for char, run in zip(step.raw, runs, strict=True):
        if before and (char.isspace() or before[-1].run == run):
            before[-1] = Piece(before[-1].run, before[-1].text + char)
        else:
            before.append(Piece(run, char))
    after: list[Piece] = []
    last = -2
    for place in step.order:
        # What went on in the raw line without another glyph between is one piece.
        if after and after[-1].run == runs[place] and (runs[place] == 0 or place == last + 1):
            after[-1] = Piece(runs[place], after[-1].text + step.raw[place])
        else:
            after.append(Piece(runs[place], step.raw[place]))
        last = place
    return before, after


def difference(one: str, two: str) -> tuple[int, int]:
    """The part of ``one`` in which it differs from ``two``, a text of the same glyphs: (start, end)."""
    start = next((i for i, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    same = next((i for i, (a, b) in enumerate(zip(one[::-1], two[::-1], strict=False)) if a != b), 0)
    return start, max(start, len(one) - same)


# ---------------------------------------------------------------- for programs


def as_json(done: Explanation, numbers: Sequence[int] = ()) -> str:
    """One JSON object on one line; its keys are told in docs/corrections.md."""
    signs = done.repair.gate
    gate = {
        "woven": signs.woven,
        "blanks": round(signs.blanks, 4),
        "blanks_limit": BLANK_SHARE,
        "gain": None if signs.gain is None else round(signs.gain, 2),
        "gain_limit": GAIN,
    }
    plain: dict[str, Any] = {"path": done.path, "sha256": done.sha256, "gate": gate}
    plain |= _counts(done)
    plain["issues"] = [
        {"code": doubt.code, "message": doubt.message, "remedy": doubt.remedy, "line": doubt.line}
        for doubt in done.doubts
    ]
    plain["shown"] = [_line(done, number, look) for number, look in done.shown(numbers)]
    return json.dumps(plain, ensure_ascii=False)


def _counts(done: Explanation) -> dict[str, int]:
    pinned = sum(look.step.pinned for look in done.repair.looks)
    repair = done.repair
    return {
        "lines": len(done.lines),
        "changed": len(repair.steps),
        "doubtful": len(repair.doubtful),
        "pinned": pinned,
    }


def _line(done: Explanation, number: int, look: Look | None) -> dict[str, Any]:
    raw = done.lines[number - 1]
    if look is None:
        return {"line": number, "raw": raw, "repaired": raw, "changed": False, "why": _why(done, raw)}
    step = look.step
    before, after = pieces(step)
    told: dict[str, Any] = {
        "line": number,
        "raw": raw,
        "repaired": step.repaired,
        "changed": changed(step),
        "runs": [{"run": piece.run, "text": piece.text} for piece in before],
        "pieces": [{"run": piece.run, "text": piece.text} for piece in after],
        "order": list(step.order),
        "probability": None if step.pinned else round(look.chance, 4),
        "margin": step.margin,
        "alternatives": list(step.alternatives),
        "doubtful": look.doubtful,
        "rule_given_up": look.loose,
        "pinned": step.pinned,
    }
    if (pin := done.pins.get(number)) and step.pinned:
        told["pin"] = {"by": pin.by, "date": pin.date, "why": pin.why}
    return told


def _why(done: Explanation, raw: str) -> str:
    """Why a line was not looked at: a key of ``WORDS``."""
    if not raw.strip():
        return "blank"
    if not done.repair.woven:
        return "whole"
    return "label" if is_label(raw) else "unseen"


# ---------------------------------------------------------------- for people


def as_text(done: Explanation, numbers: Sequence[int] = (), *, lang: str = "zh", colour: bool = False) -> str:
    """The lines, each with what was done to it; ``colour``: runs in colours of a terminal."""
    words = WORDS[lang]
    signs = done.repair.gate
    gain = words["untried"] if signs.gain is None else f"{signs.gain:.1f}"
    gate = words["woven" if signs.woven else "clean"]
    out = [f"{_visible(done.path)}  SHA-256 {done.sha256}"]
    out.append(gate.format(blanks=signs.blanks, blank_limit=BLANK_SHARE, gain=gain, gain_limit=GAIN))
    out.append(words["counts"].format(**_counts(done)))
    shown = done.shown(numbers)
    if not shown and done.repair.woven:
        out.append(words["none"])
    for number, look in shown:
        out += ["", *_told(done, number, look, words, colour)]
    return "".join(line.rstrip() + "\n" for line in out)


def _told(done: Explanation, number: int, look: Look | None, words: dict[str, str], colour: bool) -> list[str]:
    head = words["line"].format(number)
    width = max(_width(words[key]) for key in ("raw", "repaired", "done", "margin", "alternatives"))

    def row(key: str, text: str) -> str:
        return f"  {words[key]}{' ' * (width - _width(words[key]))}  {text}"

    if look is None:
        raw = done.lines[number - 1]
        return [_paint(head, 1, colour), row("raw", _visible(raw)), row("done", words[_why(done, raw)])]
    step = look.step
    state = [words["pinned" if step.pinned else "doubtful" if look.doubtful else "sure"]]
    if not step.pinned:
        state.append(words["chance"].format(look.chance))
    state += [words["loose"]] * look.loose
    if (pin := done.pins.get(number)) and step.pinned:
        state += [words["by"].format(_visible(pin.by))] * bool(pin.by) + [
            _visible(text) for text in (pin.date, pin.why) if text
        ]
    before, after = pieces(step)
    runs = max(piece.run for piece in before)
    what = words["runs"].format(runs=runs, pieces=sum(piece.run > 0 for piece in after))
    if not runs:
        what = words["blanks" if changed(step) else "same"]
    out = [
        _paint(head, 1, colour) + " · " + _paint(", ".join(state), 31 if look.doubtful else 32, colour),
        row("raw", _numbered(before, colour)),
        row("repaired", _numbered(after, colour)),
        row("done", what),
    ]
    if step.margin is not None:
        out.append(row("margin", words["nats"].format(step.margin)))
    for other in step.alternatives:
        start, end = difference(other, step.repaired)
        same, apart, rest = map(_visible, (other[:start], other[start:end], other[end:]))
        out.append(row("alternatives", same + _paint(apart, 4, colour) + rest))
    return out


def _numbered(parts: Iterable[Piece], colour: bool) -> str:
    """Pieces with the number of their run before them."""
    told = ""
    for part in parts:
        text = _visible(part.text)
        if part.run:
            number = str(part.run).translate(SUBSCRIPT)
            text = _paint(number + text, COLOURS[(part.run - 1) % len(COLOURS)], colour)
        told += text
    return told


def _paint(text: str, code: int, colour: bool) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if colour and text else text


def _visible(line: str) -> str:
    """Control characters of a file written out, so that they do nothing to the terminal."""
    return re.sub(r"[\x00-\x08\x0a-\x1f\x7f-\x9f]", lambda sign: f"\\x{ord(sign[0]):02x}", line)


def _width(text: str) -> int:
    return sum(1 if ord(char) < 128 else 2 for char in text)


# ---------------------------------------------------------------- pins to fill in


def as_pins(done: Explanation, numbers: Sequence[int] = ()) -> str:
    """[[pin]] tables for the lines asked for, else for the doubtful ones; a person takes the # before one reading."""
    out = []
    for number, look in done.shown(numbers):
        if not numbers and not (look and look.doubtful):
            continue
        raw = done.lines[number - 1]
        readings = [look.step.repaired, *look.step.alternatives] if look else [raw]
        out += ["[[pin]]", f'sha256 = "{done.sha256}"', f"line = {number}", f"raw = {_quoted(raw)}"]
        out += [f"# reading = {_quoted(reading)}" for reading in readings]
        out.append("")
    return "".join(line + "\n" for line in out)


def _quoted(text: str) -> str:
    """A TOML basic string: JSON escapes the same signs, but for U+007F."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
