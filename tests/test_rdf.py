"""A record becomes RDF, and all its facts can be read back from it."""

import os
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nianbao.errors import MappingError
from nianbao.mapping import narrative as rdf_narrative
from nianbao.mapping import ontology, rdf
from nianbao.mapping.units import unit_words
from nianbao.narrative.indicators import normal_subject
from nianbao.record import Activity, Cover, Event, Metric, Record, Section, Source
from nianbao.vocabulary import DATA, NB, NBC, expand

KEY = "12990000FX0000122E"
F = f"{DATA}filing/{KEY}/2024/1"
ORG = f"{DATA}org/{KEY}"


@pytest.fixture(scope="module")
def case(root: Path) -> Record:
    """An invented museum whose report holds everything that a report can hold."""
    return Record.from_json((root / "tests/cases/museum-2024.json").read_text(encoding="utf-8"))


class Graph:
    """Look-ups in the union of all graphs; names are prefixed, values come as text."""

    def __init__(self, quads: Any) -> None:
        self.quads = list(quads)
        self.by_subject: dict[str, dict[str, list[str]]] = {}
        for q in self.quads:
            self.by_subject.setdefault(q.subject.value, {}).setdefault(q.predicate.value, []).append(q.object.value)

    def all(self, subject: str, name: str) -> list[str]:
        return self.by_subject.get(subject, {}).get(expand(name), [])

    def one(self, subject: str, name: str) -> str | None:
        found = self.all(subject, name)
        assert len(found) <= 1, (subject, name, found)
        return found[0] if found else None

    def of(self, kind: str) -> list[str]:
        return [s for s, facts in self.by_subject.items() if expand(kind) in facts.get(expand("rdf:type"), [])]

    def local(self, subject: str, name: str) -> str | None:
        value = self.one(subject, name)
        return None if value is None else value.removeprefix(NBC)


@pytest.fixture(scope="module")
def g(case: Record) -> Graph:
    return Graph(rdf.quads(case))


# --- the golden file


