"""The pages of the audit: the numbers of the command line, grades with counts, nothing restricted, downloads."""

import csv
import io
import json
import re
import shutil
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from nianbao.quality.reporting.outcome import Outcome, outcome_of_store
from nianbao.quality.rulebook import rulebook
from nianbao.storage.store import open_store
from nianbao.vocabulary import expand
from nianbao_server import create_app

CODE = "12450000MB0000000D"
PATHS = [
    "/audit",
    "/audit?by=year",
    "/audit?by=division",
    "/audit?by=sponsor",
    "/audit?by=finding",
    "/audit?year=2024&division=45&by=finding",
    "/audit?severity=warning",
    f"/audit/report/{CODE}/2024",
    "/audit/rules/X19",
]


@pytest.fixture(scope="module")
def app(served: Path):
    app = create_app(str(served))
    yield app
    app.extensions["nianbao"].close()


@pytest.fixture
def client(app) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def done(served: Path) -> Outcome:
    return outcome_of_store(open_store(str(served), read_only=True), rulebook())


def page(client: FlaskClient, path: str, lang: str = "zh") -> str:
    response = client.get(path, headers={"Accept-Language": lang})
    assert response.status_code == 200
    assert "style=" not in response.text  # the policy of the pages forbids it
    return response.text


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_pages_answer_in_both_languages(client: FlaskClient, path: str, lang: str) -> None:
    shown = page(client, path, lang)
    assert ("审核" if lang == "zh" else "Audit") in shown


def test_the_numbers_are_those_of_the_command_line(client: FlaskClient, done: Outcome) -> None:
    rows = client.get("/audit?by=rule&format=json").get_json()
    kinds = ("violations", "warnings", "infos")
    assert [sum(row[kind] for row in rows) for kind in kinds] == list(done.counts.values())
    failing = {row["key"]: row["failed"] for row in rows}
    for rule in {finding.rule for finding in done.findings}:
        assert failing[rule] == len({f.filing for f in done.findings if f.rule == rule})
    years = client.get("/audit?by=year&format=json").get_json()
    expected = {
        group.key: (len(group.reports), group.total.failed, group.total.checked, group.total.grade.letter)
        for group in done.groups("year", "zh")
        if group.total
    }
    assert {r["key"]: (r["reports"], r["failed"], r["checked"], r["grade"]) for r in years} == expected
    for by in ("division", "sponsor"):
        rows = client.get(f"/audit?by={by}&format=json").get_json()
        groups = {group.key: group for group in done.groups(by, "zh")}  # type: ignore[arg-type]
        assert {row["key"] for row in rows} == set(groups)
        for row in rows:
            assert row["reports"] == len(groups[row["key"]].reports)
            assert row["violations"] + row["warnings"] + row["infos"] == len(groups[row["key"]].findings)


def test_grades_stand_with_their_counts(client: FlaskClient, done: Outcome) -> None:
    shown = page(client, "/audit")
    for measure in done.measures:
        assert f"{measure.failed} / {measure.checked}" in shown
    assert "样本小" in shown
    assert 'class="rates"' in shown  # two years make a trend
    assert 'class="rates"' not in page(client, "/audit?year=2023")


