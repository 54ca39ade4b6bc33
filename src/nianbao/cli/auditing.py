"""Commands of the audit: audit, validate, rules."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

import click

from nianbao.cli.console import coloured, say
from nianbao.cli.options import (
    absolute_iri,
    audit_format_option,
    by_option,
    engine_option,
    files,
    shapes_option,
    store_option,
    summary_option,
    thresholds_option,
)
from nianbao.errors import NianbaoError
from nianbao.resources import SHAPES


def division(ctx: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """The digits of a division that an option names."""
    if value is None:
        return None
    from nianbao.quality.reporting.population import division_named

    code = division_named(value)
    if code is None:
        raise click.BadParameter(f"{value!r} is no division; give its first two to six digits, or a province's name")
    return code


toml_file = click.Path(dir_okay=False, path_type=Path)


@click.command()
@store_option
@audit_format_option
@click.option("--report", metavar="IRI", callback=absolute_iri, help="Only this report.")
@click.option("--rule", metavar="ID", help="Only this rule, for example F06.")
@click.option("--severity", type=click.Choice(["violation", "warning", "info"]), help="Only findings of this severity.")
@click.option("--sponsor", metavar="NAME", help="Only reports of institutions of this sponsor (a part of its name).")
@click.option("--division", metavar="CODE", callback=division, help="Only this division: first digits, or a province.")
@click.option("--year", type=click.IntRange(1949, 2999), help="Only reports on this year.")
@by_option
@summary_option
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
    from nianbao.quality import idle
    from nianbao.quality.kept import kept
    from nianbao.quality.reporting import gates
    from nianbao.quality.reporting.outcome import GATE, UNCHECKED, WITH_NOTES, outcome_of_store, rendered
    from nianbao.quality.reporting.population import Scope
    from nianbao.quality.reporting.waivers import load_waivers
    from nianbao.quality.rulebook import rulebook
    from nianbao.quality.shapes import SEVERITY_NAMES, singular
    from nianbao.storage.store import open_store

    source = open_store(store, read_only=True)
    # Without rules named here: those that the store was built with.
    rules = rulebook(thresholds, shapes) if shapes or thresholds != SHAPES else kept(source)
    known = {each.id for each in rules.rules}
    if rule is not None and rule not in known:
        raise click.BadParameter(f"there is no rule {rule!r}; list them with: nianbao rules", param_hint="--rule")
    accepted = load_waivers(waivers, known) if waivers else []
    before = gates.load_baseline(baseline) if baseline else {}
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
    told = idle.notes(rules, idle.looked_at_in_store(source, rules))
    done = replace(done, notes=(*done.notes, *told))
    if done.unchecked:
        reason = singular(f"{len(done.unchecked)} filings were audited by other rules or not at all")
        say(f"{store}: {reason}; run nianbao build again [{UNCHECKED}]")
    if form not in WITH_NOTES:
        for note in done.notes:
            say(note.text.in_(lang))
        for gate in done.gates:
            say(f"{baseline}: {SEVERITY_NAMES[lang][gate.severity]}: {gate.message.in_(lang)} [{GATE}]")
    click.echo(rendered(done, form, lang, by=by, summary=summary, colour=coloured()), nl=False)
    if save_baseline:
        gates.save_baseline(save_baseline, measured)
    ctx.exit(int(done.failing(fail_on)))


@click.command()
@files
@audit_format_option
@click.option(
    "--by",
    type=click.Choice(["report", "rule", "year"]),
    default="report",
    show_default=True,
    help="How text and HTML are grouped.",
)
@summary_option
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
    by: Literal["report", "rule", "year"],
    summary: bool,
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
    from nianbao.quality import idle
    from nianbao.quality.reporting.outcome import WITH_NOTES, outcome_of_data, rendered
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
        if len(files) > 1:
            found = replace(found, notes=tuple(note.of(path) for note in found.notes))
        audits.append(found)
    done = outcome_of_data(audits, rules, failed=errors)
    told = list(idle.notes(rules, {shape for found in audits for shape in found.looked})) if audits else []
    if form not in WITH_NOTES:
        for note in dict.fromkeys(note for found in (*(each.notes for each in audits), told) for note in found):
            say(note.text.in_(lang))
    done = replace(done, notes=(*done.notes, *told))
    click.echo(rendered(done, form, lang, by=by, summary=summary, colour=coloured()), nl=False)
    # What could not be checked counts as not passed, whatever else is asked for.
    ctx.exit(int(bool(done.incomplete) or done.failing(fail_on)))


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--lang", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="Language of the text.")
@shapes_option
@thresholds_option
def rules(form: str, lang: str, shapes: tuple[Path, ...], thresholds: Path) -> None:
    """List the audit rules with severity, basis and text."""
    from nianbao.quality.listing import format_rules
    from nianbao.quality.rulebook import rulebook

    click.echo(format_rules(form, lang, rulebook(thresholds, shapes).rules), nl=False)
