"""Shapes of users beside ours, and shapes that cannot be used: findings or clear errors, never a false all-clear."""

from pathlib import Path

import pyoxigraph as ox
import pytest

from nianbao.errors import ShapesError
from nianbao.quality import audit, idle
from nianbao.quality.engine.index import Index
from nianbao.quality.rulebook import Rulebook, rulebook
from nianbao.resources import SHAPES
from nianbao.vocabulary import NB, PREFIXES

GOOD = (Path(__file__).parent / "shapes/good.ttl").read_bytes()
FILING = "https://data.example/filing/n-0000000000aa/2024/1"
HEAD = (
    "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items()) + "@prefix e: <https://own.example/> .\n"
)


def own(folder: Path, text: str) -> Rulebook:
    """The shipped rules and this file of shapes."""
    (folder / "own.ttl").write_text(HEAD + text, encoding="utf-8")
    return rulebook(SHAPES, (folder,))


BARE = """
e:f a sh:NodeShape ; sh:targetClass nb:Filing ;
  sh:property [ sh:path nb:submissionDate ; sh:hasValue "never" ] ;
  sh:property [ sh:path nb:onlineName ; sh:minLength 99 ; sh:severity sh:Info ; sh:message "短"@zh ] .
"""


@pytest.mark.parametrize("engine", audit.ENGINES)
def test_shapes_of_users_need_no_more_than_shacl(tmp_path: Path, engine: audit.Engine) -> None:
    found = {f.severity: f for f in audit.check(GOOD, engine=engine, rules=own(tmp_path, BARE)) if f.rule == "f"}
    assert set(found) == {"violation", "info"}
    assert found["violation"].message == ("不符合：自定规则 f", "Does not conform: Own rule f")
    assert found["info"].message == ("短", "短")
    assert {(f.filing, f.institution, f.year, f.fault) for f in found.values()} == {
        (FILING, "霁川县图书馆", 2024, "source")
    }


def test_both_engines_call_unnamed_shapes_the_same(tmp_path: Path) -> None:
    rules = own(tmp_path, BARE)
    assert audit.check(GOOD, rules=rules) == audit.check(GOOD, engine="pyshacl", rules=rules)


def test_unnamed_shapes_have_the_same_names_in_every_process(tmp_path: Path) -> None:
    first = own(tmp_path, BARE)
    rulebook.cache_clear()
    assert own(tmp_path, BARE).checks.keys() == first.checks.keys()


def test_shapes_with_all_that_ours_have(tmp_path: Path) -> None:
    rules = own(
        tmp_path,
        """e:g a sh:NodeShape ; sh:targetSubjectsOf nb:submissionDate ; dcterms:identifier "G7" ;
        sh:severity sh:Warning ; rdfs:label "甲"@zh , "a"@en ; nb:fault nbc:faultModel ;
        sh:message "不行"@zh , "no"@en ; sh:nodeKind sh:Literal .""",
    )
    (finding,) = (f for f in audit.check(GOOD, rules=rules) if f.rule == "G7")
    assert (finding.severity, finding.message, finding.fault) == ("warning", ("不行", "no"), "model")
    assert "G7" in {rule.id for rule in rules.rules}
    assert rules.digest != rulebook().digest


def test_only_legal_texts_are_marked_as_verified(tmp_path: Path) -> None:
    rules = own(
        tmp_path,
        """e:a sh:targetClass nb:Filing ; sh:nodeKind sh:Literal .
        e:b sh:targetClass nb:Filing ; sh:nodeKind sh:Literal ;
          dcterms:source nbs:basis-regulations-17 , e:law , e:ours .
        e:law rdfs:label "某条例"@zh . e:ours rdfs:label "内部约定"@zh ; nb:basisKind nbc:basisProject .""",
    )
    marks = {basis.label.zh: basis.mark.zh for check in rules.checks.values() for basis in check.bases}
    assert marks["自定规则"] == marks["内部约定"] == marks["数据合理性检查（本项目）"] == "项目自定，无法规条文"
    assert marks["《事业单位登记管理暂行条例》第十七条"] == "条文已核对"
    assert marks["某条例"] == "条文未核对"
    assert marks["地方异常名录情形（净资产低于开办资金）"] == "地方做法，非法规条文"
    assert not rules.checks["https://own.example/a"].verified


