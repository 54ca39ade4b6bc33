"""Web pages: their text and tables, in the order of the page.

The page is decoded here and parsed by lxml, which loads nothing: no network, no document type, no entities beyond
those of HTML. What a browser shows of navigation is set aside; scripts and styles are no text.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from lxml import etree
from lxml import html as parsing

from nianbao.errors import ReadError
from nianbao.reading.filing import ENOUGH, anchors
from nianbao.reading.grid import Box, Content, Grid, check, page
from nianbao.reading.layout import Page
from nianbao.reading.limits import Limits
from nianbao.record import Issue

_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding=["']([\w.:-]+)""", re.I
)
_NO_TEXT = {"script", "style", "template", "head", "iframe", "object", "embed", "svg", "canvas", "button", "select"}
_SECTIONS = {"thead", "tbody", "tfoot", "form"}
_ASIDE = {"nav", "aside", "footer", "noscript"}
_INLINE = re.compile(
    r"a|abbr|b|big|cite|code|data|del|dfn|em|font|i|ins|kbd|label|mark|q|s|small|span|strike|strong|sub|sup|tt|u"
)
_ATTACHED = re.compile(r"\.(pdf|docx?|wps|xlsx?|et|ofd|zip|rar|7z|jpe?g|png|tiff?)(?=$|[?#&])", re.I)
_START, _END = re.compile(r"<html[\s>]", re.I), re.compile(r"</(?:html|body)\s*>", re.I)
_CONCEALED = re.compile(r"(?:^|;)(?:display:none|visibility:hidden)(?:!important)?(?:;|$)")
_SIMPLE = re.compile(r"[a-z]{0,10}[.#][\w-]{1,60}")
_MOST_STYLE = 20_000  # characters of a style sheet that are looked at
_DEPTH = 200  # of elements; lxml itself stops at 256
_MAX_SPAN = 1000


def read(data: bytes, limits: Limits) -> Iterator[Page | Issue]:
    """The one page of a web page, and doubts: its encoding, its attachments, its pictures."""
    text, doubts = decode(data)
    if _START.search(text[:4096]) and not _END.search(text):
        doubts.append(_lost("the web page ends before its end (网页不完整)"))
    none = text.count("\0") + text.count("\ufffd")
    if none and not doubts:
        doubts.append(_lost(f"{none} characters of the web page are none: NUL or U+FFFD (部分字符丢失)"))
    parser = parsing.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        # What stands behind the end of the page is shown by browsers, and dropped by the parser.
        root = parsing.document_fromstring(_END.sub("", text).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise _empty() from error
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise ReadError(
            "the web page is nested too deeply to be read whole (网页嵌套过深)",
            remedy="save it as text, or print it to PDF",
            code="NB-READ-DAMAGED",
        )
    reader = _Reader(limits, frozenset(_unseen(root)))
    content = reader.blocks(root)
    if not content:
        raise _empty()
    yield page(content, reader.aside)
    yield from doubts
    yield from attachments(root)


def decode(data: bytes) -> tuple[str, list[Issue]]:
    """The text of a page: by its byte order mark, by the encoding that it names, by what its bytes are.

    GB2312 and GBK are read as GB18030, which holds both: pages name the one and use the other.
    """
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), []
    found = _CHARSET.search(data[:4096])
    named = (found[1] or found[2]).decode("ascii", "replace").lower() if found else ""
    tried = "gb18030" if re.fullmatch(r"gb[\w-]*|x-gbk|cp936|hz.*", named) else named or "utf-8"
    for encoding in dict.fromkeys((tried, "utf-8", "gb18030")):
        try:
            return data.decode(encoding), []
        except (UnicodeDecodeError, LookupError):
            continue
    try:
        text = data.decode(tried, "replace")
    except LookupError:
        text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    return text, [_lost(f"{lost} characters of the web page cannot be decoded (部分字符无法解码)")]


def attachments(root: Any) -> Iterator[Issue]:
    """What a page links to that may be a report or a part of it, and pictures; nothing is fetched."""
    found: dict[str, str] = {}
    for link in root.iter("a"):
        target = str(link.get("href") or "").strip()
        if _ATTACHED.search(unquote(target)):
            found.setdefault(target, re.sub(r"\s+", " ", link.text_content()).strip())
    for target, name in list(found.items())[:20]:
        yield Issue(
            code="NB-READ-ATTACHMENT",
            message=f"the page links to an attachment that was not read: {name[:80]} <{target[:200]}> (附件未读取)",
            remedy="fetch it and read it as a file of its own if the report is in it",
        )


