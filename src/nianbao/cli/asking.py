"""Commands that answer questions: query, export, serve, ontology."""

from __future__ import annotations

import sys

import click

from nianbao.cli.options import base_option, store_option

RESULT_FORMATS = {
    "json": "application/sparql-results+json",
    "xml": "application/sparql-results+xml",
    "csv": "text/csv",
    "tsv": "text/tab-separated-values",
    "turtle": "text/turtle",
    "ntriples": "application/n-triples",
    "jsonld": "application/ld+json",
    "rdfxml": "application/rdf+xml",
}


@click.command()
@store_option
@click.argument("file", required=False, type=click.Path(dir_okay=False, allow_dash=True), metavar="[FILE.rq]")
@click.option("-q", "--query", "text", metavar="TEXT", help="The query itself instead of a file.")
@click.option("--format", "form", type=click.Choice(["table", *RESULT_FORMATS]), default="table", show_default=True)
@click.option("--timeout", type=click.FloatRange(min=0.1), default=60, show_default=True, help="Seconds.")
def query(store: str, file: str | None, text: str | None, form: str, timeout: float) -> None:
    """Run one SPARQL query on a store."""
    if (file is None) == (text is None):
        raise click.UsageError("give either a file with a query or -q TEXT")
    if file is not None:
        try:
            with click.open_file(file, encoding="utf-8") as opened:
                text = opened.read()
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(f"{file}: cannot be read as UTF-8 text ({error})") from error
    from nianbao.storage.query_pool import run_query
    from nianbao.table import as_table

    assert text is not None
    result = run_query(store, text, RESULT_FORMATS["json" if form == "table" else form], timeout)
    if form == "table":
        click.echo(as_table(result), nl=False)
    else:
        sys.stdout.buffer.write(result)


@click.command()
@store_option
@click.option("--format", "form", type=click.Choice(["ftm", "ftm-statements"]), default="ftm", show_default=True)
def export(store: str, form: str) -> None:
    """Print the institutions and sponsors as JSON Lines for FollowTheMoney: entities, or single statements with their
    filings. Other exports are queries: ontology/exports."""
    from nianbao import export as exporting
    from nianbao.storage.store import open_store

    make = exporting.entities if form == "ftm" else exporting.statements
    for line in exporting.lines(make(open_store(store, read_only=True))):
        click.echo(line, nl=False)


@click.command()
@store_option
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--timeout", type=click.FloatRange(min=0.1), default=10, show_default=True, help="Seconds a query may take."
)
@click.option("--base-url", metavar="URL", help="Public address of this server, where a proxy stands before it.")
@click.option(
    "--originals",
    metavar="DIR",
    help="Folder of the files: pages show passages where they are printed, with all else on that page (personal data).",
)
@base_option
def serve(
    store: str, host: str, port: int, timeout: float, base_url: str | None, originals: str | None, base: str
) -> None:
    """Serve a store: pages, linked data and the SPARQL endpoint."""
    from nianbao.reading.originals import Originals
    from nianbao_server import serve as run  # the one place where the library knows the server

    pictures = Originals(originals).picture if originals else None
    run(store, host=host, port=port, timeout=timeout, base_url=base_url, base=base, pictures=pictures)


@click.command()
@click.option("--format", "form", type=click.Choice(["turtle", "jsonld"]), default="turtle", show_default=True)
@click.option("--rebase", metavar="NAMESPACE", help="Move all files of this checkout to another namespace instead.")
def ontology(form: str, rebase: str | None) -> None:
    """Print the ontology with its codes and indicators."""
    from nianbao.mapping import ontology as terms

    if rebase is not None:
        from nianbao.resources import ROOT

        changed = terms.rebase(ROOT, rebase)
        click.echo(f"{len(changed)} files moved to {rebase}; build stores anew", err=True)
        return
    click.echo(terms.text(form), nl=False)
