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
    from socialauto.core.ledger import Change, Entry, Snapshot

_SEE = 'see "socialauto status"'


@click.command("settle")
@click.argument("post")
@click.argument("account")
@click.option("--published", "url", metavar="URL", help="It is public, at this address.")
@click.option("--not-published", "refuted", is_flag=True, help="It never went out: send it again.")
@click.option("--deleted", "gone", is_flag=True, help="It was public, and somebody deleted it.")
@folder_option
def command(
    post: str, account: str, url: str | None, refuted: bool, gone: bool, folder: Path
) -> int:
    """Say what became of a post that is held, or of one that was deleted by hand.

    A post is held when its answer was lost and the platform cannot say whether it is public. Look
    at the account's feed, then say so here. POST@delete is the deletion of a post.
    """
    if sum((url is not None, refuted, gone)) != 1:
        raise click.UsageError("say one of --published URL, --not-published and --deleted")
    from socialauto.core.ledger import Lost
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.repository.git import open_repository
    from socialauto.repository.worktree import WorkTree

    root = find_root(folder)
    clock = SystemClock()
    config = usable_config(load(WorkTree(root), now=clock.now()))
    ledger = read_ledger(open_repository(root), config)
    key = _key(post, account)
    changes = (
        _gone(ledger.snapshot, key, clock.now())
        if gone
        else _found_out(ledger.snapshot, key, clock.now(), url)
    )
    written = ledger.branch.write(changes, message=f"Settle by hand: {key}")
    if any(isinstance(one, Lost) for one in written):
        raise SocialautoError(f"a run changed {key} meanwhile", _SEE)
    click.echo(f"{changes[0].after.key}: {changes[0].after.state.value}")
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
        raise SocialautoError(f"the ledger does not know {key}", _SEE)
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


def _found_out(
    snapshot: Snapshot, key: DeliveryKey, now: datetime, url: str | None
) -> list[Change]:
    from socialauto.core.ledger import Change
    from socialauto.core.parts import DELETE

    if url and key.part == DELETE:
        raise click.UsageError(f"{key.name} is a deletion: say --deleted or --not-published")
    entry = _open_entry(snapshot, key, now)
    return [Change(entry, _published(entry, url) if url else _never_sent(entry))]


def _gone(snapshot: Snapshot, key: DeliveryKey, now: datetime) -> list[Change]:
    """The post is deleted; so is the deletion that somebody may still wait for."""
    from dataclasses import replace

    from socialauto.core.ledger import Change, State
    from socialauto.core.outcome import Published
    from socialauto.core.parts import DELETE
    from socialauto.core.record import deleted, receipt

    post = snapshot.entries.get(replace(key, part=""))
    if key.part not in ("", DELETE) or post is None or post.state is not State.PUBLISHED:
        raise SocialautoError(f"the ledger does not say that {key} is published", _SEE)
    changes = [Change(post, deleted(post, "a person says that it was deleted"))]
    part = replace(key, part=DELETE)
    known = snapshot.entries.get(part)
    if known is not None and known.state in (State.INTENT, State.HELD):
        known = _open_entry(snapshot, part, now)
        changes.append(Change(known, receipt(known, Published(f"{post.remote_id}-deleted"), now)))
    return changes


def _published(entry: Entry, url: str) -> Entry:
    from socialauto.core.outcome import Published
    from socialauto.core.record import receipt

    seen = entry.lease.since if entry.lease else entry.due
    return receipt(entry, Published(None, url), seen)


def _never_sent(entry: Entry) -> Entry:
    from socialauto.core.record import dropped

    return dropped(entry, "a person says that it never went out", keep_handle=False)
