"""Whether a query looks at the reports of one institution only, so that these are all the data that it needs.

What such a query sees can be fetched (`FETCHED`): the filing, the reports of its institution with their current
versions, what is stated in them, and all that can be reached from there in the direction of the triples. A query that
goes against their direction anywhere else, to all that have a name, a sponsor or a text in common, needs the store.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from nianbao.vocabulary import expand

_FILING, _REPORT, _INSTITUTION, _INSIDE = "filing", "report", "institution", "inside"
FETCHED = {
    (expand("nb:statedIn"), _FILING): _INSIDE,
    (expand("dcat:hasCurrentVersion"), _FILING): _REPORT,
    (expand("nb:reportingInstitution"), _INSTITUTION): _REPORT,
}
"""Where a triple is followed from its object to its subject: the predicate, what the object is, what the subject is."""
_FORWARD = {
    (_REPORT, expand("dcat:hasCurrentVersion")): _FILING,
    (_REPORT, expand("nb:reportingInstitution")): _INSTITUTION,
}


def stays(triples: Iterable[tuple[Any, Any, Any]]) -> bool:
    """Whether these patterns of a query (rdflib's) can all be answered from what is fetched for $this, a filing."""
    waiting, known = list(triples), {"this": _FILING}
    while waiting:
        left = []
        for pattern in waiting:
            subject, predicate, value = (_variable(term) for term in pattern)
            name = str(pattern[1])
            if subject in known:
                if predicate is not None or not _against(pattern[1]):
                    for variable in (predicate, value):
                        if variable:
                            known.setdefault(variable, _FORWARD.get((known[subject], name), _INSIDE))
                    continue
                return False
            if subject and value in known and (name, known[value]) in FETCHED:
                known[subject] = FETCHED[name, known[value]]
                continue
            left.append(pattern)
        if len(left) == len(waiting):
            return False
        waiting = left
    return True


def _variable(term: Any) -> str | None:
    return str(term) if type(term).__name__ == "Variable" else None


def _against(path: Any) -> bool:
    """Whether a property path has a step against the direction of the triples, or one that is not known here."""
    name = type(path).__name__
    if name == "URIRef":
        return False
    if name in ("SequencePath", "AlternativePath"):
        return any(_against(part) for part in path.args)
    return _against(path.path) if name == "MulPath" else True
