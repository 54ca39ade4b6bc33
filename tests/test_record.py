"""The record and its JSON."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from nianbao.record import (
    Activity,
    ChangeItem,
    ChangesSection,
    Cover,
    Issue,
    Metric,
    Money,
    Record,
    RepairStep,
    RepairSummary,
    Source,
)

SOURCE = Source(path="a.txt", sha256="0" * 64)
FULL = Record(
    source=SOURCE,
    text="外借图书 8.4万册次",
    repair=RepairSummary(lines=1, changed=1, doubtful=(1,), steps=(RepairStep(line=1, raw="乙 甲", repaired="甲乙"),)),
    year=2023,
    year_basis="cover",
    cover=Cover(year="2023", name="澜川县图书馆"),
    initial_capital=Money(value=Decimal(1000000), stated="100万元"),
    registration_changes=ChangesSection(stated="…", changes=(ChangeItem(item="住所", from_="甲路", to="乙路"),)),
    activities=(Activity(number="1", heading=None, start=0, end=12),),
    metrics=(
        Metric(
            activity="1",
            subject="外借图书",
            value=Decimal("10.67"),
            unit="%",
            stated="8.4万册次",
            kind="change",
            bound="exact",
            accumulation="period",
            start=5,
            end=11,
            quote="8.4万册次",
            confidence=0.97,
        ),
    ),
    boxes={"name": (0, 4)},
    issues=(Issue(code="NB-FORM-MISSING", message="m", remedy="r", line=3),),
)


def test_json_and_back() -> None:
    assert Record.from_json(FULL.to_json()) == FULL


def test_json_is_one_line_with_plain_numbers_and_chinese() -> None:
    text = FULL.to_json()
    assert "\n" not in text
    assert "澜川县图书馆" in text
    data = json.loads(text)
    assert data["initial_capital"]["value"] == 1000000
    assert isinstance(data["initial_capital"]["value"], int)
    assert data["metrics"][0]["value"] == 10.67
    assert data["registration_changes"]["changes"] == [{"item": "住所", "from": "甲路", "to": "乙路", "date": None}]


def test_an_empty_box_is_null_and_unknown_keys_do_no_harm() -> None:
    data = json.loads(Record(source=SOURCE, text="").to_json())
    assert data["name"] is None
    assert data["performance"]["stated"] is None
    assert Record.from_json(json.dumps(data | {"later": 1})) == Record(source=SOURCE, text="")


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2, allow_nan=False))
def test_amounts_keep_their_digits(value: Decimal) -> None:
    record = Record(source=SOURCE, text="", initial_capital=Money(value=value))
    again = Record.from_json(record.to_json()).initial_capital
    assert again
    assert again.value == value


def test_a_doubt_is_one_line_with_file_place_reason_remedy_and_code() -> None:
    assert FULL.issues[0].told("a.txt") == "a.txt: line 3: m; r [NB-FORM-MISSING]"
    assert FULL.issues[0].breaks_form
