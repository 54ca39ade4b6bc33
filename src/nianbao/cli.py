"""The command line. Heavy libraries are imported inside the commands, so that ``nianbao --help`` answers at once."""

from __future__ import annotations

import os
import re
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from nianbao import __version__
from nianbao.errors import NianbaoError, internal_error
from nianbao.vocabulary import DATA

if TYPE_CHECKING:
    from nianbao.reading.limits import Limits
    from nianbao.record import Record
    from nianbao.repair.corrections import Corrections

RDF_FORMATS = ["trig", "nquads", "jsonld", "turtle"]
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


class Commands(click.Group):
    """The group of commands: errors of our own become one line and a status, never a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except NianbaoError as error:
            say(str(error))
            ctx.exit(1)
        except KeyboardInterrupt:
            say("stopped; what was finished is kept")
            ctx.exit(130)
        except BrokenPipeError:
            # The reader of a pipe has gone (head, less): no error of ours, but Python would complain at exit.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            ctx.exit(0)


def settings(path: Path = Path("nianbao.toml")) -> dict[str, Any]:
    """Default values of options from ``nianbao.toml``: a table per command, keys as the options' names."""
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path}: not valid TOML ({error}); correct or remove it") from error


def say(line: str) -> None:
    """Print a line for people, on standard error; control characters (of a file's name, say) are written out."""
    meter("")
    click.echo(f"nianbao: {_plain(line)}", err=True)


def _plain(line: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f-\x9f]", lambda control: f"\\x{ord(control[0]):02x}", line)


def meter(line: str) -> None:
    """Show how far a long run has come, on the last line of a terminal; "" takes it away. Elsewhere nothing."""
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{_plain(line)[:70]}", err=True, nl=False)


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


@click.group(cls=Commands, context_settings={"auto_envvar_prefix": "NIANBAO", "help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nianbao")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Annual reports of China's public institutions (事业单位法人年度报告书) as a knowledge graph.

    Options can also come from NIANBAO_COMMAND_OPTION in the environment or from nianbao.toml (a table per command).
    Exit status: 0 all went well; 1 some input could not be read or an audit is above --fail-on; 2 wrong usage.
    """
    ctx.default_map = settings()


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


@main.command()
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


@main.command()
@click.argument("file", metavar="FILE")
@click.argument("number", type=click.IntRange(min=1), default=1, metavar="[PAGE]")
@click.option("--out", required=True, metavar="FILE.png", help="Where to write the picture; - for standard output.")
@click.option("--mark", "marks", multiple=True, metavar="X0,Y0,X1,Y1", callback=placed, help="A box to highlight.")
@click.option("--dpi", type=click.IntRange(20, 300), default=110, show_default=True)
@limit_option
def page(file: str, number: int, out: str, marks: list[Any], dpi: int, limit: Limits) -> None:
    """Draw a page of a PDF or a scan, with passages marked (boxes of a record's places)."""
    from nianbao.reading.picture import page_picture

    picture = page_picture(Path(file), number, marks=marks, dpi=dpi, limits=limit)
    with click.open_file(out, "wb") as opened:
        opened.write(picture)


@main.command()
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


@main.command("map")
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


@main.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@store_option
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Worker processes (default: one a core).")
@click.option("--again", is_flag=True, help="Read unchanged files again too.")
@click.option("--prune", is_flag=True, help="Remove the filings whose file is gone from its folder.")
@click.option("--update-url", metavar="URL", help="Where a SPARQL endpoint takes updates, if not at STORE's address.")
@corrections_option
@limit_option
@base_option
@shapes_option
@thresholds_option
@click.pass_context
def build(
    ctx: click.Context,
    sources: tuple[str, ...],
    store: str,
    jobs: int | None,
    again: bool,
    prune: bool,
    update_url: str | None,
    corrections: Corrections,
    limit: Limits,
    base: str,
    shapes: tuple[Path, ...],
    thresholds: Path,
) -> None:
    """Read, map, audit and load folders or files; only what is new or changed is done.

    A changed file takes the place of what was read from it before; another file for the same institution and year
    becomes a further version of the report, and the version submitted last is the current one.
    """
    paths = [Path(source) for source in sources]
    if not any(path.exists() for path in paths):
        raise click.BadParameter(f"there is no {sources[0]}; name folders or files that exist", param_hint="SRC")
    from nianbao.build import build as run
    from nianbao.storage.store import open_store

    target = open_store(store, update_url=update_url)
    try:
        summary = run(
            paths,
            target,
            jobs=jobs,
            again=again,
            prune=prune,
            base=base,
            corrections=corrections,
            limits=limit,
            shipped=thresholds,
            own=shapes,
            say=say,
            progress=lambda done, count: meter(f"{done}/{count} 份 files"),
        )
    finally:
        meter("")
        target.close()
    click.echo(summary.text())
    ctx.exit(0 if summary.whole else 1)


def division(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The digits of a division that an option names."""
    if value is None:
        return None
    from nianbao.quality.reporting.population import division_named

    code = division_named(value)
    if code is None:
        raise click.BadParameter(f"{value!r} is no division; give its first two to six digits, or a province's name")
    return code


def coloured() -> bool:
    """Whether standard output is a terminal that shows colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


audit_format_option = click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "csv", "html", "turtle"]),
    default="text",
    show_default=True,
    help="json: JSON Lines; html: one file that prints well; turtle: SHACL report and DQV measurements.",
)
toml_file = click.Path(dir_okay=False, path_type=Path)


