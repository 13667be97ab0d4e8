"""Encrypted tokens from the command line: git, the branch, the sandbox and real encryption."""

from __future__ import annotations

import os
import re
import subprocess
import textwrap
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from socialauto.cli import socialauto
from socialauto.cli import tokens as tokens_of_a_run
from socialauto.cli.exits import run
from socialauto.cli.tokens import Tokens
from socialauto.cli.vaults import BranchFiles, workplace
from socialauto.core.config import LedgerSettings
from socialauto.core.reading import read_config
from socialauto.credentials.credential import Credential
from socialauto.credentials.keys import new_key
from socialauto.credentials.vault import Vault
from socialauto.repository.branch import RemoteBranch
from socialauto.repository.git import Git
from socialauto.repository.side_files import SideFiles
from socialauto.sandbox.state import Token
from support.repositories import git, new_repository
from support.team import IG_ID, Team
from support.tokens import CANARY, IDENTITY, RECIPIENT, credential

OLD = f"{CANARY}0"
GOT = datetime(2026, 11, 1, tzinfo=UTC)
SECRET = f"secrets:\n  recipients: [{RECIPIENT}]\n"


@pytest.fixture
def sealed_team(acme: Team, monkeypatch: pytest.MonkeyPatch) -> Iterator[Team]:
    """Its token, of Instagram Login, is in the vault; the key is at hand."""
    monkeypatch.delenv("ACME_KEY")
    monkeypatch.setenv("SOCIALAUTO_KEY", str(IDENTITY))
    acme.configure("token: env:ACME_KEY", "token: secret:acme")
    acme.write({"socialauto.yaml": (acme.root / "socialauto.yaml").read_text() + SECRET})
    acme.world.tokens[OLD] = Token(
        accounts=frozenset({IG_ID}), kind="instagram", issued=GOT, expires=GOT + timedelta(days=60)
    )
    keep(acme, credential(obtained=GOT, expires=GOT + timedelta(days=60)))
    return acme


def keep(team: Team, one: Credential) -> None:
    vault = workplace(team.root).vault()
    assert vault.put("acme", one, vault.sealed().get("acme"))


def kept(team: Team) -> Credential:
    return workplace(team.root).vault().get("acme").credential


def everything(team: Team) -> str:
    """All bytes of all objects that the remote has, and the whole of its history."""
    assert team.remote
    shown = subprocess.run(
        ["git", "-C", team.remote, "log", "--all", "-p", "--text", "--format=%B%an"],
        capture_output=True,
        check=True,
    )
    return shown.stdout.decode(errors="replace")


def test_an_encrypted_token_publishes(sealed_team: Team) -> None:
    said = sealed_team.reconcile()

    assert (said.code, sealed_team.captions) == (0, ["Hello, world"])
    assert CANARY not in said.out + said.err + everything(sealed_team)


def test_the_account_is_asked_as_its_token_wants_it(sealed_team: Team) -> None:
    """socialauto.yaml says nothing about login:, and Facebook's would be taken for granted."""
    place = workplace(sealed_team.root)
    tokens = Tokens(place.git, place.config, os.environ, lambda: GOT)

    account, token = tokens.of("acme")

    assert place.config.accounts["acme"].login is None
    assert (account.login, token) == ("instagram", OLD)


def test_a_token_near_its_end_is_refreshed_written_back_and_used(sealed_team: Team) -> None:
    now = "2026-12-15 09:00:05"
    sealed_team.write({"content/hello.md": _post(now[:16])})

    said = sealed_team.reconcile(now=now)

    young = kept(sealed_team)
    value = young.token.get_secret_value()
    assert said.code == 0, said.err
    assert "acme: refreshed its token; it ends 2027-02-13 09:00 UTC" in said.err
    assert value != OLD
    assert sealed_team.world.tokens[value].kind == "instagram"
    assert sealed_team.captions == ["Hello, world"]
    shown = said.out + said.err + everything(sealed_team)
    assert OLD not in shown
    assert value not in shown


