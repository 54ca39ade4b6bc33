"""The report as a Word file, by python-docx: another program than the one that reads it."""

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
