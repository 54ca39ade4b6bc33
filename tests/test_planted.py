"""Faults planted in clean reports are found, and what looks like one is not accused (cases/planted.toml).

The whole chain: text → record → RDF → audit, each case by itself; the pairs are audited beside each other.
"""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from nianbao.mapping import rdf
from nianbao.quality import across, audit
from nianbao.quality.rulebook import rulebook
from nianbao.report import read_report
from nianbao.storage.store import rows

Boxes = dict[str, Any]
HERE = Path(__file__).parent
PLANTED: dict[str, Any] = tomllib.loads((HERE / "cases/planted.toml").read_text("utf-8"))
BASE: dict[str, Boxes] = PLANTED["base"]
REGISTER = (
    ("单位名称", "name"), ("宗旨和业务范围", "purpose"), ("住所", "address"), ("法定代表人", "legal"),
    ("开办资金", "capital"), ("经费来源", "funding"), ("举办单位", "sponsor"),
)  # fmt: skip
TEXTS = (
    ("对《条例》和实施细则有关变更登记规定的执行情况", "changes"), ("开展业务活动情况", "activities"),
    ("相关资质认可或执业许可证明文件及有效期", "licences"), ("绩效和受奖惩及诉讼投诉情况", "awards"),
    ("接受捐赠资助及其使用情况", "gifts"),
)  # fmt: skip


def printed(boxes: Boxes, colon: bool) -> str:
    """A report as text, `label：value` or each label before its value on a line of its own."""

    def box(label: str, key: str) -> list[str]:
        if key not in boxes:
            return []
        value = str(boxes[key])
        if colon:
            return [f"{label}：{value}" if key != "activities" else f"{label}：\n{value}"]
        return [label, value] if key in ("purpose", *(key for _, key in TEXTS)) else [f"{label} {value}".rstrip()]

    cover = [
        f"统一社会信用代码：{boxes['code']}", "事业单位法人年度报告书", f"（{boxes['year']}年度）",
        f"单位名称：{boxes['cover_name']}", f"法定代表人：{boxes['cover_legal']}", "国家事业单位登记管理局制",
    ]  # fmt: skip
    lines = [] if boxes.get("nocover") else cover
    lines += ["《事业单位法人证书》登载事项", *(line for row in REGISTER for line in box(*row))]
    lines += ["资产损益情况", "净资产合计（所有者权益合计）"]
    lines += [*box("年初数（万元）", "opening"), *box("年末数（万元）", "closing")]
    lines += [*box("网上名称", "online"), *box("从业人数", "staff"), *(line for row in TEXTS for line in box(*row))]
    for label, opinion, signed in (
        ("事业单位委托意见", "inst_op", "inst_date"),
        ("举办单位意见（含保密审查意见）", "spon_op", "spon_date"),
    ):
        if opinion in boxes:
            lines += [
                *box(label, opinion),
                "法定代表人：          公章：" if opinion == "inst_op" else "公章：",
                str(boxes[signed]),
            ]
    lines.append(f"填表人：{boxes['filler']}    联系电话：{boxes['phone']}    报送日期：{boxes['date']}")
    return "\n".join(lines) + "\n"


def with_words(activities: str, add: str | None, add2: str | None = None) -> str:
    lines = activities.split("\n")
    first = 0 if activities.startswith("一是") else 1
    if add:
        lines[first] += add
    if add2:
        lines[3 if first and len(lines) > 4 else 2] += add2
    return "\n".join(lines)


def changed(base: str, change: Boxes) -> Boxes:
    told = {key: value for key, value in change.items() if key not in ("drop", "add", "add2")}
    boxes = {key: value for key, value in (BASE[base] | told).items() if key not in change.get("drop", ())}
    if "activities" in boxes:
        boxes["activities"] = with_words(boxes["activities"], change.get("add"), change.get("add2"))
    return boxes


def found_in(text: str, folder: Path) -> list[ox.Quad]:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return list(rdf.quads(read_report(path)))


