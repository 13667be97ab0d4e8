"""`socialauto retry`: what failed may be tried again once its cause is mended."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, TROUBLE
from socialauto.cli.place import (
    account_option,
    find_root,
    folder_option,
    read_ledger,
    usable_config,
)
from socialauto.core.outcome import ErrorClass

if TYPE_CHECKING:
    from socialauto.core.ledger import Entry


@click.command("retry")
@click.argument("posts", nargs=-1)
@account_option
@click.option(
    "--class",
    "kinds",
    multiple=True,
    type=click.Choice([kind.value for kind in ErrorClass]),
    help="Only what failed for this reason last; repeatable.",
)
@click.option("--all", "everything", is_flag=True, help="Everything that failed or is paused.")
@folder_option
def command(
    posts: tuple[str, ...],
    accounts: tuple[str, ...],
    kinds: tuple[str, ...],
    everything: bool,
    folder: Path,
) -> int:
    """Let what failed, or waits between two tries, go out in the next run.

    Use it when the cause is mended and the file need not change: the host is up again, the token
    is new. It sends nothing itself. What is in doubt is never retried: see settle.
    """
    if not (posts or accounts or kinds or everything):
        raise click.UsageError("name posts, --account, --class, or say --all")
    from socialauto.core.ledger import Change, Lost
    from socialauto.core.record import tried_again
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.repository.git import open_repository
    from socialauto.repository.worktree import WorkTree

    root = find_root(folder)
    config = usable_config(load(WorkTree(root), now=SystemClock().now()))
    ledger = read_ledger(open_repository(root), config)
    chosen = _chosen(ledger.snapshot.entries.values(), posts, accounts, kinds)
    if not chosen:
        click.echo("nothing that failed or is paused matches")
        return DONE
    changes = [Change(entry, tried_again(entry)) for entry in chosen]
    written = ledger.branch.write(changes, message=f"Retry by hand: {len(changes)} deliveries")
    for entry, result in zip(chosen, written, strict=True):
        lost = isinstance(result, Lost)
        click.echo(f"{entry.key}: {'a run changed it meanwhile' if lost else 'goes out next'}")
    return TROUBLE if any(isinstance(result, Lost) for result in written) else DONE


def _chosen(
    entries: Iterable[Entry], posts: Iterable[str], accounts: Iterable[str], kinds: Iterable[str]
) -> list[Entry]:
    """The entries that a person may send again and that every flag given allows."""
    from socialauto.core.ledger import State

    names, wanted, classes = set(posts), set(accounts), set(kinds)
    return [
        entry
        for entry in sorted(entries, key=lambda entry: entry.key)
        if entry.state in (State.FAILED, State.RETRY)
        and (not names or {entry.post, entry.key.name} & names)
        and (not wanted or entry.account in wanted)
        and (not classes or (entry.attempts and entry.attempts[-1].kind.value in classes))
    ]
