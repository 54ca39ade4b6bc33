"""Web pages: encodings, spans, tables that lay out the page, what is no text, attachments."""

import base64
import quopri
from html import escape
from pathlib import Path

import pytest

from generate import content as c
from generate import html as made
from generate.golden import checked
from nianbao.errors import ReadError
from nianbao.reading import html, read_document
from nianbao.reading.layout import Cell, Line, Page
from nianbao.reading.limits import DEFAULT
from nianbao.record import Issue
from nianbao.report import read_report


def read(text: str) -> tuple[list[Line | tuple[Cell, ...]], list[str], list[Issue]]:
    messages = list(html.read(text.encode(), DEFAULT))
    (page,) = [message for message in messages if isinstance(message, Page)]
    issues = [message for message in messages if isinstance(message, Issue)]
    return list(page.blocks), [line.text for line in page.overlay], issues


def lines(text: str) -> list[str]:
    return [block.text for block in read(text)[0] if isinstance(block, Line)]


@pytest.mark.parametrize(
    ("named", "encoding"),
    [("gb2312", "gb18030"), ("GBK", "gbk"), ("utf-8", "utf-8"), ("gb2312", "utf-8"), ("x", "gbk")],
)
@pytest.mark.parametrize("body", [made.table, made.layout, made.paragraphs])
def test_the_report_is_read_whole(tmp_path: Path, body: object, named: str, encoding: str) -> None:
    path = tmp_path / "report.bin"
    assert callable(body)
    path.write_bytes(made.page(body(), named=named, encoding=encoding))
    record = read_report(path)
    checked(record)
    assert record.source.reader == "html"
    assert [issue.code for issue in record.issues] == ["NB-READ-ATTACHMENT"]
    assert "cert-2024.pdf" in record.issues[0].message
    assert "about.html" not in record.issues[0].message


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ('<a href="fj/1.doc">资产负债表</a>', "资产负债表 <fj/1.doc>"),
        ("""<a href="javascript:down('3', '/d/3.xls')">决算表</a>""", "决算表 </d/3.xls>"),
        ("""<a href="#" onclick="down('88')">附件2：许可证</a>""", "附件2：许可证 <88>"),
        ('<a href="download.jsp?id=88">审计报告.pdf</a>', "审计报告.pdf <download.jsp?id=88>"),
        (
            '<iframe src="view.html?file=%E8%AF%81.pdf"></iframe>',
            "view.html?file=证.pdf <view.html?file=%E8%AF%81.pdf>",
        ),
        ('<a href="index.htm">返回首页</a>', ""),
        ('<a href="#top">返回</a>', ""),
        ("""<a href="javascript:window.open('about.html')">关于</a>""", ""),
    ],
)
def test_attachments_are_named_however_they_are_linked(link: str, told: str) -> None:
    issues = read(f"<html><body><p>单位名称 法定代表人 开办资金 经费来源 举办单位</p>{link}</body></html>")[2]
    assert [issue.code for issue in issues] == (["NB-READ-ATTACHMENT"] if told else [])
    assert all(told in issue.message for issue in issues)


def test_spans_by_the_rules_of_html() -> None:
    (block,) = read(
        "<table><tr><td rowspan=2>a<td colspan=2>b<tr><td>c<td>d<tr><td colspan=0>e<td colspan='x'>f</table>"
    )[0]
    assert isinstance(block, tuple)
    assert [(cell.lines[0].text, cell.row, cell.column, cell.rows, cell.columns) for cell in block] == [
        ("a", 0, 0, 2, 1),
        ("b", 0, 1, 1, 2),
        ("c", 1, 1, 1, 1),
        ("d", 1, 2, 1, 1),
        ("e", 2, 0, 1, 1),
        ("f", 2, 1, 1, 1),
    ]


def test_lines_end_where_blocks_do() -> None:
    text = "<div>甲<b>乙</b> 丙<br>丁<p>戊\n  己</div>庚<pre>辛\n壬</pre><input value=癸><ul><li>一<li>二</ul>"
    assert lines(text) == ["甲乙 丙", "丁", "戊 己", "庚", "辛", "壬", "癸", "一", "二"]


