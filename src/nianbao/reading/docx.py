"""Word files (.docx): their text, tables and text boxes, in the order of the document.

The parts of the archive are read by lxml alone: text boxes, headers, tables in tables and Word's own numbering, which
the form's narratives use, would have to be taken from the XML in any case, and nothing of the archive that is not text
(pictures) is ever unpacked. Entities and external references are not resolved; a part with a document type is refused,
because no Word file has one.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any

from lxml import etree

from nianbao.errors import ReadError
from nianbao.reading.archive import Archive
from nianbao.reading.grid import GAP, Box, Content, Grid, check, page
from nianbao.reading.layout import Page
from nianbao.reading.limits import Limits
from nianbao.reading.numbering import Numbering
from nianbao.reading.ooxml import attribute, child, local, parse, whole
from nianbao.record import Issue

_SKIPPED = {"del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr", "sectPr", "tblPr", "tcPr", "trPr"}
_MAIN = "word/document.xml"


def read(data: bytes, limits: Limits) -> Iterator[Page | Issue]:
    """The one page of a Word file (it has no places), and doubts."""
    archive = Archive(data, limits)
    main, related = _parts(archive)
    document = parse(archive, main)
    reader = _Reader(
        limits, Numbering(*(parse(archive, related[kind]) for kind in ("numbering", "styles") if kind in related))
    )
    headers: Content = []
    for kind in [kind for kind in related if kind.startswith("header")]:
        for item in reader.blocks(parse(archive, related[kind])):
            if item not in headers and (isinstance(item, Grid) or re.search(r"\w", re.sub(r"[\d第共页]", "", item))):
                headers.append(item)
    body = next((child for child in document if local(child) == "body"), document)
    content = reader.blocks(body)
    if not any(isinstance(item, Grid) or item.strip() for item in content):
        pictures = sum(name.startswith(("word/media/",)) for name in archive.names)
        reason = f"{pictures} pictures and no text" if pictures else "no text"
        raise ReadError(
            f"the Word file holds {reason} (文档没有文字)",
            remedy="give the scanned pages as PDF or image" if pictures else "give the file of the report",
            code="NB-READ-EMPTY",
        )
    yield page([*headers, *content], reader.hidden)
    embedded = sorted(name for name in archive.names if name.startswith("word/embeddings/"))
    if embedded:
        yield Issue(
            code="NB-READ-ATTACHMENT",
            message=f"the Word file holds other files that were not read: {', '.join(embedded)[:300]} (内嵌文件未读取)",
            remedy="save them as files of their own if they matter",
        )


def _parts(archive: Archive) -> tuple[str, dict[str, str]]:
    """The name of the main part, and of the parts it uses by the last word of their relation (headers numbered)."""
    main = _MAIN
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
        if target in archive.names and kind in ("header", "numbering", "styles"):
            found[f"{kind} {target}" if kind == "header" else kind] = target
    return main, found


def _relations(archive: Archive, name: str, folder: str) -> Iterator[tuple[str, str]]:
    if name in archive.names:
        for relation in parse(archive, name):
            if relation.get("TargetMode") != "External":
                target = relation.get("Target", "")
                path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                yield relation.get("Type", "").rpartition("/")[2], path.lstrip("/")


class _Reader:
    """Walks a part; ``hidden`` gathers text that Word does not print."""

    def __init__(self, limits: Limits, numbering: Numbering) -> None:
        self.limits = limits
        self.numbering = numbering
        self.cells = 0
        self.hidden: list[str] = []

    def blocks(self, element: Any) -> Content:
        """Paragraphs (a string a line) and tables below an element."""
        found: Content = []
        for item in element:
            name = local(item)
            if name == "p":
                found += self.paragraph(item)
            elif name == "tbl":
                found.append(self.table(item))
            elif name not in _SKIPPED:  # sdt, sdtContent, ins, customXml, AlternateContent, Choice …
                found += self.blocks(item)
        return found

    def paragraph(self, element: Any) -> Content:
        """The lines of a paragraph, behind them what its text boxes hold."""
        boxes: Content = []
        text = "".join(self._text(element, boxes))
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
                yield (item.text or "").replace("\n", " ").replace("\t", GAP)
            elif name in ("tab", "ptab"):
                yield GAP
            elif name in ("br", "cr"):
                yield "\n"
            elif name == "noBreakHyphen":
                yield "-"
            elif name == "txbxContent":
                boxes += self.blocks(item)
            elif name == "r" and child(item, "rPr", "vanish") is not None and not _off(child(item, "rPr", "vanish")):
                self.hidden.append("".join(self._text(item, [])))
            elif name not in _SKIPPED and not isinstance(item.tag, etree._Entity):
                yield from self._text(item, boxes)

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
                if child(item, "trPr", "del") is None:
                    yield item
            elif local(item) not in _SKIPPED and local(item) != "tbl":
                yield from self._rows(item)

    def _cells(self, element: Any) -> Iterator[Any]:
        for item in element:
            if local(item) == "tc":
                yield item
            elif local(item) not in _SKIPPED and local(item) != "tbl":
                yield from self._cells(item)


def _off(element: Any) -> bool:
    return attribute(element) in ("0", "false", "off", "none")
