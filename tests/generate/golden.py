"""What reading the invented reports has to give, whatever file they stand in."""

from collections.abc import Mapping
from decimal import Decimal

from generate import content as c
from nianbao.form.parse import parse_form
from nianbao.reading.compose import compose
from nianbao.reading.layout import Page
from nianbao.reading.places import located
from nianbao.record import Record, Source
from nianbao.report import record_from


def record_of(pages: tuple[Page, ...]) -> Record:
    """The record of pages that were read in this process."""
    composed = compose(pages)
    form = parse_form(composed.lines, where="report", whole=composed.whole, full=composed.full)
    return located(record_from(form, source=Source(path="report", sha256="")), composed, form.origins)


def bare(text: object) -> str:
    """Words without blanks."""
    return "".join(str(text or "").split())


def said(found: Record, key: str) -> str:
    """What a box says, as one text."""
    value = getattr(found, "activities_section" if key == "activities" else key)
    return "\n".join(value) if key == "sponsors" else str(getattr(value, "stated", value) or "")


def differing(found: Record, truth: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """(key, found, true) of the boxes that do not say what they should; paragraphs count, blanks do not."""
    pairs = [(key, said(found, key), text) for key, text in truth.items()]
    off = [pair for pair in pairs if bare(pair[1]) != bare(pair[2])]
    return off or [pair for pair in pairs if pair[0] == "activities" and pair[1].count("\n") != pair[2].count("\n")]


def checked(record: Record) -> None:
    """The record is that of the invented report."""
    assert record.name == c.NAME
    assert record.year == c.YEAR
    assert record.purpose == c.FIELDS["宗旨和业务范围"]
    assert record.address == c.FIELDS["住所"]
    assert record.legal_representative == c.FIELDS["法定代表人"]
    assert record.initial_capital
    assert record.initial_capital.value == Decimal("4365000")
    assert record.sponsors == (c.FIELDS["举办单位"],)
    assert record.net_assets_opening
    assert record.net_assets_closing
    assert record.net_assets_opening.value == Decimal("12083700")
    assert record.net_assets_closing.value == Decimal("11930600")
    assert record.online_name == c.ONLINE_NAME
    assert record.staff == c.STAFF
    assert [activity.number for activity in record.activities] == ["1", "2", "3"]
    assert record.activities_section.stated == "\n".join(c.NARRATIVE)
    assert record.performance.stated == c.PERFORMANCE
    assert record.donations.none
    assert record.phone == c.PHONE
    assert record.filing_date == "2025-03-06"
    assert not any(issue.breaks_form for issue in record.issues)
