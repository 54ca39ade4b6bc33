"""Writes the pages of docs/ that come from the program itself (make docs); tests/test_docs.py checks them."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import click

from nianbao.vocabulary import NB, NBI

DOCS = Path(__file__).resolve().parent


def cli_page() -> str:
    """The help of every command, as ``nianbao COMMAND --help`` prints it."""
    from nianbao.cli import main

    page = [
        "# The command line",
        "",
        "Written by `make docs` from the commands' own help.",
        "Options can also come from `NIANBAO_<COMMAND>_<OPTION>` in the environment or from `nianbao.toml`"
        " (a table per command); the command line wins.",
        "",
    ]
    with click.Context(main, info_name="nianbao", terminal_width=100, color=False, **main.context_settings) as top:
        page += ["## nianbao", "", "```", main.get_help(top), "```", ""]
        for name in sorted(main.commands):
            with click.Context(main.commands[name], parent=top, info_name=name) as context:
                page += [f"## nianbao {name}", "", "```", main.commands[name].get_help(context), "```", ""]
    return "\n".join(page)


def rules_page() -> str:
    """The audit rules, from the shapes."""
    from nianbao.quality.listing import rules_page as page

    return page()


def queries_page() -> str:
    """The example queries and the exports, with their titles in both languages."""
    return "\n".join([QUERIES, *_listed("queries"), "", EXPORTS, *_listed("exports"), ""])


def _listed(folder: str) -> list[str]:
    """A row of a table for each query of a folder of the ontology."""
    page = []
    for path in sorted((DOCS.parent / "ontology" / folder).glob("*.rq")):
        text = path.read_text(encoding="utf-8")
        title, titled = (re.search(rf"^# {key}: (.*)$", text, re.MULTILINE) for key in ("title", "title-zh"))
        assert title, f"{path}: the query has no title"
        assert titled, f"{path}: the query has no Chinese title"
        page.append(f"| [{path.stem}](../ontology/{folder}/{path.name}) | {title[1]} | {titled[1]} |")
    return page


QUERIES = """# Asking questions

Written by `make docs`; the list below comes from the queries themselves. The query page of the server shows the same ones, ready to run.

The default graph holds the current filing of every report, so a query needs no GRAPH. A filing that was corrected stays in its named graph only. What hangs on what:

```
institution <- nb:reportingInstitution - report - dcat:hasCurrentVersion -> filing - nb:registration -> registered facts
institution - nb:sponsoredBy -> sponsor                                      filing <- nb:statedIn - every figure, award, section, activity
figure - nb:indicator -> what is measured; nb:value, nb:unit, nb:countedItem; nb:periodEnd; nb:partOfActivity; nb:evidence; nb:statedValue
```

The form's own figures have the indicators `nbi:initialCapital`, `nbi:staff` and `nbi:netAssets`. Net assets occur twice a filing: at the start of the year with `nb:periodEnd` YEAR-01-01, at its end with YEAR-12-31.
Money is in yuan. A figure of the narrative has an indicator of its own, whose `skos:prefLabel` is the report's words: search it with `CONTAINS`. A growth is an `nb:Change`; `nb:changeOf` leads to the figure that grew, and
`nb:comparisonBasis` is `nbc:yearOnYear` only where the report says so.

The sponsors whose institutions have the largest net assets at the end of 2024:

```sparql
PREFIX nb: <@NB@>
PREFIX nbi: <@NBI@>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?sponsor (SUM(?value) AS ?yuan) WHERE {
  ?report nb:reportingYear "2024"^^xsd:gYear ; nb:reportingInstitution/nb:sponsoredBy/skos:prefLabel ?sponsor ; dcat:hasCurrentVersion ?filing .
  ?figure nb:statedIn ?filing ; nb:indicator nbi:netAssets ; nb:value ?value ; nb:periodEnd "2024-12-31"^^xsd:date .
} GROUP BY ?sponsor ORDER BY DESC(?yuan)
```

[How a report becomes RDF](modelling.md) tells every property.

`cq01` to `cq20` are the twenty competency questions that the model was made to answer (能力问题): query `cqN` answers question N. `tests/cases/questions` has a small set of invented filings
and the answers on it. A question about one institution, sponsor or indicator lists all of them; its first lines say where to write the one. Questions 3, 4, 10, 16, 17, 18 and 20 read the findings
of the audit, which are in graphs of their own (`GRAPH ?audit { … }`): a rule and its threshold stand in one place only.

| query | question | 问题 |
|---|---|---|""".replace("@NB@", NB).replace("@NBI@", NBI)

EXPORTS = """## Exports

`nianbao query --store STORE ontology/exports/data-cube.rq --format turtle` writes the whole as Turtle. The data cube keeps the integrity constraints of its vocabulary (IC-11, IC-12 and others; tested).

| export | what | 内容 |
|---|---|---|"""

PAGES: dict[str, Callable[[], str]] = {"cli.md": cli_page, "rules.md": rules_page, "queries.md": queries_page}

if __name__ == "__main__":
    for file, page in PAGES.items():
        (DOCS / file).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"docs/{file}\n")
