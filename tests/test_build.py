"""Builds: whole filings, only what is new or changed, one current version a report, a registry in step."""

import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from nianbao import build as building
from nianbao.build import build, within
from nianbao.errors import NianbaoError
from nianbao.reading.limits import Limits
from nianbao.storage.store import Store, open_store
from nianbao.vocabulary import DATA, NB

PREFIXES = f"""PREFIX nb: <{NB}> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX dcat: <http://www.w3.org/ns/dcat#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> """

REPORT = """统一社会信用代码 {code}
事业单位法人年度报告书
（{year}年度）
单位名称 {name}
法定代表人 温如言
国家事业单位登记管理局制

《事业单位法人证书》登载事项
单位名称 {name}
宗旨和业务范围 收集整理地方文献，开展阅读推广。
住所 澜川县书院路{door}号
法定代表人 温如言
开办资金 100万元
经费来源 财政核拨
举办单位 {sponsor}
资产损益情况
净资产合计（所有者权益合计）
年初数（万元） 98.5
年末数（万元） {close}
网上名称 澜川县图书馆.公益
从业人数 21
对《条例》和实施细则有关变更登记规定的执行情况
无
开展业务活动情况
一、借阅服务。全年接待读者{readers}万人次，同比增长5.2%。外借图书8.4万册次。
二、存在的问题。场馆面积不足，下一步改进借阅环境。
相关资质认可或执业许可证明文件及有效期
无
绩效和受奖惩及诉讼投诉情况
无
接受捐赠资助及其使用情况
无
事业单位委托意见
兹委托登记管理机关公示我单位年度报告书。
法定代表人：温如言 公章：
{next}年2月3日
举办单位意见（含保密审查意见）
情况属实，该年度报告书已经保密审查，可以向社会公示。
公章：
{next}年2月8日
填表人： 苗小满 联系电话： 0000-1234567 报送日期： {next}年2月{day}日
"""


def report(folder: Path, file: str, **changes: str | int) -> Path:
    facts: dict[str, str | int] = {
        "code": "",
        "year": 2023,
        "name": "澜川县图书馆",
        "sponsor": "澜川县文化局",
        "door": 6,
        "close": "101.25",
        "readers": "12.6",
        "day": 10,
    } | changes
    text = REPORT.format(**facts, next=int(facts["year"]) + 1)
    path = folder / file
    path.write_text(text.replace("统一社会信用代码 \n", ""), encoding="utf-8")
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    return made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "store"))


def texts(store: Store, query: str) -> list[tuple[str, ...]]:
    return sorted(tuple(getattr(term, "value", "") for term in row.values()) for row in store.select(PREFIXES + query))


def run(folder: Path, store: Store, **options: bool) -> tuple[int, int, int, int]:
    summary = build([folder], store, jobs=1, **options)
    return summary.read, summary.unchanged, summary.replaced, len(summary.failed)


READERS = "SELECT ?v { ?o nb:statedValue ?v ; nb:statedIn ?f ; nb:countedItem '人次' }"


def test_only_what_is_new_or_changed_is_done(folder: Path, store: Store) -> None:
    report(folder, "a.txt")
    assert run(folder, store) == (1, 0, 0, 0)
    report(folder, "b.txt", year=2022, readers="11.9")
    assert run(folder, store) == (1, 1, 0, 0)
    assert run(folder, store) == (0, 2, 0, 0)
    report(folder, "a.txt", readers="13.1")
    assert run(folder, store) == (0, 1, 1, 0)
    assert texts(store, READERS) == [("11.9万人次",), ("13.1万人次",)]
    assert run(folder, store, again=True) == (0, 0, 2, 0)
    assert texts(store, READERS) == [("11.9万人次",), ("13.1万人次",)]


def test_a_replaced_filing_leaves_nothing_behind(folder: Path, store: Store, tmp_path: Path) -> None:
    report(folder, "a.txt", close="140.00")
    run(folder, store)
    report(folder, "a.txt")
    run(folder, store)
    fresh = open_store(str(tmp_path / "fresh"))
    run(folder, fresh)
    everything = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(!isBlank(?s) && !isBlank(?o)) }"
    assert texts(store, everything) == texts(fresh, everything)


def test_a_second_file_for_the_same_year_is_a_new_version(folder: Path, store: Store) -> None:
    report(folder, "a.txt", day=10)
    report(folder, "b.txt", day=20, readers="12.7")
    assert run(folder, store) == (2, 0, 0, 0)
    assert texts(store, READERS) == [("12.7万人次",)]  # the default graph holds the current version only
    assert texts(store, "SELECT ?v { GRAPH ?g { ?o nb:statedValue ?v ; nb:countedItem '人次' } }") == [
        ("12.6万人次",),
        ("12.7万人次",),
    ]
    current = texts(store, "SELECT ?f { ?r dcat:hasCurrentVersion ?f }")
    assert len(current) == 1
    assert current[0][0].endswith("/2023/2")


