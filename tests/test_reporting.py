"""What people get of an audit: groups, grades, waivers, gates, and every format."""

import csv
import io
import json
import re
from dataclasses import replace
from datetime import date
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pyoxigraph as ox
import pytest

from nianbao.errors import AuditError, StoreError
from nianbao.mapping import ontology
from nianbao.quality.audit import Audit, Note
from nianbao.quality.findings import Evidence, Finding
from nianbao.quality.reporting import charts, gates, measures, population, table, text
from nianbao.quality.reporting.measures import DIMENSIONS
from nianbao.quality.reporting.outcome import (
    AUDIT_FORMATS,
    By,
    Outcome,
    outcome,
    outcome_of_data,
    outcome_of_store,
    rendered,
)
from nianbao.quality.reporting.population import Report, Scope
from nianbao.quality.reporting.waivers import Waiver, load_waivers
from nianbao.quality.rulebook import rulebook
from nianbao.quality.shapes import Text, rules
from nianbao.storage.store import open_store
from nianbao.vocabulary import DATA, NBC, expand

TODAY = date(2026, 1, 15)
BOOK = rulebook()


def report(number: int, year: int = 2024, *, sponsor: str = "某市文化局", audited: bool = True) -> Report:
    return Report(
        iri=f"{DATA}report/k{number}/{year}",
        filing=f"{DATA}filing/k{number}/{year}/1",
        name=f"第{number}图书馆",
        year=year,
        sponsors=(sponsor,),
        division="450103" if number % 2 else "110101",
        audited=audited,
    )


def finding(of: Report, rule: str = "F06", quote: str = "净资产3万元") -> Finding:
    check = next(check for each in rules() if each.id == rule for check in each.checks)
    return Finding(
        rule=rule,
        severity=check.severity,
        report=of.iri,
        institution=of.name,
        year=of.year,
        focus=of.filing + "/x",
        message=Text("与开办资金相差过大", "far from the initial capital"),
        evidence=Evidence(quote, 5, 5 + len(quote), of.filing + "#char=5,11") if quote else None,
        fault="source",
        source=check.basis,
        filing=of.filing,
        shape=check.shape,
        component=expand("sh:SPARQLConstraintComponent"),
    )


ONE, TWO, OLD = report(1), report(2, sponsor="某市教育局"), report(1, 2023)
FOUND = [finding(ONE), finding(ONE, "R03", ""), finding(TWO, "R03", ""), finding(OLD, "S04")]


def done(
    findings: list[Finding] | None = None, reports: tuple[Report, ...] = (ONE, TWO, OLD), **more: object
) -> Outcome:
    return outcome(FOUND if findings is None else findings, reports, BOOK, today=TODAY, **more)  # type: ignore[arg-type]


def waiver(**changes: object) -> Waiver:
    made = Waiver(
        rule="F06", report=ONE.iri, reason="已受理", who="登记科", until=date(2026, 3, 31), place="w: waiver 1"
    )
    return replace(made, **changes)  # type: ignore[arg-type]


# --- groups


def test_groups_hold_their_findings_and_all_their_reports() -> None:
    by_sponsor = {group.key: group for group in done().groups("sponsor", "zh")}
    assert [len(by_sponsor["某市文化局"].reports), len(by_sponsor["某市文化局"].findings)] == [2, 3]
    assert len(by_sponsor["某市教育局"].findings) == 1
    assert [group.label for group in done().groups("year", "zh")] == ["2023", "2024"]
    assert {group.label for group in done().groups("division", "en")} == {"Guangxi", "Beijing"}
    narrower = done(scope=Scope(division="45"))
    assert "广西 450103" in {group.label for group in narrower.groups("division", "zh")}
    assert done().groups("rule", "zh")[0].key == "R03"  # the one with violations comes first


def test_a_scope_holds_what_it_says() -> None:
    assert Scope(sponsor="教育").holds(TWO)
    assert not Scope(sponsor="教育").holds(ONE)
    assert Scope(division="45", year=2023).holds(OLD)
    assert not Scope(division="45", year=2023).holds(ONE)


