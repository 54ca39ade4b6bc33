"""对《条例》和实施细则有关变更登记规定的执行情况 → the declared changes: item, old value, new value, date.

Three ways of writing are read: a table whose cells came as words or lines, sentences that hold the item between its
values (原法定代表人甲，现法定代表人乙), and sentences about an item (住所由甲路变更为乙路). Pure functions on text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from nianbao.form.values import Found, find_dates, parse_date, says_nothing
from nianbao.record import ChangeItem, ChangesSection

# Words for the seven registered items; the form's word is the record's.
ITEMS = {
    "宗旨和业务范围": "宗旨和业务范围",
    "宗旨及业务范围": "宗旨和业务范围",
    "宗旨与业务范围": "宗旨和业务范围",
    "宗旨、业务范围": "宗旨和业务范围",
    "业务范围": "宗旨和业务范围",
    "法定代表人": "法定代表人",
    "法人代表": "法定代表人",
    "法人": "法定代表人",
    "单位名称": "名称",
    "机构名称": "名称",
    "名称": "名称",
    "单位住所": "住所",
    "住所": "住所",
    "住址": "住所",
    "地址": "住所",
    "开办资金": "开办资金",
    "经费来源": "经费来源",
    "举办单位": "举办单位",
    "主管部门": "举办单位",
}
# 法人 alone means the person only where its value follows; elsewhere it is the institution (事业单位法人证书).
_ITEM = (
    "(?:"
    + "|".join(sorted(ITEMS.keys() - {"法人"}, key=len, reverse=True))
    + "|(?<!单位)法人(?=由|变更(?:[为：:]|手续)|[一-龥]{2,4}[，。；]))"
)

_VERB = (
    r"(?:变更|更改|调整|变动|更名|改名|修改|修订|迁移|搬迁|迁址|搬|迁|改|转|提高|提升|扩大|划转|划归|增加|减少|增|减|换|变)"
    r"(?:登记)?(?:了?[\d.,，]+万?元)?\s*(?:成为|为|成|至|到)"
)
_IS = r"(?:\s*(?:为|是|系|[：:])\s*)"
_PLAIN_VALUE = r"(?:[^，。；;\n“”\"（）()→]|[（(][^（）()\n]*[)）])"
_END = r"(?=外?[，。；;）)\n]|外?$|[（(](?:原|变更|核准|登记|批准|日期|时间|\d{4}|已|见|详|于|自))"


def _value(name: str) -> str:
    return rf"(?:[“\"](?P<{name}q>[^”\"\n]{{1,400}})[”\"]|[《]?(?P<{name}>{_PLAIN_VALUE}{{1,80}}?)[》]?)"


_A, _B = _value("a"), _value("b")
_WAS = rf"(?:\s*[（(]原\s*{_ITEM}?(?:名称?)?(?:为|是|系|[：:])?\s*(?P<was>[^）)\n]+)[)）])?"
# Behind an item, best first.
_BEHIND = (
    re.compile(
        rf"变更前(?:内容|的)?(?:{_ITEM})?{_IS}?{_A}[，。；;、\s]+变更后(?:内容|的)?(?:{_ITEM})?{_IS}?{_B}(?:{_END}|(?=\s))"
    ),
    re.compile(
        rf"(?:原(?:来?(?:的|为|是|名))?|由|从|自)\s*[：:]?\s*{_A}\s*[，,]?\s*(?:现|已|后|并)*{_VERB}\s*[：:]?\s*{_B}{_END}"
    ),
    re.compile(rf"(?:原|由|从){_IS}?{_A}\s*[，,；;]\s*(?:(?:现|目前|变更后)(?:在)?{_IS}|现(?![已任在])){_B}{_END}"),
    re.compile(rf"^\s*(?:变更)?(?:登记)?\s*[（(：:]?\s*{_A}\s*(?:→|->|—>|－>|⇒)\s*{_B}{_END}"),
    re.compile(rf"^[^，。；;\n（(：:]{{0,8}}[（(：:]\s*{_A}\s*{_VERB}\s*[：:]?\s*{_B}{_END}"),
    re.compile(rf"^\s*{_A}\s*{_VERB}\s*[：:]?\s*{_B}{_END}"),
    re.compile(rf"{_VERB}\s*[：:]?\s*{_B}{_END}{_WAS}"),
    re.compile(rf"变更后(?:的)?(?:{_ITEM})?{_IS}{_B}{_END}"),
    re.compile(rf"(?:新任|现任|新的)(?:{_ITEM}){_IS}{_B}{_END}"),
)
# The item stands between the values.
_AROUND = (
    re.compile(
        rf"变更前的?\s*(?P<item>{_ITEM}){_IS}?{_A}[，。；;\s]+变更后的?\s*(?:{_ITEM}){_IS}?{_B}{_END}",
    ),
    re.compile(
        rf"(?<![（(])原\s*(?P<item>{_ITEM}){_IS}?{_A}\s*[，,；;、]\s*(?:现任|新任|变更后|现|新)的?\s*"
        rf"(?:{_ITEM})?\s*(?:变更)?{_IS}?{_B}{_END}"
    ),
)
# The verb tells the item.
_IMPLIED = (
    (
        "名称",
        re.compile(rf"(?:由|从)\s*{_A}\s*(?:变更|更名|改名|改称|易名)(?:登记)?(?:为|成){_B}{_END}"),
        re.compile(rf"(?:更名|改名|改称|易名)(?:登记)?(?:为|成)\s*{_B}{_END}"),
    ),
    (
        "住所",
        re.compile(rf"(?:由|从|自|原)\s*{_A}\s*(?:搬迁|迁移|迁址|搬|迁)(?:至|到|入){_B}{_END}"),
        re.compile(rf"(?:搬迁|迁移|迁址|搬|迁)(?:至|到|入)\s*{_B}{_END}"),
    ),
)
_DONE = re.compile(
    r"变更|更改|更名|调整|修改|修订|迁|改为|→|->|⇒|[增减加少改](?:到|至|为)|增加|减少|提高|扩大|划转|划归|原(?:为|是|[：:])"
)
_NOT_DONE = re.compile(
    r"(?:未|没有|无|不涉及|不存在)[^，。；]{0,12}(?:变更|变化|变动|调整)|(?:未|没有)(?:办理|发生|进行|有)|不变"
)
# What would be done if something changed: 如发生住所变更，将及时办理.
_IF = re.compile(
    r"(?:^|[，,；;。\n])\s*(?:今后|以后)?(?:如果?|若|倘若|一旦|凡)(?:今后|以后|有|遇|需|发生|涉及|出现|因|单位|登记|[我本])[^。；]*$|(?:今后|以后|下一?步)[^。；，]{0,6}(?:将|若|如)[^。；]*$"
)
_MONTH_DAY = re.compile(r"(?:(?<![年\d])(?<!年 )|(?<=同年)|(?<=当年))(?P<m>\d{1,2})\s*月\s*(?P<d>\d{1,2})\s*[日号]")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})\s*年")
_STOP = re.compile(
    r"[；;。\n](?!\s*(?:(?:变更|更改|调整|核准|登记|批准|办理)(?:前|后|日期|时间)|(?:日期|时间)[为：:]))"
)


def changes(text: str, start: int, end: int) -> ChangesSection:
    """The section with the changes that it names, with values and date where told."""
    stated = text[start:end]
    if not stated.strip():
        return ChangesSection(start=start, end=end)
    # A statement may say 无变更 and yet name a change: both are kept, the audit tells the contradiction.
    none = any(says_nothing(sentence) for sentence in re.split(r"[。\n]", stated) if sentence.strip())
    return ChangesSection(stated=stated, none=none, start=start, end=end, changes=_changes(stated))


@dataclass(slots=True)
class _Found:
    """A change and the stretch of the statement that tells it."""

    item: str
    old: str | None
    new: str | None
    date: str | None
    start: int
    end: int

    def change(self) -> ChangeItem:
        return ChangeItem(item=self.item, from_=self.old, to=self.new, date=self.date)


def _changes(stated: str) -> tuple[ChangeItem, ...]:
    found = list(_table(stated))
    if not found:
        found = list(_around(stated))
        found += _behind(stated, [(f.start, f.end) for f in found])
        _add_implied(stated, found)
        _share_date(stated, found)
    kept: list[ChangeItem] = []
    for change in (one.change() for one in sorted(found, key=lambda one: one.start)):
        same = [other for other in kept if other.item == change.item]
        bare = change.from_ is None and change.to is None
        if bare and same and same[-1].date is None and change.date:
            kept[kept.index(same[-1])] = replace(same[-1], date=change.date)
        if change in kept or (bare and same):
            continue
        for other in same:
            if other.from_ is None and other.to is None:
                kept.remove(other)
        kept.append(change)
    return tuple(kept)


# ---------------------------------------------------------------- tables

_HEADS = {
    "序号": "",
    "变更事项": "item",
    "变更项目": "item",
    "登记事项": "item",
    "事项": "item",
    "项目": "item",
    "变更前": "old",
    "变更前内容": "old",
    "原登记内容": "old",
    "原内容": "old",
    "变更后": "new",
    "变更后内容": "new",
    "现登记内容": "new",
    "新内容": "new",
    "变更日期": "date",
    "变更时间": "date",
    "核准日期": "date",
    "核准时间": "date",
    "备注": "",
}


def _table(stated: str) -> Iterator[_Found]:
    """Rows of a table whose cells are parted by blanks or line ends; its head has one word a column."""
    words = [(m[0], m.start(), m.end()) for m in re.finditer(r"\S+", stated)]
    first = next((n for n, (word, _, _) in enumerate(words) if word in _HEADS), None)
    if first is None:
        return
    columns = [_HEADS[word] for word, _, _ in words[first : first + 6] if word in _HEADS]
    if words[first + len(columns) - 1][0] not in _HEADS or not {"old", "new"} & set(columns):
        return
    wanted = [column for column in columns if column]
    row: list[tuple[str, int, int]] = []
    for word in [*words[first + len(columns) :], ("", len(stated), len(stated))]:
        plain = re.sub(r"^\d{1,2}[.、．]?", "", word[0])
        if row and (plain in ITEMS or not word[0]):
            cells = dict(zip(wanted, (cell for cell, _, _ in row), strict=False))
            told = " ".join(cell for cell, _, _ in row)
            full = len(row) <= len(wanted)
            yield _Found(
                ITEMS[cells["item"]],
                cells.get("old") if full else None,
                cells.get("new") if full else None,
                parse_date(told),
                row[0][1],
                row[-1][2],
            )
            row = []
        if plain in ITEMS:
            row = [(plain, word[1], word[2])]
        elif row and not re.fullmatch(r"\d{1,2}[.、．]?", word[0]):
            row.append(word)


# ---------------------------------------------------------------- sentences


def _around(stated: str) -> Iterator[_Found]:
    for pattern in _AROUND:
        for match in pattern.finditer(stated):
            stop = _STOP.search(stated, match.end())
            end = stop.start() if stop else len(stated)
            date = _date(stated, match.start(), match.end(), end)
            yield _Found(ITEMS[match["item"]], *_values(match), date, match.start(), match.end())


def _behind(stated: str, taken: list[tuple[int, int]]) -> Iterator[_Found]:
    """Changes told behind the name of their item.

    An item is what a clause changes, not a word inside the value of another: values are passed over.
    """
    spots = [
        spot
        for spot in re.finditer(_ITEM, stated)
        if not re.search(r"变更[前后]的?$|[（(]原$", stated[: spot.start()])
        and not any(a <= spot.start() < b for a, b in taken)
    ]
    passed: list[tuple[int, int]] = []
    for number, spot in enumerate(spots):
        if any(a <= spot.start() < b for a, b in passed):
            continue
        stop = _reach(stated, spots, number)
        clause = stated[spot.end() : stop]
        done = _DONE.search(clause) or re.search(r"(?:变更(?:登记)?|办理)了?[：:]?$", stated[: spot.start()])
        done = done or re.search(r"变更(?:登记)?(?:情况|事项|如下)+[：:][^。]*$", stated[: spot.start()])
        done = done or re.search(r"(?:增加|减少|增|减|核增|核减|追加|调整)了?$", stated[: spot.start()])
        listed = re.match(r"\s*[、和及与]", clause) and _DONE.search(stated[spot.end() :])
        if not (done or listed) or _IF.search(stated, 0, spot.start()):
            continue
        opening = max(stated.rfind(sign, 0, spot.start()) for sign in "，。；;\n")
        closing = re.compile(r"[，。；;\n]|$").search(stated, spot.end())
        if _NOT_DONE.search(stated[opening + 1 : closing.start() if closing else stop]):
            continue
        match = next((m for m in (pattern.search(clause) for pattern in _BEHIND) if m), None)
        old, new = _values(match) if match else (None, None)
        if match:
            passed.append((spot.end() + match.start(), spot.end() + match.end()))
        date = _date(stated, spot.start(), spot.end(), stop)
        yield _Found(ITEMS[spot[0]], old, new, date, spot.start(), passed[-1][1] if match else spot.end())


def _add_implied(stated: str, found: list[_Found]) -> None:
    """Changes whose verb tells the item (更名为, 迁至); they fill one that was found without values."""
    for item, whole, half in _IMPLIED:
        for verb in half.finditer(stated):
            if any(f.start <= verb.start() < f.end for f in found) or any(f.item == item and f.new for f in found):
                continue
            opening = max(stated.rfind(sign, 0, verb.start()) for sign in "。；;\n") + 1
            clause = max(stated.rfind(sign, 0, verb.start()) for sign in "，。；;\n") + 1
            told = whole.search(stated, clause)
            if told and not told.start() <= verb.start() < told.end():
                told = None
            old, new = _values(told or verb)
            stop = _STOP.search(stated, verb.end())
            date = _date(stated, max(opening, clause), verb.end(), stop.start() if stop else len(stated))
            found.append(_Found(item, old, new, date, clause, verb.end()))


def _share_date(stated: str, found: list[_Found]) -> None:
    """One date that is said of all changes before it: 变更日期均为…, 以上于…核准."""
    said = re.search(r"(?:日期|时间)?均(?:为|于|在)|(?:以上|上述)[^。；]{0,12}?(?:于|在)", stated)
    date = next((d.value for d in _dates(stated) if said and 0 <= d.start - said.end() <= 2), None)
    for one in found:
        if said and one.start < said.start():
            one.date = one.date or date


def _reach(stated: str, spots: list[re.Match[str]], number: int) -> int:
    """Where the passage about an item ends: at the next item of the list, or with its clause."""
    here = spots[number]
    end = _STOP.search(stated, here.end())
    stop = end.start() if end else len(stated)
    for follow in spots[number + 1 :]:
        gap = stated[here.end() : follow.start()]
        if re.search(r"[）)]?[、，,]\s*(?:办理了?|将|把|\d+[.、])?\s*$", gap) and follow[0] != here[0]:
            return min(stop, follow.start())
    return stop


def _date(stated: str, start: int, end: int, stop: int) -> str | None:
    """The date of a change: behind it in its passage, else before it in its sentence."""
    dates = _dates(stated)
    behind = next((d.value for d in dates if end <= d.start < stop), None)
    if behind:
        return behind
    before = [d for d in dates if d.end <= start and "。" not in stated[d.end : start]]
    if not before or re.search(r"(?:变更|核准|登记)(?:日期|时间)[为：:]?\s*$", stated[: before[-1].start]):
        return None
    return before[-1].value


def _dates(stated: str) -> list[Found]:
    """Whole dates, and those of month and day (8月17日, 同年9月1日) with the last year named before them."""
    found = list(find_dates(stated))
    for match in _MONTH_DAY.finditer(stated):
        years = _YEAR.findall(stated[: match.start()])
        date = parse_date(f"{years[-1]}年{match['m']}月{match['d']}日") if years else None
        if date:
            found.append(Found(date, match.start(), match.end()))
    return sorted(found, key=lambda date: date.start)


def _values(match: re.Match[str]) -> tuple[str | None, str | None]:
    groups = match.groupdict()
    old = groups.get("aq") or groups.get("a") or groups.get("was")
    return _tidy(old), _tidy(groups.get("bq") or groups.get("b"))


def _tidy(value: str | None) -> str | None:
    if value is None:
        return None
    plain = re.sub(r"^(?:原来的?|原(?:为|是|名)|现在的?|现(?:为|任)|目前的?|为|由)?[：:\s]*", "", value).strip(' “”"')
    plain = re.sub(r"(?<=[一-龥]{2})(?:同志|先生|女士|退休|调离|离任|离职|免职|辞职|调任|调出)+$", "", plain)
    return plain or None
