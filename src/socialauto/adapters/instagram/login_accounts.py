"""What a new token opens: the accounts, the permissions, how long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from socialauto.adapters.http import Api
from socialauto.adapters.instagram.login import AppSecrets
from socialauto.adapters.instagram.login_calls import LoginError, Place, opened, read_object

if TYPE_CHECKING:
    import httpx

_PAGE_FIELDS = "id,name,access_token,instagram_business_account"
_LIMIT = "100"
_MOST_PARTS = 50
"""Of one list; 5,000 Pages are more than a person has."""


@dataclass(frozen=True, slots=True)
class Reached:
    """An Instagram account that the new token opens."""

    id: str
    """As the configuration writes it; never the id that is only this app's."""
    username: str
    page: str = ""
    """The Facebook Page linked with it, with Facebook Login."""
    token: str = field(default="", repr=False)
    """The Page's own token; empty with Instagram Login, where the person's is the account's."""
    account_type: str = ""
    """BUSINESS, MEDIA_CREATOR or PERSONAL; empty where the platform does not say."""


@dataclass(frozen=True, slots=True)
class Reach:
    accounts: tuple[Reached, ...]
    bare_pages: tuple[str, ...] = ()
    """Names of Pages without a professional Instagram account."""


@dataclass(frozen=True, slots=True)
class _Page:
    id: str
    name: str
    account: str
    token: str = field(repr=False)


class Visit:
    """Questions asked with one new token."""

    __slots__ = ("_api", "_place")

    def __init__(self, place: Place, api: Api) -> None:
        self._place = place
        self._api = api

    async def accounts(self) -> Reach:
        """Every account that it opens. Raises `LoginError` when that cannot be read."""
        if self._place.login == "instagram":
            return Reach((await self._own(),))
        pages = {page.id: page for page in await self._pages()}.values()
        linked = [page for page in pages if page.account]
        return Reach(
            tuple([await self._linked(page) for page in linked]),
            tuple(page.name for page in pages if not page.account),
        )

    async def granted(self) -> tuple[str, ...]:
        """The permissions that the person gave, with Facebook Login."""
        answer = await self._get("/me/permissions", "reading the permissions", limit=_LIMIT)
        return tuple(
            str(row.get("permission")) for row in _rows(answer) if row.get("status") == "granted"
        )

    async def _get(self, path: str, what: str, **params: str) -> Mapping[str, Any]:
        return read_object(await self._api.get(path, params), what, self._api.clean)

    async def _own(self) -> Reached:
        """With Instagram Login the token is one account's; `id` would be this app's name for it."""
        what = "reading the account"
        answer = await self._get("/me", what, fields="user_id,username,account_type")
        id = _text(answer, "user_id")
        if not id:
            raise LoginError(f"{what}: the answer does not name its id", passing=True)
        kind = _text(answer, "account_type").upper().replace(" ", "_")
        return Reached(id, _text(answer, "username"), account_type=kind)

    async def _pages(self) -> list[_Page]:
        """The person's Pages; those of businesses are missing in the list that Meta calls mine."""
        found = await self._listed("/me/accounts", "reading the Pages")
        for business in await self._businesses():
            for edge in ("owned_pages", "client_pages"):
                found += await self._tolerated(f"/{quote(business, safe='')}/{edge}")
        return found

    async def _businesses(self) -> list[str]:
        """None without the permission for it, which most people do not need."""
        try:
            answer = await self._get("/me/businesses", "reading the businesses", limit=_LIMIT)
        except LoginError as error:
            if error.passing:
                raise
            return []
        return [_text(row, "id") for row in _rows(answer)]

    async def _tolerated(self, path: str) -> list[_Page]:
        try:
            return await self._listed(path, "reading a business's Pages")
        except LoginError as error:
            if error.passing:
                raise
            return []

    async def _listed(self, path: str, what: str) -> list[_Page]:
        found: list[_Page] = []
        params = {"fields": _PAGE_FIELDS, "limit": _LIMIT}
        for _ in range(_MOST_PARTS):
            answer = await self._get(path, what, **params)
            found += [await self._page(row) for row in _rows(answer) if _text(row, "id")]
            after = _after(answer)
            if after is None:
                return found
            params["after"] = after
        raise LoginError(f"{what}: the list does not end")

    async def _page(self, row: Mapping[str, Any]) -> _Page:
        id, linked = _text(row, "id"), row.get("instagram_business_account")
        account = _text(linked, "id") if isinstance(linked, Mapping) else ""
        token = _text(row, "access_token")
        if account and not token:
            path = f"/{quote(id, safe='')}"
            answer = await self._get(path, "reading a Page's token", fields="access_token")
            token = _text(answer, "access_token")
        return _Page(id, _text(row, "name") or id, account, token)

    async def _linked(self, page: _Page) -> Reached:
        """With the account's name, as far as it can be read: only its id is needed."""
        path = f"/{quote(page.account, safe='')}"
        try:
            answer = await self._get(path, "reading the account", fields="id,username")
        except LoginError:
            answer = {}
        return Reached(page.account, _text(answer, "username"), page.name, page.token)


def _rows(answer: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    rows = answer.get("data")
    return [row for row in rows if isinstance(row, Mapping)] if isinstance(rows, list) else []


def _text(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    usable = isinstance(value, str | int) and not isinstance(value, bool)
    return str(value) if usable else ""


def _after(answer: Mapping[str, Any]) -> str | None:
    """Where the next part begins. `next` itself may be an address with the token in it."""
    paging = answer.get("paging")
    cursors = paging.get("cursors") if isinstance(paging, Mapping) and paging.get("next") else None
    return (_text(cursors, "after") or None) if isinstance(cursors, Mapping) else None


@asynccontextmanager
async def visit(
    place: Place, token: str, transport: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Visit]:
    """Ask as the holder of a new token."""
    async with opened(place.graph, token=token, transport=transport) as api:
        yield Visit(place, api)


@dataclass(frozen=True, slots=True)
class Lifetime:
    """What the platform says about a token's ends; None where it names none."""

    expires: datetime | None = None
    data_access_expires: datetime | None = None
    scopes: tuple[str, ...] = ()


async def lifetime(
    place: Place,
    app: AppSecrets,
    token: str,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Lifetime | None:
    """How long a token of Facebook Login lives; None when the platform does not say.

    `/debug_token` is known from memory only, so nothing depends on its answer.
    """
    secrets = (app.secret, token)
    as_app = f"{app.id}|{app.secret}"
    async with opened(place.graph, token=as_app, secrets=secrets, transport=transport) as api:
        try:
            answer = await api.get("/debug_token", {"input_token": token})
            body = read_object(answer, "reading the token's life", api.clean)
        except LoginError:
            return None
    data = body.get("data")
    if not isinstance(data, Mapping) or data.get("is_valid") is not True:
        return None
    scopes = data.get("scopes")
    return Lifetime(
        _instant(data.get("expires_at")),
        _instant(data.get("data_access_expires_at")),
        tuple(map(str, scopes)) if isinstance(scopes, list) else (),
    )


def _instant(value: Any) -> datetime | None:
    """Unix seconds; 0 stands for no end."""
    if not isinstance(value, int) or isinstance(value, bool) or value <= 0:
        return None
    try:
        return datetime.fromtimestamp(value, UTC)
    except (OverflowError, OSError, ValueError):
        return None
