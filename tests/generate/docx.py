"""The report as a Word file, by python-docx: another program than the one that reads it."""

import zipfile
from collections.abc import Callable
from html import escape
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn
from docx.oxml.parser import parse_xml

from generate import content as c


def report(*, nested: bool = False, textbox: bool = False, numbered: bool = False) -> bytes:
    """nested: the form stands in a table that lays out the page. textbox: the foot stands in a text box.
    numbered: Word writes the marks of the narrative, 一、 二、 三、 as a list."""
    document = Document()
    document.sections[0].header.paragraphs[0].text = "砚湖县事业单位登记管理"
    document.add_paragraph(c.TITLE)
    document.add_paragraph(f"（{c.YEAR} 年度）")
    host: Any = document
    if nested:
        outer = document.add_table(rows=1, cols=2)
        outer.cell(0, 0).text = "　"
        host = outer.cell(0, 1)
    rows = 7 + 3 + 1 + len(c.SECTIONS)
    table = host.add_table(rows, 4)
    side = table.cell(0, 0).merge(table.cell(6, 0))
    side.text = "《事业单位法人证书》登载事项"
    for row, (label, value) in enumerate(c.FIELDS.items()):
        table.cell(row, 1).text = label
        table.cell(row, 2).merge(table.cell(row, 3)).text = value
    table.cell(7, 0).merge(table.cell(9, 0)).text = "资产损益情况"
    table.cell(7, 1).merge(table.cell(7, 3)).text = "净资产合计（所有者权益合计）"
    table.cell(8, 1).text, table.cell(9, 1).text = "年初数（万元）", c.OPENING
    table.cell(8, 2).merge(table.cell(8, 3)).text = "年末数（万元）"
    table.cell(9, 2).merge(table.cell(9, 3)).text = c.CLOSING
    for column, words in enumerate(("网上名称", c.ONLINE_NAME, "从业人数", str(c.STAFF))):
        table.cell(10, column).text = words
    for row, (label, paragraphs) in enumerate(c.SECTIONS, 11):
        table.cell(row, 0).text = label
        value = table.cell(row, 1).merge(table.cell(row, 3))
        value.text = ""
        listed = numbered and paragraphs is c.NARRATIVE
        for number, words in enumerate(paragraphs):
            paragraph = value.paragraphs[0] if number == 0 else value.add_paragraph()
            paragraph.add_run(words[2:] if listed else words)
            if listed:
                _number(paragraph)
    if textbox:
        _textbox(document.add_paragraph(), c.FOOT)
    else:
        document.add_paragraph(c.FOOT)
    if numbered:
        _define(document)
    return saved(document)


def saved(document: Any) -> bytes:
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _number(paragraph: Any) -> None:
    properties = paragraph._p.get_or_add_pPr()
    found = OxmlElement("w:numPr")
    for name, value in (("w:ilvl", "0"), ("w:numId", "77")):
        child = OxmlElement(name)
        child.set(qn("w:val"), value)
        found.append(child)
    properties.append(found)


def _define(document: Any) -> None:
    numbering = document.part.numbering_part.element
    numbering.insert(
        0,
        parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="77"><w:lvl w:ilvl="0"><w:start w:val="1"/>'
            '<w:numFmt w:val="chineseCounting"/><w:lvlText w:val="%1、"/></w:lvl></w:abstractNum>'
        ),
    )
    numbering.append(parse_xml(f'<w:num {nsdecls("w")} w:numId="77"><w:abstractNumId w:val="77"/></w:num>'))