def _post(time: str) -> str:
    return (
        f"---\naccount: acme\ntime: {time}\nmedia: [{{path: one.jpg, alt: x}}]\n---\nHello, world\n"
    )


def test_a_token_is_refreshed_also_when_nothing_is_due(sealed_team: Team) -> None:
    sealed_team.write({"content/hello.md": _post("2027-06-01 09:00")})

    assert sealed_team.reconcile(now="2026-12-15 09:00:05").code == 0
    assert kept(sealed_team).refreshed is not None


def test_a_token_is_refreshed_also_when_a_guard_refuses(sealed_team: Team) -> None:
    text = (sealed_team.root / "socialauto.yaml").read_text()
    sealed_team.write(
        {
            "socialauto.yaml": text + "guard:\n  max_per_run: 1\n",
            "content/hello.md": _post("2026-12-15 09:00"),
            "content/again.md": _post("2026-12-15 08:00").replace("Hello", "Goodbye"),
        }
    )

    assert sealed_team.reconcile(now="2026-12-15 09:00:05").code == 1
    assert sealed_team.captions == []
    assert kept(sealed_team).refreshed is not None


def test_posts_do_not_wait_for_slow_refreshes_of_many_accounts(
    sealed_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens_of_a_run, "PATIENCE", -1.0)
    sealed_team.write({"content/hello.md": _post("2026-12-15 09:00")})

    assert sealed_team.reconcile(now="2026-12-15 09:00:05").code == 0
    assert sealed_team.captions == ["Hello, world"]
    assert kept(sealed_team).refreshed is None


def test_a_dry_run_refreshes_nothing(sealed_team: Team) -> None:
    tip = git(sealed_team.root, "ls-remote", "origin", "socialauto/ledger")

    assert sealed_team.reconcile("--dry-run", now="2026-12-15 09:00:05").code == 0
    assert git(sealed_team.root, "ls-remote", "origin", "socialauto/ledger") == tip


def test_a_platform_that_does_not_refresh_stops_nothing(sealed_team: Team) -> None:
    """Its own token is refused for being issued an hour ago, whatever our file says."""
    now = datetime(2026, 12, 15, 9, 0, 5, tzinfo=UTC)
    sealed_team.world.tokens[OLD] = Token(
        kind="instagram", issued=now - timedelta(hours=1), expires=now + timedelta(days=60)
    )
    sealed_team.write({"content/hello.md": _post("2026-12-15 09:00")})

    said = sealed_team.reconcile(now="2026-12-15 09:00:05")

    assert said.code == 0
    assert "warning: acme: its token could not be refreshed: " in said.err
    assert sealed_team.captions == ["Hello, world"]
    assert kept(sealed_team).tried is not None


def test_a_token_that_ends_and_cannot_be_refreshed_wants_somebody_once(sealed_team: Team) -> None:
    del sealed_team.world.tokens[OLD]
    sealed_team.write({"content/hello.md": _post("2027-06-01 09:00")})

    summary = sealed_team.root.parent / "summary.md"
    first = sealed_team.reconcile("--summary", str(summary), now="2026-12-22 09:00:05")
    second = sealed_team.reconcile(now="2026-12-22 15:00:05")

    assert first.code == 4
    assert (
        "! acme: its token ends 2026-12-31 00:00 UTC; "
        'get a new one with "socialauto accounts connect acme"' in first.err
    )
    assert (second.code, second.err) == (0, "")
    assert summary.read_text().startswith("- **acme: its token ends 2026-12-31 00:00 UTC; ")


def test_a_dead_token_leaves_its_posts_waiting_and_says_why(sealed_team: Team) -> None:
    """Nobody asks the platform, which would take it here."""
    sealed_team.world.tokens[OLD] = Token()
    sealed_team.write({"content/hello.md": _post("2027-02-01 09:00")})

    said = sealed_team.reconcile(now="2027-02-01 09:00:05")

    assert said.code == 4
    assert sealed_team.captions == []
    assert "its token ended 2026-12-31 00:00 UTC" in said.out + said.err


