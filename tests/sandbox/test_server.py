"""Over real sockets: downloads of media, dropped connections, files, other people's pages."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime

import httpx
import pytest

from socialauto.core.errors import SocialautoError
from socialauto.sandbox.app import create_app
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.fetch import FetchError, fetch
from socialauto.sandbox.server import listen, serve_in_thread
from socialauto.sandbox.state import Account, Settings, Token
from socialauto.sandbox.world import World
from support.media_samples import jpeg

ACME = "17841400000000001"
NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("repository")
    (folder / "media").mkdir()
    (folder / "media" / "photo.jpg").write_bytes(jpeg())
    (folder / "page.html").write_text("<script>alert(1)</script>")
    (folder / ".git").mkdir()
    (folder / ".git" / "config").write_text("secret")
    (folder / ".env").write_text("secret")
    outside = folder.parent / "outside.txt"
    outside.write_text("secret")
    (folder / "link.txt").symlink_to(outside)
    (folder / "up").symlink_to(folder.parent)
    return folder


@pytest.fixture(scope="module")
def world():
    return World(
        [Account(id=ACME, username="acme")],
        tokens={"good": Token()},
        settings=Settings(image_seconds=0, video_seconds=0),
    )


@pytest.fixture(scope="module")
def url(world, folder):
    app = create_app(world, fetch=fetch, now=lambda: NOW, files=folder)
    with serve_in_thread(app) as running:
        yield running.url


@pytest.fixture(scope="module")
def client(url):
    headers = {"Authorization": "Bearer good"}
    with httpx.Client(base_url=url, headers=headers, trust_env=False) as client:
        yield client


def test_a_post_goes_out_with_a_file_that_the_sandbox_itself_serves(client, url, world):
    photo = f"{url}/files/media/photo.jpg"
    container = client.post(f"/{ACME}/media", data={"image_url": photo}).json()["id"]
    answer = client.post(f"/{ACME}/media_publish", data={"creation_id": container})
    assert answer.status_code == 200
    assert world.log[-1].container == container


@pytest.mark.parametrize("path", ["media/missing.jpg", "page.html"])
def test_what_is_no_photo_at_its_address_is_refused(client, url, path):
    answer = client.post(f"/{ACME}/media", data={"image_url": f"{url}/files/{path}"})
    assert answer.json()["error"]["error_subcode"] == 2207052


def test_an_address_where_nobody_listens_is_refused(client):
    listener = listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    listener.close()
    answer = client.post(f"/{ACME}/media", data={"image_url": f"http://127.0.0.1:{port}/a.jpg"})
    assert answer.json()["error"]["error_subcode"] == 2207052


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("http://media.example/a.jpg", "only https"),
        ("http://127.0.0.1.example/a.jpg", "only https"),
        ("file:///etc/passwd", "only https"),
        ("ftp://127.0.0.1/a.jpg", "only https"),
        ("", "only https"),
        ("https://media.example/ä.jpg", "plain ASCII"),
        ("http://[::1", "Invalid"),
    ],
)
async def test_addresses_that_are_never_asked(address, reason):
    with pytest.raises(FetchError, match=reason):
        await fetch(address)


@pytest.mark.parametrize("apply", ["no", "yes"])
def test_a_connection_drops_for_real(client, world, apply):
    world.faults.add(Fault(path=f"^/{ACME}$", apply=apply, answer="drop"))
    with pytest.raises(httpx.RemoteProtocolError):
        client.get(f"/{ACME}")
    assert client.get(f"/{ACME}").status_code == 200


def test_a_call_hangs_for_real_and_the_server_lives_on(client, world):
    world.faults.add(Fault(path=f"^/{ACME}$", answer="hang"))
    with pytest.raises(httpx.ReadTimeout):
        client.get(f"/{ACME}", timeout=0.05)
    assert client.get(f"/{ACME}").status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        "../outside.txt",
        "%2e%2e/outside.txt",
        "..%2foutside.txt",
        "link.txt",
        "up/outside.txt",
        "media",
        "media/",
        "",
        "%00",
        "media%5cphoto.jpg",
        "//etc/passwd",
    ],
)
def test_nothing_hidden_and_nothing_outside_is_served(url, path):
    host, port = url.removeprefix("http://").split(":")
    import http.client

    connection = http.client.HTTPConnection(host, int(port))
    connection.request("GET", f"/files/{path}")
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    assert answer.status == 404
    assert b"secret" not in body


def test_files_carry_their_type_and_run_nothing(client):
    photo = client.get("/files/media/photo.jpg")
    assert (photo.headers["content-type"], photo.content) == ("image/jpeg", jpeg())
    page = client.get("/files/page.html")
    assert page.headers["content-security-policy"] == "sandbox"
    assert client.head("/files/media/photo.jpg").status_code == 200


def test_a_page_elsewhere_cannot_point_its_name_here(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400
    assert client.get("/", headers={"Host": "localhost"}).status_code == 200


def test_a_port_that_is_taken_is_named(url):
    port = int(url.rpartition(":")[2])
    with pytest.raises(SocialautoError, match=f"cannot listen on 127.0.0.1:{port}"):
        listen("127.0.0.1", port)


def test_the_command_says_what_to_configure_and_ends_with_ctrl_c(tmp_path):
    (tmp_path / "socialauto.yaml").write_text(
        f'accounts:\n  acme:\n    platform: instagram\n    id: "{ACME}"\n    token: env:ACME\n'
    )
    command = [sys.executable, "-m", "socialauto", "sandbox", "--port", "0", "--files", "."]
    with subprocess.Popen(
        [*command, "--account", "178=second", "--processing", "0", "--now", "2027-01-01"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        greeting = list(iter(process.stdout.readline, "Ctrl-C ends it.\n"))
        url = greeting[0].split()[-1].rstrip("/")
        bearer = {"Authorization": "Bearer sandbox-token"}
        names = [
            httpx.get(f"{url}/{id}?fields=username", headers=bearer, trust_env=False).json()
            for id in (ACME, "178")
        ]
        clock = httpx.get(f"{url}/_sandbox/clock", trust_env=False).json()["now"]
        process.send_signal(signal.SIGINT)
        # communicate() would lose what readline() has buffered already.
        output = "".join(greeting) + process.stdout.read()
        errors = process.stderr.read()
    assert [name["username"] for name in names] == ["acme", "second"]
    assert clock.startswith("2027-01-01T00:00")
    connect = f"socialauto accounts connect acme --api {url}"
    for line in (f"    api: {url}", f"  base: {url}/files", "export ACME=sandbox-token", connect):
        assert line in output
    assert "its state is kept" in output
    assert (process.returncode, errors) == (0, "")
    assert (tmp_path / ".socialauto" / "sandbox" / "accounts").is_dir()
