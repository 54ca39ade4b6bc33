"""What a rule of the audit checks and rests on, in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nianbao.quality import shapes


@dataclass(frozen=True, slots=True)
class Check:
    """One shape of a rule: its severity and its message, with … for what each finding fills in."""

    shape: str
    severity: str
    message: str


@dataclass(frozen=True, slots=True)
class Basis:
    """What a rule rests on, the mark beside it, and whether it is a legal text that has been seen."""

    label: str
    mark: str
    seen: bool


def checks(of: Iterable[shapes.Check], language: str) -> list[Check]:
    """What the shapes of a rule look for, the gravest first."""
    return [
        Check(check.shape, check.severity.capitalize(), re.sub(r"\{[?$]\w+\}", "…", check.message.in_(language)))
        for check in of
    ]


def bases(of: Iterable[shapes.Check], language: str) -> list[Basis]:
    """What the shapes of a rule rest on, each once."""
    found = dict.fromkeys(basis for check in of for basis in check.bases)
    return [Basis(basis.label.in_(language), basis.mark.in_(language), basis.seen) for basis in found]
