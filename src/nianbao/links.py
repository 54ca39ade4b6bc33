"""Kind, subject and links of the quantities of one paragraph."""

from __future__ import annotations

import re
from functools import cache

from nianbao import clauses
from nianbao.lexicon import lexicon
from nianbao.quantities import SHARE, Quantity, level_unit, word_pattern
from nianbao.record import Direction

YEAR_ON_YEAR = re.compile(
    r"同比|(?:比|较|与|同|和)(?:上年|去年|上一年|前一年|上年度)(?:度)?(?:同期)?(?:末|底|年末|决算数?|同口径)?(?:相比|比较|相较)?"
    r"|(?:比|较|与)(?:上年|去年)|上年同期"
)
_TO = re.compile(r"(?:到|至|为|达到?|成)(?:了|约|近|超过)*$")
_RATE_NOUN = re.compile(r"(?:率|增幅|增速|降幅|增长率|幅度|涨幅|减幅|升幅)(?:达到?|为|约|近|超过?|均|分别|是)*$")
_LIST_END = re.compile(r"(?<![人年月日平户亩件班场次车床])(?:均|都|各|皆|分别)(?:[一-鿿]{0,6})$")
_JOINT = re.compile(r"[、]|(?<=[一-鿿”）])(?:和|及|与|以及)(?=[一-鿿“])")
_CUMULATIVE = re.compile(r"累计|自[^，。；]{2,20}?(?:以来|至今|起)|(?:以来|至今)[^，。；]{0,10}$")
_AS_OF = re.compile(r"(?:截至|截止)[^，。；]{0,14}?(?:\d|目前|年末|年底|期末|报告期)")
_SINCE = re.compile(
    r"(?:^|[，。；\n“”])?(?:自|从)[^，。；\n]{1,24}?(?:以来|至今|起)|[^，。；\n]{1,20}以来[，]|上线以来|成立以来|开馆以来|建馆以来"
)
_NAMED_PERIOD = re.compile(
    r"(?<![截自从])(?<!截至)(?<!截止)(?<!自)(?<!至)(?:全年|本年|今年|当年|年内|(?<!\d)20\d\d年(?!以来|末|底|\d|起|至今|[-—~～]))"
)
_STOCK = re.compile(
    r"(?:职工|员工|编制|在职|在编|在岗|在册|在校|在园|在库|在馆|在用|专业技术人员|技术人员|教职工|教师|护士|医师|医生|药师|床位|馆藏|藏品|藏书|"
    r"藏量|文物|注册用户|注册会员|粉丝|会员数|会员单位|成员单位|坐席|座席|座位|席位|话务员|机构总数|总藏|人员总数|卫生人员|工作的人员|"
    r"建筑面积|占地面积|使用面积|馆舍面积|展厅面积|库房面积|业务用房|用地面积|总面积|库存|余额|结转|(?:年初|年末|滚存|累计|净)结余|净资产|总资产|资产总额|固定资产|"
    r"存量|保存|保有|现有|拥有|设有|内设|下设|建有|设立|建成|建立了?|配备|配有|持有|存有|入库|在建|户籍|常住|常备|全国共有|全市共有|全省共有|全县共有|全区共有|"
    r"党员|团员|博士|硕士|本科|研究生学历|高级职称|中级职称|正高|副高|职称|基地|分馆|服务站|阵地|卫生院|卫生室|卫生服务中心|数据总量|信息总量|总量|志愿者总数|注册志愿者|共有)"
)
_POINT_RATE = re.compile(
    r"(?:网络|信号|光纤|区域|城乡|绿化|行政村|社区|小区|人口|森林|植被|电网|5G)覆盖率|每[百千万十]"
)
_OUTPUT = re.compile(
    r"新增|新建|新设|新招|新购|新发展|新制定|培训|举办|开展|组织|接待|受理|处理|办理|发放|发布|整改|排查|服务|采购|购置|新收|新入|引进|招聘|录用|制定|完成|发展|签订|印发|出台|修订|归集|审核|检查|巡查"
)
_PER = re.compile(
    r"(?:日均|月均|年均|人均|户均|亩均|平均|均价|每(?:周|月|年|天|日|人|户|亩|件|次|季|名|万|千|百|所|个|家|场|公斤|平方米))"
)
_PART = re.compile(r"其中|其中：|包括|包含|含(?![量有税])")
_VERB_ONLY = re.compile(
    r"(?:办理|应用|新增|更新|删除|回访|涉及|化解|惠及|覆盖|培训|接待|发放|鉴定|评价|办结|受理|完成|处理|修复|整改|检查|使用|参加|参与|服务|"
    r"涉及金额|金额|合计|总计|总|面积|收录|录用|录取|入选|发表|命中|签约|成交|立项|结题|验收|新收集|新入藏|修订|制定|解决|答复|采纳|转办|推送|上门|接听|新建|增加|到位|支出|使用|占比|占|人均|次均|户均|平均|每户|每人|共|累计|通过|销号|惠民|受益|线上|线下)+"
)


