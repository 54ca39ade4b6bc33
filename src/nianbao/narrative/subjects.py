"""What each number is said of.

A subject stands in the words before its number; behind a classifier the counted noun follows. An act alone (办理1306宗)
and an indicator alone (覆盖率52.8%) take the thing from before: the quantity with the same unit, the clause before, the
last quantity. Lists (A率、B率均为…; A和B分别为…) give one quantity, or one value, to each thing.
"""

from __future__ import annotations

import re
from functools import cache

from nianbao.narrative import clauses
from nianbao.narrative.clauses import SHARE, Quantity
from nianbao.narrative.lexicon import lexicon

YEAR_ON_YEAR = re.compile(
    r"同比|(?:比|较|与|同|和)(?:上年|去年|上一年|前一年)(?:度)?(?:同期)?(?:末|底|年末|决算数?|同口径)?(?:相比|比较|相较)?|上年同期"
)
# Another base of comparison than last year: it is no part of a subject, and not year-on-year.
_OTHER_BASE = (
    r"(?:比|较)(?:“[^”]{2,8}”|[一-鿿]{2,6}?)(?:期?末|初|时期|之?前)(?=[提增下减上降升缩扩多少高低]|$)|环比(?:上一?[^，。；\d]{0,5}[期月度])?|(?:比|较)[^，。；\d]{0,8}(?:均值|平均值?|平均水平|预算|计划|同期)|"
    r"(?:比|较|与|同|和)(?:(?:19|20)\d\d年|年初|期初|上期|上个?月|上个?季度|前[一两三四五]年)(?:度)?(?:同期)?"
    r"(?:[末底]|年末)?(?:相比|比较|相较)?"
)
COMPARED = re.compile(rf"{YEAR_ON_YEAR.pattern}|{_OTHER_BASE}")
_LIST_END = re.compile(
    r"(?<![人年月日平户亩件班场次车床生校村所])(?:各|(?:均|都|皆|各|双双)(?:为|是|有|达到?|在|居|获|实现|完成|保持在?|稳定在|控制在|维持在|超过?|不低于|不超过|高于|低于|近|约|增长|下降|提高|提升|减少|增加|降低|上升)*)$"
)
_JOINT = re.compile(
    r"[、]|(?<=[一-鿿”）])(?:(?<![总共饱缓])和(?![谐解平])|(?<![以普])及(?![时格其])|(?<!参)与(?!会|率)|以及)(?=[一-鿿“A-Z])"
)
_BOTH_SIDES = re.compile(r"(?P<stem>.*)(?P<a>收入?|进|借)、(?P<b>支出?|出|贷)(?P<sum>总计|合计)?$")
_SHARED = re.compile(
    r"(?:渠道)?的?(?:[一-鿿]{2,3}量)?(?:占比|比例|总计|合计|[一-鿿]{2}[率度]|支出|收入|项目|人数|(?:[一-鿿]{2})?(?:人次|册次|场次|次数)|面积|金额|数量|费用|类(?:[一-鿿]{2,4})?|占总量的比例)$"
)
_SHARE_OF = re.compile(
    r"(?:[仅只已约共均])?占(?P<of>[^，。；]*?)(?:的?(?:比例|比重|比))?(?:的|达到?|为|约|近|超过|首次|已|仅)*$"
)
_FROM = re.compile(r"(?:由|从)[^，。；]*$")
_TO_GAP = re.compile(r"，?[^，。；]{0,8}?(?:到了?|至|为|成)(?:了|现在的?|今年的?|目前的?|20\d\d年[末底]?的?|约|近)*")
_LIGHT = re.compile(r"(?:共)?(?:开展|进行|组织|完成|实施|举办|做好|实现|提供|参加|参与)了?")
_RATE = re.compile(
    r"(?:规范|成功|及时|按时|检测|报告|平均|按期|一次|综合|总体|有效|首次|最终|总|年度|抽查|抽检|服务)?[一-鿿]{2}率"
)
_SAME = re.compile(r"(?:是|为|相当于|达到?)(?:上年|去年|上一年)(?:同期)?的?$")
_LAST_YEAR = re.compile(
    r"(?:比|较|与)(?P<base>(?:上一?|去|前一?|(?:19|20)\d\d)年(?:同期|[末底]|决算数?|预算数?|年?末)?(?:的)?)$"
)
_HEADED = re.compile(r"(?:对|为|向|给|与|在|由|将|把|到|赴|从|于)$")
_AMONG = re.compile(r".*在(?=[^在]{0,4}$)")
_PER_UNIT = re.compile(r"每[一-鿿]|(?:人|日|月|年|户|亩|次|件|生|校|村|场|周)均")
_STATE = re.compile(r"在(?:职|编|岗|册|校|园|线|建|用|训|院|读|库|馆|研|养|住|审)|对外|对口|为主")
_NAMED_BEFORE = re.compile(r"“[^”]{2,16}”(?!等)")
_LISTED = re.compile(r"[、和及与]")
_MARK = re.compile(r"(?:——|--|[■●◆①-⑳]|[一二三四五六七八九十]+[、是]|（[^）]{1,3}）|\d{1,2}[.、])\s*")
_NO_THING = re.compile(
    r"[\d，。；！？]|问题|措施|不足|打算|情况|工作|建议|下一步|计划|方面|全面|总体|持续|不断|有力|有序|平稳|显著|稳步"
)
_PEOPLE = frozenset(("人", "名", "位", "人次"))
_DURATIONS = {"天", "日", "小时", "学时", "分钟", "个月"}
_SPENDS = re.compile("投入$|^出动$")
_OCCASIONS = frozenset(("场", "场次", "期", "届", "次", "堂", "节", "课时", "学时"))
_MEAN = re.compile(r"(?:人|日|月|年|户|亩|次|件|平)均|单日|每|最高|最低")
_REGION = re.compile(r"(?:全[国省市区县州镇院校馆局系]|我[市县区省]|辖区内?)+")
_ADDED = re.compile(r"(?:新增|更新|增加|删除|累计)$")
_ADDING = re.compile(r"累计|新增|更新|删除")
_EACH_PLACE = re.compile(r"^(?:每[一-鿿]|我[市县区镇乡]|全[市县区镇乡])(?:已|均|平均)?(?=[一-鿿]{2})")
_EACH = re.compile(r"分别|各(?=占[^，。；]+的$)|依次(?=为|是|达|[增减上下提降]|\d)|依次$")
_SHARED_BY = re.compile(r"(?:以上|以下|左右)?的?[一-鿿]{2}")
_TREND = re.compile(
    r"(?:不升反降|不降反升|稳中[有向][升增进好]|[再又]?创(?:历史)?新高|(?:稳步|持续|逆势|大幅|明显|显著|有所|逐年|不断|进一步|较快|快速|平稳|小幅|全面|稳定)+"
    r"(?:提升|提高|增长|增加|上升|下降|减少|回升|扩大|向好|增强|改善|回落|上涨|上扬|攀升|压缩|优化)|居(?:首|次|末)|最多|最少|次之)(?:，|$)"
)
_BRACKETED = re.compile(r"(?P<noun>[^，。；：！？\n（）\d]{2,20})（$")
_BARE_YEAR = re.compile(r"(?:上一?|去|前一?|\d{4})年(?:同期|[末底])?的?")
_LAST = re.compile(r"(?:比|较)上年(?!新)")
# Endings of nouns: what ends so names a thing of its own and needs no noun of its total (陶瓷器, 脱贫户).
# Some do so only from three characters on: 停业, 备案, 转院, 销户 are acts.
_THING_END = re.compile(
    r"[器品书画刊人员者生所室厅物费款金卷率量数奖本册林粮果药桥队]$|(?<=[一-鿿]{2})[户家站点馆院校店案证报表机车房企业会区县镇村]$"
    r"|(?:农户|收入|支出|项目|企业|活动|文献|资料|档案|数据|系统|设备|工程|课程|作品|论文|专利|标准|护士|职工|干部)$"
)
_INDICATOR = re.compile(r"(?:总?面积|数量|总?金额|总?数|总?量|人次|次数|占比|比例|[一-鿿]{0,2}率|人数|规模|总计|合计)$")


