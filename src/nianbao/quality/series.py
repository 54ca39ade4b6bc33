"""Institutions that people have decided to be one (`nianbao review`): their reports are compared as one series.

A decision links two institutions: skos:exactMatch where they are the same, dcterms:isReplacedBy where they are one body
and the second IRI takes the place of the first. Mergers and splits are events (org:ChangeEvent) and make no series: the
reports before and after are those of different bodies.
"""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from nianbao.quality.engine.index import Index
from nianbao.quality.engine.reach import INSTITUTION, Lookups, Selects
from nianbao.quality.engine.terms import Term
from nianbao.vocabulary import expand

SAME, LATER = ox.NamedNode(expand("skos:exactMatch")), ox.NamedNode(expand("dcterms:isReplacedBy"))


def linked(store: Selects, institutions: Iterable[Term]) -> dict[Term, Term]:
    """What decisions join to these institutions: each institution that is not alone, and the one that stands for its
    series (the last in time; of equals the one with the smallest IRI: a code comes before a name). That one is in it
    too.
    """
    links = Lookups(store, Index(), set())
    here = {node for node in institutions if isinstance(node, ox.NamedNode)}
    seen: set[Term] = set()
    while new := here - seen:
        seen |= new
        for link in (SAME, LATER):
            for back in (False, True):
                here |= {node for node in links.step(new, link, back=back) if isinstance(node, ox.NamedNode)}
    if len(links.graph.out) == 0:
        return {}
    links.step(seen, INSTITUTION, back=True)
    seen = {node for node in seen if links.graph.subjects(INSTITUTION, node)}  # not sponsors, which report nothing
    one: dict[Term, set[Term]] = {node: {node} for node in seen}
    later: set[Term] = set()
    for node in seen:
        after = [other for other in links.graph.objects(node, LATER) if other in one]
        later |= {node} if after else set()
        for other in (*links.graph.objects(node, SAME), *after):
            if other in one and one[node] is not one[other]:
                one[node] |= one[other]
                for member in one[other]:
                    one[member] = one[node]
    return {node: _last(group, later) for node, group in one.items() if len(group) > 1}


def _last(group: set[Term], later: set[Term]) -> Term:
    """The member of a series that stands for it; in a ring of decisions the smallest."""
    return min(group - later or group, key=str)