@cache
def _change() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = lexicon()
    tail = r"(?:了|达到?|为|约|近|超过?|幅度|比例|率|额|数|量|分别|均|各|又|也|再|\s)*$"
    change = word_pattern(words.change)
    near = re.compile(rf"(?:进一步|大幅|明显|稳步|持续|各|均|分别|共|累计|再|又|略|小幅)*(?P<verb>{change}){tail}")
    one = re.compile(
        rf"(?:同比|环比|比上年|较上年|比去年|较去年|年均|上年同期|相比)[^，。；]{{0,6}}?(?P<verb>{word_pattern(words.compare)}){tail}"
    )
    far = re.compile(rf"(?P<verb>{change})(?P<noun>[^，。；\d]{{1,16}})$")
    return near, one, far


def link(paragraph: list[Quantity], plain: str) -> list[Quantity]:
    """Settle kind, subject, accumulation and links of the quantities of one paragraph; lists may add quantities."""
    spread = [s for q in paragraph for s in _spread(q, paragraph, plain)]
    for i, q in enumerate(spread):
        _settle_kind(q, spread[:i], plain)
    for i, q in enumerate(spread):
        _settle_subject(q, spread[:i], spread[i + 1 :], plain)
        _settle_of(q, spread[:i], plain)
        _settle_part(q, spread[:i], plain)
        _settle_accumulation(q, spread[:i], plain)
    return spread


# ---------------------------------------------------------------- lists


def _items(left: str) -> list[str]:
    """The things of a list (A率、B率和C率), with what stands before the first one cut off by strip_lead."""
    return [item for item in _JOINT.split(left) if item]


def _spread(q: Quantity, paragraph: list[Quantity], plain: str) -> list[Quantity]:
    """One number said of several things is one quantity for each; 分别 deals its numbers out in order."""
    left = q.left[clauses.strip_lead(q.left) :]
    match = _LIST_END.search(left)
    if "分别" in left:
        return _deal(q, paragraph, plain)
    last = q.parts
    if last:
        q.subject, q.own = last[0], True
        return [q]
    head = left[: match.start()] if match else clauses.strip_tail(left)
    change = _change()[0].search(head)
    if change and not match:
        return [q]
    items = _items(head)
    if len(items) < 2:
        return [q]
    if not match and not (all(item.endswith("率") for item in items) or _fused(items)):
        return [q]
    if match and q.unit not in SHARE and match[0].startswith(("均", "都")) and not q.unit:
        return [q]
    suffix = _shared_suffix(items)
    spread = []
    for item in items:
        twin = Quantity(q.amount, q.clause, q.clause_end, q.sentence, q.left, q.behind)
        twin.subject = clauses.clean(item if item.endswith(suffix) else item + suffix) + (
            clauses.noun_behind(q.behind) if match and match[0].startswith("各") else ""
        )
        twin.own, twin.group = True, id(q)
        spread.append(twin)
    return spread


def _fused(items: list[str]) -> bool:
    """收、支总计: single characters before a sum."""
    return all(len(item) <= 2 for item in items[:-1]) and bool(re.search(r"总计|合计", items[-1]))


def _shared_suffix(items: list[str]) -> str:
    """The indicator that the last item names for all: 电话、网络渠道的受理量占比 → 的受理量占比."""
    match = re.search(
        r"(?:渠道)?的?(?:受理量)?(?:占比|比例|总计|合计|覆盖率|满意率|使用率|完成率|合格率|支出|收入|项目|人数)$",
        items[-1],
    )
    if match and all(not re.search(r"[率比量额数]$", item) for item in items[:-1]):
        return match[0]
    return ""


