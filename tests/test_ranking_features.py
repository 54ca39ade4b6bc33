"""Figures of the ranking: units, lists, clauses, borders of runs; weights found from examples."""

import pytest

from nianbao.repair.decoder import Chunk
from nianbao.repair.features import Figures, clauses, geometry, quantities, unit_at
from nianbao.repair.fit import bracket, maximise
from nianbao.repair.ranking import JUDGED, load_weights


def of_quantity(text: str, number: str | None = "<many>", right: str = "") -> Figures:
    out: Figures = {}
    quantities(text, number, right, out)
    return {name: value for name, value in out.items() if value}


def of_clauses(left: str, text: str, right: str, closes: bool = False) -> Figures:
    out: Figures = {}
    clauses(left, text, right, closes, out)
    return out


@pytest.mark.parametrize(("text", "size"), [("批次，查出", 2), ("次，批", 1), ("个工作日内", 1), ("查出", 0), ("", 0)])
def test_longest_unit(text: str, size: int) -> None:
    assert unit_at(text) == size


def test_behind_a_number() -> None:
    assert of_quantity("批次，查出") == {"number unit 2": 1, "unit then ，": 1}
    assert of_quantity("次，批查出") == {"number unit 1": 1, "unit then ，": 1}
    assert of_quantity("，批次") == {"number bare": 1}
    assert of_quantity("多万小时")["more before scale <many>"] == 1
    assert of_quantity("万多小时")["more behind scale <many>"] == 1
    assert of_quantity("。次", None) == {"stray 次": 1}
    assert of_quantity("以上", "<percent>") == {"percent then word": 1}


def test_lists_with_like_members() -> None:
    alike = of_clauses("处理", "来电登记率、来信办结率、来访答复率均", "提高")
    unlike = of_clauses("处理", "来电登记率、来信办结率来访、答复率均", "提高")
    assert alike["list same end"] == 1
    assert "list same end" not in unlike
    assert alike["again 2"] >= unlike["again 2"]


def test_order_words_and_ends() -> None:
    assert of_clauses("。", "抓学习。二是抓落实。", "", closes=True)["order word"] == 1
    assert of_clauses("。", "抓学习二是。抓落实。", "", closes=True)["order word inside"] == 1
    assert of_clauses("", "抓落实。", "一是抓")["head behind stop"] == 1
    assert of_clauses("", "抓。落实", "一是抓")["head behind other"] == 1
    assert of_clauses("，", "其。中学，", "到")["clause of 1"] == 1


def test_borders_and_pieces() -> None:
    chunk = Chunk("甲丙，乙丁戊己", tuple(range(7)), (False, True, False, False, True, False, False))
    out: Figures = {}
    geometry(chunk, (0, 3, 1, 2, 4, 5, 6), out)
    assert out["cut short 1"] == out["cut behind mark"] == 1
    assert out["pieces"] == 4
    assert "cut short 2" not in out


def test_brackets() -> None:
    assert bracket("“甲", 0, False) == (1, 0)
    assert bracket("“甲", 0, True)[1] == 1
    assert bracket("甲”", 0, False)[1] == 1


def test_weights_follow_the_examples() -> None:
    right, wrong = {"good": 1.0}, {"bad": 1.0, "rare": 1.0}
    examples = [([right, wrong], 0), ([{"bad": 1.0}, {"good": 1.0}], 1)] * 10
    weights, loss = maximise(examples)
    assert weights["good"] > 0 > weights["bad"]
    assert loss < 0.5


def test_shipped_weights_make_sense() -> None:
    rankings = load_weights()
    for weights in (rankings.first, rankings.last):
        assert weights["model"] > 0
        assert weights["words"] > 0
        assert weights["bracket"] < 0
        assert weights["clause of 1"] < 0
    assert all(rankings.last[name] > 0 for name in JUDGED)
    assert not any(name in rankings.first for name in JUDGED)
