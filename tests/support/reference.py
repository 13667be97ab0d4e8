"""Writes the reference pages from the commands and the models: `python tests/support/reference.py`.

A test fails when a page is stale; `make docs` writes them. With the name of a page it is printed
instead, for the test: click remembers how a command was first called, so a page is always made in a
process of its own.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
from pydantic import BaseModel
from pydantic.fields import FieldInfo

from socialauto.cli import socialauto
from socialauto.core.config import (
    Account,
    Config,
    Guard,
    Late,
    LedgerSettings,
    MediaSettings,
    Retries,
    Run,
)
from socialauto.core.media_host import GitBranch, S3Bucket, UrlFiles
from socialauto.core.policies import (
    BannedWords,
    LinkAnswers,
    LinkFormat,
    MaxHashtags,
    MinLeadTime,
    Policies,
    QuietHours,
    Weekend,
)
from socialauto.core.recipients import Secrets
from socialauto.core.spans import span
from socialauto.core.text_settings import Utm

DOCS = Path(__file__).parent.parent.parent / "docs"
WIDTH = 88

SECTIONS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("", Config),
    ("accounts.NAME", Account),
    ("media_host (kind: url)", UrlFiles),
    ("media_host (kind: s3)", S3Bucket),
    ("media_host (kind: branch)", GitBranch),
    ("ledger", LedgerSettings),
    ("secrets", Secrets),
    ("media", MediaSettings),
    ("late", Late),
    ("guard", Guard),
    ("utm", Utm),
    ("policies", Policies),
    ("policies.banned_words", BannedWords),
    ("policies.quiet_hours", QuietHours),
    ("policies.max_hashtags", MaxHashtags),
    ("policies.link_format", LinkFormat),
    ("policies.link_answers", LinkAnswers),
    ("policies.min_lead_time", MinLeadTime),
    ("policies.weekend", Weekend),
    ("retries", Retries),
    ("run", Run),
)

CONFIG_HEAD = """\
# Configuration

`socialauto.yaml`, at the top of the repository. Every key is checked; an unknown one is an error.
Durations are written `90m`, `6h`, `2d`. Secrets are named here and never written here.

This page is made from the program; `make docs` writes it.
"""

COMMANDS_HEAD = """\
# Commands

What `socialauto COMMAND --help` says. Exit codes: 0 done or nothing to do; 1 findings, or refused
before anything was sent; 2 usage; 3 a bug of ours; 4 the run went through, but something wants a
person. `NO_COLOR` switches colours off; a log or a pipe gets none, and 120 columns unless `COLUMNS`
says how many.

This page is made from the program; `make docs` writes it.
"""


def commands_page() -> str:
    """`--help` of every command."""
    names = socialauto.context_settings["help_option_names"]
    context = click.Context(socialauto, info_name="socialauto", help_option_names=names)
    return "\n".join([COMMANDS_HEAD, *_helps(socialauto, context, "##")])


def _helps(group: click.Group, context: click.Context, heading: str) -> Iterator[str]:
    """`--help` of each command of a group, and of those below it."""
    for verb in group.list_commands(context):
        command = group.get_command(context, verb)
        assert command is not None
        inner = click.Context(
            command,
            info_name=verb,
            parent=context,
            terminal_width=WIDTH,
            help_option_names=context.help_option_names,
        )
        title = inner.command_path.removeprefix("socialauto ")
        yield f"{heading} {title}\n\n```\n{command.get_help(inner)}\n```\n"
        if isinstance(command, click.Group):
            yield from _helps(command, inner, f"{heading}#")


def configuration_page() -> str:
    """Every key with its default and description."""
    parts = [CONFIG_HEAD]
    for name, model in SECTIONS:
        parts += ["", f"## `{name}`" if name else "## At the top", ""]
        if model.__doc__ and name:
            parts += [model.__doc__.strip(), ""]
        parts += ["| key | default | what |", "|---|---|---|", *_rows(model)]
    return "\n".join(parts) + "\n"


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for key, field in model.model_fields.items():
        yield f"| `{key}` | {_default(field)} | {field.description or _section(key)} |"


def _section(key: str) -> str:
    names = {name.split(".")[0] for name, _ in SECTIONS}
    return "see below" if key in names else ""


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    value: Any = field.get_default(call_default_factory=True)
    if isinstance(value, timedelta):
        return f"`{span(value).replace(' ', '')}`" if value else "none"
    if value is None or value in ({}, ()) or isinstance(value, BaseModel):
        return ""
    return f"`{value}`"


PAGES = {"commands.md": commands_page, "configuration.md": configuration_page}

if __name__ == "__main__":
    if len(sys.argv) > 1:
        sys.stdout.write(PAGES[sys.argv[1]]())
    else:
        for name, page in PAGES.items():
            (DOCS / name).write_text(page(), encoding="utf-8")
