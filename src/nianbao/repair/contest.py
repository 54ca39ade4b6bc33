"""The last word on chunks in doubt: a small network judges their best readings, then all are ranked again."""

from __future__ import annotations

from collections.abc import Sequence

from nianbao.repair.language_model import FOLD_MARKS, LanguageModel, symbols
from nianbao.repair.network import FAR, Case, Network, window
from nianbao.repair.ranking import DocumentModel, Reading, Unit, Weights, rank

CONTESTANTS = 8  # readings of a chunk that are judged …
NEAR_ENOUGH = -7.0  # … if their log probability is not less


def contestants(readings: Sequence[Reading]) -> list[Reading]:
    """Those of ranked readings, best first, that the network is asked about."""
    return [one for one in readings[:CONTESTANTS] if one.chance > NEAR_ENOUGH] or list(readings[:1])


def case(units: Sequence[Unit], number: int, network: Network) -> Case:
    """What the network is asked about a unit: its readings between the best ones of its neighbours."""
    before: list[str] = []
    i = number
    while len(before) < FAR and not units[i].opens and i > 0:
        i -= 1
        before = [*symbols(units[i].readings[0].text), *before]
    opens = len(before) < FAR and units[i].opens
    behind: list[str] = []
    j = number
    while len(behind) < FAR and not units[j].closes and j + 1 < len(units):
        j += 1
        behind += symbols(units[j].readings[0].text)
    return Case(
        [network.encode(one.text.translate(FOLD_MARKS)) for one in units[number].readings],
        network.encode(window(before, opens)),
        network.encode(behind[:FAR]),
    )


def judge(units: Sequence[Unit], numbers: Sequence[int], network: Network) -> None:
    """Let the network judge all readings of the units of these numbers."""
    found = network.judge([case(units, number, network) for number in numbers])
    for number, (forward, backward) in zip(numbers, found, strict=True):
        for one, by_before, by_behind in zip(units[number].readings, forward, backward, strict=True):
            one.judged = float(by_before), float(by_behind)


def contest(units: list[Unit], scorer: DocumentModel, model: LanguageModel, weights: Weights, network: Network) -> None:
    """Rank the best readings of every unit again, with what the network says; ``weights`` are those of this ranking."""
    ranked = [unit.readings for unit in units]
    for unit in units:
        unit.readings = contestants(unit.readings)
    judge(units, [i for i, unit in enumerate(units) if len(unit.readings) > 1], network)
    sure = [unit.readings[0].chance for unit in units]
    rank(units, scorer, model, weights)
    for unit, before, chance in zip(units, ranked, sure, strict=True):
        if len(unit.readings) == 1:
            unit.readings[0].chance = chance
        unit.readings += before[len(unit.readings) :]
