"""Events that a narrative tells: awards, ranks, penalties, lawsuits, complaints, with recipient and giver.

An award needs a name: 获得奖项40余件 only counts awards and is a metric. Acts of the institution's own work are no
events of it: it may punish, sue and hear complaints for others. A recipient None is the institution itself, or not
told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nianbao.narrative import clauses
from nianbao.narrative.flow import flow
from nianbao.narrative.lexicon import lexicon
from nianbao.record import Activity, Event, EventKind

_BODY = rf"(?:{lexicon().joined('body')})"
_GET = rf"(?P<verb>{lexicon().joined('win')})"
_AWARD_END = rf"(?:{lexicon().joined('award')})"
_AWARD = re.compile(
    rf"(?=[再荣喜斩获被评入摘夺蝉捧当取授拿揽包收问上确认命列表遴]){_GET}(?P<object>[^，。；！？\n]{{2,70}}?{_AWARD_END}?)(?=[，。；！？\n（）]|$|等\d|等[荣奖称]|，)"
)
_QUOTED = re.compile(r"“([^”]+)”")
_COUNTED = re.compile(
    r"\d+(?:\.\d+)?[余多]?(?:个|项|件|次|人|名|篇|家|株|种|亿|万|元|条|块|人次|分|%)|[一二三四五六七八九十百]+[余多]?(?:个|项|件|次|人|名|篇|家)(?!等)"
)
_NO_AWARD = re.compile(
    r"批示|肯定|好评|赞誉|认可|成效|成绩|支持|突破|进展|效果|关注|点赞|表扬信|称赞|满意|授权|专利|证书|资质|许可|立项|收入|资助|资金|批复|备案|经验|效益|提升|丰收|成功|信息|线索|感染|利益|赔偿|共识"
)
_TITLED = re.compile(r"获评|荣膺|荣登|被(?:评为|评选为|评定为|授予|命名为|认定为)|获(?:认定|授予)")
_STRONG = re.compile(rf"(?:{_AWARD_END})$")
_RANK = re.compile(
    r"(?P<verb>排名|排在|排位|排|位居|位列|居于|稳居|跃居|名列|位次|居|列|蝉联|分获|获得?|荣获|取得|夺得|斩获|摘得|拿下)(?P<object>[^，。；！？\n]{0,40}?"
    r"(?:首位|榜首|头名|第(?:[一二三四五六七八九十]{1,3}|\d{1,3})(?:名|位|档次|方阵|等次|序列|梯队|(?=[，。；！？\n）]|$))))"
)
_SECOND = re.compile(r"(?:和|、|及|与)(?P<object>第(?:[一二三四五六七八九十]{1,3}|\d{1,3})(?:名|位))")
# An indicator is no winner of a place: 满意率位居全省第三.
_INDICATOR = re.compile(r"(?:率|度|量|数|额|指标|增速|增幅|得分|指数|总值|产值|收入)$")
_OURS = re.compile(r"(?:我|本)(?:单位|中心|部门|[馆院校站所园台社团局处段队场厂县市区办])")
_SUIT = re.compile(
    r"(?P<verb>(?:诉至|起诉至|告上)[^，。；！？\n]{0,14}?法[院庭]|(?:提起|提出)(?:行政|民事|刑事|劳动争议|合同)?(?:诉讼|上诉)|起诉(?=我|本|要求|，|。|；|$)"
    r"|投诉(?=(?:我|本)(?:单位|中心|部门|[馆院校站所园台社团局处段队场厂])(?!务|长)))"
)
_SUIT_OTHER = re.compile(r"援助|代理|支持起诉|指导|协助|帮助|移送|审查起诉|公益诉讼|提供|检察|调解[^，。；]{0,6}(?:案件|纠纷)\d")
_SUITOR = re.compile(r"(?P<by>[^，。；！？\n被]{2,14}?)(?=因|认为|不服|以|对|就|向|将|起诉|诉至|告上|提起|提出|投诉)")
_HELP = re.compile(r"^.*(?:助力|助推|推动|帮助|协助|指导|支持|带领|推荐|促使|代表)|^(?:组织|助)")
_PENALTY = re.compile(
    r"(?<![未无没])(?P<verb>受到|被|受)(?P<by>[^，。；！？\n“”]{0,24}?)(?:给予|处以|予以)?(?P<object>(?:行政处罚|通报批评|警告处分|党纪处分|政务处分|处分|警告|罚款|问责|责令整改|责令改正|约谈|通报)(?:\d[^，。；]*?元)?)"
)
# 省协会因归档迟延对我处予以警告
_PUNISHED = re.compile(
    rf"(?P<by>(?<=[，。；\n])[^，。；！？\n“”]{{1,16}}?{_BODY})(?:因[^，。；]{{1,20}}?|[^，。；]{{0,6}}后)?对(?P<whom>(?:我|本)(?:单位|中心|部门|[馆院校站所园台社团局处段队场厂]))"
    r"(?:予以|给予|处以|作出|进行)(?:了)?(?P<object>(?:行政处罚|通报批评|警告|罚款|问责|约谈|通报)(?:\d[^，。；]*?元)?)"
)
_LAWSUIT = re.compile(
    r"(?P<name>(?:应诉|被诉|涉诉)(?:行政|民事|劳动|合同)?[^，。；！？\n\d]{0,12}?(?:案件|案|诉讼|复议案件))(?=[^一-鿿]|\d|$|已|共)"
    r"|(?:发生|引发|涉及)(?P<arisen>(?:医疗|劳动|合同|人事|行政|民事|侵权|[一-鿿]{2})[一-鿿]{0,6}?诉讼(?:案件?)?)(?=\d|[，。；]|[一二两三])"
    r"|(?P<case>[^，。；！？\n]{2,30}?(?:纠纷|侵权|争议|诉讼)案?)(?=[^，。；！？\n]{0,20}?(?:撤诉|和解|判决|胜诉|败诉|开庭|审结|终审|一审|二审|驳回|提起诉讼|起诉))"
)
_BUSINESS = re.compile(
    r"^(?:[^，。；]{0,10})?(?:调解|化解|受理|处理|审理|代理|办理|援助|调处|查处|协调|接收|审结|立案|提供|涉及|行政复议)"
)
_COMPLAINT = re.compile(
    r"(?P<name>(?:有责投诉|服务投诉|被[^，。；！？\n]{0,16}投诉|(?:收到|接到|发生)(?:患者|读者|家长|观众|游客|学员|学生|市民|群众|职工|业主|考生|住户)?(?:对|针对|关于)(?:我|本|单位)[^，。；！？\n]{0,16}?投诉|"
    r"(?:收到|接到|发生)(?:患者|读者|家长|观众|游客|学员|学生|考生|业主|医疗|服务|有效|有责)[^，。；！？\n\d]{0,8}?投诉))(?!举报)"
)
_WRONG = re.compile(r"诉|纠纷|侵权|争议|处罚|批评|处分|警告|罚款|问责|整改|改正|约谈|通报")
_STOP = re.compile(r"[。！？\n]")
_OTHERS = re.compile(r"对|企业|商户|当事人|违法|单位被|经营者")
_GIVER_END = re.compile(rf"[^，。；]{{1,20}}(?:{_BODY}|部门|机关)$")
_JUST_NOT = re.compile(r"(?:未|无|没有|不存在|零|杜绝|避免|防止|严禁)(?:发生|出现|收到|因[^，。；]{0,6})?$")
_NOT = re.compile(r"(?:未|无|没有|不存在|零|杜绝|避免|防止|严禁)[^，。；]{0,8}$")
_SELF = re.compile(r"(?:本|我|全)?(?:中心|单位)$")
_LEAD_IN = re.compile(
    r"^(?:[^，。；]{0,6}(?:(?<=[\d今本当去上全])年度?|月份?|年内|期间|以来)|同时|此外|并|还|也|其中|先后|成功|连续(?:\d+|[一二三四五六七八九十]+)年|连续|再次|再度|首次|双双|均|分别|又|一举|顺利|，|有)+"
)


@dataclass(frozen=True, slots=True)
class _Hit:
    kind: EventKind
    name: str
    recipient: str | None
    by: str | None
    start: int
    end: int


def events(
    text: str,
    activities: Sequence[Activity],
    start: int = 0,
    end: int | None = None,
    *,
    institution: str | None = None,
    sponsors: tuple[str, ...] = (),
) -> tuple[Event, ...]:
    """The events that ``text[start:end]`` tells, in order; offsets count in the whole ``text``.

    institution, sponsors: names by which a recipient that is the institution itself is told from others.
    """
    passage = flow(text, start, end)
    plain = clauses.masked(passage.text)
    found: list[Event] = []
    taken: list[tuple[int, int]] = []
    for hit in sorted(_hits(plain), key=lambda h: (h.start, h.end)):
        if any(a < hit.end and hit.start < b for a, b in taken if a != hit.start):
            continue
        a, b = passage.span(hit.start, hit.end)
        recipient = hit.recipient
        if recipient and (_SELF.fullmatch(recipient) or recipient == institution):
            recipient = None
        taken.append((hit.start, hit.end))
        found.append(
            Event(
                kind=hit.kind,
                name=clauses.unmasked(hit.name),
                recipient=clauses.unmasked(recipient) if recipient else None,
                by=clauses.unmasked(hit.by) if hit.by else None,
                activity=_activity(activities, a),
                start=a,
                end=b,
            )
        )
    return tuple(found)


def _activity(activities: Sequence[Activity], at: int) -> str | None:
    number = None
    for activity in activities:
        if activity.start <= at < activity.end:
            number = activity.number
    return number


def _hits(plain: str) -> Iterator[_Hit]:
    ranks = list(_ranks(plain))
    yield from ranks
    for hit in _awards(plain):
        if not any(r.start < hit.end and hit.start < r.end for r in ranks):
            yield hit
    yield from _wrongs(plain)


def _clause(plain: str, at: int) -> int:
    """Where the clause that holds an offset begins."""
    return max(plain.rfind(c, 0, at) for c in "，。；：！？\n") + 1


def _recipient(plain: str, clause: int, at: int) -> tuple[str | None, int]:
    """Who won: the words of the clause before the verb, and where they begin."""
    words = plain[clause:at]
    begin = clause
    for pattern in (_LEAD_IN, _HELP, _LEAD_IN):
        match = pattern.match(words)
        if match:
            begin += match.end()
            words = words[match.end() :]
    mark = re.match(r"(?:[一二三四五六七八九十]+[、是]|\d{1,2}[.、]|[（(][^）)]{1,3}[）)]|[■●◆①-⑳]|——)", words)
    if mark:
        begin += mark.end()
        words = words[mark.end() :]
    words = re.sub(
        r"^(?:在|于)[^，。；]*(?:中|上|里|内|期间)|(?:在|于)[^，。；“”]*(?:“[^”]*”)?[^，。；]*(?:中|上|里|内|期间)$",
        "",
        words,
    )
    words = re.sub(r"^(?:另有|还有|有)", "", words)
    words = re.sub(r"(?:分别|均|都|被|已|先后|还|也|又|再次|成功|双双|一举|首次|再度|连续第?[^，]{1,4}[年次届]|为)+$", "", words)
    words = _winner(words)
    if not words or len(words) > 40 or re.fullmatch(r"[在于于是并]+", words):
        return None, begin if words else at
    titled = _OURS.match(words)
    if titled and words[titled.end() :].startswith(("“", "《")):
        words, begin = words[titled.end() :], begin + titled.end()
    return words.strip("“”") if words.count("“") != words.count("”") else words, begin


_BY_OTHERS = re.compile(r"(?:确定|认定|命名|评定|列|表彰|遴选)为")
_WINNER = re.compile(r"的(?P<who>[一-鿿]{2,3}?)(?=[，。；、]|[在是为作把带将])")
_GIVEN = re.compile(rf"被(?P<by>[^，。；]{{1,24}}?{_BODY})$")


def _winner(words: str) -> str:
    """The winner without the occasion: 本馆第七次评估定级中 → 本馆."""
    ours = _OURS.match(words)
    if ours and words.endswith(("中", "期间", "上")):
        return ours[0]
    return re.sub(r"(?:在|于)[^，。；]{2,30}?(?:中|上|里|期间)$", "", words)


def _awards(plain: str) -> Iterator[_Hit]:
    for match in _AWARD.finditer(plain):
        target = match["object"]
        verb = match["verb"]
        if _NOT.search(plain[max(0, match.start() - 12) : match.start()]):
            continue
        quoted = _QUOTED.search(target)
        strong = _STRONG.search(re.sub(r"等$", "", target)) is not None
        counted = _COUNTED.search(_QUOTED.sub("", target))
        if counted or "第" in target and re.search(r"第[一二三四五六七八九十\d]+(?:名|位)", target):
            continue
        if _NO_AWARD.search(_QUOTED.sub("", target)) and not re.search(r"[奖号]$|称号|奖", target):
            continue
        clause = _clause(plain, match.start())
        passive = _GIVEN.search(plain, clause, match.start())
        if not passive and _BY_OTHERS.fullmatch(verb):
            continue
        weak = not (passive and verb in ("授予", "评为")) and verb in ("获", "获得", "获得了", "取得", "取得了", "授予", "评为")
        if (
            weak
            and not (quoted and verb == "评为")
            and not re.search(
                r"奖|称号|荣誉|冠军|亚军|季军|先进|优秀|模范|标兵|示范|文明|牌$|旗$|[A-E]级|等功|基地", target
            )
        ):
            continue
        chosen = verb.startswith("入选") and 4 <= len(target) <= 40
        titled = _TITLED.match(verb) is not None and 4 <= len(target) <= 40
        if not (passive or weak or strong or quoted or chosen or titled):
            continue
        if verb.startswith("获批") and not strong:
            continue
        recipient, begin = _recipient(plain, clause, match.start())
        by, names = _names(target)
        if passive and recipient:
            by = passive["by"]
            recipient = _winner(recipient.split("被")[0]) or None
        if verb in ("授予", "评为") and not passive:
            giver = re.search(rf"(?:被|由|获)?(?P<by>[^，。；]{{2,24}}?{_BODY})$", plain[clause : match.start()])
            if giver is None and not re.search("被", plain[clause : match.start()]):
                continue
            ours = _OURS.match(target)
            if giver and verb == "授予" and not ours:
                continue  # the institution gives, or another body to others
            if giver and ours:
                names = _names(target[ours.end() :])[1]
                recipient, by = ours[0], clauses.clean(giver["by"])
        if verb.startswith("入选") and "“" not in target:
            by, names = None, [re.sub(r"^(?:为)", "", target)] if by else names
        if recipient is None and (winner := _WINNER.match(plain, match.end())):
            recipient = winner["who"]
        for name in names:
            yield _Hit("award", name, recipient, by, begin, match.end())


def _names(target: str) -> tuple[str | None, list[str]]:
    """Who gave it, and the names of the things won."""
    by = None
    giver = re.match(
        rf"(?!全局|干部)(?P<by>[^“”、，和]{{2,20}}?{_BODY})(?:颁发的|授予的|评选的|评定的|举办的|主办的|组织的|年度|的)?(?=[“一-鿿\d])",
        target,
    ) or re.match(rf"(?P<by>[^“”、，和]{{1,20}}?{_BODY})(?:颁发|授予|评选|评定)的", target)
    if giver and len(target) - giver.end() >= 2:
        by, target = giver["by"], target[giver.end() :]
    quoted = [m[1] for m in _QUOTED.finditer(target)]
    rest = _QUOTED.sub("", target)
    if quoted and len(re.sub(r"[、和及与等]|称号|荣誉|奖项|[一-鿿]{0,12}?(?=称号|$)", "", rest)) <= 2:
        awards = re.findall(r"”((?:[^“”、，和]{0,6})奖)", target)
        if awards and len(quoted) == 1 and len(awards[0]) > 1:
            return by, [target.strip("“") if target.startswith("“") else target]
        return by, quoted
    target = re.sub(r"(?:等?荣誉)?称号$|等(?:奖项|荣誉|称号)?$", "", target) or target
    items = [
        item for item in re.split(r"、|(?<=奖)[和及与]|(?<=位)[和及与]|(?<=体)[和及与]|(?<=号)[和及与]", target) if item
    ]
    if len(items) > 1 and all(re.search(rf"{_AWARD_END}$", item) and len(item) >= 3 for item in items):
        return by, items
    return by, [target.strip("“”") if target.startswith("“") and target.endswith("”") else target]


def _ranks(plain: str) -> Iterator[_Hit]:
    for match in _RANK.finditer(plain):
        clause = _clause(plain, match.start())
        recipient, begin = _recipient(plain, clause, match.start())
        verb, target = match["verb"], match["object"]
        won = verb in ("获", "获得", "荣获", "取得", "夺得", "斩获", "摘得", "拿下", "分获")
        if won and not re.search(r"第[^，]{1,3}(?:名|位|档次|等次)", target):
            continue
        recipient = recipient.removesuffix("中") if recipient else None
        if recipient and _INDICATOR.search(recipient):
            recipient = None
        places, ends = [target if won else verb + target], [match.end()]
        while second := _SECOND.match(plain, ends[-1]):
            places.append(second["object"])
            ends.append(second.end())
        winners = re.split(r"[、和及与]", recipient) if recipient else []
        each = winners if len(winners) == len(places) > 1 else [recipient] * len(places)
        for place, end, winner in zip(places, ends, each, strict=True):
            yield _Hit("rank", place, winner, None, begin, end)


def _sentences_with(plain: str, word: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """The sentences that hold a word."""
    high = 0
    while found := word.search(plain, high):
        low = max(plain.rfind(c, high, found.start()) for c in "。！？\n") + 1
        stop = _STOP.search(plain, found.end())
        yield max(low, high), (high := stop.start() if stop else len(plain))


def _wrongs(plain: str) -> Iterator[_Hit]:
    """Penalties, lawsuits and complaints against the institution, sentence by sentence."""
    for low, high in _sentences_with(plain, _WRONG):
        for match in _PENALTY.finditer(plain, low, high):
            clause = _clause(plain, match.start())
            if _JUST_NOT.search(plain, clause, match.start()) or _OTHERS.search(plain, clause, match.start()):
                continue
            by = _GIVER_END.search(match["by"])
            yield _Hit("penalty", match["object"], None, by[0] if by else None, match.start(), match.end())
        for match in _PUNISHED.finditer(plain, low, high):
            by = match["by"]
            if not _OURS.match(by):
                yield _Hit("penalty", match["object"], match["whom"], by, match.start(), match.end())
        for match in _LAWSUIT.finditer(plain, low, high):
            name = match["name"] or match["arisen"] or match["case"]
            if match["case"] and _SUIT.search(plain, match.start(), high):
                continue  # who sues whom is told
            if _NOT.search(plain, max(0, match.start() - 10), match.start()) or name.startswith(("未", "无", "没有")):
                continue
            if match["name"] or match["arisen"] or not _BUSINESS.search(name):
                yield _Hit("lawsuit", name.strip("“”"), None, None, match.start(), match.end())
        yield from _suits(plain, low, high)
        for match in _COMPLAINT.finditer(plain, low, high):
            counted = match["name"][:2] in ("收到", "接到") and re.match(r"[举报件]*\d", plain[match.end() :])
            if not counted and not _NOT.search(plain, max(0, match.start() - 10), match.start()):
                yield _Hit("complaint", match["name"], None, None, match.start(), match.end())


def _suits(plain: str, low: int, high: int) -> Iterator[_Hit]:
    """Suits and complaints that name who brought them: 患者周某因感染向区法院起诉我院."""
    for match in _SUIT.finditer(plain, low, high):
        part = max(plain.rfind("；", low, match.start()) + 1, low)
        before = plain[part : match.start()]
        if _SUIT_OTHER.search(before) or _NOT.search(before[-10:]):
            continue
        passive = re.search(r"被(?P<by>[^，。；被]{2,16})$", before)
        suitor = passive or _SUITOR.match(before + match["verb"])
        ours = _OURS.match(plain, match.end()) or _OURS.match(re.sub(r"^.*要求", "", plain[match.end() : match.end() + 8]))
        ours = ours or _OURS.search(before)
        by = suitor["by"] if suitor else None
        if by and (_OURS.match(by) or _LEAD_IN.fullmatch(by)):
            continue
        kind: EventKind = "complaint" if match["verb"] == "投诉" else "lawsuit"
        end = match.end() + (len(ours[0]) if _OURS.match(plain, match.end()) and ours else 0)
        recipient = None if passive else ours[0] if ours else None
        yield _Hit(kind, match["verb"], recipient, by, part if not passive else _clause(plain, match.start()), end)
