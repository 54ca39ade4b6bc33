"""Labels found in the lines → boxes with the stretches of lines that are their values.

Decides which labels are boxes and which are words of a text, parts the cover from the form, divides lines between
labels that stand beside their values, and finds boxes whose label is damaged or gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from nianbao.form.columns import borders
from nianbao.form.cover import cover_lines, read_cover
from nianbao.form.labels import (
    GAP,
    Box,
    Label,
    Piece,
    column,
    find_damaged,
    find_glued,
    find_labels,
    indent,
    table,
    text_of,
)
from nianbao.form.values import BLANK_DATE, BODY, SIGNATURE, find_dates, parse_count, parse_money
from nianbao.form.wrapping import SENTENCE_END
from nianbao.record import Issue

OPINIONS = ("institution_opinion", "sponsor_opinion")
_CERTIFIED = ("register", "assets")
_FURNITURE = re.compile(
    r"[-—–－]\s*\d{1,3}\s*[-—–－]|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3}|[·•]\s*\d{1,3}\s*[·•]"
)
# Signed as clerks do: -3.5, 负3.5, —3.5, (3.5).
_NUMBER = re.compile(
    r"[（(]\d[\d,，]*(?:[.．]\d+)?[)）]"
    r"|(?:[-－−]|(?<![—–\d])[—–](?=\d)|负\s*)?\d[\d,，]*(?:[.．]\d+)?(?:\s*[（(]?[万亿]?元[)）]?)?"
)


@dataclass(frozen=True, slots=True)
class Region:
    """A box: its label (None where it is gone from the file) and the pieces of lines that are its value, in order."""

    box: Box
    label: Label | None
    parts: tuple[Piece, ...]

    @property
    def key(self) -> str:
        return self.box.key

    @property
    def line(self) -> int:
        return self.label.first if self.label else self.parts[0].line


@dataclass(frozen=True, slots=True)
class Layout:
    """What the lines hold. head: numbers of the lines before the first box (web page, cover)."""

    regions: tuple[Region, ...]
    cover: dict[str, str]
    head: tuple[int, ...]
    keys: frozenset[str]
    issues: tuple[Issue, ...]


def lay_out(lines: Sequence[str]) -> Layout:
    """The boxes of clean lines (``labels.clean_line``)."""
    issues: list[Issue] = []
    labels = find_labels(tuple(lines))
    begin, end = cover_lines(labels)
    front = [label for label in labels if begin <= label.first and label.last < end]
    inside = [label for label in labels if label not in front]
    body = [*lines[:begin], *[""] * (end - begin), *lines[end:]] if begin else lines
    chosen = _with_damaged(body, _choose(body, inside, issues), 0 if begin else end)
    first = min((label.first for label in chosen), default=len(lines))
    if begin == 0:
        end = min(end, first)
    regions = _spread(body, _merge(_divide(body, chosen), body, issues))
    regions = _net_assets(body, _by_hand(body, regions, issues), issues)
    before = range(min(begin, first) if begin else first)
    return Layout(
        regions=tuple(regions),
        cover=read_cover(lines, front, begin, end),
        head=tuple(n for n in sorted({*before, *range(begin, end)}) if lines[n].strip()),
        keys=frozenset(label.key for label in (*front, *chosen)),
        issues=tuple(issues),
    )


# ---------------------------------------------------------------- which labels are boxes


def _short(limit: int) -> Callable[[str], bool]:
    return lambda text: len(text) <= limit and not re.search(r"[。；，,;]", text)


_PLACE = re.compile(r"[省市县区州盟旗镇乡村路街道巷号楼层室院大厦园]")
FITS: dict[str, Callable[[str], bool]] = {
    "name": lambda text: (
        bool(BODY.search(re.split(r"[（(]", text)[0]) or BODY.search(text.rstrip("）)"))) and _short(80)(text)
    ),
    "purpose": lambda text: len(text) >= 8,
    "address": lambda text: 4 <= len(text) <= 80 and not re.search(r"[。；]", text) and len(_PLACE.findall(text)) >= 2,
    "legal_representative": lambda text: (
        bool(re.fullmatch(r"[一-龥·•]{2,15}|[一-龥](?:\s+[一-龥]){1,3}", text))
        and not re.search(r"变更|由|为|负责", text)
    ),
    "initial_capital": lambda text: bool(
        (money := parse_money(text, unit="万元")) and money.stated == text.strip("。 ")
    ),
    "funding_source": lambda text: (
        len(text) <= 30 and any(word in text for word in ("财政", "拨款", "自理", "自收", "自筹", "补助", "经费"))
    ),
    "sponsors": lambda text: bool(BODY.search(text)) and len(text) <= 80 and not re.search(r"[。，]", text),
    "online_name": _short(60),
    "staff": lambda text: parse_count(text) is not None,
    "net_assets_opening": lambda text: bool(_NUMBER.match(text)),
    "net_assets_closing": lambda text: bool(_NUMBER.match(text)),
    "form_filler": lambda text: bool(re.fullmatch(r"[一-龥·•\s]{2,10}", text)),
    "phone": lambda text: bool(re.search(r"\d{3}", text)) and len(text) <= 40,
    "filing_date": lambda text: bool(find_dates(text) or BLANK_DATE.fullmatch(text)),
    "NET_ASSETS": lambda text: not text or bool(_NUMBER.match(text)),
}


def fits(key: str, text: str) -> bool:
    """Whether a text has the form of a box's values; boxes without a form take any."""
    return key not in FITS or FITS[key](text)


