"""相关资质认可或执业许可证明文件及有效期 → licences with number and end of validity. Pure functions on text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nianbao.form.values import denies, find_dates
from nianbao.record import Licence, QualificationsSection

# What the title of a licence ends with. 证 alone ends many (核准证, 登记证), and words that are none (保证, 验证).
_WORD = (
    r"(?:许可证书?|证书|执照|批准书|批件|资质(?!证|等级|认|名|类|情|文|及|的|、)|备案凭证|备案证明?|备案表|备案(?=\s*[（(，,]备案)|准印证|标识牌"
    r"|(?<=[一-龥]{2})(?<![保验认论公取查印考求佐凭见签])证(?![书明件照号字编据实监人本]))"
)
_CLOSE = (
    r"(?!\s*(?:编号|号码|号[：:]|名称|[（(〔\[【]\d{4}[)）〕\]】]第?[\w-]*号))"  # 云动诊证（2019）第022号 is a number
)
# Some set blanks between Chinese characters and digits: 第 0031 号.
_NUMBER = (
    r"(?:[A-Z]{2,6} (?=[A-Z]{0,2}\d|[一-龥]{1,6}(?:字|\d)))?"
    r"(?:[\w\-/.]|[（(〔\[【] ?[\w\-]+ ?[)）〕\]】]|(?<=[字第)）〕\]】]) (?=第?\d)|(?<=\d) (?=号))+号?"
)
_NUMBER_OF = re.compile(
    r"(?:证书编号|许可证号|登记号|证书号码?|注册号|核准证?编?号|批准文号|备案编?号|许可编号|资质编号|编号|证号|文号|号码)\s*"
    rf"(?:为|是)?\s*[：:]?\s*(?P<n>(?:(?!有效)[一-龥]{{2,5}} (?=\d{{5}}))?{_NUMBER})"
)
# Without a word for it a number stands right behind the title: 办学许可证（教民1350123号）.
_NUMBER_BEHIND = re.compile(rf"[》”\"]?\s*[：:（(]?\s*(?P<n>(?![（(]有效){_NUMBER})")
_LOOKS_LIKE_NUMBER = re.compile(r"第?[\w-]+号$|字|\d{5}|[A-Za-z\d-]{6,}")
_RANGE = re.compile(r"\s*起?\s*(?:至|到|[-—–~～－])+\s*")
_HEAD = re.compile(
    r"(?:(?:序号|(?:资质|证书|许可证?|证件|证照|文件|执照)?(?:文件)?名称|(?:证书|许可证?|资质)?(?:编号|号码|证号)|"
    r"有效期限?(?:限|至|止)?|有效日期|(?:发证|颁发|批准)(?:机关|单位|日期|部门)|备注)[ \n\u3000，]*){2,}"
)
_GOT = re.compile(r"^.*?(?:取得|持有|具有|具备|获得|领取|办理|依法取得|通过|现有|拥有)了?")
_LEAD = re.compile(
    r"^[^，。；：:]{0,24}(?:文件|如下|情况|包括|有|资质|证照|证件|证书)[：:]\s*(?=[^，。；]*?(?:证|执照|资质))"
)
_NAMED = re.compile(r"(?:资质|证书|许可证?|证件|证照|文件|执照)*名称[：:]\s*")
# A title may go on in brackets (乙级), which do not hold its number or validity.
_TITLE = re.compile(
    rf"(?P<n>[^，,；;：:。（(]*{_WORD}{_CLOSE}(?:\s*[（(](?![^）)]*(?:有效|编号|证号|登记号|注册号|号[：:]|[^）)]*(?:第[^）)]*号|字[^）)]*\d|\d{{5}}|\d号)))"
    r"(?!\s*[A-Za-z\d-]{9,}\s*[)）])[^）)]*[)）](?![^，；：:]{0,6}第?\d+号))?)"
)
_OUTLINE = re.compile(r"^(?:有[，,：:]|\d{1,2}[.、．)）]|[（(]?[一二三四五六七八九十\d]+[)）、]|[①-⑳■●◆])\s*")


def qualifications(text: str, start: int, end: int) -> QualificationsSection:
    """The section with each licence that it names, its number and the end of its validity where told."""
    stated = text[start:end]
    if not stated.strip():
        return QualificationsSection(start=start, end=end)
    none = denies(stated)
    found = () if none else tuple(_licences(stated))
    return QualificationsSection(stated=stated, none=none, start=start, end=end, licences=found)


def _licences(stated: str) -> Iterator[Licence]:
    head = _HEAD.match(stated)
    for entry in _entries(stated[head.end() if head else 0 :]):
        named = _name(entry)
        if not named:
            continue
        name, at = named
        yield Licence(name=name, number=_number(entry, at), valid_until=_valid_until(entry))


def _entries(stated: str) -> list[str]:
    """The text cut into one piece a licence: at 。；and line ends, at outline marks, before a further title."""
    pieces: list[str] = []
    stated = _NAMED.sub("", stated)
    for piece in re.split(
        r"[；;。\n]|(?<=[^\d.])(?=\d{1,2}[.、．](?!\d))|(?=[（(][一二三四五六七八九十\d]{1,2}[）)])|(?=[①-⑳])", stated
    ):
        cuts = [0]
        for match in re.finditer(
            rf"[、，,和及]\s*(?=《[^》]*》|[^，,、《》（(]{{2,30}}{_WORD}(?:[（(，,、均等都各；]|有效|\s|$))", piece
        ):
            if re.search(_WORD + r"|》", piece[cuts[-1] : match.start()]):
                cuts.append(match.start())
        pieces += [piece[a:b].strip(" 、，,和及") for a, b in zip(cuts, [*cuts[1:], len(piece)], strict=True)]
    joined: list[str] = []
    for piece in filter(None, pieces):
        # 有效期至… or 编号… alone says more of the licence before; a mark alone belongs to what follows.
        if joined and (not _name(piece) or not _OUTLINE.sub("", joined[-1] + " ").strip()):
            joined[-1] += ("，" if _name(joined[-1]) else "") + piece
        else:
            joined.append(piece)
    return joined


def _name(entry: str) -> tuple[str, int] | None:
    """(the title of a licence, where it ends in the entry), or None."""
    begin = len(entry) - len(_OUTLINE.sub("", entry))
    lead = _LEAD.match(entry, begin) if not entry.startswith("《", begin) else None
    begin = lead.end() if lead else begin
    titled = re.search(r"《([^》]+)》", entry)
    if titled and (re.search(_WORD, titled[1]) or titled[1].endswith(("证", "书", "资质", "证明"))):
        return titled[1], titled.end()
    match = _TITLE.match(entry, begin)
    got = None if match else _GOT.match(entry, begin)
    match = match or (_TITLE.match(entry, got.end()) if got else None)
    if not match:
        return None
    name = _OUTLINE.sub("", _GOT.sub("", match["n"])).strip(' “”"：:')
    if re.search(r"^\d{4}\s*[年./-]|[发领换办取持颁]证$", name):
        return None  # when it was given, not what
    if len(name) <= 2 or name.startswith(("有效", "编号", "证书编号", "发证", "颁发", "许可证号")):
        return None
    return name, match.end()


def _number(entry: str, at: int) -> str | None:
    worded = _NUMBER_OF.search(entry)
    if worded and re.search(r"\d", worded["n"]):
        return worded["n"].rstrip(".")
    behind = _NUMBER_BEHIND.match(entry, at) or re.compile(rf"，(?P<n>{_NUMBER})(?=，|$)").match(entry, at)
    if not behind or not re.search(r"\d", behind["n"]) or not _LOOKS_LIKE_NUMBER.search(behind["n"]):
        return None
    dates = find_dates(entry[at:])
    if any(at + d.start < behind.end("n") and behind.start("n") < at + d.end for d in dates):
        return None
    return behind["n"].rstrip(".")


def _valid_until(entry: str) -> str | None:
    """The end of validity: the date behind 有效期, of a range its end; failing that one with 到期, or a row's last."""
    at = entry.find("有效")
    dates = find_dates(entry[at:]) if at >= 0 else ()
    if dates:
        ranged = len(dates) > 1 and _RANGE.fullmatch(entry[at + dates[0].end : at + dates[1].start])
        if ranged:
            return dates[1].value
        begins = re.search(r"[自从]\s*$", entry[: at + dates[0].start])
        return None if begins else dates[0].value
    dates = find_dates(entry[:at]) if at >= 0 else ()
    if dates and re.fullmatch(r"\s*(?:以?前|之前)", entry[dates[-1].end : at]):
        return dates[-1].value
    ends = re.search(r"(.{8,14}?)(?:到期|届满|止)", entry)
    if ends:
        dates = find_dates(entry[: ends.end()])
        return dates[-1].value if dates else None
    every = find_dates(entry)
    if (
        every
        and re.fullmatch(r"\s*[)）]?", entry[every[-1].end :])
        and not re.search(r"发证|颁发|批准|取得|获得", entry)
    ):
        return every[-1].value if len(every) == 1 or _RANGE.search(entry[every[0].end : every[-1].start]) else None
    return None
