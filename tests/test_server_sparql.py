"""The endpoint speaks SPARQL 1.1 Protocol: a table of requests with status and type, and what hostile ones get."""

import json
import re
import time
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from nianbao.vocabulary import NB
from nianbao_server import create_app

SELECT = (
    f"SELECT ?n WHERE {{ ?i a <{NB}PublicInstitution> ; "
    "<http://www.w3.org/2004/02/skos/core#prefLabel> ?n } ORDER BY ?n"
)
CONSTRUCT = f"CONSTRUCT WHERE {{ ?i a <{NB}PublicInstitution> }}"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
JSON = "application/sparql-results+json"
GRAPH = "https://nianbao.example/graph/12450000MB0000000D/2023/1"


@pytest.fixture(scope="module")
def client(served: Path):
    app = create_app(str(served), timeout=1, result=200_000)
    yield app.test_client()
    app.extensions["nianbao"].close()


def url(query: str, **parameters: str) -> str:
    return "/sparql?" + "&".join(f"{key}={quote(value)}" for key, value in {"query": query, **parameters}.items())


@pytest.mark.parametrize(
    ("query", "accept", "media_type"),
    [
        (SELECT, None, JSON),
        (SELECT, "*/*", JSON),
        (SELECT, "application/json", JSON),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        (SELECT, "text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"),
        (SELECT, BROWSER, "text/html; charset=utf-8"),
        ("ASK {}", None, JSON),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        (CONSTRUCT, None, "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "text/turtle;q=0.3, application/ld+json;q=0.8", "application/ld+json"),
        ("DESCRIBE <https://nianbao.example/org/12450000MB0000000D>", "text/turtle", "text/turtle; charset=utf-8"),
        (CONSTRUCT, BROWSER, "text/html; charset=utf-8"),
    ],
)
def test_the_result_has_the_type_that_is_accepted(
    client: FlaskClient, query: str, accept: str | None, media_type: str
) -> None:
    response = client.get(url(query), headers={"Accept": accept} if accept else {})
    assert (response.status_code, response.content_type) == (200, media_type)
    assert "Accept" in response.headers["Vary"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    assert client.head(url(query), headers={"Accept": accept} if accept else {}).content_type == media_type


@pytest.mark.parametrize(
    ("query", "form", "media_type"),
    [
        (SELECT, "csv", "text/csv; charset=utf-8"),
        (SELECT, "xml", "application/sparql-results+xml"),
        (SELECT, JSON, JSON),
        (CONSTRUCT, "ttl", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "jsonld", "application/ld+json"),
        (CONSTRUCT, "rdf", "application/rdf+xml"),
    ],
)
def test_format_goes_before_accept(client: FlaskClient, query: str, form: str, media_type: str) -> None:
    response = client.get(url(query, format=form), headers={"Accept": BROWSER})
    assert (response.status_code, response.content_type) == (200, media_type)


def test_each_format_holds_the_answer(client: FlaskClient) -> None:
    names = ["<script>alert(1)</script>馆", "松岭市档案馆"]
    found = json.loads(client.get(url(SELECT)).data)
    assert [row["n"]["value"] for row in found["results"]["bindings"]] == names
    for form in ("csv", "tsv", "xml"):
        assert "松岭市档案馆" in client.get(url(SELECT, format=form)).text
    for form, kind in (("ttl", "TURTLE"), ("nt", "N_TRIPLES"), ("jsonld", "JSON_LD"), ("rdf", "RDF_XML")):
        body = client.get(url(CONSTRUCT, format=form)).data
        assert len(list(ox.parse(body, format=getattr(ox.RdfFormat, kind)))) == 2, form


def test_queries_come_by_get_form_and_direct_post(client: FlaskClient) -> None:
    answers = [
        client.get(url(SELECT)),
        client.post("/sparql", data={"query": SELECT}),
        client.post("/sparql", data=SELECT, content_type="application/sparql-query"),
        client.post("/sparql", data=SELECT, content_type="application/sparql-query; charset=UTF-8"),
        client.post(
            "/sparql", data="query=" + quote(SELECT), content_type="application/x-www-form-urlencoded; charset=utf-8"
        ),
    ]
    assert [response.status_code for response in answers] == [200] * 5
    assert len({response.data for response in answers}) == 1


def test_the_dataset_comes_from_the_parameters(client: FlaskClient) -> None:
    asked = f"ASK {{ ?f a <{NB}Filing> FILTER(CONTAINS(STR(?f), '/2024/')) }}"
    inside = "ASK { GRAPH ?g { ?s ?p ?o } }"

    def says(response: object) -> bool:
        return bool(json.loads(response.data)["boolean"])  # type: ignore[attr-defined]

    assert says(client.get(url(asked)))
    assert not says(client.get(url(asked) + "&default-graph-uri=" + quote(GRAPH)))
    assert not says(client.post("/sparql?default-graph-uri=" + quote(GRAPH), data={"query": asked}))
    assert not says(client.get(url(inside) + "&default-graph-uri=" + quote(GRAPH)))
    assert says(client.get(url(inside) + "&named-graph-uri=" + quote(GRAPH)))
    assert client.get(url(asked) + "&default-graph-uri=nonsense").status_code == 400


UPDATE = "INSERT DATA { <http://a> <http://a> <http://a> }"


@pytest.mark.parametrize(
    ("status", "method", "path", "data", "kind"),
    [
        (400, "GET", url("SELECT * {"), None, None),
        (400, "GET", url(SELECT) + "&query=" + quote(SELECT), None, None),
        (400, "GET", "/sparql?query=%FF", None, None),
        (400, "GET", "/sparql?update=" + quote(UPDATE), None, None),
        (400, "GET", url(UPDATE), None, None),
        (403, "GET", url("SELECT * { SERVICE <http://a/> { ?s ?p ?o } }"), None, None),
        (406, "GET", url(SELECT, format="pdf"), None, None),
        (422, "GET", url("ASK " + "{" * 100 + "}" * 100), None, None),
        (422, "GET", url("SELECT * { ?s ?p ?o . ?a ?b ?c }"), None, None),
        (504, "GET", url("SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"), None, None),
        (405, "PUT", "/sparql", "x", "text/plain"),
        (405, "DELETE", url(SELECT), None, None),
        (400, "POST", "/sparql", "x=1", "application/x-www-form-urlencoded"),
        (400, "POST", "/sparql", b"ASK { ?s ?p '\xff' }", "application/sparql-query"),
        (400, "POST", "/sparql", b"query=%FF", "application/x-www-form-urlencoded"),
        (403, "POST", "/sparql", UPDATE, "application/sparql-update"),
        (403, "POST", "/sparql", "update=" + quote(UPDATE), "application/x-www-form-urlencoded"),
        (403, "POST", "/update", UPDATE, "application/sparql-update"),
        (413, "POST", "/sparql", "ASK {} #" + "x" * (2 << 20), "application/sparql-query"),
        (415, "POST", "/sparql", SELECT, "text/plain"),
        (415, "POST", "/sparql", SELECT, None),
        (422, "POST", "/sparql", "ASK {} #" + "x" * 300_000, "application/sparql-query"),
    ],
)
def test_a_bad_request_gets_a_problem_that_says_what_to_do(
    client: FlaskClient, status: int, method: str, path: str, data: bytes | str | None, kind: str | None
) -> None:
    response = client.open(path, method=method, data=data, content_type=kind)
    assert (response.status_code, response.content_type) == (status, "application/problem+json")
    problem = json.loads(response.data)
    assert problem["status"] == status
    assert re.fullmatch(r"NB-[A-Z0-9-]+", problem["code"])
    assert problem["detail"]
    assert problem["title"]
    assert problem["remedy"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    if status == 405:
        assert {"GET", "POST"} <= set(re.split(r",\s*", response.headers["Allow"]))


def test_nothing_acceptable_is_406_and_names_what_there_is(client: FlaskClient) -> None:
    response = client.get(url(SELECT), headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/csv" in json.loads(response.data)["detail"]
    assert client.get(url(CONSTRUCT), headers={"Accept": "text/csv"}).status_code == 406


def test_a_compressed_request_is_refused(client: FlaskClient) -> None:
    response = client.post(
        "/sparql", data=b"x", content_type="application/sparql-query", headers={"Content-Encoding": "gzip"}
    )
    assert response.status_code == 415


def test_a_syntax_error_has_line_and_column(client: FlaskClient) -> None:
    problem = json.loads(client.get(url("SELECT *\nWHERE { ?s ?p }")).data)
    assert (problem["code"], problem["place"]) == ("NB-QUERY-SYNTAX", "line 2, column 16")


def test_an_endless_query_is_stopped_and_the_server_goes_on(client: FlaskClient) -> None:
    started = time.monotonic()
    response = client.get(url("SELECT (COUNT(DISTINCT ?c) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"))
    assert json.loads(response.data)["code"] == "NB-QUERY-TIMEOUT"
    assert 0.9 < time.monotonic() - started < 5
    assert client.get(url("ASK {}")).status_code == 200
    assert client.get("/health").status_code == 200


def test_preflight_is_answered(client: FlaskClient) -> None:
    response = client.options(
        "/sparql", headers={"Origin": "http://a.example", "Access-Control-Request-Method": "POST"}
    )
    assert response.status_code == 200
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_an_unchanged_result_is_not_sent_again(client: FlaskClient) -> None:
    tag = client.get(url(SELECT)).headers["ETag"]
    again = client.get(url(SELECT), headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")


@pytest.mark.parametrize("accept", [None, "text/turtle", "application/rdf+xml", "application/ld+json"])
def test_without_a_query_the_service_is_described(client: FlaskClient, accept: str | None) -> None:
    response = client.get("/sparql", headers={"Accept": accept} if accept else {})
    assert response.status_code == 200
    triples = list(ox.parse(response.data, format=ox.RdfFormat.from_media_type(response.mimetype)))
    sd = "http://www.w3.org/ns/sparql-service-description#"
    said = {(triple.predicate.value, getattr(triple.object, "value", "")) for triple in triples}
    assert (sd + "endpoint", "http://localhost/sparql") in said
    assert (sd + "supportedLanguage", sd + "SPARQL11Query") in said


def test_a_browser_gets_the_query_page_with_the_result_as_a_table(client: FlaskClient) -> None:
    page = client.get(url(SELECT), headers={"Accept": BROWSER}).text
    assert "<td>松岭市档案馆</td>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;馆" in page
    assert "<script>alert" not in page
    assert "format=csv" in page
    assert "SELECT ?n WHERE" in page  # the query is still there
    linked = client.get(url(CONSTRUCT.replace("CONSTRUCT", "SELECT *")), headers={"Accept": BROWSER}).text
    assert 'href="/org/12450000MB0000000D"' in linked


def test_a_wrong_query_comes_back_with_the_error_in_a_browser(client: FlaskClient) -> None:
    response = client.get(url("SELECT * { ?s nb:value ?v }"), headers={"Accept": BROWSER})
    assert response.status_code == 400
    assert f"PREFIX nb: &lt;{NB}&gt;" in response.text
    assert "SELECT * { ?s nb:value ?v }" in response.text


def test_example_queries_can_be_opened_and_run(client: FlaskClient) -> None:
    from nianbao_server.examples import examples

    page = client.get("/sparql", headers={"Accept": BROWSER}).text
    assert examples()
    for item in examples():
        assert f"example={item.name}" in page
        assert item.titles["zh"] != item.titles["en"]
        response = client.get(url(item.text))
        assert response.status_code == 200, (item.name, response.text)
    opened = client.get(f"/sparql?example={examples()[0].name}", headers={"Accept": BROWSER}).text
    assert examples()[0].text.splitlines()[-1].strip().replace("<", "&lt;")[:20] in opened


MF = "http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#"
HT = "http://www.w3.org/2011/http#"
UT = "http://www.w3.org/2009/sparql/tests/test-update#"
CNT = "http://www.w3.org/2011/content#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


class Manifest:
    """The triples of a W3C manifest, to walk along."""

    def __init__(self, path: Path) -> None:
        self.store = ox.Store()
        self.store.load(path=str(path), format=ox.RdfFormat.TURTLE, base_iri="http://manifest/")

    def all(self, node: object, *properties: str) -> list[ox.NamedNode | ox.BlankNode | ox.Literal]:
        nodes = [node]
        for name in properties:
            predicate = ox.NamedNode(name)
            nodes = [quad.object for node in nodes for quad in self.store.quads_for_pattern(node, predicate, None)]
        return nodes

    def one(self, node: object, *properties: str) -> str | None:
        return next((found.value for found in self.all(node, *properties)), None)

    def items(self, node: object, *properties: str) -> list[object]:
        """The members of the RDF list at the end of the properties."""
        found, rest = [], self.all(node, *properties)
        while rest and rest[0] != ox.NamedNode(RDF + "nil"):
            found += self.all(rest[0], RDF + "first")
            rest = self.all(rest[0], RDF + "rest")
        return found


def test_the_protocol_tests_of_the_w3c_that_only_read(shared: Path, tmp_path: Path) -> None:
    folder = shared / "w3c/rdf-tests/sparql/sparql11/protocol"
    manifest = Manifest(folder / "manifest.ttl")
    kind = ox.NamedNode(MF + "ProtocolTest")
    tests = {quad.subject for quad in manifest.store.quads_for_pattern(None, None, kind)}
    tests = sorted((test for test in tests if "query" in test.value), key=str)
    data = ox.Store(str(tmp_path / "store"))
    for test in tests:
        for graph in manifest.all(test, UT + "graphData"):
            path = folder / (manifest.one(graph, UT + "graph") or "").rpartition("/")[2]
            name = ox.NamedNode(manifest.one(graph, "http://www.w3.org/2000/01/rdf-schema#label") or "")
            data.load(path=str(path), format=ox.RdfFormat.N_TRIPLES, to_graph=name)
    data.flush()
    del data
    app = create_app(str(tmp_path / "store"))
    client = app.test_client()
    failed, number = [], 0
    for test in tests:
        for request in manifest.items(test, MF + "action", HT + "requests"):
            number += 1
            headers = {
                (manifest.one(header, HT + "fieldName") or "").lower(): manifest.one(header, HT + "fieldValue") or ""
                for header in manifest.items(request, HT + "headers")
            }
            chars = manifest.one(request, HT + "body", CNT + "chars")
            encoding = manifest.one(request, HT + "body", CNT + "characterEncoding") or "utf-8"
            response = client.open(
                (manifest.one(request, HT + "absolutePath") or "").replace("/sparql/", "/sparql", 1),
                method=manifest.one(request, HT + "methodName"),
                data=chars.encode(encoding) if chars is not None else None,
                content_type=headers.pop("content-type", None),
                headers=headers,
            )
            wanted = [status.value for status in manifest.all(request, HT + "resp", MF + "expectedStatus")]
            boolean = manifest.one(request, HT + "resp", MF + "expectedBoolean")
            good = any(f"StatusCode{response.status_code // 100}xx" in status for status in wanted)
            if not good or (
                boolean is not None and (boolean == "true") != (" true" in response.text.replace(":", ": "))
            ):
                failed.append((test.value.rpartition("#")[2], response.status_code, response.text[:200]))
    app.extensions["nianbao"].close()
    assert number >= 19
    assert failed == []