def test_without_the_right_key_nothing_goes_out_and_the_run_says_so(
    sealed_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = "secrets/acme.age is encrypted, and neither SOCIALAUTO_KEY nor SOCIALAUTO_KEY_FILE"
    wrong = "the key at hand does not open secrets/acme.age: it was encrypted for others"
    for key, sentence in (
        ("", missing),
        ("nonsense", "what stands in SOCIALAUTO_KEY is no age identity"),
        (new_key().file, wrong),
    ):
        monkeypatch.setenv("SOCIALAUTO_KEY", key)

        said = sealed_team.reconcile()

        assert said.code == 4
        assert f"! acme: {sentence}" in said.err
        assert sealed_team.captions == []
        assert not key or key.splitlines()[-1] not in said.out + said.err
    monkeypatch.setenv("SOCIALAUTO_KEY", str(IDENTITY))
    assert sealed_team.reconcile(now="2026-12-01 09:30").code == 0


def test_a_token_of_another_account_is_not_used(sealed_team: Team) -> None:
    keep(sealed_team, credential(id="99"))

    said = sealed_team.reconcile()

    assert said.code == 4
    assert "! acme: secrets/acme.age is for id 99, and socialauto.yaml says" in said.err
    assert sealed_team.captions == []


def test_an_account_that_is_not_connected_yet_disturbs_nobody(sealed_team: Team) -> None:
    sealed_team.configure("token: secret:acme", "token: secret:new")
    sealed_team.write({"content/hello.md": _post("2027-06-01 09:00")})

    said = sealed_team.reconcile()

    assert said.code == 0
    assert said.err.startswith("warning: acme: secrets/new.age is not on the ledger branch: ")


def test_refreshing_by_hand(stopped: datetime, sealed_team: Team) -> None:
    young = stopped - timedelta(hours=2)
    keep(sealed_team, credential(obtained=young, expires=young + timedelta(days=60)))

    early = sealed_team.say("accounts", "refresh", "--force")
    assert (early.code, early.out) == (4, "")
    assert "and Instagram refreshes none that is younger than a day" in early.err

    old = stopped - timedelta(days=2)
    ends = old + timedelta(days=60)
    sealed_team.world.tokens[OLD] = Token(kind="instagram", issued=old, expires=ends)
    keep(sealed_team, credential(obtained=old, expires=ends))
    idle = sealed_team.say("accounts", "refresh")
    assert (idle.code, idle.err) == (0, "")
    assert idle.out.startswith("acme: nothing to refresh; it ends ")

    forced = sealed_team.say("accounts", "refresh", "acme", "--force")
    assert (forced.code, forced.err) == (0, "")
    assert forced.out.startswith("acme: refreshed its token; it ends ")
    assert kept(sealed_team).token.get_secret_value() != OLD
    assert CANARY not in forced.out


def test_refreshing_an_account_whose_token_is_elsewhere_says_what_to_write(acme: Team) -> None:
    said = acme.say("accounts", "refresh", "acme")

    assert said.code == 1
    assert "acme has its token in env:ACME_KEY, which is not kept here" in said.err
    assert acme.say("accounts", "refresh").out == "no account has an encrypted token\n"
    assert 'unknown account "nobody"; known: acme' in acme.say("accounts", "refresh", "nobody").err


def test_a_token_is_imported_from_a_variable(
    sealed_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIVEN", f"{CANARY}given\n")

    said = sealed_team.say("accounts", "import", "acme", "--from-env", "GIVEN")

    assert said.code == 0
    assert said.out == (
        "acme: its token, of login: instagram, is kept, encrypted, in secrets/acme.age on the "
        "ledger branch\n"
    )
    assert "takes the place of an older one" in said.err
    found = kept(sealed_team)
    assert (found.token.get_secret_value(), found.expires) == (f"{CANARY}given", None)
    assert (found.account, found.id, found.login) == ("acme", IG_ID, "instagram")

    monkeypatch.setenv("GIVEN", "EAAcanary")
    sealed_team.say("accounts", "import", "acme", "--from-env", "GIVEN", "--expires", "2099-01-01")
    assert kept(sealed_team).login == "facebook"
    assert kept(sealed_team).expires == datetime(2099, 1, 1, tzinfo=UTC)


def test_what_cannot_be_imported_is_refused(
    sealed_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    for flags, value, sentence in (
        ((), "", "acme: the token is empty"),
        ((), "two words", "acme: the token contains white space or a line break"),
        (("--expires", "2020-01-01"), "fine", "that is in the past"),
        (("--expires", "soon"), "fine", "--expires"),
    ):
        monkeypatch.setenv("GIVEN", value)

        said = sealed_team.say("accounts", "import", "acme", "--from-env", "GIVEN", *flags)

        assert said.code in (1, 2)
        assert sentence in said.err
        assert kept(sealed_team).token.get_secret_value() == OLD


def test_the_list_says_where_each_token_is_and_how_long_it_lives(
    stopped: datetime, sealed_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = stopped + timedelta(days=30, hours=5)
    keep(sealed_team, credential(expires=ends, username="acme.bakes", scopes=("a", "b")))
    sealed_team.configure(
        "media_host:",
        '  other: {platform: instagram, id: "2", token: env:OTHER_TOKEN}\n'
        '  third: {platform: instagram, id: "3", token: secret:third}\n'
        "media_host:",
    )

    said = sealed_team.say("accounts", "list")

    assert (said.code, said.err) == (0, "")
    lines = said.out.splitlines()
    assert lines[0].split() == ["account", "platform", "id", "token", "ends"]
    assert lines[1].split() == [
        "acme", "instagram", IG_ID, "secrets/acme.age",
        *f"{ends:%Y-%m-%d %H:%M} UTC, in 30 d 5 h".split(),
    ]  # fmt: skip
    assert lines[2].split() == ["other", "instagram", "2", "env:OTHER_TOKEN"]
    assert lines[3].startswith("    ! the environment variable OTHER_TOKEN with its token is not")
    assert lines[5].startswith("    ! secrets/third.age is not on the ledger branch")

    document = sealed_team.say("accounts", "list", "--format", "json").json
    assert document["version"] == 1
    first = document["accounts"][0]
    assert (first["username"], first["days_left"], first["scopes"]) == (
        "acme.bakes",
        30,
        ["a", "b"],
    )
    assert CANARY not in str(document) + said.out

    monkeypatch.delenv("SOCIALAUTO_KEY")
    locked = sealed_team.say("accounts", "list")
    assert locked.code == 0
    assert "! secrets/acme.age is encrypted, and neither SOCIALAUTO_KEY" in locked.out


def test_a_new_key_goes_into_a_file_of_ones_own(tmp_path: Path) -> None:
    assert run(socialauto, ["accounts", "new-key", "--out", str(tmp_path / "key.txt")]) == 0
    text = (tmp_path / "key.txt").read_text()
    assert text.splitlines()[1].startswith("AGE-SECRET-KEY-1")
    assert (tmp_path / "key.txt").stat().st_mode & 0o777 == 0o600
    assert run(socialauto, ["accounts", "new-key", "--out", str(tmp_path / "key.txt")]) == 1
    assert (tmp_path / "key.txt").read_text() == text

    inside = new_repository(tmp_path / "team") / "secrets" / "key.txt"
    assert run(socialauto, ["accounts", "new-key", "--out", str(inside)]) == 1
    assert not inside.exists()


def test_rotating_the_key_locks_the_old_one_out(
    sealed_team: Team, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    new = new_key()
    sealed_team.configure(RECIPIENT, new.recipient)

    said = sealed_team.say("accounts", "rotate-key")

    assert said.code == 0
    assert said.out == "acme: encrypted for 1 recipient\n"
    assert "Git remembers" in said.err
    assert sealed_team.reconcile().code == 4  # the old key alone
    monkeypatch.setenv("SOCIALAUTO_KEY", f"{IDENTITY}\n{new.file}")
    assert kept(sealed_team).token.get_secret_value() == OLD
    assert sealed_team.reconcile().code == 0
    assert sealed_team.captions == ["Hello, world"]


def test_rotating_with_a_key_that_does_not_open_changes_nothing(sealed_team: Team) -> None:
    """Also when it opens the first of two."""
    other = new_key()
    zulu = Vault(BranchFiles(SideFiles(Git(sealed_team.root), LedgerSettings())), [other.recipient])
    assert zulu.put("zulu", credential(), None)
    before = workplace(sealed_team.root).vault().sealed()
    assert list(before) == ["acme", "zulu"]

    said = sealed_team.say("accounts", "rotate-key")

    assert said.code == 1
    assert "the key at hand does not open secrets/zulu.age" in said.err
    assert workplace(sealed_team.root).vault().sealed() == before


class KilledError(BaseException):
    """The machine is gone."""


@pytest.mark.parametrize("moment", ["before the push", "after the push"])
def test_a_kill_around_the_push_leaves_a_token_that_works(
    sealed_team: Team, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    now = "2026-12-15 09:00:05"
    sealed_team.write({"content/hello.md": _post(now[:16])})
    push = RemoteBranch.advance

    def killed(self: RemoteBranch, old: str | None, new: str) -> None:
        if moment == "after the push":
            push(self, old, new)
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr(RemoteBranch, "advance", killed)
        with pytest.raises(KilledError):
            sealed_team.reconcile(now=now)

    left = kept(sealed_team).token.get_secret_value()
    assert (left == OLD) == (moment == "before the push")
    assert sealed_team.reconcile(now=now).code == 0
    assert sealed_team.captions == ["Hello, world"]
    works = sealed_team.world.tokens[kept(sealed_team).token.get_secret_value()]
    assert works.expires
    assert works.expires > sealed_team.clock.now() + timedelta(days=59)


def test_of_two_machines_at_once_both_use_the_token_that_was_written_first(
    sealed_team: Team, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = datetime(2026, 12, 15, 9, tzinfo=UTC)
    sealed_team.clock.move(now)
    assert sealed_team.remote
    git(tmp_path, "clone", "--quiet", str(sealed_team.remote), "other")
    machines = [sealed_team.root, tmp_path / "other"]
    tokens = [
        Tokens(place.git, place.config, os.environ, lambda: now)
        for place in map(workplace, machines)
    ]
    write, others = BranchFiles.change, [tokens[1]]

    def late(self: BranchFiles, *change: Any) -> bool:
        if others:  # this machine is just about to write when the other one comes by
            thread = Thread(target=others.pop().look_after, args=(["acme"],))
            thread.start()
            thread.join()
        return write(self, *change)

    monkeypatch.setattr(BranchFiles, "change", late)
    assert tokens[0].look_after(["acme"]) == []

    first, second = (one.of("acme")[1] for one in tokens)
    assert first == second == kept(sealed_team).token.get_secret_value() != OLD


def test_a_review_without_a_key_says_that_a_post_outlives_its_token(
    sealed_team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    ends = datetime(2027, 1, 20, 8, 0, tzinfo=UTC)
    keep(sealed_team, credential(login="facebook", expires=None, data_access_expires=ends))
    sealed_team.write({"content/late.md": _post("2027-02-01 09:00")})
    monkeypatch.delenv("SOCIALAUTO_KEY")
    now = ("--now", "2026-11-23 09:00")
    said = sealed_team.say("validate", *now)
    assert [line.partition(";")[0] for line in said.out.splitlines()] == [
        "content/late.md:3:7: SA609 warning: the app's access to the data of acme ends "
        "2027-01-20 08:00 UTC, before this",
        "2 posts, 1 account, 1 warning",
    ]
    # Instagram Login renews its tokens, whatever somebody has left beside them.
    sealed_team.configure("token: secret:acme", "token: secret:acme\n    login: instagram")
    assert "SA609" not in sealed_team.say("validate", *now).out


def test_the_configuration_in_the_documentation_is_sound(project_root: Path) -> None:
    page = (project_root / "docs" / "credentials.md").read_text()
    (block,) = re.findall(r" *```yaml\n(.*?)```", page, re.DOTALL)
    source, findings = read_config(textwrap.dedent(block).encode())
    assert source
    assert findings == []
