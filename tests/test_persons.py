"""Form fillers and telephones: in a store of their own where that is asked for, and nowhere else."""

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

from nianbao.build import build
from nianbao.cli import main
from nianbao.errors import NianbaoError, StoreError
from nianbao.mapping import ontology, rdf
from nianbao.mapping.persons import person_quads
from nianbao.quality import audit
from nianbao.record import Record
from nianbao.restricted import Persons, open_persons
from nianbao.storage.store import Store, open_store
from nianbao.vocabulary import DATA, NB, NBC, expand
from nianbao.writer import Writer
from nianbao_server.app import create_app
from test_build import report

FILLER, PHONE = "苗小满", "0000-1234567"
ALL = "SELECT * { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } FILTER(!isBlank(?s) && !isBlank(?o)) }"
NAMES = f"SELECT ?g ?n {{ GRAPH ?g {{ ?r <{expand('foaf:name')}> ?n ; <{expand('org:role')}> <{NBC}formFiller> }} }}"


def triples(store: Store) -> list[str]:
    """Every triple of every graph, as text."""
    return sorted(str(sorted((name, str(term)) for name, term in row.items())) for row in store.select(ALL))


def persons(store: Store) -> dict[str, str]:
    """The form filler by the end of the graph that names him: ``2023/1``."""
    return {row["g"].value.split("/restricted/")[1].split("/", 1)[1]: row["n"].value for row in store.select(NAMES)}


