"""`socialauto doctor`: looks at everything a run needs, and says what to do."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, REFUSED
from socialauto.cli.place import (
    account_option,
    check_accounts,
    find_root,
    folder_option,
    now_option,
    read_now,
)

if TYPE_CHECKING:
    from datetime import timedelta

    from socialauto.cli.doctor_accounts import Accounts
    from socialauto.cli.doctor_repository import Repository
    from socialauto.core.checkup import Check


@click.command("doctor")
@click.option("--offline", is_flag=True, help="Ask nobody: neither the remote nor a platform.")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@account_option
@now_option
@folder_option
def command(
    offline: bool, style: str, accounts: tuple[str, ...], now: str | None, folder: Path
) -> int:
    """Look at everything that a run needs, and say what to do.

    Nothing is published, written or refreshed. Exit code 1 when a check fails; a warning is for
    reading.
    """
    from socialauto.cli.doctor_repository import Repository, repository_checks
    from socialauto.engine.clock import SystemClock

    place = Repository(find_root(folder), SystemClock(), offline)
    config = place.loaded.config
    if config is not None:
        place.clock = SystemClock.moved_to(read_now(now, config, SystemClock()))
        check_accounts(config, accounts)
    checks = repository_checks(place)
    checks += _asked(place, accounts)
    return show(checks, style)


def _asked(place: Repository, names: Sequence[str]) -> list[Check]:
    """The clock and the accounts; neither without a configuration and a repository."""
    import anyio

    from socialauto.cli.doctor_accounts import Accounts, account_checks
    from socialauto.cli.probing import SkipCheckError
    from socialauto.core.errors import SocialautoError
    from socialauto.engine.clock import SystemClock

    try:
        config, git = place.config, place.git
    except (SkipCheckError, SocialautoError):
        return []  # said by their own checks
    accounts = Accounts(git, config, os.environ, SystemClock(), place.offline)
    chosen = sorted(check_accounts(config, names))
    checks = anyio.run(account_checks, accounts, chosen)
    return [_clock(place, accounts), *checks]


def _clock(place: Repository, accounts: Accounts) -> Check:
    import anyio

    from socialauto.cli.doctor_repository import remote_skew
    from socialauto.cli.probing import guarded
    from socialauto.core.checkup import judge_clock

    def judged() -> list[Check]:
        skews: dict[str, timedelta] = {}
        if not place.offline:
            skews = {**anyio.run(remote_skew, place), **accounts.skews}
        return [judge_clock(skews)]

    (check,) = guarded("clock", judged)
    return check


def show(checks: Sequence[Check], style: str) -> int:
    """Print the checks; the exit code they make."""
    from socialauto.core.checkup import Status
    from socialauto.report import doctor as report

    if style == "json":
        click.echo(report.as_json(checks))
    else:
        from socialauto.cli.terminal import console

        report.print_text(checks, console())
    return REFUSED if any(check.status is Status.FAIL for check in checks) else DONE
