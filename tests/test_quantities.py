"""Metrics of narratives: our own sentences, each with what it says."""

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.narrative.lexicon import lexicon
from nianbao.narrative.outline import outline
from nianbao.narrative.quantities import metrics
from nianbao.numerals import NumeralError, parse_number
from nianbao.record import Metric


def read(text: str) -> tuple[Metric, ...]:
    found = metrics(text, outline(text))
    for m in found:
        assert text[m.start : m.end] == m.quote == m.stated
    return found


def values(text: str) -> list[tuple[float, str | None]]:
    return [(float(m.value), m.unit) for m in read(text)]


# ------------------------------------------------------------ numerals


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1,016.7", "1016.7"),
        ("26.13亿", "2613000000"),
        ("1.21万亿", "1210000000000"),
        ("21万3千", "213000"),
        ("2万6千多", "26000"),
        ("13千余", "13000"),
        ("3亿5千万", "350000000"),
        ("三百多", "300"),
        ("十二点五", "12.5"),
        ("一百零五", "105"),
        ("三千五", "3500"),
        ("两万零三十", "20030"),
        ("二〇二四", "2024"),
        ("０．５", "0.5"),
        ("百", "100"),
        ("0.00", "0"),
    ],
)
def test_numerals(text: str, value: str) -> None:
    assert parse_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "  ", "近千", "abc", "3人"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(NumeralError):
        parse_number(text)


def in_words(n: int) -> str:
    """A whole number below 10^8 in Chinese numerals."""
    digits = "零一二三四五六七八九"

    def section(m: int) -> str:
        out, gap = "", False
        for scale, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            d, m = divmod(m, scale)
            if d:
                out += ("零" if gap and out else "") + digits[d] + name
                gap = False
            else:
                gap = True
        return out

    high, low = divmod(n, 10_000)
    if not high:
        return section(low) or "零"
    return section(high) + "万" + (("零" if low < 1000 else "") + section(low) if low else "")


@given(st.integers(min_value=0, max_value=99_999_999))
def test_numbers_written_in_any_style_read_back(n: int) -> None:
    assert parse_number(in_words(n)) == n
    assert parse_number(f"{n:,}") == n
    assert parse_number(f"{n / 10_000:.4f}万") == n


# ------------------------------------------------------------ values, units, spans


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全年接待读者12.5万人次。", [(125000, "人次")]),
        ("办证 1,093 张，退证 20 余张。", [(1093, "张"), (20, "张")]),
        ("平均用时1.4个工作日。", [(1.4, "工作日")]),
        ("提高了3.2个百分点。", [(3.2, "百分点")]),
        ("年均惠及人次达12.67万。", [(126700, "人次")]),
        ("全市在馆文物132.7万。", [(1327000, None)]),
        ("土壤含量27.4克/千克，单价8元/平方米。", [(27.4, "克/千克"), (8, "元/平方米")]),
        ("分发材料三百多份次，会诊八十九次。", [(300, "份次"), (89, "次")]),
        ("藏品3,418件（套），展厅1200㎡。", [(3418, "件（套）"), (1200, "㎡")]),
        ("价格高出6—8元。", [(6, "元"), (8, "元")]),
        ("准确率九成五，损耗率百分之七点五，占八成以上。", [(95, "%"), (7.5, "%"), (80, "%")]),
        ("举办百场演出，近千人观看。", [(100, "场"), (1000, "人")]),
        ("缩短半年，集训两个半月。", [(6, "月"), (2.5, "月")]),
        ("产值翻一番，收入增长近一倍。", [(100, "%"), (100, "%")]),
        ("经营收入0.00万元。", [(0, "元")]),
        ("服务4.5万家企业下载报告28万份。", [(45000, "家"), (280000, "份")]),
        ("收到锦旗18面，拍摄短片三部。", [(18, "面"), (3, "部")]),
        ("pH值由5.3升到5.6，最高影响因子6.63。", [(5.3, None), (5.6, None), (6.63, None)]),
        ("A率、B率和C率均保持100%。", [(100, "%")] * 3),
        ("基金收、支总计90万元。", [(900000, "元")] * 2),
    ],
)
def test_values_and_units(text: str, expected: list[tuple[float, str | None]]) -> None:
    assert values(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2024年3月15日召开年度会议，截至12月31日完成。",
        "12345热线、12315平台和96001专线全年畅通。",
        "坚持24小时值守，实行7×24小时服务，365天不打烊。",
        "开展“双随机、一公开”，落实三会一课和八项规定。",
        "贯彻党的二十届三中全会和十三届人大二次会议精神。",
        "排名第三，位列前十，第一时间响应，第三方测评。",
        "“粤盾-2024”演练、721工程、Y两优900、PM2.5、5G、A4纸。",
        "京发〔2024〕3号文件，第十二条规定，GB/T 7714标准。",
        "八年来，近三年，连续7年，五年间，十四五期间。",
        "60岁以上老人、3至5岁幼儿和90后职工。",
        "从三个方面推进，强化四个意识，做到两个维护。",
        "实现零事故，进一步统一思想，四川三亚两岸。",
        "师生比1:15，早上8:30开馆，二期工程和平台（一期）。",
        "智慧平台“1+6+N”模式，《2023年度报告》已公示。",
        "三分之一的学员，数十家企业，几百名群众，一条热线。",
        "覆盖全市两区三县，每千人口、每10万人。",
        "住所在6号楼3层，联系电话0000-1234567。",
    ],
)
def test_no_metrics(text: str) -> None:
    assert values(text) == []


