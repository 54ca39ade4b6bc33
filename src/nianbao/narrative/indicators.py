"""One wording for an indicator that many institutions name: what certainly means the same is made the same.

Only words go that say nothing about what is counted: the period (全年), the institution's name for itself (我馆), 共
and 累计 (the observation says whether it is of the period or to date), 各类, 了. Verbs stay (开展 is not 完成), and so
do places (全市 is not the institution), parts (公立医院), and sums that have a meaning of their own (收入总计).
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache

import pyoxigraph as ox

from nianbao.resources import ONTOLOGY
from nianbao.vocabulary import expand

_PERIOD = (
    r"(?:(?:截至|截止|至)?(?:\d{4}|[二〇零一]{2}[〇零一二三四五六七八九]{2})年(?:\d{1,2}月(?:\d{1,2}日|底|末)?)?"
    r"(?:度(?!假)|末|底)?|全年|本年度?|年度内|年内|今年|当年|"
    r"报告期内?|本期|目前|截至目前|(?:年末|年底|期末)(?![结余净数未]))"
)
# 我馆, 本院, 全校: the institution itself; 全市, 全县, 我省 are places and stay.
_SELF = (
    r"(?:(?:我|本)(?:[馆院校站所园台社团局]|中心|单位|部门)|全(?:[馆院校站所台]|中心|单位)(?![面体]))"
    r"(?!长|级|区|所|校园)"
)
_LEAD = re.compile(
    rf"(?:{_PERIOD}|{_SELF}|共计|总共|合计|共(?![同享产青用建有性])|共有|累计|现有|其中|分别|先后|[，、：；\s])+"
)
_INSIDE = re.compile(r"(?<=[一-鿿])(?:共计|总共|累计)(?=[一-鿿])|各(?:级各)?类(?!别)|各项|各种")
_DONE = re.compile(
    r"(?<=举办|开展|组织|完成|接待|受理|办理|发放|培训|服务|新增|处理|建立|制定|印发|召开|参加|整理|修复|检查|发布|实施)了"
)
_TAIL = re.compile(r"(?<=[一-鿿]{2})(?:总数量?|总人数|数量|的?总量)$")
_COUNTED = re.compile(r"(?<=[一-鿿]{2})(?:人次|场次|册次|件次|人数)$")
_HELD = re.compile(r"^举行(?=[一-鿿])")


@cache
def frequent() -> dict[tuple[str, str], str]:
    """(wording, unit word) → address of the curated indicator: the table ontology/indicators/frequent.ttl."""
    wordings: dict[str, list[str]] = {}
    units: dict[str, list[str]] = {}
    labels = tuple(expand(f"skos:{kind}Label") for kind in ("pref", "alt", "hidden"))
    for triple in ox.parse(path=ONTOLOGY / "indicators" / "frequent.ttl"):
        node, value = str(triple.subject.value), triple.object
        if not isinstance(value, ox.Literal):
            continue
        if triple.predicate.value in labels and value.language == "zh":
            wordings.setdefault(node, []).append(normal_subject(value.value))
        elif triple.predicate.value == expand("nb:unitWord"):
            units.setdefault(node, []).append(value.value)
    return {(wording, unit): node for node in units for wording in wordings[node] for unit in units[node]}


def known_indicator(subject: str, unit: str | None) -> str | None:
    """The address of the curated indicator that a subject with a unit certainly is, or None."""
    wording, unit = normal_subject(subject), unit or ""
    return frequent().get((wording, unit)) or frequent().get((wording.removesuffix(unit), unit))


@lru_cache(maxsize=4096)
def normal_subject(subject: str) -> str:
    """The wording of a subject under which its indicator is filed; also its readable name. Never empty for words.

    Full-width letters and digits are made plain and white space goes; Chinese quotation marks and stops stay.
    """
    text = plain = _plain(subject)
    while (shorter := _once(text)) != text:
        text = shorter
    return text if len(text) >= 2 else plain


def _plain(subject: str) -> str:
    plain = "".join(
        "".join(unicodedata.normalize("NFKC", c) if c not in "，：；！？（）" else c for c in subject).split()
    )
    return plain.replace("(", "（").replace(")", "）").replace('"', "“")


def _once(text: str) -> str:
    lead = _LEAD.match(text)
    text = _DONE.sub("", _INSIDE.sub("", text[lead.end() :] if lead else text))
    text = _HELD.sub("举办", text)
    bare = _TAIL.sub("", text)
    if len(bare) >= 2:
        text = bare
    counted = _COUNTED.sub("", text)
    if len(counted) >= 4:
        text = counted
    return text.strip("，、：；的")
