"""Any report laid out as the official form: from the record of its text to a web page with cover, merged labels,
vertical labels, seals and dates, for browsers and LibreOffice to print and convert."""

import json
from html import escape

from nianbao.record import Record

SIDE = "《事业单位法人证书》登载事项"
ASSETS = "资产损益情况"
LABELS = {
    "registration_changes": "对《条例》和实施细则有关变更登记规定的执行情况",
    "activities_section": "开展业务活动情况",
    "qualifications": "相关资质认可或执业许可证明文件及有效期",
    "performance": "绩效和受奖惩及诉讼投诉情况",
    "donations": "接受捐赠资助及其使用情况",
    "institution_opinion": "事业单位委托意见",
    "sponsor_opinion": "举办单位意见（含保密审查意见）",
}
STYLE = """body{font:12pt/1.6 "Noto Serif CJK SC",serif}table{width:100%;border-collapse:collapse}
td{border:1px solid #000;padding:4px 6px}h1,.c{text-align:center}.g{width:70px;text-align:center}
.l{width:110px;text-align:center}p{margin:0;text-indent:2em}.r{text-align:right}"""


def day(stated: str | None) -> str:
    """2025-03-06 → 2025年3月6日."""
    year, month, date = (stated or "--").split("-")
    return f"{year}年{month.lstrip('0')}月{date.lstrip('0')}日" if year else ""


def fields(record: Record) -> list[tuple[str, str]]:
    """Labels and values of the certificate."""
    name = (record.name or "") + (f"（{'、'.join(record.other_names)}）" if record.other_names else "")
    capital, source = record.initial_capital, record.funding_source
    return [
        ("单位名称", name),
        ("宗旨和业务范围", record.purpose or ""),
        ("住所", record.address or ""),
        ("法定代表人", record.legal_representative or ""),
        ("开办资金", capital.stated if capital else ""),
        ("经费来源", source.stated if source else ""),
        ("举办单位", "、".join(record.sponsors)),
    ]


def amounts(record: Record) -> tuple[str, str]:
    """Net assets as printed: at the start and at the end of the year."""
    opening, closing = record.net_assets_opening, record.net_assets_closing
    return opening.stated if opening else "", closing.stated if closing else ""


def sections(record: Record) -> list[tuple[str, list[str]]]:
    """Labels and paragraphs of the sections."""
    found = []
    for key, label in LABELS.items():
        section = getattr(record, key)
        lines = (section.stated or "").split("\n")
        if key == "institution_opinion":
            lines += [f"法定代表人：{'　' * 8}公章：", day(section.date)]
        elif key == "sponsor_opinion":
            lines += ["公章：", day(section.date)]
        found.append((label, lines))
    return found


def foot(record: Record) -> str:
    """The last line."""
    return f"填表人：{record.form_filler}　　联系电话：{record.phone or ''}　　报送日期：{day(record.filing_date)}"


def cover(record: Record, tag: str = "p") -> str:
    """The cover page: what is filled in is underlined."""
    if record.cover is None:
        return f"<h1>{record.year}年度事业单位法人年度报告书</h1>"
    lines = [
        f"统一社会信用代码<u>　{record.cover.uscc or ''}　</u>",
        "<b>事业单位法人年度报告书</b>",
        f"（<u> {record.cover.year} </u>年度）",
        f"单&nbsp;位&nbsp;名&nbsp;称<u>　{escape(record.cover.name or '')}　</u>",
        f"法定代表人<u>　{escape(record.cover.legal_representative or '')}　</u>",
        "国家事业单位登记管理局制",
    ]
    return "".join(f'<{tag} class="c">{line}</{tag}>' for line in lines)


def table(record: Record, *, label: str = "plain", split: bool = False) -> str:
    """The form. label: how the narrow labels stand: ``plain``, ``stacked`` (a character a line), ``turned``
    (vertical-rl), ``spaced`` (住 所). split: the sections are a table of their own, on a page of its own."""

    def narrow(words: str) -> str:
        if label == "stacked":
            return "<br>".join(words)
        return f'<span style="writing-mode:vertical-rl">{words}</span>' if label == "turned" else words

    def wide(words: str) -> str:
        return (
            {"住所": "住&emsp;&emsp;所", "宗旨和业务范围": "宗旨和<br>业务范围"}.get(words, words)
            if label != "plain"
            else words
        )

    told = fields(record)
    rows = [
        (f'<td rowspan="{len(told)}" class="g">{narrow(SIDE)}</td>' if row == 0 else "")
        + f'<td class="l">{wide(words)}</td><td colspan="3">{escape(value)}</td>'
        for row, (words, value) in enumerate(told)
    ]
    opening, closing = amounts(record)
    rows.append(
        f'<td rowspan="3" class="g">{narrow(ASSETS)}</td><td colspan="4" class="c">净资产合计（所有者权益合计）</td>'
    )
    rows.append('<td colspan="2" class="c">年初数（万元）</td><td colspan="2" class="c">年末数（万元）</td>')
    rows.append(f'<td colspan="2" class="c">{opening}</td><td colspan="2" class="c">{closing}</td>')
    staff = "" if record.staff is None else record.staff
    rows.append(
        f'<td class="g">网上名称</td><td colspan="2">{record.online_name or ""}</td><td>从业人数</td><td>{staff}</td>'
    )
    first = len(rows)
    for words, paragraphs in sections(record):
        inner = "".join(f"<p>{escape(line)}</p>" for line in paragraphs)
        rows.append(
            f'<td class="g">{narrow(words) if words == "开展业务活动情况" else words}</td><td colspan="4">{inner}</td>'
        )
    whole = [f"<tr>{row}</tr>" for row in rows]
    parts = [whole[:first], whole[first:]] if split else [whole]
    between = '<div style="break-before:page"></div>'
    return between.join(f"<table>{''.join(part)}</table>" for part in parts)


def page(record: Record, css: str = "", *, label: str = "plain", split: bool = False, newpage: bool = True) -> str:
    """The whole form as a web page that prints well."""
    style = STYLE + (".f{break-before:page}" if newpage else "") + css
    body = f'{cover(record)}<div class="f">{table(record, label=label, split=split)}</div><p>{foot(record)}</p>'
    return f'<!doctype html><html><head><meta charset="utf-8"><style>{style}</style></head><body>{body}</body></html>'


def told(record: Record) -> dict[str, object]:
    """What a record says, without where: the same for a report in any file."""
    found = plain(json.loads(record.to_json()))
    assert isinstance(found, dict)
    return {
        key: value
        for key, value in found.items()
        if key not in ("source", "text", "boxes", "box_places", "issues", "repair", "complete")
    }


def plain(value: object) -> object:
    """JSON without offsets and places."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items() if key not in ("start", "end", "places")}
    return [plain(item) for item in value] if isinstance(value, (list, tuple)) else value