@pytest.mark.parametrize(
    ("text", "bound", "quote"),
    [
        ("接待近7万人。", "about", "近7万人"),
        ("接待约 150 人。", "about", "约 150 人"),
        ("发放20余万份。", "more-than", "20余万份"),
        ("接待3万多人。", "more-than", "3万多人"),
        ("开放不少于56小时。", "more-than", "不少于56小时"),
        ("开放150天以上。", "more-than", "150天以上"),
        ("差错率0.3‰以内。", "less-than", "0.3‰以内"),
        ("不足200天。", "less-than", "不足200天"),
        ("节约150万小时。", "exact", "150万小时"),
        ("预约2000人次。", "exact", "2000人次"),
        ("总量达12万册。", "exact", "12万册"),
        ("举办百场活动。", "about", "百场"),
    ],
)
def test_bounds_and_spans(text: str, bound: str, quote: str) -> None:
    (m,) = read(text)
    assert (m.bound, m.quote) == (bound, quote)


# ------------------------------------------------------------ level or change


@pytest.mark.parametrize(
    ("text", "direction", "basis", "of"),
    [
        ("接待12万人，同比增长5%。", "increase", "year-on-year", 0),
        ("总量26亿条，增长10.67%。", "increase", "not-stated", 0),
        ("迁出档案2819户，比上年减少26%。", "decrease", "year-on-year", 0),
        ("日处理50件，同比上升8件。", "increase", "year-on-year", 0),
        ("卷宗145万卷2717万页，同比增长11%。", "increase", "year-on-year", None),
        ("受理128万件，日均3514件，同比增长11%。", "increase", "year-on-year", 0),
        ("经费由494万元增至978万元，年均增长14.6%。", "increase", "not-stated", 1),
    ],
)
def test_changes(text: str, direction: str, basis: str, of: int | None) -> None:
    m = read(text)[-1]
    assert (m.kind, m.direction, m.basis, m.of) == ("change", direction, basis, of)


@pytest.mark.parametrize(
    "text",
    [
        "成员单位增加到7261家。",
        "占比提升至30%。",
        "新增藏书2万册。",
        "增加6个站点。",
        "收入是上年的2.2倍。",
        "完成预算的104.3%。",
        "亩均增收310元。",
    ],
)
def test_levels(text: str) -> None:
    assert [(m.kind, m.direction, m.basis) for m in read(text)] == [("level", None, None)]


@pytest.mark.parametrize(
    "text", ["床位增加40张。", "减少人工派单近六成。", "修复率提升12个百分点。", "跑动减少2次。", "带宽提速20倍。"]
)
def test_differences_without_a_level(text: str) -> None:
    assert [(m.kind, m.of) for m in read(text)] == [("change", None)]


def test_comparison_reaches_further_changes_of_the_same_level_only() -> None:
    found = read("支出697万元，较上年减少1.1万元，下降0.16%；罚款105万元，下降22%。")
    assert [m.basis for m in found] == [None, "year-on-year", "year-on-year", None, "not-stated"]
    assert [m.of for m in found] == [None, 0, 0, None, 3]


def test_comparison_before_a_list() -> None:
    found = read("有床位150张、医护人员60人，与上年比较，床位增加5张，医护人员增加8人。")
    assert [(m.basis, m.of) for m in found[2:]] == [("year-on-year", 0), ("year-on-year", 1)]


def test_from_to_gives_two_levels() -> None:
    found = read("发证率由68%提升至85%。")
    assert [(m.subject, m.kind, float(m.value)) for m in found] == [("发证率", "level", 68), ("发证率", "level", 85)]


