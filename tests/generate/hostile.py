"""Files that mean harm, each a few kilobytes: bombs, loops, giants, entities. None of them is kept as a file.

``FILES`` names each with its generator; what has to become of it says ``tests/test_hostile.py``.
"""

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

from generate import content as c
from generate import docx as made_docx
from generate import html as made_html
from generate import ofd as made_ofd
from generate import ofd_harm

# ---------------------------------------------------------------- PDF


def pdf(objects: list[bytes], root: int = 1) -> bytes:
    """A PDF file of these objects, numbered from 1."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<</Size %d/Root %d 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, root, start)
    return bytes(out)


def stream(data: bytes, extra: bytes = b"") -> bytes:
    return b"<</Length %d%b>>\nstream\n%b\nendstream" % (len(data), extra, data)


def one_page(
    content: bytes, resources: bytes = b"", box: bytes = b"0 0 595 842", more: tuple[bytes, ...] = ()
) -> bytes:
    """A PDF file of one page; `content` is its content stream as an object, `more` are objects from 6 on."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[%b]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>%b>>>>" % (
        box,
        resources,
    )
    pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", pages, page, content, font, *more])


def deflated(size: int, byte: int = 32) -> bytes:
    """A zlib stream that gives `size` bytes of one kind: a block of a MiB, again and again, and their checksum."""
    pack = zlib.compressobj(9)
    head = pack.compress(bytes([byte]) * (1 << 20)) + pack.flush(zlib.Z_FULL_FLUSH)
    count = size >> 20
    # The first block has the two bytes of the header; a full flush makes each block stand for itself.
    n = count << 20
    low, high = (1 + n * byte) % 65521, (n + byte * (n * (n + 1) // 2)) % 65521
    return head + head[2:] * (count - 1) + b"\x03\x00" + struct.pack(">I", high << 16 | low)


def flate_bomb() -> bytes:
    """A content stream that inflates to 2 GiB of blanks."""
    return one_page(stream(deflated(1 << 31), b"/Filter/FlateDecode"))


def nested_deflate() -> bytes:
    """Three filters, one in the other: a few kilobytes give 4 GiB."""
    data = zlib.compress(zlib.compress(deflated(1 << 32), 9), 9)
    return one_page(stream(data, b"/Filter[/FlateDecode/FlateDecode/FlateDecode]"))


def operators() -> bytes:
    """1.7 million operators that each draw a word."""
    body = b"BT /F1 9 Tf 10 10 Td " + b"(a) Tj " * 1_700_000 + b"ET"
    return one_page(stream(zlib.compress(body, 9), b"/Filter/FlateDecode"))


def nested_forms() -> bytes:
    """Forms that draw each other ten times, eight levels deep: 10^8 words."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"
    forms = [
        stream(b"/X Do " * 10, form + b"/Resources<</XObject<</X %d 0 R>>>>" % (number + 1)) for number in range(6, 14)
    ]
    forms.append(stream(b"BT /F1 9 Tf (a) Tj ET", form + b"/Resources<</Font<</F1 5 0 R>>>>"))
    return one_page(stream(b"/X Do"), b"/XObject<</X 6 0 R>>", more=tuple(forms))


def self_form() -> bytes:
    """A form that draws itself."""
    body = stream(b"/X Do /X Do", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 6 0 R>>>>")
    return one_page(stream(b"/X Do"), b"/XObject<</X 6 0 R>>", more=(body,))


def giant_page() -> bytes:
    """A page of 200,000,000 points a side, with a word."""
    return one_page(stream(b"BT /F1 9 Tf 9 9 Td (a) Tj ET"), box=b"0 0 200000000 200000000")


def giant_image() -> bytes:
    """An image of 60,000 x 60,000 points that covers the page."""
    image = b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/ColorSpace/DeviceGray/BitsPerComponent 8"
    image += b"/Filter/FlateDecode"
    more = (stream(deflated(60_000 * 60_000), image),)
    return one_page(stream(b"q 595 0 0 842 0 0 cm /X Do Q"), b"/XObject<</X 6 0 R>>", more=more)


def empty_pages(count: int = 20_000) -> bytes:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 3 + count))
    pages = b"<</Type/Pages/Kids[%b]/Count %d/MediaBox[0 0 595 842]>>" % (kids, count)
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", pages, *(b"<</Type/Page/Parent 2 0 R>>" for _ in range(count))])


def page_loop() -> bytes:
    """A tree of pages that is its own branch."""
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R 2 0 R]/Count 9>>"])


def giant_count() -> bytes:
    """Says that it has two thousand million pages."""
    return pdf([b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[]/Count 2000000000>>"])


def profile_bomb() -> bytes:
    """An image whose colour profile inflates to 1 GiB."""
    image = b"/Type/XObject/Subtype/Image/Width 9/Height 9/BitsPerComponent 8/ColorSpace[/ICCBased 7 0 R]"
    more = (stream(bytes(243), image), stream(deflated(1 << 30), b"/N 3/Filter/FlateDecode"))
    return one_page(stream(b"q 595 0 0 842 0 0 cm /X Do Q"), b"/XObject<</X 6 0 R>>", more=more)


def deep_object() -> bytes:
    """A list in a list, 500,000 deep."""
    catalog = b"<</Type/Catalog/Pages 2 0 R/X " + b"[" * 500_000 + b"]" * 500_000 + b">>"
    return pdf([catalog, b"<</Type/Pages/Kids[]/Count 0>>"])


# ---------------------------------------------------------------- images


def giant_png(side: int = 60_000) -> bytes:
    """An image of 60,000 x 60,000 grey points in 3.5 MB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    size = (side + 1) * side
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", deflated(size, 0)) + chunk(b"IEND", b"")


def png_text_bomb() -> bytes:
    """A small image with a comment that inflates to 200 MB."""
    data = giant_png(9)
    comment = b"zTXt" + b"a\0\0" + zlib.compress(b" " * 200_000_000, 9)
    piece = struct.pack(">I", len(comment) - 4) + comment + struct.pack(">I", zlib.crc32(comment))
    return data[:33] + piece + data[33:]


def endless_tiff() -> bytes:
    """A TIFF whose list of images goes in a circle."""
    entries = b"".join(
        struct.pack("<HHII", tag, 4, 1, value)
        for tag, value in ((256, 9), (257, 9), (258, 1), (259, 1), (262, 1), (273, 8), (278, 9), (279, 18))
    )
    return b"II*\0" + struct.pack("<I", 8) + struct.pack("<H", 8) + entries + struct.pack("<I", 8)


# ---------------------------------------------------------------- ZIP, Word, web pages


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, data in files.items():
            file.writestr(name, data)
    return out.getvalue()


def zip_bomb() -> bytes:
    """200 MB in 200 KB."""
    return zipped({"report.txt": b" " * 200_000_000})


def zip_that_lies() -> bytes:
    """Says that its member has 1,000 bytes; it has 150 million."""
    data = bytearray(zipped({"report.txt": b" " * 150_000_000}))
    for mark, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.find(mark) + place, 1000)
    return bytes(data)


def zip_overlapping(count: int = 90) -> bytes:
    """All its members are the same bytes: 90 MB in 20 KB without a member that is compressed beyond measure."""
    size = 900_000
    whole = zipped({"a": bytes(size)})
    start = whole.find(b"PK\x01\x02")
    listed = whole[start : whole.find(b"PK\x05\x06")]
    entries = b"".join(listed[:46] + b"%c" % (33 + number) for number in range(count))
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, count, count, len(entries), start, 0)
    return whole[:start] + entries + end