@pytest.fixture(scope="module")
def scan(root: Path) -> Record:
    """An invented archive whose report was scanned: its figures say ``ocr`` with their scores."""
    return Record.from_json((root / "tests/cases/scan-2024.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(("name", "held"), [("filing", "case"), ("scan", "scan")])
def test_the_example_in_the_ontology_is_what_the_mapping_writes(
    name: str, held: str, root: Path, request: pytest.FixtureRequest
) -> None:
    """Write it anew with NIANBAO_GOLDEN=write, and look at the difference."""
    case: Record = request.getfixturevalue(held)
    golden = root / f"ontology/examples/{name}.trig"
    text = rdf.serialize(rdf.quads(case), "trig")
    if os.environ.get("NIANBAO_GOLDEN") == "write":
        golden.write_text(text, encoding="utf-8")
    assert set(ox.parse(golden.read_bytes(), format=ox.RdfFormat.TRIG)) == set(rdf.quads(case))
    assert golden.read_text(encoding="utf-8") == text


# --- every fact of the record can be read back


def back(table: dict[str, str], code: str | None) -> str | None:
    return {code: word for word, code in table.items()}[code] if code else None


def span(g: Graph, subject: str) -> tuple[int | None, int | None]:
    evidence = g.one(subject, "nb:evidence")
    if evidence is None:
        return None, None
    start, end = evidence.split("#char=")[1].split(",")
    return int(start), int(end)


def test_form_facts_survive(case: Record, g: Graph) -> None:
    r = f"{F}/registration"
    assert g.all(F, "nb:registration") == [r]
    assert g.one(r, "nb:legalName") == "云湖市青萝博物馆（云湖市文物保护中心）"
    assert g.one(r, "nb:mainName") == case.name
    assert tuple(g.all(r, "nb:otherName")) == case.other_names
    assert g.one(r, "nb:statedCode") == case.uscc
    assert g.one(r, "nb:purposeAndScope") == case.purpose
    assert g.one(r, "nb:address") == case.address
    assert case.funding_source
    assert g.one(r, "nb:statedFundingSource") == case.funding_source.stated
    assert back(rdf.FUNDING, g.local(r, "nb:fundingSource")) == case.funding_source.code
    assert [g.one(s, "skos:prefLabel") for s in g.all(r, "nb:statedSponsor")] == list(case.sponsors)
    assert g.one(f"{F}/legal-representative", "foaf:name") == case.legal_representative
    assert g.one(F, "nb:onlineName") == case.online_name
    assert g.one(F, "nb:submissionDate") == case.filing_date
    assert back(rdf.YEAR_BASES, g.local(F, "nb:yearBasis")) == case.year_basis
    assert case.cover
    assert g.one(F, "nb:coverName") == case.cover.name
    assert g.one(F, "nb:coverLegalRepresentative") == case.cover.legal_representative
    report = f"{DATA}report/{KEY}/2024"
    assert g.one(report, "nb:reportingYear") == str(case.year)
    assert g.one(report, "nb:reportingInstitution") == ORG
    assert g.one(report, "dcat:hasCurrentVersion") == F


def test_the_institution_in_the_registry(case: Record, g: Graph) -> None:
    assert g.one(ORG, "skos:prefLabel") == case.name
    assert tuple(g.all(ORG, "skos:altLabel")) == case.other_names
    assert g.one(ORG, "nb:unifiedSocialCreditCode") == KEY
    assert g.local(ORG, "nb:identityBasis") == "identityByCode"
    assert [g.one(s, "skos:prefLabel") for s in g.all(ORG, "nb:sponsoredBy")] == list(case.sponsors)


def test_form_figures_survive(case: Record, g: Graph) -> None:
    for path, money, indicator, day in (
        ("initial-capital", case.initial_capital, "nbi:initialCapital", "2024-12-31"),
        ("net-assets-opening", case.net_assets_opening, "nbi:netAssets", "2024-01-01"),
        ("net-assets-closing", case.net_assets_closing, "nbi:netAssets", "2024-12-31"),
    ):
        s = f"{F}/{path}"
        assert money
        assert Decimal(g.one(s, "nb:value") or "") == money.value
        assert g.one(s, "nb:unit") == expand("unit:CCY_CNY")
        assert g.one(s, "nb:statedValue") == money.stated
        assert g.one(s, "nb:indicator") == expand(indicator)
        assert g.one(s, "nb:periodEnd") == day
        assert g.local(s, "nb:accumulation") == "atPoint"
        assert span(g, s) == (money.start, money.end)
    assert g.one(f"{F}/staff", "nb:value") == str(case.staff)
    assert g.one(f"{F}/staff", "nb:countedItem") == "人"


def test_sections_survive(case: Record, g: Graph) -> None:
    assert len(g.all(F, "dcterms:hasPart")) == len(rdf.SECTIONS)
    for key, kind in rdf.SECTIONS.items():
        section: Section = getattr(case, key)
        s = f"{F}/section/{kind}"
        assert s in g.all(F, "dcterms:hasPart")
        assert g.one(s, "nb:sectionText") == section.stated
        assert g.one(s, "nb:declaredNone") == str(section.none).lower()
        assert g.one(s, "nb:signedOn") == getattr(section, "date", None)
        assert span(g, s) == (section.start, section.end)
    assert g.one(f"{F}/section/sponsorOpinion", "nb:secrecyReviewed") == "true"
    change = case.registration_changes.changes[0]
    assert back(rdf.ITEMS, g.local(f"{F}/change-1", "nb:changedItem")) == change.item
    assert g.one(f"{F}/change-1", "nb:fromValue") == change.from_
    assert g.one(f"{F}/change-1", "nb:toValue") == change.to
    assert g.one(f"{F}/change-1", "nb:changedOn") == change.date
    licence = case.qualifications.licences[0]
    assert g.one(f"{F}/licence-1", "nb:licenceName") == licence.name
    assert g.one(f"{F}/licence-1", "nb:licenceNumber") == licence.number
    assert g.one(f"{F}/licence-1", "nb:validUntil") == licence.valid_until
    gift = case.donations.gifts[0]
    assert gift.amount
    assert g.one(f"{F}/gift-1", "nb:donorName") == gift.donor
    assert Decimal(g.one(f"{F}/gift-1", "nb:amount") or "") == gift.amount.value
    assert g.one(f"{F}/gift-1", "nb:statedAmount") == gift.amount.stated
    assert g.one(f"{F}/gift-1", "nb:use") == gift.use


def read_metrics(g: Graph, text: str) -> list[Metric]:
    """The metrics of a filing, back from RDF, in the order of the text."""
    words: dict[str, str] = {}
    for word, unit in unit_words().items():
        words.setdefault(unit, word)
    words |= {expand("unit:CCY_CNY"): "元", expand("unit:PERCENT"): "%"}
    subjects = [s for s in (*g.of("nb:Observation"), *g.of("nb:Change")) if g.one(s, "nb:partOfActivity")]
    subjects.sort(key=lambda s: span(g, s)[0] or 0)
    found = []
    for s in subjects:
        change = s in g.of("nb:Change")
        start, end = span(g, s)
        assert start is not None
        assert end is not None
        activity = g.one(g.one(s, "nb:partOfActivity") or "", "nb:outlineNumber")
        other = g.one(s, "nb:changeOf") or ""
        total = g.one(s, "nb:componentOf") or ""
        found.append(
            Metric(
                activity=None if activity == rdf_narrative.LEAD else activity,
                subject=g.one(g.one(s, "nb:indicator") or "", "skos:prefLabel") or "",
                value=Decimal(g.one(s, "nb:value") or ""),
                unit=g.one(s, "nb:countedItem") or words[g.one(s, "nb:unit") or ""],
                stated=g.one(s, "nb:statedValue") or "",
                kind="change" if change else "level",
                bound=back(rdf_narrative.BOUNDS, g.local(s, "nb:bound")),
                accumulation=back(rdf_narrative.ACCUMULATIONS, g.local(s, "nb:accumulation")),
                direction=back(rdf_narrative.DIRECTIONS, g.local(s, "nb:direction")),
                basis=back(rdf_narrative.BASES, g.local(s, "nb:comparisonBasis")),
                of=subjects.index(other) if other else None,
                part_of=subjects.index(total) if total else None,
                start=start,
                end=end,
                quote=text[start:end],
                confidence=float(g.one(s, "nb:confidence") or "nan"),
            )
        )
    return found


def test_metrics_survive(case: Record, g: Graph) -> None:
    """A subject survives in the wording of its indicator, which other institutions share."""
    expected = [replace(metric, subject=normal_subject(metric.subject)) for metric in case.metrics]
    assert read_metrics(g, case.text) == expected


def test_activities_survive(case: Record, g: Graph) -> None:
    found = []
    for s in sorted(g.of("nb:ReportedActivity")):
        number = g.one(s, "nb:outlineNumber")
        start, end = span(g, s)
        if number != rdf_narrative.LEAD:
            found.append(Activity(number=number or "", heading=g.one(s, "nb:heading"), start=start or 0, end=end or 0))
    assert found == list(case.activities)
    assert g.one(f"{F}/a1.1", "nb:parentActivity") == f"{F}/a1"
    assert g.one(f"{F}/a1", "nb:parentActivity") is None


def test_events_survive(case: Record, g: Graph) -> None:
    kinds = {**rdf_narrative.AWARD_KINDS, **rdf_narrative.INCIDENTS}
    for k, event in enumerate(case.events, 1):
        s = f"{F}/e2-{k}"
        kind = g.local(s, "nb:awardKind") or g.local(s, "nb:incidentType")
        assert back(kinds, kind) == event.kind
        assert (g.one(s, "nb:awardName") or g.one(s, "nb:description")) == event.name
        assert g.one(s, "nb:statedRecipient") == event.recipient
        assert g.one(g.one(s, "nb:awardedBy") or "", "skos:prefLabel") == event.by
        assert span(g, s) == (event.start, event.end)


def test_recipients(g: Graph) -> None:
    sponsor = g.all(ORG, "nb:sponsoredBy")[0]
    recipients = [g.one(f"{F}/e2-{k}", "nb:recipient") for k in (1, 2, 3, 4)]
    assert recipients == [ORG, ORG, sponsor, ORG]  # a project of its own, 我馆, 市局, nobody named


@pytest.mark.parametrize("words", ["话务员某某", "云湖市"])
def test_a_person_or_place_is_no_recipient(words: str) -> None:
    g = Graph(rdf.quads(small(events=(Event(kind="award", name="奖", recipient=words, start=0, end=1),))))
    (award,) = g.of("nb:Award")
    assert g.one(award, "nb:recipient") is None
    assert g.one(award, "nb:statedRecipient") == words


def test_source_and_run(case: Record, g: Graph) -> None:
    text = g.one(F, "prov:wasDerivedFrom") or ""
    source = g.one(text, "prov:wasDerivedFrom") or ""
    assert g.one(text, "dcterms:extent") == str(len(case.text))
    assert g.one(source, "nb:sha256") == case.source.sha256
    assert g.one(source, "dcterms:format") == case.source.media_type
    run = g.one(f"{DATA}graph/{KEY}/2024/1", "prov:wasGeneratedBy") or ""
    assert g.one(run, "nb:extractedFrom") == text
    assert (g.one(g.one(run, "prov:wasAssociatedWith") or "", "foaf:name") or "").startswith("nianbao ")


# --- what must not be there


def test_form_filler_and_telephone_are_nowhere(case: Record) -> None:
    assert case.form_filler
    assert case.phone
    assert case.form_filler in case.text
    for form in ("trig", "nquads", "turtle", "jsonld"):
        text = rdf.serialize(rdf.quads(case), form)
        assert case.form_filler not in text
        assert case.phone not in text


def test_form_filler_and_telephone_are_cut_from_a_box_that_took_them_in(case: Record) -> None:
    opinion = replace(case.sponsor_opinion, stated=f"同意公示。 填 表 人：{case.form_filler} 联系电话 {case.phone}")
    text = rdf.serialize(rdf.quads(replace(case, sponsor_opinion=opinion)), "nquads")
    assert '"同意公示。"' in text
    assert case.form_filler not in text
    assert case.phone not in text


# --- single decisions


def small(**values: Any) -> Record:
    return Record(
        **{"source": Source(path="x.txt", sha256="ab"), "text": "文", "name": "青萝馆", "year": 2024} | values
    )


def test_staff_in_words_is_told_without_a_number() -> None:
    g = Graph(rdf.quads(small(text="一百余人", boxes={"staff": (0, 4)})))
    (s,) = g.of("nb:Observation")
    assert g.one(s, "nb:indicator") == expand("nbi:staff")
    assert (g.one(s, "nb:statedValue"), g.one(s, "nb:value")) == ("一百余人", None)
    assert span(g, s) == (0, 4)
    assert Graph(rdf.quads(small(text="无", boxes={"staff": (0, 1)}))).of("nb:Observation") == []


def metric(**values: Any) -> Metric:
    defaults: dict[str, Any] = {
        "activity": None,
        "subject": "参观者",
        "value": Decimal(5),
        "unit": "人",
        "stated": "5人",
        "kind": "level",
        "bound": "exact",
        "accumulation": "period",
        "start": 0,
        "end": 1,
        "quote": "文",
    }
    return Metric(**defaults | values)


@pytest.mark.parametrize(
    ("accumulation", "starts", "ends"),
    [("period", "2024-01-01", "2024-12-31"), ("to-date", None, "2024-12-31"), ("point", None, "2024-12-31")],
)
def test_periods(accumulation: Any, starts: str | None, ends: str) -> None:
    g = Graph(rdf.quads(small(metrics=(metric(accumulation=accumulation),))))
    (s,) = g.of("nb:Observation")
    assert (g.one(s, "nb:periodStart"), g.one(s, "nb:periodEnd")) == (starts, ends)


@pytest.mark.parametrize(
    ("unit", "kind"),
    [("%", "ratio"), ("倍", "ratio"), ("‰", "ratio"), ("百分点", "points"), ("张", "difference"), (None, "difference")],
)
def test_change_kinds(unit: str | None, kind: str) -> None:
    g = Graph(rdf.quads(small(metrics=(metric(kind="change", unit=unit),))))
    (s,) = g.of("nb:Change")
    assert g.local(s, "nb:changeKind") == kind
    assert g.local(s, "nb:comparisonBasis") == "basisNotStated"
    assert g.one(s, "nb:periodEnd") is None


def test_the_indicator_of_a_change_is_that_of_its_level() -> None:
    g = Graph(rdf.quads(small(metrics=(metric(), metric(kind="change", unit="%", of=0)))))
    assert g.one(g.of("nb:Change")[0], "nb:indicator") == g.one(g.of("nb:Observation")[0], "nb:indicator")


def test_an_index_that_points_nowhere_is_left_out() -> None:
    g = Graph(rdf.quads(small(metrics=(metric(kind="change", of=7), metric(kind="change", of=0), metric(part_of=1)))))
    assert all(g.one(s, "nb:changeOf") is None for s in g.of("nb:Change"))
    assert g.one(g.of("nb:Observation")[0], "nb:componentOf") is None


def test_the_same_words_with_another_unit_are_another_indicator() -> None:
    quads = Graph(rdf.quads(small(metrics=(metric(), metric(unit="人次"), metric(subject=" 参观者 ")))))
    assert len(quads.of("nb:Indicator")) == 2


def test_figures_outside_the_outline_are_filed_under_the_title_of_the_box() -> None:
    """So that contract query B finds all figures, those of an unnumbered narrative too."""
    outside = Graph(rdf.quads(small(metrics=(metric(),))))
    (lead,) = outside.of("nb:ReportedActivity")
    assert (outside.one(lead, "nb:outlineNumber"), outside.one(lead, "nb:heading")) == ("0", "开展业务活动情况")
    assert lead.endswith("/a0")
    whole = Graph(
        rdf.quads(
            small(activities=(Activity(number="1", heading=None, start=0, end=1),), metrics=(metric(activity="1"),))
        )
    )
    (only,) = whole.of("nb:ReportedActivity")
    assert (whole.one(only, "nb:outlineNumber"), whole.one(only, "nb:heading")) == ("1", "开展业务活动情况")


def test_a_number_that_occurs_twice_makes_two_activities() -> None:
    twice = tuple(Activity(number="1", heading=h, start=s, end=s + 10) for h, s in (("甲", 0), ("乙", 10)))
    g = Graph(rdf.quads(small(activities=twice, metrics=(metric(activity="1", start=12, end=13),))))
    assert len(g.of("nb:ReportedActivity")) == 2
    (s,) = g.of("nb:Observation")
    assert g.one(g.one(s, "nb:partOfActivity") or "", "nb:heading") == "乙"


def test_blank_and_missing_boxes() -> None:
    g = Graph(rdf.quads(small(boxes={"donations": (0, 1)}, performance=Section(stated="无", none=True))))
    sections = {g.local(s, "nb:sectionType"): g.one(s, "nb:sectionText") for s in g.of("nb:FormSection")}
    assert sections == {"sectionDonations": None, "sectionAwards": "无"}


def test_an_organisation_named_in_passing_stays_in_its_filing() -> None:
    event = Event(kind="award", name="奖", by="省文物局", start=0, end=1)
    first, second = (Graph(rdf.quads(small(name=name, events=(event,)))) for name in ("青萝馆", "白榆馆"))
    assert set(first.of("org:Organization")).isdisjoint(second.of("org:Organization"))
    assert len(first.of("org:Organization")) == 1


def test_a_date_that_is_none_stays_a_string_for_the_audit() -> None:
    (date,) = [
        q.object for q in rdf.quads(small(filing_date="2025-02-30")) if q.predicate.value == NB + "submissionDate"
    ]
    assert date == ox.Literal("2025-02-30")


def test_a_name_or_year_that_is_missing() -> None:
    with pytest.raises(MappingError, match="NB-MAP-NAME"):
        list(rdf.quads(small(name=None)))
    with pytest.raises(MappingError, match="NB-MAP-YEAR"):
        list(rdf.quads(small(year=None)))
    assert list(rdf.quads(small(name=None, cover=Cover(name="青萝馆"))))


def test_versions_and_base() -> None:
    record = small()
    made = {q.subject.value for q in rdf.quads(record, base="https://data.example/x", version=2)}
    assert all(iri.startswith("https://data.example/x/") for iri in made)
    assert rdf.filing_iri(record, base="https://data.example/x", version=2) in made
    g = Graph(rdf.quads(record, version=2))
    filing = rdf.filing_iri(record, version=2)
    assert g.one(filing, "dcat:version") == "2"
    assert g.one(filing, "dcat:previousVersion") == rdf.filing_iri(record)


def test_two_graphs_and_no_more(case: Record) -> None:
    graphs = {q.graph_name.value for q in rdf.quads(case)}
    assert graphs == {f"{DATA}graph/{KEY}/2024/1", f"{DATA}graph/registry"}
    assert list(rdf.quads(case)) == list(rdf.quads(case))


def test_the_registry_can_be_made_from_the_facts_of_the_newest_filing(case: Record) -> None:
    registry = [q.triple for q in rdf.quads(case) if q.graph_name.value == f"{DATA}graph/registry"]
    institution = rdf.institution_triples(KEY, case.name or "", case.other_names, case.uscc, case.sponsors)
    report = rdf.report_triples(f"{KEY}/2024", 1)
    assert registry[: len(institution) + len(report)] == institution + report


# --- queries


@pytest.fixture(scope="module")
def store(case: Record) -> ox.Store:
    """The example as a build would keep it: named graphs, and the default graph as their union with the ontology."""
    store = ox.Store()
    store.extend(rdf.quads(case))
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in rdf.quads(case))
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in ontology.triples())
    return store


