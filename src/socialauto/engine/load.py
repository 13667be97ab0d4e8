"""Everything a tree of files asks for, and everything that is wrong with it, in one look."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from socialauto.adapters.registry import BUILT_IN, adapter, platforms
from socialauto.core.accounts import (
    account_findings,
    in_groups,
    names_of,
    on_account,
    override_findings,
)
from socialauto.core.config import CONFIG_FILE, Config, without_secrets
from socialauto.core.crossfile import same_ids, same_times
from socialauto.core.delivery import Delivery
from socialauto.core.finding import Finding
from socialauto.core.freeze import FREEZE_FILE, Freeze, read_freezes
from socialauto.core.guard import limits_for
from socialauto.core.horizon import (
    Outlook,
    Planned,
    date_findings,
    horizon_findings,
    next_dates,
)
from socialauto.core.occurrences import Series
from socialauto.core.reading import (
    CONTENT,
    SCHEDULES,
    ConfigSource,
    Source,
    is_post,
    is_yaml,
    read_config,
    read_posts,
)
from socialauto.core.removal import removal_findings
from socialauto.core.schedule_reading import (
    SeriesSource,
    SlotsSource,
    Written,
    read_schedules,
)
from socialauto.core.slots import Queue, Waiting
from socialauto.core.suggest import did_you_mean, one_of, quoted
from socialauto.core.tree import Tree, TreeEntry
from socialauto.engine.deliveries import delivery_of, due_of, media_findings
from socialauto.engine.drafting import Setting
from socialauto.engine.queueing import all_waiting, queues_of
from socialauto.engine.recurring import all_series
from socialauto.engine.shelf import Shelf

if TYPE_CHECKING:
    from socialauto.adapters.protocol import Adapter


@dataclass(frozen=True, slots=True)
class Files:
    """What was read, with where each value stands; for findings that are made later."""

    config: ConfigSource
    posts: tuple[Source, ...]
    series: tuple[SeriesSource, ...]
    slots: tuple[SlotsSource, ...]
    queues: Mapping[str, Queue | None]
    """By the id of the slots; None for those that have errors."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The desired state."""

    config: Config | None
    """None when `socialauto.yaml` is missing or has errors: nothing may be decided on it."""
    deliveries: tuple[Delivery, ...]
    """One a key, in the order of the files."""
    findings: tuple[Finding, ...]
    """By path, line and column."""
    posts: int
    """Posts that could be read, sound or not."""
    freezes: tuple[Freeze, ...] = ()
    """What `freeze.yaml` silences; those that have ended are in it, too."""
    planned: tuple[Planned, ...] = field(default=(), compare=False, repr=False)
    """The deliveries with where they were written, for findings about them."""
    outlook: Outlook | None = field(default=None, compare=False, repr=False)
    """What the guard asks of them; None without a configuration."""
    series: tuple[Series, ...] = ()
    """What recurs, one an account; their dates are deliveries once there is a plan."""

    waiting: tuple[Waiting, ...] = ()
    """Posts in queues; a plan says when they go out."""
    files: Files | None = field(default=None, compare=False, repr=False)
    """None without a configuration."""

    def contents(self) -> Iterator[Delivery]:
        """Everything that may go out; what recurs is in it once, and not with each of its dates."""
        yield from self.deliveries
        for one in self.series:
            yield from one.versions()
        yield from (one.delivery for one in self.waiting)


def _no_file(entry: TreeEntry) -> Finding:
    kind = "a link, which is never followed" if entry.kind == "symlink" else f"a {entry.kind}"
    message = f"this is {kind}, not a regular file"
    return Finding(entry.path, 1, 1, "SA118", message, "put the file itself here")


def _config(tree: Tree) -> tuple[ConfigSource | None, list[Finding]]:
    entry = tree.entry(CONFIG_FILE)
    if entry is None:
        message = f"there is no {CONFIG_FILE} here"
        hint = 'run "socialauto init", or name the right folder with -C'
        return None, [Finding(CONFIG_FILE, 1, 1, "SA701", message, hint)]
    if entry.kind != "file":
        return None, [_no_file(entry)]
    return read_config(tree.read(CONFIG_FILE))


def _platform(source: ConfigSource, name: str, platform: str) -> Finding:
    line, column = source.place(("accounts", name, "platform"))
    known = platforms()
    hint = did_you_mean(platform, known, otherwise=f"this version has {one_of(known)}")
    message = f"unknown platform {quoted(platform)}"
    return without_secrets(Finding(CONFIG_FILE, line, column, "SA702", message, hint))


def _adapters(source: ConfigSource) -> tuple[dict[str, Adapter], list[Finding]]:
    found, findings = {}, []
    for name, account in source.value.accounts.items():
        if account.platform in BUILT_IN or account.platform in platforms():
            found[name] = adapter(account.platform)
        else:
            findings.append(_platform(source, name, account.platform))
    return found, findings


def _no_folders(tree: Tree) -> Iterator[Finding]:
    """A file in the place of a folder would look like a team without posts."""
    for folder in (CONTENT, SCHEDULES):
        entry = tree.entry(folder)
        if entry is not None and entry.kind == "file":
            message = "this is a file, where a folder belongs"
            yield Finding(folder, 1, 1, "SA118", message, f"put posts in a folder {folder}/")


def _posts(tree: Tree) -> tuple[list[Source], list[Finding]]:
    sources: list[Source] = []
    findings: list[Finding] = []
    for entry in tree.files(CONTENT):
        if entry.path == CONTENT or (entry.kind != "file" and is_post(entry.path)):
            findings.append(_no_file(entry))
        elif is_post(entry.path):
            read, found = read_posts(tree.read(entry.path), entry.path)
            sources += read
            findings += found
    return sources, findings


