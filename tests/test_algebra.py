"""What was read of a query is kept, and is the same when it is taken from there."""

from pathlib import Path

import pytest

from nianbao.quality.engine import algebra as module
from nianbao.quality.engine.compiler import Compiled
from nianbao.quality.engine.sparql import Sparql
from nianbao.quality.rulebook import Rulebook, rulebook


def readings(rules: Rulebook) -> list[tuple[str, bool, bool, bool]]:
    """What the engine knows of each query of the rules."""
    found = []
    for graph in (rules.single, rules.between):
        compiled = Compiled(graph)
        assert not compiled.unsupported
        for shape, _ in compiled.shapes:
            for constraint in shape.constraints:
                if isinstance(constraint, Sparql):
                    query = constraint.query
                    found.append((query.text, query.sound, query.own, query.many))
    return sorted(found)


def test_kept_readings_are_those_of_the_queries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fresh = readings(rulebook())
    kept = list(tmp_path.rglob("*.pickle"))
    assert len(kept) > 50
    monkeypatch.setattr("rdflib.plugins.sparql.prepareQuery", None)  # nothing may be read again
    assert readings(rulebook()) == fresh


def test_a_broken_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    query = "SELECT ?s WHERE { ?s ?p ?o FILTER NOT EXISTS { ?o ?q ?s } }"
    assert module.algebra(query).name == "SelectQuery"
    (file,) = tmp_path.rglob("*.pickle")
    file.write_bytes(b"no pickle")
    assert module.algebra(query).name == "SelectQuery"
    assert file.read_bytes() != b"no pickle"


def test_no_place_to_keep_it_is_no_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert module.algebra("ASK { ?s ?p ?o }").name == "AskQuery"
