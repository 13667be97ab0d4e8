"""What the ledger does when pushes meet, get lost, hang, or are refused."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.core.ledger import Applied, Change, Lost, WriteResult
from socialauto.repository.ledger import LedgerBranch
from support.git_remotes import PASSWORD, READER, GitServer, add_update_hook, protect
from support.ledger_team import BRANCH, NOW, Team, claim, intent, published
from support.repositories import git

REF = f"refs/heads/{BRANCH}"


def at_once(*actions: Callable[[], None]) -> None:
    """Run all in threads of their own that start together."""
    gate = threading.Barrier(len(actions))

    def wait_and_run(action: Callable[[], None]) -> None:
        gate.wait()
        action()

    threads = [threading.Thread(target=wait_and_run, args=(action,)) for action in actions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_of_two_runs_that_claim_a_post_at_once_exactly_one_gets_it(file_team: Team) -> None:
    ledgers = [file_team.ledger("one"), file_team.ledger("two")]
    ledgers[0].create(NOW)
    ledgers[1].read()
    outcomes: dict[tuple[int, int], WriteResult] = {}

    def claims(number: int, round_: int) -> Callable[[], None]:
        def run() -> None:
            change = claim(f"post-{round_}", run=f"run-{number}")
            (outcomes[round_, number],) = ledgers[number].write([change], message="Claim")

        return run

    for round_ in range(20):
        at_once(claims(0, round_), claims(1, round_))
    entries = file_team.ledger("three").read().entries
    for round_ in range(20):
        pair = [outcomes[round_, 0], outcomes[round_, 1]]
        (winner,) = [result.entry for result in pair if isinstance(result, Applied)]
        (seen,) = [result.current for result in pair if isinstance(result, Lost)]
        assert seen == winner == entries[winner.key]
    assert git(file_team.bare, "fsck", "--strict", "--full", "--no-dangling") == ""


def test_runs_that_write_different_posts_at_once_all_land(remote_team: Team) -> None:
    ledgers = [remote_team.ledger(name) for name in ("one", "two", "three")]
    ledgers[0].create(NOW)
    results: list[WriteResult] = []

    def writes(ledger: LedgerBranch, number: int) -> Callable[[], None]:
        return lambda: results.extend(
            ledger.write([claim(f"post-{number}-{n}") for n in range(2)], message="Claim")
        )

    at_once(*(writes(ledger, number) for number, ledger in enumerate(ledgers)))
    assert [type(result) for result in results] == [Applied] * 6
    assert len(ledgers[0].read().entries) == 6


def test_two_runs_in_one_clone_do_not_disturb_each_other(file_team: Team) -> None:
    root = file_team.clone("one")
    ledgers = [file_team.ledger_at(root) for _ in range(2)]
    ledgers[0].create(NOW)
    results: list[WriteResult] = []

    def writes(ledger: LedgerBranch, number: int) -> Callable[[], None]:
        def run() -> None:
            for n in range(3):
                results.extend(ledger.write([claim(f"post-{number}-{n}")], message="Claim"))
                ledger.read()

        return run

    at_once(*(writes(ledger, number) for number, ledger in enumerate(ledgers)))
    assert [type(result) for result in results] == [Applied] * 6
    assert len(ledgers[0].read().entries) == 6


def test_a_push_that_was_done_and_never_answered_is_found(
    http_team: Team, server: GitServer
) -> None:
    ledger = http_team.ledger()
    ledger.create(NOW)
    server.fault_next_push("drop after")
    assert ledger.write([claim()], message="Claim") == [Applied(intent())]
    assert http_team.log("--format=%s").splitlines() == ["Claim", "Begin the ledger"]


@pytest.mark.parametrize("fault", ["drop before", "500"])
def test_a_push_that_never_arrived_is_made_again(
    http_team: Team, server: GitServer, fault: str
) -> None:
    ledger = http_team.ledger()
    ledger.create(NOW)
    pushes = server.pushes
    server.fault_next_push(fault)  # type: ignore[arg-type]  # parametrised literals are strings
    assert ledger.write([claim()], message="Claim") == [Applied(intent())]
    assert server.pushes == pushes + 2
    assert http_team.log("--format=%s").splitlines() == ["Claim", "Begin the ledger"]


def test_a_lost_answer_and_another_runs_write_do_not_hide_ones_own(
    http_team: Team, server: GitServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = http_team.ledger("one"), http_team.ledger("two")
    one.create(NOW)
    first = intent("a")
    last = published(first)

    def two_writes(seconds: float) -> None:
        two.write([Change(last, last.model_copy(update={"url": "https://x"}))], message="Link")

    monkeypatch.setattr(one, "_pause", two_writes)
    server.fault_next_push("drop after")
    changes = [Change(None, first), Change(first, last)]
    assert one.write(changes, message="Claim") == [Applied(first), Applied(last)]


def test_a_lost_answer_is_remembered_when_the_remote_stays_away(
    http_team: Team, server: GitServer
) -> None:
    ledger = http_team.ledger()
    ledger.create(NOW)
    server.fault_next_push("drop after")
    away = http_team.bare.with_name("away.git")
    http_team.waits = Absence(http_team.bare, away)
    ledger._pause = http_team.waits.append
    with pytest.raises(SocialautoError, match="whether it has the last update is unknown"):
        ledger.write([claim()], message="Claim")
    away.rename(http_team.bare)
    assert ledger.write([claim()], message="Claim") == [Applied(intent())]
    assert ledger.write([claim()], message="Claim") == [Lost(intent())]


class Absence(list[float]):
    """The remote is moved away when the ledger first waits."""

    def __init__(self, bare: Path, away: Path) -> None:
        super().__init__()
        self._bare, self._away = bare, away

    def append(self, seconds: float) -> None:
        if not self:
            self._bare.rename(self._away)
        super().append(seconds)


def test_a_remote_that_drops_every_push_is_given_up(http_team: Team, server: GitServer) -> None:
    ledger = http_team.ledger(tries=3)
    ledger.create(NOW)
    server.fault_next_push(*["drop before"] * 20)
    with pytest.raises(SocialautoError, match="did not take the update in 3 tries: "):
        ledger.write([claim()], message="Claim")
    server.forget_faults()
    assert ledger.read().entries == {}


def test_a_push_that_hangs_is_ended(http_team: Team, server: GitServer) -> None:
    http_team.ledger().create(NOW)
    ledger = http_team.ledger(timeout=0.5)
    ledger.read()
    server.fault_next_push("hang")
    assert ledger.write([claim()], message="Claim") == [Applied(intent())]


def test_a_fetch_that_hangs_is_ended(file_team: Team, silent_server: str) -> None:
    root = file_team.clone("one")
    git(root, "remote", "set-url", "origin", silent_server)
    with pytest.raises(SocialautoError, match=r"fetch did not finish within 0.3 seconds"):
        file_team.ledger_at(root, timeout=0.3).read()


def test_a_protected_branch_is_refused_with_the_forges_words(
    remote_team: Team, server: GitServer
) -> None:
    ledger = remote_team.ledger()
    ledger.create(NOW)
    protect(remote_team.bare, REF)
    with pytest.raises(SocialautoError) as caught:
        ledger.write([claim()], message="Claim")
    assert str(caught.value) == (
        f"remote origin refused the update of branch {BRANCH}: [remote rejected] (hook declined) "
        f"GH006: Protected branch update failed for {REF}.; let the job's identity push to "
        f"{BRANCH} in the forge's branch rules, or name another branch in ledger.branch"
    )
    assert remote_team.waits == []


def test_a_protected_branch_can_be_open_to_the_job(http_team: Team) -> None:
    protect(http_team.bare, REF, but_user="runner")
    ledger = http_team.ledger()
    ledger.create(NOW)
    assert ledger.write([claim()], message="Claim") == [Applied(intent())]


def test_a_ledger_cannot_be_made_on_a_protected_branch(file_team: Team) -> None:
    protect(file_team.bare, REF)
    with pytest.raises(SocialautoError, match="GH006"):
        file_team.ledger().create(NOW)


def test_a_hook_that_declines_is_quoted(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    add_update_hook(file_team.bare, 'echo "commits need a ticket" >&2; exit 1')
    with pytest.raises(SocialautoError, match="commits need a ticket; ask who runs the remote"):
        ledger.write([claim()], message="Claim")


def test_secrets_in_the_forges_words_are_not_repeated(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    add_update_hook(file_team.bare, 'echo "mirror https://bot:t0k3n@forge/x is down" >&2; exit 1')
    with pytest.raises(SocialautoError, match=r"mirror https://\*\*\*@forge/x is down"):
        ledger.write([claim()], message="Claim")


def test_a_quota_is_quoted(file_team: Team) -> None:
    ledger = file_team.ledger()
    ledger.create(NOW)
    add_update_hook(file_team.bare, 'echo "your quota is used up" >&2; exit 1')
    with pytest.raises(SocialautoError, match="your quota is used up; make room on the remote"):
        ledger.write([claim()], message="Claim")


def test_a_user_who_may_only_read_is_told_so(http_team: Team, server: GitServer) -> None:
    http_team.ledger("one").create(NOW)
    root = http_team.clone("two")
    git(root, "remote", "set-url", "origin", server.url(http_team.bare.name, user=READER))
    ledger = http_team.ledger_at(root)
    ledger.read()
    with pytest.raises(SocialautoError, match="403; give the job contents: write") as caught:
        ledger.write([claim()], message="Claim")
    assert PASSWORD not in str(caught.value)


def test_wrong_credentials_are_named_without_the_secret(http_team: Team, server: GitServer) -> None:
    http_team.ledger("one").create(NOW)
    root = http_team.clone("two")
    secret = "ghp_0123456789abcdef"
    git(root, "remote", "set-url", "origin", server.url(http_team.bare.name, password=secret))
    ledger = http_team.ledger_at(root)
    ledger.read()
    with pytest.raises(SocialautoError, match="Authentication failed") as pushing:
        ledger.write([claim()], message="Claim")
    server.private.add(http_team.bare.name)
    with pytest.raises(SocialautoError, match=r"cannot fetch .* check the credentials") as reading:
        ledger.read()
    assert secret not in str(pushing.value) + str(reading.value)


def test_nobody_is_ever_asked_for_a_password(http_team: Team, server: GitServer) -> None:
    http_team.ledger("one").create(NOW)
    root = http_team.clone("two")
    git(root, "remote", "set-url", "origin", server.url(http_team.bare.name, user=""))
    ledger = http_team.ledger_at(root)
    with pytest.raises(SocialautoError, match="could not read Username"):
        ledger.write([claim()], message="Claim")


def test_a_remote_that_is_gone_stops_reading_and_writing(remote_team: Team) -> None:
    ledger = remote_team.ledger()
    ledger.create(NOW)
    shutil.rmtree(remote_team.bare)
    with pytest.raises(SocialautoError, match=rf"cannot fetch branch {BRANCH} of origin: "):
        ledger.read()
    with pytest.raises(SocialautoError, match=r"cannot fetch|refused"):
        ledger.write([claim()], message="Claim")


def test_nobody_listens_at_the_remotes_address(file_team: Team) -> None:
    root = file_team.clone("one")
    git(root, "remote", "set-url", "origin", "http://ana:s3cret@127.0.0.1:9/team.git")
    with pytest.raises(SocialautoError, match=r"ailed to connect to 127\.0\.0\.1") as caught:
        file_team.ledger_at(root).read()
    assert "s3cret" not in str(caught.value)


def test_a_branch_that_is_checked_out_at_the_remote_is_refused(file_team: Team) -> None:
    root = file_team.clone("one")
    git(root, "remote", "set-url", "origin", str(file_team.clone("author")))
    with pytest.raises(SocialautoError, match=r"checked out.*push to a bare repository"):
        file_team.ledger_at(root, branch="main").create(NOW)


def test_of_two_who_make_the_ledger_at_once_one_is_told_no(
    file_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = file_team.ledger("one"), file_team.ledger("two")
    looks = iter([None, "looked again"])
    tip = two._branch.tip
    monkeypatch.setattr(two._branch, "tip", lambda: tip() if next(looks) else None)
    header = one.create(NOW)
    with pytest.raises(SocialautoError, match=r"did not take the new ledger: .*stale info"):
        two.create(NOW)
    assert file_team.ledger("three").read().header == header


def test_a_new_ledger_whose_push_was_never_answered_is_found(
    http_team: Team, server: GitServer
) -> None:
    server.fault_next_push("drop after")
    header = http_team.ledger().create(NOW)
    assert http_team.ledger("two").read().header == header
