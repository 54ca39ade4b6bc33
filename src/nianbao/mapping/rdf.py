"""A record as RDF: the mapping of docs/modelling.md, in one pure generator that knows no store.

``quads`` is the whole; its two halves are what only this filing says (``filing_triples``, in the filing's own graph)
and what filings share (``registry_triples``, in the registry). A build that knows several filings of an institution
calls ``institution_triples`` and ``report_triples`` with the facts of the newest one instead.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal

import pyoxigraph as ox

from nianbao import __version__
from nianbao.form.values import says_nothing
from nianbao.mapping.doubts import code_in_doubt, doubtful_facts, may_lack
from nianbao.mapping.iris import (
    Names,
    clean_code,
    indicator_iri,
    institution_key,
    institution_name,
    name_key,
    organisation_iri,
    report_year,
    source_iri,
    stated_code,
)
from nianbao.mapping.likeness import address_key, bands, fingerprint, name_keys
from nianbao.mapping.narrative import indicated, narrative_triples
from nianbao.mapping.organisations import sector_of
from nianbao.mapping.printed import origins, printed_triples, read_as
from nianbao.mapping.privacy import masked
from nianbao.mapping.serialise import serialize
from nianbao.mapping.terms import (
    Fact,
    chinese,
    concept,
    day,
    decimal,
    describe,
    iri,
    passage,
    plain,
    section_iri,
    term,
    truth,
    whole,
)
from nianbao.mapping.units import precision, unit_of
from nianbao.narrative.indicators import known_indicator
from nianbao.record import Money, Record, Section
from nianbao.vocabulary import DATA

__all__ = [
    "filing_iri",
    "filing_triples",
    "institution_key",
    "institution_triples",
    "quads",
    "registry_triples",
    "report_triples",
    "report_year",
    "serialize",
    "shared_triples",
]

# Words of the record, and the codes that stand for them.
FUNDING = {"full": "fundingFull", "partial": "fundingPartial", "self": "fundingSelf", "other": "fundingOther"}
YEAR_BASES = {
    "cover": "yearFromCover",
    "title": "yearFromTitle",
    "change-statement": "yearFromChangeStatement",
    "file-name": "yearFromFileName",
}
ITEMS = {
    "名称": "itemName",
    "住所": "itemAddress",
    "法定代表人": "itemLegalRepresentative",
    "开办资金": "itemInitialCapital",
    "经费来源": "itemFundingSource",
    "宗旨和业务范围": "itemPurpose",
    "举办单位": "itemSponsor",
}
SECTIONS = {
    "activities_section": "activities",
    "registration_changes": "changes",
    "qualifications": "licences",
    "performance": "awards",
    "donations": "donations",
    "institution_opinion": "institutionOpinion",
    "sponsor_opinion": "sponsorOpinion",
}
"""Keys of the record that hold a box of free text, and the type of the section."""


_PERSONAL = re.compile(r"\s*(?:填\s*表\s*人|联\s*系\s*电\s*话)")
_CONTACT = re.compile(r"\s*(?:填\s*表|联\s*系|电\s*话|手\s*机)")  # in an address or a name these words have strayed


# --- the public functions


def quads(record: Record, *, base: str = DATA, version: int = 1) -> Iterator[ox.Quad]:
    """All that a record says: the filing's graph, then its share of the registry graph.

    base: what data IRIs start with. version: number of the filing among those of its report, from 1.
    Raises MappingError (NB-MAP-NAME, NB-MAP-YEAR) for a record without a name or a year.
    """
    names = Names.of(record, base=base, version=version)
    graph = ox.NamedNode(names.graph)
    for triple in filing_triples(record, names):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
    registry = ox.NamedNode(names.base + "graph/registry")
    for triple in registry_triples(record, names):
        yield ox.Quad(triple.subject, triple.predicate, triple.object, registry)


def filing_iri(record: Record, *, base: str = DATA, version: int = 1) -> str:
    """The IRI of the filing. Raises MappingError as ``quads`` does."""
    return Names.of(record, base=base, version=version).filing


def filing_triples(record: Record, names: Names) -> Iterator[ox.Triple]:
    """What the filing's own graph holds."""
    parts = (_filing, _registration, _sections, _provenance, _form_figures, narrative_triples, printed_triples)
    yield from masked((triple for part in parts for triple in part(record, names)), record)


