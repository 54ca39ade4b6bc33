"""Which language a visitor reads, and the words of the pages in it.

Order: ``?lang=`` (kept in a cookie), the cookie, ``Accept-Language``, Chinese. Words are in labels.toml.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from flask import Request, Response

LANGUAGES = ("zh", "en")


@cache
def labels() -> dict[str, dict[str, str]]:
    """All words: key → language → text."""
    found: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("labels.toml").read_text("utf-8"))
    return found


def word(key: str, language: str, **values: object) -> str:
    """The words for `key`; ``{name}`` in them is replaced by the value of that name."""
    text = labels()[key][language]
    return text.format(**values) if values else text


def chosen(request: Request) -> str:
    """The language of this request."""
    for wish in (request.args.get("lang"), request.cookies.get("lang")):
        if wish in LANGUAGES:
            return wish
    best = request.accept_languages.best_match([*LANGUAGES, "zh-CN", "zh-Hans", "zh-TW"], "zh")
    return (best or "zh")[:2]


def remember(request: Request, response: Response) -> Response:
    """Keep a language that was asked for by ``?lang=`` for the next pages."""
    wish = request.args.get("lang")
    if wish in LANGUAGES and wish != request.cookies.get("lang"):
        response.set_cookie("lang", wish, max_age=365 * 24 * 3600, samesite="Lax", httponly=True)
    return response
