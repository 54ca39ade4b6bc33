"""Penalties, lawsuits and complaints that a narrative tells, with whom they meet and who brought them.

Acts of the institution's own work are no incidents of it: it may punish, sue and hear complaints for others. Counts of
complaints that were heard are metrics; a complaint that names who complains of whom is an incident.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.narrative.lexicon import lexicon
from nianbao.record import EventKind

_BODY = rf"(?:{lexicon().joined('body')})"
LEAD_IN = re.compile(
    r"^(?:[^，。；]{0,6}(?:(?<=[\d今本当去上全])年度?|月份?|年内|期间|以来)|同时|此外|并|还|也|其中|先后|成功|连续(?:\d+|[一二三四五六七八九十]+)年|连续|再次|再度|首次|双双|均|分别|又|一举|顺利|，|有)+"
)
OURS = re.compile(r"(?:我|本)(?:单位|中心|部门|[馆院校站所园台社团局处段队场厂县市区办])")
_SUIT = re.compile(
    r"(?P<verb>(?:诉至|起诉至|告上)[^，。；！？\n]{0,14}?法[院庭]|(?:提起|提出)(?:行政|民事|刑事|劳动争议|合同)?(?:诉讼|上诉)|起诉(?=我|本|要求|，|。|；|$)"
    r"|投诉(?=[一-鿿]{2})(?!举报|受理|处理|办结|电话|热线|渠道|平台|信息|内容|事项|案件|问题|工单|情况|量|率|较|同比|总|均|及|和|已))"
)
_SUIT_OTHER = re.compile(
    r"援助|代理|支持起诉|指导|协助|帮助|移送|审查起诉|公益诉讼|提供|检察|调解[^，。；]{0,6}(?:案件|纠纷)\d"
)
_PERSON = re.compile(r"某|女士|先生|同学|老人|家属|师傅")
_WHOM = re.compile(r"(?P<whom>[一-鿿]{2,6}?)(?=收|服务|态度|乱|违|未|不|的|[，。；！？\n]|$)")
_SUITOR = re.compile(r"(?P<by>[^，。；！？\n被]{2,14}?)(?=因|认为|不服|以|对|就|向|将|起诉|诉至|告上|提起|提出|投诉)")
_PENALTY = re.compile(
    r"(?<![未无没])(?P<verb>受到|被|受)(?P<by>[^，。；！？\n“”]{0,24}?)(?:给予|处以|予以)?(?P<object>(?:行政处罚|通报批评|警告处分|党纪处分|政务处分|处分|警告|罚款|问责|责令整改|责令改正|约谈|通报(?!表扬|表彰|嘉奖|肯定))(?:\d[^，。；]*?元)?)"
)
# 省协会因归档迟延对我处予以警告
_PUNISHED = re.compile(
    rf"(?P<by>(?<=[，。；\n])[^，。；！？\n“”]{{1,16}}?{_BODY})(?:因[^，。；]{{1,20}}?|[^，。；]{{0,6}}后)?对(?P<whom>(?:我|本)(?:单位|中心|部门|[馆院校站所园台社团局处段队场厂]))"
    r"(?:予以|给予|处以|作出|进行)(?:了)?(?P<object>(?:行政处罚|通报批评|警告|罚款|问责|约谈|通报)(?:\d[^，。；]*?元)?)"
)
_PUNISHED_ONE = re.compile(
    r"(?!因|被|受|由于|全年|年内|\d)(?P<whom>[^，。；：！？\n\d]{2,12}?)(?=因|被|受到|由于|未按|违反)"
)
_VERSUS = re.compile(
    r"(?P<by>[^，。；：！？\n]{2,12}?)诉(?P<whom>(?:我|本)(?:单位|中心|[馆院校站所园台社团局处段队场厂]))(?P<name>[^，。；！？\n\d]{0,16}?(?:案件?|纠纷|争议))"
)
_LAWSUIT = re.compile(
    r"(?P<name>(?:应诉|被诉|涉诉)(?:行政|民事|劳动|合同)?[^，。；！？\n\d]{0,12}?(?:案件|(?<!档)案|诉讼|复议案件))(?=[^一-鿿]|\d|$|已|共)"
    r"|(?:发生|引发|涉及)(?P<arisen>(?:医疗|劳动|合同|人事|行政|民事|侵权|[一-鿿]{2})[一-鿿]{0,6}?诉讼(?:案件?)?)(?=\d|[，。；]|[一二两三])"
    r"|(?P<case>[^，。；：！？\n]{2,30}?(?:纠纷|侵权|争议|诉讼)案?)(?=[^。；！？\n]{0,24}?(?:撤诉|和解|判决|胜诉|败诉|开庭|审结|终审|一审|二审|驳回|维持原判|改判|发回重审|提起诉讼|起诉|法院调解|调解结案|执行完毕))"
)
_BUSINESS = re.compile(
    r"^(?:[^，。；]{0,10})?(?:调解|化解|受理|处理|审理|代理|办理|援助|调处|查处|协调|接收|审结|立案|提供|涉及|行政复议)"
)
_COMPLAINT = re.compile(
    r"(?P<name>(?:有责投诉|服务投诉|被[^，。；！？\n]{0,16}投诉|(?:收到|接到|发生)(?:患者|读者|家长|观众|游客|学员|学生|市民|群众|职工|业主|考生|住户)?(?:对|针对|关于)(?:我|本|单位)[^，。；！？\n]{0,16}?投诉|"
    r"(?:收到|接到|发生)(?:患者|读者|家长|观众|游客|学员|学生|考生|业主|医疗|服务|有效|有责)[^，。；！？\n\d]{0,8}?投诉))(?!举报)"
)
_WRONG = re.compile(r"诉|告上|纠纷|侵权|争议|处罚|批评|处分|警告|罚款|问责|整改|改正|约谈|通报")
_STOP = re.compile(r"[。！？\n]")
_OTHERS = re.compile(r"对|企业|商户|当事人|违法|单位被|经营者")
_GIVER_END = re.compile(rf"[^，。；]{{1,20}}(?:{_BODY}|部门|机关)$")
_JUSTNOT = re.compile(r"(?:未|无|没有|不存在|零|杜绝|避免|防止|严禁)(?:发生|出现|收到|因[^，。；]{0,6})?$")
NOT = re.compile(r"(?:未|无|没有|不存在|零|杜绝|避免|防止|严禁)[^，。；]{0,8}$")


@dataclass(frozen=True, slots=True)
class Hit:
    kind: EventKind
    name: str
    recipient: str | None
    by: str | None
    start: int
    end: int


def clause_of(plain: str, at: int) -> int:
    """Where the clause that holds an offset begins."""
    return max(plain.rfind(c, 0, at) for c in "，。；：！？\n") + 1


def _sentences_with(plain: str, word: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The sentences that hold a word."""
    high = 0
    while found := word.search(plain, high):
        low = max(plain.rfind(c, high, found.start()) for c in "。！？\n") + 1
        stop = _STOP.search(plain, found.end())
        yield max(low, high), (high := stop.start() if stop else len(plain))