def _deal(q: Quantity, paragraph: list[Quantity], plain: str) -> list[Quantity]:
    """收入和支出分别增长4.53%、9.97%: the values go to the things in order."""
    i = paragraph.index(q)
    values = [q]
    for later in paragraph[i + 1 :]:
        joint = plain[values[-1].amount.end : later.amount.start]
        if not re.fullmatch(r"(?:[、和及与]|以及)[^，。；、]{0,3}|，", joint) or later.unit != q.unit and later.unit:
            break
        values.append(later)
    cut = q.left.index("分别")
    head = q.left[clauses.strip_lead(q.left) : cut]
    verb = q.left[cut + 2 :]
    if not head.strip("，"):
        head = _clause_before(q, plain)
    things = _items(head)
    if len(things) < 2:
        return [q]
    suffix = _shared_suffix(things)
    for value, thing in zip(values, things, strict=False):
        value.subject, value.own = clauses.clean(thing if thing.endswith(suffix) else thing + suffix), True
        value.parts = [value.subject]
        value.group = id(q)
        if value is not q:
            value.left = "分别" + verb
    return [q]


def _clause_before(q: Quantity, plain: str) -> str:
    """The clause that ends where the clause of a quantity begins."""
    end = q.clause - 1
    if end <= 0 or plain[end] in "。\n":
        return ""
    start = max(plain.rfind(c, 0, end) for c in "，；。：！？\n") + 1
    text = plain[start:end]
    return text[clauses.strip_lead(text) :]


# ---------------------------------------------------------------- level or change


def _settle_kind(q: Quantity, before: list[Quantity], plain: str) -> None:
    """A stated difference or growth is a change; the value behind 到, 至, 达 and new things counted are levels."""
    left = plain[max(q.clause, q.sentence) : q.amount.start] if q.parts else q.left
    if q.parts and before and before[-1].group == q.group and before[-1].kind == "change":
        q.kind, q.direction = "change", before[-1].direction
        q.basis = before[-1].basis
        return
    near, one, far = _change()
    direction: Direction | None = None
    start = 0
    if q.amount.change:
        direction = "increase"
    elif match := one.search(left):
        direction, start = lexicon().compare[match["verb"]], match.start()
    elif match := near.search(left):
        noun = left[clauses.strip_lead(left) : match.start()]
        counted = q.unit not in SHARE and not YEAR_ON_YEAR.search(left) and not noun
        verb = match["verb"]
        behind = clauses.noun_behind(q.behind)
        if counted and verb in ("增加", "增长", "提升", "净增") and behind:
            direction = None  # 增加6个站点: new things, counted
        elif _TO.search(left) and not _RATE_NOUN.search(left) and re.search(rf"{verb}(?:到|至|为|达到)", left):
            direction = None
        else:
            direction, start = lexicon().change[verb], match.start()
    elif match := far.search(clauses.strip_tail(left) if not _TO.search(left) else ""):
        verb = match["verb"]
        down = lexicon().change[verb] == "decrease"
        if (
            (q.unit in SHARE or down)
            and not re.search(r"率|占比|面积|数量", match["noun"])
            and not YEAR_ON_YEAR.search(match["noun"])
        ):
            if q.unit in SHARE or not re.search(r"到|至", match["noun"]):
                direction, start = lexicon().change[verb], match.start()
    if direction is None:
        return
    q.kind, q.direction = "change", direction
    q.basis = "year-on-year" if _year_on_year(q, left, before, plain) else "not-stated"


def _year_on_year(q: Quantity, left: str, before: list[Quantity], plain: str) -> bool:
    """Whether 同比, 比上年 reaches a change: in its clause, or over commas while the same thing is spoken of."""
    if "年均" in left or "环比" in left:
        return False
    clause = plain[q.clause : q.amount.start]
    if YEAR_ON_YEAR.search(clause):
        return True
    noun = _change_noun(q, left)
    for earlier in reversed(before):
        if earlier.sentence != q.sentence:
            break
        gap = plain[earlier.amount.end : q.amount.start]
        if "；" in gap or "其中" in gap:
            break
        if earlier.kind == "level":
            return bool(re.search(rf"(?:^|[，；])(?:{YEAR_ON_YEAR.pattern})，", gap))
        if earlier.basis == "year-on-year":
            return not noun or _opened(earlier, plain)
        break
    return bool(
        re.search(rf"(?:^|[，；])(?:{YEAR_ON_YEAR.pattern})，[^；]*$", plain[q.sentence : q.amount.start])
    ) and all(b.kind == "change" for b in before if b.sentence == q.sentence)


