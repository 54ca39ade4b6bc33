"""Clauses of running text, and the words that go into the subject of a quantity.

A subject is told in the report's words: what stands between the last stop and the number, without the period, without
共, 累计, 达, and with the noun behind a classifier (曝光1034起典型案件 → 曝光典型案件).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from nianbao.narrative.amounts import Amount
from nianbao.record import Accumulation, Basis, Direction, Kind

SHARE = frozenset({"%", "‰", "百分点", "倍"})

_QUOTED = re.compile(r"“[^”\n]{1,60}”|《[^》\n]{1,60}》|（[^（）\d\n]{1,24}）")
_SIGNS = "，、；：。！？（） "
_HARMLESS = "".join(map(chr, range(0xE000, 0xE000 + len(_SIGNS))))
_MASK = str.maketrans(_SIGNS, _HARMLESS)
_UNMASK = str.maketrans(_HARMLESS, _SIGNS)
STOP = re.compile(r"[，；。：！？\n（） ]")
SENTENCE = re.compile(r"[。！？\n]")

_YEAR = r"(?:\d{4}|[二〇零一三四五六七八九]{4})年"
_PERIOD = (
    rf"(?:(?:截至|截止|截止到|到|至|在)?{_YEAR}(?:\d{{1,2}}月(?:\d{{1,2}}日|份|底|末)?|年?[度末底初]|全年|上半年|下半年)?(?:以来|[-—~～至到]{_YEAR}(?:期间)?)?"
    r"|(?:截至|截止)[^，。；]{0,14}?(?:目前|底|末|日|年(?!底|末))|\d{1,2}月(?:\d{1,2}日|份|底|末)?|全年|本年度?|今年(?:以来)?|当年|年内|本期|报告期内?|期间|一年来|目前|(?:近|过去|最近)?[\d一二三四五六七八九十两]+年来|本年内|年度内|去年|上半年|下半年)"
)
_LEAD = re.compile(
    rf"(?:{_PERIOD}|[、，：；·]|其中|此外|另外|另有|另|同时|并且|并|且|和|及|与|以及|还|又|也|则|已|(?:我|本)(?:部门|[馆院校站所园台社团局](?!长|级|际|部|区)|中心|单位)|共计|共有|共(?![同享产青用建])|累计|总共|计(?![划算])|"
    r"现有|仅有|只有|尚有|仅|约(?![谈束见定会稿请])|近(?![视代海郊郊距邻])|使(?!用)|让(?!利)|其(?![他它余间次])|分别|现(?![场代实金货役任职状象浇])|从而|进而|因此|有(?![关效机序害毒])|含|包括)+"
)
_LEVEL_TO = (
    r"(?:提升|提高|增加|增长|上升|扩大|降低|下降|减少|压缩|缩短|压减|延伸|扩展|拓展|扩|升|降|增|减|达|缩减|跃升|攀升|回落|上涨|增至|恢复|调整|缩小|收窄|放宽|压)"
    r"(?:了)?(?:到|至|为|达到?)"
)
_TAIL = re.compile(
    rf"(?:{_LEVEL_TO}|分别|共分|(?<![人年月日平户亩件班场次车床生校村所])均|[都各]|共计|共有|(?<!公)共|累计|已|仅有?|只有?|就|达到?了?|(?<![行认])为|(?<![凡于但可])是|"
    r"(?:现|尚|还|均|各|仍|另|约|计)有|(?:保持|稳定|控制|维持|始终保持|基本保持)在?|实现|高达|多达|超过|完成了|了|：|合计达|总计达|(?<=[率量额数])在|(?<![签履违预公条合])约|近|"
    r"(?<=[一-鿿])至|(?<=[一-鿿])到|也|又|再|(?<![归返偿退交])还|仍|一共|总共|平均达)+$"
)
_LIGHT_TAIL = re.compile(r"(?:共计?|累计|[各均都约近仅只]|有|为|是|达到?|了|：)+$")
_INNER = re.compile(r"(?:全年|本年度?|今年|共计|共有|累计|总共|(?<![公一])共(?![同享产青用建]))")
# A list that 等 closes; 等 of a grade (一等奖, 同等, 等级) closes none.
_LISTED = re.compile(
    r"(?!、)[^，。；：！？\n（）]{2,30}(?<![一二三四特甲乙丙优高中初同平])等(?![级次候奖功额])[^，。；：！？\n（）、]{0,10}"
)
_STOP_OR_ITEM = re.compile(r"[，；。：！？\n（）、 ]")
# 全所61人中注册计量师33人: what stands behind the number divides it, and names it not.
WITHIN = re.compile(r"[中里内](?![小级高型药医学央心层青外部科国共文设置])|计$")
_OPEN_END = re.compile(r"(?<=.)(?:和|及|与|以及|、|的|并)$")
_SINCE = re.compile(r"自[^，。；“”]{1,16}?以来")
# A verb that ends the noun behind a classifier: 对227家机构 | 给予行政告诫.
_VERB = re.compile(
    r"(?:给予|进行|实现|开展|参加|参与|获得?|荣获|被|完成|通过|提供|达到|得到|予以|实施|享受|下载|取得|纳入|落实|办理|接受|使用|签订|"
    r"列入|入选|采用|安装|建立|建成|举办|受益|符合|位于|处于|(?<![行认])为(?!主)|已|均|全部|都|(?<![理自缘])由|(?<![存内潜])在(?![职编岗校册线建用园训])|将|用于|以(?!上|下|内)|并|于|较|比|同比|"
    r"占|分别|率先|正式|顺利|如期|按时|仍|尚|近(?![视代海])|超(?![市声算])|约(?![谈会])|多(?!种|个|元)|不等|其中|增长|下降|增加|减少|提升|提高|降低|办结|办理完毕|投入|竣工|开工|验收|发放|颁发|拨付|减免|追回|挽回|送去|送上|提取|领取|缴纳|购买|报考|共建|实行|推行|中?排名|排在|位居|位列|名列|赴|前往|设立|开设|计划(?![生外内])|拟|正在|正(?=在)|继续|评为|脱贫|毕业|到期|入驻)"
)


@lru_cache(maxsize=4)
def masked(text: str) -> str:
    """The text with the stops in quotation marks, titles and brackets without digits replaced by private signs."""
    return _QUOTED.sub(lambda m: m[0].translate(_MASK), text)


def unmasked(text: str) -> str:
    """The inverse of ``masked``."""
    return text.translate(_UNMASK)


@lru_cache(maxsize=2048)
def strip_lead(text: str) -> int:
    """How many characters at the beginning are no part of a subject: periods, 其中, 共, 累计."""
    match = _LEAD.match(text)
    if match and len(text) - match.end() == 1 and text[match.end() - 1] in "和并及与还现":
        return match.end() - 1  # 和解, 现场: one character alone is no subject
    return match.end() if match else 0


@lru_cache(maxsize=2048)
def strip_tail(text: str) -> str:
    """The text without 共, 达, 为, 均, 保持在, 提升至 … at its end."""
    return _TAIL.sub("", text)


def strip_light(text: str) -> str:
    """The text without 共, 为, 有, 达 at its end, yet with verbs that ``strip_tail`` takes away (维持, 实现)."""
    return _LIGHT_TAIL.sub("", text)


@lru_cache(maxsize=2048)
def noun_behind(text: str) -> str:
    """The counted noun behind a unit, up to a stop or a verb; a list that 等 closes stays whole."""
    if WITHIN.match(text):
        return ""
    listed = _LISTED.match(text)
    stop = _STOP_OR_ITEM.search(text)
    noun = listed[0] if listed else text[: stop.start()] if stop else text
    verb = _VERB.search(noun)
    if verb:
        noun = noun[: verb.start()]
    noun = _OPEN_END.sub("", noun)
    return strip_tail(noun.removeprefix("的").rstrip("、")) if len(noun) <= 30 else ""


@lru_cache(maxsize=2048)
def clean(text: str) -> str:
    """A subject without periods and 共 inside, and without stray signs at its ends."""
    text = _SINCE.sub("", _INNER.sub("", text))
    if text.count("“") != text.count("”"):
        text = text.strip("“”")
    return text.strip("，、；：·的 ") or text


@dataclass(slots=True, eq=False)
class Quantity:
    """A metric in the making. Offsets are those of the flow; ``of`` and ``part_of`` point to other quantities.

    left, behind: the words of its clause before and after it, up to its neighbours. own: whether its subject stands in
    its own words; else it is carried. topic: the thing it is about, which later elided subjects stand for.
    earlier: the first of 从A到B. derived: a mean (日均). said: the subject before a part took the noun of its total.
    carried: whether its noun is that of another quantity. held: whether it stands in a list of what there is.
    group, rank: the list that it was dealt from, its place there.
    """

    amount: Amount
    clause: int
    clause_end: int
    sentence: int
    left: str
    behind: str
    subject: str = ""
    topic: str = ""
    own: bool = False
    kind: Kind = "level"
    direction: Direction | None = None
    basis: Basis | None = None
    accumulation: Accumulation = "period"
    of: Quantity | None = None
    part_of: Quantity | None = None
    earlier: bool = False
    share: bool = False
    said: str = ""
    carried: bool = False
    held: bool = False
    share_of: str = ""
    derived: bool = False
    group: int = 0
    things: list[str] = field(default_factory=list)

    @property
    def unit(self) -> str | None:
        """The unit as printed."""
        return self.amount.unit

    @property
    def value(self) -> Decimal:
        """The value with scale words applied."""
        return self.amount.value

    @property
    def countable(self) -> bool:
        """Whether it can be a total or a part: a level that is no rate and no multiple."""
        return self.kind == "level" and self.unit not in SHARE