def _choose(lines: Sequence[str], labels: Sequence[Label], issues: list[Issue]) -> list[Label]:
    """The labels that are boxes: not those of signatures, not words of a text that look like a label."""
    chosen: list[Label] = []
    seen: dict[str, Label] = {}
    foot = _foot(labels)
    for label in labels:
        zone, known = label.box.zone, seen.get(label.key)
        current = chosen[-1] if chosen else None
        if zone == "foot" and label not in foot:
            continue
        if zone == "cover" and current and current.box.zone == "report":
            continue
        if (
            current
            and current.key in OPINIONS
            and zone in _CERTIFIED
            and _is_signature(lines, label, known is not None)
        ):
            continue
        if current and zone in _CERTIFIED and current.box.zone in ("report", "foot"):
            if not _is_convincing(lines, label) or (current.box.zone == "foot" and known):
                continue
            if known and known.text != label.text:
                continue
        if known and zone == "report" and known.text != label.text:
            continue  # a heading inside the text, in other words than the form's
        chosen.append(label)
        seen.setdefault(label.key, label)
    return chosen


def _foot(labels: Sequence[Label]) -> set[Label]:
    """The boxes of the last row: those next to the last 填表人, else the last of each."""
    kept: set[Label] = set()
    rows = [label for label in labels if label.box.zone == "foot"]
    fillers = [label for label in rows if label.key == "form_filler"]
    for key in ("form_filler", "phone", "filing_date"):
        same = [label for label in rows if label.key == key]
        near = [label for label in same if fillers and 0 <= label.first - fillers[-1].first <= 8]
        if near or same:
            kept.add(near[0] if near else same[-1])
    return kept


def _is_signature(lines: Sequence[str], label: Label, known: bool) -> bool:
    """Whether 法定代表人 (or 单位名称) under an opinion is the place to sign."""
    if label.key not in ("legal_representative", "name", "sponsors"):
        return False
    behind = [text_of(lines, label.value)]
    if not behind[0]:
        behind = [line.strip() for line in lines[label.last + 1 : label.last + 4] if line.strip()][:1]
    if any(
        re.search(r"公\s*章|签[字名章]|盖章", text) or BLANK_DATE.search(text) or find_dates(text) for text in behind
    ):
        return True
    return known


def _is_convincing(lines: Sequence[str], label: Label) -> bool:
    """Whether a registered item that stands in the report's part of the form is a box, and not words of a text."""
    value = text_of(lines, label.value)
    before = next((lines[n].strip() for n in range(label.first - 1, -1, -1) if lines[n].strip()), "")
    if label.pieces[0].start > len(lines[label.first]) - len(lines[label.first].lstrip()):
        before = "。"  # behind another label on its line
    dates = find_dates(before)
    signed = bool(dates and dates[-1].end == len(before)) or BLANK_DATE.search(before) or SIGNATURE.search(before)
    if not (SENTENCE_END.search(before) or signed or len(before) < 16):
        return False
    if value:
        return fits(label.key, value)
    follow = next((lines[n].strip() for n in range(label.last + 1, len(lines)) if lines[n].strip()), "")
    return label.key in ("NET_ASSETS", "net_assets_opening", "net_assets_closing") or fits(label.key, follow)


