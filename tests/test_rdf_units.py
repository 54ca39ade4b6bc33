"""Units and precision."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.mapping.units import precision, unit_of
from nianbao.vocabulary import expand


@pytest.mark.parametrize(
    ("word", "unit", "item"),
    [
        ("元", "unit:CCY_CNY", None),
        ("%", "unit:PERCENT", None),
        ("百分点", "nbc:percentagePoint", None),
        ("倍", "nbc:multiple", None),
        ("㎡", "unit:M2", "㎡"),
        ("亩", "nbc:mu", "亩"),
        ("小时", "unit:HR", "小时"),
        ("吨", "unit:TONNE", "吨"),
        ("人次", "unit:NUM", "人次"),
        ("工作日", "unit:NUM", "工作日"),
        ("件/套", "unit:NUM", "件/套"),
        ("元/人", "nbc:unlistedUnit", "元/人"),
        (None, "unit:NUM", None),
        ("", "unit:NUM", None),
    ],
)
def test_unit_of(word: str | None, unit: str, item: str | None) -> None:
    assert unit_of(word) == (expand(unit), item)


@pytest.mark.parametrize(
    ("stated", "value", "worth"),
    [
        ("26.13亿条", "2613000000", "1000000"),
        ("10.67%", "10.67", "0.01"),
        ("超1000万次", "10000000", "10000"),
        ("1100 万元", "11000000", "10000"),
        ("1,043.90万元", "10439000", "100"),
        ("1043.9", "10439000", "1000"),
        ("0.00万元", "0", "100"),
        ("两份", "2", "1"),
        ("2万6千多人", "26000", "1000"),
        ("近千人", "1000", "1000"),
        ("一百二十万", "1200000", "100000"),
        ("两成", "20", "10"),
        ("3至5万", "30000", "10000"),
        ("1.21万亿", "1210000000000", "10000000000"),
        ("半年", "6", "1"),
        ("-12.5万元", "-125000", "1000"),
        ("", "2.5", "0.1"),
    ],
)
def test_precision(stated: str, value: str, worth: str) -> None:
    assert precision(stated, Decimal(value)) == Decimal(worth)


@given(st.integers(1, 10**9), st.integers(0, 4), st.sampled_from([("", 0), ("万", 4), ("亿", 8)]))
def test_a_value_is_a_whole_number_of_its_last_digits(digits: int, places: int, scale: tuple[str, int]) -> None:
    number = Decimal(digits).scaleb(-places)
    worth = precision(f"{number:f}{scale[0]}件", number.scaleb(scale[1]))
    assert worth == Decimal(1).scaleb(scale[1] - places)
