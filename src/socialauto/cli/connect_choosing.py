"""Which account is meant, and whether it can be published to with what was granted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from socialauto.adapters.instagram.login_accounts import Reach, Reached
    from socialauto.adapters.instagram.scopes import Scope

_PERSONAL = (
    "in the Instagram app choose Settings, Account type and tools, Switch to professional account; "
    "then start again"
)


@dataclass(frozen=True, slots=True)
class Expected:
    """Which account it should be."""

    name: str
    """In socialauto.yaml."""
    id: str = ""
    """Empty: whichever there is."""
    source: str = ""
    """Who says that id, as the beginning of a sentence."""


def refuse_missing(asked: Iterable[Scope], granted: Collection[str]) -> None:
    """Raises `SocialautoError` when the person left out what publishing needs."""
    if needed := [scope for scope in _gone(asked, granted) if scope.required]:
        raise SocialautoError(
            "the dialog left out what publishing needs: "
            + "; ".join(f"without {scope.name} {scope.stops}" for scope in needed),
            "start again and leave all boxes ticked; when they are not shown, the app lacks these "
            "permissions: add them to the app first",
        )


def left_out(asked: Iterable[Scope], granted: Collection[str]) -> Iterator[str]:
    """A line for each permission that is missing and can be done without."""
    gone = (scope for scope in _gone(asked, granted) if not scope.required)
    return (f"without {scope.name} {scope.stops}" for scope in gone)


def _gone(asked: Iterable[Scope], granted: Collection[str]) -> Sequence[Scope]:
    """Nothing where the platform did not say what was granted."""
    from socialauto.adapters.instagram.scopes import missing

    return missing(asked, granted) if granted else ()


def choose(reach: Reach, expected: Expected, *, ask: bool) -> Reached:
    """The account that is meant. Raises `SocialautoError` that names those there are."""
    if not reach.accounts:
        raise _none(reach)
    if expected.id:
        return _professional(_by_id(reach.accounts, expected))
    if len(reach.accounts) == 1:
        return _professional(reach.accounts[0])
    if not ask:
        raise SocialautoError(
            f"the log-in opens {len(reach.accounts)} accounts: {_listed(reach.accounts)}",
            "say which one is meant with --id",
        )
    return _professional(_asked(reach.accounts, expected.name))


def described(account: Reached) -> str:
    name = f"@{account.username}" if account.username else "an account without a readable name"
    page = f", Page {account.page}" if account.page else ""
    return f"{name} ({account.id}{page})"


def _listed(accounts: Iterable[Reached]) -> str:
    return ", ".join(map(described, accounts))


def _by_id(accounts: Sequence[Reached], expected: Expected) -> Reached:
    for account in accounts:
        if account.id == expected.id:
            return account
    raise SocialautoError(
        f"{expected.source} {expected.id}, and the log-in opens {_listed(accounts)}",
        "log in to the other account (--another-login), tick it in the dialog, or correct the id",
    )


def _asked(accounts: Sequence[Reached], name: str) -> Reached:
    click.echo(f"The log-in opens {len(accounts)} accounts:", err=True)
    for number, account in enumerate(accounts, start=1):
        click.echo(f"{number:3}. {described(account)}", err=True)
    chosen = click.prompt(f"Which one is {name}", type=click.IntRange(1, len(accounts)), err=True)
    return accounts[chosen - 1]


def _professional(account: Reached) -> Reached:
    if account.account_type == "PERSONAL":
        raise SocialautoError(
            f"{described(account)} is a personal account; Instagram lets programs publish only to "
            "professional ones, Business or Creator",
            _PERSONAL,
        )
    return account


def _none(reach: Reach) -> SocialautoError:
    if reach.bare_pages:
        names = ", ".join(reach.bare_pages[:10])
        return SocialautoError(
            f"no professional Instagram account is linked with your Pages ({names})",
            "switch the account to Business or Creator in the Instagram app, link it with the Page "
            "there (Edit profile, Page), and start again",
        )
    return SocialautoError(
        "the log-in opens no Facebook Page, and so no Instagram account",
        "start again and tick the Page in the dialog; you need a role on it, and "
        "business_management when it belongs to a business; without any Page use "
        "--login instagram",
    )
