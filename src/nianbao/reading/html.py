"""Web pages: their text and tables, in the order of the page.

The page is decoded here and parsed by lxml, which loads nothing: no network, no document type, no entities beyond
those of HTML. What a browser shows of navigation is set aside; scripts and styles are no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from html import escape
from typing import Any
from urllib.parse import unquote

from lxml import etree
from lxml import html as parsing

from nianbao.errors import ReadError
from nianbao.reading.filing import ENOUGH, anchors
from nianbao.reading.grid import Box, Content, Grid, check, join_figures, page, struck_out
from nianbao.reading.layout import Page
from nianbao.reading.limits import Limits
from nianbao.reading.sniff import MHT, recognise
from nianbao.reading.text import BOMS, unmarked_utf16
from nianbao.record import Issue

_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]+)|<\?xml[^>]{0,100}?encoding=["']([\w.:-]+)""", re.I
)
_NO_TEXT = {"script", "style", "template", "head", "object", "embed", "svg", "canvas", "select", "rt", "rp"}
_FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_SECTIONS = {"thead", "tbody", "tfoot", "form"}
_ASIDE = {"nav", "aside", "footer", "noscript", "button"}
_STRUCK = {"del", "s", "strike"}
_VERBATIM = {"pre", "textarea", "xmp", "listing", "plaintext"}
# What starts a line of its own; any other element, known or not (Word's <o:p>), stands within its line.
_BLOCKS = re.compile(
    r"address|article|blockquote|body|caption|center|d[dlt]|details|dialog|dir|div|fieldset|figcaption|figure|form|"
    r"frameset|h[1-6r]|header|hgroup|html|legend|li|listing|main|menu|noframes|ol|optgroup|option|p|plaintext|pre|"
    r"search|section|summary|table|t[bdhr]|tbody|textarea|tfoot|thead|title|ul|xmp"
)
_ATTACHED = re.compile(r"\.(pdf|docx?|wps|xlsx?|et|ofd|zip|rar|7z|jpe?g|png|tiff?)(?=$|[?#&])", re.I)
_CALLED = re.compile(r"""['"]([^'"]{1,300})['"]""")  # what a script in a link is called with
_NAMED = re.compile(r"^附件|\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|7z)$", re.I)
_START, _END = re.compile(r"<html[\s>]", re.I), re.compile(r"</(?:html|body)\s*>", re.I)
_CONCEALED = re.compile(
    r"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|opacity:0|font-size:0(?:px)?)(?:!important)?(?:;|$)"
)
_PARTED = re.compile(r"(?:^|;)display:(?:block|inline-block|table|flex|grid|list-item)")
_FOOT, _FORM = re.compile(r"填\s*表\s*人|报\s*送\s*日\s*期"), re.compile(r"意见|情况|有效期")
# Nothing of these is text, and the parser refuses pieces above 10 MB: pictures inside the page, comments, scripts.
_EMBEDDED = re.compile(r"data:[\w/+.;=-]{0,99},[A-Za-z0-9+/=%\s]{1000,}")
_COMMENT = re.compile(r"<!--(?!\[if)"), re.compile(r"-->")
_SCRIPT = re.compile(r"<script\b", re.I), re.compile(r"</script[^>]{0,99}>", re.I)
_NO_CHARACTER = re.compile(r"[\0-\x08\x0b\x0c\x0e-\x1f\x7f]")
_SIMPLE = re.compile(r"[a-z]{0,10}[.#][\w-]{1,60}|[a-z]{1,10}")
_HEAD = 65_536  # bytes in which a page names its encoding
_LONG = 1_000_000  # characters from which on what is no text is taken out first
_MOST_FRAMES = 20
_MOST_STYLE = 20_000  # characters of a style sheet that are looked at
_DEPTH = 200  # of elements; lxml itself stops at 256
_MAX_SPAN = 1000


