"""Stored IRIs and the addresses of this server: two names of one thing, and one function for each direction.

Stored IRIs never change with the host that serves them; links on pages are paths on this host.

| stored IRI | path |
|---|---|
| base + ``org/…``, ``report/…``, ``filing/…`` and so on | ``/org/…`` … |
| base + ``indicator/n-…`` and the vocabulary's indicators | ``/indicator/…`` |
| codes of the vocabulary | ``/code/…`` |
| classes and properties | ``/ns#…`` |
"""

from __future__ import annotations

from urllib.parse import quote

from nianbao.vocabulary import NB, NBC, NBI

KINDS = ("org", "report", "filing", "graph", "text", "source", "run", "software", "indicator", "decision")
"""First path segments of data IRIs; ``code`` comes from the vocabulary alone."""


def path_of(iri: str, base: str) -> str | None:
    """The path on this server that shows `iri`, or None for an IRI that belongs to somebody else."""
    if iri.startswith(NB):
        return "/ns#" + _quoted(iri.removeprefix(NB))
    for space, path in ((NBC, "/code/"), (NBI, "/indicator/")):
        if iri.startswith(space):
            return path + _quoted(iri.removeprefix(space))
    if iri.startswith(base) and iri.removeprefix(base).split("/", 1)[0] in KINDS:
        whole, mark, fragment = iri.removeprefix(base).partition("#")
        return "/" + _quoted(whole) + mark + _quoted(fragment)
    return None


def iri_of(path: str, base: str) -> str:
    """The stored IRI that the path (``/org/…``, decoded, without query) speaks of."""
    kind, _, rest = path.lstrip("/").partition("/")
    if kind == "code":
        return NBC + _quoted(rest)
    if kind == "indicator" and not rest.startswith("n-"):
        return NBI + _quoted(rest)
    return base + kind + "/" + _quoted(rest)


def _quoted(text: str) -> str:
    return quote(text, safe="/-._~%=,:")
