"""Verdicts on what git says about a push."""

from __future__ import annotations

import pytest

from socialauto.repository.git import Finished
from socialauto.repository.push_report import PushReport, Verdict, judge, refusal

REF = "refs/heads/socialauto/ledger"
SPEC = f"0123:{REF}"


def pushed(stdout: str, *, status: int = 0, stderr: str = "") -> Finished:
    return Finished(status, stdout.encode(), stderr)


def report(flag: str, summary: str, *, end: str = "Done\n") -> str:
    return f"To https://forge.example/team.git\n{flag}\t{SPEC}\t{summary}\n{end}"


@pytest.mark.parametrize(
    "stdout",
    [report(" ", "aaaa..bbbb"), report("*", "[new branch]"), report("=", "[up to date]")],
)
def test_an_explicit_success_is_accepted(stdout: str) -> None:
    assert judge(pushed(stdout), REF) == PushReport(Verdict.ACCEPTED)


@pytest.mark.parametrize(
    ("finished", "why"),
    [
        (pushed(""), "nothing was said"),
        (pushed("Everything up-to-date\n"), "no ref was named"),
        (pushed(report(" ", "aaaa..bbbb", end="")), "it is not done"),
        (pushed(report(" ", "aaaa..bbbb"), status=1), "git did not succeed"),
        (pushed(report("+", "aaaa...bbbb (forced update)")), "history was rewritten"),
        (pushed(report(" ", "aaaa..bbbb").replace(REF, REF + "s")), "it was another ref"),
        (pushed(report("!", "[remote failure] (remote failed to report status)")), "no status"),
        (pushed("", status=128, stderr="fatal: the remote end hung up unexpectedly"), "hung up"),
        (pushed("", status=128, stderr="error: RPC failed; HTTP 502"), "a proxy answered"),
        (
            Finished(-1, report(" ", "a..b").encode(), "too slow", timed_out=True),
            "it took too long",
        ),
    ],
)
def test_anything_less_is_unclear(finished: Finished, why: str) -> None:
    assert judge(finished, REF).verdict is Verdict.UNCLEAR, why


@pytest.mark.parametrize(
    "summary",
    [
        "[rejected] (stale info)",
        "[rejected] (fetch first)",
        "[rejected] (non-fast-forward)",
        "[remote rejected] (failed to update ref)",
        "[remote rejected] (incorrect old value provided)",
        f"[remote rejected] (cannot lock ref '{REF}': is at aaaa but expected bbbb)",
        "[remote rejected] (reference already exists)",
    ],
)
def test_who_was_too_late_has_lost(summary: str) -> None:
    assert judge(pushed(report("!", summary), status=1), REF).verdict is Verdict.LOST


def test_the_words_are_those_of_the_answer() -> None:
    answer = pushed(report("!", "[rejected] (stale info)"), status=1)
    assert judge(answer, REF).words == "[rejected] (stale info)"
    assert judge(pushed("", status=7), REF).words == "git ended with status 7"


@pytest.mark.parametrize(
    "finished",
    [
        pushed(report("!", "[remote rejected] (protected branch hook declined)"), status=1),
        pushed(report("!", "[remote rejected] (pre-receive hook declined)"), status=1),
        pushed(report("!", "[remote rejected] (unpacker error)"), status=1),
        pushed(report("!", "[rejected] (already exists)"), status=1),
        pushed("", status=128, stderr="fatal: Authentication failed for 'https://x/'"),
        pushed("", status=128, stderr="The requested URL returned error: 403"),
        pushed("", status=128, stderr="remote: Permission to team/x.git denied to bot."),
        pushed("", status=128, stderr="git@forge.example: Permission denied (publickey)."),
    ],
)
def test_what_no_repetition_mends_is_refused(finished: Finished) -> None:
    assert judge(finished, REF).verdict is Verdict.REFUSED


@pytest.mark.parametrize(
    ("words", "cure"),
    [
        ("GH013: Repository rule violations found", "let the job's identity push to ledger in the"),
        ("error: 403", "give the job contents: write, or renew the credentials of remote origin"),
        ("this repository was archived so it is read-only", "make the remote writable again"),
        ("pack exceeds maximum allowed size", "make room on the remote"),
        ("(pre-receive hook declined)", "ask who runs the remote which of its hooks or rules"),
    ],
)
def test_a_refusal_comes_with_its_cure(words: str, cure: str) -> None:
    error = refusal(
        words.replace("error: 403", "requested URL returned error: 403"),
        branch="ledger",
        remote="origin",
    )
    assert error.hint.startswith(cure)
    assert error.message.startswith("remote origin refused the update of branch ledger: ")