def _with_damaged(lines: Sequence[str], labels: list[Label], first: int) -> list[Label]:
    """The labels, and those with lost glyphs found where the order of the form expects them."""
    boxes = [box for box in table().boxes.values() if box.zone in ("register", "report", "foot") and box.key.islower()]
    for place, box in enumerate(boxes):
        have = {label.key: label for label in reversed(labels)}
        if box.key in have:
            continue
        above = next((have[b.key] for b in reversed(boxes[:place]) if b.key in have), None)
        below = next((have[b.key] for b in boxes[place + 1 :] if b.key in have), None)
        start = above.last + 1 if above else first
        stop = below.first if below else len(lines)
        if stop - start > 40 and len(box.texts[-1]) < 8:
            continue
        busy = {piece.line for label in labels for piece in label.pieces}
        for find in (find_damaged, find_glued):
            found = find(lines, box, start, stop)
            if found and not busy & {piece.line for piece in found.pieces}:
                if find is find_glued and not (box.key in FITS and fits(box.key, text_of(lines, found.value))):
                    continue
                labels = sorted([*labels, found], key=lambda label: (label.first, label.pieces[0].start))
                break
    return labels


# ---------------------------------------------------------------- which lines belong to which label


def _divide(lines: Sequence[str], labels: Sequence[Label]) -> list[Region]:
    """Each label with what stands behind and below it, up to the next label."""
    parts: list[list[Piece]] = [[] for _ in labels]
    on_line: dict[int, list[tuple[int, int, int]]] = {}
    for number, label in enumerate(labels):
        for piece in label.pieces:
            on_line.setdefault(piece.line, []).append((piece.start, piece.end, number))
    cuts = borders(lines, labels)
    current = -1
    start = labels[0].first if labels else len(lines)
    for n in range(start, len(lines)):
        current = cuts.get(n, current)
        here = 0
        for begin, end, number in sorted(on_line[n]) if n in on_line else ():
            if current >= 0 and begin > here:
                parts[current].append(Piece(n, here, begin))
            here = end
            # The head of a part stands beside all its boxes: only its first piece begins something new.
            if labels[number].box.zone != "group" or current < number:
                current = number
            if labels[number].last == n and labels[number].pieces[-1].end == end:
                here = max(here, labels[number].value.start)
        if current >= 0 and here < len(lines[n]):
            parts[current].append(Piece(n, here, len(lines[n])))
    return [
        Region(
            label.box,
            label,
            tuple(p for p in found if (text := text_of(lines, p)) and not _is_furniture(text, p, label)),
        )
        for label, found in zip(labels, parts, strict=True)
    ]


def _is_furniture(text: str, part: Piece, label: Label) -> bool:
    """Whether a line is a page number; a bare number only inside a long text, where no line is that short."""
    if part.start or len(text) > 60:
        return False
    if _FURNITURE.fullmatch(text) and (label.box.zone in ("report", "foot") or "页" in text):
        return True
    return label.key == "activities" and bool(re.fullmatch(r"\d{1,3}", text))


# ---------------------------------------------------------------- one region a box


def _merge(regions: Sequence[Region], lines: Sequence[str], issues: list[Issue]) -> list[Region]:
    """One region a box: a label repeated on the next page goes on, a second box with another value is an issue."""
    order: list[Region] = []  # the first region of each box …
    parts: dict[int, list[Piece]] = {}  # … and all its pieces
    place: dict[str, int] = {}
    words: dict[str, str] = {}
    for number, region in enumerate(regions):
        told = re.sub(r"\s", "", "".join(text_of(lines, part) for part in region.parts))
        at = place.get(region.key)
        if at is None or region.key in ("OTHER", "REGISTRAR"):
            place.setdefault(region.key, len(order))
            parts[len(order)] = list(region.parts)
            order.append(region)
            words[region.key] = told
        elif region.box.zone == "assets" or not words[region.key] or _goes_on(regions, number):
            parts[at].extend(region.parts)
            words[region.key] = words[region.key] or told
        elif told and told != words[region.key]:
            issues.append(
                Issue(
                    code="NB-FORM-TWICE",
                    message=f"the box {region.box.zh} stands twice with different values, on lines "
                    f"{order[at].line + 1} and {region.line + 1} (此栏出现两次且内容不同); the first was taken",
                    remedy="keep the right one in the file, or give each report a file of its own",
                    line=region.line + 1,
                )
            )
    return [Region(region.box, region.label, tuple(parts[at])) for at, region in enumerate(order)]


