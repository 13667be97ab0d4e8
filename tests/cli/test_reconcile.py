"""`socialauto reconcile` on real files, real git and real HTTP."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest

from socialauto.sandbox.faults import Fault
from socialauto.sandbox.state import Token
from support.git_remotes import add_update_hook
from support.repositories import git
from support.team import BEGAN, TOKEN, Team, jpeg, post, team


def test_a_due_post_goes_out_and_its_receipt_is_on_the_remote(acme: Team) -> None:
    said = acme.reconcile()
    assert said.code == 0, said
    assert acme.captions == ["Hello, world"]
    entry = acme.ledger()
    assert entry["state"] == "published"
    assert entry["url"].startswith(acme.url)
    assert entry["provenance"]["author"] == "Ana Author"
    assert entry["provenance"]["commit"] == git(acme.root, "rev-parse", "HEAD")
    assert "✓ published hello on acme" in said.out
    assert said.out.endswith("1 published\n")


def test_a_second_run_does_nothing_and_commits_nothing(acme: Team) -> None:
    acme.reconcile()
    tip = git(acme.root, "ls-remote", "origin", "socialauto/ledger")
    said = acme.reconcile(now="2026-12-01 09:20")
    assert (said.code, said.out) == (0, "nothing to do\n")
    assert git(acme.root, "ls-remote", "origin", "socialauto/ledger") == tip
    assert acme.captions == ["Hello, world"]


def test_a_dry_run_shows_the_plan_and_sends_nothing(acme: Team) -> None:
    said = acme.reconcile("--dry-run")
    assert said.code == 0
    assert "publish" in said.out
    assert acme.captions == []
    with pytest.raises(AssertionError, match=r"exists on disk|does not exist|invalid object"):
        acme.ledger()


def test_json_and_the_summary_tell_the_same(acme: Team, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"
    said = acme.reconcile("--format", "json", "--summary", str(summary))
    (result,) = said.json["results"]
    assert (result["outcome"], result["post"]) == ("published", "hello")
    assert summary.read_text().startswith("### socialauto: 1 published\n")
    assert result["url"] in summary.read_text()


def test_only_the_accounts_that_were_asked_for(acme: Team) -> None:
    assert acme.reconcile("--account", "nobody").code == 2
    assert acme.reconcile("--account", "acme").code == 0
    assert len(acme.captions) == 1


def test_an_uncommitted_post_is_named_and_not_published(acme: Team) -> None:
    (acme.root / "content/draft.md").write_text(post("Not yet"))
    said = acme.reconcile()
    assert "not committed, so not acted on: content/draft.md" in said.err
    assert acme.captions == ["Hello, world"]


def test_a_commit_that_nobody_else_has_is_refused(acme: Team) -> None:
    acme.write({"content/more.md": post("More")}, push=False)
    assert "no branch of origin has commit" in refused(acme)
    assert acme.reconcile("--allow-unpushed").code == 0
    assert sorted(acme.captions) == ["Hello, world", "More"]


def test_a_moved_clock_never_reaches_a_real_platform(acme: Team) -> None:
    acme.configure(f"    api: {acme.url}\n", "")
    assert "--now would publish to acme as if it were another time" in refused(acme)
    assert acme.reconcile("--dry-run").code == 0


def test_a_broken_post_is_named_and_the_others_go_out(acme: Team) -> None:
    acme.write({"content/broken.md": post("Text", time="tomorrow")})
    said = acme.reconcile()
    assert acme.captions == ["Hello, world"]
    assert said.code == 4
    assert "! cannot be read, so it will not go out: content/broken.md:3:7: SA302" in said.err


def test_a_due_post_with_a_finding_ends_the_run_with_4(acme: Team) -> None:
    acme.write({"content/broken.md": post("Text", media="missing.jpg")})
    said = acme.reconcile()
    assert said.code == 4
    assert "! invalid broken on acme: content/broken.md:4:" in said.out
    assert acme.captions == ["Hello, world"]


def test_a_late_post_is_recorded_as_missed_and_said(acme: Team) -> None:
    said = acme.reconcile(now="2026-12-01 19:00")
    assert (said.code, acme.captions) == (4, [])
    assert acme.ledger()["state"] == "missed"
    assert "✗ missed hello on acme: 10 h late, grace is 6 h; give it a new time" in said.out


def test_a_burst_is_refused_before_anything_is_sent(acme: Team) -> None:
    acme.write({f"content/p{number}.md": post(f"Number {number}") for number in range(20)})
    said = acme.reconcile()
    assert said.code == 1
    assert "21 posts would go out in one run, guard.max_per_run is 20" in said.out
    assert acme.captions == []


# The world around us: one clear sentence each, and nothing sent.


def refused(acme: Team, *flags: str) -> str:
    """The sentence with which a run ended before anything was sent."""
    said = acme.reconcile(*flags)
    assert said.code == 1, said
    assert acme.captions == []
    assert "Traceback" not in said.err
    assert said.err.count("nothing was sent") == 1
    return said.err


def test_a_missing_ledger_sends_nothing(acme: Team) -> None:
    git(acme.root, "push", "--quiet", "origin", ":socialauto/ledger")
    assert "socialauto/ledger" in refused(acme)


@pytest.mark.parametrize("command", ["status", "plan", "retry", "calendar"])
def test_who_only_looks_is_not_told_that_nothing_was_sent(acme: Team, command: str) -> None:
    git(acme.root, "push", "--quiet", "origin", ":socialauto/ledger")
    said = acme.say(command, *(["hello"] if command == "retry" else []))
    assert (said.code, "there is no ledger" in said.err) == (1, True)
    assert "sent" not in said.err


def test_an_unreadable_entry_sends_nothing(acme: Team, tmp_path: Path) -> None:
    other = tmp_path / "other"
    git(tmp_path, "clone", "--quiet", "--branch", "socialauto/ledger", str(acme.remote), "other")
    (other / "ledger/acme").mkdir()
    (other / "ledger/acme/hello.json").write_text('{"state": "publ')
    git(other, "add", "--all")
    git(other, "commit", "--quiet", "-m", "half a file")
    git(other, "push", "--quiet")
    assert "ledger/acme/hello.json" in refused(acme)


def test_a_foreign_ledger_sends_nothing(acme: Team) -> None:
    acme.configure(acme.lineage, "f" * 32)
    assert acme.lineage[:8] in refused(acme)


def test_an_unreachable_remote_sends_nothing(acme: Team) -> None:
    git(acme.root, "remote", "set-url", "origin", str(acme.root.parent / "gone.git"))
    assert "origin" in refused(acme)


def test_a_protected_ledger_branch_sends_nothing(acme: Team) -> None:
    assert acme.remote is not None
    add_update_hook(acme.remote, 'echo "GH006: Protected branch update failed for $1." >&2\nexit 1')
    said = acme.reconcile()
    assert (said.code, acme.captions) == (4, [])
    assert "GH006" in said.out


def test_no_media_host_sends_nothing_and_says_what_to_add(acme: Team) -> None:
    acme.configure(f"media_host:\n  kind: url\n  base: {acme.url}/files\n", "")
    said = acme.reconcile()
    assert (said.code, acme.captions) == (4, [])
    assert "no media host for content/one.jpg" in said.out


def test_an_expired_token_is_one_line_for_all_posts(acme: Team) -> None:
    acme.write({"content/more.md": post("More")})
    acme.world.tokens[TOKEN] = Token(expires=BEGAN + timedelta(days=1))
    said = acme.reconcile()
    assert (said.code, acme.captions) == (4, [])
    lines = [line for line in said.out.splitlines() if line.startswith("! acme:")]
    assert len(lines) == 1
    assert lines[0].endswith("2 posts wait for it")
    assert "socialauto accounts connect acme" not in lines[0]  # this version has no such command


def test_a_token_that_is_not_set_is_named(acme: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACME_KEY")
    said = acme.reconcile()
    assert said.code == 4
    assert "the environment variable ACME_KEY with its token is not set" in said.out


def test_a_lost_answer_is_settled_by_a_later_run(acme: Team) -> None:
    acme.world.faults.add(Fault(method="POST", path="/media_publish$", apply="yes", answer="drop"))
    first = acme.reconcile()
    assert first.code == 4
    assert "? in doubt hello on acme" in first.out
    assert acme.ledger()["state"] == "intent"
    later = acme.reconcile(now="2026-12-01 09:10")
    assert later.code == 0, later
    assert "✓ settled hello on acme" in later.out
    assert acme.captions == ["Hello, world"]
    assert acme.ledger()["remote_id"]


def test_no_token_is_in_any_output_or_in_the_ledger(acme: Team) -> None:
    outputs = [acme.reconcile("--format", "json"), acme.say("status"), acme.say("plan")]
    acme.world.tokens.clear()
    acme.write({"content/more.md": post("More")})
    outputs.append(acme.reconcile())
    assert not any(TOKEN in said.out + said.err for said in outputs)
    assert acme.remote is not None
    assert TOKEN not in git(acme.remote, "log", "-p", "--all")


def test_without_a_remote_the_local_branch_is_the_ledger(tmp_path: Path, impatient: None) -> None:
    with team(tmp_path, remote=None) as alone:
        assert alone.reconcile().code == 0
        assert alone.reconcile(now="2026-12-01 09:10").out == "nothing to do\n"
        assert alone.captions == ["Hello, world"]
        assert alone.ledger()["state"] == "published"


def test_an_edited_caption_is_drift_and_nothing_is_sent(acme: Team) -> None:
    acme.reconcile()
    acme.write({"content/hello.md": post("Hello, moon")})
    assert acme.reconcile(now="2026-12-01 09:30").out == "nothing to do\n"
    plan = acme.say("plan", "--now", "2026-12-01 09:30", "--format", "json").json
    assert [step["step"] for step in plan["steps"]] == ["drift"]
    assert acme.captions == ["Hello, world"]


def test_a_deleted_file_deletes_nothing(acme: Team) -> None:
    acme.reconcile()
    (acme.root / "content/hello.md").unlink()
    acme.write({"content/two.jpg": jpeg("red")})
    assert acme.reconcile(now="2026-12-01 09:30").code == 0
    assert acme.captions == ["Hello, world"]


def test_status_shows_link_and_lateness(acme: Team) -> None:
    acme.reconcile()
    said = acme.say("status", "--format", "json", "--now", "2026-12-01 10:00")
    (delivery,) = json.loads(said.out)["deliveries"]
    assert delivery["ledger"]["url"].startswith(acme.url)
    assert delivery["ledger"]["state"] == "published"
    text = acme.say("status", "--now", "2026-12-01 10:00").out
    assert "published" in text


def test_a_freeze_keeps_everything_in_and_says_why(acme: Team) -> None:
    acme.write({"freeze.yaml": "reason: storm\nuntil: 2026-12-01 10:00\n"})
    said = acme.reconcile()
    assert (said.code, acme.captions) == (0, [])
    shown = acme.say("plan", "--now", "2026-12-01 09:00").out
    assert "frozen until" in shown
    assert acme.reconcile(now="2026-12-01 10:00").code == 0
    assert acme.captions == ["Hello, world"]


def test_a_freeze_that_cannot_be_read_stops_everything(acme: Team) -> None:
    acme.write({"freeze.yaml": "reason: storm\nuntil: soon\n"})
    assert "freeze.yaml:2:8" in refused(acme)