def zip_of_members() -> bytes:
    return zipped({f"{number}.txt": b"" for number in range(30_000)})


def _docx(changed: dict[str, bytes]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(made_docx.report())) as old:
        return zipped({name: old.read(name) for name in old.namelist()} | changed)


def docx_entities() -> bytes:
    """Ten entities, each ten times the one before: 10^9 letters."""
    names = "abcdefghij"
    inner = "".join(f'<!ENTITY {names[n]} "{f"&{names[n - 1]};" * 10 if n else "haha"}">' for n in range(len(names)))
    return _docx({"word/document.xml": f'<?xml version="1.0"?><!DOCTYPE d [{inner}]><d>&j;</d>'.encode()})


def docx_late_entities() -> bytes:
    """The same behind a comment, so that its head looks harmless."""
    text = docx_entities()
    with zipfile.ZipFile(io.BytesIO(text)) as file:
        part = file.read("word/document.xml").decode()
    head, _, rest = part.partition("?>")
    return _docx({"word/document.xml": f"{head}?><!--{'x' * 70_000}-->{rest}".encode()})


def docx_utf16_entities() -> bytes:
    """The same in UTF-16."""
    with zipfile.ZipFile(io.BytesIO(docx_entities())) as file:
        part = file.read("word/document.xml").decode().replace('"1.0"', '"1.0" encoding="UTF-16"')
    return _docx({"word/document.xml": part.encode("utf-16")})


