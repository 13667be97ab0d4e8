"""Where a command works: the repository, its content, its ledger."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.core.clock import Clock
    from socialauto.core.guard import Terms
    from socialauto.core.ledger import Snapshot
    from socialauto.core.plan import Plan
    from socialauto.engine.load import Loaded
    from socialauto.repository.git import Git
    from socialauto.repository.ledger import LedgerBranch
    from socialauto.repository.worktree import WorkTree

Command = Callable[..., int]

folder_option = click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    default=".",
    help="Work in this folder instead of here.",
)

now_option = click.option(
    "--now", metavar="TIME", help='Pretend that it is this time, "2026-12-01 09:00".'
)

account_option = click.option(
    "--account", "accounts", multiple=True, metavar="NAME", help="Only this account; repeatable."
)


def allow_option(command: Command) -> Command:
    """`--allow RULE`, for a person who has read the plan."""
    from socialauto.core.guard import RULES

    described = "; ".join(f"{name}: {what}" for name, what in RULES.items())
    option = click.option(
        "--allow",
        "allowed",
        multiple=True,
        type=click.Choice(list(RULES)),
        help=f"Lift a guard after reading the plan. {described}.",
    )
    decorated: Command = option(command)
    return decorated


def find_root(start: Path) -> Path:
    """The folder with socialauto.yaml, at `start` or above it."""
    here = start.resolve()
    for folder in (here, *here.parents):
        if (folder / CONFIG_FILE).is_file():
            return folder
    raise SocialautoError(
        f"no {CONFIG_FILE} in {here} or above it",
        'change into your repository, or start one with "socialauto init"',
    )


def read_now(text: str | None, config: Config, clock: Clock) -> datetime:
    """The instant that `--now` names, in the configuration's zone unless it says its own."""
    if text is None:
        return clock.now()
    from zoneinfo import ZoneInfo

    from socialauto.core.when import TimeFlaw, parse_time

    read = parse_time(text, ZoneInfo(config.timezone))
    if isinstance(read, TimeFlaw):
        raise click.BadParameter(f"{read.message}; {read.hint}", param_hint="--now")
    return read.astimezone(UTC)


def usable_config(loaded: Loaded) -> Config:
    """The configuration, or the reason why nothing may be decided on it.

    A freeze that cannot be read is still meant as a stop.
    """
    from socialauto.core.freeze import FREEZE_FILE

    faults = [
        finding
        for finding in loaded.findings
        if finding.path in (CONFIG_FILE, FREEZE_FILE) and finding.severity == "error"
    ]
    if loaded.config is None or faults:
        first = str(faults[0]) if faults else f"{CONFIG_FILE} cannot be used"
        raise SocialautoError(first, 'see "socialauto validate"')
    return loaded.config


def check_accounts(config: Config, names: Iterable[str]) -> frozenset[str]:
    """The accounts that were asked for, all of them when none was."""
    for name in names:
        if name not in config.accounts:
            raise click.BadParameter(
                f'unknown account "{name}"; known: {", ".join(config.accounts)}',
                param_hint="--account",
            )
    return frozenset(names) or frozenset(config.accounts)


@dataclass(frozen=True, slots=True)
class Ledgered:
    """The ledger, opened and read."""

    branch: LedgerBranch
    snapshot: Snapshot


def read_ledger(git: Git, config: Config) -> Ledgered:
    """Raises `SocialautoError` when it is missing or not whole."""
    from socialauto.repository.ledger import LedgerBranch

    branch = LedgerBranch(git, config.ledger)
    return Ledgered(branch, branch.read())


def terms_for(
    loaded: Loaded, config: Config, *, allowed: Iterable[str] = (), ahead: timedelta = timedelta(0)
) -> Terms:
    """What a plan of these files is made under."""
    from socialauto.adapters.registry import adapter
    from socialauto.core.guard import Terms

    caps = {
        name: adapter(account.platform).capabilities.daily_cap
        for name, account in config.accounts.items()
    }
    return Terms(caps, frozenset(allowed), loaded.freezes, ahead)


