"""`socialauto reconcile`: publishes what is due and records it in the ledger."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, REFUSED, TROUBLE
from socialauto.cli.place import (
    Arrivals,
    account_option,
    allow_option,
    check_accounts,
    find_root,
    folder_option,
    now_option,
    plan_for,
    read_ledger,
    read_now,
    terms_for,
    usable_config,
)
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.cli.tokens import Tokens
    from socialauto.core.config import Config
    from socialauto.core.plan import Plan
    from socialauto.engine.events import Report
    from socialauto.engine.load import Loaded
    from socialauto.repository.git import Git

REAL_TIME = timedelta(minutes=1)
"""`--now` this close to the real time changes nothing that could surprise."""


@dataclass(frozen=True, slots=True)
class Flags:
    """What a person typed, beside where and when."""

    dry_run: bool
    allowed: tuple[str, ...]
    accounts: tuple[str, ...]
    allow_unpushed: bool
    style: str
    summary: Path | None
    ahead: timedelta


def _duration(_: click.Context, __: click.Parameter, value: str | None) -> timedelta:
    from socialauto.core.config import parse_duration

    try:
        length: timedelta = parse_duration(value) if value else timedelta(0)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return length


@click.command("reconcile")
@click.option("--dry-run", is_flag=True, help="Show the plan of the commit; send nothing.")
@click.option("--ref", default="HEAD", show_default=True, help="The commit to act on.")
@click.option(
    "--for",
    "ahead",
    metavar="DURATION",
    callback=_duration,
    help="Wait this long for what falls due meanwhile, such as 10m, and send it at its instant.",
)
@click.option(
    "--allow-unpushed",
    is_flag=True,
    help="Publish from a commit that the remote does not have: nobody else can read it later.",
)
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option(
    "--summary",
    type=click.Path(path_type=Path, dir_okay=False),
    envvar="GITHUB_STEP_SUMMARY",
    help="Append a Markdown summary to this file.  [default: $GITHUB_STEP_SUMMARY]",
)
@account_option
@allow_option
@now_option
@folder_option
def command(
    dry_run: bool,
    ref: str,
    ahead: timedelta,
    allow_unpushed: bool,
    style: str,
    summary: Path | None,
    accounts: tuple[str, ...],
    allowed: tuple[str, ...],
    now: str | None,
    folder: Path,
) -> int:
    """Publish what is due and record it in the ledger.

    Acts on a commit, never on uncommitted files. Each post goes out at most once, whatever is
    killed, delayed or run twice: see docs/lifecycle.md.
    """
    from socialauto.repository.git import open_repository
    from socialauto.repository.history import head, resolve

    flags = Flags(dry_run, allowed, accounts, allow_unpushed, style, summary, ahead)
    git = open_repository(find_root(folder))
    commit = head(git) if ref == "HEAD" else resolve(git, ref)
    return _reconcile(git, commit, now, flags)


def _reconcile(git: Git, commit: str, now_text: str | None, flags: Flags) -> int:
    from socialauto.cli.tokens import Tokens
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.repository.committree import CommitTree

    clock = SystemClock()
    with CommitTree(git, commit) as tree:
        with _nothing_sent():
            loaded = load(tree, now=clock.now())
            config = usable_config(loaded)
            now = read_now(now_text, config, clock)
            chosen = check_accounts(config, flags.accounts)
            _check_moved_clock(now, clock.now(), config, chosen, dry_run=flags.dry_run)
            _name_uncommitted(git)
            if not flags.dry_run and not flags.allow_unpushed:
                _check_pushed(git, commit, config)
            ledger = read_ledger(git, config)
            terms = terms_for(loaded, config, allowed=flags.allowed, ahead=flags.ahead)
            plan = plan_for(
                loaded,
                ledger.snapshot,
                config,
                now=now,
                accounts=chosen,
                terms=terms,
                arrivals=Arrivals(git, commit, now),
            )
        if flags.dry_run:
            return _show_only(plan, flags)
        moved = SystemClock.moved_to(now)
        tokens = Tokens(git, config, os.environ, moved.now)
        # Also when nothing is due or a guard refuses: a token that nobody refreshes ends.
        alarms = _look_after(tokens, chosen, flags.summary)
        if plan.refusals:
            return _show_only(plan, flags)
        from socialauto.cli.carrying import Carrier
        from socialauto.cli.looking import Lookout

        lookout = Lookout(git, config, moved, tree, loaded, ledger.snapshot.header.began, terms)
        carrier = Carrier(git, config, ledger, moved, lookout, tokens, real_time=now_text is None)
        report = carrier.carry_out(plan, quiet=flags.style == "json")
        lookout.close()
    unreadable = _name_unreadable(loaded)
    trouble = _tell(report, plan, flags)
    return TROUBLE if trouble or unreadable or alarms else DONE


@contextmanager
def _nothing_sent() -> Iterator[None]:
    """What stops a run in here stops it before it has sent anything, and says so."""
    try:
        yield
    except SocialautoError as error:
        raise SocialautoError(f"{error.message}; nothing was sent", error.hint) from None


def _look_after(tokens: Tokens, accounts: frozenset[str], summary: Path | None) -> bool:
    """Refresh what ends soon and say so; whether a person has to do something."""
    notices = tokens.look_after(accounts)
    for notice in notices:
        mark = "! " if notice.alarm else "" if notice.good else "warning: "
        click.echo(f"{mark}{notice.sentence}", err=True)
    alarms = [notice.sentence for notice in notices if notice.alarm]
    if summary and alarms:
        from socialauto.report.markdown import cell

        with summary.open("a", encoding="utf-8") as file:
            file.writelines(f"- **{cell(sentence)}**\n" for sentence in alarms)
            file.write("\n")
    return bool(alarms)


def _name_unreadable(loaded: Loaded) -> bool:
    """Files of which nobody can say when or where they want to go out: never in silence."""
    read = {delivery.path for delivery in loaded.contents()}
    first = {
        finding.path: finding
        for finding in reversed(loaded.findings)
        if finding.severity == "error" and finding.path not in read
    }
    for path in sorted(first):
        click.echo(f"! cannot be read, so it will not go out: {first[path]}", err=True)
    return bool(first)


def _show_only(plan: Plan, flags: Flags) -> int:
    from socialauto.cli.plan import show

    show(plan, flags.style, everything=False)
    if plan.refusals:
        click.echo("nothing was sent", err=True)
        return REFUSED
    return DONE


def _check_moved_clock(
    now: datetime, real: datetime, config: Config, chosen: frozenset[str], *, dry_run: bool
) -> None:
    """A moved clock would send posts of next month to real people today."""
    if dry_run or abs(now - real) < REAL_TIME:
        return
    real_ones = [name for name in sorted(chosen) if not _is_rehearsal(config.accounts[name].api)]
    if real_ones:
        raise SocialautoError(
            f"--now would publish to {', '.join(real_ones)} as if it were another time",
            "add --dry-run to look, or give the account an api: on this machine (a sandbox) to "
            "rehearse",
        )


def _is_rehearsal(api: str | None) -> bool:
    from ipaddress import ip_address
    from urllib.parse import urlsplit

    host = urlsplit(api).hostname if api else None
    if host is None:
        return False
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _name_uncommitted(git: Git) -> None:
    from socialauto.repository.history import uncommitted

    files = uncommitted(git, "content", "schedules", "templates", "data", "socialauto.yaml")
    if files:
        more = f" and {len(files) - 3} more" if len(files) > 3 else ""
        click.echo(
            f"warning: not committed, so not acted on: {', '.join(files[:3])}{more}", err=True
        )


def _check_pushed(git: Git, commit: str, config: Config) -> None:
    from socialauto.repository.history import is_pushed, remote_exists

    remote = config.ledger.remote
    if remote_exists(git, remote) and not is_pushed(git, commit, remote):
        raise SocialautoError(
            f"no branch of {remote} has commit {commit[:10]}: what is published could not be read "
            "in the shared history",
            "push it first, or type --allow-unpushed",
        )


def _tell(report: Report, plan: Plan, flags: Flags) -> bool:
    """Say how it went; whether somebody should look at it."""
    from socialauto.core.plan import Kind
    from socialauto.report import results

    if flags.style == "json":
        click.echo(results.as_json(report, plan))
    else:
        for line in results.left_alone(plan):
            click.echo(line)
        click.echo(results.headline(report, plan))
    if flags.summary:
        with flags.summary.open("a", encoding="utf-8") as file:
            file.write(results.as_markdown(report, plan) + os.linesep)
    return not report.clean or any(
        step.kind in (Kind.HELD, Kind.INVALID, Kind.BLOCKED)
        and step.guard != "history"
        and (step.delivery is None or step.delivery.due <= plan.now)
        for step in plan.steps
    )
