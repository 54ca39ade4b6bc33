"""An OFD file as a package: its parts, documents, pages and resources (GB/T 33190-2016, chapters 6 and 7).

Real files leave the standard: other namespaces, backslashes and another case in paths, folders that are not named.
So elements go by their local names, and paths are found whatever their case.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from nianbao.errors import ReadError
from nianbao.reading.archive import Archive, decoded
from nianbao.reading.limits import Limits
from nianbao.reading.ofd.images import opaque
from nianbao.reading.ofd.numbers import Box, box
from nianbao.reading.ofd.sfnt import Font
from nianbao.reading.ooxml import child, local, parse

KIND = "OFD file"
_A4 = (0.0, 0.0, 210.0, 297.0)


@dataclass(slots=True)
class Resources:
    """What the pages of a document use, by its identifier. images: paths; params, units: elements."""

    fonts: dict[str, Font] = field(default_factory=dict)
    images: dict[str, str] = field(default_factory=dict)
    params: dict[str, Any] = field(default_factory=dict)
    units: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """One document of a package. pages: (identifier, path; "" where it is not there). area: mm, unless a page says
    otherwise. templates, annotations: paths by the identifier of the template, of the page."""

    root: Any
    path: str
    area: Box = _A4
    pages: list[tuple[str, str]] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    resources: Resources = field(default_factory=Resources)


class Package:
    """The parts of a file. losses: what it names but does not hold, in words. Raises ReadError as ``Archive``."""

    def __init__(self, data: bytes, limits: Limits) -> None:
        self.archive = Archive(data, limits)
        self.losses: dict[str, None] = {}
        self._names = {_key(decoded(info)): info.filename for info in self.archive.members}
        self._parsed: dict[str, Any] = {}
        if "encryptions.xml" in self._names:
            raise _encrypted()
        self.root = self.part("OFD.xml")
        if child(self.root, "Encryptions") is not None:
            raise _encrypted()

    def find(self, base: str, location: str) -> str:
        """The path of a part from that of the part that names it (or a folder, with "/" at its end); "" if absent."""
        location = location.strip().replace("\\", "/")
        if not location:
            return ""
        folder = "" if location.startswith("/") else posixpath.dirname(base)
        path = _key(posixpath.normpath(posixpath.join(folder, location.lstrip("/"))))
        return path if path in self._names else ""

    def read(self, path: str) -> bytes:
        """The bytes of a part."""
        return self.archive.read(self._names[_key(path)])

    def part(self, path: str, *, keep: bool = True) -> Any:
        """The root element of a part; pages are not kept. Raises ReadError: NB-READ-ENTITIES, NB-READ-DAMAGED."""
        found = self._parsed.get(path)
        if found is None:
            found = parse(self.archive, self._names.get(_key(path), path), KIND, mend=True)
            if keep:
                self._parsed[path] = found
        return found

    def opaque(self, path: str) -> bool:
        """Whether an image hides what lies under it."""
        try:
            return opaque(self.read(path))
        except ReadError:
            return False

    def usable(self, path: str, what: str) -> Any:
        """The root element of a part that others can do without; None, and a loss told, where there is none."""
        try:
            return self.part(path)
        except ReadError as error:
            if error.code != "NB-READ-DAMAGED":
                raise
            self.losses[what] = None
            return None

    # ------------------------------------------------------------ documents

    def documents(self) -> Iterator[Document]:
        """The documents in their order; there is one as a rule."""
        for body in self.root:
            if local(body) == "DocBody":
                path = self._current(body)
                if not path:
                    raise _damaged("it has no document in it")
                yield self._document(path)

    def _current(self, body: Any) -> str:
        """The path of a document's root: that of its current version, where it has versions."""
        for version in named(child(body, "Versions"), "Version"):
            if truth(version.get("Current"), default=False):
                path = self.find("", version.get("BaseLoc", ""))
                root = child(self.part(path), "DocRoot") if path else None
                found = (self.find(path, root.text or "") or self.find("", root.text or "")) if root is not None else ""
                if found:
                    return found
        root = child(body, "DocRoot")
        return self.find("", (root.text or "") if root is not None else "")

    def _document(self, path: str) -> Document:
        root = self.part(path)
        found = Document(root, path)
        common = child(root, "CommonData")
        for element in common if common is not None else ():
            name = local(element)
            if name == "PageArea":
                found.area = area(element) or found.area
            elif name == "TemplatePage":
                found.templates[element.get("ID", "")] = self.find(path, element.get("BaseLoc", ""))
            elif name in ("PublicRes", "DocumentRes"):
                self.add_resources(found.resources, path, element.text or "")
        for page in named(child(root, "Pages"), "Page"):
            found.pages.append((page.get("ID", ""), self.find(path, page.get("BaseLoc", ""))))
        self._annotations(found)
        return found

    def _annotations(self, document: Document) -> None:
        listed = child(document.root, "Annotations")
        if listed is None:
            return
        path = self.find(document.path, listed.text or "")
        for page in named(self.usable(path, "annotations"), "Page"):
            place = child(page, "FileLoc")
            if place is not None:
                document.annotations[page.get("PageID", "")] = self.find(path, place.text or "")

    def add_resources(self, resources: Resources, base: str, location: str) -> None:
        """Adds what a part of resources lists."""
        path = self.find(base, location)
        root = self.usable(path, "resources")
        if root is None:
            return
        folder = posixpath.join(posixpath.dirname(path), root.get("BaseLoc", "").strip().replace("\\", "/"), "")
        for group in root:
            for element in group:
                name, key = local(element), element.get("ID", "")
                if name == "Font":
                    resources.fonts[key] = self._font(element, folder, path)
                elif name == "MultiMedia":
                    resources.images[key] = self._file(element, "MediaFile", folder, path)
                elif name == "DrawParam":
                    resources.params[key] = element
                elif name == "CompositeGraphicUnit":
                    resources.units[key] = element

    def _font(self, element: Any, folder: str, path: str) -> Font:
        file = self._file(element, "FontFile", folder, path)
        return Font(element.get("FontName", ""), (lambda: self.read(file)) if file else None)

    def _file(self, element: Any, name: str, folder: str, path: str) -> str:
        """The path of a resource's file: in the folder of resources, else where the standard does not put it."""
        place = child(element, name)
        location = (place.text or "") if place is not None else ""
        return self.find(folder, location) or self.find(path, location) or self.find("", location)

    # ------------------------------------------------------------ what lies beside the pages

    def attachments(self, document: Document) -> list[str]:
        """The names of the files attached to a document."""
        listed = child(document.root, "Attachments")
        if listed is None:
            return []
        path = self.find(document.path, listed.text or "")
        root = self.usable(path, "attachments")
        return [one.get("Name") or one.get("ID", "") for one in named(root, "Attachment")]

    def seals(self) -> tuple[int, list[str]]:
        """(how many electronic seals and signatures the file bears, the identifiers of the pages they stand on)."""
        count, pages = 0, []
        for body in self.root:
            listed = child(body, "Signatures")
            if listed is None:
                continue
            path = self.find("", listed.text or "")
            for signature in named(self.usable(path, "signatures"), "Signature"):
                count += 1
                place = self.find(path, signature.get("BaseLoc", ""))
                inner = self.usable(place, "signatures")
                info = child(inner, "SignedInfo") if inner is not None else None
                pages += [stamp.get("PageRef", "") for stamp in named(info, "StampAnnot")]
        return count, pages


def named(element: Any, name: str) -> list[Any]:
    """The children of an element, or of none, by their local name."""
    return [found for found in element if local(found) == name] if element is not None else []


def area(element: Any) -> Box | None:
    """The physical box of a page area, in mm."""
    found = child(element, "PhysicalBox")
    return box(found.text) if found is not None else None


def truth(value: str | None, *, default: bool) -> bool:
    """A boolean attribute."""
    return default if value is None else value.strip().lower() in ("true", "1")


def _key(path: str) -> str:
    return path.replace("\\", "/").strip("/").lower()


def _encrypted() -> ReadError:
    return ReadError(
        "the OFD file is encrypted (OFD 文件已加密)",
        remedy="open it in its own program and save it without encryption, or print it to PDF",
        code="NB-READ-ENCRYPTED",
    )


def _damaged(why: str) -> ReadError:
    return ReadError(
        f"the OFD file is damaged: {why} (文件损坏)",
        remedy="get the file again from where it was published",
        code="NB-READ-DAMAGED",
    )