def test_an_older_version_that_comes_later_does_not_become_current(folder: Path, store: Store) -> None:
    report(folder, "a.txt", day=20, readers="12.7")
    run(folder, store)
    report(folder, "b.txt", day=10)
    run(folder, store)
    assert texts(store, READERS) == [("12.7万人次",)]


def test_a_file_that_turns_into_another_report_moves(folder: Path, store: Store) -> None:
    report(folder, "a.txt", year=2023)
    report(folder, "b.txt", year=2022)
    run(folder, store)
    report(folder, "a.txt", year=2021)
    assert run(folder, store) == (0, 1, 1, 0)
    assert texts(store, "SELECT ?y { ?r nb:reportingYear ?y }") == [("2021",), ("2022",)]


def test_the_registry_follows_the_newest_filing(folder: Path, store: Store) -> None:
    report(folder, "new.txt", year=2023, code="12990100MB0000019H", name="澜川县图书馆")
    run(folder, store)
    report(folder, "old.txt", year=2022, code="12990100MB0000019H", name="澜川县书馆", sponsor="澜川县文教局")
    run(folder, store)
    names = "SELECT ?n { ?i a nb:PublicInstitution ; skos:prefLabel ?n }"
    sponsors = "SELECT ?n { ?i nb:sponsoredBy/skos:prefLabel ?n }"
    assert texts(store, names) == [("澜川县图书馆",)]
    assert texts(store, sponsors) == [("澜川县文化局",)]
    report(folder, "newest.txt", year=2024, code="12990100MB0000019H", name="澜川县公共图书馆")
    run(folder, store)
    assert texts(store, names) == [("澜川县公共图书馆",)]


def test_one_bad_file_does_not_stop_the_others(folder: Path, store: Store) -> None:
    report(folder, "a.txt")
    (folder / "bad.txt").write_bytes(b"\x00\x01\x02\xff" * 50)
    (folder / "empty.txt").write_text("")
    (folder / ".hidden").write_text("not looked at")
    said: list[str] = []
    summary = build([folder], store, jobs=1, say=said.append)
    assert (summary.read, len(summary.failed)) == (1, 2)
    assert all(str(folder) in line and "[NB-" in line for line in said)
    assert not summary.whole
    assert "failed 2" in summary.text()


def test_the_same_content_twice_is_read_once(folder: Path, store: Store) -> None:
    report(folder, "a.txt")
    shutil.copy(folder / "a.txt", folder / "copy.txt")
    assert run(folder, store) == (1, 1, 0, 0)


def test_workers_give_what_one_process_gives(folder: Path, store: Store, tmp_path: Path) -> None:
    for year in (2021, 2022, 2023):
        report(folder, f"{year}.txt", year=year)
    build([folder], store, jobs=2)
    other = open_store(str(tmp_path / "other"))
    build([folder], other, jobs=1)
    everything = "SELECT * { GRAPH ?g { ?s ?p ?o } FILTER(!isBlank(?s) && !isBlank(?o)) }"
    assert texts(store, everything) == texts(other, everything)


def test_no_telephone_and_no_form_filler_in_any_graph(folder: Path, store: Store) -> None:
    report(folder, "a.txt")
    run(folder, store)
    everything = str(texts(store, "SELECT ?o { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"))
    assert "温如言" in everything
    assert "苗小满" not in everything
    assert "0000-1234567" not in everything


def test_data_base_can_be_chosen(folder: Path, store: Store) -> None:
    report(folder, "a.txt")
    build([folder], store, jobs=1, base="http://data.example.org/")
    everything = str(texts(store, "SELECT ?s ?o ?g { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"))
    assert "http://data.example.org/filing/" in everything
    assert DATA not in everything


def test_a_file_that_is_gone_is_told_and_removed_on_demand(folder: Path, store: Store) -> None:
    report(folder, "a.txt", year=2022)
    report(folder, "b.txt", year=2023)
    run(folder, store)
    (folder / "b.txt").rename(folder / "c.txt")  # the same content under another name is no loss
    (folder / "a.txt").unlink()
    said: list[str] = []
    summary = build([folder], store, jobs=1, say=said.append)
    assert (summary.unchanged, summary.removed) == (1, 0)
    assert [line.split(":")[0].rsplit("/", 1)[1] for line in said if "NB-BUILD-GONE" in line] == ["a.txt"]
    assert len(texts(store, "SELECT ?r { ?r a nb:AnnualReport }")) == 2
    assert build([folder], store, jobs=1, prune=True).removed == 1
    assert texts(store, "SELECT ?y { ?r nb:reportingYear ?y }") == [("2023",)]


