"""The tokens of the platform: which open anything at all, and how new ones come about."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import TypeAdapter

from socialauto.sandbox.errors import TOKEN_EXPIRED, TOKEN_INVALID, TOKEN_MISSING, RefusedError
from socialauto.sandbox.state import Token, TokenKind
from socialauto.sandbox.world import World

_PREFIX: Mapping[TokenKind, str] = {"user": "EAAS", "page": "EAAS", "instagram": "IGAA"}


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


@dataclass(frozen=True, slots=True)
class _Kept:
    value: str
    token: Token


_KEPT: TypeAdapter[_Kept] = TypeAdapter(_Kept)


def load_kept(world: World) -> None:
    """Bring back the tokens that an earlier process issued."""
    for document in world.storage.load("tokens"):
        kept = _KEPT.validate_json(document)
        world.tokens.setdefault(kept.value, kept.token)


def issue(world: World, token: Token) -> str:
    """A new token's text; it is the same in every run of the same events."""
    serial = len(world.tokens) + 1
    seed = f"{token.kind} {serial}".encode()
    digest = base64.urlsafe_b64encode(hashlib.sha512(seed).digest()).decode()
    value = _PREFIX[token.kind] + digest.translate({45: 65, 95: 66, 61: None})
    keep(world, value, token)
    return value


def keep(world: World, value: str, token: Token) -> None:
    """Issued tokens outlive a restart; those made by hand are told to each process anew."""
    world.tokens[value] = token
    if token.kind != "any":
        name = hashlib.sha256(value.encode()).hexdigest()
        world.storage.save("tokens", name, _KEPT.dump_json(_Kept(value, token)))


def revoke(world: World, value: str) -> None:
    """From now on it is refused."""
    keep(world, value, replace(world.tokens[value], revoked=True))
