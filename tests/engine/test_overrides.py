"""Overrides by account, group and platform, and posts that go out at several times."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from socialauto.engine.load import Loaded, load
from socialauto.repository.worktree import WorkTree
from support.media_samples import jpeg

ACCOUNTS = """\
timezone: Europe/Berlin
accounts:
  acme: {platform: instagram, id: "1", token: "env:A"}
  bakery: {platform: instagram, id: "2", token: "env:B"}
"""
SHOPS = ACCOUNTS + "groups: {shops: [bakery]}\n"
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
TIME = "time: 2026-12-01 09:00"


def _loaded(root: Path, overrides: str, *, when: str = TIME, config: str = SHOPS) -> Loaded:
    post = (
        "---\nid: launch\naccounts: [acme, bakery]\n"
        f"{when}\nmedia: [{{path: one.jpg, alt: A door}}]\noverrides:\n{overrides}---\nHello.\n"
    )
    (root / "content").mkdir()
    (root / "content/post.md").write_text(post, encoding="utf-8")
    (root / "content/one.jpg").write_bytes(jpeg())
    (root / "socialauto.yaml").write_text(config, encoding="utf-8")
    return load(WorkTree(root), now=NOW)


def _texts(loaded: Loaded) -> dict[str, str]:
    assert [str(finding) for finding in loaded.findings] == []
    return {one.key.account: one.message.text for one in loaded.deliveries}


def _dues(loaded: Loaded) -> dict[str, str]:
    return {one.key.account: f"{one.due:%d %H:%M}" for one in loaded.deliveries}


def test_the_account_beats_its_group_and_that_the_platform(tmp_path: Path) -> None:
    overrides = (
        "  bakery: {text: The account.}\n"
        "  shops: {text: The group., location: '7'}\n"
        "  instagram: {text: The platform., location: '8'}\n"
    )
    loaded = _loaded(tmp_path, overrides)
    assert _texts(loaded) == {"acme": "The platform.", "bakery": "The account."}
    places = {one.key.account: one.message.options["location"] for one in loaded.deliveries}
    assert places == {"acme": "8", "bakery": "7"}


def test_a_name_that_is_also_an_accounts_means_the_account(tmp_path: Path) -> None:
    config = ACCOUNTS.replace("  bakery:", "  instagram:")
    post = _loaded(tmp_path, "  instagram: {text: Only here.}\n", config=config)
    assert [(one.key.account, one.message.text) for one in post.deliveries] == [("acme", "Hello.")]
    assert [one.code for one in post.findings] == ["SA203", "SA209"]


def test_a_name_that_is_also_a_groups_means_the_group(tmp_path: Path) -> None:
    config = ACCOUNTS + "groups: {instagram: [bakery]}\n"
    loaded = _loaded(tmp_path, "  instagram: {text: The group.}\n", config=config)
    assert _texts(loaded) == {"acme": "Hello.", "bakery": "The group."}


def test_a_platform_that_the_post_does_not_go_to_is_a_mistake(tmp_path: Path) -> None:
    (finding,) = _loaded(tmp_path, "  bluesky: {text: Nobody.}\n").findings
    assert (finding.code, finding.line) == ("SA209", 7)


@pytest.mark.parametrize(
    ("overrides", "dues"),
    [
        ("  acme: {time: 2026-12-02 17:30}\n", {"acme": "02 16:30", "bakery": "01 08:00"}),
        ("  shops: {time: 2026-12-02 17:30}\n", {"acme": "01 08:00", "bakery": "02 16:30"}),
        ("  instagram: {time: 2026-12-02T17:30Z}\n", {"acme": "02 17:30", "bakery": "02 17:30"}),
        (
            "  instagram: {time: 2026-12-03 09:00}\n  acme: {time: 2026-12-04 09:00}\n",
            {"acme": "04 08:00", "bakery": "03 08:00"},
        ),
    ],
)
def test_a_post_can_go_out_at_another_time_elsewhere(
    tmp_path: Path, overrides: str, dues: dict[str, str]
) -> None:
    loaded = _loaded(tmp_path, overrides)
    assert loaded.findings == ()
    assert _dues(loaded) == dues


def test_what_is_wrong_with_that_time_is_told_where_it_stands(tmp_path: Path) -> None:
    overrides = "  acme:\n    time: 2027-03-28 02:30\n"
    (finding,) = _loaded(tmp_path, overrides).findings
    assert (finding.code, finding.line, finding.column) == ("SA303", 8, 11)


def test_a_queue_says_when_for_all_its_accounts(tmp_path: Path) -> None:
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules/mornings.yaml").write_text("slots: [monday 09:00]\n")
    overrides = "  acme: {time: 2026-12-02 17:30}\n"
    (finding,) = _loaded(tmp_path, overrides, when="schedule: mornings").findings
    assert (finding.code, finding.line) == ("SA321", 7)


def test_a_series_has_one_rule_for_all_its_accounts(tmp_path: Path) -> None:
    (tmp_path / "schedules").mkdir()
    (tmp_path / "schedules/weekly.yaml").write_text(
        "account: acme\nevery: monday 09:00\nmedia: [{path: /content/one.jpg, alt: A}]\ntext: Hi.\n"
        "overrides:\n  acme: {time: 2026-12-02 17:30}\n"
    )
    found = _loaded(tmp_path, "  acme: {text: Hi.}\n").findings
    assert [(one.path, one.code, one.line) for one in found if one.severity == "error"] == [
        ("schedules/weekly.yaml", "SA313", 6)
    ]
