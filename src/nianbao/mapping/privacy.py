"""Telephone and identity numbers, and private mailboxes, in running text are masked before anything is published.

The form filler and the telephone are in no public graph (`nianbao.mapping.persons`); but a narrative or a box may
repeat them, or give the number of somebody else. Digits and names are replaced by as many × as they have characters, so
that offsets stay right and everybody sees that something was taken out. Short public numbers (12345, 110) and figures
stay.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

import pyoxigraph as ox

from nianbao.record import Record
from nianbao.vocabulary import expand

MASK = "×"
# A number with a unit is no telephone.
_FIGURE = r"(?![\d.,，]*\s*[万亿元人件次户个条册页份部台套场期批项起宗家只名吨米%％‰])"
_MOBILE = rf"(?<![0-9A-Za-z.])(?:\+?86[-\s]?)?1[3-9]\d[-\s]?\d{{4}}[-\s]?\d{{4}}(?![0-9A-Za-z]){_FIGURE}"
_LABELLED = (
    r"(?:电\s*话|手\s*机|联系方式)(?:号码)?\s*[:：为是]?\s*"
    rf"(?P<number>[(（]?\d[\d\-－—\s()（）]{{5,18}}\d(?!\d){_FIGURE})"
)
_NAMED = (
    r"(?:填\s*表\s*人|填\s*报\s*人|经\s*办\s*人|联\s*系\s*人)(?:\s*[:：为]\s*|\s+)"
    r"(?P<name>[一-鿿·]{2,4}(?![一-鿿]))"
)
_PATTERN = re.compile(f"{_LABELLED}|{_NAMED}|{_MOBILE}")
# Identity numbers (GB 11643): division, date of birth, number in sequence, check character (ISO 7064 MOD 11-2).
_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z０-９])[1-9１-９][0-9０-９]{5}[12１２][90９０][0-9０-９]{9}[0-9Xx０-９Ｘｘ](?![0-9A-Za-z０-９])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_PLAIN = {ord("０") + n: str(n) for n in range(10)} | {ord("Ｘ"): "X", ord("ｘ"): "X"}
# Mailboxes at public providers are those of persons; those of an office stay.
_MAIL = re.compile(
    r"(?<![A-Za-z0-9._%+-])(?P<name>[A-Za-z0-9._%+-]+)[@＠](?:vip\.)?(?:qq|foxmail|163|126|139|189|188|yeah|sina|sohu|wo|21cn|"
    r"tom|aliyun|gmail|outlook|hotmail|live|msn|yahoo|icloud)\.(?:com|net|cn|org)(?![A-Za-z0-9])",
    re.IGNORECASE,
)

_STRING = expand("xsd:string")

# Names that are public: those of the legal representative.
_KEPT = {expand("foaf:name"), expand("nb:coverLegalRepresentative")}


def masked(triples: Iterable[ox.Triple], record: Record) -> Iterator[ox.Triple]:
    """The triples of a record with what is personal masked in every text."""
    own = _own(record)
    for triple in triples:
        said = triple.object
        if isinstance(said, ox.Literal) and _is_text(said) and triple.predicate.value not in _KEPT:
            text = mask(said.value, own)
            if text != said.value:
                made = ox.Literal(text, language=said.language) if said.language else ox.Literal(text)
                triple = ox.Triple(triple.subject, triple.predicate, made)
        yield triple


def _is_text(said: ox.Literal) -> bool:
    return bool(said.language) or said.datatype.value == _STRING


def mask(text: str, own: re.Pattern[str] | None = None) -> str:
    """The text with telephone numbers and labelled names masked, as long as before; ``own``: more to mask."""
    for pattern in (own, _PATTERN):
        if pattern is not None:
            text = pattern.sub(_crossed, text)
    return _MAIL.sub(_crossed, _IDENTITY.sub(_identity, text))


def _identity(found: re.Match[str]) -> str:
    """Masked, if it is an identity number: with a date of birth and the right check character."""
    number = found[0].translate(_PLAIN).upper()
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return found[0]
    check = "10X98765432"[sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False)) % 11]
    return MASK * len(number) if number[17] == check else found[0]


def _crossed(found: re.Match[str]) -> str:
    group = next((name for name in ("number", "name") if found.groupdict().get(name)), None)
    start, end = found.span(group) if group else found.span()
    whole = found.group()
    start, end = start - found.start(), end - found.start()
    return whole[:start] + re.sub(r"\S", MASK, whole[start:end]) + whole[end:]


def _own(record: Record) -> re.Pattern[str] | None:
    """The record's own telephone however it is spaced, with the form filler's name where it stands beside it."""
    digits = re.sub(r"\D", "", record.phone or "")
    if len(digits) < 7:
        return None
    number = r"[-\s－—()（）]*".join(digits)
    name = re.escape("".join((record.form_filler or "").split()))
    if not name:
        return re.compile(rf"(?<!\d){number}(?!\d)")
    return re.compile(
        rf"{name}[^。；;\n]{{0,12}}?(?<!\d){number}(?!\d)|(?<!\d){number}(?!\d)[^。；;\n]{{0,12}}?{name}|(?<!\d){number}(?!\d)"
    )
