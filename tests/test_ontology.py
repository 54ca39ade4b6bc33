"""The ontology: complete in two languages, free of contradictions, in step with mapping, context and queries."""

import json
import re
import shutil
import tomllib
import warnings
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import get_args

import owlrl
import pyoxigraph as ox
import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, XSD, URIRef

import foreign
from nianbao import record
from nianbao.errors import MappingError
from nianbao.mapping import narrative as rdf_narrative
from nianbao.mapping import ontology, printed, rdf
from nianbao.vocabulary import NB, NBC, NBI, PREFIXES, expand

ONTOLOGY = URIRef(NB.rstrip("#"))
STATUS = URIRef("http://www.w3.org/2003/06/sw-vocab-status/ns#term_status")

# Superclasses: nothing is only that.
ABSTRACT = {"FilingPart", "Statement", "QuantityStatement"}
# Terms that the mapping does not write, and who does.
ELSEWHERE = {
    "fault": "shapes",
    "basisVerified": "shapes",
    "basisKind": "shapes",
    "remedy": "shapes",
    "acrossReports": "shapes",
    "restricted": "shapes",
    "tellsAbsence": "shapes",
    "Threshold": "shapes",
    "IdentityDecision": "review",
    "decision": "review",
    "firstCandidate": "review",
    "secondCandidate": "review",
    "decidedBy": "review",
    "decidedOn": "review",
    "fileName": "journal of a store",
    "readBy": "journal of a store",
    "auditSummary": "audit graphs of a store",
    "telephone": "restricted graphs (nianbao.mapping.persons)",
}


def graph(*paths: Path) -> rdflib.Graph:
    made = rdflib.Graph()
    for path in paths:
        made.parse(path, format="turtle")
    return made


@pytest.fixture(scope="module")
def terms() -> rdflib.Graph:
    return graph(ontology.files()[0])


@pytest.fixture(scope="module")
def everything() -> rdflib.Graph:
    return graph(*ontology.files())


@pytest.fixture(scope="module")
def example(root: Path) -> list[ox.Quad]:
    case = record.Record.from_json((root / "tests/cases/museum-2024.json").read_text(encoding="utf-8"))
    place = record.Place(start=0, end=len(case.text), page=1, box=(72.0, 72.0, 523.0, 780.5))
    scan = record.Record.from_json((root / "tests/cases/scan-2024.json").read_text(encoding="utf-8"))
    return [*rdf.quads(replace(case, places=(place,)), version=2), *rdf.quads(scan)]


def ours(g: rdflib.Graph, *kinds: URIRef) -> list[URIRef]:
    return sorted({s for kind in kinds for s in g.subjects(RDF.type, kind) if str(s).startswith(NB)}, key=str)


def known(iri: str, everything: rdflib.Graph) -> bool:
    node = URIRef(iri)
    return (node, RDF.type, None) in everything or foreign.exists(iri)


# --- declared and used


def test_every_term_that_the_mapping_writes_is_declared(example: list[ox.Quad], everything: rdflib.Graph) -> None:
    written = {quad.predicate.value for quad in example}
    written |= {
        q.object.value for q in example if q.predicate == rdf.term("rdf:type") and isinstance(q.object, ox.NamedNode)
    }
    written |= {
        q.object.value
        for q in example
        if isinstance(q.object, ox.NamedNode) and "nianbao.example" not in q.object.value
    }
    assert [iri for iri in sorted(written) if not known(iri, everything)] == []


def test_every_term_that_the_ontology_uses_exists(everything: rdflib.Graph) -> None:
    used = {str(node) for triple in everything for node in triple if isinstance(node, URIRef)} - {
        str(ONTOLOGY),
        str(ONTOLOGY) + "/0.1.0",
    }
    assert [iri for iri in sorted(used) if not known(iri, everything)] == []


def test_every_property_and_class_is_written_by_the_mapping(example: list[ox.Quad], terms: rdflib.Graph) -> None:
    written = {quad.predicate.value for quad in example} | {
        q.object.value for q in example if isinstance(q.object, ox.NamedNode)
    }
    all_terms = ours(terms, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.Class)
    unused = {str(term).removeprefix(NB) for term in all_terms if str(term) not in written}
    assert unused == ABSTRACT | set(ELSEWHERE)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (rdf_narrative.BOUNDS, record.Bound),
        (rdf_narrative.ACCUMULATIONS, record.Accumulation),
        (rdf_narrative.DIRECTIONS, record.Direction),
        (rdf_narrative.BASES, record.Basis),
        (rdf.FUNDING, record.FundingCode),
        (rdf.YEAR_BASES, record.YearBasis),
        ({**rdf_narrative.AWARD_KINDS, **rdf_narrative.INCIDENTS}, record.EventKind),
        (printed.ORIGINS, record.Origin),
    ],
)
def test_every_word_of_the_record_has_a_code(table: dict[str, str], words: object, everything: rdflib.Graph) -> None:
    assert set(table) == set(get_args(words))
    assert all((URIRef(NBC + code), RDF.type, SKOS.Concept) in everything for code in table.values())


