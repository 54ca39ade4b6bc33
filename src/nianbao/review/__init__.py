"""Which IRIs may mean one organisation: candidates for a person to decide on, and what was decided, kept as data."""

from nianbao.review.candidates import KINDS, Body, Candidate, Rename, candidates, candidates_of
from nianbao.review.decisions import DECISIONS, Decision, decision_triples, decisions_of, keep
from nianbao.review.listing import COLUMNS, as_csv, read_decisions, read_file

__all__ = [
    "COLUMNS",
    "DECISIONS",
    "KINDS",
    "Body",
    "Candidate",
    "Decision",
    "Rename",
    "as_csv",
    "candidates",
    "candidates_of",
    "decision_triples",
    "decisions_of",
    "keep",
    "read_decisions",
    "read_file",
]
