"""Scans of the invented report of ``pdf.py``: its pages drawn with a font of the system, then worn as scanners do.

``python scan.py FOLDER`` writes one file for each of ``WEARS``.
"""

from __future__ import annotations

import random
import sys
from dataclasses import dataclass, replace
from io import BytesIO
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


@dataclass(frozen=True, kw_only=True)
class Wear:
    """How a page was scanned. skew: degrees clockwise. noise: standard deviation in levels of 255. specks: black dots
    a page. shade: by how many levels the paper gets darker from one corner to the other. quality: of JPEG."""

    dpi: int = 200
    skew: float = 0.7
    noise: float = 5.0
    blur: float = 0.0
    specks: int = 0
    shade: float = 25.0
    quality: int = 75
    colour: bool = False
    serif: bool = True


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


def font_path(serif: bool = True) -> str | None:
    """A Chinese font of the system; None where there is none."""
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
    plain = plain.rotate(-wear.skew, Image.Resampling.BICUBIC, fillcolor=(255, 255, 255) if wear.colour else 255)
    if wear.blur:
        plain = plain.filter(ImageFilter.GaussianBlur(wear.blur * wear.dpi / 200))
    light = np.asarray(plain, np.float32) / 255 * np.array(paper, np.float32)
    height, width = light.shape[:2]
    ramp = np.linspace(0, wear.shade / 2, width)[None, :] + np.linspace(0, wear.shade / 2, height)[:, None]
    noise = chance.normal(0, wear.noise, (height, width))
    light = light + (noise - ramp)[:, :, None] if wear.colour else light + noise - ramp
    dots = random.Random(seed)
    for _ in range(wear.specks):
        x, y = dots.randrange(width - 2), dots.randrange(height - 2)
        light[y : y + dots.choice((1, 2)), x : x + dots.choice((1, 2))] = dots.randrange(30, 120)
    return Image.fromarray(np.clip(light, 0, 255).astype(np.uint8))


def scans(style: pdf.Style, wear: Wear, seed: int = 7) -> list[Image.Image]:
    """The pages of the report, scanned. Raises FileNotFoundError where the system has no Chinese font."""
    font = font_path(wear.serif)
    if font is None:
        raise FileNotFoundError("no Chinese font (Debian: fonts-noto-cjk)")
    return [worn(drawn(sheet, wear.dpi, font), wear, seed + n) for n, sheet in enumerate(pdf.sheets(style))]


def as_pdf(pages: list[Image.Image], wear: Wear) -> bytes:
    """A PDF whose pages are JPEG images, as scanners write it."""
    out = BytesIO()
    pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=float(wear.dpi), quality=wear.quality)
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
    for name, wear in WEARS.items():
        style = pdf.Style(stamp=True, watermark=True) if wear.colour else pdf.Style()
        (target / f"{name}.pdf").write_bytes(as_pdf(scans(style, wear), wear))


if __name__ == "__main__":
    main(sys.argv[1])
