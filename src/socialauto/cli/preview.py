"""`socialauto preview`: a post as people will see it, as a page or a picture."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from socialauto.cli.exits import DONE, REFUSED
from socialauto.cli.place import account_option, find_root, folder_option, now_option

if TYPE_CHECKING:
    from socialauto.core.config import Config
    from socialauto.core.delivery import Delivery
    from socialauto.core.finding import Finding
    from socialauto.core.message import Message
    from socialauto.dashboard.preview import Pane
    from socialauto.engine.load import Loaded
    from socialauto.repository.worktree import WorkTree

_AHEAD = timedelta(days=800)
"""How far ahead the next date of a series is looked for."""
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _date(context: click.Context, parameter: click.Parameter, value: str | None) -> date | None:
    if value is None:
        return None
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
    except ValueError:
        pass
    raise click.BadParameter(f'"{value}" is no date; write one such as 2026-12-07')


def _target(context: click.Context, parameter: click.Parameter, value: Path) -> Path:
    if str(value) != "-" and value.suffix.lower() not in (".html", ".png"):
        raise click.BadParameter(f"{value} is neither .html nor .png")
    return value


@click.command("preview")
@click.argument("path", metavar="PATH|ID", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    metavar="FILE",
    callback=_target,
    help="A page (.html) or a picture (.png); - prints the page.",
)
@account_option
@click.option("--date", "day", metavar="YYYY-MM-DD", callback=_date, help="Which date of a series.")
@now_option
@folder_option
def command(
    path: Path,
    out: Path,
    accounts: tuple[str, ...],
    day: date | None,
    now: str | None,
    folder: Path,
) -> int:
    """Draw a post as people will see it.

    It is named by its file or its ID. Of a series it is the next date, or the one of --date. The
    page holds everything it shows, needs no network and runs no script; a picture needs the extra
    socialauto[preview] and Chromium. Exit code 1 when the file has an error, which the page shows.
    """
    from socialauto.cli.place import check_accounts, read_now, usable_config
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.repository.worktree import WorkTree

    root = find_root(folder)
    tree = WorkTree(root)
    clock = SystemClock()
    loaded = load(tree, now=clock.now())
    config = usable_config(loaded)
    wanted = check_accounts(config, accounts)
    name, only = _meant(path, folder, root, loaded)
    wish = _Wish(read_now(now, config, clock), day, only)
    found = list(_panes(tree, loaded, config, name, wish))
    panes = [pane for pane in found if pane.account in wanted]
    findings = [one for one in loaded.findings if one.path == name]
    if not panes:
        first = f": {findings[0].message}" if findings else ""
        raise click.BadParameter(f"nothing in {path} can be shown{first}", param_hint="PATH")
    _write(out, name, panes, findings)
    return REFUSED if any(one.severity == "error" for one in findings) else DONE


def _meant(path: Path, folder: Path, root: Path, loaded: Loaded) -> tuple[str, str]:
    """The file, and the id when one was written: a file may have several posts."""
    from socialauto.cli.naming import id_in, is_there, unknown_id, with_id
    from socialauto.cli.validate import chosen_name

    if not is_there(path, folder):
        source = with_id(loaded, id_in(path))
        if source is None:
            raise click.BadParameter(unknown_id(loaded, path), param_hint="PATH")
        return source.path, source.id
    name = chosen_name(path, folder, root)
    if not (root / name).is_file():
        raise click.BadParameter(f"{path} is a folder; name one file", param_hint="PATH")
    return name, ""


class _Wish:
    """Which post of a file is wanted, and which date of a series."""

    def __init__(self, now: datetime, day: date | None, only: str) -> None:
        self.now, self._day, self._only = now, day, only

    def names(self, id: str) -> bool:
        return self._only in ("", id)

    @property
    def chosen(self) -> bool:
        return self._day is not None

    def of(self, dates: Iterator[Delivery]) -> Iterator[Delivery]:
        """The first date, or all of the chosen day."""
        for one in dates:
            if self._day is None:
                yield one
                return
            if one.due.astimezone(ZoneInfo(one.zone)).date() == self._day:
                yield one

    def span(self) -> tuple[datetime, datetime]:
        """In which the dates lie, in UTC; a day begins and ends elsewhere hours before or after."""
        if self._day is None:
            return self.now, self.now + _AHEAD
        noon = datetime.combine(self._day, time(12), UTC)
        return noon - timedelta(days=2), noon + timedelta(days=2)


def _panes(
    tree: WorkTree, loaded: Loaded, config: Config, name: str, wish: _Wish
) -> Iterator[Pane]:
    from socialauto.adapters.registry import adapter
    from socialauto.core.occurrences import calendar_of
    from socialauto.core.reading import SCHEDULES
    from socialauto.dashboard.preview import Pane, pictures_of
    from socialauto.engine.preview import Part, previews
    from socialauto.report.show import counts_in

    def pane(account: str, message: Message, due: datetime | None, zone: str, draft: bool) -> Pane:
        capabilities = adapter(message.platform).capabilities
        counted = [str(one) for one in counts_in(message, capabilities)]
        media = pictures_of(message, tree.read)
        return Pane(account, capabilities.name, message, due, zone, counted, draft, media)

    if not name.startswith(f"{SCHEDULES}/"):
        if wish.chosen:
            raise click.BadParameter(f"{name} is no series", param_hint="--date")
        for one in previews(Part(tree, frozenset({name})), config, loaded.waiting, wish.now):
            if not wish.names(one.source.id):
                continue
            draft = one.source.post.draft
            yield pane(one.account, one.message, one.due, one.zone, draft)
        return
    for series in loaded.series:
        if series.path == name and wish.names(series.id):
            for date_ in wish.of(calendar_of(series, *wish.span())):
                key, message = date_.key, date_.message
                yield pane(key.account, message, date_.due, date_.zone, date_.draft)


def _write(out: Path, name: str, panes: list[Pane], findings: Collection[Finding]) -> None:
    from socialauto.cli.writing import put
    from socialauto.dashboard.preview import as_html
    from socialauto.dashboard.words import title

    heading = title(panes[0].message.text, name)
    page = as_html(heading, name, panes, list(findings))
    if str(out) == "-":
        click.echo(page, nl=False)
        return
    if out.suffix.lower() == ".png":
        from socialauto.dashboard.photograph import png_of

        page = png_of(page)
    put(out, page)
    click.echo(f"{out}: {name} on {', '.join(dict.fromkeys(pane.account for pane in panes))}")
