"""A look at a query's text before the parser sees it: is it plain enough, and does it stay in this store?

Oxigraph's parser and planner recurse: groups nested a few thousand deep, or a property path of twenty thousand steps,
overflow the stack and end the process, which no ``except`` can stop. Planning a hundred joined patterns takes a
second, two hundred more than twenty. So depth, chains and patterns are counted here, on tokens alone.

``SERVICE`` is refused here too, since the parsed query cannot be seen from Python. The parser takes keywords without
a blank around them (``1SERVICEex:{``) and reads ``?a<?b`` as a comparison where the SPARQL grammar sees the start of an
IRI; so every word that contains "service" counts, and text that can be read both ways is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from nianbao.errors import QueryError
from nianbao.vocabulary import PREFIXES


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest query that is let through: each value is well above real use and well below what kills."""

    length: int = 256 * 1024  # bytes of UTF-8
    depth: int = 60  # brackets of any kind inside one another; 90 nested groups plan for half a second
    operators: int = 1000  # || && + - * / | ^ ! = UNION in the whole query; 10,000 overflow the stack
    patterns: int = 100  # triple patterns and path steps joined in one group; 100 plan for a second
    all_patterns: int = 1000


PUBLIC = Limits()

FORMS = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")
UPDATES = ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")

_ESCAPED = r"%[0-9A-Fa-f]{2}|\\."
_TOKEN = re.compile(
    rf"""
    (?P<blank>\s+ | \#[^\n\r]*)
  | (?P<string>\"\"\"(?:\"{{0,2}}(?:[^"\\]|\\.))*\"\"\" | \'\'\'(?:\'{{0,2}}(?:[^'\\]|\\.))*\'\'\'
             | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
  | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]|\\u[0-9A-Fa-f]{{4}}|\\U[0-9A-Fa-f]{{8}})*>)
  | (?P<variable>[?$]\w+)
  | (?P<blank_node>_:\w(?:[\w.\-]*[\w\-])?)
  | (?P<name>(?:[^\W\d_](?:[\w.\-]*[\w\-])?)?:
             (?:(?:[\w:]|{_ESCAPED})(?:(?:[\w.:\-]|{_ESCAPED})*(?:[\w:\-]|{_ESCAPED}))?)?)
  | (?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+\-]?\d+)?)
  | (?P<word>[^\W\d]\w*)
  | (?P<language>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<sign>\|\| | && | != | <= | >= | \^\^ | \\. | .)
    """,
    re.VERBOSE | re.DOTALL,
)

_OPERANDS = {"string", "iri", "variable", "blank_node", "name", "number", "language"}
_OPERATORS = {"||", "&&", "+", "-", "*", "/", "|", "^", "!", "=", "!=", "<", ">", "<=", ">="}
_CLOSING = {"}": "{", "]": "[", ")": "("}


