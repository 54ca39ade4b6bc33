"""From amounts to metrics: what each number is said of, level or change, of what it is a part.

The rules follow the annotation guide that docs/metrics.md retells. They read one paragraph at a time, left to right,
and keep in mind what was said before: the subject that an elided one stands for, the total that 其中 divides, the
comparison (同比, 比上年) that reaches over commas.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

from nianbao.narrative import clauses
from nianbao.narrative.amounts import Amount, amounts
from nianbao.narrative.clauses import Quantity
from nianbao.narrative.flow import Flow, flow
from nianbao.narrative.links import link
from nianbao.narrative.subjects import begins_with_act
from nianbao.record import Activity, Metric


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
    plain = clauses.masked(passage.text)
    edges = _edges(passage, plain, heads)
    sentences = [0, *(m.end() for m in clauses.SENTENCE.finditer(plain))]
    paragraph: list[Quantity] = []
    for i, amount in enumerate(all_amounts):
        if i and _new_paragraph(plain, all_amounts[i - 1].start, amount.start):
            found += link(paragraph, plain)
            paragraph = []
        before = next((a for a in all_amounts[max(0, i - 4) : i][::-1] if a.end <= amount.start), None)
        after = next((a for a in all_amounts[i + 1 : i + 3] if a.start >= amount.end), None)
        paragraph.append(_quantity(plain, edges, sentences, amount, before, after))
    found += link(paragraph, plain)
    return _records(text, passage, found, activities)


def _new_paragraph(plain: str, before: int, here: int) -> bool:
    """Whether a paragraph begins between two numbers; one that begins with 其中 goes on with the one before."""
    feed = plain.rfind("\n", before, here)
    return feed >= 0 and not plain.startswith("其中", feed + 1)


def _edges(passage: Flow, plain: str, heads: frozenset[int]) -> list[int]:
    """Where clauses begin: behind each stop, and at each mark of the outline."""
    edges = [0, *(m.end() for m in clauses.STOP.finditer(plain))]
    places = ((head, bisect_left(passage.at, head)) for head in heads)
    edges += [i for head, i in places if i < len(passage.at) and passage.at[i] == head]
    return sorted(set(edges))


def _quantity(
    plain: str, edges: list[int], sentences: list[int], amount: Amount, before: Amount | None, after: Amount | None
) -> Quantity:
    """The amount with the words to its left and right in its clause."""
    clause = edges[bisect_right(edges, amount.start) - 1]
    begin = max(clause, before.end) if before and before.end <= amount.start else clause
    left = plain[begin : amount.start]
    stop = clauses.STOP.search(plain, amount.end)
    clause_end = stop.start() if stop else len(plain)
    limit = min(clause_end, after.start) if after and after.start >= amount.end else clause_end
    sentence = sentences[bisect_right(sentences, amount.start) - 1]
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
                subject=clauses.unmasked(q.subject),
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


def _maybe_stock(q: Quantity) -> bool:
    """Whether things are counted and no known act tells that they were done: they may be what there is."""
    counted = q.kind == "level" and q.accumulation == "period" and q.unit not in clauses.SHARE and q.unit != "元"
    return counted and not (q.unit or "").endswith("次") and not begins_with_act(q.subject)


def _confidence(q: Quantity) -> float:
    """How sure the whole reading is, subject and links included; the weights are measured (docs/metrics.md).

    At least 0.9: a change whose level is known, or a level with a subject of seven characters or more before its number
    that is neither a part nor perhaps a stock. Value, unit and kind alone are right far more often.
    """
    length = len(q.subject)
    carried = q.kind == "change" and q.of is not None
    doubts = (
        (not q.amount.firm, 0.12),
        (length < 3 and not carried, 0.4),
        (3 <= length < 6 and not carried, 0.12),
        (length == 6 and not carried, 0.09),
        (q.carried and not carried, 0.08),
        (length > 20, 0.08),
        (not q.own and q.unit in clauses.SHARE and not carried, 0.08),
        (not carried and bool(clauses.noun_behind(q.behind)), 0.1),
        (q.accumulation == "point", 0.2),
        (q.part_of is not None, 0.08),
        (q.kind == "change" and q.of is None, 0.08),
        (q.group != 0, 0.08),
        (not carried and _maybe_stock(q), 0.08),
    )
    return round(max(0.97 - sum(weight for doubt, weight in doubts if doubt), 0.3), 2)
