"""The audit rules, read from the SHACL files in shapes/, which are their only source.

A rule (``F06``) is one shape or several: another severity, or another message, under the same number is another shape.

Thresholds (20 %, 200 characters …) are data: ``thresholds.ttl`` of the same folder. A query names one in a line
``BIND (20 AS ?capitalTolerance)``; the number that stands there is for engines that know no more than SHACL, and is
replaced by that of ``thresholds.ttl`` whenever the files are read here (``shape_texts``).
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal, NamedTuple, TypeVar, cast

import pyoxigraph as ox

from nianbao.errors import ShapesError
from nianbao.resources import SHAPES
from nianbao.vocabulary import NBC, expand

Severity = Literal["violation", "warning", "info"]
Fault = Literal["source", "extraction", "model"]

SEVERITIES: tuple[Severity, ...] = ("violation", "warning", "info")
"""Worst first."""

SEVERITY_NAMES = {
    "zh": {"violation": "违反", "warning": "警告", "info": "提示"},
    "en": {"violation": "violation", "warning": "warning", "info": "info"},
}
FAULT_NAMES = {
    "zh": {"source": "报告所载", "extraction": "读取", "model": "本项目数据"},
    "en": {"source": "the report", "extraction": "the reading", "model": "the published data"},
}
DIMENSION_NAMES_ZH = {
    "accuracy": "准确性",
    "completeness": "完整性",
    "confidentiality": "保密性",
    "conformity": "规范性",
    "consistency": "一致性",
    "timeliness": "时效性",
    "traceability": "可追溯性",
    "understandability": "可理解性",
}
THRESHOLDS = "thresholds.ttl"
UNVERIFIED = ("（原文未核对）", " (text not verified)")


class Text(NamedTuple):
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """The words in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


def singular(words: str) -> str:
    """English words in which one thing is called one: ``1 findings were`` becomes ``1 finding was``."""
    things = "report|finding|filing|figure|value|group|check"
    return re.sub(rf"(?<![\w.,/])1 ({things})s\b( were| are| do| have)?", _single, words)


def _single(found: re.Match[str]) -> str:
    verbs = {" were": " was", " are": " is", " do": " does", " have": " has", "": ""}
    return f"1 {found[1]}{verbs[found[2] or '']}"


COMPARE = Text("对照原文核对。", "Compare with the text.")
"""What to do where a rule does not say."""


BasisKind = Literal["text", "practice", "project"]
BASIS_KINDS: tuple[BasisKind, ...] = ("text", "practice", "project")
"""A law, standard or official form; what local registrars do; a check of this project, or of a user's own."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on. verified: whether the text that is cited has been seen; a check of a project cites none."""

    iri: str
    label: Text
    kind: BasisKind
    verified: bool

    @property
    def seen(self) -> bool:
        """Whether it is a legal text that has been seen."""
        return self.kind == "text" and self.verified

    @property
    def mark(self) -> Text:
        """What to write beside it: only legal texts are verified or not."""
        if self.kind == "text":
            return VERIFIED_MARKS[self.verified]
        return KIND_MARKS[self.kind]

    @property
    def text(self) -> Text:
        """Its name, with a mark where the text cited has not been seen."""
        if self.verified or self.kind == "project":
            return self.label
        return Text(self.label.zh + UNVERIFIED[0], self.label.en + UNVERIFIED[1])


VERIFIED_MARKS = {
    True: Text("条文已核对", "text verified"),
    False: Text("条文未核对", "text not verified"),
}
KIND_MARKS = {
    "practice": Text("地方做法，非法规条文", "local practice, no legal text"),
    "project": Text("项目自定，无法规条文", "project check, no legal text"),
}
OWN_BASIS = Basis("", Text("自定规则", "Own rule"), "project", verified=False)
"""Of a user's rule that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One shape.

    shape: its IRI. message: with ``{?name}`` for what the query finds.
    bases: what it rests on.
    select: the query of a SPARQL constraint, None for a core constraint.
    remedy: what to do about a finding.
    across: whether it compares reports, and so needs all of them in one graph; silent where the others are missing.
    restricted: whether its findings are for the registrar only, and stay out of public pages and dumps.
    absence: whether its findings say that something does not stand in the report.
    note: what it does not look at, where users must know it (rdfs:comment in both languages).
    """

    shape: str
    rule: str
    label: Text
    severity: Severity
    message: Text
    bases: tuple[Basis, ...]
    dimension: str
    fault: Fault
    select: str | None = None
    remedy: Text = COMPARE
    across: bool = False
    restricted: bool = False
    absence: bool = False
    note: Text | None = None

    @property
    def basis(self) -> Text:
        """What it rests on, with a mark on what has not been seen in the original."""
        return _joined(basis.text for basis in self.bases)

    @property
    def verified(self) -> bool:
        """Whether it rests on legal texts, all of which have been seen."""
        texts = [basis for basis in self.bases if basis.kind == "text"]
        return bool(texts) and all(basis.verified for basis in texts)