def test_divisions_by_digits_and_by_name() -> None:
    assert population.division_of("12450103MB00000010") == "450103"
    assert population.division_of("12990103MB00000010") == population.division_of("") == ""
    assert population.division_named("广西壮族自治区") == population.division_named("guangxi") == "45"
    assert population.division_named("4501") == "4501"
    assert population.division_named("9") is population.division_named("nowhere") is None


# --- measurements and grades


def test_a_check_is_one_rule_on_one_report() -> None:
    found = {measure.dimension: measure for measure in done().measures}
    complete = [each for each in BOOK.rules if each.dimension == "completeness" and not each.restricted]
    assert found["completeness"].checked == 3 * len(complete)
    assert found["completeness"].failed == 2  # R03 on two reports
    twice = [*FOUND, replace(FOUND[1], focus=ONE.filing + "/y")]
    assert {m.dimension: m.failed for m in done(twice).measures}["completeness"] == 2
    assert done(rule="R03").measures[0].checked == 3


def test_restricted_rules_and_unaudited_reports_are_no_checks() -> None:
    run = {rule for each in done().dimensions.values() for rule in each}
    assert "X19" not in run
    assert "X01" in run
    alone = outcome_of_data([Audit([], (), (ONE.filing,))], BOOK)
    assert not any(rule.startswith("X") for each in alone.dimensions.values() for rule in each)
    stale = done([], (ONE, report(3, audited=False)))
    assert {measure.reports for measure in stale.measures} == {1}


def test_five_grades_and_small_populations() -> None:
    each, small = measures.grades()
    assert [grade.letter for grade in each] == list("ABCDE")
    assert each[-1].min == 0
    letters = [measures.Measure("accuracy", 1, 1000, failed).grade.letter for failed in (0, 10, 11, 70, 150, 151, 1000)]
    assert letters == ["A", "A", "B", "C", "D", "E", "E"]
    assert measures.Measure("accuracy", 1, small - 1, 0).small
    assert not measures.Measure("accuracy", 1, small, 0).small


def test_a_trend_has_the_years_in_order() -> None:
    assert list(done().trend) == ["2023", "2024"]
    assert done().trend["2024"][0].reports == 2


# --- waivers


def test_a_waived_finding_is_shown_and_does_not_count() -> None:
    plain, with_one = done([FOUND[0]], (ONE,)), done([FOUND[0]], (ONE,), waivers=[waiver()])
    assert plain.failing("warning")
    assert not with_one.failing("warning")
    assert with_one.counts["warning"] == 0
    assert with_one.measures == plain.measures  # a waiver betters no grade
    for form in AUDIT_FORMATS:
        assert "已受理" in rendered(with_one, form, "zh"), form


@pytest.mark.parametrize(
    ("change", "code"),
    [({"until": date(2026, 1, 14)}, "NB-AUDIT-WAIVER-EXPIRED"), ({"report": TWO.iri}, "NB-AUDIT-WAIVER-UNUSED")],
)
def test_waivers_that_are_over_or_cover_nothing_are_told(change: dict[str, object], code: str) -> None:
    found = done(waivers=[waiver(**change)])
    assert not found.waivers
    assert code in found.notes[0].text.zh
    assert "w: waiver 1" in found.notes[0].text.en
    assert code in rendered(found, "text", "en")


def test_a_waiver_holds_on_its_last_day_and_may_name_the_focus() -> None:
    assert done(waivers=[waiver(until=TODAY)]).waivers
    assert done(waivers=[waiver(report="", focus=FOUND[0].focus)]).waivers
    assert not done(waivers=[waiver(report="", focus=FOUND[0].focus + "/other")]).waivers


GOOD = 'rule = "F06"\nreport = "https://a.example/r"\nreason = "r"\nwho = "w"\nuntil = 2027-01-01\n'


