"""The wheel alone works: built, installed in a new environment outside the checkout, run from there."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

from nianbao.vocabulary import NB

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(root)],
        check=True,
        capture_output=True,
    )
    return next(out.glob("*.whl"))


def test_it_holds_the_two_packages_and_their_data_only(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"nianbao", "nianbao_server"}
    for needed in (
        "nianbao/ontology/nianbao.ttl",
        "nianbao/ontology/context.jsonld",
        "nianbao/narrative/units.toml",
        "nianbao/form/form.toml",
    ):
        assert needed in names
    assert any(name.startswith("nianbao/shapes/") and name.endswith(".ttl") for name in names)
    assert any(name.startswith("nianbao/models/") for name in names)
    assert any(name.startswith("nianbao_server/templates/") for name in names)
    assert not any("/tests/" in name or name.endswith(".pyc") for name in names)


def test_it_runs_outside_the_checkout(wheel: Path, root: Path, tmp_path: Path) -> None:
    # The dependencies come from this environment (a test needs no network); nianbao itself comes from the wheel.
    home = tmp_path / "env"
    venv.create(home, with_pip=False)
    python = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    site = Path(
        subprocess.run(
            [python, "-c", "import site; print(site.getsitepackages()[0])"], check=True, capture_output=True, text=True
        ).stdout.strip()
    )
    zipfile.ZipFile(wheel).extractall(site)
    libraries = next(Path(entry) for entry in sys.path if entry.endswith("site-packages"))
    for entry in libraries.iterdir():
        if (
            not entry.name.startswith("nianbao")
            and not entry.name.endswith(".pth")
            and not (site / entry.name).exists()
        ):
            (site / entry.name).symlink_to(entry)
    report = next(path for path in sorted((root / "data/reports").glob("*.txt")))
    clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "NIANBAO"))}

    def run(*words: str) -> str:
        done = subprocess.run(
            [python, "-m", "nianbao", *words], cwd=tmp_path, env=clean, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    where = subprocess.run(
        [python, "-c", "import nianbao; print(nianbao.__file__)"],
        cwd=tmp_path,
        env=clean,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert where.startswith(str(site))
    assert '"name":' in run("read", "--json", str(report))
    assert "findings" in run("build", str(report), "--store", "store", "--jobs", "1")
    assert "1" in run(
        "query",
        "--store",
        "store",
        "--format",
        "csv",
        "-q",
        f"SELECT (COUNT(*) AS ?n) {{ ?r a <{NB}AnnualReport> }}",
    )
    assert "F06" in run("rules")
