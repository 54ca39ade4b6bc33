"""Data goes one way: a step imports only from the steps before it, and the library never the server."""

import ast
from pathlib import Path

# What a step may import stands before it. A name is a package of src/nianbao or a module beside the packages.
STEPS = [
    ["__init__", "errors", "vocabulary", "resources", "record", "numerals", "confinement", "table"],
    ["reading"],
    ["repair"],
    ["form"],
    ["narrative"],
    ["report"],
    ["mapping"],
    ["storage"],
    ["review", "export", "restricted"],
    ["quality"],
    ["writer"],
    ["reaudit"],
    ["build"],
    ["cli"],
    ["__main__"],
]
RANK = {name: rank for rank, names in enumerate(STEPS) for name in names}
SERVER = "nianbao_server"


def imported(path: Path) -> set[str]:
    """The steps that a file imports from anywhere in it, functions included."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        else:
            continue
        for name in names:
            first, _, rest = name.partition(".")
            if first == SERVER:
                found.add(SERVER)
            elif first == "nianbao":
                step = rest.split(".")[0]
                found.add(step if step in RANK else "__init__")  # ``from nianbao import __version__``
    return found


def test_a_step_imports_only_from_the_steps_before_it(root: Path) -> None:
    library = root / "src/nianbao"
    wrong = []
    for path in sorted(library.rglob("*.py")):
        step = path.relative_to(library).parts[0].removesuffix(".py")
        assert step in RANK, f"{path}: give the step its place in tests/test_layers.py"
        for other in imported(path):
            if other == SERVER:
                if step != "cli":
                    wrong.append(f"{path.name} imports the server")
            elif other != step and RANK[other] >= RANK[step] > 0:
                wrong.append(f"{path.name} imports {other}")
    assert not wrong


def test_the_server_knows_no_reader(root: Path) -> None:
    for path in (root / "server" / SERVER).glob("*.py"):
        assert not imported(path) & {"reading", "repair", "form", "narrative", "report", "writer", "build"}, path.name