def test_every_section_and_registered_item_has_a_code(everything: rdflib.Graph) -> None:
    sections = {f"{NBC}section{kind[0].upper()}{kind[1:]}" for kind in rdf.SECTIONS.values()}
    items = {NBC + item for item in rdf.ITEMS.values()}
    for scheme, codes in (("section", sections), ("registeredItem", items)):
        declared = {str(s) for s in everything.subjects(SKOS.inScheme, URIRef(NBC + scheme))}
        assert codes == declared


def test_the_wordings_of_funding_are_those_that_the_reader_knows(root: Path, everything: rdflib.Graph) -> None:
    known_words: dict[str, set[str]] = {}
    for row in tomllib.loads((root / "src/nianbao/form/form.toml").read_text(encoding="utf-8"))["funding"]:
        known_words.setdefault(row["code"], set()).update(row["texts"])
    for code, local in rdf.FUNDING.items():
        node = URIRef(NBC + local)
        labels = {
            str(v) for p in (SKOS.prefLabel, SKOS.altLabel) for v in everything.objects(node, p) if v.language == "zh"
        }
        assert str(everything.value(node, SKOS.notation)) == code
        assert known_words[code] <= labels


def test_queries_and_alignments_name_declared_terms_only(root: Path, everything: rdflib.Graph) -> None:
    unknown = set()
    for path in [*(root / "ontology/queries").glob("*.rq"), root / "ontology/alignments.ttl"]:
        for prefix, local in re.findall(
            r"\b(nb|nbc|nbi|unit):([A-Za-z][A-Za-z0-9_-]*)", path.read_text(encoding="utf-8")
        ):
            if not known(expand(f"{prefix}:{local}"), everything):
                unknown.add(f"{path.name}: {prefix}:{local}")
    assert unknown == set()
    assert len(graph(root / "ontology/alignments.ttl")) > 20


