"""What reading the invented report has to give, whatever file it stands in."""

from decimal import Decimal

from generate import content as c
from nianbao.record import Record


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
