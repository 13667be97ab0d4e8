"""Pages are asked on a real server; what must never be connected to is watched."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Sequence

import anyio
import httpx
import pytest
import trustme

from socialauto.adapters import web
from socialauto.adapters.web import Resolve, Web, is_public
from socialauto.core.check_links import Answer, Answers, Gone, Inside, Unclear
from support.pages import Server, serving

PUBLIC = "93.184.216.34"


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with serving() as server:
        yield server


@pytest.fixture
def server(running: Server) -> Server:
    running.seen.clear()
    return running


def names(**known: str | list[str]) -> Resolve:
    """A resolver that knows these names; `None` is nobody's."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        found = known.get(host.replace(".", "_"))
        if found is None:
            raise socket.gaierror(socket.EAI_NONAME, "nobody")
        return [found] if isinstance(found, str) else found

    return resolve


def ask(asker: Web, *urls: str) -> list[Answer]:
    found = anyio.run(asker.ask, urls)
    return [found[url] for url in urls]


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/", Answers()),
        ("/204", Answers()),
        ("/404", Gone("it answers 404")),
        ("/410", Gone("it answers 410")),
        ("/403", Unclear("it answers 403")),
        ("/429", Unclear("it answers 429")),
        ("/500", Unclear("it answers 500")),
        ("/only-get", Answers()),
        ("/to/", Answers()),
        ("/to/to/to/to/to/404", Gone("it answers 404")),
        ("/to/to/to/to/to/to/", Unclear("it leads on more than 5 times")),
        ("/loop", Unclear("it leads on more than 5 times")),
        ("/away/ftp://host/file", Unclear("it leads to ftp")),
    ],
)
def test_what_pages_answer(server: Server, path: str, answer: Answer) -> None:
    assert ask(Web(private=True), server.url(path)) == [answer]


def test_a_page_is_asked_once_and_a_good_one_by_its_head_alone(server: Server) -> None:
    ask(Web(private=True), server.url("/a"), server.url("/a"), server.url("/404"))
    assert sorted(line.rpartition(" ")[0] for line in server.seen) == [
        "GET /404", "HEAD /404", "HEAD /a",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.0.0.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "2130706433"],
)
def test_this_machine_is_never_asked(server: Server, host: str) -> None:
    url = f"http://{host}/"
    (answer,) = ask(Web(), url)
    assert isinstance(answer, Inside | Gone)  # some systems do not read the short forms
    assert server.seen == []


def test_a_name_that_leads_into_a_private_network_is_not_asked(server: Server) -> None:
    asker = Web(resolve=names(intern_example=["10.0.0.7", "fd00::7"]))
    assert ask(asker, "http://intern.example/") == [Inside("intern.example")]


def test_a_redirect_into_a_private_network_is_not_followed(server: Server) -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(302, headers={"Location": server.url("/")})

    asked: list[str] = []
    resolve = names(public_example=PUBLIC, **{"127_0_0_1": "127.0.0.1"})
    asker = Web(resolve=resolve, transport=httpx.MockTransport(respond))
    assert ask(asker, "http://public.example/x") == [Unclear(f"port {server.port} is not asked")]
    assert asked == [f"http://{PUBLIC}/x"]
    assert server.seen == []


def test_a_redirect_to_this_machine_is_named(server: Server) -> None:
    transport = httpx.MockTransport(
        lambda request: httpx.Response(302, headers={"Location": "http://metadata.example/"})
    )
    resolve = names(public_example=PUBLIC, metadata_example="169.254.169.254")
    asker = Web(resolve=resolve, transport=transport)
    assert ask(asker, "http://public.example/") == [Inside("metadata.example")]


