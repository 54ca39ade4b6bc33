"""Charts as SVG in text, for the HTML report and the server's pages: colours come from classes, nothing needs a script.

Each chart says in words what it shows, for those who do not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT, LEFT, TOP, BOTTOM = 240, 108, 12, 20, 32
LETTER, ABOVE, BELOW, TALL = 6.5, -7.0, 15.0, 8.5  # of a label: width of a letter, its baseline's distances, its height


def bar(parts: Sequence[tuple[str, float]], whole: float, said: str) -> str:
    """A bar of parts, each with its class and amount, on a ground that stands for `whole`; `said`: that in words."""
    rects, start = [], 0.0
    for name, amount in parts:
        width = 100 * amount / whole if whole else 0
        if width > 0:
            rects.append(f'<rect class="{escape(name)}" x="{start:.2f}" width="{width:.2f}" height="8"/>')
        start += width
    return (
        f'<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" role="img" aria-label="{escape(said)}">'
        f'<rect class="ground" width="100" height="8"/>{"".join(rects)}</svg>'
    )


def trend(points: Sequence[tuple[str, float, str]], title: str) -> str:
    """A line over the years: (year, share 0 to 1, its label). It ends at 100 % and begins at a round figure below
    the lowest point. A dot alone where there is one year; nothing for none."""
    if not points:
        return ""
    low = min(0.9, int(min(share for _, share, _ in points) * 10) / 10)
    across = (WIDTH - 2 * LEFT - 24) / max(len(points) - 1, 1)
    down = HEIGHT - TOP - BOTTOM
    places = [
        (LEFT + 12 + number * across, TOP + (1 - share) / (1 - low) * down, year, label)
        for number, (year, share, label) in enumerate(points)
    ]
    line = " ".join(f"{x:.1f},{y:.1f}" for x, y, _, _ in places)
    every = -(-len(places) // 6)  # as many labels as have room, the last among them
    marks = []
    for number, (x, y, year, label) in enumerate(places):
        marks.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"><title>{escape(f"{year} {label}")}</title></circle>')
        if (len(places) - 1 - number) % every == 0:
            marks.append(f'<text x="{x:.1f}" y="{_beside(places, number, label):.1f}">{escape(label)}</text>')
            marks.append(f'<text class="year" x="{x:.1f}" y="{HEIGHT - 3}">{escape(year)}</text>')
    words = escape(f"{title}: " + "; ".join(f"{year} {label}" for year, _, label in points))
    return (
        f'<svg class="rates" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{words}">'
        f'<line class="axis" x1="{LEFT}" x2="{WIDTH - LEFT}" y1="{HEIGHT - 14}" y2="{HEIGHT - 14}"/>'
        f'<polyline points="{line}"/>{"".join(marks)}</svg>'
    )


def _beside(places: Sequence[tuple[float, float, str, str]], number: int, label: str) -> float:
    """The baseline of a point's label: above the point, or below it where the line runs less into it there."""
    x, y = places[number][:2]
    half = LETTER * len(label) / 2 + 2

    def hidden(baseline: float) -> float:
        """How much of the label's width the line runs through, in twentieths."""
        steps = [x - half + half * step / 10 for step in range(21)]
        return sum(
            baseline - TALL - 1.5 <= at <= baseline + 1.5 for step in steps if (at := _height(places, step)) is not None
        )

    return min((y + ABOVE, y + BELOW), key=hidden)


def _height(places: Sequence[tuple[float, float, str, str]], x: float) -> float | None:
    """Where the line is at `x`; None beside it."""
    for (left, high, _, _), (right, low, _, _) in zip(places, places[1:], strict=False):
        if left <= x <= right:
            return high + (low - high) * (x - left) / (right - left)
    return None