@dataclass(frozen=True, slots=True)
class Rule:
    """All shapes of one number, worst severity first."""

    id: str
    checks: tuple[Check, ...]

    @property
    def label(self) -> Text:
        return self.checks[0].label

    @property
    def severities(self) -> tuple[Severity, ...]:
        """Its severities, worst first."""
        return tuple(severity for severity in SEVERITIES if any(check.severity == severity for check in self.checks))

    @property
    def messages(self) -> tuple[Text, ...]:
        return tuple(check.message for check in self.checks)

    @property
    def bases(self) -> tuple[Basis, ...]:
        """What it rests on."""
        return tuple(dict.fromkeys(basis for check in self.checks for basis in check.bases))

    @property
    def basis(self) -> Text:
        return _joined(check.basis for check in self.checks)

    @property
    def notes(self) -> tuple[Text, ...]:
        """What it does not look at."""
        return tuple(dict.fromkeys(check.note for check in self.checks if check.note))

    @property
    def verified(self) -> bool:
        """Whether the rule rests on legal texts, all of which have been seen in the original."""
        return all(check.verified for check in self.checks)

    @property
    def dimension(self) -> str:
        return self.checks[0].dimension

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(dict.fromkeys(check.fault for check in self.checks))

    @property
    def remedy(self) -> Text:
        """What to do about a finding."""
        return _joined(check.remedy for check in self.checks)

    @property
    def across(self) -> bool:
        """Whether it compares reports."""
        return any(check.across for check in self.checks)

    @property
    def restricted(self) -> bool:
        """Whether its findings stay out of public pages and dumps."""
        return any(check.restricted for check in self.checks)


@dataclass(frozen=True, slots=True)
class Threshold:
    """A number that rules compare with, in its range; ``name`` is that of the variable in their queries."""

    name: str
    value: Decimal
    label: Text
    minimum: Decimal
    maximum: Decimal


def shape_files(folder: Path = SHAPES) -> list[Path]:
    """The SHACL files, by name."""
    return sorted(folder.glob("*.ttl"))


@cache
def thresholds(folder: Path = SHAPES) -> Mapping[str, Threshold]:
    """The thresholds by name; none where the folder has no ``thresholds.ttl``. Raises ShapesError for what is none."""
    path = folder / THRESHOLDS
    if not path.exists():
        return {}
    facts = _facts([(path, _text_of(path))])
    kind, found = expand("nb:Threshold"), {}
    for subject, said in facts.items():
        if kind in [str(node).strip("<>") for node in said.get(expand("rdf:type"), [])]:
            name = subject.strip("<>").rpartition("/")[2]
            numbers = [_words(said, term) for term in ("rdf:value", "sh:minInclusive", "sh:maxInclusive")]
            value, least, most = (_number(each[0] if len(each) == 1 else None, name, path) for each in numbers)
            label = _text(said, "rdfs:label", subject.strip("<>"))
            found[name] = Threshold(name, _in_range(value, name, least, most, path), label, least, most)
    return found


def shape_texts(folder: Path = SHAPES) -> list[tuple[Path, str]]:
    """The SHACL files with the thresholds of ``thresholds.ttl`` in their queries. Raises ShapesError."""
    values = {name: threshold.value for name, threshold in thresholds(folder).items()}
    return [(path, _with_values(_text_of(path), values)) for path in shape_files(folder)]


_BIND = re.compile(r"BIND \([-0-9.]+ AS \?(\w+)\)")
_RDF_VALUE = re.compile(r"^(nbs:(\w+) a nb:Threshold ; rdf:value )[-0-9.]+", re.MULTILINE)
_made: dict[str, TemporaryDirectory[str]] = {}  # removed when the process ends


