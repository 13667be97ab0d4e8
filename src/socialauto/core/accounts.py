"""Which accounts a post names, and whether they exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.finding import Finding
from socialauto.core.reading import Source
from socialauto.core.suggest import did_you_mean, one_of, quoted


def _named(source: Source) -> list[tuple[str, str]]:
    """Names with the field that each stands in."""
    if source.post.accounts is not None:
        return [(name, f"accounts.{i}") for i, name in enumerate(source.post.accounts)]
    return [(source.post.account, "account")] if source.post.account is not None else []


def _by_platform(config: Config) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for name, account in config.accounts.items():
        platform = account.platform
        if platform not in config.accounts and platform not in config.groups:
            found[platform] = (*found.get(platform, ()), name)
    return found


def in_groups(source: Source, config: Config) -> Source:
    """The post, which from now on knows whom the configuration's groups, and the platforms in its
    overrides, stand for."""
    platforms = _by_platform(config) if source.post.overrides else {}
    if not config.groups and not platforms:
        return source
    return replace(source, groups=config.groups, platforms=platforms)


def overrides_of(source: Source, account: str) -> list[str]:
    """The keys of the overrides that hold for an account, the strongest last: its platform, its
    groups in the order of the file, itself."""
    overrides = source.post.overrides
    keys = [key for key in overrides if account in source.platforms.get(key, ())]
    keys += [key for key in overrides if account in source.groups.get(key, ())]
    return [*keys, account] if account in overrides else keys


def on_account(source: Source, account: str) -> Source:
    """The post with the time at which it goes out on this account."""
    for key in reversed(overrides_of(source, account)):
        if (time := source.post.overrides[key].time) is not None:
            post = source.post.model_copy(update={"time": time})
            stands = {**source.stands, "time": f"overrides.{key}.time"}
            return replace(source, post=post, stands=stands)
    return source


def names_of(source: Source) -> tuple[str, ...]:
    """The accounts of a post, each once, in their order; a group stands for its accounts."""
    named = (source.groups.get(name, (name,)) for name, _ in _named(source))
    return tuple(dict.fromkeys(account for accounts in named for account in accounts))


def _unknown(source: Source, field: str, name: str, known: Iterable[str]) -> Finding:
    names = sorted(known)
    otherwise = f"the accounts are {one_of(names)}" if names else f"add it to {CONFIG_FILE}"
    hint = did_you_mean(name, names, otherwise=otherwise)
    return source.finding(field, "SA203", f"unknown account {quoted(name)}", hint)


def account_findings(source: Source, known: Iterable[str]) -> Iterator[Finding]:
    """What is wrong with the names; `known` are the accounts of the configuration."""
    named, known = _named(source), frozenset(known) | source.groups.keys()
    if not named and not source.lost & {"account", "accounts"}:
        message = "the post names no account"
        yield source.finding("", "SA204", message, "add account: and a name of socialauto.yaml")
    seen: set[str] = set()
    for name, field in named:
        if name in seen:
            message = f"the account {quoted(name)} is here a second time"
            yield source.finding(field, "SA205", message, "remove it")
        elif name not in known:
            yield _unknown(source, field, name, known)
        seen.add(name)


def override_findings(source: Source) -> Iterator[Finding]:
    """Overrides are for the post's own accounts, or for groups and platforms with some of them."""
    names = names_of(source)
    if source.lost & {"account", "accounts"}:
        return
    for name in source.post.overrides:
        several = (*source.groups.get(name, ()), *source.platforms.get(name, ()))
        if name not in names and not set(names) & set(several):
            message = f"the post does not go out on {quoted(name)}"
            hint = did_you_mean(name, names, otherwise="add it to accounts, or remove it")
            yield source.finding(f"overrides.{name}", "SA209", message, hint, key=True)
