"""Who is meant by the words of a report."""

import pytest

from nianbao.organisations import names_body, which

INSTITUTION = ("云湖市青萝博物馆", "云湖市文物保护中心")
SPONSORS = ("云湖市文化和旅游局", "云湖市芦荻区人民政府")


@pytest.mark.parametrize(
    "words", ["云湖市青萝博物馆", "云湖市文物保护中心", "我馆", "本单位", "本中心", "青萝博物馆", "博物馆"]
)
def test_the_institution(words: str) -> None:
    assert which(words, INSTITUTION, SPONSORS) == -1


@pytest.mark.parametrize("words", ["云湖市文化和旅游局", "我局", "市局", "市文化和旅游局", "云湖市文旅局"])
def test_the_first_sponsor(words: str) -> None:
    assert which(words, INSTITUTION, SPONSORS) == 0


@pytest.mark.parametrize(
    "words", ["省局", "省文化和旅游厅", "云湖市文物局", "话务员某某", "“青萝夜话”项目", "区局", "我校", "局"]
)
def test_somebody_else(words: str) -> None:
    assert which(words, INSTITUTION, SPONSORS) is None


@pytest.mark.parametrize(
    ("words", "body"),
    [
        ("云湖市文物局", True),
        ("大厅窗口", True),
        ("第一党支部", True),
        ("“青萝夜话”项目", False),
        ("话务员某某", False),
    ],
)
def test_names_body(words: str, body: bool) -> None:
    assert names_body(words) is body
