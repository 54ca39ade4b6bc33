"""Commands on reports as files: read, page, explain, map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from nianbao.cli.console import coloured, meter, say
from nianbao.cli.options import base_option, corrections_option, files, limit_option
from nianbao.errors import NianbaoError, internal_error

if TYPE_CHECKING:
    from nianbao.reading.limits import Limits
    from nianbao.record import Record
    from nianbao.repair.corrections import Corrections

RDF_FORMATS = ["trig", "nquads", "jsonld", "turtle"]


def each_file(paths: tuple[str, ...], use: Callable[[Path, Callable[[int], None]], bool], limits: Limits) -> bool:
    """Do something with each file; say what could not be done. True if it was all well.

    use: gets the path and what is to be called with the number of each page read; whether all was well.
    """
    from nianbao.confinement import cpu_time

    whole = True
    for number, path in enumerate(paths, 1):

        def show(page: int, told: str = f"{number}/{len(paths)} {path[-40:]}") -> None:
            meter(f"{told} 第 {page} 页 page {page}" if page else told)

        show(0)
        try:
            with cpu_time(limits.report_cpu, limits.report_time(path)):
                whole = use(Path(path), show) and whole
        except NianbaoError as error:
            say(str(error))
            whole = False
            continue
        except (KeyboardInterrupt, BrokenPipeError):
            raise
        except Exception as error:  # a fault of ours in one file must not stop the others
            say(str(internal_error(path, error)))
            whole = False
            continue
    meter("")
    return whole


def each_record(
    paths: tuple[str, ...],
    use: Callable[[Record], None],
    corrections: Corrections,
    limits: Limits,
    *,
    narrative: bool = False,
) -> bool:
    """Read each file and hand its record on, in their order; True if every form was read whole."""
    from nianbao.report import read_report

    def read(path: Path, progress: Callable[[int], None]) -> bool:
        record = read_report(path, narrative_only=narrative, corrections=corrections, limits=limits, progress=progress)
        meter("")
        use(record)
        for issue in record.issues:
            say(issue.told(path))
        return not any(issue.breaks_form for issue in record.issues)

    return each_file(paths, read, limits)


@click.command()
@files
@click.option("--json", "form", flag_value="json", default=True, help="One record a line (JSON Lines); the default.")
@click.option("--text", "form", flag_value="text", help="The repaired text instead, line for line.")
@click.option("--narrative", is_flag=True, help="The file holds only the activities text, taken exactly as it stands.")
@corrections_option
@limit_option
@click.pass_context
def read(
    ctx: click.Context,
    files: tuple[str, ...],
    form: str,
    narrative: bool,
    corrections: Corrections,
    limit: Limits,
) -> None:
    """Read reports and print their records as they are done, in the order of the files, or their repaired text."""
    if form == "text":
        from nianbao.reading import read_document
        from nianbao.report import read_report, repaired

        def text(path: Path, progress: Callable[[int], None]) -> bool:
            if narrative:
                click.echo(read_report(path, narrative_only=True, limits=limit, progress=progress).text)
                return True
            document = read_document(path, limits=limit, progress=progress)
            done, doubts = repaired(document, corrections)
            meter("")
            click.echo("\n".join(done.lines))
            # An encoding that is not UTF-8 is told with the record only.
            for doubt in (*(issue for issue in document.issues if document.reader != "text"), *doubts):
                say(doubt.told(path))
            return True

        whole = each_file(files, text, limit)
    else:
        whole = each_record(files, lambda record: click.echo(record.to_json()), corrections, limit, narrative=narrative)
    ctx.exit(0 if whole else 1)


def placed(ctx: click.Context, option: click.Parameter, values: tuple[str, ...]) -> list[tuple[float, ...]]:
    """Boxes as four numbers with commas between."""
    try:
        boxes = [tuple(float(number) for number in value.split(",")) for value in values]
    except ValueError:
        boxes = [()]
    if any(len(box) != 4 for box in boxes):
        raise click.BadParameter("write four numbers, x0,y0,x1,y1, as a record's places have them", ctx, option)
    return boxes


@click.command()
@click.argument("file", metavar="FILE")
@click.argument("number", type=click.IntRange(min=1), default=1, metavar="[PAGE]")
@click.option("--out", required=True, metavar="FILE.png", help="Where to write the picture; - for standard output.")
@click.option("--mark", "marks", multiple=True, metavar="X0,Y0,X1,Y1", callback=placed, help="A box to highlight.")
@click.option("--dpi", type=click.IntRange(20, 300), default=110, show_default=True)
@limit_option
def page(file: str, number: int, out: str, marks: list[Any], dpi: int, limit: Limits) -> None:
    """Draw a page of a PDF, OFD or scan, with passages marked (boxes of a record's places)."""
    from nianbao.reading.picture import page_picture

    picture = page_picture(Path(file), number, marks=marks, dpi=dpi, limits=limit)
    with click.open_file(out, "wb") as opened:
        opened.write(picture)


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--line", "numbers", type=click.IntRange(min=1), multiple=True, help="Only this line; may be repeated.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "toml"]),
    default="text",
    show_default=True,
    help="toml: entries for a file of corrections, to be filled in.",
)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the text.")
@corrections_option
@limit_option
def explain(file: str, numbers: tuple[int, ...], form: str, lang: str, corrections: Corrections, limit: Limits) -> None:
    """Tell what un-weaving changed in a file and why: runs, order, probability, alternatives.

    Without --line the lines that were changed, are doubtful or pinned. Coloured on a terminal, unless NO_COLOR is set.
    """
    from nianbao.repair import explain as explaining
    from nianbao.report import explanation

    done = explanation(Path(file), corrections, limits=limit)
    for doubt in done.doubts:
        say(doubt.told(done.path))
    if numbers and max(numbers) > len(done.lines):
        reason = f"{file} has {len(done.lines)} lines, there is no line {max(numbers)}"
        raise click.BadParameter(reason, param_hint="--line")
    if form == "json":
        click.echo(explaining.as_json(done, numbers))
    elif form == "toml":
        click.echo(explaining.as_pins(done, numbers), nl=False)
    else:
        click.echo(explaining.as_text(done, numbers, lang=lang, colour=coloured()), nl=False)


@click.command("map")
@files
@click.option("--format", "form", type=click.Choice(RDF_FORMATS), default="trig", show_default=True)
@corrections_option
@limit_option
@base_option
@click.pass_context
def map_(
    ctx: click.Context, files: tuple[str, ...], form: str, corrections: Corrections, limit: Limits, base: str
) -> None:
    """Print the RDF of reports."""
    from nianbao.mapping import rdf, serialise

    found: dict[Any, None] = {}  # a dict keeps the order and drops what two reports both say

    def use(record: Record) -> None:
        found.update(dict.fromkeys(rdf.quads(record, base=base)))

    whole = each_record(files, use, corrections, limit)
    if found:
        click.echo(serialise.serialize(found, form), nl=False)
    ctx.exit(0 if whole else 1)
