"""The commands as a user runs them: what they print, where, and with which status."""

import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from nianbao.cli import main
from nianbao.vocabulary import NB

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    monkeypatch.chdir(tmp_path)
    runner = CliRunner()
    return lambda *words, **options: runner.invoke(main, [str(word) for word in words], **options)


@pytest.fixture(scope="module")
def sample(root: Path) -> Path:
    return root / "data/reports/agritech-2024.txt"


@pytest.fixture(scope="module")
def store(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cli") / "store"
    result = CliRunner().invoke(main, ["build", str(sample), "--store", str(made), "--jobs", "1"])
    assert result.exit_code == 0, result.output
    assert "新读 read 1" in result.stdout
    return made


def test_every_command_has_help(run: Run) -> None:
    for name in ("", *main.commands):
        result = run(*filter(None, [name]), "--help")
        assert result.exit_code == 0
        assert len(result.stdout.splitlines()) > 5


def test_read_prints_one_record_a_line(run: Run, sample: Path) -> None:
    result = run("read", "--json", sample, sample)
    assert result.exit_code == 0
    first, second = result.stdout.splitlines()
    record = json.loads(first)
    assert first == second
    assert record["year"] == 2024
    for metric in record["metrics"]:
        assert record["text"][metric["start"] : metric["end"]] == metric["quote"]


def test_limits_come_from_option_environment_and_file(
    run: Run, sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "NB-READ-SIZE" in run("read", "--limit", "characters=100", sample).stderr
    wrong = run("read", "--limit", "sheets=3", sample)
    assert wrong.exit_code == 2
    assert "characters" in wrong.stderr  # the right names are told
    (tmp_path / "nianbao.toml").write_text('[limits]\nfile = "1K"\n', encoding="utf-8")
    assert "more than 1,000 bytes" in run("read", sample).stderr
    assert run("read", "--limit", "file=50M", sample).exit_code == 0
    monkeypatch.setenv("NIANBAO_READ_LIMIT", "file=50M characters=99")
    assert "more than 99 characters" in run("read", sample).stderr


def test_read_text_gives_clean_text_back_line_for_line(run: Run, sample: Path) -> None:
    assert run("read", "--text", sample).stdout.splitlines() == sample.read_text(encoding="utf-8").splitlines()


def test_read_narrative_takes_the_text_as_it_stands(run: Run, tmp_path: Path) -> None:
    text = "全年接待读者12.6万人次 ，同比增长5.2%。"
    (tmp_path / "n.txt").write_text(text, encoding="utf-8")
    result = run("read", "--narrative", "--json", "n.txt")
    record = json.loads(result.stdout)
    assert result.exit_code == 0
    assert record["text"] == text
    assert [(metric["stated"], metric["value"]) for metric in record["metrics"]] == [
        ("12.6万人次", 126000),
        ("5.2%", 5.2),
    ]
    assert run("read", "--narrative", "--text", "n.txt").stdout == text + "\n"


@pytest.mark.parametrize(
    "bad",
    [
        *("empty.txt", "blank.txt", "binary.txt", "not-a-report.txt", "undecodable.txt"),
        *("script-only.html", "external-entity.docx", "nested.zip"),
    ],
)
def test_a_bad_file_gets_one_line_and_the_others_are_done(run: Run, root: Path, sample: Path, bad: str) -> None:
    path = root / "data/bad" / bad
    result = run("read", "--json", path, sample)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    (line,) = result.stderr.splitlines()
    assert str(path) in line
    assert "[NB-READ-" in line or "[NB-FORM-" in line


@pytest.mark.parametrize(("bad", "code"), [("box-missing.txt", "NB-FORM-MISSING"), ("box-twice.txt", "NB-FORM-TWICE")])
def test_a_broken_form_is_read_and_told(run: Run, root: Path, bad: str, code: str) -> None:
    result = run("read", "--json", root / "data/bad" / bad)
    assert result.exit_code == 1
    assert code in result.stderr
    assert json.loads(result.stdout)["issues"]


def test_a_file_that_is_not_there(run: Run) -> None:
    result = run("read", "nothing.txt")
    assert result.exit_code == 1
    assert "nothing.txt" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("form", "kind"),
    [
        ("trig", ox.RdfFormat.TRIG),
        ("nquads", ox.RdfFormat.N_QUADS),
        ("turtle", ox.RdfFormat.TURTLE),
        ("jsonld", ox.RdfFormat.JSON_LD),
    ],
)
def test_map_prints_rdf_that_parses(run: Run, sample: Path, form: str, kind: ox.RdfFormat) -> None:
    result = run("map", sample, "--format", form)
    assert result.exit_code == 0
    if form == "jsonld":
        assert json.loads(result.stdout)["@graph"]
    else:
        assert len(list(ox.parse(result.stdout.encode(), format=kind))) > 300


def test_audit_as_text_and_as_json_lines(run: Run, store: Path) -> None:
    text = run("audit", "--store", store)
    assert text.exit_code == 0
    assert "F06" in text.stdout
    lines = [json.loads(line) for line in run("audit", "--store", store, "--format", "json").stdout.splitlines()]
    keys = {"rule", "severity", "report", "institution", "year", "focus", "message", "evidence", "fault", "source"}
    assert lines
    assert all(set(line) == keys for line in lines)
    one = run("audit", "--store", store, "--format", "json", "--rule", "F06").stdout.splitlines()
    assert [json.loads(line)["rule"] for line in one] == ["F06"]


def test_audit_made_anew_tells_what_is_kept(run: Run, store: Path) -> None:
    kept = run("audit", "--store", store, "--format", "json").stdout
    for engine in ("set", "pyshacl"):
        anew = run("audit", "--store", store, "--format", "json", "--engine", engine)
        assert (anew.exit_code, anew.stdout) == (0, kept)


def test_audit_fails_only_where_it_is_asked_to(run: Run, store: Path) -> None:
    assert run("audit", "--store", store, "--fail-on", "warning").exit_code == 1
    assert run("audit", "--store", store, "--fail-on", "never").exit_code == 0


def test_nothing_to_audit_is_no_clean_audit(run: Run, store: Path, tmp_path: Path) -> None:
    unknown = run("audit", "--store", store, "--report", "https://nianbao.example/report/none/2024")
    assert unknown.exit_code == 1
    assert "NB-STORE-NO-REPORT" in unknown.stderr
    assert not unknown.stdout
    ox.Store(str(tmp_path / "other")).extend([ox.Quad(ox.NamedNode("a:a"), ox.NamedNode("a:b"), ox.Literal("c"))])
    foreign = run("audit", "--store", "other")
    assert (foreign.exit_code, foreign.stdout) == (1, "")


def test_filings_without_an_audit_count_as_not_passed(run: Run, sample: Path, tmp_path: Path) -> None:
    run("build", sample, "--store", "s", "--jobs", "1")
    kept = ox.Store(str(tmp_path / "s"))
    for graph in list(kept.named_graphs()):
        if "/graph/audit/" in str(graph):
            kept.remove_graph(graph)
    kept.flush()
    del kept
    result = run("audit", "--store", "s", "--fail-on", "violation")
    assert result.exit_code == 1
    assert "NB-STORE-STALE" in result.stderr


def test_validate_says_the_same_of_the_mapped_file(run: Run, store: Path, sample: Path, tmp_path: Path) -> None:
    (tmp_path / "g.trig").write_text(run("map", sample).stdout, encoding="utf-8")
    found = run("validate", "g.trig", "--format", "json")
    kept = run("audit", "--store", store, "--format", "json")
    rules = [sorted(json.loads(line)["rule"] for line in result.stdout.splitlines()) for result in (found, kept)]
    assert rules[0] == rules[1]
    (tmp_path / "broken.ttl").write_text("<a> <b> ", encoding="utf-8")
    broken = run("validate", "broken.ttl")
    assert broken.exit_code == 1
    assert "broken.ttl" in broken.stderr


def test_query_in_several_formats(run: Run, store: Path, tmp_path: Path) -> None:
    (tmp_path / "q.rq").write_text(f"SELECT ?y {{ ?r <{NB}reportingYear> ?y }}", encoding="utf-8")
    assert "2024" in run("query", "--store", store, "q.rq").stdout
    assert json.loads(run("query", "--store", store, "q.rq", "--format", "json").stdout)["results"]["bindings"]
    assert run("query", "--store", store, "q.rq", "--format", "csv").stdout.split() == ["y", "2024"]
    assert run("query", "--store", store, "-q", "ASK { ?s ?p ?o }").stdout == "true\n"


def test_a_wrong_query_and_one_that_takes_too_long(run: Run, store: Path) -> None:
    wrong = run("query", "--store", store, "-q", "SELECT nothing")
    assert wrong.exit_code == 1
    assert "NB-QUERY-SYNTAX" in wrong.stderr
    cross = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    slow = run("query", "--store", store, "-q", cross, "--timeout", "1")
    assert slow.exit_code == 1
    assert "NB-QUERY-TIMEOUT" in slow.stderr


def test_a_build_from_nothing_makes_no_store(run: Run, tmp_path: Path) -> None:
    result = run("build", "nothing", "--store", "s")
    assert result.exit_code == 2
    assert "nothing" in result.stderr
    assert not (tmp_path / "s").exists()


def test_wrong_usage_is_status_2_and_names_the_right_one(run: Run, store: Path) -> None:
    for words in (
        ["read"],
        ["build", "x"],
        ["audit"],
        ["query", "--store", str(store)],
        ["nothing"],
        ["read", "--colour", "x"],
    ):
        result = run(*words)
        assert result.exit_code == 2, words
        assert "Usage" in result.stderr


def test_an_option_with_a_wrong_value_is_status_2(run: Run, store: Path, sample: Path, tmp_path: Path) -> None:
    for words, said in (
        (["audit", "--store", store, "--rule", "ZZ99"], "nianbao rules"),
        (["audit", "--store", store, "--report", "no iri"], "http://"),
        (["build", sample, "--store", tmp_path / "new", "--base", "no iri"], "http://"),
        (["map", sample, "--base", "https://data.example/x#"], "end it with /"),
    ):
        result = run(*words)
        assert result.exit_code == 2, words
        assert said in result.stderr


def test_a_base_gets_its_slash(run: Run, sample: Path, tmp_path: Path) -> None:
    place = tmp_path / "own"
    assert run("build", sample, "--store", place, "--jobs", "1", "--base", "https://data.example/x").exit_code == 0
    result = run("query", "--store", place, "--format", "csv", "-q", "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
    own = [graph for graph in result.stdout.split()[1:] if not graph.startswith(NB.rstrip("#"))]
    assert len(own) >= 4
    assert all(graph.startswith("https://data.example/x/graph/") for graph in own)


def test_a_name_with_control_characters_stays_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "odd\n\x1b[31m.txt").write_text("")
    result = run("read", "odd\n\x1b[31m.txt")
    assert result.stderr.count("\n") == 1
    assert "\x1b" not in result.stderr


def test_a_broken_store_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "s").mkdir()
    (tmp_path / "s/CURRENT").write_text("garbage")
    for words in (["audit"], ["query", "-q", "ASK {}"]):
        result = run(*words, "--store", "s")
        assert result.exit_code == 1
        assert "NB-STORE" in result.stderr
        assert "Traceback" not in result.stderr + result.stdout


