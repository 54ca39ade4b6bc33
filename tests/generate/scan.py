"""Scans of the invented report of ``pdf.py``: its pages drawn with a font of the system, then worn as scanners do.

``python scan.py FOLDER`` writes one file for each of ``WEARS``.
"""

from __future__ import annotations

import os
import random
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BytesIO
from math import cos, pi, sin
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from generate import pdf

FONTS = (
    "/usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
    "/usr/share/fonts/truetype/arphic/uming.ttc",
)
FOLDERS = ("/usr/share/fonts/truetype", *filter(None, [os.environ.get("NIANBAO_FONTS")]))
"""Where further faces are looked for by name; NIANBAO_FONTS names a folder of one's own."""


@dataclass(frozen=True, kw_only=True)
class Wear:
    """How a page was scanned. skew: degrees clockwise. noise: standard deviation in levels of 255. specks: black dots
    a page. shade: by how many levels the paper gets darker from one corner to the other. quality: of JPEG.
    face: file name of a font. keystone: by how much of its width the head of a photographed page is narrower.
    shadow: levels by which a shadow with soft edges darkens a part. seals: grey (of 255) of seals over the figures.
    bilevel: black and white only, as fax machines send it. desk: share of a photograph's width that the dark table
    around the page takes on each side."""

    dpi: int = 200
    skew: float = 0.7
    noise: float = 5.0
    blur: float = 0.0
    specks: int = 0
    shade: float = 25.0
    quality: int = 75
    colour: bool = False
    serif: bool = True
    face: str = ""
    keystone: float = 0.0
    shadow: float = 0.0
    seals: int = 0
    bilevel: bool = False
    desk: float = 0.0


MILD = Wear()
HARD = Wear(skew=-1.8, noise=12.0, blur=0.8, specks=400, shade=50.0, quality=50)
WEARS: dict[str, Wear] = {
    "mild-200": MILD,
    "hard-150": replace(HARD, dpi=150),
    "hard-200": HARD,
    "hard-300": replace(HARD, dpi=300),
    "colour-200": replace(MILD, colour=True, skew=-1.1),
    "sans-150": replace(HARD, dpi=150, serif=False, skew=1.3),
    "small-100": replace(MILD, dpi=100),
}
_PHOTO = replace(MILD, keystone=0.03, shadow=70.0, skew=1.2, blur=0.5, quality=60, colour=True)
OTHERS: dict[str, Wear] = {
    "photo-200": _PHOTO,
    "photo-150": replace(_PHOTO, dpi=150, keystone=-0.04, skew=-0.8, face="wqy-zenhei.ttc"),
    "desk-200": replace(_PHOTO, desk=0.05, face="wqy-microhei.ttc"),
    "desk-150": replace(_PHOTO, dpi=150, desk=0.03, skew=-2.5, keystone=0.05),
    "lean-200": replace(MILD, skew=4.0, quality=40),
    "lean-150": replace(MILD, dpi=150, skew=-3.6, quality=40, face="ukai.ttc"),
    "fax-200": replace(MILD, bilevel=True, specks=200, noise=14.0),
    "fax-150": replace(MILD, dpi=150, bilevel=True, skew=-1.2, face="uming.ttc"),
    "seals-200": replace(MILD, seals=120),
    "seals-150": replace(MILD, dpi=150, seals=90, face="wqy-microhei.ttc"),
    "shadow-150": replace(HARD, dpi=150, shadow=90.0, quality=40),
    "kai-200": replace(HARD, face="gkai00mp.ttf"),
    "song-150": replace(MILD, dpi=150, quality=40, face="gbsn00lp.ttf"),
}
"""Wears that the reader was not made with. A face that the system does not have is left to the default one."""


def font_path(serif: bool = True, face: str = "") -> str | None:
    """A Chinese font of the system; None where there is none."""
    for folder in FOLDERS if face else ():
        if found := next(iter(sorted(Path(folder).rglob(face))), None):
            return str(found)
    order = FONTS if serif else FONTS[1:] + FONTS[:1]
    return next((path for path in order if Path(path).is_file()), None)