def registry_triples(record: Record, names: Names) -> Iterator[ox.Triple]:
    """What the registry holds if this filing is the only one known."""
    yield from institution_triples(
        names.key,
        institution_name(record),
        record.other_names,
        stated_code(record),
        record.sponsors,
        base=names.base,
    )
    yield from report_triples(f"{names.key}/{names.year}", names.version, base=names.base)
    yield from masked(shared_triples(record, names), record)


def institution_triples(
    key: str,
    name: str,
    other_names: Iterable[str] = (),
    code: str | None = None,
    sponsors: Iterable[str] = (),
    *,
    base: str = DATA,
) -> list[ox.Triple]:
    """The institution in the registry, from the facts of its newest filing. ``sponsors`` are names.

    ``code`` is taken as printed and kept if it has the form of one, also where it is not the key since a check
    character is wrong. Sponsors are described by ``shared_triples``.
    """
    code = clean_code(code)
    return list(
        describe(
            organisation_iri(key, base),
            "nb:PublicInstitution",
            ("skos:prefLabel", chinese(name)),
            *(("skos:altLabel", chinese(other)) for other in other_names),
            ("nb:unifiedSocialCreditCode", plain(code)),
            ("nb:identityBasis", term("nbc:identityByCode" if code == key else "nbc:identityByName")),
            ("nb:sector", iri(sector_of(name))),
            *(("nb:sponsoredBy", iri(organisation_iri(name_key(sponsor), base))) for sponsor in sponsors),
        )
    )


def report_triples(report: str, version: int, *, base: str = DATA) -> list[ox.Triple]:
    """The report ``KEY/YEAR`` in the registry; ``version`` is the number of the filing that counts."""
    key, year = report.rsplit("/", 1)
    return list(
        describe(
            f"{base}report/{report}",
            "nb:AnnualReport",
            ("nb:reportingInstitution", iri(organisation_iri(key, base))),
            ("nb:reportingYear", ox.Literal(f"{int(year):04d}", datatype=term("xsd:gYear"))),
            ("dcat:hasCurrentVersion", iri(f"{base}filing/{report}/{version}")),
        )
    )


def shared_triples(record: Record, names: Names) -> Iterator[ox.Triple]:
    """What any filing may say alike and none has to take back: sponsors, narrative indicators, the software."""
    for name in record.sponsors:
        sponsor = organisation_iri(name_key(name), names.base)
        keys = (("nb:nameKey", plain(key)) for key in name_keys(name))
        yield from describe(sponsor, "nb:Sponsor", ("skos:prefLabel", chinese(name)), *keys)
    seen = set()
    for metric in record.metrics:
        subject, unit = indicated(metric, record)
        indicator = indicator_iri(subject, unit, names.base)
        if indicator not in seen:
            seen.add(indicator)
            yield from describe(
                indicator,
                "nb:Indicator",
                ("skos:prefLabel", chinese(subject)),
                ("skos:inScheme", term("nbi:narrative")),
                ("nb:unitWord", plain(unit)),
                ("skos:exactMatch", iri(known_indicator(subject, unit))),
            )
    yield from describe(_software(names), "prov:SoftwareAgent", ("foaf:name", plain(f"nianbao {__version__}")))


# --- the filing, its registration record and its sections


def _filing(record: Record, names: Names) -> Iterator[ox.Triple]:
    cover = record.cover
    return describe(
        names.filing,
        "nb:Filing",
        ("dcat:isVersionOf", iri(names.report)),
        ("dcat:version", plain(str(names.version))),
        ("dcat:previousVersion", iri(names.previous_filing)),
        ("nb:registration", iri(names.part("registration"))),
        *(("dcterms:hasPart", iri(section_iri(SECTIONS[key], names))) for key in _present(record)),
        ("prov:wasDerivedFrom", iri(names.text)),
        ("nb:submissionDate", day(record.filing_date)),
        ("nb:onlineName", plain(record.online_name)),
        ("nb:yearBasis", concept(YEAR_BASES, record.year_basis)),
        ("nb:coverName", plain(cover.name if cover else None)),
        ("nb:coverLegalRepresentative", plain(cover.legal_representative if cover else None)),
        ("nb:doubtfulReading", term("dcterms:hasPart") if may_lack(record) else None),
        *doubtful_facts(record, {"nb:submissionDate": "filing_date", "nb:onlineName": "online_name"}),
    )


