"""The example queries: ontology/queries/*.rq, each with ``# title:`` and ``# title-zh:`` in its first lines.

The groups of the query page are in examples.toml.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from nianbao.resources import ONTOLOGY


@dataclass(frozen=True, slots=True)
class Example:
    """A query with a title in each language; `name` is that of its file without ending."""

    name: str
    titles: dict[str, str]
    text: str


@cache
def examples() -> tuple[Example, ...]:
    """All examples, by name."""
    found = []
    for path in sorted((ONTOLOGY / "queries").glob("*.rq")):
        text = path.read_text("utf-8")
        titles = {
            lang: match[1].strip() if (match := re.search(rf"(?mi)^#\s*title{tag}:(.*)$", text)) else ""
            for lang, tag in (("en", "(?:-en)?"), ("zh", "-zh"))
        }
        first = next((line.lstrip("# ").strip() for line in text.splitlines() if line.startswith("#")), path.stem)
        found.append(Example(path.stem, {lang: title or first for lang, title in titles.items()}, text.strip() + "\n"))
    return tuple(found)


@cache
def grouped() -> tuple[tuple[dict[str, str], tuple[Example, ...]], ...]:
    """All examples by group: the group's title by language, and its queries. Empty groups are left out."""
    groups = tomllib.loads(Path(__file__).with_name("examples.toml").read_text("utf-8"))["group"]
    left = {item.name: item for item in examples()}
    found = [(group, [left.pop(name) for name in group["queries"] if name in left]) for group in groups]
    found[-1][1].extend(left.values())
    return tuple(({lang: group[lang] for lang in ("zh", "en")}, tuple(items)) for group, items in found if items)


def example(name: str) -> Example | None:
    """The example of that name, or None."""
    return next((item for item in examples() if item.name == name), None)
