"""`validate --base` in real repositories: what a change does, and what stands against it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from socialauto.cli import socialauto
from socialauto.cli.exits import run
from socialauto.core.config import LedgerSettings
from socialauto.core.ledger import Change, Entry, Lease, State
from socialauto.engine.load import load
from socialauto.repository.git import Git
from socialauto.repository.ledger import LedgerBranch
from socialauto.repository.worktree import WorkTree
from support.media_samples import jpeg
from support.repositories import commit, git, new_repository

NOW = "2026-11-23 12:00"
BEGAN = datetime(2026, 11, 1, tzinfo=UTC)
SENT = datetime(2026, 11, 20, 8, 0, 2, tzinfo=UTC)
CONFIG = """\
timezone: Europe/Berlin
accounts:
  acme: {platform: instagram, id: "1", token: "env:ACME"}
  bakery: {platform: instagram, id: "2", token: "env:BAKERY"}
media_host: {kind: url, base: "https://files.example/{commit}"}
"""


def post(text: str, time: str = "2026-12-01 09:00", account: str = "acme", more: str = "") -> str:
    media = "media: [{path: /media/one.jpg, alt: A door}]"
    return f"---\naccount: {account}\ntime: {time}\n{media}\n{more}---\n{text}\n"


FILES: Mapping[str, str | bytes] = {
    "socialauto.yaml": CONFIG,
    "media/one.jpg": jpeg(),
    "media/two.jpg": jpeg(color=60),
    "content/launch.md": post("We launch."),
    "content/named.md": post("Named.", "2026-12-03 09:00", more="id: by-name\n"),
    "content/old.md": post("Long ago.", "2026-11-20 09:00"),
}


@dataclass(frozen=True, slots=True)
class Branch:
    """A clone in which a change is made on a branch of its own."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def write(self, files: Mapping[str, str | bytes], *gone: str) -> None:
        for path in gone:
            (self.root / path).unlink()
        commit(self.root, files)

    def validate(self, *arguments: str, base: str = "main") -> tuple[int, str]:
        self.capture.readouterr()
        code = run(socialauto, ["validate", "--base", base, "--now", NOW, *arguments])
        told = self.capture.readouterr()
        return code, told.out + told.err

    def json(self, *arguments: str, base: str = "main") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(
            self.validate("--format", "json", *arguments, base=base)[1]
        )
        return found

    def changes(self, base: str = "main") -> list[tuple[str, str, str]]:
        review = self.json(base=base)["review"]
        return [(", ".join(one["kinds"]), one["account"], one["post"]) for one in review["changes"]]

    def findings(self) -> list[str]:
        found = self.json()["findings"]
        return [f"{one['path']}:{one['line']} {one['code']} {one['severity']}" for one in found]

    def said(self, code: str) -> str:
        return next(one["message"] for one in self.json()["findings"] if one["code"] == code)

    def remember(self, name: str = "old", state: State = State.PUBLISHED) -> None:
        """The ledger knows a post of `main`."""
        (delivery,) = (one for one in load(WorkTree(self.root)).deliveries if one.key.post == name)
        published = {"published_at": SENT} if state is State.PUBLISHED else {}
        lease = Lease(run="r1", until=SENT + timedelta(minutes=30), since=SENT)
        taken: dict[str, Any] = {"lease": lease, "handle": {}} if state is State.INTENT else {}
        entry = Entry(
            account=delivery.key.account, post=name, state=state, due=delivery.due,
            digest=delivery.message.digest, **published, **taken,
        )  # fmt: skip
        ledger = LedgerBranch(Git(self.root), LedgerSettings())
        ledger.create(BEGAN)
        ledger.write([Change(None, entry)], message="Remember")


@pytest.fixture
def branch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Branch:
    root = new_repository(tmp_path / "team", FILES)
    git(root, "checkout", "-q", "-b", "change")
    monkeypatch.chdir(root)
    return Branch(root, capsys)


def test_a_branch_that_changes_nothing_says_so(branch: Branch) -> None:
    code, text = branch.validate()
    assert code == 0
    assert text.startswith("this change: no change; compared with ")
    assert "the ledger was not compared: this clone has no copy of branch socialauto/ledger" in text