def test_options_come_from_the_environment_and_from_a_file(run: Run, store: Path, tmp_path: Path) -> None:
    assert run("audit", env={"NIANBAO_AUDIT_STORE": str(store)}).exit_code == 0
    (tmp_path / "nianbao.toml").write_text(f'[audit]\nstore = "{store}"\nlang = "en"\n')
    result = run("audit")
    assert result.exit_code == 0
    assert "warning" in result.stdout
    (tmp_path / "nianbao.toml").write_text("[audit\n")
    broken = run("audit")
    assert broken.exit_code == 2
    assert "nianbao.toml" in broken.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[audits]\nlang = "en"\n', "'audits'"),
        ('[audit]\nwaiver = "x"\n', "'waiver'"),
        ("audit = 1\n", "'audit'"),
    ],
)
def test_a_misspelt_word_in_the_file_of_options_is_an_error(run: Run, tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "nianbao.toml").write_text(text)
    result = run("rules")
    assert result.exit_code == 2
    assert told in result.stderr


def test_options_in_the_file_may_be_written_as_on_the_command_line(run: Run, store: Path, tmp_path: Path) -> None:
    (tmp_path / "nianbao.toml").write_text(f'[audit]\nstore = "{store}"\nfail-on = "violation"\n')
    assert run("audit").exit_code == 1


