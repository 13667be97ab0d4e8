"""Rules of `socialauto.yaml` across its parts."""

from __future__ import annotations

from collections.abc import Iterator

from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.finding import Finding
from socialauto.core.model_reader import Typed, lost_keys


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