def test_dealt_out_values() -> None:
    found = read("收入和支出分别增长4.53%、9.97%。")
    assert [(m.subject, float(m.value), m.kind) for m in found] == [("收入", 4.53, "change"), ("支出", 9.97, "change")]
    found = read("门诊费用256元、住院费用8900元，同比分别下降1.9%、3.1%。")
    assert [(m.kind, m.of) for m in found[2:]] == [("change", 0), ("change", 1)]


# ------------------------------------------------------------ parts, accumulation, subjects


def test_parts() -> None:
    found = read("行政复议案件17件，其中维持11件、撤销4件、在审2件。征集图纸50卷，同比增长2%，其中电子30卷。")
    assert [m.part_of for m in found] == [None, 0, 0, 0, None, None, 4]
    assert found[2].subject == "撤销行政复议案件"


def test_shares_point_to_the_total() -> None:
    found = read("收入690万元，其中拨款收入600万元，占87%；事业收入90万元，占13%。")
    assert [m.part_of for m in found] == [None, 0, 0, 0, 0]
    assert found[2].subject == "拨款收入占比"


def test_addends_of_a_stated_sum() -> None:
    assert [m.part_of for m in read("因修缮闭馆89天，因天气闭馆61天，共计150天。")] == [2, 2, None]


def test_rates_are_no_parts() -> None:
    assert [m.part_of for m in read("病床使用率79.4%，其中公立医院86.0%。")] == [None, None]


@pytest.mark.parametrize(
    ("text", "accumulation"),
    [
        ("在编职工236人。", ["point"]),
        ("馆藏总量86万册。", ["point"]),
        ("接待读者86万人次。", ["period"]),
        ("累计推送档案10万户。", ["to-date"]),
        ("2023年累计推送档案10万户。", ["period"]),
        ("自上线以来服务个体户9.97万户。", ["to-date"]),
        ("截至2023年底，发布信息34条。", ["to-date"]),
        ("每周开放56小时。", ["period"]),
        ("累计化解小区58个、2.15万户。", ["to-date", "to-date"]),
    ],
)
def test_accumulation(text: str, accumulation: list[str]) -> None:
    assert [m.accumulation for m in read(text)] == accumulation


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("2024年，全年共接待参观游客7万人。", ["接待参观游客"]),
        ("集中通报318起典型案例。", ["集中通报典型案例"]),
        ("举办讲座12场、展览3个。", ["举办讲座", "举办展览"]),
        ("统防统治面积41万亩，覆盖率52%。", ["统防统治面积", "统防统治覆盖率"]),
        ("推行“容缺登记”，办理742宗，涉及金额9.3亿元。", ["办理“容缺登记”", "“容缺登记”涉及金额"]),
        ("征集图纸3.6万卷81万页。", ["征集图纸", "征集图纸"]),
        ("题库试题新增415道、删除92道。", ["题库试题新增", "删除题库试题"]),
        ("每万人床位数61.4张。", ["每万人床位数"]),
        ("30秒接通率95%。", ["30秒接通率"]),
        ("打击假冒知名品牌、无证经营等8类违法行为。", ["打击假冒知名品牌、无证经营等违法行为"]),
        ("约150人参加。", ["参加"]),
    ],
)
def test_subjects(text: str, subjects: list[str]) -> None:
    assert [m.subject for m in read(text)] == subjects


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("仲裁案件17件，其中调解11件、裁决4件、在办2件。", ["调解仲裁案件", "裁决仲裁案件", "在办仲裁案件"]),
        (
            "行政复议案件17件，其中维持11件、撤销4件、在审2件。",
            ["维持行政复议案件", "撤销行政复议案件", "在审行政复议案件"],
        ),
        ("受理投诉52件，其中办结47件、转办3件、退回2件。", ["办结投诉", "转办投诉", "退回投诉"]),
        ("受理投诉52件（其中办结47件、转办3件、退回2件）。", ["办结投诉", "转办投诉", "退回投诉"]),
        ("仲裁案件17件，其中：调解11件，裁决4件，在办2件。", ["调解仲裁案件", "裁决仲裁案件", "在办仲裁案件"]),
        ("审结劳动争议63件，其中和解30件、驳回12件、终止21件。", ["和解劳动争议", "驳回劳动争议", "终止劳动争议"]),
        ("受理信访事项45件，其中转送41件、不予受理4件。", ["转送信访事项", "不予受理信访事项"]),
        ("审查规范性文件28份，其中通过21份、退改7份。", ["通过规范性文件", "退改规范性文件"]),
        ("收到提案35件，其中采纳29件、留作参考6件。", ["采纳提案", "留作参考提案"]),
        ("检定计量器具940台，其中合格921台、停用19台。", ["合格计量器具", "停用计量器具"]),
        ("培训学员640人次，其中线上420人次、现场220人次。", ["线上学员", "现场学员"]),
        ("借出图书3600册，其中少儿类1200册、文学类2400册。", ["少儿类图书", "文学类图书"]),
        ("检查单位230家，其中整改41家、停业3家。", ["整改单位", "停业单位"]),
        ("受理申请96件，其中备案61件、退件35件。", ["备案申请", "退件申请"]),
        ("收治患者1200人次，其中转院30人次、住院86人次。", ["转院患者", "住院患者"]),
        ("馆藏文献30万册，其中图书26万册、报刊4万册。", ["图书", "报刊"]),
        ("走访企业120家，其中工业企业80家、农业企业40家。", ["工业企业", "农业企业"]),
        ("接种疫苗2.1万剂，其中一类1.5万剂、二类0.6万剂。", ["一类疫苗", "二类疫苗"]),
    ],
)
def test_each_part_has_its_own_words_and_the_noun_of_the_total(text: str, subjects: list[str]) -> None:
    found = read(text)
    assert [m.subject for m in found[1:]] == subjects
    assert {m.part_of for m in found[1:]} == {0}


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("推行“容缺登记”，办理742宗，涉及面积9.3万平方米。", ["办理“容缺登记”", "“容缺登记”涉及面积"]),
        ("推广“水权易”，成交58宗，涉及水量120万立方米。", ["成交“水权易”", "“水权易”涉及水量"]),
        ("评出一等奖12项、二等奖25项、三等奖40项。", ["评出一等奖", "二等奖", "三等奖"]),
        ("评定特等奖1名、优秀奖18名。", ["评定特等奖", "优秀奖"]),
        ("实现技术突破3项。", ["实现技术突破"]),
        ("借出图书3600册，归还3500册。", ["借出图书", "归还图书"]),
    ],
)
def test_subjects_of_lists_and_named_things(text: str, subjects: list[str]) -> None:
    assert [m.subject for m in read(text)] == subjects


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("讲解服务1,352场，较2023年下降3.2%。", "讲解服务"),
        ("巡展服务86场，比2021年增加12场。", "巡展服务"),
        ("培训学员2140人，与2022年相比增长6.5%。", "培训学员"),
        ("网站访问量120万人次，较年初增长9%。", "网站访问量"),
        ("服务群众3.4万人次，同比增长8%，较2020年增长21%。", "服务群众"),
    ],
)
def test_another_base_than_last_year_is_not_year_on_year(text: str, subject: str) -> None:
    found = read(text)
    assert (found[-1].subject, found[-1].kind, found[-1].basis, found[-1].of) == (subject, "change", "not-stated", 0)


