"""From a file to its record: the real report, golden cases, the development corpus, the narrative alone."""

import dataclasses
import importlib.util
import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import nianbao.record
from nianbao.errors import ReadError
from nianbao.record import Record, Source
from nianbao.report import read_lines, read_report, record_of

CASES = Path(__file__).parent / "cases"


def check_quotes(record: Record) -> None:
    """Every span quotes what it says, and no quantity is broken over lines."""
    text = record.text
    sections = (
        record.registration_changes,
        record.activities_section,
        record.qualifications,
        record.performance,
        record.donations,
        record.institution_opinion,
        record.sponsor_opinion,
    )
    for section in sections:
        if section.stated is not None:
            assert text[section.start : section.end] == section.stated
    for metric in record.metrics:
        assert text[metric.start : metric.end] == metric.quote
        assert "\n" not in metric.quote
    for money in (record.initial_capital, record.net_assets_opening, record.net_assets_closing):
        if money:
            assert text[money.start : money.end] == money.stated
    for gift in record.donations.gifts:
        if gift.amount:
            assert text[gift.amount.start : gift.amount.end] == gift.amount.stated
    for key, (start, end) in record.boxes.items():
        value = getattr(record, key, None)
        if isinstance(value, str) and key != "filing_date":
            assert text[start:end] == value or key == "name"
    for item in (*record.activities, *record.events):
        assert 0 <= item.start < item.end <= len(text)


# ---------------------------------------------------------------- golden cases