def test_each_thing_that_can_happen_is_named(branch: Branch) -> None:
    branch.write(
        {
            "content/new.md": post("New.", "2026-12-05 10:00", "bakery"),
            "content/launch.md": post("We launch!", "2026-12-02 09:00"),
            "content/renamed.md": FILES["content/named.md"],
        },
        "content/named.md",
        "content/old.md",
    )
    assert branch.changes() == [
        ("withdraw", "acme", "old"),
        ("move, edit", "acme", "launch"),
        ("rename", "acme", "by-name"),
        ("add", "bakery", "new"),
    ]
    moved = branch.json()["review"]["changes"][1]
    assert (moved["before"]["due"], moved["after"]["due"]) == (
        "2026-12-01T08:00:00Z", "2026-12-02T08:00:00Z",
    )  # fmt: skip
    assert (moved["after"]["local"], moved["fields"]) == (
        "2026-12-02 09:00 Europe/Berlin",
        ["text"],
    )


@pytest.mark.parametrize(
    ("old", "new", "fields"),
    [
        ("one.jpg", "two.jpg", ["media"]),
        ("A door", "A red door", ["what is said about media"]),
        ("---\naccount", "---\nfirst_comment: Hi\naccount", ["first_comment"]),
    ],
)
def test_an_edit_says_what_it_changes(
    branch: Branch, old: str, new: str, fields: list[str]
) -> None:
    branch.write({"content/launch.md": str(FILES["content/launch.md"]).replace(old, new, 1)})
    assert [one["fields"] for one in branch.json()["review"]["changes"]] == [fields]


def test_uncommitted_files_count(branch: Branch) -> None:
    (branch.root / "content/new.md").write_text(post("New.", "2026-12-05 10:00"))
    assert branch.changes() == [("add", "acme", "new")]


def test_a_draft_is_nothing_yet_and_becomes_something(branch: Branch) -> None:
    branch.write({"content/new.md": post("New.", "2026-12-05 10:00", more="draft: true\n")})
    assert branch.changes() == []
    branch.write({"content/launch.md": post("We launch.", more="draft: true\n")})
    assert branch.changes() == [("withdraw", "acme", "launch")]


def test_a_post_that_got_broken_is_not_withdrawn(branch: Branch) -> None:
    branch.write({"content/launch.md": "---\naccount: [\n---\nHello\n"})
    assert branch.changes() == []


def test_what_others_did_meanwhile_is_not_this_change_s_doing(branch: Branch) -> None:
    branch.write({"content/new.md": post("New.", "2026-12-05 10:00")})
    git(branch.root, "checkout", "-q", "main")
    commit(branch.root, {"content/theirs.md": post("Theirs.", "2026-12-06 10:00")})
    git(branch.root, "checkout", "-q", "change")
    assert branch.changes() == [("add", "acme", "new")]


def test_what_was_squashed_into_the_base_is_not_added_again(branch: Branch) -> None:
    branch.write({"content/new.md": post("New.", "2026-11-22 10:00")}, "content/named.md")
    git(branch.root, "checkout", "-q", "main")
    git(branch.root, "merge", "-q", "--squash", "change")
    commit(branch.root, {}, "Squashed")
    git(branch.root, "checkout", "-q", "change")
    branch.write({"content/next.md": post("Next.", "2026-12-07 10:00")})
    assert branch.changes() == [("add", "acme", "next")]
    assert branch.findings() == []


@pytest.mark.parametrize(
    ("text", "time", "why"),
    [
        ("Long ago.", "2026-11-20 09:00", "the same content and time"),
        ("Long ago.", "2026-11-21 09:00", "the same content"),
        ("Long, long ago.", "2026-11-20 09:00", "the same time on the account"),
    ],
)
def test_a_renamed_file_without_an_id_of_its_own_is_a_new_post(
    branch: Branch, text: str, time: str, why: str
) -> None:
    branch.remember()
    branch.write({"content/2026/old.md": post(text, time)}, "content/old.md")
    assert branch.changes()[0][0].startswith("new id"), why
    assert "content/2026/old.md:2 SA901 error" in branch.findings()
    assert branch.said("SA901") == (
        '"old" was published at 2026-11-20 08:00 UTC; as "2026/old" it is a new post and goes out '
        "again"
    )


def test_another_id_in_the_same_file_is_a_new_post(branch: Branch) -> None:
    branch.remember("by-name")
    text = post("Named otherwise.", "2026-12-04 09:00", more="id: renamed\n")
    branch.write({"content/named.md": text})
    assert branch.changes() == [("new id, move, edit", "acme", "renamed")]
    assert branch.findings() == ["content/named.md:5 SA901 error"]