def _freezes(tree: Tree, config: Config) -> tuple[tuple[Freeze, ...], list[Finding]]:
    entry = tree.entry(FREEZE_FILE)
    if entry is None:
        return (), []
    if entry.kind != "file":
        return (), [_no_file(entry)]
    return read_freezes(tree.read(FREEZE_FILE), config)


def _schedules(tree: Tree) -> tuple[list[Written], list[Finding]]:
    sources: list[Written] = []
    findings: list[Finding] = []
    for entry in tree.files(SCHEDULES):
        if entry.kind != "file":
            findings.append(_no_file(entry))
        elif is_yaml(entry.path):
            read, found = read_schedules(tree.read(entry.path), entry.path)
            sources += read
            findings += found
    return sources, findings


def _deliveries(
    sources: list[Source], setting: Setting
) -> tuple[list[tuple[Source, Delivery]], list[Finding]]:
    made: list[tuple[Source, Delivery]] = []
    findings: list[Finding] = []
    for source in sources:
        names = [name for name in names_of(source) if name in setting.adapters]
        if not names:
            findings += due_of(source, setting.config, setting.now)[1]
            findings += media_findings(source, setting)
        for one, name in ((on_account(source, name), name) for name in names):
            due, found = due_of(one, setting.config, setting.now)
            delivery, more = delivery_of(one, name, due, setting)
            findings += [*found, *more]
            made += [(one, delivery)] if delivery else []
    return made, findings


def _in_queue(source: Source, queues: Mapping[str, Queue | None]) -> bool:
    return queues.get(source.post.schedule or "") is not None


def _outlook(config: Config, adapters: dict[str, Adapter]) -> Outlook:
    caps = {name: found.capabilities.daily_cap for name, found in adapters.items()}
    limits = {name: limits_for(config, name, cap) for name, cap in caps.items()}
    return Outlook(limits, config.guard.duplicates)


def _errors(findings: list[Finding]) -> dict[str, str]:
    """The first of each file."""
    errors: dict[str, str] = {}
    for finding in findings:
        if finding.severity == "error":
            errors.setdefault(finding.path, str(finding))
    return errors


def _invalid(path: str, errors: Mapping[str, str]) -> str:
    return errors.get(path) or errors.get(CONFIG_FILE, "")


def _marked(deliveries: list[Delivery], findings: list[Finding]) -> Iterator[Delivery]:
    """One a key; what stands in a file with an error, or under a configuration with one, is
    invalid."""
    errors = _errors(findings)
    seen = set()
    for delivery in deliveries:
        if delivery.key not in seen:  # a second one has an error of its own: the same id twice
            seen.add(delivery.key)
            invalid = _invalid(delivery.path, errors)
            yield replace(delivery, invalid=invalid) if invalid else delivery


def _in_order(findings: list[Finding]) -> list[Finding]:
    """A post on two accounts may break one rule twice; people read it once."""
    return sorted(set(findings))


def load(tree: Tree, *, now: datetime | None = None) -> Loaded:
    """Read `socialauto.yaml` and all posts; judge them all, and stop at nothing.

    `now` is asked only whether a time is suspiciously far ahead.
    """
    config, findings = _config(tree)
    sources, found = _posts(tree)
    scheduled, schedule_findings = _schedules(tree)
    recurring = [one for one in scheduled if isinstance(one, SeriesSource)]
    slots = [one for one in scheduled if isinstance(one, SlotsSource)]
    findings += [*found, *_no_folders(tree), *schedule_findings]
    everybody = [*sources, *(one.source for one in recurring)]
    findings += same_ids(everybody)
    sources = [in_groups(source, config.value) for source in sources] if config else sources
    if config:
        recurring = [one.in_groups(config.value) for one in recurring]
    for source in (*sources, *(one.source for one in recurring)):
        findings += [*override_findings(source), *removal_findings(source)]
        findings += account_findings(source, config.accounts) if config else ()
    if config is None:
        return Loaded(None, (), tuple(_in_order(findings)), len(everybody))
    adapters, found = _adapters(config)
    findings += found
    setting = Setting(config.value, adapters, Shelf(tree), now)
    queues, queue_findings = queues_of(slots, setting)
    waiting, waiting_findings = all_waiting(sources, queues, setting)
    findings += [*queue_findings, *waiting_findings]
    made, found = _deliveries([one for one in sources if not _in_queue(one, queues)], setting)
    series, series_findings = all_series(recurring, setting)
    freezes, frozen = _freezes(tree, config.value)
    outlook = _outlook(config.value, adapters)
    dates = next_dates([one.source for one in recurring], series, now) if now else []
    findings += horizon_findings([*made, *dates], outlook, now) if now else ()
    findings += date_findings(dates, config.value.policies)
    findings += setting.library.findings()
    findings = _in_order([*findings, *found, *series_findings, *frozen, *same_times(made)])
    deliveries = tuple(_marked([delivery for _, delivery in made], findings))
    errors = _errors(findings)
    sound = tuple(one.marked(_invalid(one.path, errors)) for one in series)
    queued = tuple(one.marked(_invalid(one.delivery.path, errors)) for one in waiting)
    broken = any(one.path == CONFIG_FILE and one.severity == "error" for one in findings)
    usable = None if broken else config.value
    posts = len(everybody)
    return Loaded(
        usable,
        deliveries,
        tuple(findings),
        posts,
        freezes,
        (*made, *dates),
        outlook,
        series=sound,
        waiting=queued,
        files=Files(config, tuple(sources), tuple(recurring), tuple(slots), queues),
    )