def ask(store: ox.Store, root: Path, name: str) -> list[dict[str, str]]:
    found: Any = store.query((root / f"ontology/queries/{name}.rq").read_text(encoding="utf-8"))
    names = [v.value for v in found.variables]
    return [{n: row[n].value for n in names if row[n] is not None} for row in found]


# Questions that one report cannot answer: they compare reports, or ask for what the example does right.
UNANSWERED = {"balance-gap", "same-indicator"}


def test_every_query_has_its_titles_and_answers(store: ox.Store, root: Path) -> None:
    # The twenty competency questions have data and answers of their own: tests/test_ontology_questions.py.
    paths = sorted(path for path in (root / "ontology/queries").glob("*.rq") if not path.stem.startswith("cq"))
    assert len(paths) >= 20
    for path in paths:
        lines = path.read_text(encoding="utf-8").splitlines()
        assert lines[0].startswith("# title: ")
        assert lines[1].startswith("# title-zh: ")
        assert bool(ask(store, root, path.stem)) == (path.stem not in UNANSWERED), path.stem


def test_rdflib_gives_as_many_rows(store: ox.Store, root: Path) -> None:
    g = rdflib.Graph()
    triples = [q.triple for q in store.quads_for_pattern(None, None, None, ox.DefaultGraph())]
    g.parse(data=ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"", format="nt")
    for name in (
        "contract-a",
        "contract-b",
        "contract-c",
        "contract-d",
        "contract-e",
        "growth-base",
        "parts",
        "by-sponsor",
    ):
        query = (root / f"ontology/queries/{name}.rq").read_text(encoding="utf-8")
        assert len(list(g.query(query))) == len(ask(store, root, name)), name


