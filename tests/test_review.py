"""Candidates for one institution: what is asked, what is not, and what a decision leaves in the store."""

import csv
import io
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner

from nianbao import review
from nianbao.cli import main
from nianbao.errors import ReviewError
from nianbao.mapping.iris import normalise_name
from nianbao.review import Body, Candidate, Decision, Rename, candidates, read_decisions
from nianbao.review.decisions import check
from nianbao.storage.store import EmbeddedStore, open_store
from nianbao.vocabulary import DATA, PREFIXES
from nianbao.writer import Writer
from test_ontology_questions import FILINGS, record

CITY, COUNTY = "12341400NB0070014J", "12341423NB0070030J"
PREFIX = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcterms", "nb", "nbc", "org", "skos"))


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
A, B, C, D = (f"{DATA}org/{name}" for name in "abcd")


def test_rows_without_a_decision_are_still_open() -> None:
    rows = HEAD + f"a,b,,,,\n{C},{D},same,张三,2025-03-31,看过证书\n"
    assert read_decisions("\ufeff" + rows) == [Decision(C, D, "same", "张三", "2025-03-31", "看过证书")]


def test_an_empty_date_is_today() -> None:
    (decision,) = read_decisions(HEAD + f"{C},{D},later,张三,,\n")
    assert decision.when > "2025"


@pytest.mark.parametrize(
    ("rows", "place"),
    [
        ("left,right\n", "line 1"),
        ("", "line 1"),
        (HEAD + f"a,b,,,,\n{A},{B},perhaps,张三,,\n", "line 3"),
        (HEAD + f"{A},{B},same,,,\n", "line 2"),
        (HEAD + f"{A},{B},same,张三,yesterday,\n", "line 2"),
        (HEAD + f"{A},{B},same,张三,2025/2/30,\n", "line 2"),
        (HEAD + f"{A},{A},same,张三,,\n", "line 2"),
        (HEAD + f"a,{B},same,张三,,\n", "line 2"),
        (HEAD + f"{A}> <x,{B},same,张三,,\n", "line 2"),
        (HEAD + f"{A},{B},same,张三,,,,多出\n", "line 2"),
        (HEAD + f'{A},"{B},same,张三,,\n', "line 2"),
        ("left,left,right,decision,who\n", "line 1"),
        (HEAD + "\0", "line 1"),
    ],
)
def test_a_wrong_row_is_named(rows: str, place: str) -> None:
    with pytest.raises(ReviewError, match="NB-REVIEW-CSV") as error:
        read_decisions(rows, "list.csv")
    assert (error.value.where, error.value.place) == ("list.csv", place)
    assert error.value.remedy


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_list_comes_back_as_spreadsheets_save_it(encoding: str, delimiter: str, tmp_path: Path) -> None:
    text = (HEAD + f'{C},{D},Same,"档案组, 甲",2025/3/31,看过证书\n').replace(",", delimiter).replace(";", delimiter)
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    (tmp_path / "list.csv").write_bytes((mark + text.replace("\n", "\r\n")).encode(encoding))
    (found,) = review.read_file(tmp_path / "list.csv")
    assert (found.decision, found.when, found.note, found.place) == ("same", "2025-03-31", "看过证书", "line 2")


