"""The pitfalls of OOPS! and the checks of FOOPS! that need no web, on the ontology and its codes.

OOPS! (Poveda-Villalón et al. 2014) numbers its pitfalls P02 to P41; FOOPS! (Garijo et al. 2021) names its tests. What
breaks one on purpose stands in WAIVED with the reason; a waiver that is not needed any more fails too.
Not checked here, since they ask the web: P37 and URI1 (the namespace answers), PURL1, HTTP1, CN1, RDF1, DOC1, OM4.2,
VOC1, VOC2, FIND1 to FIND3, VER2. The namespace is not registered, so they would fail today. No machine can tell P07 and
P14 to P18 and P23 (what was merged, missed or doubled): they are left to readers.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from itertools import combinations

import pytest
import rdflib
from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, XSD, BNode, Literal, URIRef

from nianbao.mapping import ontology
from nianbao.vocabulary import NB

HEAD = URIRef(NB.rstrip("#"))
KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty)
Found = Iterator[tuple[str, str]]

WAIVED = {
    (
        "P11",
        "printedAt",
    ): "a place on a page is said of all kinds of statements; it is an IRI without a node",
    ("P11", "characterOrigin"): "said of statements and of the run of the reader",
    ("P11", "doubtfulReading"): "said of all parts of a filing and of the filing; its values are properties",
    ("P11", "fault"): "said of shapes and of results",
    ("P11", "basisVerified"): "said of sources of law, which are of dcterms:BibliographicResource",
    ("P11", "basisKind"): "said of sources of law, which are of dcterms:BibliographicResource",
    ("P11", "remedy"): "said of shapes; its texts are in two languages, so it has no one datatype",
    ("P11", "acrossReports"): "said of shapes, which are no class of ours",
    ("P11", "restricted"): "said of shapes, which are no class of ours",
    ("P11", "tellsAbsence"): "said of shapes, which are no class of ours",
    ("P11", "evidence"): "a passage is an IRI (RFC 5147) without a node of its own",
    ("P13", "*"): "no inverses are declared: each link is written once, and SPARQL reads it both ways (^)",
    ("P04", "Threshold"): "a settable number of the rules; it hangs on nothing",
    ("OM3-doi", "ontology"): "a DOI needs a deposit by the owner",
    ("OM3-logo", "ontology"): "the project has no logo",
    ("OM2-priorVersion", "ontology"): "0.1.0 is the first version",
}


@pytest.fixture(scope="module")
def terms() -> rdflib.Graph:
    return rdflib.Graph().parse(ontology.files()[0])


def ours(g: rdflib.Graph, *kinds: URIRef) -> list[URIRef]:
    return sorted({s for kind in kinds for s in g.subjects(RDF.type, kind) if str(s).startswith(NB)}, key=str)


def local(term: object) -> str:
    return str(term).removeprefix(NB)


def above(g: rdflib.Graph, term: URIRef, relation: URIRef) -> set[object]:
    """What a term is directly or indirectly under, itself only where there is a cycle."""
    return {top for parent in g.objects(term, relation) for top in g.transitive_objects(parent, relation)}


# --- the checks: each gives (pitfall, term)


def p02_and_p32_labels(g: rdflib.Graph) -> Found:
    """P32: several terms with one label; P02: synonyms made into classes, which shows as one label too."""
    labels: dict[Literal, set[str]] = defaultdict(set)
    for term in ours(g, *KINDS):
        for label in g.objects(term, RDFS.label):
            labels[label].add(local(term))
    yield from (("P32", term) for same in labels.values() if len(same) > 1 for term in same)


def p03_is(g: rdflib.Graph) -> Found:
    """P03: a relation "is" where rdfs:subClassOf or rdf:type is meant."""
    for term in ours(g, OWL.ObjectProperty):
        if re.fullmatch(r"is|isA|isAn|isKindOf|instanceOf", local(term)) or Literal("is", "en") in g.objects(
            term, RDFS.label
        ):
            yield "P03", local(term)


def p04_unconnected(g: rdflib.Graph) -> Found:
    """P04: a class that is no domain or range, and under or over nothing of ours."""
    for term in ours(g, OWL.Class):
        uses = {p for _, p in g.subject_predicates(term)} | {
            RDFS.subClassOf for top in g.objects(term, RDFS.subClassOf) if str(top).startswith(NB)
        }
        if not uses & {RDFS.domain, RDFS.range, RDFS.subClassOf}:
            yield "P04", local(term)


def p05_p25_p26_p27_p28_p29_inverses(g: rdflib.Graph) -> Found:
    """Inverses and characteristics: none to itself (P25), of a symmetric one (P26), with other ends (P05, P28, P29)."""
    for term in ours(g, OWL.ObjectProperty):
        domain, range_ = g.value(term, RDFS.domain), g.value(term, RDFS.range)
        for other in (*g.objects(term, OWL.inverseOf), *g.subjects(OWL.inverseOf, term)):
            if other == term:
                yield "P25", local(term)
            if (term, RDF.type, OWL.SymmetricProperty) in g:
                yield "P26", local(term)
            if (g.value(other, RDFS.domain), g.value(other, RDFS.range)) != (range_, domain):
                yield "P05", local(term)
        for kind, pitfall in ((OWL.SymmetricProperty, "P28"), (OWL.TransitiveProperty, "P29")):
            if (term, RDF.type, kind) in g and domain != range_:
                yield pitfall, local(term)
        for other in g.objects(term, OWL.equivalentProperty):
            if (g.value(other, RDFS.domain), g.value(other, RDFS.range)) != (domain, range_):
                yield "P27", local(term)


def p06_cycles(g: rdflib.Graph) -> Found:
    for kind, relation in ((OWL.Class, RDFS.subClassOf), *((k, RDFS.subPropertyOf) for k in KINDS[1:])):
        yield from (("P06", local(term)) for term in ours(g, kind) if term in above(g, term, relation))


def p08_annotations(g: rdflib.Graph) -> Found:
    """P08, VOC3, VOC4: label and definition, here in both languages."""
    for term in ours(g, *KINDS):
        for property_ in (RDFS.label, SKOS.definition):
            if Counter(value.language for value in g.objects(term, property_)) != {"zh": 1, "en": 1}:  # type: ignore[attr-defined]
                yield "P08", local(term)


def p10_disjointness(g: rdflib.Graph) -> Found:
    """P10: no two classes beside each other that nothing keeps apart. Only whether there are such axioms at all."""
    if not set(g.subjects(RDF.type, OWL.AllDisjointClasses)) and not set(g.subject_objects(OWL.disjointWith)):
        yield "P10", "ontology"


def p11_domain_and_range(g: rdflib.Graph) -> Found:
    for term in ours(g, *KINDS[1:]):
        if g.value(term, RDFS.domain) is None or g.value(term, RDFS.range) is None:
            yield "P11", local(term)


def p12_p30_p31_equivalents(g: rdflib.Graph) -> Found:
    """P31: equivalent classes of one hierarchy; P12, P30: equivalents that are not declared show as one label (P32)."""
    for one, other in g.subject_objects(OWL.equivalentClass):
        if isinstance(one, URIRef) and other in above(g, one, RDFS.subClassOf):
            yield "P31", local(one)


def p13_inverses(g: rdflib.Graph) -> Found:
    if not set(g.subject_objects(OWL.inverseOf)):
        yield "P13", "*"


def p19_several_domains(g: rdflib.Graph) -> Found:
    """P19: several domains or ranges mean their intersection, which is seldom meant."""
    for term in ours(g, *KINDS[1:]):
        for relation in (RDFS.domain, RDFS.range):
            if len(set(g.objects(term, relation))) > 1:
                yield "P19", local(term)


def p20_misused_annotations(g: rdflib.Graph) -> Found:
    """P20: a label that is a sentence, a definition that is only the label, or one in the wrong language."""
    for term in ours(g, *KINDS):
        labels = {value.language: str(value) for value in g.objects(term, RDFS.label)}  # type: ignore[attr-defined]
        for text in g.objects(term, SKOS.definition):
            language = text.language  # type: ignore[attr-defined]
            wrong = bool(re.search("[一-鿿]", str(text))) != (language == "zh") and not re.search("[A-Za-z]", str(text))
            if str(text).rstrip("。.") == labels.get(language) or wrong or not re.search("[。.]$", str(text)):
                yield "P20", local(term)
        if any(len(label) > 60 or label.endswith((".", "。")) for label in labels.values()):
            yield "P20", local(term)


def p21_miscellaneous_class(g: rdflib.Graph) -> Found:
    for term in ours(g, OWL.Class):
        if re.search(r"Other|Misc|Unknown", local(term)):
            yield "P21", local(term)


def p22_naming(g: rdflib.Graph) -> Found:
    """P22: one way of naming: UpperCamelCase classes, lowerCamelCase properties, ASCII."""
    for kind, form in ((OWL.Class, r"[A-Z][A-Za-z0-9]+"), *((k, r"[a-z][A-Za-z0-9]+") for k in KINDS[1:])):
        yield from (("P22", local(term)) for term in ours(g, kind) if not re.fullmatch(form, local(term)))


def p24_recursive_definition(g: rdflib.Graph) -> Found:
    for term in ours(g, *KINDS):
        for relation in (RDFS.subClassOf, RDFS.subPropertyOf, OWL.equivalentClass, OWL.equivalentProperty):
            if (term, relation, term) in g:
                yield "P24", local(term)


def p33_one_property_chain(g: rdflib.Graph) -> Found:
    for term, chain in g.subject_objects(OWL.propertyChainAxiom):
        if len(list(rdflib.collection.Collection(g, chain))) < 2:
            yield "P33", local(term)


def p34_p35_untyped(g: rdflib.Graph) -> Found:
    """P34, P35: a term of ours used as a class or a property and declared as none."""
    declared = set(g.subjects(RDF.type))
    for relation in (RDFS.subClassOf, RDFS.domain, RDFS.range, OWL.disjointWith):
        for term in g.objects(None, relation):
            if str(term).startswith(NB) and term not in declared:
                yield "P34", local(term)
    for term in (*g.predicates(), *g.objects(None, RDFS.subPropertyOf)):
        if str(term).startswith(NB) and term not in declared:
            yield "P35", local(term)


def p36_file_extension(g: rdflib.Graph) -> Found:
    if re.search(r"\.(ttl|rdf|owl|html)\b", NB):
        yield "P36", "ontology"


def p38_p39_p41_header(g: rdflib.Graph) -> Found:
    """P38 an ontology is declared, P39 with its namespace, P41 with a licence; FOOPS! OM1 to OM5."""
    if (HEAD, RDF.type, OWL.Ontology) not in g:
        yield "P38", "ontology"
    if str(g.value(HEAD, VANN.preferredNamespaceUri)) != NB:
        yield "P39", "ontology"
    if not str(g.value(HEAD, DCTERMS.license)).startswith("https://creativecommons.org/"):
        yield "P41", "ontology"
    bibo = "http://purl.org/ontology/bibo/"
    wanted = {
        "OM1-title": DCTERMS.title,
        "OM1-description": DCTERMS.description,
        "OM1-creator": DCTERMS.creator,
        "OM1-versionIRI": OWL.versionIRI,
        "OM2-prefix": VANN.preferredNamespacePrefix,
        "OM2-version": OWL.versionInfo,
        "OM2-created": DCTERMS.created,
        "OM2-citation": DCTERMS.bibliographicCitation,
        "OM2-priorVersion": OWL.priorVersion,
        "OM3-publisher": DCTERMS.publisher,
        "OM3-issued": DCTERMS.issued,
        "OM3-source": DCTERMS.source,
        "OM3-status": URIRef(bibo + "status"),
        "OM3-doi": URIRef(bibo + "doi"),
        "OM3-logo": URIRef("http://xmlns.com/foaf/0.1/logo"),
    }
    yield from ((name, "ontology") for name, term in wanted.items() if g.value(HEAD, term) is None)
    version = str(g.value(HEAD, OWL.versionInfo))
    if not re.fullmatch(r"\d+\.\d+\.\d+", version) or not str(g.value(HEAD, OWL.versionIRI)).endswith(version):
        yield "VER1", "ontology"


def p40_hijacking(g: rdflib.Graph) -> Found:
    """P40: nothing is said about terms of others."""
    for subject in set(g.subjects()):
        if isinstance(subject, URIRef) and not str(subject).startswith(NB) and subject != HEAD:
            yield "P40", str(subject)


def literals(g: rdflib.Graph) -> Found:
    """What every reader of RDF trips over: literals that do not fit their datatype, text without a language."""
    for term, property_, value in g:
        if isinstance(value, Literal):
            if value.ill_typed:
                yield "ill-typed", local(term)
            if property_ in (RDFS.label, SKOS.definition) and not value.language:
                yield "no-language", local(term)


def ranges(g: rdflib.Graph) -> Found:
    """A data property has a datatype for a range, an object property a class."""
    for kind, is_data in ((OWL.DatatypeProperty, True), (OWL.ObjectProperty, False)):
        for term in ours(g, kind):
            for range_ in g.objects(term, RDFS.range):
                datatype = str(range_).startswith(str(XSD)) or range_ == RDF.langString
                if isinstance(range_, BNode) or datatype != is_data:
                    yield "range", local(term)


def clashes(g: rdflib.Graph) -> Found:
    """A term is one thing: a class, an object property or a data property; subproperties stay among their kind."""
    for one, other in combinations(KINDS, 2):
        yield from (("two-kinds", local(term)) for term in set(ours(g, one)) & set(ours(g, other)))
    for term, top in g.subject_objects(RDFS.subPropertyOf):
        kinds = [{kind for kind in KINDS if (end, RDF.type, kind) in g} for end in (term, top)]
        if all(kinds) and kinds[0] != kinds[1]:
            yield "two-kinds", local(term)


CHECKS: list[Callable[[rdflib.Graph], Found]] = [
    p02_and_p32_labels,
    p03_is,
    p04_unconnected,
    p05_p25_p26_p27_p28_p29_inverses,
    p06_cycles,
    p08_annotations,
    p10_disjointness,
    p11_domain_and_range,
    p12_p30_p31_equivalents,
    p13_inverses,
    p19_several_domains,
    p20_misused_annotations,
    p21_miscellaneous_class,
    p22_naming,
    p24_recursive_definition,
    p33_one_property_chain,
    p34_p35_untyped,
    p36_file_extension,
    p38_p39_p41_header,
    p40_hijacking,
    literals,
    ranges,
    clashes,
]


def found(g: rdflib.Graph) -> set[tuple[str, str]]:
    return {one for check in CHECKS for one in check(g)}


def test_no_pitfall_without_a_reason_and_no_reason_without_a_pitfall(terms: rdflib.Graph) -> None:
    assert found(terms) == set(WAIVED)
    assert all(len(reason) > 15 for reason in WAIVED.values())


BAD = {
    "P03": "nb:isA a owl:ObjectProperty .",
    "P04": "nb:Lonely a owl:Class .",
    "P05": "nb:sponsoredBy owl:inverseOf nb:reportingInstitution .",
    "P06": "nb:Statement rdfs:subClassOf nb:Award .",
    "P08": "nb:Award rdfs:label 'prize'@en .",
    "P11": "nb:thing a owl:DatatypeProperty .",
    "P19": "nb:statedIn rdfs:domain nb:Filing .",
    "P20": "nb:Award skos:definition 'award'@en .",
    "P21": "nb:OtherThing a owl:Class .",
    "P22": "nb:lower a owl:Class .",
    "P24": "nb:Award rdfs:subClassOf nb:Award .",
    "P25": "nb:statedIn owl:inverseOf nb:statedIn .",
    "P26": "nb:componentOf a owl:SymmetricProperty ; owl:inverseOf nb:changeOf .",
    "P27": "nb:statedIn owl:equivalentProperty nb:sponsoredBy .",
    "P28": "nb:statedIn a owl:SymmetricProperty .",
    "P29": "nb:statedIn a owl:TransitiveProperty .",
    "P31": "nb:Award owl:equivalentClass nb:Statement .",
    "P32": "nb:Award rdfs:label 'gift'@en .",
    "P34": "nb:statedIn rdfs:range nb:Unheard .",
    "P35": "nb:statedIn rdfs:subPropertyOf nb:unheard .",
    "P40": "foaf:Document rdfs:label 'document'@en .",
    "ill-typed": "nb:Award rdfs:comment 'x'^^xsd:date .",
    "no-language": "nb:Award rdfs:label 'award' .",
    "range": "nb:statedIn rdfs:range xsd:string .",
    "two-kinds": "nb:Award a owl:ObjectProperty .",
}


@pytest.mark.parametrize("pitfall", BAD)
def test_the_checks_find_what_they_are_for(terms: rdflib.Graph, pitfall: str) -> None:
    prefixes = f"@prefix nb: <{NB}> . " + "".join(
        f"@prefix {name}: <{space}> ."
        for name, space in (
            ("owl", OWL),
            ("rdfs", RDFS),
            ("skos", SKOS),
            ("xsd", XSD),
            ("foaf", "http://xmlns.com/foaf/0.1/"),
        )
    )
    broken = rdflib.Graph()
    for triple in terms:
        broken.add(triple)
    for triple in rdflib.Graph().parse(data=prefixes + BAD[pitfall]):
        broken.add(triple)
    assert pitfall in {name for name, _ in found(broken) - set(WAIVED)}