def with_thresholds(path: Path, folder: Path = SHAPES) -> Path:
    """A folder with the same rules and other thresholds: those that the TOML file ``path`` gives, as ``name = number``.

    The folder holds plain SHACL, so every engine can run it; it is removed when the process ends.
    Raises ShapesError (NB-SHAPES-THRESHOLD) for a file that does not parse, an unknown name, what is no number
    or one out of range.
    """
    try:
        given = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (OSError, ValueError) as error:
        reason = f"the thresholds cannot be read: {error}"
        raise ShapesError(
            reason, where=str(path), remedy="write lines like capitalTolerance = 30", code="NB-SHAPES-THRESHOLD"
        ) from error
    known = thresholds(folder)
    for name in given:
        if name not in known:
            raise ShapesError(
                f"there is no threshold {name!r}",
                where=str(path),
                remedy=f"use one of {', '.join(known)}",
                code="NB-SHAPES-THRESHOLD",
            )
    values = {
        name: _in_range(_number(value, name, path), name, known[name].minimum, known[name].maximum, path)
        for name, value in given.items()
    }
    handle = f"{digest(folder)} {sorted(values.items())}"
    if handle not in _made:
        _made[handle] = TemporaryDirectory(prefix="nianbao-shapes-")
        for file, text in shape_texts(folder):
            text = _RDF_VALUE.sub(lambda m: f"{m[1]}{values[m[2]]:f}" if m[2] in values else m[0], text)
            (Path(_made[handle].name) / file.name).write_text(_with_values(text, values), encoding="utf-8")
    return Path(_made[handle].name)


def _with_values(text: str, values: Mapping[str, Decimal]) -> str:
    return _BIND.sub(lambda m: f"BIND ({values[m[1]]:f} AS ?{m[1]})" if m[1] in values else m[0], text)


def _number(value: object, name: str, path: Path) -> Decimal:
    try:
        if isinstance(value, bool):
            raise ValueError
        number = Decimal(str(value))
        if not number.is_finite():
            raise ValueError
    except (ArithmeticError, ValueError):
        raise ShapesError(
            f"the threshold {name!r} is no number ({value!r})",
            where=str(path),
            remedy="give a number",
            code="NB-SHAPES-THRESHOLD",
        ) from None
    return number


def _in_range(value: Decimal, name: str, least: Decimal, most: Decimal, path: Path) -> Decimal:
    if least <= value <= most:
        return value
    raise ShapesError(
        f"the threshold {name!r} is out of range ({value})",
        where=str(path),
        remedy=f"give a number from {least} to {most}",
        code="NB-SHAPES-THRESHOLD",
    )


@cache
def digest(folder: Path = SHAPES) -> str:
    """SHA-256 over the names and bytes of the SHACL files: which rules an audit was made with."""
    sha = hashlib.sha256()
    for path in shape_files(folder):
        sha.update(path.name.encode() + b"\0" + path.read_bytes())
    return sha.hexdigest()


@cache
def rules(folder: Path = SHAPES) -> tuple[Rule, ...]:
    """The rules by number.

    Raises ShapesError for files that do not parse and for shapes without all that a rule needs.
    """
    by_id: dict[str, list[Check]] = defaultdict(list)
    for check in _read(folder):
        by_id[check.rule].append(check)
    found = []
    for name, group in sorted(by_id.items()):
        if len({check.label for check in group}) > 1:
            raise _incomplete(group[0].shape, f"its rule {name} has several labels", "give all its shapes the same")
        group.sort(key=lambda check: (SEVERITIES.index(check.severity), check.shape))
        found.append(Rule(name, tuple(group)))
    return tuple(found)


@cache
def checks(folder: Path = SHAPES) -> Mapping[str, Check]:
    """All shapes by their IRI."""
    return {check.shape: check for rule in rules(folder) for check in rule.checks}


# --- reading the files

W = TypeVar("W", bound=str)
_Objects = Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]


def _read(folder: Path) -> list[Check]:
    if not shape_files(folder):
        raise ShapesError("no SHACL files (*.ttl)", where=str(folder), remedy="install the package again")
    facts = _facts(shape_texts(folder))
    identifier = expand("dcterms:identifier")
    return [_check(subject, facts) for subject, said in facts.items() if identifier in said]


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ShapesError(f"cannot be read: {error}", where=str(path), remedy="correct the file") from error


