"""Commands that write a store: build, review."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from nianbao.cli.console import meter, say
from nianbao.cli.options import (
    base_option,
    corrections_option,
    limit_option,
    shapes_option,
    store_option,
    thresholds_option,
)

if TYPE_CHECKING:
    from nianbao.reading.limits import Limits
    from nianbao.repair.corrections import Corrections
    from nianbao.review import Decision
    from nianbao.storage.store import Store


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SRC...")
@store_option
@click.option("--jobs", type=click.IntRange(min=1), default=None, help="Worker processes (default: one a core).")
@click.option("--again", is_flag=True, help="Read unchanged files again too.")
@click.option("--prune", is_flag=True, help="Remove the filings whose file is gone from its folder.")
@click.option("--update-url", metavar="URL", help="Where a SPARQL endpoint takes updates, if not at STORE's address.")
@click.option(
    "--persons",
    metavar="STORE2",
    help="Off by default: write form fillers and telephones too, into this second store of their own. It holds "
    "personal data and is never to be published.",
)
@click.option("--persons-update-url", metavar="URL", help="Where STORE2 takes updates, if not at its address.")
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
    persons: str | None,
    persons_update_url: str | None,
    corrections: Corrections,
    limit: Limits,
    base: str,
    shapes: tuple[Path, ...],
    thresholds: Path,
) -> None:
    """Read, map, audit and load folders or files; only what is new or changed is done.

    A changed file takes the place of what was read from it before; another file for the same institution and year
    becomes a further version of the report, and the version submitted last is the current one.

    With --persons, files that were built without it are read again. STORE2 follows STORE: what is replaced or pruned
    there leaves it too. STORE is the same with and without it.
    """
    paths = [Path(source) for source in sources]
    if not any(path.exists() for path in paths):
        raise click.BadParameter(f"there is no {sources[0]}; name folders or files that exist", param_hint="SRC")
    from nianbao.build import build as run
    from nianbao.restricted import open_persons
    from nianbao.storage.store import open_store

    apart = open_persons(persons, store, update_url=persons_update_url) if persons else None
    target = open_store(store, update_url=update_url)
    try:
        summary = run(
            paths,
            target,
            persons=apart,
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
        if apart:
            apart.close()
    click.echo(summary.text())
    if persons:
        say(f"{persons}: 存有个人信息，不得公开 holds personal data, do not publish it")
    ctx.exit(0 if summary.whole else 1)


@click.command()
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

    In the list, fill in decision, who and when, and give the file back with --decisions. A decision is same, different,
    later (one body; right takes the place of left), merged (left was merged into right) or split (right came out of
    left). Rows that are still empty stay open; decided pairs are not asked again.
    """
    from nianbao import review as reviewing
    from nianbao.storage.store import open_store

    if decisions is not None:
        try:
            found = reviewing.read_file(decisions)
        except OSError as error:
            raise click.UsageError(f"{decisions}: cannot be read ({error})") from error
        open_store(store, read_only=True)  # to write would make a store that is not there
        target = open_store(store, update_url=update_url)
        number, compared = _decide(target, found)
        target.close()
        say(f"{number} 项认定已保存 decisions kept")
        if compared is None:
            say("报告须重新比对：请运行 nianbao build; reports are to be compared again: run nianbao build")
        else:
            say(f"重新比对 {compared} 份报告 reports compared again")
        return
    listed = reviewing.as_csv(reviewing.candidates_of(open_store(store, read_only=True)))
    if out is None:
        click.echo(listed, nl=False)
    else:
        out.write_text(listed, encoding="utf-8-sig", newline="")  # the mark tells spreadsheets that it is UTF-8


def _decide(store: Store, decisions: Sequence[Decision]) -> tuple[int, int | None]:
    """Keep decisions, and compare the reports again that they make one series; how many of both. None where the store
    was built by other rules than those at hand, so that a build has to do it."""
    from nianbao.quality import audit
    from nianbao.quality.kept import kept
    from nianbao.review import keep
    from nianbao.writer import Writer

    rules = kept(store)
    up_to_date = audit.unaudited(store, rules=rules) == 0
    number = keep(store, decisions)
    base = decisions[0].left.rpartition("org/")[0] if decisions else ""
    return number, Writer(store, base, rules).check_across() if up_to_date and base else None if decisions else 0
