"""The door to git."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from socialauto.core.errors import SocialautoError
from socialauto.repository.git import Finished, Git, open_repository, redact
from support.repositories import git, new_repository


def test_a_folder_without_a_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(
        SocialautoError, match=f'{tmp_path} is not in a git repository; .*"git init'
    ):
        open_repository(tmp_path)


def test_a_folder_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(SocialautoError, match="nowhere is no folder"):
        open_repository(tmp_path / "nowhere")


def test_a_bare_repository_is_no_place_to_work(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--bare")
    with pytest.raises(SocialautoError, match="has no work tree"):
        open_repository(tmp_path)


def test_a_missing_git_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SocialautoError, match=r"git was not found; install git 2\.30 or later"):
        open_repository(tmp_path)


def test_a_git_that_was_missing_from_the_start_is_named_too(tmp_path: Path) -> None:
    # GitPython looks for git when it is imported, so this needs a fresh interpreter.
    script = (
        "from pathlib import Path\n"
        "from socialauto.core.errors import SocialautoError\n"
        "from socialauto.repository.git import open_repository\n"
        "try:\n    open_repository(Path('.'))\n"
        "except SocialautoError as error:\n    print(error)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], env={"PATH": str(tmp_path)}, capture_output=True, text=True
    )
    assert ended.stdout.startswith("git was not found; install git"), ended.stderr


def test_a_repository_of_somebody_else_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_repository(tmp_path)
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    with pytest.raises(SocialautoError, match=r"dubious ownership .*safe\.directory"):
        open_repository(tmp_path)


def test_the_module_does_not_import_gitpython(tmp_path: Path) -> None:
    script = "import sys, socialauto.repository.git; print('git' in sys.modules)"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert ended.stdout == "False\n"


def test_a_process_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    new_repository(tmp_path)
    patient = Git(tmp_path, timeout=0.2)
    # The child holds the pipes: were it not ended too, this would wait for it for ever.
    git(tmp_path, "config", "alias.wait", "!tail -f /dev/null")
    finished = patient.attempt("wait")
    assert finished.timed_out
    assert not finished.ok
    assert finished.words == "git wait did not finish within 0.2 seconds and was ended"


def test_git_is_told_never_to_ask(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_TERMINAL_PROMPT", "1")
    monkeypatch.setenv("SSH_ASKPASS", "/usr/bin/a-window-that-nobody-sees")
    new_repository(tmp_path)
    names = ("GIT_TERMINAL_PROMPT", "GCM_INTERACTIVE", "SSH_ASKPASS", "SSH_ASKPASS_REQUIRE")
    git(tmp_path, "config", "alias.told", f"!echo {' '.join(f'[${name}]' for name in names)}")
    assert Git(tmp_path).line("told") == "[0] [never] [] [never]"


def test_git_has_no_terminal_to_ask_at(tmp_path: Path) -> None:
    new_repository(tmp_path)
    git(tmp_path, "config", "alias.sid", f"!{sys.executable} -c 'import os; print(os.getsid(0))'")
    assert int(Git(tmp_path).line("sid")) != os.getsid(0)


def test_a_failed_command_is_told_in_gits_words(tmp_path: Path) -> None:
    new_repository(tmp_path)
    with pytest.raises(SocialautoError, match=r"^git rev-parse failed: ambiguous argument 'nope'"):
        Git(tmp_path).run("rev-parse", "nope")


def test_what_git_repeats_is_said_once() -> None:
    stderr = (
        "remote: error: GH006: Protected branch update failed.\n"
        "remote: \n"
        "error: GH006: Protected branch update failed.\n"
        "error: failed to push some refs to 'https://forge.example/x'\n"
    )
    assert Finished(1, b"", stderr).words == "GH006: Protected branch update failed."
    assert Finished(7, b"", "").words == "git ended with status 7"


def test_the_users_language_does_not_change_what_git_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    monkeypatch.setenv("LANGUAGE", "de")
    new_repository(tmp_path)
    git(tmp_path, "config", "alias.language", "!echo $LC_ALL")
    assert Git(tmp_path).line("language") == "C"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("fatal: https://user:tok@host/x.git", "fatal: https://***@host/x.git"),
        ("https://x-access-token:ghs_1@github.com/a", "https://***@github.com/a"),
        ("https://ghp_only@host/x", "https://***@host/x"),
        ("https://user:p@ss@host/x'", "https://***@host/x'"),
        ("ssh://git@host/x.git", "ssh://***@host/x.git"),
        ("git@github.com:a/b.git", "git@github.com:a/b.git"),
        ("https://host/x?private_token=abc&a=1", "https://host/x?private_token=***&a=1"),
        ("Authorization: Basic dXNlcjp0b2s=", "Authorization: Basic ***"),
        ("mail ana@example.org or see https://host/", "mail ana@example.org or see https://host/"),
    ],
)
def test_credentials_are_taken_out_of_every_text(text: str, clean: str) -> None:
    assert redact(text) == clean