CASES = [
    (f"{one['rule']}-{'fault' if one['planted'] else 'none'}-{number}", one)
    for number, one in enumerate(PLANTED["case"])
]
PAIRS = [
    (f"{one['rule']}-{'fault' if one['planted'] else 'none'}-{number}", one)
    for number, one in enumerate(PLANTED["pair"])
]


@pytest.mark.parametrize("colon", [True, False])
def test_the_bases_are_clean(tmp_path: Path, colon: bool) -> None:
    for name, boxes in BASE.items():
        found = audit.check(found_in(printed(boxes, colon), tmp_path))
        assert [(name, f.rule, f.message.zh) for f in found] == []


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The rules that each case breaks."""
    folder = tmp_path_factory.mktemp("planted")
    texts = [printed(changed(one["base"], one["change"]), number % 2 == 0) for number, (_, one) in enumerate(CASES)]
    each = audit.check_many(found_in(text, folder) for text in texts)
    return {name: {f.rule for f in found} for (name, _), found in zip(CASES, each, strict=True)}


@pytest.mark.parametrize(("name", "case"), CASES, ids=[name for name, _ in CASES])
def test_a_planted_fault_is_found_and_nothing_like_it(
    alone: dict[str, set[str]], name: str, case: dict[str, Any]
) -> None:
    assert (case["rule"] in alone[name]) == case["planted"], case["change"]


# ---------------------------------------------------------------- two reports


def pair(base: str, old: Boxes, new: Boxes) -> tuple[Boxes, Boxes]:
    """Last year's report, or that of another institution (`other`), and this year's."""
    now = changed(base, new)
    told = {k: v for k, v in old.items() if k not in ("years", "other", "own", "swap", "same", "samewords", "add")}
    if "other" in old:
        former = changed(old["other"], ({} if old.get("own") else {"activities": now["activities"]}) | told)
        for one, another in old.get("swap", ()):
            former["activities"] = former["activities"].replace(one, another)
        return former, now
    names = list(BASE)
    text = BASE[base if old.get("same") or old.get("samewords") else names[(names.index(base) + 1) % len(names)]][
        "activities"
    ]
    if old.get("samewords"):
        figure = r"\d[\d,]*(?:\.\d+)?(?=[万人张册次份例台场个项条亩件卷名%])"
        text = re.sub(figure, lambda m: f"{float(m[0].replace(',', '')) * 1.37 + 3:.{'.' in m[0]:d}f}", text)
    years = old.get("years", 1)
    former = BASE[base] | {
        "activities": with_words(text, old.get("add")),
        "closing": now["opening"],
        "year": 2024 - years,
    }
    for key in ("inst_date", "spon_date", "date"):
        former[key] = former[key].replace("2025", str(2025 - years))
    former["changes"] = former["changes"].replace("2024", str(2024 - years))
    return former | told, now


class Together:
    """Reports in one graph, as a store."""

    def __init__(self, quads: Iterator[ox.Quad]) -> None:
        self.graph = ox.Store()
        self.graph.extend(ox.Quad(q.subject, q.predicate, q.object) for q in quads)

    def select(self, query: str) -> list[across.Row]:
        found = self.graph.query(query)
        assert isinstance(found, ox.QuerySolutions)
        return rows(found)

    def construct(self, query: str) -> list[ox.Triple]:
        found = self.graph.query(query)
        assert isinstance(found, ox.QueryTriples)
        return list(found)


@cache
def book() -> Any:
    return rulebook()


@pytest.mark.parametrize(("name", "case"), PAIRS, ids=[name for name, _ in PAIRS])
def test_of_two_reports(name: str, case: dict[str, Any], tmp_path: Path) -> None:
    reports = pair(case["base"], case["old"], case["new"])
    colon = int(name.rpartition("-")[2]) % 2 == 0
    store = Together(quad for boxes in reports for quad in found_in(printed(boxes, colon), tmp_path))
    found = {
        f.rule for part in across.check_across(store, book(), restricted=True) for each in part.values() for f in each
    }
    assert (case["rule"] in found) == case["planted"], (case["old"], case["new"])
