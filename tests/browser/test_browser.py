"""The pages in a real browser, where one is installed: the scripts run, and pictures can be looked at.

Pictures go to the folder named by NIANBAO_PICTURES, else to a temporary one.
"""

import os
import re
import shutil
import struct
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.serving import make_server

from nianbao_server import create_app

BROWSER = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
CODE = "12450000MB0000000D"
QUERY = "SELECT%20%3Fs%20%3Fo%0AWHERE%20%7B%20%3Fs%20a%20%3Fo%20%7D%0ALIMIT%205"

pytestmark = [pytest.mark.slow, pytest.mark.skipif(not BROWSER, reason="no Chromium is installed")]


@pytest.fixture(scope="module")
def address(served: Path) -> Iterator[str]:
    app = create_app(str(served))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["nianbao"].close()


def browse(profile: Path, *arguments: str) -> str:
    command = [BROWSER, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
    command += ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"]
    command += ["--force-prefers-reduced-motion", f"--user-data-dir={profile}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=True).stdout


def test_the_editor_numbers_its_lines(address: str, tmp_path: Path) -> None:
    html = browse(tmp_path, "--dump-dom", f"{address}/sparql?query={QUERY}")
    assert re.findall(r'<div class="lines"[^>]*>(.*?)</div>', html) == ["<span>1</span><span>2</span><span>3</span>"]


def test_a_chosen_figure_points_out_its_passage(address: str, tmp_path: Path) -> None:
    html = browse(tmp_path, "--dump-dom", f"{address}/filing/{CODE}/2024/1#q2.1-2")
    assert re.findall(r'<mark class="figure chosen"[^>]*>([^<]*)</mark>', html) == ["3000 卷"]
    assert 'class="figure chosen"' in re.sub(r"<mark[^>]*>", "", html)  # and its row


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [1280, 500], ids=["desktop", "phone"])  # a headless window is never narrower than 500
@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("home", "/?"),
        ("institution", f"/org/{CODE}?"),
        ("report", f"/report/{CODE}/2024?"),
        ("filing", f"/filing/{CODE}/2024/1?"),
        ("query", f"/sparql?query={QUERY}&"),
    ],
)
def test_a_picture_can_be_taken(address: str, tmp_path: Path, name: str, path: str, width: int, lang: str) -> None:
    folder = Path(os.environ.get("NIANBAO_PICTURES", tmp_path))
    folder.mkdir(parents=True, exist_ok=True)
    picture = folder / f"{name}-{width}-{lang}.png"
    browse(
        tmp_path / "profile", f"--window-size={width},1800", f"--screenshot={picture}", f"{address}{path}lang={lang}"
    )
    data = picture.read_bytes()
    assert struct.unpack(">II", data[16:24]) == (width, 1800)
    assert len(data) > 20_000  # an empty page has a few thousand bytes