def test_what_was_judged_is_what_is_connected_to() -> None:
    """A name that answers otherwise the second time is not asked a second time."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        looked_up.append(host)
        return [PUBLIC] if len(looked_up) == 1 else ["127.0.0.1"]

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append((request.url.host, request.headers["host"], request.extensions["sni_hostname"]))
        return httpx.Response(405 if request.method == "HEAD" else 200)

    looked_up: list[str] = []
    seen: list[tuple[str, str, str]] = []
    asker = Web(resolve=resolve, transport=httpx.MockTransport(respond))
    assert ask(asker, "https://user:pass@public.example/") == [Answers()]
    assert looked_up == ["public.example"]
    assert seen == [(PUBLIC, "public.example", "public.example")] * 2


def test_nothing_of_ours_is_sent_along() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        headers.update(request.headers)
        return httpx.Response(200, headers={"Set-Cookie": "a=b"})

    headers: dict[str, str] = {}
    asker = Web(resolve=names(public_example=PUBLIC), transport=httpx.MockTransport(respond))
    ask(asker, "https://user:pass@public.example/")
    assert headers.keys() == {"host", "accept", "accept-encoding", "connection", "user-agent"}


def test_of_several_addresses_only_public_ones_are_tried_the_older_kind_first() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        raise httpx.ConnectError("no route")

    seen: list[str] = []
    resolve = names(public_example=["2606:2800:220:1::1", "10.0.0.1", PUBLIC])
    asker = Web(resolve=resolve, transport=httpx.MockTransport(respond))
    assert ask(asker, "http://public.example/") == [Unclear("no route")]
    assert seen == [PUBLIC, "2606:2800:220:1::1"]


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("https://gone.example/", Gone("there is no host gone.example")),
        ("https://public.example:8443/", Unclear("port 8443 is not asked")),
        ("https://empty.example/", Unclear("it has no address")),
        ("https://ü.example/", Gone("there is no host xn--tda.example")),
    ],
)
def test_what_nobody_can_be_asked_about(url: str, answer: Answer) -> None:
    asker = Web(resolve=names(public_example=PUBLIC, empty_example=[]))
    assert ask(asker, url) == [answer]


def test_a_look_up_that_fails_for_now_says_nothing_about_the_link() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    (answer,) = ask(Web(resolve=resolve), "https://public.example/")
    assert answer == Unclear("the name of public.example cannot be looked up now")


@pytest.mark.parametrize(
    "url", ["https://[", "http://", "https://a b/", "https://" + "a" * 300, "http://a\0b/"]
)
def test_what_is_no_address_ends_nothing(url: str) -> None:
    (answer,) = ask(Web(private=True), url)
    assert isinstance(answer, Unclear | Gone)


def test_nobody_is_waited_for_longer_than_a_while() -> None:
    async def respond(request: httpx.Request) -> httpx.Response:
        await anyio.sleep(3600)
        return httpx.Response(200)

    async def asked() -> Answer:
        asker = Web(resolve=names(public_example=PUBLIC), transport=httpx.MockTransport(respond))
        return (await asker.ask(["http://public.example/"]))["http://public.example/"]

    from trio.testing import MockClock

    answer = anyio.run(
        asked, backend="trio", backend_options={"clock": MockClock(autojump_threshold=0)}
    )
    assert answer == Unclear("it does not answer in time")


def test_a_slow_host_is_not_crowded_and_its_pages_are_all_waited_for() -> None:
    async def respond(request: httpx.Request) -> httpx.Response:
        nonlocal busy, most
        busy += 1
        most = max(most, busy)
        await anyio.sleep(10)
        busy -= 1
        return httpx.Response(200)

    async def asked() -> list[Answer]:
        asker = Web(resolve=names(public_example=PUBLIC), transport=httpx.MockTransport(respond))
        return list((await asker.ask(f"http://public.example/{n}" for n in range(20))).values())

    from trio.testing import MockClock

    busy = most = 0
    answers = anyio.run(
        asked, backend="trio", backend_options={"clock": MockClock(autojump_threshold=0)}
    )
    assert answers == [Answers()] * 20
    assert most == web.AT_ONE_HOST


def test_certificates_are_checked_against_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    serves = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("acme.example").configure_cert(serves)
    asks = ssl.create_default_context()
    authority.configure_trust(asks)
    resolve = names(acme_example="127.0.0.1", other_example="127.0.0.1")
    with serving(serves) as server:
        urls = [f"https://{host}.example:{server.port}/" for host in ("acme", "other")]
        bad = Unclear("its certificate is not valid")
        assert ask(Web(private=True, resolve=resolve), *urls) == [bad, bad]
        monkeypatch.setattr(web, "_tls", lambda: asks)
        assert ask(Web(private=True, resolve=resolve), *urls) == [Answers(), bad]
        assert server.seen == [f"HEAD / acme.example:{server.port}"]


@pytest.mark.parametrize(
    ("address", "public"),
    [
        (PUBLIC, True),
        ("2606:2800:220:1::1", True),
        ("10.1.2.3", False),
        ("172.16.0.1", False),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("127.0.0.1", False),
        ("169.254.169.254", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("255.255.255.255", False),
        ("::1", False),
        ("::", False),
        ("fe80::1%eth0", False),
        ("fd00::1", False),
        ("ff02::1", False),
        ("::ffff:10.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("64:ff9b::5db8:d822", True),
        ("2002:a00:1::", False),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", False),
        ("no address", False),
    ],
)
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public