def test_without_a_ledger_another_id_for_what_may_be_public_is_a_warning(branch: Branch) -> None:
    text = post("Long ago.", "2026-11-20 09:00", more="id: other\n")
    branch.write({"content/old.md": text})
    assert "content/old.md:5 SA901 warning" in branch.findings()


def test_another_id_for_what_is_still_to_come_is_only_named(branch: Branch) -> None:
    branch.write({"content/launch.md": post("We launch.", more="id: other\n")})
    assert branch.changes() == [("new id", "acme", "other")]
    assert branch.findings() == []
    branch.remember()
    assert branch.findings() == []


@pytest.mark.parametrize("state", [State.PUBLISHED, State.INTENT, State.HELD])
def test_another_account_for_what_the_public_has_seen_is_refused(
    branch: Branch, state: State
) -> None:
    branch.remember(state=state)
    branch.write({"content/old.md": post("Long ago.", "2026-11-20 09:00", "bakery")})
    assert branch.changes() == [("withdraw", "acme", "old"), ("add", "bakery", "old")]
    assert "content/old.md:2 SA902 error" in branch.findings()


def test_an_account_more_is_no_other_account(branch: Branch) -> None:
    branch.remember("launch")
    text = str(FILES["content/launch.md"]).replace("account: acme", "accounts: [acme, bakery]")
    branch.write({"content/launch.md": text})
    assert branch.changes() == [("add", "bakery", "launch")]
    assert branch.findings() == []


def test_a_new_time_for_what_is_published_is_refused_and_a_new_text_is_drift(
    branch: Branch,
) -> None:
    branch.remember()
    branch.write({"content/old.md": post("Long, long ago.", "2026-12-20 09:00")})
    assert branch.findings() == [
        "content/old.md:3 SA903 error",
        "content/old.md:6 SA904 warning",
    ]
    assert "(text) is not sent" in branch.said("SA904")


def test_taking_a_change_back_is_fine(branch: Branch) -> None:
    branch.remember()
    git(branch.root, "checkout", "-q", "main")
    commit(branch.root, {"content/old.md": post("Long, long ago.", "2026-12-20 09:00")})
    git(branch.root, "checkout", "-q", "-B", "change")
    branch.write({"content/old.md": FILES["content/old.md"]})
    assert branch.changes() == [("move, edit", "acme", "old")]
    assert branch.findings() == []


@pytest.mark.parametrize("late", ["", "late: {then: publish}\n"])
def test_a_new_post_whose_time_has_passed_is_refused(branch: Branch, late: str) -> None:
    branch.write({"content/new.md": post("New.", "2026-11-23 11:00", more=late)})
    severity = "warning" if late else "error"
    assert branch.findings() == [f"content/new.md:3 SA905 {severity}"]
    assert branch.said("SA905") == "this time has passed 1 h ago"


def test_an_old_post_may_be_edited_without_a_new_time(branch: Branch) -> None:
    branch.write({"content/old.md": post("Long, long ago.", "2026-11-20 09:00")})
    assert branch.findings() == []


def test_a_gap_that_the_change_makes_is_refused_once(branch: Branch) -> None:
    branch.write(
        {
            "socialauto.yaml": f"{CONFIG}guard: {{min_gap: 2h}}\n",
            "content/new.md": post("New.", "2026-12-01 08:00"),
        }
    )
    assert branch.findings() == ["content/launch.md:3 SA607 error"]
    git(branch.root, "branch", "-f", "main", "change")
    assert branch.findings() == ["content/launch.md:3 SA607 warning"]


LEAD = f"{CONFIG}policies:\n  min_lead_time: {{severity: error, at_least: 1d}}\n"


@pytest.mark.parametrize(
    ("time", "more", "found"),
    [
        ("2026-11-24 11:00", "", ["content/new.md:3 SA807 error"]),
        ("2026-11-24 12:00", "", []),
        ("2026-11-24 11:00", "allow: {min_lead_time: news}\n", ["content/new.md:5 SA810 info"]),
    ],
)
def test_short_notice_is_judged_when_a_post_comes_in(
    branch: Branch, time: str, more: str, found: list[str]
) -> None:
    branch.write({"socialauto.yaml": LEAD, "content/new.md": post("New.", time, more=more)})
    assert branch.findings() == found
    git(branch.root, "branch", "-f", "main", "change")
    assert branch.findings() == []