@dataclass(frozen=True, slots=True)
class Arrivals:
    """When files came into the history of a commit; what is not in it comes only now."""

    git: Git
    commit: str
    now: datetime

    def first(self, path: str) -> datetime | None:
        return self._ask(path, last=False)

    def last(self, path: str) -> datetime | None:
        """Its last change."""
        return self._ask(path, last=True)

    def _ask(self, path: str, *, last: bool) -> datetime | None:
        from socialauto.repository.history import landed

        at = landed(self.git, self.commit, path, last=last) or self.now
        return at if at <= self.now else None  # a clock that was moved back, to rehearse


def _nobody_knows(path: str) -> None:
    return None


def plan_for(
    loaded: Loaded,
    snapshot: Snapshot,
    config: Config,
    *,
    now: datetime,
    accounts: frozenset[str],
    terms: Terms,
    arrivals: Arrivals | None = None,
) -> Plan:
    """The plan for these accounts. Entries of accounts that are gone are orphans, always shown.

    `arrivals` keep what is new from sending its past.
    """
    from dataclasses import replace

    from socialauto.core.guard import make_plan
    from socialauto.core.occurrences import Ago, occurring
    from socialauto.core.slots import queued

    chosen = {
        key: entry
        for key, entry in snapshot.entries.items()
        if key.account in accounts or key.account not in config.accounts
    }
    landed = arrivals.first if arrivals else _nobody_knows
    ago = Ago(now, snapshot.header.began, landed, terms.ahead)
    known = snapshot.entries.values()
    dates = occurring(loaded.series, known, ago) if loaded.series else []
    changed = replace(ago, landed=arrivals.last if arrivals else _nobody_knows)
    slots = queued(loaded.waiting, known, changed) if loaded.waiting else []
    wanted = [one for one in (*loaded.deliveries, *dates, *slots) if one.key.account in accounts]
    return make_plan(wanted, replace(snapshot, entries=chosen), config, now=now, terms=terms)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a command that only looks has seen."""

    git: Git
    tree: WorkTree
    loaded: Loaded
    config: Config
    terms: Terms
    snapshot: Snapshot
    plan: Plan


def desired(
    folder: Path, *, now: str | None, accounts: Iterable[str], allowed: Iterable[str] = ()
) -> Plan:
    """The plan of the work tree, for commands that only look."""
    return look(folder, now=now, accounts=accounts, allowed=allowed).plan


def look(
    folder: Path,
    *,
    now: str | None,
    accounts: Iterable[str],
    allowed: Iterable[str] = (),
    snapshot: Snapshot | None = None,
) -> Sight:
    """The plan of the work tree, and all that it was made of.

    The ledger is fetched unless a `snapshot` of it is at hand.
    """
    from functools import partial

    from socialauto.engine.clock import SystemClock
    from socialauto.engine.drift import with_drift
    from socialauto.engine.load import load
    from socialauto.repository.committree import CommitTree
    from socialauto.repository.git import open_repository
    from socialauto.repository.worktree import WorkTree

    root = find_root(folder)
    clock = SystemClock()
    tree = WorkTree(root)
    loaded = load(tree, now=clock.now())
    config = usable_config(loaded)
    git = open_repository(root)
    snapshot = snapshot or read_ledger(git, config).snapshot
    terms = terms_for(loaded, config, allowed=allowed)
    at = read_now(now, config, clock)
    plan = plan_for(
        loaded,
        snapshot,
        config,
        now=at,
        accounts=check_accounts(config, accounts),
        terms=terms,
        arrivals=Arrivals(git, "HEAD", at),
    )
    plan = with_drift(plan, partial(CommitTree, git))
    return Sight(git, tree, loaded, config, terms, snapshot, plan)
