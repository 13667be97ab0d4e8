"""Calls to the token endpoints: an answer's object, or the reason why there is none."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from socialauto.adapters.http import Answer, Api, NoAnswer, Reply, open_api
from socialauto.adapters.instagram.errors import GraphError, read_error
from socialauto.adapters.instagram.graph import HOSTS, MAX_WORDS
from socialauto.adapters.instagram.scopes import Login
from socialauto.adapters.instagram.versions import API_VERSION
from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    import httpx

_PEOPLE: Mapping[Login, str] = {
    "facebook": "https://www.facebook.com",
    "instagram": "https://www.instagram.com",
}
"""Where the dialog is."""
_CODES: Mapping[Login, str] = {
    "facebook": HOSTS["facebook"],
    "instagram": "https://api.instagram.com",
}
"""Where a code becomes a token."""

_BUSY = frozenset({1, 2, 4, 17, 32, 341, 613, 80001, 80002})
"""Codes that mean: ask again later."""

_AGAIN = "start again, and finish within the hour"
_APP = (
    "check the app's id and secret; with login: instagram they are those of the Instagram app, "
    "on the page of its business login settings"
)
_WORDS: tuple[tuple[str, str, str], ...] = (
    # what the platform says, what that means, what to do
    ("client secret", "the app's secret is wrong", _APP),
    ("Invalid platform app", "there is no app with this id", _APP),
    ("validating application", "there is no app with this id", _APP),
    ("already used", "the code has been used or is not known", _AGAIN),
    ("code has been used", "the code has been used already", _AGAIN),
    ("code has expired", "the code is older than an hour", _AGAIN),
    ("verification code format", "the code is not whole", "copy all of the address, " + _AGAIN),
    (
        "redirect_uri",
        "the redirect address is not the one that the dialog was opened with",
        "use the very same --redirect, down to the last slash",
    ),
)
"""Read in the message, because api.instagram.com has no numbers."""


class LoginError(SocialautoError):
    """The platform gave no token, or did not answer."""

    def __init__(self, message: str, hint: str = "", *, passing: bool = False) -> None:
        super().__init__(message, hint)
        self.passing = passing
        """True when asking again later may help: nothing was refused."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variant of the API is asked: its own hosts, or one base address for all."""

    login: Login
    api: str | None = None
    version: str = API_VERSION

    @property
    def people(self) -> str:
        return self._host(_PEOPLE)

    @property
    def codes(self) -> str:
        return self._host(_CODES)

    @property
    def tokens(self) -> str:
        """Where tokens are exchanged for others: without a version, in both variants' documents
        it is either optional or not allowed."""
        return self._host(HOSTS)

    @property
    def graph(self) -> str:
        return f"{self.tokens}/{self.version}"

    def _host(self, table: Mapping[Any, str]) -> str:
        return (self.api or table[self.login]).rstrip("/")


def read_object(answer: Answer, what: str, clean: Callable[[str], str]) -> Mapping[str, Any]:
    """The object of an answer. Raises `LoginError`, which begins with `what` failed."""
    if isinstance(answer, NoAnswer):
        raise LoginError(
            f"{what}: no answer ({_short(clean(answer.reason))})", "try again later", passing=True
        )
    error = read_refusal(answer)
    if error is not None:
        raise _refused(error, what, clean)
    if answer.status == 200 and answer.json is not None:
        return answer.json
    passing = answer.status == 200 or answer.status >= 500 or answer.status == 429
    hint = "try again later" if passing else "check what stands between here and the platform"
    raise LoginError(
        f"{what}: the answer could not be read (HTTP {answer.status})", hint, passing=passing
    )


def read_refusal(answer: Reply) -> GraphError | None:
    """A refusal in either of the two forms: the Graph API's, or that of api.instagram.com."""
    error = read_error(answer.status, answer.json)
    if error is not None or answer.json is None:
        return error
    message = answer.json.get("error_message")
    if not isinstance(message, str):
        return None
    return GraphError(code=None, subcode=None, message=message, status=answer.status)


def _refused(error: GraphError, what: str, clean: Callable[[str], str]) -> LoginError:
    said = _short(clean(error.message))
    for word, meaning, cure in _WORDS:
        if word in error.message:
            return LoginError(f"{what}: {meaning}", cure)
    if error.code == 190:
        ended = "has expired" if error.subcode == 463 else "is not valid any more"
        return LoginError(f"{what}: the token {ended} ({error.name})", "log in again")
    passing = error.transient or error.status >= 500 or error.code in _BUSY
    hint = "try again later" if passing else ""
    return LoginError(f'{what}: refused with {error.name}, "{said}"', hint, passing=passing)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 1] + "…"


@contextmanager
def _hushed(clean: Callable[[str], str]) -> Iterator[None]:
    """httpx logs addresses, and these endpoints are documented with secrets in them."""

    def redact(record: logging.LogRecord) -> bool:
        record.msg, record.args = clean(record.getMessage()), ()
        return True

    logger = logging.getLogger("httpx")
    logger.addFilter(redact)
    try:
        yield
    finally:
        logger.removeFilter(redact)


@asynccontextmanager
async def opened(
    base: str,
    *,
    token: str = "",
    secrets: Iterable[str] = (),
    transport: httpx.AsyncBaseTransport | None = None,
) -> AsyncIterator[Api]:
    async with open_api(base, token, transport, secrets=secrets) as api:
        with _hushed(api.clean):
            yield api
