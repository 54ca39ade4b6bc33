"""OFD files of the invented report of ``pdf.py``, in the shapes that programs give them (GB/T 33190-2016).

The same pages, set once, are written in other words: text in pieces, one object a glyph, offsets with repeats,
matrices, templates, blocks. ``python ofd.py FOLDER`` writes them all.
"""

from __future__ import annotations

import io
import random
import sys
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import cos, radians, sin
from pathlib import Path
from xml.sax.saxutils import escape

from generate import pdf
from generate.pdf import Sheet, Text

MM = 25.4 / 72  # a point
NAMESPACE = "http://www.ofdspec.org/2016"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
RED = (0.85, 0.05, 0.05)
Pair = tuple[float, float]


@dataclass(frozen=True, kw_only=True)
class Style:
    """One way to write the report.

    runs: ``line`` (an object a line, an offset a character), ``repeat`` (g n v), ``woven`` (by fonts), ``glyph`` (an
    object a character), ``shuffled`` (woven, in any order), ``block`` (lines of one left edge in one TextCode).
    space: ``mm``, ``points`` (scaled by the matrix), ``turned`` (all on its side).
    rules: ``stroke``, ``fill`` (thin rectangles), ``cells`` (a rectangle for each), ``flipped`` (y upwards).
    holder: what the form's labels and rules stand in: ``page``, ``template``, ``foreground``, ``layers``, ``blocks``,
    ``composite``. dialect: of an old program: other namespace, other paths, no attribute that has a default.
    marks: ``content`` or ``annotations``: where watermark and stamp stand. layout: the pages themselves.
    """

    runs: str = "line"
    space: str = "mm"
    rules: str = "stroke"
    holder: str = "page"
    dialect: bool = False
    marks: str = "content"
    layout: pdf.Style = field(default_factory=pdf.Style)


STYLES: dict[str, Style] = {
    "plain": Style(),
    "repeat": Style(runs="repeat"),
    "woven": Style(runs="woven"),
    "glyph": Style(runs="glyph"),
    "shuffled": Style(runs="shuffled"),
    "block": Style(runs="block"),
    "points": Style(space="points", rules="flipped"),
    "turned": Style(space="turned"),
    "turned-woven": Style(space="turned", runs="woven", rules="fill"),
    "template": Style(holder="template"),
    "template-woven": Style(holder="template", runs="shuffled", rules="fill"),
    "foreground": Style(holder="foreground", rules="cells"),
    "layers": Style(holder="layers", runs="glyph"),
    "blocks": Style(holder="blocks", rules="fill"),
    "composite": Style(holder="composite"),
    "dialect": Style(dialect=True, space="points"),
    "large": Style(layout=pdf.Style(size=14.0, justify=True)),
    "open": Style(runs="repeat", layout=pdf.Style(rules="open", size=14.0)),
    "no-rules": Style(runs="woven", layout=pdf.Style(rules="none")),
    "turned-labels": Style(layout=pdf.Style(labels="turned")),
    "vertical-labels": Style(layout=pdf.Style(labels="vertical")),
    "marks": Style(layout=pdf.Style(watermark=True, stamp=True)),
    "annotations": Style(marks="annotations", layout=pdf.Style(watermark=True, stamp=True)),
    "cover": Style(runs="repeat", layout=pdf.Style(cover=True, header=True)),
    "two-sponsors": Style(layout=pdf.Style(sponsors=("澄溪市水务局", "澄溪市应急管理局"))),
    "kangxi": Style(layout=pdf.Style(kangxi=True)),
}


def build(style: Style = Style(), seed: int = 7) -> bytes:  # noqa: B008
    """The report as an OFD file."""
    return packed(parts(style, seed))


def packed(members: Mapping[str, str | bytes]) -> bytes:
    """A package of these parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in members.items():
            file.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def parts(style: Style = Style(), seed: int = 7) -> dict[str, str | bytes]:  # noqa: B008
    """The parts of the report's package."""
    # Values in blue tell values from labels; the colour is not written.
    layout = replace(style.layout, blue=True, rotate=0)
    return document([_Writer(style, sheet, random.Random(seed)) for sheet in pdf.sheets(layout)], style)


