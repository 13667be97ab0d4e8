"""Wires the look at links, for `validate --links` and `doctor`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from socialauto.core.config import Config
    from socialauto.core.finding import Finding
    from socialauto.core.policies import LinkAnswers
    from socialauto.core.tree import Tree
    from socialauto.engine.load import Loaded


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of the links."""

    pages: int
    findings: tuple[Finding, ...]


def policy_of(config: Config) -> LinkAnswers:
    """The team's own, or what holds when somebody asks for the links all the same."""
    from socialauto.core.policies import LinkAnswers

    return config.policies.link_answers or LinkAnswers()


def ask_links(
    loaded: Loaded,
    tree: Tree,
    *,
    now: datetime,
    among: Callable[[str], bool] = lambda path: True,
    private: bool = False,
) -> Asked:
    """Asks every page once; `private` allows those of this machine and of its networks."""
    import anyio

    from socialauto.adapters.web import Web
    from socialauto.engine.links import answers_for, link_findings, standing_links

    if loaded.config is None:
        return Asked(0, ())
    policy = policy_of(loaded.config)
    if policy.severity == "off":
        return Asked(0, ())
    links = standing_links(loaded, now, among)
    answers = anyio.run(answers_for, links, policy, Web(private=private).ask)
    return Asked(len(answers), tuple(link_findings(links, policy, answers, tree)))


def asked_links(
    root: Path, loaded: Loaded, *, now: datetime, among: Callable[[str], bool], private: bool
) -> tuple[Finding, ...]:
    """What the pages of the work tree answer; how many were asked is told beside the findings."""
    import click

    from socialauto.repository.worktree import WorkTree

    asked = ask_links(loaded, WorkTree(root), now=now, among=among, private=private)
    click.echo(f"asked {asked.pages} page{'' if asked.pages == 1 else 's'}", err=True)
    return asked.findings