_BOXES = {
    "nb:legalName": "name",
    "nb:mainName": "name",
    "nb:purposeAndScope": "purpose",
    "nb:address": "address",
    "nb:statedFundingSource": "funding_source",
    "nb:statedSponsor": "sponsors",
}
"""What the registration record takes from one box each."""


def _registration(record: Record, names: Names) -> Iterator[ox.Triple]:
    funding = record.funding_source
    yield from describe(
        names.part("registration"),
        "nb:RegistrationRecord",
        ("nb:statedIn", iri(names.filing)),
        ("nb:legalName", plain(_printed_name(record))),
        ("nb:mainName", plain(record.name)),
        *(("nb:otherName", plain(name)) for name in record.other_names),
        ("nb:statedCode", plain(stated_code(record))),
        ("nb:purposeAndScope", plain(public_text(record.purpose))),
        ("nb:address", plain(public_text(record.address, _CONTACT))),
        ("nb:addressKey", plain(address_key(public_text(record.address, _CONTACT)))),
        ("nb:statedFundingSource", plain(funding.stated if funding else None)),
        ("nb:fundingSource", concept(FUNDING, funding.code if funding else None)),
        *(("nb:statedSponsor", iri(organisation_iri(name_key(name), names.base))) for name in record.sponsors),
        ("nb:doubtfulReading", term("nb:statedCode") if code_in_doubt(record, stated_code(record)) else None),
        *doubtful_facts(record, _BOXES),
    )
    if record.legal_representative:
        yield from describe(
            names.part("legal-representative"),
            "nb:PersonRole",
            ("nb:statedIn", iri(names.filing)),
            ("org:organization", iri(names.institution)),
            ("org:role", term("nbc:legalRepresentative")),
            ("foaf:name", plain(public_text(record.legal_representative, _CONTACT))),
            *doubtful_facts(record, {"foaf:name": "legal_representative"}),
        )


def _printed_name(record: Record) -> str | None:
    others = "、".join(record.other_names)
    return f"{record.name}（{others}）" if record.name and others else record.name


def _section(record: Record, key: str) -> Section:
    section = getattr(record, key)
    assert isinstance(section, Section)
    return section


def _present(record: Record) -> list[str]:
    """Keys of the sections that are on the form; a record that tells no boxes has those that hold something."""

    def there(key: str) -> bool:
        section = _section(record, key)
        boxed = key in record.boxes or key.removesuffix("_section") in record.boxes
        return boxed or section.stated is not None or section.none or section.start is not None

    outline = bool(record.activities or record.metrics or record.events)
    return [key for key in SECTIONS if there(key) or (key == "activities_section" and outline)]


def _sections(record: Record, names: Names) -> Iterator[ox.Triple]:
    for key in _present(record):
        section = _section(record, key)
        kind = SECTIONS[key]
        likeness = fingerprint(public_text(section.stated)) if key == "activities_section" else None
        reviewed = truth(record.sponsor_opinion.secrecy_reviewed) if key == "sponsor_opinion" else None
        yield from describe(
            section_iri(SECTIONS[key], names),
            "nb:FormSection",
            ("nb:statedIn", iri(names.filing)),
            ("nb:sectionType", term(f"nbc:section{kind[0].upper()}{kind[1:]}")),
            ("nb:declaredNone", truth(section.none)),
            ("nb:sectionText", plain(public_text(section.stated))),
            ("nb:signedOn", day(getattr(section, "date", None))),
            ("nb:secrecyReviewed", reviewed),
            ("nb:textFingerprint", plain(likeness)),
            *(("nb:textBand", plain(band)) for band in bands(likeness)),
            ("nb:evidence", passage(names, section.start, section.end)),
        )
    for k, change in enumerate(record.registration_changes.changes, 1):
        yield from describe(
            names.part(f"change-{k}"),
            "nb:RegistrationChange",
            ("nb:statedIn", iri(names.filing)),
            ("nb:changedItem", concept(ITEMS, change.item)),
            ("nb:fromValue", plain(change.from_)),
            ("nb:toValue", plain(change.to)),
            ("nb:changedOn", day(change.date)),
        )
    for k, licence in enumerate(record.qualifications.licences, 1):
        yield from describe(
            names.part(f"licence-{k}"),
            "nb:Licence",
            ("nb:statedIn", iri(names.filing)),
            ("nb:licenceName", plain(licence.name)),
            ("nb:licenceNumber", plain(licence.number)),
            ("nb:validUntil", day(licence.valid_until)),
        )
    for k, gift in enumerate(record.donations.gifts, 1):
        amount = gift.amount
        yield from describe(
            names.part(f"gift-{k}"),
            "nb:Gift",
            ("nb:statedIn", iri(names.filing)),
            ("nb:donorName", plain(gift.donor)),
            ("nb:amount", decimal(amount.value) if amount else None),
            ("nb:statedAmount", plain(amount.stated) if amount else None),
            ("nb:use", plain(gift.use)),
            ("nb:evidence", passage(names, amount.start, amount.end) if amount else None),
            *(read_as(record, amount.places) if amount else ()),
        )


