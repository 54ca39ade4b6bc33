"""The cover page: which lines it has, and what it prints."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nianbao.form.labels import Label, find_damaged, table, text_of
from nianbao.form.values import BODY, find_code

_YEAR_LINE = re.compile(r"[（(]?\s*([12]\d{3}|[一二][〇零○一二三四五六七八九]{3})\s*年\s*度\s*[)）]?")

_DIGITS = str.maketrans("０１２３４５６７８９", "0123456789")
_PRINTED = ("TITLE", "uscc", "YEAR", "name", "legal_representative", "IMPRINT")


def cover_lines(labels: Sequence[Label]) -> tuple[int, int]:
    """The lines [begin, end) of the cover, (0, 0) where there is none; it may stand behind other pages."""
    imprint = next((n for n, label in enumerate(labels) if label.key == "IMPRINT"), None)
    if imprint is not None and any(label.key not in _PRINTED for label in labels[:imprint]):
        begin = imprint
        while labels[begin - 1].key in _PRINTED[:-1] and labels[begin].first - labels[begin - 1].last < 8:
            begin -= 1
        # The register has a name and a representative too: a cover has its title, code or year.
        if any(label.key in _PRINTED[:3] for label in labels[begin:imprint]):
            return labels[begin].first, labels[imprint].last + 1
    return 0, _cover_end(labels)


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


def read_cover(lines: Sequence[str], labels: Sequence[Label], begin: int, end: int) -> dict[str, str]:
    """uscc, year, name and legal representative as the lines [begin, end) print them."""
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
        damaged = find_damaged(lines, table().boxes["legal_representative"], begin, end)
        if damaged and damaged.first not in taken and behind(damaged):
            found["legal_representative"] = re.sub(r"\s", "", behind(damaged))
    title = next((label.last for label in labels if label.key == "TITLE"), None)
    for number in range(begin, end):
        line = lines[number].strip()
        digits = line.translate(_DIGITS)
        year = _YEAR_LINE.fullmatch(digits) or re.search(rf"年度报告书?\s*(?=[（(]){_YEAR_LINE.pattern}$", digits)
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
