"""Events of narratives: who won or suffered what, and what is no event of the institution."""

import pytest

from nianbao.narrative.events import events
from nianbao.narrative.outline import outline
from nianbao.record import Event


def read(text: str, **names: object) -> tuple[Event, ...]:
    return events(text, outline(text), **names)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("协助县局荣获“先进承办单位”称号。", [("award", "先进承办单位", "县局", None)]),
        ("助力泊宁市获得“智创杯”技能竞赛团体第二名。", [("rank", "“智创杯”技能竞赛团体第二名", "泊宁市", None)]),
        ("我馆入选“省级研学基地”。", [("award", "省级研学基地", "我馆", None)]),
        ("中心荣获“全市先进集体”。", [("award", "全市先进集体", None, None)]),
        ("张三丰同志获评全省劳动模范。", [("award", "全省劳动模范", "张三丰同志", None)]),
        ("净水工艺项目获省环境保护科学技术奖三等奖。", [("award", "省环境保护科学技术奖三等奖", "净水工艺项目", None)]),
        ("我站被省林业厅评为先进集体。", [("award", "先进集体", "我站", "省林业厅")]),
        (
            "两篇论文分别荣获省档案学会优秀论文奖和入围论文奖。",
            [("award", "优秀论文奖", "两篇论文", "省档案学会"), ("award", "入围论文奖", "两篇论文", "省档案学会")],
        ),
        ("群众满意率位居全省第三。", [("rank", "位居全省第三", None, None)]),
        ("受到市民政局通报批评。", [("penalty", "通报批评", None, "市民政局")]),
        ("全年应诉行政案件14件。", [("lawsuit", "应诉行政案件", None, None)]),
        ("物业合同纠纷已和解撤诉。", [("lawsuit", "物业合同纠纷", None, None)]),
        ("被读者投诉3起，均已回复。", [("complaint", "被读者投诉", None, None)]),
        ("本馆在年度评估中被省文化厅评为一级馆。", [("award", "一级馆", "本馆", "省文化厅")]),
        ("省公证协会授予我处“示范单位”称号。", [("award", "示范单位", "我处", "省公证协会")]),
        ("六年级（2）班获“优秀中队”称号。", [("award", "优秀中队", "六年级（2）班", None)]),
        (
            "选手柳一在全省技能大赛中分获第一名和第三名。",
            [("rank", "第一名", "选手柳一", None), ("rank", "第三名", "选手柳一", None)],
        ),
        ("发稿量蝉联全市首位。", [("rank", "蝉联全市首位", None, None)]),
        ("患者家属孙某因费用争议向湖东区人民法院起诉我院。", [("lawsuit", "起诉", "我院", "患者家属孙某")]),
        ("当事人何某认为我处审查不严，诉至区人民法院。", [("lawsuit", "诉至区人民法院", "我处", "当事人何某")]),
        ("因登记有误被利害关系人提起行政诉讼。", [("lawsuit", "提起行政诉讼", None, "利害关系人")]),
        ("家长钱某就收费问题向教育局投诉我校。", [("complaint", "投诉", "我校", "家长钱某")]),
    ],
)
def test_events(text: str, expected: list[tuple[str, str, str | None, str | None]]) -> None:
    found = read(text)
    assert [(e.kind, e.name, e.recipient, e.by) for e in found] == expected
    for event in found:
        assert event.name in text[event.start : event.end]
        assert event.activity == "1"


@pytest.mark.parametrize(
    "text",
    [
        "获得市局主要领导批示肯定。",
        "节目获得群众文化类奖项40余件。",
        "受理投诉举报1200件，处理群众投诉35件。",
        "12345热线全年受理诉求12万件，按时办结率99%。",
        "查办违法案件56件，罚没金额28万元，对227家机构给予行政处罚。",
        "全年未受到行政处罚，无诉讼和投诉。",
        "调解劳动争议案件120件。",
        "收到读者投诉3起，均已回复。",
        "代理农民工向法院提起诉讼12件，支持起诉3件。",
        "市文旅局授予张三丰“优秀讲解员”称号。",
        "通过验收，获批建设用地20亩，取得较大突破。",
        "获取数据授权，及时获悉疫情信息。",
        "委托第三方开展测评，第一时间处置，完成第三期工程。",
        "排名前列，进入前十名。",
        "入选优株113株。",
    ],
)
def test_no_events(text: str) -> None:
    assert read(text) == ()


def test_the_institution_by_its_name_is_no_other_recipient() -> None:
    (event,) = read("云岭市图书馆荣获“书香单位”称号。", institution="云岭市图书馆")
    assert event.recipient is None


def test_offsets_and_activity() -> None:
    text = "一、服务。接待读者。\n二、荣誉。我馆荣获“书香单位”称号。"
    (event,) = events(text, outline(text), 11)
    assert event.activity == "2"
    assert text[event.start : event.end] == "我馆荣获“书香单位”称号"