def public_text(text: str | None, labels: re.Pattern[str] = _PERSONAL) -> str | None:
    """The text of a box up to the labels of the form filler and telephone, should the reader have taken them in."""
    return labels.split(text, maxsplit=1)[0] if text else text


def _provenance(record: Record, names: Names) -> Iterator[ox.Triple]:
    source = source_iri(record.source.sha256, names.base) if record.source.sha256 else None
    yield from describe(names.graph, "prov:Entity", ("prov:wasGeneratedBy", iri(names.run)))
    yield from describe(
        names.run,
        "nb:Extraction",
        ("nb:extractedFrom", iri(names.text)),
        ("prov:wasAssociatedWith", iri(_software(names))),
        *origins(record),
    )
    yield from describe(
        names.text,
        "nb:TextSource",
        ("dcterms:extent", whole(len(record.text))),
        ("dcterms:language", plain("zh")),
        ("prov:wasDerivedFrom", iri(source)),
    )
    if source:
        yield from describe(
            source,
            "prov:Entity",
            ("dcterms:format", plain(record.source.media_type)),
            ("nb:sha256", plain(record.source.sha256)),
        )


def _software(names: Names) -> str:
    return f"{names.base}software/nianbao-{__version__}"


# --- figures


def _form_figures(record: Record, names: Names) -> Iterator[ox.Triple]:
    opening, closing = f"{names.year:04d}-01-01", f"{names.year:04d}-12-31"
    staff = None
    start, end = (*record.boxes.get("staff", ()), None, None)[:2]
    if record.staff is not None:
        staff = Money(value=Decimal(record.staff), unit="人", stated=str(record.staff), start=start, end=end)
    for key, indicator, figure, at in (
        ("initial_capital", "nbi:initialCapital", record.initial_capital, closing),
        ("net_assets_opening", "nbi:netAssets", record.net_assets_opening, opening),
        ("net_assets_closing", "nbi:netAssets", record.net_assets_closing, closing),
        ("staff", "nbi:staff", staff, closing),
    ):
        if figure is None:
            continue
        unit, item = unit_of(figure.unit)
        yield from describe(
            names.part(key.replace("_", "-")),
            "nb:Observation",
            ("nb:statedIn", iri(names.filing)),
            ("nb:about", iri(names.institution)),
            ("nb:indicator", term(indicator)),
            ("nb:value", decimal(figure.value)),
            ("nb:unit", iri(unit)),
            ("nb:countedItem", plain(item)),
            ("nb:statedValue", plain(figure.stated)),
            ("nb:precision", decimal(precision(figure.stated, figure.value))),
            ("nb:bound", term("nbc:exact")),
            ("nb:accumulation", term("nbc:atPoint")),
            ("nb:periodEnd", day(at)),
            ("nb:evidence", passage(names, figure.start, figure.end)),
            *_sure(record, key),
        )
    words = record.text[start:end] if record.staff is None and end else ""
    if words.strip() and not says_nothing(words):
        # No whole number (一百余人): only the words, so that the audit can tell it from an empty box.
        yield from describe(
            names.part("staff"),
            "nb:Observation",
            ("nb:statedIn", iri(names.filing)),
            ("nb:about", iri(names.institution)),
            ("nb:indicator", term("nbi:staff")),
            ("nb:statedValue", plain(words)),
            ("nb:periodEnd", day(closing)),
            ("nb:evidence", passage(names, start, end)),
            *_sure(record, "staff"),
        )


def _sure(record: Record, key: str) -> Iterator[Fact]:
    """How a figure of the form was read, and how sure that is, where it was recognised."""
    if key in record.box_confidence:
        yield "nb:confidence", decimal(Decimal(str(record.box_confidence[key])))
    yield from doubtful_facts(record, {"nb:value": key})
    yield from read_as(record, record.box_places.get(key, ()))
