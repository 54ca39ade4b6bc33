"""A figure leads to the picture of the page that it is printed on, where the files are at hand."""

import re
from collections.abc import Iterator
from hashlib import sha256
from html import unescape
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from generate.pdf import STYLES, build
from nianbao.build import build as build_store
from nianbao.errors import ReadError
from nianbao.reading.originals import Originals
from nianbao.storage.store import open_store
from nianbao_server import create_app

HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one report as PDF, and its store beside it."""
    home = tmp_path_factory.mktemp("originals")
    (home / "files").mkdir()
    (home / "files/report.pdf").write_bytes(build(next(iter(STYLES.values()))))
    store = open_store(str(home / "store"))
    build_store([home / "files"], store, jobs=1)
    store.close()
    return home


@pytest.fixture(scope="module")
def client(folder: Path) -> Iterator[FlaskClient]:
    app = create_app(str(folder / "store"), workers=1, pictures=Originals(folder / "files").picture)
    yield app.test_client()
    app.extensions["nianbao"].close()


def filing_page(client: FlaskClient) -> str:
    home = client.get("/", headers=HTML).text
    institution = re.search(r'href="(/org/[^"]+)"', home)
    assert institution
    report = re.search(r'href="(/report/[^"]+)"', client.get(institution[1], headers=HTML).text)
    assert report
    return client.get(report[1].replace("/report/", "/filing/") + "/1", headers=HTML).text


def test_a_figure_leads_to_its_page(client: FlaskClient) -> None:
    links = [unescape(link) for link in re.findall(r'href="(/original/[^"]+)"', filing_page(client))]
    assert links
    assert all("mark=" in link for link in links)
    marked = client.get(links[0])
    assert marked.status_code == 200
    assert marked.data.startswith(b"\x89PNG")
    plain = client.get(links[0].partition("?")[0])
    assert plain.data != marked.data


def test_figures_of_the_form_lead_to_their_page_too(client: FlaskClient) -> None:
    text = filing_page(client)
    for name in ("initial-capital", "net-assets-opening", "net-assets-closing", "staff"):
        box = text.partition(f'<div id="{name}">')[2].partition("</div>")[0]
        assert 'href="/original/' in box, name


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/original/" + "0" * 64 + "/1.png", 404),
        ("/original/..%2F..%2Fetc/1.png", 404),
        ("{file}/999.png", 404),
        ("{file}/1.png?mark=1,2,3", 400),
        ("{file}/1.png?mark=nan,2,3,4", 400),
    ],
)
def test_what_is_not_there(client: FlaskClient, path: str, status: int) -> None:
    link = re.search(r'href="(/original/[0-9a-f]{64})', filing_page(client))
    assert link
    assert client.get(path.format(file=link[1])).status_code == status


def test_no_pages_are_shown_by_default(folder: Path) -> None:
    app = create_app(str(folder / "store"), workers=1)
    try:
        assert "/original/" not in filing_page(app.test_client())
    finally:
        app.extensions["nianbao"].close()


def test_files_that_come_later_are_found(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match="no such folder"):
        Originals(tmp_path / "none")
    originals = Originals(tmp_path)
    data = build(next(iter(STYLES.values())))
    assert originals.picture(sha256(data).hexdigest(), 1) is None
    (tmp_path / "late.pdf").write_bytes(data)
    assert originals.picture(sha256(data).hexdigest(), 1)
