"""The generated report (``pdf``) as other producers write the same page: each variant looks alike on paper.

A variant is a function from a file's bytes to a file's bytes. ``python producers.py FOLDER`` writes them all.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, Page, Pdf

from generate import pdf as made

Change = Callable[[Pdf, Page, int], None]
_SHOW = re.compile(
    rb"(?P<colour>[\d.]+ [\d.]+ [\d.]+) rg /F(?P<font>\d) (?P<size>[\d.]+) Tf (?P<matrix>[-\d. ]+?) Tm "
    rb"\[(?P<words>[^\]]*)\] TJ"
)


def changed(change: Change, style: made.Style | None = None) -> bytes:
    """The report with each page changed."""
    with pikepdf.open(BytesIO(made.build(style or made.Style()))) as file:
        for number, page in enumerate(file.pages):
            change(file, page, number)
        out = BytesIO()
        file.save(out)
    return out.getvalue()


def code(text: str) -> str:
    """A text as the hexadecimal string of the report's fonts."""
    return text.encode("utf-16-be").hex()


def shown(text: str, x: float, y: float, size: float = 12.0) -> bytes:
    """The operators that print a text at a place from the lower left corner."""
    return f"BT 0 0 0 rg /F0 {size} Tf 1 0 0 1 {x} {y} Tm <{code(text)}> Tj ET\n".encode()


def content(page: Page) -> bytes:
    """The operators of a page."""
    found: bytes = page.Contents.read_bytes()
    return found


def form(
    file: Pdf, page: Page, data: bytes, box: Sequence[float], matrix: Sequence[float] = (1, 0, 0, 1, 0, 0)
) -> object:
    """A form that draws what a page's content would."""
    stream = file.make_stream(data)
    stream.update({"/Type": Name.XObject, "/Subtype": Name.Form})
    stream["/BBox"], stream["/Matrix"] = Array(box), Array(matrix)
    stream["/Resources"] = Dictionary(Font=page.Resources.Font)
    return stream


# ---------------------------------------------------------------- how the content is drawn


def in_forms(file: Pdf, page: Page, number: int) -> None:
    """All of it in a form, moved and scaled, in another form."""
    inner = form(file, page, content(page), [0, 0, 595, 842], [2, 0, 0, 2, 40, 60])
    outer = file.make_stream(b"q 0.5 0 0 0.5 -20 -30 cm /In Do Q")
    outer.update({"/Type": Name.XObject, "/Subtype": Name.Form})
    outer["/BBox"], outer["/Resources"] = Array([-100, -100, 800, 1000]), Dictionary(XObject=Dictionary(In=inner))
    page.Resources["/XObject"] = Dictionary(Out=outer)
    page.Contents = file.make_stream(b"q 1 0 0 1 0 0 cm /Out Do Q")


def _moved(matrix: str, box: Sequence[float]) -> Change:
    def change(file: Pdf, page: Page, number: int) -> None:
        page.Contents = file.make_stream(f"q {matrix} cm\n".encode() + content(page) + b"\nQ")
        page.MediaBox = page.CropBox = Array(box)

    return change


def tagged(file: Pdf, page: Page, number: int) -> None:
    """Each run in marked content with its words as /ActualText, as Word and Chromium write them."""

    def mark(match: re.Match[bytes]) -> bytes:
        words = re.sub(rb">-[\d.]+<", b"0020", match["words"])  # a gap is a blank
        words = b"".join(re.findall(rb"[0-9a-f]{4}", words))
        return b"/Span <</MCID 0/ActualText <feff%s>>> BDC %s EMC" % (words, match[0])

    page.Contents = file.make_stream(_SHOW.sub(mark, content(page)))


def spaced_by_operator(file: Pdf, page: Page, number: int) -> None:
    """Tc, Tz and Ts do what the places would: half the width at twice the size."""

    def mark(match: re.Match[bytes]) -> bytes:
        a, b, c, d, e, f = (float(part) for part in match["matrix"].split())
        size = float(match["size"])
        words = re.sub(rb"> *(-?[\d.]+) *<", rb"> \1 <", match["words"])
        return b"q %s rg /F0 1 Tf 50 Tz 2 Ts %.4f %.4f %.4f %.4f %.3f %.3f Tm [%s] TJ 0 Ts 100 Tz Q" % (
            match["colour"],
            2 * a * size,
            2 * b * size,
            c * size,
            d * size,
            e - 2 * c * size,
            f - 2 * d * size,
            words,
        )

    page.Contents = file.make_stream(_SHOW.sub(mark, content(page)))


