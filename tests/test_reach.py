"""What rules look up of a store is all that they need of it, and costs the same however much else is in it."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

from nianbao.quality import across, audit
from nianbao.quality.engine import reach
from nianbao.quality.engine.sparql import Query, Sparql
from nianbao.quality.rulebook import Rulebook, rulebook
from nianbao.record import Record
from nianbao.storage.store import EmbeddedStore, Row
from nianbao.vocabulary import PREFIXES
from nianbao.writer import Writer
from test_across import report

CODES = ("12450000MB0000000D", "12450000MB0000019A", None)
SPONSORS = ("丙市教育局", "丙市教肓局", "丁县水务站", "丁县水务所", "甲馆", "乙馆", "戊研究院")
TEXTS = tuple(
    "".join(random.Random(n).choices("天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏", k=160)) for n in range(3)
)


def some(rng: random.Random) -> Record:
    """A report that may share its name, code, sponsor, text or legal representative with others."""
    text = rng.choice(TEXTS)
    facts: dict[str, Any] = {
        "uscc": rng.choice(CODES),
        "sponsors": rng.sample(SPONSORS, rng.randrange(3)),
        "legal_representative": rng.choice(("周文", "吴武", "郑斌")),
        "staff": rng.choice((10, 90)),
        "text": text,
        "activities_section": {"stated": text, "none": False, "start": 0, "end": len(text)},
        "activities": [],
        "metrics": [],
        "events": [],
        "filing_date": f"2025-0{rng.randrange(1, 9)}-01",
    }
    return report(rng.choice(("甲馆", "乙馆", "丁院", "戊研究院")), rng.choice((2022, 2023, 2024)), **facts)


def queries() -> Iterator[tuple[str, Query]]:
    for shape, _ in rulebook().compiled_across.shapes:
        for each in shape.constraints:
            assert isinstance(each, Sparql)
            yield str(shape.node)[1:-1].rpartition("/")[2], each.query


@pytest.mark.parametrize("name", [name for name, _ in queries()])
def test_all_our_rules_can_look_up_what_they_need(name: str) -> None:
    assert dict(queries())[name].reach


@pytest.mark.parametrize("seed", range(6))
def test_what_is_looked_up_gives_what_the_whole_store_gives(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    store = EmbeddedStore(tmp_path / "store")
    writer = Writer(store)
    for number in range(14):
        record = some(rng)
        writer.put(record, [], name=f"{number}", sha256=f"{number:064x}")
    filings = [row["f"] for row in store.select(f"SELECT ?f {{ ?r <{PREFIXES['dcat']}hasCurrentVersion> ?f }}")]
    told = 0
    for few in (filings, filings[:1], filings[-2:]):
        copy = across._reports(store, few)
        wanted = [query for _, query in queries()]
        for query in wanted:
            assert query.reach
            copy.gather(query.reach, few)
        local = across._Local(copy.graph)
        for query in wanted:
            here, there = (_rows(each.select(query.for_all(few))) for each in (local, store))
            assert here == there
            told += len(there)
    assert told > 20


def _rows(rows: list[Row]) -> set[str]:
    return {str(sorted((name, str(term)) for name, term in row.items())) for row in rows}


@pytest.mark.parametrize("seed", range(5))
def test_one_change_after_the_other_gives_the_same_as_all_at_once(tmp_path: Path, seed: int) -> None:
    """New reports, corrections, files read again, files that go; at times the writer is killed before it compares."""
    rng = random.Random(100 + seed)
    store, rules = EmbeddedStore(tmp_path / "store"), rulebook()
    writer = Writer(store)
    for turn in range(22):
        if writer.filed and rng.random() < 0.25:
            writer.remove(rng.choice(sorted(writer.filed.values(), key=lambda line: line.filing)))
        else:
            record, file = some(rng), rng.randrange(12)
            writer.put(record, [], name=f"{file}", sha256=f"{rng.randrange(10**9):064x}")
        if rng.random() < 0.3:
            writer = Writer(store)  # a build that was stopped here is made good by the next
            continue
        writer.check_across()
        kept = {(f.rule, f.filing, f.message.zh) for f in audit.findings_from(store)}
        anew = {
            (f.rule, f.filing, f.message.zh)
            for part in across.check_across(store, rules)
            for each in part.values()
            for f in each
        }
        assert kept == anew, turn


class Counting:
    """A store that counts what it gives."""

    def __init__(self, store: EmbeddedStore) -> None:
        self._store = store
        self.rows = 0

    def select(self, query: str) -> list[Row]:
        found = self._store.select(query)
        self.rows += len(found)
        return found

    def construct(self, query: str) -> list[ox.Triple]:
        found = self._store.construct(query)
        self.rows += len(found)
        return found


def test_a_filing_that_shares_nothing_costs_the_same_in_a_larger_store(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    writer = Writer(store)

    def put(number: int) -> None:
        name = "".join(random.Random(number).choices("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨", k=9))
        facts = {"sponsors": [name[::-1] + "部"], "legal_representative": name[:3], "activities": [], "metrics": []}
        record = some_without_text(report(name, 2024, **facts))
        writer.put(record, [], name=name, sha256=f"{number:064x}")

    costs = []
    for number in range(40):
        put(number)
        if number in (3, 39):
            one = across.institutions(store)[0]
            counting = Counting(store)
            touched = {one} | across.neighbours(counting, [one], rulebook())
            assert touched == {one}
            assert sum(len(part) for part in across.check_across(counting, rulebook(), touched)) == 1
            costs.append(counting.rows)
    assert costs[1] <= costs[0] + 5


def some_without_text(record: Record) -> Record:
    import json

    said = json.loads(record.to_json())
    said["activities_section"] = {"stated": None, "none": False, "start": None, "end": None}
    said["text"] = record.name
    return Record.from_json(json.dumps(said, ensure_ascii=False))


@pytest.mark.parametrize(
    ("where", "walks"),
    [
        ("$this dcterms:hasPart/nb:textBand ?band . ?other nb:textBand ?band", True),
        ("$this nb:registration ?r . { ?r nb:mainName ?n } UNION { ?r nb:otherName ?n } ?x skos:prefLabel ?n", True),
        ("$this nb:registration ?r . OPTIONAL { ?r nb:mainName ?n } ?x skos:prefLabel ?n", False),
        ("$this nb:registration ?r . { ?r nb:mainName ?n } UNION { ?r nb:otherName ?m } ?x skos:prefLabel ?n", False),
        ("?r dcat:hasCurrentVersion $this ; nb:reportingYear ?y . ?other nb:reportingYear ?y", False),
        ("$this a nb:Filing FILTER NOT EXISTS { ?x nb:reportingInstitution ?y }", False),
        ("$this a nb:Filing FILTER NOT EXISTS { $this nb:registration ?y }", True),
        ("?other a nb:Filing . $this a nb:Filing", False),
        ("$this (nb:registration|dcterms:hasPart)* ?x . ?y nb:registration ?x", True),
        ("$this !nb:registration ?x", False),
        ("$this ?p ?o . ?o ?q ?s", True),
        ("$this ?p ?o . ?s ?q ?o", False),
        ("$this nb:registration ?x . GRAPH ?g { ?x a ?c }", False),
    ],
)
def test_which_queries_can_be_walked(where: str, walks: bool) -> None:
    query = Query(f"SELECT $this WHERE {{ $this a nb:Filing . {where} }}", PREFIXES, {})
    assert bool(query.reach) is walks


def test_blank_nodes_have_no_name_to_look_up(tmp_path: Path) -> None:
    store = EmbeddedStore(tmp_path / "store")
    store.update(
        f"PREFIX nb: <{PREFIXES['nb']}> PREFIX skos: <{PREFIXES['skos']}> "
        'INSERT DATA { <urn:f> nb:registration [ skos:prefLabel "x" ] }'
    )
    query = Query("SELECT $this WHERE { $this nb:registration/skos:prefLabel ?x . ?y skos:prefLabel ?x }", PREFIXES, {})
    look = reach.Lookups(store, across.Index(), set())
    assert query.reach
    with pytest.raises(reach.UnreachableError):
        look.gather(query.reach, [ox.NamedNode("urn:f")])


def test_a_rule_that_cannot_be_walked_is_run_in_the_store(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/own.ttl").write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix nb: <NB> .
        <urn:own> a sh:NodeShape ; sh:targetClass nb:Filing ; nb:acrossReports true ; sh:sparql [ sh:message "{?n}" ;
          sh:select '''PREFIX nb: <NB> PREFIX dcat: <http://www.w3.org/ns/dcat#>
          SELECT $this (COUNT(DISTINCT ?other) AS ?n) WHERE { ?r dcat:hasCurrentVersion $this ; nb:reportingYear ?y .
            ?other nb:reportingYear ?y } GROUP BY $this''' ] .""".replace("NB", PREFIXES["nb"]),
        encoding="utf-8",
    )
    rules: Rulebook = rulebook(own=(tmp_path / "own",))
    store = EmbeddedStore(tmp_path / "store")
    writer = Writer(store, rules=rules)
    for number, year in enumerate((2023, 2024, 2024)):
        writer.put(report("甲乙丙"[number] + "馆", year), [], name=f"{number}", sha256=f"{number:064x}")
    writer.check_across()
    told = sorted(f.message.zh for f in audit.findings_from(store) if f.shape == "urn:own")
    assert told == ["1", "2", "2"]