def test_filters_narrow_and_can_be_taken_away(client: FlaskClient, done: Outcome) -> None:
    rows = client.get("/audit?by=finding&year=2023&format=json").get_json()
    assert {row["year"] for row in rows} == {2023}
    assert len(rows) == sum(finding.year == 2023 for finding in done.findings)
    assert "year=2023" not in re.findall(r'class="tag" href="([^"]+)"', page(client, "/audit?year=2023"))[0]
    assert "没有符合条件的报告" in page(client, "/audit?sponsor=nobody")
    assert "没有符合条件的报告" in page(client, "/audit?sponsor=%22%7D%20UNION%20%7B")
    assert client.get("/audit?by=nothing").status_code == 404
    assert client.get("/audit?format=xml").status_code == 406


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("year=abc", "2024"),
        ("year=%22%7D", "2024"),
        ("year=20245", "2024"),
        ("division=a", "省级名称"),
        ("division=99", "省级名称"),
        ("severity=x", "violation"),
        ("rule=%27%22", "F06"),
        ("rule=F999", "F06"),
    ],
)
@pytest.mark.parametrize("more", ["", "&by=finding", "&by=year&format=csv"])
def test_a_filter_with_a_value_that_can_be_none_is_refused(
    client: FlaskClient, asked: str, told: str, more: str
) -> None:
    """All findings in its place would look like an answer."""
    response = client.get(f"/audit?{asked}{more}", headers={"Accept-Language": "zh"})
    assert response.status_code == 400
    name = asked.partition("=")[0]
    assert f"{name}: " in response.get_data(as_text=True)
    assert told in response.get_data(as_text=True)


def test_filters_take_names_and_empty_values(client: FlaskClient, done: Outcome) -> None:
    number = len(client.get("/audit?by=finding&format=json").get_json())
    assert len(client.get("/audit?by=finding&year=&division=&severity=&rule=&format=json").get_json()) == number
    by_name = client.get("/audit?by=year&division=广西&format=json").get_json()
    assert by_name
    assert by_name == client.get("/audit?by=year&division=45&format=json").get_json()


def test_every_finding_has_its_remedy_and_its_passage(client: FlaskClient, done: Outcome) -> None:
    shown = page(client, f"/audit/report/{CODE}/2024")
    mine = [finding for finding in done.findings if finding.report.endswith(f"{CODE}/2024")]
    assert mine
    for finding in mine:
        assert done.remedy(finding).zh in shown
    assert any(finding.evidence and finding.evidence.quote[:20] in shown for finding in mine)


def test_findings_beside_other_reports_are_shown_too(client: FlaskClient, done: Outcome) -> None:
    across = next(finding for finding in done.findings if finding.rule.startswith("X"))
    path = across.report.removeprefix("https://nianbao.example")
    assert f"/audit/rules/{across.rule}" in page(client, path)
    assert f"/audit/rules/{across.rule}" in page(client, across.filing.removeprefix("https://nianbao.example"))


def test_downloads_are_those_of_the_command_line(client: FlaskClient, done: Outcome) -> None:
    response = client.get("/audit?by=finding&format=csv")
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    rows = list(csv.DictReader(io.StringIO(response.text.removeprefix("\ufeff"))))
    assert len(rows) == len(done.findings)
    one = client.get(f"/audit/report/{CODE}/2024?format=json").get_json()
    assert {row["report"] for row in one} == {f"https://nianbao.example/report/{CODE}/2024"}
    rule = client.get(f"/audit/rules/{done.findings[0].rule}?format=json").get_json()
    assert {row["rule"] for row in rule} == {done.findings[0].rule}
    table = list(csv.reader(io.StringIO(client.get("/audit?by=division&format=csv").text)))
    assert len(table) > 1


