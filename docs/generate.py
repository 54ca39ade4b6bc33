"""Writes the pages of docs/ that come from the program itself (make docs); tests/test_docs.py checks them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

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
    for name in ("", *sorted(main.commands)):
        command = main.commands[name] if name else main
        with click.Context(command, info_name=f"nianbao {name}".strip(), terminal_width=100, color=False) as context:
            page += [f"## nianbao {name}".rstrip(), "", "```", command.get_help(context), "```", ""]
    return "\n".join(page)


def rules_page() -> str:
    """The audit rules, from the shapes."""
    from nianbao.quality.shapes import rules_page as page

    return page()


PAGES: dict[str, Callable[[], str]] = {"cli.md": cli_page, "rules.md": rules_page}

if __name__ == "__main__":
    for file, page in PAGES.items():
        (DOCS / file).write_text(page(), encoding="utf-8")
        sys.stdout.write(f"docs/{file}\n")
