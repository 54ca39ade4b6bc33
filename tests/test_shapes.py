"""The rules themselves: complete, in both languages, and right on fixtures that break one rule each or just do not."""

import json
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import Graph, URIRef

from nianbao.errors import ShapesError
from nianbao.mapping import likeness
from nianbao.quality import audit, listing, shapes
from nianbao.quality.rulebook import rulebook
from nianbao.vocabulary import PREFIXES

HERE = Path(__file__).parent / "shapes"
FILING = "https://data.example/filing/n-0000000000aa/2024/1"
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())

TERMS = """NodeShape PropertyShape targetClass path alternativePath severity message minCount maxCount not pattern in
sparql prefixes select declare prefix namespace Violation Warning Info minInclusive maxInclusive"""

# Severities as in the rule tables of the domain; where one differs, the rule's comment says why.
SEVERITIES = {
    name: tuple({"V": "violation", "W": "warning", "I": "info"}[grade] for grade in grades)
    for grades, names in {
        "V": "ID02 ID03 ID04 ID06 R01 R02 R03 R04 R05 R06 R07 R08 R09 A06 Q01 X02 X03 X08 X10 X11 X18",
        "W": "ID05 ID07 ID08 R10 R11 R12 R13 R14 F03 F04 F06 C01 C02 A01 A02 A05 A10 L02 L03 S02 Q03 "
        "X04 X05 X06 X07 X12 X14 X15 X20",
        "I": "ID09 F01 F05 F07 F08 N01 N02 A03 A08 A09 L01 D01 S01 S04 Q02 X09 X13 X16 X17 X19",
        "VW": "ID01 F02 P01",
        "WI": "A04 A07 X01",
        "VWI": "S03",
    }.items()
    for name in names.split()
}


def changed(update: Path | None) -> ox.Store:
    """The good filing, after an update on it."""
    store = ox.Store()
    store.load(path=HERE / "good.ttl", format=ox.RdfFormat.TURTLE)
    if update:
        store.update(PROLOGUE + update.read_text(encoding="utf-8"), base_iri=FILING + "/")
    return store


@cache
def findings(update: Path | None = None) -> list[audit.Finding]:
    """The findings on the good filing, after an update on it."""
    return audit.check(changed(update))


def finding_of(shape: str) -> audit.Finding:
    """What the shape of this name finds in the fixture that breaks it."""
    (finding,) = (finding for finding in findings(HERE / "bad" / f"{shape}.ru") if local(finding) == shape)
    return finding


def local(finding: audit.Finding) -> str:
    return finding.shape.rpartition("/")[2]


def test_all_rules_are_there_with_their_severities() -> None:
    assert {rule.id: rule.severities for rule in shapes.rules()} == SEVERITIES


def test_a_filing_that_breaks_nothing_has_no_findings() -> None:
    assert findings() == []


@pytest.mark.parametrize("path", sorted((HERE / "good").glob("*.ru")), ids=lambda path: path.stem)
def test_what_looks_like_a_breach_and_is_none(path: Path) -> None:
    assert [(finding.rule, finding.message.en) for finding in findings(path)] == []


