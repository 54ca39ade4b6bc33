"""Rules that compare reports: the same as pySHACL on the whole store, and again only where something changed."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from nianbao.errors import ShapesError
from nianbao.mapping import rdf
from nianbao.quality import across, audit, shacl
from nianbao.quality.engine.index import Index
from nianbao.quality.engine.sparql import Query, Sparql
from nianbao.quality.findings import Finding
from nianbao.quality.rulebook import Rulebook, rulebook
from nianbao.record import Record
from nianbao.resources import SHAPES
from nianbao.storage.store import EmbeddedStore, Store, open_store
from nianbao.vocabulary import NB, NBS, PREFIXES
from nianbao.writer import Writer

HERE = Path(__file__).parent
SAMPLE: dict[str, Any] = json.loads((HERE / "cases/served/archives-2024.json").read_text("utf-8"))

OWN = """
@prefix nb: <NB#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix e: <https://own.example/> .
<NBS#own> sh:declare [ sh:prefix "nb" ; sh:namespace "NB#" ] .
e:twice a sh:NodeShape ; sh:targetClass nb:Filing ; nb:acrossReports true ; dcterms:identifier "E1" ;
  sh:severity sh:Warning ;
  sh:sparql [ sh:prefixes <NBS#own> ;
    sh:message "同名单位：{?name}"@zh , "same name: {?name}"@en ;
    sh:select '''PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT $this ?name WHERE {
      ?report dcat:hasCurrentVersion $this ; nb:reportingInstitution ?i . ?i skos:prefLabel ?name .
      ?other skos:prefLabel ?name . FILTER (?other != ?i) }''' ] .
e:unsponsored a sh:NodeShape ; sh:targetClass nb:PublicInstitution ; nb:acrossReports true ; dcterms:identifier "E2" ;
  sh:property [ sh:path nb:sponsoredBy ; sh:minCount 1 ; sh:message "no sponsor" ] .
