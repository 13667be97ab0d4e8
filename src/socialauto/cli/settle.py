"""`socialauto settle`: a person says what became of a delivery that nobody else can know."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE
from socialauto.cli.place import find_root, folder_option, read_ledger, usable_config
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.core.delivery import DeliveryKey
    from socialauto.core.ledger import Entry, Snapshot


@click.command("settle")
@click.argument("post")
@click.argument("account")
@click.option("--published", "url", metavar="URL", help="It is public, at this address.")
@click.option("--not-published", "refuted", is_flag=True, help="It never went out: send it again.")
@folder_option
def command(post: str, account: str, url: str | None, refuted: bool, folder: Path) -> int:
    """Say what became of a post that is held.

    A post is held when its answer was lost and the platform cannot say whether it is public. Look
    at the account's feed, then say so here.
    """
    if (url is None) == (not refuted):
        raise click.UsageError("say one of --published URL and --not-published")
    from socialauto.core.ledger import Change, Lost
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.repository.git import open_repository
    from socialauto.repository.worktree import WorkTree

    root = find_root(folder)
    clock = SystemClock()
    config = usable_config(load(WorkTree(root), now=clock.now()))
    ledger = read_ledger(open_repository(root), config)
    entry = _open_entry(ledger.snapshot, _key(post, account), clock.now())
    after = _published(entry, url) if url else _never_sent(entry)
    message = f"Settle by hand: {entry.key}"
    (written,) = ledger.branch.write([Change(entry, after)], message=message)
    if isinstance(written, Lost):
        raise SocialautoError(f"a run changed {entry.key} meanwhile", 'see "socialauto status"')
    click.echo(f"{entry.key}: {after.state.value}")
    return DONE


def _key(post: str, account: str) -> DeliveryKey:
    from socialauto.core.delivery import DeliveryKey
    from socialauto.core.parts import PARTS

    name, *words = post.split("@")
    part = words.pop() if words and words[-1] in PARTS else ""
    return DeliveryKey(account, name, "@".join(words), part)


def _open_entry(snapshot: Snapshot, key: DeliveryKey, now: datetime) -> Entry:
    """The entry, if it is a person's to settle."""
    from socialauto.core.ledger import State

    entry = snapshot.entries.get(key)
    if entry is None:
        raise SocialautoError(f"the ledger does not know {key}", 'see "socialauto status"')
    if entry.late_hold:
        raise SocialautoError(
            f"{key} is held because it was late; nothing was sent",
            "give it a new time in its file",
        )
    abandoned = entry.state is State.INTENT and entry.lease and entry.lease.until <= now
    if entry.state is not State.HELD and not abandoned:
        raise SocialautoError(
            f"{key} is {entry.state.value}; only what is held, or left open by a run that has "
            "ended, can be settled by hand"
        )
    return entry


def _published(entry: Entry, url: str) -> Entry:
    from socialauto.core.outcome import Published
    from socialauto.core.record import receipt

    seen = entry.lease.since if entry.lease else entry.due
    return receipt(entry, Published(None, url), seen)


def _never_sent(entry: Entry) -> Entry:
    from socialauto.core.record import dropped

    return dropped(entry, "a person says that it never went out", keep_handle=False)
