from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialauto.core.ledger import State
from socialauto.core.readiness import TokenLife
from socialauto.engine.foresight import Known, foresee
from socialauto.engine.load import Loaded, load
from socialauto.repository.worktree import WorkTree
from support.builders import entry
from support.media_samples import jpeg, mp4

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PAST = NOW - timedelta(days=7)
CONFIG = """\
timezone: UTC
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME"}
  bakery: {platform: instagram, id: "2", token: "env:BAKERY", login: instagram}
"""
HOST = 'media_host: {kind: url, base: "https://files.example/{commit}"}\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content" / "media").mkdir(parents=True)
    (tmp_path / "schedules").mkdir()
    (tmp_path / "content" / "media" / "one.jpg").write_bytes(jpeg())
    (tmp_path / "content" / "media" / "clip.mp4").write_bytes(mp4())
    (tmp_path / "socialauto.yaml").write_text(CONFIG + HOST)
    return tmp_path


def post(when: str, text: str = "Hello.", account: str = "acme", more: str = "") -> str:
    media = "media: [{path: /content/media/one.jpg, alt: A door}]"
    return f"---\naccount: {account}\n{when}\n{media}\n{more}---\n{text}\n"


def write(root: Path, files: dict[str, str]) -> Loaded:
    for path, text in files.items():
        (root / path).write_text(text)
    return load(WorkTree(root), now=NOW)


def told(loaded: Loaded, known: Known | None = None) -> list[tuple[str, str]]:
    found = foresee(loaded, now=NOW, known=known or Known())
    assert {one.severity for one in found} <= {"warning"}
    return [(one.path, one.code) for one in found]


def test_a_sound_repository_has_nothing_ahead(root: Path) -> None:
    assert told(write(root, {"content/a.md": post("time: 2026-12-01 09:00")})) == []


def test_without_a_usable_configuration_nothing_is_foreseen(root: Path) -> None:
    assert told(write(root, {"socialauto.yaml": f"{CONFIG}mood: good\n"})) == []
    (root / "socialauto.yaml").unlink()
    assert told(load(WorkTree(root), now=NOW)) == []


REEL = """\
account: {account}
time: {time}
media: [/content/media/clip.mp4]
text: A clip.
"""


@pytest.mark.parametrize(
    ("account", "more", "found"),
    [
        ("acme", "", []),  # Facebook Login takes the video itself
        ("acme", "cover: /content/media/one.jpg\n", [("socialauto.yaml", "SA610")]),
        ("bakery", "", [("socialauto.yaml", "SA610")]),
    ],
)
def test_a_video_needs_a_host_where_it_is_not_sent(
    root: Path, account: str, more: str, found: list[tuple[str, str]]
) -> None:
    reel = REEL.format(account=account, time="2026-12-01 09:00") + more
    assert told(write(root, {"socialauto.yaml": CONFIG, "content/a.yaml": reel})) == found


@pytest.mark.parametrize("more", ["draft: true\n", "time: 2026-11-01 09:00\n"])
def test_what_does_not_go_out_needs_no_host(root: Path, more: str) -> None:
    when = "time: 2026-12-01 09:00" if "time" not in more else "language: de"
    text = post(when, more=more).replace("language: de\n", "")
    assert told(write(root, {"socialauto.yaml": CONFIG, "content/a.md": text})) == []


def test_what_recurs_and_what_waits_needs_a_host(root: Path) -> None:
    series = "account: acme\nevery: monday 09:00\ntext: Monday.\nmedia: [/content/media/one.jpg]\n"
    files = {"socialauto.yaml": CONFIG, "schedules/weekly.yaml": series}
    assert ("socialauto.yaml", "SA610") in told(write(root, files))
    (root / "schedules" / "weekly.yaml").write_text("slots: [monday 09:00]\n")
    assert told(write(root, {"content/a.md": post("schedule: weekly")})) == [
        ("socialauto.yaml", "SA610")
    ]


def test_a_token_that_ends_is_told_at_the_first_post_after_its_end(root: Path) -> None:
    files = {
        f"content/{name}.md": post(f"time: 2026-12-{day} 09:00", f"Text {name}.", account)
        for name, day, account in (
            ("a", "01", "acme"), ("b", "20", "acme"), ("c", "21", "acme"), ("d", "22", "bakery"),
        )
    }  # fmt: skip
    loaded = write(root, files)
    ends = datetime(2026, 12, 20, 8, 0, tzinfo=UTC)
    (found,) = foresee(loaded, now=NOW, known=Known(lives={"acme": TokenLife(ends)}))
    assert str(found) == (
        "content/b.md:3:7: SA609 the token of acme ends 2026-12-20 08:00 UTC, before this, and 1 "
        'more after it; run "socialauto accounts connect acme" before then'
    )
    assert told(loaded, Known(lives={"acme": TokenLife(ends + timedelta(days=30))})) == []


SLOTS = "slots: [monday 09:00]\nuntil: {until}\n"


