"""Free text of boxes → declared changes, licences, gifts, opinions."""

import tomllib
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nianbao.form.changes import changes
from nianbao.form.gifts import donations
from nianbao.form.licences import qualifications
from nianbao.form.sections import institution_opinion, is_secrecy_reviewed, section, sponsor_opinion

CASES: dict[str, Any] = tomllib.loads((Path(__file__).parent / "cases" / "sections.toml").read_text(encoding="utf-8"))
Change = tuple[str, str | None, str | None, str | None]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "2024年度办理了法定代表人变更登记，由甲丁变更为乙丙，变更日期：2024年4月9日。",
            [("法定代表人", "甲丁", "乙丙", "2024-04-09")],
        ),
        (
            "我站按规定办理了开办资金变更登记（60.5万元变更为1,080.20万元），变更日期：2023年7月1日。",
            [("开办资金", "60.5万元", "1,080.20万元", "2023-07-01")],
        ),
        (
            "于2023年5月6日办理了法定代表人（由江一变更为江二）、住所（由堤岸路1号变更为堤岸路2号）变更登记。",
            [("法定代表人", "江一", "江二", "2023-05-06"), ("住所", "堤岸路1号", "堤岸路2号", "2023-05-06")],
        ),
        (
            "法定代表人由江一变更为江二；开办资金由50万元增加到80万元；单位名称由云泽市书馆更名为云泽市图书馆。",
            [
                ("法定代表人", "江一", "江二", None),
                ("开办资金", "50万元", "80万元", None),
                ("名称", "云泽市书馆", "云泽市图书馆", None),
            ],
        ),
        (
            "2024年3月，举办单位由云泽市文化局变更为云泽市文化和旅游局；2024年6月1日，经费来源由财政补助变更为经费自理。",
            [
                ("举办单位", "云泽市文化局", "云泽市文化和旅游局", None),
                ("经费来源", "财政补助", "经费自理", "2024-06-01"),
            ],
        ),
        (
            "1.法定代表人变更：变更前：江一，变更后：江二，变更时间：2024年7月1日。2.住所变更：变更前：甲路1号；变更后：乙路2号。",
            [("法定代表人", "江一", "江二", "2024-07-01"), ("住所", "甲路1号", "乙路2号", None)],
        ),
        ("办理了法定代表人、住所的变更登记。", [("法定代表人", None, None, None), ("住所", None, None, None)]),
        ("因领导调整，法定代表人变更为江二。", [("法定代表人", None, "江二", None)]),
        (
            "宗旨和业务范围由“开展教育”变更为“开展教育和培训”。",
            [("宗旨和业务范围", "开展教育", "开展教育和培训", None)],
        ),
        ("住所没有变更，法定代表人由江一变更为江二。", [("法定代表人", "江一", "江二", None)]),
        ("本年度名称、住所、法定代表人均未变更。", []),
        ("按《条例》执行，2024年度无变更事项。", []),
        ("未发生变更", []),
        ("", []),
    ],
)
def test_changes(text: str, expected: Sequence[Change]) -> None:
    found = changes(text, 0, len(text)).changes
    assert [(c.item, c.from_, c.to, c.date) for c in found] == list(expected)


