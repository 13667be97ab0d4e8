"""The person behind a token: the permissions, the Pages, the businesses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from socialauto.sandbox import wire
from socialauto.sandbox.errors import INVALID, NO_SUCH_OBJECT, PERMISSION, RefusedError
from socialauto.sandbox.nodes import read_me
from socialauto.sandbox.permissions import SCOPES
from socialauto.sandbox.request import Operation, Reply, Request
from socialauto.sandbox.state import Account, Page
from socialauto.sandbox.tokens import issue, revoke
from socialauto.sandbox.world import World

BUSINESS = "200000000000001"
"""The one business of this world; it owns the Pages, or has them as clients."""

_PAGE_FIELDS = ("id", "name", "access_token", "instagram_business_account")
_LIMIT = 25
_MOST = 100


def page_id(account: Account) -> str:
    """The id of the Facebook Page that is linked with an account."""
    return "1" + account.id[2:]


def is_page(world: World, node: str) -> bool:
    return any(page_id(each) == node for each in world.accounts.values() if each.page != "none")


def _speaks_instagram(request: Request) -> bool:
    return request.token.sees(_own_account(request)).login == "instagram"


def _own_account(request: Request) -> Account:
    accounts = request.world.accounts_of(request.token)
    if not accounts:
        raise RefusedError(NO_SUCH_OBJECT)
    return accounts[0]


async def _me(request: Request) -> Reply:
    if request.token.kind == "user" and not request.world.accounts_of(request.token):
        return {"id": "100000000000009", "name": "Sandbox Person"}
    account = request.token.sees(_own_account(request))
    if account.login == "instagram":
        return read_me(request.view, account, request.fields)
    names = {field.name for field in request.fields}
    unknown = sorted(names - {"id", "name"})
    if unknown:
        sentence = f"Tried accessing nonexisting field ({unknown[0]}) on node type (User)"
        raise RefusedError(INVALID.saying(f"(#100) {sentence}"))
    return {"id": page_id(account), "name": "Sandbox Person"}


def _of_facebook(request: Request, edge: str) -> None:
    """Refuses what Instagram's own host does not know."""
    by_hand = request.token.kind == "any" and _speaks_instagram(request)
    if request.token.kind == "instagram" or by_hand:
        raise RefusedError(INVALID.saying(f"(#100) Tried accessing nonexisting field ({edge})"))


def _granted(request: Request, scope: str) -> bool:
    return request.token.scopes is None or scope in request.token.scopes


def _read_page(request: Request, account: Account) -> dict[str, Any]:
    names = [field.name for field in request.fields] or list(_PAGE_FIELDS)
    unknown = sorted(set(names) - set(_PAGE_FIELDS))
    if unknown:
        sentence = f"Tried accessing nonexisting field ({unknown[0]}) on node type (Page)"
        raise RefusedError(INVALID.saying(f"(#100) {sentence}"))
    shown: dict[str, Any] = {"id": page_id(account)}
    if "name" in names:
        shown["name"] = account.name or account.username
    if "access_token" in names:
        shown["access_token"] = _page_token(request, account)
    linked = account.account_type != "PERSONAL" and _granted(request, "instagram_basic")
    if "instagram_business_account" in names and linked:
        shown["instagram_business_account"] = {"id": account.id}
    return shown


def _page_token(request: Request, account: Account) -> str:
    """A Page's token lives as long as the short one it came from, or without an end."""
    assert request.call.token is not None
    if request.token.kind != "user":
        return request.call.token
    token = replace(
        request.token,
        kind="page",
        accounts=frozenset({account.id}),
        expires=None if request.token.long_lived else request.token.expires,
        issued=request.now,
    )
    same = (
        value
        for value, known in request.world.tokens.items()
        if replace(known, issued=request.now) == token
    )
    return next(same, None) or issue(request.world, token)


def _paged(request: Request, accounts: Sequence[Account]) -> Reply:
    """A part of a list. The cursor is the id of the last Page shown."""
    params = request.call.params
    after = wire.as_text("after", params.get("after", ""))
    ids = [page_id(account) for account in accounts]
    if after and after not in ids:
        raise RefusedError(INVALID.saying("(#100) The cursor is invalid."))
    start = ids.index(after) + 1 if after else 0
    limit = min(max(wire.as_number("limit", params.get("limit", _LIMIT)), 1), _MOST)
    shown = accounts[start : start + limit]
    reply: Reply = {"data": [_read_page(request, account) for account in shown]}
    if shown:
        last = page_id(shown[-1])
        reply["paging"] = {"cursors": {"before": page_id(shown[0]), "after": last}}
        if start + limit < len(accounts):
            reply["paging"]["next"] = request.next_page(last)
    return reply


def _reached(request: Request, *ways: Page) -> list[Account]:
    return [each for each in request.world.accounts_of(request.token) if each.page in ways]


async def _pages(request: Request) -> Reply:
    """The Facebook Pages of the person, each with the account linked to it."""
    _of_facebook(request, "accounts")
    if not _granted(request, "pages_show_list"):
        return {"data": []}
    by_hand = request.token.kind == "any"
    pages = [
        account
        for account in _reached(request, "listed")
        if not by_hand or account.login == "facebook"
    ]
    return _paged(request, pages)


async def _permissions(request: Request) -> Reply:
    _of_facebook(request, "permissions")
    token = request.token
    granted = frozenset(SCOPES["facebook"]) if token.scopes is None else token.scopes
    return {
        "data": [
            {"permission": name, "status": "granted" if name in granted else "declined"}
            for name in sorted(granted | token.asked)
        ]
    }


async def _forget(request: Request) -> Reply:
    """The person removes the app: every token of this yes dies."""
    _of_facebook(request, "permissions")
    for value, token in list(request.world.tokens.items()):
        if token.kind in ("user", "page") and token.authorised == request.token.authorised:
            revoke(request.world, value)
    return {"success": True}


def _in_business(request: Request) -> None:
    if not _granted(request, "business_management"):
        sentence = "(#200) Requires business_management permission to manage the object"
        raise RefusedError(replace(PERMISSION, code=200, message=sentence))


async def _businesses(request: Request) -> Reply:
    _of_facebook(request, "businesses")
    _in_business(request)
    known = _reached(request, "owned", "client")
    return {"data": [{"id": BUSINESS, "name": "Sandbox Business"}] if known else []}


async def _owned(request: Request) -> Reply:
    return _business_pages(request, "owned")


async def _client(request: Request) -> Reply:
    return _business_pages(request, "client")


def _business_pages(request: Request, way: Page) -> Reply:
    if request.call.node != BUSINESS:
        raise RefusedError(NO_SUCH_OBJECT)
    _in_business(request)
    return _paged(request, _reached(request, way))


def read_page(request: Request) -> Reply:
    """One Page, asked for by its id."""
    for account in _reached(request, "listed", "owned", "client"):
        if page_id(account) == request.call.node:
            return _read_page(request, account)
    raise RefusedError(NO_SUCH_OBJECT)


ME: Mapping[tuple[str, str], Operation] = {
    ("GET", ""): _me,
    ("GET", "accounts"): _pages,
    ("GET", "permissions"): _permissions,
    ("DELETE", "permissions"): _forget,
    ("GET", "businesses"): _businesses,
}
BUSINESSES: Mapping[tuple[str, str], Operation] = {
    ("GET", "owned_pages"): _owned,
    ("GET", "client_pages"): _client,
}