@cache
def _verbs() -> tuple[re.Pattern[str], ...]:
    """Words that begin a subject, a subject of verbs alone, a verb at the end, indicators alone, acts that count."""
    verb = lexicon().pattern("verb")
    generic = lexicon().pattern("generic")
    alone = lexicon().pattern("act alone")
    adverb = lexicon().joined("adverb")
    return (
        re.compile(rf"(?:(?:{adverb})*(?:{verb})(?:了|并|和|、)?)+"),
        re.compile(rf"(?:(?:{adverb})*(?:{verb}|{adverb}|{alone})(?:了|并|和|、|或)?)+"),
        re.compile(rf"(?:{verb})$"),
        re.compile(
            rf"(?:{generic})|(?:{alone})(?:人数|户数|次数|人次|时长|[量额费数])|(?:{verb})(?:总?面积|[一-鿿][量额])"
        ),
        re.compile(rf"(?:(?:{adverb})*(?:{verb})(?:了|并|和|、|或)?)+"),
    )


@cache
def _people() -> re.Pattern[str]:
    return re.compile(rf"(?:进行了?|在线|现场|积极|前来|踊跃)*(?:{lexicon().pattern('people verb')})")


def begins_with_act(left: str) -> bool:
    """Whether the words before a number begin with an act: 年度新征集入藏, 新增."""
    words = re.sub(r"^(?:年度|当年|本年|新)+", "", left[clauses.strip_lead(left) :])
    return bool(_verbs()[0].match(words)) or left.startswith(("新", "，新"))