def test_no_term_of_a_version_is_gone(root: Path, everything: rdflib.Graph) -> None:
    """A term that is given up stays, with owl:deprecated and dcterms:isReplacedBy; a version adds its new terms."""
    gone, silent = [], []
    for line in (root / "tests/cases/terms.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        node = URIRef(expand(line))
        if (node, RDF.type, None) not in everything:
            gone.append(line)
        elif (node, OWL.deprecated, None) in everything and (node, DCTERMS.isReplacedBy, None) not in everything:
            silent.append(line)
    assert gone == []
    assert silent == []


def test_codes_say_of_foreign_units_their_names_only(everything: rdflib.Graph) -> None:
    """What QUDT says of its units (factors, dimensions) is QUDT's to say (pitfall P40)."""
    ours_ = tuple(PREFIXES[name] for name in ("nb", "nbc", "nbi", "nbs"))
    foreign_subjects = {s for s in everything.subjects() if isinstance(s, URIRef) and not str(s).startswith(ours_)}
    assert {str(s).rpartition("/")[0] + "/" for s in foreign_subjects - {ONTOLOGY}} == {PREFIXES["unit"]}
    said = {p for s in foreign_subjects - {ONTOLOGY} for p in everything.predicates(s)}
    assert said <= {RDF.type, RDFS.label, SKOS.prefLabel, SKOS.altLabel, SKOS.inScheme, SKOS.definition}


# --- the context


def test_the_context_agrees_with_the_ontology(root: Path, terms: rdflib.Graph) -> None:
    context = json.loads((root / "ontology/context.jsonld").read_text(encoding="utf-8"))["@context"]
    for term in ours(terms, OWL.Class):
        name = str(term).removeprefix(NB)
        assert context[name] == f"nb:{name}"
    for term in ours(terms, OWL.ObjectProperty):
        name = str(term).removeprefix(NB)
        assert context[name] == {"@id": f"nb:{name}", "@type": "@id"}
    for term in ours(terms, OWL.DatatypeProperty):
        name, range_ = str(term).removeprefix(NB), terms.value(term, RDFS.range)
        kind = {} if range_ in (XSD.string, None) else {"@type": "xsd:" + str(range_).removeprefix(str(XSD))}
        assert context[name] == {"@id": f"nb:{name}", **kind}
    named = {entry["@id"] if isinstance(entry, dict) else str(entry) for entry in context.values()}
    declared = {
        f"nb:{str(t).removeprefix(NB)}" for t in ours(terms, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
    }
    assert {name for name in named if name.startswith("nb:")} == declared


# --- lint


def test_every_term_tells_its_ontology_and_status(terms: rdflib.Graph) -> None:
    """Labels, definitions and what else a lint can tell: tests/test_ontology_pitfalls.py."""
    for term in ours(terms, OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty):
        assert terms.value(term, RDFS.isDefinedBy) == ONTOLOGY
        assert terms.value(term, STATUS)


def test_codes_are_complete(everything: rdflib.Graph) -> None:
    schemes = set(everything.subjects(RDF.type, SKOS.ConceptScheme))
    concepts = set(everything.subjects(RDF.type, SKOS.Concept)) | set(
        everything.subjects(RDF.type, URIRef(NB + "Indicator"))
    )
    assert len(schemes) >= 15
    for node in schemes | concepts:
        labels = Counter(str(value.language) for value in everything.objects(node, SKOS.prefLabel))
        assert labels == {"zh": 1, "en": 1}, node
    for node in concepts:
        assert everything.value(node, SKOS.inScheme) in schemes, node
        if str(node).startswith((NBC, NBI)):
            definitions = Counter(str(v.language) for v in everything.objects(node, SKOS.definition))
            assert definitions == {"zh": 1, "en": 1}, node
    for scheme in schemes:
        labels = Counter(
            str(label)
            for node in everything.subjects(SKOS.inScheme, scheme)
            for property_ in (SKOS.prefLabel, SKOS.altLabel)
            for label in everything.objects(node, property_)
            if label.language == "zh"
        )
        assert [label for label, count in labels.items() if count > 1] == [], scheme


def test_the_files_are_written_for_readers() -> None:
    for path in ontology.files():
        lines = path.read_text(encoding="utf-8").splitlines()
        assert max(map(len, lines)) <= 240, path
        assert sum(line.endswith(" .") for line in lines) < len(lines) / 3, path


# --- reasoning


def errors(triples: list[ox.Triple], everything: rdflib.Graph) -> list[str]:
    """What OWL RL finds inconsistent."""
    g = rdflib.Graph()
    for triple in everything:
        g.add(triple)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of owlrl's own making
        g.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"", format="nt")
        owlrl.DeductiveClosure(owlrl.OWLRL_Semantics).expand(g)
    return [str(o) for p, o in g.predicate_objects() if str(p).endswith("#error")]


def test_reasoning_finds_no_contradiction(example: list[ox.Quad], everything: rdflib.Graph) -> None:
    assert errors([quad.triple for quad in example], everything) == []


def test_reasoning_would_find_one(example: list[ox.Quad], everything: rdflib.Graph) -> None:
    award = next(q.subject for q in example if q.object == rdf.term("nb:Award"))
    wrong = ox.Triple(award, rdf.term("nb:componentOf"), award)
    assert errors([*(quad.triple for quad in example), wrong], everything)


# --- loading


def test_triples_are_those_of_the_files_and_stay_the_same(everything: rdflib.Graph) -> None:
    assert len(ontology.triples()) == len(everything)
    assert ontology.triples() == ontology.triples()
    assert ontology.digest() == ontology.digest()
    assert len(ontology.digest()) == 64


@pytest.mark.parametrize("form", ["turtle", "trig", "nquads"])
def test_text_of_the_ontology(form: str, everything: rdflib.Graph) -> None:
    formats = {"turtle": ox.RdfFormat.TURTLE, "trig": ox.RdfFormat.TRIG, "nquads": ox.RdfFormat.N_QUADS}
    assert len(list(ox.parse(ontology.text(form), format=formats[form]))) == len(everything)


def test_rebase_moves_every_file(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / "ontology", tmp_path / "ontology")
    shutil.copytree(root / "shapes", tmp_path / "shapes")
    (tmp_path / "src/nianbao").mkdir(parents=True)
    shutil.copy(root / "src/nianbao/vocabulary.py", tmp_path / "src/nianbao")
    changed = ontology.rebase(tmp_path, "https://example.org/nb/")
    assert tmp_path / "src/nianbao/vocabulary.py" in changed
    assert tmp_path / "ontology/context.jsonld" in changed
    old = NB.removesuffix("ns#")
    assert [path for path in tmp_path.rglob("*") if path.is_file() and old in path.read_text(encoding="utf-8")] == []
    assert len(graph(tmp_path / "ontology/nianbao.ttl")) == len(graph(root / "ontology/nianbao.ttl"))


@pytest.mark.parametrize("namespace", ["", "example.org/", "https://example.org/nb", "https://example.org/a b/"])
def test_rebase_refuses_what_is_no_namespace(namespace: str, tmp_path: Path) -> None:
    with pytest.raises(MappingError, match="slash"):
        ontology.rebase(tmp_path, namespace)
