"""A file that was changed after it was published: `plan` says what, `show` how."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from socialauto.core.drift import Drift, Edit
from socialauto.report.drift import lines, markdown
from support.repositories import git
from support.team import JUST_AFTER, Team, post

NOW = "2026-12-02 09:00"


@pytest.fixture
def changed(acme: Team) -> Team:
    acme.reconcile()
    edited = post("Hello, new world", more="location: '123'\n").replace("A picture", "A square")
    acme.write({"content/hello.md": edited})
    return acme


def test_the_plan_says_what_is_different(changed: Team) -> None:
    said = changed.say("plan", "--now", NOW)
    assert "changed after it was published: text, alt, location differ; nothing is sent" in (
        " ".join(said.out.split())
    )
    assert changed.reconcile(now=NOW).out == "nothing to do\n"


def test_programs_get_the_whole_difference(changed: Team) -> None:
    (step,) = changed.say("plan", "--now", NOW, "--format", "json").json["steps"]
    drift = step["drift"]
    assert drift["text"].splitlines()[-2:] == ["-Hello, world", "+Hello, new world"]
    assert drift["changes"] == [
        {"field": "alt", "published": "A picture", "file": "A square"},
        {"field": "location", "published": "", "file": "123"},
    ]
    assert (drift["exact"], drift["missing"]) == (True, None)
    assert drift["commit"] == changed.ledger()["provenance"]["commit"]


def test_markdown_has_the_difference_below_the_table(changed: Team) -> None:
    said = changed.say("plan", "--now", NOW, "--format", "markdown")
    assert "- `-Hello, world`\n- `+Hello, new world`\n- alt: A picture → A square\n" in said.out


def test_a_text_cannot_leave_its_line(changed: Team) -> None:
    changed.write({"content/hello.md": post("Hello\n`` | <b> @all")})
    markdown = changed.say("plan", "--now", NOW, "--format", "markdown").out
    assert "- ```+`` | <b> @all```" in markdown


def test_nothing_in_a_difference_moves_the_cursor() -> None:
    drift = Drift("c" * 40, text=("+\x1b[2J\u202e",), edits=(Edit("alt", "", "\x1b[2J\r"),))
    shown = "".join(line.plain for line in lines(drift)) + "".join(markdown("a", drift))
    assert "\\x1b[2J" in shown
    assert not {"\x1b", "\r", "\u202e"} & set(shown)


def test_show_has_the_difference(changed: Team) -> None:
    said = changed.say("show", "content/hello.md")
    assert "changed since it was published from commit" in said.out
    assert "-Hello, world\n+Hello, new world\n" in said.out
    assert "alt: A picture → A square" in said.out
    (shown,) = changed.say("show", "content/hello.md", "--format", "json").json["posts"]
    assert shown["drift"]["fields"] == ["text", "alt", "location"]


def test_a_renamed_file_with_an_id_is_found_in_the_commit_of_then(acme: Team) -> None:
    acme.reconcile()
    (acme.root / "content" / "hello.md").unlink()
    acme.write({"content/moved.md": post("Hello, moved world", more="id: hello\n")})
    (step,) = acme.say("plan", "--now", NOW, "--format", "json").json["steps"]
    assert step["drift"]["fields"] == ["text"]


def test_a_clone_without_that_commit_says_so(changed: Team, tmp_path: Path) -> None:
    shallow = tmp_path / "shallow"
    assert changed.remote
    git(tmp_path, "clone", "--quiet", "--depth=1", f"file://{changed.remote}", str(shallow))
    git(shallow, "fetch", "--quiet", "origin", "socialauto/ledger:refs/remotes/origin/socialauto/ledger")  # noqa: E501  # fmt: skip
    team = Team(shallow, changed.remote, changed.world, changed.clock, changed.url, changed.config)
    said = team.say("plan", "--now", NOW, "--format", "json")
    (step,) = json.loads(said.out)["steps"]
    commit = changed.ledger()["provenance"]["commit"][:10]
    assert step["drift"]["missing"] == f"commit {commit} is not in this clone"
    assert step["step"] == "drift"


def test_an_edited_comment_is_a_drift_of_its_own(acme: Team) -> None:
    acme.write({"content/hello.md": post("Hello", more="first_comment: One\n")})
    acme.reconcile()
    acme.write({"content/hello.md": post("Hello", more="first_comment: Two\n")})
    steps = acme.say("plan", "--now", NOW, "--format", "json").json["steps"]
    found = {step["part"]: step["drift"]["fields"] for step in steps if step["drift"]}
    assert found == {None: ["first_comment"], "comment": ["text"]}


def test_what_was_adopted_is_known_by_nobody(acme: Team) -> None:
    acme.say("adopt", "hello", "--account", "acme", "--published", "https://x.test/p/1")
    acme.write({"content/hello.md": post("Hello, new world")})
    (step,) = acme.say("plan", "--now", JUST_AFTER, "--format", "json").json["steps"]
    assert step["drift"]["missing"] == "nobody wrote down what it was"
    assert acme.say("show", "content/hello.md").code == 0