def _opened(q: Quantity, plain: str) -> bool:
    """Whether the comparison stands as a clause of its own before a list of changes (与上年比较，A增加…，B增加…)."""
    return bool(re.search(rf"(?:{YEAR_ON_YEAR.pattern})，[^；。]*$", plain[q.sentence : q.amount.start])) or (
        not YEAR_ON_YEAR.search(q.left)
    )


def _change_noun(q: Quantity, left: str) -> str:
    """The own subject of a change: the words before its verb and comparison."""
    near, one, far = _change()
    text = left[clauses.strip_lead(left) :]
    match = one.search(text) or near.search(text)
    if match:
        noun = text[: match.start()]
    elif match := far.search(clauses.strip_tail(text)):
        noun = text[: match.start()] + match["noun"]
    else:
        noun = text
    noun = YEAR_ON_YEAR.sub("", noun)
    noun = re.sub(r"(?:年均|环比|平均|每年|分别|同期|基础上|相比|决算数?)+$", "", noun)
    return clauses.clean(clauses.strip_tail(noun)) if noun else ""


# ---------------------------------------------------------------- subject


def _settle_subject(q: Quantity, before: list[Quantity], after: list[Quantity], plain: str) -> None:
    """The words that say what is counted; elided ones from the clause before."""
    if q.subject:
        return
    if q.amount.shared and before:
        q.subject, q.own = before[-1].subject, before[-1].own
        return
    if q.kind == "change":
        noun = _change_noun(q, q.left)
        if noun:
            q.subject, q.own = noun, True
            level = _level_named(noun, q, before)
            if level:
                q.of = level
                q.subject = level.subject if noun in level.subject else noun
        else:
            level = _last_level(q, before)
            q.subject = level.subject if level else (before[-1].subject if before else clauses.clean(q.left))
        return
    left = q.left
    pair = re.search(r"(?:由|从)[^，。；]*$", left)
    to = before[-1] if before and before[-1].clause == q.clause else None
    if to and to.earlier or (to and _is_from(to, q, plain)):
        to.earlier = True
        q.subject, q.own = to.subject, to.own
        return
    if pair and after and after[0].clause == q.clause and _is_from(q, after[0], plain):
        q.earlier = True
        left = left[: pair.start()]
    left = YEAR_ON_YEAR.sub("", left) if not re.match(r"(?:比|较)上年", left) else left
    share = (
        re.search(r"占(?P<of>[^，。；]*?)(?:的?(?:比例|比重|比))?(?:的|达到?|为|约|近|超过)*$", left)
        if q.unit == "%"
        else None
    )
    words = left[clauses.strip_lead(left) :]
    words = clauses.clean(clauses.strip_tail(words))
    behind = clauses.noun_behind(q.behind) if q.unit not in SHARE and not _measure(q) else ""
    if behind and re.match(r"[，；。]", q.behind[:1] or "，"):
        behind = ""
    if share:
        q.share = True
        lead = left[clauses.strip_lead(left) : share.start()]
        if lead:
            q.subject, q.own = clauses.clean(words if share["of"] else lead + "占比"), True
        else:
            base = _last_level(q, before)
            q.subject = (
                (base.subject if base else "") + "占" + share["of"]
                if share["of"]
                else (base.subject if base else "") + "占比"
            )
        return
    if words and words.startswith("对") and behind:
        words = words[1:]
        rest = plain[q.amount.end : q.clause_end].removeprefix(behind)
        q.subject, q.own = clauses.clean(rest + words + behind if len(rest) <= 16 else words + behind), True
        return
    if words and (behind or not _VERB_ONLY.fullmatch(words)):
        q.subject, q.own = words + behind, True
        if re.fullmatch(r"[一-鿿]{1,2}", words) and not behind and before and not _VERB_ONLY.fullmatch(words):
            q.subject = words
        return
    if behind and not words:
        q.subject, q.own = behind, True
        return
    carried = _carried(q, before, plain)
    if words:
        q.subject = words if carried and carried in words else words + carried
        return
    q.subject = carried


def _measure(q: Quantity) -> bool:
    """Whether the unit measures (元, 亩, 小时) and so no noun stands behind it."""
    return q.unit is not None and q.unit not in lexicon().classifiers