@pytest.fixture
def changed(served: Path, tmp_path: Path):
    """A copy of the store: one filing without audit, and a restricted finding that somebody else has put there."""
    shutil.copytree(served, tmp_path / "store")
    store = ox.Store(str(tmp_path / "store"))
    filing = ox.NamedNode(f"https://nianbao.example/filing/{CODE}/2023/1")
    audits = [q.graph_name for q in store.quads_for_pattern(None, ox.NamedNode(expand("dcterms:subject")), filing)]
    for graph in audits:
        assert isinstance(graph, ox.NamedNode)
        store.remove_graph(graph)
    other = next(
        quad
        for quad in store.quads_for_pattern(None, ox.NamedNode(expand("dcterms:subject")), None)
        if "audit-across" in str(quad.graph_name)
    )
    node, graph = ox.NamedNode("https://nianbao.example/x#secret"), other.graph_name

    assert isinstance(other.subject, ox.NamedNode)
    facts = [
        (other.subject, "sh:result", node),
        (node, "rdf:type", ox.NamedNode(expand("sh:ValidationResult"))),
        (node, "dcterms:identifier", ox.Literal("X19")),
        (node, "sh:resultSeverity", ox.NamedNode(expand("sh:Info"))),
        (node, "sh:sourceShape", ox.NamedNode(expand("nbs:X19"))),
        (node, "sh:sourceConstraintComponent", ox.NamedNode(expand("sh:SPARQLConstraintComponent"))),
        (node, "nb:fault", ox.NamedNode(expand("nbc:faultSource"))),
        *((node, "sh:resultMessage", ox.Literal("SECRET NAME", language=lang)) for lang in ("zh", "en")),
    ]
    for subject, name, value in facts:
        store.add(ox.Quad(subject, ox.NamedNode(expand(name)), value, graph))
    store.flush()
    del store
    app = create_app(str(tmp_path / "store"))
    yield app.test_client(), str(other.object).strip("<>")
    app.extensions["nianbao"].close()


def test_restricted_findings_are_nowhere_and_unaudited_reports_are_told(changed: tuple[FlaskClient, str]) -> None:
    client, filing = changed
    path = filing.removeprefix("https://nianbao.example")
    report = path.replace("/filing/", "/report/").rsplit("/", 1)[0]
    paths = [
        "/",
        path,
        report,
        f"/audit{report}",
        "/audit/rules/X19",
        "/audit?by=finding",
        "/audit?by=finding&rule=X19",
    ]
    downloads = ["/audit?by=finding&format=csv", "/audit/rules/X19?format=json", f"/audit{report}?format=json"]
    for each in (*paths, *downloads):
        response = client.get(each)
        assert response.status_code == 200, each
        assert "SECRET" not in response.text, each
    assert "未经此处所列规则审核" in page(client, "/audit")
    assert "未经此处所列规则审核" in page(client, f"/audit/report/{CODE}/2023")
    lines = client.get("/audit?by=finding&format=json").get_json()
    assert [line["rule"] for line in lines if line["year"] == 2023] == ["NB-STORE-STALE"]
    rows = client.get("/audit?by=year&format=json").get_json()
    assert json.dumps(rows)
    assert [row["checked"] for row in rows if row["key"] == "2023"] == [0]
    assert "不公开" in page(client, "/audit/rules/X19")


ROOTS = [
    "/",
    "/audit",
    "/audit?by=year",
    "/audit?by=finding",
    "/audit?year=2024&by=sponsor",
    "/audit/rules/A05",
    "/sparql?example=",
]


@pytest.mark.parametrize("path", ROOTS)
def test_crawlers_are_asked_not_to_follow_filters(client: FlaskClient, path: str) -> None:
    links = [
        element
        for element in re.findall(r"<a [^>]*>", page(client, path))
        if re.search(r'href="[^"#]*\?(?!page=)', element)
    ]
    assert links
    assert [link for link in links if "nofollow" not in link] == []


def test_robots_may_not_ask_questions_but_read_the_list_of_institutions(client: FlaskClient) -> None:
    rules = re.findall(r"^(Allow|Disallow): (\S+)$", client.get("/robots.txt").text, re.MULTILINE)

    def allowed(path: str) -> bool:  # RFC 9309: the longest rule that matches counts
        held = [(len(rule), kind) for kind, rule in rules if re.match(re.escape(rule).replace(r"\*", ".*"), path)]
        return not held or max(held)[1] == "Allow"

    for path in ("/", "/?page=2", "/audit", "/audit/rules/A05", f"/org/{CODE}", f"/filing/{CODE}/2024/1.ttl", "/ns"):
        assert allowed(path), path
    for path in (
        "/audit?year=2024",
        "/audit/rules/A05?format=csv",
        "/?lang=en",
        "/search?q=x",
        "/sparql",
        "/sparql?query=x",
    ):
        assert not allowed(path), path
