"""Kind, comparison, parts and accumulation of the quantities of one paragraph."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from nianbao.narrative import clauses
from nianbao.narrative.accumulation import PER, settle_accumulation
from nianbao.narrative.clauses import SHARE, Quantity
from nianbao.narrative.lexicon import lexicon
from nianbao.narrative.subjects import (
    COMPARED,
    YEAR_ON_YEAR,
    begins_with_act,
    indicated_thing,
    is_pair,
    name_part,
    noun,
    settle_level,
    spread,
)
from nianbao.record import Direction

_TO = re.compile(r"(?:到|至|为|达到?|成)(?:了|约|近|超过)*$")
_RATE_NOUN = re.compile(r"(?:增长率|增幅|增速|降幅|幅度|涨幅|减幅|升幅)(?:达到?|为|约|近|超过?|均|分别|是)*$")
_CHANGED = re.compile(r"(?<=[一-鿿])([增减降升涨多少])了(?:约|近|超过?)?$")
# A verb with its object in it: with a share it is a change (增产5.8%), with an amount a level (增收310元).
_FUSED = re.compile(r"(?P<verb>[增减])(?:产|收|效|值|排|损|支)(?:达到?|约|近|超过?)*$")
_NEXT_ITEM = re.compile(r"[一-鿿]{0,4}[、和及][^，。；、和及]{1,14}")
_TO_LEVEL = re.compile(
    r"[，、]?(?:总量|总数|规模|累计|总计|已)?(?:为|达到?|至|到|升至|降至|增至|减至|达至)(?:了|约|近)*"
)
_BARE_PER = re.compile(r"^[，、]?(?:(?:日|月|周)均[一-鿿]{0,4}|(?:人|户)均)$")
_PART = re.compile(r"其中|包括|包含|(?<![不所])含(?![量有税金糖水])")


@cache
def _change() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    """Change verbs directly before the number, single characters behind a comparison, verbs with their object."""
    words = lexicon()
    change = "|".join(sorted(words.change, key=len, reverse=True))
    compare = "|".join(sorted(words.compare, key=len, reverse=True))
    tail = r"(?:了|达到?|为|约|近|超过?|幅度|比例|额|数|量|分别|均|各|又|也|再|至少|的|\s)*$"
    near = re.compile(rf"(?:进一步|大幅|明显|稳步|持续|各|均|分别|共|累计|再|又|略|小幅|有所)*(?P<verb>{change}){tail}")
    one = re.compile(
        rf"(?:同比|环比|(?:比|较)(?:上年|去年|上一年|前一年|(?:19|20)\d\d年|年初)(?:度|同期)?|(?:比|较)[^，。；\d]{{0,8}}(?:均值|平均值?|平均水平|预算|计划|同期)|年均|上年同期|相比)[^，。；]{{0,6}}?(?P<verb>{compare})(?:[检收支接办发用产销征种招])?{tail}"
    )
    far = re.compile(rf"(?P<verb>{change})(?P<noun>[^，。；\d]{{1,16}})$")
    return near, one, far


def link(paragraph: list[Quantity], plain: str) -> list[Quantity]:
    """Settle kind, subject, accumulation and links of the quantities of one paragraph; lists may add quantities."""
    row: list[Quantity] = []
    for i, amount in enumerate(paragraph):
        after = paragraph[i + 1 : i + 2]
        for q in spread(amount, paragraph, row, plain):
            _settle_kind(q, row, plain)
            if q.kind == "change":
                _settle_change(q, row, plain)
            else:
                q.of = None
                settle_level(q, row, after, plain)
                q.derived = bool(PER.search(q.left))
                _reached(q, row, plain)
            q.said = q.subject
            _settle_part(q, row, plain)
            name_part(q)
            settle_accumulation(q, row, plain)
            row.append(q)
    _deal_changes(row, plain)
    return row


def _deal_changes(row: list[Quantity], plain: str) -> None:
    """门诊9.8万人次、住院4207人次，同比增长5.1%、下降2.3%: as many bare changes as levels are theirs in order."""
    start = 0
    while start < len(row):
        stop = start + 1
        if row[start].kind == "change" and not row[start].group and row[start].unit in SHARE:
            while stop < len(row) and _goes_with(row[stop - 1], row[stop], plain):
                stop += 1
            count = stop - start
            levels = row[start - count : start] if start >= count else []
            if count > 1 and levels and _side_by_side(levels, row[: start - count], row[start], plain):
                for change, level in zip(row[start:stop], levels, strict=True):
                    change.of, change.subject, change.topic = level, level.subject, level.topic
        start = stop


def _goes_with(first: Quantity, second: Quantity, plain: str) -> bool:
    """Whether a change is told right behind another, by its verb alone: 增长5.1%、下降2.3%."""
    gap = plain[first.amount.end : second.amount.start]
    bare = re.fullmatch(r"(?:[、和及]|以及)(?P<verb>[一-鿿]{2,3})", gap)
    told = bare is not None and bare["verb"] in lexicon().change
    return told and second.kind == "change" and second.unit == first.unit and not second.group and first.of is second.of


def _side_by_side(levels: list[Quantity], before: list[Quantity], change: Quantity, plain: str) -> bool:
    """Whether the levels stand in a row of one sentence, each in its own words, with no further one, and the change
    follows the last at once."""
    if any(level.kind != "level" or not level.own or level.earlier or level.unit in SHARE for level in levels):
        return False
    if before and before[-1].kind == "level" and before[-1].sentence == levels[0].sentence:
        return False
    ends = [*levels[1:], change]
    gaps = [plain[a.amount.end : b.amount.start] for a, b in zip(levels, ends, strict=True)]
    return all(not re.search(r"[。；\n：]|其中", gap) for gap in gaps) and change.of is levels[-1] and not change.own


# ---------------------------------------------------------------- level or change


def _settle_kind(q: Quantity, before: list[Quantity], plain: str) -> None:
    """A stated difference or growth is a change; the value behind 到, 至, 达 and new things counted are levels."""
    last = before[-1] if before else None
    if q.things and last and last.group == q.group and last.kind == "change":
        q.kind, q.direction, q.basis = last.kind, _direction(q.left, q) or last.direction, last.basis
        return
    if q.amount.shared and last:
        q.kind, q.direction, q.basis = last.kind, last.direction, last.basis
        return
    doubled = q.amount.change or q.unit in SHARE and re.search(r"翻了?$", q.left) is not None
    direction = "increase" if doubled else _direction(q.left, q)
    if direction is None:
        return
    q.kind, q.direction = "change", direction
    q.basis = "year-on-year" if _year_on_year(q, before, plain) else "not-stated"


def _direction(left: str, q: Quantity) -> Direction | None:
    """The direction of the change that the words before a number tell, or None for a level."""
    near, one, far = _change()
    change, compare = lexicon().change, lexicon().compare
    if match := one.search(left):
        return compare[match["verb"]]
    if match := _CHANGED.search(left):
        return compare[match[1]]
    if q.unit in SHARE and (match := _FUSED.search(left)):
        return compare[match["verb"]]
    if match := near.search(left):
        verb = match["verb"]
        if re.search(rf"{verb}(?:了)?(?:到|至|为|达到)", left[match.start() :]) and not _RATE_NOUN.search(left):
            return None
        head = left[clauses.strip_lead(left) : match.start()]
        compared = bool(COMPARED.search(left))
        if not head and not compared and q.unit not in SHARE and verb in ("增加", "扩大", "净增", "净增加"):
            return None if clauses.noun_behind(q.behind) else change[verb]  # 增加6个站点: new things, counted
        return change[verb]
    if _TO.search(left):
        return None
    match = far.search(clauses.strip_tail(left))
    if (
        not match
        or re.search(r"率|占比|面积|数量|“|到|至|后|中|以来|，", match["noun"])
        or YEAR_ON_YEAR.search(match["noun"])
    ):
        return None
    if q.unit in SHARE or change[match["verb"]] == "decrease" and not clauses.noun_behind(q.behind):
        return change[match["verb"]]
    return None


def _year_on_year(q: Quantity, before: list[Quantity], plain: str) -> bool:
    """Whether 同比, 比上年 reaches a change: in its clause, or over commas while the same thing is spoken of."""
    if "年均" in q.left or "环比" in q.left:
        return False
    if YEAR_ON_YEAR.search(plain, q.clause, q.amount.start):
        return True
    if COMPARED.search(plain, q.clause, q.amount.start):
        return False  # 同比增长5%，较2019年增长8%: a base of its own
    # a clause of its own before a list of changes: 与上年比较，床位增加…，人员增加…
    opener = re.search(
        rf"(?:^|[，；。\n])(?:{YEAR_ON_YEAR.pattern})，([^；。]*)$", plain[max(0, q.sentence - 1) : q.amount.start]
    )
    here = [b for b in before if b.sentence == q.sentence]
    if opener:
        inside = [b for b in here if b.amount.start >= q.amount.start - len(opener[1])]
        if all(b.kind == "change" for b in inside):
            return True
    last = here[-1] if here else None
    if last is None or last.kind != "change" or last.basis != "year-on-year":
        return False
    gap = plain[last.amount.end : q.amount.start]
    return "；" not in gap and not change_noun(q)


def change_noun(q: Quantity) -> str:
    """The own subject of a change: the words before its verb and comparison."""
    near, one, far = _change()
    text = q.left[clauses.strip_lead(q.left) :]
    if _FUSED.search(text) and q.unit in SHARE:
        return clauses.strip_tail(COMPARED.sub("", text))
    match = one.search(text) or _CHANGED.search(text) or near.search(text)
    if match:
        words = text[: match.start()]
    elif match := far.search(clauses.strip_tail(text)):
        words = text[: match.start()] + match["noun"]
    else:
        words = text
    words = COMPARED.sub("", words)
    words = re.sub(r"(?:年均|环比|平均|每年|分别|同期|基础上|相比|决算数?|在此|自然|实际)+$", "", words)
    words = clauses.clean(clauses.strip_tail(words)) if words else ""
    return "" if re.fullmatch(r"[并且又也再年的]*", words) else words


def _settle_change(q: Quantity, before: list[Quantity], plain: str) -> None:
    """The subject of a change is that of its level; the level is the one it names, or the last one."""
    last = before[-1] if before else None
    if q.things or (q.amount.shared and last):
        if q.amount.shared and last:
            q.subject, q.own, q.of, q.topic = last.subject, last.own, last.of, last.topic
        else:
            dealt = q.of if q.of and _commensurable(q, q.of) else None
            q.of = dealt or _level_named(q, q.subject, before)
        return
    words = q.subject or change_noun(q)
    if words:
        q.subject, q.own, q.topic = words, True, noun(words)
        level = _level_named(q, words, before)
        topic = "" if level else indicated_thing(q, words, before, plain)
        if topic:
            q.subject, q.topic = topic + words, topic
        if level:
            q.of = level
            if words in level.subject:
                q.subject = level.subject
        return
    if last and last.kind == "change" and last.sentence == q.sentence:
        q.subject, q.of, q.topic = last.subject, last.of, last.topic
        return
    level = last_level(q, before)
    if level is None:
        q.subject = last.subject if last else clauses.clean(q.left)
        return
    q.subject, q.topic = level.subject, level.topic
    if not _several(level, before, plain):
        q.of = level


def _reached(q: Quantity, before: list[Quantity], plain: str) -> None:
    """增长5.5%，达到10.3万亿元: the level that is told behind its change."""
    last = before[-1] if before else None
    if last is None or last.kind != "change" or last.of or last.group or not _commensurable(last, q):
        return
    if _TO_LEVEL.fullmatch(plain[last.amount.end : q.amount.start]):
        last.of = q
        q.subject, q.topic = last.subject, last.topic


def _several(level: Quantity, before: list[Quantity], plain: str) -> bool:
    """Whether a change is said of several levels at once: 145万卷2717万页，同比增长11%; A率、B率均…"""
    i = before.index(level)
    beside = before[i - 1] if i else None
    if beside is None or beside.kind != "level" or beside.share or level.amount.shared:
        return False
    if level.group and beside.group == level.group:
        return True
    return plain[beside.amount.end : level.amount.start] in ("", "、", "和", "及") and not level.own


def last_level(q: Quantity, before: list[Quantity]) -> Quantity | None:
    """The last level that a change without words of its own can be about; a bare 日均 between is passed over."""
    for i in range(len(before) - 1, -1, -1):
        level = before[i]
        if level.kind != "level" or level.earlier or (level.share and not level.own) or not _commensurable(q, level):
            continue
        rest = any(b.kind == "level" and b.sentence == level.sentence for b in before[:i])
        if level.derived and _BARE_PER.search(level.left) and rest and q.unit != level.unit:
            continue
        return level
    return None


def _commensurable(q: Quantity, level: Quantity) -> bool:
    """Whether a change can be one of a level: points of rates, amounts of amounts, percent and times of both."""
    if q.unit in ("%", "‰", "倍"):
        return True
    return (q.unit == "百分点") == (level.unit in SHARE)


def _level_named(q: Quantity, words: str, before: list[Quantity]) -> Quantity | None:
    """The level of the paragraph that a change names again (床位增加4.9万张 → 床位150.5万张)."""
    number = r"(?:总?数量?|人数|总量|总计|合计|规模|总数)$"
    bare = re.sub(number, "", words)
    for level in reversed(before):
        if level.kind == "level" and not level.earlier and len(bare) >= 2 and _commensurable(q, level):
            subject = re.sub(number, "", level.subject)
            if subject.endswith(bare) or (len(subject) >= 2 and bare.endswith(subject)):
                return level
    return None


# ---------------------------------------------------------------- parts


def _settle_part(q: Quantity, before: list[Quantity], plain: str) -> None:
    """其中, 含, 包括, 占 make a part; so do the addends of a stated sum."""
    if q.kind == "change":
        return
    if q.share:
        q.part_of = _whole(q, before)
        return
    last = before[-1] if before else None
    if last and last.earlier and is_pair(last, q, plain):
        q.part_of = last.part_of  # both ends of 从A到B; mended below
        if last.part_of and last.part_of.earlier is False:
            i = before.index(last.part_of)
            if i and before[i - 1].earlier:
                last.part_of = before[i - 1]
        return
    if last and last.clause == q.clause and clauses.WITHIN.match(q.left) and last.unit == q.unit and last.countable:
        q.part_of = last
        return
    where = max(_PART.finditer(plain, q.sentence, q.amount.start), key=re.Match.start, default=None)
    if where and "）" in plain[where.end() : q.amount.start] and "（" not in plain[where.end() : q.amount.start]:
        where = None  # （其中中央1428万元），群众投劳…
    if where is None:
        if re.search(r"共计|合计|总计|一共|(?<!公)共|合", q.left):
            _addends(q, before)
        elif q.group:
            _dealt(q, before)
        return
    if q.unit in SHARE or PER.search(q.left) or re.search(r"(?<!频)率$|平均|指数|因子", q.subject):
        return
    outside = [b for b in before if b.amount.end <= where.start() and b.countable and not b.derived and not b.earlier]
    inside = [b for b in before if b.amount.start >= where.start() and b.countable]
    total = _total(q, outside)
    last = next((b for b in reversed(before) if _divisible(b, where.start())), None)
    if (
        total
        and last
        and (last.derived or last.unit in SHARE and total.unit != q.unit)
        and total.subject[-4:] != q.subject[-4:]
    ):
        return  # 其中 divides a mean or a rate: its values do not add up
    if total is None or (where[0] != "其中" and total.unit != q.unit):
        return
    if not inside and "；" in plain[where.end() : q.amount.start]:
        return  # 其中青少年占61%；更新展品67件
    if inside and not _goes_on(q, inside[-1], total, plain):
        return
    q.part_of = total
    _nest(q, inside)


def _nest(q: Quantity, inside: list[Quantity]) -> None:
    """其中珍贵文物326件，一级8件、二级35件、三级283件: parts that sum to the part before them are its parts."""
    row = [q]
    for earlier in reversed(inside):
        if earlier.unit != q.unit or earlier.part_of is not q.part_of:
            return
        if len(row) >= 2 and sum(part.value for part in row) == earlier.value:
            for part in row:
                part.part_of = earlier
            return
        row.append(earlier)


def _whole(q: Quantity, before: list[Quantity]) -> Quantity | None:
    """What a share is a share of: the total it names, that of the amount before it, or the level before (X占20%)."""
    levels = [b for b in reversed(before) if b.countable and not b.derived]
    if q.share_of:
        bare = re.sub(r"(?:的?总?[量数]|总额|的?比重|的?比例)$", "", q.share_of)
        named = [b for b in levels if b.subject.endswith(q.share_of)]
        named += [b for b in levels if len(bare) >= 2 and bare in b.subject]
        return named[0] if named else None
    if not q.own:
        return levels[0].part_of if levels else None
    if "占比" in q.left:
        return None
    near = [b for b in before if b.sentence == q.sentence and ("其中" in q.left or b.clause_end + 1 >= q.clause)]
    return next((b for b in levels if b in near and b.part_of is None), None)


def _divisible(level: Quantity, at: int) -> bool:
    """Whether 其中 at an offset may divide a level: it stands before, and is neither a share nor a bare 日均."""
    return level.kind == "level" and level.amount.end <= at and not level.share and not _BARE_PER.search(level.left)


def _goes_on(q: Quantity, last: Quantity, total: Quantity, plain: str) -> bool:
    """Whether a quantity still belongs to the parts that 其中 opened."""
    gap = plain[last.amount.end : q.amount.start]
    if last.part_of is None:
        return False
    if "，" in gap and begins_with_act(q.left) and not begins_with_act(last.left):
        return False  # 其中一级5件、二级42件，新征集76件
    if _NEXT_ITEM.fullmatch(gap):
        return True  # 瓷器12件、书画8幅: parts may differ in unit
    if "；" in gap:
        opened = "：" in plain[last.part_of.amount.end : last.amount.start]
        shared = re.match(r"，占[^，；]{0,16}；", gap) is not None
        alike = not q.carried and (
            q.said[-2:] == total.said[-2:] or q.said[-1:] == last.said[-1:] and q.own and last.own
        )
        return last.unit == q.unit and (opened or shared or alike and not begins_with_act(q.left))
    return last.unit == q.unit or total.unit == q.unit or (q.subject[-4:] == total.subject[-4:] and len(q.subject) > 3)


def _total(q: Quantity, outside: list[Quantity]) -> Quantity | None:
    """The level that 其中 divides: one of the same name first, then of the same unit, then the last one."""
    if not outside:
        return None
    last = outside[-1]
    near = [b for b in outside if b.sentence >= last.sentence or last.part_of is None and b.sentence == last.sentence]
    if len(q.subject) > 3:
        near_named = [b for b in outside[-4:] if len(b.subject) > 3 and b.subject[-4:] == q.subject[-4:]]
        if near_named:
            return near_named[-1]
    same = [b for b in near if b.unit == q.unit]
    return same[-1] if same else last


def _addends(q: Quantity, before: list[Quantity]) -> None:
    """A闭馆89天，B闭馆61天，共计150天: the addends of a stated sum are its parts."""
    total = Decimal(0)
    addends: list[Quantity] = []
    for earlier in reversed(before):
        if earlier is before[-1] and earlier.behind == q.left and earlier.behind:
            continue  # 两项合计36.2万元
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
