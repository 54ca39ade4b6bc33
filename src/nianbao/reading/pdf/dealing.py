"""The printed lines of values dealt out, in order, to the rows of a form without rules, by where the labels stand.

Of all ways in which no line reaches into the lines of another label the cheapest is taken: the squares of how far each
value stands from its label, and something for a cut inside a paragraph. What is the same for a page is found by trying:
one habit (``_HABITS``), and for each part of the form one shift (of space below paragraphs).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nianbao.reading.layout import Box

_TOUCH = 0.2  # em by which boxes may reach into one another
_EMPTY = 1.0  # em² that a label without a value costs
_INSIDE = 0.5  # em² that a cut inside a paragraph costs
_AT_HEAD = 0.3  # em² that a value costs whose first line is beside that of its label, where others' middles are
_BROKEN = 0.5  # em² that a row costs at most which the page may break
_SHIFTS = (0.0, -0.2, 0.2, -0.4, 0.4, -0.6, -0.8)  # em; space stands below paragraphs, seldom above them
_AWAY = 0.1  # em² that a shift of one em costs a row …
_SHIFTED = 0.15  # … and that one costs a part of the form
_CLOSE = 0.2  # em² that a cut costs where the lines stand as close as those of one paragraph
_FULL = 2.0  # em from the right margin at most: a line that runs into it
_DOUBTFUL = 0.35  # em by which a value may stand otherwise than its label
_TIE = 0.12  # em² by which the next best place for a line must be worse
_NEVER = float("inf")
_HABITS = ("middle", "top", "mixed")
"""Where a value stands: at the middle of its label; beside its first line; or that at the head and this in the middle
of the row, whichever is higher."""


@dataclass(frozen=True, slots=True)
class Place:
    """A row by its labels: their box, the part of the form (rows of one part are shifted alike), whether lines are
    dealt out to it, and whether the page may break it."""

    box: Box
    zone: str
    takes: bool = True
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Printed:
    """A printed line of values: its box, whether its last character ends a sentence, and whether it is one that stands
    below others (seal, date)."""

    box: Box
    ended: bool = False
    below: bool = False


def dealt(
    places: Sequence[Place], printed: Sequence[Printed], em: float, *, open_below: bool
) -> tuple[list[int], set[int]] | None:
    """(how many lines stand before each row, the numbers of the rows in doubt); None where there is no way.

    Lines before the first row are the rest of a value of the page before. open_below: the page may break the last row.
    """
    best: tuple[float, list[int], set[int]] | None = None
    deal = _Deal(places, printed, em, open_below)
    for habit in _HABITS:
        shifts = deal.shifts(habit)
        found = deal.cheapest(habit, shifts) if shifts is not None else None
        if found and (best is None or found[0] < best[0] - 1e-6):
            best = (*found, deal.doubtful(found[1], habit, shifts or {}))
    return best[1:] if best else None


class _Deal:
    def __init__(self, places: Sequence[Place], printed: Sequence[Printed], em: float, open_below: bool) -> None:
        self.places, self.em, self.open_below = places, em, open_below
        self.tops = [line.box[1] for line in printed]
        self.feet = [line.box[3] for line in printed]
        self.lefts = [line.box[0] for line in printed]
        edge = max((line.box[2] for line in printed), default=0.0)
        inside = [not line.ended and edge - line.box[2] < _FULL * em for line in printed]
        gaps = [below - above for above, below in zip(self.feet, self.tops[1:], strict=False)]
        usual = sorted(gap for gap, within in zip(gaps, inside, strict=False) if within and gap > 0)
        close = 1.15 * usual[len(usual) // 2] if usual else 0.0
        # What a cut costs before each line, and behind the last one.
        self.seams = [_INSIDE * line.below for line in printed] + [0.0]
        for number, (within, gap) in enumerate(zip(inside, gaps, strict=False), 1):
            self.seams[number] = _INSIDE * (within or printed[number].below) + _CLOSE * (gap <= close)
        self.cuts = [self._cuts(number) for number in range(len(places))]

    def _cuts(self, number: int) -> range:
        """How many lines may stand before a row: none reaches into its labels or those of the row above."""
        slack = _TOUCH * self.em
        below = self.places[number].box[1] + slack
        most = next((at for at, foot in enumerate(self.feet) if foot > below), len(self.feet))
        above = self.places[number - 1].box[3] - slack if number else 0.0
        least = next((at + 1 for at in range(len(self.tops) - 1, -1, -1) if self.tops[at] < above), 0) if number else 0
        return range(least, most + 1)

    def distance(self, number: int, start: int, end: int, habit: str) -> float:
        """em by which the lines [start, end) stand below where the labels of a row do."""
        box = self.places[number].box
        head, foot = self.tops[start], self.feet[end - 1]
        if habit == "top" or (habit == "mixed" and foot - head < box[3] - box[1]):
            return (head - box[1]) / self.em
        return (head + foot - box[1] - box[3]) / 2 / self.em

    def cost(self, number: int, start: int, end: int, habit: str, shift: float) -> float:
        """What it costs that a row has the lines [start, end)."""
        place = self.places[number]
        if not place.takes:
            return 0.0 if start == end else _NEVER
        broken = place.cut or (self.open_below and number == len(self.places) - 1)
        if start == end:
            return min(_EMPTY, _BROKEN) if broken else _EMPTY
        if min(self.lefts[start:end]) < place.box[0]:
            return _NEVER
        found = (self.distance(number, start, end, habit) - shift) ** 2 + _AWAY * abs(shift)
        high = self.feet[end - 1] - self.tops[start]
        if habit != "top" and high - place.box[3] + place.box[1] > self.em:
            # Programs set a row that a page might have broken from its head on.
            found = min(found, self.distance(number, start, end, "top") ** 2 + _AT_HEAD)
        return min(found, _BROKEN) if broken and habit != "top" else found

    def cheapest(self, habit: str, shifts: dict[str, float]) -> tuple[float, list[int]] | None:
        """(the least cost, how many lines stand before each row)."""
        ways: dict[int, tuple[float, list[int]]] = {cut: (self.seams[cut], [cut]) for cut in self.cuts[0]}
        count = len(self.tops)
        for number, place in enumerate(self.places):
            last = number + 1 == len(self.places)
            shift = shifts.get(place.zone, 0.0)
            after: dict[int, tuple[float, list[int]]] = {}
            for end in (count,) if last else self.cuts[number + 1]:
                for start, (cost, before) in ways.items():
                    if start > end:
                        continue
                    total = cost + self.cost(number, start, end, habit, shift)
                    total += self.seams[end] if start < end else 0.0
                    if total < after.get(end, (_NEVER,))[0]:
                        after[end] = (total, before if last else [*before, end])
            ways = after
        return ways.get(count)

    def shifts(self, habit: str) -> dict[str, float] | None:
        """The likeliest shift of each part of the form; None where the lines cannot be dealt out."""
        best: dict[str, tuple[float, float]] = {}
        for shift in _SHIFTS:
            zones = {place.zone for place in self.places}
            found = self.cheapest(habit, dict.fromkeys(zones, shift))
            if found is None:
                return None
            ends = [*found[1], len(self.tops)]
            for zone in zones:
                cost = sum(
                    self.cost(number, ends[number], ends[number + 1], habit, shift) + self.seams[ends[number]]
                    for number, place in enumerate(self.places)
                    if place.zone == zone
                )
                cost += _SHIFTED if shift else 0.0
                if cost < best.get(zone, (_NEVER,))[0] - 1e-9:
                    best[zone] = (cost, shift)
            if all(cost <= _SHIFTED for cost, _ in best.values()):
                break  # no other shift is cheaper
        return {zone: self._exact(zone, shift, habit) for zone, (_, shift) in best.items()}

    def _exact(self, zone: str, shift: float, habit: str) -> float:
        """A shift between two that were tried: the middle one of the rows' own."""
        found = self.cheapest(habit, {zone: shift})
        ends = [*found[1], len(self.tops)] if found else []
        own = sorted(
            self.distance(number, ends[number], ends[number + 1], habit)
            for number, place in enumerate(self.places)
            if found and place.zone == zone and place.takes and ends[number] < ends[number + 1]
        )
        near = [each for each in own if abs(each - shift) < 0.2]
        return near[len(near) // 2] if near else shift

    def doubtful(self, cuts: Sequence[int], habit: str, shifts: dict[str, float]) -> set[int]:
        """The rows whose values stand elsewhere than their labels, or whose first or last line may be another's."""
        ends = [*cuts, len(self.tops)]
        cost = [
            self.cost(number, ends[number], ends[number + 1], habit, shifts.get(place.zone, 0.0))
            for number, place in enumerate(self.places)
        ]
        away = [_AWAY * abs(shifts.get(place.zone, 0.0)) for place in self.places]
        found = {
            number
            for number, place in enumerate(self.places)
            if place.takes and ends[number] < ends[number + 1] and cost[number] - away[number] > _DOUBTFUL**2
            if abs(self.distance(number, ends[number], ends[number + 1], "top")) > _DOUBTFUL
            if not place.cut and not (self.open_below and number == len(self.places) - 1)
        }
        for number in range(len(self.places)):
            for moved in (ends[number] - 1, ends[number] + 1):
                first = ends[number - 1] if number else 0
                if moved not in self.cuts[number] or not first <= moved <= ends[number + 1]:
                    continue
                then = self.cost(number, moved, ends[number + 1], habit, shifts.get(self.places[number].zone, 0.0))
                now = cost[number] + self.seams[ends[number]]
                then += self.seams[moved]
                if number:
                    zone = self.places[number - 1].zone
                    then += self.cost(number - 1, first, moved, habit, shifts.get(zone, 0.0))
                    now += cost[number - 1]
                if then - now < _TIE:
                    found |= {number, number - 1} - {-1}
        return found
