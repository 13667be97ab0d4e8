"""Asks the web whether pages are there, without being led into a network that is not public.

Links come from pull requests of anybody, and the machine that asks may stand inside a company or a
cloud. So a name is resolved here, its addresses are judged, and it is the judged address that is
connected to: there is no second look-up that could answer otherwise. No proxy is used, because it
would do the look-up. Nothing of ours is sent along, and no body is read.
"""

from __future__ import annotations

import socket
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urljoin

import anyio
import httpx

from socialauto import __version__
from socialauto.core.check_links import Answer, Answers, Gone, Inside, Unclear, host_of
from socialauto.core.redact import Redactor

SECONDS = 20.0
"""For one page with all that it leads on to."""
CONNECT_SECONDS = 5.0
MAX_REDIRECTS = 5
AT_ONCE = 8
AT_ONE_HOST = 2
TRIED = 3
"""Addresses of one host; the first ones may belong to a network that this machine has not."""

PORTS = frozenset({80, 443})
"""A link to another one may be meant for this machine and not for readers."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MISSING = frozenset({404, 410})
_NAT64 = ip_network("64:ff9b::/96")
_NO_HOST = {socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)}

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host and port to addresses. Raises `socket.gaierror`."""


class _FoundError(Exception):
    """The question is answered before anybody was asked."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer)
        self.answer = answer


async def resolve(host: str, port: int) -> Sequence[str]:
    """As the system knows it."""
    found = await anyio.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _carried(address: IPv6Address) -> IPv4Address | None:
    """The older address that one of the newer kind stands for."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo[1] if address.teredo else None
    return address.ipv4_mapped or address.sixtofour or teredo


def is_public(address: str) -> bool:
    """Whether the whole internet means the same machine by it."""
    try:
        found: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(found, IPv6Address) and (carried := _carried(found)):
        found = carried
    return found.is_global and not found.is_multicast


@cache
def _tls() -> ssl.SSLContext:
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class _Spot:
    """An address of a page, and where it is connected to."""

    url: httpx.URL
    connected: httpx.URL
    """With the judged address for the name."""

    @property
    def headers(self) -> dict[str, str]:
        return {"Host": self.url.netloc.decode("ascii")}

    @property
    def extensions(self) -> dict[str, str]:
        """The certificate is asked for by name, and checked against it."""
        return {"sni_hostname": self.url.raw_host.decode("ascii").strip("[]")}


@dataclass(frozen=True, slots=True)
class Web:
    """Asks pages whether they are there."""

    private: bool = False
    """Also those of this machine and of networks that are not public."""
    resolve: Resolve = resolve
    transport: httpx.AsyncBaseTransport | None = None
    """For tests."""
    _hosts: dict[str, anyio.CapacityLimiter] = field(
        default_factory=lambda: defaultdict(lambda: anyio.CapacityLimiter(AT_ONE_HOST)), init=False
    )

    async def ask(self, urls: Iterable[str]) -> Mapping[str, Answer]:
        """What each page answers, asked once. Raises nothing: what goes wrong is an answer."""
        answers: dict[str, Answer] = {}
        limiter = anyio.CapacityLimiter(AT_ONCE)

        async def one(url: str) -> None:
            # Whoever waits for a busy host takes no place from the others, and no patience ends.
            async with self._hosts[host_of(url)], limiter:
                answers[url] = await self._answer(url)

        async with anyio.create_task_group() as tasks:
            for url in dict.fromkeys(urls):
                tasks.start_soon(one, url)
        return answers

    async def _answer(self, url: str) -> Answer:
        try:
            with anyio.fail_after(SECONDS):
                return await self._follow(url)
        except _FoundError as found:
            return found.answer
        except (TimeoutError, httpx.TimeoutException):
            return Unclear("it does not answer in time")
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError, ValueError) as error:
            return Unclear(_words(error))

    async def _follow(self, url: str) -> Answer:
        for _ in range(MAX_REDIRECTS + 1):
            status, leads_to = await self._look(url)
            if status not in _REDIRECTS or not leads_to:
                return _meaning(status)
            url = urljoin(url, leads_to)
        return Unclear(f"it leads on more than {MAX_REDIRECTS} times")

    async def _look(self, url: str) -> tuple[int, str]:
        """Status, and where it leads. Many servers know HEAD badly, so what it refuses is asked
        once more."""
        spots = await self._spots(httpx.URL(url))
        for spot in spots:
            try:
                status, leads_to = await self._call("HEAD", spot)
                if status >= 400:
                    status, leads_to = await self._call("GET", spot)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                if spot is spots[-1]:
                    raise
            else:
                return status, leads_to
        raise _FoundError(Unclear("it has no address"))

    async def _spots(self, url: httpx.URL) -> list[_Spot]:
        """Where a page may be looked for; raises when that is nowhere."""
        if url.scheme not in ("http", "https"):
            raise _FoundError(Unclear(f"it leads to {url.scheme or 'no address'}"))
        port = url.port or {"http": 80, "https": 443}[url.scheme]
        if port not in PORTS and not self.private:
            raise _FoundError(Unclear(f"port {port} is not asked"))
        host = url.raw_host.decode("ascii").strip("[]")
        try:
            found = await self.resolve(host, port)
        except socket.gaierror as error:
            known = error.errno not in _NO_HOST
            why = f"the name of {host} cannot be looked up now" if known else ""
            gone = Gone(f"there is no host {host}")
            raise _FoundError(Unclear(why) if known else gone) from None
        usable = [address for address in found if self.private or is_public(address)]
        if found and not usable:
            raise _FoundError(Inside(host))
        usable.sort(key=lambda address: ":" in address)  # many runners have no IPv6
        bare = url.copy_with(username="", password="")
        return [_Spot(bare, bare.copy_with(host=address)) for address in usable[:TRIED]]

    async def _call(self, method: str, spot: _Spot) -> tuple[int, str]:
        async with (
            httpx.AsyncClient(
                headers={"User-Agent": f"socialauto/{__version__} (looks whether links answer)"},
                timeout=httpx.Timeout(SECONDS, connect=CONNECT_SECONDS),
                verify=_tls(),
                transport=self.transport,
                trust_env=False,
            ) as client,
            client.stream(
                method, spot.connected, headers=spot.headers, extensions=spot.extensions
            ) as response,
        ):
            return response.status_code, response.headers.get("location", "")


def _meaning(status: int) -> Answer:
    if status in _MISSING:
        return Gone(f"it answers {status}")
    return Answers() if 200 <= status < 300 else Unclear(f"it answers {status}")


def _words(error: Exception) -> str:
    """Other people's words, short."""
    text = " ".join(Redactor().clean(str(error)).split())
    if "CERTIFICATE_VERIFY_FAILED" in text:
        return "its certificate is not valid"
    return text[:120] or type(error).__name__
