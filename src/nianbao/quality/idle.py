"""Rules of one's own that had nothing to look at: told, so that a misspelt target is not taken for a clean report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import pyoxigraph as ox

from nianbao.quality.engine.compiler import Targets, targeted
from nianbao.quality.engine.index import Index
from nianbao.quality.engine.terms import RDF, Term
from nianbao.quality.notes import Note
from nianbao.quality.rulebook import Rulebook, called
from nianbao.quality.shapes import Text
from nianbao.vocabulary import PREFIXES


class Asks(Protocol):
    """What is needed of a store."""

    def ask(self, query: str) -> bool: ...


def looked_at(graph: Index, rules: Rulebook) -> frozenset[Term]:
    """The shapes of a user's that had something to look at in this graph."""
    targets = targeted(rules.graph)
    return frozenset(
        node
        for node in rules.mine
        if any(focus in graph.out or focus in graph.into for focus in targets[node].focuses(graph))
    )


def looked_at_in_store(store: Asks, rules: Rulebook) -> frozenset[Term]:
    """The same for the current filings of a store."""
    targets = targeted(rules.graph)
    return frozenset(
        node for node in rules.mine if any(store.ask(f"ASK {{ {pattern} }}") for pattern in _patterns(targets[node]))
    )


def _patterns(targets: Targets) -> Iterator[str]:
    for node in targets.nodes:
        yield f"{{ {node} ?p ?o }} UNION {{ ?s ?p {node} }}" if not isinstance(node, ox.BlankNode) else ""
    for cls in targets.classes:
        yield f"?s <{RDF}type>/<{PREFIXES['rdfs']}subClassOf>* {cls}"
    for predicate in targets.subjects_of + targets.objects_of:
        yield f"?s {predicate} ?o"


def notes(rules: Rulebook, looked: Iterable[Term]) -> Iterator[Note]:
    """A note for each shape of a user's that had nothing to look at.

    With one that nothing leads to (no target, and no other shape refers to it) the audit is not passed.
    """
    for node in rules.unused:
        name = called(str(node), rules.graph)
        yield Note(
            Text(
                f"{name} 没有目标（sh:targetClass 等），也没有别的形状引用它，从未执行",
                f"{name} has no target (sh:targetClass …) and no other shape refers to it: it was never run",
            ),
            fails=True,
        )
    for node in sorted(set(rules.mine).difference(looked), key=str):
        check = rules.checks.get(node.value if isinstance(node, ox.NamedNode) else str(node))
        if check is not None:  # else it is deactivated
            name = called(str(node), rules.graph)
            yield Note(
                Text(
                    f"规则 {check.rule}（{name}）的目标在任何报告中都没有，它未检查到任何内容",
                    f"rule {check.rule} ({name}) had nothing to look at: no report has its target",
                )
            )
