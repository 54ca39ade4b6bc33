"""Elements of Word's XML by their local names: there are two namespaces for the same words."""

from __future__ import annotations

from typing import Any


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
