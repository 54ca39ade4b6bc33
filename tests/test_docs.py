"""The documentation says what the program does: generated pages are current, links lead somewhere."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from click.testing import CliRunner

from nianbao.cli import main


@pytest.fixture(scope="module")
def generator(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", root / "docs/generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("page", ["cli.md", "rules.md", "queries.md"])
def test_generated_pages_are_current(root: Path, generator: ModuleType, page: str) -> None:
    assert (root / "docs" / page).read_text(encoding="utf-8") == generator.PAGES[page](), "run: make docs"


def pages(root: Path) -> list[Path]:
    folders = ("docs", "data", "ontology", "shapes", "src/nianbao/models")
    return [*root.glob("*.md"), *(page for folder in folders for page in (root / folder).glob("*.md"))]


def test_links_between_pages_lead_somewhere(root: Path) -> None:
    broken = []
    for page in pages(root):
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                broken.append(f"{page.name}: {target}")
    assert not broken


def test_files_named_in_the_readme_exist(root: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:src|server|ontology|shapes|data|docs|tests|bench)/[\w./-]*)`", text)
    assert named
    assert [name for name in named if not (root / name).exists()] == []


def test_the_query_of_the_readme_gives_the_rows_that_it_shows(root: Path, tmp_path: Path) -> None:
    text = (root / "README.md").read_text(encoding="utf-8")
    query, shown = re.findall(r"```sparql\n(.*?)```\n\n```\n(.*?)\n```", text, re.DOTALL)[0]
    store = str(tmp_path / "store")
    runner = CliRunner()
    assert runner.invoke(main, ["build", str(root / "data/reports"), "--store", store]).exit_code == 0
    assert runner.invoke(main, ["query", "--store", store, "-q", query]).stdout.rstrip() == shown


def test_commands_in_the_readme_exist(root: Path) -> None:
    for readme in ("README.md", "README.zh.md"):
        text = (root / readme).read_text(encoding="utf-8")
        used = set(re.findall(r"nianbao (\w+) ", text)) & {*main.commands, "publish", "sample", "check"}
        assert {"build", "audit", "query", "serve", "read"} <= used
        assert used <= set(main.commands)


def test_make_targets_in_the_docs_exist(root: Path) -> None:
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for page in pages(root):
        for used in re.findall(r"`make ([a-z]+)", page.read_text(encoding="utf-8")):
            assert used in targets, f"{page.name} names make {used}"


def test_the_changelog_tells_the_version(root: Path) -> None:
    from nianbao import __version__

    assert f"## {__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_no_path_of_a_machine_and_no_package_index_of_its_own(root: Path) -> None:
    local = re.compile(r"index-url|extra-index|registry\s*=|/(?:home|root|Users)/\w")
    for path in [*pages(root), root / "Makefile", root / "pyproject.toml", root / ".ci/run"]:
        assert not local.search(path.read_text(encoding="utf-8")), path
