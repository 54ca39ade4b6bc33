"""The network that judges readings, and the last ranking that it takes part in."""

import numpy as np
import pytest

from nianbao.repair.contest import case, contestants
from nianbao.repair.decoder import Chunk
from nianbao.repair.network import FAR, Case, Network, load, pack, window
from nianbao.repair.ranking import Reading, Unit


@pytest.fixture(scope="module")
def network() -> Network:
    return load()


def asked(network: Network, readings: list[str], before: str, behind: str) -> Case:
    return Case([network.encode(one) for one in readings], network.encode(before), network.encode(behind))


def test_chinese_is_liked_better(network: Network) -> None:
    readings = ["积极开展读者服务活动，", "开积极展读者服务活动，", "积极开展读者活服务动，"]
    [(forward, backward)] = network.judge([asked(network, readings, "全年我馆", "取得良好效果。")])
    assert forward.argmax() == backward.argmax() == 0


def test_cases_are_judged_for_themselves(network: Network) -> None:
    """Together or alone, in whatever order: a case gets the same scores."""
    cases = [
        asked(network, ["服务，", "务，服"], "为读者提供", "受到好评"),
        asked(network, ["推动工作落实", "推动落实工作", "工作推动落实"], "", ""),
        asked(network, ["，批次"], "抽检食品", "合格"),
    ]
    together = network.judge(cases)
    for one, found in zip(cases, together, strict=True):
        [alone] = network.judge([one])
        for left, right in zip(alone, found, strict=True):
            np.testing.assert_allclose(left, right, atol=1e-3)
    assert network.judge([]) == []


def test_weights_come_back_from_8_bits() -> None:
    values = np.array([[0.5, -3.0], [0.25, 1.0], [-0.125, 0.0]], dtype=np.float32)
    packed, scale = pack(values)
    assert packed.dtype == np.int8
    np.testing.assert_allclose(packed * scale, values, atol=0.02)


def test_window_tells_where_the_paragraph_begins() -> None:
    assert window(["本", "馆"], opens=True) == ["<start>", "本", "馆"]
    assert window(["本", "馆"], opens=False) == ["本", "馆"]
    assert len(window(["馆"] * 40, opens=True)) == FAR


def test_contestants_are_few_and_near() -> None:
    readings = [Reading((0,), "甲", (7,), chance=-0.1 * i) for i in range(12)] + [
        Reading((0,), "乙", (8,), chance=-20.0)
    ]
    assert contestants(readings) == readings[:8]
    assert contestants(readings[-1:]) == readings[-1:]


def test_a_case_stays_in_its_paragraph(network: Network) -> None:
    def unit(text: str, *, opens: bool = False, closes: bool = False) -> Unit:
        return Unit(0, Chunk(text, (), ()), [Reading((), text, ())], opens=opens, closes=closes)

    units = [
        unit("前段。", closes=True),
        unit("本馆", opens=True),
        unit("开展"),
        unit("活动。", closes=True),
        unit("后段"),
    ]
    found = case(units, 2, network)
    assert found.before == network.encode(["<start>", "本", "馆"])
    assert found.behind == network.encode("活动。")