def _goes_on(regions: Sequence[Region], number: int) -> bool:
    """Whether a label only says again which box goes on: on the next page, or in a row for a second sponsor."""
    again = regions[number - 1].key == regions[number].key
    return again and regions[number].key in ("activities", "purpose", "sponsors")


def _by_hand(lines: Sequence[str], regions: list[Region], issues: list[Issue]) -> list[Region]:
    """The regions, with boxes whose label is gone taken out of the end of the box above them."""
    order = [
        box for box in table().boxes.values() if box.zone == "register" and box.key not in ("staff", "online_name")
    ]
    have = {region.key for region in regions}
    for number, region in reversed(list(enumerate(regions))):
        if region.box.zone not in ("register", "group"):
            continue
        follow = regions[number + 1].box if number + 1 < len(regions) else None
        stop = follow.order if follow and follow.order > region.box.order else region.box.order
        lost = [box for box in order if region.box.order < box.order < stop and box.key not in have]
        parts = list(region.parts)
        found: list[Region] = []
        for box in reversed(lost):
            for count in (1, 2):
                rest, tail = parts[:-count], parts[-count:]
                words = "".join(text_of(lines, part) for part in tail)
                if (
                    len(tail) == count
                    and (rest or region.box.zone == "group")
                    and fits(box.key, words)
                    and _whole(lines, region.box, rest)
                ):
                    parts = rest
                    found.insert(0, Region(box, None, tuple(tail)))
                    break
        if not found:
            continue
        regions[number : number + 1] = [Region(region.box, region.label, tuple(parts)), *found]
        for lone in found:
            issues.append(
                Issue(
                    code="NB-FORM-LABEL-LOST",
                    message=f"the label {lone.box.zh} is gone; its value was known by its place and form (标签丢失)",
                    remedy="compare it with the report",
                    line=lone.line + 1,
                )
            )
    return regions


def _whole(lines: Sequence[str], box: Box, parts: Sequence[Piece]) -> bool:
    """Whether what is left to a box is a value of its kind."""
    if not parts:
        return True
    words = "".join(text_of(lines, part) for part in parts)
    return bool(SENTENCE_END.search(words)) if box.key == "purpose" else fits(box.key, words)


# ---------------------------------------------------------------- labels first, then their values


def _spread(lines: Sequence[str], regions: list[Region]) -> list[Region]:
    """The regions, with values that stand together behind several labels given to them in order.

    So a row of two labels over a row of two values reads, and a column of labels read before that of the values. It is
    done only where every value has the form of its box.
    """
    spread = list(regions)
    for last, region in enumerate(regions):
        first = last
        while first and regions[first - 1].box.zone == "register" and not regions[first - 1].parts:
            first -= 1
        if first == last or region.box.zone != "register":
            continue
        cells = [cell for part in region.parts for cell in _cells(lines, part)]
        groups = _groups(lines, [box.key for box in regions[first : last + 1]], cells)
        for number, group in enumerate(groups or ()):
            there = regions[first + number]
            spread[first + number] = Region(there.box, there.label, tuple(group))
    return spread


def _cells(lines: Sequence[str], part: Piece) -> list[Piece]:
    """The columns of a piece of a line."""
    words = lines[part.line][part.start : part.end]
    return [
        Piece(part.line, part.start + m.start(), part.start + m.end())
        for m in re.finditer(rf"\S+(?:[ \u3000]{{1,{GAP - 1}}}\S+)*", words)
    ]


