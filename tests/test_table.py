"""Query results as a table."""

import json

from nianbao.table import as_table
from nianbao.vocabulary import NB


def table(names: list[str], rows: list[dict[str, dict[str, str]]]) -> list[str]:
    return as_table(json.dumps({"head": {"vars": names}, "results": {"bindings": rows}}).encode()).splitlines()


def test_chinese_takes_two_columns() -> None:
    lines = table(["名", "n"], [{"名": {"type": "literal", "value": "图书馆"}, "n": {"type": "literal", "value": "1"}}])
    assert lines == ["名      n", "------  -", "图书馆  1", "(1 row)"]


def test_known_namespaces_are_shortened_and_unbound_is_empty() -> None:
    assert table(["a", "b"], [{"a": {"type": "uri", "value": NB + "Filing"}}])[2] == "nb:Filing"


def test_no_rows() -> None:
    assert table(["a"], []) == ["a", "-", "(0 rows)"]


def test_a_boolean_and_rdf() -> None:
    assert as_table(b'{"head": {}, "boolean": true}') == "true\n"
    assert as_table("<a> <b> <中> .\n".encode()) == "<a> <b> <中> .\n"
