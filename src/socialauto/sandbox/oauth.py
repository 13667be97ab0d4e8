"""The way in: codes that the dialog gives out, and the tokens that they become."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from socialauto.sandbox.errors import INVALID, PERMISSION, Refusal, RefusedError
from socialauto.sandbox.nodes import app_scoped
from socialauto.sandbox.people import page_id
from socialauto.sandbox.state import Login, Token
from socialauto.sandbox.tokens import accepted, issue, keep, load_kept, revoke
from socialauto.sandbox.wire import Call
from socialauto.sandbox.world import World

APP_ID = "240000000000001"
APP_SECRET = "sandbox-app-secret"  # noqa: S105 (it opens nothing but this emulation)
"""The one app of this platform, for both variants."""

CODE_LIFE = timedelta(hours=1)
SHORT_LIFE: Mapping[Login, timedelta] = {
    "facebook": timedelta(minutes=90),
    "instagram": timedelta(hours=1),
}
LONG_LIFE = timedelta(days=60)
RENEWABLE_AFTER = timedelta(hours=24)
DATA_ACCESS = timedelta(days=90)

Reply = dict[str, Any]


class InstagramRefusal(Refusal):
    """api.instagram.com says no in a form of its own."""

    __slots__ = ()

    def envelope(self, trace: str) -> dict[str, Any]:
        return {"error_type": "OAuthException", "code": self.status, "error_message": self.message}


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A person's yes, waiting behind a code."""

    login: Login
    redirect_uri: str
    scopes: frozenset[str]
    asked: frozenset[str]
    accounts: frozenset[str]
    time: datetime
    used: bool = False


def _wrong(login: Login, sentence: str, code: int, subcode: int | None = None) -> RefusedError:
    if login == "instagram":
        return RefusedError(InstagramRefusal(400, None, sentence))
    return RefusedError(Refusal(code, subcode, sentence))


def _text(call: Call, name: str) -> str:
    return str(call.params.get(name, ""))


def _same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