def _glyphs(match: re.Match[bytes]) -> list[tuple[str, float]]:
    """(character, its distance from the start in em) of a run."""
    found, at = [], 0.0
    for words, gap in re.findall(rb"<([0-9a-f]*)>|(-?[\d.]+)", match["words"]):
        if gap:
            at -= float(gap) / 1000
        for char in bytes.fromhex(words.decode()).decode("utf-16-be"):
            found.append((char, at))
            at += made.advance(char)
    return found


def _at(match: re.Match[bytes], at: float) -> str:
    """The matrix of a run, moved along it by some em."""
    a, b, c, d, e, f = (float(part) for part in match["matrix"].split())
    size = float(match["size"])
    return f"{a} {b} {c} {d} {e + a * at * size:.3f} {f + b * at * size:.3f}"


def by_glyph(file: Pdf, page: Page, number: int) -> None:
    """Each character by a Tj of its own, in the content's order, as WPS does."""

    def mark(match: re.Match[bytes]) -> bytes:
        size = float(match["size"])
        return b"\n".join(
            f"BT /F0 {size} Tf {_at(match, at)} Tm <{code(char)}> Tj ET".encode() for char, at in _glyphs(match)
        )

    data = re.sub(rb"(?m)^(BT|ET)$", b"", content(page))
    page.Contents = file.make_stream(_SHOW.sub(mark, data))


def flipped(file: Pdf, page: Page, number: int) -> None:
    """A page that counts from the top, its characters turned back, as browsers and Quartz write."""

    def mark(match: re.Match[bytes]) -> bytes:
        a, b, c, d, e, f = (float(part) for part in match["matrix"].split())
        return match[0].replace(match["matrix"], f"{a} {-b} {c} {-d} {e} {842 - f}".encode())

    data = content(page)
    lines = data.split(b"\n")
    rules = b"\n".join(line for line in lines if b"Tm" not in line and line not in (b"BT", b"ET"))
    texts = b"\n".join(line for line in lines if b"Tm" in line)
    page.Contents = file.make_stream(b"q " + rules + b" Q q 1 0 0 -1 0 842 cm BT " + _SHOW.sub(mark, texts) + b" ET Q")


def stroked(file: Pdf, page: Page, number: int) -> None:
    """Outlined characters whose fill colour is white: black strokes are what one sees."""
    data = re.sub(rb"0 0 0 rg /F", b"1 1 1 rg 0 0 0 RG 1 Tr /F", content(page))
    page.Contents = file.make_stream(data)


def type3(file: Pdf, page: Page, number: int) -> None:
    """Fonts whose characters are drawings, with a character map."""
    fonts: dict[str, tuple[int, int]] = {}

    def mark(match: re.Match[bytes]) -> bytes:
        size = float(match["size"])
        parts = []
        for char, at in _glyphs(match):
            font, place = fonts.setdefault(char, divmod(len(fonts), 200))
            parts.append(f"/T{font} {size} Tf {_at(match, at)} Tm <{place + 33:02x}> Tj")
        return "\n".join(parts).encode()

    page.Contents = file.make_stream(_SHOW.sub(mark, content(page)))
    for font in {font for font, _ in fonts.values()}:
        chars = [(place + 33, char) for char, (of, place) in fonts.items() if of == font]
        widths = {place: 1000 * made.advance(char) for place, char in chars}
        box = file.make_stream(b"1000 0 0 0 800 800 d1 100 0 600 700 re f")
        half = file.make_stream(b"500 0 0 0 400 800 d1 100 0 250 700 re f")
        maps = "\n".join(f"<{place:02x}> <{code(char)}>" for place, char in chars)
        cmap = (
            "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def "
            "1 begincodespacerange <00> <ff> endcodespacerange "
            f"{len(chars)} beginbfchar {maps} endbfchar endcmap end end"
        )
        low, high = min(widths), max(widths)
        page.Resources.Font[f"/T{font}"] = file.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type3,
                FontBBox=Array([0, -200, 1000, 900]),
                FontMatrix=Array([0.001, 0, 0, 0.001, 0, 0]),
                FirstChar=low,
                LastChar=high,
                Widths=Array([int(widths.get(n, 0)) for n in range(low, high + 1)]),
                Encoding=Dictionary(
                    Type=Name.Encoding,
                    Differences=Array([item for place, _ in chars for item in (place, Name(f"/g{place}"))]),
                ),
                CharProcs=Dictionary({f"/g{place}": half if char.isascii() else box for place, char in chars}),
                ToUnicode=file.make_stream(cmap.encode()),
            )
        )