@pytest.mark.parametrize("path", sorted((HERE / "bad").glob("*.ru")), ids=lambda path: path.stem)
def test_each_shape_finds_its_breach_and_nothing_else(path: Path) -> None:
    """A name is that of the shape, with ``~`` and what is special; ``# also:`` names others that must fire."""
    name = path.stem.partition("~")[0]
    also = re.findall(r"^# also: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
    found = findings(path)
    assert sorted(local(finding) for finding in found) == sorted([name, *also])
    finding = next(finding for finding in found if local(finding) == name)
    check = shapes.checks()[f"{PREFIXES['nbs']}{name}"]
    assert (finding.rule, finding.severity, finding.fault) == (check.rule, check.severity, check.fault)
    assert finding.filing == FILING
    assert finding.institution == ("霁川县图书馆")
    assert finding.year == 2024 or check.rule == "ID06"
    assert finding.report == "https://data.example/report/n-0000000000aa/2024"
    assert finding.focus == FILING or finding.focus.startswith(FILING + "/")
    for text in finding.message:
        assert "{" not in text
        assert "…" not in text
    assert re.search("[一-鿿]", finding.message.zh)
    assert not re.search("[一-鿿]", re.sub("“[^”]*”|无|公益|政务|分别", "", check.message.en))


def test_every_shape_has_a_fixture_that_breaks_it() -> None:
    shapes_there = {iri.rpartition("/")[2] for iri, check in shapes.checks().items() if not check.across}
    assert shapes_there == {path.stem.partition("~")[0] for path in (HERE / "bad").glob("*.ru")}


@pytest.mark.parametrize("path", [None, *sorted((HERE / "bad").glob("*.ru"))], ids=lambda path: path and path.stem)
def test_the_queries_find_the_same_on_another_engine(path: Path | None) -> None:
    """The queries are plain SPARQL 1.1: Oxigraph, given ``$this``, finds what the SHACL engine does."""
    store = changed(path)
    found = Counter(finding.shape for finding in findings(path))
    for check in shapes.checks().values():
        if check.select and not check.across:
            rows = store.query(PROLOGUE + check.select, substitutions={ox.Variable("this"): ox.NamedNode(FILING)})
            assert isinstance(rows, ox.QuerySolutions)
            assert len(list(rows)) == found[check.shape], check.shape


MESSAGES = {
    "F06": ("306.16", "186", "64.6"),
    "F02": ("-186",),
    "F03": ("192150000",),
    "R13": ("事业费",),
    "C02": ("2023", "2024"),
    "A01": ("200",),
    "A05": ("全省全民阅读先进单位",),
    "A05-incident": ("因消防隐患被处罚",),
    "A06": ("文献外借按时归还率", "103.5"),
    "A07": ("134000", "126000", "12.6万人次"),
    "ID02-check": ("12341400FX0000018F", "E"),
    "ID03": ("12341400FX0000015", "8"),
    "ID05": ("990000",),
    "ID06-range": ("1924", "1999"),
    "ID08": ("荀若冰", "荀若水"),
    "F07": ("125", "201.3", "61"),
    "F08": ("201.3",),
    "S04": ("2025-03-14", "2025-03-12"),
    "L02": ("出版物经营许可证", "2024-12-30", "2024"),
    "A04": ("2025", "2024"),
    "A04-old": ("4", "3"),
    "A08": ("图书、期刊、报纸分别新增3,120册、86种",),
    "A09": ("接待读者", "12.5%"),
    "A10": ("4,120人次", "3800人次"),
    "Q02": ("2", "0.3", "0.5"),
    "Q03-marks": ("《》",),
    "S03-late": ("2025-04-01", "2025-03-31"),
    "S03-early": ("2024-12-31", "2025-01-01"),
}


@pytest.mark.parametrize(("shape", "figures"), MESSAGES.items(), ids=list(MESSAGES))
def test_messages_name_the_figures_in_both_languages(shape: str, figures: tuple[str, ...]) -> None:
    finding = finding_of(shape)
    for text in finding.message:
        for figure in figures:
            assert figure in text


def test_figures_read_with_low_confidence_are_named_in_the_order_of_the_text() -> None:
    finding = finding_of("Q02")
    assert finding.message.zh.endswith("核对：“接待读者 12.6万人次”、“文献外借按时归还率 98.5%”。")
    assert finding.message.en.endswith("text “接待读者 12.6万人次”, “文献外借按时归还率 98.5%”.")
    assert finding.focus == FILING + "/q1-1"
    assert finding.evidence
    assert finding.evidence.quote == "12.6万人次"
    (many,) = findings(HERE / "bad" / "Q02~many.ru")
    assert "“开办资金 186万元”、“接待读者 12.6万人次”、" in many.message.zh
    assert many.message.zh.endswith("“文献外借按时归还率 98.5%”，另有 2 个。")
    assert many.message.en.endswith("“文献外借按时归还率 98.5%” and 2 more.")
    assert many.evidence
    assert many.evidence.quote == "186万元"


def test_one_figure_is_called_one() -> None:
    store = changed(None)
    store.update(PROLOGUE + "INSERT DATA { <q1-1> nb:confidence 0.41 }", base_iri=FILING + "/")
    (finding,) = audit.check(store)
    assert finding.message.en.startswith("1 figure was read")
    assert audit.check(store, engine="pyshacl") == [finding]


@pytest.mark.parametrize("name", ["Q02", "Q02~many", "ID02~institution", "ID05~institution", "S03-late~leap-day"])
def test_both_engines_say_the_same_of_lists_and_codes(name: str) -> None:
    path = HERE / "bad" / f"{name}.ru"
    assert audit.check(changed(path), engine="pyshacl") == findings(path)


def test_the_20_percent_rule_says_that_it_is_a_proxy() -> None:
    finding = finding_of("F06")
    assert finding.severity == "warning"
    assert "近似" in finding.message.zh
    assert "proxy" in finding.message.en


def test_nothing_is_printed_that_the_privacy_rule_forbids() -> None:
    for name in ("Q01", "Q01-role", "Q01-text"):
        finding = finding_of(name)
        assert finding.fault == "model"
        assert finding.evidence is None
        assert "000-00000000" not in str(finding)
        assert "13800000000" not in str(finding)


def test_every_rule_says_what_to_do_and_whose_fault_it_is() -> None:
    for rule in shapes.rules():
        assert len({check.remedy for check in rule.checks}) == 1, rule.id
        assert rule.remedy != shapes.COMPARE, rule.id
        assert rule.remedy.zh.endswith("。")
        assert rule.remedy.en.endswith(".")
        assert rule.faults


# --- thresholds


def test_the_numbers_in_the_queries_are_those_of_the_table() -> None:
    """An engine that reads the files alone takes the numbers that stand in the queries."""
    used: dict[str, set[str]] = {}
    for path in shapes.shape_files():
        for value, name in re.findall(r"BIND \(([-0-9.]+) AS \?(\w+)\)", path.read_text(encoding="utf-8")):
            used.setdefault(name, set()).add(value)
    assert used == {name: {f"{threshold.value:f}"} for name, threshold in shapes.thresholds().items()}


def test_a_threshold_of_ones_own(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text("capitalTolerance = 70\nnarrativeMinimum = 400\n")
    folder = shapes.with_thresholds(tmp_path / "own.toml")
    assert shapes.thresholds(folder)["capitalTolerance"].value == 70
    assert shapes.digest(folder) != shapes.digest()
    assert [rule.id for rule in shapes.rules(folder)] == [rule.id for rule in shapes.rules()]
    found = audit.check(changed(HERE / "bad" / "F06.ru"), rules=rulebook(folder))
    assert {finding.rule for finding in found} == {"A01", "F07"}
    assert any("不足 400 字" in finding.message.zh for finding in found)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("capitalTolerance = true", "no number"),
        ("capitalTolerance = inf", "no number"),
        ('capitalTolerance = "20 ) ."', "no number"),
        ("tolerance = 20", "no threshold"),
        ("20 per cent", "cannot be read"),
        (None, "cannot be read"),
    ],
)
def test_a_threshold_that_is_none_is_refused(tmp_path: Path, text: str | None, reason: str) -> None:
    if text is not None:
        (tmp_path / "own.toml").write_text(text)
    with pytest.raises(ShapesError, match=reason) as raised:
        shapes.with_thresholds(tmp_path / "own.toml")
    assert raised.value.code == "NB-SHAPES-THRESHOLD"
    assert raised.value.remedy