def test_contract_a(store: ox.Store, root: Path) -> None:
    assert ask(store, root, "contract-a") == [
        {
            "name": "云湖市青萝博物馆",
            "year": "2024",
            "sponsor": "云湖市文化和旅游局",
            "address": "云湖市芦荻区望星路7号",
            "capital": "8605000",
            "staff": "41",
            "open": "12043700",
            "close": "11902000",
        }
    ]


def test_contract_b_finds_every_level(store: ox.Store, root: Path, case: Record) -> None:
    rows = ask(store, root, "contract-b")
    assert len(rows) == sum(metric.kind == "level" for metric in case.metrics)
    assert {row["number"] for row in rows} == {"0", "1", "1.1", "2"}


def test_contract_c(store: ox.Store, root: Path) -> None:
    assert ask(store, root, "contract-c") == [{"label": "接待观众", "percent": "10.67", "basis": NBC + "yearOnYear"}]


def test_contract_d_and_its_stricter_form(store: ox.Store, root: Path) -> None:
    assert len(ask(store, root, "contract-d")) == 4
    assert {row["award"] for row in ask(store, root, "contradiction")} == {
        "全省优秀社教案例",
        "先进集体",
        "全省博物馆评估第二名",
    }


def test_contract_e(store: ox.Store, root: Path) -> None:
    assert [row["f"] for row in ask(store, root, "contract-e")] == [F]


