"""The only door to git: GitPython runs the processes, bounded, never asking, never telling secrets.

Import this module late: GitPython costs 180 ms, and `validate` of a work tree needs no git.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from subprocess import PIPE, TimeoutExpired
from typing import TYPE_CHECKING

from socialauto.core.errors import SocialautoError

if TYPE_CHECKING:
    from git.cmd import Git as Runner

TIMEOUT = 120.0
"""Seconds that one git process may take, network included."""

_GRACE = 2.0
"""Seconds between the polite and the hard end of a process, for git to remove its lock files."""

_NEVER_ASK = {
    "GIT_TERMINAL_PROMPT": "0",
    "GCM_INTERACTIVE": "never",
    "SSH_ASKPASS": "",
    "SSH_ASKPASS_REQUIRE": "never",
    # `git status` would otherwise refresh, and so write, the user's index.
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_LITERAL_PATHSPECS": "1",
}

_QUIET_CONFIG = (
    # Hooks of the user's clone are made for people's work, not for the ledger's.
    *("-c", f"core.hooksPath={os.devnull}"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "advice.detachedHead=false"),
)

_USERINFO = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*://)[^/\s'\"]*@")
_QUERY_SECRET = re.compile(r"(?i)([?&][^=&\s]*(?:token|secret|password|key)[^=&\s]*=)[^&\s'\"]+")
_AUTHORIZATION = re.compile(r"(?i)(authorization:\s*\w+\s+)\S+")

_PREFIX = re.compile(r"(?i)^(?:(?:remote|fatal|error|ssh): *)+")
_SAID_TWICE = ("failed to push some refs to ", "hook declined to update ")
_MAX_WORDS = 300


_FACTS = (
    "--is-inside-work-tree",
    "--show-object-format",
    "--is-shallow-repository",
    "--show-prefix",
)


@dataclass(frozen=True, slots=True)
class Finished:
    """A git process that has ended, or was ended because it took too long."""

    status: int
    stdout: bytes
    stderr: str
    """Already without secrets."""
    timed_out: bool = False

    @property
    def ok(self) -> bool:
        return self.status == 0 and not self.timed_out

    @property
    def words(self) -> str:
        """What git or the forge said, as one line that is never empty."""
        return self.said or f"git ended with status {self.status}"

    @property
    def said(self) -> str:
        """What git or the forge said, as one line."""
        lines = (_PREFIX.sub("", line).strip() for line in self.stderr.splitlines())
        said = " ".join(
            dict.fromkeys(line for line in lines if line and not line.startswith(_SAID_TWICE))
        )
        return said[:_MAX_WORDS]


def redact(text: str) -> str:
    """`text` without the credentials that URLs and headers carry."""
    text = _USERINFO.sub(r"\1***@", text)
    text = _QUERY_SECRET.sub(r"\1***", text)
    return _AUTHORIZATION.sub(r"\1***", text)


class Git:
    """git in one folder. Paths in answers and questions count from that folder."""

    def __init__(self, root: Path, *, timeout: float = TIMEOUT) -> None:
        self.root = root
        self.timeout = timeout
        self._runner: Runner | None = None

    @property
    def prefix(self) -> str:
        """Where the folder lies in its repository: empty at the top, otherwise `team/social/`."""
        return self.facts[3]

    @property
    def shallow(self) -> bool:
        """The clone lacks old history, as those of CI do."""
        return self.facts[2] == "true"

    @property
    def no_object(self) -> str:
        """The id that git writes for "nothing"."""
        return "0" * (64 if self.facts[1] == "sha256" else 40)

    @cached_property
    def facts(self) -> list[str]:
        """git's answers to `_FACTS`."""
        return _lines(self.run("rev-parse", *_FACTS))

    def attempt(
        self, *args: str, data: bytes = b"", env: Mapping[str, str] | None = None
    ) -> Finished:
        """Run to the end and return what came of it; only a missing git raises."""
        process = self.start(*args, env=env)
        try:
            stdout, stderr = process.communicate(input=data, timeout=self.timeout)
        except TimeoutExpired:
            _end(process)
            words = f"git {args[0]} did not finish within {self.timeout:g} seconds and was ended"
            return Finished(-1, b"", words, timed_out=True)
        return Finished(process.returncode, stdout, redact(stderr.decode(errors="replace")))

    def run(self, *args: str, data: bytes = b"", env: Mapping[str, str] | None = None) -> bytes:
        """The bytes that git printed. Raises `SocialautoError` when it did not succeed."""
        finished = self.attempt(*args, data=data, env=env)
        if not finished.ok:
            raise failure(f"git {args[0]} failed", finished)
        return finished.stdout

    def line(self, *args: str) -> str:
        """The one line that git printed."""
        return os.fsdecode(self.run(*args)).rstrip("\n")

    def start(self, *args: str, env: Mapping[str, str] | None = None) -> Runner.AutoInterrupt:
        """A running process with pipes at all three ends."""
        runner = self._git()
        from git.exc import GitCommandNotFound

        try:
            return runner.execute(
                ["git", *_QUIET_CONFIG, *args],
                istream=PIPE,
                as_process=True,
                env={**_NEVER_ASK, **(env or {})},
                # No controlling terminal: ssh cannot ask there, and a timeout ends git's children.
                start_new_session=True,
            )
        except GitCommandNotFound:
            raise _no_git() from None

    def _git(self) -> Runner:
        if self._runner is None:
            try:
                from git.cmd import Git as Runner
            except ImportError:
                # GitPython looks for git when it is imported.
                raise _no_git() from None
            self._runner = Runner(self.root)
        return self._runner


