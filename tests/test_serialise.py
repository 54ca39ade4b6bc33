"""Quads as text; JSON-LD in full."""

import json

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given, settings
from hypothesis import strategies as st

from nianbao.mapping.serialise import FORMATS, jsonld, serialize
from nianbao.vocabulary import NB, expand


def quad(
    subject: str, name: str, value: ox.NamedNode | ox.BlankNode | ox.Literal, graph: str = "http://a/g"
) -> ox.Quad:
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(expand(name)), value, ox.NamedNode(graph))


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(expand(name))


EXAMPLE = [
    quad("http://a/1", "rdf:type", node("nb:Observation")),
    quad("http://a/1", "nb:value", ox.Literal("10.67", datatype=node("xsd:decimal"))),
    quad("http://a/1", "nb:unit", node("unit:PERCENT")),
    quad("http://a/1", "nb:evidence", ox.NamedNode("http://a/t#char=1,2")),
    quad("http://a/2", "nb:reportingYear", ox.Literal("2024", datatype=node("xsd:gYear")), "http://a/h"),
    quad("http://a/2", "skos:prefLabel", ox.Literal("名", language="zh"), "http://a/h"),
    quad("http://a/1", "nb:unit", node("nbc:multiple")),
]


def test_jsonld_uses_the_names_of_the_context() -> None:
    document = jsonld(EXAMPLE)
    first, second = document["@graph"]
    assert first["@id"] == "http://a/g"
    (observation,) = first["@graph"]
    assert observation == {
        "@id": "http://a/1",
        "@type": "Observation",
        "value": "10.67",
        "unit": ["units:PERCENT", "nbc:multiple"],
        "evidence": "http://a/t#char=1,2",
    }
    assert second["@graph"][0]["prefLabel"] == {"@value": "名", "@language": "zh"}


def test_each_graph_stands_once_in_trig_and_prefixes_are_sorted() -> None:
    text = serialize(EXAMPLE, "trig")
    assert text.count("http://a/g") == 1
    prefixes = [line for line in text.splitlines() if line.startswith("@prefix")]
    assert prefixes == sorted(prefixes)
    assert "qudt:" not in text


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_is_no_error(form: str) -> None:
    assert serialize([], form).strip() == "" if form != "jsonld" else json.loads(serialize([], form))["@graph"] == []


def test_an_unknown_format() -> None:
    with pytest.raises(ValueError, match="trig"):
        serialize(EXAMPLE, "csv")


literals = st.one_of(
    st.builds(ox.Literal, st.text(max_size=20)),
    st.builds(lambda t, tag: ox.Literal(t, language=tag), st.text(max_size=9), st.sampled_from(["zh", "en"])),
    st.builds(
        lambda t, kind: ox.Literal(t, datatype=node(kind)),
        st.text("0123456789-.", max_size=9),
        st.sampled_from(["xsd:decimal", "xsd:integer", "xsd:date", "xsd:gYear", "xsd:boolean", "xsd:string"]),
    ),
)
names = st.sampled_from(
    ["nb:value", "nb:unit", "nb:heading", "nb:reportingYear", "skos:prefLabel", "dcterms:extent", "rdf:type"]
)
nodes = st.sampled_from([node("nb:Award"), node("unit:M2"), ox.NamedNode("http://a/中?x#y"), ox.BlankNode("b1")])
some = st.builds(
    quad,
    st.sampled_from(["http://a/1", NB + "x"]),
    names,
    literals | nodes,
    st.sampled_from(["http://a/g", "http://a/h"]),
)


@settings(deadline=None)
@given(st.lists(some, max_size=12))
def test_jsonld_says_the_same(quads: list[ox.Quad]) -> None:
    wanted = {q for q in quads if not isinstance(q.object, ox.BlankNode)}
    found = set(ox.parse(serialize(wanted, "jsonld"), format=ox.RdfFormat.JSON_LD))
    assert found == wanted


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # of rdflib's own making
def test_rdflib_reads_the_jsonld_too() -> None:
    flat = [ox.Quad(q.subject, q.predicate, q.object) for q in EXAMPLE]
    g = rdflib.Graph().parse(data=serialize(flat, "jsonld"), format="json-ld")
    assert len(g) == len(EXAMPLE)
    assert (
        rdflib.URIRef("http://a/1"),
        rdflib.URIRef(NB + "value"),
        rdflib.Literal("10.67", datatype=rdflib.XSD.decimal),
    ) in g
