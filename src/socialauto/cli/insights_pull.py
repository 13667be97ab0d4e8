"""`socialauto insights pull`: asks the platforms how posts did, and keeps the answers."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, TROUBLE
from socialauto.cli.place import (
    account_option,
    check_accounts,
    folder_option,
    now_option,
    read_ledger,
    read_now,
)

if TYPE_CHECKING:
    from socialauto.cli.asking import Asker
    from socialauto.core.ledger import Entry
    from socialauto.engine.insights import Pulled
    from socialauto.repository.insights import Shelf

MOST_CALLS = 200
"""Of one account in one run. Platforms count calls by how many people see the account's posts."""


def _duration(_: click.Context, __: click.Parameter, value: str) -> timedelta:
    from socialauto.core.config import parse_duration

    try:
        length: timedelta = parse_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return length


@click.command("pull")
@click.option(
    "--since",
    metavar="DURATION",
    default="30d",
    show_default=True,
    callback=_duration,
    help="Posts that went out at most this long ago.",
)
@click.option(
    "--max-calls",
    type=click.IntRange(min=2),
    default=MOST_CALLS,
    show_default=True,
    help="At most so many calls for each account.",
)
@click.option("--again", is_flag=True, help="Also ask about what was asked about today.")
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@account_option
@now_option
@folder_option
def command(
    since: timedelta,
    max_calls: int,
    again: bool,
    style: str,
    accounts: tuple[str, ...],
    now: str | None,
    folder: Path,
) -> int:
    """Ask the platforms how posts did, and keep the answers on the ledger branch.

    Each post is asked about once a day, a story every three hours while it lives. What is left when
    the calls are used up comes first in the next run. Nothing is published or changed.
    """
    import anyio

    from socialauto.cli.asking import Asker
    from socialauto.cli.tokens import Tokens
    from socialauto.cli.vaults import workplace
    from socialauto.core.insights import to_ask
    from socialauto.engine.clock import SystemClock
    from socialauto.report import insights as report
    from socialauto.repository.insights import FOLDER, keep, path_of, read_shelf
    from socialauto.repository.side_files import SideFiles

    place = workplace(folder)
    git, config = place.git, place.config
    chosen = check_accounts(config, accounts)
    clock = SystemClock.moved_to(read_now(now, config, SystemClock()))
    files = SideFiles(git, config.ledger)
    before = files.read(FOLDER)
    shelf = read_shelf(before)
    entries = [
        entry
        for entry in read_ledger(git, config).snapshot.entries.values()
        if entry.account in chosen and path_of(entry.key) not in shelf.unreadable
    ]
    wanted = to_ask(entries, shelf.histories, now=clock.now(), since=since, again=again)
    asker = Asker(Tokens(git, config, place.environment, clock.now), clock)
    ask = partial(_ask, asker, wanted, shelf, max_calls)
    pulled = anyio.run(ask)
    kept = keep(files, before, (one for each in pulled for one in each.histories.values()))
    say = report.pulled_json if style == "json" else report.pulled_text
    click.echo(say(pulled, shelf.unreadable, kept))
    return TROUBLE if any(each.trouble for each in pulled) else DONE


async def _ask(asker: Asker, wanted: list[Entry], shelf: Shelf, most_calls: int) -> list[Pulled]:
    """One account after the other."""
    by_account: dict[str, list[Entry]] = {}
    for entry in wanted:
        by_account.setdefault(entry.account, []).append(entry)
    return [
        await _ask_account(asker, name, entries, shelf, most_calls)
        for name, entries in sorted(by_account.items())
    ]


async def _ask_account(
    asker: Asker, name: str, entries: list[Entry], shelf: Shelf, most_calls: int
) -> Pulled:
    """A token that is not there stops its own account only."""
    from socialauto.core.errors import SocialautoError
    from socialauto.engine.insights import Pulled, pull

    try:
        async with asker.open(name) as session:
            return await pull(
                session, name, entries, shelf.histories, clock=asker.clock, most_calls=most_calls
            )
    except SocialautoError as error:
        return Pulled(name, left=len(entries), stopped=str(error), trouble=True)