def noun(subject: str) -> str:
    """The thing of a subject: without the act before it and the indicator behind it."""
    region = _REGION.match(subject)
    if region and len(subject) - region.end() >= 2:
        subject = subject[region.end() :]
    lead = _verbs()[0].match(subject)
    if lead and len(subject) - lead.end() >= 2 and not _INDICATOR.fullmatch(subject, lead.end()):
        subject = subject[lead.end() :]
    bare = _ADDED.sub("", _INDICATOR.sub("", subject))
    return bare if len(bare) >= 2 else subject


# ---------------------------------------------------------------- lists


def spread(q: Quantity, paragraph: list[Quantity], row: list[Quantity], plain: str) -> list[Quantity]:
    """One number said of several things is one quantity for each; 分别 deals its numbers out in order."""
    left = q.left[clauses.strip_lead(q.left) :]
    if q.things:
        q.subject, q.own = q.things[0], True
        q.topic = noun(q.subject)
        return [q]
    if _EACH.search(q.left):
        _deal(q, paragraph, row, plain)
        return [q]
    match = _LIST_END.search(left)
    if not match and "、" not in left and not re.search("[和及与]", left):
        return [q]
    head = left[: match.start()] if match else clauses.strip_tail(left)
    sides = _BOTH_SIDES.search(head)
    if sides:
        stem, total = sides["stem"], sides["sum"] or ""
        items = [f"{stem}{sides['a']}{total}", f"{stem}{sides['b']}{total}"]
    else:
        items = [item for item in _JOINT.split(head) if item]
        if len(items) < 2 or not (match or all(item.endswith("率") and len(item) > 2 for item in items)):
            return [q]
        if not match and not _whole_rates(items):
            return [q]
        suffix = shared_suffix(items)
        items = [item if item.endswith(suffix) else item + suffix for item in items]
    each = clauses.noun_behind(q.behind) if match and match[0].startswith("各") else ""
    twins = []
    for item in items:
        twin = Quantity(q.amount, q.clause, q.clause_end, q.sentence, q.left, q.behind)
        twin.subject = clauses.clean(item) + each
        twin.topic = noun(twin.subject)
        twin.own, twin.group = True, id(q)
        twins.append(twin)
    return twins


def _whole_rates(items: list[str]) -> bool:
    """Whether each item is a rate of its own (投诉率和退回率), not one rate over a joint group."""
    return all(re.search(r"[一-鿿]率$", item) for item in items)


