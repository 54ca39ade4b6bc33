"""Values of boxes: money, dates, years, counts, codes, names, funding, nothing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.form.labels import table
from nianbao.form.values import (
    code_check,
    decimal_places,
    denies,
    find_code,
    find_dates,
    find_year,
    funding_code,
    is_valid_code,
    leaves_out,
    organisation_check,
    parse_count,
    parse_date,
    parse_money,
    says_nothing,
    split_names,
    split_sponsors,
    why_no_count,
)


@pytest.mark.parametrize(
    ("text", "unit", "yuan", "stated"),
    [
        ("1100 万元", "", 11000000, "1100 万元"),
        ("230(万元)", "", 2300000, "230(万元)"),
        ("1,043.90万元", "", 10439000, "1,043.90万元"),
        ("45.02", "万元", 450200, "45.02"),
        ("-3.5", "万元", -35000, "-3.5"),
        ("31,256,780.42", "元", Decimal("31256780.42"), "31,256,780.42"),
        ("人民币1,200,000.00元", "", 1200000, "人民币1,200,000.00元"),
        ("1.2亿元", "", 120000000, "1.2亿元"),
        ("五百万元", "", 5000000, "五百万元"),
        ("伍拾万元整", "", 500000, "伍拾万元整"),
        ("０万元", "", 0, "０万元"),
        ("约2千万元", "", 20000000, "2千万元"),
        ("￥30万元", "万元", 300000, "￥30万元"),
        ("1208万3700元", "万元", 12083700, "1208万3700元"),
        ("12 083 700元", "万元", 12083700, "12 083 700元"),
        ("1 208.37万元", "万元", 12083700, "1 208.37万元"),
        ("人民币壹仟贰佰零捌万叁仟柒佰元整", "万元", 12083700, "人民币壹仟贰佰零捌万叁仟柒佰元整"),
        ("壹仟贰佰零捌点叁柒万元", "", 12083700, "壹仟贰佰零捌点叁柒万元"),
        ("贰佰万圆整", "万元", 2000000, "贰佰万圆整"),
    ],
)
def test_money(text: str, unit: str, yuan: Decimal | int, stated: str) -> None:
    money = parse_money(text, unit=unit, offset=100)
    assert money
    assert money.value == yuan
    assert money.stated == stated
    assert money.start is not None
    assert money.end is not None
    assert text[money.start - 100 : money.end - 100] == stated


@pytest.mark.parametrize("text", ["", "无", "/", "12", "见附表"])
def test_no_money(text: str) -> None:
    assert parse_money(text) is None


@pytest.mark.parametrize(
    "text", ["1208、37万元", "1200-1300万元", "1000万元增至1200万元", "100万美元", "1208.37元（万元）", "壹佰万元伍角"]
)
def test_a_box_that_says_more_than_the_amount_that_was_read(text: str) -> None:
    money = parse_money(text, unit="万元")
    assert money
    assert leaves_out(text, money)


@pytest.mark.parametrize(
    "text",
    [
        "1100 万元",
        "约1200万元",
        "230(万元)",
        "100万元（单位：万元）",
        "壹佰万元（￥1000000.00）",
        "-3.5",
        "5万元（2024年度）",
    ],
)
def test_a_box_that_says_one_amount(text: str) -> None:
    money = parse_money(text, unit="万元")
    assert money
    assert not leaves_out(text, money)


@given(st.integers(0, 10**9), st.booleans(), st.sampled_from(["元", "万元", "亿元"]))
def test_money_is_read_as_written(cents: int, grouped: bool, unit: str) -> None:
    amount = Decimal(cents) / 100
    money = parse_money(f"{amount:,.2f}{unit}" if grouped else f"{amount:.2f}{unit}")
    assert money
    assert money.value == amount * {"元": 1, "万元": 10**4, "亿元": 10**8}[unit]


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025年3月5日", "2025-03-05"),
        ("2025年 1 月 6日", "2025-01-06"),
        ("2025 年 12 月 31 日", "2025-12-31"),
        ("2025-03-05", "2025-03-05"),
        ("2025.3.5", "2025-03-05"),
        ("2025/03/05 10:20", "2025-03-05"),
        ("20250305", "2025-03-05"),
        ("二〇二五年三月十五日", "2025-03-15"),
        ("二○二四年十二月二十一日", "2024-12-21"),
        ("有效期至2026年8月31日。", "2026-08-31"),
        ("年 月 日", None),
        ("2025年 月 日", None),
        ("2025年4月31日", None),
        ("2025年13月1日", None),
        ("", None),
    ],
)
def test_dates(text: str, date: str | None) -> None:
    assert parse_date(text) == date


def test_all_dates_with_their_places() -> None:
    text = "自2022年1月1日至2027-01-01"
    assert [(d.value, text[d.start : d.end]) for d in find_dates(text)] == [
        ("2022-01-01", "2022年1月1日"),
        ("2027-01-01", "2027-01-01"),
    ]


@given(st.dates(min_value=__import__("datetime").date(1950, 1, 1)))
def test_dates_are_read_as_written(day: object) -> None:
    iso = str(day)
    year, month, date = (int(part) for part in iso.split("-"))
    if year < 2100:
        assert parse_date(f"{year}年{month}月{date}日") == parse_date(f"{year}.{month}.{date}") == iso


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("（ 2024 年度）", 2024),
        ("2023  年度)", 2023),
        ("二〇二四年度", 2024),
        ("2024年度无变更事项", 2024),
        ("2024年3月变更", None),
        ("12345年度", None),
    ],
)
def test_year(text: str, year: int | None) -> None:
    assert find_year(text) == year


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("59", 59),
        ("59人", 59),
        (" 1,203 名", 1203),
        ("五十九人", 59),
        ("0", 0),
        ("一百余人", None),
        ("约60人", None),
        ("59.5", None),
        ("", None),
        ("无", None),
        ("共57人（其中在编45人、编外12人）", 57),
        ("45（在编）", 45),
        ("４５人", 45),
        ("现有在编在岗职工86人。", 86),
        ("从业人数：23人", 23),
        ("36人，其中专业技术人员21人", 36),
        ("在编45人、编外12人", None),
        ("45人，编外12人", None),
        ("120余人", None),
        ("120人左右", None),
        ("近百人", None),
        ("100人以上", None),
        ("三十几人", None),
        ("2024年12月", None),
    ],
)
def test_counts(text: str, count: int | None) -> None:
    assert parse_count(text) == count


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("一百余人", "约数"),
        ("约120人", "约数"),
        ("在编45人、编外12人", "未写合计"),
        ("无", "不是整数"),
        ("5.5", "不是整数"),
    ],
)
def test_why_there_is_no_count(text: str, why: str) -> None:
    assert why in why_no_count(text)


@pytest.mark.parametrize("code", ["124309004468844378", "11330782002609303G", "91330100799655058B"])
def test_codes_of_real_bodies_hold(code: str) -> None:
    assert is_valid_code(code)
    assert code_check(code[:17]) == code[17]
    assert organisation_check(code[8:16]) == code[16]


@pytest.mark.parametrize("code", ["447172482447172482", "124309004468844379", "1243090044688443", "12430900446884437I"])
def test_wrong_codes_do_not(code: str) -> None:
    assert not is_valid_code(code)


def test_organisation_code_alone() -> None:
    assert organisation_check("58106516") == "X"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("统一社会信用代码：124309004468844378", "124309004468844378"),
        ("1243 0900 4468 844378", "124309004468844378"),
        ("代码12430900FX0000835u。", "12430900FX0000835U"),
        ("1243090044688443780", None),
        ("电话 0755-12345678", None),
    ],
)
def test_codes_are_found(text: str, code: str | None) -> None:
    found = find_code(text)
    assert (found.value if found else None) == code


@pytest.mark.parametrize(
    ("text", "first", "others"),
    [
        ("云泽市图书馆", "云泽市图书馆", ()),
        ("云泽市图书馆（云泽市少儿图书馆）", "云泽市图书馆", ("云泽市少儿图书馆",)),
        ("云泽市图书馆(云泽市古籍保护中心、云泽市文献馆)", "云泽市图书馆", ("云泽市古籍保护中心", "云泽市文献馆")),
        ("云泽市医院（加挂云泽市急救中心牌子）", "云泽市医院", ("云泽市急救中心",)),
        ("云泽市中学（南校区）", "云泽市中学（南校区）", ()),
        ("云泽（北湖）水文站", "云泽（北湖）水文站", ()),
        ("云泽市医院（云泽市妇幼（儿童）医院）", "云泽市医院", ("云泽市妇幼（儿童）医院",)),
        ("云泽市图书馆）", "云泽市图书馆）", ()),
    ],
)
def test_names(text: str, first: str, others: tuple[str, ...]) -> None:
    assert split_names(text) == (first, others)


@pytest.mark.parametrize(
    ("text", "sponsors"),
    [
        ("云泽市水务局", ("云泽市水务局",)),
        ("云泽市水务局、云泽市农业农村局", ("云泽市水务局", "云泽市农业农村局")),
        ("云泽市水务局；云泽市教育局", ("云泽市水务局", "云泽市教育局")),
        ("云泽市水务局\n云泽市教育局", ("云泽市水务局", "云泽市教育局")),
        ("云泽市水务局 云泽市教育局", ("云泽市水务局", "云泽市教育局")),
        ("云泽市交通、水利局", ("云泽市交通、水利局",)),
        ("云泽市文化和旅游局", ("云泽市文化和旅游局",)),
        ("", ()),
    ],
)
def test_sponsors(text: str, sponsors: tuple[str, ...]) -> None:
    assert split_sponsors(text) == sponsors


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("财政核拨", "full"),
        ("财政补助(财政补助(全额))", "full"),
        ("财政补助（财政补助（差额））", "partial"),
        ("财政补助", None),
        ("自收自支", "self"),
        ("全额拨款、事业收入", "other"),
        ("财政全额拨款", "full"),
        ("事业费", None),
    ],
)
def test_funding(text: str, code: str | None) -> None:
    assert funding_code(text, table().funding) == code


@pytest.mark.parametrize(
    "text",
    [
        "２０２４年度无变更事项",
        "2024 年度 无变更事项",
        "无 变 更 事 项",
        "无　捐　赠　。",
        "无",
        "无。",
        "/",
        "——",
        "暂无",
        "2024年度无变更事项。",
        "本年度无变更。",
        "我馆按《条例》和实施细则规定执行，2024年度无变更事项。",
        "我院 2024 年度无变更事项，按《条例》和实施细则的规定执行。",
        "无诉讼、无投诉",
        "无奖惩、诉讼及投诉情况",
        "无接受捐赠资助情况",
    ],
)
def test_says_nothing(text: str) -> None:
    assert says_nothing(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "无人机飞防作业资质证书",
        "严格执行《条例》，没有变更情况。",
        "没有涉及变更登记的事项。",
        "获得先进集体称号。无诉讼、无投诉。",
        "2024年度办理了住所变更登记。",
        "无线电台执照",
        "无 人 机 执 照",
    ],
)
def test_says_something(text: str) -> None:
    assert not says_nothing(text)


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("未接受捐赠资助。", True),
        ("我单位全年没有受到奖励或者处罚，也没有诉讼投诉情况。", True),
        ("2024年度，我馆没有收到社会捐赠和资助。", True),
        ("无", True),
        ("未发生诉讼，获先进单位称号。", False),
        ("未按规定整改被处罚。", False),
        ("", False),
    ],
)
def test_denies(text: str, denied: bool) -> None:
    assert denies(text) == denied


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("负102.44", -1024400), ("（45.90）", -459000), ("—901.18", -9011800), ("－3", -30000), ("2024—100", 20240000)],
)
def test_amounts_below_zero_as_clerks_write_them(text: str, yuan: int) -> None:
    money = parse_money(text, unit="万元")
    assert money is not None
    assert money.value == yuan


def test_a_unit_alone_is_no_amount() -> None:
    assert parse_money("（万元）", unit="万元") is None


def test_a_stroke_is_no_sponsor() -> None:
    assert split_sponsors("无") == split_sponsors("——") == ()
    assert split_sponsors("云州县教育局。") == ("云州县教育局",)


def test_decimal_places() -> None:
    assert decimal_places(Decimal("14329300")) == 0
    assert decimal_places(Decimal("1432.93")) == 2
    assert decimal_places(Decimal("1.50")) == 1


def test_wide_digits_of_dates_and_years() -> None:
    (date,) = find_dates("于２０２５年３月５日报送")
    assert (date.value, date.start, date.end) == ("2025-03-05", 1, 10)
    assert find_year("２０２４年度无变更事项") == 2024