""".replace("NBS#", NBS).replace("NB#", NB)


def report(name: str, year: int, **facts: Any) -> Record:
    """A report of an institution that is known by its name, or by `uscc`."""
    said = json.loads(json.dumps(SAMPLE)) | {"name": name, "year": year, "uscc": None, "other_names": []} | facts
    said["source"]["sha256"] = f"{abs(hash((name, year, str(facts)))):064x}"
    return Record.from_json(json.dumps(said, ensure_ascii=False))


def archive() -> list[Record]:
    """Reports that break several rules across reports, and some that break none."""
    low, high = SAMPLE["net_assets_opening"], SAMPLE["net_assets_closing"]
    return [
        report("甲馆", 2022, net_assets_opening=low, net_assets_closing=low),
        report("甲馆", 2023, net_assets_opening=high, net_assets_closing=high, legal_representative="周文"),
        report("乙馆", 2022, staff=10, sponsors=["丙市教育局"]),
        report("乙馆", 2024, staff=90, sponsors=["丙市教育局"], legal_representative="周文"),
        report("丁站", 2023, sponsors=["戊站"], uscc="12450000MB0000000D"),
        report("戊站", 2023, sponsors=["丁站"]),
        report("丁站", 2024, sponsors=["戊站"], uscc="12450000MB0000000D", legal_representative="周文"),
        report("己院", 2024, legal_representative="周文", sponsors=["丙市教育局"]),
    ]


def put(store: Store, records: Iterable[Record], rules: Rulebook | None = None) -> Writer:
    writer = Writer(store, rules=rules)
    for record in records:
        writer.put(record, [], name=f"{record.name}-{record.year}-{record.staff}", sha256=record.source.sha256)
    return writer


def found(store: Store, rules: Rulebook | None = None, touched: list[str] | None = None) -> set[Finding]:
    parts = across.check_across(store, rules or rulebook(), touched, restricted=True)
    return {finding for part in parts for each in part.values() for finding in each}


def test_a_store_gives_what_pyshacl_finds_in_all_of_it(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    put(store, archive())
    mine = found(store)
    graph = Index(store.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"))
    theirs = shacl.results(graph, rulebook().between)
    assert {(f.shape, f.filing) for f in mine} == {(str(r.shape)[1:-1], str(r.focus)[1:-1]) for r in theirs}
    assert len({f.rule for f in mine}) >= 5


def test_the_findings_stand_beside_those_on_the_filing(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    writer = put(store, archive())
    assert audit.unaudited(store) == len(archive())
    assert writer.check_across() == len(archive())
    assert audit.unaudited(store) == 0
    kept = {(f.rule, f.filing, f.message) for f in audit.findings_from(store)}
    shown = {f for f in found(store) if not rulebook().checks[f.shape].restricted}
    assert kept == {(f.rule, f.filing, f.message) for f in shown}
    assert kept < {(f.rule, f.filing, f.message) for f in found(store)}  # persons are for the registrar only
    assert writer.check_across() == 0


def test_only_what_a_filing_touches_is_checked_again_and_nothing_is_missed(tmp_path: Path) -> None:
    """In any order, one after the other, the same findings as all at once."""
    records = archive()
    whole = EmbeddedStore(tmp_path / "whole")
    put(whole, records).check_across()
    for turn, order in enumerate((records, records[::-1], records[4:] + records[:4])):
        store = EmbeddedStore(tmp_path / f"one{turn}")
        writer, checked = Writer(store), []
        for record in order:
            writer.put(record, [], name=f"{record.name}-{record.year}", sha256=record.source.sha256)
            checked.append(writer.check_across())
        assert {(f.rule, f.filing, f.message) for f in audit.findings_from(store)} == {
            (f.rule, f.filing, f.message) for f in audit.findings_from(whole)
        }
        assert sum(checked) < len(order) * (len(order) + 1) / 2


def test_a_filing_that_goes_takes_its_findings_and_those_of_others_along(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    writer = put(store, archive())
    writer.check_across()
    assert any(f.rule == "X18" for f in audit.findings_from(store))
    for line in [line for line in writer.filed.values() if "戊站" in line.name]:
        writer.remove(line)
    writer.check_across()
    assert not any(f.rule == "X18" for f in audit.findings_from(store))
    assert audit.unaudited(store) == 0


def test_a_build_that_was_stopped_is_made_good(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    put(store, archive())  # and never compared
    assert Writer(store).check_across() == len(archive())


def test_rules_of_users_across_reports(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/own.ttl").write_text(OWN, encoding="utf-8")
    rules = rulebook(SHAPES, (tmp_path / "own",))
    store = EmbeddedStore(tmp_path / "store")
    put(store, [*archive(), report("乙馆", 2024, uscc="12450000MB0000019A", sponsors=[])], rules)
    own = [f for f in found(store, rules) if f.rule.startswith("E")]
    assert {(f.rule, f.severity, f.institution) for f in own} >= {
        ("E1", "warning", "乙馆"),
        ("E2", "violation", "乙馆"),
    }
    assert {f.message.zh for f in own} >= {"同名单位：乙馆", "no sponsor"}


def test_a_store_with_what_is_not_ours(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    store.update(
        f"PREFIX nb: <{NB}>"
        """ PREFIX dcat: <http://www.w3.org/ns/dcat#>
        INSERT DATA { <urn:x> a nb:Filing . [] nb:reportingInstitution <urn:i> ; dcat:hasCurrentVersion "f" , <urn:f> .
          <urn:i> nb:sponsoredBy <urn:i> . <urn:r> nb:reportingYear "soon" ; dcat:hasCurrentVersion <urn:x> .
          GRAPH <urn:g> { <urn:a> <urn:b> <urn:c> } }"""
    )
    writer = put(store, archive())
    writer.check_across()
    assert any(f.rule == "X18" for f in audit.findings_from(store))


def test_an_endpoint_gives_the_same(server: str, tmp_path: Path) -> None:
    remote = open_store(f"{server}/query", update_url=f"{server}/update")
    remote.update("CLEAR ALL")  # other tests use the server too
    local = EmbeddedStore(tmp_path / "store")
    for store in (remote, local):
        put(store, archive()).check_across()
    keys = [{(f.rule, f.filing, f.message) for f in audit.findings_from(store)} for store in (remote, local)]
    assert keys[0] == keys[1]
    assert keys[0]
    assert found(remote) == found(local)


@pytest.mark.parametrize("text", ["SELECT $this WHERE { $this a nb:Filing MINUS { $this <urn:x> ?y } }", "nonsense"])
def test_a_rule_that_cannot_be_run_is_no_clean_audit(tmp_path: Path, text: str) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/own.ttl").write_text(
        f"@prefix nb: <{NB}> . @prefix sh: <http://www.w3.org/ns/shacl#> .\n"
        "<urn:own> a sh:NodeShape ; sh:targetClass nb:Filing ; nb:acrossReports true ;"
        f' sh:sparql [ sh:message "x" ; sh:select "PREFIX nb: <{NB}> {text}" ] .',
        encoding="utf-8",
    )
    rules = rulebook(SHAPES, (tmp_path / "own",))
    store = EmbeddedStore(tmp_path / "store")
    writer = put(store, archive()[:1], rules)
    with pytest.raises(ShapesError, match="nothing was audited"):
        writer.check_across()
    assert audit.unaudited(store, rules=rules) == 1


def test_the_graph_of_findings_across_reports_is_its_own() -> None:
    quads = list(audit.finding_quads([], "https://x.example/filing/k/2024/1", across=True))
    assert {quad.graph_name for quad in quads} == {ox.NamedNode("https://x.example/graph/audit-across/k/2024/1")}


@pytest.mark.parametrize("order", [("a.html", "b.docx", "c.pdf"), ("c.pdf", "a.html", "b.docx")])
@pytest.mark.parametrize("dates", [("2025-03-01",) * 3, ("2025-03-03", "2025-03-02", "2025-03-01")])
def test_one_text_in_several_formats_is_no_other_report(
    tmp_path: Path, order: tuple[str, ...], dates: tuple[str, ...]
) -> None:
    store = EmbeddedStore(tmp_path / "store")
    writer = Writer(store)

    def x12() -> set[str]:
        writer.check_across()
        return {f.filing for f in audit.findings_from(store, rule="X12")}

    def file(name: str, day: str, **facts: Any) -> None:
        record = report("甲馆", 2024, filing_date=day, **facts)
        writer.put(record, [], name=name, sha256=f"{name:0>64}")

    for name, day in zip(order, dates, strict=True):
        file(name, day)
        assert not x12()
    file("d.html", "2025-06-01", text=SAMPLE["text"] + "\n更正")
    assert len(x12()) == 1
    link = "<http://www.w3.org/ns/prov#wasDerivedFrom> ?text"
    kept = store.select(f"SELECT ?f WHERE {{ GRAPH <{writer.registry}> {{ ?f {link} }} }}")
    assert len(kept) == 3  # of the superseded ones
    for line in [line for line in writer.filed.values() if line.name != order[0]]:
        writer.remove(line)
    assert not x12()
    assert not store.select(f"SELECT ?f WHERE {{ GRAPH <{writer.registry}> {{ ?f {link} }} }}")
    assert len(store.select(f"SELECT ?f WHERE {{ ?f a <{PREFIXES['nb']}Filing> ; {link} }}")) == 1


def query_of(name: str) -> Query:
    shapes_ = {str(shape.node)[1:-1].rpartition("/")[2]: shape for shape, _ in rulebook().compiled_across.shapes}
    return next(each.query for each in shapes_[name].constraints if isinstance(each, Sparql))


def test_rules_on_the_reports_of_one_institution_are_known() -> None:
    """The others look for a name, a code, a sponsor or a text that others have too, and are run in the store."""
    others = {"X10", "X12", "X16", "X17", "X18", "X19"}
    names = {str(shape.node)[1:-1].rpartition("/")[2] for shape, _ in rulebook().compiled_across.shapes}
    assert {name for name in names if not query_of(name).own} == others


@pytest.mark.parametrize(
    ("where", "own"),
    [
        ("?r dcat:hasCurrentVersion $this ; nb:reportingInstitution ?i . ?o nb:reportingInstitution ?i", True),
        ("?r dcat:hasCurrentVersion $this FILTER NOT EXISTS { ?x nb:statedIn $this ; nb:indicator ?y }", True),
        ("$this dcterms:hasPart/nb:textBand ?band . $this ?p ?o . ?o ?q ?s", True),
        ("$this dcterms:hasPart/nb:textBand ?band . ?other nb:textBand ?band", False),
        ("$this nb:registration/^nb:registration ?other", False),
        ("$this a nb:Filing FILTER NOT EXISTS { ?x nb:reportingInstitution ?y }", False),
        ("?x dcat:isVersionOf ?r . ?r dcat:hasCurrentVersion $this", False),
        ("$this nb:registration ?x . ?y nb:statedIn ?x", False),
        ("$this nb:registration ?x . GRAPH ?g { ?x a ?c }", False),
        ("$this !nb:x ?y", False),
    ],
)
def test_what_a_query_looks_at(where: str, own: bool) -> None:
    assert Query(f"SELECT $this WHERE {{ $this a nb:Filing . {where} }}", PREFIXES, {}).own is own


RESTRICTED = """
@prefix nb: <NB#> . @prefix sh: <http://www.w3.org/ns/shacl#> .
<urn:secret> a sh:NodeShape ; sh:targetClass nb:Filing ; nb:restricted true ;
  sh:property [ sh:path <urn:never> ; sh:minCount 1 ; sh:message "SECRET" ] .