def test_waivers_are_read(tmp_path: Path) -> None:
    path = tmp_path / "w.toml"
    path.write_text("[[waiver]]\n" + GOOD, encoding="utf-8")
    (one,) = load_waivers(path, {"F06"})
    assert (one.rule, one.until, one.place) == ("F06", date(2027, 1, 1), f"{path}: waiver 1")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("[[waiver", "not valid TOML"),
        ("waivers = 1", "[[waiver]]"),
        ("waiver = [1]", "no table"),
        ("[[waiver]]\n" + GOOD.replace('"F06"', '"F99"'), "there is no rule 'F99'"),
        ("[[waiver]]\n" + GOOD.replace('reason = "r"\n', ""), "reason is missing"),
        ("[[waiver]]\n" + GOOD.replace("2027-01-01", '"soon"'), "until is missing or no date"),
        ("[[waiver]]\n" + GOOD.replace('report = "https://a.example/r"\n', ""), "names no report"),
        ("[[waiver]]\n" + GOOD.replace("https://a.example/r", "r"), "report is no IRI"),
        ("[[waiver]]\n" + GOOD + 'why = "x"\n', "there is no key 'why'"),
    ],
)
def test_wrong_waivers_name_file_place_reason_and_remedy(tmp_path: Path, content: str, words: str) -> None:
    path = tmp_path / "w.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(AuditError) as raised:
        load_waivers(path, {"F06"})
    assert words in str(raised.value)
    assert str(path) in str(raised.value)
    assert raised.value.remedy
    assert raised.value.code == "NB-AUDIT-WAIVER"


# --- gates


def test_what_is_not_shown_counts_too() -> None:
    """A list of the notes is no passed audit where there are violations; a waived one still does not count."""
    shown = done(severity="info")
    assert not shown.counts["violation"]
    assert any(finding.severity == "violation" for finding in FOUND)
    assert shown.failing("violation")
    assert not shown.failing("never")
    none = done([finding for finding in FOUND if finding.severity == "info"], severity="info")
    assert not none.failing("warning")
    waived_ = done([found for found in FOUND if found.rule == "F06" and found.report == ONE.iri], severity="info")
    assert waived_.failing("warning")
    accepted = done(
        [found for found in FOUND if found.rule == "F06" and found.report == ONE.iri],
        severity="info",
        waivers=[waiver()],
    )
    assert not accepted.failing("warning")


def test_too_little_fails_and_too_much_warns() -> None:
    before = {"reports": gates.Bound(100), "fill.address": gates.Bound(0.9), "sponsors": gates.Bound(10, least=2)}
    assert gates.judge({"reports": 95, "fill.address": 0.9, "sponsors": 2}, before) == []
    found = gates.judge({"reports": 94, "fill.address": 0.84, "sponsors": 1}, before)
    assert [(gate.name, gate.severity) for gate in found] == [
        ("reports", "violation"),
        ("fill.address", "violation"),
        ("sponsors", "violation"),
    ]
    assert [gate.severity for gate in gates.judge({"reports": 151, "fill.address": 1, "sponsors": 9}, before)] == [
        "warning"
    ]
    assert [gate.name for gate in gates.judge({}, before)] == list(before)  # what is gone fails
    failed = done([], (ONE,), gates=found)
    assert failed.failing("violation")
    assert not done([], (ONE,), gates=[gates.Gate("reports", "warning", Text("多", "many"))]).failing("violation")
    for form in ("text", "html", "turtle"):
        assert "fill.address" in rendered(failed, form, "zh")


def test_a_baseline_survives_and_keeps_what_a_person_set(tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    gates.save_baseline(path, {"reports": 10, "fill.address": 0.5})
    said = json.loads(path.read_text())
    said["measures"]["reports"]["min"] = 7
    path.write_text(json.dumps(said))
    gates.save_baseline(path, {"reports": 12, "fill.address": 0.6})
    assert gates.load_baseline(path) == {"reports": gates.Bound(12, 7), "fill.address": gates.Bound(0.6)}


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"version": 9}', '{"version": 1, "measures": {"x": {"value": "many"}}}']
)
def test_a_wrong_baseline_is_told(tmp_path: Path, content: str) -> None:
    path = tmp_path / "b.json"
    path.write_text(content)
    with pytest.raises(AuditError) as raised:
        gates.load_baseline(path)
    assert raised.value.code == "NB-AUDIT-BASELINE"
    with pytest.raises(AuditError, match="--save-baseline"):
        gates.load_baseline(tmp_path / "absent")


# --- what could not be checked


