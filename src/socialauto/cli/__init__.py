"""The command line: one verb a file, loaded when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from socialauto import __version__

VERBS = {
    "init": "Make a folder a socialauto repository, or add what it lacks.",
    "new": "Start a post from a few answers.",
    "validate": "Check posts, schedules, media and configuration; offline.",
    "plan": "Show what would go out when, and why.",
    "reconcile": "Publish what is due and record it in the ledger.",
    "status": "Show the ledger beside the desired state.",
    "retry": "Let what failed go out in the next run, when its cause is mended.",
    "settle": "Say what became of a post that nobody else can know about.",
    "schema": "Print the JSON Schema of a post or of the configuration.",
    "sandbox": "Serve an emulated platform to rehearse against.",
    "demo": "Take the tour: a throw-away team publishes three posts to a sandbox.",
}


class LazyGroup(click.Group):
    """Lists verbs from the table above and imports only the one that is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        command = import_module(f"socialauto.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="socialauto")
def socialauto() -> None:
    """Publish to Instagram and other platforms from files in git."""


def main() -> None:
    """The console script: the only place that turns errors into exit codes."""
    import gc

    from socialauto.cli.exits import run

    # A command lives for seconds and keeps most of what it makes: with 10,000 posts the collector
    # would otherwise look through all of them again and again, for half of the time.
    gc.set_threshold(200_000, 50, 1_000)
    sys.exit(run(socialauto))