<urn:secret2> a sh:NodeShape ; sh:targetClass nb:Filing ; nb:restricted true ; nb:acrossReports true ;
  sh:property [ sh:path <urn:never> ; sh:minCount 1 ; sh:message "SECRET" ] .
""".replace("NB#", NB)


def test_findings_that_are_not_for_publication_are_nowhere_in_the_store(tmp_path: Path) -> None:
    """Pages, endpoint and dumps are made of the store: what is not in it cannot leave it. The registrar asks for it."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own/own.ttl").write_text(RESTRICTED, encoding="utf-8")
    rules = rulebook(SHAPES, (tmp_path / "own",))
    store = EmbeddedStore(tmp_path / "store")
    writer = Writer(store, rules=rules)
    for record in archive():
        findings = audit.check(rdf.quads(record), rules=rules)
        assert "secret" in {finding.rule for finding in findings}
        writer.put(record, findings, name=f"{record.name}-{record.year}-{record.staff}", sha256=record.source.sha256)
    writer.check_across()
    assert {"X19", "secret2"} <= {finding.rule for finding in found(store, rules)}
    everything = store.construct("CONSTRUCT { ?s ?p ?o } WHERE { { GRAPH ?g { ?s ?p ?o } } UNION { ?s ?p ?o } }")
    words = {term.value for t in everything for term in (t.subject, t.object) if not isinstance(term, ox.Triple)}
    assert not words & {"SECRET", "X19", "secret", "secret2", "urn:secret", "urn:secret2", f"{PREFIXES['nbs']}X19"}
    assert not any("法定代表人同名" in word for word in words)
    assert audit.unaudited(store, rules=rules) == 0


