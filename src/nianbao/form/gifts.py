"""接受捐赠资助及其使用情况 → gifts with donor, amount in money and use. Pure functions on text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nianbao.form.values import denies, parse_money, says_nothing
from nianbao.record import DonationsSection, Gift, Money

_VERB = r"(?:捐赠|捐款|捐资|捐献|捐助|捐建|资助|赞助|赠送|赠与|赠予|馈赠|援赠|认养|认捐)"
_GIVING = _VERB + (
    r"(?!人(?!民)|[者方费]|单位|协议|意愿|资助|情况|仪式|收入|证书|活动|事项|事宜|项目|工作|管理|台账|公告|及|和|与|或|、|到账|的?使用)"
)
_HOW = r"(?:无偿|定向|现金|物资|爱心|一次性|公益|联合|共同|分别|的)*"
_US = r"(?:单位|院|校|馆|所|站|中心|园|会|局|台|[一-龥]{2,14}?(?:[馆院校所校站园会学台]|中心))"
_TO = rf"(?:(?:向|为|给|对)(?:我|本)?{_US})?"
_GIVEN = re.compile(
    rf"(?<![^，。；;：:\n.、．）)①-⑳])(?P<d>(?:(?!用[于作来])[^，。；;：:\n]){{2,60}}?){_HOW}{_TO}{_HOW}{_GIVING}"
    r"|(?:捐赠|资助|赞助|捐款)(?:人|方|者|单位)\s*(?:分别)?\s*(?:为|是|[：:])\s*(?P<e>[^，。；;：:\n]{2,60})"
)
_NOT_GIVEN = re.compile(r"(?:未|没有|无)(?:发生|有)?过?(?:任何)?(?:接受|收到|获得|接收|获|社会|外来|捐|资助)")
_LEAD = re.compile(
    r"^(?:\d{4}年(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日)?|\d{1,2}月(?:\d{1,2}日)?|同[年月]|本年度?|全年|年内|报告期内|共计?|合计|其中|分别|"
    r"[一二三四五六七八九]是|\d+[.、．]|[①-⑳]|[（(][一二三四五六七八九\d]+[)）]|"
    r"(?:我|本)(?:单位|院|校|馆|所|站|中心|园|会)|已|先后|接受了?|收到|接收|获得|获赠|受赠|受|获|得到|了|来自|由|、|和|及|"
    r"另外?|还|此外|\s)+"
)
_TO_US = re.compile(rf"(?:向|为|给|对)(?:我|本)?{_US}$")
_TITLE_OF = re.compile(r"(?:先生|女士|小姐|老师|同志|(?<![名位])(?:校友|同学)|教授|博士|院士|夫妇|伉俪|等人|等)$")
_KIND_OF = re.compile(
    r"^(?:的|爱心人士|热心人士|爱心企业|社会各界|旅居海外的|海外|华侨|侨胞|[港澳台]胞|(?:香港|澳门|台湾|港澳)同胞|校友企业|校友|企业家|市民|村民|居民|读者|乡贤|"
    r"画家|书法家|收藏家|摄影家|退休干部|退休教师|著名[一-龥]{2,4}家)+"
)
_PURPOSE_OF = re.compile(r"(?:通过|实施|开展)?[“\"《][^”\"》]*[”\"》](?:项目|计划|工程|行动|活动)?$")
_DIGITS = r"[\d一二三四五六七八九十百千万两壹贰叁肆伍陆柒捌玖拾佰仟萬零,，.．]+"
_AMOUNT = re.compile(rf"{_DIGITS}\s*[万亿千百]?元整?")
_IN_BRACKETS = re.compile(r"[^，。；;\n（(]{0,20}[（(](?:来自|由)?(?P<d>[^）)，。；\d]{4,30}?)(?:捐赠|资助)?[)）]")
# 捐赠3笔：甲公司5万元，乙基金会3万元
_EACH = re.compile(
    r"(?<=[：:，,、；;])(?P<d>[^，,、；;：:。\d]{2,28}(?:公司|基金会|[会局委院校行社厂店部队中心]))(?:捐款|捐赠|现金|各)*"
    rf"(?P<m>{_DIGITS}\s*万?元)"
)
_FOREIGN = re.compile(r"(?:港[币元]|美[元金]|欧元|日元|澳门币|英镑)\s*$")
_USE = re.compile(
    r"(?:全部|均|主要|已|专项|专门|将|全额|拟)*(?:用于|用作|用来|用以|投入到?|支持|用途(?:为|是|[：:]))"
    r"(?P<u>[^。；;\n]+?)(?=[，,](?:(?:当年|本年|全年|年内)?(?:现?已|共?支出)|截至|截止|结余|剩余|尚|目前|实际|支出|余额|余款|其中\d|年末|期末)|[。；;\n]|$)"
)
_DONE_WITH = re.compile(
    r"(?:^|[，；,])(?:[^，。；]{0,14}?[品器物]?(?:现已|均已|已|全部|均)++(?P<u>(?!用|使用|支出|到账|到位|拨付|结余|执行)[^，。；;\n]{2,20})"
    r"|(?P<w>(?:入[藏库馆账册]|移交|发放|分发|上架|投入|分配|配发|转赠|安装|展出|收藏)[^，。；;\n]{0,20}))"
    r"|[，,](?P<v>设立[^，。；;\n]{2,24})"
)
_VAGUE = re.compile(
    r"^(?:社会|各界|各方|外来|外界|任何|境外|境内外|他人|其他|相关|有关|均|按|单位|个人|人士|爱心|热心|企业|团体|组织|群众|上级|拨付|财政|和|及|、|的|"
    r"\d+[笔次项批]|[一二三四五六七八九十]+[笔次项批])*$"
)


def donations(text: str, start: int, end: int) -> DonationsSection:
    """The section with each gift: donor, amount in money and use where told."""
    stated = text[start:end]
    if not stated.strip():
        return DonationsSection(start=start, end=end)
    none = denies(stated)
    found = () if none else tuple(_table(stated, start)) or _gifts(stated, start)
    return DonationsSection(stated=stated, none=none, start=start, end=end, gifts=found)


# ---------------------------------------------------------------- tables

_HEADS = (
    (r"序号|捐赠(?:日期|时间)|日期|时间|备注|捐赠(?:物资|内容|形式|物品)|物资名称", ""),
    (r"捐赠(?:人|方|者|单位|单位[（(]个人[)）]|单位[/或]个人)(?:名称)?|资助单位|捐赠来源|来源", "donor"),
    (r"(?:捐赠|资助|折合|捐款)?(?:金额|价值|数额)(?:[（(]万?元[)）])?", "amount"),
    (r"(?:使用|资金)?(?:用途|使用情况|去向)", "use"),
)


def _table(stated: str, offset: int) -> Iterator[Gift]:
    """Rows of a table, a line each, with cells parted by blanks; or one cell a line."""
    words = [(m[0], m.start()) for m in re.finditer(r"\S+", stated)]
    columns: list[str] = []
    unit = ""
    for word, _ in words:
        kind = next((kind for pattern, kind in _HEADS if re.fullmatch(pattern, word)), None)
        if kind is None:
            break
        columns.append(kind)
        if kind == "amount" and word.endswith(("元)", "元）")):
            unit = word[-3:-1] if word[-3] == "万" else "元"
    if not {"donor", "amount"} <= set(columns):
        return
    cells = words[len(columns) :]
    width = len(columns)
    for number in range(0, len(cells) - width + 1, width):
        row = dict(zip(columns, cells[number : number + width], strict=True))
        stated_amount, at = row["amount"]
        use = row.get("use", ("", 0))[0]
        yield Gift(
            donor=_donor(row["donor"][0]),
            amount=parse_money(stated_amount, offset=offset + at, unit=unit),
            use=None if not use or says_nothing(use) else re.sub("^用于", "", use),
        )


# ---------------------------------------------------------------- sentences


@dataclass(frozen=True, slots=True)
class _Told:
    """A gift and where its words stand."""

    gift: Gift
    start: int
    end: int


def _gifts(stated: str, offset: int) -> tuple[Gift, ...]:
    givers = [match for match in _GIVEN.finditer(stated) if not _NOT_GIVEN.search(match[0])]
    told: list[_Told] = []
    for number, match in enumerate(givers):
        stop = givers[number + 1].start() if number + 1 < len(givers) else len(stated)
        told += _of(stated, match, stop, offset)
    merged: list[_Told] = []
    for one in told:
        before = merged[-1] if merged else None
        between = stated[before.start : one.start] if before else ""
        if before and before.gift.donor is None and one.gift.donor:
            if re.search(r"其中|[：:]|分别|包括", stated[before.start : one.start + 6]):
                merged[-1] = one  # the total of what is told one by one
                continue
            if one.gift.amount is None and not re.search(r"[。；;\n]", between):
                merged[-1] = _Told(replace(one.gift, amount=before.gift.amount), before.start, one.end)
                continue
        merged.append(one)
    return tuple(one.gift for one in merged if one.gift.donor or one.gift.amount)


def _of(stated: str, match: re.Match[str], stop: int, offset: int) -> Iterator[_Told]:
    """The gifts that one giver, or several side by side, made."""
    words = match["d"] or match["e"]
    amounts = _amounts(stated, match.start(), stop, offset)
    use = _use(stated[match.end() : stop])
    donors = [donor for donor in re.split(r"[、和及与]", words) if _donor(donor)]
    if len(donors) > 1 and len(donors) == len(amounts) and "分别" in stated[match.start() : stop]:
        for donor, amount in zip(donors, amounts, strict=True):
            yield _Told(Gift(donor=_donor(donor), amount=amount, use=use), match.start(), stop)
        return
    donor = _donor(words)
    each = list(_EACH.finditer(stated, match.end(), stop)) if donor is None else []
    if len(each) > 1:
        for one in each:
            money = parse_money(one["m"], offset=offset + one.start("m"))
            yield _Told(Gift(donor=_donor(one["d"]), amount=money, use=use), one.start(), stop)
        return
    if donor is None and (bracket := _IN_BRACKETS.match(stated, match.end())):
        donor = _donor(bracket["d"])
    yield _Told(Gift(donor=donor, amount=next(iter(amounts), None), use=use), match.start(), stop)


def _amounts(stated: str, start: int, stop: int, offset: int) -> list[Money]:
    """The amounts given: not what was spent of them and what is left."""
    found: list[Money] = []
    for match in _AMOUNT.finditer(stated, start, stop):
        if re.search(r"(?:使用|支出|结余|余额?|剩余|用于[^，。；]*)(?:资金|了|为)?$", stated[start : match.start()]):
            continue
        if _FOREIGN.search(stated[: match.start()]):
            continue
        money = parse_money(match[0], offset=offset + match.start())
        if money:
            found.append(money)
    return found


def _use(passage: str) -> str | None:
    """What a gift was used for (用于…), and what was already done with it (已入库建档)."""
    uses = [(m.start(), (m["u"] or m["v"] or m["w"]).strip(" ，,")) for m in _DONE_WITH.finditer(passage)]
    spans = [(m.start(), m.end()) for m in _DONE_WITH.finditer(passage)]
    uses += [
        (m.start(), m["u"].strip(" ，,"))
        for m in _USE.finditer(passage)
        if not any(a <= m.start() < b for a, b in spans)
    ]
    return "、".join(words for _, words in sorted(uses)) or None


def _donor(words: str) -> str | None:
    plain = _TO_US.sub("", _LEAD.sub("", words.strip('，。；、 “”"')))
    plain = re.sub(r"\d{4}年度?$", "", _PURPOSE_OF.sub("", plain)).removesuffix("分别")
    bare = _TITLE_OF.sub("", _KIND_OF.sub("", plain))
    bare = _TITLE_OF.sub("", bare) if len(_TITLE_OF.sub("", bare)) > 1 else bare
    named = bare if len(bare) > 1 else _KIND_OF.sub("", plain)
    named = named or plain
    return None if not named or _VAGUE.match(named) or _VAGUE.match(plain) else named
