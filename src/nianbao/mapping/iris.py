"""The IRIs of the graph: what a thing is called follows from what it is (the table in docs/modelling.md).

``key`` is that of the institution: its unified social credit code where the report prints a valid one, else a hash of
its name and place. All IRIs are ASCII and start with a base that each deployment chooses.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from urllib.parse import quote

from nianbao.errors import MappingError
from nianbao.record import Record
from nianbao.vocabulary import DATA

_CODE = re.compile(r"[0-9A-Z]{18}")
_PLACES = re.compile(r"(?:[^省市区县旗州盟]{1,8}[省市区县旗州盟])+")

# GB 32100-2015 over the whole code, and GB 11714 over the organisation's part, which has letters of its own.
_ALPHABET, _WEIGHTS = "0123456789ABCDEFGHJKLMNPQRTUWXY", tuple(pow(3, i, 31) for i in range(17))
_LETTERS, _FACTORS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", (3, 7, 9, 10, 5, 8, 4, 2)


def normalise_name(name: str) -> str:
    """A name as it is compared: NFKC (full-width letters and brackets made plain), no white space, lower case."""
    return "".join(unicodedata.normalize("NFKC", name).split()).casefold()


def places_of(name: str) -> str:
    """The names of places that a name begins with (云湖省澜川县 of 云湖省澜川县图书馆); empty for none."""
    found = _PLACES.match(normalise_name(name))
    return found.group() if found else ""


def name_key(name: str, place: str = "") -> str:
    """``n-`` and the first 12 hexadecimal digits of SHA-256 of the normalised name.

    place: where the institution is, if its name does not say so; two of one name in two places are two.
    """
    return "n-" + digest(f"{place}|{normalise_name(name)}" if place else normalise_name(name))[:12]


def digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def stated_code(record: Record) -> str | None:
    """The unified social credit code as printed on the form or on its cover, or None."""
    return record.uscc or (record.cover.uscc if record.cover else None) or None


def clean_code(code: str | None) -> str | None:
    """A printed code without blanks, if it has 18 letters and digits; whether it is right is the audit's business."""
    code = "".join(unicodedata.normalize("NFKC", code or "").split()).upper()
    return code if _CODE.fullmatch(code) else None


def valid_code(code: str | None) -> bool:
    """Whether it is a unified social credit code with both of its check characters right."""
    if not code or not _CODE.fullmatch(code) or set(code) - set(_ALPHABET):
        return False
    whole = -sum(_ALPHABET.index(char) * weight for char, weight in zip(code, _WEIGHTS, strict=False)) % 31
    part = -sum(_LETTERS.index(char) * weight for char, weight in zip(code[8:16], _FACTORS, strict=True)) % 11
    return _ALPHABET[whole] == code[17] and "0123456789X"[part] == code[16]


def institution_name(record: Record) -> str:
    """The first name on the form, else the name on the cover. Raises MappingError where there is neither."""
    name = (record.name or "").strip() or (record.cover.name or "" if record.cover else "").strip()
    if not name:
        raise MappingError(
            "the report has no name of an institution",
            where=record.source.path,
            remedy="check that the file is a whole report, with the box 单位名称 or a cover",
            code="NB-MAP-NAME",
        )
    return name


def institution_key(record: Record) -> str:
    """The key of the institution that the report is about. Raises MappingError where it has no name at all.

    A valid code; else the name, with the sponsor's place where the name begins with none (第一中学 of 澜川县教育局).
    A code with a wrong check character is a misprint, and one that is made up (123…) may stand in many reports.
    """
    code = clean_code(stated_code(record))
    if code and valid_code(code):
        return code
    name = institution_name(record)
    place = "" if places_of(name) else next(filter(None, map(places_of, record.sponsors)), "")
    return name_key(name, place)


def report_year(record: Record) -> int:
    """The reporting year. Raises MappingError where nothing in the report or its file name tells it."""
    if record.year is None:
        raise MappingError(
            "the reporting year is unknown: no cover, title or statement on changes names it",
            where=record.source.path,
            remedy="put the year into the file name, for example report-2024.txt",
            code="NB-MAP-YEAR",
        )
    return record.year


@dataclass(frozen=True, slots=True)
class Names:
    """The IRIs of one filing: version ``version`` of the report of institution ``key`` for ``year``."""

    key: str
    year: int
    version: int = 1
    base: str = DATA
    text: str = ""  # the IRI of the text that was read

    @classmethod
    def of(cls, record: Record, *, base: str = DATA, version: int = 1) -> Names:
        """Those of a record. Raises MappingError without a name or a year."""
        base = base if base.endswith("/") else base + "/"
        return cls(institution_key(record), report_year(record), version, base, text_iri(record.text, base))

    @property
    def institution(self) -> str:
        return organisation_iri(self.key, self.base)

    @property
    def report(self) -> str:
        return f"{self.base}report/{self.key}/{self.year}"

    def _versioned(self, kind: str) -> str:
        return f"{self.base}{kind}/{self.key}/{self.year}/{self.version}"

    @property
    def filing(self) -> str:
        return self._versioned("filing")

    @property
    def run(self) -> str:
        return self._versioned("run")

    @property
    def graph(self) -> str:
        return self._versioned("graph")

    @property
    def restricted(self) -> str:
        """The graph of personal data, which is never in a public store."""
        return self._versioned("restricted")

    @property
    def previous_filing(self) -> str | None:
        """The filing that this one corrects."""
        return f"{self.base}filing/{self.key}/{self.year}/{self.version - 1}" if self.version > 1 else None

    def part(self, path: str) -> str:
        """Something inside the filing: ``registration``, ``a1.3``, ``q1.3-2`` …"""
        return f"{self.filing}/{quote(path, safe='/-._~')}"


def organisation_iri(key: str, base: str = DATA) -> str:
    return f"{base}org/{key}"


def text_iri(text: str, base: str = DATA) -> str:
    """The IRI of a text, by the hash of its content."""
    return f"{base}text/sha256-{digest(text)}"


def source_iri(sha256: str, base: str = DATA) -> str:
    """The IRI of a source file, by the hash of its bytes."""
    return f"{base}source/sha256-{sha256}"


def passage_iri(text: str, start: int, end: int) -> str:
    """The passage [start, end) of the text ``text`` (an IRI), in code points: RFC 5147."""
    return f"{text}#char={start},{end}"


def indicator_iri(subject: str, unit: str, base: str = DATA) -> str:
    """The indicator that the narrative names by these words with this unit."""
    return f"{base}indicator/n-{digest(normalise_name(subject) + chr(10) + unit)[:12]}"
