"""What no rule can see is said, and counts as not passed."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from nianbao.cli import main
from nianbao.quality import audit
from nianbao.quality.engine.index import Index
from nianbao.quality.notes import unseen
from nianbao.vocabulary import PREFIXES

GOOD = Path(__file__).parent / "shapes/good.ttl"
FILING = "https://data.example/filing/n-0000000000aa/2024/1"
PROLOGUE = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())


def changed(update: str) -> list[ox.Quad]:
    store = ox.Store()
    store.load(path=GOOD, format=ox.RdfFormat.TURTLE)
    store.update(PROLOGUE + update, base_iri=FILING + "/")
    return list(store)


def test_a_clean_filing_has_no_notes() -> None:
    assert list(unseen(Index(changed("")))) == []


@pytest.mark.parametrize(
    ("new", "name"),
    [
        ('<staff> nb:value "abc"', "nb:value"),
        ('<staff> nb:value "abc"^^xsd:decimal', "nb:value"),
        ('<staff> nb:value "21"', "nb:value"),
        ("<staff> nb:value <urn:21>", "nb:value"),
        (f'<{FILING}> nb:submissionDate "2025-02-30"^^xsd:date', "nb:submissionDate"),
        (f'<{FILING}> nb:submissionDate "31 March"', "nb:submissionDate"),
        ('<staff> nb:unit "人"', "nb:unit"),
        (f"<{FILING}> nb:onlineName 3", "nb:onlineName"),
        # numbers that a query cannot reckon with
        (f"<staff> nb:value {'9' * 10000}", "nb:value"),
        (f"<staff> nb:value {'9' * 19}.5", "nb:value"),
        ('<staff> nb:value "NaN"^^xsd:double', "nb:value"),
        (f'<staff> nb:periodEnd "{"9" * 5000}"^^xsd:date', "nb:periodEnd"),
    ],
)
def test_values_of_the_wrong_kind_are_not_passed(new: str, name: str) -> None:
    """A rule that compares numbers finds nothing in words: that is no clean report."""
    done = audit.run(changed(f"INSERT DATA {{ {new} }}"))
    notes = [note for note in done.notes if note.fails]
    assert [note.text.en.split()[0] for note in notes] == [name]
    assert all(name in note.text.zh for note in notes)


@pytest.mark.parametrize(
    ("update", "words"),
    [
        (f"INSERT DATA {{ <{FILING}> nb:submisionDate 1 }}", "no nb:submisionDate"),
        ("INSERT DATA { <section/x> nb:sectionType nbc:sectionFoo }", "no nbc:sectionFoo"),
        ("INSERT DATA { <urn:x> <urn:y> nbi:foo }", "no nbi:foo"),
        (
            "INSERT { ?r nb:reportingInstitution <urn:i> } WHERE { ?r a nb:AnnualReport }",
            "reportingInstitution has more",
        ),
        ("INSERT DATA { <staff> nb:value 22 }", "nb:value has more than one value"),
        ("INSERT DATA { <a1> nb:parentActivity <a2> . <a2> nb:parentActivity <a1> }", "nb:parentActivity leads back"),
        (f"INSERT DATA {{ <{FILING}> dcat:previousVersion <{FILING}> }}", "dcat:previousVersion leads back"),
        (
            "INSERT { ?i nb:sponsoredBy <urn:b> . <urn:b> nb:sponsoredBy <urn:c> . <urn:c> nb:sponsoredBy ?i } "
            "WHERE { ?i a nb:PublicInstitution }",
            "nb:sponsoredBy leads back",
        ),
    ],
)
def test_what_no_rule_can_judge_is_not_passed(update: str, words: str) -> None:
    notes = [note.text.en for note in audit.run(changed(update)).notes if note.fails]
    assert len(notes) == 1
    assert words in notes[0]


def test_a_cycle_of_sponsors_with_names_is_for_the_rule(tmp_path: Path) -> None:
    quads = changed(
        "INSERT { ?i nb:sponsoredBy <urn:b> . <urn:b> nb:sponsoredBy ?i ; skos:prefLabel '乙'@zh } "
        "WHERE { ?i a nb:PublicInstitution }"
    )
    assert not any(note.fails for note in audit.run(quads).notes)
    path = tmp_path / "x.nq"
    path.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    assert "X18" in {finding.rule for finding in audit.validate_file(path).findings}


@pytest.mark.parametrize("new", ["<staff> nb:value 21", "<staff> nb:value 2.1e1", '<staff> nb:statedValue "21"@zh'])
def test_numbers_of_any_type_and_words_of_any_language_are_right(new: str) -> None:
    assert not any(note.fails for note in audit.run(changed(f"INSERT DATA {{ {new} }}")).notes)


def test_the_command_fails_with_such_a_note(tmp_path: Path) -> None:
    path = tmp_path / "x.nq"
    path.write_bytes(
        ox.serialize(changed('INSERT DATA { <staff> nb:value "many" }'), format=ox.RdfFormat.N_QUADS) or b""
    )
    result = CliRunner().invoke(main, ["validate", str(path), "--fail-on", "never"])
    assert result.exit_code == 1
    assert "nb:value" in result.stdout


@pytest.mark.parametrize(("form", "stream"), [("text", "stdout"), ("html", "stdout"), ("json", "stderr")])
def test_a_note_is_told_once(tmp_path: Path, form: str, stream: str) -> None:
    path = tmp_path / "x.nq"
    note = changed("INSERT DATA { <https://data.example/filing/old/2/1> a nb:Filing }")
    path.write_bytes(ox.serialize(note, format=ox.RdfFormat.N_QUADS) or b"")
    result = CliRunner().invoke(main, ["validate", str(path), "--lang", "en", "--format", form])
    assert getattr(result, stream).count("dcat:hasCurrentVersion") == 1
    assert (result.stdout + result.stderr).count("dcat:hasCurrentVersion") == 1


def test_one_value_is_called_one() -> None:
    (note,) = audit.run(changed('INSERT DATA { <staff> nb:value "many" }')).notes
    assert note.text.en == "nb:value has 1 value that is no xsd:decimal (“many”): not checked"
