"""What a tree of files asks for. How broken files are told about: tests/corpus."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from socialauto.core.delivery import DeliveryKey, LatePolicy
from socialauto.core.message import PostType, UserTag
from socialauto.engine import shelf
from socialauto.engine.load import Loaded, load
from socialauto.repository.committree import CommitTree
from socialauto.repository.git import open_repository
from socialauto.repository.worktree import WorkTree
from support.media_samples import jpeg, mp4
from support.repositories import new_repository

CONFIG = """\
timezone: Europe/Berlin
late: {grace: 2h}
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME"}
  bakery: {platform: instagram, id: "2", token: "env:BAKERY", late: {then: hold}}
vars: {shop: the shop}
"""

POST = """\
---
accounts: [acme, bakery]
time: 2026-12-01 09:00
media:
  - {path: media/one.jpg, alt: "A door", tags: [{user: bob, x: 0.5, y: 0.5}]}
hashtags: [bread]
collaborators: [ann]
overrides:
  bakery: {text: Shorter.}
---
Come to {{ vars.shop }}.
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "content" / "media").mkdir(parents=True)
    (tmp_path / "content" / "media" / "one.jpg").write_bytes(jpeg())
    (tmp_path / "content" / "media" / "clip.mp4").write_bytes(mp4())
    (tmp_path / "socialauto.yaml").write_text(CONFIG)
    return tmp_path


def loaded(root: Path, **files: str) -> Loaded:
    for name, text in files.items():
        name, _, suffix = name.rpartition("_")
        (root / "content" / f"{name}.{suffix}").write_text(text)
    return load(WorkTree(root))


def codes(state: Loaded) -> list[str]:
    return [finding.code for finding in state.findings]


def test_a_post_becomes_a_delivery_on_each_of_its_accounts(root: Path) -> None:
    state = loaded(root, launch_md=POST)
    assert (state.posts, state.findings) == (1, ())
    acme, bakery = state.deliveries
    assert acme.key == DeliveryKey("acme", "launch")
    assert acme.due == datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
    assert (acme.zone, acme.path, acme.line) == ("Europe/Berlin", "content/launch.md", 2)
    assert (acme.draft, acme.invalid) == (False, "")
    assert acme.late == LatePolicy(timedelta(hours=2), "skip")
    assert bakery.late == LatePolicy(timedelta(hours=2), "hold")


def test_a_message_has_all_that_would_be_sent(root: Path) -> None:
    acme, bakery = (delivery.message for delivery in loaded(root, launch_md=POST).deliveries)
    assert (acme.platform, acme.type) == ("instagram", PostType.IMAGE)
    assert acme.text == "Come to the shop.\n\n#bread"
    assert bakery.text == "Shorter.\n\n#bread"
    (item,) = acme.media
    assert (item.path, item.alt, item.tags) == (
        "content/media/one.jpg",
        "A door",
        (UserTag("bob", 0.5, 0.5),),
    )
    assert item.blob == WorkTree(root).blob("content/media/one.jpg")
    assert dict(acme.options) == {"collaborators": ["ann"]}
    assert acme.digest != bakery.digest


def test_a_commit_asks_for_the_same_as_the_files_it_was_made_from(root: Path) -> None:
    (root / "content" / "launch.md").write_text(POST)
    new_repository(root, {"content/bad.md": POST.replace("one.jpg", "none.jpg")})
    repository = open_repository(root)
    with CommitTree(repository, repository.line("rev-parse", "HEAD")) as tree:
        committed = load(tree)
    assert committed == load(WorkTree(root))
    assert len(committed.deliveries) == 4


def test_loading_twice_gives_the_same(root: Path) -> None:
    assert loaded(root, launch_md=POST) == loaded(root)


def test_a_file_with_an_error_makes_all_its_posts_invalid_and_no_others(root: Path) -> None:
    fields = "account: acme\nmedia: [{path: media/one.jpg, alt: A}]\n"
    two = (
        f"id: a\ntime: 2026-12-03 09:00\n{fields}---\n"
        f"id: b\ntime: 2026-12-02 09:00\nmood: good\n{fields}"
    )
    state = loaded(root, launch_md=POST, two_yaml=two)
    assert codes(state) == ["SA201"]
    assert {delivery.key.post: delivery.invalid for delivery in state.deliveries} == {
        "launch": "",
        "a": str(state.findings[0]),
        "b": str(state.findings[0]),
    }
    assert state.config is not None


