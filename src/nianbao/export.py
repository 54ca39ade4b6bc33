"""The institutions in the model of FollowTheMoney (https://followthemoney.tech), as JSON Lines.

The rows come from ``ontology/exports/follow-the-money.rq``: one a statement, with the filing that it rests on. Here
they only get FollowTheMoney's form: identifiers that it allows, and one object a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from nianbao.mapping.iris import digest
from nianbao.resources import ONTOLOGY
from nianbao.storage.store import Store, values

DATASET = "nianbao"
_NAMES = ("entity", "canonical", "other", "schema", "property", "value", "origin")
_EDGES = ("UnknownLink", "Succession")


def statements(store: Store) -> list[dict[str, Any]]:
    """Statements (``id``, ``entity_id``, ``canonical_id``, ``schema``, ``prop``, ``value``, ``dataset``, ``origin``).

    ``entity_id`` follows from the IRI, ``canonical_id`` from what people decided; ``origin`` is the IRI of the filing,
    or of the event that a decision made.
    """
    query = (ONTOLOGY / "exports" / "follow-the-money.rq").read_text(encoding="utf-8")
    rows = [dict(zip(_NAMES, values(row, _NAMES), strict=True)) for row in store.select(query)]
    later = {row["entity"]: row["canonical"] for row in rows if row["canonical"]}
    found = {}
    for row in rows:
        schema, prop, value, origin = (row[name] or "" for name in ("schema", "property", "value", "origin"))
        ends = [row["entity"] or "", row["other"] or ""]
        current = [later.get(end) or end for end in ends]
        edge = schema in _EDGES
        if edge and prop in ("subject", "predecessor", "object", "successor"):
            value = entity_id(current[value == "other"])
        entity = _edge_id(schema, *ends) if edge else entity_id(ends[0])
        canonical = _edge_id(schema, *current) if edge else entity_id(current[0])
        if prop == "name" and entity != canonical:
            prop = "previousName"  # of a body that goes on under another identifier
        value = " ".join(value.split())
        key = digest(" ".join((DATASET, entity, prop, value, origin)))[:40]
        found[key] = {
            "id": key,
            "entity_id": entity,
            "canonical_id": canonical,
            "schema": schema,
            "prop": prop,
            "value": value,
            "dataset": DATASET,
            "origin": origin,
        }
    return sorted(found.values(), key=lambda one: (one["canonical_id"], one["prop"], one["value"], one["origin"]))


def entities(store: Store) -> Iterator[dict[str, Any]]:
    """Entities (``id``, ``schema``, ``properties``, ``datasets``, ``referents``), each property with all its values.

    What people found to be one organisation is one entity; ``referents`` are its former identifiers.
    """
    made: dict[str, dict[str, Any]] = {}
    for one in statements(store):
        entity = made.setdefault(
            one["canonical_id"],
            {
                "id": one["canonical_id"],
                "schema": one["schema"],
                "properties": {},
                "datasets": [DATASET],
                "referents": [],
            },
        )
        if one["schema"] == "PublicBody":
            entity["schema"] = "PublicBody"  # a sponsor that is an institution too
        said = entity["properties"].setdefault(one["prop"], [])
        if one["value"] not in said:
            said.append(one["value"])
        if one["entity_id"] not in (entity["id"], *entity["referents"]):
            entity["referents"].append(one["entity_id"])
    for entity in made.values():
        properties = entity["properties"]
        if former := [name for name in properties.get("previousName", ()) if name not in properties.get("name", ())]:
            properties["previousName"] = former
        else:
            properties.pop("previousName", None)
        yield entity


def lines(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """JSON Lines."""
    return (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def entity_id(iri: str) -> str:
    """An identifier of letters, digits, points and hyphens, as FollowTheMoney wants it, from the IRI of an
    organisation: ``org-12341400NB0070014J``; the hash of an IRI that is none of ours."""
    name = re.search(r"/(org/[0-9A-Za-z-]+)$", iri)
    return name[1].replace("/", "-") if name else f"iri-{digest(iri)[:24]}"


def _edge_id(schema: str, one: str, other: str) -> str:
    return f"{schema.lower()}-{digest(f'{one} {other}')[:24]}"
