"""The audit rules, read from the SHACL files in shapes/, which are their only source.

A rule (``F06``) is one shape or several: another severity, or another message, under the same number is another shape.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
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
UNVERIFIED = ("（原文未核对）", " (text not verified)")


class Text(NamedTuple):
    """The same words in Chinese and in English."""

    zh: str
    en: str

    def in_(self, lang: str) -> str:
        """The words in ``zh`` or ``en``."""
        return self.zh if lang == "zh" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One shape.

    shape: its IRI. message: with ``{?name}`` for what the query finds.
    basis: what it rests on, with a mark on what has not been seen in the original; bases: the IRIs of that.
    verified: whether all of it has been seen.
    select: the query of a SPARQL constraint, None for a core constraint.
    """

    shape: str
    rule: str
    label: Text
    severity: Severity
    message: Text
    basis: Text
    verified: bool
    bases: tuple[str, ...]
    dimension: str
    fault: Fault
    select: str | None = None


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
    def basis(self) -> Text:
        return _joined(check.basis for check in self.checks)

    @property
    def verified(self) -> bool:
        """Whether all that the rule rests on has been seen in the original."""
        return all(check.verified for check in self.checks)

    @property
    def dimension(self) -> str:
        return self.checks[0].dimension

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(dict.fromkeys(check.fault for check in self.checks))


def shape_files(folder: Path = SHAPES) -> list[Path]:
    """The SHACL files, by name."""
    return sorted(folder.glob("*.ttl"))


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


def format_rules(form: str = "text", lang: str = "zh") -> str:
    """The rules as text, or as JSON Lines (one shape a line)."""
    if form == "json":
        return "".join(json.dumps(_plain(check), ensure_ascii=False) + "\n" for check in checks().values())
    lines = []
    for rule in rules():
        grades = "/".join(SEVERITY_NAMES[lang][severity] for severity in rule.severities)
        lines.append(f"{rule.id:<5} [{grades}] {rule.label.in_(lang)}")
        lines += [f"      {message.in_(lang)}" for message in dict.fromkeys(rule.messages)]
        lines.append(f"      {'依据：' if lang == 'zh' else 'Basis: '}{rule.basis.in_(lang)}")
    return "\n".join(lines) + "\n"


def rules_page() -> str:
    """docs/rules.md: every rule with its shapes, in both languages."""
    parts = [
        "# 审核规则 · The audit rules\n",
        "<!-- Written by `nianbao.quality.shapes.rules_page` from shapes/*.ttl; do not edit. -->\n",
        "每条规则是一个或几个 SHACL 形状（`shapes/`）。严重程度：违反、警告、提示。“{?…}”处填入报告的数据。\n",
        "Each rule is one SHACL shape or several (`shapes/`). Severities: violation, warning, info. "
        "`{?…}` stands for what the report says.\n",
        "“原文未核对”表示所引文件尚未见到原文，故不写条文号。"
        " “Text not verified”: the document cited has not been seen, so no article number is given.\n",
        "| 编号 | 规则 · Rule | 严重程度 · Severity | 维度 · Dimension | 依据 · Basis |",
        "|---|---|---|---|---|",
    ]
    for rule in rules():
        grades = "、".join(SEVERITY_NAMES["zh"][s] for s in rule.severities) + " · " + ", ".join(rule.severities)
        parts.append(
            f"| [{rule.id}](#{rule.id.lower()}) | {rule.label.zh} · {rule.label.en} | {grades} "
            f"| {DIMENSION_NAMES_ZH[rule.dimension]} · {rule.dimension} | {rule.basis.zh} |"
        )
    for rule in rules():
        parts.append(f"\n## {rule.id}\n\n{rule.label.zh} · {rule.label.en}\n")
        parts.append(f"依据：{rule.basis.zh} · Basis: {rule.basis.en}\n")
        for check in rule.checks:
            name = check.shape.rpartition("/")[2]
            grade = f"{SEVERITY_NAMES['zh'][check.severity]} · {check.severity}"
            fault = f"{FAULT_NAMES['zh'][check.fault]} · {FAULT_NAMES['en'][check.fault]}"
            parts.append(f"- `nbs:{name}` ({grade}; {fault}): {check.message.zh} · {check.message.en}")
    return "\n".join(parts) + "\n"


def _plain(check: Check) -> dict[str, object]:
    return {
        "rule": check.rule,
        "shape": check.shape,
        "severity": check.severity,
        "label": check.label._asdict(),
        "message": check.message._asdict(),
        "basis": check.basis._asdict(),
        "verified": check.verified,
        "dimension": check.dimension,
        "fault": check.fault,
    }


# --- reading the files

W = TypeVar("W", bound=str)
_Objects = Mapping[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]


def _read(folder: Path) -> list[Check]:
    facts: dict[str, dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]] = defaultdict(lambda: defaultdict(list))
    paths = shape_files(folder)
    if not paths:
        raise ShapesError("no SHACL files (*.ttl)", where=str(folder), remedy="install the package again")
    for path in paths:
        try:
            for quad in ox.parse(path=path, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                facts[str(quad.subject)][quad.predicate.value].append(
                    cast("ox.NamedNode | ox.BlankNode | ox.Literal", quad.object)
                )
        except (SyntaxError, OSError) as error:
            line = f"line {error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
            reason = f"not Turtle: {error.args[0]}"
            raise ShapesError(reason, where=str(path), place=line, remedy="correct the file") from error
    identifier = expand("dcterms:identifier")
    return [_check(subject, facts) for subject, said in facts.items() if identifier in said]


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
    verified = [word for basis in bases for word in _words(basis, "nb:basisVerified")]
    if len(verified) != len(bases):
        raise _incomplete(shape, "its basis has no nb:basisVerified", "say whether the text has been seen")
    return Check(
        shape=shape,
        rule=one("dcterms:identifier"),
        label=_text(said, "rdfs:label", shape),
        severity=_word(one("sh:severity").rpartition("#")[2].lower(), SEVERITIES, shape),
        message=_text(said if expand("sh:message") in said or not queries else queries[0], "sh:message", shape),
        basis=_joined(_basis(basis, shape) for basis in bases),
        bases=tuple(str(node).strip("<>") for node in said[expand("dcterms:source")]),
        verified=all(word == "true" for word in verified),
        dimension=_word(one("dqv:inDimension").removeprefix(NBC), tuple(DIMENSION_NAMES_ZH), shape),
        fault=_word(one("nb:fault").removeprefix(NBC + "fault").lower(), ("source", "extraction", "model"), shape),
        select=selects[0] if selects else None,
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


def _basis(said: _Objects, shape: str) -> Text:
    label = _text(said, "rdfs:label", shape)
    if _words(said, "nb:basisVerified") == ["true"]:
        return label
    return Text(label.zh + UNVERIFIED[0], label.en + UNVERIFIED[1])


def _incomplete(shape: str, reason: str, remedy: str) -> ShapesError:
    return ShapesError(reason, where=shape, remedy=remedy, code="NB-SHAPES-RULE")


def _joined(texts: Iterable[Text]) -> Text:
    both = list(dict.fromkeys(texts))
    return Text("；".join(text.zh for text in both), "; ".join(text.en for text in both))
