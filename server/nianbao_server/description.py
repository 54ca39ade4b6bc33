"""The SPARQL 1.1 Service Description of the endpoint."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from nianbao.vocabulary import expand

SD = "http://www.w3.org/ns/sparql-service-description#"
FORMATS = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
)


def service_description(endpoint: str, base: str) -> Iterator[ox.Triple]:
    """The endpoint at the address `endpoint`: its language, its result formats and its default dataset."""

    def sd(name: str) -> ox.NamedNode:
        return ox.NamedNode(SD + name)

    a = ox.NamedNode(expand("rdf:type"))
    service, dataset, graph = ox.NamedNode(endpoint + "#service"), ox.BlankNode("dataset"), ox.BlankNode("graph")
    yield ox.Triple(service, a, sd("Service"))
    yield ox.Triple(service, sd("endpoint"), ox.NamedNode(endpoint))
    yield ox.Triple(service, sd("supportedLanguage"), sd("SPARQL11Query"))
    for name in FORMATS:
        yield ox.Triple(service, sd("resultFormat"), ox.NamedNode("http://www.w3.org/ns/formats/" + name))
    yield ox.Triple(service, sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, a, sd("Dataset"))
    yield ox.Triple(dataset, sd("defaultGraph"), graph)
    yield ox.Triple(graph, a, sd("Graph"))
    title = ox.NamedNode(expand("dcterms:title"))
    yield ox.Triple(graph, title, ox.Literal("现行报送版本与登记信息的并集", language="zh"))
    yield ox.Triple(graph, title, ox.Literal("union of the current filings and the registry", language="en"))
    yield ox.Triple(service, ox.NamedNode(expand("dcterms:title")), ox.Literal("nianbao", language="en"))
    yield ox.Triple(dataset, ox.NamedNode("http://rdfs.org/ns/void#uriSpace"), ox.Literal(base))