def shared_suffix(items: list[str]) -> str:
    """The indicator that the last item names for all: 电话、网络渠道的受理量占比 → 渠道的受理量占比."""
    if len(items[-1]) > 3 and all(len(item) == 1 for item in items[:-1]):
        return items[-1][1:]  # 一、二、三产业增加值
    match = _SHARED.search(items[-1])
    if match and len(match[0]) < len(items[-1]) and all(not re.search(r"[率比量额数]$", item) for item in items[:-1]):
        return match[0]
    return ""


def _deal(q: Quantity, paragraph: list[Quantity], row: list[Quantity], plain: str) -> None:
    """收入和支出分别增长4.53%、9.97%: the values go to the things in order."""
    i = paragraph.index(q)
    values = [q]
    for later in paragraph[i + 1 :]:
        joint = plain[values[-1].amount.end : later.amount.start]
        if not re.fullmatch(r"[^，。；、]{0,6}(?:[、和及与]|以及)[^，。；、]{0,3}|，", joint):
            break
        values.append(later)
    each = _EACH.search(q.left)
    head, verb = (q.left[: each.start()], q.left[each.end() :]) if each else (q.left, "")
    head = YEAR_ON_YEAR.sub("", head[clauses.strip_lead(head) :]).strip("，")
    things = _things(clauses.strip_tail(head) or clause_before(q, plain))
    if any(re.search(r"\d", thing) for thing in things):
        things = []
    if len(things) < 2:
        # 同比分别前进4位、2位: the things of the list before, or as many levels as there are values
        group = next((p.group for p in reversed(row) if p.group), 0)
        listed = [p for p in row if group and p.group == group] or [p for p in row if p.kind == "level"][-len(values) :]
        said = clauses.clean(clauses.strip_tail(head)) if head else ""
        shared = (
            said
            if said and (said in ("占比", "比重", "比例") or _verbs()[3].fullmatch(said) or _RATE.fullmatch(said))
            else ""
        )
        listed = [p for p in listed if p.sentence == q.sentence]
        things = [(p.topic or p.subject) + shared if shared else p.subject for p in listed]
        if len(listed) == len(values) and not shared:
            for value, level in zip(values, listed, strict=True):
                value.of = level
    if len(things) < 2:
        return
    if verb.startswith("占") and q.unit == "%":
        things = [thing if thing.endswith(("占比", "比重", "比例")) else thing + "占比" for thing in things]
    for value, thing in zip(values, things, strict=False):
        value.things = [thing]
        value.subject, value.own, value.group, value.topic = thing, True, id(q), noun(thing)
        if value is not q:
            own = re.sub(r"^(?:[、，和及与]|以及)+", "", value.left)
            value.left = "分别" + (own if own and own != value.left else verb)  # 分别增长10%、下降3%
    tail = clauses.noun_behind(values[-1].behind)
    if tail and not any(tail in thing for thing in things) and q.unit in lexicon().classifiers:
        for value in values:
            value.subject += tail


def _things(head: str) -> list[str]:
    items = [clauses.clean(item) for item in _JOINT.split(head) if item]
    if len(items) < 2:
        return []
    items[0] = re.sub(r"^.*(?:的|依次|分别)是", "", items[0]) or items[0]
    suffix = shared_suffix(items)
    return [item if item.endswith(suffix) else item + suffix for item in items]


def clause_before(q: Quantity, plain: str) -> str:
    """The clause that ends where the clause of a quantity begins, without what leads it in."""
    start = start_before(q, plain)
    text = plain[start : max(start, q.clause - 1)]
    return text[clauses.strip_lead(text) :]


def start_before(q: Quantity, plain: str) -> int:
    """Where the clause before that of a quantity begins; the quantity's own clause where it opens a sentence."""
    end = q.clause - 1
    if end <= 0 or plain[end] in "。\n！？":
        return q.clause
    return max(plain.rfind(c, 0, end) for c in "，；。：！？\n") + 1


# ---------------------------------------------------------------- subjects of levels


