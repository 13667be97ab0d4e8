"""`socialauto validate`: checks everything, offline; needs no secret, no remote, not even git."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, REFUSED
from socialauto.cli.place import find_root, folder_option, now_option
from socialauto.core.config import CONFIG_FILE
from socialauto.core.errors import SocialautoError
from socialauto.core.finding import Finding, has_errors

if TYPE_CHECKING:
    from datetime import datetime

    from socialauto.engine.load import Loaded
    from socialauto.report.findings import Checked
    from socialauto.report.review import Reviewed


def _web_address(context: click.Context, parameter: click.Parameter, value: str) -> str:
    if value:
        from socialauto.dashboard.words import web_link

        if not web_link(value):
            raise click.BadParameter(f'"{value}" is no http or https address')
    return value


@click.command("validate")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--base",
    metavar="REF",
    help="Say what has changed since this branch left REF, and judge that, too.",
)
@click.option(
    "--format",
    "style",
    type=click.Choice(["text", "json", "markdown", "github"]),
    default="text",
    show_default=True,
)
@click.option(
    "--summary",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="Append the same as Markdown to this file, too.",
)
@click.option(
    "--comment",
    type=click.Path(path_type=Path, dir_okay=False, writable=True),
    metavar="FILE",
    help="With --base: write what a reviewer wants to see to this file, as one comment.",
)
@click.option(
    "--files-url",
    default="",
    metavar="URL",
    callback=_web_address,
    help="Where the forge shows this commit's files: the comment links to them and to pictures.",
)
@click.option(
    "--links", is_flag=True, help="Ask the pages that posts link to; this needs the network."
)
@click.option(
    "--private-links",
    is_flag=True,
    help="With --links: ask this machine and private networks, too. Never where strangers can "
    "open pull requests.",
)
@click.option("--verbose", is_flag=True, help="List exceptions from your team's policies, too.")
@now_option
@folder_option
def command(
    paths: tuple[Path, ...],
    base: str | None,
    style: str,
    summary: Path | None,
    comment: Path | None,
    files_url: str,
    links: bool,
    private_links: bool,
    verbose: bool,
    now: str | None,
    folder: Path,
) -> int:
    """Check posts, schedules, media and configuration; offline and without any secret.

    Everything is checked together. A PATH, a file or a folder of posts, limits what is shown to
    that and to socialauto.yaml. Exit code 1 when an error is shown, 0 when there are only warnings.

    With --base, such as --base origin/main in a pull request, it also shows what would be added,
    moved, edited, renamed and withdrawn, and refuses a time that has passed, a new id, account or
    time for what the ledger knows as published, and posts too close to each other. The ledger is
    taken as this clone has it; nothing is fetched.

    With --links, the pages that posts to come link to are asked whether they are there: with a
    PATH those of its posts, with --base those of the posts that the change touches.
    """
    from socialauto.cli.foreseeing import known
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.foresight import foresee
    from socialauto.engine.load import load
    from socialauto.report.findings import Checked
    from socialauto.repository.worktree import WorkTree

    if comment is not None and base is None:
        raise click.UsageError("--comment says what a change does: it needs --base")
    root = _root(folder)
    chosen = [chosen_name(path, folder, root) for path in paths]
    instant = _instant(now, root) if now is not None else SystemClock().now()
    loaded = load(WorkTree(root), now=instant)
    reviewed = _reviewed(root, loaded, base, instant) if base is not None else None
    ahead = foresee(loaded, now=instant, known=known(root, loaded))
    if links or private_links:
        from socialauto.cli.link_asking import asked_links

        touched = {one.delivery.path for one in reviewed.differences} if reviewed else None
        among = _among(chosen or ["."], touched)
        ahead += asked_links(root, loaded, now=instant, among=among, private=private_links)
    found = _with_review([*loaded.findings, *ahead], reviewed.findings if reviewed else ())
    findings = list(_limited(found, chosen) if paths else found)
    accounts = len(loaded.config.accounts) if loaded.config else 0
    checked = Checked(loaded.posts, accounts, findings)
    if reviewed is not None and paths:
        kept = tuple(one for one in reviewed.differences if _is_in(one.delivery.path, chosen))
        reviewed = replace(reviewed, differences=kept)
    show(checked, style, _prefix(root), everything=verbose, reviewed=reviewed)
    if summary is not None:
        _append(summary, checked, reviewed)
    if comment is not None and reviewed is not None:
        _write_comment(comment, checked, reviewed, files_url, _prefix(root))
    return REFUSED if has_errors(findings) else DONE


def _instant(text: str, root: Path) -> datetime:
    """The time that `--now` names, in the configuration's zone when that can be read."""
    from socialauto.cli.place import read_now
    from socialauto.core.config import Config
    from socialauto.core.reading import read_config
    from socialauto.engine.clock import SystemClock

    file = root / CONFIG_FILE
    source = read_config(file.read_bytes())[0] if file.is_file() else None
    return read_now(text, source.value if source else Config(), SystemClock())


