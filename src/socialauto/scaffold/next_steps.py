"""What a person does after `init`, in the order in which it works."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Situation:
    """What `init` knows about the repository that it leaves behind."""

    tokens: tuple[str, ...]
    """Names of the secrets."""
    ledger_branch: str
    placeholder_account: bool = False
    media_host: bool = False
    remote: bool = False
    branch: str = "main"
    package_is_public: bool = True


def next_steps(situation: Situation) -> list[str]:
    return list(_steps(situation))


def _steps(now: Situation) -> Iterator[str]:
    if now.placeholder_account:
        yield "Put your account's name and id into socialauto.yaml."
    if not now.media_host:
        yield (
            "Say in socialauto.yaml where the platform can download pictures (media_host), "
            "or try everything with the emulated one first: socialauto sandbox"
        )
    if not now.package_is_public:
        yield (
            "Your socialauto was installed from a folder: name a source that CI can reach in "
            ".github/requirements.txt."
        )
    yield 'Check and commit: socialauto validate && git add . && git commit -m "Post from git"'
    yield from _push(now)
    secrets = ", ".join(now.tokens)
    yield (
        'On GitHub, under Settings → Environments, make "publishing", limit it to the branch '
        f"{now.branch} and add the access token there as a secret: {secrets}"
    )
    yield (
        f'Protect {now.branch}: require a pull request and the check "Check the posts". '
        f"Leave {now.ledger_branch} to the workflow."
    )
    yield "Write a post: socialauto new"


def _push(now: Situation) -> Iterator[str]:
    if now.remote:
        yield f"Push: git push -u origin {now.branch}"
    else:
        yield (
            "Make an empty repository on the forge and push both branches: git remote add origin "
            f"URL && git push -u origin {now.branch} {now.ledger_branch}"
        )