def queue(root: Path, until: str, number: int = 3) -> Loaded:
    posts = {f"content/{n}.md": post("schedule: mornings", f"Text {n}.") for n in range(number)}
    return write(root, {"schedules/mornings.yaml": SLOTS.format(until=until), **posts})


def test_a_queue_with_more_posts_than_slots_is_told_where_the_ledger_is_known(root: Path) -> None:
    loaded = queue(root, "2026-12-07")
    assert told(loaded) == []  # some of them may be published
    assert told(loaded, Known(())) == [("content/2.md", "SA613")]
    first = loaded.waiting[0].delivery
    assert told(loaded, Known((entry(first, State.PUBLISHED, due=PAST),))) == []
    assert told(queue(root, "2026-12-14"), Known(())) == []


def test_what_is_published_has_no_slot_to_come(root: Path) -> None:
    loaded = queue(root, "2027-12-07", 2)
    loaded = write(root, {"content/at.md": post("time: 2026-11-30 09:00")})
    assert told(loaded) == [("content/at.md", "SA603")]
    both = tuple(entry(one.delivery, State.PUBLISHED, due=PAST) for one in loaded.waiting)
    assert told(loaded, Known(both)) == []


def test_a_queue_that_meets_a_series_again_and_again_is_told_once(root: Path) -> None:
    series = "account: acme\nevery: monday 10:00\ntext: Monday.\nmedia: [/content/media/one.jpg]\n"
    queue(root, "2027-12-07", 6)
    files = {
        "socialauto.yaml": f"{CONFIG}{HOST}guard: {{min_gap: 2h}}\n",
        "schedules/weekly.yaml": series,
    }
    assert told(write(root, files)) == [("schedules/weekly.yaml", "SA607")]


def test_what_the_look_at_the_files_has_said_is_not_said_again(root: Path) -> None:
    queue(root, "2027-12-07", 1)
    files = {
        "socialauto.yaml": f"{CONFIG}{HOST}guard: {{min_gap: 2h}}\n",
        "content/a.md": post("time: 2026-12-01 09:00", "One."),
        "content/b.md": post("time: 2026-12-01 10:00", "Two."),
    }
    loaded = write(root, files)
    assert [(one.path, one.code) for one in loaded.findings] == [("content/b.md", "SA607")]
    assert told(loaded) == []


def test_a_schedule_that_goes_on_says_nothing(root: Path) -> None:
    leap = "account: acme\nrule: FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYHOUR=9\ntext: A day more.\n"
    files = {
        "schedules/leap.yaml": f"{leap}start: 2024-01-01\nmedia: [/content/media/one.jpg]\n",
        "schedules/winter.yaml": "slots: [monday 09:00]\nblackout: [2026-11-01 to 2027-03-31]\n",
    }
    assert told(write(root, files)) == []


def test_a_draft_of_a_series_may_have_ended(root: Path) -> None:
    series = "account: acme\nevery: monday 09:00\nuntil: 2026-10-31\ntext: Autumn.\n"
    series += "media: [/content/media/one.jpg]\n"
    assert told(write(root, {"schedules/old.yaml": series})) == [("schedules/old.yaml", "SA612")]
    assert told(write(root, {"schedules/old.yaml": f"{series}draft: true\n"})) == []


def test_a_version_that_has_ended_is_told_at_the_next_post(root: Path) -> None:
    files = {
        "socialauto.yaml": (CONFIG + HOST).replace('"env:ACME"', '"env:ACME", api_version: v20.0'),
        "content/past.md": post("time: 2026-10-01 09:00", "Past."),
        "content/next.md": post("time: 2026-12-01 09:00", "Next."),
        "content/other.md": post("time: 2026-12-01 09:00", "Other.", "bakery"),
    }
    assert told(write(root, files)) == [("content/next.md", "SA608")]
    unknown = files["socialauto.yaml"].replace("v20.0", "v99.0")
    assert told(write(root, {"socialauto.yaml": unknown})) == []


def test_public_objects_need_no_signature(root: Path) -> None:
    bucket = 'endpoint: "https://s3.example", bucket: acme, expires: 25h'
    keys = 'access_key: "env:A", secret_key: "env:B"'
    lease = "run: {lease: 2h}\n"
    signed = f"media_host: {{kind: s3, {bucket}, {keys}}}\n{lease}"
    assert told(write(root, {"socialauto.yaml": CONFIG + signed})) == [("socialauto.yaml", "SA611")]
    public = signed.replace(keys, f'{keys}, public_base: "https://media.example"')
    assert told(write(root, {"socialauto.yaml": CONFIG + public})) == []


def test_two_posts_with_times_of_their_own_are_told_by_the_files_alone(root: Path) -> None:
    when = "time: 2026-12-01 09:00"
    loaded = write(root, {"content/a.md": post(when, "One."), "content/b.md": post(when, "Two.")})
    assert [one.code for one in loaded.findings] == ["SA603"]
    assert told(loaded) == []
