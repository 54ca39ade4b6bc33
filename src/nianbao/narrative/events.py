"""Events that a narrative tells: awards, ranks, penalties, lawsuits, complaints, with recipient and giver.

An award needs a name: 获得奖项40余件 only counts awards and is a metric. Acts of the institution's own work are no
events of it: it may punish, sue and hear complaints for others. A recipient None is the institution itself, or not
told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nianbao.narrative import clauses
from nianbao.narrative.flow import flow
from nianbao.narrative.incidents import LEAD_IN, NOT, OURS, Hit, clause_of, incidents
from nianbao.narrative.lexicon import lexicon
from nianbao.record import Activity, Event

_BODY = rf"(?:{lexicon().joined('body')})"
_GET = rf"(?P<verb>{lexicon().joined('win')})"
_AWARD_END = rf"(?:{lexicon().joined('award')})"
_AWARD = re.compile(
    rf"(?=[再荣喜斩获被评入摘夺蝉捧当取授拿揽包收问上确认命列表遴]){_GET}(?P<object>[^，。；！？\n]{{2,70}}?{_AWARD_END}?)(?=[，。；！？\n（）]|$|等\d|等[荣奖称]|，)"
)
_HONOUR = re.compile(r"等(?:多项|[一二两三四五六七八九\d]+项)?(?:荣誉)?(?:称号|奖项|荣誉)")
_NAMED_WINNER = re.compile(
    r"(?:”|称号|奖|先进|模范|标兵|能手|荣誉|个人)的(?P<who>[一-鿿]{2,3}?)(?:$|(?:同志|老师|先生|女士|等)[^，]*$)"
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
_INDICATOR = re.compile(r"(?:率|度|量|数|额|指标|增速|增幅|得分|指数|总值|产值|收入|考核|考评|评估|评价|测评)$")
_HELP = re.compile(r"^.*(?:助力|助推|推动|帮助|协助|指导|支持|带领|推荐|促使|代表)|^(?:组织|助)")
_SELF = re.compile(r"(?:本|我|全)?(?:中心|单位)$")


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


def _hits(plain: str) -> Iterator[Hit]:
    ranks = list(_ranks(plain))
    yield from ranks
    for hit in _awards(plain):
        if not any(r.start < hit.end and hit.start < r.end for r in ranks):
            yield hit
    yield from incidents(plain)


def _recipient(plain: str, clause: int, at: int) -> tuple[str | None, int]:
    """Who won: the words of the clause before the verb, and where they begin."""
    words = plain[clause:at]
    begin = clause
    for pattern in (LEAD_IN, _HELP, LEAD_IN):
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
    words = re.sub(
        r"(?:分别|均|都|被|已|先后|还|也|又|再次|成功|双双|一举|首次|再度|连续第?[^，]{1,4}[年次届]|为)+$", "", words
    )
    words = _winner(words)
    if not words or len(words) > 40 or re.fullmatch(r"[在于于是并]+", words):
        return None, begin if words else at
    titled = OURS.match(words)
    if titled and words[titled.end() :].startswith(("“", "《")):
        words, begin = words[titled.end() :], begin + titled.end()
    return words.strip("“”") if words.count("“") != words.count("”") else words, begin


_BY_OTHERS = re.compile(r"(?:确定|认定|命名|评定|列|表彰|遴选)为")
_WINNER = re.compile(r"的(?P<who>[一-鿿]{2,3}?)(?=[，。；、]|[在是为作把带将])")
_GIVEN = re.compile(rf"被(?P<by>[^，。；]{{1,24}}?{_BODY})$")


def _winner(words: str) -> str:
    """The winner without the occasion: 本馆第七次评估定级中 → 本馆."""
    ours = OURS.match(words)
    if ours and words.endswith(("中", "期间", "上")):
        return ours[0]
    return re.sub(r"(?:在|于)[^，。；]{2,30}?(?:中|上|里|期间)$", "", words)


_LABELLED = re.compile(
    rf"(?:获奖|奖励|受奖|表彰|荣誉)(?:情况)?：(?P<name>(?!无|未|没有|本年)[^，。；！？\n：]{{2,40}}?(?:{_AWARD_END}|”))(?=[，。；！？\n、]|$)"
)


def _awards(plain: str) -> Iterator[Hit]:
    for match in _LABELLED.finditer(plain):
        if not _AWARD.search(match[0]):
            yield Hit("award", match["name"].strip("“”"), None, None, match.start("name"), match.end())
    for match in _AWARD.finditer(plain):
        target = match["object"]
        verb = match["verb"]
        if NOT.search(plain[max(0, match.start() - 12) : match.start()]):
            continue
        quoted = _QUOTED.search(target)
        strong = _STRONG.search(re.sub(r"等$", "", target)) is not None or _HONOUR.match(plain, match.end()) is not None
        counted = _COUNTED.search(_QUOTED.sub("", target))
        if counted or "第" in target and re.search(r"第[一二三四五六七八九十\d]+(?:名|位)", target):
            continue
        if _NO_AWARD.search(_QUOTED.sub("", target)) and not re.search(r"[奖号]$|称号|奖", target):
            continue
        clause = clause_of(plain, match.start())
        passive = _GIVEN.search(plain, clause, match.start())
        if not passive and _BY_OTHERS.fullmatch(verb):
            continue
        weak = not (passive and verb in ("授予", "评为")) and verb in (
            "获",
            "获得",
            "获得了",
            "取得",
            "取得了",
            "授予",
            "评为",
        )
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
            recipient = re.sub(r"连续第?[^，]{1,4}[年次届]$", "", _winner(recipient.split("被")[0])) or None
        if verb in ("授予", "评为") and not passive:
            giver = re.search(rf"(?:被|由|获)?(?P<by>[^，。；]{{2,24}}?{_BODY})$", plain[clause : match.start()])
            if giver is None and not re.search("被", plain[clause : match.start()]):
                continue
            ours = OURS.match(target)
            if giver and verb == "授予" and not ours:
                continue  # the institution gives, or another body to others
            if giver and ours:
                names = _names(target[ours.end() :])[1]
                recipient, by = ours[0], clauses.clean(giver["by"])
        if verb.startswith("入选") and "“" not in target:
            by, names = None, [re.sub(r"^(?:为)", "", target)] if by else names
        if recipient is None and (winner := _NAMED_WINNER.search(target)):
            recipient = winner["who"]
        if recipient is None and (winner := _WINNER.match(plain, match.end())):
            recipient = winner["who"]
        for name in names:
            yield Hit("award", name, recipient, by, begin, match.end())


def _names(target: str) -> tuple[str | None, list[str]]:
    """Who gave it, and the names of the things won."""
    by = None
    giver = re.match(
        rf"(?!全局|干部)(?P<by>[^“”、，和]{{2,20}}?{_BODY})(?:颁发的|授予的|评选的|评定的|举办的|主办的|组织的|年度|的)?(?=[“一-鿿\d])",
        target,
    ) or re.match(rf"(?P<by>[^“”，]{{1,24}}?{_BODY})(?:颁发|授予|评选|评定|表彰)的", target)
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


def _ranks(plain: str) -> Iterator[Hit]:
    for match in _RANK.finditer(plain):
        clause = clause_of(plain, match.start())
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
            yield Hit("rank", place, winner, None, begin, end)
