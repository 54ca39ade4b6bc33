"""What errors say, in Chinese: they are told in English by the modules that find them (sentences.toml)."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path


@cache
def _known() -> list[tuple[re.Pattern[str], str]]:
    rows = tomllib.loads(Path(__file__).with_name("sentences.toml").read_text("utf-8"))["sentence"]
    return [(re.compile("(.+?)".join(map(re.escape, row["en"].split("{}"))), re.DOTALL), row["zh"]) for row in rows]


def chinese(text: str) -> str:
    """The sentence in Chinese, and what is filled in as well where it is a sentence itself; "" for an unknown one."""
    for pattern, zh in _known():
        if found := pattern.fullmatch(text):
            return zh.format(*(chinese(part) or part for part in found.groups()))
    return ""