def document(pages: Sequence[_Writer], style: Style = Style()) -> dict[str, str | bytes]:  # noqa: B008
    """The parts of a package of pages."""
    size = (pdf.HEIGHT, pdf.WIDTH) if style.space == "turned" else (pdf.WIDTH, pdf.HEIGHT)
    box = f"0 0 {size[0] * MM:.4f} {size[1] * MM:.4f}"
    found: dict[str, str | bytes] = {
        "OFD.xml": root("OFD", "<ofd:DocBody><ofd:DocInfo/><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>")
    }
    templates, listed, notes, units = "", "", "", ""
    for number, page in enumerate(pages):
        content, held = page.layers()
        template = ""
        if style.holder in ("template", "foreground") and held:
            order = "Foreground" if style.holder == "foreground" else "Background"
            templates += f'<ofd:TemplatePage ID="{900 + number}" BaseLoc="Tpls/Tpl_{number}/Content.xml"/>'
            template = f'<ofd:Template TemplateID="{900 + number}" ZOrder="{order}"/>'
            found[f"Doc_0/Tpls/Tpl_{number}/Content.xml"] = root(
                "Page", f"<ofd:Content><ofd:Layer>{held}</ofd:Layer></ofd:Content>"
            )
        elif style.holder == "composite":
            units += f'<ofd:CompositeGraphicUnit ID="{800 + number}" Width="210" Height="297">'
            units += f"<ofd:Content>{held}</ofd:Content></ofd:CompositeGraphicUnit>"
            unit = f'<ofd:CompositeObject ID="{700 + number}" ResourceID="{800 + number}" Boundary="{box}"/>'
            content = f"<ofd:Layer>{unit}</ofd:Layer>{content}"
        path = f"Pages/Page_{number}/Content.xml"
        listed += f'<ofd:Page ID="{number + 1}" BaseLoc="{path if not style.dialect else path.replace("/", chr(92))}"/>'
        found[f"Doc_0/{path}"] = root("Page", f"{template}<ofd:Content>{content}</ofd:Content>")
        if page.marks:
            place = f"Page_{number}/Annotation.xml"
            notes += f'<ofd:Page PageID="{number + 1}"><ofd:FileLoc>{place}</ofd:FileLoc></ofd:Page>'
            found[f"Doc_0/Annots/{place}"] = root("PageAnnot", "".join(page.marks))
    fonts = "".join(f'<ofd:Font ID="{n}" FontName="宋体" FamilyName="宋体"/>' for n in (1, 2, 3))
    found["Doc_0/PublicRes.xml"] = root("Res", f"<ofd:Fonts>{fonts}</ofd:Fonts>", 'BaseLoc="Res"')
    found["Doc_0/DocumentRes.xml"] = root("Res", f"<ofd:CompositeGraphicUnits>{units}</ofd:CompositeGraphicUnits>")
    extra = ""
    if notes:
        found["Doc_0/Annots/Annotations.xml"] = root("Annotations", notes)
        extra = "<ofd:Annotations>Annots/Annotations.xml</ofd:Annotations>"
    found["Doc_0/Document.xml"] = root(
        "Document",
        f"<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>{box}</ofd:PhysicalBox></ofd:PageArea>"
        f"<ofd:PublicRes>PublicRes.xml</ofd:PublicRes><ofd:DocumentRes>/Doc_0/DocumentRes.xml</ofd:DocumentRes>{templates}"
        f"</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>{extra}",
    )
    if not style.dialect:
        return found
    old = {
        name: data.replace(NAMESPACE, "http://www.ofdspec.org") for name, data in found.items() if isinstance(data, str)
    }
    return {name.replace("Doc_0/Pages", "DOC_0/pages"): "\ufeff" + data for name, data in old.items()}


def root(name: str, inner: str, attributes: str = "") -> str:
    """A part."""
    return f'{HEAD}<ofd:{name} xmlns:ofd="{NAMESPACE}" {attributes}>{inner}</ofd:{name}>'


