"""--thresholds FILE and --shapes DIR, on the command line and in nianbao.toml: other numbers, the same rules."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nianbao.cli import main
from nianbao.quality import shapes
from nianbao.vocabulary import NB

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").write_text("capitalTolerance = 200\n", encoding="utf-8")
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def rules(result: Result) -> set[str]:
    assert result.exit_code in (0, 1), result.output
    return {json.loads(line)["rule"] for line in result.stdout.splitlines() if '"rule"' in line}


def test_validate_with_thresholds_of_ones_own(run: Run, root: Path, tmp_path: Path) -> None:
    (tmp_path / "r.trig").write_text(run("map", root / "data/reports/agritech-2024.txt").stdout, encoding="utf-8")
    usual = rules(run("validate", "r.trig", "--format", "json"))
    assert "F06" in usual
    other = rules(run("validate", "r.trig", "--format", "json", "--thresholds", "mine.toml"))
    assert other == usual - {"F06"}
    assert (
        rules(run("validate", "r.trig", "--format", "json", "--thresholds", "mine.toml", "--engine", "pyshacl"))
        == other
    )
    (tmp_path / "nianbao.toml").write_text('[validate]\nthresholds = "mine.toml"\n', encoding="utf-8")
    assert rules(run("validate", "r.trig", "--format", "json")) == other


def test_shapes_come_from_a_file_too(run: Run, root: Path, tmp_path: Path) -> None:
    (tmp_path / "r.trig").write_text(run("map", root / "data/reports/agritech-2024.txt").stdout, encoding="utf-8")
    (tmp_path / "own").mkdir()
    (tmp_path / "own/e.ttl").write_text(
        f"@prefix nb: <{NB}> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:E1> a sh:NodeShape ; sh:targetClass nb:Filing ; sh:property [ sh:path <urn:none> ; sh:minCount 1 ] .",
        encoding="utf-8",
    )
    (tmp_path / "nianbao.toml").write_text('[validate]\nshapes = ["own"]\n', encoding="utf-8")
    assert "E1" in rules(run("validate", "r.trig", "--format", "json"))


def test_a_store_is_built_and_audited_with_the_same_thresholds(run: Run, root: Path) -> None:
    """Another table of thresholds is another set of rules: its audit is not passed off as this one's."""
    sample = root / "data/reports/agritech-2024.txt"
    built = run("build", sample, "--store", "s", "--jobs", "1", "--thresholds", "mine.toml")
    assert built.exit_code == 0, built.output
    mine = run("audit", "--store", "s", "--format", "json", "--thresholds", "mine.toml")
    assert "F06" not in rules(mine)
    assert "NB-STORE-STALE" not in mine.stderr
    assert "F06" not in rules(run("audit", "--store", "s", "--format", "json"))  # the store keeps the thresholds
    (Path("other.toml")).write_text("capitalTolerance = 150\n", encoding="utf-8")
    assert "NB-STORE-STALE" in run("audit", "--store", "s", "--thresholds", "other.toml").stderr
    again = run("build", sample, "--store", "s", "--jobs", "1")
    assert "按新规则重审 audited again 1" in again.stdout
    assert "F06" in rules(run("audit", "--store", "s", "--format", "json"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("capitalTolerence = 3", "no threshold"),
        ("capitalTolerance = 'x'", "no number"),
        ("=", "read"),
        *(
            (f"{name} = {value}", "out of range")
            for name, value in [
                ("capitalTolerance", -1),
                ("textSame", 101),
                ("figuresKept", 200),
                ("staffMaximum", "1e400"),
                ("confidenceMinimum", 1.5),
                ("personInstitutions", 1),
                ("firstYear", 24),
            ]
        ),
    ],
)
def test_a_wrong_table_is_an_error_not_the_usual_numbers(run: Run, tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "bad.toml").write_text(text, encoding="utf-8")
    (tmp_path / "r.trig").write_text("", encoding="utf-8")
    result = run("validate", "r.trig", "--thresholds", "bad.toml")
    assert result.exit_code != 0
    assert "NB-SHAPES-THRESHOLD" in result.stderr
    assert words in result.stderr
    assert "Traceback" not in result.output


def test_each_threshold_has_a_range_that_its_number_is_in(root: Path) -> None:
    for each in shapes.thresholds().values():
        assert each.minimum <= each.value <= each.maximum
        assert each.minimum >= 0
        if each.label.en.startswith("Per cent of"):
            assert each.maximum == 100