def test_findings_of_users_rules_survive_the_way_through_rdf(tmp_path: Path) -> None:
    rules = own(tmp_path, BARE)
    quads = list(audit.finding_quads(audit.check(GOOD, rules=rules), FILING, rules=rules))
    assert any(rules.digest in str(quad.object) for quad in quads)


def test_what_is_not_compiled_goes_to_pyshacl_and_says_so(tmp_path: Path) -> None:
    rules = own(
        tmp_path,
        """e:h a sh:NodeShape ; sh:targetClass nb:Filing ; sh:sparql [ sh:message "x" ;
        sh:select "SELECT $this WHERE { { SELECT $this WHERE { FILTER (BOUND($this)) } } }" ] .""",
    )
    assert len(rules.compiled.unsupported) == 1
    done = audit.run(GOOD, rules=rules)
    assert [f.rule for f in done.findings] == ["h"]
    assert any("pySHACL" in note.text.en and not note.fails for note in done.notes)
    assert done.findings == audit.check(GOOD, engine="pyshacl", rules=rules)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("e:a sh:targetClass nb:Filing ; sh:minCout 1 .", "no term sh:minCout"),
        ("e:a a sh:NodeShap ; sh:targetClass nb:Filing .", "no term sh:NodeShap"),
        (
            "e:a sh:targetClass nb:Filing ; sh:property [ sh:path nb:x ; sh:minCount 2 ; sh:maxCount 1 ] .",
            "contradicts",
        ),
        (
            "e:a sh:targetClass nb:Filing ; sh:property [ sh:path nb:x ; sh:maxCount 2 , 1 ] .",
            "2 values of sh:maxCount",
        ),
        ("e:a sh:targetClass nb:Filing ; sh:minLength 3 ; sh:maxLength 2 .", "contradicts"),
        ("e:a sh:targetClass nb:Filing ; sh:property [ sh:path () ; sh:minCount 1 ] .", "not well-formed"),
        ("e:a sh:targetClass nb:Filing ; sh:property [ sh:minCount 1 ] .", "no sh:path"),
        ('e:a sh:targetClass nb:Filing ; sh:pattern "(" .', "not well-formed"),
        ('e:a sh:targetClass nb:Filing ; sh:minCount "x" .', "not a whole number"),
        ("e:a sh:targetClass nb:Filing ; sh:nodeKind sh:Info .", "no node kind"),
        ("e:a sh:targetClass nb:Filing ; sh:in ( 1 2 .", "not Turtle"),
        ("nbs:F06 sh:targetClass nb:Filing ; sh:closed true .", "there already"),
        ("e:a sh:targetClass nb:Filing ; sh:sparql [ sh:message 'x' ] .", "no sh:select"),
        ("e:a sh:targetClass nb:Filing ; sh:sparql [ sh:select 'SELECT $this WHERE { ?x ?y }' ] .", "could not be run"),
        ("e:a sh:targetClass nb:Filing ; sh:sparql [ sh:select 'SELECT $this WHERE { VALUES ?x { 1 } }' ] .", "VALUES"),
        # terms that are none, with the nearest that is
        ("e:a sh:targetClass nb:Filing ; sh:property [ sh:path nb:adress ; sh:minCount 1 ] .", "nearest is nb:address"),
        ("e:a sh:targetClass nb:Filling ; sh:nodeKind sh:IRI .", "nearest is nb:Filing"),
        (
            f"e:a sh:targetClass nb:Filing ; sh:sparql [ sh:message 'x' ; sh:select 'PREFIX n: <{NB}> "
            "SELECT $this WHERE { $this n:submisionDate ?x }' ] .",
            "no nb:submisionDate",
        ),
        ("e:a sh:targetClass nb:Filing ; nb:fault nbc:accuracy ; sh:nodeKind sh:IRI .", "no value of nb:fault"),
        (
            "e:a sh:targetClass nb:Filing ; nb:acrossReports 'yes' ; sh:nodeKind sh:IRI .",
            "no value of nb:acrossReports",
        ),
        ("e:a sh:targetClass nb:Filing ; sh:severity 'warning' ; sh:nodeKind sh:IRI .", "which is none: sh:Violation"),
        (
            "e:a sh:targetClass nb:Filing ; sh:severity sh:NodeShape ; sh:nodeKind sh:IRI .",
            "which is none: sh:Violation",
        ),
        # numbers and shapes that are ours
        ("e:F06 sh:targetClass nb:Filing ; sh:nodeKind sh:IRI .", "'F06' is the number of a rule that is there"),
        (
            "e:a sh:targetClass nb:Filing ; dcterms:identifier 'x16' ; sh:nodeKind sh:IRI .",
            "'x16' is the number of a rule",
        ),
        ("e:a sh:targetClass nb:Filing ; dcterms:identifier 'A 1' ; sh:nodeKind sh:IRI .", "cannot be the number"),
        ("e:a sh:targetClass nb:Filing ; dcterms:identifier 'NB-X' ; sh:nodeKind sh:IRI .", "cannot be the number"),
        ("nbs:F06 sh:deactivated true . e:a sh:targetClass nb:Filing .", "cannot be changed here (sh:deactivated)"),
        ("nbs:capitalTolerance rdf:value 90 . e:a sh:targetClass nb:Filing .", "cannot be changed here (rdf:value)"),
        # contradictions
        (
            "e:a sh:targetClass nb:Filing ; sh:property [ sh:path nb:submissionDate ; sh:datatype xsd:date ; "
            "sh:nodeKind sh:IRI ] .",
            "sh:datatype is for literals",
        ),
        (
            "e:a sh:targetClass nb:Filing ; sh:property [ sh:path nb:registration ; sh:class nb:RegistrationRecord ; "
            "sh:in ( 'a' ) ] .",
            "no value of sh:in",
        ),
        (
            "e:a sh:targetClass nb:Filing ; sh:property [ sh:path nb:onlineName ; sh:in ( 'a' ) ; sh:hasValue 'b' ] .",
            "do not let sh:hasValue b pass",
        ),
        (
            "e:a sh:targetClass nb:Filing ; sh:property [ sh:path nb:onlineName ; sh:minCount 1 ] , "
            "[ sh:path nb:onlineName ; sh:maxCount 0 ] .",
            "contradict each other: sh:minCount 1, sh:maxCount 0",
        ),
        (
            "e:a sh:targetClass nb:Filing ; sh:property [ sh:path nb:onlineName ; sh:minCount 1 ] . "
            "e:b sh:targetClass nb:Filing ; sh:property [ sh:path nb:onlineName ; sh:maxCount 0 ] .",
            "of <https://own.example/b> contradict each other",
        ),
        # what would look at nothing
        ("e:a a sh:PropertyShape ; sh:targetClass nb:Filing ; sh:datatype xsd:string .", "has no sh:path"),
        ("e:a sh:targetClass nb:Filing ; sh:minCount 1 .", "no values to look at"),
        ("e:a sh:targetClass 'nb:Filing' ; sh:nodeKind sh:IRI .", "looks at nothing"),
        ("e:a sh:targetClass nb:Filing ; sh:node e:b .", "which is no shape"),
        (
            "e:a sh:targetClass nb:Filing ; sh:property [ sh:path nb:onlineName ; sh:qualifiedMinCount 1 ] .",
            "nothing to count",
        ),
        ("e:a rdfs:label 'x' .", "hold no shapes"),
        ("e:a sh:targetClass nb:Filing ; sh:js [ sh:jsFunctionName 'f' ] .", "SHACL-JS"),
    ],
)
def test_shapes_that_cannot_be_used_are_an_error(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ShapesError) as raised:
        audit.check(GOOD, rules=own(tmp_path, text))
    assert words in raised.value.reason
    assert raised.value.remedy
    assert raised.value.where
    assert "\n" not in raised.value.reason or "could not be run" in raised.value.reason


