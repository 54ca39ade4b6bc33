"""A store in which somebody else has written: what cannot be judged is told, and nothing falls over."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from nianbao.cli import main
from nianbao.storage.store import open_store
from nianbao.vocabulary import DATA, PREFIXES
from nianbao_server import create_app

PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
RESULT = """GRAPH <urn:g> { <urn:v> a sh:ValidationReport ; dcterms:subject ?f ; sh:conforms false ; sh:result <urn:r> .
  <urn:r> a sh:ValidationResult ; sh:resultSeverity <urn:s> ; dcterms:identifier "ZZ" ; sh:sourceShape <urn:s> ;
  sh:sourceConstraintComponent <urn:c> ; nb:fault <urn:f> ; sh:resultMessage "甲"@zh , "a"@en }"""
FOREIGN = {
    "triples": 'INSERT DATA { <urn:x> <urn:y> "z" . _:a <urn:y> _:b . GRAPH <urn:g> { <urn:x> <urn:y> _:c } }',
    "blank filing": "INSERT DATA { _:r dcat:hasCurrentVersion _:f ; nb:reportingInstitution _:i ; nb:reportingYear 1 }",
    "literal filing": 'INSERT DATA { <urn:r> dcat:hasCurrentVersion "x" ; nb:reportingInstitution "y" }',
    "unknown filing": "INSERT DATA { <urn:r> dcat:hasCurrentVersion <urn:f> ; nb:reportingInstitution <urn:i> }",
    "year": 'INSERT { ?r nb:reportingYear "zwanzig" } WHERE { ?r dcat:hasCurrentVersion ?f }',
    "huge": f'INSERT {{ ?i skos:prefLabel "{"名" * 100_000}"@zh }} WHERE {{ ?r nb:reportingInstitution ?i }}',
    "severity": f"INSERT {{ {RESULT} }} WHERE {{ ?r dcat:hasCurrentVersion ?f }}",
    "journal": f"""INSERT DATA {{ GRAPH <{DATA}graph/journal> {{ <urn:z> nb:fileName "x" ; nb:sha256 "y" ;
        nb:readBy "z" ; rdfs:comment "no JSON" }} }}""",
    "summary": 'INSERT { GRAPH <urn:g> { ?f nb:auditSummary "no JSON" } } WHERE { ?r dcat:hasCurrentVersion ?f }',
    "sponsors": "INSERT { ?i nb:sponsoredBy <urn:b> . <urn:b> nb:sponsoredBy ?i } "
    "WHERE { ?r nb:reportingInstitution ?i }",
}
UNCHECKED = {"blank filing", "literal filing", "unknown filing"}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    folder = tmp_path_factory.mktemp("foreign")
    (folder / "reports").mkdir()
    shutil.copy(root / "data/reports/archive-2024.txt", folder / "reports")
    result = CliRunner().invoke(
        main, ["build", str(folder / "reports"), "--store", str(folder / "store"), "--jobs", "1"]
    )
    assert result.exit_code == 0, result.output
    return folder


@pytest.mark.parametrize("name", FOREIGN)
def test_a_store_with_foreign_data(built: Path, tmp_path: Path, name: str) -> None:
    place = str(tmp_path / "store")
    shutil.copytree(built / "store", place)
    store = open_store(place)
    store.update(PROLOGUE + FOREIGN[name])
    store.close()
    del store
    for command in (
        ["audit", "--store", place, "--fail-on", "violation"],
        ["audit", "--store", place, "--engine", "set", "--format", "json"],
        ["build", str(built / "reports"), "--store", place, "--jobs", "1"],
    ):
        result = CliRunner().invoke(main, command)
        assert result.exception is None or isinstance(result.exception, SystemExit), (command[0], result.exception)
        if name in UNCHECKED and command[0] == "audit" and "--engine" not in command:
            assert result.exit_code == 1
            assert "NB-STORE-STALE" in result.stderr
    app = create_app(place)
    try:
        for path in ("/", "/audit", "/audit?by=year", "/audit?by=finding", "/audit?by=finding&format=csv"):
            assert app.test_client().get(path).status_code == 200, path
    finally:
        app.extensions["nianbao"].close()
