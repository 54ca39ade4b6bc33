"""What things are called."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nianbao.errors import MappingError
from nianbao.mapping import iris
from nianbao.record import Cover, Record, Source

SOURCE = Source(path="x.txt", sha256="0" * 64)


def record(**values: object) -> Record:
    return Record(source=SOURCE, text="文", **values)


def test_the_key_is_the_code_where_one_is_printed() -> None:
    assert iris.institution_key(record(name="青萝馆", uscc="12990000FX0000122E")) == "12990000FX0000122E"
    assert iris.institution_key(record(name="青萝馆", uscc=" 1299 0000fx0000122e ")) == "12990000FX0000122E"
    assert iris.institution_key(record(name="青萝馆", cover=Cover(uscc="１２990000FX0000122E"))) == "12990000FX0000122E"


@pytest.mark.parametrize("code", [None, "", "12990000FX0000122", "12990000FX0000122EE", "无"])
def test_without_a_code_the_key_is_a_hash_of_the_name(code: str | None) -> None:
    assert iris.institution_key(record(name="青萝馆", uscc=code)) == iris.name_key("青萝馆")


def test_the_hash_does_not_see_width_or_blanks() -> None:
    assert iris.name_key("青萝 馆（东区）") == iris.name_key("青萝馆(东区)")
    assert iris.name_key("青萝馆") != iris.name_key("青萝院")


def test_the_name_of_the_cover_is_the_fallback() -> None:
    assert iris.institution_name(record(cover=Cover(name="青萝馆"))) == "青萝馆"


def test_no_name_and_no_year_are_errors_with_a_remedy() -> None:
    with pytest.raises(MappingError, match="NB-MAP-NAME") as no_name:
        iris.Names.of(record(year=2024))
    with pytest.raises(MappingError, match="NB-MAP-YEAR") as no_year:
        iris.Names.of(record(name="青萝馆"))
    assert no_name.value.where == no_year.value.where == "x.txt"
    assert no_name.value.remedy
    assert no_year.value.remedy


def test_the_base_may_lack_its_last_slash() -> None:
    names = iris.Names.of(record(name="青萝馆", year=2024), base="https://data.example/nb")
    assert names.filing.startswith("https://data.example/nb/filing/n-")
    assert names.previous_filing is None
    assert iris.Names("K", 2024, 2).previous_filing == iris.Names("K", 2024, 1).filing


@given(st.text(), st.text())
def test_every_iri_is_ascii(name: str, path: str) -> None:
    names = iris.Names(iris.name_key(name), 2024)
    made = [names.part(path), names.institution, iris.text_iri(name), iris.indicator_iri(name, path)]
    assert all(re.fullmatch(r"[!-~]+", iri) and not set(iri) & set('<>"{}|\\^`') for iri in made)


@pytest.mark.parametrize(
    ("code", "valid"),
    [
        ("124309004468844378", True),  # codes printed in public registers
        ("11330782002609303G", True),
        ("9144030071526726XG", True),
        ("447172482447172482", False),  # made up, printed in a real report
        ("124309004468844379", False),  # wrong last character
        ("12430900446884437", False),
        ("12430900446884437I", False),  # I is no letter of the alphabet
        (None, False),
    ],
)
def test_valid_codes(code: str | None, valid: bool) -> None:
    assert iris.valid_code(code) is valid


def test_a_misprinted_code_identifies_nothing() -> None:
    wrong = record(name="澜川县图书馆", uscc="12990000FX0000122F")
    assert iris.institution_key(wrong) == iris.name_key("澜川县图书馆")
    assert iris.clean_code(iris.stated_code(wrong)) == "12990000FX0000122F"


def test_one_name_in_two_places_is_two_institutions() -> None:
    keys = {
        iris.institution_key(record(name="第一中学", sponsors=(sponsor,)))
        for sponsor in ("澜川县教育局", "云湖市教育局", "教育局")
    }
    assert len(keys) == 3
    one = record(name="澜川县第一中学", sponsors=("云湖市教育局",))
    assert iris.institution_key(one) == iris.name_key("澜川县第一中学")  # a name with a place is enough


@pytest.mark.parametrize(
    ("name", "places"),
    [("云湖省澜川县图书馆", "云湖省澜川县"), ("第一中学", ""), ("市民服务中心", ""), ("云湖市", "云湖市")],
)
def test_places_of_a_name(name: str, places: str) -> None:
    assert iris.places_of(name) == places