def settle_level(q: Quantity, before: list[Quantity], after: list[Quantity], plain: str) -> None:
    """The words that say what a level counts; elided ones from before."""
    if q.subject:
        return
    last = before[-1] if before else None
    if q.amount.shared and last:
        q.subject, q.own, q.topic = last.subject, last.own, last.topic
        return
    if last and last.clause == q.clause and is_pair(last, q, plain):
        last.earlier = True
        q.subject, q.own, q.topic = last.subject, last.own, last.topic
        return
    left = q.left
    if last and last.clause == q.clause and clauses.WITHIN.match(left):
        left = left[1:]
    if after and after[0].clause == q.clause and is_pair(q, after[0], plain):
        q.earlier = True
        left = _FROM.sub("", left)
    base = _LAST_YEAR.search(left)
    if base and (before or not left[: base.start()]):
        q.subject, q.own, q.topic, q.earlier = base["base"], True, "", True
        if _BARE_YEAR.fullmatch(q.subject) and last and last.topic and last.unit == q.unit:
            q.subject = q.subject.removesuffix("的") + last.subject  # 比2020年的431平方公里净减45平方公里
        return
    if not _LAST.match(left):
        left = COMPARED.sub("", left)
    words = _SAME.sub("", left[clauses.strip_lead(left) :])
    words = _without_noun_of(last, q, words)
    share = _SHARE_OF.search(left) if q.unit == "%" else None
    if q.unit == "%" and last and last.clause == q.clause and left in ("的", "", "）") and "占" in last.left:
        # 造林1820亩，占下达任务1500亩的123%: the share of the level before the one that it is a share of
        level = next((b for b in reversed(before[:-1]) if b.kind == "level" and b.sentence == q.sentence), None)
        part, topic = (level.subject, level.topic) if level else ("", "")
        q.subject, q.topic, q.share = f"{part}占{last.subject.removeprefix('占')}", topic, True
        return
    if share:
        _settle_share(q, before, words, share)
        return
    headed = _HEADED.search(words)
    classified = q.unit is None or q.unit in lexicon().classifiers
    lone = clauses.strip_light(words) if classified and ("其中" in left or left.startswith("、")) else ""
    words = clauses.clean(clauses.strip_tail(words)) if not headed or len(words) > 1 else words
    if words in ("为", "达", "是"):
        words = ""
    if words in ("向", "给", "对") and not clauses.noun_behind(q.behind):
        words = clauses.clean(re.split(r"\d", q.behind)[0])[:20] or words  # 向48.7万人次发放补贴
    if not words and not (last and last.clause == q.clause) and plain[q.clause - 1 : q.clause] == "：":
        head = clauses.clean(clause_before(q, plain))
        words = head if 2 <= len(head) <= 16 and not re.search(r"\d|如下|方面|其中", head) else ""  # 合格率：98.2%
    if not words and len(lone) >= 2:
        words = lone  # 其中维持11件: a verb that only seems to lead to the number
    behind = clauses.noun_behind(q.behind) if classified else ""
    if behind.startswith("“") and q.unit in _PEOPLE and words:
        behind = ""
    if classified and not behind and not q.behind and after and after[0].amount.start == q.amount.end:
        behind = clauses.noun_behind(after[0].behind)  # 派出5批次23名专家
    if behind and q.behind[len(behind) :].startswith(("中", "里", "内")):
        words = _AMONG.sub("", words)
    _compose(q, words, behind, before, plain)
    _complete(q, last, plain)
    if q.unit in _PEOPLE:
        act = _people().match(q.behind)
        if act and act[0] not in q.subject and len(q.subject) <= 24:
            q.subject += re.sub("进行了?", "", act[0])


def _complete(q: Quantity, last: Quantity | None, plain: str) -> None:
    """The act that a list says once (举办演出68场、展览15个), and what money was spent on (投入46万元升级系统)."""
    acts = _verbs()[0]
    listed = _LISTED.match(q.left.removeprefix(clauses.noun_behind(last.behind)) if last else q.left)
    shared = last and last.clause == q.clause and last.kind == "level" and last.own and not q.amount.shared
    if listed and last and shared and q.own:
        lead = acts.match(last.subject) or _PER_UNIT.match(last.subject)
        if lead and lead.end() < len(last.subject) and not _own_act(q.subject) and len(q.subject) <= 16:
            q.subject = lead[0].rstrip("和、并") + q.subject
    elif q.unit == "元" and acts.fullmatch(q.subject) and q.behind:
        use = clauses.clean(re.split(r"\d", plain[q.amount.end : q.clause_end])[0])
        if 3 <= len(use) <= 20 and acts.match(use.removeprefix("用于")):
            q.subject, q.own = q.subject + use.removeprefix("用于"), True