def test_competency_questions(store: ox.Store, root: Path) -> None:
    (assets,) = ask(store, root, "net-assets")
    assert (assets["difference"], assets["percent"]) == ("-141700", "-1.18")
    (growth,) = ask(store, root, "growth-base")
    assert growth["impliedBase"] == "236107"
    (parts,) = ask(store, root, "parts")
    assert (parts["sum"], parts["within"], parts["equal"]) == ("82000", "true", "false")
    tree = {row["number"]: row["quantities"] for row in ask(store, root, "outline")}
    assert tree == {"0": "1", "1": "9", "2": "5"}
    (sponsor,) = ask(store, root, "by-sponsor")
    assert (sponsor["reports"], sponsor["staffTotal"], sponsor["assetsTotal"]) == ("1", "41", "11902000")
    (gap,) = ask(store, root, "capital-gap")
    assert gap["percent"] == "38.3"


# --- escaping


awkward = st.text(max_size=30) | st.sampled_from(
    ['"', "\\", "\n\r\t", "'''", '"""', "\u2028\x85", "𠀀", "@zh", "<>", "\x00\x7f"]
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=awkward.filter(str.strip), words=st.lists(awkward, min_size=8, max_size=8))
def test_any_text_survives_every_format(name: str, words: list[str]) -> None:
    record = small(
        name=name,
        other_names=(words[0],),
        sponsors=(words[1],),
        address=words[2],
        performance=Section(stated=words[3]),
        activities=(Activity(number=words[4], heading=words[5], start=0, end=1),),
        metrics=(metric(subject=words[6], unit=words[7], stated=words[2], activity=words[4]),),
        events=(Event(kind="award", name=words[5], recipient=words[0] + "局", start=0, end=1),),
    )
    quads = set(rdf.quads(record))
    triples = {quad.triple for quad in quads}
    assert set(ox.parse(rdf.serialize(quads, "nquads"), format=ox.RdfFormat.N_QUADS)) == quads
    assert set(ox.parse(rdf.serialize(quads, "trig"), format=ox.RdfFormat.TRIG)) == quads
    assert {q.triple for q in ox.parse(rdf.serialize(quads, "turtle"), format=ox.RdfFormat.TURTLE)} == triples
    g = rdflib.Graph().parse(data=rdf.serialize(quads, "turtle"), format="turtle")
    assert {(str(s), str(p), str(o)) for s, p, o in g} == {
        (t.subject.value, t.predicate.value, t.object.value) for t in triples
    }


