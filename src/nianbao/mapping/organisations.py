"""Who is meant: the organisations that a report names in passing (我中心, 市局, 省文物局, 话务员某某).

Only the institution and its sponsors are known by name; whoever else is named stays in the filing that names it, since
省文物局 in two reports need not be one body.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import pyoxigraph as ox

from nianbao.mapping.iris import normalise_name, places_of
from nianbao.resources import ONTOLOGY
from nianbao.vocabulary import expand

_SELF = re.compile(r"[我本该](?P<kind>.{1,3})")
_KIND = re.compile(r"学校|医院|幼儿园|单位|中心|全[校院馆站所园]")
_KINDS = (
    ("校", "[学校院]"),
    ("院", "院"),
    ("园", "园"),
    ("中心", "中心"),
    ("单位", "."),
    ("馆", "馆"),
    ("站", "站"),
    ("所", "所"),
)
_BODY = re.compile(
    r"(?:局|厅|委|委员会|[委政府]?办|办公[室厅]|中心|馆|院|所|校|大学|小学|中学|幼儿园|园|站|队|处|科|科室|室|部|组|公司|集团|协会|学会|"
    r"商会|联合会|基金会|政府|支部|总支|党组|党委|工会|团委|妇联|法院|银行|社|窗口|机构|单位|组织|企业|联盟)$"
)

_WORK = re.compile(
    r"[“”《》]|(?:项目|报告|案例|作品|成果|论文|课题|平台|系统|活动|品牌|节目|产品|服务|技术|标准|专利|展览?|课程?|做法|经验|"
    r"工作|工程|文章|视频|方案|模式|机制|品种|样板)$"
)


_TITLE = r"(?:学生|学员|教师|职工|员工|干部|党员|医生|医师|护士|司机|驾驶员|运动员|教练员|馆员|读者|选手|同学)"
_PERSON = re.compile(
    rf"{_TITLE}[一-鿿]{{2,3}}$|[一-鿿]某{{1,2}}$|[一-鿿]{{2,}}(?:同志|先生|女士|老师|同学)$|[\d一二两三四五六七八九十][名位人]"
)
_BY_PERSON = re.compile(rf"(?:{_TITLE}[一-鿿]{{2,3}}|[一-鿿]{{2,}}(?:先生|女士|老师|同学|同志))[^的，]{{0,4}}的")


def names_person(words: str) -> bool:
    """Whether the words name a person or some (学生李某, 张华同志, 两名职工)."""
    return _PERSON.search(words.strip()) is not None


def names_work(words: str) -> bool:
    """Whether the words name a work of the institution (“…”项目, 两份报告) and no person, place or person's work."""
    return _WORK.search(words.strip()) is not None and not names_body(words) and not _BY_PERSON.search(words)


def names_body(words: str) -> bool:
    """Whether the words end like the name of an organisation or of a part of one, not of a person or a project."""
    return _BODY.search(words.strip()) is not None


def which(words: str, institution: Sequence[str], sponsors: Sequence[str]) -> int | None:
    """Whom ``words`` mean: -1 the institution (all its names), 0, 1 … that sponsor, None somebody else.

    我中心 and 本单位 are the institution; 我局 and 市局 the sponsor of that kind and level; abbreviations that keep the
    order of the characters (市市场监管局 for 深圳市市场监督管理局) are taken for the body that they shorten.
    """
    said = normalise_name(words)
    names = [normalise_name(name) for name in institution]
    bodies = [normalise_name(name) for name in sponsors]
    if said in names:
        return -1
    if said in bodies:
        return bodies.index(said)
    own = _SELF.fullmatch(said)
    if own:
        kind = own["kind"]
        ends = next((ends for word, ends in _KINDS if kind == word), kind)
        if kind in ("单位", "院校") or any(re.search(f"(?:{ends}|{kind})$", name) for name in names):
            return -1
        return next((i for i, body in enumerate(bodies) if body.endswith(kind)), None)
    kind = _KIND.fullmatch(said)
    if kind and names and any(re.search(f"{ends}$", names[0]) for word, ends in _KINDS if kind[0].endswith(word)):
        return -1  # 学校, 全院: the institution by its kind
    if len(said) >= 2 and any(name.endswith(said) for name in names) and said[0] not in "省市区县":
        return -1
    for i, body in enumerate(bodies):
        places = places_of(body)
        if len(said) == 2 and places and said[0] == places[-1] and body.endswith(said[1]):
            return i  # 市局, 区委
    if len(said) >= 4:
        if any(_shortens(said, name) for name in names):
            return -1
        return next((i for i, body in enumerate(bodies) if _shortens(said, body)), None)
    return None


def _shortens(short: str, name: str) -> bool:
    """Whether ``short`` is ``name`` with characters left out, but not the last."""
    rest = iter(name)
    return short[-1:] == name[-1:] and all(char in rest for char in short)


@cache
def sector_words() -> dict[str, str]:
    """Every word of a name that tells a sector, and the IRI of that sector: the hidden labels of codes/sectors.ttl."""
    triples = ox.parse(path=str(ONTOLOGY / "codes" / "sectors.ttl"))
    hidden = expand("skos:hiddenLabel")
    return {
        t.object.value: t.subject.value
        for t in triples
        if t.predicate.value == hidden and isinstance(t.object, ox.Literal) and isinstance(t.subject, ox.NamedNode)
    }


def sector_of(name: str) -> str | None:
    """The IRI of the sector whose word ends last in the institution's name, the longest of these; None without one."""
    plain = normalise_name(name)
    found = [(plain.rfind(word) + len(word), len(word), word) for word in sector_words() if word in plain]
    return sector_words()[max(found)[2]] if found else None