def test_article_numbers_are_printed_only_where_seen() -> None:
    for check in shapes.checks().values():
        for basis in check.bases:
            if not basis.seen:
                assert "条文" not in basis.label.zh
                assert not re.search(r"第[一二三四五六七八九十]+条", basis.label.zh)
                assert not re.search(r"article \d", basis.label.en)
            assert ("（原文未核对）" in basis.text.zh) == (basis.kind == "text" and not basis.verified)
            assert ("text not verified" in basis.text.en) == (basis.kind == "text" and not basis.verified)
    assert not shapes.checks()[f"{PREFIXES['nbs']}R08"].verified


def test_only_shacl_1_0_and_shacl_sparql_are_used() -> None:
    known = set(TERMS.split())
    for path in shapes.shape_files():
        for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE):
            for term in (quad.predicate, quad.object):
                if isinstance(term, ox.NamedNode) and term.value.startswith(PREFIXES["sh"]):
                    assert term.value.removeprefix(PREFIXES["sh"]) in known, (path.name, term)
    for check in shapes.checks().values():
        assert not re.search(r"\b(VALUES|MINUS|SERVICE|currentShape|shapesGraph)\b", check.select or "")


def test_queries_are_tied_to_their_filing() -> None:
    for check in shapes.checks().values():
        if check.select:
            assert re.search(r"SELECT( DISTINCT)? \$this\b", check.select)
            assert re.search(
                r"\$this (a nb:Filing|dcterms:|dcat:|nb:)|(nb:statedIn|dcat:hasCurrentVersion) \$this", check.select
            )


