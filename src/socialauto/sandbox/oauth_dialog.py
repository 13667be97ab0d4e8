"""The dialog in which a person lets an app in, for both variants."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from socialauto.sandbox.feed import environment
from socialauto.sandbox.oauth import APP_ID, Grant, OAuth
from socialauto.sandbox.permissions import ALWAYS, SCOPES
from socialauto.sandbox.state import Account, Login
from socialauto.sandbox.world import World

_FACEBOOK = re.compile(r"(/v\d{1,3}\.\d{1,3})?/dialog/oauth")
_REDIRECT = re.compile(r"https://[^\s/?#\"';,]+(/[^\s#]*)?|http://localhost(:\d{1,5})?(/[^\s#]*)?")
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self' {origin}"
)
_DENIED: Mapping[Login, Mapping[str, str]] = {
    "facebook": {"error_code": "200", "error_description": "Permissions error"},
    "instagram": {"error_description": "The user denied your request"},
}
_FRAGMENT: Mapping[Login, str] = {"facebook": "#_=_", "instagram": "#_"}
"""What the platform leaves behind the code."""


@dataclass(frozen=True, slots=True)
class Ask:
    """What an app wants, as its address says."""

    login: Login
    redirect_uri: str
    scopes: tuple[str, ...]
    state: str | None

    @property
    def origin(self) -> str:
        parts = urlsplit(self.redirect_uri)
        return f"{parts.scheme}://{parts.netloc}"

    def back(self, answer: Mapping[str, str], fragment: str = "") -> str:
        """The address that takes the person back to the app."""
        pairs = dict(answer) if self.state is None else {**answer, "state": self.state}
        joint = "&" if urlsplit(self.redirect_uri).query else "?"
        return f"{self.redirect_uri}{joint}{urlencode(pairs)}{fragment}"


class _WrongAskError(Exception):
    """Shown to the person: an app that asks like this is sent nothing."""


def _read_ask(login: Login, params: Mapping[str, str]) -> Ask:
    if params.get("client_id") != APP_ID:
        raise _WrongAskError(f"There is no app with this id. The sandbox's app is {APP_ID}.")
    redirect_uri = params.get("redirect_uri", "")
    if not _REDIRECT.fullmatch(redirect_uri):
        raise _WrongAskError(
            "The redirect_uri is blocked: it must be an https address, or http://localhost."
        )
    if params.get("response_type", "code") != "code":
        raise _WrongAskError("The response_type must be code.")
    scopes = tuple(dict.fromkeys(re.split(r"[\s,]+", params.get("scope", ""))))
    wanted = tuple(scope for scope in scopes if scope)
    if login == "facebook" and not wanted and params.get("config_id"):
        # Facebook Login for Business: the app's page says what is asked for; here it is all.
        wanted = tuple(SCOPES[login])
    unknown = [scope for scope in wanted if scope not in SCOPES[login]]
    if unknown:
        raise _WrongAskError(f"Invalid scopes: {', '.join(unknown)}.")
    if login == "instagram" and ALWAYS[login] not in wanted:
        raise _WrongAskError(f"The scope {ALWAYS[login]} must be among those asked for.")
    return Ask(login, redirect_uri, wanted, params.get("state"))


def _login(path: str) -> Login:
    return "facebook" if _FACEBOOK.fullmatch(path) else "instagram"


class Dialog:
    """Shows the question, and sends the answer to the app."""

    def __init__(self, world: World, oauth: OAuth, now: Callable[[], datetime]) -> None:
        self._world = world
        self._oauth = oauth
        self._now = now
        self._environment = environment()

    def routes(self) -> list[Route]:
        paths = ("/{version}/dialog/oauth", "/dialog/oauth", "/oauth/authorize")
        return [Route(path, self._meet, methods=["GET", "POST"]) for path in paths]

    async def _meet(self, request: Request) -> Response:
        login = _login(request.url.path)
        try:
            ask = _read_ask(login, request.query_params)
        except _WrongAskError as error:
            return self._page("dialog_wrong.html", "'none'", status=400, sentence=str(error))
        if request.method == "GET":
            return self._question(ask)
        # The form goes to the page's own address, which still says what the app wants.
        async with request.form(max_files=0) as form:
            return self._answer(ask, form)

    def _page(self, template: str, origin: str, *, status: int = 200, **values: Any) -> Response:
        html = self._environment.get_template(template).render(**values)
        headers = {
            # Browsers hold the redirect that follows a form to the same rule as the form itself.
            "Content-Security-Policy": _POLICY.format(origin=origin),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
        }
        return HTMLResponse(html, status_code=status, headers=headers)

    def _accounts(self, login: Login) -> list[Account]:
        known = self._world.accounts.values()
        return [each for each in known if login == "instagram" or each.page != "none"]

    def _question(self, ask: Ask) -> Response:
        words = SCOPES[ask.login]
        boxes = [(name, words[name]) for name in ask.scopes if name != ALWAYS[ask.login]]
        return self._page(
            "dialog.html",
            ask.origin,
            ask=ask,
            client_id=APP_ID,
            boxes=boxes,
            always=words[ALWAYS[ask.login]],
            accounts=self._accounts(ask.login),
        )

    def _answer(self, ask: Ask, form: FormData) -> Response:
        if form.get("choice") != "allow":
            answer = {"error": "access_denied", "error_reason": "user_denied", **_DENIED[ask.login]}
            return RedirectResponse(ask.back(answer), status_code=303)
        chosen = {str(value) for value in form.getlist("account")}
        accounts = frozenset(each.id for each in self._accounts(ask.login) if each.id in chosen)
        if ask.login == "instagram" and len(accounts) != 1:
            return self._page("dialog_wrong.html", "'none'", status=400, sentence="No account.")
        granted = {str(value) for value in form.getlist("scope")} & set(ask.scopes)
        code = self._oauth.allow(
            Grant(
                login=ask.login,
                redirect_uri=ask.redirect_uri,
                scopes=frozenset(granted | {ALWAYS[ask.login]}),
                asked=frozenset(ask.scopes),
                accounts=accounts,
                time=self._now(),
            )
        )
        return RedirectResponse(ask.back({"code": code}, _FRAGMENT[ask.login]), status_code=303)
