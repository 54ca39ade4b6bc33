"""Word files: merged cells once, tables in tables, text boxes, Word's own numbers; and what is refused."""

import io
import zipfile
from decimal import Decimal
from pathlib import Path

import docx as python_docx
import pytest

from generate import content as c
from generate import docx as made
from generate.golden import checked
from nianbao.errors import ReadError
from nianbao.reading import docx, read_document
from nianbao.reading.layout import Cell, Line, Page
from nianbao.reading.limits import DEFAULT
from nianbao.reading.numbering import chinese, letter
from nianbao.record import Issue
from nianbao.report import read_report


def page(data: bytes) -> Page:
    (found,) = [message for message in docx.read(data, DEFAULT) if isinstance(message, Page)]
    return found


def cells(found: Page) -> dict[str, Cell]:
    return {"".join(line.text for line in cell.lines): cell for b in found.blocks if isinstance(b, tuple) for cell in b}


@pytest.mark.parametrize("shape", [{}, {"nested": True}, {"textbox": True}, {"numbered": True}])
def test_the_report_is_read_whole(tmp_path: Path, shape: dict[str, bool]) -> None:
    path = tmp_path / "report.bin"
    path.write_bytes(made.report(**shape))
    record = read_report(path)
    checked(record)
    assert record.source.reader == "docx"
    assert record.source.media_type.endswith("wordprocessingml.document")


def test_merged_cells_stand_once_with_what_they_span() -> None:
    found = cells(page(made.report()))
    side = found["《事业单位法人证书》登载事项"]
    assert (side.row, side.column, side.rows, side.columns) == (0, 0, 7, 1)
    heading = found["净资产合计（所有者权益合计）"]
    assert (heading.row, heading.column, heading.rows, heading.columns) == (7, 1, 1, 3)
    name = found[c.NAME]
    assert (name.row, name.column, name.columns) == (0, 2, 2)


def test_a_text_box_is_read_once() -> None:
    lines = [block.text for block in page(made.report(textbox=True)).blocks if isinstance(block, Line)]
    assert lines.count(c.FOOT) == 1


def test_headers_come_first_and_deleted_text_does_not_come() -> None:
    document = python_docx.Document()
    document.sections[0].header.paragraphs[0].text = "砚湖县年报"
    document.sections[0].footer.paragraphs[0].text = "第 1 页"
    paragraph = document.add_paragraph("正文甲")
    paragraph._p.append(
        python_docx.oxml.parser.parse_xml(
            f"<w:del {python_docx.oxml.ns.nsdecls('w')}><w:r><w:delText>删去</w:delText><w:t>删去</w:t></w:r></w:del>"
        )
    )
    run = paragraph.add_run("隐藏")
    run.font.hidden = True
    paragraph.add_run("\t乙")
    found = page(made.saved(document))
    assert [block.text for block in found.blocks if isinstance(block, Line)] == ["砚湖县年报", "正文甲  乙"]
    assert [line.text for line in found.overlay] == ["隐藏"]


