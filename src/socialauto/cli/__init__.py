"""The command line: one verb a file, loaded when it is called."""

from __future__ import annotations

import sys

import click

from socialauto import __version__
from socialauto.cli.lazy import LazyGroup

VERBS = {
    "init": "Make a folder a socialauto repository, or add what it lacks.",
    "new": "Start a post from a few answers.",
    "import": "Make posts of the rows of a table, or of another tool's export.",
    "validate": "Check posts, schedules, media and configuration; offline.",
    "comment": "Keep one comment below a pull request up to date.",
    "explain": "Explain a finding's code, and how to mend it.",
    "show": "Show a post as it will go out, with its media.",
    "preview": "Draw a post as people will see it, as a page or a picture.",
    "prepare": "Make media what a platform takes, as new files beside them.",
    "plan": "Show what would go out when, and why.",
    "reconcile": "Publish what is due and record it in the ledger.",
    "status": "Show the ledger beside the desired state.",
    "calendar": "Show what goes out by day, or as a calendar feed.",
    "dashboard": "Make a site of what is planned and what went out.",
    "retry": "Let what failed go out in the next run, when its cause is mended.",
    "settle": "Say what became of a post that nobody else can know about.",
    "adopt": "Record posts that went out before, or without, socialauto.",
    "accounts": "List the accounts, and keep their encrypted tokens alive.",
    "media": "Look after media that were uploaded for platforms to download.",
    "doctor": "Look at everything a run needs, and say what to do.",
    "insights": "Ask how published posts did, and show it.",
    "schema": "Print the JSON Schema of a post or of the configuration.",
    "sandbox": "Serve an emulated platform to rehearse against.",
    "demo": "Take the tour: a throw-away team publishes three posts to a sandbox.",
}


@click.group(
    cls=LazyGroup,
    verbs=VERBS,
    prefix="socialauto.cli.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="socialauto")
def socialauto() -> None:
    """Publish to Instagram and other platforms from files in git."""


def main() -> None:
    """The console script: the only place that turns errors into exit codes."""
    import gc

    from socialauto.cli.exits import run
    from socialauto.cli.terminal import show_everything

    # A command lives for seconds and keeps most of what it makes: with 10,000 posts the collector
    # would otherwise look through all of them again and again, for half of the time.
    gc.set_threshold(200_000, 50, 1_000)
    show_everything()
    sys.exit(run(socialauto))
