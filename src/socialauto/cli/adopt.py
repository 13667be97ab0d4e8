"""`socialauto adopt`: posts from before socialauto, written into the ledger without being sent."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, TROUBLE
from socialauto.cli.place import account_option, find_root, folder_option, read_ledger
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.core.ledger import Change, Snapshot
    from socialauto.core.plan import Step


@click.command("adopt")
@click.argument("posts", nargs=-1)
@account_option
@click.option("--published", "url", metavar="URL", help="The one post is public, at this address.")
@click.option("--history", is_flag=True, help="Everything that was due before the ledger began.")
@folder_option
def command(
    posts: tuple[str, ...], accounts: tuple[str, ...], url: str | None, history: bool, folder: Path
) -> int:
    """Write posts into the ledger that went out before, or without, socialauto.

    With --published a post is recorded as public at that address: it is never sent, and an edit of
    its file is shown as drift. Without it a post is recorded as skipped. Nothing is sent.
    """
    if bool(posts) == history:
        raise click.UsageError("name posts, or say --history")
    if url and (len(posts) != 1 or len(accounts) != 1):
        raise click.UsageError("--published is about one post and one --account")
    from socialauto.cli.place import plan_for, terms_for, usable_config
    from socialauto.core.ledger import Lost
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.repository.git import open_repository
    from socialauto.repository.worktree import WorkTree

    root, now = find_root(folder), SystemClock().now()
    loaded = load(WorkTree(root), now=now)
    config = usable_config(loaded)
    ledger = read_ledger(open_repository(root), config)
    chosen = frozenset(accounts) or frozenset(config.accounts)
    terms = terms_for(loaded, config)
    plan = plan_for(loaded, ledger.snapshot, config, now=now, accounts=chosen, terms=terms)
    changes = [_change(step, url) for step in _chosen(plan.steps, posts, ledger.snapshot)]
    if not changes:
        click.echo("nothing was due before the ledger began that it does not know")
        return DONE
    written = ledger.branch.write(changes, message=f"Adopt {len(changes)} deliveries")
    for change, result in zip(changes, written, strict=True):
        lost = isinstance(result, Lost)
        word = "a run changed it meanwhile" if lost else change.after.state.value
        click.echo(f"{change.after.key}: {word}")
    return TROUBLE if any(isinstance(result, Lost) for result in written) else DONE


def _chosen(steps: Iterable[Step], posts: tuple[str, ...], snapshot: Snapshot) -> list[Step]:
    """The deliveries that were meant, none of which the ledger may know."""
    if not posts:
        return [step for step in steps if step.guard == "history" and step.entry is None]
    named = [step for step in steps if step.key.name in posts and step.delivery]
    missing = sorted(set(posts) - {step.key.name for step in named})
    if missing:
        raise SocialautoError(f"there is no post {', '.join(missing)}", 'see "socialauto plan"')
    for step in named:
        if entry := snapshot.entries.get(step.key):
            raise SocialautoError(
                f"the ledger knows {step.key} already: {entry.state.value}",
                'see "socialauto status"; what is held is for "socialauto settle"',
            )
    return named


def _change(step: Step, url: str | None) -> Change:
    from socialauto.core import record
    from socialauto.core.ledger import Change, State

    assert step.delivery is not None
    if url:
        return Change(None, record.adopted(step.delivery, url))
    reason = "a person says that it is none of this ledger's; give it a new time to send it"
    return Change(None, record.noted(step.delivery, None, State.SKIPPED, reason, late=False))
