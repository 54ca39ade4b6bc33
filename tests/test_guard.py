"""The lexical guard: what kills or leaves the process is refused, real queries pass, and it agrees with the parser."""

import contextlib
import time

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.errors import QueryError
from nianbao.resources import ONTOLOGY
from nianbao.storage.guard import check, explained, tokens, undeclared_prefix
from nianbao.vocabulary import PREFIXES


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * { ?s ?p ?o }", "SELECT"),
        ("# SELECT\nPREFIX ask: <http://a/select#>\nask {}", "ASK"),
        ("BASE <http://a/> DESCRIBE <x>", "DESCRIBE"),
        ("construct where { ?s ?p 'select' }", "CONSTRUCT"),
        ("SELECT*{?s ?p ?o}", "SELECT"),
        ("nonsense", ""),
        ("", ""),
    ],
)
def test_the_form_is_the_first_keyword_outside_prologue_strings_and_comments(text: str, form: str) -> None:
    assert check(text) == form


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { ?s ?p 'SERVICE <http://a/> {' }",
        'SELECT * { ?s ?p """a "quote" SERVICE { {{{ """ }',
        "SELECT * { ?s ?p ?o } # SERVICE <http://a/> {}",
        "SELECT * { ?service <http://a/service> ?o }",
        "PREFIX e: <http://a/> SELECT * { ?s e:service ?o }",
        "SELECT * { ?s ?p ?o FILTER(?o < 3 && ?o > 1) }",
        "SELECT * { VALUES (?a ?b) { (<http://a#1> <http://b#2>) (<http://c#(x)> UNDEF) } }",
        "SELECT * { VALUES ?x { " + " ".join(f"<http://a/{n}>" for n in range(3000)) + " } }",
        "SELECT * { ?s ?p ?o FILTER(?s IN (" + ", ".join(f"<http://a/{n}>" for n in range(3000)) + ")) }",
        "SELECT * { " + " UNION ".join(f"{{ ?s <http://a/{n}> ?o }}" for n in range(200)) + " }",
    ],
)
def test_real_queries_pass(text: str) -> None:
    assert check(text) == "SELECT"


@pytest.mark.parametrize("path", sorted((ONTOLOGY / "queries").glob("*.rq")), ids=lambda path: path.stem)
def test_the_example_queries_pass(path) -> None:
    assert check(path.read_text("utf-8"))


@pytest.mark.parametrize(
    "text",
    [
        "ASK " + "{" * 3000 + "}" * 3000,
        "SELECT * { ?s ?p ?o FILTER(" + "(" * 3000 + "1" + ")" * 3000 + ") }",
        "SELECT * { ?s ?p " + "[ ?p " * 300 + "1" + "]" * 300 + " }",
        "SELECT * { ?s " + "/".join(["<http://p>"] * 20000) + " ?o }",
        "SELECT * { ?s ?p ?o FILTER(" + "!" * 10000 + "?o) }",
        "SELECT * { ?s ?p ?o FILTER(" + " || ".join(["?o"] * 10000) + ") }",
        "SELECT * { " + " UNION ".join(["{}"] * 10000) + " }",
        "SELECT * { " + " . ".join(f"?s <http://p{n}> ?o{n}" for n in range(200)) + " }",
        "SELECT * { ?s ?p '" + "x" * 300_000 + "' }",
    ],
    ids=["groups", "brackets", "nodes", "path", "not", "or", "union", "star", "length"],
)
def test_what_would_kill_the_process_is_too_large(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        check(text)
    assert caught.value.code == "NB-QUERY-TOO-LARGE"


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://a/> { ?s ?p ?o } }",
        "SELECT * { service silent ?x { ?s ?p ?o } }",
        "PREFIX e: <http://a/> SELECT * { ?s ?p 1SERVICEe:{ ?s ?p ?o } }",
        "PREFIX e: <http://a/> SELECT * { FILTER(true)SERVICEe:{ ?s ?p ?o } }",
        "PREFIX e: <http://a/> SELECT * { ?s ?p trueSERVICEe:x{ ?s ?p ?o } }",
        "PREFIX e: <http://a/> SELECT * { ?s ?p e:x.SERVICE e:{ ?s ?p ?o } }",
        "SELECT * { ?s <http://a/\\u0023> ?o SERVICE <http://a/> { } }",
        "SELECT * { ?s ?p 'a\\'' SERVICE <http://a/> { } # '\n }",
    ],
)
def test_service_is_refused_however_it_is_written(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        check(text)
    assert caught.value.code == "NB-QUERY-REFUSED"
    assert "SERVICE" in caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { FILTER(?a<?b#>"""\n) SERVICE <http://a/> { ?s ?p ?o } #"""\n }',
        "PREFIX e: <http://a/> SELECT * { FILTER(?a<?b)SERVICE#>\n e: { ?s ?p ?o } }",
        "SELECT * { FILTER(?a<?b)&&(?c>?d) }",
    ],
)
def test_text_that_can_be_read_in_two_ways_is_refused(text: str) -> None:
    with pytest.raises(QueryError) as caught:
        check(text)
    assert caught.value.code in ("NB-QUERY-SYNTAX", "NB-QUERY-REFUSED")


def test_a_string_that_is_not_closed_is_told_with_its_place() -> None:
    with pytest.raises(QueryError) as caught:
        check("SELECT * {\n  ?s ?p 'abc }")
    assert (caught.value.code, caught.value.place) == ("NB-QUERY-SYNTAX", "line 2, column 9")


def test_the_prefix_that_is_not_declared_is_named() -> None:
    text = "PREFIX a: <http://a/>\nSELECT * { a:x nb:value ?o }"
    assert undeclared_prefix(text) == ("nb", "line 2, column 16")
    error = explained(QueryError("?", remedy="?", code="NB-QUERY-SYNTAX"), text)
    assert f"PREFIX nb: <{PREFIXES['nb']}>" in error.remedy
    assert undeclared_prefix("SELECT * { <http://a> ?p _:b }") is None


def test_the_longest_query_is_checked_in_no_time() -> None:
    text = "SELECT * { VALUES ?x { " + " ".join(['"a"'] * 60_000) + " } }"
    started = time.perf_counter()
    check(text)
    assert time.perf_counter() - started < 3  # seconds; 0.2 on a calm machine


@given(st.text(alphabet="<>\"'#\\?a:.()[]{}@_-/|^ \n\t1é‿SERVICE", max_size=60))
@settings(max_examples=300, deadline=None)
def test_tokens_cover_the_text_and_nothing_else_is_raised(text: str) -> None:
    assert "".join(token for _, token, _ in tokens(text)) == text
    with contextlib.suppress(QueryError):
        check(text)


@given(st.characters(exclude_categories=("Cs",)))
@settings(max_examples=300, deadline=None)
def test_an_iri_that_the_parser_takes_is_an_iri_here(character: str) -> None:
    # Otherwise the parser would read as an IRI what stands here as code, or the other way round.
    text = f"ASK {{ <http://a/{character}> ?p ?o }}"
    try:
        ox.Store().query(text)
    except SyntaxError:
        return
    assert ("iri", f"<http://a/{character}>") in [(kind, token) for kind, token, _ in tokens(text)]
