"""The invisible text that another program laid behind a scan: taken only where OCR cannot be had, never believed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nianbao.reading.layout import Cell, Line, Page
from nianbao.record import Issue


def layered(page: Page) -> Page:
    """The page with the lines of its hidden layer marked as such: figures that rest on them are in doubt."""

    def marked(block: Line | tuple[Cell, ...]) -> Line | tuple[Cell, ...]:
        if isinstance(block, Line):
            return replace(block, origin="layer")
        return tuple(replace(cell, lines=tuple(replace(line, origin="layer") for line in cell.lines)) for cell in block)

    return replace(page, blocks=tuple(map(marked, page.blocks)))


def hidden_layer(pages: Sequence[Page]) -> Issue:
    """The doubt that names the pages whose hidden layer was taken."""
    numbers = ", ".join(str(page.number) for page in pages[:10]) + (" …" if len(pages) > 10 else "")
    return Issue(
        code="NB-READ-LAYER",
        message=f"page {numbers}: the invisible text behind the scan was taken; another program recognised it, "
        "nobody checked it (采用了扫描件的隐藏文字层，未经核对)",
        remedy="compare all figures with the pages, or install OCR and read the file again: "
        "pip install '.[ocr]' in the folder of nianbao",
    )