def test_what_was_not_checked_stands_in_every_format_and_is_not_passed() -> None:
    stale = done([], (ONE, report(3, audited=False)))
    for form in AUDIT_FORMATS:
        shown = rendered(stale, form, "zh")
        assert "未经现行规则审核" in shown, form
    assert stale.failing("violation")
    assert not stale.failing("never")
    assert "没有发现问题" not in rendered(done([], (report(3, audited=False),)), "text", "zh")
    (line,) = map(json.loads, rendered(stale, "json", "zh").splitlines())
    assert (line["rule"], line["report"]) == ("NB-STORE-STALE", report(3).iri)


def test_a_run_that_was_not_complete_stands_in_every_format() -> None:
    note = Note(Text("本体中没有 nb:x", "the ontology has no nb:x"), fails=True)
    broken = outcome_of_data([Audit([], (note,), (ONE.filing,))], BOOK)
    assert broken.failing("violation")
    for form in AUDIT_FORMATS:
        assert "本体中没有 nb:x" in rendered(broken, form, "zh"), form
    assert "sh:conforms false" in rendered(broken, "turtle", "zh")


def test_a_gate_that_is_not_passed_stands_in_every_format() -> None:
    gate = gates.Gate("reports", "warning", Text("报告过多", "too many reports"))
    many = done([], (ONE,), gates=[gate])
    for form in AUDIT_FORMATS:
        assert "报告过多" in rendered(many, form, "zh"), form
    (line,) = map(json.loads, rendered(many, "json", "zh").splitlines())
    assert (line["rule"], line["severity"], line["report"], line["year"]) == ("NB-AUDIT-GATE", "warning", "", None)
    assert set(line) == set(finding(ONE).to_json())
    assert "sh:resultSeverity sh:Warning" in rendered(many, "turtle", "zh")
    assert many.counts["warning"] == 0  # it is no finding on a report


def test_restricted_findings_are_in_no_format() -> None:
    secret = replace(finding(ONE, "X19"), message=Text("同名：某某", "same name: So-and-so"))
    for form in AUDIT_FORMATS:
        assert "So-and-so" not in rendered(done([secret], (ONE,)), form, "en")
        assert "某某" not in rendered(done([secret], (ONE,)), form, "zh")


# --- formats


def test_text_gives_counts_then_grades_then_groups() -> None:
    shown = rendered(done(), "text", "zh")
    lines = shown.splitlines()
    assert lines[0] == "3 份报告，4 条发现：违反 2，警告 1，提示 1"
    assert re.match(r"  准确性 +[A-E] ", lines[1])
    assert "原文 [5–11] 净资产3万元" in shown
    assert "处理 " in shown
    assert "\x1b[" not in shown
    assert "\x1b[31m违反" in text.format_text(done(), "zh", colour=True)
    assert "4 findings in 3 reports" in rendered(done(), "text", "en")
    summary = rendered(done(), "text", "zh", by="sponsor", summary=True).splitlines()
    assert summary[-1].startswith("某市教育局：")
    assert rendered(done([]), "text", "zh").startswith("没有发现问题。")


def test_csv_opens_in_a_spreadsheet_and_holds_no_formula() -> None:
    hostile = finding(ONE, quote='=HYPERLINK("http://a.example")')
    shown = table.format_csv(done([hostile], (ONE,)))
    assert shown.startswith("\ufeff")
    header, row = csv.reader(io.StringIO(shown.removeprefix("\ufeff")))
    said = dict(zip(header, row, strict=True))
    assert said["quote"].startswith("'=")
    assert (said["sponsor"], said["division"], said["waived"]) == ("某市文化局", "450103", "no")
    assert said["remedy_zh"]


def test_json_keeps_the_keys_of_the_contract_and_adds_the_waiver_alone() -> None:
    lines = [json.loads(line) for line in rendered(done(waivers=[waiver()]), "json", "zh").splitlines()]
    keys = {"rule", "severity", "report", "institution", "year", "focus", "message", "evidence", "fault", "source"}
    assert [set(line) - keys for line in lines if line["rule"] == "F06"] == [{"waiver"}]
    assert all(set(line) == keys for line in lines if line["rule"] != "F06")


