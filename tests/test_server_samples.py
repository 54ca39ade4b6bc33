"""The pages of the sample reports, as a newcomer finds them: links that lead somewhere, each thing once."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from nianbao import review
from nianbao.build import build
from nianbao.review import Decision
from nianbao.storage.store import open_store
from nianbao.vocabulary import DATA
from nianbao_server import create_app, facts
from test_server_pages import HTML, page

FORMER, LATER = "/org/n-dce535b373fd", "/org/12341421NB0016173M"  # 槐塘县文化馆 without a code, then with one
CULTURE = "/filing/12341421NB0016173M/2024/1"


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Iterator[Flask]:
    folder = str(tmp_path_factory.mktemp("samples") / "store")
    store = open_store(folder)
    build([root / "data/reports"], store, jobs=2)
    base = DATA.rstrip("/")
    review.keep(store, [Decision(base + FORMER, base + LATER, "later", "档案组", "2026-01-05")])
    store.close()
    del store
    app = create_app(folder)
    yield app
    app.extensions["nianbao"].close()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def current(app: Flask) -> list[str]:
    """The paths of all current filings."""
    rows = app.extensions["nianbao"].select("SELECT ?f WHERE { ?r dcat:hasCurrentVersion ?f }")
    return [row["f"].value.replace(DATA, "/") for row in rows]


def test_every_link_to_a_passage_leads_to_it(app: Flask, client: FlaskClient) -> None:
    ids: dict[str, set[str]] = {}
    followed = 0
    pages = ["/audit?by=finding", *(f"/audit?by=finding&page={n}" for n in (2, 3))]
    for path in [
        *pages,
        *current(app),
        *(one.replace("/filing/", "/report/").rsplit("/", 1)[0] for one in current(app)),
    ]:
        for link in page(client, path).links:
            target, mark, anchor = link.partition("#")
            if mark and (target or path).startswith("/filing/"):
                place = target or path
                ids[place] = ids.get(place) or page(client, place).ids
                assert anchor in ids[place], (path, link)
                followed += 1
    assert followed > 500


def test_all_that_a_filing_speaks_of_has_its_place_on_the_page_once(app: Flask, client: FlaskClient) -> None:
    kinds = set()
    for path in current(app):
        found = page(client, path)
        every = [attributes["id"] for _, attributes in found.elements if attributes.get("id")]
        assert len(every) == len(set(every)), path
        filing = DATA + path[1:]
        graph = facts.filing_graph(app.extensions["nianbao"], filing)
        names = {term.removeprefix(filing + "/") for term in graph.every() if term.startswith(filing + "/")}
        assert names - found.ids == set(), path
        kinds |= {name.rpartition("-")[0] for name in names}
    assert {"licence", "gift", "change", "org"} <= kinds


def test_figures_of_the_form_lead_to_their_boxes(client: FlaskClient) -> None:
    boxes = {f"{CULTURE}#{name}" for name in facts.FORM_FIGURES}
    assert boxes <= set(page(client, "/report/12341421NB0016173M/2024").links)
    assert boxes <= set(page(client, LATER).links)
    assert {link.partition("#")[2] for link in boxes} <= page(client, CULTURE).ids


def test_an_institution_that_got_a_code_is_counted_and_listed_once(app: Flask, client: FlaskClient) -> None:
    home = page(client, "/")
    every = app.extensions["nianbao"].select("SELECT DISTINCT ?i WHERE { ?i a nb:PublicInstitution }")
    assert (home.links.count(LATER), FORMER in home.links) == (1, False)
    assert f"单位 {len(every) - 1} 报告 {len(current(app))} " in home.text
    sponsors = {link for link in page(client, LATER).links if re.fullmatch(r"/org/[^.?]*", link)} - {LATER}
    assert sponsors
    for sponsor in sponsors:
        assert (page(client, sponsor).links.count(LATER), FORMER in page(client, sponsor).links) == (1, False)


def test_a_sponsor_without_facts_has_no_empty_card(client: FlaskClient) -> None:
    sponsors = {link for link in page(client, LATER).links if re.fullmatch(r"/org/n-[^.?]*", link)}
    shown = [client.get(sponsor, headers=HTML).text for sponsor in sponsors]
    assert shown
    assert not any(re.search(r"<dl[^>]*>\s*</dl>", text) for text in shown)


def test_a_whole_year_is_shown_as_a_year(client: FlaskClient) -> None:
    found = re.findall(r'<td class="date">(.*?)</td>', client.get("/indicator/n-bce9b0e7906c", headers=HTML).text)
    assert sorted(set(found)) == ["2023", "2024"]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (("2023-01-01", "2023-12-31", "2024"), "2023"),
        (("", "2023-12-31", "2023"), "2023-12-31"),  # a level on a day
        (("", "", "2024"), "2024"),
        (("2023-01-01", "2024-12-31", "2024"), "2023-01-01 – 2024-12-31"),
        (("2023-01-01", "2023-06-30", "2023"), "2023-01-01 – 2023-06-30"),
    ],
)
def test_the_period_of_a_figure(said: tuple[str, str, str], expected: str) -> None:
    assert facts.period(*said) == expected
