"""Calls to the Graph API as the adapter needs them: an answer's object, or why there is none."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from socialauto.adapters.http import (
    READ_SECONDS,
    Answer,
    Api,
    NoAnswer,
    Reply,
    open_api,
    skew,
    told_time,
)
from socialauto.adapters.instagram import usage
from socialauto.adapters.instagram.errors import (
    LIMIT_PAUSE,
    Advice,
    GraphError,
    Rule,
    Stage,
    advice_for,
    read_error,
    rule_for,
)
from socialauto.adapters.instagram.versions import API_VERSION
from socialauto.core.clock import Clock
from socialauto.core.outcome import ErrorClass, Problem

if TYPE_CHECKING:
    from socialauto.adapters.protocol import Tools
    from socialauto.core.config import Account

HOSTS = {
    "facebook": "https://graph.facebook.com",
    "instagram": "https://graph.instagram.com",
}
"""By `login:`. The two variants differ in the host and in how the account is asked for."""

MAX_WORDS = 300
"""Characters of the platform's own words that are kept."""

_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")


@dataclass(frozen=True, slots=True)
class Failure:
    """A call that brought no usable object."""

    problem: Problem
    sent: bool = True
    """False only when surely nothing left."""
    error: GraphError | None = None
    """The platform's envelope, when it answered with one."""
    advice: Advice | None = None
    """None when this version does not know what to do."""


class Graph:
    """The API as one account and token see it."""

    __slots__ = (
        "_api", "_clock", "_token", "account_id", "base_url", "busy_until", "headers", "login",
        "paces", "raw", "skew", "upload",
    )  # fmt: skip

    def __init__(self, api: Api, account: Account, clock: Clock) -> None:
        self._api = api
        self._clock = clock
        self._token = _token_words(account)
        self.account_id = account.id
        self.login = account.login or "facebook"
        self.base_url = api.base_url
        self.raw = api.raw
        self.upload = account.upload
        self.headers: Mapping[str, str] = {}
        """Of the last answer."""
        self.paces: dict[str, float] = {}
        """Seconds until the last container was ready, by what it was made of."""
        self.skew: timedelta | None = None
        """By how much our clock is ahead of the platform's, by the last answer that said it."""
        self.busy_until: datetime | None = None
        """Until then nothing new should be begun: the limits of calls are nearly used up."""

    async def get(self, *path: str, **params: str) -> Mapping[str, Any] | Failure:
        asked = self._clock.now()
        answer = await self._api.get(_path(path), params)
        self._note_time(answer, asked)
        return self._object(answer, Stage.READ)

    async def read(self, *path: str, seconds: float, **params: str) -> Mapping[str, Any] | Failure:
        """As `get`, for what is nice to have and not worth a long wait."""
        return self._object(await self._api.get(_path(path), params, seconds=seconds), Stage.READ)

    async def post(
        self, *path: str, form: Mapping[str, str], stage: Stage, seconds: float = READ_SECONDS
    ) -> Mapping[str, Any] | Failure:
        return self._object(await self._api.post(_path(path), form, seconds=seconds), stage)

    async def delete(self, *path: str, seconds: float) -> Mapping[str, Any] | Failure:
        """As visible as publishing."""
        return self._object(await self._api.delete(_path(path), seconds=seconds), Stage.PUBLISH)

    def _object(self, answer: Answer, stage: Stage) -> Mapping[str, Any] | Failure:
        if isinstance(answer, NoAnswer):
            return _no_answer(answer)
        self._note_usage(answer)
        if error := read_error(answer.status, answer.json):
            return self._refused(answer, error, stage)
        if answer.status == 200 and answer.json is not None:
            return answer.json
        return self._unreadable(answer)

    def _note_usage(self, answer: Reply) -> None:
        self.headers = answer.headers
        if pause := usage.busy_for(answer.headers):
            self.busy_until = self._clock.now() + pause

    def _note_time(self, answer: Answer, asked: datetime) -> None:
        theirs = told_time(answer.headers) if isinstance(answer, Reply) else None
        if theirs is not None:
            self.skew = skew(theirs, asked, self._clock.now())

    def _refused(self, answer: Reply, error: GraphError, stage: Stage) -> Failure:
        problem = self.problem(error, stage)
        if problem.kind is ErrorClass.RATE_LIMITED and (pause := usage.regain(answer.headers)):
            until = self._clock.now() + pause
            problem = Problem(problem.kind, problem.message, problem.code, until, problem.detail)
        return Failure(problem, error=error, advice=advice_for(error, stage))

    def problem(self, error: GraphError, stage: Stage) -> Problem:
        """What an error means, for a person and for the next decision."""
        rule = rule_for(error)
        if rule is None:
            return self._unfamiliar(error)
        kind = rule.kind(stage)
        return Problem(
            kind,
            self._sentence(rule, error),
            error.name,
            self._clock.now() + rule.pause if kind is ErrorClass.RATE_LIMITED else None,
            self._words(error),
        )

    def _sentence(self, rule: Rule, error: GraphError) -> str:
        quoted = f' ("{_shortened(self._api.clean(error.message))}")' if rule.quotes else ""
        cure = f"; {rule.cure}" if rule.cure else ""
        sentence = f"{rule.says}{quoted}{cure}"
        for name, words in self._token.items():
            sentence = sentence.replace(name, words)
        return sentence

    def _unfamiliar(self, error: GraphError) -> Problem:
        kind = ErrorClass.TRANSIENT if error.transient or error.status >= 500 else (
            ErrorClass.UNKNOWN
        )  # fmt: skip
        words = self._words(error) or "nothing more"
        return Problem(
            kind, f"Instagram answered with error {error.name} and said: {words}", error.name,
            detail=words,
        )  # fmt: skip

    def _unreadable(self, answer: Reply) -> Failure:
        code = f"HTTP {answer.status}"
        words = _shortened(answer.text)
        if answer.status == 429:
            pause = usage.regain(answer.headers) or LIMIT_PAUSE
            limited = Problem(
                ErrorClass.RATE_LIMITED,
                "too many calls were made in a short time; it is tried again later",
                code,
                self._clock.now() + pause,
                words,
            )
            return Failure(limited)
        passing = answer.status >= 500 or answer.status == 200
        kind = ErrorClass.TRANSIENT if passing else ErrorClass.UNKNOWN
        cure = "" if passing else "; check api: and what stands between here and Instagram"
        message = f"Instagram's answer could not be read ({code}){cure}"
        return Failure(Problem(kind, message, code, detail=words))

    def _words(self, error: GraphError) -> str:
        words = _shortened(self._api.clean(error.message))
        return f"{words} (trace {error.trace[:40]})" if error.trace else words