def test_what_a_reader_passes_over_is_set_aside_and_scripts_are_dropped() -> None:
    text = "<nav>首页</nav><p>正文</p><script>x</script><p hidden>藏</p><p style='DISPLAY : none'>藏</p>"
    text += "<footer>版权</footer>"
    blocks, aside, _ = read(text)
    assert [block.text for block in blocks if isinstance(block, Line)] == ["正文"]
    assert aside == ["首页", "版权"]


def test_text_between_the_rows_of_a_table_is_not_lost() -> None:
    assert lines("<table><form><tr><td>甲<td>乙</tr></form><p>丙</p></table>") == ["丙"]
    assert len(read("<table><form><tr><td>甲<td>乙</tr></form></table>")[0]) == 1


def test_no_entity_of_a_document_type_and_no_file_of_the_machine() -> None:
    text = '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]><html><body><p>甲&x;乙</p></body></html>'
    assert "root" not in str(lines(text))
    assert "甲" in "".join(lines(text))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("<html><body><script>document.write('x')</script></body></html>", "NB-READ-EMPTY"),
        ("<html>" + "<div>" * 400 + "x", "NB-READ-DAMAGED"),
    ],
)
def test_what_cannot_be_read_whole_is_refused(tmp_path: Path, text: str, code: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == code


def test_bytes_that_no_encoding_has_are_told(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes("<html><meta charset=utf-8><body>年度报告".encode() + b"\xff\xff\xff</body>")
    assert [issue.code for issue in read_document(path).issues] == ["NB-READ-LOSS"]


def test_characters_that_are_none_are_told() -> None:
    blocks, _, issues = read("<html><body><p>甲\0丙</p><p>丁</p></body></html>")
    assert len(blocks) == 2
    assert [issue.code for issue in issues] == ["NB-READ-LOSS"]


def test_a_page_that_was_cut_off_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text("<html><body><p>年度报告</p>", encoding="utf-8")
    assert [issue.code for issue in read_document(path).issues] == ["NB-READ-LOSS"]


def test_the_form_is_read_wherever_it_stands() -> None:
    for element in ("nav", "aside", "footer", "noscript", "button", "main"):
        found, aside, _ = read(f"<body><{element}>{made.table()}</{element}></body>")
        assert len(found) == 1, element
        assert not aside


def test_elements_that_are_not_known_stand_within_their_line() -> None:
    assert lines("<p>12<wbr>08<st1:d>.3</st1:d>7<o:p></o:p></p>") == ["1208.37"]
    style = "<style>.c { display : table-cell } b {display:block}</style>"
    assert lines(f"{style}<span class=c>甲</span><span class=c>乙</span><b>丙</b>丁") == ["甲", "乙", "丙", "丁"]


def test_a_figure_is_one_figure() -> None:
    assert lines("<p>1208<br>.37</p><p>1&nbsp;208.37</p><p>2024&nbsp;100</p><p>4<br>5</p>") == [
        *("1208.37", "1208.37", "2024 100", "4", "5")
    ]


def test_what_is_struck_out_is_left_out_and_told() -> None:
    blocks, aside, issues = read("<html><p><s>甲</s>乙<ruby>丙<rp>(</rp><rt>bing</rt></ruby></p></html>")
    assert [block.text for block in blocks if isinstance(block, Line)] == ["乙丙"]
    assert aside == ["甲"]
    assert [issue.code for issue in issues] == ["NB-READ-STRUCK"]


def test_what_stands_below_the_form_is_set_aside(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(
        made.page(made.table()).replace("版权所有".encode("gbk"), b"").replace(b"</footer>", b"</footer><p>x")
    )
    checked(read_report(path))
    blocks, aside, _ = read(
        f"<html><body>{made.paragraphs()}<p>填表人：甲</p><p>上一篇：汀州县图书馆</p></body></html>"
    )
    assert aside == ["上一篇：汀州县图书馆"]


@pytest.mark.parametrize(
    ("text", "target"),
    [
        ('<html><frameset><frame src="top.html"></frameset></html>', "top.html"),
        ('<html><body><p>请稍候</p><iframe src="report.html"></iframe></body></html>', "report.html"),
        ('<html><head><meta http-equiv=refresh content="0; URL=next.html"></head><body>x</body></html>', "next.html"),
        ('<html><body><embed src="report.pdf"></body></html>', "report.pdf"),
    ],
)
def test_a_page_that_shows_another_says_which(tmp_path: Path, text: str, target: str) -> None:
    path = tmp_path / "a.html"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ReadError) as caught:
        read_document(path)
    assert caught.value.code == "NB-READ-EMPTY"
    assert target in str(caught.value)


def test_a_page_inside_a_page_is_read() -> None:
    inner = escape(f"<html><body>{made.table()}</body></html>")
    assert len(read(f'<html><body><iframe srcdoc="{inner}"></iframe></body></html>')[0]) == 1


@pytest.mark.parametrize(
    "around",
    ["<!--{long}-->{table}", '<img src="data:image/png;base64,{long}">{table}', "<script>{long}</script>{table}"],
)
def test_long_pieces_that_are_no_text_do_not_matter(around: str) -> None:
    found = read("<html><body>" + around.format(long="A" * 12_000_000, table=made.table()) + "</body></html>")
    assert len(found[0]) == 1


@pytest.mark.parametrize("start", ["<!-- {} -->", "{}"])
@pytest.mark.parametrize("body", [made.table(), made.paragraphs()])
def test_a_piece_of_a_page_is_a_web_page(tmp_path: Path, start: str, body: str) -> None:
    path = tmp_path / "a.bin"
    text = f"<p>{c.TITLE}</p><p>（2024年度）</p>{body}<p>{c.FOOT}</p>"
    path.write_text(start.format(" " * 5000) + text, encoding="utf-8")
    checked(read_report(path))


@pytest.mark.parametrize("coding", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_web_archive_is_read(tmp_path: Path, coding: str, encoding: str) -> None:
    data = made.page(made.table(), named=encoding, encoding=encoding)
    packed = {"base64": base64.encodebytes, "quoted-printable": quopri.encodestring, "8bit": bytes}[coding](data)
    head = (
        b"From: <Saved>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\tboundary=xx\r\n\r\n"
    )
    parts = b"--xx\r\nContent-Type: image/png\r\n\r\nx\r\n--xx\r\nContent-Type: text/html\r\n"
    parts += f"Content-Transfer-Encoding: {coding}\r\n\r\n".encode() + packed
    path = tmp_path / "a.mht"
    path.write_bytes(head + parts + b"\r\n--xx--\r\n")
    record = read_report(path)
    checked(record)
    assert record.source.reader == "html"
    assert record.source.media_type == "multipart/related"
    path.write_bytes(head + b"--xx--\r\n")
    with pytest.raises(ReadError, match="NB-READ-EMPTY"):
        read_document(path)


def test_xhtml_may_hold_character_data() -> None:
    assert lines('<?xml version="1.0"?><html><body><p><![CDATA[a < b]]></p></body></html>') == ["a < b"]
    assert lines("<html><body><xmp>a\nb</xmp><div style='white-space: pre-wrap'>c\nd</div></body></html>") == [*"abcd"]


@pytest.mark.parametrize(
    ("named", "encoding"),
    [
        *(("iso-8859-1", "utf-8"), ("windows-1252", "gbk"), ("utf-16", "utf-8"), ("undefined", "gbk")),
        *(("unicode_escape", "gbk"), ("gbk", "utf-8"), ("utf-8", "utf-16-le"), ("utf-8", "utf-16-be")),
        *(("utf-8", "utf-16"), ("utf-8", "utf-32"), ("big5", "gbk")),
    ],
)
def test_the_bytes_decide_not_the_name_of_the_encoding(tmp_path: Path, named: str, encoding: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(made.page(made.table(), named=named, encoding=encoding))
    checked(read_report(path))


def test_big5_is_read_where_it_is_named() -> None:
    data = "<html><meta charset=big5><body><p>單位名稱</p></body></html>".encode("big5")
    assert html.decode(data)[0].endswith("<p>單位名稱</p></body></html>")


def test_the_sample(shared: Path) -> None:
    record = read_report(shared / "samples/report_gbk.html")
    assert record.staff == 74
    assert record.initial_capital
    assert int(record.initial_capital.value) == 8655000
