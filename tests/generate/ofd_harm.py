"""OFD files that mean harm: bombs, loops, giants, numbers that are none. ``hostile.FILES`` has them too."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable

from generate import ofd

SMALL = '<ofd:PathObject Boundary="0 0 9 9"><ofd:AbbreviatedData>M 0 0 L 9 9</ofd:AbbreviatedData></ofd:PathObject>'


def stored(data: bytes) -> bytes:
    """A package without compression: what is compressed too much is refused before anybody looks at it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as file:
        for name in old.namelist():
            file.writestr(name, old.read(name))
    return out.getvalue()


def units(count: int, levels: int) -> bytes:
    """Composite objects, each drawing the next so many times."""
    made = ""
    for level in range(levels):
        inner = f'<ofd:CompositeObject ResourceID="{level + 1}"/>' * count if level < levels - 1 else SMALL
        made += f'<ofd:CompositeGraphicUnit ID="{level}"><ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit>'
    resources = f"<ofd:CompositeGraphicUnits>{made}</ofd:CompositeGraphicUnits>"
    return ofd.one_page('<ofd:CompositeObject ResourceID="0"/>', resources=resources)


def own_unit() -> bytes:
    """A composite object that draws itself twice."""
    inner = '<ofd:CompositeObject ResourceID="7"/>' * 2
    unit = f'<ofd:CompositeGraphicUnit ID="7"><ofd:Content>{inner}</ofd:Content></ofd:CompositeGraphicUnit>'
    return ofd.one_page(inner, resources=f"<ofd:CompositeGraphicUnits>{unit}</ofd:CompositeGraphicUnits>")


def own_template() -> bytes:
    """A template that is its own template."""
    found = ofd.parts(ofd.Style(holder="template"))
    path = "Doc_0/Tpls/Tpl_0/Content.xml"
    use = '<ofd:Template TemplateID="900"/>' * 1000
    loop = {path: ofd.root("Page", f"{use}<ofd:Content><ofd:Layer>{SMALL}</ofd:Layer></ofd:Content>")}
    return ofd.packed(
        {**found, **loop, "Doc_0/Pages/Page_0/Content.xml": loop[path], "Doc_0/Pages/Page_1/Content.xml": ""}
    )


def deep_blocks(depth: int = 100_000) -> bytes:
    return stored(ofd.one_page("<ofd:PageBlock>" * depth + SMALL + "</ofd:PageBlock>" * depth))


def repeats() -> bytes:
    """Offsets that stand for 10^9 others, again and again."""
    return stored(ofd.one_page(ofd.words("水文", code=f'DeltaX="{"g 1000000000 5 " * 100_000}"') * 3))


def no_numbers() -> bytes:
    """Boxes and matrices of NaN, of infinity, and of what becomes infinity."""
    huge = 'CTM="9999999 0 0 9999999 9999999 9999999" Boundary="nan inf -inf 1e999"'
    nested = f"<ofd:CompositeObject ResourceID='0' {huge}/>"
    made = "".join(
        f'<ofd:CompositeGraphicUnit ID="{level}"><ofd:Content><ofd:CompositeObject ResourceID="{level + 1}" {huge}/>'
        f"{SMALL}{ofd.words('水文', attributes=huge.partition('Boundary')[0])}</ofd:Content></ofd:CompositeGraphicUnit>"
        for level in range(39)
    )
    steps = "<ofd:AbbreviatedData>M nan inf L 1e999 -1e999 L 0 0</ofd:AbbreviatedData>"
    bad = f"<ofd:PathObject {huge}>{steps}</ofd:PathObject>"
    return ofd.one_page(nested + bad, resources=f"<ofd:CompositeGraphicUnits>{made}</ofd:CompositeGraphicUnits>")


def entities() -> bytes:
    """Ten entities, each ten times the one before: 10^9 letters."""
    names = "abcdefghij"
    inner = "".join(f'<!ENTITY {names[n]} "{f"&{names[n - 1]};" * 10 if n else "haha"}">' for n in range(len(names)))
    page = f'<?xml version="1.0"?><!DOCTYPE d [{inner}]><d>&j;</d>'
    return ofd.one_page("", more={"Doc_0/Pages/Content.xml": page})


def external() -> bytes:
    """An entity that is a file of the machine."""
    page = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    page += "<Page><Content><Layer><TextObject Size='4'><TextCode>&x;</TextCode></TextObject></Layer></Content></Page>"
    return ofd.one_page("", more={"Doc_0/Pages/Content.xml": page})


def outside() -> bytes:
    """A page that lies outside the package."""
    listed = '<ofd:Pages><ofd:Page ID="1" BaseLoc="../../../../etc/passwd"/></ofd:Pages>'
    return ofd.one_page("", more={"Doc_0/Document.xml": ofd.root("Document", f"<ofd:CommonData/>{listed}")})


def long_path(count: int = 700_000) -> bytes:
    """Drawings of 10^7 steps."""
    steps = f"<ofd:AbbreviatedData>{'L 1 1 9 9 ' * count}</ofd:AbbreviatedData>"
    return stored(ofd.one_page(f'<ofd:PathObject Boundary="0 0 9 9">{steps}</ofd:PathObject>' * 5))


def many_objects(count: int = 600_000) -> bytes:
    return stored(ofd.one_page("<ofd:PathObject/>" * count))


def many_pages(count: int = 20_000) -> bytes:
    pages = '<ofd:Page ID="1" BaseLoc="Pages/Content.xml"/>' * count
    return ofd.one_page("", more={"Doc_0/Document.xml": ofd.root("Document", f"<ofd:Pages>{pages}</ofd:Pages>")})


def many_characters(count: int = 3_000_000) -> bytes:
    return stored(ofd.one_page(ofd.words("年" * 300_000, code=" ") * (count // 300_000)))


def giant_image(side: int = 60_000) -> bytes:
    """An image of 60,000 x 60,000 points that covers the page. Its head says so; its data end at once."""
    head = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    image = (
        b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    )
    media = '<ofd:MultiMedia ID="5" Type="Image"><ofd:MediaFile>i.png</ofd:MediaFile></ofd:MultiMedia>'
    resources = f"<ofd:MultiMedias>{media}</ofd:MultiMedias>"
    return ofd.one_page(ofd.picture(), resources=resources, more={"Doc_0/Res/i.png": image})


def giant_page() -> bytes:
    """A page of 9,000 m a side, with a word."""
    area = "<ofd:Area><ofd:PhysicalBox>0 0 9000000 9000000</ofd:PhysicalBox></ofd:Area>"
    layer = f"<ofd:Content><ofd:Layer>{ofd.words('水文')}</ofd:Layer></ofd:Content>"
    return ofd.one_page("", more={"Doc_0/Pages/Content.xml": ofd.root("Page", area + layer)})


def bomb() -> bytes:
    return ofd.one_page("", more={"Doc_0/Pages/Content.xml": b" " * 150_000_000})


FILES: dict[str, Callable[[], bytes]] = {
    "ofd-units": lambda: units(10, 9),
    "ofd-own-unit": own_unit,
    "ofd-own-template": own_template,
    "ofd-deep": deep_blocks,
    "ofd-repeats": repeats,
    "ofd-no-numbers": no_numbers,
    "ofd-entities": entities,
    "ofd-external": external,
    "ofd-outside": outside,
    "ofd-long-path": long_path,
    "ofd-objects": many_objects,
    "ofd-pages": many_pages,
    "ofd-characters": many_characters,
    "ofd-giant-image": giant_image,
    "ofd-giant-page": giant_page,
    "ofd-bomb": bomb,
}