class OAuth:
    """Answers the token endpoints of all hosts."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._grants: dict[str, Grant] = {}
        self._doors: Mapping[tuple[str, str], Callable[[Call, datetime], Reply]] = {
            ("oauth", "access_token"): self._token,
            ("access_token", ""): self._prolong,
            ("refresh_access_token", ""): self._refresh,
            ("debug_token", ""): self._debug,
        }
        load_kept(world)

    def answer(self, call: Call, now: datetime) -> Reply | None:
        """None for a call that is not about tokens. Raises `RefusedError`."""
        door = self._doors.get((call.node, call.edge))
        return door(call, now) if door else None

    def allow(self, grant: Grant) -> str:
        """The code for a person's yes."""
        seed = f"code {len(self._grants) + 1} {grant.time.isoformat()}".encode()
        code = "AQ" + base64.urlsafe_b64encode(hashlib.sha512(seed).digest()).decode().rstrip("=")
        self._grants[code] = grant
        return code

    # --- a code, an app, a short token for a longer one: /oauth/access_token

    def _token(self, call: Call, now: datetime) -> Reply:
        known = self._grants.get(_text(call, "code"))
        unversioned_post = call.method == "POST" and not call.version
        login: Login = known.login if known else "instagram" if unversioned_post else "facebook"
        self._check_app(login, call)
        match _text(call, "grant_type"):
            case "fb_exchange_token":
                return self._exchange(call, now)
            case "client_credentials" if login == "facebook":
                return {"access_token": f"{APP_ID}|{APP_SECRET}", "token_type": "bearer"}
            case "" if login == "instagram":
                raise _wrong(login, "Missing required field grant_type", 100)
        return self._redeem(login, call, now)

    def _check_app(self, login: Login, call: Call) -> None:
        if not _same(_text(call, "client_id"), APP_ID):
            instagram = login == "instagram"
            sentence = "Invalid platform app" if instagram else "Error validating application."
            raise _wrong(login, sentence, 101)
        if not _same(_text(call, "client_secret"), APP_SECRET):
            raise _wrong(login, "Error validating client secret.", 1)

    def _redeem(self, login: Login, call: Call, now: datetime) -> Reply:
        code = _text(call, "code")
        grant = self._grants.get(code)
        if login == "instagram" and call.method != "POST":
            raise _wrong(login, "Invalid request method", 100)
        if grant is None:
            sentence = (
                "Matching code was not found or was already used"
                if login == "instagram"
                else "Invalid verification code format."
            )
            raise _wrong(login, sentence, 100)
        self._check_grant(grant, call, now)
        self._grants[code] = replace(grant, used=True)
        life = SHORT_LIFE[login]
        token = Token(
            accounts=grant.accounts,
            expires=now + life,
            kind="instagram" if login == "instagram" else "user",
            scopes=grant.scopes,
            asked=grant.asked,
            issued=now,
            authorised=now,
            long_lived=False,
        )
        value = issue(self._world, token)
        if login == "instagram":
            return self._instagram_answer(value, token)
        return _bearer(value, life)

    def _check_grant(self, grant: Grant, call: Call, now: datetime) -> None:
        instagram = grant.login == "instagram"
        if grant.used:
            used = (
                "Matching code was not found or was already used"
                if instagram
                else "This authorization code has been used."
            )
            raise _wrong(grant.login, used, 100, 36009)
        if now - grant.time >= CODE_LIFE:
            raise _wrong(grant.login, "This authorization code has expired.", 100, 36007)
        if _text(call, "redirect_uri") != grant.redirect_uri:
            sentence = (
                "Error validating verification code. Please make sure your redirect_uri is "
                "identical to the one you used in the OAuth dialog request"
            )
            raise _wrong(grant.login, sentence, 100, 36008)

    def _instagram_answer(self, value: str, token: Token) -> Reply:
        account = self._world.accounts[min(token.accounts or ())]
        scopes = sorted(token.scopes or ())
        if not self._world.settings.wrapped_token:
            user = int(app_scoped(account))
            return {"access_token": value, "user_id": user, "permissions": scopes}
        row = {
            "access_token": value,
            "user_id": app_scoped(account),
            "permissions": ",".join(scopes),
        }
        return {"data": [row]}

    def _exchange(self, call: Call, now: datetime) -> Reply:
        token = accepted(self._world.tokens, _text(call, "fb_exchange_token"), now)
        if token.kind == "instagram":
            raise RefusedError(INVALID.saying("Invalid OAuth access token."))
        longer = replace(token, expires=now + LONG_LIFE, issued=now, long_lived=True)
        return _bearer(issue(self._world, longer), LONG_LIFE)

    # --- Instagram's own: /access_token and /refresh_access_token

    def _shown(self, call: Call) -> str | None:
        readable = self._world.settings.token_endpoints_read_headers or call.token_in_query
        return call.token if readable else None

    def _of_instagram(self, call: Call, grant_type: str, now: datetime) -> Token:
        if call.method != "GET":
            method = call.method.lower()
            raise RefusedError(INVALID.saying(f"Unsupported request - method type: {method}"))
        if _text(call, "grant_type") != grant_type:
            raise RefusedError(INVALID.saying("(#100) Param grant_type must be " + grant_type))
        token = accepted(self._world.tokens, self._shown(call), now)
        if token.kind not in ("instagram", "any"):
            raise RefusedError(INVALID.saying("Unsupported request - method type: get"))
        return token

    def _prolong(self, call: Call, now: datetime) -> Reply:
        token = self._of_instagram(call, "ig_exchange_token", now)
        if not _same(_text(call, "client_secret"), APP_SECRET):
            raise RefusedError(Refusal(1, None, "Error validating client secret."))
        if token.long_lived:
            raise RefusedError(INVALID.saying("Unsupported request - method type: get"))
        longer = replace(token, expires=now + LONG_LIFE, issued=now, long_lived=True)
        return _bearer(issue(self._world, longer), LONG_LIFE)

    def _refresh(self, call: Call, now: datetime) -> Reply:
        token = self._of_instagram(call, "ig_refresh_token", now)
        if not token.long_lived:
            raise RefusedError(INVALID.saying("(#100) Only long-lived tokens can be refreshed"))
        if token.scopes is not None and "instagram_business_basic" not in token.scopes:
            raise RefusedError(PERMISSION)
        if token.issued is not None and now - token.issued < RENEWABLE_AFTER:
            sentence = "(#100) The access token must be at least 24 hours old to be refreshed"
            raise RefusedError(INVALID.saying(sentence))
        assert call.token is not None
        renewed = replace(token, kind="instagram", expires=now + LONG_LIFE, issued=now)
        return _bearer(self._renew(call.token, renewed), LONG_LIFE)

    def _renew(self, old: str, renewed: Token) -> str:
        way = self._world.settings.renewed
        if way == "same":
            keep(self._world, old, renewed)
            return old
        value = issue(self._world, renewed)
        if way == "replaced":
            revoke(self._world, old)
        return value

    # --- /debug_token

    def _debug(self, call: Call, now: datetime) -> Reply:
        if call.token != f"{APP_ID}|{APP_SECRET}":
            accepted(self._world.tokens, call.token, now)
        known = self._world.tokens.get(_text(call, "input_token"))
        if known is None:
            return {"data": {"is_valid": False, "error": _complaint(190, 467), "scopes": []}}
        data: Reply = {
            "app_id": APP_ID,
            "type": "PAGE" if known.kind == "page" else "USER",
            "application": "Sandbox",
            "is_valid": not known.revoked and (known.expires is None or known.expires > now),
            "issued_at": _seconds(known.issued),
            "expires_at": _seconds(known.expires),
            "data_access_expires_at": _seconds(known.authorised and known.authorised + DATA_ACCESS),
            "scopes": sorted(known.scopes or ()),
        }
        if known.kind == "page":
            account = self._world.accounts[min(known.accounts or ())]
            data["profile_id"] = page_id(account)
        if not data["is_valid"]:
            data["error"] = _complaint(190, 467 if known.revoked else 463)
        return {"data": data}


def _bearer(value: str, life: timedelta) -> Reply:
    return {
        "access_token": value,
        "token_type": "bearer",
        "expires_in": int(life.total_seconds()),
    }


def _seconds(time: datetime | None) -> int:
    """Unix time; 0 stands for never."""
    return int(time.timestamp()) if time else 0


def _complaint(code: int, subcode: int) -> Reply:
    return {"code": code, "subcode": subcode, "message": "The token is not valid."}