@pytest.mark.parametrize(
    ("text", "bound", "accumulation"),
    [
        ("粉丝量突破5.2万。", "exact", "point"),
        ("服务人次突破了8万。", "exact", "period"),
        ("实现技术突破3项。", "exact", "period"),
        ("受理案件，累计达到612件。", "exact", "to-date"),
        ("征集线索35条，累计达到612条。", "exact", "to-date"),
        ("微信阅读量是上年的1.5倍。", "exact", "period"),
    ],
)
def test_more_than_and_to_date(text: str, bound: str, accumulation: str) -> None:
    m = read(text)[-1]
    assert (m.kind, m.bound, m.accumulation) == ("level", bound, accumulation)


def test_metrics_know_their_activity() -> None:
    text = "前言中有3件事项。\n一、服务。办件5件。\n一是窗口。办件6件。\n二、安全。检查7次。"
    assert [m.activity for m in read(text)] == [None, "1", "1.1", "2"]


def test_links_stay_in_their_paragraph() -> None:
    found = read("接待读者12万人次。\n同比增长5%。")
    assert found[1].of is None


# ------------------------------------------------------------ typesetting


PLAIN = "一、服务。全年接待读者12.5万人次，同比增长10.67%，其中少儿3万多人次。新增藏书2万册，举办讲座48场。"


def test_blanks_round_digits_change_nothing() -> None:
    spaced = PLAIN.replace("12.5", " 12.5 ").replace("10.67", " 10.67").replace("48", " 48 ").replace("2万", " 2 万")
    assert [(m.value, m.unit, m.subject, m.of, m.part_of) for m in read(spaced)] == [
        (m.value, m.unit, m.subject, m.of, m.part_of) for m in read(PLAIN)
    ]


