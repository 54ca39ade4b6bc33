"""Reading PDFs as other producers write them: the same record, whatever operators draw the page."""

import subprocess
from pathlib import Path

import pytest

from generate import pdf as made
from generate import producers
from nianbao.reading import office
from test_pdf import record, wrong
from test_reading_variants import REPORTS, differences, needed

VARIANTS = producers.variants()


@pytest.mark.parametrize("name", [name for name in VARIANTS if name not in producers.HIDDEN])
def test_every_producer_gives_the_same_record(name: str) -> None:
    change, style = VARIANTS[name]
    found, _, issues = record(producers.changed(change, style))
    assert wrong(found, style) == []
    assert not issues


@pytest.mark.parametrize("name", producers.HIDDEN)
def test_what_a_page_does_not_show_is_set_aside(name: str) -> None:
    found, pages, issues = record(producers.changed(producers.HIDDEN[name]))
    assert wrong(found, made.Style()) == []
    assert "9999" not in found.text
    shown = name == "shown-layer"
    assert {issue.code for issue in issues} == (set() if shown else {"NB-READ-UNSEEN"})
    assert shown or "9999" in "".join(line.text for line in pages[0].overlay)


@pytest.mark.slow
def test_a_text_that_became_a_pdf(tmp_path: Path) -> None:
    """Lines of a value that the margin broke are joined: none stays none, a donor stays whole."""
    program = needed("libreoffice", office.program())
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    names = ("college-2024", "town-station-2024", "hospital-2024")
    for form, ends, options in (("docx", "txt", ("--infilter=Text (encoded):UTF8",)), ("pdf", "docx", ())):
        for name in names if ends == "txt" else ():
            (tmp_path / f"{name}.txt").write_bytes((REPORTS / f"{name}.txt").read_bytes())
        files = [str(tmp_path / f"{name}.{ends}") for name in names]
        command = [program, "--headless", profile, *options, "--convert-to", form, "--outdir", str(tmp_path), *files]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
    for name in names:
        assert differences(name, tmp_path / f"{name}.pdf") == []
