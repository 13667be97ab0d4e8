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
    ledger: bool = True
    """There is one already."""
    placeholder_account: bool = False
    media_host: bool = False
    remote: bool = False
    branch: str = "main"
    package_is_public: bool = True
    dashboard: bool = False
    """Its workflow is there."""


def next_steps(situation: Situation) -> list[str]:
    return list(_steps(situation))


def _steps(now: Situation) -> Iterator[str]:
    if now.placeholder_account:
        yield (
            "Put your account's id into socialauto.yaml. If you change its name there, change it "
            "in content/example.md and its secret in .github/workflows/reconcile.yml, too."
        )
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
        f"{now.branch} and add {_what(now.tokens)} there as a secret: {secrets}"
    )
    yield (
        f'Protect {now.branch}: require a pull request and the check "Check the posts". '
        f"Leave {now.ledger_branch} to the workflow."
    )
    if now.dashboard:
        yield (
            'For the dashboard choose "GitHub Actions" under Settings → Pages. Whoever can open '
            "the pages sees posts before they are public, and Pages of a private repository are "
            "public unless your plan can restrict them: look first."
        )
    yield "Write a post: socialauto new"


def _what(names: tuple[str, ...]) -> str:
    if names == ("SOCIALAUTO_KEY",):
        return "the key of the encrypted tokens"
    return "the access token"


def _push(now: Situation) -> Iterator[str]:
    branches = now.branch if now.remote or not now.ledger else f"{now.branch} {now.ledger_branch}"
    if now.remote:
        yield f"Push: git push -u origin {branches}"
    else:
        yield (
            "Make an empty repository on the forge and push: git remote add origin URL && "
            f"git push -u origin {branches}"
        )
    if not now.ledger:
        yield "Make the ledger, once: socialauto init"