# --- the real report


def test_the_real_report_answers_the_contract(seed: Path, root: Path) -> None:
    from nianbao.report import read_report  # here, so that the mapping can be tested without the reader

    record = read_report(seed)
    store = ox.Store()
    store.extend(ox.Quad(q.subject, q.predicate, q.object) for q in rdf.quads(record))
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in ontology.triples())
    assert ask(store, root, "contract-a") == [
        {
            "name": "深圳市公共信用中心",
            "year": "2024",
            "sponsor": "深圳市市场监督管理局",
            "address": "深圳市福田区香蜜湖街道竹子林七路2号益华大厦3-5层",
            "capital": "11000000",
            "staff": "59",
            "open": "14329300",
            "close": "18102100",
        }
    ]
    figures = {(row["value"], row.get("item")) for row in ask(store, root, "contract-b")}
    assert {("2613000000", "条"), ("608700", "件"), ("1450000", "卷")} <= figures
    growth = {(row["percent"], row["basis"].removeprefix(NBC)) for row in ask(store, root, "contract-c")}
    assert {("10.67", "basisNotStated"), ("3.81", "basisNotStated"), ("6.11", "yearOnYear")} <= growth
    assert ask(store, root, "contract-d")
    assert len(ask(store, root, "contract-e")) == 1


def test_a_form_filler_that_strayed_into_a_registered_item_is_cut_off() -> None:
    from nianbao.record import Record, Source

    record = Record(
        source=Source(path="a", sha256="0"),
        text="",
        year=2024,
        name="砚湖县图书馆",
        address="砚湖县书院路6号 联系人：苗小满 电话：0000-1234567",
        legal_representative="温如言 联系电话：0000-1234567",
    )
    everything = "\n".join(map(str, rdf.quads(record)))
    assert "砚湖县书院路6号" in everything
    assert "温如言" in everything
    assert "苗小满" not in everything
    assert "1234567" not in everything
