"""The command line. Heavy libraries are imported inside the commands, so that ``nianbao --help`` answers at once."""

from __future__ import annotations

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

import click

from nianbao import __version__
from nianbao.cli import asking, auditing, reading, storing
from nianbao.cli.console import say
from nianbao.errors import NianbaoError


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
    """Default values of options from ``nianbao.toml``: tables of commands with their options, and ``[limits]``.

    Raises UsageError for what is no TOML, no command and no option: a word that is misspelt must not be passed over.
    """
    if not path.is_file():
        return {}
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{path}: not valid TOML ({error}); correct or remove it") from error
    known = {name: {option.name for option in command.params} for name, command in main.commands.items()}
    for name, table in tables.items():
        if name == "limits":  # its names are checked where limits are made of them
            continue
        if name not in known or not isinstance(table, dict):
            raise click.UsageError(f"{path}: there is no command {name!r}; tables are {', '.join([*known, 'limits'])}")
        for key in table:
            if key.replace("-", "_") not in known[name]:
                options = ", ".join(sorted(filter(None, known[name])))
                raise click.UsageError(f"{path}: [{name}] has no option {key!r}; its options are {options}")
    return {
        name: {key.replace("-", "_"): value for key, value in table.items()} if name != "limits" else table
        for name, table in tables.items()
    }


@click.group(cls=Commands, context_settings={"auto_envvar_prefix": "NIANBAO", "help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="nianbao")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Annual reports of China's public institutions (事业单位法人年度报告书) as a knowledge graph.

    Options can also come from NIANBAO_COMMAND_OPTION in the environment or from nianbao.toml (a table per command).
    Exit status: 0 all went well; 1 some input could not be read or an audit is above --fail-on; 2 wrong usage.
    """
    ctx.default_map = settings()


for command in (
    reading.read,
    reading.page,
    reading.explain,
    reading.map_,
    storing.build,
    auditing.audit,
    auditing.validate,
    asking.query,
    asking.export,
    storing.review,
    asking.serve,
    asking.ontology,
    auditing.rules,
):
    main.add_command(command)