def test_a_folder_without_shapes(tmp_path: Path) -> None:
    with pytest.raises(ShapesError, match="no SHACL files"):
        rulebook(SHAPES, (tmp_path,))


def test_a_rule_that_had_nothing_to_look_at_is_told(tmp_path: Path) -> None:
    rules = own(
        tmp_path,
        """e:gift sh:targetClass nb:Gift ; sh:property [ sh:path nb:donorName ; sh:minCount 1 ] .
        e:node sh:targetNode e:nothing ; sh:nodeKind sh:IRI . e:off sh:targetClass e:C ; sh:deactivated true .
        e:ok sh:targetClass nb:Filing ; sh:property [ sh:path nb:onlineName ; sh:minCount 1 ] .
        e:lost a sh:NodeShape ; sh:property [ sh:path nb:onlineName ; sh:minCount 5 ] .""",
    )
    notes = list(idle.notes(rules, audit.run(GOOD, rules=rules).looked))
    assert [(note.text.en.split(" (")[0], note.fails) for note in notes] == [
        ("<https://own.example/lost> has no target", True),
        ("rule gift", False),
        ("rule node", False),
    ]
    store = ox.Store()
    store.load(GOOD, format=ox.RdfFormat.TURTLE)
    asked = idle.looked_at_in_store(type("", (), {"ask": lambda self, text: bool(store.query(text))})(), rules)
    assert list(idle.notes(rules, asked)) == notes
    assert list(idle.notes(rulebook(), ())) == []


