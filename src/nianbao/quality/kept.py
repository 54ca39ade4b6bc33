"""The rules that a store was built with, kept in it: a graph of its own, ``B graph/rules``.

It holds what is not shipped: the text and the triples of a user's SHACL files, and thresholds that are not ours. So who
audits or serves the store later needs not to be told where these files lie.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from nianbao.errors import ShapesError
from nianbao.quality import shapes
from nianbao.quality.audit import Selects
from nianbao.quality.rulebook import Rulebook, read_shapes, rulebook
from nianbao.resources import SHAPES
from nianbao.storage.store import Store, values
from nianbao.vocabulary import NBS, PREFIXES, expand

_HEAD = "".join(f"PREFIX {name}: <{PREFIXES[name]}> " for name in ("dcterms", "nb", "prov", "rdf"))
_ENDS = "graph/rules"
_made: dict[str, tuple[TemporaryDirectory[str], Rulebook]] = {}  # removed when the process ends


def keep(store: Store, rules: Rulebook, base: str) -> None:
    """Keep these rules in the store, in the place of those that were there; shipped ones need no keeping."""
    graph = f"{base}{_ENDS}"
    quads = list(_quads(rules, graph))
    mark = next((quad for quad in quads if quad.predicate == _term("prov:wasDerivedFrom")), None)
    there = store.ask(f"ASK {{ GRAPH <{graph}> {{ ?s ?p ?o }} }}")
    if there if mark is None else not store.ask(f"ASK {{ GRAPH <{graph}> {{ {mark.triple} }} }}"):
        store.write(quads, first=f"DROP SILENT GRAPH <{graph}>")


def kept(store: Selects) -> Rulebook:
    """The rules that a store was built with: the shipped ones, with what it keeps beside them.

    Raises ShapesError where these can no longer be used.
    """
    where = f"GRAPH ?g {{ %s }} FILTER (STRENDS(STR(?g), '/{_ENDS}'))"
    files = [
        values(row, ("folder", "name", "text"))
        for row in store.select(
            f"{_HEAD} SELECT ?folder ?name ?text WHERE {{ "
            + where % "?file nb:fileName ?name ; dcterms:isPartOf ?folder ; prov:value ?text"
            + " } ORDER BY ?folder ?name"
        )
    ]
    numbers = [
        values(row, ("name", "value"))
        for row in store.select(
            f"{_HEAD} SELECT ?name ?value WHERE {{ " + where % "?name a nb:Threshold ; rdf:value ?value" + " }"
        )
    ]
    if not files and not numbers:
        return rulebook()
    handle = hashlib.sha256(repr((files, sorted(map(str, numbers)))).encode()).hexdigest()
    if handle not in _made:
        made = TemporaryDirectory(prefix="nianbao-rules-")
        try:
            _made[handle] = made, _unpacked(Path(made.name), files, numbers)
        except ShapesError as error:
            made.cleanup()
            raise ShapesError(
                f"the rules that the store was built with cannot be used any more: {error.reason}",
                remedy="run nianbao build again with --shapes, or give --shapes here",
                code=error.code,
            ) from error
    return _made[handle][1]


def _unpacked(folder: Path, files: list[list[str | None]], numbers: list[list[str | None]]) -> Rulebook:
    own: list[Path] = []
    for part, name, text in files:
        if not name or Path(name).name != name or not name.endswith(".ttl"):
            raise ShapesError(f"{name!r} is no name of a file", remedy="run nianbao build again")
        to = folder / hashlib.sha256((part or "").encode()).hexdigest()[:12]
        to.mkdir(exist_ok=True)
        (to / name).write_bytes((text or "").encode())
        own += [to] if to not in own else []
    shipped = SHAPES
    if numbers:
        lines = sorted(f"{(name or '').removeprefix(NBS)} = {value}\n" for name, value in numbers)
        (folder / "thresholds.toml").write_text("".join(lines), encoding="utf-8")
        shipped = shapes.with_thresholds(folder / "thresholds.toml")
    return rulebook(shipped, tuple(own))


def _quads(rules: Rulebook, graph: str) -> Iterator[ox.Quad]:
    name = ox.NamedNode(graph)

    def quad(subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> ox.Quad:
        return ox.Quad(ox.NamedNode(subject), _term(predicate), value, name)

    numbers = {
        each.name: each for each in shapes.thresholds(rules.folder).values() if str(each.value) != _shipped(each.name)
    }
    if not rules.own and not numbers:
        return
    yield quad(graph, "prov:wasDerivedFrom", ox.NamedNode(f"{NBS}sha256-{rules.digest}"))
    for each in numbers.values():
        yield quad(NBS + each.name, "rdf:type", _term("nb:Threshold"))
        yield quad(NBS + each.name, "rdf:value", ox.Literal(f"{each.value:f}", datatype=_term("xsd:decimal")))
    for number, folder in enumerate(rules.own, 1):
        for path in shapes.shape_files(folder):
            data = path.read_bytes()
            sha256 = hashlib.sha256(data).hexdigest()
            file = f"{graph}/{number:02}/{sha256[:12]}"
            yield quad(file, "dcterms:isPartOf", ox.NamedNode(f"{graph}/{number:02}"))
            yield quad(file, "nb:fileName", ox.Literal(path.name))
            yield quad(file, "nb:sha256", ox.Literal(sha256))
            yield quad(file, "prov:value", ox.Literal(data.decode()))
        for subject, predicate, value in read_shapes(folder).triples():
            yield ox.Quad(subject, predicate, value, name)  # type: ignore[arg-type]


def _shipped(name: str) -> str:
    found = shapes.thresholds(SHAPES).get(name)
    return str(found.value) if found else ""


def _term(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))