@given(st.integers(min_value=18, max_value=40))
def test_wrapped_lines_keep_every_value(width: int) -> None:
    text = PLAIN * 3
    wrapped, at = "", 0
    while at < len(text):  # a line never ends inside a number
        end = min(at + width, len(text))
        while end < len(text) and (text[end].isascii() or text[end - 1].isascii()):
            end += 1
        wrapped, at = wrapped + text[at:end] + "\n", end
    assert values(wrapped) == values(text)


@given(
    st.text(alphabet="0123456789.,一二三百万亿个件次%年月日，。、其中同比增长从到至（）“”\n 率占均分别", max_size=60)
)
def test_any_text_is_read_and_quoted(text: str) -> None:
    found = read(text)
    for m in found:
        assert 0 <= m.confidence <= 1
        assert m.of is None or found[m.of].kind == "level"
        assert m.part_of is None or m.part_of < len(found)


def test_only_the_given_stretch_is_read() -> None:
    text = "甲5件。乙6件。丙7件。"
    found = metrics(text, (), 4, 8)
    assert [(m.quote, m.start) for m in found] == [("6件", 5)]


# ------------------------------------------------------------ tables, the real report


def test_every_row_has_a_reason(root: Any) -> None:
    import tomllib

    table = tomllib.loads((root / "src/nianbao/narrative/units.toml").read_text("utf-8"))
    for kind, rows in table.items():
        for row in rows:
            assert row.get("reason"), (kind, row)


def test_negatives_are_all_named_once() -> None:
    names = [negative.name for negative in lexicon().negatives]
    assert len(names) == len(set(names))


def test_committed_score_holds_no_text(root: Any) -> None:
    score = json.loads((root / "bench/score.json").read_text("utf-8"))
    for faults in score["wrong"].values():
        assert all(len(fault) < 120 and "。" not in fault for fault in faults.values())


SEED = """
13个 315个 66家 9类 2613000000条 10.67% 11090000次 45000家 280000份 2321批次 184500家 13篇 296篇
196篇 41000次 4期 12900单 8030单 12百分点 328单 11区 2635900家 99700户 35个 33篇 24类 5232张 54000个
14015000000条 3.81% 10个 16个 19个 56个 2497600次 86个 10000000次 14个 1082张 708个 604个
3120000条 39条 1148个 35个 28900次 92个 100% 20倍 3倍 5倍 617场 608700件 6.11% 99.93% 100% 678条
827条 3次 100% 100% 100% 394份 1249份 590% 10份 2份 2份 2539件 1450000卷 27170000页 11% 996000卷
19800000页 454000卷 7370000页 2819户 26% 348000户 1500000小时 26000户 100000户 1482次 22处 14次
4次 30次 4次 69次 122篇 3批次 7次 25处
"""


def test_real_report(seed: Any) -> None:
    """The 93 quantities of the real report; the woven text costs at most four of them their unit."""
    from nianbao.report import read_report

    expected = SEED.split()
    found = read_report(seed).metrics
    assert [format(m.value, "f") for m in found] == [re.match(r"[\d.]+", item)[0] for item in expected]  # type: ignore[index]
    assert (
        sum(f"{format(m.value, 'f')}{m.unit}" == item for m, item in zip(found, expected, strict=True))
        >= len(expected) - 4
    )
    changes = [m for m in found if m.kind == "change"]
    assert [float(m.value) for m in changes] == [10.67, 12, 3.81, 20, 3, 5, 6.11, 590, 11, 26]
    assert [m.direction for m in changes].count("decrease") == 1
    assert [m.basis for m in changes].count("year-on-year") == 4


@pytest.mark.parametrize(
    "text",
    [
        "门诊9.84万人次、住院4,207人次，同比增长5.1%、下降2.3%。",
        "门诊9.84万人次、住院4,207人次，同比分别增长5.1%、下降2.3%。",
    ],
)
def test_two_changes_go_to_two_levels(text: str) -> None:
    first, second = read(text)[2:]
    assert (first.of, first.direction, first.subject) == (0, "increase", "门诊")
    assert (second.of, second.direction, second.subject) == (1, "decrease", "住院")


def test_figures_below_zero_and_before_a_colon() -> None:
    rate, temperature = read("利润率为-3.2%，气温最低-12℃。")
    assert (rate.value, rate.stated, temperature.value) == (Decimal("-3.2"), "-3.2%", Decimal(-12))
    assert read("抽检合格率：98.2%。")[0].subject == "抽检合格率"
    assert values("文号为2024-12号。") == []
