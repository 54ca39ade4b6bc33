"""The alignments lead to terms that exist, class to class and property to property, and say no pair twice."""

from pathlib import Path

import pytest
import rdflib
from rdflib import DCAT, ORG, QB, RDF, SDO, SKOS, URIRef

import foreign
from nianbao.mapping import ontology
from nianbao.vocabulary import NB, NBC

CV, LDQD, OA, QUDT, ROV = (foreign.spaces()[name] for name in ("cv", "ldqd", "oa", "qudt", "rov"))


@pytest.fixture(scope="module")
def alignments(root: Path) -> rdflib.Graph:
    return rdflib.Graph().parse(root / "ontology/alignments.ttl")


def foreign_terms(alignments: rdflib.Graph) -> set[str]:
    return {str(value) for value in alignments.objects() if not str(value).startswith((NB, NBC))}


def test_every_term_of_others_is_in_its_vocabulary(alignments: rdflib.Graph) -> None:
    """The lists: tests/cases/vocabularies.tsv. What else is done with such terms: tests/test_ontology_foreign.py."""
    assert [iri for iri in sorted(foreign_terms(alignments)) if not foreign.exists(iri)] == []
    assert [
        iri for iri in foreign_terms(alignments) if iri in foreign.terms() and foreign.terms()[iri].deprecated
    ] == []


def test_classes_are_aligned_with_classes_and_properties_with_properties(alignments: rdflib.Graph) -> None:
    kinds = rdflib.Graph().parse(ontology.files()[0])
    for ours, theirs in alignments.subject_objects():
        term = foreign.terms().get(str(theirs))
        if term and str(ours).startswith(NB):
            is_class = (ours, RDF.type, rdflib.OWL.Class) in kinds
            assert is_class == (term.kind == "class"), (ours, theirs)


def test_a_slip_would_be_found() -> None:
    assert not foreign.exists(str(SDO) + "GovernmentOrganisation")
    assert not foreign.exists(LDQD + "syntaticValidity")


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
    assert any(iri.startswith(vocabulary) for iri in foreign_terms(alignments))
