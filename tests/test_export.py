"""The export for FollowTheMoney keeps to its model, rests each statement on a filing and names no person."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from nianbao import export
from nianbao.cli import main
from nianbao.storage.store import EmbeddedStore
from nianbao.vocabulary import DATA
from test_ontology_questions import FILINGS, store  # noqa: F401 a fixture

MODEL: dict[str, Any] = tomllib.loads((Path(__file__).parent / "cases/followthemoney.toml").read_text("utf-8"))

# What FollowTheMoney's types take (followthemoney.types, rigour 2.6): a value in another form would be dropped.
FORMS = {
    "entity": r"[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?",
    "country": r"[a-z]{2}",
    "date": r"\d{4}(-\d\d(-\d\d)?)?",
    "url": r"https?://[^\s]+",
    "identifier": r"\S{3,64}",
}

HOSPITAL, FORMER = "org-12341423NB0070049F", "org-n-beba230b0bef"


@pytest.fixture(scope="module")
def entities(store: EmbeddedStore) -> dict[str, dict[str, Any]]:  # noqa: F811
    return {one["id"]: one for one in export.entities(store)}


def wrong(entity: dict[str, Any], known: dict[str, dict[str, Any]]) -> list[str]:
    """Where an entity breaks the model."""
    schema = MODEL[entity["schema"]]
    said = entity["properties"]
    found = [f"{name} is missing" for name in schema["required"] if not said.get(name)]
    if not re.fullmatch(FORMS["entity"], entity["id"]):
        found.append(f"id {entity['id']}")
    for name, values in said.items():
        if name not in schema["properties"]:
            found.append(f"{name} is no property of {entity['schema']}")
            continue
        kind, _, range_ = schema["properties"][name].partition(":")
        found += [f"{name}: {value!r}" for value in values if not re.fullmatch(FORMS.get(kind, r"(?s)\S.*"), value)]
        if range_:
            targets = [known[value]["schema"] if value in known else "nothing" for value in values]
            above = [MODEL[target]["above"] if target in MODEL else [] for target in targets]
            found += [
                f"{name} leads to {target}" for target, up in zip(targets, above, strict=True) if range_ not in up
            ]
    return found


def test_every_entity_keeps_to_the_model(entities: dict[str, dict[str, Any]]) -> None:
    assert len(entities) == 14
    assert [(one["id"], wrong(one, entities)) for one in entities.values() if wrong(one, entities)] == []


def test_a_fault_would_be_found(entities: dict[str, dict[str, Any]]) -> None:
    body = entities[HOSPITAL]
    for property_, values in (("owner", ["x"]), ("country", ["China"]), ("sourceUrl", [""]), ("parent", ["org-1"])):
        assert wrong(body | {"properties": body["properties"] | {property_: values}}, entities), property_
    assert wrong(body | {"properties": {}}, entities) == ["name is missing"]


def test_an_institution_has_its_code_names_and_sponsors(entities: dict[str, dict[str, Any]]) -> None:
    library = entities["org-12341400NB0070014J"]
    assert library["schema"] == "PublicBody"
    assert library["properties"]["name"] == ["岚洲市图书馆"]
    assert library["properties"]["uscCode"] == ["12341400NB0070014J"]
    assert library["properties"]["legalForm"] == ["事业单位"]
    links = [one["properties"] for one in entities.values() if library["id"] in one["properties"].get("object", ())]
    sponsor = next(one for one in entities.values() if one["properties"].get("name") == ["岚洲市文化局"])
    assert sponsor["schema"] == "Organization"
    assert [(link["subject"], link["date"]) for link in links] == [([sponsor["id"]], ["2022", "2023", "2024"])]


def test_what_people_found_to_be_one_is_one_entity(entities: dict[str, dict[str, Any]]) -> None:
    assert FORMER not in entities
    hospital = entities[HOSPITAL]
    assert hospital["referents"] == [FORMER]
    assert hospital["properties"]["name"] == ["石桥县中心医院"]
    assert hospital["properties"]["previousName"] == ["石桥县人民医院"]


def test_each_statement_rests_on_a_filing(store: EmbeddedStore) -> None:  # noqa: F811
    found = export.statements(store)
    assert len({one["id"] for one in found}) == len(found) > 100
    assert {set(one) == set(found[0]) for one in found} == {True}
    assert all(one["origin"].startswith(DATA + "filing/") for one in found)
    former = [one for one in found if one["value"] == "石桥县人民医院"]
    assert {(one["entity_id"], one["canonical_id"], one["prop"]) for one in former} == {
        (FORMER, HOSPITAL, "previousName"),  # without a code
        (HOSPITAL, HOSPITAL, "previousName"),  # before the change of name
    }


def test_no_person_is_in_it(store: EmbeddedStore) -> None:  # noqa: F811
    said = "".join(export.lines(export.statements(store)))
    assert "温如言" not in said
    assert "顾明河" not in said
    assert any(row.get("representative") == "顾明河" for row in FILINGS)


def test_the_command_prints_one_object_a_line(store: EmbeddedStore, tmp_path: Path) -> None:  # noqa: F811
    runner = CliRunner()
    for form, key in (("ftm", "properties"), ("ftm-statements", "prop")):
        done = runner.invoke(main, ["export", "--store", store.location, "--format", form])
        assert done.exit_code == 0, done.output
        assert all(key in json.loads(line) for line in done.stdout.splitlines())
    assert runner.invoke(main, ["export", "--store", str(tmp_path / "none")]).exit_code == 1


def test_foreign_iris_get_an_identifier_too() -> None:
    assert export.entity_id(DATA + "org/n-0123456789ab") == "org-n-0123456789ab"
    for iri in ("https://elsewhere.example/组织/1", DATA + "org/a/b", "urn:x"):
        assert re.fullmatch(FORMS["entity"], export.entity_id(iri))