def vertical_font(file: Pdf, page: Page, number: int) -> None:
    """The labels of narrow cells set in a font for vertical text (WMode 1): one run a column."""
    font = page.Resources.Font.F0
    page.Resources.Font["/V0"] = file.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name("/STSong-Light"),
            Encoding=Name("/UniGB-UCS2-V"),
            DescendantFonts=font.DescendantFonts,
        )
    )
    data = content(page)
    singles = [match for match in _SHOW.finditer(data) if len(_glyphs(match)) == 1]
    columns: list[list[re.Match[bytes]]] = []
    for match in singles:
        x, y, size = *(float(part) for part in match["matrix"].split()[4:]), float(match["size"])
        last = columns[-1][-1] if columns else None
        if last:
            left, above = (float(part) for part in last["matrix"].split()[4:])
            if abs(left - x) < 0.1 and 0 < above - y < 1.2 * size:
                columns[-1].append(match)
                continue
        columns.append([match])
    out = data
    for column in columns:
        if len(column) < 2:
            continue
        x, y = (float(part) for part in column[0]["matrix"].split()[4:])
        size = float(column[0]["size"])
        words = "".join(char for match in column for char, _ in _glyphs(match))
        run = f"0 0 0 rg /V0 {size} Tf 1 0 0 1 {x + size / 2:.3f} {y + 0.88 * size:.3f} Tm <{code(words)}> Tj".encode()
        out = out.replace(column[0][0], run, 1)
        for match in column[1:]:
            out = out.replace(match[0], b"", 1)
    page.Contents = file.make_stream(out)


# ---------------------------------------------------------------- how rules are drawn


_LINE = re.compile(rb"([\d.]+) w ([-\d.]+) ([-\d.]+) m ([-\d.]+) ([-\d.]+) l S")


def _ruled(draw: Callable[[float, float, float, float], str]) -> Change:
    def change(file: Pdf, page: Page, number: int) -> None:
        data = _LINE.sub(lambda m: draw(*(float(part) for part in m.groups()[1:])).encode(), content(page))
        page.Contents = file.make_stream(data)
        if b"/Px Do" in data:
            image = file.make_stream(b"\x00")
            image.update({"/Type": Name.XObject, "/Subtype": Name.Image, "/Width": 1, "/Height": 1})
            image.update({"/ColorSpace": Name.DeviceGray, "/BitsPerComponent": 8})
            page.Resources["/XObject"] = Dictionary(Px=image)

    return change


