"""From a person's yes to a token that lives long, and to younger ones after it.

Both variants of the API; what is documented with GET and the query is asked so. Nothing here
repeats a call on its own but a read that was surely refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from socialauto.adapters.http import NoAnswer
from socialauto.adapters.instagram.login_calls import (
    LoginError,
    Place,
    opened,
    read_object,
    read_refusal,
)
from socialauto.adapters.instagram.scopes import Login
from socialauto.adapters.instagram.versions import API_VERSION

if TYPE_CHECKING:
    import httpx

_CODE = "exchanging the code"
_LONG = "exchanging the short-lived token"
_REFRESH = "refreshing the token"

_UNSEEN = frozenset({100, 101, 104, 190, 2500})
"""Codes, without a subcode, of a server that has not looked for the token in the header."""


@dataclass(frozen=True, slots=True)
class AppSecrets:
    """The app in whose name people are asked."""

    id: str
    secret: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Refreshed:
    """A token that the platform has just issued."""

    token: str = field(repr=False)
    expires_in: timedelta | None = None
    """How long it lives from now; None when the platform does not say."""
    token_type: str = "bearer"  # noqa: S105 (no password)
    scopes: tuple[str, ...] = ()
    """What was granted, as far as this very answer says."""


def authorize_url(
    place: Place,
    *,
    app_id: str,
    redirect_uri: str,
    state: str,
    scopes: Iterable[str],
    config_id: str = "",
    another: bool = False,
) -> str:
    """The dialog's address. `another` has the person log in anew, as somebody else.

    `config_id`, of Facebook Login for Business, names a set of permissions that the app's page
    defines; then `scopes` are not sent, because Meta takes either.
    PKCE is not offered by either dialog: `state` and the app's secret protect the code.
    """
    params = {
        "client_id": app_id,
        "redirect_uri": redirect_uri,
        "response_type": "code",
        "scope": ",".join(scopes),
        "state": state,
    }
    if place.login == "instagram":
        params |= {"force_authentication": "1"} if another else {}
        return f"{place.people}/oauth/authorize?{urlencode(params)}"
    if config_id:
        del params["scope"]
        params["config_id"] = config_id
    # What a person declined once is not asked again without this.
    params["auth_type"] = "reauthenticate" if another else "rerequest"
    return f"{place.people}/{place.version}/dialog/oauth?{urlencode(params)}"


async def exchange_code(
    place: Place,
    app: AppSecrets,
    code: str,
    redirect_uri: str,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Refreshed:
    """The short-lived token behind a code, which is thereby used up. Raises `LoginError`."""
    form = {
        "client_id": app.id,
        "client_secret": app.secret,
        "redirect_uri": redirect_uri,
        "code": code,
    }
    secrets = (app.secret, code)
    async with opened(place.codes, secrets=secrets, transport=transport) as api:
        if place.login == "instagram":
            form["grant_type"] = "authorization_code"
            answer = await api.post("/oauth/access_token", form)
        else:
            answer = await api.get(f"/{place.version}/oauth/access_token", form)
        return _token(_unwrapped(read_object(answer, _CODE, api.clean)), _CODE)


def _unwrapped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """Instagram's answer is documented inside `data: [ ]`, and seen bare."""
    rows = body.get("data")
    first = rows[0] if isinstance(rows, list) and rows else None
    return first if isinstance(first, Mapping) else body


def _token(body: Mapping[str, Any], what: str) -> Refreshed:
    token, kind = body.get("access_token"), body.get("token_type")
    if not isinstance(token, str) or not token or any(char.isspace() for char in token):
        raise LoginError(f"{what}: the answer holds no token", "try again later", passing=True)
    seconds = body.get("expires_in")
    known = isinstance(seconds, int) and not isinstance(seconds, bool) and seconds > 0
    return Refreshed(
        token,
        timedelta(seconds=seconds) if known and isinstance(seconds, int) else None,
        kind if isinstance(kind, str) else "bearer",
        _names(body.get("permissions")),
    )


def _names(value: Any) -> tuple[str, ...]:
    """Permissions come as a list, or as text with commas."""
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list):
        return ()
    return tuple(part.strip() for part in parts if isinstance(part, str) and part.strip())


async def long_lived(
    place: Place,
    app: AppSecrets,
    short: str,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Refreshed:
    """The long-lived token for a short-lived one: about 60 days. Raises `LoginError`."""
    if place.login == "facebook":
        return await _facebook_exchange(place, app, short, _LONG, transport)
    params = {"grant_type": "ig_exchange_token", "client_secret": app.secret}
    return await _instagram_exchange(
        place, "/access_token", params, short, _LONG, (app.secret,), transport
    )


async def refresh(
    token: str,
    *,
    login: Login,
    api: str | None = None,
    api_version: str | None = None,
    app: AppSecrets | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Refreshed:
    """A younger token for a long-lived one that has not ended.

    Instagram Login: the token must be at least 24 hours old. Facebook Login: a person's token,
    and the app's secret is needed; Page tokens have no end and are not exchanged. Safe to repeat.
    Raises `LoginError`; `passing` says that nothing was refused.
    """
    place = Place(login, api, api_version or API_VERSION)
    if login == "instagram":
        params = {"grant_type": "ig_refresh_token"}
        return await _instagram_exchange(
            place, "/refresh_access_token", params, token, _REFRESH, (), transport
        )
    if app is None:
        raise LoginError(
            f"{_REFRESH}: with login: facebook that needs the app's id and secret",
            "set SOCIALAUTO_APP_ID and SOCIALAUTO_APP_SECRET",
        )
    return await _facebook_exchange(place, app, token, _REFRESH, transport)


async def _facebook_exchange(
    place: Place,
    app: AppSecrets,
    token: str,
    what: str,
    transport: httpx.AsyncBaseTransport | None,
) -> Refreshed:
    params = {
        "grant_type": "fb_exchange_token",
        "client_id": app.id,
        "client_secret": app.secret,
        "fb_exchange_token": token,
    }
    async with opened(place.graph, secrets=(app.secret, token), transport=transport) as api:
        answer = await api.get("/oauth/access_token", params)
        return _token(read_object(answer, what, api.clean), what)


async def _instagram_exchange(
    place: Place,
    path: str,
    params: Mapping[str, str],
    token: str,
    what: str,
    secrets: Iterable[str],
    transport: httpx.AsyncBaseTransport | None,
) -> Refreshed:
    """With the token in the header first; documented is only the query, where logs see it."""
    async with opened(place.tokens, token=token, secrets=secrets, transport=transport) as api:
        answer = await api.get(path, params)
        refusal = None if isinstance(answer, NoAnswer) else read_refusal(answer)
        if refusal and refusal.code in _UNSEEN and refusal.subcode is None:
            answer = await api.get(path, {**params, "access_token": token})
        return _token(read_object(answer, what, api.clean), what)


__all__ = [
    "AppSecrets",
    "LoginError",
    "Place",
    "Refreshed",
    "authorize_url",
    "exchange_code",
    "long_lived",
    "refresh",
]