def _groups(lines: Sequence[str], keys: Sequence[str], cells: Sequence[Piece]) -> list[list[Piece]] | None:
    """Cells cut into one group a key, each with the form of its box's values and few cells; None where none fits."""
    ways: dict[int, tuple[int, list[list[Piece]]]] = {0: (0, [])}  # cells used → (price, groups)
    for key in keys:
        longer: dict[int, tuple[int, list[list[Piece]]]] = {}
        for used, (price, groups) in ways.items():
            for stop in range(used + 1, min(len(cells), used + (20 if key == "purpose" else 3)) + 1):
                words = "".join(text_of(lines, cell) for cell in cells[used:stop])
                total = price + (0 if key == "purpose" else stop - used - 1)
                if fits(key, words) and (stop not in longer or total < longer[stop][0]):
                    longer[stop] = (total, [*groups, list(cells[used:stop])])
        ways = longer
    return ways[len(cells)][1] if len(cells) in ways else None


# ---------------------------------------------------------------- net assets


def _net_assets(lines: Sequence[str], regions: Sequence[Region], issues: list[Issue]) -> list[Region]:
    """The regions, with the two amounts of net assets given to their labels: by line, by column, or in order."""
    keys = ("net_assets_opening", "net_assets_closing")
    labels = {region.key: region.label for region in regions if region.key in keys and region.label}
    pool = [
        Piece(part.line, part.start + match.start(), part.start + match.end())
        for region in regions
        if region.box.zone == "assets" or region.key == "ASSETS"
        for part in region.parts
        for match in _NUMBER.finditer(lines[part.line][part.start : part.end])
    ]
    pool.sort(key=lambda piece: (piece.line, piece.start))
    own_regions = {region.key: region for region in regions if region.key in labels}
    given: dict[str, Piece] = {}
    for region in regions:
        if region.key in labels and region.label and region.label.sep != "end":
            own = [p for p in pool if p.line == region.label.last and any(_in(p, part) for part in region.parts)]
            if own:
                given[region.key] = own[0]
    below = {
        key: [p for p in pool if any(_in(p, part) for part in region.parts)] for key, region in own_regions.items()
    }
    if below and not given and all(len(pieces) == 1 for pieces in below.values()):
        given = {key: pieces[0] for key, pieces in below.items()}  # each amount below its own label
    rest = [piece for piece in pool if piece not in given.values()]
    open_ = [key for key in keys if key in labels and key not in given]
    if len(open_) == 2 and len(rest) == 1:
        key = _nearest(lines, rest[0], labels)
        if key is None:
            key = keys[0]
            issues.append(
                Issue(
                    code="NB-FORM-ONE-AMOUNT",
                    message="one amount stands under 年初数 and 年末数; it was taken as 年初数 (只有一个净资产数)",
                    remedy="compare it with the report",
                    line=rest[0].line + 1,
                )
            )
        given[key] = rest[0]
    elif open_ == [keys[1]] and not given:
        given |= dict(zip(open_, rest[-1:], strict=False))  # the label of the first is gone, not its amount
    else:
        given |= dict(zip(open_, rest, strict=False))
    if left := [piece for piece in rest if piece not in given.values()]:
        words = ", ".join(text_of(lines, piece) for piece in left[:5])
        issues.append(
            Issue(
                code="NB-FORM-AMOUNTS",
                message=f"beside 年初数 and 年末数 stands what was not taken: {words} (净资产栏另有数字)",
                remedy="compare them with the report",
                line=left[0].line + 1,
            )
        )
    used = set(given.values())
    return [
        Region(region.box, region.label, (given[region.key],) if region.key in given else ())
        if region.key in keys
        else Region(
            region.box,
            region.label,
            tuple(p for p in region.parts if not any(_in(u, p) for u in used)),
        )
        if region.box.zone == "assets" or region.key == "ASSETS"
        else region
        for region in regions
    ]


def _in(piece: Piece, part: Piece) -> bool:
    return piece.line == part.line and part.start <= piece.start < part.end


def _nearest(lines: Sequence[str], piece: Piece, labels: dict[str, Label]) -> str | None:
    """The label above an amount, where the columns are kept (labels on one line, the amount on an indented one)."""
    spots = {key: label.pieces[0] for key, label in labels.items()}
    in_columns = len({spot.line for spot in spots.values()}) == 1 and indent(lines[piece.line]) >= GAP
    if not in_columns and not re.search(r"\s{2,}", lines[piece.line][: piece.start]):
        return None

    def middle(p: Piece) -> float:
        return (column(lines[p.line], p.start) + column(lines[p.line], p.end)) / 2

    return min(spots, key=lambda key: abs(middle(spots[key]) - middle(piece)))