@pytest.mark.parametrize("path", sorted(CASES.glob("form-*.txt")), ids=lambda path: path.stem)
def test_golden_cases(path: Path) -> None:
    expected: dict[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    record = read_report(path)
    check_quotes(record)
    plain = json.loads(record.to_json())
    for key, need in expected.items():
        have = plain[key]
        if key == "issues":
            have = [issue["code"] for issue in have]
        elif isinstance(need, dict) and isinstance(have, dict):
            have = {part: have[part] for part in need}
        assert have == need, key


# ---------------------------------------------------------------- the real report


@pytest.fixture(scope="module")
def real(seed: Path) -> Record:
    return read_report(seed)


def test_form_facts_of_the_real_report(real: Record) -> None:
    assert (real.year, real.year_basis) == (2024, "change-statement")
    assert real.uscc is None
    assert real.cover is None
    assert (real.name, real.other_names) == ("深圳市公共信用中心", ("深圳互联网广告监测中心",))
    assert real.legal_representative == "潘建珊"
    assert real.initial_capital
    assert (real.initial_capital.value, real.initial_capital.stated) == (11000000, "1100 万元")
    assert real.funding_source
    assert (real.funding_source.stated, real.funding_source.code) == ("财政核拨", "full")
    assert real.sponsors == ("深圳市市场监督管理局",)
    assert real.net_assets_opening
    assert real.net_assets_closing
    assert real.net_assets_opening.value == Decimal("14329300")
    assert real.net_assets_closing.value == Decimal("18102100")
    assert (real.online_name, real.staff) == ("深圳市公共信用中心", 59)
    assert (real.form_filler, real.phone, real.filing_date) == ("张曼", "0755-83187913", None)
    assert real.issues == ()


def test_sections_of_the_real_report(real: Record) -> None:
    assert real.registration_changes.none
    assert real.registration_changes.changes == ()
    for section in (real.qualifications, real.performance, real.donations):
        assert section.none
        assert section.stated == "无。"
    assert real.institution_opinion.stated == "兹委托登记管理机关公示我单位年度报告书。"
    assert real.institution_opinion.date is None
    assert real.sponsor_opinion.stated is None
    assert not real.sponsor_opinion.secrecy_reviewed


def test_quotes_of_the_real_report(real: Record) -> None:
    check_quotes(real)


def test_lines_of_the_real_report_stay_in_number(seed: Path, real: Record) -> None:
    raw = seed.read_text(encoding="utf-8").splitlines()
    lines = read_lines(seed)
    assert len(lines) == len(raw) == real.repair.lines
    assert all(sorted(a.replace(" ", "")) == sorted(b.replace(" ", "")) for a, b in zip(raw, lines, strict=True))


# ---------------------------------------------------------------- the development corpus


def test_boxes_of_the_corpus(shared: Path, root: Path) -> None:
    spec = importlib.util.spec_from_file_location("form_score", root / "bench/form_score.py")
    assert spec
    assert spec.loader
    score = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(score)
    faults: list[str] = []
    total = 0
    for path in sorted((shared / "corpus/reports").glob("*.clean.txt")):
        record = read_report(path)
        check_quotes(record)
        assert record.repair.changed == 0
        gold = json.loads(path.with_name(path.name.split(".")[0] + ".gold.json").read_text(encoding="utf-8"))
        result = score.compare(json.loads(record.to_json()), gold)
        total += len(result)
        faults += [f"{path.stem} {key}: {fault}" for key, fault in result.items() if fault]
    assert total > 300
    assert len(faults) <= total * 0.005, faults


# ---------------------------------------------------------------- other ways in


NARRATIVE = "一、服务群众。\r\n接待读者 1,200 人次，\t增长5%。\n"


def test_the_narrative_alone_is_taken_as_it_stands(tmp_path: Path) -> None:
    path = tmp_path / "narrative.txt"
    path.write_bytes(NARRATIVE.encode())
    record = read_report(path, narrative_only=True)
    assert record.text == NARRATIVE
    assert record.name is None
    assert record.repair.changed == 0
    assert record.metrics
    check_quotes(record)


FORM = """单位名称：云泽市图书馆
住所：云泽市北湖路1号
法定代表人：江 一 帆
开办资金：{capital}
从业人数：{staff}
对《条例》和实施细则有关变更登记规定的执行情况：{change}
开展业务活动情况：{story}
报送日期：{filed}"""
FILLED = {
    "capital": "100万元",
    "staff": "12",
    "change": "无",
    "story": "接待读者。",
    "filed": "2025年1月9日",
}


def read(path: str = "report.txt", **boxes: str) -> Record:
    filled = FILLED | boxes
    return record_of(FORM.format(**filled).split("\n"), source=Source(path=path, sha256="0" * 64))


def codes(record: Record) -> list[str]:
    return [issue.code for issue in record.issues if issue.code != "NB-FORM-MISSING"]


def test_blanks_inside_a_name_are_typesetting() -> None:
    assert read().legal_representative == "江一帆"


@pytest.mark.parametrize(
    ("boxes", "year", "basis"),
    [
        ({"change": "2023年度无变更。"}, 2023, "change-statement"),
        ({"story": "2022年工作总结\n接待读者。"}, 2022, "title"),
        ({"path": "some/云泽市图书馆2021.txt"}, 2021, "file-name"),
        ({"path": "x-2021-2022.txt"}, None, None),
        ({"path": "公示2025-03-31.txt"}, None, None),
        ({"path": "004_7c2019d88acd7ef3.txt"}, None, None),
        ({"path": "004_7c2019d88acd7ef3_2021.txt"}, 2021, "file-name"),
        ({"story": "云泽市图书馆2022年度业务工作情况报告\n接待读者。"}, 2022, "title"),
        ({"story": "2022年3月起开展总结报告。"}, None, None),
        ({}, None, None),
    ],
)
def test_where_the_year_comes_from(boxes: dict[str, str], year: int | None, basis: str | None) -> None:
    record = read(**boxes)
    assert (record.year, record.year_basis) == (year, basis)


@pytest.mark.parametrize(
    ("line", "year"),
    [
        ("关于公示云泽市图书馆2023年度事业单位法人年度报告的公告", 2023),
        ("云泽市图书馆2023年事业单位法人年度报告", 2023),
        ("发布日期：2024年4月8日 2023年度报告公示", 2023),
        ("二〇二三年度年报", 2023),
        ("云泽市图书馆2023年大事记", None),
    ],
)
def test_the_year_in_the_title_of_a_page(line: str, year: int | None) -> None:
    source = Source(path="x.txt", sha256="0" * 64)
    record = record_of([line, *FORM.format(**FILLED).split("\n")], source=source)
    assert (record.year, record.year_basis) == (year, "title" if year else None)


def test_years_that_disagree_are_an_issue() -> None:
    record = read(change="2022年度无变更。", story="2023年工作总结\n接待读者。")
    assert (record.year, record.year_basis) == (2022, "change-statement")
    (issue,) = (issue for issue in record.issues if issue.code == "NB-FORM-YEAR")
    assert "2022" in issue.message
    assert "2023" in issue.message
    assert codes(read(change="2022年度无变更。", story="2022年工作总结\n接待读者。")) == []


def test_values_that_cannot_be_read_are_issues() -> None:
    record = read(capital="若干", staff="一百余人", filed="2025年4月31日")
    assert (record.initial_capital, record.staff, record.filing_date) == (None, None, None)
    assert codes(record) == ["NB-VALUE-MONEY", "NB-VALUE-STAFF", "NB-VALUE-DATE"]
    for issue in record.issues:
        if issue.code.startswith("NB-VALUE"):
            assert issue.line
            assert record.text[issue.start : issue.end] in issue.message


def test_an_amount_beside_another_is_taken_with_a_doubt() -> None:
    record = read(capital="1000万元增至1200万元")
    assert record.initial_capital
    assert record.initial_capital.value == 10000000
    assert codes(record) == ["NB-VALUE-MONEY"]


def test_an_amount_without_unit_is_in_ten_thousands() -> None:
    record = read(capital="100")
    assert record.initial_capital
    assert record.initial_capital.value == 1000000
    assert codes(record) == ["NB-VALUE-UNIT"]


def test_missing_blank_and_none_are_three_things() -> None:
    record = read(change="")
    assert record.registration_changes.stated is None
    assert record.boxes["registration_changes"][0] == record.boxes["registration_changes"][1]
    assert "donations" not in record.boxes
    assert read(change="无").registration_changes.none


def test_what_is_no_report_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("各位同事：\n明天放假。\n", encoding="utf-8")
    with pytest.raises(ReadError, match=re.escape(str(path))) as caught:
        read_report(path)
    assert caught.value.code == "NB-FORM-NOT-A-REPORT"


def test_records_survive_json() -> None:
    record = read()
    assert Record.from_json(record.to_json()) == record


# ---------------------------------------------------------------- the documents that describe it


def test_every_code_is_explained(root: Path) -> None:
    page = (root / "docs/errors.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `(NB-[A-Z-]+)`", page, re.MULTILINE))
    sources = [*(root / "src").rglob("*.py"), *(root / "server").rglob("*.py")]
    words = {code for path in sources for code in re.findall(r"NB-[A-Z][A-Z-]+", path.read_text(encoding="utf-8"))}
    used = {word for word in words if not word.endswith("-")}
    assert used - listed == set(), "add them to docs/errors.md"
    assert listed - used == set(), "take them out of docs/errors.md"


def test_every_key_of_the_record_is_explained(root: Path) -> None:
    page = (root / "docs/record.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([a-z0-9_]+)`", page, re.MULTILINE))
    kinds = [
        kind for kind in vars(nianbao.record).values() if isinstance(kind, type) and dataclasses.is_dataclass(kind)
    ]
    names = {item.name.rstrip("_") for kind in kinds for item in dataclasses.fields(kind)}
    assert names - listed == set(), "explain them in docs/record.md"
    assert listed - names == set(), "no such keys"