def check(text: str, limits: Limits = PUBLIC) -> str:
    """Let a query through, or say why not; returns its form (``SELECT``, ``ASK``, ``CONSTRUCT``, ``DESCRIBE`` or "").

    Raises `QueryError` with NB-QUERY-TOO-LARGE, NB-QUERY-REFUSED or NB-QUERY-SYNTAX. A query without a known form is
    let through: the parser has the better words for it.
    """
    if len(text.encode("utf-8", "replace")) > limits.length:
        raise _too_large(f"the query is longer than {limits.length} bytes")
    form = ""
    before = ""  # kind of the token before, as far as it can be an operand
    open_: list[str] = []
    groups = [0]  # patterns in each open group
    operators = patterns = 0
    for kind, token, start in tokens(text):
        if kind == "blank":
            continue
        innermost = open_[-1] if open_ else ""
        _refuse_service(kind, token, text, start)
        if kind == "iri" and innermost == "(" and before == "operand" and _ambiguous(token):
            raise QueryError(
                "it is not clear whether '<' compares here or begins an IRI",
                place=_place(text, start),
                remedy="put a blank behind the '<'",
                code="NB-QUERY-SYNTAX",
            )
        if kind == "word" and not form and not open_ and token.upper() in FORMS:
            form = token.upper()
        if kind == "word" and not form and not open_ and token.upper() in UPDATES:
            raise QueryError(
                f"{token.upper()} is an update, and here only queries are answered",
                place=_place(text, start),
                remedy="ask with SELECT, ASK, CONSTRUCT or DESCRIBE; the data are changed by nianbao build",
                code="NB-QUERY-FORM",
            )
        if token in _OPERATORS or (kind == "word" and token.upper() == "UNION"):
            operators += 1
            if operators > limits.operators:
                raise _too_large(f"the query has more than {limits.operators} operators", _place(text, start))
        if kind == "sign" and (
            token in ("/", "|", "^", "[") or (token in (".", ";", ",") and innermost in ("{", "[")) or token == "{"
        ):
            if token == "{":
                groups.append(0)
            patterns += 1
            groups[-1] += 1
            if groups[-1] > limits.patterns:
                reason = f"a group has more than {limits.patterns} triple patterns and path steps"
                raise _too_large(reason, _place(text, start))
            if patterns > limits.all_patterns:
                raise _too_large(f"the query has more than {limits.all_patterns} triple patterns", _place(text, start))
        if kind == "sign" and token in "{[(":
            open_.append(token)
            if len(open_) > limits.depth:
                raise _too_large(f"brackets are nested deeper than {limits.depth}", _place(text, start))
        elif token in _CLOSING and open_ and open_.pop() == "{" and len(groups) > 1:
            groups.pop()
        if kind == "sign" and token in "\"'":
            raise QueryError(
                "a string is not closed",
                place=_place(text, start),
                remedy="close it with the same mark; a string over several lines needs three marks",
                code="NB-QUERY-SYNTAX",
            )
        operand = kind in _OPERANDS or token == ")" or token.lower().endswith(("true", "false"))
        before = "operand" if operand else "other"
    return form


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """The query's tokens as (kind, text, start), blanks and comments among them; every character is in one token."""
    for match in _TOKEN.finditer(text):
        assert match.lastgroup is not None  # the last alternative takes any character
        yield match.lastgroup, match[0], match.start()


def undeclared_prefix(text: str) -> tuple[str, str] | None:
    """The first prefix that is used but not declared, and its place: a common fault that parsers do not name."""
    declared: set[str] = set()
    words = [(kind, token, start) for kind, token, start in tokens(text) if kind != "blank"]
    for index, (kind, token, start) in enumerate(words):
        if kind != "name":
            continue
        prefix = token.partition(":")[0]
        if index and words[index - 1][1].upper() == "PREFIX":
            declared.add(prefix)
        elif prefix not in declared and words[index - 1][1] != "<":  # after '<' it is a broken IRI
            return prefix, _place(text, start)
    return None


def explained(error: QueryError, text: str) -> QueryError:
    """A syntax error with a better reason where this module knows one."""
    if error.code != "NB-QUERY-SYNTAX" or not (found := undeclared_prefix(text)):
        return error
    prefix, place = found
    known = PREFIXES.get(prefix)
    return QueryError(
        f"the prefix {prefix}: is not declared",
        place=place,
        remedy=f"begin the query with: PREFIX {prefix}: <{known or '…'}>",
        code="NB-QUERY-SYNTAX",
    )


def _refuse_service(kind: str, token: str, text: str, start: int) -> None:
    lower = token.lower()
    if "service" not in lower:
        return
    head, _, local = lower.partition(":")
    if kind == "word" or (kind == "name" and ("service" in head or ".service" in local)):
        raise QueryError(
            "SERVICE would send this server to another address and is switched off",
            place=_place(text, start),
            remedy="ask the other endpoint yourself (a prefix named so needs another name)",
            code="NB-QUERY-REFUSED",
        )


def _ambiguous(iri: str) -> bool:
    """Whether ``<…>`` after an operand could also be a comparison that hides a comment, a string or brackets."""
    return bool(re.search(r"[#'()\[\]]", iri)) and not re.match(r"<[A-Za-z][A-Za-z0-9+.\-]*://", iri)


def _place(text: str, start: int) -> str:
    line = text.count("\n", 0, start) + 1
    return f"line {line}, column {start - (text.rfind(chr(10), 0, start) + 1) + 1}"


def _too_large(reason: str, place: str = "") -> QueryError:
    return QueryError(
        reason, place=place, remedy="ask for less at a time, in several queries", code="NB-QUERY-TOO-LARGE"
    )
