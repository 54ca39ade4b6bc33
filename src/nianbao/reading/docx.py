"""Word files (.docx): their text, tables and text boxes, in the order of the document.

The parts of the archive are read by lxml alone: text boxes, headers, tables in tables and Word's own numbering, which
the form's narratives use, would have to be taken from the XML in any case, and nothing of the archive that is not text
(pictures) is ever unpacked. Entities and external references are not resolved; a part with a document type is refused,
because no Word file has one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree

from nianbao.errors import ReadError
from nianbao.reading.archive import Archive
from nianbao.reading.grid import GAP, Box, Content, Grid, check, join_figures, page, struck_out
from nianbao.reading.layout import Page
from nianbao.reading.limits import Limits
from nianbao.reading.numbering import Numbering
from nianbao.reading.ooxml import attribute, child, local, parse, value, whole
from nianbao.reading.symbols import symbol
from nianbao.record import Issue

_SKIPPED = {"del", "moveFrom", "instrText", "delText", "rPr", "pPr", "sectPr", "tblPr", "tcPr", "trPr", "sdtPr", "rt"}
_MAIN = "word/document.xml"
_UNREAD = ("afchunk", "subdocument")  # relations to further text
# A field is what Word computes from, then its result. The marks are characters that XML cannot hold.
_MARKS = {"begin": "\x01", "separate": "\x02", "end": "\x03"}


def read(data: bytes, limits: Limits) -> Iterator[Page | Issue]:
    """The one page of a Word file (it has no places), and doubts."""
    archive = Archive(data, limits)
    main, related = _parts(archive)
    document = parse(archive, main, mend=True)
    parts = {kind: parse(archive, related[kind]) for kind in ("numbering", "styles") if kind in related}
    reader = _Reader(limits, Numbering(*parts.values()), _unprinted(parts.get("styles", ())))
    further = [target for kind, target in related.items() if kind.startswith(_UNREAD)]
    headers: Content = []
    for kind in [kind for kind in related if kind.startswith("header")]:
        for item in reader.blocks(parse(archive, related[kind], mend=True)):
            if item not in headers and (isinstance(item, Grid) or re.search(r"\w", re.sub(r"[\d第共页]", "", item))):
                headers.append(item)
    body = next((child for child in document if local(child) == "body"), document)
    content = reader.blocks(body)
    if not any(isinstance(item, Grid) or item.strip() for item in content):
        pictures = sum("/media/" in name for name in archive.names)
        reason = f"{pictures} pictures and no text" if pictures else "no text"
        reason += f"; it stands in {', '.join(further)[:200]}, which is not read" if further else ""
        raise ReadError(
            f"the Word file holds {reason} (文档没有文字)",
            remedy="give the scanned pages as PDF or image" if pictures else "give the report as Word saves it",
            code="NB-READ-EMPTY",
        )
    yield page([*headers, *content], [*reader.hidden, *reader.struck])
    if reader.struck:
        yield struck_out(reader.struck)
    if reader.lost:
        yield Issue(
            code="NB-READ-LOSS",
            message=f"{reader.lost} characters of the Word file are none: controls or U+FFFD (部分字符丢失)",
            remedy="compare the record with the file",
        )
    if reader.symbols:
        yield Issue(
            code="NB-READ-LOSS",
            message=f"symbols were not read: {', '.join(sorted(reader.symbols))[:200]} (符号字体的字符未读取)",
            remedy="compare the record with the file",
        )
    embedded = [*sorted(name for name in archive.names if name.startswith("word/embeddings/")), *further]
    if embedded:
        yield Issue(
            code="NB-READ-ATTACHMENT",
            message=f"the Word file holds other files that were not read: {', '.join(embedded)[:300]} (内嵌文件未读取)",
            remedy="save them as files of their own if they matter",
        )


def _parts(archive: Archive) -> tuple[str, dict[str, str]]:
    """The name of the main part, and of the parts it uses by the last word of their relation (headers numbered)."""
    main = archive.named(_MAIN)
    for kind, target in _relations(archive, "_rels/.rels", ""):
        if kind == "officeDocument" and target in archive.names:
            main = target
    if main not in archive.names:
        raise ReadError(
            "the Word file has no document in it (文档缺少正文)",
            remedy="get the file again",
            place=main,
            code="NB-READ-DAMAGED",
        )
    folder, name = posixpath.split(main)
    found: dict[str, str] = {}
    for kind, target in _relations(archive, f"{folder}/_rels/{name}.rels", folder):
        if target in archive.names and kind in ("header", "numbering", "styles", *_UNREAD):
            found[kind if kind in ("numbering", "styles") else f"{kind} {target}"] = target
    return main, found


def _unprinted(styles: Iterable[Any]) -> frozenset[str]:
    """The names of the styles whose text Word does not print, with those that are based on them."""
    based: dict[str, str] = {}
    stated: dict[str, bool] = {}
    for style in styles:
        name = attribute(style, "styleId")
        based[name] = value(style, "basedOn")
        if (vanish := child(style, "rPr", "vanish")) is not None:
            stated[name] = _on(vanish)

    def hidden(name: str, steps: int) -> bool:
        return stated.get(name, steps > 0 and name in based and hidden(based[name], steps - 1))

    return frozenset(name for name in based if hidden(name, 20))


def _relations(archive: Archive, name: str, folder: str) -> Iterator[tuple[str, str]]:
    if name in archive.names:
        for relation in parse(archive, name):
            if relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                kind = relation.get("Type", "").rpartition("/")[2]
                yield kind.lower() if kind.lower() in _UNREAD else kind, archive.named(path.lstrip("/"))


class _Reader:
    """Walks a part; ``hidden`` gathers text that Word does not print, ``struck`` what is struck out, ``symbols`` what
    symbols are not known, ``lost`` counts characters that are none. unprinted: styles whose text is not printed."""

    def __init__(self, limits: Limits, numbering: Numbering, unprinted: frozenset[str] = frozenset()) -> None:
        self.limits = limits
        self.numbering = numbering
        self.unprinted = unprinted
        self.cells = 0
        self.hidden: list[str] = []
        self.struck: list[str] = []
        self.symbols: set[str] = set()
        self.lost = 0

    def blocks(self, element: Any) -> Content:
        """Paragraphs (a string a line) and tables below an element."""
        found: Content = []
        joined = False  # the mark at the end of the last paragraph is deleted: the next one goes on in it
        for item in element:
            name = local(item)
            if name == "p":
                lines = self.paragraph(item)
                if joined and found and lines and isinstance(found[-1], str) and isinstance(lines[0], str):
                    lines[0] = f"{found.pop()}{lines[0]}"
                found += lines
                joined = child(item, "pPr", "rPr", "del") is not None
            elif name == "tbl":
                found.append(self.table(item))
            elif name == "AlternateContent":  # the same in several forms
                found += next(filter(None, map(self.blocks, item)), [])
            elif name not in _SKIPPED and not _placeholder(item):  # sdt, sdtContent, ins, customXml …
                found += self.blocks(item)
        return found

    def paragraph(self, element: Any) -> Content:
        """The lines of a paragraph, behind them what its text boxes hold."""
        boxes: Content = []
        text = "".join(self._text(element, boxes))
        text = join_figures(_results(text))
        if value(element, "pPr", "pStyle") in self.unprinted:
            self.hidden.append(text)
            return boxes
        lines: Content = [line.strip(" \t\u3000\xa0") for line in text.split("\n")]
        if any(lines):
            properties = child(element, "pPr")
            mark = self.numbering.mark(properties) if properties is not None else ""
            first = next(index for index, line in enumerate(lines) if line)
            lines[first] = f"{mark}{lines[first]}"
        return [*(line for line in lines if line), *boxes]

    def _text(self, element: Any, boxes: Content) -> Iterator[str]:
        for item in element:
            name = local(item)
            if name == "t":
                words = item.text or ""
                self.lost += words.count("\ufffd")
                yield words.replace("\n", " ").replace("\t", GAP)
            elif name in ("tab", "ptab"):
                yield GAP
            elif name in ("br", "cr"):
                yield "\n"
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "sym":
                yield self._symbol(item)
            elif name == "fldChar":
                yield _field(item)
            elif name == "txbxContent":
                boxes += self.blocks(item)
            elif name == "AlternateContent":
                yield from self._first(item, boxes)
            elif name == "r" and (apart := self._apart(item)) is not None:
                if words := "".join(self._text(item, [])).strip("\x01\x02\x03"):
                    apart.append(words)
            elif name not in _SKIPPED and not _placeholder(item) and not isinstance(item.tag, etree._Entity):
                yield from self._text(item, boxes)

    def _first(self, element: Any, boxes: Content) -> list[str]:
        """What the first of several forms of one content gives that gives anything."""
        for form in element:
            inner: Content = []
            words = list(self._text(form, inner))
            if inner or any(words):
                boxes += inner
                return words
        return []

    def _apart(self, run: Any) -> list[str] | None:
        """Where the text of a run goes that is not printed or struck out; None for the others."""
        if (properties := child(run, "rPr")) is None:
            return None
        vanish = child(properties, "vanish")
        if _on(vanish) or (vanish is None and value(properties, "rStyle") in self.unprinted):
            return self.hidden
        return self.struck if _on(child(properties, "strike")) or _on(child(properties, "dstrike")) else None

    def _symbol(self, element: Any) -> str:
        font, stated = attribute(element, "font"), attribute(element, "char")
        found = symbol(font, stated)
        if found is None:
            self.symbols.add(f"{font} {stated}"[:60])
        return found or ""

    def table(self, element: Any) -> Grid:
        """A table; a cell merged over rows or columns stands in it once."""
        grid = Grid()
        above: dict[int, Box] = {}  # column → the cell that a merge from above would continue
        for row, line in enumerate(self._rows(element)):
            column = whole(child(line, "trPr", "gridBefore"), 0)
            for cell in self._cells(line):
                self.cells += 1
                check(self.cells, self.limits)
                width = max(1, whole(child(cell, "tcPr", "gridSpan"), 1))
                merge = child(cell, "tcPr", "vMerge")
                content = self.blocks(cell)
                if merge is not None and attribute(merge) != "restart" and column in above:
                    above[column].rows = row - above[column].row + 1
                    above[column].content += content  # Word shows only the first; text lost there would be lost to all
                else:
                    box = Box(row, column, 1, width, content)
                    grid.boxes.append(box)
                    above[column] = box
                column += width
        return grid

    def _rows(self, element: Any) -> Iterator[Any]:
        for item in element:
            if local(item) == "tr":
                if child(item, "trPr", "del") is None and not _on(child(item, "trPr", "hidden")):
                    yield item
            elif local(item) not in _SKIPPED and local(item) != "tbl":
                yield from self._rows(item)

    def _cells(self, element: Any) -> Iterator[Any]:
        for item in element:
            if local(item) == "tc":
                if child(item, "tcPr", "cellDel") is None:
                    yield item
            elif local(item) not in _SKIPPED and local(item) != "tbl":
                yield from self._cells(item)


def _placeholder(element: Any) -> bool:
    """Whether a content control only shows what to enter (单击此处输入文字)."""
    return local(element) == "sdt" and _on(child(element, "sdtPr", "showingPlcHdr"))


def _results(text: str) -> str:
    """A text with marks of fields: of each field its result. One that goes on in other paragraphs stays whole."""
    parts: list[tuple[list[str], list[str]]] = [([], [])]  # of each open field: what it computes from, its result
    shown: list[bool] = [False]  # whether its result has begun
    for piece in re.split("([\x01-\x03])", text):
        if piece == _MARKS["begin"]:
            parts.append(([], []))
            shown.append(False)
        elif piece == _MARKS["separate"]:
            shown[-1] = len(shown) > 1
        elif piece == _MARKS["end"]:
            if len(parts) > 1:
                _, result = parts.pop()
                shown.pop()
                parts[-1][shown[-1]].extend(result)
        else:
            parts[-1][shown[-1]].append(piece)
    return "".join(piece for field in parts for half in field for piece in half)


def _field(element: Any) -> str:
    """The mark of a field; the boxes and lists of old forms have their value in it."""
    mark = _MARKS.get(attribute(element, "fldCharType"), "")
    if (box := child(element, "ffData", "checkBox")) is not None:
        checked = child(box, "checked")
        return f"{mark}{_MARKS['separate']}{'☑' if _on(child(box, 'default') if checked is None else checked) else '☐'}"
    if (listed := child(element, "ffData", "ddList")) is not None:
        entries = [attribute(entry) for entry in listed if local(entry) == "listEntry"]
        return f"{mark}{_MARKS['separate']}{''.join(entries[whole(child(listed, 'result'), 0) :][:1])}"
    return mark


def _on(element: Any) -> bool:
    """Whether a property is there and not switched off."""
    return element is not None and attribute(element) not in ("0", "false", "off", "none")
