"""The sample data: that reading them gives the expected records, and that they are what data/README.md says."""

import difflib
import json
import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from nianbao.errors import ReadError
from nianbao.mapping.rdf import quads
from nianbao.quality.audit import check
from nianbao.record import Record
from nianbao.report import read_report

DATA = Path(__file__).resolve().parents[1] / "data"
PATHS = {path.stem: path for path in sorted((DATA / "reports").iterdir())}
NAMES = list(PATHS)
TEXTS = [name for name, path in PATHS.items() if path.suffix == ".txt"]
REAL = "shenzhen-credit-2024"
# 21 boxes of the form that are plain values, and the sections with what is told apart in them.
VALUES = (
    *("year", "year_basis", "uscc", "cover", "name", "other_names", "purpose", "address", "legal_representative"),
    *("initial_capital", "funding_source", "sponsors", "net_assets_opening", "net_assets_closing", "online_name"),
    *("staff", "form_filler", "phone", "filing_date"),
)
SECTIONS = {
    "registration_changes": ("stated", "none", "changes"),
    "qualifications": ("stated", "none", "licences"),
    "performance": ("stated", "none"),
    "donations": ("stated", "none", "gifts"),
    "institution_opinion": ("stated", "none", "date"),
    "sponsor_opinion": ("stated", "none", "date", "secrecy_reviewed"),
}
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def load(name: str) -> dict[str, Any]:
    """The expected record of a sample, as JSON data."""
    data: dict[str, Any] = json.loads((DATA / "expected" / f"{name}.json").read_text(encoding="utf-8"))
    return data


def text_of(name: str) -> str:
    """The text of a sample that is a text file, decoded without the reader."""
    raw = PATHS[name].read_bytes()
    return raw.decode("gb18030" if name == "institute-2024" else "utf-8-sig")


def tidy(value: Any) -> Any:
    """A value of the JSON record without white space in words, offsets, places and confidence."""
    if isinstance(value, str):
        return re.sub(r"\s", "", value)
    if isinstance(value, dict):
        return {key: tidy(item) for key, item in value.items() if key not in ("start", "end", "places")}
    return [tidy(item) for item in value] if isinstance(value, list) else value


def metric_key(metric: dict[str, Any]) -> tuple[Decimal, str | None, str]:
    return Decimal(str(metric["value"])), metric["unit"], metric["kind"]


def compared(what: str, expected: list[tuple[Any, str]], found: list[tuple[Any, str]]) -> list[str]:
    """What a diff of two lists of (key, label) says: labels that are missing, and labels that are too many."""
    differences = []
    keys = [key for key, _ in expected], [key for key, _ in found]
    for tag, a0, a1, b0, b1 in difflib.SequenceMatcher(None, *keys, False).get_opcodes():
        if tag == "equal":
            continue
        differences += [f"{what} missing: {label}" for _, label in expected[a0:a1]]
        differences += [f"{what} extra: {label}" for _, label in found[b0:b1]]
    return differences


def differences(name: str) -> list[str]:
    """Every difference between the expected record of a sample and what the reader says, one line each."""
    want, record = load(name), read_report(PATHS[name])
    got = json.loads(record.to_json())
    lines = [f"box {key}" for key in VALUES if key in want and tidy(want[key]) != tidy(got[key])]
    for section, keys in SECTIONS.items():
        lines += [f"box {section}.{key}" for key in keys if tidy(want[section][key]) != tidy(got[section][key])]
    for kind, key, label in (
        ("activities", lambda a: (a["number"], tidy(a["heading"])), lambda a: f"{a['number']} {a['heading']}"),
        ("metrics", metric_key, lambda m: f"{tidy(m['stated'])} {m['kind']} ({m['subject']})"),
        ("events", lambda e: (e["kind"], e["name"].strip("“”")), lambda e: f"{e['kind']} {e['name']}"),
    ):
        pairs = [[(key(item), label(item)) for item in data[kind]] for data in (want, got)]
        lines += compared(kind, *pairs)
    return lines


