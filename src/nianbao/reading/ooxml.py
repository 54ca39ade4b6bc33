"""The XML in Word and OFD files, safely parsed; elements by their local names: both have several namespaces."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from nianbao.errors import ReadError
from nianbao.reading.archive import Archive


def parse(archive: Archive, name: str, kind: str = "Word file") -> Any:
    """The root element of a part. Entities are never resolved, because no such file has them; nothing is fetched.

    Raises ReadError: NB-READ-ENTITIES for a part with a document type, NB-READ-DAMAGED, and as ``Archive.read``.
    """
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        content = archive.read(name)
        if re.search(rb"<!DOCTYPE|<!ENTITY", content[:65536]) or b"\0" in content[:100]:
            raise ReadError(
                f"a part of the {kind} declares a document type or entities (文档含外部实体或类型声明)",
                remedy=f"no {kind} has them; do not trust this file",
                place=name,
                code="NB-READ-ENTITIES",
            )
        return etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, KeyError, ValueError) as error:
        raise ReadError(
            f"the {kind} is damaged: {str(error)[:200]} (文档损坏)".replace("\n", " "),
            remedy="open it in its own program and save it again",
            place=name,
            code="NB-READ-DAMAGED",
        ) from error


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