class _Writer:
    """Writes one page."""

    def __init__(self, style: Style, sheet: Sheet, chance: random.Random) -> None:
        self.style = style
        self.sheet = sheet
        self.chance = chance
        self.marks: list[str] = []
        self.count = 10

    def layers(self) -> tuple[str, str]:
        """(the layers of the page, the form's labels and rules where these stand elsewhere)."""
        style = self.style
        apart = style.marks == "annotations"
        marks = [text for text in self.sheet.texts if text.slant not in (0.0, 90.0) or text.colour == RED]
        texts = [text for text in self.sheet.texts if not (apart and any(text is mark for mark in marks))]
        values = [text for text in texts if text.colour not in ((0, 0, 0), RED) and text.slant == 0.0]
        labels = [text for text in texts if not any(text is value for value in values)]
        form = [*self.rules(), *self.texts(labels)]
        said = self.texts(values)
        for x, y in self.sheet.stamps:
            seal = self.circle(x, y)
            (self.marks if apart else said).append(self.note("Stamp", [seal]) if apart else seal)
        for mark in marks if apart else ():
            kind = "Stamp" if mark.colour == RED else "Watermark"
            self.marks.append(self.note(kind, [self.text(mark, mark.chars, 1)]))
        if style.runs == "shuffled":
            self.chance.shuffle(said)
        if style.holder in ("template", "foreground", "composite"):
            return f"<ofd:Layer>{''.join(said)}</ofd:Layer>", "".join(form)
        if style.holder == "layers":  # the upper layer first in the file
            upper = f'<ofd:Layer Type="Foreground">{"".join(said)}</ofd:Layer>'
            return f'{upper}<ofd:Layer Type="Background">{"".join(form)}</ofd:Layer>', ""
        if style.holder == "blocks":
            inner = "".join(f"<ofd:PageBlock>{one}</ofd:PageBlock>" for one in (*form, *said))
            return f"<ofd:Layer><ofd:PageBlock><ofd:PageBlock>{inner}</ofd:PageBlock></ofd:PageBlock></ofd:Layer>", ""
        return f"<ofd:Layer>{''.join((*form, *said))}</ofd:Layer>", ""

    def note(self, kind: str, items: Iterable[str]) -> str:
        box = f"0 0 {pdf.WIDTH * MM:.3f} {pdf.HEIGHT * MM:.3f}"
        shown = f'<ofd:Appearance Boundary="{box}">{"".join(items)}</ofd:Appearance>'
        return f'<ofd:Annot ID="{self.id()}" Type="{kind}">{shown}</ofd:Annot>'

    def id(self) -> int:
        self.count += 1
        return self.count

    # ------------------------------------------------------------ places

    def place(self, x: float, y: float) -> Pair:
        """A point of the sheet on the page, in mm."""
        return ((pdf.HEIGHT - y) * MM, x * MM) if self.style.space == "turned" else (x * MM, y * MM)

    # ------------------------------------------------------------ text

    def texts(self, texts: Iterable[Text]) -> list[str]:
        runs = self.style.runs
        if runs == "block":
            return list(self.blocks(list(texts)))
        found: list[str] = []
        for text in texts:
            if text.slant or runs in ("line", "repeat"):
                found.append(self.text(text, text.chars, 1))
            elif runs == "glyph":
                found += [self.text(text, [pair], _font(pair[0])) for pair in sorted(text.chars, key=_drawn)]
            else:
                for font in (2, 0, 1):
                    part = [pair for pair in text.chars if pdf._font(pair[0]) == font]
                    found += [self.text(text, part, font + 1)] if part else []
        if runs == "shuffled":
            self.chance.shuffle(found)
        return found

    def blocks(self, texts: Sequence[Text]) -> Iterator[str]:
        """Lines that follow one another below one left edge as one TextCode, its offsets leading back and down."""
        group: list[Text] = []
        for text in [*texts, None]:
            last = group[-1] if group else None
            if text is None or text.slant or (last and (last.chars[0][1], last.size) != (text.chars[0][1], text.size)):
                if group:
                    yield self.block(group)
                group = []
                if text is not None and text.slant:
                    yield self.text(text, text.chars, 1)
                    continue
            if text is not None:
                group.append(text)

    def block(self, texts: Sequence[Text]) -> str:
        chars = [(char, x, text.y) for text in texts for char, x in text.chars]
        steps = [(b[1] - a[1], b[2] - a[2]) for a, b in zip(chars, chars[1:], strict=False)]
        words = "".join(char for char, _, _ in chars)
        return self.object(words, (chars[0][1], chars[0][2]), texts[0].size, steps, 1, texts[0])

    def text(self, text: Text, chars: Sequence[tuple[str, float]], font: int) -> str:
        steps = [(b - a, 0.0) for (_, a), (_, b) in zip(chars, chars[1:], strict=False)]
        words = "".join(char for char, _ in chars)
        return self.object(words, (chars[0][1], text.y), text.size, steps, font, text)

    def object(self, words: str, at: Pair, size: float, steps: Sequence[Pair], font: int, text: Text) -> str:
        if self.style.layout.kangxi:
            words = "".join(pdf.KANGXI.get(char, char) for char in words)
        unit = 1.0 if self.style.space == "points" else MM  # of its own space, in points
        scale = MM / unit
        turn = radians(-text.slant + (90 if self.style.space == "turned" else 0))
        a, b = scale * cos(turn), scale * sin(turn)
        x, y = self.place(*at)
        # Its base line begins at (0, size) of its own space.
        left, top = x + b * size * unit, y - a * size * unit
        matrix = "" if (a, b) == (1.0, 0.0) else f' CTM="{a:.6f} {b:.6f} {-b:.6f} {a:.6f} 0 0"'
        across, below = [dx * unit for dx, _ in steps], [dy * unit for _, dy in steps]
        offsets = f' DeltaX="{self.deltas(across)}"' if steps else ""
        offsets += f' DeltaY="{self.deltas(below)}"' if any(below) else ""
        colour = " ".join(str(round(255 * part)) for part in text.colour)
        ink = f'<ofd:FillColor Value="{colour}"/>' if text.slant not in (0.0, 90.0) or text.colour == RED else ""
        defaults = "" if self.style.dialect else ' Fill="true" Stroke="false" Visible="true" Alpha="255"'
        wide, high = (abs(sum(across)) + size * unit) * scale, size * unit * scale * 1.2
        return (
            f'<ofd:TextObject ID="{self.id()}" Boundary="{left:.4f} {top:.4f} {wide:.4f} {high:.4f}"'
            f'{matrix} Font="{font}" Size="{size * unit:.4f}"{defaults}>{ink}'
            f'<ofd:TextCode X="0" Y="{size * unit:.4f}"{offsets}>{escape(words)}</ofd:TextCode></ofd:TextObject>'
        )

    def deltas(self, steps: Sequence[float]) -> str:
        words = [f"{step:.4f}" for step in steps]
        if self.style.runs != "repeat":
            return " ".join(words)
        found, place = [], 0
        while place < len(words):
            end = place
            while end < len(words) and words[end] == words[place]:
                end += 1
            found.append(f"g {end - place} {words[place]}" if end - place > 1 else words[place])
            place = end
        return " ".join(found)

    # ------------------------------------------------------------ rules

    def rules(self) -> list[str]:
        style = self.style
        if style.layout.rules == "none":
            return []
        rules = self.sheet.rules
        if style.layout.rules == "open":
            end = max((y1 for _, _, _, y1 in rules), default=0.0)
            rules = [rule for rule in rules if end < pdf.BOTTOM - 40 or not rule[1] == rule[3] == end]
        if style.rules == "cells":
            return [self.path(_rectangle(*cell), 'Stroke="true" Fill="false"') for cell in self.sheet.cells]
        if style.rules == "fill":
            return [
                self.path(_rectangle(x0 - 0.25, y0 - 0.25, x1 + 0.25, y1 + 0.25), 'Stroke="false" Fill="true"')
                for x0, y0, x1, y1 in rules
            ]
        return [self.path([(x0, y0), (x1, y1)], "" if style.dialect else 'Stroke="true"') for x0, y0, x1, y1 in rules]

    def path(self, spots: Sequence[Pair], attributes: str) -> str:
        places = [self.place(*spot) for spot in spots]
        left, top = min(x for x, _ in places), min(y for _, y in places)
        width, height = max(x for x, _ in places) - left, max(y for _, y in places) - top
        matrix, boundary = "", f"{left:.4f} {top:.4f} {width:.4f} {height:.4f}"
        local = [(x - left, y - top) for x, y in places]
        if self.style.rules == "flipped":
            matrix, boundary = f' CTM="{MM:.8f} 0 0 {-MM:.8f} 0 {pdf.HEIGHT * MM:.6f}"', "0 0 210 297"
            local = [(x, pdf.HEIGHT - y) for x, y in spots]
        words = " ".join(f"{'L' if n else 'M'} {x:.4f} {y:.4f}" for n, (x, y) in enumerate(local))
        closed = " C" if len(spots) > 2 else ""
        colour = '<ofd:FillColor Value="0 0 0"/>' if 'Fill="true"' in attributes else '<ofd:StrokeColor Value="0 0 0"/>'
        return (
            f'<ofd:PathObject ID="{self.id()}" Boundary="{boundary}"{matrix} {attributes} LineWidth="0.25">'
            f"{colour}<ofd:AbbreviatedData>{words}{closed}</ofd:AbbreviatedData></ofd:PathObject>"
        )

    def circle(self, x: float, y: float) -> str:
        (x, y), r = self.place(x, y), 42 * MM
        left, top = x - r, y - r
        words = f"M 0 {r} B 0 {2 * r} {2 * r} {2 * r} {2 * r} {r} B {2 * r} 0 0 0 0 {r} C"
        return (
            f'<ofd:PathObject ID="{self.id()}" Boundary="{left:.3f} {top:.3f} {2 * r:.3f} {2 * r:.3f}" LineWidth="0.7">'
            f'<ofd:StrokeColor Value="217 13 13"/><ofd:AbbreviatedData>{words}</ofd:AbbreviatedData></ofd:PathObject>'
        )