def _textbox(paragraph: Any, words: str) -> None:
    """A text box as Word writes it: the drawing, and behind it the same for old programs."""
    inner = f"<w:txbxContent><w:p><w:r><w:t>{words}</w:t></w:r></w:p></w:txbxContent>"
    space = (
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
        'xmlns:v="urn:schemas-microsoft-com:vml"'
    )
    paragraph._p.append(
        parse_xml(
            f'<w:r {nsdecls("w")} {space}><mc:AlternateContent><mc:Choice Requires="wps"><wps:txbx>{inner}</wps:txbx>'
            f"</mc:Choice><mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        )
    )


# ---------------------------------------------------------------- as other programs write it

WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACES = {
    "w": WORD,
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
_RELATED = "http://schemas.openxmlformats.org/package/2006/relationships"
Wrap = Callable[[str], str]


def relations(**targets: str) -> str:
    """A part of relations: the last word of their type → the target."""
    kinds = "".join(
        f'<Relationship Id="r{at}" Type="{_SPACES["r"]}/{kind}" Target="{target}"/>'
        for at, (kind, target) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_RELATED}">{kinds}</Relationships>'


def run(words: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(words)}</w:t></w:r>'


def paragraph(words: str) -> str:
    return f"<w:p>{run(words)}</w:p>"


def form(value: Wrap = paragraph, around: Wrap = str, row: Wrap = str, cell: Wrap = str) -> str:
    """The form as a table. value: words → a paragraph of a value; around: what stands about the content of a value's
    cell; row, cell: about a row, about a cell."""

    def made(words: str | tuple[str, ...], span: int = 1, merge: str = "", *, label: bool = True) -> str:
        lines = (words,) if isinstance(words, str) else words
        inner = "".join(map(paragraph, lines)) if label else around("".join(map(value, lines)))
        return cell(f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merge}</w:tcPr>{inner}</w:tc>')

    first, again = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        made("《事业单位法人证书》登载事项" if at == 0 else "", 1, again if at else first)
        + made(name)
        + made(words, 2, label=False)
        for at, (name, words) in enumerate(c.FIELDS.items())
    ]
    rows.append(made("资产损益情况", 1, first) + made("净资产合计（所有者权益合计）", 3))
    rows.append(made("", 1, again) + made("年初数（万元）") + made("年末数（万元）", 2))
    rows.append(made("", 1, again) + made(c.OPENING, label=False) + made(c.CLOSING, 2, label=False))
    rows.append(
        made("网上名称") + made(c.ONLINE_NAME, label=False) + made("从业人数") + made(str(c.STAFF), label=False)
    )
    rows += [made(name) + made(lines, 3, label=False) for name, lines in c.SECTIONS]
    return "<w:tbl>" + "".join(row(f"<w:tr>{inner}</w:tr>") for inner in rows) + "</w:tbl>"


def document(inner: str) -> str:
    """The main part of a file."""
    spaces = " ".join(f'xmlns:{name}="{space}"' for name, space in _SPACES.items())
    return f"<w:document {spaces}><w:body>{inner}<w:sectPr/></w:body></w:document>"


def whole(table: str, foot: str = "") -> str:
    """The report as the content of a document."""
    return paragraph(c.TITLE) + paragraph(f"（{c.YEAR} 年度）") + table + (foot or paragraph(c.FOOT))


def package(main: str | bytes, name: str = "word/document.xml", **parts: str) -> bytes:
    """A file with this main part. parts: further ones in the folder of the main one, a point in the name as ``_``."""
    folder, _, own = name.rpartition("/")
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("_rels/.rels", relations(officeDocument=f"/{name}"))
        file.writestr(name, main)
        if parts:
            file.writestr(
                f"{folder}/_rels/{own}.rels",
                relations(**{part.partition("_")[0]: part.replace("_", ".") for part in parts}),
            )
        for part, content in parts.items():
            file.writestr(f"{folder}/{part.replace('_', '.')}", content)
    return out.getvalue()


def _alternate(*forms: str) -> str:
    *chosen, last = forms
    choices = "".join(f'<mc:Choice Requires="wps">{form}</mc:Choice>' for form in chosen)
    return f"<mc:AlternateContent>{choices}<mc:Fallback>{last}</mc:Fallback></mc:AlternateContent>"


def _boxed(inner: str, *, drawing: bool = True, shape: bool = True) -> str:
    new = (
        f"<wps:wsp><wps:txbx><w:txbxContent>{inner}</w:txbxContent></wps:txbx></wps:wsp>" if drawing else "<w:drawing/>"
    )
    old = f"<w:pict><v:shape><v:textbox><w:txbxContent>{inner}</w:txbxContent></v:textbox></v:shape></w:pict>"
    return f"<w:p><w:r>{_alternate(new, old) if shape else new}</w:r></w:p>"


def _control(inner: str) -> str:
    return f'<w:sdt><w:sdtPr><w:alias w:val="x"/></w:sdtPr><w:sdtContent>{inner}</w:sdtContent></w:sdt>'


def _field(words: str) -> str:
    """A field whose instruction has another field in it, as a document with conditions has."""
    begin, part, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    inner = f"{begin}<w:r><w:instrText>X</w:instrText></w:r>{part}{run('条件')}{end}"
    return f"<w:p>{begin}<w:r><w:instrText>IF</w:instrText></w:r>{inner}{part}{run(words)}{end}</w:p>"


def _tracked(words: str) -> str:
    """Text with a deleted piece, an inserted half, one moved away, and a deleted mark of a paragraph in it."""
    half = len(words) // 2
    return (
        '<w:p><w:pPr><w:rPr><w:del w:id="1"/></w:rPr></w:pPr>'
        f"<w:del><w:r><w:delText>旧</w:delText></w:r></w:del>{run(words[:half])}</w:p>"
        f"<w:p><w:ins>{run(words[half:])}</w:ins><w:moveFrom>{run('走')}</w:moveFrom></w:p>"
    )


def _signs(words: str) -> str:
    """Digits as signs of a symbol font."""
    signs = (f'<w:r><w:sym w:font="Symbol" w:char="F0{ord(x):02X}"/></w:r>' if x.isascii() else run(x) for x in words)
    return f"<w:p>{''.join(signs)}</w:p>"


_RUBY = "<w:r><w:ruby><w:rt><w:r><w:t>yin</w:t></w:r></w:rt><w:rubyBase>{}</w:rubyBase></w:ruby></w:r>"
_PROMPT = "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
VARIANTS: dict[str, Callable[[], bytes]] = {
    "strict": lambda: package(
        document(whole(form())).replace(WORD, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    ),
    "utf-16": lambda: package(f'<?xml version="1.0" encoding="UTF-16"?>{document(whole(form()))}'.encode("utf-16")),
    "other-prefix": lambda: package(document(whole(form())).replace("w:", "q:").replace("xmlns:w=", "xmlns:q=")),
    "other-folder": lambda: package(document(whole(form())), "parts/main.xml"),
    "upper-case": lambda: package(document(whole(form())), "Word/Document.xml"),
    "backslashes": lambda: package(document(whole(form())), "word\\document.xml"),
    "bytes-before": lambda: b"\r\n\xef\xbb\xbf" + package(document(whole(form()))),
    "controls-around-cells": lambda: package(document(whole(form(cell=_control)))),
    "controls-around-rows": lambda: package(document(whole(form(row=_control)))),
    "controls-around-blocks": lambda: package(document(whole(form(around=_control)))),
    "controls-around-runs": lambda: package(document(whole(form(lambda words: f"<w:p>{_control(run(words))}</w:p>")))),
    "prompt-of-a-control": lambda: package(
        document(whole(form(lambda words: f"<w:p>{_PROMPT.format(run('单击此处'))}{run(words)}</w:p>")))
    ),
    "table-in-each-value": lambda: package(
        document(whole(form(around=lambda inner: f"<w:tbl><w:tr><w:tc>{inner}</w:tc></w:tr></w:tbl><w:p/>")))
    ),
    "tracked-changes": lambda: package(document(whole(form(_tracked)))),
    "fields-in-fields": lambda: package(document(whole(form(_field)))),
    "two-choices": lambda: package(
        document(whole(form(lambda words: f"<w:p>{_alternate(run(words), run(words), run(words))}</w:p>")))
    ),
    "text-boxes-in-values": lambda: package(document(whole(form(lambda words: _boxed(paragraph(words)))))),
    "all-in-a-text-box": lambda: package(document(_boxed(whole(form()), shape=False))),
    "old-text-box-only": lambda: package(document(whole(form(), _boxed(paragraph(c.FOOT), drawing=False)))),
    "ruby": lambda: package(document(whole(form(lambda words: f"<w:p>{_RUBY.format(run(words))}</w:p>")))),
    "symbols": lambda: package(document(whole(form(_signs)))),
    "soft-hyphens": lambda: package(document(whole(form(lambda words: paragraph("\xad".join(words)))))),
}