def test_after_one_new_filing_only_what_it_touches_is_checked_again(tmp_path: Path) -> None:
    """The audits of the others are not even written again."""
    bureaus = [
        "甲市财政局",
        "乙县水利委员会",
        "丙州文物部",
        "丁省海洋厅",
        "戊区信访办公室",
        "己旗林业公司",
        "庚盟草原学会",
    ]

    def one(number: int, year: int, bureau: int) -> Record:
        person = "赵钱孙李周吴郑"[number] + "文"
        return report(
            f"第{number}馆",
            year,
            sponsors=[bureaus[bureau]],
            legal_representative=person,
            activities_section={"stated": None, "none": False, "start": None, "end": None},
        )

    store = EmbeddedStore(tmp_path / "store")
    writer = put(store, [one(number, year, number) for number in range(5) for year in (2022, 2023)])
    assert writer.check_across() == 10
    reports = "?a a <http://www.w3.org/ns/shacl#ValidationReport>"
    store.update(f"INSERT {{ GRAPH ?g {{ ?a <urn:seen> true }} }} WHERE {{ GRAPH ?g {{ {reports} }} }}")

    def add(record: Record) -> tuple[int, int]:
        """How many filings are checked when it comes, and how many audits across reports have not been touched yet."""
        writer.put(record, [], name=f"{record.name}-{record.year}", sha256=record.source.sha256)
        number = writer.check_across()
        untouched = store.select("SELECT ?g WHERE { GRAPH ?g { ?a <urn:seen> true } }")
        return number, sum("/audit-across/" in str(row["g"]) for row in untouched)

    assert add(one(5, 2023, 5)) == (1, 10)  # nothing in common with anybody
    assert add(one(0, 2024, 0)) == (3, 8)  # the three years of one institution
    assert add(one(6, 2023, 1)) == (3, 6)  # one sponsor in common with another, of two years