def test_the_shapes_are_valid_by_the_shapes_of_shacl() -> None:
    from pyshacl import validate

    graph = Graph()
    for path in shapes.shape_files():
        graph.parse(path)
    conforms, _, text = validate(Graph(), shacl_graph=graph, meta_shacl=True)
    assert conforms, text


def test_the_rules_page_is_current(root: Path) -> None:
    page = root / "docs/rules.md"
    assert page.read_text(encoding="utf-8") == listing.rules_page(), (
        "write docs/rules.md anew with listing.rules_page()"
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rules_as_text(lang: str) -> None:
    text = listing.format_rules("text", lang)
    for rule in shapes.rules():
        assert re.search(rf"^{rule.id} ", text, re.MULTILINE)
        assert rule.label.in_(lang) in text
        for basis in rule.bases:
            assert f"{basis.label.in_(lang)} [{basis.mark.in_(lang)}]" in text
        assert rule.remedy.in_(lang) in text


def test_the_digest_changes_with_the_files(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
        (folder / "a.ttl").write_text("# a\n")
    assert shapes.digest(one) == shapes.digest(two)
    three = tmp_path / "three"
    three.mkdir()
    (three / "a.ttl").write_text("# b\n")
    assert shapes.digest(three) != shapes.digest(one)


BROKEN = {
    "not Turtle": ("nbs:X a sh:NodeShape", "not Turtle", "NB-SHAPES"),
    "no files": (None, "no SHACL files", "NB-SHAPES"),
    "no label": ('nbs:X dcterms:identifier "X1" .', "dcterms:source", "NB-SHAPES-RULE"),
    "one language": (
        'nbs:X dcterms:identifier "X1" ; dcterms:source nbs:b ; rdfs:label "x"@en . nbs:b nb:basisVerified true .',
        "rdfs:label is not given once in zh and once in en",
        "NB-SHAPES-RULE",
    ),
    "no flag": (
        'nbs:X dcterms:identifier "X1" ; dcterms:source nbs:b . nbs:b rdfs:label "b"@en .',
        "nb:basisVerified",
        "NB-SHAPES-RULE",
    ),
}


@pytest.mark.parametrize(("text", "reason", "code"), BROKEN.values(), ids=list(BROKEN))
def test_shapes_that_are_no_rules_are_refused(tmp_path: Path, text: str | None, reason: str, code: str) -> None:
    if text is not None:
        prologue = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
        (tmp_path / "x.ttl").write_text(prologue + text)
    with pytest.raises(ShapesError, match=reason) as raised:
        shapes.rules(tmp_path)
    assert raised.value.code == code
    assert raised.value.remedy


def test_what_a_rule_does_not_look_at_is_said() -> None:
    """Short texts have no fingerprint, so no narrative of fewer characters is ever compared."""
    notes = {rule.id: rule.notes for rule in shapes.rules() if rule.notes}
    for rule in ("X15", "X16"):
        assert str(likeness._SHORTEST) in notes[rule][0].zh
        assert f"fewer than {likeness._SHORTEST} Chinese characters" in notes[rule][0].en
        assert notes[rule][0].zh in listing.format_rules(lang="zh")
        assert notes[rule][0].en in listing.rules_page()


# --- what every rule has, read from the files themselves, not through the loader


def described() -> dict[str, dict[str, list[str]]]:
    """What the files say of each shape with a target, by rdflib and its own reading of the Turtle."""
    sh, graph = PREFIXES["sh"], Graph()
    for path in shapes.shape_files():
        graph.parse(path, format="turtle")
    found: dict[str, dict[str, list[str]]] = {}
    for shape in {s for name in ("targetClass", "targetNode") for s in graph.subjects(URIRef(f"{sh}{name}"))}:
        said: dict[str, list[str]] = {}
        for node in (shape, *graph.objects(shape, URIRef(f"{sh}sparql"))):
            for predicate, value in graph.predicate_objects(node):
                key = str(predicate) + (f"@{value.language}" if getattr(value, "language", None) else "")
                said.setdefault(key, []).append(str(value))
        for basis in graph.objects(shape, URIRef(f"{PREFIXES['dcterms']}source")):
            for name in ("basisVerified", "basisKind"):
                said.setdefault(name, []).extend(map(str, graph.objects(basis, URIRef(PREFIXES["nb"] + name))))
            for label in graph.objects(basis, URIRef(f"{PREFIXES['rdfs']}label")):
                said.setdefault(f"basis@{label.language}", []).append(str(label))
        found[str(shape)] = said
    return found


def test_every_shape_says_all_that_a_rule_needs() -> None:
    """Severity, dimension, basis with article and flag, texts in both languages, fault, remedy."""
    for shape, said in described().items():
        for name in ("dcterms:identifier", "sh:severity", "dqv:inDimension", "nb:fault"):
            prefix, _, local = name.partition(":")
            assert len(said.get(PREFIXES[prefix] + local, [])) == 1, (shape, name)
        for name in ("sh:message", "rdfs:label", "nb:remedy"):
            prefix, _, local = name.partition(":")
            for lang in ("zh", "en"):
                assert len(said.get(f"{PREFIXES[prefix]}{local}@{lang}", [])) == 1, (shape, name, lang)
        bases = said[f"{PREFIXES['dcterms']}source"]
        for name in ("basisVerified", "basisKind", "basis@zh", "basis@en"):
            assert len(said[name]) == len(bases), (shape, name)
        select = said.get(f"{PREFIXES['sh']}select", [""])[0]
        for lang in ("zh", "en"):  # a figure that a message names is one that the query finds
            for name in re.findall(r"\{\?(\w+)\}", said[f"{PREFIXES['sh']}message@{lang}"][0]):
                assert re.search(rf"\?{name}\b", select.partition("WHERE")[0]), (shape, name)


def test_undeclared_changes_are_worded_as_a_suspicion() -> None:
    """X02 to X08 see that something registered differs between two years: no more than a suspicion."""
    seen = set()
    for shape, said in described().items():
        rule = said[f"{PREFIXES['dcterms']}identifier"][0]
        if re.fullmatch(r"X0[2-8]", rule):
            seen.add(rule)
            assert "疑似" in said[f"{PREFIXES['sh']}message@zh"][0], shape
            assert re.search(r"\bmay\b|suspect", said[f"{PREFIXES['sh']}message@en"][0], re.IGNORECASE), shape
    assert seen == {f"X0{number}" for number in range(2, 9)}


def test_the_rules_that_are_listed_are_those_of_the_files() -> None:
    listed = [json.loads(line) for line in listing.format_rules("json").splitlines()]
    assert {line["shape"] for line in listed} == set(described())
    kinds = {"text", "practice", "project"}
    for line in listed:
        assert line["bases"]
        assert all(basis["kind"] in kinds and basis["label"]["zh"] and basis["label"]["en"] for basis in line["bases"])
        assert not any(basis["verified"] for basis in line["bases"] if basis["kind"] != "text")
