"""`socialauto init` on real folders and real remotes."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from socialauto.cli.init import command
from socialauto.core.config import Config
from socialauto.core.errors import SocialautoError
from socialauto.core.reading import read_config
from socialauto.credentials.keys import new_key
from socialauto.engine.load import load
from socialauto.repository.worktree import WorkTree

ACME = ("--account", "acme", "--id", "17841400000000001")

FILES = {
    ".github/requirements.txt",
    ".github/workflows/reconcile.yml",
    ".github/workflows/validate.yml",
    ".gitignore",
    ".vscode/settings.json",
    "content/example.md",
    "content/media/example.jpg",
    "schedules/README.md",
    "schemas/config.schema.json",
    "schemas/post.schema.json",
    "schemas/schedule.schema.json",
    "socialauto.yaml",
}


def init(folder: Path, *arguments: str) -> Result:
    return CliRunner().invoke(command, ["-C", str(folder), *arguments])


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def config(folder: Path) -> Config:
    source, findings = read_config((folder / "socialauto.yaml").read_bytes())
    assert source is not None
    assert not findings
    return source.value


def refs(folder: Path) -> Sequence[str]:
    return git(folder, "for-each-ref", "--format=%(refname)", "refs/heads").splitlines()


@pytest.fixture
def remote(tmp_path: Path) -> Path:
    path = tmp_path / "remote.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(path)], check=True)
    return path


def clone(remote: Path, name: str) -> Path:
    folder = remote.parent / name
    subprocess.run(
        ["git", "clone", "-q", str(remote), str(folder)], check=True, capture_output=True
    )
    return folder


def share(folder: Path) -> None:
    """Commit all and push the branch people work on."""
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "Post from git")
    git(folder, "push", "-q", "origin", "HEAD:main")


def test_an_empty_folder_becomes_a_repository_that_validates(tmp_path: Path) -> None:
    team = tmp_path / "team"
    result = init(team, *ACME, "--timezone", "Europe/Berlin")
    assert result.exception is None, result.output
    assert f"started a git repository in {team}" in result.output
    assert set(files(team)) == FILES
    loaded = load(WorkTree(team))
    assert list(loaded.findings) == []
    assert [delivery.draft for delivery in loaded.deliveries] == [True]
    assert refs(team) == ["refs/heads/socialauto/ledger"]
    header = json.loads(git(team, "show", "socialauto/ledger:ledger/ledger.json"))
    assert header["lineage"] == config(team).ledger.lineage


def test_running_it_again_changes_nothing(tmp_path: Path) -> None:
    init(tmp_path, *ACME)
    before, tip = files(tmp_path), git(tmp_path, "rev-parse", "socialauto/ledger")
    again = init(tmp_path, *ACME)
    assert again.exception is None, again.output
    assert "created" not in again.output
    assert files(tmp_path) == before
    assert git(tmp_path, "rev-parse", "socialauto/ledger") == tip


def test_existing_files_are_kept_and_named(tmp_path: Path) -> None:
    (tmp_path / ".github/workflows").mkdir(parents=True)
    (tmp_path / ".github/workflows/validate.yml").write_text("mine\n")
    (tmp_path / ".gitignore").write_text("*.tmp")
    result = init(tmp_path, *ACME)
    assert "kept      .github/workflows/validate.yml (stood here before)" in result.output
    assert (tmp_path / ".github/workflows/validate.yml").read_text() == "mine\n"
    assert (tmp_path / ".gitignore").read_text() == "*.tmp\n.socialauto/\n/dashboard/\n"


def test_the_dashboard_is_published_only_when_somebody_says_so(tmp_path: Path) -> None:
    workflow = tmp_path / ".github/workflows/dashboard.yml"
    init(tmp_path, *ACME)
    assert not workflow.exists()
    asked = init(tmp_path, *ACME, "--dashboard")
    assert "created   .github/workflows/dashboard.yml" in asked.output
    assert "sees posts before they are public" in asked.output
    assert "workflow_run" in workflow.read_text()


@pytest.mark.parametrize(("answer", "written"), [("y", True), ("n", False), ("", False)])
def test_a_person_is_asked_and_warned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, written: bool
) -> None:
    monkeypatch.setattr("socialauto.cli.init_dashboard.at_a_terminal", lambda: True)
    arguments = ["-C", str(tmp_path), *ACME]
    result = CliRunner().invoke(command, arguments, input=f"{answer}\n")
    assert "public, too, unless your plan can restrict them" in result.output
    assert (tmp_path / ".github/workflows/dashboard.yml").exists() is written


def test_a_team_with_posts_gets_no_example(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content/ours.md").write_text("---\ndraft: true\n---\n")
    init(tmp_path, *ACME)
    assert not (tmp_path / "content/example.md").exists()


CONFIG_OF_TWO = """\
accounts:
  acme: {{platform: instagram, id: "1", token: secret:acme}}
  bakery: {{platform: instagram, id: "2", token: secret:bakery}}
