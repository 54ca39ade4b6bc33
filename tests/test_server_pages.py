"""The pages show the right facts, in both languages, in every format, and nothing in the data can run as a script."""

import json
import re
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from nianbao.storage.store import open_store
from nianbao.vocabulary import NB, NBC
from nianbao_server import create_app
from nianbao_server.language import LANGUAGES, labels

CODE = "12450000MB0000000D"
HOSTILE = "n-9b95aa6ade12"
HTML = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = [
    "/",
    f"/org/{CODE}",
    f"/org/{HOSTILE}",
    f"/report/{CODE}/2024",
    f"/filing/{CODE}/2024/1",
    f"/filing/{CODE}/2024/2",
    f"/filing/{HOSTILE}/2024/1",
    f"/filing/{CODE}/2024/1/registration",
    f"/filing/{CODE}/2024/1/q1-1",
    "/indicator/netAssets",
    "/code/moreThan",
    "/search?q=档案",
    "/search?q=%3Cscript%3Ealert(5)%3C/script%3E",
    "/search",
    "/sparql",
    "/audit",
    "/audit/rules/A05",
    "/ns",
]


@pytest.fixture(scope="module")
def app(served: Path):
    app = create_app(str(served))
    yield app
    app.extensions["nianbao"].close()


@pytest.fixture
def client(app) -> FlaskClient:
    return app.test_client()


