"""The exports that queries make: an RDF Data Cube that is well formed, and institutions in schema.org's terms."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import SDO, URIRef

from nianbao.storage.store import EmbeddedStore
from nianbao.vocabulary import DATA, NB, NBI
from test_ontology_questions import store  # noqa: F401 a fixture

PREFIXES = f"""PREFIX qb: <http://purl.org/linked-data/cube#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#> PREFIX nb: <{NB}>
PREFIX nbi: <{NBI}> PREFIX schema: <https://schema.org/> """

# Integrity constraints of the RDF Data Cube vocabulary (W3C Recommendation 2014, §11.1), for cubes without slices:
# each is true of a cube that breaks it.
CONSTRAINTS = {
    "IC-1 one data set": """ASK { { ?o a qb:Observation . FILTER NOT EXISTS { ?o qb:dataSet ?d . ?d a qb:DataSet } }
        UNION { ?o a qb:Observation ; qb:dataSet ?d1 , ?d2 . FILTER(?d1 != ?d2) } }""",
    "IC-2 one structure": """ASK { { ?d a qb:DataSet .
        FILTER NOT EXISTS { ?d qb:structure ?s . ?s a qb:DataStructureDefinition } }
        UNION { ?d a qb:DataSet ; qb:structure ?s1 , ?s2 . FILTER(?s1 != ?s2) } }""",
    "IC-3 a measure": """ASK { ?s a qb:DataStructureDefinition .
        FILTER NOT EXISTS { ?s qb:component/qb:measure ?m . ?m a qb:MeasureProperty } }""",
    "IC-4 dimensions have a range": "ASK { ?d a qb:DimensionProperty . FILTER NOT EXISTS { ?d rdfs:range ?r } }",
    "IC-5 concepts have a list": """ASK { ?d a qb:DimensionProperty ; rdfs:range skos:Concept .
        FILTER NOT EXISTS { ?d qb:codeList ?l } }""",
    "IC-6 only attributes are optional": """ASK { ?s qb:component ?c . ?c qb:componentRequired false ;
        qb:dimension|qb:measure ?p }""",
    "IC-11 all dimensions": """ASK { ?o qb:dataSet/qb:structure/qb:component/qb:dimension ?d .
        FILTER NOT EXISTS { ?o ?d ?v } }""",
    "IC-12 no duplicates": """ASK { ?a nb:about ?i ; nb:indicator ?k ; nb:periodEnd ?t ; qb:dataSet ?d .
        ?b nb:about ?i ; nb:indicator ?k ; nb:periodEnd ?t ; qb:dataSet ?d . FILTER(?a != ?b) }""",
    "IC-13 required attributes": """ASK { ?o qb:dataSet/qb:structure/qb:component ?c . ?c qb:componentRequired true ;
        qb:attribute ?a . FILTER NOT EXISTS { ?o ?a ?v } }""",
    "IC-14 all measures": """ASK { ?o qb:dataSet/qb:structure/qb:component/qb:measure ?m .
        FILTER NOT EXISTS { ?o ?m ?v } }""",
    "IC-19 codes are of the list": """ASK { ?o qb:dataSet/qb:structure/qb:component/qb:dimension ?d .
        ?d qb:codeList ?l . ?o ?d ?v . FILTER NOT EXISTS { ?v a skos:Concept ; skos:inScheme ?l } }""",
}


def export(store: EmbeddedStore, root: Path, name: str) -> ox.Store:  # noqa: F811
    made = ox.Store()
    triples = store.construct((root / f"ontology/exports/{name}.rq").read_text("utf-8"))
    made.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    return made


@pytest.fixture
def cube(store: EmbeddedStore, root: Path) -> ox.Store:  # noqa: F811
    return export(store, root, "data-cube")


def broken(cube: ox.Store) -> list[str]:
    return [name for name, query in CONSTRAINTS.items() if cube.query(PREFIXES + query)]


def count(made: ox.Store, pattern: str) -> int:
    (row,) = made.query(PREFIXES + f"SELECT (COUNT(*) AS ?n) {{ {pattern} }}")  # type: ignore[misc]
    return int(row["n"].value)


def test_the_cube_is_well_formed(cube: ox.Store) -> None:
    assert broken(cube) == []
    # Ten current filings with four figures each.
    assert count(cube, "?o a qb:Observation") == 40
    assert count(cube, "?d a qb:DataSet") == count(cube, "?s a qb:DataStructureDefinition") == 1
    assert count(cube, "?s qb:component ?c") == 6
    assert count(cube, "?d a qb:DimensionProperty") == 3