secrets:
  recipients: [{recipient}]
"""


def test_workflows_carry_the_tokens_of_the_accounts(tmp_path: Path) -> None:
    init(tmp_path, *ACME, "--account", "acme-two", "--id", "17841400000000002")
    workflow = (tmp_path / ".github/workflows/reconcile.yml").read_text()
    assert "          ACME_TOKEN: ${{ secrets.ACME_TOKEN }}\n" in workflow
    assert "          ACME_TWO_TOKEN: ${{ secrets.ACME_TWO_TOKEN }}\n" in workflow


def test_workflows_carry_the_keys_of_a_bucket(tmp_path: Path) -> None:
    (tmp_path / "socialauto.yaml").write_text(
        "accounts: {acme: {platform: instagram, id: '1', token: env:ACME_TOKEN}}\n"
        "media_host: {kind: s3, endpoint: https://s3.example, bucket: acme, "
        "access_key: env:S3_ACCESS_KEY, secret_key: env:S3_SECRET_KEY}\n"
    )
    init(tmp_path)
    workflow = (tmp_path / ".github/workflows/reconcile.yml").read_text()
    names = ("ACME_TOKEN", "S3_ACCESS_KEY", "S3_SECRET_KEY")
    lines = "".join(f"          {name}: ${{{{ secrets.{name} }}}}\n" for name in names)
    assert workflow.endswith(f"        env:\n{lines}")


def test_workflows_carry_the_key_of_encrypted_tokens_once(tmp_path: Path) -> None:
    config = CONFIG_OF_TWO.format(recipient=new_key().recipient)
    (tmp_path / "socialauto.yaml").write_text(config)
    result = init(tmp_path)
    workflow = (tmp_path / ".github/workflows/reconcile.yml").read_text()
    assert workflow.endswith(
        "        env:\n          SOCIALAUTO_KEY: ${{ secrets.SOCIALAUTO_KEY }}\n"
    )
    assert "add the key of the encrypted tokens there as a secret: SOCIALAUTO_KEY" in result.output


def test_the_ledger_goes_to_the_remote(remote: Path) -> None:
    team = clone(remote, "team")
    result = init(team, *ACME)
    assert result.exception is None, result.output
    assert refs(remote) == ["refs/heads/socialauto/ledger"]


def test_an_existing_ledger_is_adopted(remote: Path) -> None:
    first, second = clone(remote, "first"), clone(remote, "second")
    init(first, *ACME)
    result = init(second, *ACME)
    assert result.exception is None, result.output
    assert config(second).ledger.lineage == config(first).ledger.lineage
    assert "ledger    adopted" in result.output


def test_a_named_ledger_that_is_missing_is_not_replaced_in_silence(remote: Path) -> None:
    team = clone(remote, "team")
    init(team, *ACME)
    share(team)
    git(remote, "branch", "-D", "socialauto/ledger")
    again = clone(remote, "again")
    before = files(again)
    result = init(again)
    assert isinstance(result.exception, SocialautoError)
    assert "could go out a second time" in str(result.exception)
    assert "--new-ledger" in str(result.exception)
    assert files(again) == before
    assert refs(remote) == ["refs/heads/main"]


def test_a_new_ledger_can_be_asked_for(remote: Path) -> None:
    team = clone(remote, "team")
    init(team, *ACME)
    share(team)
    old = config(team).ledger.lineage
    git(remote, "branch", "-D", "socialauto/ledger")
    again = clone(remote, "again")
    result = init(again, "--new-ledger")
    assert result.exception is None, result.output
    assert config(again).ledger.lineage not in (None, old)
    assert sorted(refs(remote)) == ["refs/heads/main", "refs/heads/socialauto/ledger"]


def test_a_new_ledger_never_replaces_one_that_is_there(remote: Path) -> None:
    team = clone(remote, "team")
    init(team, *ACME)
    tip = git(remote, "rev-parse", "socialauto/ledger")
    result = init(team, "--new-ledger")
    assert isinstance(result.exception, SocialautoError)
    assert git(remote, "rev-parse", "socialauto/ledger") == tip


def test_a_foreign_ledger_is_refused(remote: Path) -> None:
    team, other = clone(remote, "team"), clone(remote, "other")
    init(team, *ACME)
    init(other, *ACME, "--no-ledger")
    text = (other / "socialauto.yaml").read_text()
    (other / "socialauto.yaml").write_text(text.replace("ledger:\n", "ledger:\n  lineage: mine\n"))
    result = init(other)
    assert isinstance(result.exception, SocialautoError)
    assert "mine" in (other / "socialauto.yaml").read_text()


def test_the_files_alone_can_be_asked_for(remote: Path) -> None:
    team = clone(remote, "team")
    init(team, *ACME, "--no-ledger")
    assert set(files(team)) == FILES
    assert config(team).ledger.lineage is None
    assert git(remote, "for-each-ref") == ""


def test_comments_of_the_configuration_survive(tmp_path: Path) -> None:
    init(tmp_path, *ACME, "--no-ledger")
    before = (tmp_path / "socialauto.yaml").read_text()
    init(tmp_path)
    after = (tmp_path / "socialauto.yaml").read_text()
    lineage = config(tmp_path).ledger.lineage
    assert after.replace(f"  lineage: {lineage}\n", "") == before


def test_a_folder_inside_a_repository_is_refused(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    result = init(tmp_path / "inner", *ACME)
    assert f"is inside the git repository {tmp_path}" in str(result.exception)
    assert not files(tmp_path)


def test_a_link_out_of_the_repository_is_not_followed(tmp_path: Path) -> None:
    outside, team = tmp_path / "outside", tmp_path / "team"
    outside.mkdir()
    team.mkdir()
    (team / "schemas").symlink_to(outside)
    result = init(team, *ACME)
    assert str(result.exception).startswith("schemas is a link that leads out of ")
    assert not list(outside.iterdir())


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        (("--account", "acme"), "1 × --account and 0 × --id"),
        (("--platform", "fax"), 'no adapter for "fax"; known: instagram'),
        (("--timezone", "Berlin"), 'did you mean "Europe/Berlin"?'),
        (("--account", "Acme Ltd", "--id", "1"), "Acme Ltd"),
    ],
)
def test_wrong_answers_are_refused_before_anything_is_written(
    tmp_path: Path, flags: Sequence[str], sentence: str
) -> None:
    result = init(tmp_path, *flags)
    assert result.exit_code != 0
    assert sentence in result.output + str(result.exception)
    assert not files(tmp_path)


def test_an_account_that_the_configuration_lacks_is_refused(tmp_path: Path) -> None:
    init(tmp_path, *ACME, "--no-ledger")
    result = init(tmp_path, "--account", "other", "--id", "1")
    assert "has no account other with the id 1" in str(result.exception)


def test_the_ledger_begins_now(stopped: datetime, tmp_path: Path) -> None:
    init(tmp_path, *ACME)
    header = json.loads(git(tmp_path, "show", "socialauto/ledger:ledger/ledger.json"))
    assert datetime.fromisoformat(header["began"]) == stopped