class Page(HTMLParser):
    """The links, the elements and the visible text of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: set[str] = set()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.elements.append((tag, found))
        if tag == "a" and found.get("href"):
            self.links.append(found["href"] or "")
        if found.get("id"):
            self.ids.add(found["id"] or "")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("dt", "dd", "td", "th", "p", "h1", "h2", "h3", "li"):
            self.words.append(" ")

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))


def page(client: FlaskClient, path: str, lang: str = "zh") -> Page:
    mark = "&" if "?" in path else "?"
    response = client.get(f"{path}{mark}lang={lang}", headers=HTML)
    assert response.status_code == 200, (path, response.text[:500])
    assert response.content_type == "text/html; charset=utf-8"
    return Page(response.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there_in_both_languages_without_scripts_of_others(client: FlaskClient, path: str) -> None:
    for lang in LANGUAGES:
        found = page(client, path, lang)
        for tag, attributes in found.elements:
            assert not [name for name in attributes if name.startswith("on") or name == "style"], (tag, attributes)
            if tag == "script":
                assert (attributes["src"] or "").startswith("/static/")
            if tag in ("img", "iframe", "object", "b"):
                pytest.fail(f"<{tag}> came out of the data")
        assert not [link for link in found.links if link.lower().startswith(("javascript:", "data:"))]
        assert ("html", {"lang": "zh-CN" if lang == "zh" else "en"}) in found.elements


def test_security_headers_are_set(client: FlaskClient) -> None:
    for path in ("/", "/none", "/static/style.css"):
        with client.get(path, headers=HTML) as response:
            headers = response.headers
        assert "default-src 'self'" in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_all_links_of_all_pages_lead_somewhere(client: FlaskClient) -> None:
    links = {link for path in PAGES for link in page(client, path).links}
    links |= {element.get("href") or "" for _, element in page(client, f"/org/{CODE}").elements if element.get("href")}
    inside = sorted({link.partition("#")[0] for link in links if link.startswith("/")} - {""})
    assert len(inside) > 40
    broken = []
    for link in inside:
        with client.get(link, headers=HTML) as response:
            if response.status_code != 200:
                broken.append(link)
    assert broken == []


def test_anchors_on_a_filing_exist(client: FlaskClient) -> None:
    found = page(client, f"/filing/{CODE}/2024/1")
    anchors = {link.partition("#")[2] for link in found.links if link.startswith("#")}
    own = {link.partition("#")[2] for link in found.links if link.startswith(f"/filing/{CODE}/2024/1#")}
    assert {"q1-1", "q2.1-1", "a2.1"} <= anchors
    assert (anchors | own) - found.ids == set()


def test_home_counts_and_lists(client: FlaskClient) -> None:
    found = page(client, "/")
    assert "单位 2" in found.text
    assert "报告 3" in found.text
    assert "松岭市档案馆" in found.text
    assert f"/org/{CODE}" in found.links
    assert f"/report/{CODE}/2024" in found.links
    assert "A05" in found.text


def test_an_institution_has_its_years(client: FlaskClient) -> None:
    found = page(client, f"/org/{CODE}")
    for words in (
        "松岭市地方志馆",
        CODE,
        "松岭市文化局",
        "松岭市文化路",
        "640.25 万元",
        "500.5 万元",
        "120 万元",
        "37",
        "35",
    ):
        assert words in found.text
    assert [tag for tag, _ in found.elements].count("svg") == 3
    assert {f"/report/{CODE}/2023", f"/report/{CODE}/2024"} <= set(found.links)
    assert "¥6,402,500" in page(client, f"/org/{CODE}", "en").text


def test_a_sponsor_has_its_institutions(client: FlaskClient) -> None:
    sponsor = next(link for link in page(client, f"/org/{CODE}").links if link.startswith("/org/n-"))
    assert "松岭市档案馆" in page(client, sponsor).text


def test_a_report_has_figures_findings_and_versions(client: FlaskClient) -> None:
    found = page(client, f"/report/{CODE}/2024")
    for words in ("120 万元", "640.25 万元", "A05", "先进集体", "第 1 版", "第 2 版", "现行", "依据"):
        assert words in found.text
    assert "violation" not in found.text
    english = page(client, f"/report/{CODE}/2024", "en").text
    assert "The box for awards says that there are none" in english
    assert "Basis" in english


def test_each_figure_stands_beside_its_passage(client: FlaskClient) -> None:
    response = client.get(f"/filing/{CODE}/2024/1?lang=zh", headers=HTML)
    marks = dict(re.findall(r'<mark class="[^"]*" data-names="([^"]+)">([^<]*)</mark>', response.text))
    assert marks["q1-1"] == "4615 人次"
    assert marks["q1-2"] == "增长 12.56%"
    assert marks["q2.1-1"] == "超过 1.2 万卷"
    assert marks["q2.1-2"] == "3000 卷"
    assert marks["q2.2-1"] == "6 场"
    assert marks["e2.2-1"] == "先进集体"
    found = Page(response.text)
    for words in ("接待查档群众", "4,615 人次", "12.56%", "12,000 卷", "超过", "同比"):
        assert words in found.text


def test_a_filing_tells_none_blank_and_missing_apart(client: FlaskClient) -> None:
    text = page(client, f"/filing/{CODE}/2024/1", "en").text
    assert "performance, awards, penalties, lawsuits and complaints says “none”" in text
    assert "donations left blank" in text
    assert "licences this box is not on the form" in text


def test_a_superseded_filing_says_so(client: FlaskClient) -> None:
    assert "已被后来报送的版本取代" in page(client, f"/filing/{CODE}/2024/2").text
    assert "4,612" in page(client, f"/filing/{CODE}/2024/2").text
    assert "已被后来报送的版本取代" not in page(client, f"/filing/{CODE}/2024/1").text


def test_an_indicator_has_its_values(client: FlaskClient) -> None:
    found = page(client, "/indicator/netAssets")
    assert found.text.count("640.25 万元") >= 1
    assert f"/filing/{CODE}/2024/1#net-assets-closing" in found.links


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("档案", f"/org/{CODE}"),
        ("地方志", f"/org/{CODE}"),
        (CODE.lower()[:12], f"/org/{CODE}"),
        ("文化路 6", f"/org/{CODE}"),
        ("ALERT(1)", f"/org/{HOSTILE}"),
        ("接待查档", "/indicator/n-"),
    ],
)
def test_search_finds_by_name_code_address_and_indicator(client: FlaskClient, words: str, expected: str) -> None:
    assert any(link.startswith(expected) for link in page(client, f"/search?q={words}").links)


@pytest.mark.parametrize("words", ["没有的单位", '" } } # \\', "'''", "?x", "%", "\\"])
def test_search_with_nothing_found_says_so(client: FlaskClient, words: str) -> None:
    response = client.get("/search", query_string={"q": words, "lang": "zh"}, headers=HTML)
    assert response.status_code == 200
    assert "没有找到" in response.text


FORMATS = [
    ("ttl", "text/turtle", ox.RdfFormat.TURTLE),
    ("nt", "application/n-triples", ox.RdfFormat.N_TRIPLES),
    ("jsonld", "application/ld+json", ox.RdfFormat.JSON_LD),
    ("rdf", "application/rdf+xml", ox.RdfFormat.RDF_XML),
]


@pytest.mark.parametrize(
    "path",
    [
        *(f"/org/{CODE}", f"/report/{CODE}/2024", f"/filing/{CODE}/2024/1", f"/filing/{CODE}/2024/2"),
        *(f"/filing/{CODE}/2024/2/registration", f"/run/{CODE}/2024/2"),  # of a superseded filing
    ],
)
def test_a_thing_comes_in_every_format(client: FlaskClient, path: str) -> None:
    graphs = []
    for suffix, media_type, kind in FORMATS:
        by_suffix = client.get(f"{path}.{suffix}")
        by_accept = client.get(path, headers={"Accept": media_type})
        assert by_suffix.status_code == by_accept.status_code == 200
        assert by_suffix.mimetype == by_accept.mimetype == media_type
        graphs.append({(q.subject, q.predicate, q.object) for q in ox.parse(by_suffix.data, format=kind)})
    assert all(graph == graphs[0] for graph in graphs)
    assert any(subject == ox.NamedNode("https://nianbao.example" + path) for subject, _, _ in graphs[0])
    assert client.get(path).mimetype == "text/html"
    assert client.get(path + ".html").mimetype == "text/html"
    assert client.get(path, headers={"Accept": "image/png"}).status_code == 406


def test_an_empty_document_is_a_404(client: FlaskClient) -> None:
    assert client.get("/graph/registry.ttl").status_code == 404


def test_the_ontology_is_served(client: FlaskClient) -> None:
    response = client.get("/ns", headers={"Accept": "text/turtle"})
    assert response.mimetype == "text/turtle"
    assert any(
        triple.subject == ox.NamedNode(f"{NB}Filing") for triple in ox.parse(response.data, format=ox.RdfFormat.TURTLE)
    )
    assert "Filing" in page(client, "/ns", "en").ids


@pytest.mark.parametrize(
    "path",
    [
        "/org/none",
        "/report/none/2024",
        f"/report/{CODE}/1999",
        f"/filing/{CODE}/2024/9",
        f"/filing/{CODE}/2024/1/none",
        "/indicator/none",
        "/code/none",
        "/audit/rules/none",
        "/nowhere",
        "/org/%3Cscript%3E",
        "/org/a%22%3E%20%7B%7D",
        "/org/..%2F..%2Fetc%2Fpasswd",
        "/static/../app.py",
    ],
)
def test_what_is_not_there_is_a_404_that_helps(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers=HTML)
    assert response.status_code == 404
    assert "检查地址" in response.text
    assert "<script>" not in response.text
    problem = client.get(path, headers={"Accept": "application/json"})
    assert (problem.status_code, problem.content_type) == (404, "application/problem+json")
    assert json.loads(problem.data)["remedy"]
    assert client.get(path + ".ttl", headers={"Accept": "text/turtle"}).status_code == 404


def test_the_language_is_asked_for_remembered_or_taken_from_the_browser(app) -> None:
    def language(client: FlaskClient, path: str = "/", **headers: str) -> str:
        return "en" if '<html lang="en">' in client.get(path, headers=HTML | headers).text else "zh"

    assert language(app.test_client()) == "zh"
    assert language(app.test_client(), **{"Accept-Language": "en-GB,en;q=0.9"}) == "en"
    assert language(app.test_client(), **{"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}) == "zh"
    assert language(app.test_client(), **{"Accept-Language": "fr"}) == "zh"
    visitor = app.test_client()
    assert language(visitor, "/?lang=en") == "en"
    assert language(visitor) == "en"
    assert language(visitor, "/?lang=nonsense") == "en"
    assert language(visitor, "/?lang=zh", **{"Accept-Language": "en"}) == "zh"


def test_every_word_is_there_in_both_languages_and_used() -> None:
    import nianbao_server

    folder = Path(nianbao_server.__file__).parent
    text = "".join(path.read_text("utf-8") for path in [*folder.rglob("*.html"), *folder.rglob("*.py")])
    for key, words in labels().items():
        assert set(words) == set(LANGUAGES), key
        assert all(words.values()), key
        assert re.findall(r"\{\w+\}", words["zh"]).sort() == re.findall(r"\{\w+\}", words["en"]).sort()
        stem = re.sub(r"^(remedy|state|error|column|by)-.*", r"\1-", key)
        assert re.search(rf"[\x27\"]{re.escape(stem)}", text), f"{key} is not used"


def test_health_says_whether_the_store_answers(client: FlaskClient) -> None:
    assert client.get("/health").get_json() == {"status": "pass"}


def test_an_empty_store_has_a_home_page_that_says_what_to_do(tmp_path: Path) -> None:
    open_store(str(tmp_path / "store")).close()
    app = create_app(str(tmp_path / "store"))
    text = page(app.test_client(), "/").text
    app.extensions["nianbao"].close()
    assert "nianbao build" in text


def test_findings_by_rule_come_the_gravest_first_and_in_the_words_of_the_command_line(client: FlaskClient) -> None:
    found = page(client, "/audit", "en")
    shown = [
        (element["class"] or "").split()[1]
        for tag, element in found.elements
        if "badge" in (element.get("class") or "")
    ]
    by_rule = shown[3:]  # after the three sums
    assert len(set(by_rule)) > 1
    assert by_rule == sorted(by_rule, key=["violation", "warning", "info"].index)
    assert "info" in found.text
    assert "note" not in found.text.split()
    assert "审核发现" in page(client, "/audit", "zh").text


def test_a_rule_tells_message_severity_and_whether_its_basis_was_seen(client: FlaskClient) -> None:
    text = page(client, "/audit/rules/S03", "zh").text
    assert "报送日期 … 晚于期限 …。" in text  # what a finding fills in is left open
    assert all(word in text for word in ("违反", "警告", "提示", "第十七条", "条文已核对"))
    assert "text not verified" in page(client, "/audit/rules/R09", "en").text


def test_the_query_page_has_all_examples_in_groups(client: FlaskClient) -> None:
    from nianbao_server.examples import examples, grouped

    assert sorted(item.name for _, items in grouped() for item in items) == [item.name for item in examples()]
    for lang in LANGUAGES:
        text = page(client, "/sparql", lang).text
        assert all(titles[lang] in text for titles, _ in grouped())
        assert all(" ".join(item.titles[lang].split()) in text for item in examples())


def test_what_was_read_out_of_a_box_has_headings_order_and_units(app) -> None:
    from nianbao_server.facts import sections
    from nianbao_server.graph import Graph
    from nianbao_server.views import money

    filing = "https://nianbao.example/filing/1/2024/1"
    lines = [f"<{filing}/s> a <{NB}FormSection> ; <{NB}sectionType> <{NBC}sectionDonations> ."]
    lines += [f"<{filing}/gift-{n}> a <{NB}Gift> ; <{NB}amount> {n}0000.0 ." for n in (10, 2)]
    view = next(
        v for v in sections(Graph(ox.parse("\n".join(lines), format=ox.RdfFormat.TURTLE)), filing, []) if v.rows
    )
    assert view.columns == ("donorName", "amount", "use")
    assert [row.cells[1] for row in view.rows] == ["20000.0", "100000.0"]
    with app.test_request_context("/?lang=zh"):
        assert money(view.rows[0].cells[1]) == "2 万元"


def test_a_trend_is_told_in_words(client: FlaskClient) -> None:
    html = client.get(f"/org/{CODE}?lang=zh", headers=HTML).text
    told = re.findall(r'<desc id="trend-closing-values">(.*?)</desc>', html)
    assert len(told) == 1
    assert re.fullmatch(r"2023：[\d.,]+ 万元; 2024：[\d.,]+ 万元", told[0])


def test_no_property_of_a_thing_is_shown_empty(client: FlaskClient) -> None:
    html = client.get(f"/filing/{CODE}/2024/1/q1-1?lang=zh", headers=HTML).text
    assert "<td></td>" not in html
    assert "类别" in html
