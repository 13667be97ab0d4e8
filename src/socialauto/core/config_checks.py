"""Rules of `socialauto.yaml` across its parts."""

from __future__ import annotations

from collections.abc import Iterator

from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.finding import Finding
from socialauto.core.model_reader import Typed, lost_keys


def config_findings(typed: Typed[Config]) -> Iterator[Finding]:
    """What no single value shows."""
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
