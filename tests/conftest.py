"""Fixtures that several test modules use."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared material (the real report, corpora); tests that need it are skipped where it is absent."""
    folder = Path(os.environ.get("NIANBAO_SHARED", ROOT.parent / "shared"))
    if not (folder / "reports").is_dir():
        if "shared" in os.environ.get("NIANBAO_REQUIRE", "").split(","):
            pytest.fail(f"NIANBAO_REQUIRE names shared, but there is no {folder}/reports")
        pytest.skip(f"no shared material at {folder} (set NIANBAO_SHARED)")
    return folder


@pytest.fixture(scope="session")
def seed(shared: Path) -> Path:
    """The one real report that the project started from, as extracted, woven text."""
    return next((shared / "reports").glob("*.txt"))