def test_a_file_that_was_built_by_itself_is_missed_in_its_folder(folder: Path, store: Store) -> None:
    (folder / "inner").mkdir()
    report(folder, "kept.txt", year=2022)
    report(folder, "inner/alone.txt", year=2023)
    build([folder / "inner/alone.txt"], store, jobs=1)
    (folder / "inner/alone.txt").unlink()
    assert build([folder], store, jobs=1, prune=True).removed == 1
    assert texts(store, "SELECT ?y { ?r nb:reportingYear ?y }") == [("2022",)]


def test_a_build_into_a_sparql_endpoint_gives_the_same_graph(folder: Path, store: Store, server: str) -> None:
    remote = open_store(f"{server}/query", update_url=f"{server}/update")
    remote.update("CLEAR ALL")
    report(folder, "a.txt", readers="11.1")
    report(folder, "b.txt", year=2022)
    run(folder, remote)
    report(folder, "a.txt")
    assert run(folder, remote) == (0, 1, 1, 0)
    run(folder, store)
    everything = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(!isBlank(?s) && !isBlank(?o)) }"
    assert texts(remote, everything) == texts(store, everything)


def test_interrupted_builds_leave_a_store_that_opens(folder: Path, tmp_path: Path, root: Path) -> None:
    for number in range(12):
        report(folder, f"{number}.txt", name=f"澜川县第{number}图书馆")
    place = tmp_path / "interrupted"
    for stop in (signal.SIGINT, signal.SIGKILL):
        process = subprocess.Popen(
            [sys.executable, "-m", "nianbao", "build", str(folder), "--store", str(place), "--jobs", "1"],
            env={"PYTHONPATH": f"{root / 'src'}:{root / 'server'}", "PATH": ""},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and process.poll() is None:
            time.sleep(0.2)
            try:
                reader = open_store(str(place), read_only=True)
                if reader.ask(f"ASK {{ ?r a <{NB}AnnualReport> }}"):
                    break
            except NianbaoError:  # the store is being made
                continue
        process.send_signal(stop)
        _, errors = process.communicate(timeout=30)
        assert "Traceback" not in errors
        opened = open_store(str(place))
        reports = opened.select(f"{PREFIXES} SELECT ?f {{ ?r dcat:hasCurrentVersion ?f }}")
        whole = opened.select(
            f"{PREFIXES} SELECT ?f {{ ?r dcat:hasCurrentVersion ?f . ?f nb:registration/nb:mainName ?n }}"
        )
        assert len(reports) == len(whole) >= 1
        opened.close()
        del opened
    finished = open_store(str(place))
    summary = build([folder], finished, jobs=1)
    assert summary.unchanged + summary.read == 12
    assert len(texts(finished, "SELECT ?r { ?r a nb:AnnualReport }")) == 12


def test_files_of_one_name_in_several_folders_do_not_replace_each_other(tmp_path: Path, store: Store) -> None:
    for city in ("north", "south"):
        (tmp_path / city / "reports").mkdir(parents=True)
        report(tmp_path / city / "reports", "2023.txt", name=f"澜川县{city}图书馆")
    folders = [tmp_path / city / "reports" for city in ("north", "south")]
    assert build(folders, store, jobs=1).read == 2
    assert [build([folder], store, jobs=1).unchanged for folder in folders] == [1, 1]
    report(folders[0], "2023.txt", name="澜川县north图书馆", door=9)
    assert build(folders, store, jobs=1).replaced == 1
    assert len(store.select(f"{PREFIXES} SELECT ?r {{ ?r dcat:hasCurrentVersion ?f }}")) == 2


def test_a_name_that_is_not_utf8_is_built_too(folder: Path, store: Store) -> None:
    made = report(folder, "one.txt")
    made.rename(os.fsdecode(os.fsencode(folder) + b"/\xc4\xea.txt"))  # a name in GB18030
    lines: list[str] = []
    summary = build([folder], store, jobs=1, say=lines.append)
    assert (summary.read, summary.failed, lines) == (1, [], [])
    assert build([folder], store, jobs=1).unchanged == 1
    (row,) = store.select(f"SELECT ?n {{ GRAPH ?g {{ ?f <{NB}fileName> ?n }} }}")
    assert row["n"].value.startswith("reports/\\xc4\\xea.txt (")


def test_a_pipe_is_refused_and_not_waited_for(folder: Path, store: Store) -> None:
    os.mkfifo(folder / "pipe")
    lines: list[str] = []
    assert build([folder / "pipe"], store, jobs=1, say=lines.append).failed == ["pipe"]
    assert "NB-READ-OPEN" in lines[0]


def test_ctrl_c_while_workers_start_leaves_no_trace(folder: Path, tmp_path: Path, root: Path) -> None:
    """A terminal sends Ctrl-C to all processes of the command, workers that are still importing among them."""
    for number in range(4):
        report(folder, f"{number}.txt", name=f"澜川县第{number}图书馆")
    process = subprocess.Popen(
        [sys.executable, "-m", "nianbao", "build", str(folder), "--store", str(tmp_path / "s"), "--jobs", "2"],
        env={"PYTHONPATH": f"{root / 'src'}:{root / 'server'}", "PATH": ""},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    while not workers(process.pid) and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in errors
    assert "what was finished is kept" in errors


def workers(parent: int) -> list[str]:
    """The pool's processes of a build (Linux)."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes()
            fields = (path.parent / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if b"spawn_main" in words and fields[1] == str(parent):
            found.append(path.parent.name)
    return found


def test_a_store_in_the_folder_is_no_report(tmp_path: Path) -> None:
    (tmp_path / "store").mkdir()
    for name in ("CURRENT", "IDENTITY", "MANIFEST-000005", "a/CURRENT"):
        path = tmp_path / ("store" if "/" not in name else ".") / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", "utf-8")
    found, left = within(tmp_path)
    assert [path.relative_to(tmp_path).as_posix() for path in found] == ["a/CURRENT"]
    assert left == {"store": 3}


def test_attachments_are_read_once(folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    report(folder, "a.txt")
    (folder / "notice.txt").write_text("关于开展年度报告工作的通知\n各单位：\n请按时报送。\n", encoding="utf-8")
    (folder / "list.txt").write_text("附件清单\n一、证书复印件\n", encoding="utf-8")
    read: list[str] = []

    def counted(tasks: Sequence[building.Task], base: str) -> list[building.Outcome]:
        read.extend(task.path.name for task in tasks)
        return some(tasks, base)

    some = building.some
    monkeypatch.setattr(building, "some", counted)
    for again in range(3):
        summary = build([folder], store, jobs=1)
        assert (summary.attachments, summary.failed) == (2, []), again
    assert sorted(read) == ["a.txt", "list.txt", "notice.txt"]
    report(folder, "a.txt", readers="13.1")  # the report is read again, its attachments are not
    assert build([folder], store, jobs=1).replaced == 1
    assert read[3:] == ["a.txt"]
    issue = "its attachments were not read"
    assert build([folder], store, jobs=1, again=True).attachments == 2
    assert sorted(read[4:]) == ["a.txt", "list.txt", "notice.txt"]
    # Beside a second report they belong to none, and are told as before.
    report(folder, "b.txt", year=2022)
    told: list[str] = []
    summary = build([folder], store, jobs=1, say=told.append)
    assert sorted(summary.failed) == ["reports/list.txt", "reports/notice.txt"]
    assert read[7:] == ["b.txt"]
    assert any(str(folder / "notice.txt") in line and "NB-FORM-NOT-A-REPORT" in line for line in told)
    assert not any("{file}" in line or issue in line for line in told)


def test_an_archive_over_a_limit_is_no_attachment(folder: Path, store: Store) -> None:
    report(folder, "a.txt")
    with zipfile.ZipFile(folder / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", b"0" * 3_000_000)
    told: list[str] = []
    summary = build([folder], store, jobs=1, limits=Limits(ratio=10), say=told.append)
    assert (summary.read, summary.attachments, summary.failed) == (1, 0, ["reports/bomb.zip"])
    assert any("bomb.zip" in line and "NB-READ-ARCHIVE" in line for line in told)


def test_files_audited_together_give_what_each_gives_alone(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where one of them cannot be read, or cannot be mapped."""
    paths = [*sorted((root / "data/reports").glob("*-2024.txt"))[:3], root / "pyproject.toml"]
    tasks = [building.Task(path, path.name, f"{number:064x}") for number, path in enumerate(paths)]
    alone = [building.some([task], "https://x.example/")[0] for task in tasks]
    assert [bool(outcome.error) for outcome in alone] == [False, False, False, True]
    assert building.some(tasks, "https://x.example/") == alone
    quads = building.rdf.quads

    def fails(record: building.Record, **more: str) -> object:
        if record.source.path.endswith(paths[1].name):
            raise NianbaoError("no map", remedy="none", code="NB-MAP-X")
        return quads(record, **more)

    monkeypatch.setattr(building.rdf, "quads", fails)
    one_fails = building.some(tasks, "https://x.example/")
    assert [one_fails[0], *one_fails[2:]] == [alone[0], *alone[2:]]
    assert one_fails[1].code == "NB-MAP-X"