def faults() -> dict[str, Any]:
    return tomllib.loads((DATA / "faults.toml").read_text(encoding="utf-8"))


def rule_differences(name: str) -> list[str]:
    """Rules that the audit should find in a sample and does not, and violations and warnings that are too many.

    Rules that compare reports are left out: tests/test_shapes_across.py audits the samples together.
    """
    table = faults()
    planted = {fault["rule"] for fault in table["fault"] if fault["report"] == name} - set(table["across"])
    found = check(quads(read_report(PATHS[name])))
    lines = [f"rule missing: {rule}" for rule in planted - {finding.rule for finding in found}]
    return lines + [f"rule extra: {rule}" for rule in {f.rule for f in found if f.severity != "info"} - planted]


def known_differences(name: str) -> list[str]:
    """The items of known-differences.toml for a sample."""
    entries = tomllib.loads((DATA / "expected" / "known-differences.toml").read_text(encoding="utf-8"))["difference"]
    assert all(entry["reason"] and entry["report"] in NAMES for entry in entries)
    return [entry["item"] for entry in entries if entry["report"] == name]


@pytest.mark.parametrize("name", NAMES)
def test_reads_as_expected(name: str) -> None:
    known = [item for item in known_differences(name) if not item.startswith("rule ")]
    assert sorted(differences(name)) == sorted(known)


@pytest.mark.parametrize("name", NAMES)
def test_audit_finds_what_is_planted_and_nothing_else(name: str) -> None:
    known = [item for item in known_differences(name) if item.startswith("rule ")]
    assert sorted(rule_differences(name)) == sorted(known)


REFUSED = {
    "binary.txt": "NB-READ-BINARY",
    "blank.txt": "NB-READ-EMPTY",
    "empty.txt": "NB-READ-EMPTY",
    "external-entity.docx": "NB-READ-ENTITIES",
    "nested.zip": "NB-FORM-NOT-A-REPORT",
    "not-a-report.txt": "NB-FORM-NOT-A-REPORT",
    "script-only.html": "NB-READ-EMPTY",
    "undecodable.txt": "NB-READ-DECODE",
}
DOUBTED = {"box-missing.txt": ("NB-FORM-MISSING", "举办单位"), "box-twice.txt": ("NB-FORM-TWICE", "经费来源")}


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_bad_file_is_refused(name: str, code: str) -> None:
    with pytest.raises(ReadError) as caught:
        read_report(DATA / "bad" / name)
    assert caught.value.code == code
    assert caught.value.remedy
    assert name in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("name", "doubt"), DOUBTED.items())
def test_bad_form_is_read_with_a_doubt(name: str, doubt: tuple[str, str]) -> None:
    code, box = doubt
    record = read_report(DATA / "bad" / name)
    (issue,) = record.issues
    assert issue.code == code
    assert box in issue.message
    assert issue.remedy
    assert record.name == "柘里县塔桥镇农机服务站"


def test_every_bad_file_is_tested_and_told() -> None:
    names = {path.name for path in (DATA / "bad").iterdir()}
    assert names == {*REFUSED, *DOUBTED}
    assert all(name in (DATA / "README.md").read_text(encoding="utf-8") for name in names)


def test_every_report_has_its_expected_record_and_its_row() -> None:
    readme = (DATA / "README.md").read_text(encoding="utf-8")
    assert sorted(path.stem for path in (DATA / "expected").glob("*.json")) == NAMES
    assert re.findall(r"^\| ([a-z-]+-20\d\d) \|", readme, re.M) != []
    assert sorted(re.findall(r"^\| ([a-z-]+-20\d\d) \|", readme, re.M)) == NAMES
    assert f"{len(NAMES)} annual reports" in readme


