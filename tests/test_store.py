"""The store's interface, on the embedded store and on a real SPARQL server over HTTP."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pyoxigraph as ox
import pytest

from nianbao.errors import QueryError, StoreError
from nianbao.storage.store import EmbeddedStore, RemoteStore, Store, insert_data, open_store

S, P, G = (
    ox.NamedNode("http://example.org/s"),
    ox.NamedNode("http://example.org/p"),
    ox.NamedNode("http://example.org/g"),
)
TRICKY = ox.Literal('引号 " 反斜杠 \\ 换行\n制表\t<>{}', language="zh")
QUADS = [
    ox.Quad(S, P, TRICKY),
    ox.Quad(S, P, TRICKY, G),
    ox.Quad(S, P, ox.Literal("1.5", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")), G),
]


@pytest.fixture(params=["embedded", "remote"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    if request.param == "embedded":
        opened = open_store(str(tmp_path / "deep" / "store"))
    else:
        address = request.getfixturevalue("server")
        opened = open_store(f"{address}/query", update_url=f"{address}/update")
        opened.update("CLEAR ALL")
    yield opened
    opened.close()


def test_what_is_written_is_read_back(store: Store) -> None:
    store.write(QUADS)
    assert store.select("SELECT ?o { ?s ?p ?o }") == [{"o": TRICKY}]
    assert store.select("SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }")[0]["n"] == ox.Literal(2)
    assert store.ask("ASK { GRAPH <http://example.org/g> { ?s ?p 1.5 } }")
    assert store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }") == [QUADS[0].triple]


def test_first_runs_before_the_quads(store: Store) -> None:
    store.write(QUADS)
    store.write([ox.Quad(S, P, ox.Literal("new"), G)], first="DROP SILENT GRAPH <http://example.org/g>")
    assert store.select("SELECT ?o { GRAPH ?g { ?s ?p ?o } }") == [{"o": ox.Literal("new")}]


def test_an_unbound_variable_is_absent(store: Store) -> None:
    store.write(QUADS)
    assert store.select("SELECT ?o ?x { ?s ?p ?o OPTIONAL { ?o <http://example.org/none> ?x } }") == [{"o": TRICKY}]


@pytest.mark.parametrize(
    ("media_type", "start"),
    [("application/sparql-results+json", b"{"), ("text/csv", b"o\r\n"), ("text/tab-separated-values", b"?o\n")],
)
def test_results_come_in_the_format_asked_for(store: Store, media_type: str, start: bytes) -> None:
    assert store.results("SELECT ?o { ?s ?p ?o }", media_type).startswith(start)


def test_turtle_of_a_construct_is_parsed_back(store: Store) -> None:
    store.write(QUADS)
    data = store.results("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", "text/turtle")
    assert [quad.triple for quad in ox.parse(data, format=ox.RdfFormat.TURTLE)] == [QUADS[0].triple]


def test_a_wrong_query_is_named(store: Store) -> None:
    with pytest.raises(QueryError, match="NB-QUERY-SYNTAX"):
        store.select("SELECT nothing")
    with pytest.raises(QueryError, match=r"NB-QUERY-FORM.*|.*SELECT query"):
        store.select("ASK { ?s ?p ?o }")


def test_the_place_of_a_syntax_error_is_told(tmp_path: Path) -> None:
    with pytest.raises(QueryError) as error:
        EmbeddedStore(tmp_path / "s").select("SELECT ?s {\n  ?s ?p }")
    assert error.value.place == "line 2, column 10"


def test_an_update_that_fails_changes_nothing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "s")
    store.write(QUADS)
    with pytest.raises(QueryError):
        store.update("DROP ALL ; INSERT DATA { broken }")
    assert len(store.select("SELECT * { GRAPH ?g { ?s ?p ?o } }")) == 2


def test_insert_data_groups_by_graph() -> None:
    text = insert_data(QUADS)
    assert text.count("GRAPH <http://example.org/g>") == 1
    assert insert_data([]) == ""


def test_folders_that_are_no_store_are_named(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("x")
    file = tmp_path / "notes.txt"
    for path, read_only, code in (
        (tmp_path, False, "NB-STORE-FOREIGN"),
        (tmp_path, True, "NB-STORE-ABSENT"),
        (tmp_path / "none", True, "NB-STORE-ABSENT"),
        (file, False, "NB-STORE-FOREIGN"),
    ):
        with pytest.raises(StoreError) as error:
            open_store(str(path), read_only=read_only)
        assert error.value.code == code
        assert error.value.remedy
    assert file.read_text() == "x"


def test_a_second_writer_is_refused_and_a_reader_is_not(tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "s"))
    store.write(QUADS)
    with pytest.raises(StoreError) as error:
        open_store(str(tmp_path / "s"))
    assert error.value.code == "NB-STORE-LOCKED"
    reader = open_store(str(tmp_path / "s"), read_only=True)
    assert reader.ask("ASK { ?s ?p ?o }")
    store.close()
    open_store(str(tmp_path / "s")).close()


def test_a_broken_store_is_told(tmp_path: Path) -> None:
    open_store(str(tmp_path / "s")).close()
    (tmp_path / "s" / "CURRENT").write_text("garbage")
    for read_only in (False, True):
        with pytest.raises(StoreError) as error:
            open_store(str(tmp_path / "s"), read_only=read_only)
        assert error.value.code == "NB-STORE-BROKEN"


@pytest.mark.parametrize("words", ["Permission denied", "Read-only file system", "No space left on device"])
def test_a_store_without_rights_or_space_is_not_called_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    def refused(path: str) -> None:
        raise OSError(f"IO error: While open a file for appending: {path}/LOG: {words}")

    monkeypatch.setattr(ox, "Store", refused)
    with pytest.raises(StoreError) as error:
        open_store(str(tmp_path / "s"))
    assert error.value.code == "NB-STORE-RIGHTS"
    assert "delete" not in error.value.remedy


def test_an_endpoint_is_asked_for_a_format_by_accept_alone() -> None:
    """Endpoints that know ``format=`` would send XML if the wrapper's own choice went with the query."""
    got: list[tuple[str, str]] = []

    class Endpoint(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            got.append((self.headers["Accept"], body))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b'{"head":{},"boolean":true}')

        def log_message(self, *words: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Endpoint) as server:
        thread = Thread(target=server.handle_request)
        thread.start()
        assert RemoteStore(f"http://127.0.0.1:{server.server_port}/sparql").ask("ASK {}")
        thread.join()
    assert got == [("application/sparql-results+json", "query=ASK+%7B%7D")]


def test_an_endpoint_that_does_not_answer_is_told(dead_address: str) -> None:
    with pytest.raises(StoreError, match="did not answer"):
        RemoteStore(dead_address).select("SELECT * { ?s ?p ?o }")