def drawn(sheet: pdf.Sheet, dpi: int, font: str) -> Image.Image:
    """A page of the report in colours, as printed."""
    scale = dpi / 72
    page = Image.new("RGB", (round(pdf.WIDTH * scale), round(pdf.HEIGHT * scale)), "white")
    pen = ImageDraw.Draw(page)
    # Index 2 of the Noto collections is the Chinese face; others have only one or take the nearest.
    index = 2 if "Noto" in font else 0
    faces: dict[float, ImageFont.FreeTypeFont] = {}
    for text in sheet.texts:
        face = faces.setdefault(text.size, ImageFont.truetype(font, round(text.size * scale), index=index))
        colour = tuple(round(255 * part) for part in text.colour)
        for char, x in text.chars:
            if not text.slant and char == "%":  # half as wide as a Chinese character, as the typesetter has it
                wide = round(text.size * scale)
                sign = Image.new("L", (2 * wide, 2 * wide), 0)
                ImageDraw.Draw(sign).text((0, 1.5 * wide), char, fill=255, font=face, anchor="ls")
                sign = sign.crop((0, 0, max(1, round(face.getlength(char))), 2 * wide)).resize((wide // 2, 2 * wide))
                page.paste(colour, (round(x * scale), round(text.y * scale - 1.5 * wide)), sign)
            elif not text.slant:
                pen.text((x * scale, text.y * scale), char, fill=colour, font=face, anchor="ls")
            if not text.slant:
                continue
            side = round(2 * text.size * scale)
            tile = Image.new("L", (side, side), 0)
            ImageDraw.Draw(tile).text((side / 2, side / 2), char, fill=255, font=face, anchor="mm")
            tile = tile.rotate(text.slant)
            up = 0.0
            if text.slant == 90:  # a label that runs upwards
                up, x = x - text.chars[0][1], text.chars[0][1]
            spot = round(x * scale - side / 2), round((text.y - up) * scale - side / 2)
            page.paste(colour, spot, tile)
    width = max(1, round(0.75 * scale))
    for x0, y0, x1, y1 in sheet.rules:
        pen.line((x0 * scale, y0 * scale, x1 * scale, y1 * scale), fill="black", width=width)
    for x, y in sheet.stamps:
        box = ((x - 42) * scale, (y - 42) * scale, (x + 42) * scale, (y + 42) * scale)
        pen.ellipse(box, outline=(217, 13, 13), width=round(2 * scale))
    return page


def worn(page: Image.Image, wear: Wear, seed: int = 7) -> Image.Image:
    """The page as it comes from the scanner."""
    chance = np.random.default_rng(seed)
    plain = page if wear.colour else page.convert("L")
    paper = (242, 240, 236) if wear.colour else 240
    white = (255, 255, 255) if wear.colour else 255
    plain = plain.rotate(-wear.skew, Image.Resampling.BICUBIC, fillcolor=white)
    if wear.keystone:
        size = plain.size
        plain = plain.transform(
            size,
            Image.Transform.PERSPECTIVE,
            _keystone(*size, wear.keystone),
            Image.Resampling.BICUBIC,
            fillcolor=white,
        )
    if wear.blur:
        plain = plain.filter(ImageFilter.GaussianBlur(wear.blur * wear.dpi / 200))
    light = np.asarray(plain, np.float32) / 255 * np.array(paper, np.float32)
    height, width = light.shape[:2]
    ramp = np.linspace(0, wear.shade / 2, width)[None, :] + np.linspace(0, wear.shade / 2, height)[:, None]
    noise = chance.normal(0, wear.noise, (height, width))
    if wear.shadow:
        ramp = ramp + wear.shadow * _shadow(height, width, seed)
    light = light + (noise - ramp)[:, :, None] if wear.colour else light + noise - ramp
    dots = random.Random(seed)
    for _ in range(wear.specks):
        x, y = dots.randrange(width - 2), dots.randrange(height - 2)
        light[y : y + dots.choice((1, 2)), x : x + dots.choice((1, 2))] = dots.randrange(30, 120)
    found = Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))
    if wear.desk:
        found = _on_desk(found, wear.desk, chance)
    return found.convert("L").point(lambda level: 255 if level > 150 else 0, "1") if wear.bilevel else found


def _on_desk(page: Image.Image, share: float, chance: np.random.Generator) -> Image.Image:
    """A photograph in colours that shows the dark wood on which the page lies."""
    edge = round(share * page.width)
    wood = chance.normal((88.0, 66.0, 50.0), 8.0, (page.height + 2 * edge, page.width + 2 * edge, 3))
    found = Image.fromarray(np.clip(wood, 0, 255).astype(np.uint8))
    found.paste(page, (edge, edge))
    return found


def _keystone(width: int, height: int, share: float) -> list[float]:
    """Pillow's perspective that makes the head (share < 0: the foot) narrower by a share of the width."""
    head, foot = max(share, 0.0) * width / 2, max(-share, 0.0) * width / 2
    shown = [(head, 0), (width - head, 0), (width - foot, height), (foot, height)]
    rows, wanted = [], []
    for (x, y), (u, v) in zip(shown, [(0, 0), (width, 0), (width, height), (0, height)], strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(rows, float), np.array(wanted, float))]


