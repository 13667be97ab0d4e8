"""A freeze: a crisis stop that is itself a reviewable, expiring change."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pydantic import Field

from socialauto.core.config import Config, Name, Strict
from socialauto.core.decoding import decode
from socialauto.core.finding import Finding
from socialauto.core.frontmatter import no_mapping
from socialauto.core.model_reader import read_model
from socialauto.core.suggest import did_you_mean, one_of, quoted
from socialauto.core.when import TimeFlaw, parse_time
from socialauto.core.yaml_reader import Document, Map, read_yaml

FREEZE_FILE = "freeze.yaml"


class FreezeText(Strict):
    """A freeze as people write it, one document of `freeze.yaml`."""

    reason: str = Field(min_length=1, description="Why, for everybody who sees a post wait.")
    until: str = Field(description="When it ends by itself, as `2026-12-03 18:00`.")
    accounts: tuple[Name, ...] = Field(
        default=(), description="Accounts and groups that it silences; default: all."
    )


@dataclass(frozen=True, slots=True)
class Freeze:
    """Until this instant these accounts send nothing."""

    reason: str
    until: datetime
    """Aware, in UTC."""
    accounts: frozenset[str] = frozenset()
    """Empty: all of them."""

    def holds(self, account: str, at: datetime) -> bool:
        """Whether the account is silent at that instant."""
        return at < self.until and (not self.accounts or account in self.accounts)


def read_freezes(data: bytes, config: Config) -> tuple[tuple[Freeze, ...], list[Finding]]:
    """`freeze.yaml`: one freeze a document. With findings, nothing may be sent: a stop that cannot
    be read is still meant as one."""
    text = decode(data, FREEZE_FILE)
    if isinstance(text, Finding):
        return (), [text]
    documents, findings = read_yaml(text, FREEZE_FILE)
    freezes = []
    for document in documents:
        freeze, found = _read(document, config)
        findings += found
        freezes += [freeze] if freeze else []
    return tuple(freezes), findings


def _read(document: Document, config: Config) -> tuple[Freeze | None, list[Finding]]:
    if document.value is None:
        return None, []  # only comments: nothing is frozen
    if not isinstance(document.value, Map):
        return None, [no_mapping(document, FREEZE_FILE)]
    typed = read_model(FreezeText, document, FREEZE_FILE)
    findings = list(typed.findings)
    if typed.value is None or findings:
        return None, findings
    findings += _unknown_accounts(typed.document, typed.value, {*config.accounts, *config.groups})
    until = parse_time(typed.value.until, ZoneInfo(config.timezone))
    if isinstance(until, TimeFlaw):
        line, column = document.place(("until",))
        findings.append(Finding(FREEZE_FILE, line, column, until.code, until.message, until.hint))
        return None, findings
    named = (config.groups.get(name, (name,)) for name in typed.value.accounts)
    accounts = frozenset(account for group in named for account in group)
    return Freeze(typed.value.reason, until.astimezone(UTC), accounts), findings


def _unknown_accounts(
    document: Document, freeze: FreezeText, known: Collection[str]
) -> list[Finding]:
    findings = []
    for index, name in enumerate(freeze.accounts):
        if name not in known:
            line, column = document.place(("accounts", index))
            hint = did_you_mean(name, known, otherwise=f"the accounts are {one_of(sorted(known))}")
            message = f"unknown account {quoted(name)}"
            findings.append(Finding(FREEZE_FILE, line, column, "SA203", message, hint))
    return findings