def _reviewed(root: Path, loaded: Loaded, base: str, now: datetime) -> Reviewed:
    """Imported here: a check without a base needs no git."""
    from socialauto.cli.reviewing import review

    return review(root, loaded, base, now)


def _among(chosen: list[str], touched: set[str] | None) -> Callable[[str], bool]:
    return lambda path: _is_in(path, chosen) and (touched is None or path in touched)


def _with_review(findings: Iterable[Finding], more: Iterable[Finding]) -> list[Finding]:
    """Both; what is an error in the eyes of the review is no warning beside it."""
    added = set(more)
    stronger = {replace(one, severity="warning") for one in added if one.severity == "error"}
    return sorted({one for one in findings if one not in stronger} | added)


_MOST_SUMMARY = 1_000_000
"""Bytes. GitHub shows nothing at all of a job's summary that is longer than 1,024 kB."""


def _append(file: Path, checked: Checked, reviewed: Reviewed | None) -> None:
    from socialauto.report.review import as_markdown

    text = as_markdown(checked, reviewed).encode("utf-8", "replace")
    if len(text) > _MOST_SUMMARY:
        left = text[: text.rfind(b"\n", 0, _MOST_SUMMARY) + 1]
        text = left + b'\nThis is not all: "socialauto validate --base REF" shows the rest.\n'
    try:
        with file.open("ab") as summary:
            summary.write(text)
    except OSError as error:
        raise SocialautoError(f"cannot write {file}: {error.strerror}") from None


def _write_comment(
    file: Path, checked: Checked, reviewed: Reviewed, files_url: str, prefix: str
) -> None:
    from socialauto.report.comment import as_comment
    from socialauto.report.comment_post import Forge

    text = as_comment(checked, reviewed, Forge(files_url, prefix))
    try:
        # A half of a character can stand in the name of a file; nobody can be sent one.
        file.write_bytes(text.encode("utf-8", "replace"))
    except OSError as error:
        raise SocialautoError(f"cannot write {file}: {error.strerror}") from None


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
    if name.split("/")[0] in ("templates", "data"):  # what texts are made of
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
        if finding.path == CONFIG_FILE or _is_in(finding.path, chosen):
            yield finding


def _is_in(path: str, chosen: list[str]) -> bool:
    return any(name == "." or path == name or path.startswith(f"{name}/") for name in chosen)


def _prefix(root: Path) -> str:
    """From where CI checked out, which is where it runs us, to the root."""
    here = Path.cwd().resolve()
    if root == here or not root.is_relative_to(here):
        return ""
    return f"{root.relative_to(here).as_posix()}/"


def show(
    checked: Checked,
    style: str,
    prefix: str,
    *,
    everything: bool = False,
    reviewed: Reviewed | None = None,
) -> None:
    """Print what was found, and what the change does, in one of the formats."""
    from socialauto.report import findings as report
    from socialauto.report import review

    if style == "json":
        click.echo(review.as_json(checked, reviewed))
    elif style == "markdown":
        click.echo(review.as_markdown(checked, reviewed), nl=False)
    elif style == "github":
        for line in report.as_github(checked, prefix):
            click.echo(line)
        if reviewed is not None:
            click.echo(review.last_line(reviewed))
        click.echo(report.summary(checked))
    else:
        from socialauto.cli.terminal import console as terminal

        console = terminal()
        if reviewed is not None:
            review.print_text(reviewed, console)
        report.print_text(checked, console, everything=everything)