def _facts(texts: Iterable[tuple[Path, str]]) -> Mapping[str, _Objects]:
    """What the files say of each subject."""
    facts: dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    for path, text in texts:
        try:
            for quad in ox.parse(text, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                facts[str(quad.subject)][quad.predicate.value].append(
                    cast("ox.NamedNode | ox.BlankNode | ox.Literal", quad.object)
                )
        except SyntaxError as error:
            line = f"line {error.lineno}" if error.lineno else ""
            reason = f"not Turtle: {error.args[0]}"
            raise ShapesError(reason, where=str(path), place=line, remedy="correct the file") from error
    return facts


def _check(subject: str, facts: Mapping[str, _Objects]) -> Check:
    said = facts[subject]
    shape = subject.strip("<>")

    def one(name: str) -> str:
        values = said.get(expand(name), [])
        if len(values) != 1 or isinstance(values[0], ox.BlankNode):
            raise _incomplete(shape, f"{len(values)} values of {name}", "give it one")
        return values[0].value

    queries = [facts[str(node)] for node in said.get(expand("sh:sparql"), [])]
    selects = [select for query in queries for select in _words(query, "sh:select")]
    bases = [facts[str(node)] for node in said.get(expand("dcterms:source"), []) if str(node) in facts]
    if not bases or len(bases) != len(said[expand("dcterms:source")]):
        raise _incomplete(shape, "dcterms:source is missing or names a basis that is not described", "describe it")
    if any(_words(basis, "nb:basisVerified") not in (["true"], ["false"]) for basis in bases):
        raise _incomplete(shape, "its basis has no nb:basisVerified", "say whether the text has been seen")
    return Check(
        shape=shape,
        rule=one("dcterms:identifier"),
        label=_text(said, "rdfs:label", shape),
        severity=_word(one("sh:severity").rpartition("#")[2].lower(), SEVERITIES, shape),
        message=_text(said if expand("sh:message") in said or not queries else queries[0], "sh:message", shape),
        bases=tuple(
            _basis(str(node).strip("<>"), basis, shape)
            for node, basis in zip(said[expand("dcterms:source")], bases, strict=True)
        ),
        dimension=_word(one("dqv:inDimension").removeprefix(NBC), tuple(DIMENSION_NAMES_ZH), shape),
        fault=_word(one("nb:fault").removeprefix(NBC + "fault").lower(), ("source", "extraction", "model"), shape),
        select=selects[0] if selects else None,
        remedy=_text(said, "nb:remedy", shape) if expand("nb:remedy") in said else COMPARE,
        across=_words(said, "nb:acrossReports") == ["true"],
        restricted=_words(said, "nb:restricted") == ["true"],
        absence=_words(said, "nb:tellsAbsence") == ["true"],
        # A comment in one language is for those who read the shapes.
        note=_text(said, "rdfs:comment", shape) if len(_words(said, "rdfs:comment")) > 1 else None,
    )


def _word(word: str, allowed: tuple[W, ...], shape: str) -> W:
    for known in allowed:
        if word == known:
            return known
    raise _incomplete(shape, f"{word!r} is none of {', '.join(allowed)}", "use one of them")


def _words(said: _Objects, name: str) -> list[str]:
    return [value.value for value in said.get(expand(name), []) if isinstance(value, ox.Literal)]


def _text(said: _Objects, name: str, shape: str) -> Text:
    words = {v.language: v.value for v in said.get(expand(name), []) if isinstance(v, ox.Literal)}
    if set(words) != {"zh", "en"} or not all(words.values()):
        raise _incomplete(shape, f"{name} is not given once in zh and once in en", "give both")
    return Text(words["zh"], words["en"])


def _basis(iri: str, basis: _Objects, shape: str) -> Basis:
    verified = _words(basis, "nb:basisVerified") == ["true"]
    kinds = [
        str(kind).strip("<>").removeprefix(NBC + "basis").lower() for kind in basis.get(expand("nb:basisKind"), [])
    ]
    if len(kinds) != 1:
        raise _incomplete(shape, "its basis has no nb:basisKind", "say what kind of basis it is")
    return Basis(iri, _text(basis, "rdfs:label", shape), _word(kinds[0], BASIS_KINDS, shape), verified)


def _incomplete(shape: str, reason: str, remedy: str) -> ShapesError:
    return ShapesError(reason, where=shape, remedy=remedy, code="NB-SHAPES-RULE")


def _joined(texts: Iterable[Text]) -> Text:
    both = list(dict.fromkeys(texts))
    return Text("；".join(text.zh for text in both), "; ".join(text.en for text in both))