def _steps(
    x0: float, y0: float, x1: float, y1: float, step: float, dash: float
) -> list[tuple[float, float, float, float]]:
    length = max(abs(x1 - x0), abs(y1 - y0)) or 1.0
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    count = int(length // step) + 1
    return [
        (
            x0 + dx * step * i,
            y0 + dy * step * i,
            x0 + dx * min(length, step * i + dash),
            y0 + dy * min(length, step * i + dash),
        )
        for i in range(count)
    ]


def _rect(x0: float, y0: float, x1: float, y1: float, thick: float) -> str:
    low, high = min(y0, y1) - thick / 2, max(y0, y1) + thick / 2
    left, right = min(x0, x1) - thick / 2, max(x0, x1) + thick / 2
    return f"{left:.2f} {low:.2f} {right - left:.2f} {high - low:.2f} re f"


def _dash(x0: float, y0: float, x1: float, y1: float) -> str:
    return f"0.5 w {x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S"


def _double(x0: float, y0: float, x1: float, y1: float) -> str:
    dx, dy = (0, 1) if abs(y1 - y0) < abs(x1 - x0) else (1, 0)
    return "\n".join(
        f"0.4 w {x0 + s * dx:.2f} {y0 + s * dy:.2f} m {x1 + s * dx:.2f} {y1 + s * dy:.2f} l S" for s in (-1.2, 1.2)
    )


RULES: dict[str, Change] = {
    "dashes": _ruled(lambda *r: f"[3 2] 0 d 0.5 w {r[0]} {r[1]} m {r[2]} {r[3]} l S [] 0 d"),
    "short-dashes": _ruled(lambda *r: "\n".join(_dash(*s) for s in _steps(*r, 4.5, 3))),
    "dash-fills": _ruled(lambda *r: "\n".join(_rect(*s, 0.5) for s in _steps(*r, 8, 5.5))),
    "dot-fills": _ruled(lambda *r: "\n".join(_rect(*s, 0.6) for s in _steps(*r, 2.0, 0.6))),
    "double": _ruled(_double),
    "images": _ruled(
        lambda *r: (
            f"q {max(abs(r[2] - r[0]), 0.7):.2f} 0 0 {max(abs(r[3] - r[1]), 0.7):.2f} {min(r[0], r[2])} "
            f"{min(r[1], r[3])} cm /Px Do Q"
        )
    ),
    "image-pieces": _ruled(
        lambda *r: "\n".join(
            f"q {max(abs(s[2] - s[0]), 0.5):.2f} 0 0 {max(abs(s[3] - s[1]), 0.5):.2f} {min(s[0], s[2]):.2f} "
            f"{min(s[1], s[3]):.2f} cm /Px Do Q"
            for s in _steps(*r, 20, 20)
        )
    ),
    "thick": _ruled(lambda *r: _rect(*r, 3.0)),
    "pale": _ruled(lambda *r: f"0.85 G 0.5 w {r[0]} {r[1]} m {r[2]} {r[3]} l S 0 G"),
    "across-only": _ruled(lambda *r: f"0.5 w {r[0]} {r[1]} m {r[2]} {r[3]} l S" if r[1] == r[3] else ""),
    "no-sides": _ruled(
        lambda *r: f"0.5 w {r[0]} {r[1]} m {r[2]} {r[3]} l S" if r[1] == r[3] or 73 < r[0] < 522 else ""
    ),
    "down-only": _ruled(lambda *r: f"0.5 w {r[0]} {r[1]} m {r[2]} {r[3]} l S" if r[0] == r[2] else ""),
}


def shaded(file: Pdf, page: Page, number: int) -> None:
    """Cells told by their shade alone: no rules, grey boxes with white between."""
    fills = []
    for sheet_number, sheet in enumerate(made.sheets(made.Style())):
        if sheet_number == number:
            for x0, y0, x1, y1 in sheet.cells:
                fills.append(f"0.92 g {x0 + 0.5} {842 - y1 + 0.5} {x1 - x0 - 1} {y1 - y0 - 1} re f")
    page.Contents = file.make_stream("\n".join(fills).encode() + b"\n0 g\n" + _LINE.sub(b"", content(page)))


# ---------------------------------------------------------------- forms that are filled in

_TYPED = ("address", "legal_representative", "initial_capital", "net_assets_opening", "net_assets_closing", "staff")


def _typed(*, drawn: bool = False, above: bool = False, size: float = 12.0) -> Change:
    """Short values as fields: drawn (they have an appearance), above (the value is that of the field above them)."""

    def change(file: Pdf, page: Page, number: int) -> None:
        found: list[object] = []

        def take(match: re.Match[bytes]) -> bytes:
            words = "".join(char for char, _ in _glyphs(match))
            value = next((made.VALUES[key] for key in _TYPED if made.VALUES[key].replace(" ", "") == words), None)
            if value is None:
                return match[0]
            x, y = (float(part) for part in match["matrix"].split()[4:])
            box = [x - 2, y - 4, x + sum(map(made.advance, value)) * 12 + 40, y + 14]
            field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, F=4, Rect=Array(box))
            field["/DA"] = pikepdf.String(f"/F0 {size} Tf 0 g")
            owner = Dictionary() if above else field
            owner["/FT"], owner["/T"], owner["/V"] = Name.Tx, pikepdf.String(f"f{x:.0f}-{y:.0f}"), pikepdf.String(value)
            widget = file.make_indirect(field)
            if above:
                owner["/Kids"] = Array([widget])
                widget["/Parent"] = file.make_indirect(owner)
            if drawn:
                look = f"/Tx BMC BT 0 g /F0 12 Tf 2 4 Td <{code(value)}> Tj ET EMC".encode()
                widget["/AP"] = Dictionary(N=form(file, page, look, [0, 0, box[2] - box[0], 18]))
            found.append(widget["/Parent"] if above else widget)
            page.Annots = Array([*page.get("/Annots", []), widget])
            return b""

        page.Contents = file.make_stream(_SHOW.sub(take, content(page)))
        have = [*file.Root.AcroForm.Fields] if "/AcroForm" in file.Root else []
        file.Root["/AcroForm"] = Dictionary(Fields=Array([*have, *found]), DA=pikepdf.String("/F0 12 Tf 0 g"))

    return change