def test_what_a_users_rule_says_to_do_is_kept(tmp_path: Path) -> None:
    rules = own(tmp_path, "e:a sh:targetClass nb:Filing ; sh:nodeKind sh:Literal ; nb:remedy '改'@zh , 'mend'@en .")
    assert rules.checks["https://own.example/a"].remedy == ("改", "mend")


def test_a_file_with_prefixes_of_ones_own_may_be_a_copy_of_ours(tmp_path: Path) -> None:
    (tmp_path / "prefixes.ttl").write_bytes((SHAPES / "prefixes.ttl").read_bytes())
    assert own(tmp_path, "e:a sh:targetClass nb:Filing ; sh:nodeKind sh:IRI .").checks["https://own.example/a"]


# --- data


def test_unknown_terms_count_as_not_passed() -> None:
    store = ox.Store()
    store.load(GOOD, format=ox.RdfFormat.TURTLE)
    store.update(f"INSERT DATA {{ <{FILING}> <{NB}vaule> 1 ; a <{NB}Fling> }}")
    notes = audit.run(list(store)).notes
    assert {note.text.en.split(":")[1].split()[0] for note in notes if note.fails} == {"vaule", "Fling"}
    assert not any(note.fails for note in audit.run(GOOD).notes)


@pytest.mark.parametrize("engine", audit.ENGINES)
def test_cycles_end(tmp_path: Path, engine: audit.Engine) -> None:
    """Sponsors that sponsor each other, classes that are their own subclass, parts that are parts of themselves."""
    store = ox.Store()
    store.load(GOOD, format=ox.RdfFormat.TURTLE)
    store.update(
        f"""PREFIX nb: <{NB}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        INSERT {{ ?i nb:sponsoredBy <urn:b> . <urn:b> nb:sponsoredBy ?i , <urn:b> . nb:Filing rdfs:subClassOf
          nb:Filing , nb:FilingPart . nb:FilingPart rdfs:subClassOf nb:Filing . ?q nb:componentOf ?q }}
        WHERE {{ ?i a nb:PublicInstitution . ?q a nb:Observation }}"""
    )
    rules = own(
        tmp_path,
        """e:c sh:targetClass nb:PublicInstitution ; sh:property [
        sh:path [ sh:oneOrMorePath nb:sponsoredBy ] ; sh:maxCount 1 ] .""",
    )
    found = [f.rule for f in audit.check(list(store), engine=engine, rules=rules)]
    assert "c" in found


def test_triple_terms_are_refused() -> None:
    inner = ox.Triple(ox.NamedNode("urn:a"), ox.NamedNode("urn:b"), ox.NamedNode("urn:c"))
    quads = [*ox.parse(GOOD, format=ox.RdfFormat.TURTLE), ox.Quad(ox.NamedNode("urn:x"), ox.NamedNode("urn:y"), inner)]
    for engine in audit.ENGINES:
        with pytest.raises(ShapesError, match="RDF 1.2"):
            audit.check(quads, engine=engine)


def test_an_index_has_each_triple_once() -> None:
    quads = list(ox.parse(GOOD, format=ox.RdfFormat.TURTLE))
    assert list(Index(quads + quads).triples()) == list(Index(quads).triples())
    assert len(list(Index(quads).triples())) == len({(q.subject, q.predicate, q.object) for q in quads})
