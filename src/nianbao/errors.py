"""The errors of this package: one root, and each says where, why and what to do.

    NianbaoError
    ├── ReadError      a file is not a report that can be read
    ├── MappingError   a record cannot be written as RDF
    ├── ShapesError    shapes or RDF given for checking cannot be used
    ├── AuditError     what is given to an audit beside the data (waivers, a baseline) cannot be used
    ├── ReviewError    a list of decisions on identity cannot be taken over
    ├── StoreError     a store cannot be opened, read or written
    ├── QueryError     a query is wrong, too large or took too long
    └── ServerError    the server cannot start (a port in use …)

Doubts about data that could be read are no errors: they are `nianbao.record.Issue`, kept in the record.
"""

from __future__ import annotations


class NianbaoError(Exception):
    """Root of all errors of our own.

    code: stable identifier such as ``NB-READ-EMPTY``, listed in docs/errors.md.
    reason: what is wrong, one sentence without a full stop at its end.
    remedy: what the user can do about it.
    where: the file, address or object that it is about; place: the line, character or box inside it.
    """

    code = "NB-ERROR"

    def __init__(self, reason: str, *, remedy: str, where: str = "", place: str = "", code: str = "") -> None:
        self.reason = reason
        self.remedy = remedy
        self.where = where
        self.place = place
        if code:
            self.code = code
        super().__init__(str(self))

    def __str__(self) -> str:
        """One line: ``where: place: reason; remedy [code]``."""
        parts = [part for part in (self.where, self.place) if part]
        return f"{': '.join([*parts, self.reason])}; {self.remedy} [{self.code}]"


class ReadError(NianbaoError):
    """A file cannot be read as a report."""

    code = "NB-READ"


class MappingError(NianbaoError):
    """A record cannot be written as RDF (for example without a name and without a year)."""

    code = "NB-MAP"


class ShapesError(NianbaoError):
    """Shapes, or the RDF that was given for checking, cannot be used."""

    code = "NB-SHAPES"


class AuditError(NianbaoError):
    """What is given to an audit beside the data cannot be used: waivers, a baseline."""

    code = "NB-AUDIT"


class ReviewError(NianbaoError):
    """A list of decisions on identity is wrong, or speaks of what the store does not hold."""

    code = "NB-REVIEW"


class StoreError(NianbaoError):
    """A store cannot be opened, read or written."""

    code = "NB-STORE"


class QueryError(NianbaoError):
    """A query is not valid SPARQL, is too large, or was stopped at its limit."""

    code = "NB-QUERY"


class ServerError(NianbaoError):
    """The server cannot start."""

    code = "NB-SERVER"


def internal_error(path: object, error: Exception) -> ReadError:
    """A fault of this program in one file, as an error like the others, so that the rest of a run goes on."""
    return ReadError(
        f"a fault in nianbao itself ({type(error).__name__}: {error})",
        where=str(path),
        remedy="please report it with this file; the other files are done",
        code="NB-READ-FAULT",
    )
