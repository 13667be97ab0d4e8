"""The one comment of ours below a pull request on GitHub: found, renewed, or written for once."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx

from socialauto import __version__
from socialauto.core.check_text import length_of
from socialauto.core.errors import SocialautoError
from socialauto.core.redact import Redactor
from socialauto.report.comment import MARKER, NOTHING

API = "https://api.github.com"
BOT = "github-actions[bot]"
"""Who writes with the token of a workflow's job. No person can have a name with brackets."""
LONGEST = 65_536
"""Characters of a comment that GitHub takes."""
PAGE = 50
"""Comments asked for at a time."""
MOST_PAGES = 40
SECONDS = 30.0
_MOST_BYTES = 32 * 1024 * 1024
"""Of one answer: a page of the longest comments, and as much again."""
_REPOSITORY = re.compile(r"[\w.-]+/[\w.-]+", re.ASCII)
_MAY_NOT = "a workflow's job needs \"permissions: pull-requests: write\"; no fork's job ever has it"


class Posted(StrEnum):
    """What became of the comment, in words for people."""

    WRITTEN = "written"
    RENEWED = "renewed"
    SAME = "the same already"
    NOTHING = "not written: there is nothing to say"


@dataclass(frozen=True, slots=True)
class PullRequest:
    """Where the comment belongs."""

    repository: str
    """`acme/posts`."""
    number: int
    api: str = API
    author: str = BOT
    """Whose comment is ours; one that starts as ours does and is another's is left alone."""


def check_place(place: PullRequest) -> None:
    """Raises `SocialautoError` where a token must not be sent."""
    if not _REPOSITORY.fullmatch(place.repository):
        raise SocialautoError(
            f'"{place.repository}" is no repository', "name one such as acme/posts"
        )
    address = urlsplit(place.api)
    if address.scheme != "https" and not (address.scheme == "http" and _is_local(address.hostname)):
        raise SocialautoError(
            f"{place.api} is no https address, so no token is sent there",
            "set GITHUB_API_URL to your forge's API",
        )


def _is_local(host: str | None) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host or "").is_loopback
    except ValueError:
        return False


def check_body(body: str) -> None:
    """Raises `SocialautoError` for what is no comment of ours, or one that nobody takes."""
    if not body.startswith(MARKER):
        raise SocialautoError(
            f"the text does not start with {MARKER}",
            'write it with "socialauto validate --base REF --comment FILE"',
        )
    if length_of(body, "utf16") > LONGEST:
        raise SocialautoError(
            f"the text is longer than the {LONGEST:,} characters that GitHub takes"
        )


def _plain(body: str) -> str:
    """As it is compared: a forge may store other line breaks and cut the end."""
    return body.replace("\r\n", "\n").rstrip()


@dataclass(frozen=True, slots=True)
class _Forge:
    client: httpx.AsyncClient
    place: PullRequest
    redactor: Redactor

    async def ask(self, method: str, path: str, **parts: Any) -> Any:
        """The JSON of an answer. Nothing is asked twice: the next run finds what this one did."""
        body = bytearray()
        try:
            async with self.client.stream(method, path, **parts) as response:
                async for piece in response.aiter_bytes():
                    body += piece
                    if len(body) > _MOST_BYTES:
                        raise SocialautoError("GitHub answers with more than can be read")
        except httpx.HTTPError as error:
            words = self.redactor.clean(str(error)) or type(error).__name__
            raise SocialautoError(f"GitHub did not answer: {words}", "run the job again") from None
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            content = None
        if not response.is_success or content is None:
            raise self._refused(response.status_code, content)
        return content

    def _refused(self, status: int, content: Any) -> SocialautoError:
        said = content.get("message") if isinstance(content, Mapping) else None
        words = self.redactor.clean(str(said))[:300] if said else "nothing that can be read"
        hint = "run the job again"
        if status == 401:
            hint = "the token in GITHUB_TOKEN has ended, or belongs to another forge"
        elif status in (403, 404) and "rate limit" not in words:
            hint = _MAY_NOT
        where = f"{self.place.repository}#{self.place.number}"
        return SocialautoError(f"GitHub answers {status} about {where}: {words}", hint)

    async def ours(self) -> Mapping[str, Any] | None:
        """The first comment that is ours."""
        path = f"repos/{self.place.repository}/issues/{self.place.number}/comments"
        for page in range(1, MOST_PAGES + 1):
            found = await self.ask("GET", path, params={"per_page": PAGE, "page": page})
            for one in found if isinstance(found, list) else []:
                if self._is_ours(one):
                    return dict(one)
            if not isinstance(found, list) or len(found) < PAGE:
                return None
        raise SocialautoError(
            f"none of the first {PAGE * MOST_PAGES:,} comments is ours; a second one of ours may "
            "be behind them, so nothing was written"
        )

    def _is_ours(self, one: Any) -> bool:
        if not isinstance(one, Mapping) or not isinstance(one.get("id"), int):
            return False
        user = one.get("user")
        author = user.get("login") if isinstance(user, Mapping) else None
        return author == self.place.author and str(one.get("body")).startswith(MARKER)

    async def put(self, body: str) -> Posted:
        known = await self.ours()
        repository = f"repos/{self.place.repository}"
        if known is None:
            if body.split("\n")[1:2] == [NOTHING]:
                return Posted.NOTHING
            path = f"{repository}/issues/{self.place.number}/comments"
            await self.ask("POST", path, json={"body": body})
            return Posted.WRITTEN
        if _plain(str(known["body"])) == _plain(body):
            return Posted.SAME
        path = f"{repository}/issues/comments/{known['id']}"
        await self.ask("PATCH", path, json={"body": body})
        return Posted.RENEWED


@asynccontextmanager
async def _opened(
    place: PullRequest, token: str, transport: httpx.AsyncBaseTransport | None
) -> AsyncIterator[_Forge]:
    async with httpx.AsyncClient(
        base_url=f"{place.api.rstrip('/')}/",
        headers={
            "Authorization": f"Bearer {token}",
            "Accept": "application/vnd.github+json",
            "X-GitHub-Api-Version": "2022-11-28",
            "User-Agent": f"socialauto/{__version__}",
        },
        timeout=SECONDS,
        transport=transport,
        trust_env=place.api.startswith("https:"),
        follow_redirects=False,
    ) as client:
        yield _Forge(client, place, Redactor([token]))


async def put_comment(
    place: PullRequest,
    token: str,
    body: str,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Posted:
    """Write the comment, or renew ours when it says something else.

    Raises `SocialautoError` with the forge's words when that is refused, or nobody answers.
    """
    check_place(place)
    check_body(body)
    async with _opened(place, token, transport) as forge:
        return await forge.put(body)