def docx_external() -> bytes:
    """An entity that is a file of the machine."""
    text = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><d><p><r><t>&x;</t></r></p></d>'
    return _docx({"word/document.xml": text.encode()})


def docx_bomb() -> bytes:
    """A part of 150 MB."""
    return _docx({"word/document.xml": b"<d>" + b"<p/>" * 37_000_000 + b"</d>"})


def docx_deep() -> bytes:
    """Tables in tables, 20,000 deep."""
    return _docx({"word/document.xml": b"<d>" + b"<tbl><tr><tc>" * 20_000 + b"</tc></tr></tbl>" * 20_000 + b"</d>"})


def docx_wide() -> bytes:
    """A million empty cells."""
    rows = b"<tr>" + b"<tc><p><r><t>.</t></r></p></tc>" * 1000 + b"</tr>"
    return _docx({"word/document.xml": b"<d><tbl>" + rows * 1000 + b"</tbl></d>"})


def html_entities() -> bytes:
    inner = "".join(f'<!ENTITY {"ab"[n]} "{"&a;" * 9 if n else "haha"}">' for n in range(2))
    return f"<!DOCTYPE html [{inner}]><html><body>{'&b;' * 1000}</body></html>".encode()


def html_deep() -> bytes:
    return b"<html>" + b"<table><tr><td>" * 100_000 + b"x"


def html_comments() -> bytes:
    """Comments, scripts and character data that begin and never end."""
    return b'<?xml version="1.0"?><html><body>x' + b"<!--" * 300_000 + b"<script" * 100_000 + b"<![CDATA[" * 100_000


def html_spans() -> bytes:
    """Cells that span everything."""
    return b"<table>" + b"<tr>" + b"<td rowspan=65534 colspan=1000>x" * 20_000 + b"</table>"


def html_long() -> bytes:
    return b"<html><body>" + "年".encode() * 3_000_000


# ---------------------------------------------------------------- text


def text_long_line() -> bytes:
    """One line of 1.7 million characters with blanks, as woven text has."""
    return ("本 单 位 、 承 担 " * 110_000).encode()


def text_labels() -> bytes:
    """Labels of the form, and nothing but labels."""
    return ("单位名称\n开办资金\n住所\n" * 6_000).encode()


FILES: dict[str, Callable[[], bytes]] = {
    made.__name__.replace("_", "-"): made
    for made in (
        *(flate_bomb, nested_deflate, operators, nested_forms, self_form, giant_page, giant_image, empty_pages),
        *(
            page_loop,
            giant_count,
            giant_png,
            endless_tiff,
            zip_bomb,
            zip_that_lies,
            zip_overlapping,
            *(profile_bomb, deep_object, png_text_bomb, html_comments),
            zip_of_members,
            docx_entities,
            docx_late_entities,
        ),
        *(docx_utf16_entities, docx_external, docx_bomb, docx_deep, docx_wide, html_entities, html_deep, html_spans),
        *(html_long, text_long_line, text_labels),
    )
} | ofd_harm.FILES


# ---------------------------------------------------------------- damage


def damaged(data: bytes, seed: int, count: int) -> bytes:
    """A file with `count` random bytes overwritten, and in every fourth one its end cut off."""
    choice = random.Random(seed)
    out = bytearray(data)
    for _ in range(count):
        out[choice.randrange(len(out))] = choice.randrange(256)
    return bytes(out[: choice.randrange(len(out))] if seed % 4 == 3 else out)


def whole_files() -> Iterator[tuple[str, bytes]]:
    """One good file of each kind, to be damaged."""
    yield "docx", made_docx.report()
    yield "html", made_html.page(made_html.table())
    yield "text", c.text().encode()
    yield "ofd", made_ofd.build()
    yield "zip", zipped({"report.docx": made_docx.report(), "letter.txt": "函".encode()})
