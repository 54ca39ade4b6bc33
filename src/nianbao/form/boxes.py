"""Labels found in the lines → boxes with the stretches of lines that are their values.

Decides which labels are boxes and which are words of a text, parts the cover from the form, divides lines between
labels that stand beside their values, and finds boxes whose label is damaged or gone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate

from nianbao.form.labels import (
    GAP,
    Box,
    Label,
    Piece,
    blanked,
    column,
    find_damaged,
    find_glued,
    find_labels,
    indent,
    table,
)
from nianbao.form.values import BLANK_DATE, BODY, find_code, find_dates, parse_count, parse_money, says_nothing
from nianbao.form.wrapping import opens_paragraph
from nianbao.record import Issue

OPINIONS = ("institution_opinion", "sponsor_opinion")
_CERTIFIED = ("register", "assets")
SIGNATURE = re.compile(
    r"[（(]?(?:法定代表人|(?:举办)?单位(?:主要)?负责人|主要负责人|负责人|经办人)"
    r"(?:\s*(?:[（(]?\s*签[字名章][^：:]{0,4}[)）]?)?\s*[：:]|\s*[一-龥·]{0,6}\s*[（(]\s*签[字名章])"
    r"|[（(]?(?:(?:举办单位|事业单位|单位|法人)\s*)?(?:公\s*章|盖\s*章|印\s*章)|[（(]签\s*[字名章]|签\s*[字名章]\s*[：:]"
)
_YEAR_LINE = re.compile(r"[（(]?\s*([12]\d{3}|[一二][〇零○一二三四五六七八九]{3})\s*年\s*度\s*[)）]?")
_FURNITURE = re.compile(
    r"[-—–－]\s*\d{1,3}\s*[-—–－]|第\s*\d{1,3}\s*页(?:\s*[,，/]?\s*共\s*\d{1,3}\s*页)?|\d{1,3}\s*/\s*\d{1,3}|[·•]\s*\d{1,3}\s*[·•]"
)
_SENTENCE_END = re.compile(r"[。！？；：.!?;:…][”’》）」』\")]*$")
_LATER = re.compile(  # no text begins with its second item
    r"[（(]?(?:[二三四五六七八九十][、)）是]|[2-9][.、．)）](?!\d))|其次|再次|最后|此外|第[二三四五六七八九][，、是]|[②-⑳]"
)
_SURELY = 2.5  # half rows
_NUMBER = re.compile(r"[-－−]?\d[\d,，]*(?:\.\d+)?(?:\s*[（(]?[万亿]?元[)）]?)?")


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
    end = _cover_end(labels)
    front = [label for label in labels if label.last < end]
    chosen = _with_damaged(lines, _choose(lines, [label for label in labels if label.first >= end], issues), end)
    first = min((label.first for label in chosen), default=len(lines))
    regions = _by_hand(lines, _merge(_divide(lines, chosen), lines, issues), issues)
    return Layout(
        regions=tuple(_net_assets(lines, regions, issues)),
        cover=_read_cover(lines, front, min(end, first)),
        head=tuple(n for n in range(min(end, first) if end else first) if lines[n].strip()),
        keys=frozenset(label.key for label in (*front, *chosen)),
        issues=tuple(issues),
    )


def text_of(lines: Sequence[str], part: Piece) -> str:
    return lines[part.line][part.start : part.end].strip()


# ---------------------------------------------------------------- cover


def _cover_end(labels: Sequence[Label]) -> int:
    """The first line behind the cover: 0 where there is none."""
    inner = ("purpose", "address", "initial_capital", "funding_source", "sponsors", "ASSETS", "activities")
    body = next((label.first for label in labels if label.key in inner), 10**9)
    before = [label for label in labels if label.first < body]
    for label in before:
        if label.key == "IMPRINT":
            return label.last + 1
    names = [label for label in before if label.key == "name"]
    register = next((label for label in before if label.key == "REGISTER"), None)
    if register and names and names[0].first < register.first:
        return register.first
    if len(names) > 1:
        return names[1].first
    return next((label.first for label in labels if label.box.zone not in ("cover",) and label.key != "TITLE"), 0)


def _read_cover(lines: Sequence[str], labels: Sequence[Label], end: int) -> dict[str, str]:
    """uscc, year, name and legal representative as the lines before ``end`` print them."""
    found: dict[str, str] = {}
    taken = {piece.line for label in labels for piece in label.pieces}

    def behind(label: Label) -> str:
        value = text_of(lines, label.value)
        if value:
            return value
        follow = next((n for n in range(label.last + 1, end) if lines[n].strip()), None)
        return lines[follow].strip() if follow is not None and follow not in taken else ""

    for label in labels:
        key = "year" if label.key == "YEAR" else label.key
        if key in ("uscc", "year", "name", "legal_representative") and key not in found:
            value = behind(label)
            if not value or _YEAR_LINE.fullmatch(value) and key != "year":
                continue
            if key == "uscc":
                code = find_code(value)
                value = code.value if code else value.split()[0]
            found[key] = re.sub(r"\s", "", value) if key != "name" else value
    if "legal_representative" not in found:
        damaged = find_damaged(lines, table().boxes["legal_representative"], 0, end)
        if damaged and damaged.first not in taken and behind(damaged):
            found["legal_representative"] = re.sub(r"\s", "", behind(damaged))
    title = next((label.last for label in labels if label.key == "TITLE"), None)
    for number in range(end):
        line = lines[number].strip()
        year = _YEAR_LINE.fullmatch(line) or re.search(rf"年度报告书?\s*(?=[（(]){_YEAR_LINE.pattern}$", line)
        if year:
            found.setdefault("year", year[1])
        elif title is not None and number > title and number not in taken and "name" not in found:
            if BODY.search(line) and len(line) > 3:
                found["name"] = line
        elif "uscc" not in found and number not in taken and (code := find_code(line)) and len(line) == 18:
            found["uscc"] = code.value
    found.pop("year", None) if not re.search(r"\d{4}|[〇零一二]", found.get("year", "")) else None
    if "year" in found:
        match = re.search(r"[12]\d{3}|[一二][〇零○一二三四五六七八九]{3}", found["year"])
        found["year"] = match[0] if match else found["year"]
    return found


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
    if not (_SENTENCE_END.search(before) or signed or len(before) < 16):
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
    borders = _borders(lines, labels)
    current = -1
    start = labels[0].first if labels else len(lines)
    for n in range(start, len(lines)):
        current = borders.get(n, current)
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
    if _FURNITURE.fullmatch(text) and label.box.zone in ("report", "foot"):
        return True
    return label.key == "activities" and bool(re.fullmatch(r"\d{1,3}", text))


def _borders(lines: Sequence[str], labels: Sequence[Label]) -> dict[int, int]:
    """In a layout of columns: line → number of the label from whose box on it is, for lines above their label.

    Such a label stands at half the height of its box. Between two labels the rows are cut where both come to stand in
    the middle, and where the text above the cut is finished.
    """
    borders: dict[int, int] = {}
    chain: list[int] = []
    columns = sum(_beside(lines, label) for label in labels) >= 3
    for number in range(1, len(labels)):
        above, below = labels[number - 1], labels[number]
        gap = [n for n in range(above.last + 1, below.first) if lines[n].strip()]
        edge = max(_edge(lines, above), _edge(lines, below)) + 6
        if gap and columns and all(indent(lines[n]) >= edge for n in gap):
            if not chain:
                chain = [number - 1]
            chain.append(number)
            continue
        borders |= _cuts(lines, labels, chain)
        chain = []
    return borders | _cuts(lines, labels, chain)


def _edge(lines: Sequence[str], label: Label) -> int:
    return min(column(lines[piece.line], piece.start) for piece in label.pieces)


def _beside(lines: Sequence[str], label: Label) -> bool:
    """Whether a value stands in a column right of the label."""
    for piece in label.pieces:
        rest = lines[piece.line][piece.end :]
        if rest.strip() and len(rest) - len(rest.lstrip()) >= GAP:
            return True
    return False


def _cuts(lines: Sequence[str], labels: Sequence[Label], chain: Sequence[int]) -> dict[int, int]:
    """The best cuts for a chain of labels whose first box begins at its label and whose last ends before the next."""
    if not chain:
        return {}
    first = labels[chain[0]].first
    last = labels[chain[-1] + 1].first if chain[-1] + 1 < len(labels) else len(lines)
    while last > labels[chain[-1]].last + 1 and not lines[last - 1].strip():
        last -= 1
    rows = list(lines[first:last])
    for number in chain:
        for piece in labels[number].pieces:
            if first <= piece.line < last:
                rows[piece.line - first] = blanked(rows[piece.line - first], [piece])
    rows = [row.strip(" \u3000") for row in rows]
    # Brackets open at the end of each row, to tell at once how many stay open in a stretch.
    depth = [0, *accumulate(len(re.findall("[（(《“]", row)) - len(re.findall("[）)》”]", row)) for row in rows)]
    # state: first row of the box → (cost, cuts so far)
    states: dict[int, tuple[float, tuple[int, ...]]] = {first: (0.0, ())}
    for number, follow in zip(chain, [*chain[1:], -1], strict=True):
        label = labels[number]
        ends = range(label.last + 1, labels[follow].first + 1) if follow >= 0 else (last,)
        new: dict[int, tuple[float, tuple[int, ...]]] = {}
        for end in ends:
            finish = _unfinished(rows, end - first) if follow >= 0 else 0.0
            for start, (cost, cuts) in states.items():
                total = cost + abs(start + end - 1 - label.first - label.last) + finish
                total += 4.0 * (depth[end - first] > depth[start - first])
                if end not in new or total < new[end][0]:
                    new[end] = (total, (*cuts, end))
        states = new
    middle = min(states.values())[1]
    at_labels = (*(labels[number].first for number in chain[1:]), last)

    def price(cuts: Sequence[int]) -> float:
        """Unfinished texts, and by how many half rows labels stand off the middle beyond what rounding explains."""
        begins = (first, *cuts[:-1])
        off = (
            abs(a + b - 1 - labels[n].first - labels[n].last) - 1 for a, b, n in zip(begins, cuts, chain, strict=True)
        )
        return sum(max(0, o) for o in off if cuts is middle) + sum(
            max(0.0, _unfinished(rows, c - first)) for c in cuts[:-1]
        )

    # Where values begin at their labels the middles cannot be met.
    if price(at_labels) + _SURELY < price(middle):
        return {}
    return dict(zip(middle[:-1], chain[1:], strict=True))


def _unfinished(rows: Sequence[str], end: int) -> float:
    """What it costs to end a box before row ``end``: nothing where its text is finished there."""
    row = next((row for row in reversed(rows[:end]) if row), "")
    if not row:
        return 0.0
    price = 0.0 if _SENTENCE_END.search(row) or _is_date(row) or says_nothing(row) else 2.0
    if end < len(rows):
        price += 3.0 if _LATER.match(rows[end]) else -opens_paragraph(rows[end])
        price += 3.0 * bool(_is_date(rows[end]) or SIGNATURE.match(rows[end]))  # these end an opinion, they open none
    return price


def _is_date(row: str) -> bool:
    dates = find_dates(row)
    return bool(BLANK_DATE.fullmatch(row) or dates and dates[0].start == 0 and dates[0].end == len(row))


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
    return bool(_SENTENCE_END.search(words)) if box.key == "purpose" else fits(box.key, words)


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
    if len(below) == 2 and not given and all(len(pieces) == 1 for pieces in below.values()):
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
    else:
        given |= dict(zip(open_, rest, strict=False))
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