# ---------------------------------------------------------------- what is not seen

_WRONG = "从业人数 9999 开办资金 7 万元"


def _layer(file: Pdf, page: Page, on: bool, words: bytes) -> None:
    group = file.make_indirect(Dictionary(Type=Name.OCG, Name=pikepdf.String("draft")))
    state = file.Root.get("/OCProperties")
    if state is None:
        state = file.Root["/OCProperties"] = Dictionary(
            OCGs=Array(), D=Dictionary(ON=Array(), OFF=Array(), Order=Array())
        )
    state.OCGs.append(group)
    (state.D.ON if on else state.D.OFF).append(group)
    page.Resources["/Properties"] = Dictionary(MC0=group)
    page.Contents = file.make_stream(words)


def hidden_layer(file: Pdf, page: Page, number: int) -> None:
    """Wrong figures in a layer that is switched off, over the right ones."""
    said = b"".join(shown(_WRONG, 215, y) for y in range(100, 760, 37))
    _layer(file, page, False, content(page) + b"\n/OC /MC0 BDC\n" + said + b"EMC")


def hidden_layer_form(file: Pdf, page: Page, number: int) -> None:
    """The same, the layer being that of a form."""
    stream = form(file, page, b"".join(shown(_WRONG, 215, y) for y in range(100, 760, 37)), [0, 0, 595, 842])
    page.Resources["/XObject"] = Dictionary(L0=stream)
    _layer(file, page, False, content(page) + b"\nq /L0 Do Q")
    stream["/OC"] = page.Resources.Properties.MC0  # type: ignore[index]


def shown_layer(file: Pdf, page: Page, number: int) -> None:
    """All of it in a layer that is shown."""
    _layer(file, page, True, b"/OC /MC0 BDC\n" + content(page) + b"\nEMC")


def clipped(file: Pdf, page: Page, number: int) -> None:
    """Wrong figures outside the clip path that is set for them."""
    said = b"".join(shown(_WRONG, 215, y) for y in range(100, 760, 37))
    page.Contents = file.make_stream(b"q 10 10 20 20 re W n " + said + b"Q\n" + content(page))


def covered(file: Pdf, page: Page, number: int) -> None:
    """Wrong figures under a white sheet, the right ones over it."""
    said = b"".join(shown(_WRONG, 215, y) for y in range(100, 760, 37))
    page.Contents = file.make_stream(said + b"1 g 60 60 480 740 re f 0 g\n" + content(page))


CONTENT: dict[str, Change] = {
    "forms": in_forms,
    "turned-content": _moved("0 1 -1 0 842 0", [0, 0, 842, 595]),
    "turned-content-right": _moved("0 -1 1 0 0 595", [0, 0, 842, 595]),
    "upside-down-content": _moved("-1 0 0 -1 595 842", [0, 0, 595, 842]),
    "scaled": _moved("0.12 0 0 0.12 -30 -50", [-30, -50, 41.4, 51.04]),
    "large-units": _moved("8.3333 0 0 8.3333 0 0", [0, 0, 4958.3, 7016.6]),
    "tagged": tagged,
    "operators": spaced_by_operator,
    "by-glyph": by_glyph,
    "flipped": flipped,
    "stroked": stroked,
    "type3": type3,
    "fields-drawn": _typed(drawn=True),
    "fields": _typed(),
    "fields-fit": _typed(size=0),
    "fields-above": _typed(above=True),
}
HIDDEN: dict[str, Change] = {
    "hidden-layer": hidden_layer,
    "hidden-layer-form": hidden_layer_form,
    "shown-layer": shown_layer,
    "clipped": clipped,
    "covered": covered,
}


def variants() -> dict[str, tuple[Change, made.Style]]:
    """All of them, by name."""
    plain = made.Style()
    found = {name: (change, plain) for group in (CONTENT, RULES, HIDDEN) for name, change in group.items()}
    return found | {"shaded": (shaded, plain), "vertical-font": (vertical_font, made.Style(labels="vertical"))}


def main(folder: str) -> None:
    """Write all variants to a folder."""
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    for name, (change, style) in variants().items():
        (target / f"{name}.pdf").write_bytes(changed(change, style))


if __name__ == "__main__":
    main(sys.argv[1])