def _rectangle(x0: float, y0: float, x1: float, y1: float) -> list[Pair]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def _font(char: str) -> int:
    return pdf._font(char) + 1


def _drawn(pair: tuple[str, float]) -> tuple[int, float]:
    return _font(pair[0]), pair[1]


# ---------------------------------------------------------------- pages of one's own


def one_page(content: str, *, more: Mapping[str, str | bytes] | None = None, resources: str = "") -> bytes:
    """A package of one page of A4: what stands in its only layer, and more parts."""
    area = "<ofd:CommonData><ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    return packed(
        {
            "OFD.xml": root("OFD", "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"),
            "Doc_0/Document.xml": root(
                "Document",
                f"{area}<ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData>"
                '<ofd:Pages><ofd:Page ID="1" BaseLoc="Pages/Content.xml"/></ofd:Pages>',
            ),
            "Doc_0/Res.xml": root("Res", resources, 'BaseLoc="Res"'),
            "Doc_0/Pages/Content.xml": root("Page", f"<ofd:Content><ofd:Layer>{content}</ofd:Layer></ofd:Content>"),
            **(more or {}),
        }
    )


def words(text: str, x: float = 20.0, y: float = 30.0, attributes: str = "", code: str = "", inner: str = "") -> str:
    """A text object: Chinese characters of 4 mm in a line."""
    delta = code or f'DeltaX="g {max(1, len(text) - 1)} 4"'
    return (
        f'<ofd:TextObject Boundary="{x} {y} 100 5" Size="4" Font="1" {attributes}>{inner}'
        f'<ofd:TextCode X="0" Y="4" {delta}>{escape(text)}</ofd:TextCode></ofd:TextObject>'
    )


