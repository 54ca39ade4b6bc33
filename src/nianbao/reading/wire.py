"""What the limited process tells: one JSON object a line, and back. JSON because nothing in it can do anything.

A message is a ``Page``, an ``Issue`` or a ``Member``; of each only what differs from the default is written.
"""

from __future__ import annotations

import base64
import dataclasses
import json
from dataclasses import dataclass
from typing import Any

from nianbao.reading.layout import Cell, Line, Page
from nianbao.record import Issue


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file inside an archive: its name there and its bytes.

    fault: of one that cannot be unpacked, reason, remedy and code.
    """

    name: str
    data: bytes = b""
    fault: tuple[str, str, str] | None = None


Message = Page | Issue | Member


def encode(message: Message) -> str:
    """One line of JSON, without its line end."""
    if isinstance(message, Member):
        told: dict[str, Any] = {"member": message.name, "data": base64.b64encode(message.data).decode()}
        told |= {"fault": message.fault} if message.fault else {}
    else:
        told = {type(message).__name__.lower(): _plain(message)}
    return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def decode(told: dict[str, Any]) -> Message:
    """The message in a JSON object. Raises ValueError, TypeError or LookupError where it is none."""
    if "page" in told:
        page = told["page"]
        blocks = tuple(_line(block) if isinstance(block, dict) else _cells(block) for block in page.pop("blocks", ()))
        overlay = tuple(map(_line, page.pop("overlay", ())))
        return Page(blocks=blocks, overlay=overlay, **_tuples(page))
    if "member" in told:
        fault = tuple(map(str, told["fault"])) if "fault" in told else None
        data = base64.b64decode(told["data"], validate=True)
        return Member(name=str(told["member"]), data=data, fault=(fault[0], fault[1], fault[2]) if fault else None)
    return Issue(**told["issue"])


_DEFAULTS = {kind: [(f.name, f.default) for f in dataclasses.fields(kind)] for kind in (Page, Cell, Line, Issue)}


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | None):
        return value
    if isinstance(value, float):
        return round(value, 3)  # places in points, scores
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    pairs = ((name, getattr(value, name), default) for name, default in _DEFAULTS[type(value)])
    return {name: _plain(held) for name, held, default in pairs if held != default}


def _cells(found: list[dict[str, Any]]) -> tuple[Cell, ...]:
    return tuple(Cell(lines=tuple(map(_line, cell.pop("lines", ()))), **_tuples(cell)) for cell in found)


def _line(found: dict[str, Any]) -> Line:
    return Line(**_tuples(found))


def _tuples(found: dict[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in found.items()}