def test_rules_and_ontology(run: Run) -> None:
    assert {"F06", "A05", "S03"} <= {
        json.loads(line)["rule"] for line in run("rules", "--format", "json").stdout.splitlines()
    }
    assert "F06" in run("rules", "--lang", "en").stdout
    assert len(list(ox.parse(run("ontology").stdout.encode(), format=ox.RdfFormat.TURTLE))) > 500


def test_the_real_report(run: Run, seed: Path) -> None:
    """The form facts of the real report; their source is the report itself, read by hand."""
    record = json.loads(run("read", "--json", seed).stdout)
    assert (record["name"], record["other_names"]) == ("深圳市公共信用中心", ["深圳互联网广告监测中心"])
    assert (record["year"], record["year_basis"]) == (2024, "change-statement")
    assert record["address"] == "深圳市福田区香蜜湖街道竹子林七路2号益华大厦3-5层"
    assert record["legal_representative"] == "潘建珊"
    assert (record["initial_capital"]["value"], record["initial_capital"]["stated"]) == (11000000, "1100 万元")
    assert record["funding_source"] == {"stated": "财政核拨", "code": "full"}
    assert record["sponsors"] == ["深圳市市场监督管理局"]
    assert [record[key]["value"] for key in ("net_assets_opening", "net_assets_closing")] == [14329300, 18102100]
    assert (record["online_name"], record["staff"]) == ("深圳市公共信用中心", 59)
    assert [record[key]["none"] for key in ("registration_changes", "qualifications", "performance", "donations")] == [
        True
    ] * 4
    assert record["sponsor_opinion"]["stated"] is None
    assert record["filing_date"] is None
    assert not record["issues"]
    numbers = [activity["number"] for activity in record["activities"]]
    assert len(numbers) == 26
    assert [sum(number.startswith(f"{top}.") for number in numbers) for top in range(1, 6)] == [5, 5, 5, 3, 3]


