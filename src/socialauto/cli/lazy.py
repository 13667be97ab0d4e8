"""A group of commands, each in a module of its own that is loaded when it is called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Any

import click


class LazyGroup(click.Group):
    """Lists commands from a table of names and sentences; `--help` imports none of them."""

    def __init__(self, *, verbs: Mapping[str, str], prefix: str, **options: Any) -> None:
        """The command `rotate-key` is `command` in the module `<prefix>rotate_key`."""
        super().__init__(**options)
        self.verbs = verbs
        self._prefix = prefix

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.verbs:
            return None
        module = self._prefix + cmd_name.replace("-", "_")
        if iskeyword(module.rpartition(".")[2]):  # `import` is no name for a module
            module += "_"
        command = import_module(module).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(self.verbs.items()))
