"""The media host: a stranger fetches each file before a platform is sent there."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, TypeVar

import anyio
import httpx
import pytest
from trio.testing import MockClock

from socialauto.core.errors import MediaHostError
from socialauto.core.media_facts import ImageFacts, VideoFacts
from socialauto.core.media_host import UrlFiles
from socialauto.core.message import MediaItem
from socialauto.media.host import COMPARED_VIDEO, NoHost, UrlHost
from socialauto.media.prepared import Prepared, PreparedFile

T = TypeVar("T")
COMMIT = "c0ffee"
BASE = "https://raw.example/acme/posts/{commit}"
PICTURE = b"\xff\xd8 a picture \xff\xd9"
FILM = b"\0\0\0\x18ftypmp42" + b"film " * 500_000
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 9\n"

URL = "https://raw.example/acme/posts/c0ffee/content/one.jpg"
FAILS = f"content/one.jpg cannot be fetched from {URL}: "

Respond = Callable[[httpx.Request], httpx.Response]


def image(path: str = "content/one.jpg", blob: str = "a") -> MediaItem:
    return MediaItem(path, blob * 40, ImageFacts("jpeg", len(PICTURE), 1080, 1080))


def video() -> MediaItem:
    facts = VideoFacts(
        "mp4", len(FILM), 540, 960, 4.0, 30.0, "h264", None, None, None, None, None, None,
        moov_first=True,
    )  # fmt: skip
    return MediaItem("content/film.mp4", "f" * 40, facts)


def run(main: Callable[[], Awaitable[T]]) -> T:
    clock = MockClock(autojump_threshold=0)
    return anyio.run(main, backend="trio", backend_options={"clock": clock})


def look(respond: Respond, item: MediaItem | None = None, *, base: str = BASE) -> str:
    """The URL, or the reason why there is none."""

    async def main() -> str:
        host = UrlHost(
            UrlFiles(kind="url", base=base),
            commit=COMMIT,
            read=lambda path: FILM if path.endswith("mp4") else PICTURE,
            transport=httpx.MockTransport(respond),
        )
        try:
            return await host.url(item or image())
        except MediaHostError as error:
            return f"{error.message}{' (passing)' if error.passing else ''}"

    return run(main)


def says(status: int = 200, body: Any = PICTURE, **headers: str) -> Respond:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda _: httpx.Response(status, content=body, headers=named)


JPEG = {"content_type": "image/jpeg"}


# what is right


@pytest.mark.parametrize(
    "kind", ["image/jpeg", "IMAGE/JPEG; charset=binary", "application/octet-stream"]
)
def test_a_picture_that_strangers_get_whole_has_a_url(kind: str) -> None:
    assert look(says(content_type=kind)) == URL


@pytest.mark.parametrize("kind", ["video/mp4", "video/quicktime", "application/octet-stream"])
def test_a_video_that_strangers_get_has_a_url(kind: str) -> None:
    url = look(says(body=FILM, content_type=kind), video())

    assert url == "https://raw.example/acme/posts/c0ffee/content/film.mp4"


def test_a_url_is_plain_ascii(tmp_path: Any) -> None:
    url = look(says(**JPEG), image("content/Café & Bar/50%#1?.jpg"))

    assert url == (
        "https://raw.example/acme/posts/c0ffee/content/Caf%C3%A9%20%26%20Bar/50%25%231%3F.jpg"
    )


def test_a_stranger_brings_nothing_along() -> None:
    seen: list[httpx.Request] = []

    def respond(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        if len(seen) == 1:
            cookie = {"location": "/elsewhere.jpg", "set-cookie": "session=1; Path=/"}
            return httpx.Response(302, headers=cookie)
        return httpx.Response(200, content=PICTURE, headers={"content-type": "image/jpeg"})

    assert look(respond) == URL
    assert len(seen) == 2
    for request in seen:
        assert not {"cookie", "authorization", "range"} & set(request.headers)
        assert request.headers["accept-encoding"] == "identity"


def test_a_body_that_is_compressed_all_the_same_is_compared_unpacked() -> None:
    packed = gzip.compress(PICTURE)

    assert look(says(body=packed, content_encoding="gzip", **JPEG)) == URL


def test_a_file_is_fetched_once_in_a_run() -> None:
    calls: list[str] = []

    def respond(request: httpx.Request) -> httpx.Response:
        calls.append(request.url.path)
        return httpx.Response(200, content=PICTURE, headers={"content-type": "image/jpeg"})

    async def main() -> None:
        host = UrlHost(
            UrlFiles(kind="url", base=BASE), commit=COMMIT, read=lambda _: PICTURE,
            transport=httpx.MockTransport(respond),
        )  # fmt: skip
        for item in (image(), image(), image("content/two.jpg")):
            await host.url(item)

    run(main)

    assert [path.rpartition("/")[2] for path in calls] == ["one.jpg", "two.jpg"]


def test_a_file_that_failed_is_fetched_again() -> None:
    answers = [404, 200]

    def respond(_: httpx.Request) -> httpx.Response:
        headers = {"content-type": "image/jpeg"}
        return httpx.Response(answers.pop(0), content=PICTURE, headers=headers)

    async def main() -> str:
        host = UrlHost(
            UrlFiles(kind="url", base=BASE), commit=COMMIT, read=lambda _: PICTURE,
            transport=httpx.MockTransport(respond),
        )  # fmt: skip
        with pytest.raises(MediaHostError):
            await host.url(image())
        return await host.url(image())

    assert run(main) == URL


# what is wrong

CACHE = "is it an old copy in a cache? put {commit} into media_host.base"


@pytest.mark.parametrize(
    ("respond", "why"),
    [
        (
            says(404),
            "the host answers 404; is the commit pushed? is the repository public?",
        ),
        (
            says(403),
            "the host answers 403 to strangers; make the files public, or use a host that is",
        ),
        (
            says(401),
            "the host answers 401 to strangers; make the files public, or use a host that is",
        ),
        (says(204, b""), "the host answers 204 instead of the file"),
        (says(304, b""), "the host answers 304 instead of the file"),
        (
            says(429),
            "the host answers 429; it may be overloaded, try again later (passing)",
        ),
        (
            says(503),
            "the host answers 503; it may be overloaded, try again later (passing)",
        ),
        (
            says(body=b"<html>Log in</html>", content_type="text/html; charset=utf-8"),
            "the host serves a web page instead of the file; is it a log-in or a share page?",
        ),
        (
            says(body=POINTER, content_type="text/plain"),
            "the host serves a Git LFS pointer instead of the file; "
            "use a host that serves LFS files, or keep this file out of LFS",
        ),
        (
            says(body=PICTURE + b"!", **JPEG),
            f"the host serves 16 bytes, the file has 15; {CACHE}",
        ),
        (says(body=b"", **JPEG), f"the host serves 0 bytes, the file has 15; {CACHE}"),
        (
            says(body=PICTURE.swapcase(), **JPEG),
            f"the host serves other bytes than the file has; {CACHE}",
        ),
        (
            says(content_type="text/plain"),
            "the host serves it as text/plain, platforms want image/jpeg; "
            "set its Content-Type there",
        ),
        (
            says(content_type="video/mp4"),
            "the host serves it as video/mp4, platforms want image/jpeg; "
            "set its Content-Type there",
        ),
        (
            says(),
            "the host serves it as no type, platforms want image/jpeg; set its Content-Type there",
        ),
        (
            says(302, location="http://raw.example/x"),
            "it leads to http://raw.example/x, which is not https",
        ),
        (
            says(302, location="ftp://raw.example/x"),
            "it leads to ftp://raw.example/x, which is not https",
        ),
        (says(302, location="/again"), "it leads on more than 3 times"),
    ],
)  # fmt: skip
def test_what_strangers_do_not_get_is_told_with_its_cure(respond: Respond, why: str) -> None:
    assert look(respond) == FAILS + why


def test_a_redirect_to_a_log_in_page_is_told_with_the_page() -> None:
    def respond(request: httpx.Request) -> httpx.Response:
        if request.url.path != "/login":
            return httpx.Response(302, headers={"location": "/login"})
        return httpx.Response(200, text="<html>", headers={"content-type": "text/html"})

    assert look(respond) == (
        "content/one.jpg cannot be fetched from https://raw.example/login: the host serves a web "
        "page instead of the file; is it a log-in or a share page?"
    )


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (httpx.ConnectError("refused"), "refused; is the address in media_host.base right?"),
        (httpx.ReadError(""), "ReadError; is the address in media_host.base right?"),
        (httpx.ReadTimeout(""), "no whole answer within 60 s; is the host slow or down?"),
    ],
)  # fmt: skip
def test_a_host_that_cannot_be_reached_may_come_back(error: Exception, why: str) -> None:
    def fail(_: httpx.Request) -> httpx.Response:
        raise error

    assert look(fail) == f"{FAILS}{why} (passing)"


def test_a_host_that_trickles_is_given_up() -> None:
    async def trickle() -> Any:
        while True:
            yield b"."
            await anyio.sleep(10)

    assert look(says(body=trickle(), **JPEG)) == (
        f"{FAILS}no whole answer within 60 s; is the host slow or down? (passing)"
    )


def test_of_a_long_video_only_the_start_is_fetched() -> None:
    sent = 0

    async def film() -> Any:
        nonlocal sent
        for start in range(0, len(FILM), 65536):
            sent = start
            await anyio.lowlevel.checkpoint()
            yield FILM[start : start + 65536]

    respond = says(body=film(), content_type="video/mp4", content_length=str(len(FILM)))

    assert look(respond, video()).endswith("film.mp4")
    assert sent <= COMPARED_VIDEO + 2 * 65536 < len(FILM)


def test_a_video_of_another_length_is_noticed_by_its_header() -> None:
    respond = says(body=FILM, content_type="video/mp4", content_length=str(len(FILM) + 1))

    assert "serves 2,500,013 bytes, the file has 2,500,012" in look(respond, video())


# the base


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        (
            "http://raw.example/{commit}",
            "media_host.base http://raw.example/c0ffee is not https; platforms only fetch from "
            "https:// addresses",
        ),
        (
            "https://raw.example/{sha}",
            "media_host.base https://raw.example/{sha} has a place-holder that is not known; "
            "use {commit}",
        ),
        (
            "https://user:pass@raw.example/",
            "media_host.base must be a plain URL that anybody can use, without a user, a password "
            "or a query",
        ),
        (
            "https://raw.example/?key=1",
            "media_host.base must be a plain URL that anybody can use, without a user, a password "
            "or a query",
        ),
    ],
)
def test_a_base_that_platforms_cannot_use_is_refused(base: str, sentence: str) -> None:
    assert look(says(**JPEG), base=base) == sentence


@pytest.mark.parametrize(
    "base", ["http://127.0.0.1:8765/files", "http://localhost/files/", "http://[::1]:1/files"]
)
def test_this_machine_may_serve_without_tls(base: str) -> None:
    assert look(says(**JPEG), base=base) == f"{base.rstrip('/')}/content/one.jpg"


# no host


def test_without_a_host_there_are_bytes_but_no_urls() -> None:
    async def main() -> tuple[bytes, str]:
        async def make(item: MediaItem) -> PreparedFile:
            return Prepared(str.encode).of(item)

        host = NoHost(make=make)
        with pytest.raises(MediaHostError) as refused:
            await host.url(image())
        return await host.read(image()), refused.value.message

    assert run(main) == (
        b"content/one.jpg",
        "no media host for content/one.jpg: this platform downloads media itself, from a public "
        "URL; add to socialauto.yaml: media_host: {kind: url, base: "
        '"https://raw.githubusercontent.com/OWNER/REPOSITORY/{commit}"}',
    )


# over a real socket


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found = self.path == "/content/film.mp4"
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", "video/mp4")
            self.send_header("Content-Length", str(len(FILM)) if found else "0")
            self.end_headers()
            if found:
                with suppress(ConnectionError):  # the client leaves when it has seen enough
                    self.wfile.write(FILM)

        def log_message(self, *_: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{listening.server_address[1]}"
        listening.shutdown()
        thread.join()


@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_a_real_server_is_looked_at(server: str, backend: str) -> None:
    async def main() -> tuple[str, str, bytes]:
        settings = UrlFiles(kind="url", base=server)
        host = UrlHost(settings, commit=COMMIT, read=lambda _: FILM)
        with pytest.raises(MediaHostError) as refused:
            await host.url(image())
        return await host.url(video()), refused.value.message, await host.read(video())

    url, refused, body = anyio.run(main, backend=backend)

    assert url == f"{server}/content/film.mp4"
    assert "the host answers 404" in refused
    assert body == FILM
