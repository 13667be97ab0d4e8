"""`socialauto show`: a post as it will go out on each of its accounts; no network, no secret."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, REFUSED
from socialauto.cli.place import account_option, find_root, folder_option, now_option
from socialauto.core.errors import MediaHostError, SocialautoError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from socialauto.core.delivery import DeliveryKey
    from socialauto.core.drift import Drift
    from socialauto.core.finding import Finding
    from socialauto.core.message import MediaItem
    from socialauto.core.reading import Source
    from socialauto.engine.preview import Preview
    from socialauto.media.prepared import Prepared
    from socialauto.report.show import Shown
    from socialauto.repository.worktree import WorkTree


@click.command("show")
@click.argument("path", metavar="PATH|ID", type=click.Path(path_type=Path))
@account_option
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write the media as they will go out into this folder.",
)
@click.option(
    "--format", "style", type=click.Choice(["text", "json"]), default="text", show_default=True
)
@click.option(
    "--dates",
    type=click.IntRange(1, 200),
    default=10,
    show_default=True,
    help="Of a schedule: so many dates, or posts in a queue.",
)
@now_option
@folder_option
def command(
    path: Path,
    accounts: tuple[str, ...],
    out: Path | None,
    style: str,
    dates: int,
    now: str | None,
    folder: Path,
) -> int:
    """Show a post as it will go out, or a schedule with its next dates.

    A post is named by its file or its ID; a folder stands for all posts in it. For each account:
    the text as it is rendered, with what the platform counts in it; the time; the media, with what
    is done to them before they go out. Exit code 1 when a file has an error, which keeps it from
    going out.

    Of a schedule, named by its file in schedules/ or by its ID: the next dates, by the clock on the
    wall and in UTC, with what goes out on each; exceptions and blackouts with what they do; or the
    posts of a queue with their slots, by the ledger as this clone has it.
    """
    from socialauto.cli.drifting import drifts_of
    from socialauto.cli.place import check_accounts, read_now, usable_config
    from socialauto.cli.validate import chosen_name
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.engine.preview import Part, previews
    from socialauto.repository.worktree import WorkTree

    root = find_root(folder)
    tree = WorkTree(root)
    post = _post(tree, path, folder)
    if post is None and (schedule := _schedule(path, folder, root)) is not None:
        from socialauto.cli.show_schedules import show_schedules

        if out is not None:
            raise click.UsageError("--out writes the media of posts: name a post")
        return show_schedules(root, schedule, accounts, dates=dates, now=now, style=style)
    name = post.path if post else chosen_name(path, folder, root)
    posts = frozenset(_posts(tree, name))
    if not posts:
        raise click.BadParameter(f"there is no post in {path}", param_hint="PATH")
    part = Part(tree, posts)
    clock = SystemClock()
    loaded = load(part, now=clock.now())
    config = usable_config(loaded)
    if now is not None:
        loaded = load(part, now=read_now(now, config, clock))
    wanted = check_accounts(config, accounts)
    at = read_now(now, config, clock)
    seen = previews(part, config, loaded.waiting, at)
    found = [one for one in seen if one.account in wanted]
    found = [one for one in found if post is None or one.source.id == post.id]
    findings = [one for one in loaded.findings if one.path in posts]
    drifts = drifts_of(root, config, found)
    shown = [_shown(one, out, root, drifts) for one in found]
    _print(shown, findings, style)
    return REFUSED if any(one.severity == "error" for one in findings) else DONE


def _post(tree: WorkTree, path: Path, folder: Path) -> Source | None:
    """The post whose id it is; None when it names a file, or no post."""
    from socialauto.cli.naming import is_there
    from socialauto.engine.preview import post_with_id

    return None if is_there(path, folder) else post_with_id(tree, path.as_posix())


def _schedule(path: Path, folder: Path, root: Path) -> str | None:
    """The file or folder of schedules that is meant, or their id; None: a post is."""
    from socialauto.cli.naming import id_in, is_there
    from socialauto.cli.validate import chosen_name
    from socialauto.core.reading import SCHEDULES

    if not is_there(path, folder):
        return id_in(path)
    name = chosen_name(path, folder, root)
    return name if name.split("/")[0] == SCHEDULES else None


def _posts(tree: WorkTree, name: str) -> Iterable[str]:
    from socialauto.core.reading import CONTENT, is_post

    for entry in tree.files(CONTENT):
        below = name == "." or entry.path == name or entry.path.startswith(f"{name}/")
        if below and is_post(entry.path):
            yield entry.path


def _shown(
    preview: Preview, out: Path | None, root: Path, drifts: Mapping[DeliveryKey, Drift]
) -> Shown:
    from socialauto.core.delivery import DeliveryKey
    from socialauto.report.show import Shown

    drift = drifts.get(DeliveryKey(preview.account, preview.source.id))
    return Shown(preview, _write(preview, out, root) if out else {}, drift)


def _write(preview: Preview, out: Path, root: Path) -> Mapping[str, str]:
    """The media as they go out; those that do not are left out, their finding says why."""
    from socialauto.cli.keeping import prepared_in

    prepared = prepared_in(root)
    folder = out / preview.account / preview.source.id.replace("/", "-")
    written = {}
    for number, (field, _, item) in enumerate(preview.media(), 1):
        data = _outgoing(preview, item, prepared)
        if data is None:
            continue
        target = folder / f"{number}-{Path(item.path).stem}{data[1]}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data[0])
        except OSError as error:
            raise SocialautoError(f"cannot write {target}: {error.strerror}") from None
        written[field] = str(target)
    return written


def _outgoing(preview: Preview, item: MediaItem, prepared: Prepared) -> tuple[bytes, str] | None:
    """The bytes and the suffix; None when it does not go out."""
    from socialauto.core.profile import Impossible
    from socialauto.report.show import decision_on, goes_prepared

    if isinstance(decision_on(preview, item), Impossible):
        return None
    if not goes_prepared(preview, item):
        return prepared.read(item.path), Path(item.path).suffix
    try:
        file = prepared.of(item)
    except MediaHostError:
        return None
    return file.data, f".{file.suffix}"


def _print(shown: list[Shown], findings: Iterable[Finding], style: str) -> None:
    from socialauto.report import show as report

    findings = list(findings)
    if style == "json":
        click.echo(report.as_json(shown, findings))
        return
    from socialauto.cli.terminal import console as terminal

    console = terminal()
    for one in shown:
        report.print_text(one, console)
    report.print_findings(findings, console)
