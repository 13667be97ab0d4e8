"""The HTTP door: what is sent, what comes back as a value, and what is never shown."""

from __future__ import annotations

import socket
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Any

import anyio
import httpx
import pytest
import respx
from trio.testing import MockClock

from socialauto import __version__
from socialauto.adapters.http import MAX_BODY, Answer, Api, NoAnswer, Reply, open_api

BASE = "https://graph.example/v25.0"
Call = Callable[[Api], Awaitable[Answer]]


def ask(call: Call, token: str, *, base: str = BASE, transport: Any = None) -> Answer:
    async def main() -> Answer:
        async with open_api(base, token, transport) as api:
            return await call(api)

    return anyio.run(main, backend="trio")


def answering(response: httpx.Response) -> httpx.MockTransport:
    return httpx.MockTransport(lambda _: response)


def get(api: Api) -> Awaitable[Answer]:
    return api.get("/17", {"fields": "id,status"})


def post(api: Api) -> Awaitable[Answer]:
    return api.post("/17/media", {"caption": "ä & b", "children": '["1","2"]'})


@contextmanager
def raw_server(answer: bytes) -> Iterator[str]:
    """Reads one request, says these bytes, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection, connection.makefile("rb") as request:
                # All of it: closing with bytes unread would reset the connection.
                length = sum(
                    int(line.split(b":")[1])
                    for line in iter(request.readline, b"\r\n")
                    if line.lower().startswith(b"content-length:")
                )
                request.read(length)
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join()


# what is sent


@respx.mock
def test_the_token_travels_in_the_header_and_nowhere_else(canary: str) -> None:
    route = respx.get(f"{BASE}/17").respond(json={"id": "17"})

    ask(get, canary)

    request = route.calls.last.request
    assert request.headers["authorization"] == f"Bearer {canary}"
    assert request.headers["user-agent"] == f"socialauto/{__version__}"
    assert str(request.url) == f"{BASE}/17?fields=id%2Cstatus"


@respx.mock
def test_parameters_of_a_post_are_a_form(canary: str) -> None:
    route = respx.post(f"{BASE}/17/media").respond(json={"id": "1"})

    ask(post, canary)

    request = route.calls.last.request
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert request.content == b"caption=%C3%A4+%26+b&children=%5B%221%22%2C%222%22%5D"
    assert not request.url.query


@respx.mock
def test_a_failure_is_not_repeated(canary: str) -> None:
    route = respx.post(f"{BASE}/17/media").respond(502)

    ask(post, canary)

    assert route.call_count == 1


@respx.mock
def test_a_redirect_is_not_followed(canary: str) -> None:
    respx.get(f"{BASE}/17").respond(302, headers={"location": "https://elsewhere.example/"})

    assert ask(get, canary) == Reply(302, None, {"location": "https://elsewhere.example/"})


# what comes back


def test_an_object_is_read_whatever_its_content_type(canary: str) -> None:
    reply = ask(get, canary, transport=answering(httpx.Response(400, text='{"error": {}}')))

    assert isinstance(reply, Reply)
    assert (reply.status, reply.json) == (400, {"error": {}})


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad Gateway</html>",
        b'{"id": "1',
        b'["no object"]',
        b'"text"',
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b'{"id": ' + b"9" * 5000 + b"}",
    ],
    ids=["empty", "html", "cut off", "list", "text", "bytes", "brackets", "huge number"],
)
def test_a_body_that_is_no_object_is_a_value_too(body: bytes, canary: str) -> None:
    reply = ask(get, canary, transport=answering(httpx.Response(200, content=body)))

    assert isinstance(reply, Reply)
    assert reply.json is None


def test_a_body_without_end_is_left_off(canary: str) -> None:
    read = 0

    async def endless() -> Any:
        nonlocal read
        while True:
            read += 65536
            await anyio.lowlevel.checkpoint()
            yield b"x" * 65536

    reply = ask(get, canary, transport=answering(httpx.Response(200, content=endless())))

    assert isinstance(reply, Reply)
    assert reply.json is None
    assert read <= MAX_BODY + 2 * 65536


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (httpx.ConnectError("refused"), False),
        (httpx.ConnectTimeout("slow"), False),
        (httpx.PoolTimeout("full"), False),
        (httpx.ProxyError("407"), False),
        (httpx.UnsupportedProtocol("ftp"), False),
        (httpx.ReadTimeout("slow"), True),
        (httpx.WriteTimeout("slow"), True),
        (httpx.ReadError("reset"), True),
        (httpx.WriteError("reset"), True),
        (httpx.RemoteProtocolError("hung up"), True),
        (httpx.LocalProtocolError("odd header"), True),
        (httpx.DecodingError("not gzip"), True),
        (ConnectionResetError("reset"), True),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_only_what_surely_never_left_counts_as_unsent(
    error: Exception, sent: bool, canary: str
) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    answer = ask(post, canary, transport=httpx.MockTransport(fail))

    assert isinstance(answer, NoAnswer)
    assert answer.sent is sent


def test_an_answer_that_trickles_is_given_up_in_time(canary: str) -> None:
    async def trickle() -> Any:
        while True:
            yield b" "
            await anyio.sleep(20)

    async def main() -> tuple[Answer, float]:
        transport = answering(httpx.Response(200, content=trickle()))
        async with open_api(BASE, canary, transport) as api:
            answer = await api.post("/17/media_publish", {}, seconds=120)
            return answer, anyio.current_time() - start

    clock = MockClock(autojump_threshold=0)
    start = clock.current_time()
    answer, took = anyio.run(main, backend="trio", backend_options={"clock": clock})

    assert answer == NoAnswer(sent=True, reason="no whole answer within 120 s")
    assert took == pytest.approx(120)


# over a real socket


def test_nobody_listening_means_that_nothing_was_sent(canary: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]

    answer = ask(post, canary, base=f"http://127.0.0.1:{port}")

    assert isinstance(answer, NoAnswer)
    assert not answer.sent


@pytest.mark.parametrize(
    "said",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", b"nonsense\r\n\r\n"],
    ids=["hung up", "in mid-answer", "no HTTP"],
)
def test_a_dropped_connection_may_have_had_its_effect(said: bytes, canary: str) -> None:
    with raw_server(said) as base:
        answer = ask(post, canary, base=base)

    assert isinstance(answer, NoAnswer)
    assert answer.sent


def test_a_real_answer_is_read(canary: str, caplog: pytest.LogCaptureFixture) -> None:
    with raw_server(b'HTTP/1.1 200 OK\r\nX-App-Usage: {}\r\n\r\n{"id": "1"}') as base:
        reply = ask(post, canary, base=base)

    assert isinstance(reply, Reply)
    assert (reply.status, reply.json, reply.headers) == (200, {"id": "1"}, {"x-app-usage": "{}"})
    assert "httpcore" in caplog.text  # else the canary's absence would prove nothing


# what is never shown


def test_a_token_that_comes_back_is_hidden(canary: str) -> None:
    body = f'{{"paging": {{"next": "https://x/?access_token={canary}"}}}}'
    reply = ask(get, canary, transport=answering(httpx.Response(200, text=body)))

    assert isinstance(reply, Reply)
    assert canary not in repr(reply)
    assert canary not in reply.text


def test_a_token_in_an_error_is_hidden(canary: str) -> None:
    def fail(request: httpx.Request) -> httpx.Response:
        raise httpx.LocalProtocolError(f"Illegal header value {request.headers['authorization']!r}")

    answer = ask(get, canary, transport=httpx.MockTransport(fail))

    assert isinstance(answer, NoAnswer)
    assert answer.reason == "Illegal header value 'Bearer ***'"


def test_the_door_itself_does_not_show_the_token(canary: str) -> None:
    async def look(api: Api) -> Answer:
        assert canary not in repr(api) + str(vars(type(api)))
        return NoAnswer(sent=False, reason="")

    ask(look, canary)
