"""Passages on the picture of the page where they are printed.

Only where the person who runs the server has named the folder of the files (``serve --originals``): a page shows all
that is printed on it, also who filled in the form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence

from flask import Blueprint, Response, abort, current_app, request, url_for

blueprint = Blueprint("originals", __name__)

Rectangle = tuple[float, float, float, float]
Pictures = Callable[[str, int, Sequence[Rectangle]], bytes | None]
"""(hash of the file, page, places to mark as x0, y0, x1, y1 in points) → PNG, or None where the file is not there."""

_PRINTED = re.compile(r"sha256-([0-9a-f]{64})#page=(\d{1,6})&viewrect=([\d.]+,[\d.]+,[\d.]+,[\d.]+)$")
_MOST_MARKS = 40


def addresses(printed: Iterable[str]) -> list[tuple[int, str]]:
    """(page, address of its picture) for the places that ``nb:printedAt`` names; none where pictures are not shown."""
    if current_app.extensions.get("nianbao-pictures") is None:
        return []
    pages: dict[tuple[str, int], list[str]] = {}
    for place in printed:
        if found := _PRINTED.search(place):
            pages.setdefault((found[1], int(found[2])), []).append(found[3])
    return [
        (page, url_for("originals.picture", sha256=sha256, page=page, mark=marks[:_MOST_MARKS]))
        for (sha256, page), marks in sorted(pages.items(), key=lambda item: item[0][1])
    ]


@blueprint.route("/original/<sha256>/<int:page>.png")
def picture(sha256: str, page: int) -> Response:
    """A page of a report's file as PNG; ``mark=left,top,width,height`` (points, may be repeated) is highlighted."""
    pictures: Pictures | None = current_app.extensions.get("nianbao-pictures")
    if pictures is None or not re.fullmatch(r"[0-9a-f]{64}", sha256):
        abort(404)
    marks = [_rectangle(words) for words in request.args.getlist("mark")[:_MOST_MARKS]]
    shown = pictures(sha256, page, marks)
    if shown is None:
        abort(404)
    return Response(shown, mimetype="image/png")


def _rectangle(words: str) -> Rectangle:
    sides = words.split(",")
    if len(sides) != 4 or not all(re.fullmatch(r"\d{1,5}(\.\d{1,3})?", side) for side in sides):
        abort(400, "mark is left,top,width,height in points, for example mark=139,420.7,14,14")
    left, top, width, height = map(float, sides)
    return left, top, left + width, top + height
