"""What people see on the terminal: lines, a meter, colours. Nothing of it goes to standard output."""

from __future__ import annotations

import os
import re
import sys

import click


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


def coloured() -> bool:
    """Whether standard output is a terminal that shows colours."""
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
