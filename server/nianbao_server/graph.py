"""A handful of triples in memory, for pages that show one thing: look-ups by subject and by property and object."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pyoxigraph as ox

from nianbao.vocabulary import expand

Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def text_of(term: Term) -> str:
    """An IRI without brackets, a literal's characters, a blank node's label."""
    return str(term) if isinstance(term, ox.Triple) else term.value


class Graph:
    """Triples by subject and by object. Subjects and objects are given as text, properties as prefixed names."""

    def __init__(self, triples: Iterable[ox.Triple | ox.Quad]) -> None:
        self._by_subject: dict[str, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        self._by_object: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.size = 0
        for triple in triples:
            subject = text_of(triple.subject)
            self._by_subject[subject][triple.predicate.value].append(triple.object)
            self._by_object[triple.predicate.value, text_of(triple.object)].append(subject)
            self.size += 1

    def __contains__(self, subject: str) -> bool:
        return subject in self._by_subject

    def every(self) -> list[str]:
        """All subjects, in the order of the triples."""
        return list(self._by_subject)

    def terms(self, subject: str, name: str) -> list[Term]:
        """The objects of a property."""
        return self._by_subject.get(subject, {}).get(expand(name), [])

    def all(self, subject: str, name: str) -> list[str]:
        """The objects of a property as text."""
        return [text_of(term) for term in self.terms(subject, name)]

    def one(self, subject: str, name: str) -> str | None:
        """The first object of a property as text, or None."""
        found = self.terms(subject, name)
        return text_of(found[0]) if found else None

    def said(self, subject: str, name: str, language: str) -> str | None:
        """The literal in `language` (``zh``, ``en``), else in Chinese, else any."""
        found = self.terms(subject, name)
        for wanted in (language, "zh"):
            for term in found:
                if isinstance(term, ox.Literal) and (term.language or "").split("-")[0] == wanted:
                    return term.value
        return text_of(found[0]) if found else None

    def subjects(self, name: str, value: str) -> list[str]:
        """What has `value` (an IRI or text) for a property, in the order of the triples."""
        return self._by_object.get((expand(name), value), [])

    def properties(self, subject: str) -> dict[str, list[Term]]:
        """All that is said of a subject: objects by the property's IRI."""
        return self._by_subject.get(subject, {})

    def triples(self, subject: str) -> list[ox.Triple]:
        """All that is said of a subject that has an IRI."""
        node = ox.NamedNode(subject)
        return [
            ox.Triple(node, ox.NamedNode(name), term)
            for name, terms in self.properties(subject).items()
            for term in terms
        ]
