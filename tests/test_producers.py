"""Reading PDFs as other producers write them: the same record, whatever operators draw the page."""

import pytest

from generate import pdf as made
from generate import producers
from test_pdf import record, wrong

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