class _Reader:
    """Walks a page; ``aside`` gathers what a reader of the page would pass over."""

    def __init__(self, limits: Limits, unseen: frozenset[str] = frozenset()) -> None:
        self.limits = limits
        self.unseen = unseen
        self.aside: list[str] = []
        self.cells = 0

    def blocks(self, element: Any) -> Content:
        """Lines and tables below an element, in their order."""
        found: Content = []
        words: list[str] = []
        self._walk(element, words, found, 0, False)
        _flush(words, found)
        return found

    def _walk(self, element: Any, words: list[str], found: Content, depth: int, verbatim: bool) -> None:
        """Text goes to `words` until a block ends; then its lines go to `found`."""
        if depth > _DEPTH:
            raise RecursionError
        verbatim = verbatim or element.tag in ("pre", "textarea")
        words.append(_text(element.text, verbatim))
        for item in element:
            tag = item.tag if isinstance(item.tag, str) else ""
            if not tag or tag in _NO_TEXT or _hidden(item) or self.hides(item):
                pass
            elif tag in _ASIDE or item.get("role") == "navigation":
                self.aside += [line for line in _Reader(self.limits, self.unseen).blocks(item) if isinstance(line, str)]
            elif tag == "br":
                words.append("\n")
            elif tag == "input":
                words.append(_value(item))
            elif tag == "table":
                _flush(words, found)
                found += [block for stray in _strays(item) for block in self.blocks(stray)]
                grid = self.table(item)
                if grid.size:
                    found.append(grid)
            elif _INLINE.fullmatch(tag):
                self._walk(item, words, found, depth + 1, verbatim)
            else:
                _flush(words, found)
                self._walk(item, words, found, depth + 1, verbatim)
                _flush(words, found)
            words.append(_text(item.tail, verbatim))

    def hides(self, element: Any) -> bool:
        """Whether the style sheet of the page hides an element; the form itself is shown by some script."""
        if not self.unseen:
            return False
        tag, names = element.tag, [f".{name}" for name in str(element.get("class") or "").split()]
        names += [f"#{element.get('id')}"] if element.get("id") else []
        return bool(self.unseen.intersection([*names, *(f"{tag}{name}" for name in names)])) and (
            anchors(element.text_content()) < ENOUGH
        )

    def table(self, element: Any) -> Grid:
        """A table by the rules of HTML: a cell takes the first free place of its row and what it spans."""
        grid = Grid()
        taken: dict[int, int] = {}  # column → first row that is free there
        for caption in element.iterfind("caption"):
            grid.boxes.append(Box(0, 0, content=self.blocks(caption)))
            taken[0] = 1
        row = len(grid.boxes)
        for line in _rows(element):
            column = 0
            for cell in line:
                if cell.tag not in ("td", "th") or _hidden(cell):
                    continue
                rows, columns = _span(cell, "rowspan"), _span(cell, "colspan")
                self.cells += columns
                check(self.cells, self.limits)
                while taken.get(column, 0) > row:
                    column += 1
                grid.boxes.append(Box(row, column, rows, columns, self.blocks(cell)))
                for covered in range(column, column + columns):
                    taken[covered] = row + rows
                column += columns
            row += 1
        return grid


def _rows(table: Any) -> Iterator[Any]:
    for item in table:
        if item.tag == "tr" and not _hidden(item):
            yield item
        elif item.tag in _SECTIONS:
            yield from _rows(item)


def _strays(table: Any) -> Iterator[Any]:
    """What stands between the rows of a table, where HTML allows nothing; browsers show it before the table."""
    for item in table:
        if item.tag in _SECTIONS:
            yield from _strays(item)
        elif item.tag == "tr":
            yield from (child for child in item if child.tag not in ("td", "th") and child.tag not in _NO_TEXT)
        elif item.tag not in ("caption", "colgroup", "col") and item.tag not in _NO_TEXT and not _hidden(item):
            yield item


def _unseen(root: Any) -> Iterator[str]:
    """The simple selectors (.class, #id, tag.class) that a style sheet in the page hides, @media aside."""
    for sheet in root.iter("style"):
        rules = re.sub(r"/\*.*?\*/", "", str(sheet.text or "")[:_MOST_STYLE], flags=re.S)
        while (plain := re.sub(r"@[^{};]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", rules)) != rules:
            rules = plain
        for head, body in re.findall(r"([^{}]{1,300})\{([^{}]*)\}", rules):
            if _CONCEALED.search(re.sub(r"\s", "", body).lower()):
                yield from (name for part in head.split(",") if _SIMPLE.fullmatch(name := part.strip()))


def _span(cell: Any, name: str) -> int:
    stated = str(cell.get(name) or "1").strip()
    return min(max(1, int(stated)), _MAX_SPAN) if stated.isdecimal() and len(stated) < 9 else 1


def _hidden(element: Any) -> bool:
    style = re.sub(r"\s", "", str(element.get("style") or "")).lower()
    return "display:none" in style or "visibility:hidden" in style or element.get("hidden") is not None


def _value(field: Any) -> str:
    """What a field of a form shows."""
    kind = str(field.get("type") or "text").lower()
    return str(field.get("value") or "") if kind in ("text", "number", "date", "tel") else ""


def _text(text: str | None, verbatim: bool) -> str:
    if not text:
        return ""
    return text if verbatim else re.sub(r"[ \t\r\n\f]+", " ", text)


def _flush(words: list[str], found: Content) -> None:
    """End a block: its lines, without blanks at their ends."""
    for line in "".join(words).split("\n"):
        if plain := re.sub(r"[\u200b\ufeff\r]", "", line.replace("\xa0", " ")).strip(" \t\u3000"):
            found.append(plain)
    words.clear()


def _lost(message: str) -> Issue:
    return Issue(code="NB-READ-LOSS", message=message, remedy="compare the record with the page")


def _empty() -> ReadError:
    return ReadError(
        "the web page holds no text (网页没有文字)",
        remedy="its text may come by script or stand in pictures: save the page as PDF, or fetch its attachments",
        code="NB-READ-EMPTY",
    )
