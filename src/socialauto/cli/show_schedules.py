"""What `show` says about schedules: their next dates, or their slots with the posts in them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from socialauto.cli.exits import DONE, REFUSED

if TYPE_CHECKING:
    from datetime import datetime

    from socialauto.core.finding import Finding
    from socialauto.engine.foresight import Known
    from socialauto.engine.load import Loaded
    from socialauto.report.timetables import Shown


def show_schedules(
    root: Path,
    name: str,
    accounts: tuple[str, ...],
    *,
    dates: int,
    now: str | None,
    style: str,
) -> int:
    """Print every schedule of that file, or with that id; the exit code."""
    from socialauto.cli.foreseeing import known
    from socialauto.cli.place import check_accounts, read_now, usable_config
    from socialauto.engine.clock import SystemClock
    from socialauto.engine.load import load
    from socialauto.repository.worktree import WorkTree

    clock = SystemClock()
    loaded = load(WorkTree(root), now=clock.now())
    config = usable_config(loaded)
    at = read_now(now, config, clock)
    if now is not None:
        loaded = load(WorkTree(root), now=at)
    chosen = frozenset(check_accounts(config, accounts)) if accounts else None
    mine = _on(loaded, chosen)
    shown = list(_shown(mine, name, known(root, loaded), at, dates))
    if not shown:
        raise click.BadParameter(_unknown(name, loaded, root), param_hint="PATH|ID")
    paths = {_path(one) for one in shown}
    findings = [one for one in loaded.findings if one.path in paths]
    _print(shown, findings, style)
    return REFUSED if any(one.severity == "error" for one in findings) else DONE


def _on(loaded: Loaded, accounts: frozenset[str] | None) -> Loaded:
    """What goes out on these accounts; None: on all."""
    if accounts is None:
        return loaded
    series = tuple(one for one in loaded.series if one.account in accounts)
    waiting = tuple(one for one in loaded.waiting if one.delivery.key.account in accounts)
    return replace(loaded, series=series, waiting=waiting)


def _is_meant(name: str, path: str, id: str) -> bool:
    return name in (path, id) or path.startswith(f"{name}/")


def _shown(loaded: Loaded, name: str, known: Known, now: datetime, dates: int) -> Iterator[Shown]:
    from socialauto.engine.timetables import show_series, show_slots

    files = loaded.files
    assert files is not None  # there is a configuration
    for series in files.series:
        if _is_meant(name, series.source.path, series.source.id):
            yield show_series(series, loaded, now, dates)
    for slots in files.slots:
        if _is_meant(name, slots.path, slots.id):
            yield show_slots(slots, loaded, files, known, now, dates)


def _path(shown: Shown) -> str:
    from socialauto.engine.timetables import SeriesShown

    return shown.written.source.path if isinstance(shown, SeriesShown) else shown.written.path


def _unknown(name: str, loaded: Loaded, root: Path) -> str:
    from socialauto.cli.naming import unknown_id

    if (root / name).exists():
        return f"there is no schedule in {name}"
    return unknown_id(loaded, Path(name))


def _print(shown: list[Shown], findings: list[Finding], style: str) -> None:
    from socialauto.report import show as report
    from socialauto.report import timetables

    if style == "json":
        objects = [timetables.as_object(one) for one in shown]
        click.echo(report.as_json((), findings, objects))
        return
    from socialauto.cli.terminal import console as terminal

    console = terminal()
    for number, one in enumerate(shown):
        if number:
            console.print()
        timetables.print_text(one, console)
    report.print_findings(findings, console)
