"""Chinese pages tell errors in Chinese with the English beside; terms are named in the page's language."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from nianbao.vocabulary import PREFIXES
from nianbao_server import create_app
from nianbao_server.context import load_vocabulary
from nianbao_server.graph import text_of
from nianbao_server.language import LANGUAGES
from nianbao_server.sentences import chinese
from nianbao_server.views import term_words

SOURCES = [
    *(f"src/nianbao/storage/{name}.py" for name in ("guard", "query_pool", "query_worker")),
    "server/nianbao_server/sparql.py",
]
TOLD = ("QueryError", "ServerError", "BadRequest", "UnsupportedMediaType", "_too_large")
HTML = {"Accept": "text/html"}


@pytest.fixture(scope="module")
def client(served: Path) -> Iterator[FlaskClient]:
    app = create_app(str(served), timeout=1)
    yield app.test_client()
    app.extensions["nianbao"].close()


def sentences(path: Path) -> Iterator[str]:
    """The reasons and remedies of the errors that a module raises, with 7 for what is filled in."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TOLD:
            said = [*node.args[:1], *(word.value for word in node.keywords if word.arg == "remedy")]
            for one in said:
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield one.value
                elif isinstance(one, ast.JoinedStr):
                    yield "".join(p.value if isinstance(p, ast.Constant) else "7" for p in one.values)


def test_every_sentence_of_a_query_that_fails_is_there_in_chinese(root: Path) -> None:
    every = [one for path in SOURCES for one in sentences(root / path)]
    assert len(every) > 40
    assert [one for one in every if not chinese(one)] == []


def test_sentences_take_over_what_is_filled_in() -> None:
    assert chinese("the prefix nb: is not declared") == "前缀 nb: 没有声明"
    assert chinese("not valid SPARQL: unexpected '}'") == "不是有效的 SPARQL：此处不应出现 '}'"
    assert chinese("not valid SPARQL: the query ends too early (a {b})") == "不是有效的 SPARQL：查询没有写完（a {b}）"
    assert chinese("line 3, column 14") == "第 3 行第 14 列"
    assert chinese("something else") == ""


@pytest.mark.parametrize(
    ("query", "zh", "en"),
    [
        ("SELECT * {\n ?s ?p }", "不是有效的 SPARQL", "not valid SPARQL"),
        ("SELECT * { ?s nb:value ?o }", "前缀 nb: 没有声明", "the prefix nb: is not declared"),
        ("SELECT * { SERVICE <http://a.example/> { ?s ?p ?o } }", "SERVICE 会让本服务器", "SERVICE would send"),
        ("INSERT DATA { <a:a> <a:b> 1 }", "INSERT 是更新操作", "INSERT is an update"),
        (
            "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }",
            "查询运行 1 秒后被中止",
            "was stopped after 1",
        ),
    ],
)
def test_the_query_page_tells_problems_in_chinese_with_the_english_beside(
    client: FlaskClient, query: str, zh: str, en: str
) -> None:
    for lang in LANGUAGES:
        text = client.get("/sparql", query_string={"query": query, "lang": lang}, headers=HTML).text
        shown = text.partition('class="problem"')[2].partition("</section>")[0]
        assert en in shown
        assert (zh in shown) is (lang == "zh")
        if lang == "zh":
            assert shown.index(zh) < shown.index(en)
            assert len(re.findall(r'lang="en"', shown)) == 2  # reason and remedy
            assert "line " not in shown.replace('"quiet line"', "")
    answer = client.get("/sparql", query_string={"query": query, "lang": "zh"}, headers={"Accept": "application/json"})
    assert en in answer.get_json(force=True)["detail"]


def test_the_page_of_a_problem_tells_it_in_chinese_too(client: FlaskClient) -> None:
    text = client.post("/update?lang=zh", headers=HTML).text
    assert text.index("本站只读</p>" if "本站只读</p>" in text else "本站只读<span") < text.index(
        "this server is read-only"
    )
    assert "this server is read-only" in client.post("/update?lang=en", headers=HTML).text


def test_every_term_of_the_ontology_has_words_in_both_languages() -> None:
    known = load_vocabulary()
    bare = set()
    for subject in known.every():
        for name, terms in known.properties(subject).items():
            for iri in (name, *(text_of(term) for term in terms if name.endswith("#type"))):
                named = known.said(iri, "skos:prefLabel", "zh") or known.said(iri, "rdfs:label", "zh")
                if not named and "shacl#" not in iri:  # shapes have pages of their own: the rules
                    bare |= {compact_iri(iri)} - {
                        t for t in [compact_iri(iri)] if all(term_words(t, x) for x in LANGUAGES)
                    }
    assert {term for term in bare if not all(term_words(term, language) for language in LANGUAGES)} == set()


def compact_iri(iri: str) -> str:
    return next((f"{p}:{iri.removeprefix(space)}" for p, space in PREFIXES.items() if iri.startswith(space)), iri)


@pytest.mark.parametrize("path", ["/code/fundingFull", "/code/moreThan"])
def test_the_page_of_a_code_is_in_one_language(client: FlaskClient, path: str) -> None:
    for lang, heading, other in (("zh", "名称", "[A-Za-z]{3}"), ("en", "name", "[\u4e00-\u9fff]")):
        text = client.get(f"{path}?lang={lang}", headers=HTML).text
        table = text.partition('<table class="list properties">')[2].partition("</table>")[0]
        rows = dict(re.findall(r"<tr><th[^>]*>(.*?)</th><td>(.*?)</td></tr>", table, re.DOTALL))
        named = {re.sub("<[^>]*>", "", name): re.sub("<[^>]*>", "", said) for name, said in rows.items()}
        assert not [name for name in named if ":" in name or re.search(other, name)]
        assert not re.search(other, named[heading])