def test_turtle_is_one_shacl_report_with_measurements() -> None:
    store = ox.Store()
    store.load(rendered(done(waivers=[waiver()]), "turtle", "zh").encode(), format=ox.RdfFormat.TURTLE)

    def rows(query: str) -> list[list[str]]:
        prefixes = "".join(f"PREFIX {name}: <{expand(name + ':')}> " for name in ("sh", "dqv", "nbc", "prov"))
        found = store.query(prefixes + query)
        assert isinstance(found, ox.QuerySolutions)
        return [[term.value for term in row] for row in found]

    assert rows("SELECT (COUNT(?r) AS ?n) (SAMPLE(?c) AS ?x) { ?r a sh:ValidationReport ; sh:conforms ?c }") == [
        ["1", "false"]
    ]
    assert rows("SELECT (COUNT(?r) AS ?n) { ?report sh:result ?r . ?r sh:sourceShape ?s ; sh:resultMessage ?m }") == [
        ["8"]
    ]
    assert rows("SELECT (COUNT(?r) AS ?n) { ?r dqv:hasQualityAnnotation ?w }") == [["1"]]
    batch = rows("""SELECT ?checked ?failed ?rate { ?b a <http://www.w3.org/ns/dcat#Dataset> .
        ?x dqv:computedOn ?b ; dqv:isMeasurementOf nbc:completenessChecked ; dqv:value ?checked .
        ?y dqv:computedOn ?b ; dqv:isMeasurementOf nbc:completenessFailed ; dqv:value ?failed .
        ?z dqv:computedOn ?b ; dqv:isMeasurementOf nbc:completenessRate ; dqv:value ?rate }""")
    measured = next(m for m in done().measures if m.dimension == "completeness")
    assert [batch[0][:2], float(batch[0][2])] == [[str(measured.checked), "2"], round(measured.rate, 4)]
    each = rows(f"SELECT (COUNT(?m) AS ?n) {{ ?m dqv:computedOn <{ONE.filing}> }}")
    assert each == [[str(3 * len(done().measures))]]


def test_what_turtle_names_of_our_codes_is_declared_in_the_ontology() -> None:
    printed = list(ox.parse(rendered(done(waivers=[waiver()]), "turtle", "zh").encode(), format=ox.RdfFormat.TURTLE))
    used = {term.value for quad in printed for term in quad.triple if isinstance(term, ox.NamedNode)}
    declared = ontology.triples()
    metrics = {triple.subject.value for triple in declared if str(triple.object) == f"<{expand('dqv:Metric')}>"}
    assert {iri for iri in used if iri.startswith(NBC)} <= {str(triple.subject)[1:-1] for triple in declared}
    assert metrics == {NBC + dimension + name for dimension in DIMENSIONS for name in ("Checked", "Failed", "Rate")}
    for metric in metrics:
        said = [triple for triple in declared if triple.subject == ox.NamedNode(metric)]
        values = {triple.predicate.value: triple.object for triple in said}
        assert metric.startswith(values[expand("dqv:inDimension")].value)
        assert values[expand("dqv:expectedDataType")].value.startswith(expand("xsd:"))
        for name in ("skos:prefLabel", "skos:definition"):
            assert {triple.object.language for triple in said if triple.predicate.value == expand(name)} == {"zh", "en"}


class Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("src", "href", "xlink:href")]

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_html_is_one_file_that_fetches_nothing_and_runs_nothing(lang: str) -> None:
    hostile = finding(ONE, quote="<script>alert(1)</script>")
    shown = rendered(done([hostile, *FOUND], waivers=[waiver(reason="<b>ok</b>")]), "html", lang)
    page = Page(shown)
    assert not page.open
    assert not page.links
    assert "script" not in page.tags
    assert "b" not in page.tags
    assert page.tags.count("svg") > 10
    assert "&lt;script&gt;alert(1)" in shown
    assert "@page" in shown
    assert "url(" not in shown
    assert ("处理：" if lang == "zh" else "To do: ") in shown


def test_html_says_what_it_leaves_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nianbao.quality.reporting.page.FINDINGS", 2)
    shown = rendered(done(), "html", "zh")
    assert "此处列出前 2 条，共 4 条，2 条未列" in shown
    assert shown.count('<div class="finding') == 2
    assert "2 are left out" in rendered(done(), "html", "en")


