"""Which subjects are one indicator, and which never are."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SKOS, Graph, URIRef

from nianbao.narrative.indicators import frequent, known_indicator, normal_subject
from nianbao.narrative.outline import outline
from nianbao.narrative.quantities import metrics
from nianbao.resources import ONTOLOGY
from nianbao.vocabulary import NB, NBI

SAME = [
    ["接待读者", "全年接待读者", "2024年接待读者", "我馆接待读者", "全年共接待读者", "累计接待读者", "接待了读者"],
    ["在职职工", "全院在职职工", "年末在职职工", "本中心在职职工", "在职职工总数", "现有在职职工", "在职职工总人数"],
    ["受理诉求", "受理各类诉求", "全年共受理各类诉求", "受理诉求数量", "本年度受理诉求"],
    ["馆藏文献", "馆藏文献总量", "馆藏文献总数", "截至2023年底馆藏文献", "我馆馆藏文献"],
    ["举办讲座", "举行讲座", "举办各类讲座", "举办了讲座", "先后举办讲座"],
    ["门急诊诊疗", "门急诊诊疗人次", "全年门急诊诊疗人次"],
    ["整改隐患", "整改各类隐患", "整改 隐患", "共整改隐患"],
    ["CT检查", "ＣＴ检查", "全年CT检查"],
]

APART = [
    ["开展培训", "完成培训", "参加培训", "培训", "组织培训", "计划培训"],
    ["接待读者", "接待观众", "接待少儿读者", "日均接待读者"],
    ["公立医院", "民营医院", "全市医院", "医院", "基层医疗机构"],
    ["收入", "收入总计", "财政拨款收入", "事业收入", "支出", "支出总计", "人均收入"],
    ["办结率", "按时办结率", "满意率", "接通率", "办结件"],
    ["新增藏书", "藏书", "电子藏书", "人均藏书", "藏书占比"],
    ["线上活动", "线下活动", "活动"],
    ["全市床位", "床位", "开放床位", "新增床位", "每千人口床位"],
    ["年初结转", "年末结转", "结转"],
    ["上年收入", "收入预算"],
    ["共享数据", "共建基地", "共有产权房", "数据", "基地"],
    ["门诊费用", "门诊次均费用", "住院费用"],
    ["一级文物", "二级文物", "文物"],
    ["全馆长培训", "本级财政拨款", "财政拨款"],
]


@pytest.mark.parametrize("subjects", SAME, ids=[row[0] for row in SAME])
def test_one_indicator(subjects: list[str]) -> None:
    assert {normal_subject(subject) for subject in subjects} == {subjects[0]}


@pytest.mark.parametrize("subjects", APART, ids=[row[0] for row in APART])
def test_never_merged(subjects: list[str]) -> None:
    for one, other in itertools.combinations(subjects, 2):
        assert normal_subject(one) != normal_subject(other)


def test_different_rows_stay_different() -> None:
    firsts = [row[0] for row in SAME]
    assert len({normal_subject(subject) for subject in firsts}) == len(firsts)


@given(st.text(alphabet="全年我馆本院共累计各类接待读者举办了讲座总数量人次2024年（）“”、的 A１", max_size=20))
def test_stable_and_never_empty(subject: str) -> None:
    once = normal_subject(subject)
    assert bool(once) == bool("".join(subject.split()))
    assert normal_subject(once) == once


# ---------------------------------------------------------------- the curated list

KNOWN = [
    ("全年共接待读者", "人次", "readerVisits"),
    ("我馆接待读者", "人次", "readerVisits"),
    ("书刊文献外借", "册次", "loans"),
    ("门急诊人次", "人次", "outEmergencyVisits"),
    ("出院患者", "人次", "discharges"),
    ("2024年完成手术", "台", "surgeries"),
    ("平均住院日", "天", "lengthOfStay"),
    ("举办了讲座", "场", "lectures"),
    ("举办培训班", "期", "trainings"),
    ("检测样品", "份", "samplesTested"),
    ("按时办结率", "%", "onTimeRate"),
    ("群众满意率", "%", "satisfaction"),
    ("在职职工总数", "人", "staffMembers"),
    ("授权发明专利", "件", "inventionPatents"),
    ("发放不动产权证书", "本", "titleCertificates"),
    ("总收入", "元", "revenue"),
]
# Near misses: another thing, another part, another place, another unit, another act.
UNKNOWN = [
    ("接待读者", "人"),
    ("接待少儿读者", "人次"),
    ("日均接待读者", "人次"),
    ("全市接待读者", "人次"),
    ("接待读者", "%"),
    ("新增接待读者", "人次"),
    ("外借图书", "册"),
    ("电子图书外借", "册次"),
    ("儿科门诊", "人次"),
    ("次均门诊费用", "元"),
    ("出院患者平均费用", "元"),
    ("外科手术", "台"),
    ("手术", "%"),
    ("平均住院日", "%"),
    ("参加讲座", "场"),
    ("线上讲座", "场"),
    ("计划举办培训班", "期"),
    ("不合格样品", "份"),
    ("办结率", "件"),
    ("问卷满意人数", "人"),
    ("离退休职工", "人"),
    ("申请发明专利", "件"),
    ("抵押登记", "件"),
    ("人均收入", "元"),
    ("收入", "元"),
    ("救助", "人次"),
    ("志愿者", "人"),
    ("检查", "家次"),
]


@pytest.mark.parametrize(("subject", "unit", "name"), KNOWN)
def test_wordings_of_the_curated_list(subject: str, unit: str, name: str) -> None:
    assert known_indicator(subject, unit) == NBI + name


@pytest.mark.parametrize(("subject", "unit"), UNKNOWN)
def test_near_misses_are_no_curated_indicator(subject: str, unit: str) -> None:
    assert known_indicator(subject, unit) is None


def test_the_curated_list_names_nothing_twice() -> None:
    graph = Graph().parse(ONTOLOGY / "indicators" / "frequent.ttl")
    nodes = set(graph.subjects(RDF.type, URIRef(NB + "Indicator")))
    assert 60 <= len(nodes) <= 150
    taken: dict[tuple[str, str], str] = {}
    for node in sorted(nodes):
        words = {
            str(w)
            for p in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)
            for w in graph.objects(node, p)
            if w.language == "zh"
        }
        assert all(normal_subject(str(word)) == str(word) for word in graph.objects(node, SKOS.altLabel))
        for word in {normal_subject(word) for word in words}:
            for unit in graph.objects(node, URIRef(NB + "unitWord")):
                assert taken.setdefault((word, str(unit)), str(node)) == str(node), (word, unit)
        for broader in graph.objects(node, SKOS.broader):
            assert broader in nodes
            assert broader not in graph.objects(node, SKOS.narrower)
    assert set(frequent()) == set(taken)
    english = [str(label) for node in nodes for label in graph.objects(node, SKOS.prefLabel) if label.language == "en"]
    assert len(english) == len(set(english))


def test_what_two_institutions_say_is_one_indicator() -> None:
    texts = ("全年接待读者12万人次，外借图书8万册次。", "2023年，我馆接待到馆读者30.5万人次，书刊外借21万册次。")
    found = [[known_indicator(m.subject, m.unit) for m in metrics(text, outline(text))] for text in texts]
    assert found[0] == found[1] == [NBI + "readerVisits", NBI + "loans"]