def test_a_table_in_a_box_becomes_lines() -> None:
    document = python_docx.Document()
    table = document.add_table(2, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "单位名称", "一个名称很长的单位，超过里面的表格所有的字"
    table.cell(1, 0).text = "经费"
    inner = table.cell(1, 1).add_table(2, 2)
    for place, words in enumerate(("年初数", "年末数", "1", "2")):
        inner.cell(place // 2, place % 2).text = words
    (block,) = [block for block in page(made.saved(document)).blocks if isinstance(block, tuple)]
    assert [[line.text for line in cell.lines] for cell in block][3] == ["年初数  年末数", "1  2"]


@pytest.mark.parametrize("name", made.VARIANTS)
def test_files_of_other_programs_are_read_whole(tmp_path: Path, name: str) -> None:
    path = tmp_path / "report.bin"
    path.write_bytes(made.VARIANTS[name]())
    record = read_report(path)
    checked(record)
    assert record.source.reader == "docx"
    assert record.issues == ()


def told(inner: str, **parts: str) -> tuple[list[str], list[str], list[Issue]]:
    """The lines of a document, what is set aside, the doubts."""
    messages = list(docx.read(made.package(made.document(inner), **parts), DEFAULT))
    (found,) = [message for message in messages if isinstance(message, Page)]
    lines = [block.text for block in found.blocks if isinstance(block, Line)]
    return lines, [line.text for line in found.overlay], [issue for issue in messages if isinstance(issue, Issue)]


def test_what_is_struck_out_or_hidden_by_a_style_is_set_aside() -> None:
    struck = (
        "<w:r><w:rPr><w:strike/></w:rPr><w:t>旧</w:t></w:r><w:r><w:rPr><w:strike w:val='0'/></w:rPr><w:t>新</w:t></w:r>"
    )
    inner = f"<w:p>{struck}</w:p><w:p><w:pPr><w:pStyle w:val='K'/></w:pPr>{made.run('藏')}</w:p>"
    inner += "<w:p><w:r><w:rPr><w:rStyle w:val='H'/></w:rPr><w:t>也</w:t></w:r></w:p>"
    styles = f"<w:styles xmlns:w='{made.WORD}'><w:style w:styleId='H'><w:rPr><w:vanish/></w:rPr></w:style>"
    styles += "<w:style w:styleId='K'><w:basedOn w:val='H'/></w:style></w:styles>"
    lines, aside, issues = told(inner, styles_xml=styles)
    assert lines == ["新"]
    assert sorted(aside) == ["也", "旧", "藏"]
    assert [issue.code for issue in issues] == ["NB-READ-STRUCK"]


def test_rows_and_cells_that_are_deleted_or_hidden_do_not_count() -> None:
    row = "<w:tr>{}<w:tc>{}{}</w:tc><w:tc>{}</w:tc></w:tr>"
    shown = row.format("", "", made.paragraph("甲"), made.paragraph("乙"))
    hidden = row.format("<w:trPr><w:hidden/></w:trPr>", "", made.paragraph("丙"), made.paragraph("丁"))
    deleted = row.format("", "<w:tcPr><w:cellDel/></w:tcPr>", made.paragraph("戊"), made.paragraph("己"))
    (block,) = page(made.package(made.document(f"<w:tbl>{shown}{hidden}{deleted}</w:tbl>"))).blocks
    assert isinstance(block, tuple)
    assert [cell.lines[0].text for cell in block] == ["甲", "乙", "己"]


def test_boxes_and_lists_of_old_forms_have_their_value() -> None:
    field = '<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{}</w:ffData></w:fldChar></w:r>'
    end = '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    ticked = field.format('<w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox>') + end
    free = field.format('<w:checkBox><w:default w:val="0"/></w:checkBox>') + end
    entries = "".join(f'<w:listEntry w:val="{word}"/>' for word in ("财政补助", "经费自理"))
    listed = field.format(f'<w:ddList><w:result w:val="1"/>{entries}</w:ddList>') + end
    assert told(f"<w:p>{ticked}是{free}</w:p><w:p>{listed}</w:p>")[0] == ["☑☐", "经费自理"]


def test_fields_that_have_no_end_or_nest_deeply_lose_nothing() -> None:
    begin, part, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    assert told(f"<w:p>{made.run('甲')}{begin}{made.run('乙')}{part}{made.run('丙')}</w:p>")[0] == ["甲乙丙"]
    assert told(f"<w:p>{made.run('甲')}{part}{made.run('乙')}{end}{made.run('丙')}</w:p>")[0] == ["甲乙丙"]
    assert told(f"<w:p>{begin * 30_000}{made.run('甲')}{end * 29_999}{part}{made.run('乙')}{end}</w:p>")[0] == ["乙"]


def test_a_character_that_xml_cannot_hold_costs_only_itself() -> None:
    lines, _, issues = told(made.paragraph("甲乙").replace("乙", "&#11;乙"))
    assert lines == ["甲\ufffd乙"]
    assert [issue.code for issue in issues] == ["NB-READ-LOSS"]


def test_symbols_that_are_not_known_are_told() -> None:
    signs = "".join(f'<w:sym w:font="Wingdings" w:char="{code}"/>' for code in ("F0FE", "F06C", "F021", "2460", "zz"))
    lines, _, issues = told(f"<w:p><w:r>{signs}<w:t>甲</w:t></w:r></w:p>")
    assert lines == ["☑①甲"]
    (issue,) = issues
    assert issue.code == "NB-READ-LOSS"
    assert "F021" in issue.message
    assert "F06C" not in issue.message


def test_text_in_another_file_inside_is_told() -> None:
    _, _, issues = told(made.paragraph("甲"), aFChunk_html="<p>乙</p>")
    assert [issue.code for issue in issues] == ["NB-READ-ATTACHMENT"]
    with pytest.raises(ReadError, match="aFChunk.html"):
        told("<w:p/>", aFChunk_html="<p>乙</p>")


def test_a_file_with_a_password_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000) + "EncryptedPackage".encode("utf-16-le") + bytes(500)
    )
    with pytest.raises(ReadError, match="password") as caught:
        read_document(path)
    assert caught.value.code == "NB-READ-ENCRYPTED"


def test_two_parts_of_one_name_are_refused() -> None:
    out = io.BytesIO(made.report())
    with zipfile.ZipFile(out, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("word/document.xml", b"<x/>")
    with pytest.raises(ReadError, match="one name"):
        list(docx.read(out.getvalue(), DEFAULT))


def test_marks_that_word_writes() -> None:
    assert [chinese(number) for number in (1, 10, 11, 20, 99, 100)] == ["一", "十", "十一", "二十", "九十九", "一〇〇"]
    assert [letter(number) for number in (1, 26, 27)] == ["a", "z", "aa"]


def test_embedded_files_are_told() -> None:
    data = repacked(made.report(), {"word/embeddings/annex.xlsx": b"x"})
    issues = [message for message in docx.read(data, DEFAULT) if isinstance(message, Issue)]
    assert [issue.code for issue in issues] == ["NB-READ-ATTACHMENT"]
    assert "annex.xlsx" in issues[0].message


def repacked(data: bytes, changed: dict[str, bytes]) -> bytes:
    """An archive with other or further members."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in changed:
                new.writestr(name, old.read(name))
        for name, content in changed.items():
            new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("part", "code"),
    [
        (b"<w:document", "NB-READ-DAMAGED"),
        (b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', "NB-READ-ENTITIES"),
        (b'<?xml version="1.0"?><a/>', "NB-READ-EMPTY"),
    ],
)
def test_what_is_no_word_document_is_refused(tmp_path: Path, part: bytes, code: str) -> None:
    path = tmp_path / "a.docx"
    path.write_bytes(repacked(made.report(), {"word/document.xml": part}))
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == code
    assert caught.value.where == str(path)


def test_the_sample(shared: Path) -> None:
    record = read_report(shared / "samples/report.docx")
    assert record.staff == 74
    assert record.net_assets_closing
    assert record.net_assets_closing.value == Decimal("19857200")
    assert not any(issue.breaks_form for issue in record.issues)
