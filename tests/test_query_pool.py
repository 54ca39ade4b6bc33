"""Queries in bounded processes: right answers, and every kind of hostile query ends in an error while others go on."""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from nianbao.errors import QueryError, StoreError
from nianbao.storage import query_pool
from nianbao.storage.query_pool import Bounds, QueryPool, run_query

JSON = "application/sparql-results+json"
TURTLE = "text/turtle"
NODE = ox.NamedNode("http://a/p")
CROSS = "SELECT (COUNT(*) AS ?n) WHERE { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


def fill(path: Path, first: int, last: int) -> None:
    store = ox.Store(str(path))
    store.extend(ox.Quad(ox.NamedNode(f"http://a/{n}"), NODE, ox.Literal(n)) for n in range(first, last))
    store.add(ox.Quad(NODE, NODE, NODE, ox.NamedNode("http://a/graph")))
    store.flush()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("pool") / "store"
    fill(path, 0, 500)
    return path


@pytest.fixture(scope="module")
def pool(folder: Path):
    with QueryPool(str(folder), workers=2, bounds=Bounds(seconds=1, memory=300 << 20, result=100_000)) as pool:
        yield pool


@pytest.mark.parametrize(
    ("query", "media_type", "kind", "body"),
    [
        ("ASK {}", JSON, "boolean", b'{"head":{},"boolean":true}'),
        ("ASK {}", "text/csv", "boolean", b"true"),
        ("SELECT ?s { ?s ?p 7 }", "text/csv", "table", b"s\r\nhttp://a/7\r\n"),
        ("SELECT ?s { ?s ?p 7 }", "text/tab-separated-values", "table", b"?s\n<http://a/7>\n"),
        ("CONSTRUCT { ?s a ?s } { ?s ?p 7 }", "application/n-triples", "graph", b"<http://a/7> <http"),
        ("DESCRIBE <http://a/7>", TURTLE, "graph", b"<http://a/7> <http://a/p> 7 ."),
    ],
)
def test_each_form_is_answered(pool: QueryPool, query: str, media_type: str, kind: str, body: bytes) -> None:
    answer = pool.run(query, media_type)
    assert (answer.kind, answer.media_type) == (kind, media_type)
    assert body in answer.body
    assert 0 <= answer.seconds < 1


def test_a_media_type_of_the_other_kind_is_replaced(pool: QueryPool) -> None:
    assert pool.run("ASK {}", TURTLE).media_type == JSON
    assert pool.run("DESCRIBE <http://a/7>", JSON).media_type == TURTLE


def test_the_dataset_can_be_chosen_and_from_fetches_nothing(pool: QueryPool) -> None:
    asked = "ASK { <http://a/p> ?p ?o }"
    assert b"false" in pool.run(asked, JSON).body
    assert b"true" in pool.run(asked, JSON, default_graphs=["http://a/graph"]).body
    assert (
        b"false"
        in pool.run("ASK { GRAPH ?g { ?s ?p ?o } }", JSON, default_graphs=["http://a/graph"], named_graphs=[]).body
    )
    assert b"false" in pool.run("ASK FROM <http://a/none> { ?s ?p ?o }", JSON).body