def _is_from(first: Quantity, second: Quantity, plain: str) -> bool:
    """Whether two numbers of one clause are the ends of 从A到B, 由A升至B."""
    gap = plain[first.amount.end : second.amount.start]
    return bool(re.search(r"(?:由|从)[^，。；]*$", first.left)) and bool(
        re.fullmatch(r"，?[^，。；]{0,8}?(?:到了?|至|为|成)(?:了|现在的|今年的|目前的|约|近)*", gap)
    )


def _carried(q: Quantity, before: list[Quantity], plain: str) -> str:
    """What an elided subject stands for: the subject of the quantity before, or the topic of the clause before."""
    previous = _clause_before(q, plain)
    last = before[-1] if before else None
    if last and (last.clause == q.clause or last.clause_end + 1 == q.clause):
        if last.kind == "change" and last.of:
            return last.of.subject
        return last.subject
    if previous:
        quoted = re.findall(r"“[^”]{2,20}”", previous)
        if quoted:
            return str(quoted[-1])
        return clauses.clean(previous) if len(previous) <= 16 else ""
    return last.subject if last and last.sentence == q.sentence else ""


# ---------------------------------------------------------------- of, part_of


def _last_level(q: Quantity, before: list[Quantity]) -> Quantity | None:
    """The last level that a change without words of its own can be about."""
    for earlier in reversed(before):
        if earlier.kind != "level" or earlier.earlier:
            continue
        if earlier.derived or earlier.share:
            if earlier.own and earlier.unit == "%" and q.unit in SHARE and not earlier.derived:
                return earlier
            continue
        return earlier
    return None


def _level_named(noun: str, q: Quantity, before: list[Quantity]) -> Quantity | None:
    """The level of the paragraph that a change names again (床位增加4.9万张 → 床位150.5万张)."""
    bare = re.sub(r"(?:总?数量?|人数|总量|总计|合计|规模)$", "", noun)
    for earlier in reversed(before):
        if earlier.kind == "level" and not earlier.earlier and len(bare) >= 2:
            subject = re.sub(r"(?:总?数量?|人数|总量|总计|合计)$", "", earlier.subject)
            if subject.endswith(bare) or bare.endswith(subject) and len(subject) >= 2:
                return earlier
    return None


def _settle_of(q: Quantity, before: list[Quantity], plain: str) -> None:
    if q.kind == "level":
        q.derived = bool(_PER.search(q.left)) and bool(before)
        return
    if q.parts or q.group:
        level = _level_named(q.subject, q, before)
        q.of = level
        return
    if q.of or (q.own and _change_noun(q, q.left)):
        return
    level = _last_level(q, before)
    if level is None:
        return
    # said of several levels at once: 145万卷2717万页，同比增长11%; A率、B率均…
    i = before.index(level)
    beside = before[i - 1] if i else None
    if (
        beside
        and beside.kind == "level"
        and (
            (level.group and beside.group == level.group)
            or (plain[beside.amount.end : level.amount.start] in ("", "、", "和", "及") and not beside.share)
        )
        and not beside.amount.shared
    ):
        return
    q.of = level


def _settle_part(q: Quantity, before: list[Quantity], plain: str) -> None:
    """其中, 含, 包括, 占 make a part; so do the addends of a stated sum."""
    if q.kind == "change":
        return
    if q.share:
        base = next((b for b in reversed(before) if b.kind == "level" and not b.share), None)
        share = re.search(r"占(?P<of>[^，。；]*?)(?:的?(?:比例|比重|比))?(?:的|达到?|为|约|近|超过)*$", q.left)
        of = clauses.clean(share["of"]) if share else ""
        if of:
            q.part_of = next((b for b in reversed(before) if b.subject.endswith(of) and b.kind == "level"), None)
        elif base and not q.own:
            q.part_of = base.part_of
        return
    sentence = plain[q.sentence : q.amount.start]
    where = None
    for match in _PART.finditer(sentence):
        where = match
    if where is None:
        head = plain[max(0, q.sentence - 1) : q.amount.start]
        if before and before[-1].part_of and before[-1].sentence == q.sentence and where:
            q.part_of = before[-1].part_of
        elif re.search(r"共计|合计|总计|(?<!公)共", q.left) or head.endswith("共"):
            _addends(q, before)
        elif q.group:
            _dealt(q, before)
        return
    if q.unit in SHARE or _PER.search(q.left) or "平均" in q.subject or q.subject.endswith("率"):
        return
    at = q.sentence + where.start()
    tail = plain[at : q.amount.start]
    if "；" in tail.split("其中")[-1] and "：" not in tail and not _same_list(q, before):
        return
    inside = [b for b in before if b.amount.start > at and b.kind == "level" and b.unit not in SHARE]
    total = _total(q, [b for b in before if b.amount.end <= at], inside, plain, at)
    if total is None:
        return
    if inside and not inside[-1].part_of:
        return
    if inside and not _same_list(q, before):
        return
    q.part_of = total