@pytest.mark.parametrize("name", NAMES)
def test_expected_records_are_consistent(name: str) -> None:
    want = load(name)
    assert set(want["complete"]) <= {"boxes", "outline", "metrics", "events"}
    numbers = {activity["number"] for activity in want["activities"]}
    for index, metric in enumerate(want["metrics"]):
        assert metric["activity"] in numbers or metric["activity"] is None
        assert (metric["kind"] == "change") == (metric["direction"] is not None) == (metric["basis"] is not None)
        for link in ("of", "part_of"):
            target = metric[link]
            assert target is None or (0 <= target < len(want["metrics"]) and target != index)
            assert target is None or want["metrics"][target]["kind"] == "level"
    if name in TEXTS and name not in SCATTERED:
        printed, place = tidy(text_of(name)), 0
        for metric in want["metrics"]:
            place = printed.find(tidy(metric["stated"]), place)
            assert place >= 0, metric
    assert Record.from_json(json.dumps(want | {"source": {"path": name, "sha256": ""}, "text": "", **NO_LISTS})).name


# Woven lines, and columns with labels between the lines: the words of a figure do not stand together.
SCATTERED = {"archive-2024", "culture-2023", "museum-2024", "registry-2024"}
# Items without offsets are no whole records.
NO_LISTS: dict[str, Any] = {"activities": [], "metrics": [], "events": []}


def check_digits(code: str) -> tuple[bool, bool]:
    """Whether characters 17 and 18 of a unified social credit code are right (GB 11714, GB 32100)."""
    total = sum(ORGANISATION.index(c) * w for c, w in zip(code[8:16], (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    inner = "0123456789X"[-total % 11]
    outer = ALPHABET[-sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17])) % 31]
    return code[16] == inner, code[17] == outer


@pytest.mark.parametrize("name", NAMES)
def test_codes_are_fictional_and_their_check_digits_planted(name: str) -> None:
    planted = {fault["rule"] for fault in faults()["fault"] if fault["report"] == name}
    code = load(name)["uscc"]
    if code is None:
        assert "ID01" in planted
        return
    assert re.fullmatch(r"12\d{6}NB00\d{4}[0-9X][0-9A-Z]", code)
    assert check_digits(code) == ("ID03" not in planted, "ID02" not in planted)
    assert code.startswith("123414") != ("ID05" in planted)


@pytest.mark.parametrize("name", NAMES)
def test_telephones_are_fictional(name: str) -> None:
    want = load(name)
    assert want["phone"].startswith("0000-")
    text = text_of(name) if name in TEXTS else read_report(PATHS[name]).text
    assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)|(?<!\d)0[1-9]\d{1,2}-\d{7,8}", text)
    assert "深圳" not in text or name == REAL


def test_faults_name_known_rules() -> None:
    shapes = "".join(path.read_text(encoding="utf-8") for path in (DATA.parent / "shapes").glob("*.ttl"))
    written = set(re.findall(r'dcterms:identifier "([A-Z]+\d+)"', shapes))
    table = faults()
    rules = {fault["rule"] for fault in table["fault"]}
    assert {fault["report"] for fault in table["fault"]} <= set(NAMES)
    assert all(fault["zh"] and fault["en"] and fault["planted"] in (True, False) for fault in table["fault"])
    assert len({(fault["report"], fault["rule"]) for fault in table["fault"]}) == len(table["fault"])
    assert len({fault["rule"] for fault in table["fault"] if fault["planted"]}) >= 15
    assert rules <= written
    assert {rule for rule in rules if rule.startswith("X")} == set(table["across"])


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_readme_lists_the_faults(readme: str) -> None:
    rows = re.findall(r"^\| ([a-z-]+-20\d\d) \|.*\|([^|]*)\|$", (DATA / readme).read_text(encoding="utf-8"), re.M)
    told = {(name, rule) for name, cell in rows for rule in re.findall(r"[A-Z]+\d\d", cell)}
    assert told == {(fault["report"], fault["rule"]) for fault in faults()["fault"]}


def test_consecutive_years_carry_over() -> None:
    for first, second in (
        ("library-2022", "library-2023"),
        ("library-2023", "library-2024"),
        *((f"{name}-2023", f"{name}-2024") for name in ("cdc", "culture", "hotline", "museum", "school")),
    ):
        assert load(first)["net_assets_closing"]["value"] == load(second)["net_assets_opening"]["value"]
        assert load(first)["uscc"] in (load(second)["uscc"], None)
