"""What gave way to another IRI: 301 with the form that was asked for, and nothing of the former is lost."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from nianbao import review
from nianbao.review import Decision
from nianbao.storage.store import EmbeddedStore
from nianbao.vocabulary import DATA
from nianbao.writer import Writer
from nianbao_server import create_app
from test_ontology_questions import FILINGS, record

OLD, NEW = "/org/n-beba230b0bef", "/org/12341423NB0070049F"  # 石桥县人民医院, then 石桥县中心医院 with a code
HTML = {"Accept": "text/html"}


def iri(path: str) -> str:
    return DATA.rstrip("/") + path


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("succession") / "store"
    store = EmbeddedStore(folder)
    writer = Writer(store)
    writer.load_ontology()
    for row in FILINGS:
        made = record(row)
        writer.put(made, [], name=row["file"], sha256=made.source.sha256)
    store.close()
    return folder


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    """A store of its own for a test that decides otherwise."""
    return Path(shutil.copytree(built, tmp_path / "store"))


def client_of(folder: Path, *decisions: Decision, more: str = "") -> Iterator[FlaskClient]:
    store = EmbeddedStore(folder)
    review.keep(store, decisions)
    if more:
        store.update(more)
    store.close()
    del store
    app = create_app(str(folder))
    yield app.test_client()
    app.extensions["nianbao"].close()


def later(left: str, right: str) -> Decision:
    return Decision(iri(left), iri(right), "later", "档案组", "2026-01-05")


@pytest.fixture(scope="module")
def client(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    copied = shutil.copytree(built, tmp_path_factory.mktemp("later") / "store")
    yield from client_of(Path(copied), later(OLD, NEW))


@pytest.mark.parametrize("suffix", ["", ".ttl", ".jsonld", ".nt", ".rdf", ".html"])
@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/ld+json", "*/*"])
def test_a_former_iri_leads_to_its_successor_in_the_same_form(client: FlaskClient, suffix: str, accept: str) -> None:
    answer = client.get(OLD + suffix, headers={"Accept": accept})
    assert (answer.status_code, answer.headers["Location"]) == (301, NEW + suffix)
    assert answer.headers["Cache-Control"] == "max-age=3600"  # a decision can be taken back
    followed = client.get(OLD + suffix, headers={"Accept": accept}, follow_redirects=True)
    assert followed.status_code == 200
    assert followed.mimetype == client.get(NEW + suffix, headers={"Accept": accept}).mimetype


def test_the_question_goes_along(client: FlaskClient) -> None:
    assert client.get(OLD + "?format=jsonld&lang=en").headers["Location"] == NEW + "?format=jsonld&lang=en"


def test_the_document_of_the_successor_holds_the_former_its_reports_and_the_decision(client: FlaskClient) -> None:
    found = list(ox.parse(client.get(NEW + ".nt").data, format=ox.RdfFormat.N_TRIPLES))
    said = {(quad.subject.value, quad.predicate.value.rpartition("/")[2].rpartition("#")[2]) for quad in found}
    assert (iri(OLD), "isReplacedBy") in said
    assert (iri(OLD), "prefLabel") in said
    assert (iri("/report/n-beba230b0bef/2022"), "reportingInstitution") in said
    assert any(name == "decidedBy" for _, name in said)


def test_the_page_of_the_successor_has_all_years_and_links_to_the_former(client: FlaskClient) -> None:
    text = client.get(NEW + "?lang=zh", headers=HTML).text
    assert "/report/n-beba230b0bef/2022" in text
    assert OLD + "?former=1" in text
    former = client.get(OLD + "?former=1", headers=HTML)
    assert former.status_code == 200
    assert "石桥县人民医院" in former.text
    assert "现标识" in client.get(OLD + "?former=1&lang=zh", headers=HTML).text


def test_other_things_of_the_former_keep_their_addresses(client: FlaskClient) -> None:
    for path in ("/report/n-beba230b0bef/2022", "/filing/n-beba230b0bef/2022/1"):
        assert client.get(path, headers=HTML).status_code == 200
        assert client.get(path + ".ttl").status_code == 200


def test_a_decision_has_an_address(client: FlaskClient) -> None:
    found = ox.parse(client.get(NEW + ".nt").data, format=ox.RdfFormat.N_TRIPLES)
    (decision,) = {q.subject.value for q in found if q.predicate.value.endswith("#decidedBy")}
    assert client.get(decision.replace(DATA, "/"), headers=HTML).status_code == 200


def test_several_steps_are_one_redirect(folder: Path) -> None:
    museum = "/org/12341400NB0070014J"
    for client in client_of(folder, later(OLD, NEW), later(NEW, museum)):
        assert client.get(OLD).headers["Location"] == museum
        assert client.get(NEW + ".ttl").headers["Location"] == museum + ".ttl"
        assert "/report/n-beba230b0bef/2022" in client.get(museum, headers=HTML).text


def test_bodies_of_a_merger_have_pages_of_their_own_with_links(folder: Path) -> None:
    for client in client_of(folder, Decision(iri(OLD), iri(NEW), "merged", "档案组", "2026-01-05")):
        before, after = (client.get(path + "?lang=zh", headers=HTML) for path in (OLD, NEW))
        assert (before.status_code, after.status_code) == (200, 200)
        assert f'href="{NEW}"' in before.text
        assert f'href="{OLD}"' in after.text
        assert "由其合并、分立而来" in after.text
        assert "/report/n-beba230b0bef/2022" not in after.text
        assert "originalOrganization" in client.get(NEW + ".ttl").text


def test_circles_and_forks_in_a_foreign_store_do_not_redirect(folder: Path) -> None:
    museum = "/org/12341400NB0070014J"
    replaced = "<http://purl.org/dc/terms/isReplacedBy>"
    circle = f"INSERT DATA {{ <{iri(OLD)}> {replaced} <{iri(NEW)}> . <{iri(NEW)}> {replaced} <{iri(OLD)}> }}"
    for client in client_of(folder, more=circle):
        assert client.get(OLD, headers=HTML).status_code == client.get(NEW + ".ttl").status_code == 200
    fork = f"""DELETE DATA {{ <{iri(NEW)}> {replaced} <{iri(OLD)}> }} ;
        INSERT DATA {{ <{iri(OLD)}> {replaced} <{iri(museum)}> }}"""
    for client in client_of(folder, more=fork):
        answer = client.get(OLD, headers=HTML)
        assert answer.status_code == 200
        assert NEW in answer.text
        assert museum in answer.text


def test_the_fixed_address_of_the_version_serves_it_and_no_other_does(client: FlaskClient) -> None:
    assert client.get("/ns/0.1.0", headers={"Accept": "text/turtle"}).data == client.get("/ns?format=ttl").data
    assert client.get("/ns/0.1.0.jsonld").mimetype == "application/ld+json"
    assert client.get("/ns/0.1.0", headers=HTML).status_code == 200
    assert client.get("/ns/9.9.9", headers={"Accept": "text/turtle"}).status_code == 404


def links(client: FlaskClient, path: str) -> list[str]:
    return re.findall(r'href="(/org/[^"?#.]*)"', client.get(path, headers=HTML).text)


def test_lists_count_and_show_who_stands_there_today_only(built: Path, folder: Path) -> None:
    for before in client_of(built):
        both = links(before, "/")
        counted = int(re.search(r"单位</dt><dd>(\d+)", before.get("/?lang=zh", headers=HTML).text)[1])  # type: ignore[index]
    for client in client_of(folder, later(OLD, NEW)):
        text = client.get("/?lang=zh", headers=HTML).text
        assert OLD in both
        assert sorted(links(client, "/")) == sorted(set(both) - {OLD})
        assert f"单位</dt><dd>{counted - 1}<" in text
        row = text.partition(f'"{NEW}"')[2].partition("</tr>")[0]
        years = len(
            re.findall(r'data-label="年度"|<th scope="row"><a href="/report/', client.get(NEW, headers=HTML).text)
        )
        assert f'<td class="num">{years}</td>' in row
        found = links(client, "/search?q=石桥县")
        assert (found.count(NEW), OLD in found) == (1, False)
        sponsors = {link for path in (NEW, OLD + "?former=1") for link in links(client, path)} - {OLD, NEW}
        assert sponsors
        for sponsor in sponsors:
            shown = links(client, sponsor)
            assert OLD not in shown
            assert len(shown) == len(set(shown))
        assert any(NEW in links(client, sponsor) for sponsor in sponsors)
