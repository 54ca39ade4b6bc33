"""Fixtures that several test modules use."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

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


@pytest.fixture(scope="session")
def scan() -> ModuleType:
    """The generator of scans; skips where OCR or a Chinese font is missing."""
    wanted = "ocr" in os.environ.get("NIANBAO_REQUIRE", "").split(",")
    try:
        import cv2  # noqa: F401
        import onnxruntime  # noqa: F401

        from generate import scan

        missing = "" if scan.font_path() else "there is no Chinese font (Debian: fonts-noto-cjk)"
    except ImportError as error:
        missing = f"OCR is not installed: {error} (pip install '.[ocr]' in the folder of nianbao)"
    if missing:
        (pytest.fail if wanted else pytest.skip)(missing)
    return scan


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store of tests/cases/served: an archive over two years, one of them corrected, and a hostile name."""
    from nianbao.mapping import rdf
    from nianbao.quality import audit
    from nianbao.record import Record
    from nianbao.storage.store import open_store
    from nianbao.writer import Writer

    folder = tmp_path_factory.mktemp("served") / "store"
    store = open_store(str(folder))
    writer = Writer(store)
    for path in sorted((ROOT / "tests/cases/served").glob("*.json")):
        record = Record.from_json(path.read_text("utf-8"))
        writer.put(record, audit.check(rdf.quads(record)), name=path.name, sha256=record.source.sha256)
    writer.check_across()
    store.close()
    return folder


def unused_port() -> int:
    """A port of this machine that nothing listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a running Oxigraph server (the native one, another program than the library)."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent))
    if program is None:
        if "oxigraph" in os.environ.get("NIANBAO_REQUIRE", "").split(","):
            pytest.fail("NIANBAO_REQUIRE names oxigraph, but the server is not installed")
        pytest.skip("the native Oxigraph server is not installed (make test installs it)")
    port = unused_port()
    folder = tmp_path_factory.mktemp("oxigraph")
    process = subprocess.Popen(
        [program, "serve", "--location", str(folder), "--bind", f"127.0.0.1:{port}"], stderr=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).close()
                break
            except OSError:
                time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


@pytest.fixture
def dead_address() -> str:
    """The address of an endpoint that does not answer."""
    return f"http://127.0.0.1:{unused_port()}/query"
