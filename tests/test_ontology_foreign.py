"""Nothing of a foreign vocabulary is misused, wherever we write its terms: ontology, codes, alignments, examples,
shapes, the mapping's output, exports, decisions, audit reports, the server's description, and the text of queries.

A term exists in its vocabulary's own list, is not given up, is used as what it is (class, property), and what its
domain and range make of our nodes is true: what follows stands in ENTAILED with the reason, and nothing else follows.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest

import foreign
from nianbao.mapping import rdf
from nianbao.record import Record
from nianbao.review import DECISIONS, Decision, decision_triples
from nianbao.storage.store import EmbeddedStore
from nianbao.vocabulary import DATA, NB, PREFIXES, expand
from nianbao_server.description import service_description
from test_ontology_questions import store  # noqa: F401 a fixture

ROOT = Path(__file__).resolve().parents[1]
OURS = (NB.removesuffix("/ns#"), DATA, "https://endpoint.example/")
TYPE = expand("rdf:type")

QB_KINDS = "the Data Cube vocabulary has these under rdf:Property; its list in rdflib does not say so"
# What foreign domains and ranges make of nodes, beyond what superclasses say.
ENTAILED = {
    ("sh:ValidationReport", "prov:Entity"): "a report is made from the shapes that its hash names",
    ("sh:ValidationResult", "prov:Entity"): "a result quotes the passage that it is about",
    ("sd:Dataset", "void:Dataset"): "what the endpoint serves is a data set of VoID too",
    ("qb:CodedProperty", "rdf:Property"): QB_KINDS,
    ("qb:DimensionProperty", "rdf:Property"): QB_KINDS,
    ("qb:MeasureProperty", "rdf:Property"): QB_KINDS,
    ("schema:GovernmentOrganization", "schema:CreativeWork"): "keywords: releases after our list let organisations "
    "have them too",
}


def read(path: Path) -> Iterator[ox.Triple]:
    form = ox.RdfFormat.TRIG if path.suffix == ".trig" else ox.RdfFormat.TURTLE
    return (quad.triple for quad in ox.parse(path=str(path), format=form))


@cache
def written() -> dict[str, list[ox.Triple]]:
    """Triples by where they stand."""
    found = {
        str(path.relative_to(ROOT)): list(read(path))
        for folder in ("ontology", "shapes")
        for path in sorted((ROOT / folder).rglob("*.t*"))
        if path.suffix in (".ttl", ".trig")
    }
    record = Record.from_json((ROOT / "tests/cases/museum-2024.json").read_text("utf-8"))
    quads = list(rdf.quads(record, version=2))
    found["mapping"] = [quad.triple for quad in quads]
    found["service description"] = list(service_description("https://endpoint.example/sparql", DATA))
    left, right = f"{DATA}org/a", f"{DATA}org/b"
    found["decisions"] = [
        triple
        for decision in DECISIONS
        for triple in decision_triples(f"{DATA}decision/1", Decision(left, right, decision, "甲", "2026-01-05", "n"))
    ]
    return found


def exported(store: EmbeddedStore) -> dict[str, list[ox.Triple]]:  # noqa: F811
    found = {}
    for path in sorted((ROOT / "ontology/exports").glob("*.rq")):
        if "CONSTRUCT" in (query := path.read_text("utf-8")):
            found[path.name] = store.construct(query)
    graphs = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"  # audit, journal, decisions too
    found["all graphs of a store"] = store.construct(graphs)
    return found


def uses(triples: Iterable[ox.Triple]) -> Iterator[tuple[str, str]]:
    """Foreign IRIs and how each is used: property, class, datatype, or node."""
    for triple in triples:
        yield triple.predicate.value, "property"
        if isinstance(triple.object, ox.Literal):
            yield triple.object.datatype.value, "datatype"
        elif isinstance(triple.object, ox.NamedNode):
            yield triple.object.value, "class" if triple.predicate.value == TYPE else "node"
        if isinstance(triple.subject, ox.NamedNode):
            yield triple.subject.value, "node"


def faults(triples: Iterable[ox.Triple]) -> set[str]:
    found = set()
    for iri, use in set(uses(triples)):
        if iri.startswith(OURS) or not iri.startswith("http"):
            continue
        term = foreign.terms().get(iri)
        if not foreign.exists(iri):
            found.add(f"{iri} is in no list")
        elif term and term.deprecated:
            found.add(f"{iri} is given up")
        elif term and use == "property" and not term.is_property:
            found.add(f"{iri} is no property but {term.kind}")
        elif term and use == "class" and term.kind != "class":
            found.add(f"{iri} is no class but {term.kind}")
    for triple in triples:
        term = foreign.terms().get(triple.predicate.value)
        literal = isinstance(triple.object, ox.Literal)
        if term and (term.kind == "object" and literal or term.kind == "datatype" and not literal):
            found.add(f"{triple.predicate.value} is used with a {'literal' if literal else 'node'}")
    return found


@pytest.mark.parametrize("place", sorted(written()))
def test_terms_are_used_as_what_they_are(place: str) -> None:
    assert faults(written()[place]) == set()


def test_exports_and_stores_use_terms_as_what_they_are(store: EmbeddedStore) -> None:  # noqa: F811
    for place, triples in exported(store).items():
        assert triples, place
        assert faults(triples) == set(), place


@pytest.mark.parametrize(
    "turtle",
    [
        "<urn:x> skos:prefLable 'x'@zh .",
        "<urn:x> a org:Organisation .",
        "<urn:x> org:Organization <urn:y> .",
        "<urn:x> a org:purpose .",
        "<urn:x> foaf:family_name 'x' .",
        "<urn:x> org:linkedTo 'x' .",
        "<urn:x> prov:value <urn:y> .",
        "<urn:x> skos:prefLabel 'x'^^xsd:strnig .",
    ],
)
def test_a_misuse_would_be_found(turtle: str) -> None:
    prefixes = "".join(f"@prefix {name}: <{space}> . " for name, space in PREFIXES.items())
    assert faults([quad.triple for quad in ox.parse(prefixes + turtle, format=ox.RdfFormat.TURTLE)])


def test_the_text_of_queries_and_code_names_existing_terms_only() -> None:
    unknown = set()
    paths = [*(ROOT / "ontology").rglob("*.rq"), *(ROOT / "shapes").rglob("*.ttl")]
    paths += [path for folder in ("src", "server") for path in (ROOT / folder).rglob("*.py")]
    for path in paths:
        text = path.read_text("utf-8")
        spaces = PREFIXES | dict(re.findall(r"PREFIX (\w+): <(http[^>{]+)>", text))
        for prefix, local in re.findall(r"(?<![\w/:.{])([a-z]+):([A-Za-z][\w-]*)(?![\w:/{])", text):
            iri = spaces.get(prefix, OURS[0]) + local
            if not iri.startswith(OURS) and not foreign.exists(iri):
                unknown.add(f"{path.name}: {prefix}:{local}")
    # The beginning of all currencies, and the name of an element of RDF/XML.
    assert unknown == {"units.py: unit:CCY_", "rdf_input.py: rdf:RDF"}


# --- domains and ranges


def entailed(triples: Iterable[ox.Triple], supers: dict[str, set[str]]) -> Iterator[tuple[str, str, str]]:
    """(class of a node, class that a foreign domain or range makes it, property) where the first is not the second."""
    triples = list(triples)
    types: dict[object, set[str]] = defaultdict(set)
    for triple in triples:
        if triple.predicate.value == TYPE and isinstance(triple.object, ox.NamedNode):
            types[triple.subject].add(triple.object.value)

    def known(node: object) -> set[str]:
        todo, found = list(types[node]), set()
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += [*supers.get(one, ()), *foreign.above(one)]
        return found

    for triple in triples:
        term = foreign.terms().get(triple.predicate.value)
        if term is None:
            continue
        for node, ends in ((triple.subject, term.domain), (triple.object, term.range)):
            if isinstance(node, ox.Literal) or not types[node]:
                continue  # a datatype is checked where it is written; a node without a type is what the range says
            mine = known(node)
            wanted = [end for end in ends if end not in ("-", expand("owl:Thing"), expand("rdfs:Resource"))]
            schema = triple.predicate.value.startswith("https://schema.org/")  # there one of several is enough
            met = [end for end in wanted if end in mine]
            for end in [] if schema and (met or not wanted) else wanted[:1] if schema else wanted:
                if end not in mine:
                    for one in types[node]:
                        yield one, end, triple.predicate.value


def superclasses() -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for triple in written()["ontology/nianbao.ttl"]:
        if triple.predicate.value == expand("rdfs:subClassOf") and isinstance(triple.object, ox.NamedNode):
            found[triple.subject.value].add(triple.object.value)  # type: ignore[union-attr]
    return found


def test_what_foreign_domains_and_ranges_entail_is_true(store: EmbeddedStore) -> None:  # noqa: F811
    supers = superclasses()
    found = set()
    for place, triples in {**written(), **exported(store)}.items():
        if not place.startswith("shapes/"):
            found |= set(entailed(triples, supers))
    assert {(short(one), short(other)) for one, other, _ in found} == set(ENTAILED)


def short(iri: str) -> str:
    """A prefixed name."""
    for prefix, space in (foreign.spaces() | PREFIXES | {"qb": foreign.QB_SPACE}).items():
        if iri.startswith(space):
            return f"{prefix}:{iri.removeprefix(space)}"
    return iri


def test_a_wrong_domain_would_be_found() -> None:
    prefixes = "".join(f"@prefix {name}: <{space}> . " for name, space in PREFIXES.items())
    for turtle in ("<urn:x> a nb:Filing ; org:purpose <urn:r> .", "<urn:x> a nb:Sponsor ; prov:used <urn:f> ."):
        triples = [quad.triple for quad in ox.parse(prefixes + turtle, format=ox.RdfFormat.TURTLE)]
        assert list(entailed(triples, superclasses())), turtle