def picture(width: float = 210.0, height: float = 297.0, attributes: str = "") -> str:
    """An image object with the resource 5."""
    return (
        f'<ofd:ImageObject Boundary="0 0 {width} {height}" CTM="{width} 0 0 {height} 0 0" ResourceID="5" {attributes}/>'
    )


def scanned(images: Sequence[bytes], text: Callable[[int], str] = lambda number: "") -> bytes:
    """A package of scans: a JPEG a page, and what else stands on it, behind the image."""
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}.xml"/>' for n in range(len(images)))
    media = "".join(
        f'<ofd:MultiMedia ID="{100 + n}" Type="Image"><ofd:MediaFile>{n}.jpg</ofd:MediaFile></ofd:MultiMedia>'
        for n in range(len(images))
    )
    box = "<ofd:PageArea><ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea>"
    found: dict[str, str | bytes] = {
        "OFD.xml": root("OFD", "<ofd:DocBody><ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"),
        "Doc_0/Document.xml": root(
            "Document",
            f"<ofd:CommonData>{box}<ofd:DocumentRes>Res.xml</ofd:DocumentRes></ofd:CommonData><ofd:Pages>{listed}</ofd:Pages>",
        ),
        "Doc_0/Res.xml": root("Res", f"<ofd:MultiMedias>{media}</ofd:MultiMedias>", 'BaseLoc="Res"'),
    }
    for n, image in enumerate(images):
        shown = picture().replace('ResourceID="5"', f'ResourceID="{100 + n}"')
        found[f"Doc_0/Res/{n}.jpg"] = image
        found[f"Doc_0/Pages/Page_{n}.xml"] = root(
            "Page", f"<ofd:Content><ofd:Layer>{text(n)}{shown}</ofd:Layer></ofd:Content>"
        )
    return packed(found)


if __name__ == "__main__":
    for name, style in STYLES.items():
        Path(sys.argv[1], f"{name}.ofd").write_bytes(build(style))
