"""Who is meant by the words of a report."""

import pytest

from nianbao.mapping.organisations import names_body, names_work, sector_of, sector_words, which
from nianbao.vocabulary import expand

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


@pytest.mark.parametrize(
    ("words", "work"),
    [
        ("“青萝夜话”项目", True),
        ("两份数据分析报告", True),
        ("早熟枇杷“青早1号”选育与应用", True),
        ("话务员某某", False),
        ("云湖市", False),
        ("云湖市文物局", False),
        ("“一站式”服务窗口", False),
    ],
)
def test_names_work(words: str, work: bool) -> None:
    assert names_work(words) is work


@pytest.mark.parametrize(
    ("name", "sector"),
    [
        ("云湖市图书馆", "Culture"),
        ("塔桥镇综合文化服务站", "Culture"),
        ("云湖医学院", "Education"),  # the last word counts, not the first
        ("云湖医学院附属医院", "Health"),
        ("云湖市体育运动学校", "Sport"),  # of two that end together the longer
        ("云湖市12345政务服务便民热线中心", "Information"),
        ("云湖市公共信用中心", None),
        ("云湖市某某中心", None),
    ],
)
def test_sector_of_a_name(name: str, sector: str | None) -> None:
    assert sector_of(name) == (expand(f"nbc:sector{sector}") if sector else None)


def test_there_are_27_sectors_and_each_has_words() -> None:
    assert len(set(sector_words().values())) == 27