@main.command()
@store_option
@audit_format_option
@click.option("--report", metavar="IRI", callback=absolute_iri, help="Only this report.")
@click.option("--rule", metavar="ID", help="Only this rule, for example F06.")
@click.option("--severity", type=click.Choice(["violation", "warning", "info"]), help="Only findings of this severity.")
@click.option("--sponsor", metavar="NAME", help="Only reports of institutions of this sponsor (a part of its name).")
@click.option("--division", metavar="CODE", callback=division, help="Only this division: first digits, or a province.")
@click.option("--year", type=click.IntRange(1949, 2999), help="Only reports on this year.")
@click.option(
    "--by",
    type=click.Choice(["report", "rule", "sponsor", "division", "year"]),
    default="report",
    show_default=True,
    help="How the text is grouped.",
)
@click.option("--summary", is_flag=True, help="Counts only (with --format text).")
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the text.")
@click.option("--waivers", metavar="FILE.toml", type=toml_file, help="Findings that are accepted, with reasons.")
@click.option("--baseline", metavar="FILE", type=toml_file, help="The last batch: numbers and fill rates to compare.")
@click.option("--save-baseline", metavar="FILE", type=toml_file, help="Keep this batch's numbers for the next one.")
@click.option("--fail-on", type=click.Choice(["violation", "warning", "never"]), default="never", show_default=True)
@click.option(
    "--engine",
    type=click.Choice(["set", "pyshacl"]),
    help="Audit the filings in the store anew with this engine (set: fast; pyshacl: the reference, slow). "
    "Without it: what the build found.",
)
@click.option(
    "--restricted",
    is_flag=True,
    help="For registrars: also findings that are not for publication (X19), made anew and stored nowhere.",
)
@shapes_option
@thresholds_option
@click.pass_context
def audit(
    ctx: click.Context,
    store: str,
    form: str,
    report: str | None,
    rule: str | None,
    severity: Literal["violation", "warning", "info"] | None,
    sponsor: str | None,
    division: str | None,
    year: int | None,
    by: Literal["report", "rule", "sponsor", "division", "year"],
    summary: bool,
    lang: str,
    waivers: Path | None,
    baseline: Path | None,
    save_baseline: Path | None,
    fail_on: Literal["violation", "warning", "never"],
    engine: Literal["set", "pyshacl"] | None,
    restricted: bool,
    shapes: tuple[Path, ...],
    thresholds: Path,
) -> None:
    """The data-quality audit: what breaks which rule, with the passage, what to do and the rule's basis.

    Grades are of the share of checks passed, by dimension. Findings with a waiver are shown with it and do not count
    for --fail-on; a report that the present rules have not checked does, and so does a failed gate of --baseline.
    --severity changes what is shown, not what counts for --fail-on.
    """
    from nianbao.quality.reporting import gates
    from nianbao.quality.reporting.outcome import GATE, UNCHECKED, outcome_of_store, rendered
    from nianbao.quality.reporting.population import Scope
    from nianbao.quality.reporting.waivers import load_waivers
    from nianbao.quality.rulebook import rulebook
    from nianbao.storage.store import open_store

    rules = rulebook(thresholds, shapes)
    known = {each.id for each in rules.rules}
    if rule is not None and rule not in known:
        raise click.BadParameter(f"there is no rule {rule!r}; list them with: nianbao rules", param_hint="--rule")
    accepted = load_waivers(waivers, known) if waivers else []
    before = gates.load_baseline(baseline) if baseline else {}
    source = open_store(store, read_only=True)
    measured = gates.profile(source) if before or save_baseline else {}
    done = outcome_of_store(
        source,
        rules,
        engine=engine,
        scope=Scope(report=report, sponsor=sponsor, division=division, year=year),
        rule=rule,
        severity=severity,
        waivers=accepted,
        gates=gates.judge(measured, before),
        restricted=restricted,
    )
    if done.unchecked:
        reason = f"{len(done.unchecked)} filings were audited by other rules or not at all"
        say(f"{store}: {reason}; run nianbao build again [{UNCHECKED}]")
    for note in done.notes:
        say(note.text.in_(lang))
    for gate in done.gates:
        say(f"{baseline}: {gate.severity}: {gate.message.in_(lang)} [{GATE}]")
    click.echo(rendered(done, form, lang, by=by, summary=summary, colour=coloured()), nl=False)
    if save_baseline:
        gates.save_baseline(save_baseline, measured)
    ctx.exit(int(done.failing(fail_on)))


