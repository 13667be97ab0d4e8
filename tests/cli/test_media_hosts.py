"""Whole runs with media in a bucket, on a branch, or sent directly; and what is deleted later."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest

from socialauto.cli.hosting import Later, maker
from socialauto.core.media_facts import ImageFacts
from socialauto.core.message import MediaItem
from socialauto.core.reading import read_config
from socialauto.engine.clock import SystemClock
from socialauto.media.host import NoHost
from socialauto.media.sigv4 import Signer, quoted_path
from socialauto.sandbox.faults import Fault
from support.media_samples import mp4, png
from support.repositories import git
from support.seaweed import KEYS, WHY_NOT, running_store
from support.team import CONFIG, Said, Team, jpeg, post

HOST = "media_host:\n  kind: url\n  base: {base}\n"
assert HOST in CONFIG

SOON = "2026-12-01 09:00"
REFUSED: Any = {"code": 100, "status": 400, "message": "No.", "transient": False, "times": None}

CAROUSEL = """\
---
account: acme
time: 2026-12-01 09:00
media: [{path: two.jpg, alt: Two}, {path: three.jpg, alt: Three}, {path: two.jpg, alt: Again}]
---
Three of them
"""


def use(team: Team, lines: str) -> None:
    """Replace the media host."""
    text = (team.root / "socialauto.yaml").read_text()
    old = text[text.index("media_host:") : text.index("ledger:")]
    team.write({"socialauto.yaml": text.replace(old, lines)})


def bodies(team: Team) -> list[bytes | None]:
    """What the platform has downloaded for what is public."""
    world = team.world
    found = []
    for line in world.log:
        container = world.containers[line.container]
        for each in [world.containers[name] for name in container.draft.children] or [container]:
            assert each.asset is not None
            found.append(world.storage.blob(each.asset.blob))
    return found


def no_secret_in(team: Team, *texts: str) -> None:
    git(team.root, "fetch", "--quiet", "origin", "socialauto/ledger")
    ledger = git(team.root, "log", "-p", "FETCH_HEAD")
    for text in (*texts, ledger):
        assert KEYS.secret not in text
        assert text.count("X-Amz-Signature=") == text.count("X-Amz-Signature=***")


def clean(team: Team, *flags: str) -> Said:
    return team.say("media", "clean", *flags)


# a bucket


@pytest.fixture
def bucket(acme: Team, monkeypatch: pytest.MonkeyPatch) -> str:
    if WHY_NOT:
        pytest.skip(WHY_NOT)
    settings = running_store().settings()
    monkeypatch.setenv("STORE_ACCESS", KEYS.access)
    monkeypatch.setenv("STORE_SECRET", KEYS.secret)
    use(
        acme,
        f"media_host:\n  kind: s3\n  endpoint: {settings.endpoint}\n  bucket: {settings.bucket}\n"
        f"  prefix: {settings.prefix}\n  access_key: env:STORE_ACCESS\n"
        "  secret_key: env:STORE_SECRET\n",
    )
    return settings.prefix


def test_a_post_goes_out_with_its_media_in_a_bucket(acme: Team, bucket: str) -> None:
    picture = jpeg("gold")
    more = {"content/two.jpg": jpeg("red"), "content/three.jpg": picture}
    acme.write({**more, "content/three.md": CAROUSEL})

    said = acme.reconcile()

    assert said.code == 0, said
    assert sorted(acme.captions) == ["Hello, world", "Three of them"]
    assert set(bodies(acme)) == {jpeg(), jpeg("red"), picture}
    requests = httpx.get(f"{acme.url}/_sandbox/requests", trust_env=False).text
    assert "X-Amz-Signature=***" in requests
    no_secret_in(acme, said.out, said.err, requests)


def test_what_the_platform_does_not_take_is_prepared_and_uploaded(acme: Team, bucket: str) -> None:
    source = png()
    acme.write({"content/one.png": source, "content/hello.md": post("Hello", media="one.png")})

    said = acme.reconcile()

    assert said.code == 0, said
    [body] = bodies(acme)
    assert body is not None
    assert body.startswith(b"\xff\xd8\xff")


def test_keys_that_are_missing_stop_the_run_before_anything_is_sent(
    acme: Team, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STORE_SECRET")

    said = acme.reconcile()

    assert said.code == 1
    assert "media_host: the environment variable STORE_SECRET" in said.err
    assert acme.captions == []


def test_a_run_without_anything_to_send_needs_no_keys(
    acme: Team, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("STORE_SECRET")

    said = acme.reconcile(now="2026-11-25 09:00")

    assert (said.code, said.out) == (0, "nothing to do; 1 wait\n")


def test_a_wrong_secret_fails_the_post_with_the_cure_and_no_secret(
    acme: Team, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STORE_SECRET", "canary-not-the-secret")

    said = acme.reconcile("--format", "json")

    [result] = said.json["results"]
    assert (
        "the secret in STORE_SECRET is not the one of the key in STORE_ACCESS"
        in (result["message"])
    )
    assert "canary" not in said.out + said.err
    assert acme.captions == []


def test_an_error_of_the_platform_shows_no_signature(acme: Team, bucket: str) -> None:
    """It may quote the address that it could not fetch."""
    quoted = "cannot fetch https://s3/x.jpg?X-Amz-Signature=0123456789abcdef0123456789abcdef"
    acme.world.faults.add(Fault(method="POST", path="/media$", **REFUSED | {"message": quoted}))
    said = acme.reconcile("--format", "json")

    assert acme.captions == []
    assert "0123456789abcdef" not in said.out + said.err
    no_secret_in(acme, said.out, said.err)


def put(team: Team, bucket: str, name: str) -> None:
    """An object of somebody else, under our prefix."""
    store = running_store()
    url = store.endpoint + quoted_path(store.settings().bucket, bucket, name)
    now = SystemClock().now()  # the store compares it with its own
    headers = Signer(KEYS, store.region).headers("PUT", url, body=b"mine", now=now)
    httpx.put(url, content=b"mine", headers=headers, trust_env=False).raise_for_status()


def test_old_uploads_are_deleted_unless_an_open_post_needs_them(acme: Team, bucket: str) -> None:
    """A post that was not begun needs its picture, and so does one that has failed."""
    acme.world.faults.add(Fault(method="POST", path="/media_publish$", skip=2, **REFUSED))
    pictures = {f"content/{color}.jpg": jpeg(color) for color in ("red", "gold")}
    acme.write({**pictures, "content/soon.md": post("S", time=SOON, media="red.jpg")})
    assert acme.reconcile().code == 0
    acme.write({"content/fails.md": post("F", time=SOON, media="gold.jpg")})
    assert acme.reconcile(now="2026-12-01 09:10:05").code == 4
    acme.write({"content/later.md": post("L", time="2027-03-01 09:00", media="red.jpg")})
    put(acme, bucket, "notes.txt")

    assert clean(acme).out == "nothing to delete\n"
    dry = clean(acme, "--now", "2027-02-01 09:00", "--dry-run")
    wet = clean(acme, "--now", "2027-02-01 09:00")
    again = clean(acme, "--now", "2027-02-01 09:00")

    line, total = wet.out.splitlines()
    assert line.startswith(f"deleted {bucket}/")
    assert total == f"1 file deleted, {len(jpeg()):,} bytes"
    assert dry.out.splitlines() == [
        line.replace("deleted", "would delete"),
        total.replace("deleted", "would be deleted"),
    ]
    assert again.out == "nothing to delete\n"


# a branch


@pytest.fixture
def raw(acme: Team) -> Iterator[None]:
    """Serves /COMMIT/PATH of the remote as raw.githubusercontent.com does."""
    assert acme.remote is not None
    bare = acme.remote

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            made, _, path = self.path.strip("/").partition("/")
            body = _blob(bare, f"{made}:{path}")
            self.send_response(404 if body is None else 200)
            self.send_header("Content-Type", "application/octet-stream")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        port = server.server_address[1]
        use(
            acme,
            f"media_host:\n  kind: branch\n  base: http://127.0.0.1:{port}/{{commit}}\n",
        )
        yield
        server.shutdown()
        thread.join()


def _blob(bare: Path, name: str) -> bytes | None:
    import subprocess

    shown = subprocess.run(
        ["git", "-C", str(bare), "cat-file", "blob", name], capture_output=True, check=False
    )
    return shown.stdout if shown.returncode == 0 else None


def commits(team: Team) -> int:
    assert team.remote is not None
    return int(git(team.remote, "rev-list", "--count", "socialauto/media"))


def test_a_post_goes_out_with_its_media_on_a_branch(acme: Team, raw: None) -> None:
    more = {"content/two.jpg": jpeg("red"), "content/three.jpg": jpeg("gold")}
    acme.write({**more, "content/hello.md": CAROUSEL})

    said = acme.reconcile()

    assert said.code == 0, said
    assert bodies(acme) == [jpeg("red"), jpeg("gold"), jpeg("red")]
    assert commits(acme) == 1  # one push for the whole carousel
    assert git(acme.root, "branch", "--list") == "* main"


def test_old_files_of_the_branch_are_deleted_with_its_history(acme: Team, raw: None) -> None:
    acme.write({"content/two.jpg": jpeg("red"), "content/soon.md": post("S", media="two.jpg")})
    assert acme.reconcile().code == 0
    later = post("Later", time="2028-03-01 09:00", media="two.jpg")
    acme.write({"content/later.md": later})

    assert clean(acme).out == "nothing to delete\n"
    dry = clean(acme, "--now", "2028-02-01 09:00", "--dry-run")
    said = clean(acme, "--now", "2028-02-01 09:00")

    assert dry.out.splitlines()[-1] == f"1 file would be deleted, {len(jpeg()):,} bytes"
    assert said.out.splitlines()[-1] == f"1 file deleted, {len(jpeg()):,} bytes"
    assert commits(acme) == 1
    assert acme.remote is not None
    names = git(acme.remote, "ls-tree", "-r", "--name-only", "socialauto/media").split()
    assert len(names) == 2


# the doctor


def look(team: Team) -> tuple[str, str]:
    checks = team.say("doctor", "--format", "json").json["checks"]
    [found] = [check for check in checks if check["id"] == "media-host"]
    return found["status"], found["found"]


def test_the_doctor_asks_the_store(
    acme: Team, bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fine = look(acme)
    monkeypatch.setenv("STORE_SECRET", "canary-not-the-secret")
    wrong = look(acme)
    monkeypatch.delenv("STORE_SECRET")
    missing = look(acme)

    assert fine == ("ok", "the store lists bucket private-media for these keys")
    assert wrong[0] == "fail"
    assert "the secret in STORE_SECRET is not the one of" in wrong[1]
    assert missing[0] == "fail"
    assert "STORE_SECRET" in missing[1]


def test_the_doctor_looks_at_the_branch(acme: Team, raw: None) -> None:
    before = look(acme)
    acme.reconcile()
    after = look(acme)
    acme.configure("kind: branch\n", "kind: branch\n  branch: main\n")
    foreign = look(acme)

    assert before[0] == "ok"
    assert before[1].startswith("branch socialauto/media does not exist yet")
    size = len(jpeg())
    assert after == ("ok", f"branch socialauto/media holds media only: 1 file, {size:,} bytes")
    assert foreign[0] == "fail"
    assert "so it is no branch for media alone" in foreign[1]


# what is uploaded


@dataclass
class Moved:
    """The content that counts, where a file has changed since a message was made of it."""

    root: Path
    asked: list[str] = field(default_factory=list)

    @property
    def git(self) -> Any:
        return self

    def line(self, *_: str) -> str:
        return str(self.root)

    def read(self, path: str) -> bytes:
        raise AssertionError(f"{path} may be another file by now")

    def read_blob(self, blob: str) -> bytes:
        self.asked.append(blob)
        return jpeg("red")


def test_what_the_message_was_made_of_is_uploaded_whatever_the_file_is_now(tmp_path: Path) -> None:
    item = MediaItem("content/one.jpg", "b" * 40, ImageFacts("jpeg", 1, 400, 400))
    moved: Any = Moved(tmp_path)

    file = anyio.run(maker(moved), item)

    assert (file.data, moved.asked) == (jpeg("red"), ["b" * 40])


def test_a_media_host_is_opened_once_and_only_when_it_is_asked() -> None:
    opened: list[NoHost] = []
    moved: Any = Moved(Path())

    def open_host() -> NoHost:
        opened.append(NoHost(make=maker(moved)))
        return opened[-1]

    later = Later(open_host)
    assert opened == []
    assert later.opened() is later.opened()
    assert len(opened) == 1


# none


def test_without_a_media_host_a_reel_is_sent_directly_and_an_image_says_why_not(
    acme: Team,
) -> None:
    use(acme, "")
    reel = "---\naccount: acme\ntime: 2026-12-01 09:00\nmedia: [film.mp4]\n---\nMoving\n"
    film = mp4()
    acme.write({"content/film.mp4": film, "content/reel.md": reel})

    said = acme.reconcile("--format", "json")

    reasons = {result["post"]: result["message"] for result in said.json["results"]}
    assert acme.captions == ["Moving"]
    assert bodies(acme) == [film]
    assert reasons["hello"].startswith("no media host for content/one.jpg")


def test_a_video_that_is_sent_directly_is_prepared_first(acme: Team) -> None:
    use(acme, "")
    reel = "---\naccount: acme\ntime: 2026-12-01 09:00\nmedia: [film.mp4]\n---\nMoving\n"
    acme.write({"content/film.mp4": mp4(moov_first=False), "content/hello.md": reel})

    assert acme.reconcile().code == 0
    [body] = bodies(acme)
    assert body is not None
    assert body.index(b"moov") < body.index(b"mdat")


def test_where_nothing_is_uploaded_nothing_can_be_cleaned(acme: Team) -> None:
    said = clean(acme)

    assert said.code == 1
    assert "media_host uploads nothing" in said.err


def test_what_was_prepared_here_can_be_forgotten(acme: Team) -> None:
    folder = acme.root / ".git/socialauto/prepared"
    assert clean(acme, "--cache").out == "nothing to delete\n"
    folder.mkdir(parents=True)
    (folder / "a-b.jpg").write_bytes(b"12345")

    dry = clean(acme, "--cache", "--dry-run")
    assert (folder / "a-b.jpg").exists()
    wet = clean(acme, "--cache")

    assert dry.out.startswith("would delete socialauto/prepared/a-b.jpg (5 bytes)\n")
    assert wet.out.endswith("1 file deleted, 5 bytes\n")
    assert list(folder.iterdir()) == []


# the page


def test_every_configuration_on_the_page_is_sound(project_root: Path) -> None:
    page = (project_root / "docs" / "media-hosts.md").read_text()
    blocks = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)

    for block in blocks:
        source, findings = read_config(block.encode())
        assert source is not None
        assert findings == []
    assert len(blocks) == 4