def test_a_statement_can_say_none_and_name_a_change() -> None:
    text = "2024年度无变更事项。住所由甲路1号变更为乙路2号。"
    found = changes(text, 0, len(text))
    assert found.none
    assert [c.item for c in found.changes] == ["住所"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "检验检测机构资质认定证书（CMA），证书编号230012340011，有效期至2029年5月31日。",
            [("检验检测机构资质认定证书（CMA）", "230012340011", "2029-05-31")],
        ),
        (
            "《医疗机构执业许可证》，登记号：PDY00012345，有效期自2020年1月1日至2035年12月31日。"
            "放射诊疗许可证，证号：云卫放证字（2021）第0012号，有效期至2025年6月30日。",
            [
                ("医疗机构执业许可证", "PDY00012345", "2035-12-31"),
                ("放射诊疗许可证", "云卫放证字（2021）第0012号", "2025-06-30"),
            ],
        ),
        (
            "1.办学许可证，有效期2022.1.1-2027.1.1；2.食品经营许可证（编号JY00012345，有效期至2026-05-20）",
            [("办学许可证", None, "2027-01-01"), ("食品经营许可证", "JY00012345", "2026-05-20")],
        ),
        (
            "《林木种子许可证》（有效期至2025年4月2日）；质量管理体系认证证书，编号09A-1，有效期至2028年1月17日。",
            [("林木种子许可证", None, "2025-04-02"), ("质量管理体系认证证书", "09A-1", "2028-01-17")],
        ),
        ("取得测绘资质乙级证书", [("测绘资质乙级证书", None, None)]),
        ("资质认定证书、计量认证证书", [("资质认定证书", None, None), ("计量认证证书", None, None)]),
        ("无", []),
    ],
)
def test_licences(text: str, expected: Sequence[tuple[str, str | None, str | None]]) -> None:
    found = qualifications(text, 0, len(text)).licences
    assert [(x.name, x.number, x.valid_until) for x in found] == list(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "接受云泽市星河有限公司捐赠现金20万元，用于购置图书；接受华侨李小溪先生捐赠图书300册。",
            [("云泽市星河有限公司", 200000, "购置图书"), ("李小溪", None, None)],
        ),
        ("2024年收到市慈善会资助5万元，已全部用于困难学生补助。", [("市慈善会", 50000, "困难学生补助")]),
        ("市红十字会向我院捐赠救护车一辆，价值35万元，用于院前急救。", [("市红十字会", 350000, "院前急救")]),
        ("接受校友顾小舟捐赠文物9件，已入库建档，其中2件用于专题展。", [("顾小舟", None, "入库建档、专题展")]),
        ("捐赠人：王小力，金额1万元。", [("王小力", 10000, None)]),
        ("全年接受社会捐赠3万元。", [(None, 30000, None)]),
        ("全年接受社会各界捐赠，均按捐赠人意愿使用。", []),
        ("未接受捐赠资助。", []),
        ("无", []),
    ],
)
def test_gifts(text: str, expected: Sequence[tuple[str | None, int | None, str | None]]) -> None:
    whole = f"前文。{text}后文"
    found = donations(whole, 3, 3 + len(text)).gifts
    assert [(g.donor, g.amount.value if g.amount else None, g.use) for g in found] == [
        (donor, None if yuan is None else Decimal(yuan), use) for donor, yuan, use in expected
    ]
    for gift in found:
        if gift.amount:
            assert whole[gift.amount.start : gift.amount.end] == gift.amount.stated


@pytest.mark.parametrize(
    "words",
    [
        "该年度报告书情况属实,并经保密审查,可以向社会公示",
        "情况属实。该年度报告书已经保密审查，可以向社会公示。",
        "内容属实，经保密审查，予以公开。",
        "已通过保密审查，同意公示。",
        "同意公示。已进行保密审查。",
    ],
)
def test_secrecy_reviewed(words: str) -> None:
    assert is_secrecy_reviewed(words)


@pytest.mark.parametrize(
    "words", [None, "", "同意", "情况属实。", "未经保密审查。", "经保密审查，不同意公示", "保密审查未通过"]
)
def test_secrecy_not_reviewed(words: str | None) -> None:
    assert not is_secrecy_reviewed(words)


def test_opinions() -> None:
    text = "同意公示。"
    opinion = sponsor_opinion(text, 0, 5, "（公章）\n2025年3月4日")
    assert (opinion.stated, opinion.date, opinion.secrecy_reviewed, opinion.none) == (text, "2025-03-04", False, False)
    blank = institution_opinion(text, 5, 5, "法定代表人： 公章：\n年 月 日")
    assert (blank.stated, blank.date, blank.start, blank.end) == (None, None, 5, 5)


def test_plain_section() -> None:
    assert section("年度考核合格。", 0, 7).stated == "年度考核合格。"
    assert section("甲无乙", 1, 2).none
    assert section("甲无乙", 1, 1).stated is None


# ---------------------------------------------------------------- many wordings (cases/sections.toml)


@pytest.mark.parametrize("case", CASES["change"], ids=lambda case: case["text"][:12])
def test_wordings_of_changes(case: dict[str, Any]) -> None:
    found = changes(case["text"], 0, len(case["text"])).changes
    assert [[c.item, c.from_ or "", c.to or "", c.date or ""] for c in found] == case["rows"]


@pytest.mark.parametrize("case", CASES["licence"], ids=lambda case: case["text"][:12])
def test_wordings_of_licences(case: dict[str, Any]) -> None:
    found = qualifications(case["text"], 0, len(case["text"])).licences
    assert [[x.name, x.number or "", x.valid_until or ""] for x in found] == case["rows"]


@pytest.mark.parametrize("case", CASES["gift"], ids=lambda case: case["text"][:12])
def test_wordings_of_gifts(case: dict[str, Any]) -> None:
    text = "前。" + case["text"]
    found = donations(text, 2, len(text)).gifts
    assert [[g.donor or "", g.amount.value if g.amount else 0, g.use or ""] for g in found] == case["rows"]
    for gift in found:
        if gift.amount:
            assert text[gift.amount.start : gift.amount.end] == gift.amount.stated


@pytest.mark.parametrize("words", CASES["reviewed"])
def test_wordings_of_a_secrecy_review(words: str) -> None:
    assert is_secrecy_reviewed(words)


@pytest.mark.parametrize("words", CASES["unreviewed"])
def test_wordings_of_no_secrecy_review(words: str) -> None:
    assert not is_secrecy_reviewed(words)