@pytest.mark.parametrize("by", ["report", "rule", "sponsor", "division", "year"])
def test_html_lists_findings_under_the_headings_asked_for(by: By, monkeypatch: pytest.MonkeyPatch) -> None:
    audited = done()
    groups = [group for group in audited.groups(by, "zh") if group.findings]
    shown = rendered(audited, "html", "zh", by=by)
    assert shown.count("<section>") == len(groups)
    assert shown.count('<div class="finding') == sum(len(group.findings) for group in groups)
    for group in groups:
        assert f"<h3>{escape(group.label)} " in shown
    for finding in audited.findings if by != "report" else ():  # or nobody knows which report is meant
        assert f"<p>{escape(f'{finding.institution} {finding.year} {finding.message.zh}')}</p>" in shown
    monkeypatch.setattr("nianbao.quality.reporting.page.FINDINGS", 1)
    cut = rendered(audited, "html", "zh", by=by)
    assert cut.count('<div class="finding') == 1
    left = len(groups[0].findings) - 1
    assert (f"本组还有 {left} 条未列出" in cut) is bool(left)
    rest = sum(len(group.findings) for group in groups[1:])
    assert (f"另有 {len(groups) - 1} 组、{rest} 条未列出" in cut) is bool(rest)


def test_charts_say_in_words_what_they_show() -> None:
    assert 'aria-label="违反 1"' in charts.bar([("violation", 1)], 2, "违反 1")
    assert charts.bar([("violation", 1)], 0, "").count("<rect") == 1
    assert "2023 A 99%; 2024 B 97%" in charts.trend([("2023", 0.99, "A 99%"), ("2024", 0.97, "B 97%")], "x")
    assert charts.trend([], "x") == ""
    assert charts.trend([("2023", 0.99, "A")], "x").count("<circle") == 1


@pytest.mark.parametrize(
    ("shares", "below"),
    [([0.95, 0.91, 1.0], [1]), ([0.9, 1.0, 0.9], [0, 2]), ([1.0, 1.0], []), ([0.91, 0.5, 0.91], [1])],
)
def test_the_labels_of_a_trend_stand_where_its_line_leaves_room(shares: list[float], below: list[int]) -> None:
    points = [(str(2020 + n), share, f"D {share:.0%}") for n, share in enumerate(shares)]
    drawn = charts.trend(points, "x")
    dots = [float(y) for y in re.findall(r'<circle cx="[^"]+" cy="([^"]+)"', drawn)]
    words = [float(y) for y in re.findall(r'<text x="[^"]+" y="([^"]+)"', drawn)]
    assert [n for n, (dot, word) in enumerate(zip(dots, words, strict=True)) if word > dot] == below
    axis = float(re.findall(r'<line class="axis"[^>]* y1="([^"]+)"', drawn)[0])
    assert max(words) < axis


# --- of a store


def test_the_outcome_of_a_store(served: Path) -> None:
    store = open_store(str(served), read_only=True)
    whole = outcome_of_store(store, BOOK)
    assert len(whole.reports) == 3
    assert not whole.unchecked
    assert whole.reports[0].sponsors
    assert all(report.division for report in whole.reports if "/1245" in report.iri)
    one = outcome_of_store(store, BOOK, scope=Scope(year=2023))
    assert {found.year for found in one.findings} == {2023}
    assert len(one.reports) == 1
    warnings = outcome_of_store(store, BOOK, severity="warning")
    assert {found.severity for found in warnings.findings} == {"warning"}
    assert warnings.measures == whole.measures
    with pytest.raises(StoreError, match="no report of this sponsor"):
        outcome_of_store(store, BOOK, scope=Scope(sponsor="nobody"))


def test_the_profile_of_a_store(served: Path) -> None:
    found = gates.profile(open_store(str(served), read_only=True))
    assert found["reports"] == 3
    assert found["institutions"] == 2
    assert all(0 <= value <= 1 for name, value in found.items() if name.startswith("fill."))
    assert found["fill.legal-name"] == 1