def _same_list(q: Quantity, before: list[Quantity]) -> bool:
    last = next((b for b in reversed(before) if b.kind == "level" and b.unit not in SHARE), None)
    return last is not None and last.part_of is not None and (last.unit == q.unit or q.unit is None)


def _total(q: Quantity, before: list[Quantity], inside: list[Quantity], plain: str, at: int) -> Quantity | None:
    """The level that 其中 divides: the last one before it, one of the same unit first; a named one (其中A，B…) wins."""
    levels = [b for b in before if b.kind == "level" and level_unit(b) and not b.derived and not b.earlier]
    if not levels:
        return None
    if inside and inside[0].part_of and inside[0].unit == q.unit:
        return inside[0].part_of
    # 总诊疗人次42.6亿 under 其中: the total that has the same name
    named = [
        b
        for b in levels
        if len(b.subject) > 3 and q.subject[-4:] == b.subject[-4:] and b.sentence >= levels[-1].sentence - 400
    ]
    if named:
        return named[-1]
    same = [b for b in levels if b.unit == q.unit and b.sentence == levels[-1].sentence]
    return same[-1] if same else levels[-1]


def _addends(q: Quantity, before: list[Quantity]) -> None:
    """A闭馆89天，B闭馆61天，共计150天: the addends of a stated sum are its parts."""
    total = q.value - q.value
    addends: list[Quantity] = []
    for earlier in reversed(before):
        if earlier.sentence != q.sentence or earlier.unit != q.unit or earlier.kind != "level":
            break
        addends.append(earlier)
        total += earlier.value
        if total == q.value and len(addends) >= 2:
            for part in addends:
                part.part_of = q
            return


def _dealt(q: Quantity, before: list[Quantity]) -> None:
    """48项，国家级、省级分别为30项、18项: values dealt out that sum to the level before are its parts."""
    row = [b for b in before if b.group == q.group] + [q]
    first = before.index(row[0]) if row[0] in before else len(before)
    base = before[first - 1] if first else None
    if base and base.unit == q.unit and base.sentence == q.sentence and sum(r.value for r in row) == base.value:
        for part in row:
            part.part_of = base


# ---------------------------------------------------------------- accumulation


def _settle_accumulation(q: Quantity, before: list[Quantity], plain: str) -> None:
    """A change is of the period; a stock is at a point; a flow is to date where 累计 or 自…以来 says so."""
    if q.kind == "change":
        return
    if q.amount.shared and before:
        q.accumulation = before[-1].accumulation
        return
    if q.share and not q.own and before:
        q.accumulation = before[-1].accumulation
        return
    words = q.left + q.subject
    if q.part_of and not _OUTPUT.search(words):
        q.accumulation = q.part_of.accumulation
        return
    clause = plain[q.clause : q.amount.start]
    if (
        re.search(r"每[百千万十]+(?:名|人)", clause)
        and q.unit not in SHARE
        or _POINT_RATE.search(words)
        and q.unit == "%"
    ):
        q.accumulation = "point"
        return
    if _PER.search(q.left):
        return
    if q.unit not in SHARE and _STOCK.search(words + clauses.noun_behind(q.behind)) and not _OUTPUT.search(words):
        q.accumulation = "point"
        return
    if (
        not q.own
        and before
        and before[-1].clause_end + 1 >= q.clause
        and before[-1].kind == "level"
        and not q.left.strip("、和及")
    ):
        q.accumulation = before[-1].accumulation
        return
    sentence = plain[q.sentence : q.amount.start]
    rest = plain[q.sentence : max(q.clause_end, q.sentence)]
    if "累计" in q.left and not _NAMED_PERIOD.search(rest):
        q.accumulation = "to-date"
    elif _SINCE.search(sentence) or (_AS_OF.search(sentence) and q.unit not in SHARE):
        q.accumulation = "to-date"
    elif (
        "累计" in clause
        and before
        and before[-1].clause == q.clause
        and before[-1].accumulation == "to-date"
        and not q.own
    ):
        q.accumulation = "to-date"