def _own_act(subject: str) -> bool:
    """Whether a subject begins with an act or a mean of its own."""
    return bool(_verbs()[0].match(subject) or _PER_UNIT.match(subject))


def _without_noun_of(last: Quantity | None, q: Quantity, words: str) -> str:
    """The words without the noun that belongs to the quantity before (为3家单位开展检查5次 → 开展检查)."""
    if last and last.clause == q.clause and last.unit in lexicon().classifiers:
        counted = clauses.noun_behind(last.behind)
        rest = words.removeprefix(counted).lstrip("、和及与的")
        if counted and words.startswith(counted) and len(rest) != 1:
            return rest
    return words


def _settle_share(q: Quantity, before: list[Quantity], words: str, share: re.Match[str]) -> None:
    """占x%: the share of the quantity before, or of what stands before 占."""
    q.share, q.share_of = True, clauses.clean(share["of"]) if share["of"] else ""
    q.share_of = q.share_of[clauses.strip_lead(q.share_of) :] or q.share_of
    lead = words[: words.index("占")] if "占" in words else words
    base = next((b for b in reversed(before) if b.kind == "level" and not b.share), None)
    if lead:
        q.own = True
        q.subject = clauses.clean(clauses.strip_tail(words)) if q.share_of else clauses.clean(lead) + "占比"
    else:
        q.subject = (base.subject if base else "") + ("占" + q.share_of if q.share_of else "占比")
    q.topic = base.topic if base else ""


def _compose(q: Quantity, words: str, behind: str, before: list[Quantity], plain: str) -> None:
    """Put a subject together from the words before, the noun behind, and what is carried."""
    if (
        words.startswith(("对", "为", "向", "给", "与", "在"))
        and behind
        and len(words) <= 6
        and not _STATE.match(words)
    ):
        rest = re.split(r"\d", plain[q.amount.end : q.clause_end].removeprefix(behind))[0]
        rest = clauses.clean(rest) if len(rest) <= 14 else ""
        placed = words[0] in "在与"
        q.subject, q.own = words[1:] + behind + rest if placed else clauses.clean(rest + words[1:] + behind), True
        q.topic = behind
        return
    if behind:
        if len(words) > 16 and "等" in words:
            words = words[words.rindex("等") + 1 :] if not words.endswith("等") else ""
        if _REGION.fullmatch(words) or not words:
            q.subject = words + behind
        else:
            q.subject = words + behind if len(words) <= 20 else _from_act(words) + behind
        q.own, q.topic = True, noun(behind)
        return
    only, generic = _verbs()[1], _verbs()[3]
    bracketed = _BRACKETED.search(plain, max(0, q.clause - 30), q.clause) if not words and not q.left else None
    if bracketed and bracketed.end() == q.clause:
        named = bracketed["noun"].partition("占")[2] or bracketed["noun"]
        q.subject, q.own, q.topic = clauses.clean(named), True, ""
        return
    if not words:
        share = q.unit == "%" and not q.amount.change and not q.left.strip("，、") and bool(_SHARED_BY.match(q.behind))
        told = clauses.clean(q.behind) if share or q.unit in _PEOPLE and not q.left else ""
        if share:
            q.subject, q.own, q.topic = told.removeprefix("的")[:24], True, ""  # 三成多的站所没有化验室
            return
        if 3 <= len(told) <= 16 and not told.startswith("的"):
            q.subject, q.own, q.topic = told, True, ""  # 3人获评标兵
            return
        carry(q, before, plain)
        return
    if _REGION.fullmatch(words):
        topic = topic_for(q, before, plain)
        q.subject, q.topic = words + topic, topic
        return
    bare = _EACH_PLACE.sub("", words)
    acts = None if words.endswith("支出") else only.fullmatch(words) or only.fullmatch(bare)  # 服务支出 is no act
    last = before[-1] if before else None
    if acts and q.left.startswith("、") and last and last.clause == q.clause and last.unit != q.unit:
        acts = None  # 举办讲座12场、展览3个: the next thing of a list
    if acts and q.unit in _OCCASIONS and not _verbs()[4].fullmatch(words):
        acts = None  # 演练12场: the act itself is counted
    measured = bool(acts and q.unit in _DURATIONS or _SPENDS.search(words))  # 开放312天, 投入12.4万元: the act itself
    if not measured and (acts or generic.fullmatch(words) or _RATE.fullmatch(words)):
        topic = topic_for(q, before, plain)
        q.topic = topic or (words[2:] if acts and len(words) == 4 else "")  # 受理申请: the second act is the object
        q.own = not acts
        light = _LIGHT.match(words) if acts else None
        if light and light.end() < len(words):
            act = words[light.end() :]  # 完成修复: an act that is its own object
            q.subject = light[0] + topic if topic.endswith(act) else words
            q.own, q.topic = True, topic
        elif topic and topic not in words:
            if not acts and topic.endswith(words[:2]) and len(topic) > 3:
                topic = topic[:-2]  # 登记发证1.6万本，发证率85%
            q.subject, q.carried = words + topic if acts else topic + words, True
        else:
            q.subject = words
        return
    if len(words) > 20 and "等" in words[:-1]:
        lead = _verbs()[0].match(words)
        words = (lead[0] if lead else "") + words[words.rindex("等", 0, -1) + 1 :]
    q.subject, q.own, q.topic = words[-30:], True, noun(words)
    if _MEAN.match(words):
        q.topic = before[-1].topic if before else ""
        if _PER_UNIT.fullmatch(words) and before and before[-1].sentence == q.sentence:
            q.subject, q.own = before[-1].subject + words, False
    elif len(words) <= 7 and not _verbs()[0].match(words):
        named = _NAMED_BEFORE.match(clause_before(q, plain)) if q.unit not in lexicon().classifiers else None
        if named and not re.search(r"\d", clause_before(q, plain)[named.end() :]):
            q.subject = named[0] + words  # “澄早4号”通过认定，单果重52克


