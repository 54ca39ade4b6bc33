"""A store keeps the rules that it was built with: who audits or serves it need not name them again."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient

from nianbao.cli import main
from nianbao.errors import ShapesError
from nianbao.quality.kept import keep, kept
from nianbao.quality.rulebook import rulebook
from nianbao.resources import SHAPES
from nianbao.storage.store import open_store
from nianbao.vocabulary import DATA, PREFIXES
from nianbao_server import create_app

OWN = (
    "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    + """@prefix e: <https://own.example/> .
e:web a sh:NodeShape ; sh:targetClass nb:Filing ; dcterms:identifier "G1" ;
  rdfs:label "网上名称的后缀"@zh , "Suffix"@en ; nb:remedy "改用政务域名。"@zh , "Use .政务."@en ;
  sh:property [ sh:path nb:onlineName ; sh:pattern "没有这样的名称$" ; sh:message "不是政务域名"@zh , "not .政务"@en ] .
"""
)


def call(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Two reports, rules and thresholds of one's own, and the store that they make."""
    made = tmp_path_factory.mktemp("kept")
    (made / "reports").mkdir()
    for name in ("college-2024.txt", "archive-2024.txt"):
        shutil.copy(root / "data/reports" / name, made / "reports")
    (made / "own").mkdir()
    (made / "own/own.ttl").write_text(OWN, encoding="utf-8")
    (made / "ours.toml").write_text("capitalTolerance = 30\n")
    result = call(
        *("build", made / "reports", "--store", made / "store", "--jobs", "1"),
        *("--shapes", made / "own", "--thresholds", made / "ours.toml"),
    )
    assert result.exit_code == 0, result.output
    return made


def test_audit_takes_the_rules_that_the_store_was_built_with(folder: Path) -> None:
    result = call("audit", "--store", folder / "store", "--fail-on", "never", "--by", "rule")
    assert "NB-STORE-STALE" not in result.output
    assert "G1 网上名称的后缀" in result.output
    assert "改用政务域名。" in result.output
    assert "自定规则 [项目自定，无法规条文]" in result.output


def test_other_rules_have_not_seen_the_reports(folder: Path) -> None:
    result = call("audit", "--store", folder / "store", "--thresholds", folder / "ours.toml")
    assert "NB-STORE-STALE" in result.stderr
    result = call(
        "audit", "--store", folder / "store", "--shapes", folder / "own", "--thresholds", folder / "ours.toml"
    )
    assert "NB-STORE-STALE" not in result.stderr


@pytest.fixture
def client(folder: Path) -> Iterator[FlaskClient]:
    app = create_app(str(folder / "store"))
    yield app.test_client()
    app.extensions["nianbao"].close()


def test_the_pages_show_them(client: FlaskClient) -> None:
    def text(path: str) -> str:
        response = client.get(path, headers={"Accept-Language": "zh"})
        assert response.status_code == 200
        return response.text

    assert "网上名称的后缀" in text("/audit")
    rule = text("/audit/rules/G1")
    assert "改用政务域名。" in rule
    assert "项目自定，无法规条文" in rule
    assert "条文已核对" not in rule
    found = text("/audit?by=finding&rule=G1")
    assert "不是政务域名" in found
    assert "NB-STORE-STALE" not in client.get("/audit?by=finding&format=csv").text


def test_they_are_the_same_rules(folder: Path, tmp_path: Path) -> None:
    rules = kept(open_store(str(folder / "store"), read_only=True))
    assert {rule.id for rule in rules.rules} > {"G1", "F06"}
    assert rules.own
    shutil.copytree(folder / "store", tmp_path / "store")
    store = open_store(str(tmp_path / "store"))
    count = f"SELECT (COUNT(*) AS ?n) {{ GRAPH <{DATA}graph/rules> {{ ?s ?p ?o }} }}"
    before = store.select(count)
    keep(store, rules, DATA)
    assert store.select(count) == before
    keep(store, rulebook(), DATA)
    assert kept(store) is rulebook()
    assert store.select(count)[0]["n"].value == "0"  # type: ignore[union-attr]


def test_rules_that_can_no_longer_be_used_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/own.ttl").write_text(OWN, encoding="utf-8")
    store = open_store(str(tmp_path / "store"))
    keep(store, rulebook(SHAPES, (tmp_path / "own",)), DATA)
    assert kept(store).digest == rulebook(SHAPES, (tmp_path / "own",)).digest
    old, new = '"G1"', '"F06"'
    store.update(
        f"""PREFIX prov: <{PREFIXES["prov"]}> DELETE {{ GRAPH ?g {{ ?f prov:value ?t }} }}
        INSERT {{ GRAPH ?g {{ ?f prov:value ?n }} }} WHERE {{ GRAPH ?g {{ ?f prov:value ?t }}
        BIND (REPLACE(?t, '{old}', '{new}') AS ?n) }}"""
    )
    with pytest.raises(ShapesError, match="built with cannot be used any more: 'F06' is the number"):
        kept(store)
