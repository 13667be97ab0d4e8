"""Decides whether a token opens anything at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from socialauto.sandbox.errors import TOKEN_EXPIRED, TOKEN_INVALID, TOKEN_MISSING, RefusedError
from socialauto.sandbox.state import Token


def accepted(tokens: Mapping[str, Token], token: str | None, now: datetime) -> Token:
    """The token's rights. Raises code 190 for one that is missing, unknown or expired."""
    if not token:
        raise RefusedError(TOKEN_MISSING)
    known = tokens.get(token)
    if known is None or known.revoked:
        raise RefusedError(TOKEN_INVALID)
    if known.expires is not None and known.expires <= now:
        when = known.expires.strftime("%A, %d-%b-%y %H:%M:%S UTC")
        raise RefusedError(TOKEN_EXPIRED.saying(f"{TOKEN_EXPIRED.message} on {when}."))
    return known
