"""Options that several commands share, and what makes values of their words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.errors import NianbaoError
from nianbao.vocabulary import DATA

if TYPE_CHECKING:
    from nianbao.reading.limits import Limits
    from nianbao.repair.corrections import Corrections


def absolute_iri(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """An option's value that has to be an http(s) IRI."""
    if value is not None and not re.fullmatch(r"""https?://[^\x00-\x20<>"{}|\\^`]+""", value):
        raise click.BadParameter(f"{value!r} is no IRI; write one that begins with http:// or https://", ctx, option)
    return value


def data_base(ctx: click.Context, option: click.Parameter, value: str) -> str:
    """A base of IRIs, with a slash at its end."""
    absolute_iri(ctx, option, value)
    if "#" in value or "?" in value:
        raise click.BadParameter(f"{value!r} must not hold # or ?; end it with /", ctx, option)
    return value if value.endswith("/") else value + "/"


files = click.argument("files", nargs=-1, required=True, metavar="FILE...")
store_option = click.option(
    "--store", required=True, metavar="STORE", help="Folder (embedded store), or address of a SPARQL 1.1 endpoint."
)
base_option = click.option(
    "--base", default=DATA, show_default=True, metavar="IRI", callback=data_base, help="Base of the data IRIs."
)


def pinned(ctx: click.Context, option: click.Parameter, value: str | None) -> Corrections:
    """The corrections in the file that an option names; none without it."""
    from nianbao.repair.corrections import NONE, load_corrections

    return load_corrections(value) if value else NONE


corrections_option = click.option(
    "--corrections", metavar="FILE.toml", callback=pinned, help="Readings of woven lines that a person has pinned."
)


engine_option = click.option(
    "--engine",
    type=click.Choice(["set", "pyshacl"]),
    default="set",
    show_default=True,
    help="set: the rules compiled, fast; pyshacl: the reference, slow. Both find the same.",
)
shapes_option = click.option(
    "--shapes",
    metavar="DIR",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of SHACL files (*.ttl) of your own, beside the shipped rules; may be repeated.",
)


def with_thresholds(ctx: click.Context, option: click.Parameter, value: Path | None) -> Path:
    """The folder of the shipped rules, or one with the same rules and the thresholds of a file."""
    from nianbao.quality.shapes import with_thresholds as changed
    from nianbao.resources import SHAPES

    return changed(value) if value else SHAPES


thresholds_option = click.option(
    "--thresholds",
    metavar="FILE.toml",
    type=click.Path(dir_okay=False, path_type=Path),
    callback=with_thresholds,
    help="Other thresholds for the shipped rules: lines like capitalTolerance = 30 (docs/rules.md lists them).",
)


def bounded(ctx: click.Context, option: click.Parameter, value: tuple[str, ...]) -> Limits:
    """The limits of reading: the defaults, changed by the table ``[limits]`` of nianbao.toml and by the option."""
    from nianbao.reading.limits import DEFAULT

    table = (ctx.find_root().default_map or {}).get("limits", {})
    try:
        return DEFAULT.changed(table if isinstance(table, dict) else {"limits": table}).changed(value)
    except NianbaoError as error:
        raise click.BadParameter(f"{error.reason}; {error.remedy}", ctx, option) from error


limit_option = click.option(
    "--limit",
    metavar="NAME=NUMBER",
    multiple=True,
    callback=bounded,
    help="A limit of reading (docs/reading.md), for example pages=500; may be repeated.",
)


audit_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "html", "turtle"]),
    default="text",
    show_default=True,
    help="json: JSON Lines; html: one file that prints well; turtle: SHACL report and DQV measurements.",
)
by_option = click.option(
    "--by",
    type=click.Choice(["report", "rule", "sponsor", "division", "year"]),
    default="report",
    show_default=True,
    help="How text and HTML are grouped.",
)
summary_option = click.option("--summary", is_flag=True, help="Counts only (with --format text).")
