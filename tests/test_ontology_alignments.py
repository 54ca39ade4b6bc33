"""Terms of other vocabularies exist: looked up in their own term lists where rdflib ships them, else listed here."""

from pathlib import Path

import pytest
import rdflib
from rdflib import DCAT, DCTERMS, ORG, PROV, QB, RDF, SDO, SKOS, URIRef
from rdflib.namespace import DefinedNamespace

from nianbao.mapping import ontology
from nianbao.vocabulary import NB, NBC

CV, LEGAL, LDQD, LOCN, OA, QUDT, ROV = (
    "http://data.europa.eu/m8g/",
    "http://www.w3.org/ns/legal#",
    "http://www.w3.org/2016/05/ldqd#",
    "http://www.w3.org/ns/locn#",
    "http://www.w3.org/ns/oa#",
    "http://qudt.org/schema/qudt/",
    "http://www.w3.org/ns/regorg#",
)
CLOSED: list[type[DefinedNamespace]] = [DCAT, DCTERMS, ORG, PROV, QB, SDO, SKOS]

# Looked up in the publisher's own file, which no library ships.
SEEN = {
    LDQD: "availability licensing interlinking security performance syntacticValidity semanticAccuracy consistency "
    "conciseness completeness relevancy trustworthiness understandability timeliness representationalConciseness "
    "interoperability interpretability versatility",
    CV: "PublicOrganisation",
    LEGAL: "legalName legalIdentifier",
    LOCN: "fullAddress",
    OA: "Annotation hasTarget SpecificResource hasSource hasSelector TextPositionSelector",
}
# In use from memory of the specification; nobody has seen the file. A term that gets its file moves to SEEN.
UNCHECKED = {
    QUDT + "Quantity",
    QUDT + "hasUnit",
    QUDT + "numericValue",
    LEGAL + "LegalEntity",
    ROV + "RegisteredOrganization",
    ROV + "legalName",
    ROV + "orgActivity",
    str(SDO) + "StatisticalVariable",  # younger than the list in rdflib
    str(SDO) + "observationAbout",
}


@pytest.fixture(scope="module")
def alignments(root: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(root / "ontology/alignments.ttl")


def foreign(alignments: rdflib.Graph) -> set[str]:
    return {str(value) for value in alignments.objects() if not str(value).startswith((NB, NBC))}


def listed(iri: str) -> bool:
    if any(URIRef(iri) in space for space in CLOSED):
        return True
    return any(iri == space + name for space, names in SEEN.items() for name in names.split())


def test_every_term_of_others_is_in_its_vocabulary_or_named_as_unchecked(alignments: rdflib.Graph) -> None:
    assert {iri for iri in foreign(alignments) if not listed(iri)} == UNCHECKED


def test_a_slip_would_be_found() -> None:
    assert not listed(str(SDO) + "GovernmentOrganisation")
    assert not listed(LDQD + "syntaticValidity")


def test_our_side_is_declared_and_only_mapping_relations_are_used(alignments: rdflib.Graph) -> None:
    declared = rdflib.Graph()
    for path in ontology.files():
        declared.parse(path)
    assert {str(term) for term in alignments.subjects() if (term, RDF.type, None) not in declared} == set()
    relations = {SKOS.exactMatch, SKOS.closeMatch, SKOS.broadMatch, SKOS.narrowMatch, SKOS.relatedMatch}
    assert set(alignments.predicates()) <= relations


def test_every_quality_dimension_is_aligned(alignments: rdflib.Graph) -> None:
    codes = rdflib.Graph()
    for path in ontology.files():
        codes.parse(path)
    for dimension in codes.subjects(SKOS.inScheme, URIRef(NBC + "qualityDimension")):
        assert any(str(value).startswith(LDQD) for value in alignments.objects(dimension)), dimension


def test_no_pair_is_said_twice(alignments: rdflib.Graph) -> None:
    pairs = [(s, o) for s, o in alignments.subject_objects()]
    assert len(pairs) == len(set(pairs))


@pytest.mark.parametrize(
    "vocabulary",
    [CV, LDQD, OA, QUDT, ROV, str(DCAT), str(ORG), str(QB), str(SDO)],
    ids=lambda iri: iri.rstrip("#/")[-12:],
)
def test_the_vocabularies_that_matter_are_aligned(alignments: rdflib.Graph, vocabulary: str) -> None:
    """PROV-O and SKOS are used in nianbao.ttl itself."""
    assert any(iri.startswith(vocabulary) for iri in foreign(alignments))
