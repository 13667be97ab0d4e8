"""`doctor` and `accounts check` against a real remote and an emulated platform."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from socialauto.cli import doctor_repository
from socialauto.cli.schema import NAMES, schema_text
from socialauto.credentials.credential import Credential
from socialauto.sandbox.faults import Fault
from socialauto.sandbox.oauth import APP_ID, APP_SECRET
from socialauto.sandbox.state import Token
from socialauto.scaffold.workflows import Workflows
from support.git_remotes import READER, git_server, new_bare
from support.repositories import git
from support.team import IG_ID, TOKEN, Said, Team, post, team

GENERAL = [
    "config", "git", "disk", "schemas", "remote", "commit", "ledger", "lineage",
    "ledger-writable", "workflow", "lease", "runs", "media-host", "links", "clock",
]  # fmt: skip
ASKED = ["accepted", "account-type", "scopes", "expiry", "quota", "usage", "api-version"]
BEFORE = "2026-12-01 08:00"
LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


def look(team: Team, *flags: str, now: str = BEFORE) -> Said:
    return team.say("doctor", "--now", now, *flags)


def found(said: Said) -> dict[str, dict[str, Any]]:
    """The checks by id, with `acme/` before those of the account."""
    return {
        f"{check['account']}/{check['id']}" if check["account"] else check["id"]: check
        for check in said.json["checks"]
    }


def check(team: Team, id: str, *flags: str, now: str = BEFORE) -> dict[str, Any]:
    return found(look(team, "--format", "json", *flags, now=now))[id]


def statuses(said: Said, status: str) -> set[str]:
    return {id for id, check in found(said).items() if check["status"] == status}


def furnish(team: Team) -> None:
    """As `init` leaves a repository."""
    team.write({**Workflows(("ACME_KEY",)).files()})


def test_a_sound_repository_has_nothing_to_fail(acme: Team) -> None:
    furnish(acme)
    refs = git(acme.remote, "for-each-ref")
    said = look(acme, "--format", "json")
    assert (said.code, said.err) == (0, "")
    assert list(found(said)) == [*GENERAL, "acme/token", *(f"acme/{id}" for id in ASKED)]
    assert statuses(said, "skip") == {"runs", "links", "acme/expiry"}
    assert statuses(said, "warn") == set()
    assert said.json["ok"] is True
    assert git(acme.remote, "for-each-ref") == refs
    assert acme.captions == []


def test_the_text_says_what_to_do(acme: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ACME_KEY")
    said = look(acme)
    assert said.code == 1
    assert "✗ fail token            the environment variable ACME_KEY" in said.out
    assert "\n    → set ACME_KEY, in CI as a secret" in said.out
    assert said.out.rstrip().endswith("skip")


def test_offline_nobody_is_asked(acme: Team) -> None:
    acme.world.faults.add(Fault(times=None, answer="hang"))
    git(acme.root, "remote", "set-url", "origin", "/nowhere/at/all.git")
    said = look(acme, "--offline", "--format", "json")
    assert said.code == 0
    asked = {"remote", "commit", "ledger", "lineage", "ledger-writable", "runs", "media-host"}
    assert asked <= statuses(said, "skip")
    assert {"config", "git", "disk", "acme/token"} <= statuses(said, "ok")


def test_a_configuration_that_cannot_be_used_skips_what_needs_it(acme: Team) -> None:
    acme.configure("platform: instagram", "platform: instagramm")
    said = look(acme, "--format", "json")
    assert said.code == 1
    assert check(acme, "config")["status"] == "fail"
    assert statuses(said, "fail") == {"config"}
    assert {"git", "disk"} <= statuses(said, "ok")
    assert found(said)["ledger"]["found"] == "socialauto.yaml cannot be used"


def test_schemas_of_another_version_are_named_with_what_to_type(acme: Team) -> None:
    assert check(acme, "schemas")["found"] == "there are none"
    folder = acme.root / "schemas"
    folder.mkdir()
    for name in NAMES:
        (folder / f"{name}.schema.json").write_text(schema_text(name), encoding="utf-8")
    assert check(acme, "schemas")["status"] == "ok"
    (folder / "post.schema.json").write_text("{}", encoding="utf-8")
    old = check(acme, "schemas")
    assert (old["status"], old["found"]) == (
        "warn", "editors go by another version's fields of post",
    )  # fmt: skip
    assert old["todo"] == "socialauto schema post > schemas/post.schema.json"


def test_links_are_asked_where_the_team_has_a_policy(acme: Team) -> None:
    acme.configure("ledger:", "policies: {link_answers: warning}\nledger:")
    sound = check(acme, "links")
    assert (sound["status"], sound["found"]) == ("ok", "no post to come has a link")
    inside = post("http://127.0.0.1/x", time="2026-12-02 09:00")
    acme.write({"content/inside.md": inside}, push=False)
    found = check(acme, "links")
    assert (found["status"], found["todo"]) == ("warn", '"socialauto validate --links" shows all')
    assert found["found"].startswith("1 page asked; content/inside.md:")
    acme.configure("link_answers: warning", "link_answers: error")
    assert check(acme, "links")["status"] == "fail"
    assert check(acme, "links", "--offline")["status"] == "skip"


def test_posts_with_findings_and_commits_that_nobody_has_are_warnings(acme: Team) -> None:
    acme.write({"content/bad.md": post("x", time="yesterday")}, push=False)
    said = look(acme, "--format", "json")
    assert {"config", "commit"} <= statuses(said, "warn")
    assert found(said)["commit"]["found"] == "the commit here is on no branch of the remote"


def test_a_remote_that_is_gone_fails_once_and_the_rest_is_skipped(acme: Team) -> None:
    git(acme.root, "remote", "set-url", "origin", str(acme.root / "nowhere.git"))
    said = look(acme, "--format", "json")
    assert statuses(said, "fail") == {"remote", "commit", "ledger"}
    assert {"lineage", "ledger-writable", "runs", "media-host"} <= statuses(said, "skip")
    assert "acme/accepted" in statuses(said, "ok")


def test_without_a_remote_the_ledger_is_this_clones_alone(tmp_path: Path, impatient: None) -> None:
    with team(tmp_path, remote=None) as made:
        assert check(made, "remote")["status"] == "warn"
        assert check(made, "ledger-writable")["status"] == "ok"


def test_who_may_only_read_is_told_before_a_run_fails(tmp_path: Path, impatient: None) -> None:
    new_bare(tmp_path / "remote.git")
    with git_server(tmp_path) as server, team(tmp_path, remote=server.url("remote.git")) as made:
        assert check(made, "ledger-writable")["status"] == "ok"
        assert "127.0.0.1" in check(made, "clock")["found"]
        git(made.root, "remote", "set-url", "origin", server.url("remote.git", user=READER))
        refused = check(made, "ledger-writable")
        assert refused["status"] == "fail"
        assert "contents: write" in refused["todo"]
        assert "correct-horse" not in look(made).out


def test_another_ledger_is_noticed(acme: Team) -> None:
    acme.configure(f"lineage: {acme.lineage}", f"lineage: {'0' * 32}")
    assert "this is another ledger" in check(acme, "ledger")["found"]
    acme.configure(f"ledger:\n  lineage: {'0' * 32}\n", "")
    assert check(acme, "lineage")["todo"].endswith(f"lineage: {acme.lineage}")


def test_no_run_has_looked_since(acme: Team) -> None:
    # The newest commit is as old as this test is: real time, whatever the calendar says.
    later = "2099-01-01 00:00"
    assert check(acme, "runs", now=later)["status"] == "fail"
    assert acme.reconcile().code == 0
    assert check(acme, "runs", now=later)["status"] == "ok"


def test_a_job_that_may_outlive_its_lease_fails(acme: Team) -> None:
    files = {
        path: text.replace("timeout-minutes: 25", "timeout-minutes: 45")
        for path, text in Workflows(("ACME_KEY",)).files().items()
    }
    acme.write(dict(files))
    assert check(acme, "lease")["status"] == "fail"
    acme.write({"socialauto.yaml": f"{acme.config}run: {{lease: 50m}}\n"})
    assert check(acme, "lease")["status"] == "ok"


def test_a_media_host_that_serves_no_such_file_fails(acme: Team) -> None:
    assert check(acme, "media-host")["status"] == "ok"
    acme.configure(f"base: {acme.url}/files", f"base: {acme.url}/files/elsewhere")
    refused = check(acme, "media-host")
    assert refused["status"] == "fail"
    config = (acme.root / "socialauto.yaml").read_text()
    hostless = config.replace(f"media_host:\n  kind: url\n  base: {acme.url}/files/elsewhere\n", "")
    (acme.root / "socialauto.yaml").write_text(hostless)
    assert check(acme, "media-host")["status"] == "warn"
    (acme.root / "socialauto.yaml").write_text(config)
    assert "the host answers 404" in refused["found"]
    acme.reconcile(now="2026-12-01 16:00")  # missed: nothing waits any more
    assert check(acme, "media-host", now="2026-12-01 16:00")["status"] == "skip"


def test_a_token_that_is_refused(acme: Team) -> None:
    good = acme.world.tokens[TOKEN]
    for bad in (replace(good, revoked=True), replace(good, expires=LONG_AGO)):
        acme.world.tokens[TOKEN] = bad
        said = look(acme, "--format", "json")
        assert said.code == 1
        assert statuses(said, "fail") == {"acme/accepted"}
        assert found(said)["acme/quota"]["found"] == "the token is not accepted"
        assert TOKEN not in said.out + said.err


def test_a_token_of_another_account(acme: Team) -> None:
    acme.configure("token: env:ACME_KEY", "login: instagram\n    token: env:ACME_KEY")
    acme.configure(f'id: "{IG_ID}"', 'id: "17841400000000009"')
    acme.world.add_account(replace(acme.world.accounts[IG_ID], login="instagram"))
    refused = check(acme, "acme/accepted")
    assert "the token belongs to @acme" in refused["found"]
    assert f'write id: "{IG_ID}"' in refused["todo"]


def test_permissions_quota_and_calls(acme: Team) -> None:
    scopes = frozenset(
        {
            "instagram_basic", "instagram_content_publish", "pages_show_list",
            "pages_read_engagement", "business_management", "instagram_manage_comments",
        }
    )  # fmt: skip
    acme.world.tokens[TOKEN] = Token(kind="user", scopes=scopes)
    account = acme.world.accounts[IG_ID]
    acme.world.add_account(replace(account, quota_total=1))
    acme.world.settings = replace(acme.world.settings, hourly_calls=1_000)
    acme.reconcile()
    checks = found(look(acme, "--format", "json"))
    assert checks["acme/scopes"]["status"] == "warn"
    assert "insights are not read" in checks["acme/scopes"]["found"]
    assert checks["acme/quota"]["found"] == "1 of 1 posts of the last 24 hours used"


def test_a_platform_that_hangs_up_ends_no_other_check(acme: Team) -> None:
    acme.world.faults.add(Fault(path=IG_ID, times=None, answer="drop"))
    said = look(acme, "--format", "json")
    assert statuses(said, "fail") == {"acme/accepted"}
    assert "ledger-writable" in statuses(said, "ok")


def test_a_check_that_breaks_is_one_failure_and_tells_no_words_of_others(
    acme: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(_: object) -> list[Any]:
        raise RuntimeError(f"with {TOKEN} in it")

    monkeypatch.setitem(doctor_repository.PROBES, "lease", breaks)
    said = look(acme, "--format", "json")
    assert found(said)["lease"]["found"] == "this check itself failed (RuntimeError)"
    assert statuses(said, "fail") == {"lease"}
    assert TOKEN not in said.out


def test_outside_of_a_repository_nothing_is_looked_at(tmp_path: Path, acme: Team) -> None:
    elsewhere = replace(acme, root=tmp_path)
    assert elsewhere.say("doctor").code == 1
    (tmp_path / "alone").mkdir()
    (tmp_path / "alone/socialauto.yaml").write_text(acme.config)
    said = replace(acme, root=tmp_path / "alone").say("doctor", "--format", "json")
    assert "git" in statuses(said, "fail")


def test_accounts_check_is_the_accounts_part(acme: Team) -> None:
    said = acme.say("accounts", "check", "acme", "--format", "json")
    assert (said.code, list(found(said))) == (0, [f"acme/{id}" for id in ("token", *ASKED)])
    acme.world.tokens[TOKEN] = replace(acme.world.tokens[TOKEN], revoked=True)
    assert acme.say("accounts", "check").code == 1
    assert acme.say("accounts", "check", "amce").code == 2
    assert acme.say("doctor", "--account", "amce").code == 2
    offline = acme.say("accounts", "check", "--offline", "--format", "json")
    assert statuses(offline, "ok") == {"acme/token"}


def test_the_app_may_ask_how_long_a_token_lives(
    acme: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    scopes = frozenset({"instagram_basic", "instagram_content_publish"})
    acme.world.tokens[TOKEN] = Token(
        frozenset({IG_ID}), kind="page", scopes=scopes, authorised=datetime(2097, 1, 1, tzinfo=UTC)
    )
    assert check(acme, "acme/expiry")["status"] == "skip"
    monkeypatch.setenv("SOCIALAUTO_APP_ID", APP_ID)
    monkeypatch.setenv("SOCIALAUTO_APP_SECRET", APP_SECRET)
    assert check(acme, "acme/expiry")["found"].startswith("the app's access to its data ends 2097")
    assert "without pages_read_engagement" in check(acme, "acme/scopes")["found"]
    assert APP_SECRET not in look(acme).out


@pytest.fixture
def vaulted(acme: Team, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Team]:
    """A team whose token is in the vault."""
    from socialauto.cli.vaults import workplace
    from support.tokens import IDENTITY, RECIPIENT, credential

    def made(**fields: Any) -> Team:
        monkeypatch.setenv("SOCIALAUTO_KEY", str(IDENTITY))
        text = (acme.root / "socialauto.yaml").read_text()
        text = text.replace("token: env:ACME_KEY", "token: secret:acme")
        acme.write({"socialauto.yaml": f"{text}secrets:\n  recipients: [{RECIPIENT}]\n"})
        one: Credential = credential(**fields)
        vault = workplace(acme.root).vault()
        assert vault.put("acme", one, vault.sealed().get("acme"))
        acme.world.tokens[one.token.get_secret_value()] = Token(
            accounts=frozenset({IG_ID}), kind="instagram"
        )
        return acme

    return made


def test_an_encrypted_token_tells_its_end_and_permissions(vaulted: Callable[..., Team]) -> None:
    far = datetime(2098, 1, 1, tzinfo=UTC)
    made = vaulted(expires=far, scopes=("instagram_business_basic",))
    tip = git(made.remote, "rev-parse", "socialauto/ledger")
    said = look(made, "--format", "json")
    checks = found(said)
    assert checks["acme/token"]["found"].startswith("secrets/acme.age on the ledger branch")
    assert "runs renew it" in checks["acme/expiry"]["found"]
    assert checks["acme/scopes"]["status"] == "fail"
    assert checks["acme/scopes"]["todo"] == 'grant it: "socialauto accounts connect acme"'
    assert git(made.remote, "rev-parse", "socialauto/ledger") == tip
    assert "IGAAcanary" not in said.out + said.err


def test_an_encrypted_token_that_has_ended_is_anothers_or_has_no_key(
    vaulted: Callable[..., Team], monkeypatch: pytest.MonkeyPatch
) -> None:
    made = vaulted(expires=LONG_AGO)
    assert check(made, "acme/expiry")["status"] == "fail"
    config = (made.root / "socialauto.yaml").read_text()
    (made.root / "socialauto.yaml").write_text(config.replace(IG_ID, f"{IG_ID[:-1]}2"))
    assert "secrets/acme.age is for id" in check(made, "acme/token")["found"]
    monkeypatch.delenv("SOCIALAUTO_KEY")
    refused = check(made, "acme/token")
    assert refused["status"] == "fail"
    assert "SOCIALAUTO_KEY" in refused["found"] + refused["todo"]
    assert check(made, "acme/token", "--offline")["status"] == "skip"
