"""Reading OFD: every box, number and place of generated files of many shapes, what is lost is told, harm is ended."""

import pytest

from generate import ofd as made
from generate import pdf
from nianbao.form.parse import parse_form
from nianbao.reading.compose import compose
from nianbao.reading.layout import Page
from nianbao.reading.ofd import read
from nianbao.reading.pdf import read_pdf
from nianbao.reading.places import located
from nianbao.record import Issue, Record, Source
from nianbao.report import record_from


def read_ofd(data: bytes) -> tuple[tuple[Page, ...], tuple[Issue, ...]]:
    """The pages of a file and the doubts about them, read in this process."""
    found = list(read(data))
    return tuple(m for m in found if isinstance(m, Page)), tuple(m for m in found if isinstance(m, Issue))


def record(pages: tuple[Page, ...]) -> Record:
    composed = compose(pages)
    form = parse_form(composed.lines, where="report", whole=composed.whole)
    return located(record_from(form, source=Source(path="report", sha256="")), composed, form.origins)


def bare(text: object) -> str:
    return "".join(str(text or "").split())


def said(found: Record, key: str) -> str:
    value = getattr(found, "activities_section" if key == "activities" else key)
    return "\n".join(value) if key == "sponsors" else str(getattr(value, "stated", value) or "")


def wrong(found: Record, style: made.Style) -> list[tuple[str, str, str]]:
    """The boxes that do not say what they should; paragraphs count, blanks do not."""
    pairs = [(key, said(found, key), text) for key, text in pdf.truth(style.layout).items()]
    off = [pair for pair in pairs if bare(pair[1]) != bare(pair[2])]
    return off or [pair for pair in pairs if pair[0] == "activities" and pair[1].count("\n") != pair[2].count("\n")]


@pytest.mark.parametrize("name", made.STYLES)
def test_every_box_and_number_is_that_of_the_pdf_of_the_same_report(name: str) -> None:
    style = made.STYLES[name]
    pages, issues = read_ofd(made.build(style))
    found = record(pages)
    assert wrong(found, style) == []
    assert not issues
    twin = record(read_pdf(pdf.build(style.layout))[0])
    assert len(pages) == twin.text.count("\f") + len(pages)
    facts = [(m.subject, m.value, m.unit) for m in found.metrics]
    assert facts == [(m.subject, m.value, m.unit) for m in twin.metrics]
    assert found.text == twin.text
