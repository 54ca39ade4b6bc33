"""A small line chart as the numbers that an inline SVG needs; the template draws it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 220, 56, 6


@dataclass(frozen=True, slots=True)
class Trend:
    """`points`: x, y, year and value in words, a year each; `line`: the ``points`` attribute of an SVG polyline."""

    points: tuple[tuple[float, float, str, str], ...]
    line: str
    width: int = WIDTH
    height: int = HEIGHT


def trend(values: Sequence[tuple[str, Decimal | None]], show: Callable[[Decimal], str] = str) -> Trend | None:
    """A chart of (year, value) in the order given; `show` puts a value into words with its unit.

    None with fewer than two values. Years without one are left out.
    """
    known = [(index, year, value) for index, (year, value) in enumerate(values) if value is not None]
    if len(known) < 2:
        return None
    low, high = min(value for _, _, value in known), max(value for _, _, value in known)
    spread = high - low or Decimal(1)
    across = (WIDTH - 2 * MARGIN) / (len(values) - 1)
    down = HEIGHT - 2 * MARGIN
    points = tuple(
        (
            round(MARGIN + index * across, 1),
            round(HEIGHT - MARGIN - float((value - low) / spread if high != low else Decimal("0.5")) * down, 1),
            year,
            show(value),
        )
        for index, year, value in known
    )
    return Trend(points, " ".join(f"{x},{y}" for x, y, _, _ in points))
