"""Values of form fields that have no appearance in the file: viewers draw them by themselves, pdfium does not."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pypdfium2.raw as pdfium

from nianbao.reading.layout import Box
from nianbao.reading.pdf.glyphs import Glyph, Shown

_MOST = 2000  # fields of a page
_LONGEST = 100_000  # characters of a value
_AFTER = 1_000_000  # indexes of such characters: behind those of the content
_SIZE = re.compile(r"([\d.]+)\s+Tf")
_USUAL = 10.5


@dataclass(frozen=True, slots=True)
class Field:
    """What was typed into a field, its box in user space, and the size of its characters (0: as fits)."""

    text: str
    box: Box
    size: float


def fields(document: pdfium.FPDF_DOCUMENT, page: pdfium.FPDF_PAGE) -> list[Field]:
    """The fields of a page with a value and without an appearance, before its annotations are made part of it."""
    found: list[Field] = []
    for number in range(min(pdfium.FPDFPage_GetAnnotCount(page), _MOST)):
        annotation = pdfium.FPDFPage_GetAnnot(page, number)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetSubtype(annotation) == pdfium.FPDF_ANNOT_WIDGET and not _drawn(annotation):
                found += _field(document, annotation)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return found


def _field(document: pdfium.FPDF_DOCUMENT, annotation: pdfium.FPDF_ANNOTATION) -> Iterator[Field]:
    text = _string(annotation, b"V")
    if not text and not pdfium.FPDFAnnot_HasKey(annotation, b"FT"):  # the field above it has the value
        with _form(document) as form:
            text = _value(form, annotation) if form else ""
    rect = pdfium.FS_RECTF()
    if text.strip() and pdfium.FPDFAnnot_GetRect(annotation, rect):
        size = _SIZE.search(_string(annotation, b"DA"))
        box = rect.left, min(rect.bottom, rect.top), rect.right, max(rect.bottom, rect.top)
        yield Field(text, box, float(size[1]) if size else 0.0)


def characters(found: Iterable[Field], place: Shown) -> Iterator[Glyph]:
    """The characters of fields as a viewer sets them: from the left, broken where they do not fit."""
    index = _AFTER
    for field in found:
        (xa, ya), (xb, yb) = place.point(*field.box[:2]), place.point(*field.box[2:])
        x0, x1, y0, y1 = min(xa, xb), max(xa, xb), min(ya, yb), max(ya, yb)
        size = field.size or min(_USUAL, 0.75 * (y1 - y0))
        if not 0 < size < 200:
            continue
        lines = [line for part in re.split(r"\r\n?|\n", field.text) for line in _broken(part, (x1 - x0) / size)]
        pitch = min(1.3 * size, (y1 - y0) / max(1, len(lines)))
        top = (y0 + y1 - pitch * len(lines)) / 2
        for number, line in enumerate(lines):
            at = x0 + 2
            for char in line:
                wide = _wide(char) * size
                index += 1
                if not char.isspace():
                    yield Glyph(char, at, top + pitch * (number + 0.5) + 0.35 * size, at + wide, size, index)
                at += wide


def _wide(char: str) -> float:
    return 0.5 if ord(char) < 0x2000 else 1.0


def _broken(text: str, room: float) -> list[str]:
    lines, wide = [""], 0.0
    for char in text:
        if wide + _wide(char) > max(room, 1.0) and lines[-1]:
            lines.append("")
            wide = 0.0
        lines[-1] += char
        wide += _wide(char)
    return lines


def _drawn(annotation: pdfium.FPDF_ANNOTATION) -> bool:
    return bool(pdfium.FPDFAnnot_HasKey(annotation, b"AP"))


def _string(annotation: pdfium.FPDF_ANNOTATION, key: bytes) -> str:
    return _text(lambda buffer, size: pdfium.FPDFAnnot_GetStringValue(annotation, key, buffer, size))


def _value(handle: pdfium.FPDF_FORMHANDLE, annotation: pdfium.FPDF_ANNOTATION) -> str:
    kind = pdfium.FPDFAnnot_GetFormFieldType(handle, annotation)
    if kind not in (pdfium.FPDF_FORMFIELD_TEXTFIELD, pdfium.FPDF_FORMFIELD_COMBOBOX):
        return ""
    return _text(lambda buffer, size: pdfium.FPDFAnnot_GetFormFieldValue(handle, annotation, buffer, size))


@contextmanager
def _form(document: pdfium.FPDF_DOCUMENT) -> Iterator[pdfium.FPDF_FORMHANDLE]:
    """The form of a document. pdfium keeps the address of ``info`` as long as it is open."""
    info = pdfium.FPDF_FORMFILLINFO()
    info.version = 1
    handle = pdfium.FPDFDOC_InitFormFillEnvironment(document, info)
    try:
        yield handle
    finally:
        if handle:
            pdfium.FPDFDOC_ExitFormFillEnvironment(handle)


def _text(get: Callable[[Any, int], int]) -> str:
    size = get(None, 0)
    if not 2 < size <= 2 * _LONGEST:
        return ""
    buffer = (pdfium.FPDF_WCHAR * (size // 2))()
    get(buffer, size)
    return ctypes.string_at(buffer, size).decode("utf-16-le", "replace").rstrip("\0")