@main.command()
@files
@audit_format_option
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the text.")
@click.option("--fail-on", type=click.Choice(["violation", "warning", "never"]), default="violation", show_default=True)
@engine_option
@shapes_option
@thresholds_option
@click.pass_context
def validate(
    ctx: click.Context,
    files: tuple[str, ...],
    form: str,
    lang: str,
    fail_on: Literal["violation", "warning", "never"],
    engine: Literal["set", "pyshacl"],
    shapes: tuple[Path, ...],
    thresholds: Path,
) -> None:
    """The same audit for files of RDF (Turtle, TriG, N-Quads, N-Triples, JSON-LD) that need not come from us.

    The reports of one file are compared with each other, not with those of another file.
    """
    from nianbao.quality import audit as auditing
    from nianbao.quality.reporting.outcome import outcome_of_data, rendered
    from nianbao.quality.rulebook import rulebook

    rules = rulebook(thresholds, shapes)
    audits, errors = [], []
    for path in files:
        try:
            found = auditing.validate_file(Path(path), engine=engine, rules=rules)
        except NianbaoError as error:
            say(str(error))
            errors.append(error)
            continue
        for note in found.notes:
            say(f"{path}: {note.text.in_(lang)}")
        audits.append(found)
    done = outcome_of_data(audits, rules, failed=errors)
    click.echo(rendered(done, form, lang, colour=coloured()), nl=False)
    # What could not be checked counts as not passed, whatever else is asked for.
    ctx.exit(int(bool(done.incomplete) or done.failing(fail_on)))


@main.command()
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


@main.command()
@store_option
@click.option(
    "--out", metavar="FILE.csv", type=click.Path(dir_okay=False, path_type=Path), help="Write the list there."
)
@click.option(
    "--decisions", metavar="FILE.csv", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Take over."
)
@click.option("--update-url", metavar="URL", help="Where a SPARQL endpoint takes updates, if not at STORE's address.")
def review(store: str, out: Path | None, decisions: Path | None, update_url: str | None) -> None:
    """List the institutions and sponsors that may be one, as CSV, or take over what was decided on them.

    In the list, fill in decision (same, different, or later: right takes the place of left), who and when, and give the
    file back with --decisions. Rows that are still empty stay open; decided pairs are not asked again.
    """
    from nianbao import review as reviewing
    from nianbao.storage.store import open_store

    if decisions is not None:
        try:
            text = decisions.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise click.UsageError(f"{decisions}: cannot be read as UTF-8 text ({error})") from error
        found = reviewing.read_decisions(text, str(decisions))
        open_store(store, read_only=True)  # to write would make a store that is not there
        target = open_store(store, update_url=update_url)
        number = reviewing.keep(target, found)
        target.close()
        say(f"{number} 项认定已保存 decisions kept")
        return
    listed = reviewing.as_csv(reviewing.candidates_of(open_store(store, read_only=True)))
    if out is None:
        click.echo(listed, nl=False)
    else:
        out.write_text(listed, encoding="utf-8-sig", newline="")  # the mark tells spreadsheets that it is UTF-8


@main.command()
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


@main.command()
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


@main.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the text.")
def rules(form: str, lang: str) -> None:
    """List the audit rules with severity, basis and text."""
    from nianbao.quality import shapes

    click.echo(shapes.format_rules(form, lang), nl=False)
