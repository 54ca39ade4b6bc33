"""Boxes of free text → structured facts: declared changes, licences, gifts, opinions. Pure functions on text.

Each takes the whole reading text and the span of a box; what it quotes is in that span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.form.values import find_dates, parse_date, parse_money, says_nothing
from nianbao.record import (
    ChangeItem,
    ChangesSection,
    DonationsSection,
    Gift,
    Licence,
    OpinionSection,
    QualificationsSection,
    Section,
    SponsorOpinionSection,
)

# ---------------------------------------------------------------- changes of registered items

# Words for the seven registered items, longest first; the form's word is the record's.
ITEMS = {
    "宗旨和业务范围": "宗旨和业务范围",
    "宗旨及业务范围": "宗旨和业务范围",
    "宗旨、业务范围": "宗旨和业务范围",
    "业务范围": "宗旨和业务范围",
    "法定代表人": "法定代表人",
    "单位名称": "名称",
    "机构名称": "名称",
    "名称": "名称",
    "单位住所": "住所",
    "住所": "住所",
    "地址": "住所",
    "开办资金": "开办资金",
    "经费来源": "经费来源",
    "举办单位": "举办单位",
    "主管部门": "举办单位",
}
_ITEM = "|".join(sorted(ITEMS, key=len, reverse=True))
_VALUE = r"[“\"《]?(?P<{name}>[^，。；;\n“”\"]{{1,60}}?)[”\"》]?"
_FROM_TO = re.compile(
    r"(?:原(?:为|是|名)?|由|从|自)\s*[：:]?\s*" + _VALUE.format(name="a") + r"\s*[，,]?\s*"
    r"(?:变更|更改|调整|变动|更名|修改|迁移|搬迁|搬|迁|改|转|增加|减少|增|减)\s*(?:登记)?\s*(?:成为|为|成|至|到)\s*[：:]?\s*"
    + _VALUE.format(name="b")
    + r"(?=[，。；;）)\n]|$)"
)
_PLAIN = re.compile(
    _VALUE.format(name="a")
    + r"\s*(?:变更|更改|调整|更名|修改|改)\s*(?:为|成|至)\s*[：:]?\s*"
    + _VALUE.format(name="b")
    + r"(?=[，。；;）)\n]|$)"
)
_ONLY_TO = re.compile(
    r"(?:变更|更改|调整|更名|修改|改|迁|搬)(?:为|成|至|到)\s*[：:]?\s*"
    + _VALUE.format(name="b")
    + r"(?=[，。；;）)\n]|$)"
)
_BEFORE_AFTER = re.compile(
    r"变更前\s*[：:为]\s*"
    + _VALUE.format(name="a")
    + r"[，。；;、\s]+变更后\s*[：:为]\s*"
    + _VALUE.format(name="b")
    + r"(?=[，。；;）)\n]|$)"
)
_DONE = re.compile(r"变更|更改|更名|调整|修改|迁|改为|[增减加少改](?:到|至|为)")
_NOT_DONE = re.compile(r"(?:未|没有|无|不涉及|不存在)[^，。；]{0,12}(?:变更|变化|调整)|(?:未|没有)(?:办理|发生|进行)")


def changes(text: str, start: int, end: int) -> ChangesSection:
    """对《条例》和实施细则有关变更登记规定的执行情况: the changes it names, with values and date where told."""
    stated = text[start:end]
    if not stated.strip():
        return ChangesSection(start=start, end=end)
    # A statement may say 无变更 and yet name a change: both are kept, the audit tells the contradiction.
    none = any(says_nothing(sentence) for sentence in re.split(r"[。\n]", stated) if sentence.strip())
    return ChangesSection(stated=stated, none=none, start=start, end=end, changes=tuple(_changes(stated)))


def _changes(stated: str) -> Iterator[ChangeItem]:
    dates = find_dates(stated)
    spots = [m for m in re.finditer(_ITEM, stated) if not stated[: m.start()].endswith("变更前")]
    # An item is what a clause changes, not a word inside the value of another: the old and new values are passed over.
    values: list[tuple[int, int]] = []
    seen: set[tuple[str, str | None, str | None]] = set()
    for number, spot in enumerate(spots):
        if any(a <= spot.start() < b for a, b in values):
            continue
        stop = _reach(stated, spots, number)
        clause = stated[spot.end() : stop]
        done = _DONE.search(clause) or re.search(r"(?:变更(?:登记)?|办理)了?[：:]?$", stated[: spot.start()])
        listed = re.match(r"\s*[、和及与]", clause) and _DONE.search(stated[spot.end() :])
        if not (done or listed):
            continue
        opening = max(stated.rfind(sign, 0, spot.start()) for sign in "，。；;\n")
        closing = re.compile(r"[，。；;\n]|$").search(stated, spot.end())
        if _NOT_DONE.search(stated[opening + 1 : closing.start() if closing else stop]):
            continue
        match = (
            _BEFORE_AFTER.search(clause) or _FROM_TO.search(clause) or _only_bracket(clause) or _ONLY_TO.search(clause)
        )
        old = new = None
        if match:
            groups = match.groupdict()
            old, new = (_tidy(groups.get(key)) for key in "ab")
            values.append((spot.end() + match.start(), spot.end() + match.end()))
        date = next((d.value for d in dates if spot.end() <= d.start < stop), None)
        if date is None:
            before = [d for d in dates if d.end <= spot.start() and "。" not in stated[d.end : spot.start()]]
            date = before[-1].value if before and not stated[before[-1].start :].startswith("变更日期") else None
        item = ITEMS[spot[0]]
        if (item, old, new) not in seen and not (old is None and new is None and any(item == i for i, _, _ in seen)):
            seen.add((item, old, new))
            yield ChangeItem(item=item, from_=old, to=new, date=date)


def _reach(stated: str, spots: list[re.Match[str]], number: int) -> int:
    """Where the passage about an item ends: at the next item of the list, or with its clause."""
    here = spots[number]
    end = re.compile(r"[；;。\n](?!\s*(?:变更|更改|调整)(?:后|日期|时间))").search(stated, here.end())
    stop = end.start() if end else len(stated)
    for follow in spots[number + 1 :]:
        gap = stated[here.end() : follow.start()]
        if re.search(r"[）)]?[、，,]\s*(?:办理了?|将|把|\d+[.、])?\s*$", gap) and follow[0] != here[0]:
            return min(stop, follow.start())
    return stop


def _only_bracket(clause: str) -> re.Match[str] | None:
    """860.25万元变更为1,043.90万元 in brackets, or right behind the item."""
    opened = re.search(r"[（(：:]", clause)
    return _PLAIN.match(clause, opened.end()) if opened else _PLAIN.match(clause)


def _tidy(value: str | None) -> str | None:
    if value is None:
        return None
    plain = re.sub(r"^(?:原|现)?(?:为|由)?[：:\s]*|[（(]$", "", value).strip(' “”"')
    return plain or None


# ---------------------------------------------------------------- licences

_LICENCE_WORD = "(?:许可证书?|证书|执照|批准书|资质|合格证|备案凭证|备案证|准印证|标识牌)"
_NUMBER_OF = re.compile(
    r"(?:证书编号|许可证号|登记号|证书号|注册号|批准文号|备案号|许可编号|编号|证号|文号|号码)\s*(?:为|是)?\s*[：:]?\s*"
    r"(?P<n>(?:[\w\-/.]|[（(〔\[【][\w\-]+[)）〕\]】])+号?)"
)
_VALID = re.compile(r"(?:有效期限?|有效日期|有效)[^。；;\n]{0,12}?(?P<rest>[^。；;\n]{4,60})")
_BARE_RANGE = re.compile(r"至\s*$|[-—–~～]\s*$")


def qualifications(text: str, start: int, end: int) -> QualificationsSection:
    """相关资质认可或执业许可证明文件及有效期: each licence with number and end of validity where told."""
    stated = text[start:end]
    if not stated.strip():
        return QualificationsSection(start=start, end=end)
    none = says_nothing(stated)
    found = () if none else tuple(_licences(stated))
    return QualificationsSection(stated=stated, none=none, start=start, end=end, licences=found)


def _licences(stated: str) -> Iterator[Licence]:
    for entry in _entries(stated):
        name = _licence_name(entry)
        if not name:
            continue
        number = _NUMBER_OF.search(entry)
        yield Licence(name=name, number=number["n"].rstrip(".") if number else None, valid_until=_valid_until(entry))


def _entries(stated: str) -> list[str]:
    """The text cut into one piece a licence: at 。；and line ends, at outline marks, before a further title in 《》."""
    pieces: list[str] = []
    for piece in re.split(r"[；;。\n]|(?<=[^\d])(?=\d{1,2}[.、．](?!\d))", stated):
        cuts = [0]
        for match in re.finditer(
            rf"[、，,和及]\s*(?=《[^》]*》|[^，,、《》（(]{{2,24}}{_LICENCE_WORD}(?:[（(，,、]|$))", piece
        ):
            if re.search(_LICENCE_WORD + r"|》", piece[cuts[-1] : match.start()]):
                cuts.append(match.start())
        pieces += [piece[a:b].strip(" 、，,和及") for a, b in zip(cuts, [*cuts[1:], len(piece)], strict=True)]
    joined: list[str] = []
    for piece in filter(None, pieces):
        # 有效期至… or 编号… alone says more of the licence before.
        if joined and not _licence_name(piece):
            joined[-1] += "，" + piece
        else:
            joined.append(piece)
    return joined


def _licence_name(entry: str) -> str | None:
    plain = re.sub(r"^(?:\d{1,2}[.、．)]|[（(]?[一二三四五六七八九十\d]+[)）、])\s*", "", entry)
    titled = re.search(r"《([^》]+)》", plain)
    if titled and (re.search(_LICENCE_WORD, titled[1]) or titled[1].endswith(("证", "书"))):
        return titled[1]
    match = re.match(
        rf"(?P<n>[^，,；;：:。（(]*{_LICENCE_WORD}(?:\s*[（(](?![^）)]*(?:有效|编号|证号|号[：:]))[^）)]*[)）])?)",
        plain,
    )
    if not match:
        return None
    name = re.sub(r"^.*?(?:取得|持有|具有|具备|获得|领取|办理|依法取得|通过|现有)了?", "", match["n"]).strip(' “”"')
    return name if len(name) > 2 and not name.startswith(("有效", "编号", "证书编号", "发证", "颁发")) else None


def _valid_until(entry: str) -> str | None:
    """The end of validity: the last date behind 有效期 (从…至…); failing that, a date with 到期 or 届满."""
    at = entry.find("有效")
    if at >= 0:
        dates = find_dates(entry[at:])
        if dates:
            return dates[-1].value
    ends = re.search(r"(.{8,14}?)(?:到期|届满|止)", entry)
    if ends:
        dates = find_dates(entry[: ends.end()])
        return dates[-1].value if dates else None
    return None


# ---------------------------------------------------------------- gifts

_GIVING = r"(?:捐赠|捐款|捐资|捐献|捐助|资助|赞助)(?![人者方]|单位|协议|意愿|资助|情况|仪式|收入|及|、)"
_GIVEN = re.compile(
    r"(?P<d>[^，。；;：:\n]{2,50}?)(?:无偿|定向|现金|物资|爱心|一次性|的)*"
    + _GIVING
    + r"|(?:捐赠|资助|赞助)(?:人|方|者|单位)\s*(?:为|是|[：:])\s*(?P<e>[^，。；;：:\n]{2,40})"
)
_LEAD = re.compile(
    r"^(?:\d{4}年(?:度)?(?:\d{1,2}月)?(?:\d{1,2}日)?|本年度?|全年|共计?|其中|[一二三四五六七八九]是|\d+[.、．]|"
    r"[①-⑳]|[（(][一二三四五六七八九\d]+[)）]|(?:我|本)(?:单位|院|校|馆|所|站|中心|园|会)|已|先后|"
    r"接受|收到|接收|获得|获|得到|了|来自|由|、|和|及)+"
)
_TO_US = re.compile(r"(?:向|为|给|对)(?:我|本)?(?:单位|院|校|馆|所|站|中心|园|会|[一-龥]{2,12}[馆院校所站园会])?$")
_TITLE_OF = re.compile(r"(?:先生|女士|小姐|老师|同志|教授|夫妇|等人|等)$")
_KIND_OF = re.compile(
    r"^(?:爱心人士|热心人士|爱心企业|社会各界|旅居海外的|海外|华侨|侨胞|港胞|台胞|校友|企业家|市民|村民|居民|读者|乡贤|画家|"
    r"书法家|收藏家|退休干部|著名[一-龥]{2,4}家)"
)
_AMOUNT = re.compile(r"[\d一二三四五六七八九十百千万两.,，]+\s*[万亿千百]?元")
_USE = re.compile(r"(?:全部|均|主要|已)*(?:用于|用作|用来|投入)(?P<u>[^。；;\n]+)")
_VAGUE = re.compile(
    r"^(?:社会|各界|各方|外来|外界|任何|境外|境内外|他人|其他|相关|有关|均|按|单位|个人|人士|爱心|热心|企业)*$"
)


def donations(text: str, start: int, end: int) -> DonationsSection:
    """接受捐赠资助及其使用情况: each gift with donor, amount in money and use where told."""
    stated = text[start:end]
    if not stated.strip():
        return DonationsSection(start=start, end=end)
    none = says_nothing(stated)
    found = () if none or re.search(r"(?:未|没有)(?:接受|收到|获得)", stated) else tuple(_gifts(text, start, end))
    return DonationsSection(stated=stated, none=none, start=start, end=end, gifts=found)


def _gifts(text: str, start: int, end: int) -> Iterator[Gift]:
    stated = text[start:end]
    givers = list(_GIVEN.finditer(stated))
    for number, match in enumerate(givers):
        stop = givers[number + 1].start() if number + 1 < len(givers) else len(stated)
        amount = None
        for money in _AMOUNT.finditer(stated, match.start(), stop):
            amount = parse_money(money[0], offset=start + money.start())
            if amount:
                break
        donor, use = _donor(match["d"] or match["e"]), _uses(stated[match.end() : stop])
        if donor or amount:
            yield Gift(donor=donor, amount=amount, use=use)


def _uses(passage: str) -> str | None:
    """What was done with a gift: 用于…, and what was already done with it (已入库建档)."""
    done = [match["u"].strip(" ，,") for match in _USE.finditer(passage)]
    done[:0] = [
        match[1] for match in re.finditer(r"[，；]已((?:入|移交|发放|分发|上架|投入)[^，。；;]{1,10})", passage)
    ]
    return "、".join(done) or None


def _donor(words: str) -> str | None:
    plain = _TO_US.sub("", _LEAD.sub("", words.strip('，。；、 “”"')))
    plain = _TITLE_OF.sub("", _KIND_OF.sub("", plain)) or plain
    return None if not plain or _VAGUE.match(plain) else plain


# ---------------------------------------------------------------- opinions, plain sections

# Wordings seen: 情况属实，并经保密审查，可以向社会公示; 情况属实。…已经保密审查，可以…; 经保密审查，予以公开.
_REVIEWED = re.compile(r"保密性?(?:审查|审核|审批)")
_PUBLISH = re.compile(
    r"(?:可以?|同意|准予|准许|予以|允许)[^。]{0,10}公[示开布]|保密性?(?:审查|审核)(?:合格|通过|无异议)"
)
_REFUSED = re.compile(
    r"[未没][经通进有做行过]{1,3}[^，。]{0,4}保密|保密性?(?:审查|审核)(?:未|不|没)|(?:不|未|暂缓)(?:同意|予|得|宜|可|能)?以?[^，。]{0,6}公[示开布]"
)


def is_secrecy_reviewed(words: str | None) -> bool:
    """Whether a sponsor's opinion says that the report passed the secrecy review and may be published."""
    plain = re.sub(r"\s", "", words or "")
    return bool(_REVIEWED.search(plain) and _PUBLISH.search(plain)) and not _REFUSED.search(plain)


def institution_opinion(text: str, start: int, end: int, signature: str) -> OpinionSection:
    """事业单位委托意见; ``signature`` is what stands behind its words: who signs, seal, date."""
    stated = text[start:end] or None
    return OpinionSection(
        stated=stated, none=bool(stated and says_nothing(stated)), start=start, end=end, date=_signed(signature)
    )


def sponsor_opinion(text: str, start: int, end: int, signature: str) -> SponsorOpinionSection:
    """举办单位意见（含保密审查意见）."""
    stated = text[start:end] or None
    return SponsorOpinionSection(
        stated=stated,
        none=bool(stated and says_nothing(stated)),
        start=start,
        end=end,
        date=_signed(signature),
        secrecy_reviewed=is_secrecy_reviewed(stated),
    )


def _signed(signature: str) -> str | None:
    return parse_date(signature)


def section(text: str, start: int, end: int) -> Section:
    """A box of free text."""
    stated = text[start:end]
    if not stated.strip():
        return Section(start=start, end=end)
    return Section(stated=stated, none=says_nothing(stated), start=start, end=end)