@pytest.mark.parametrize("form", ["text", "json", "csv", "html", "turtle"])
def test_audit_and_validate_in_every_format(run: Run, store: Path, sample: Path, tmp_path: Path, form: str) -> None:
    (tmp_path / "g.trig").write_text(run("map", sample).stdout, encoding="utf-8")
    for words in (("audit", "--store", store), ("validate", "g.trig", "--fail-on", "never")):
        result = run(*words, "--format", form)
        assert result.exit_code == 0
        assert "F06" in result.stdout


def test_audit_with_filters_waivers_and_a_baseline(run: Run, store: Path, tmp_path: Path) -> None:
    (line,) = run("audit", "--store", store, "--format", "json", "--rule", "F06").stdout.splitlines()
    found = json.loads(line)
    waiver = f'[[waiver]]\nrule = "F06"\nreport = "{found["report"]}"\nreason = "r"\nwho = "w"\nuntil = 2999-12-31\n'
    (tmp_path / "w.toml").write_text(waiver, encoding="utf-8")
    one = ("audit", "--store", store, "--rule", "F06", "--fail-on", "warning")
    assert run(*one).exit_code == 1
    assert run(*one, "--waivers", "w.toml").exit_code == 0
    assert run("audit", "--store", store, "--save-baseline", "b.json").exit_code == 0
    assert run("audit", "--store", store, "--baseline", "b.json").stderr == ""
    said = json.loads((tmp_path / "b.json").read_text())
    said["measures"]["reports"]["value"] = 50
    (tmp_path / "b.json").write_text(json.dumps(said))
    short = run(*one, "--waivers", "w.toml", "--baseline", "b.json")
    assert short.exit_code == 1
    assert short.output.count("NB-AUDIT-GATE") == 1
    listed = run("audit", "--store", store, "--baseline", "b.json", "--format", "json").stdout
    assert json.loads(listed.splitlines()[0])["rule"] == "NB-AUDIT-GATE"
    assert run("audit", "--store", store, "--year", "1950").exit_code == 1
    assert run("audit", "--store", store, "--division", "nowhere").exit_code == 2
