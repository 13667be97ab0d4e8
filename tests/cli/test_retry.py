"""`socialauto retry`: the cause is mended, the file need not change."""

from __future__ import annotations

import pytest

from support.team import Team, jpeg, post


@pytest.fixture
def failed(acme: Team) -> Team:
    """A post that failed for its media host in three tries."""
    acme.configure(f"{acme.url}/files", f"{acme.url}/nowhere")
    for clock in ("09:00:05", "09:30", "10:00"):
        acme.reconcile(now=f"2026-12-01 {clock}")
    assert acme.ledger()["state"] == "failed"
    acme.configure(f"{acme.url}/nowhere", f"{acme.url}/files")
    return acme


def test_what_failed_stays_in_until_a_person_says_otherwise(failed: Team) -> None:
    assert failed.reconcile(now="2026-12-01 11:00").out == "nothing to do\n"
    said = failed.say("retry", "hello")
    assert (said.code, said.out) == (0, "hello on acme: goes out next\n")
    assert failed.reconcile(now="2026-12-01 11:05").code == 0
    assert failed.captions == ["Hello, world"]


@pytest.mark.parametrize(
    ("flags", "matches"),
    [
        (["--class", "media"], True),
        (["--class", "auth"], False),
        (["--account", "acme"], True),
        (["other-post"], False),
        (["--all"], True),
    ],
)
def test_what_is_retried_can_be_chosen(failed: Team, flags: list[str], matches: bool) -> None:
    said = failed.say("retry", *flags)
    assert said.code == 0
    assert ("goes out next" in said.out) is matches


def test_nothing_is_retried_by_accident(acme: Team) -> None:
    assert acme.say("retry").code == 2


def test_what_is_published_is_never_retried(acme: Team) -> None:
    acme.reconcile()
    acme.write({"content/two.jpg": jpeg("red"), "content/b.md": post("B", media="two.jpg")})
    assert acme.say("retry", "--all").out == "nothing that failed or is paused matches\n"
