"""Other rules, the same files: filings are audited again from the store, and nothing is read."""

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from nianbao import build as building
from nianbao.build import Outcome, Task, build
from nianbao.quality import audit
from nianbao.quality.shapes import with_thresholds
from nianbao.storage.store import Store, open_store
from nianbao.vocabulary import DATA, NBS, PREFIXES

OWN = (
    "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in PREFIXES.items())
    + f"""@prefix e: <https://own.example/> .
e:name sh:targetClass nb:Filing ; dcterms:identifier "G1" ; sh:sparql [ sh:message "{{?name}} {{?sponsor}} {{?label}}" ;
  sh:prefixes <{NBS}> ; sh:select \"""SELECT $this ?name ?sponsor ?label WHERE {{
    $this dcat:isVersionOf/nb:reportingInstitution ?i ; nb:registration/nb:statedSponsor/skos:prefLabel ?sponsor .
    ?i skos:prefLabel|skos:altLabel|nb:unifiedSocialCreditCode ?name .
    ?o nb:statedIn $this ; nb:indicator/skos:prefLabel ?label }}\""" ] .
"""
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """Reports of several institutions and years, one of them in two versions, and rules of one's own."""
    made = tmp_path_factory.mktemp("reaudit")
    (made / "reports").mkdir()
    names = sorted(path.name for path in (root / "data/reports").glob("*.txt"))[:8]
    for name in names:
        shutil.copy(root / "data/reports" / name, made / "reports")
    text = (root / "data/reports" / names[0]).read_text(encoding="utf-8")
    (made / "reports/again.txt").write_text(text.replace("一、", "一、其中，", 1), encoding="utf-8")
    (made / "own").mkdir()
    (made / "own/own.ttl").write_text(OWN, encoding="utf-8")
    (made / "ours.toml").write_text("capitalTolerance = 1\nnarrativeMinimum = 5000\n")
    return made


def audits(store: Store) -> list[str]:
    """Findings, summaries and journal; the summary of a superseded filing is read by nobody."""
    query = f"""SELECT ?g ?s ?p ?o WHERE {{ GRAPH ?g {{ ?s ?p ?o }}
        FILTER (CONTAINS(STR(?g), "/graph/audit") || ?g = <{DATA}graph/journal>)
        FILTER (?p != <{PREFIXES["nb"]}auditSummary> || EXISTS {{ ?r <{PREFIXES["dcat"]}hasCurrentVersion> ?s }}) }}"""
    return sorted(" ".join(str(row[name]) for name in "gspo") for row in store.select(query))


def test_the_findings_are_those_of_reading_the_files(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = {"shipped": with_thresholds(folder / "ours.toml"), "own": (folder / "own",)}
    fresh = open_store(str(tmp_path / "fresh"))
    build([folder / "reports"], fresh, jobs=1, **changed)
    store = open_store(str(tmp_path / "store"))
    build([folder / "reports"], store, jobs=1)
    assert audits(store) != audits(fresh)

    def no_reading(tasks: Sequence[Task], base: str) -> list[Outcome]:
        raise AssertionError(f"{tasks[0].path} is read")

    monkeypatch.setattr(building, "some", no_reading)
    summary = build([folder / "reports"], store, jobs=1, **changed)
    assert (summary.read, summary.replaced, summary.unchanged, summary.audited_again) == (0, 0, 9, 9)
    assert "按新规则重审 audited again 9" in summary.text()
    assert audits(store) == audits(fresh)
    summary = build([folder / "reports"], store, jobs=1, **changed)
    assert (summary.unchanged, summary.audited_again) == (9, 0)
    assert "份/秒" not in summary.text()


def test_a_filing_that_the_store_has_lost_is_read_again(folder: Path, tmp_path: Path) -> None:
    store = open_store(str(tmp_path / "store"))
    report = folder / "reports/again.txt"
    build([report], store, jobs=1)
    graph = store.select(f"SELECT ?g {{ GRAPH ?g {{ ?f a <{PREFIXES['nb']}Filing> }} }}")[0]["g"]
    store.update(f"DROP GRAPH {graph}")
    summary = build([report], store, jobs=1, own=(folder / "own",))
    assert (summary.replaced, summary.audited_again) == (1, 0)
    assert store.ask(f"ASK {{ GRAPH {graph} {{ ?f a <{PREFIXES['nb']}Filing> }} }}")


def test_an_audit_that_is_missing_is_made_again(folder: Path, tmp_path: Path) -> None:
    """What a report says is not read again for it; without this, the remedy of NB-STORE-STALE would do nothing."""
    store = open_store(str(tmp_path / "store"))
    build([folder / "reports"], store, jobs=1)
    before, whole = audits(store), audit.unaudited(store)
    graph = next(line.split()[0] for line in before if "/graph/audit/" in line and "conforms" in line)
    store.write([], first=f"DROP GRAPH {graph}")
    assert (whole, audit.unaudited(store)) == (0, 1)
    summary = build([folder / "reports"], store, jobs=1)
    assert (summary.unchanged, summary.audited_again) == (9, 1)
    assert (audits(store), audit.unaudited(store)) == (before, 0)