def incidents(plain: str) -> Iterator[Hit]:
    """Penalties, lawsuits and complaints against the institution, sentence by sentence."""
    for low, high in _sentences_with(plain, _WRONG):
        for match in _PENALTY.finditer(plain, low, high):
            clause = clause_of(plain, match.start())
            if _JUSTNOT.search(plain, clause, match.start()) or _OTHERS.search(plain, clause, match.start()):
                continue
            giver = _GIVER_END.search(match["by"])
            one = _PUNISHED_ONE.match(plain, clause)
            whom = one["whom"] if one and one.end() <= match.start() else None
            begin = clause if whom else match.start()
            yield Hit("penalty", match["object"], whom, giver[0] if giver else None, begin, match.end())
        for match in _PUNISHED.finditer(plain, low, high):
            if not OURS.match(match["by"]):
                yield Hit("penalty", match["object"], match["whom"], match["by"], match.start(), match.end())
        for match in _LAWSUIT.finditer(plain, low, high):
            name = match["name"] or match["arisen"] or match["case"]
            if match["case"] and (_SUIT.search(plain, match.start(), high) or re.search("诉[我本]", match["case"])):
                continue  # who sues whom is told
            if NOT.search(plain, max(0, match.start() - 10), match.start()) or name.startswith(("未", "无", "没有")):
                continue
            if match["name"] or match["arisen"] or not _BUSINESS.search(name):
                yield Hit("lawsuit", name.strip("“”"), None, None, match.start(), match.end())
        yield from _suits(plain, low, high)
        for match in _VERSUS.finditer(plain, low, high):
            by = match["by"][_lead(match["by"]) :]
            yield Hit("lawsuit", match["name"], match["whom"], by, match.start(), match.end())
        for match in _COMPLAINT.finditer(plain, low, high):
            counted = match["name"][:2] in ("收到", "接到") and re.match(r"[举报件]*\d", plain[match.end() :])
            if not counted and not NOT.search(plain, max(0, match.start() - 10), match.start()):
                yield Hit("complaint", match["name"], None, None, match.start(), match.end())


def _lead(words: str) -> int:
    """How many characters lead a clause in: 全年, 其中, 因."""
    match = LEAD_IN.match(words)
    return match.end() if match else 0


def _suits(plain: str, low: int, high: int) -> Iterator[Hit]:
    """Suits and complaints that name who brought them: 患者周某因感染向区法院起诉我院."""
    for match in _SUIT.finditer(plain, low, high):
        part = max(plain.rfind("；", low, match.start()) + 1, low)
        before = plain[part : match.start()]
        if _SUIT_OTHER.search(before) or NOT.search(before[-10:]):
            continue
        passive = re.search(r"被(?P<by>[^，。；被]{2,16})$", before)
        suitor = passive or _SUITOR.match(before + match["verb"])
        ours = OURS.match(plain, match.end()) or OURS.match(
            re.sub(r"^.*要求", "", plain[match.end() : match.end() + 8])
        )
        ours = ours or OURS.search(before)
        by = suitor["by"] if suitor else None
        if by and (OURS.match(by) or LEAD_IN.fullmatch(by)):
            continue
        kind: EventKind = "complaint" if match["verb"] == "投诉" else "lawsuit"
        whom = None if kind == "lawsuit" else _WHOM.match(plain, match.end())
        told = by and _PERSON.search(by) and whom
        if kind == "complaint" and not told and not OURS.match(plain, match.end()):
            continue  # a complaint against others, or of nobody
        end = match.end() + (len(ours[0]) if OURS.match(plain, match.end()) and ours else 0)
        recipient = None if passive else ours[0] if ours else None
        if whom and not OURS.match(plain, match.end()):
            recipient, end = whom["whom"], whom.end()
        yield Hit(kind, match["verb"], recipient, by, part if not passive else clause_of(plain, match.start()), end)
