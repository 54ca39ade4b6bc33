"""Candidates for one institution: what is asked, what is not, and what a decision leaves in the store."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from nianbao import review
from nianbao.cli import main
from nianbao.errors import ReviewError
from nianbao.mapping.iris import normalise_name
from nianbao.review import Body, Candidate, Decision, Rename, candidates, read_decisions
from nianbao.storage.store import EmbeddedStore, open_store
from nianbao.vocabulary import DATA, PREFIXES
from nianbao.writer import Writer
from test_ontology_questions import FILINGS, record

CITY, COUNTY = "12341400NB0070014J", "12341423NB0070030J"
PREFIX = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcterms", "nb", "nbc", "skos"))


def body(iri: str, name: str, *years: int, institution: bool = True, **facts: object) -> Body:
    made = Body(iri, name, institution, names={normalise_name(name)}, **facts)  # type: ignore[arg-type]
    made.reports = {str(year): f"{iri}/{year}" for year in years}
    return made


def kinds(found: list[Candidate]) -> list[tuple[str, str, str]]:
    return [(one.kind, one.left.iri, one.right.iri) for one in found]


def test_a_code_that_came_later() -> None:
    old, new = body("o", "岚洲市书馆", 2022), body("c", "岚洲市书馆", 2023, 2024, code=CITY)
    (found,) = candidates([new, old])
    assert (found.kind, found.left, found.right) == ("later-code", old, new)
    assert found.evidence == ("o/2022", "c/2024")


def test_a_code_that_is_missing_in_one_year() -> None:
    bare, coded = body("o", "岚洲市书馆", 2023), body("c", "岚洲市书馆", 2022, 2024, code=CITY)
    assert kinds(candidates([bare, coded])) == [("missing-code", "o", "c")]


@pytest.mark.parametrize(
    ("second", "asked"), [("12341400NB0070022D", True), (COUNTY, True), ("124309004468844378", False)]
)
def test_two_codes_are_asked_within_one_prefecture(second: str, asked: bool) -> None:
    found = candidates([body("a", "第一中学", 2023, code=CITY), body("b", "第一中学", 2024, code=second)])
    assert [one.kind for one in found] == ["two-codes"] * asked


@pytest.mark.parametrize(("place", "asked"), [("澜川县", False), ("", True)])
def test_one_name_in_two_places_is_not_asked(place: str, asked: bool) -> None:
    found = candidates([body("a", "第一中学", 2023, place="岚洲市"), body("b", "第一中学", 2023, place=place)])
    assert [one.kind for one in found] == ["same-name"] * asked


def test_a_declared_rename_leads_to_the_former_and_to_the_later_name() -> None:
    old, new = body("o", "石桥县人民医院", 2022), body("n", "石桥县中心医院", 2023)
    from_new = [Rename("n", "石桥县人民医院", "石桥县中心医院", "n/change-1")]
    from_old = [Rename("o", "石桥县人民医院", "石桥县 中心医院", "o/change-1")]
    assert kinds(candidates([old, new], from_new)) == kinds(candidates([old, new], from_old)) == [("rename", "o", "n")]
    assert candidates([old, new], from_new)[0].evidence[0] == "n/change-1"
    assert candidates([old, new], [Rename("n", "别的医院", "石桥县中心医院", "c")]) == []


def test_a_misprinted_code_and_a_second_name() -> None:
    one, two = body("a", "甲馆", 2022, printed={"X" * 18}), body("b", "乙馆", 2023, printed={"X" * 18})
    assert kinds(candidates([one, two])) == [("printed-code", "a", "b")]
    museum, archive = body("m", "岚洲市档案馆", 2022, others={"岚洲市方志馆"}), body("h", "岚洲市方志馆", 2022)
    assert kinds(candidates([museum, archive])) == [("second-name", "h", "m")]


@pytest.mark.parametrize(
    ("one", "other", "asked"),
    [
        ("岚洲市文化和旅游局", "岚洲市文化旅游局", True),
        ("岚洲市文化局", "岚州市文化局", True),
        ("岚洲市教育局", "岚洲市体育局", False),
        ("岚洲市第一医院", "岚洲市第二医院", False),
        ("岚洲市财政局", "岚洲县财政局", False),
        ("岚洲市财政局", "岚洲市审计署", False),
    ],
)
def test_spellings_of_sponsors(one: str, other: str, asked: bool) -> None:
    found = candidates([body("1", one, institution=False), body("2", other, institution=False)])
    assert [candidate.kind for candidate in found] == ["sponsor-spelling"] * asked


def test_a_sponsor_that_is_an_institution() -> None:
    found = candidates([body("s", "岚洲市博物院", institution=False), body("i", "岚洲市博物院", 2024, code=CITY)])
    assert kinds(found) == [("sponsor-institution", "s", "i")]


def test_a_decided_pair_is_not_asked_again_in_either_order() -> None:
    bodies = [body("o", "甲馆", 2022), body("c", "甲馆", 2023, code=CITY)]
    assert candidates(bodies, decided=[frozenset(("c", "o"))]) == []


# --- CSV


def test_the_list_is_csv_that_no_spreadsheet_takes_for_formulas() -> None:
    (row,) = csv.DictReader(
        io.StringIO(review.as_csv(candidates([body("a", "=甲馆", 2022), body("b", "=甲馆", 2023, code=CITY)])))
    )
    assert tuple(row) == review.COLUMNS
    assert row["left_name"] == "'=甲馆"
    assert [row[name] for name in ("decision", "who", "when", "note")] == [""] * 4


HEAD = "left,right,decision,who,when,note\n"


def test_rows_without_a_decision_are_still_open() -> None:
    rows = HEAD + "a,b,,,,\nc,d,same,张三,2025-03-31,看过证书\n"
    assert read_decisions("\ufeff" + rows) == [Decision("c", "d", "same", "张三", "2025-03-31", "看过证书")]


def test_an_empty_date_is_today() -> None:
    (decision,) = read_decisions(HEAD + "c,d,later,张三,,\n")
    assert decision.when > "2025"


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ("left,right\n", "line 1"),
        ("", "line 1"),
        (HEAD + "a,b,,,,\na,b,perhaps,张三,,\n", "line 3"),
        (HEAD + "a,b,same,,,\n", "line 2"),
        (HEAD + "a,b,same,张三,yesterday,\n", "line 2"),
        (HEAD + "a,a,same,张三,,\n", "line 2"),
    ],
)
def test_a_wrong_row_is_named(rows: str, place: str) -> None:
    with pytest.raises(ReviewError, match="NB-REVIEW-CSV") as error:
        read_decisions(rows, "list.csv")
    assert (error.value.where, error.value.place) == ("list.csv", place)
    assert error.value.remedy


# --- on a store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    store = open_store(str(tmp_path / "store"))
    writer = Writer(store)
    writer.load_ontology()
    for row in FILINGS:
        made = record(row)
        writer.put(made, [], name=row["file"], sha256=made.source.sha256)
    store.close()
    return tmp_path / "store"


def asked(store: EmbeddedStore) -> list[tuple[str, str, str]]:
    return [(one.kind, one.left.name, one.right.name) for one in review.candidates_of(store)]


def test_from_the_list_to_the_decision_and_back(folder: Path, tmp_path: Path) -> None:
    runner, listed, decided = CliRunner(), tmp_path / "list.csv", tmp_path / "decided.csv"
    assert runner.invoke(main, ["review", "--store", str(folder), "--out", str(listed)]).exit_code == 0
    with listed.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["kind"], row["left_name"], row["right_name"]) for row in rows] == [
        ("later-code", "石桥县人民医院", "石桥县中心医院"),
        ("sponsor-institution", "岚洲市博物院", "岚洲市博物院"),
    ]
    for row, decision in zip(rows, ("later", "same"), strict=True):
        row |= {"decision": decision, "who": "档案组", "when": "2026-01-05"}
    with decided.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, review.COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    took = runner.invoke(main, ["review", "--store", str(folder), "--decisions", str(decided)])
    assert (took.exit_code, took.stdout) == (0, "")
    again = runner.invoke(main, ["review", "--store", str(folder)])
    assert again.stdout.splitlines() == [",".join(review.COLUMNS)]
    store = EmbeddedStore(folder, read_only=True)
    left, right = rows[0]["left"], rows[0]["right"]
    for where in ("{ %s }", f"{{ GRAPH <{DATA}graph/decisions> {{ %s }} }}"):
        assert store.ask(PREFIX + "ASK " + where % f"<{left}> dcterms:isReplacedBy <{right}>")
    assert store.ask(PREFIX + 'ASK { ?d nb:decision nbc:decisionSame ; nb:decidedBy "档案组" }')
    same = f"?s <{PREFIXES['owl']}sameAs> ?o"
    assert not store.ask(f"ASK {{ {{ {same} }} UNION {{ GRAPH ?g {{ {same} }} }} }}")


def test_the_last_decision_on_a_pair_counts(folder: Path) -> None:
    store = EmbeddedStore(folder)
    first, *_ = review.candidates_of(store)
    left, right = first.left.iri, first.right.iri
    review.keep(store, [Decision(left, right, "later", "甲", "2026-01-05")])
    review.keep(store, [Decision(right, left, "different", "乙", "2026-01-06", "两家医院")])
    assert review.decisions_of(store) == [Decision(right, left, "different", "乙", "2026-01-06")]
    assert not store.ask(PREFIX + f"ASK {{ <{left}> dcterms:isReplacedBy|skos:exactMatch <{right}> }}")
    assert [kind for kind, _, _ in asked(store)] == ["sponsor-institution"]


def test_a_decision_outlives_a_new_reading_of_the_reports(folder: Path) -> None:
    store = EmbeddedStore(folder)
    first, *_ = review.candidates_of(store)
    review.keep(store, [Decision(first.left.iri, first.right.iri, "later", "甲", "2026-01-05")])
    made = record(next(row for row in FILINGS if row["file"] == "hospital-2022"))
    assert Writer(store).put(made, [], name="hospital-2022", sha256=made.source.sha256)
    assert store.ask(
        PREFIX + f"ASK {{ <{first.left.iri}> dcterms:isReplacedBy <{first.right.iri}> ; a nb:PublicInstitution }}"
    )


def test_an_unknown_iri_keeps_nothing(folder: Path) -> None:
    store = EmbeddedStore(folder)
    first, *_ = review.candidates_of(store)
    good = Decision(first.left.iri, first.right.iri, "later", "甲", "2026-01-05")
    with pytest.raises(ReviewError, match="NB-REVIEW-UNKNOWN"):
        review.keep(store, [good, Decision(first.left.iri, DATA + "org/nobody", "same", "甲", "2026-01-05")])
    assert review.decisions_of(store) == []


def test_decisions_make_no_store(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(HEAD + "a,b,same,甲,,\n", encoding="utf-8")
    asked = ["review", "--store", str(tmp_path / "absent"), "--decisions", str(tmp_path / "list.csv")]
    done = CliRunner().invoke(main, asked)
    assert (done.exit_code, "NB-STORE-ABSENT" in done.stderr) == (1, True)
    assert not (tmp_path / "absent").exists()
