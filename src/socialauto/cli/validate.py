"""`socialauto validate`: checks everything, offline; needs no secret, no remote, not even git."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, REFUSED
from socialauto.cli.place import find_root, folder_option
from socialauto.core.config import CONFIG_FILE
from socialauto.core.errors import SocialautoError
from socialauto.core.finding import Finding, has_errors

if TYPE_CHECKING:
    from socialauto.report.findings import Checked


@click.command("validate")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "github"]),
    default="text",
    show_default=True,
)
@click.option("--verbose", is_flag=True, help="List exceptions from your team's policies, too.")
@folder_option
def command(paths: tuple[Path, ...], style: str, verbose: bool, folder: Path) -> int:
    """Check posts, schedules, media and configuration; offline and without any secret.

    Everything is checked together. A PATH, a file or a folder of posts, limits what is shown to
    that and to socialauto.yaml. Exit code 1 when an error is shown, 0 when there are only warnings.
    """
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.report.findings import Checked
    from socialauto.repository.worktree import WorkTree

    root = _root(folder)
    chosen = [chosen_name(path, folder, root) for path in paths]
    loaded = load(WorkTree(root), now=SystemClock().now())
    findings = list(_limited(loaded.findings, chosen) if paths else loaded.findings)
    accounts = len(loaded.config.accounts) if loaded.config else 0
    show(Checked(loaded.posts, accounts, findings), style, _prefix(root), everything=verbose)
    return REFUSED if has_errors(findings) else DONE


def _root(folder: Path) -> Path:
    """Without a configuration we look here: that it is missing is the first finding."""
    try:
        return find_root(folder)
    except SocialautoError:
        return folder.resolve()


def chosen_name(path: Path, folder: Path, root: Path) -> str:
    """A PATH as findings name it, from the root; refused when nothing there can have findings."""
    from socialauto.core.reading import CONTENT, SCHEDULES, is_post

    written = Path(os.path.abspath(folder.resolve() / path))
    # Its own name is not resolved: a link is a finding, and not what it leads to.
    full = written.parent.resolve() / written.name
    if not os.path.lexists(full):
        raise click.BadParameter(f"{path} does not exist", param_hint="PATH")
    if not full.is_relative_to(root):
        raise click.BadParameter(f"{path} is outside of {root}", param_hint="PATH")
    name = full.relative_to(root).as_posix()
    if name in (".", CONFIG_FILE) or (full.is_dir() and _is_ours(name)):
        return name
    if name.startswith((f"{CONTENT}/", f"{SCHEDULES}/")) and is_post(name):
        return name
    raise click.BadParameter(
        f"{path} is no post; posts are .md and .yaml files in {CONTENT}/", param_hint="PATH"
    )


def _is_ours(folder: str) -> bool:
    from socialauto.core.reading import CONTENT, SCHEDULES

    return folder.split("/")[0] in (CONTENT, SCHEDULES)


def _limited(findings: Iterable[Finding], chosen: list[str]) -> Iterable[Finding]:
    """Those of the chosen files; the configuration's always, for nothing is right without it."""
    for finding in findings:
        at = finding.path
        if at == CONFIG_FILE or any(
            name == "." or at == name or at.startswith(f"{name}/") for name in chosen
        ):
            yield finding


def _prefix(root: Path) -> str:
    """From where CI checked out, which is where it runs us, to the root."""
    here = Path.cwd().resolve()
    if root == here or not root.is_relative_to(here):
        return ""
    return f"{root.relative_to(here).as_posix()}/"


def show(checked: Checked, style: str, prefix: str, *, everything: bool = False) -> None:
    """Print what was found in one of the formats."""
    from socialauto.report import findings as report

    if style == "json":
        click.echo(report.as_json(checked))
    elif style == "github":
        for line in report.as_github(checked, prefix):
            click.echo(line)
        click.echo(report.summary(checked))
    else:
        from rich.console import Console

        report.print_text(checked, Console(highlight=False), everything=everything)
