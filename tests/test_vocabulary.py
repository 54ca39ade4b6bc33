"""Namespaces stand in one place."""

from pathlib import Path

import pytest

from nianbao import vocabulary

OURS = "w3id.org" + "/nianbao"


def test_the_literal_namespace_stands_in_no_other_python_file(root: Path) -> None:
    folders = [root / name for name in ("src", "server", "tests", "bench", "docs")]
    found = [
        str(path.relative_to(root))
        for folder in folders
        for path in folder.rglob("*.py")
        if OURS in path.read_text(encoding="utf-8")
    ]
    assert found == ["src/nianbao/vocabulary.py"]


def test_all_of_our_namespaces_are_under_one_path() -> None:
    assert all(OURS in name for name in (vocabulary.NB, vocabulary.NBC, vocabulary.NBI, vocabulary.NBS))


def test_expand() -> None:
    assert vocabulary.expand("nb:value") == vocabulary.NB + "value"
    with pytest.raises(KeyError):
        vocabulary.expand("unknown:value")
