"""The planted faults are found, and clean reports are not accused: `make score` in full, its limits here."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture(scope="module")
def bench() -> ModuleType:
    path = Path(__file__).parents[1] / "bench/audit_score.py"
    spec = importlib.util.spec_from_file_location("audit_score", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def test_faults_of_the_corpus(bench: ModuleType, shared: Path) -> None:
    score = bench.corpus(shared / "corpus/reports")
    assert len(score.planted) >= 40
    assert score.recall >= bench.LEAST_RECALL, score.missed
    assert score.wrong <= bench.MOST_FALSE, score.false


def test_faults_of_the_samples(bench: ModuleType) -> None:
    score = bench.samples()
    assert len(score.planted) >= 40
    assert score.recall >= bench.LEAST_RECALL, score.missed
    assert score.wrong <= bench.MOST_FALSE, score.false


def test_what_a_score_says(bench: ModuleType) -> None:
    score = bench.Score({("a", "R01"), ("a", "R02"), ("b", "R01"), ("b", "R03")}, {("a", "R01"), ("b", "R02")})
    assert (score.missed, score.false) == ({("a", "R02"), ("b", "R01"), ("b", "R03")}, {("b", "R02")})
    assert (score.recall, score.wrong) == (0.25, 0.5)
