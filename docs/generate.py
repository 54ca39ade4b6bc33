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
    with click.Context(main, info_name="nianbao", terminal_width=100, color=False, **main.context_settings) as top:
        page += ["## nianbao", "", "```", main.get_help(top), "```", ""]
        for name in sorted(main.commands):
            with click.Context(main.commands[name], parent=top, info_name=name) as context:
                page += [f"## nianbao {name}", "", "```", main.commands[name].get_help(context), "```", ""]
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
