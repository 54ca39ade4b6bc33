"""The content of a page → what it shows, in the order in which it is drawn: layers, templates, nested blocks,
composite objects and annotations (GB/T 33190-2016, chapters 7 to 13 and 15)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from nianbao.errors import ReadError
from nianbao.reading.limits import Limits
from nianbao.reading.ofd.drawing import DOT, Drawing, Image, in_dots, steps
from nianbao.reading.ofd.numbers import IDENTITY, Box, box, matrix, number, numbers
from nianbao.reading.ofd.package import Document, Package, area, named, truth
from nianbao.reading.ofd.sfnt import Font
from nianbao.reading.ofd.sheet import Content
from nianbao.reading.ofd.text import Run, characters
from nianbao.reading.ooxml import child, local
from nianbao.reading.pdf.glyphs import Colour
from nianbao.reading.pdf.rules import Matrix, within

POINTS = 72 / 25.4  # a millimetre
_OBJECTS = 400_000  # of a document
_DEPTH = 40  # blocks within blocks, composites within composites
_FAR = 1e12
_LAYERS = {"Background": 0, "Body": 1, "Foreground": 2}
_MARKS = ("Watermark", "Stamp")  # annotations that lie over the text
_BLACK: Colour = (0, 0, 0)
_NO_FONT = Font("")


@dataclass(frozen=True, slots=True)
class _Around:
    """What holds for the objects inside another. params: of drawing, the nearest first. aside: of a watermark or
    stamp. noted: of an annotation, whose drawings are no rules of the form."""

    matrix: Matrix
    params: tuple[Any, ...] = ()
    alpha: int = 255
    hidden: bool = False
    aside: bool = False
    noted: bool = False
    depth: int = 0


class Reader:
    """Reads the pages of a document, within limits that hold for all of them together."""

    def __init__(self, package: Package, document: Document, limits: Limits) -> None:
        self.package = package
        self.document = document
        self.limits = limits
        self.objects = 0
        self.characters = 0

    def page(self, number: int) -> Content:
        """A page, from 0. Raises ReadError: NB-READ-DAMAGED where it cannot be read, NB-READ-SIZE."""
        key, path = self.document.pages[number]
        root = self.package.part(path, keep=False)
        for place in named(root, "PageRes"):
            self.package.add_resources(self.document.resources, path, place.text or "")
        inner = child(root, "Area")
        bounds: Box = (area(inner) if inner is not None else None) or self.document.area
        left, top, width, height = bounds
        content = Content(width * POINTS, height * POINTS)
        # From millimetres, y downwards, to points, y upwards.
        around = _Around((POINTS, 0.0, 0.0, -POINTS, -left * POINTS, (top + height) * POINTS))
        before, behind = self._templates(root)
        for layers in (*before, _layers(root), *behind):
            for layer in layers:
                self._objects(layer, self._within(layer, around), content)
        if key in self.document.annotations:
            self._annotations(self.document.annotations[key], around, content)
        return content

    def _templates(self, root: Any) -> tuple[list[list[Any]], list[list[Any]]]:
        """The layers of the templates under a page and over it. A template has none of its own."""
        before: list[list[Any]] = []
        behind: list[list[Any]] = []
        for element in named(root, "Template"):
            key = element.get("TemplateID", "")
            path = self.document.templates.get(key, "")
            template = self.package.usable(path, "a template")
            if template is None:
                continue
            (behind if element.get("ZOrder") == "Foreground" else before).append(_layers(template))
        return before, behind

    def _annotations(self, path: str, around: _Around, content: Content) -> None:
        root = self.package.usable(path, "annotations")
        for note in named(root, "Annot"):
            looks = child(note, "Appearance")
            if looks is None:
                continue
            inner = replace(
                self._within(looks, around),
                aside=note.get("Type", "") in _MARKS,
                noted=True,
                hidden=not truth(note.get("Visible"), default=True),
            )
            self._objects(looks, inner, content)

    # ------------------------------------------------------------ objects

    def _objects(self, parent: Any, around: _Around, content: Content) -> None:
        if around.depth > _DEPTH:
            self.package.losses["objects nested too deeply"] = None
            return
        for element in parent:
            name = local(element)
            if name not in _KINDS:
                continue
            self.objects += 1
            if self.objects > _OBJECTS:
                raise _too_much(f"more than {_OBJECTS:,} objects", "get the report in another form")
            inner = self._within(element, around)
            if not all(abs(value) < _FAR for value in inner.matrix):
                continue  # on no page
            if name == "TextObject":
                self._text(element, inner, content)
            elif name == "PathObject":
                self._path(element, inner, around.matrix, content)
            elif name == "ImageObject":
                self._image(element, inner, content)
            elif name == "CompositeObject":
                unit = self.document.resources.units.get(element.get("ResourceID", ""))
                held = child(unit, "Content") if unit is not None else None
                if held is None:
                    self.package.losses["a composite object"] = None
                else:
                    self._objects(held, inner, content)
            else:
                self._objects(element, inner, content)

    def _within(self, element: Any, around: _Around) -> _Around:
        """What holds inside an object: its own matrix, then its place on the page, then what is around it."""
        place = box(element.get("Boundary")) or _corner(element.get("Boundary"))
        own = matrix(element.get("CTM")) or IDENTITY
        moved = within(within(own, (1.0, 0.0, 0.0, 1.0, place[0], place[1])), around.matrix)
        return _Around(
            moved,
            (*self._params(element.get("DrawParam")), *around.params),
            round(around.alpha * _channel(element.get("Alpha"), 255) / 255),
            around.hidden or not truth(element.get("Visible"), default=True),
            around.aside,
            around.noted,
            around.depth + 1,
        )

    def _params(self, key: str | None) -> list[Any]:
        """A set of drawing parameters and those that it is based on."""
        found: list[Any] = []
        while key and len(found) < 8 and (param := self.document.resources.params.get(key)) is not None:
            found.append(param)
            key = param.get("Relative")
        return found

    def _text(self, element: Any, around: _Around, content: Content) -> None:
        size = number(element.get("Size"), 0.0)
        stretch = number(element.get("HScale"), 1.0) or 1.0
        font = self.document.resources.fonts.get(element.get("Font", ""), _NO_FONT)
        left = self.limits.characters - self.characters
        chars = characters(element, font, size, stretch, left + 1)
        if len(chars) > left:
            raise _too_much(f"more than {self.limits.characters:,} characters", "raise the limit characters")
        index = self.characters
        self.characters += len(chars)
        filled, stroked = truth(element.get("Fill"), default=True), truth(element.get("Stroke"), default=False)
        colour, alpha = _colour(element, "FillColor" if filled else "StrokeColor", around.params)
        alpha = round(around.alpha * alpha / 255)
        content.items.append(
            Run(
                matrix=around.matrix,
                size=size,
                stretch=stretch,
                turn=number(element.get("CharDirection"), 0.0),
                font=font,
                colour=colour,
                alpha=alpha,
                hidden=around.hidden or not alpha or not (filled or stroked),
                aside=around.aside,
                index=index,
                chars=chars,
            )
        )

    def _path(self, element: Any, around: _Around, outer: Matrix, content: Content) -> None:
        if around.hidden:
            return
        data = child(element, "AbbreviatedData")
        path = steps(data.text) if data is not None else ()
        own, bounds, placed = matrix(element.get("CTM")), numbers(element.get("Boundary"), 4), around.matrix
        if own and bounds and in_dots(path, own, bounds):
            placed = within((DOT, 0.0, 0.0, DOT, 0.0, 0.0), outer)
        stroked, filled = truth(element.get("Stroke"), default=True), truth(element.get("Fill"), default=False)
        stroke, alpha = _colour(element, "StrokeColor", around.params)
        fill, inside = _colour(element, "FillColor", around.params)
        width = element.get("LineWidth") or next(
            (param.get("LineWidth") for param in around.params if param.get("LineWidth")), None
        )
        content.items.append(
            Drawing(
                matrix=placed,
                steps=path,
                stroke=stroke if stroked else None,
                fill=fill if filled else None,
                alpha=round(around.alpha * (alpha if stroked else inside) / 255),
                width=number(width, 0.353),
                even_odd=element.get("Rule", "").replace("-", "").lower() == "evenodd",
                aside=around.aside or around.noted,
            )
        )

    def _image(self, element: Any, around: _Around, content: Content) -> None:
        if around.hidden:
            return
        path = self.document.resources.images.get(element.get("ResourceID", ""), "")
        if not path:
            self.package.losses["a picture"] = None
        placed = around.matrix
        bounds = box(element.get("Boundary"))
        if not element.get("CTM") and bounds:  # not in the standard: the picture fills its box
            placed = within((bounds[2], 0.0, 0.0, bounds[3], 0.0, 0.0), placed)
        content.items.append(Image(placed, path, around.alpha, around.aside, self.characters))


_KINDS = frozenset(("TextObject", "PathObject", "ImageObject", "CompositeObject", "PageBlock", "Layer"))


def _layers(root: Any) -> list[Any]:
    """The layers of a page from the lowest to the highest."""
    found: Iterable[Any] = named(child(root, "Content"), "Layer")
    return sorted(found, key=lambda layer: _LAYERS.get(layer.get("Type", "Body"), 1))


def _corner(text: str | None) -> Box:
    """The corner of a box without an inside: a rule may have none."""
    words = (text or "")[:80].split()[:2]
    return (number(words[0], 0.0), number(words[1], 0.0), 0.0, 0.0) if len(words) == 2 else (0.0, 0.0, 0.0, 0.0)


def _colour(element: Any, name: str, params: Iterable[Any]) -> tuple[Colour, int]:
    """(red, green, blue), alpha: of the object itself, else of the parameters that hold; else black."""
    found = next((part for part in (child(one, name) for one in (element, *params)) if part is not None), None)
    if found is None:
        return _BLACK, 255
    alpha = _channel(found.get("Alpha"), 255)
    words = found.get("Value", "").replace(",", " ").split()[:4]
    parts = [_channel(word, 0) for word in words]
    if len(parts) == 1:
        return (parts[0], parts[0], parts[0]), alpha
    if len(parts) == 4:
        cyan, magenta, yellow, key = (255 - part for part in parts)
        return (cyan * key // 255, magenta * key // 255, yellow * key // 255), alpha
    return ((parts[0], parts[1], parts[2]) if len(parts) == 3 else _BLACK), alpha


def _channel(text: str | None, default: int) -> int:
    if not text:
        return default
    if text.strip()[:1] == "#":
        try:
            return min(255, int(text.strip()[1:3], 16))
        except ValueError:
            return default
    return max(0, min(255, int(number(text, default))))


def _too_much(what: str, remedy: str) -> ReadError:
    return ReadError(
        f"the file has {what} (内容过多)", remedy=f"give one report a file, or {remedy}", code="NB-READ-SIZE"
    )
