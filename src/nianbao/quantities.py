"""From amounts to metrics: what each number is said of, level or change, of what it is a part.

The rules follow the annotation guide that docs/metrics.md retells. They read one paragraph at a time, left to right,
and keep in mind what was said before: the subject that an elided one stands for, the total that 其中 divides, the
comparison (同比, 比上年) that reaches over commas.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from nianbao import clauses
from nianbao.amounts import Amount, amounts
from nianbao.flow import Flow, flow
from nianbao.lexicon import lexicon
from nianbao.record import Accumulation, Activity, Basis, Direction, Kind, Metric

SHARE = frozenset({"%", "‰", "百分点", "倍"})


@dataclass(slots=True, eq=False)
class Quantity:
    """A metric in the making. Offsets are those of the flow; ``of`` and ``part_of`` point to other quantities."""

    amount: Amount
    clause: int
    clause_end: int
    sentence: int
    left: str
    behind: str
    subject: str = ""
    own: bool = False
    """Whether the subject stands in the quantity's own words; else it is carried from an earlier one."""
    kind: Kind = "level"
    direction: Direction | None = None
    basis: Basis | None = None
    accumulation: Accumulation = "period"
    of: Quantity | None = None
    part_of: Quantity | None = None
    earlier: bool = False
    share: bool = False
    derived: bool = False
    group: int = 0
    parts: list[str] = field(default_factory=list)

    @property
    def unit(self) -> str | None:
        """The unit as printed."""
        return self.amount.unit

    @property
    def value(self) -> Decimal:
        """The value with scale words applied."""
        return self.amount.value


def metrics(text: str, activities: Sequence[Activity], start: int = 0, end: int | None = None) -> tuple[Metric, ...]:
    """Every quantity that ``text[start:end]`` states, in order.

    Offsets count in the whole ``text``; ``of`` and ``part_of`` are indexes into the result.
    """
    passage = flow(text, start, end)
    found: list[Quantity] = []
    heads = frozenset(a.start for a in activities if a.heading is not None)
    all_amounts = amounts(passage, heads)
    if not all_amounts:
        return ()
    from nianbao.links import link  # the rules of kind and of links need Quantity

    plain = clauses.masked(passage.text)
    edges = _edges(passage, plain, heads)
    paragraph: list[Quantity] = []
    line = -1
    for i, amount in enumerate(all_amounts):
        here = plain.rfind("\n", 0, amount.start)
        if here != line:
            found += link(paragraph, plain)
            paragraph, line = [], here
        before = all_amounts[i - 1] if i else None
        after = all_amounts[i + 1] if i + 1 < len(all_amounts) else None
        if amount.shared and before:
            after_range = _quantity(plain, edges, amount, all_amounts[i - 2] if i > 1 else None, after)
            paragraph.append(after_range)
            continue
        paragraph.append(_quantity(plain, edges, amount, before, after))
    found += link(paragraph, plain)
    return _records(text, passage, found, activities)


def _edges(passage: Flow, plain: str, heads: frozenset[int]) -> list[int]:
    """Where clauses begin: behind each stop, and at each mark of the outline."""
    edges = [0, *(m.end() for m in clauses.STOP.finditer(plain))]
    places = {offset: i for i, offset in enumerate(passage.at)}
    edges += [places[head] for head in heads if head in places]
    return sorted(set(edges))


def _quantity(plain: str, edges: list[int], amount: Amount, before: Amount | None, after: Amount | None) -> Quantity:
    """The amount with the words to its left and right in its clause."""
    clause = edges[bisect_right(edges, amount.start) - 1]
    begin = max(clause, before.end) if before and before.end <= amount.start else clause
    left = plain[begin : amount.start]
    stop = clauses.STOP.search(plain, amount.end)
    clause_end = stop.start() if stop else len(plain)
    limit = min(clause_end, after.start) if after and after.start >= amount.end else clause_end
    sentence = max(plain.rfind(c, 0, amount.start) for c in "。！？\n") + 1
    return Quantity(amount, clause, clause_end, sentence, left, plain[amount.end : limit])


def _records(text: str, passage: Flow, found: list[Quantity], activities: Sequence[Activity]) -> tuple[Metric, ...]:
    """The finished metrics, in the order of the text."""
    found.sort(key=lambda q: (q.amount.start, q.amount.shared))
    index = {id(q): i for i, q in enumerate(found)}
    result = []
    for q in found:
        a, b = passage.span(q.amount.start, q.amount.end)
        quote = text[a:b]
        result.append(
            Metric(
                activity=_activity(activities, a),
                subject=q.subject,
                value=q.value,
                unit=q.unit,
                stated=quote,
                kind=q.kind,
                bound=q.amount.bound,
                accumulation=q.accumulation,
                direction=q.direction,
                basis=q.basis,
                of=index.get(id(q.of)) if q.of else None,
                part_of=index.get(id(q.part_of)) if q.part_of else None,
                start=a,
                end=b,
                quote=quote,
                confidence=_confidence(q),
            )
        )
    return tuple(result)


def _activity(activities: Sequence[Activity], at: int) -> str | None:
    """The deepest item of the outline that spans an offset."""
    number = None
    for activity in activities:
        if activity.start <= at < activity.end:
            number = activity.number
    return number


def _confidence(q: Quantity) -> float:
    """How sure the reading is: less for numerals in words, no unit, carried subjects and guessed links."""
    sure = 0.97
    if not q.amount.firm:
        sure -= 0.12
    if not q.own:
        sure -= 0.1
    if q.kind == "change" and q.of is None:
        sure -= 0.05
    if not q.subject or len(q.subject) > 24:
        sure -= 0.1
    return round(max(sure, 0.3), 2)


def level_unit(q: Quantity) -> bool:
    """Whether a quantity can be a total or a part: no rate, no multiple."""
    return q.unit not in SHARE


def word_pattern(words: dict[str, Direction]) -> str:
    """An alternation of words, longest first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def change_words() -> dict[str, Direction]:
    """Change words with their direction."""
    return lexicon().change
