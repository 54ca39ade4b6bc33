"""IRIs in batches, for queries that name what they ask about: memory stays flat however many there are."""

from collections.abc import Iterable, Iterator
from itertools import islice


def batches(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """The items in lists of ``size``, the last one shorter."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def values(iris: Iterable[str]) -> str:
    """What stands between the braces of ``VALUES ?x { }``."""
    return " ".join(f"<{iri}>" for iri in iris)