def _lines(output: bytes) -> list[str]:
    return os.fsdecode(output).split("\n")


def failure(what: str, finished: Finished) -> SocialautoError:
    """The exception for a process that did not succeed, with the cure where git names one."""
    for sign, hint in _CURES.items():
        if sign in finished.stderr:
            return SocialautoError(f"{what}: {finished.words}", hint)
    return SocialautoError(f"{what}: {finished.words}")


_CURES = {
    "detected dubious ownership": "the folder belongs to another user; trust it with "
    '"git config --global --add safe.directory <folder>"',
    "index file corrupt": 'rebuild the index with "git reset"',
    "No space left on device": "free some disk space",
    "Out of diskspace": "free some disk space",
    "couldn't write": "free some disk space, or make the clone's folder writable",
}


def _no_git() -> SocialautoError:
    return SocialautoError(
        "git was not found", "install git 2.30 or later and put its folder on PATH"
    )


def _end(process: Runner.AutoInterrupt) -> None:
    """End a process and its children, first so that they can clean up, then for good."""
    _signal(process, "SIGTERM")
    try:
        process.communicate(timeout=_GRACE)
    except TimeoutExpired:
        _signal(process, "SIGKILL")
        process.communicate()


def _signal(process: Runner.AutoInterrupt, name: str) -> None:
    with contextlib.suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, getattr(signal, name))
        else:
            process.kill()


def open_repository(root: Path, *, timeout: float = TIMEOUT) -> Git:
    """Git at `root`. Raises `SocialautoError` when there is no repository with a work tree."""
    if not root.is_dir():
        raise SocialautoError(f"{root} is no folder")
    git = Git(root, timeout=timeout)
    finished = git.attempt("rev-parse", *_FACTS)
    if "not a git repository" in finished.stderr:
        raise SocialautoError(f"{root} is not in a git repository", 'start one with "git init"')
    if not finished.ok:
        raise failure(f"cannot open the repository at {root}", finished)
    if not finished.stdout.startswith(b"true\n"):
        raise SocialautoError(
            f"{root} has no work tree", "run socialauto in a clone that has its files checked out"
        )
    git.facts = _lines(finished.stdout)
    return git