def cli(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "reports"
    made.mkdir()
    return made


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(str(tmp_path / "store"))


@pytest.fixture
def apart(tmp_path: Path) -> Store:
    return open_persons(str(tmp_path / "persons"), str(tmp_path / "store"))


def run(folder: Path, store: Store, apart: Store | None, **options: bool) -> list[str]:
    said: list[str] = []
    assert not build([folder], store, jobs=1, persons=apart, say=said.append, **options).failed
    return said


# --- the graph


@pytest.fixture(scope="module")
def case(root: Path) -> Record:
    return Record.from_json((root / "tests/cases/museum-2024.json").read_text("utf-8"))


def test_the_example_in_the_ontology_is_what_the_mapping_writes(case: Record, root: Path) -> None:
    golden = root / "ontology/examples/restricted.trig"
    assert golden.read_text("utf-8") == rdf.serialize(person_quads(case), "trig")


def test_every_term_is_declared(case: Record) -> None:
    declared = {triple.subject for triple in ontology.triples()}
    quads = list(person_quads(case))
    used = {quad.predicate for quad in quads} | {quad.object for quad in quads}
    ours = {term for term in used if isinstance(term, ox.NamedNode) and term.value.startswith((NB, NBC))}
    assert ours <= declared
    assert ox.NamedNode(NB + "telephone") in ours
    assert ox.NamedNode(NBC + "formFiller") in ours


def test_what_is_not_printed_is_not_written(case: Record) -> None:
    assert list(person_quads(replace(case, form_filler=None, phone=" "))) == []
    only = list(person_quads(replace(case, form_filler=None), version=3, base="https://x.example/"))
    assert {quad.graph_name.value for quad in only} == {"https://x.example/restricted/12990000FX0000122E/2024/3"}
    assert not any(quad.predicate.value == expand("foaf:name") for quad in only)
    assert any(quad.object == ox.Literal(case.phone or "") for quad in only)


def test_the_shape_finds_it_and_only_there(case: Record) -> None:
    def shapes(quads: Iterator[ox.Quad]) -> set[str]:
        return {finding.shape.rpartition("/")[2] for finding in audit.check(quads) if finding.rule == "Q01"}

    assert shapes(person_quads(case)) == {"Q01", "Q01-role"}
    assert shapes(rdf.quads(case)) == set()


# --- the two stores


def test_off_by_default_and_the_public_store_is_the_same_with_it(folder: Path, tmp_path: Path) -> None:
    report(folder, "a.txt")
    report(folder, "b.txt", year=2022)
    for name in ("without", "with"):
        options = ["--persons", tmp_path / "persons"] if name == "with" else []
        done = cli("build", folder, "--store", tmp_path / name, "--jobs", 1, *options)
        assert done.exit_code == 0, done.output
        assert FILLER not in done.output
        assert PHONE not in done.output
        assert ("不得公开" in done.stderr) == (name == "with")
    made = [open_store(str(tmp_path / name), read_only=True) for name in ("without", "with")]
    assert triples(made[0]) == triples(made[1])
    text = "\n".join(triples(made[1]))
    assert "温如言" in text  # the legal representative, a registered item
    assert "readBy" in text
    assert FILLER not in text
    assert PHONE not in text
    assert "formFiller" not in "".join(line for line in triples(made[1]) if "org#role" in line)
    assert persons(open_store(str(tmp_path / "persons"), read_only=True)) == {"2023/1": FILLER, "2022/1": FILLER}


@pytest.mark.skipif(os.name != "posix", reason="rights of folders are those of POSIX")
def test_a_new_folder_is_its_owners_only(apart: Store, tmp_path: Path) -> None:
    assert stat.S_IMODE((tmp_path / "persons").stat().st_mode) == 0o700


def test_validate_finds_q01_in_an_export_of_the_one_and_not_of_the_other(folder: Path, tmp_path: Path) -> None:
    report(folder, "a.txt")
    cli("build", folder, "--store", tmp_path / "store", "--persons", tmp_path / "persons", "--jobs", 1)
    everything = "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH ?g { ?s ?p ?o } }"
    found = {}
    for name in ("store", "persons"):
        export = cli("query", "--store", tmp_path / name, "-q", everything, "--format", "ntriples")
        assert (FILLER in export.stdout, PHONE in export.stdout) == (name == "persons", name == "persons")
        (tmp_path / f"{name}.nt").write_text(export.stdout, "utf-8")
        checked = cli("validate", tmp_path / f"{name}.nt", "--format", "json")
        found[name] = [line for line in checked.stdout.splitlines() if '"Q01"' in line]
    assert found["store"] == []
    assert len(found["persons"]) >= 2
    assert FILLER not in "".join(found["persons"])
    assert PHONE not in "".join(found["persons"])


def test_no_page_answer_or_list_of_the_public_store_holds_them(folder: Path, tmp_path: Path) -> None:
    report(folder, "a.txt")
    place = tmp_path / "store"
    cli("build", folder, "--store", place, "--persons", tmp_path / "persons", "--jobs", 1)
    shown = [
        cli("audit", "--store", place, "--format", form).stdout for form in ("text", "json", "csv", "html", "turtle")
    ]
    shown += [cli("audit", "--store", place, "--restricted").stdout, cli("export", "--store", place).stdout]
    assert all(shown)
    opened = open_store(str(place), read_only=True)
    nodes = {row["s"].value for row in opened.select(ALL) if row["s"].value.startswith(DATA)}
    app = create_app(str(place))
    with closing(app.extensions["nianbao"]):
        client = app.test_client()
        paths = ["/", "/audit"] + sorted("/" + node.removeprefix(DATA).split("#")[0] for node in nodes)
        for path in dict.fromkeys(paths):
            for kind in ("text/html", "text/turtle"):
                shown.append(client.get(path, headers={"Accept": kind}).text)
        shown.append(client.get("/sparql", query_string={"query": ALL}).text)
    assert len(shown) > 40
    assert "温如言" in "".join(shown)
    for text in shown:
        assert FILLER not in text
        assert PHONE not in text


def test_adding_it_later_reads_the_files_again_once(folder: Path, store: Store, apart: Store) -> None:
    report(folder, "a.txt")
    report(folder, "b.txt", year=2022)
    run(folder, store, None)
    before = triples(store)
    said = run(folder, store, apart)
    assert any(line.startswith("2 ") and "read again" in line for line in said)
    assert persons(apart) == {"2023/1": FILLER, "2022/1": FILLER}
    assert triples(store) == before
    assert build([folder], store, jobs=1, persons=apart).unchanged == 2
    assert run(folder, store, apart) == []


def test_filings_of_other_folders_are_told(folder: Path, store: Store, apart: Store, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    report(other, "b.txt", year=2022)
    run(other, store, None)
    report(folder, "a.txt")
    (line,) = (line for line in run(folder, store, apart) if "NB-BUILD-PERSONS-MISSING" in line)
    assert ": 1 filings" in line
    assert persons(apart) == {"2023/1": FILLER}
    run(other, store, apart)
    assert persons(apart) == {"2023/1": FILLER, "2022/1": FILLER}


def changed(folder: Path, file: str, name: str, **facts: str | int) -> None:
    path = report(folder, file, **facts)
    path.write_text(path.read_text("utf-8").replace(FILLER, name), encoding="utf-8")


def test_they_follow_changes_moves_versions_and_removals(folder: Path, store: Store, apart: Store) -> None:
    report(folder, "a.txt")
    changed(folder, "b.txt", "安小雪", day=20)
    run(folder, store, apart)
    assert persons(apart) == {"2023/1": FILLER, "2023/2": "安小雪"}
    changed(folder, "a.txt", "简小寒", day=12)  # the file is corrected
    run(folder, store, apart)
    assert persons(apart) == {"2023/1": "简小寒", "2023/2": "安小雪"}
    changed(folder, "b.txt", "安小雪", year=2021)  # the file is now another report's
    run(folder, store, apart)
    assert persons(apart) == {"2023/1": "简小寒", "2021/1": "安小雪"}
    (folder / "b.txt").unlink()
    run(folder, store, apart)
    assert persons(apart) == {"2023/1": "简小寒", "2021/1": "安小雪"}  # the filing stays, so does this
    run(folder, store, apart, prune=True)
    assert persons(apart) == {"2023/1": "简小寒"}
    assert "安小雪" not in str(triples(apart))
    assert FILLER not in str(triples(apart))
    changed(folder, "a.txt", "", day=12)  # nobody is named any more
    run(folder, store, apart)
    assert persons(apart) == {}


def test_what_changed_without_it_is_made_good(folder: Path, store: Store, apart: Store) -> None:
    report(folder, "a.txt")
    report(folder, "b.txt", year=2022)
    run(folder, store, apart)
    changed(folder, "a.txt", "安小雪")
    (folder / "b.txt").unlink()
    run(folder, store, None, prune=True)
    assert persons(apart) == {"2023/1": FILLER, "2022/1": FILLER}
    Writer(store, persons=apart)  # what is of other files goes at once, also where no file is at hand
    assert persons(apart) == {}
    run(folder, store, apart)
    assert persons(apart) == {"2023/1": "安小雪"}


def test_a_trial_into_another_store_does_not_empty_it(folder: Path, store: Store, apart: Store, tmp_path: Path) -> None:
    report(folder, "a.txt")
    run(folder, store, apart)
    before = triples(apart)
    other = open_store(str(tmp_path / "trial"))
    with pytest.raises(StoreError, match="belongs to the public store") as error:
        build([folder], other, jobs=1, persons=apart)
    assert error.value.code == "NB-BUILD-PERSONS"
    assert triples(apart) == before
    assert triples(other) == []
    # Both moved together: they fit each other, and go on.
    store.close()
    (tmp_path / "store").rename(tmp_path / "moved")
    moved = open_store(str(tmp_path / "moved"))
    assert build([folder], moved, jobs=1, persons=apart).unchanged == 1
    changed(folder, "a.txt", "安小雪")
    run(folder, moved, apart)
    assert persons(apart) == {"2023/1": "安小雪"}


def test_a_build_that_stopped_between_the_two_is_made_good(
    folder: Path, store: Store, apart: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    report(folder, "a.txt")

    def stops(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Persons, "put", stops)
        with pytest.raises(KeyboardInterrupt):
            run(folder, store, apart)
    assert persons(apart) == {}
    run(folder, store, apart)
    assert persons(apart) == {"2023/1": FILLER}


def test_an_endpoint_can_hold_them(folder: Path, store: Store, server: str) -> None:
    remote = open_persons(f"{server}/query", store.location, update_url=f"{server}/update")
    remote.update("CLEAR ALL")
    report(folder, "a.txt")
    run(folder, store, remote)
    assert persons(remote) == {"2023/1": FILLER}
    (folder / "a.txt").unlink()
    run(folder, store, remote, prune=True)
    assert persons(remote) == {}
    remote.update("CLEAR ALL")


# --- apart


@pytest.mark.parametrize("second", ["store", "store/", "./x/../store", "store/inner", "link"])
def test_one_store_for_both_is_refused(folder: Path, tmp_path: Path, second: str) -> None:
    report(folder, "a.txt")
    (tmp_path / "link").symlink_to(tmp_path / "store")
    (tmp_path / "x").mkdir()
    done = cli("build", folder, "--store", tmp_path / "store", "--persons", f"{tmp_path}/{second}")
    assert done.exit_code != 0
    assert "NB-BUILD-PERSONS" in done.stderr
    assert not (tmp_path / "store").exists()


def test_two_names_of_one_endpoint_are_refused(folder: Path, server: str) -> None:
    report(folder, "a.txt")
    public = open_store(f"{server}/query", update_url=f"{server}/update")
    public.update("CLEAR ALL")
    other = server.replace("127.0.0.1", "localhost")
    apart = open_persons(f"{other}/query", public.location, update_url=f"{other}/update")
    with pytest.raises(StoreError) as error:
        build([folder], public, jobs=1, persons=apart)
    assert error.value.code == "NB-BUILD-PERSONS"
    assert triples(public) == []
    with pytest.raises(StoreError):
        open_persons(public.location + "/", public.location)


def test_a_store_of_reports_takes_no_personal_data(folder: Path, store: Store, tmp_path: Path) -> None:
    report(folder, "a.txt")
    run(folder, store, None)
    before = triples(store)
    other = open_store(str(tmp_path / "other"))
    with pytest.raises(StoreError, match="holds reports") as error:
        build([folder], other, jobs=1, persons=store)
    assert error.value.code == "NB-BUILD-PERSONS"
    assert triples(store) == before


def test_a_store_of_personal_data_takes_no_reports_and_is_not_served(folder: Path, store: Store, apart: Store) -> None:
    run(folder, store, apart)  # an empty one is one too
    with pytest.raises(StoreError) as error:
        build([folder], apart, jobs=1)
    assert error.value.code == "NB-STORE-PERSONS"
    report(folder, "a.txt")
    run(folder, store, apart)
    location = apart.location
    apart.close()
    with pytest.raises(StoreError) as error:
        create_app(location)
    assert error.value.code == "NB-STORE-PERSONS"
    done = cli("serve", "--store", location, "--port", 0)
    assert done.exit_code != 0
    assert "NB-STORE-PERSONS" in done.stderr
    assert "nianbao query" in done.stderr


def test_an_export_of_it_is_not_served_from_another_store(case: Record, store: Store) -> None:
    store.write(list(person_quads(case)), first="")
    location = store.location
    store.close()
    with pytest.raises(NianbaoError) as error:
        create_app(location)
    assert error.value.code == "NB-STORE-PERSONS"