def test_the_ledger_is_taken_as_this_clone_has_it_and_shown(branch: Branch) -> None:
    branch.remember()
    branch.write({"content/old.md": post("Long, long ago.", "2026-11-20 09:00")})
    review = branch.json()["review"]
    assert review["ledger"] == git(branch.root, "rev-parse", "socialauto/ledger")
    assert review["changes"][0]["state"] == "published"
    assert "the ledger says" in branch.validate()[1]


def test_a_clone_knows_the_ledger_that_its_last_fetch_brought(
    branch: Branch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch.remember()
    git(tmp_path, "clone", "-q", "--branch", "change", "team", "clone")
    git(tmp_path / "team", "checkout", "-q", "--detach")
    (tmp_path / "team").rename(tmp_path / "gone")  # nothing can be fetched any more
    monkeypatch.chdir(tmp_path / "clone")
    clone = Branch(tmp_path / "clone", branch.capture)
    clone.write({"content/old.md": post("Long ago.", "2026-12-20 09:00")})
    assert clone.json(base="origin/main")["findings"][0]["code"] == "SA903"


def test_a_damaged_ledger_is_not_compared_and_said(branch: Branch) -> None:
    git(branch.root, "branch", "socialauto/ledger", "main")
    code, text = branch.validate()
    assert code == 0
    assert "the ledger was not compared: ledger/ledger.json on the copy of branch" in text


def test_the_first_change_that_brings_socialauto_adds_everything(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = new_repository(tmp_path / "team", {"README.md": "Us"})
    git(root, "checkout", "-q", "-b", "change")
    commit(root, {f"social/{path}": content for path, content in FILES.items()})
    monkeypatch.chdir(root / "social")
    branch = Branch(root / "social", capsys)
    assert [kind for kind, _, _ in branch.changes()] == ["add", "add", "add"]


@pytest.mark.parametrize(
    ("base", "sentence"),
    [
        ("nowhere", "there is no commit nowhere"),
        ("--upload-pack=touch", "there is no commit --upload-pack=touch"),
        ("orphan", "HEAD and orphan have no history in common"),
    ],
)
def test_a_base_that_cannot_be_compared_is_an_error(
    branch: Branch, base: str, sentence: str
) -> None:
    git(branch.root, "checkout", "-q", "--orphan", "orphan")
    commit(branch.root, {"other.txt": "Other"})
    git(branch.root, "checkout", "-q", "change")
    code, text = branch.validate(base=base)
    assert code == 1
    assert sentence in " ".join(text.split())


def test_the_remote_s_branch_is_suggested(
    branch: Branch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "clone", "-q", "--branch", "change", "team", "clone")
    monkeypatch.chdir(tmp_path / "clone")
    assert "did you mean origin/main?" in branch.validate()[1]


def test_a_shallow_clone_says_what_to_fetch(
    branch: Branch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    branch.write({"content/new.md": post("New.", "2026-12-05 10:00")})
    url = f"file://{branch.root}"
    git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", "-b", "change", url, "shallow")
    monkeypatch.chdir(tmp_path / "shallow")
    code, text = branch.validate(base="origin/main")
    assert code == 1
    assert "git fetch --unshallow" in text
    git(tmp_path / "shallow", "fetch", "-q", "--unshallow")
    assert branch.changes(base="origin/main") == [("add", "acme", "new")]


def test_a_folder_without_git_cannot_be_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "socialauto.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    code, text = Branch(tmp_path, capsys).validate()
    assert code == 1
    assert "is not in a git repository" in text


def test_markdown_is_made_for_the_summary_of_a_job(branch: Branch, tmp_path: Path) -> None:
    hostile = "x | <b> @everyone"
    branch.write(
        {
            "content/new.md": post("New.", "2026-12-05 10:00", more=f"id: {hostile[:7]}\n"),
            "content/past.md": post("Past.", "2026-11-23 11:00", "bakery"),
        }
    )
    summary = tmp_path / "summary.md"
    code, text = branch.validate("--format", "github", "--summary", str(summary))
    assert code == 1
    assert "::error file=content/past.md,line=3,col=7,title=SA905 A time that has passed::" in text
    assert "\nthis change: 2 add; compared with" in text
    base = git(branch.root, "rev-parse", "main")[:10]
    assert summary.read_text() == (
        "## This change: 2 add\n"
        "\n"
        "### acme\n"
        "\n"
        "| change | post | when | UTC | what |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| add | x \\| \\<b\\> | 2026-12-05 10:00 Europe/Berlin | 2026-12-05 09:00 UTC |  |\n"
        "\n"
        "### bakery\n"
        "\n"
        "| change | post | when | UTC | what |\n"
        "| --- | --- | --- | --- | --- |\n"
        "| add | past | 2026-11-23 11:00 Europe/Berlin | 2026-11-23 10:00 UTC |  |\n"
        "\n"
        f"Compared with {base}, where this left main; the ledger was not compared: this clone has "
        'no copy of branch socialauto/ledger; "git fetch origin socialauto/ledger" brings one.\n'
        "\n"
        "## 5 posts, 2 accounts, 1 error\n"
        "\n"
        "| | where | finding |\n"
        "| --- | --- | --- |\n"
        "| error | content/past.md:3 | SA905 this time has passed 1 h ago; give it a time that is "
        "still to come |\n"
    )  # fmt: skip
    assert branch.validate("--format", "markdown")[1] == summary.read_text()


def test_the_same_change_is_told_in_the_same_bytes(branch: Branch) -> None:
    branch.write({f"content/{name}.md": post(name, "2026-12-05 10:00") for name in "zayb"})
    for style in ("text", "json", "markdown", "github"):
        assert branch.validate("--format", style) == branch.validate("--format", style)


def test_paths_limit_the_changes_that_are_shown(branch: Branch) -> None:
    branch.write(
        {
            "content/a/new.md": post("New.", "2026-12-05 10:00"),
            "content/b/new.md": post("Other.", "2026-12-06 10:00"),
        }
    )
    changes = branch.json("content/a")["review"]["changes"]
    assert [one["post"] for one in changes] == ["a/new"]


SERIES = """\
account: acme
every: monday 09:00
start: 2026-11-02
media: [{path: /media/one.jpg, alt: A door}]
text: Monday again.
"""


def test_a_series_is_compared_by_its_next_dates(branch: Branch) -> None:
    branch.write({"schedules/weekly.yaml": SERIES})
    assert branch.changes()[0] == ("add", "acme", "weekly")
    assert {post for _, _, post in branch.changes()} == {"weekly"}
    assert branch.findings() == []
    lines = [line for line in branch.validate()[1].splitlines() if line.startswith("add ")]
    assert len(lines) == 1
    git(branch.root, "branch", "-f", "main", "change")
    assert branch.changes() == []
    branch.write({"schedules/weekly.yaml": SERIES.replace("monday 09", "monday 10")})
    kinds = {kind for kind, _, _ in branch.changes()}
    assert kinds == {"add", "withdraw"}


def test_an_exception_of_a_series_is_one_change(branch: Branch) -> None:
    branch.write({"schedules/weekly.yaml": SERIES})
    git(branch.root, "branch", "-f", "main", "change")
    moved = f"{SERIES}except:\n  - {{on: 2026-11-30, move: 2026-12-01 12:00}}\n"
    branch.write({"schedules/weekly.yaml": moved})
    (change,) = branch.json()["review"]["changes"]
    assert (change["kinds"], change["occurrence"]) == (["move"], "2026-11-30T09:00")


def queued(text: str) -> str:
    return post(text).replace("time: 2026-12-01 09:00", "schedule: mornings")


def test_a_post_that_goes_first_in_a_queue_moves_those_behind_it(branch: Branch) -> None:
    slots = "slots: [tuesday 11:00, thursday 11:00]\n"
    branch.write({"schedules/mornings.yaml": slots, "content/q/b.md": queued("B")})
    git(branch.root, "branch", "-f", "main", "change")
    branch.write({"content/q/a.md": queued("A")})
    assert branch.changes() == [("add", "acme", "q/a"), ("move", "acme", "q/b")]
    times = [one["after"]["local"] for one in branch.json()["review"]["changes"]]
    assert times == ["2026-11-24 11:00 Europe/Berlin", "2026-11-26 11:00 Europe/Berlin"]
    assert branch.findings() == []


def test_only_links_of_what_the_change_touches_are_asked(branch: Branch) -> None:
    branch.write({"content/before.md": post("See http://127.0.0.1/before", "2026-12-05 10:00")})
    git(branch.root, "branch", "-f", "main", "change")
    branch.write({"content/after.md": post("See http://127.0.0.1/after", "2026-12-06 10:00")})
    code, told = branch.validate("--links")
    assert code == 0
    assert "content/after.md:6:5: SA813 warning:" in told
    assert "content/before.md" not in told
    assert "asked 1 page\n" in told
