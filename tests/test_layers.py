"""Data goes one way: a module imports only from modules to the left of it, and never the server."""

import ast
from pathlib import Path

# Left to right: what a module may import stands before it.
LAYERS = {
    "base": ["__init__", "errors", "vocabulary", "resources", "record"],
    "read": ["sniff", "text", "reading"],
    "repair": ["language_model", "train", "weave"],
    "parse": ["numerals", "values", "sections", "form"],
    "extract": ["flow", "outline", "quantities", "subjects", "links", "events"],
    "record": ["report"],
    "map": ["serialise", "ontology", "iris", "organisations", "rdf_units", "rdf_terms", "rdf_narrative", "rdf"],
    "store": ["store", "guard", "query_worker", "query_pool", "table"],
    "audit": ["shapes", "findings", "rdf_input", "shacl", "audit"],
    "build": ["writer", "build"],
    "command": ["cli", "__main__"],
}
ORDER = [name for layer in LAYERS.values() for name in layer]


def imported(path: Path) -> set[str]:
    """Names of our modules that a file imports anywhere, functions included."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            parts = node.module.split(".")
            if parts[0] == "nianbao_server":
                names.add("nianbao_server")
            elif parts == ["nianbao"]:
                names.update(alias.name for alias in node.names)
            elif parts[0] == "nianbao":
                names.add(parts[-1])
        elif isinstance(node, ast.Import):
            names.update(
                alias.name.split(".")[-1]
                for alias in node.names
                if alias.name.split(".")[0] in ("nianbao", "nianbao_server")
            )
    return names


def test_the_library_imports_from_left_to_right(root: Path) -> None:
    wrong = []
    for path in sorted((root / "src/nianbao").rglob("*.py")):
        name = path.parent.name if path.stem == "__init__" and path.parent.name != "nianbao" else path.stem
        assert name in ORDER, f"{path}: give the module its place in tests/test_layers.py"
        for other in imported(path) & {*ORDER, "nianbao_server"}:
            if other == "nianbao_server":
                if name != "cli":
                    wrong.append(f"{name} imports the server")
            elif ORDER.index(other) >= ORDER.index(name):
                wrong.append(f"{name} imports {other}")
    assert not wrong


def test_mapping_and_audit_know_no_store(root: Path) -> None:
    assert "store" not in imported(root / "src/nianbao/rdf.py")
    assert "store" not in imported(root / "src/nianbao/shapes.py")
