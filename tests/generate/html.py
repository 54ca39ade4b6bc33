"""The report as a web page: in a table with spans, in a table inside a table, or as paragraphs."""

from html import escape

from generate import content as c

_PAGE = """<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={named}">
<title>年报公示</title><style>td{{border:1px solid}}</style></head><body>
<nav><ul><li><a href="/">首页</a></li><li>年报公示</li></ul></nav>
<script>var x = "开办资金 1万元";</script><div style="display: none">从业人数 999</div>
<h1>{title}</h1><p>（{year}年度）</p>
{body}
<p>{foot}</p>
<p>附件：<a href="files/cert-2024.pdf">法人证书扫描件</a> <a href="about.html">关于</a></p>
<footer>版权所有</footer></body></html>"""


def page(body: str, *, named: str = "gb2312", encoding: str = "gb18030") -> bytes:
    """named: the charset that the page declares; encoding: the one that it is in."""
    text = _PAGE.format(named=named, title=c.TITLE, year=c.YEAR, body=body, foot=c.FOOT)
    return text.encode(encoding)


def table() -> str:
    """The form as a table with row and column spans."""
    rows = [
        ('<td rowspan="7">《事业单位法人证书》登载事项</td>' if row == 0 else "")
        + f'<td>{label}</td><td colspan="2">{escape(value)}</td>'
        for row, (label, value) in enumerate(c.FIELDS.items())
    ]
    rows.append('<td rowspan="3">资产损益情况</td><td colspan="3">净资产合计（所有者权益合计）</td>')
    rows.append('<td>年初数（万元）</td><td colspan="2">年末数（万元）</td>')
    rows.append(f'<td>{c.OPENING}</td><td colspan="2">{c.CLOSING}</td>')
    rows.append(f"<td>网上名称</td><td>{c.ONLINE_NAME}</td><td>从业人数</td><td>{c.STAFF}</td>")
    for label, paragraphs in c.SECTIONS:
        inner = "".join(f"<p>&nbsp;&nbsp;{escape(words)}</p>" for words in paragraphs)
        rows.append(f'<td>{label}</td><td colspan="3">{inner}</td>')
    return "<table><tbody>" + "\n".join(f"<tr>{row}</tr>" for row in rows) + "</tbody></table>"


def layout() -> str:
    """The same table in a cell of a table that lays out the page."""
    return f'<table><tr><td><img src="left.png"></td><td><div>{table()}</div></td></tr></table>'


def paragraphs() -> str:
    """The form as paragraphs, labels and values on lines of their own."""
    return "".join(f"<p>{escape(line)}</p>\n" for line in c.text().splitlines()[2:-1])
