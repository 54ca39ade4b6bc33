"""The XML in Word and OFD files, safely parsed; elements by their local names: both have several namespaces."""

from __future__ import annotations

import codecs
import re
from typing import Any

from lxml import etree

from nianbao.errors import ReadError
from nianbao.reading.archive import Archive

_DECLARED = re.compile(rb"<!DOCTYPE|<!ENTITY")
# Characters that XML cannot hold, plain or by their numbers.
_NONE = re.compile(
    rb"[\x01-\x08\x0b\x0c\x0e-\x1f]|&#(?:x0*(?:[0-8bcef]|1[0-9a-f]|d[89a-f][0-9a-f]{2}|fff[ef])"
    rb"|0*(?:[0-8]|1[124-9]|2\d|3[01]));",
    re.IGNORECASE,
)


def parse(archive: Archive, name: str, kind: str = "Word file", *, mend: bool = False) -> Any:
    """The root element of a part. Entities are never resolved, because no such file has them; nothing is fetched.

    mend: characters that XML cannot hold become U+FFFD, so that one of them does not cost the part.
    Raises ReadError: NB-READ-ENTITIES for a part with a document type, NB-READ-DAMAGED, and as ``Archive.read``.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        content = _plain(archive.read(name))
        if mend:
            content = _NONE.sub("\ufffd".encode(), content)
        root = None if _DECLARED.search(content) or b"\0" in content[:100] else etree.fromstring(content, parser)
        # The second look is for encodings that hid it from the first.
        if root is None or root.getroottree().docinfo.internalDTD is not None:
            raise ReadError(
                f"a part of the {kind} declares a document type or entities (文档含外部实体或类型声明)",
                remedy=f"no {kind} has them; do not trust this file",
                place=name,
                code="NB-READ-ENTITIES",
            )
        return root
    except (etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise ReadError(
            f"the {kind} is damaged: {str(error)[:200]} (文档损坏)".replace("\n", " "),
            remedy="open it in its own program and save it again",
            place=name,
            code="NB-READ-DAMAGED",
        ) from error


def _plain(content: bytes) -> bytes:
    """A part in UTF-8: XML may be in UTF-16, which nothing that looks at bytes must overlook."""
    for mark, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(mark):
            return re.sub(r"\s*<\?xml[^>]*\?>", "", content[2:].decode(encoding), count=1).encode()
    return content


def local(element: Any) -> str:
    """The name of an element without its namespace; "" for what is no element."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def child(element: Any, *path: str) -> Any:
    """The first descendant by a path of local names, or None."""
    for name in path:
        element = next((found for found in element if local(found) == name), None)
        if element is None:
            return None
    return element


def attribute(element: Any, name: str = "val") -> str:
    """An attribute by its name without a namespace; "" where there is none."""
    return next((str(value) for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def value(element: Any, *path: str) -> str:
    """The ``val`` of a descendant; "" where there is none."""
    found = child(element, *path)
    return "" if found is None else attribute(found)


def whole(element: Any, default: int) -> int:
    """The ``val`` of an element as a whole number up to 1000; ``default`` where there is none."""
    stated = "" if element is None else attribute(element)
    return min(int(stated), 1000) if stated.isdecimal() and len(stated) < 9 else default