def test_the_cube_holds_the_current_filing_only(cube: ox.Store) -> None:
    found = cube.query(
        PREFIXES
        + """SELECT ?v { ?o nb:indicator nbi:staff ; nb:value ?v ; nb:statedIn ?f .
        FILTER(CONTAINS(STR(?f), "70014J/2024")) }"""
    )
    assert [row["v"].value for row in found] == ["42"]  # type: ignore[union-attr]


def test_the_constraints_would_find_faults(cube: ox.Store) -> None:
    cube.update(
        PREFIXES
        + "INSERT { ?new ?p ?o } WHERE { { SELECT ?x { ?x a qb:Observation } LIMIT 1 } ?x ?p ?o BIND(<urn:x> AS ?new) }"
    )
    assert broken(cube) == ["IC-12 no duplicates"]
    cube.update(PREFIXES + "DELETE WHERE { <urn:x> nb:periodEnd ?day }")
    assert broken(cube) == ["IC-11 all dimensions"]
    cube.update(PREFIXES + "DELETE WHERE { nb:indicator qb:codeList ?l }")
    assert broken(cube) == ["IC-5 concepts have a list", "IC-11 all dimensions"]


def test_a_figure_that_is_there_twice_is_left_out(store: EmbeddedStore, root: Path) -> None:  # noqa: F811
    data = ox.Store()
    rows = store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
    data.extend(ox.Quad(t.subject, t.predicate, t.object) for t in rows)
    data.update(
        PREFIXES + f"INSERT {{ <urn:x> ?p ?o }} WHERE {{ <{DATA}filing/12341400NB0070014J/2024/2/staff> ?p ?o }}"
    )
    made = ox.Store()
    triples = data.query((root / "ontology/exports/data-cube.rq").read_text("utf-8"))
    made.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)  # type: ignore[union-attr]
    assert broken(made) == []
    assert count(made, "?o a qb:Observation") == 39


def test_institutions_in_the_terms_of_schema_org(store: EmbeddedStore, root: Path) -> None:  # noqa: F811
    made = export(store, root, "schema-org")
    library = f"<{DATA}org/12341400NB0070014J>"
    for said in (
        'schema:name "岚洲市图书馆"@zh ; schema:identifier "12341400NB0070014J"',
        'schema:parentOrganization/schema:name "岚洲市文化局"@zh ; schema:keywords "文化"@zh',
        "schema:numberOfEmployees/schema:value 42.0 ; schema:subjectOf/schema:temporalCoverage '2024'",
    ):
        assert made.query(PREFIXES + f"ASK {{ {library} a schema:GovernmentOrganization ; {said} }}"), said
    assert count(made, "?i a schema:GovernmentOrganization") == 6
    assert not made.query("ASK { ?s ?p ?o FILTER(CONTAINS(STR(?o), '顾明河')) }")
    used = {quad.predicate.value for quad in made} | {
        q.object.value for q in made if q.predicate.value.endswith("#type")
    }
    schema = {iri for iri in used if iri.startswith(str(SDO))}
    assert len(schema) > 10
    assert [iri for iri in schema if URIRef(iri) not in SDO] == []


def test_passages_as_web_annotations(store: EmbeddedStore, root: Path) -> None:  # noqa: F811
    made = export(store, root, "web-annotation")
    oa = "PREFIX oa: <http://www.w3.org/ns/oa#> "
    passages = len(store.select(PREFIXES + "SELECT ?s ?e { ?s nb:evidence ?e ; nb:statedIn ?f }"))
    (row,) = made.query(oa + "SELECT (COUNT(DISTINCT ?a) AS ?n) { ?a a oa:Annotation }")  # type: ignore[misc]
    assert int(row["n"].value) == passages > 20
    whole = """ASK { ?a a oa:Annotation ; oa:hasBody <%sfiling/12341400NB0070014J/2022/1/q1-1> ; oa:hasTarget ?t .
        ?t oa:hasSource ?text ; oa:hasSelector [ a oa:TextPositionSelector ; oa:start ?s ; oa:end ?e ]
        FILTER(STR(?s) = "134" && STR(?e) = "142" && CONTAINS(STR(?text), "/text/sha256-")) }"""
    assert made.query(oa + whole % DATA)
    assert not made.query(oa + "ASK { ?s oa:start ?start ; oa:end ?end FILTER(?start >= ?end) }")