def _from_act(words: str) -> str:
    """The end of long words: from their last act on (…、医保局设立 → 设立), else the last item of a list."""
    last = list(_verbs()[0].finditer(words[-20:]))
    if last:
        return words[-20:][last[-1].start() :]
    return re.split("[，、的]", words[-12:])[-1]


def indicated_thing(q: Quantity, words: str, before: list[Quantity], plain: str) -> str:
    """The thing from before that an indicator alone is of (筛查学生3万名，检出率下降1.5个百分点)."""
    if _verbs()[3].fullmatch(words) or _RATE.fullmatch(words):
        topic = topic_for(q, before, plain)
        return topic if topic not in words else ""
    return ""


def carry(q: Quantity, before: list[Quantity], plain: str) -> None:
    """An elided subject: that of the quantity before it, else the topic of the clause before."""
    last = before[-1] if before else None
    gap = clause_before(q, plain)
    trend = _TREND.search(gap)
    if trend and not re.search(r"\d", gap) and len(gap[: trend.start()]) >= 2:
        q.subject = q.topic = clauses.clean(gap[: trend.start()])  # 检定收费不升反降，仅为517万元
        q.own = True
        return
    if last and (last.clause == q.clause or last.clause_end + 1 >= q.clause):
        level = last.of if last.kind == "change" and last.of else last
        q.subject, q.topic = level.subject, level.topic
        if q.unit not in SHARE and level.unit != q.unit and level.amount.end < q.amount.start:
            # 排查项目56个、房屋1.9万套，已化解41个、1.3万套: the thing with the same unit
            same = [b for b in before if b.sentence == q.sentence and b.unit == q.unit and b.own and b.topic]
            lead = _verbs()[0].match(level.subject)
            if same and lead and lead.end() < len(level.subject):
                q.subject, q.topic = lead[0] + same[-1].topic, same[-1].topic
        return
    q.subject = q.topic = topic_for(q, before, plain)


