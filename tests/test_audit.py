"""The audit: what it takes, what it says, how findings are written and read back."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
import rdflib
from click.testing import CliRunner

from nianbao.cli import main
from nianbao.errors import NianbaoError, ReadError, ShapesError
from nianbao.quality import across, audit, shapes
from nianbao.quality.engine.compiler import targeted
from nianbao.quality.engine.index import Index
from nianbao.quality.findings import Evidence, Finding
from nianbao.quality.reporting.outcome import AUDIT_FORMATS, outcome_of_data, rendered
from nianbao.quality.rulebook import Rulebook, rulebook, without_targets
from nianbao.vocabulary import PREFIXES

HERE = Path(__file__).parent / "shapes"
GOOD = (HERE / "good.ttl").read_bytes()
FILING = "https://data.example/filing/n-0000000000aa/2024/1"
REPORT = "https://data.example/report/n-0000000000aa/2024"
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def broken(*names: str) -> ox.Store:
    """The good filing with the breaches of these shapes."""
    store = ox.Store()
    store.load(GOOD, format=ox.RdfFormat.TURTLE)
    for name in names:
        store.update(PROLOGUE + (HERE / "bad" / f"{name}.ru").read_text(encoding="utf-8"), base_iri=FILING + "/")
    return store


def changed(update: str) -> ox.Store:
    """The good filing after an update."""
    store = broken()
    store.update(PROLOGUE + update)
    return store


def keys(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(finding.rule, finding.focus) for finding in findings]


BOOK = rulebook()
FEW = """ID01 R01 R02 R03 R04 R05 R06 R07 R08 R09 R10 R11 R12 R13 F01 F02 F03 F04 F05 F06 P01 N01 C01 C02 A01 A02 A03
A05 A06 A07 S01 S02 S03 Q01"""
RULES = Rulebook(
    without_targets(
        BOOK.graph, frozenset(n for n in targeted(BOOK.graph) if BOOK.checks[str(n)[1:-1]].rule not in FEW.split())
    ),
    BOOK.checks,
    BOOK.digest,
    BOOK.where,
)
"""Some of the rules, so that a new rule changes no test here."""


def check(data: audit.Data) -> list[Finding]:
    """The findings of these rules."""
    return audit.check(data, rules=RULES)


def validate_file(path: Path) -> audit.Audit:
    return audit.validate_file(path, rules=RULES)


class Selects:
    """A store as the audit sees it."""

    def __init__(self, store: ox.Store) -> None:
        self.store = store

    def select(self, query: str) -> list[dict[str, ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]]:
        found = self.store.query(query)
        assert isinstance(found, ox.QuerySolutions)
        names = [variable.value for variable in found.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in found]


# --- what it takes


@pytest.mark.parametrize(
    "form", [ox.RdfFormat.N_QUADS, ox.RdfFormat.TRIG, ox.RdfFormat.JSON_LD], ids=["nquads", "trig", "jsonld"]
)
def test_bytes_of_any_format(form: ox.RdfFormat) -> None:
    data = broken("F06").dump(format=form)
    assert isinstance(data, bytes)
    assert keys(check(data)) == [("F06", FILING + "/initial-capital")]


def test_turtle_bytes_graphs_datasets_and_quads_give_the_same() -> None:
    store = broken("F06", "N01")
    expected = check(store)
    assert [finding.rule for finding in expected] == ["F06", "N01"]
    graph = rdflib.Graph()
    dataset = rdflib.Dataset()
    text = store.dump(format=ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph())
    assert isinstance(text, bytes)
    graph.parse(data=text, format="turtle")
    dataset.graph(rdflib.URIRef("https://data.example/graph/1")).parse(data=text, format="turtle")
    for data in (text, graph, dataset, (quad.triple for quad in store)):
        assert check(data) == expected


def test_graphs_are_merged() -> None:
    one, two = ox.NamedNode("https://data.example/g/1"), ox.NamedNode("https://data.example/g/2")
    quads = [
        ox.Quad(quad.subject, quad.predicate, quad.object, one if number % 2 else two)
        for number, quad in enumerate(broken("F06"))
    ]
    assert keys(check(quads)) == [("F06", FILING + "/initial-capital")]


def test_no_filing_is_no_clean_report() -> None:
    with pytest.raises(ShapesError, match="nothing was checked") as raised:
        check(b"<https://a.example/x> a <https://a.example/Thing> .")
    assert raised.value.code == "NB-SHAPES-NO-FILING"
    with pytest.raises(ShapesError, match="nothing was checked"):
        check([])


def test_another_engine_is_refused() -> None:
    with pytest.raises(ValueError, match="no engine"):
        audit.check(GOOD, engine="guess")  # type: ignore[arg-type]


def test_a_rule_that_cannot_be_run_fails_the_audit(tmp_path: Path) -> None:
    for path in shapes.shape_files():
        text = path.read_text(encoding="utf-8").replace("SELECT $this ?date ?deadline", "SELECT VALUES ?date ?deadline")
        (tmp_path / path.name).write_text(text, encoding="utf-8")
    with pytest.raises(ShapesError, match="nothing was audited") as raised:
        audit.check(GOOD, rules=rulebook(tmp_path))
    assert raised.value.code == "NB-SHAPES-RUN"


def test_ill_formed_literals_print_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    store = broken()
    store.update(
        f'{PROLOGUE} DELETE {{ ?f nb:submissionDate ?d }} INSERT {{ ?f nb:submissionDate "2025-02-30"^^xsd:date }}'
        "WHERE { ?f nb:submissionDate ?d }"
    )
    assert check(store) == []
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


# --- several filings in one graph


def copied(store: ox.Store, year: int) -> None:
    """Add the same report for another year."""
    pairs = [("/2024/1", f"/{year}/1"), ("report/n-0000000000aa/2024", f"report/n-0000000000aa/{year}")]

    def moved(term: object) -> object:
        if isinstance(term, ox.NamedNode):
            iri = term.value
            for old, new in pairs:
                iri = iri.replace(old, new)
            return ox.NamedNode(iri)
        if isinstance(term, ox.Literal) and term.datatype.value.endswith("gYear"):
            return ox.Literal(str(year), datatype=term.datatype)
        return term

    for quad in list(store):
        store.add(ox.Quad(moved(quad.subject), quad.predicate, moved(quad.object)))  # type: ignore[arg-type]


def test_findings_stay_with_their_filing() -> None:
    store = broken("F06", "A05", "C01")
    alone = check(store)
    other = broken()
    copied(other, 2023)
    for quad in other:
        store.add(quad)
    found = check(store)
    assert [finding for finding in found if finding.year == 2024] == alone
    rest = [finding for finding in found if finding.year == 2023]
    # The copy keeps dates of 2024: what is filed in 2025 for 2023 is late, and its box speaks of 2024.
    assert {finding.rule for finding in rest} == {"S03", "C02"}


def test_each_filing_is_checked_as_if_it_were_alone() -> None:
    """The filings are told apart before they are checked; what belongs to none is checked too."""
    one, two = broken("F06", "A05", "A06", "A07", "Q01", "R12"), broken("C01", "S02", "R11", "F04", "P01")
    copied(two, 2023)
    alone = [finding for finding in check(two) if finding.year == 2023]
    merged = list(one) + [quad for quad in two if "/2023" in str(quad)]
    assert [finding for finding in check(merged) if finding.year == 2024] == check(one)
    assert [finding for finding in check(merged) if finding.year == 2023] == alone
    nobody = f'<https://data.example/x> a <{PREFIXES["foaf"]}Person> ; <{PREFIXES["foaf"]}phone> "000-00000000" .'
    store = ox.Store()
    store.extend(merged)
    store.load(nobody.encode(), format=ox.RdfFormat.TURTLE)
    extra = set(check(store)) - set(check(merged))
    assert [(finding.rule, finding.focus) for finding in extra] == [("Q01", "https://data.example/x")]


# --- evidence and messages


def test_the_evidence_is_the_passage_of_the_narrative() -> None:
    (finding,) = check(broken("A05"))
    assert finding.evidence is not None
    assert finding.evidence.quote == "全省全民阅读先进单位"
    assert finding.evidence.end - finding.evidence.start == 10
    assert finding.evidence.passage.endswith(f"#char={finding.evidence.start},{finding.evidence.end}")
    (finding,) = check(broken("F06"))
    assert finding.evidence
    assert finding.evidence.quote == "186万元"


def test_a_box_is_its_own_evidence_unless_it_is_long() -> None:
    (finding,) = check(broken("C01"))
    assert finding.evidence == Evidence(
        "2024年度无变更事项。", 200, 212, finding.evidence.passage if finding.evidence else ""
    )
    (finding,) = check(broken("A02"))
    assert finding.evidence is None


def test_words_of_the_data_cannot_break_a_message() -> None:
    store = broken("A05")
    name = r'a\1 \g<0> {?name} {?value} "x" $& \q'
    store.update(
        f"{PROLOGUE} DELETE {{ ?a nb:awardName ?n }} INSERT {{ ?a nb:awardName {ox.Literal(name)} }}"
        "WHERE { ?a nb:awardName ?n }"
    )
    (finding,) = check(store)
    assert f"“{name}”" in finding.message.zh
    assert f"“{name}”" in finding.message.en


def test_two_statements_that_break_one_rule_are_two_findings() -> None:
    store = broken("A05", "F04")
    store.update(
        f"{PROLOGUE} INSERT DATA {{ <{FILING}/e2-2> a nb:Award ; nb:statedIn <{FILING}> ;"
        f" nb:awardName '优秀案例一等奖' ; nb:statedRecipient '“书香霁川”项目' }}"
    )
    found = [finding for finding in check(store) if finding.rule == "A05"]
    assert sorted(finding.focus.rpartition("/")[2] for finding in found) == ["e2-1", "e2-2"]
    for finding, name in zip(found, ("全省全民阅读先进单位", "优秀案例一等奖"), strict=True):
        assert name in finding.message.zh


# --- as text and JSON


def test_json_has_the_keys_of_the_contract() -> None:
    (line,) = audit.format_jsonl(check(broken("F06"))).splitlines()
    found = json.loads(line)
    assert list(found) == [
        "rule",
        "severity",
        "report",
        "institution",
        "year",
        "focus",
        "message",
        "evidence",
        "fault",
        "source",
    ]
    assert (found["rule"], found["severity"], found["year"], found["fault"]) == ("F06", "warning", 2024, "source")
    assert found["report"] == REPORT
    assert found["institution"] == "霁川县图书馆"
    assert set(found["message"]) == {"zh", "en"}
    assert found["evidence"] == {"quote": "186万元", "start": 120, "end": 125}
    assert found["source"] == "《事业单位登记管理暂行条例实施细则》（2005年）第四十五条"


# --- as RDF, and back


def stored(store: ox.Store, findings: list[Finding], filing: str = FILING) -> Selects:
    for quad in audit.finding_quads(findings, filing):
        store.add(quad)
    return Selects(store)


def test_findings_survive_the_way_through_a_store() -> None:
    store = broken("F06", "A05", "N01", "R02", "S03-late")
    found = check(store)
    assert len(found) == 5
    back = stored(store, found)
    assert audit.findings_from(back) == found
    assert audit.findings_from(back, rule="F06") == [finding for finding in found if finding.rule == "F06"]
    assert audit.findings_from(back, report=REPORT) == found
    assert audit.findings_from(back, report=REPORT + "0") == []
    assert audit.count_by_severity(back) == {"violation": 2, "warning": 2, "info": 1}


def test_a_report_of_shacl_stands_in_the_audit_graph_even_without_findings() -> None:
    quads = list(audit.finding_quads([], FILING))
    assert {str(quad.graph_name) for quad in quads} == {"<https://data.example/graph/audit/n-0000000000aa/2024/1>"}
    said = {quad.predicate.value.rpartition("#")[2]: quad.object for quad in quads}
    assert said["conforms"] == ox.Literal(True)
    assert any(shapes.digest() in str(quad.object) for quad in quads)
    assert audit.count_by_severity(Selects(ox.Store())) == {"violation": 0, "warning": 0, "info": 0}


def test_findings_follow_the_number_of_the_filing() -> None:
    found = check(broken("A05", "N01"))
    second = FILING[:-1] + "2"
    quads = list(audit.finding_quads(found, second))
    assert not any(FILING + "/" in str(term) or f"<{FILING}>" == str(term) for quad in quads for term in quad)
    assert any(str(quad.object) == f"<{second}/e2-1>" for quad in quads)


def test_superseded_filings_are_not_listed() -> None:
    store = broken("F06")
    found = check(store)
    store.update(
        f"{PROLOGUE} DELETE {{ ?r dcat:hasCurrentVersion ?f }}"
        f"INSERT {{ ?r dcat:hasCurrentVersion <{FILING[:-1]}2> }} WHERE {{ ?r dcat:hasCurrentVersion ?f }}"
    )
    assert audit.findings_from(stored(store, found)) == []


def test_the_report_is_a_report_of_shacl() -> None:
    """Each result has what the SHACL recommendation asks for, once."""
    store = ox.Store()
    for quad in audit.finding_quads(check(broken("F06", "R02")), FILING):
        store.add(ox.Quad(quad.subject, quad.predicate, quad.object))
    rows = store.query(
        f"""{PROLOGUE} SELECT ?result ?component WHERE {{
            ?report a sh:ValidationReport ; sh:conforms false ; sh:result ?result .
            ?result a sh:ValidationResult ; sh:focusNode ?focus ; sh:resultSeverity ?severity ;
              sh:sourceShape ?shape ; sh:sourceConstraintComponent ?component }}"""
    )
    assert isinstance(rows, ox.QuerySolutions)
    assert sorted(str(row["component"]).rpartition("#")[2] for row in rows) == [
        "NotConstraintComponent>",
        "SPARQLConstraintComponent>",
    ]


# --- files of others


def test_files_of_each_format(tmp_path: Path) -> None:
    store = broken("F06")
    for suffix, form in (
        ("ttl", ox.RdfFormat.TURTLE),
        ("nt", ox.RdfFormat.N_TRIPLES),
        ("nq", ox.RdfFormat.N_QUADS),
        ("trig", ox.RdfFormat.TRIG),
        ("jsonld", ox.RdfFormat.JSON_LD),
        ("rdf", ox.RdfFormat.RDF_XML),
    ):
        path = tmp_path / f"x.{suffix}"
        store.dump(output=path, format=form, from_graph=ox.DefaultGraph())
        assert keys(validate_file(path).findings) == [("F06", FILING + "/initial-capital")]
        if suffix != "rdf":
            path.rename(tmp_path / "x.txt")
            assert keys(validate_file(tmp_path / "x.txt").findings) == [("F06", FILING + "/initial-capital")]


@pytest.mark.parametrize(
    ("name", "data", "kind", "place"),
    [
        ("a.ttl", b"<https://a.example/x> a\n\n <https://a.example/y> ; ]", ReadError, "line 3"),
        ("a.nq", b"<https://a.example/x> <https://a.example/p> 'x' .\n", ReadError, "line 1"),
        ("a.jsonld", b'{"@context": {', ReadError, ""),
        ("a.jsonld", b'{"@context": "https://a.example/context", "@id": "x"}', ReadError, ""),
        ("a.txt", b"\xff\xfe\x00binary", ReadError, ""),
        ("a.ttl", b"", ShapesError, ""),
        ("a.ttl", b"<https://a.example/x> a <https://a.example/y> .", ShapesError, ""),
    ],
    ids=["turtle", "nquads", "cut", "remote context", "binary", "empty", "no filing"],
)
def test_files_that_cannot_be_checked(
    tmp_path: Path, name: str, data: bytes, kind: type[NianbaoError], place: str
) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(kind) as raised:
        validate_file(path)
    error = raised.value
    assert error.where == str(path)
    assert error.place == place or not place
    assert error.reason
    assert error.remedy
    assert "\n" not in str(error)


SELF_SPONSORED = """
INSERT DATA { <https://data.example/org/n-0000000000aa> nb:sponsoredBy <https://data.example/org/n-0000000000aa> }
"""


def test_the_filings_of_a_file_are_compared(tmp_path: Path) -> None:
    """An institution that sponsors itself is no clean audit, with either engine; persons are not for all to read."""
    path = tmp_path / "x.ttl"
    store = changed(SELF_SPONSORED)
    store.dump(output=path, format=ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph())
    for engine in audit.ENGINES:
        done = audit.validate_file(path, engine=engine, rules=BOOK)
        assert ("X18", FILING) in keys(done.findings)
        assert done.across
    for form in AUDIT_FORMATS:
        assert "X18" in rendered(outcome_of_data([done], BOOK), form, "zh")
    result = CliRunner().invoke(main, ["validate", str(path)])
    assert result.exit_code == 1
    assert "X18" in result.stdout


def test_restricted_rules_are_not_run_on_a_file(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    everyone = "INSERT { %s } WHERE { ?r org:role nbc:legalRepresentative ; foaf:name ?name }"
    people = " ".join(
        f"""<urn:r{n}> nb:reportingInstitution <urn:i{n}> ; nb:reportingYear "2024"^^xsd:gYear ;
            dcat:hasCurrentVersion <urn:f{n}> . <urn:i{n}> skos:prefLabel "第{n}所"@zh .
            <urn:p{n}> org:role nbc:legalRepresentative ; nb:statedIn <urn:f{n}> ; foaf:name ?name ."""
        for n in range(3)
    )
    store = changed(everyone % people)
    store.dump(output=path, format=ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph())
    data = list(store)
    assert "X19" in {f.rule for f in across.check_data(data, BOOK, restricted=True)[0]}
    assert "X19" not in {f.rule for f in audit.validate_file(path).findings}


def test_filings_that_cannot_be_compared_are_told(tmp_path: Path) -> None:
    path = tmp_path / "x.ttl"
    store = changed("DELETE WHERE { ?report dcat:hasCurrentVersion ?filing }")
    store.dump(output=path, format=ox.RdfFormat.TURTLE, from_graph=ox.DefaultGraph())
    done = audit.validate_file(path)
    assert not done.across
    assert any("dcat:hasCurrentVersion" in note.text.en for note in done.notes)


def test_the_other_files_are_done(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.ttl", tmp_path / "bad.ttl"
    good.write_bytes(GOOD)
    bad.write_bytes(b"nonsense")
    found, errors = audit.validate_files([bad, good, tmp_path / "absent.ttl"])
    assert found == []
    assert [Path(error.where).name for error in errors] == ["bad.ttl", "absent.ttl"]


# --- what a foreign graph may hold


def test_blank_nodes_odd_years_and_missing_reports_do_not_stop_the_audit() -> None:
    data = (
        f"@prefix nb: <{PREFIXES['nb']}> .".encode()
        + b"""@prefix dcat: <http://www.w3.org/ns/dcat#> .
    [] a nb:Filing ; nb:submissionDate "soon" ; nb:onlineName 5 .
    <https://a.example/f> a nb:Filing ; dcat:isVersionOf [ nb:reportingYear "next" ] ;
      nb:submissionDate "2025-01-01" ."""
    )
    found = check(data)
    assert {finding.rule for finding in found} >= {"R01", "R07", "R09"}
    assert {finding.year for finding in found} == {None}
    assert json.loads(audit.format_jsonl(found).splitlines()[0])["year"] is None
    for form in AUDIT_FORMATS:
        assert rendered(outcome_of_data([audit.run(data, rules=RULES)], RULES), form, "zh")


def test_the_engines_leave_the_data_as_they_were() -> None:
    graph = Index(broken("F06"))
    before = list(graph.triples())
    for engine in audit.ENGINES:
        audit.results(graph, rulebook(), engine)
    assert list(graph.triples()) == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("1 findings in 1 reports: a", "1 finding in 1 report: a"),
        ("1 filings were audited", "1 filing was audited"),
        ("31 findings in 11 reports", "31 findings in 11 reports"),
        ("0.1 findings, 1,001 findings, 1/1 checks", "0.1 findings, 1,001 findings, 1/1 checks"),
    ],
)
def test_one_thing_is_called_one(words: str, said: str) -> None:
    assert shapes.singular(words) == said


def test_validate_has_the_formats_of_audit() -> None:
    path = str(Path(__file__).parent / "shapes/good.ttl")
    result = CliRunner().invoke(main, ["validate", path, "--summary", "--by", "rule", "--lang", "en"])
    assert result.exit_code == 0
    assert result.stdout.startswith("No findings. (1 report)")
