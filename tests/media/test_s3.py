"""The S3 host against a real, strict store, and against what stores do on bad days."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

import anyio
import httpx
import pytest
from trio.testing import MockClock

from socialauto.core.errors import MediaHostError
from socialauto.core.media_facts import ImageFacts
from socialauto.core.media_host import S3Bucket
from socialauto.core.message import MediaItem
from socialauto.engine.clock import SystemClock
from socialauto.media.prepared import Prepared, PreparedFile
from socialauto.media.s3 import SECONDS, Bucket, Stored
from socialauto.media.s3_host import S3Host
from socialauto.media.sigv4 import Keys, Signer, quoted_path
from support.media_samples import jpeg
from support.seaweed import KEYS, PUBLIC, WHY_NOT, Store, running_store

T = TypeVar("T")
PICTURE = jpeg()
OTHER = jpeg(width=400)
ITEM = MediaItem("content/one.jpg", "a" * 40, ImageFacts("jpeg", len(PICTURE), 320, 320))

real = pytest.mark.skipif(bool(WHY_NOT), reason=WHY_NOT)


@dataclass
class Clock:
    """Real time, because a store compares it with its own; pauses are noted and not made."""

    ahead: timedelta = timedelta(0)
    pauses: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead

    async def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        await anyio.lowlevel.checkpoint()


@dataclass
class Line(httpx.AsyncBaseTransport):
    """The network to the store: notes what is asked, and fails on order."""

    faults: list[httpx.Response | Exception | None] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)
    headers: list[httpx.Headers] = field(default_factory=list)
    inner: httpx.AsyncBaseTransport = field(default_factory=httpx.AsyncHTTPTransport)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request.method)
        self.headers.append(request.headers)
        fault = self.faults.pop(0) if self.faults else None
        if isinstance(fault, Exception):
            raise fault
        return fault or await self.inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self.inner.aclose()


async def make(item: MediaItem) -> PreparedFile:
    body = OTHER if item.path.endswith("two.jpg") else PICTURE
    return Prepared(lambda _: body).of(item)


@pytest.fixture
def store() -> Store:
    return running_store()


def host(
    settings: S3Bucket, *, line: Line | None = None, clock: Clock | None = None, keys: Keys = KEYS
) -> S3Host:
    bucket = Bucket(settings, keys, clock=clock or Clock(), transport=line)
    return S3Host(settings, bucket, make=make)


def run(main: Callable[[], Awaitable[T]]) -> T:
    return anyio.run(main, backend="asyncio")


def url_of(made: S3Host, item: MediaItem = ITEM) -> str:
    return run(lambda: made.url(item))


def refusal(made: S3Host) -> MediaHostError:
    with pytest.raises(MediaHostError) as refused:
        url_of(made)
    return refused.value


def fetch(url: str) -> httpx.Response:
    return httpx.get(url, trust_env=False)


# what strangers get


@real
def test_a_private_bucket_gives_signed_addresses_that_strangers_can_use(store: Store) -> None:
    settings = store.settings()

    url = url_of(host(settings))

    got = fetch(url)
    assert got.content == PICTURE
    assert got.headers["content-type"] == "image/jpeg"
    sha = run(lambda: make(ITEM)).sha256
    assert url.startswith(f"{store.endpoint}/{settings.bucket}/{settings.prefix}/{sha}.jpg?X-Amz-")
    assert "X-Amz-Expires=93600" in url
    assert fetch(url.split("?")[0]).status_code == 403


@real
def test_a_public_bucket_gives_plain_addresses(store: Store) -> None:
    base = f"{store.endpoint}/{PUBLIC}"
    url = url_of(host(store.settings(bucket=PUBLIC, public_base=base, prefix="some/where")))

    assert url.startswith(f"{base}/some/where/")
    assert "?" not in url
    assert fetch(url).content == PICTURE


@real
@pytest.mark.parametrize("change", ["signature", "object", "later"])
def test_an_address_that_was_tampered_with_or_has_expired_opens_nothing(
    store: Store, change: str
) -> None:
    settings = store.settings()
    url = url_of(host(settings))
    run(lambda: host(settings).url(MediaItem("two.jpg", "b" * 40, ITEM.facts)))
    match change:
        case "signature":
            changed = url[:-1] + ("0" if url[-1] != "0" else "1")
        case "object":
            other = run(lambda: make(MediaItem("two.jpg", "b" * 40, ITEM.facts))).sha256
            mine = run(lambda: make(ITEM)).sha256
            changed = url.replace(mine, other)
        case _:
            key = url.split("?")[0]
            past = Clock().now() - timedelta(hours=27)
            changed = Signer(KEYS, store.region).url(key, lives=timedelta(hours=26), now=past)

    assert changed != url
    assert fetch(changed).status_code == 403


# what is uploaded


@real
def test_a_file_is_uploaded_once_whoever_needs_it(store: Store) -> None:
    settings = store.settings()
    first, second = Line(), Line()
    run_one = host(settings, line=first)

    async def twice() -> None:
        await run_one.url(ITEM)
        await run_one.url(ITEM)

    run(twice)
    url_of(host(settings, line=second))

    assert first.seen == ["HEAD", "PUT"]
    assert first.headers[1]["if-none-match"] == "*"
    assert second.seen == ["HEAD"]


@real
@pytest.mark.parametrize("backend", ["asyncio", "trio"])
def test_two_runners_upload_the_same_file_at_once(store: Store, backend: str) -> None:
    settings = store.settings()
    hosts = [host(settings) for _ in range(4)]
    urls: list[str] = []

    async def ask(one: S3Host) -> None:
        urls.append(await one.url(ITEM))

    async def main() -> list[Stored]:
        async with anyio.create_task_group() as tasks:
            for one in hosts:
                tasks.start_soon(ask, one)
        bucket = Bucket(settings, KEYS, clock=Clock())
        return [stored async for stored in bucket.list(f"{settings.prefix}/")]

    [stored] = anyio.run(main, backend=backend)
    assert stored.size == len(PICTURE)
    assert [fetch(url).content for url in urls] == [PICTURE] * 4


@real
def test_an_object_of_another_size_under_our_name_is_replaced(store: Store) -> None:
    settings = store.settings()
    name = run(lambda: make(ITEM)).sha256 + ".jpg"
    where = store.endpoint + quoted_path(settings.bucket, settings.prefix, name)
    signed = Signer(KEYS, store.region).headers("PUT", where, body=b"half", now=Clock().now())
    httpx.put(where, content=b"half", headers=signed, trust_env=False).raise_for_status()

    assert fetch(url_of(host(settings))).content == PICTURE


@real
def test_objects_are_listed_and_deleted(store: Store) -> None:
    settings = store.settings()
    url_of(host(settings))
    bucket = Bucket(settings, KEYS, clock=Clock())

    async def main() -> tuple[list[Stored], list[Stored]]:
        before = [stored async for stored in bucket.list(f"{settings.prefix}/")]
        await bucket.delete(before[0].key)
        await bucket.delete(before[0].key)
        return before, [stored async for stored in bucket.list(f"{settings.prefix}/")]

    [stored], after = run(main)
    assert abs(stored.modified - Clock().now()) < timedelta(minutes=1)
    assert after == []


# what goes wrong


@real
@pytest.mark.parametrize(
    ("keys", "more", "sentence"),
    [
        (
            Keys(KEYS.access, "canary-wrong-secret"),
            {},
            "(403 SignatureDoesNotMatch); the secret in STORE_SECRET is not the one of the key in "
            "STORE_ACCESS; set it again, alone and on one line",
        ),
        (
            Keys("AKIDNOBODY", "canary-wrong-secret"),
            {},
            "(403 InvalidAccessKeyId); the store does not know the key in STORE_ACCESS",
        ),
        (
            KEYS,
            {"bucket": "not-there"},
            "(404 NoSuchBucket); make the bucket, or correct media_host.bucket",
        ),
    ],
)
def test_a_refusal_of_the_store_is_told_with_its_cure(
    store: Store, keys: Keys, more: dict[str, str], sentence: str
) -> None:
    settings = store.settings(**more)

    error = refusal(host(settings, keys=keys))

    name = run(lambda: make(ITEM)).sha256 + ".jpg"
    key = f"{settings.prefix}/{name}"
    assert error.message == (
        f"the media store {store.endpoint.removeprefix('http://')} did not take {key} in bucket "
        f"{settings.bucket} {sentence}"
    )
    assert not error.passing


@real
def test_a_clock_that_is_wrong_is_named(store: Store) -> None:
    error = refusal(host(store.settings(), clock=Clock(ahead=timedelta(hours=2))))

    assert error.message.endswith("(403 RequestTimeTooSkewed); set this machine's clock")


def answer(status: int, code: str = "", message: str = "") -> httpx.Response:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return httpx.Response(status, text=body)


BUSY: list[Any] = [
    answer(503, "SlowDown"),
    answer(429),
    answer(500, "InternalError"),
    answer(400, "RequestTimeout"),
    httpx.ConnectError("refused"),
    httpx.ReadTimeout(""),
    httpx.RemoteProtocolError("Server disconnected"),
]


@real
@pytest.mark.parametrize("fault", BUSY, ids=str)
def test_a_store_that_is_busy_once_is_asked_again(store: Store, fault: Any) -> None:
    line, clock = Line([None, fault]), Clock()

    url_of(host(store.settings(), line=line, clock=clock))

    assert line.seen == ["HEAD", "PUT", "PUT"]
    assert clock.pauses == [1.0]


def offline(*faults: Any) -> tuple[S3Host, Line, Clock]:
    settings = S3Bucket(
        kind="s3", endpoint="https://s3.example", bucket="acme", access_key="env:A",
        secret_key="env:B",
    )  # fmt: skip
    line, clock = Line(list(faults)), Clock()
    return host(settings, line=line, clock=clock), line, clock


@pytest.mark.parametrize("fault", BUSY[:3] + BUSY[4:], ids=str)
def test_a_store_that_stays_busy_may_come_back_later(fault: Any) -> None:
    made, line, clock = offline(httpx.Response(404), fault, fault, fault)

    error = refusal(made)

    assert error.passing
    assert line.seen == ["HEAD", "PUT", "PUT", "PUT"]
    assert clock.pauses == [1.0, 4.0]


def test_a_store_that_trickles_is_given_up() -> None:
    async def trickle() -> AsyncIterator[bytes]:
        while True:
            yield b"."
            await anyio.sleep(10)

    slow = httpx.MockTransport(lambda _: httpx.Response(200, content=trickle()))
    made, _, _ = offline()
    bucket = Bucket(made._settings, KEYS, clock=Clock(), transport=slow)

    async def main() -> tuple[MediaHostError, float]:
        began = anyio.current_time()
        with pytest.raises(MediaHostError) as refused:
            await bucket.put_once("k", b"body", "image/jpeg")
        return refused.value, anyio.current_time() - began

    clock = MockClock(autojump_threshold=0)
    error, waited = anyio.run(main, backend="trio", backend_options={"clock": clock})
    assert error.passing
    assert "does not answer (TimeoutError)" in error.message
    assert waited == pytest.approx(3 * SECONDS, abs=1)


@pytest.mark.parametrize("status", [409, 412])
def test_whoever_loses_the_race_to_put_is_content(status: int) -> None:
    made, line, _ = offline(httpx.Response(404), answer(status), RuntimeError("put again"))
    bucket = made._bucket

    run(lambda: bucket.put_once("k", b"body", "image/jpeg"))

    assert line.seen == ["HEAD", "PUT"]


@pytest.mark.parametrize("refused", [answer(501, "NotImplemented"), answer(400, "InvalidRequest")])
def test_a_store_that_knows_no_conditions_is_asked_without(refused: httpx.Response) -> None:
    made, line, _ = offline(httpx.Response(404), refused, httpx.Response(200))

    run(lambda: made._bucket.put_once("k", b"body", "image/jpeg"))

    assert line.seen == ["HEAD", "PUT", "PUT"]
    assert "if-none-match" not in line.headers[2]


def test_what_the_store_says_is_shown_without_secrets_and_in_short() -> None:
    words = f"No {KEYS.secret} X-Amz-Signature=0123456789abcdef &amp; " + "x" * 1000
    made, _, _ = offline(httpx.Response(403), answer(403, "Odd", words))

    message = refusal(made).message

    assert KEYS.secret not in message
    assert "0123456789" not in message
    assert message.endswith("x")
    assert len(message) < 500


def test_a_listing_is_read_to_its_end() -> None:
    def page(name: str, more: str) -> httpx.Response:
        return httpx.Response(
            200,
            text=f"<ListBucketResult><Contents><Key>p/{name}&amp;</Key><Size>3</Size>"
            f"<LastModified>2026-12-01T09:00:00.000Z</LastModified></Contents>{more}"
            "</ListBucketResult>",
        )

    token = "<NextContinuationToken>a&amp;b</NextContinuationToken>"
    made, line, _ = offline(page("one", token), page("two", ""))

    async def main() -> list[str]:
        return [stored.key async for stored in made._bucket.list("p/")]

    assert run(main) == ["p/one&", "p/two&"]
    assert line.seen == ["GET", "GET"]


def test_keys_never_travel_in_the_open() -> None:
    settings = S3Bucket(
        kind="s3", endpoint="http://s3.example", bucket="acme", access_key="env:A",
        secret_key="env:B",
    )  # fmt: skip
    with pytest.raises(MediaHostError, match="is not https"):
        Bucket(settings, KEYS, clock=Clock())


@pytest.mark.parametrize(
    ("path_style", "endpoint", "address"),
    [
        (True, "https://s3.example/", "https://s3.example/acme/p/a%20b.jpg"),
        (False, "https://s3.example", "https://acme.s3.example/p/a%20b.jpg"),
        (True, "https://host.example/s3", "https://host.example/s3/acme/p/a%20b.jpg"),
        (True, "https://S3.Example:443", "https://s3.example/acme/p/a%20b.jpg"),
        (True, "http://127.0.0.1:80", "http://127.0.0.1/acme/p/a%20b.jpg"),
        (False, "https://s3.example:8443", "https://acme.s3.example:8443/p/a%20b.jpg"),
    ],
)
def test_both_styles_of_addresses(path_style: bool, endpoint: str, address: str) -> None:
    settings = S3Bucket(
        kind="s3", endpoint=endpoint, bucket="acme", access_key="env:A", secret_key="env:B",
        path_style=path_style,
    )  # fmt: skip

    assert Bucket(settings, KEYS, clock=Clock()).address("p/a b.jpg") == address


@pytest.fixture
def stranger_refused() -> S3Host:
    settings = S3Bucket(
        kind="s3", endpoint="https://s3.example", bucket="acme", access_key="env:A",
        secret_key="env:B",
    )  # fmt: skip
    line = Line([httpx.Response(200, headers={"content-length": str(len(PICTURE))})])
    bucket = Bucket(settings, KEYS, clock=Clock(), transport=line)
    refuse = httpx.MockTransport(lambda _: httpx.Response(403))
    return S3Host(settings, bucket, make=make, transport=refuse)


def test_a_signature_is_never_shown(stranger_refused: S3Host) -> None:
    message = refusal(stranger_refused).message

    sha = run(lambda: make(ITEM)).sha256
    assert message == (
        "content/one.jpg cannot be fetched from "
        f"https://s3.example/acme/socialauto/{sha}.jpg?***: the host answers 403 to strangers; is "
        "this machine's clock right, and may the key read?"
    )
