"""Where rdflib's SPARQL departs from the recommendation, put right in the queries that the reference engine runs.

Only queries that pass through `repaired` are touched, rdflib itself is left as it is:

* REPLACE takes its flags for a number of replacements;
* ``<`` and its like order literals that SPARQL cannot compare (a text and a number, ill-typed ones) by their datatype;
* years (xsd:gYear) cannot be compared at all;
* arithmetic on what is no number ends the query instead of leaving a variable unbound.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from types import MethodType
from typing import Any

from rdflib import Literal
from rdflib.plugins.sparql.operators import RelationalExpression, string
from rdflib.plugins.sparql.sparql import Query, SPARQLError

from nianbao.quality.engine.core import expression
from nianbao.quality.engine.terms import compare

_ORDERS = {"<": (-1,), "<=": (-1, 0), ">": (1,), ">=": (0, 1), "=": (0,), "!=": (-1, 1)}


def repaired(query: Query) -> Query:
    """The same query, with these expressions evaluated as SPARQL 1.1 §17 says."""
    _walk(query.algebra, set())
    return query


def _walk(part: Any, seen: set[int]) -> None:
    if id(part) in seen:
        return
    seen.add(id(part))
    if isinstance(part, dict):  # CompValue and Expr are
        name = getattr(part, "name", "")
        if name == "Builtin_REPLACE":
            part._evalfn = MethodType(_replace, part)  # type: ignore[attr-defined]
        elif name == "RelationalExpression":
            part._evalfn = MethodType(_compare, part)  # type: ignore[attr-defined]
        elif getattr(part, "_evalfn", None) is not None:
            part._evalfn = MethodType(_guarded(part._evalfn), part)  # type: ignore[attr-defined]
        for key in part:
            _walk(getattr(part, key), seen)  # not part[key]: rdflib leaves what it had read first in there
    elif isinstance(part, (list, tuple, set)):
        for value in part:
            _walk(value, seen)


def _guarded(evaluate: Callable[[Any], Any]) -> Callable[[Any, Any], Any]:
    def one(expr: Any, ctx: Any) -> Any:
        try:
            return evaluate(ctx)
        except (TypeError, AttributeError, ArithmeticError) as error:
            raise SPARQLError(str(error)) from error

    return one


def _replace(expr: Any, ctx: Any) -> Literal:
    text = string(expr.arg)
    try:
        pattern = expression(str(string(expr.pattern)), str(expr.flags or ""))
    except ValueError as error:
        raise SPARQLError(str(error)) from error
    # XPath writes $1 where Python writes \1.
    replacement = re.sub(r"\\(.)|\$(\d+)", lambda m: f"\\g<{m[2]}>" if m[2] else re.escape(m[1]), str(expr.replacement))
    return Literal(pattern.sub(replacement, str(text)), datatype=text.datatype, lang=text.language)


def _compare(expr: Any, ctx: Any) -> Any:
    from nianbao.quality.shacl import to_term

    one, other = expr.expr, expr.other
    if expr.op in _ORDERS and isinstance(one, Literal) and isinstance(other, Literal):
        order = compare(to_term(one), to_term(other))
        if order is not None:
            return Literal(order in _ORDERS[expr.op])
        if expr.op not in ("=", "!="):
            raise SPARQLError(f"{one!r} and {other!r} cannot be compared")
    return RelationalExpression(expr, ctx)