def _shadow(height: int, width: int, seed: int) -> np.ndarray:
    """Where a hand or a phone stands in the light: from 0 to 1, with a soft edge across the page."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    turn = 0.6 + 0.3 * (seed % 5)
    along = ((x - width / 2) * cos(turn) + (y - height / 2) * sin(turn)) / (0.04 * width)
    return np.asarray(1 / (1 + np.exp(np.clip(along, -30, 30))), np.float32)


def sealed(page: Image.Image, sheet: pdf.Sheet, dpi: int, grey: int) -> Image.Image:
    """The page with round seals over its figures, in grey, as a copier shows a red one: darker than the paper."""
    scale = dpi / 72
    seal = Image.new("L", page.size, 255)
    pen = ImageDraw.Draw(seal)
    face = ImageFont.truetype(font_path() or "", round(9 * scale), index=2 if "Noto" in (font_path() or "") else 0)
    lines = [text for text in sheet.texts if re.fullmatch(r"[\d.]+", "".join(char for char, _ in text.chars))]
    lines += [text for text in sheet.texts if sum(char.isdigit() for char, _ in text.chars) > 6][:2]
    for text in lines:
        x, y = (text.chars[len(text.chars) // 2][1] + 14) * scale, (text.y - 8) * scale
        radius = 40 * scale
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline=grey, width=round(1.6 * scale))
        for n, char in enumerate("澄溪市水文数据服务中心"):
            turn = pi * (0.95 + 1.1 * n / 10)
            pen.text((x + 32 * scale * cos(turn), y + 32 * scale * sin(turn)), char, fill=grey, font=face, anchor="mm")
        points = [
            (x + r * scale * sin(n * pi / 5), y - r * scale * cos(n * pi / 5)) for n, r in enumerate((11, 4.4) * 5)
        ]
        pen.polygon(points, fill=grey)
    light = np.asarray(page, np.uint16) * np.asarray(seal, np.uint16)[:, :, None] // 255
    return Image.fromarray(light.astype(np.uint8))


@contextmanager
def saying(values: Mapping[str, str], narrative: Sequence[str]) -> Iterator[None]:
    """Within it the report says other things in some boxes and in its activities."""
    before = pdf.VALUES, pdf.NARRATIVE
    pdf.VALUES, pdf.NARRATIVE = {**before[0], **values}, tuple(narrative)  # type: ignore[assignment]
    try:
        yield
    finally:
        pdf.VALUES, pdf.NARRATIVE = before


def scans(style: pdf.Style, wear: Wear, seed: int = 7) -> list[Image.Image]:
    """The pages of the report, scanned. Raises FileNotFoundError where the system has no Chinese font."""
    font = font_path(wear.serif, wear.face)
    if font is None:
        raise FileNotFoundError("no Chinese font (Debian: fonts-noto-cjk)")
    found = []
    for n, sheet in enumerate(pdf.sheets(style)):
        page = drawn(sheet, wear.dpi, font)
        if wear.seals:
            page = sealed(page, sheet, wear.dpi, wear.seals)
        found.append(worn(page, wear, seed + n))
    return found


def as_pdf(pages: list[Image.Image], wear: Wear) -> bytes:
    """A PDF whose pages are JPEG images (of bilevel ones CCITT G4), as scanners write it."""
    out = BytesIO()
    resolution, more = float(wear.dpi), pages[1:]
    if wear.bilevel:
        pages[0].save(out, "PDF", save_all=True, append_images=more, resolution=resolution)
    else:
        pages[0].save(out, "PDF", save_all=True, append_images=more, resolution=resolution, quality=wear.quality)
    return out.getvalue()


def as_image(pages: list[Image.Image], wear: Wear, kind: str) -> bytes:
    """An image file: PNG or JPEG of the first page, TIFF of all."""
    out = BytesIO()
    dpi = (wear.dpi, wear.dpi)
    if kind == "TIFF":
        pages[0].save(out, kind, save_all=True, append_images=pages[1:], dpi=dpi, compression="tiff_lzw")
    else:
        pages[0].save(out, kind, dpi=dpi, quality=wear.quality)
    return out.getvalue()


def main(folder: str) -> None:
    """Write the samples to a folder."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, wear in (WEARS | OTHERS).items():
        style = pdf.Style(stamp=True, watermark=True) if wear.colour else pdf.Style()
        (target / f"{name}.pdf").write_bytes(as_pdf(scans(style, wear), wear))


if __name__ == "__main__":
    main(sys.argv[1])