def _token_words(account: Account) -> Mapping[str, str]:
    """Where the token comes from, and how to get a new one; never the token itself."""
    kind, _, name = account.token.partition(":")
    if kind == "secret":
        return {"{token}": account.token, "{renew}": 'type "socialauto accounts connect"'}
    return {"{token}": name, "{renew}": f"put a new token into {name}"}


def _path(segments: tuple[str, ...]) -> str:
    return "/" + "/".join(quote(segment, safe="") for segment in segments)


def _no_answer(answer: NoAnswer) -> Failure:
    happened = "did not answer" if answer.sent else "could not be reached"
    reason = _shortened(answer.reason)
    problem = Problem(ErrorClass.TRANSIENT, f"Instagram {happened} ({reason})", detail=reason)
    return Failure(problem, sent=answer.sent)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= MAX_WORDS else line[: MAX_WORDS - 1] + "…"


def id_of(body: Mapping[str, Any]) -> str | None:
    """The id in an answer; None when there is none that can be used."""
    value = body.get("id")
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if _ID.fullmatch(text) else None


def without_id(what: str) -> Failure:
    """A success that does not say what it made."""
    return Failure(Problem(ErrorClass.TRANSIENT, f"Instagram's answer {what} names no id"))


@asynccontextmanager
async def open_graph(account: Account, tools: Tools) -> AsyncIterator[Graph]:
    host = account.api or HOSTS[account.login or "facebook"]
    base = f"{host.rstrip('/')}/{account.api_version or API_VERSION}"
    async with open_api(base, tools.token, tools.transport) as api:
        yield Graph(api, account, tools.clock)
