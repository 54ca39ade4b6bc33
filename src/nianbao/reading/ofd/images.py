"""Pictures inside an OFD → image objects of a PDF. JPEG and plain PNG go over as they are; the others need Pillow."""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO

from nianbao.errors import ReadError
from nianbao.reading.limits import Limits

_PNG = b"\x89PNG\r\n\x1a\n"
_FORMATS = ("PNG", "JPEG", "TIFF", "BMP", "GIF")
_SPACES = {1: b"/DeviceGray", 3: b"/DeviceRGB", 4: b"/DeviceCMYK"}
_PARTS = {0: 1, 2: 3, 3: 1}  # kind of PNG → channels, without those that have transparency


@dataclass(frozen=True, slots=True)
class Embedded:
    """An image object: what stands in its dictionary, and its data. mask: its transparency, where it has one."""

    entries: bytes
    data: bytes
    mask: bytes = b""
    width: int = 0
    height: int = 0


def opaque(data: bytes) -> bool:
    """Whether an image hides what lies under it: JPEG, and PNG without transparency."""
    if data.startswith(b"\xff\xd8\xff"):
        return True
    return data.startswith(_PNG) and len(data) > 26 and data[25] in _PARTS and b"tRNS" not in data[:4096]


def embedded(data: bytes, limits: Limits) -> Embedded | None:
    """An image for a PDF; None where it cannot be decoded. Raises ReadError (NB-READ-PAGE-SIZE) for a giant."""
    try:
        if data.startswith(b"\xff\xd8\xff"):
            return _jpeg(data, limits)
        if opaque(data) and data[28] == 0 and (found := _png(data, limits)):
            return found
        return _decoded(data, limits)
    except (struct.error, IndexError, zlib.error):
        return None


def _jpeg(data: bytes, limits: Limits) -> Embedded | None:
    place = 2
    while place + 9 < len(data):
        if data[place] != 0xFF:
            return None
        mark, size = data[place + 1], int.from_bytes(data[place + 2 : place + 4])
        if 0xC0 <= mark <= 0xCF and mark not in (0xC4, 0xC8, 0xCC):
            height, width, parts = struct.unpack_from(">HHB", data, place + 5)
            _check(width, height, limits)
            turned = b"/Decode[1 0 1 0 1 0 1 0]" if parts == 4 else b""  # as Adobe writes CMYK
            return Embedded(_entries(width, height, _SPACES.get(parts, b""), b"/Filter/DCTDecode" + turned), data)
        place += 2 + size
    return None


def _png(data: bytes, limits: Limits) -> Embedded | None:
    width, height, bits, kind = struct.unpack_from(">IIBB", data, 16)
    _check(width, height, limits)
    place, packed, palette = 8, [], b""
    while place + 8 <= len(data):
        size, name = struct.unpack_from(">I4s", data, place)
        if name == b"IDAT":
            packed.append(data[place + 8 : place + 8 + size])
        elif name == b"PLTE":
            palette = data[place + 8 : place + 8 + size]
        place += 12 + size
    space = _SPACES[_PARTS[kind]]
    if kind == 3:
        space = b"[/Indexed/DeviceRGB %d<%b>]" % (len(palette) // 3 - 1, palette.hex().encode())
    rest = b"/Filter/FlateDecode/DecodeParms<</Predictor 15/Colors %d/BitsPerComponent %d/Columns %d>>" % (
        _PARTS[kind],
        bits,
        width,
    )
    return Embedded(_entries(width, height, space, rest, bits), b"".join(packed))


def _decoded(data: bytes, limits: Limits) -> Embedded | None:
    try:
        from PIL import Image  # with the extra ``ocr``
    except ImportError:
        return None
    Image.MAX_IMAGE_PIXELS = None  # our own limit looks at the size before anything is decoded
    try:
        image = Image.open(BytesIO(data), formats=_FORMATS)
        width, height = image.size
        _check(width, height, limits)
        whole = image.convert("RGBA")
    except (OSError, ValueError, SyntaxError, EOFError):
        return None
    mask = zlib.compress(whole.getchannel("A").tobytes(), 1)
    entries = _entries(width, height, b"/DeviceRGB", b"/Filter/FlateDecode")
    return Embedded(entries, zlib.compress(whole.convert("RGB").tobytes(), 1), mask, width, height)


def _entries(width: int, height: int, space: bytes, rest: bytes, bits: int = 8) -> bytes:
    return b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent %d/ColorSpace %b%b" % (
        width,
        height,
        bits,
        space,
        rest,
    )


def _check(width: int, height: int, limits: Limits) -> None:
    if width * height > limits.image_pixels:
        raise ReadError(
            f"a picture in it has {width:,} x {height:,} points (图像过大)",
            remedy="scan it at 200 dpi, or raise the limit image_pixels",
            code="NB-READ-PAGE-SIZE",
        )
