"""Query results as a table for a terminal, in which Chinese characters take two columns."""

from __future__ import annotations

import json
import unicodedata

from nianbao.vocabulary import NB, NBC, NBI

SHORT = {
    NB: "nb:",
    NBC: "nbc:",
    NBI: "nbi:",
    "http://qudt.org/vocab/unit/": "unit:",
    "http://www.w3.org/2004/02/skos/core#": "skos:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}


def as_table(result: bytes) -> str:
    """A table of SPARQL 1.1 Results JSON; what is not such JSON (RDF of a CONSTRUCT) is given back as text."""
    try:
        data = json.loads(result)
    except json.JSONDecodeError:
        return result.decode()
    if "boolean" in data:
        return f"{str(data['boolean']).lower()}\n"
    names: list[str] = data["head"]["vars"]
    cells = [[_cell(row.get(name)) for name in names] for row in data["results"]["bindings"]]
    widths = [max(map(_width, column)) for column in zip(names, *cells, strict=True)]
    lines = [names, ["-" * width for width in widths], *cells]
    table = ["  ".join(pad(cell, width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines]
    return "\n".join([*table, f"({len(cells)} {'row' if len(cells) == 1 else 'rows'})", ""])


def _cell(term: dict[str, str] | None) -> str:
    if term is None:
        return ""
    text = term["value"].replace("\n", " ")
    if term["type"] == "uri":
        return next((prefix + text[len(space) :] for space, prefix in SHORT.items() if text.startswith(space)), text)
    return text


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def pad(text: str, width: int) -> str:
    """The text with blanks up to `width` columns; a Chinese character takes two."""
    return text + " " * (width - _width(text))
