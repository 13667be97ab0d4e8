"""Rules of `socialauto.yaml` across its parts."""

from __future__ import annotations

from collections.abc import Iterator

from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.finding import Finding
from socialauto.core.model_reader import Typed, lost_keys
from socialauto.core.policy import owner_findings
from socialauto.core.suggest import did_you_mean, one_of, quoted
from socialauto.core.text_settings import merged_utm
from socialauto.core.yaml_reader import Loc


def _uploads(typed: Typed[Config]) -> Iterator[Finding]:
    """Only one of Instagram's variants takes the bytes of videos."""
    for name, account in typed.value.accounts.items() if typed.value else ():
        if account.upload == "direct" and account.login == "instagram":
            line, column = typed.document.place(("accounts", name, "upload"))
            message = "Instagram Login takes videos by their address only"
            hint = "write upload: url, or connect the account with login: facebook"
            yield Finding(CONFIG_FILE, line, column, "SA210", message, hint)


def config_findings(typed: Typed[Config]) -> Iterator[Finding]:
    """What no single value shows."""
    yield from _uploads(typed)
    yield from _recipients(typed)
    yield from _groups(typed)
    yield from _tracking(typed)
    yield from owner_findings(typed)


def _tracking(typed: Typed[Config]) -> Iterator[Finding]:
    """UTM parameters are for links to a team's own pages, and nobody can guess which those are."""
    config = typed.value
    if config is None or lost_keys(typed.lost) & {"utm", "accounts"}:
        return
    places: dict[Loc, None] = {}
    for name, account in config.accounts.items():
        merged = merged_utm([config.utm, account.utm])
        if merged.values() and not merged.domains and not merged.off:
            places[("accounts", name, "utm") if account.utm else ("utm",)] = None
    for place in places:
        line, column = typed.document.place(place, key=True)
        message = "utm: does not say which links are yours"
        yield Finding(CONFIG_FILE, line, column, "SA519", message, "add domains: [example.org]")


def _groups(typed: Typed[Config]) -> Iterator[Finding]:
    """A group's name is its own, and stands for accounts that exist."""
    config = typed.value
    if config is None or "accounts" in lost_keys(typed.lost):
        return
    for name, accounts in config.groups.items():
        if name in config.accounts:
            line, column = typed.document.place(("groups", name), key=True)
            message = f"{quoted(name)} is the name of an account, too"
            yield Finding(CONFIG_FILE, line, column, "SA712", message, "give the group another")
        if not accounts:
            line, column = typed.document.place(("groups", name))
            message = f"the group {quoted(name)} has no account"
            yield Finding(CONFIG_FILE, line, column, "SA207", message, "write the names of some")
        for index, account in enumerate(accounts):
            if account not in config.accounts:
                line, column = typed.document.place(("groups", name, index))
                yield Finding(CONFIG_FILE, line, column, "SA203", *_unknown(account, config))


def _unknown(account: str, config: Config) -> tuple[str, str]:
    """Message and hint for a name in a group."""
    if account in config.groups:
        return f"{quoted(account)} is a group, and a group has accounts only", "write its accounts"
    otherwise = f"the accounts are {one_of(sorted(config.accounts))}"
    hint = did_you_mean(account, config.accounts, otherwise=otherwise)
    return f"unknown account {quoted(account)}", hint


def _recipients(typed: Typed[Config]) -> Iterator[Finding]:
    if typed.value is None or typed.value.secrets.recipients:
        return
    if "secrets" in lost_keys(typed.lost):
        return  # what was wrong there has its own finding
    for name, account in typed.value.accounts.items():
        if account.token.startswith("secret:"):
            line, column = typed.document.place(("accounts", name, "token"))
            message = "this token is encrypted, and secrets: names no recipients"
            hint = (
                'make a key with "socialauto accounts new-key", '
                "then write secrets: {recipients: [age1…]}"
            )
            yield Finding(CONFIG_FILE, line, column, "SA709", message, hint)
