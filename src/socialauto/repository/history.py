"""What the repository's history knows: commits, their authors, what was shared, what is not."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

from socialauto.core.errors import SocialautoError
from socialauto.repository.git import Git


def head(git: Git) -> str:
    """The id of the commit that is checked out."""
    found = git.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if not found.ok:
        raise SocialautoError(
            f"the repository at {git.root} has no commit yet",
            'make one with "git add --all" and "git commit"',
        )
    return found.stdout.decode("ascii").strip()


def resolve(git: Git, revision: str) -> str:
    """The id of the commit that a branch, a tag or a shortened id names."""
    asked = ("--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    found = git.attempt("rev-parse", *asked)
    if not found.ok:
        hint = "this clone is shallow: fetch more history" if git.shallow else "see git log"
        raise SocialautoError(f"there is no commit {revision}", hint)
    return found.stdout.decode("ascii").strip().splitlines()[-1]


def commit_authors(
    git: Git, commit: str, paths: Iterable[str], *, below: Iterable[str] = ()
) -> dict[str, str]:
    """Who last changed each of the files, as of that commit; empty when a shallow clone cannot
    say, or there is no such file. One walk through the history, whatever the number.

    `below` are folders that all of them are in: with thousands of files, git compares less.
    """
    found = dict.fromkeys(paths, "")
    if not found:
        return found
    asked = ("--format=%x01%P%x02%an", "--name-only", "-z", commit, "--", *(tuple(below) or found))
    seen: set[str] = set()
    told = git.run("log", *asked, env={"GIT_LITERAL_PATHSPECS": "1"})
    for record in told.split(b"\x01")[1:]:
        head, *names = record.split(b"\0")
        parents, _, author = head.partition(b"\x02")
        for name in names:
            path = os.fsdecode(name.lstrip(b"\n")).removeprefix(git.prefix)
            # Where a shallow clone ends, a commit seems to have made every file that it carries.
            if path in found and path not in seen and (parents or not git.shallow):
                found[path] = author.decode(errors="replace")
            seen.add(path)
    return found


def landed(git: Git, commit: str, path: str, *, last: bool = False) -> datetime | None:
    """When the file came into the branch that ends at `commit`, in UTC: for one that was merged,
    when it was merged. None when there is no such file in it. With `last` it is the last change
    that counts."""
    if not git.attempt("rev-parse", "--verify", "--quiet", f"{commit}^{{commit}}").ok:
        return None
    changes = "AMRCT" if last else "A"
    asked = ("--first-parent", "-m", f"--diff-filter={changes}", "--format=%ct", "--max-count=1")
    words = git.run("log", *asked, commit, "--", path).split()
    return datetime.fromtimestamp(int(words[0]), UTC) if words else None


def uncommitted(git: Git, *paths: str) -> list[str]:
    """The files below these paths that differ from HEAD or are not in it, sorted."""
    listed = git.run(
        *("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames"),
        *("--ignore-submodules=all", "--", *(paths or (".",))),
    )
    records = [os.fsdecode(record[3:]) for record in listed.split(b"\0") if record]
    return sorted(path.removeprefix(git.prefix) for path in records)


def remotes(git: Git) -> tuple[str, ...]:
    """The names of the remotes that this clone knows."""
    return tuple(git.line("remote").splitlines())


def remote_exists(git: Git, remote: str) -> bool:
    return remote in remotes(git)


def is_pushed(git: Git, commit: str, remote: str) -> bool:
    """Whether a branch of the remote contains the commit, asked of the remote now."""
    wanted = resolve(git, commit)
    tips = _remote_tips(git, remote)
    if wanted in tips.values() or _contains(git, tips, wanted):
        return True
    # The branch of the same name first: in a shallow clone the others can be a long download.
    current = git.attempt("symbolic-ref", "--quiet", "HEAD").stdout.decode().strip()
    for branches in ([current] if current in tips else [], ["refs/heads/*"]):
        if branches:
            _fetch(git, remote, branches[0])
            if _contains(git, tips, wanted):
                return True
    return False


def followed_tip(git: Git, remote: str) -> str | None:
    """The newest commit of the branch that is checked out, as the remote has it now; as this clone
    has it when there is no such remote; None when no branch is checked out or the remote lacks it.
    """
    current = git.attempt("symbolic-ref", "--quiet", "HEAD").stdout.decode().strip()
    if not current:
        return None
    if not remote_exists(git, remote):
        return head(git)
    tip = _remote_tips(git, remote).get(current)
    if tip and not git.attempt("cat-file", "-e", f"{tip}^{{commit}}").ok:
        _fetch(git, remote, current)
    return tip


def _remote_tips(git: Git, remote: str) -> dict[str, str]:
    """Where each branch of the remote stands."""
    listed = git.attempt("ls-remote", "--heads", "--", remote)
    if not listed.ok:
        raise SocialautoError(
            f"cannot list the branches of {remote}: {listed.words}", f'try "git fetch {remote}"'
        )
    lines = (line.split("\t", 1) for line in listed.stdout.decode(errors="replace").splitlines())
    return {name: commit for commit, name in lines}


def _contains(git: Git, tips: Mapping[str, str], commit: str) -> bool:
    """Whether what this clone knows of the tips' history has the commit in it."""
    asked = "\n".join([commit, *(f"^{tip}" for tip in tips.values()), ""])
    left = git.run("rev-list", "--max-count=1", "--ignore-missing", "--stdin", data=asked.encode())
    return not left.strip()


def _fetch(git: Git, remote: str, branches: str) -> None:
    below = branches.removeprefix("refs/heads/")
    git.run(
        *("fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-recurse-submodules"),
        *(
            "--no-auto-maintenance",
            "--prune",
            "--refmap=",
            "--",
            remote,
            f"+{branches}:refs/socialauto/{remote}/{below}",
        ),
    )