def test_the_line_that_tells_the_separator_is_passed_over() -> None:
    rows = "sep=;\r\n" + (HEAD + f"{C},{D},不同,甲,2025年3月31日,\n").replace(",", ";")
    assert read_decisions(rows) == [Decision(C, D, "different", "甲", "2025-03-31")]


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"\xd0\xcf\x11\xe0", b"left,right\xff\xff\xff\n", b"\xff\xfea"])
def test_a_file_that_is_no_text_is_named(data: bytes, tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_bytes(data)
    with pytest.raises(ReviewError, match="NB-REVIEW-CSV"):
        review.read_file(tmp_path / "list.csv")


# --- decisions that cannot all be true


def decided(*rows: str) -> list[Decision]:
    return [Decision(DATA + "org/" + row[0], DATA + "org/" + row[-1], row[2:-2], "甲", "2026-01-05") for row in rows]


@pytest.mark.parametrize(
    "rows",
    [
        ["a same b", "a different b"],
        ["a later b", "b later a"],
        ["a later b", "a same b"],
        ["a later b", "b later c", "c later a"],
        ["a later b", "a later c"],
        ["a same b", "b same c", "a different c"],
        ["a later b", "c same b", "c different a"],
        ["a later b", "b later c", "a merged c"],
    ],
    ids="; ".join,
)
def test_contradictions_are_found(rows: list[str]) -> None:
    for order in (rows, rows[::-1]):
        with pytest.raises(ReviewError, match="NB-REVIEW-CONTRADICTION") as error:
            check(decided(*order), "list.csv")
        assert str(error.value).count("org/") >= 4


@pytest.mark.parametrize(
    "rows",
    [
        ["a same b", "b same a"],
        ["a same b", "b same c", "c same a"],
        ["a later c", "b later c", "c later d"],
        ["a merged c", "b merged c"],
        ["a split b", "a split c", "b different c"],
        ["a different b", "b different c", "a same c"],
    ],
    ids="; ".join,
)
def test_decisions_that_fit_together_pass(rows: list[str]) -> None:
    check(decided(*rows))


# --- mergers and splits that nobody declares


def moved(iri: str, sponsor: str = "岚洲市文化局", **years: tuple[int, int]) -> Body:
    """An institution with its opening and closing balance (yuan) by year: y2023=(1, 2)."""
    made = body(iri, f"岚洲市{iri}", *(int(year[1:]) for year in years))
    made.sponsors = {sponsor}
    made.opening = {year[1:]: Decimal(amounts[0]) for year, amounts in years.items()}
    made.closing = {year[1:]: Decimal(amounts[1]) for year, amounts in years.items()}
    return made


STAYS = {"y2022": (3_000_000, 3_100_000), "y2023": (3_100_000, 3_200_000)}


@pytest.mark.parametrize(
    ("bodies", "asked"),
    [
        # 甲 is merged into 乙, which goes on
        ([moved("甲", y2022=(1, 500_000)), moved("乙", y2022=(1, 2_000_000), y2023=(2_500_050, 9))], ["甲乙"]),
        # 甲 and 乙 become 丙
        ([moved("甲", y2022=(1, 500_000)), moved("乙", y2022=(1, 700_000)), moved("丙", y2023=(1_200_000, 9))], ["丙"]),
        # 甲 is split into 乙 and 丙
        ([moved("甲", y2022=(1, 900_000)), moved("乙", y2023=(400_000, 9)), moved("丙", y2023=(500_000, 9))], ["甲"]),
        # 乙 goes out of 甲, which goes on
        ([moved("甲", y2022=(1, 900_000), y2023=(600_000, 9)), moved("乙", y2023=(300_000, 9))], ["甲乙"]),
        # another sponsor; a sum that does not fit; a correction within one that goes on; small sums
        ([moved("甲", y2022=(1, 500_000)), moved("乙", "岚洲市教育局", y2023=(500_000, 9))], []),
        ([moved("甲", y2022=(1, 500_000)), moved("乙", y2023=(510_000, 9))], []),
        (
            [moved("甲", y2022=(1, 500_000), y2023=(400_000, 9)), moved("乙", y2022=(1, 500_000), y2023=(600_000, 9))],
            [],
        ),
        ([moved("甲", y2022=(1, 5_000)), moved("乙", y2023=(5_000, 9))], []),
    ],
)
def test_net_assets_that_go_over_are_asked_about(bodies: list[Body], asked: list[str]) -> None:
    found = [one for one in candidates([*bodies, moved("留", **STAYS)]) if one.kind == "transfer"]
    if not asked:
        assert found == []
    elif len(asked[0]) == 2:
        assert [one.left.iri + one.right.iri for one in found] == asked
    else:
        assert len(found) == 2
        assert {one.right.iri for one in found} == {asked[0]} or {one.left.iri for one in found} == {asked[0]}


def test_another_institution_at_the_same_address_of_the_same_sponsor() -> None:
    def at(iri: str, year: int, address: str = "岚洲市芦荻路1号", sponsor: str = "岚洲市文化局") -> Body:
        made = body(iri, f"岚洲市{iri}", year)
        made.sponsors, made.addresses = {sponsor}, {str(year): address}
        return made

    assert kinds(candidates([at("甲", 2022), at("乙", 2023)])) == [("succession", "甲", "乙")]
    for other in (at("乙", 2022), at("乙", 2024), at("乙", 2023, "别处"), at("乙", 2023, "", "岚洲市文化局")):
        assert candidates([at("甲", 2022), other]) == []
    assert candidates([at("甲", 2022), at("乙", 2023, sponsor="岚洲市教育局")]) == []


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
    (tmp_path / "list.csv").write_text(HEAD + f"{A},{B},same,甲,,\n", encoding="utf-8")
    asked = ["review", "--store", str(tmp_path / "absent"), "--decisions", str(tmp_path / "list.csv")]
    done = CliRunner().invoke(main, asked)
    assert (done.exit_code, "NB-STORE-ABSENT" in done.stderr) == (1, True)
    assert not (tmp_path / "absent").exists()


def test_a_merger_is_an_event_and_both_stay(folder: Path) -> None:
    store = EmbeddedStore(folder)
    first, *_ = review.candidates_of(store)
    left, right = first.left.iri, first.right.iri
    review.keep(store, [Decision(left, right, "merged", "甲", "2026-01-05")])
    event = f"?e a org:ChangeEvent ; org:originalOrganization <{left}> ; org:resultingOrganization <{right}>"
    for where in ("{ %s }", f"{{ GRAPH <{DATA}graph/decisions> {{ %s }} }}"):
        assert store.ask(PREFIX + "ASK " + where % event)
    assert not store.ask(PREFIX + f"ASK {{ <{left}> dcterms:isReplacedBy|skos:exactMatch <{right}> }}")
    review.keep(store, [Decision(left, right, "different", "乙", "2026-01-06")])
    assert not store.ask(PREFIX + "ASK { { ?e a org:ChangeEvent } UNION { GRAPH ?g { ?e a org:ChangeEvent } } }")


def test_the_same_by_name_and_by_code_leads_to_the_code(folder: Path) -> None:
    store = EmbeddedStore(folder)
    first, *_ = review.candidates_of(store)
    assert (first.left.code, bool(first.right.code)) == ("", True)
    for left, right in ((first.left.iri, first.right.iri), (first.right.iri, first.left.iri)):
        review.keep(store, [Decision(left, right, "same", "甲", "2026-01-05")])
        replaced = f"<{first.left.iri}> dcterms:isReplacedBy <{first.right.iri}>"
        assert store.ask(PREFIX + f"ASK {{ {replaced} . <{left}> skos:exactMatch <{right}> }}")
        assert not store.ask(PREFIX + f"ASK {{ <{right}> skos:exactMatch ?x }}")
        assert not store.ask(PREFIX + f"ASK {{ <{first.right.iri}> dcterms:isReplacedBy ?x }}")


def test_decisions_have_to_fit_those_that_the_store_keeps(folder: Path) -> None:
    store = EmbeddedStore(folder)
    first, second = review.candidates_of(store)
    review.keep(store, [Decision(first.left.iri, first.right.iri, "later", "甲", "2026-01-05")])
    circle = [
        Decision(first.right.iri, second.left.iri, "later", "乙", "2026-01-06", place="line 2"),
        Decision(second.left.iri, first.left.iri, "later", "乙", "2026-01-06", place="line 3"),
    ]
    with pytest.raises(ReviewError, match="circle") as error:
        review.keep(store, circle)
    assert error.value.place in ("line 2", "line 3")
    assert len(review.decisions_of(store)) == 1
    review.keep(store, circle[:1])
    assert len(review.decisions_of(store)) == 2
