"""Our own sentences of tests/cases/narrative.txt: what each of them states, rule by rule of the annotation guide."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nianbao.narrative.events import events
from nianbao.narrative.outline import outline
from nianbao.narrative.quantities import metrics

ROOT = Path(__file__).resolve().parents[1]


def _score() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bench_score", ROOT / "bench" / "score.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


SCORE = _score()
CASES = list(SCORE.own_cases())


@pytest.mark.parametrize(("text", "gold"), CASES, ids=[text[:16] for text, _ in CASES])
def test_case(text: str, gold: dict[str, Any]) -> None:
    items = outline(text)
    found, told = list(metrics(text, items)), list(events(text, items))
    tally = SCORE.Tally()
    wrong = SCORE.score_metrics(tally, found, gold) | SCORE.score_events(tally, told, gold)
    for i, want in enumerate(gold["metrics"]):
        for name in want.get("doubt", ()):
            faults = [fault for fault in wrong.pop(str(i), "").split() if not fault.startswith(name)]
            if faults:
                wrong[str(i)] = " ".join(faults)
    assert wrong == {}


def test_there_are_many_and_of_every_rule() -> None:
    assert len(CASES) >= 90
    kinds = {metric["kind"] for _, gold in CASES for metric in gold["metrics"]}
    sums = {metric["accumulation"] for _, gold in CASES for metric in gold["metrics"]}
    bounds = {metric["bound"] for _, gold in CASES for metric in gold["metrics"]}
    told = {event["kind"] for _, gold in CASES for event in gold["events"]}
    assert (kinds, sums) == ({"level", "change"}, {"period", "to-date", "point"})
    assert bounds == {"exact", "more-than", "less-than", "about"}
    assert told == {"award", "rank", "penalty", "lawsuit", "complaint"}