def topic_for(q: Quantity, before: list[Quantity], plain: str) -> str:
    """The thing that an act or an indicator alone is about."""
    near = [b for b in before if b.topic and b.kind == "level"]
    here = [b for b in near if b.sentence == q.sentence]
    words = clauses.strip_tail(q.left[clauses.strip_lead(q.left) :])
    same = [b for b in here if b.unit == q.unit and q.unit not in SHARE and not b.part_of]
    if same and (_ADDING.search(q.left) or _verbs()[1].fullmatch(words)):
        return same[-1].topic
    gap = clause_before(q, plain)
    last = here[-1] if here else None
    trend = _TREND.search(gap)
    if trend and not re.search(r"\d", gap):
        return clauses.clean(gap[: trend.start()])
    if gap and not any(b.amount.end > start_before(q, plain) for b in before[-2:]):
        quoted = re.search(r"“[^”]{2,20}”[^“”，]{0,4}$", gap)
        thing = quoted[0] if quoted else _tail_noun(gap)
        if thing:
            return thing
    if last:
        if last.part_of:
            whole = next((b for b in reversed(here) if not b.part_of), last.part_of)
            return whole.topic  # never the thing of the part before
        return last.topic
    if near and near[-1].unit == q.unit and q.unit not in SHARE and _verbs()[1].fullmatch(words):
        return near[-1].topic  # 受理登记5万件。办结4.8万件。
    return _heading_before(q, plain) or _named_before(q, plain)


def _named_before(q: Quantity, plain: str) -> str:
    """The name in quotation marks of the sentence before, where that has no numbers: 推行“带押过户”。办理1306宗."""
    if q.clause != q.sentence:
        return ""
    start = max(plain.rfind(c, 0, max(q.sentence - 1, 0)) for c in "。！？\n") + 1
    before = plain[start : q.sentence]
    names = re.findall(r"“[^”\d]{2,14}”", before)
    return names[-1] if len(names) == 1 and not re.search(r"\d", before) else ""


def _heading_before(q: Quantity, plain: str) -> str:
    """The thing of a heading sentence that opens the paragraph: ——信访投诉。收到36件."""
    start = plain.rfind("\n", 0, q.sentence) + 1
    heading = plain[start : max(start, q.sentence - 1)]
    mark = _MARK.match(heading)
    heading = heading[mark.end() :] if mark else heading
    if not 2 <= len(heading) <= 16 or _NO_THING.search(heading):
        return ""
    quoted = re.search(r"“[^”]{2,14}”", heading)
    return quoted[0] if quoted else noun(heading) if len(heading) <= 8 else ""


def _tail_noun(clause: str) -> str:
    """The object of a clause without numbers: what stands behind its first verb."""
    act = _verbs()[0].search(clause)
    best = clauses.clean(clause[act.end() :]) if act else ""
    return best if 2 <= len(best) <= 20 else ""


def is_pair(first: Quantity, second: Quantity, plain: str) -> bool:
    """Whether two numbers are the ends of 从A到B, 由A升至B."""
    gap = plain[first.amount.end : second.amount.start]
    return bool(_FROM.search(first.left)) and bool(_TO_GAP.fullmatch(gap)) and not first.amount.shared


def name_part(q: Quantity) -> None:
    """A part that is told by an act alone takes the thing of its total: 其中胜诉9件 → 胜诉行政案件."""
    total = q.part_of
    if not total or q.share or total.unit != q.unit or not total.topic or total.topic in q.subject:
        return
    if len(q.subject) > 6 or q.subject[-2:] in total.topic:
        return
    bare = len(q.subject) <= 4 and q.subject[-1] != total.topic[-1] and not _THING_END.search(q.subject)
    if bare and q.own and not clauses.noun_behind(q.behind):
        q.subject += total.topic  # 诉求12万件，其中咨询8万件; 劳动争议63件，其中驳回12件
        return
    if (_verbs()[2].search(q.subject) or re.search(r"[级类]$|渠道$|方式$", q.subject)) and not clauses.noun_behind(
        q.behind
    ):
        words = clauses.clean(clauses.strip_tail(q.left[clauses.strip_lead(q.left) :]))
        q.subject = (words or q.subject) + total.topic