def read(data: bytes, limits: Limits) -> Iterator[Page | Issue]:
    """The one page of a web page, and doubts: its encoding, its attachments, its pictures."""
    text, doubts = decode(_archived(data) if recognise(data) == MHT else data)
    if _START.search(text[:4096]) and not _END.search(text):
        doubts.append(_lost("the web page ends before its end (网页不完整)"))
    none = len(_NO_CHARACTER.findall(text)) + text.count("\ufffd")
    if none and not doubts:
        doubts.append(_lost(f"{none} characters of the web page are none: controls or U+FFFD (部分字符丢失)"))
    root = _parse(text)
    unseen, parted = _styles(root)
    reader = _Reader(limits, unseen, parted)
    content = reader.blocks(root)
    elsewhere = list(dict.fromkeys(_elsewhere(root)))
    if not content or (elsewhere and anchors("".join(_plain(content))) < ENOUGH):
        raise _empty(elsewhere)
    content, below = _above(content)
    yield page(content, [*reader.aside, *below])
    yield from doubts
    if reader.struck:
        yield struck_out(reader.struck)
    yield from attachments(root)


def _archived(data: bytes) -> bytes:
    """The page in a web archive (.mht, as browsers and Word save it): its first part that is HTML."""
    parts = message_from_bytes(data).walk()
    page = next((part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/html"), None)
    if not isinstance(page, bytes):
        raise _empty([])
    return page


def _parse(text: str) -> Any:
    """The root of a page. Raises ReadError: no text at all, nested too deeply, a piece that is too long."""
    if text.lstrip().startswith("<?xml"):  # elsewhere browsers take it for a comment
        cut = [part.partition("<![CDATA[") for part in text.split("]]>")]
        text = "".join(before + escape(inner, quote=False) for before, _, inner in cut)
    if len(text) > _LONG:
        text = _EMBEDDED.sub("data:,", _without(_without(text, *_SCRIPT), *_COMMENT))
    parser = parsing.HTMLParser(
        encoding="utf-8", no_network=True, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        # What stands behind the end of the page is shown by browsers, and dropped by the parser.
        root = parsing.document_fromstring(_END.sub("", text).encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise _empty([]) from error
    fatal = [str(entry.message).strip() for entry in parser.error_log if entry.level_name == "FATAL"]
    if fatal:
        deep = any("depth" in message for message in fatal)
        how = (
            "is nested too deeply (网页嵌套过深)"
            if deep
            else f"cannot be read whole: {fatal[0][:200]} (网页无法完整读取)"
        )
        raise ReadError(f"the web page {how}", remedy="save it as text, or print it to PDF", code="NB-READ-DAMAGED")
    return root


def _without(text: str, start: re.Pattern[str], end: re.Pattern[str]) -> str:
    """A text without its passages from a start to an end, in time that grows with its length."""
    kept: list[str] = []
    at = 0
    while (opened := start.search(text, at)) and (closed := end.search(text, opened.end())):
        kept.append(text[at : opened.start()])
        at = closed.end()
    return "".join((*kept, text[at:]))


def decode(data: bytes) -> tuple[str, list[Issue]]:
    """The text of a page: by its byte order mark, by what its bytes are, by the encoding that it names.

    What a page names is often wrong, what is valid UTF-8 is nothing else. GB2312 and GBK are read as GB18030, which
    holds both: pages name the one and use the other. Of other names only Big5 is believed: no report is Western.
    """
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, "replace"), []
    if unmarked := unmarked_utf16(data):
        return data.decode(unmarked), []
    found = _CHARSET.search(data[:_HEAD])
    named = (found[1] or found[2]).decode("ascii", "replace").lower() if found else ""
    likely = "big5" if named.startswith("big5") else "utf-8" if named in ("utf-8", "utf8") else "gb18030"
    order = ("utf-8", likely, "gb18030")
    for encoding in order:
        try:
            return data.decode(encoding), []
        except UnicodeDecodeError:
            continue
    lost, text = min(((text.count("\ufffd"), text) for text in (data.decode(e, "replace") for e in order)), key=_first)
    return text, [_lost(f"{lost} characters of the web page cannot be decoded (部分字符无法解码)")]


def _first(pair: tuple[int, str]) -> int:
    return pair[0]


def attachments(root: Any) -> Iterator[Issue]:
    """What a page links to that may be a report or a part of it, and pictures; nothing is fetched.

    By the ending of the address, also in a script's call; where it has none, by the words of the link (附件1：许可证).
    """
    found: dict[str, str] = {}
    for link in root.iter("a", *_FRAMES):
        target = str(link.get(_FRAMES.get(link.tag, "href")) or "").strip()
        name = re.sub(r"\s+", " ", link.text_content()).strip()
        if target.lower().startswith(("javascript:", "#")) or not target:
            called = _CALLED.findall(f"{target} {link.get('onclick') or ''}")
            target = next((word for word in called if _ATTACHED.search(unquote(word))), called[0] if called else "")
        if _ATTACHED.search(unquote(target)) or (link.tag == "a" and target and _NAMED.search(name)):
            found.setdefault(target, name or _last(target))
    for target, name in list(found.items())[:20]:
        yield Issue(
            code="NB-READ-ATTACHMENT",
            message=f"the page links to an attachment that was not read: {name[:80]} <{target[:200]}> (附件未读取)",
            remedy="fetch it and read it as a file of its own if the report is in it",
        )


def _last(address: str) -> str:
    """The last part of an address."""
    return unquote(address).rstrip("/").rpartition("/")[2]


def _elsewhere(root: Any) -> Iterator[str]:
    """Where a page sends its reader: other pages in frames, a page that follows by itself."""
    for frame in root.iter(*_FRAMES):
        if target := str(frame.get(_FRAMES[frame.tag]) or "").strip():
            yield target
    for meta in root.iter("meta"):
        if str(meta.get("http-equiv")).lower() == "refresh" and (
            found := re.search(r"url\s*=\s*['\"]?([^'\"\s;]+)", str(meta.get("content")), re.I)
        ):
            yield found[1]


def _plain(content: Content) -> Iterator[str]:
    """The words of lines and tables."""
    for item in content:
        if isinstance(item, str):
            yield item
        else:
            for box in item.boxes:
                yield from _plain(box.content)


def _above(content: Content) -> tuple[Content, list[str]]:
    """A page's content up to the foot of the form, and the lines of the site below it (publisher, next article)."""
    foot = max((at for at, item in enumerate(content) if isinstance(item, str) and _FOOT.search(item)), default=-1)
    below = [item for item in content[foot + 1 :] if isinstance(item, str)]
    whole = anchors("".join(_plain(content[: foot + 1]))) >= ENOUGH
    if not whole or len(below) < len(content) - foot - 1 or _FORM.search("".join(below)):
        return content, []
    return content[: foot + 1], below


class _Reader:
    """Walks a page; ``aside`` gathers what a reader of the page would pass over, ``struck`` what is struck out."""

    def __init__(
        self, limits: Limits, unseen: frozenset[str] = frozenset(), parted: frozenset[str] = frozenset()
    ) -> None:
        self.limits = limits
        self.unseen = unseen
        self.parted = parted
        self.aside: list[str] = []
        self.struck: list[str] = []
        self.cells = 0
        self.framed = 0

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
        verbatim = verbatim or element.tag in _VERBATIM or "white-space:pre" in _style(element)
        words.append(_text(element.text, verbatim))
        for item in element:
            tag = item.tag if isinstance(item.tag, str) else ""
            if not tag or tag in _NO_TEXT or _hidden(item) or self.hides(item):
                pass
            elif tag in _STRUCK:
                text = "".join(_plain(_Reader(self.limits, self.unseen).blocks(item)))
                self.struck += [text] if text else []
                self.aside += [text] if text else []
            elif self.is_aside(item):
                self.aside += _plain(_Reader(self.limits, self.unseen).blocks(item))
            elif tag == "br":
                words.append("\n")
            elif tag == "input":
                words.append(_value(item))
            elif tag == "iframe":
                if (inner := item.get("srcdoc")) and self.framed < _MOST_FRAMES:
                    self.framed += 1
                    _flush(words, found)
                    found += self.blocks(_parse(inner))
            elif tag == "table":
                _flush(words, found)
                found += [block for stray in _strays(item) for block in self.blocks(stray)]
                grid = self.table(item)
                if grid.size:
                    found.append(grid)
            elif not _BLOCKS.fullmatch(tag) and not self.parts(item):
                self._walk(item, words, found, depth + 1, verbatim)
            else:
                _flush(words, found)
                self._walk(item, words, found, depth + 1, verbatim)
                _flush(words, found)
            words.append(_text(item.tail, verbatim))

    def is_aside(self, element: Any) -> bool:
        """Whether an element is navigation or the like; what holds the form is not, whatever it is called."""
        return (element.tag in _ASIDE or element.get("role") == "navigation") and (
            anchors(element.text_content()) < ENOUGH
        )

    def hides(self, element: Any) -> bool:
        """Whether the style sheet of the page hides an element; the form itself is shown by some script."""
        return bool(self.unseen.intersection(_selectors(element)) if self.unseen else False) and (
            anchors(element.text_content()) < ENOUGH
        )

    def parts(self, element: Any) -> bool:
        """Whether the page's style makes a line or a cell of an element that stands within its line by itself."""
        return bool(_PARTED.search(_style(element)) or (self.parted and self.parted.intersection(_selectors(element))))

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


def _styles(root: Any) -> tuple[frozenset[str], frozenset[str]]:
    """The simple selectors (.class, #id, tag, tag.class) that a style sheet in the page hides, and those that it makes
    lines or cells of their own; @media aside."""
    unseen: set[str] = set()
    parted: set[str] = set()
    for sheet in root.iter("style"):
        rules = re.sub(r"/\*.*?\*/", "", str(sheet.text or "")[:_MOST_STYLE], flags=re.S)
        while (plain := re.sub(r"@[^{};@]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", rules)) != rules:
            rules = plain
        for head, body in re.findall(r"([^{}]{1,300})\{([^{}]*)\}", rules):
            style = re.sub(r"\s", "", body).lower()
            names = {name for part in head.split(",") if _SIMPLE.fullmatch(name := part.strip())}
            if _CONCEALED.search(style):
                unseen |= {name for name in names if not name.isalpha()}
            elif _PARTED.search(style):
                parted |= names
    return frozenset(unseen), frozenset(parted)


def _selectors(element: Any) -> list[str]:
    """The simple selectors that mean an element."""
    names = [f".{name}" for name in str(element.get("class") or "").split()]
    names += [f"#{element.get('id')}"] if element.get("id") else []
    return [element.tag, *names, *(f"{element.tag}{name}" for name in names)]


def _style(element: Any) -> str:
    style = element.get("style")
    return re.sub(r"\s", "", str(style)).lower() if style else ""


def _span(cell: Any, name: str) -> int:
    stated = str(cell.get(name) or "1").strip()
    return min(max(1, int(stated)), _MAX_SPAN) if stated.isdecimal() and len(stated) < 9 else 1


def _hidden(element: Any) -> bool:
    return bool(_CONCEALED.search(_style(element))) or element.get("hidden") is not None


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
    text = re.sub(r"[\u200b\ufeff\r\xad]", "", _NO_CHARACTER.sub("", "".join(words)))
    for line in join_figures(text).split("\n"):
        if plain := line.replace("\xa0", " ").strip(" \t\u3000"):
            found.append(plain)
    words.clear()


def _lost(message: str) -> Issue:
    return Issue(code="NB-READ-LOSS", message=message, remedy="compare the record with the page")


def _empty(elsewhere: list[str]) -> ReadError:
    if elsewhere:
        return ReadError(
            f"the web page only shows or leads to others: {', '.join(elsewhere)[:300]} (内容在其他页面)",
            remedy="save that page or file, and give it",
            code="NB-READ-EMPTY",
        )
    return ReadError(
        "the web page holds no text (网页没有文字)",
        remedy="its text may come by script or stand in pictures: save the page as PDF, or fetch its attachments",
        code="NB-READ-EMPTY",
    )
