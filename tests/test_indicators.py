"""Which subjects are one indicator, and which never are."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.narrative.indicators import normal_subject

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