@pytest.mark.parametrize(
    ("query", "code", "words"),
    [
        ("SELECT * {", "NB-QUERY-SYNTAX", "too early"),
        ("SELECT * { ?s nb:value ?o }", "NB-QUERY-SYNTAX", "prefix nb:"),
        ("INSERT DATA { <http://a> <http://a> 1 }", "NB-QUERY-FORM", "line 1"),
        (CROSS, "NB-QUERY-TIMEOUT", "1 seconds"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?a ?d", "NB-QUERY-MEMORY", "memory"),
        ("SELECT * { ?a ?b ?c . ?d ?e ?f }", "NB-QUERY-TOO-LARGE", "97 KiB"),
        ("SELECT * { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "NB-QUERY-REFUSED", "SERVICE"),
        ("ASK " + "{" * 5000 + "}" * 5000, "NB-QUERY-TOO-LARGE", "deeper"),
    ],
    ids=["syntax", "prefix", "update", "time", "memory", "result", "service", "depth"],
)
def test_what_must_not_run_ends_in_an_error_and_the_next_query_is_answered(
    pool: QueryPool, query: str, code: str, words: str
) -> None:
    with pytest.raises(QueryError) as caught:
        pool.run(query, JSON, seconds=8 if code == "NB-QUERY-MEMORY" else None)
    assert caught.value.code == code
    assert words in str(caught.value)
    assert caught.value.remedy
    assert b"true" in pool.run("ASK {}", JSON).body


def test_a_query_that_overflows_the_stack_kills_only_its_worker(pool: QueryPool) -> None:
    with pytest.raises(QueryError) as caught:
        pool.run("ASK " + "{" * 20_000 + "}" * 20_000, JSON, trusted=True)
    assert caught.value.code == "NB-QUERY-TOO-LARGE"
    assert b"true" in pool.run("ASK {}", JSON).body


def test_a_fault_of_the_engine_is_told_and_does_not_stay(folder: Path) -> None:
    """A panic in Rust aborts the process: sorting values of several kinds can end so (docs/endpoint.md)."""
    with QueryPool(str(folder), workers=1) as one:
        (worker,) = one._all
        worker.words.write(b"thread '<unnamed>' panicked at sort.rs:854:5:\nno total order\nnote: run with BACKTRACE\n")
        worker.words.flush()
        os.kill(worker.process.pid, signal.SIGABRT)
        with pytest.raises(QueryError) as error:
            one.run("ASK {}", JSON)
        assert error.value.code == "NB-QUERY-FAILED"
        assert "STR(?x)" in error.value.remedy
        assert one.run("ASK {}", JSON).kind == "boolean"


def test_service_past_the_guard_reaches_nobody(pool: QueryPool) -> None:
    heard = []
    with socket.create_server(("127.0.0.1", 0)) as trap:
        trap.settimeout(1)

        def listen() -> None:
            try:
                heard.append(trap.accept())
            except TimeoutError:
                return

        listener = threading.Thread(target=listen)
        listener.start()
        query = f"SELECT * {{ SERVICE <http://127.0.0.1:{trap.getsockname()[1]}/> {{ ?s ?p ?o }} }}"
        try:
            with pytest.raises(QueryError):
                pool.run(query, JSON, trusted=True)
        finally:
            listener.join()
            for connection, _ in heard:
                connection.close()
    script = "import sys; from nianbao.confinement import leave_network; sys.exit(0 if leave_network() else 3)"
    environment = {**os.environ, "PYTHONPATH": str(Path(query_pool.__file__).parents[1])}
    if subprocess.run([sys.executable, "-c", script], env=environment).returncode == 3:
        pytest.skip("this system lets no process leave its network: only the guard stands before SERVICE")
    assert not heard


def test_a_slow_query_does_not_hold_up_a_quick_one(pool: QueryPool) -> None:
    slow = threading.Thread(target=lambda: _ignored(pool, CROSS))
    slow.start()
    time.sleep(0.1)
    pool.run("ASK {}", JSON)
    assert slow.is_alive()
    slow.join()


def _ignored(pool: QueryPool, query: str) -> None:
    with pytest.raises(QueryError):
        pool.run(query, JSON)


def test_too_many_at_once_are_sent_away(folder: Path) -> None:
    with QueryPool(str(folder), workers=1, waiting=0, bounds=Bounds(seconds=1)) as pool:
        slow = threading.Thread(target=lambda: _ignored(pool, CROSS))
        slow.start()
        time.sleep(0.2)
        with pytest.raises(QueryError) as caught:
            pool.run("ASK {}", JSON)
        assert caught.value.code == "NB-QUERY-BUSY"
        slow.join()
        assert b"true" in pool.run("ASK {}", JSON).body


def test_a_store_that_was_built_on_shows_up(tmp_path: Path) -> None:
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    fill(tmp_path / "store", 0, 10)
    with QueryPool(str(tmp_path / "store"), workers=1) as pool:
        assert pool.run(count, "text/csv").body == b"n\r\n10\r\n"
        fill(tmp_path / "store", 10, 25)
        time.sleep(1.2)  # workers look once a second
        assert pool.run(count, "text/csv").body == b"n\r\n25\r\n"


def test_a_store_that_is_not_there_or_broken_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(StoreError) as caught:
        QueryPool(str(tmp_path / "none"))
    assert caught.value.code == "NB-STORE-ABSENT"
    (tmp_path / "CURRENT").write_text("nonsense\n")
    with pytest.raises(StoreError):
        QueryPool(str(tmp_path))


def test_closing_ends_the_processes(folder: Path) -> None:
    pool = QueryPool(str(folder), workers=1)
    processes = [worker.process for worker in pool._all]
    slow = threading.Thread(target=lambda: _ignored(pool, CROSS))
    slow.start()
    time.sleep(0.1)
    pool.close()
    slow.join(2)
    assert not slow.is_alive()
    assert [process.poll() is not None for process in processes] == [True]
    with pytest.raises(QueryError):
        pool.run("ASK {}", JSON)


def test_run_query_answers_one_query(folder: Path) -> None:
    assert run_query(str(folder), "SELECT ?s { ?s ?p 7 }", "text/csv", 5) == b"s\r\nhttp://a/7\r\n"