def test_a_warning_stops_nothing(root: Path) -> None:
    state = loaded(root, launch_md=POST.replace('alt: "A door", ', ""))
    assert codes(state) == ["SA434"]
    assert [delivery.invalid for delivery in state.deliveries] == ["", ""]


def test_under_a_broken_configuration_nothing_is_valid(root: Path) -> None:
    (root / "socialauto.yaml").write_text(CONFIG + "mood: good\n")
    state = loaded(root, launch_md=POST)
    assert state.config is None
    assert [delivery.invalid for delivery in state.deliveries] == [str(state.findings[0])] * 2


def test_without_a_configuration_posts_are_read_and_nothing_is_delivered(root: Path) -> None:
    (root / "socialauto.yaml").unlink()
    state = loaded(root, launch_md=POST)
    assert (state.config, state.deliveries, state.posts) == (None, (), 1)
    assert codes(state) == ["SA701"]


def test_a_delivery_is_there_once_even_when_its_id_is_there_twice(root: Path) -> None:
    text = POST.replace("---\naccounts", "---\nid: same\naccounts", 1)
    state = loaded(root, a_md=text, b_md=text)
    keys = [delivery.key for delivery in state.deliveries]
    assert keys == [DeliveryKey("acme", "same"), DeliveryKey("bakery", "same")]
    assert all("SA601" in delivery.invalid for delivery in state.deliveries)


def test_a_draft_is_checked_and_marked_and_may_lack_a_time(root: Path) -> None:
    state = loaded(root, a_md=POST.replace("---\n", "---\ndraft: true\n", 1))
    assert [delivery.draft for delivery in state.deliveries] == [True, True]
    timeless = POST.replace("time: 2026-12-01 09:00", "draft: true")
    state = loaded(root, a_md=timeless.replace("one.jpg", "on.jpg"))
    assert state.deliveries == ()
    assert codes(state) == ["SA401"]


def test_a_draft_takes_nobodys_time(root: Path) -> None:
    other = POST.replace("---\n", "---\ndraft: true\n", 1)
    assert codes(loaded(root, a_md=POST, b_md=other)) == []
    assert codes(loaded(root, c_md=POST)) == ["SA603", "SA603"]


def test_two_accounts_that_break_one_rule_are_told_once(root: Path) -> None:
    state = loaded(root, a_md=POST.replace("bread]", "bread]\ncontent_warning: x"))
    assert codes(state) == ["SA210"]


def test_a_time_far_ahead_is_asked_about_when_now_is_known(root: Path) -> None:
    loaded(root, a_md=POST.replace("2026-12-01", "2062-12-01"))
    assert codes(load(WorkTree(root))) == []
    assert codes(load(WorkTree(root), now=datetime(2026, 11, 1, tzinfo=UTC))) == ["SA305"]


def test_files_that_are_no_posts_are_left_alone(root: Path) -> None:
    (root / "content" / ".hidden").mkdir()
    for name in (".draft.md", "notes.txt", "media/one.jpg.md~", ".hidden/a.md"):
        (root / "content" / name).write_text("no post")
    assert loaded(root) == load(WorkTree(root))
    assert (loaded(root).posts, loaded(root).findings) == (0, ())


def test_a_file_that_many_posts_show_is_looked_at_once(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    probed: list[int] = []
    probe = shelf.probe
    monkeypatch.setattr(shelf, "probe", lambda data: (probed.append(len(data)), probe(data))[1])
    (root / "content" / "media" / "copy.jpg").write_bytes(jpeg())
    copy = POST.replace("one.jpg", "copy.jpg").replace("2026-12-01", "2026-12-02")
    loaded(root, a_md=POST, b_md=copy)
    assert len(probed) == 1


def test_a_video_alone_is_a_reel_with_its_options(root: Path) -> None:
    text = (
        "---\naccount: acme\ntime: 2026-12-01 09:00\nmedia: [media/clip.mp4]\n"
        "cover_at: 1.5s\nshare_to_feed: false\n---\nLook.\n"
    )
    (delivery,) = loaded(root, a_md=text).deliveries
    assert delivery.message.type is PostType.REEL
    assert dict(delivery.message.options) == {"cover_at": 1.5, "share_to_feed": False}


def test_a_cover_is_looked_up_like_any_media(root: Path) -> None:
    text = (
        "---\naccount: acme\ntime: 2026-12-01 09:00\nmedia: [media/clip.mp4]\n"
        "cover: /content/media/one.jpg\n---\nLook.\n"
    )
    (delivery,) = loaded(root, a_md=text).deliveries
    assert delivery.message.cover is not None
    assert delivery.message.cover.path == "content/media/one.jpg"
