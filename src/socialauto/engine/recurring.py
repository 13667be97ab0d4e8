"""Series on their accounts: what they would send, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from socialauto.core.accounts import names_of
from socialauto.core.date_samples import LOOKED_AT, samples
from socialauto.core.delivery import Delivery
from socialauto.core.finding import Finding
from socialauto.core.occurrences import Series
from socialauto.core.reading import Source
from socialauto.core.schedule_reading import SeriesSource
from socialauto.core.timetable import Exemption, Pattern, Timetable
from socialauto.core.when import TimeFlaw, find_zone, on_clock, parse_time
from socialauto.engine.deliveries import delivery_of, media_findings, zone_of
from socialauto.engine.drafting import Setting


@dataclass(slots=True)
class _Making:
    """A series in the making, with what was found on the way."""

    written: SeriesSource
    setting: Setting
    findings: list[Finding] = field(default_factory=list)

    def exemptions(self, zone: ZoneInfo) -> dict[datetime, Exemption]:
        found = {}
        for place, wall, index in self.written.changes():
            change = self.written.series.changes[index]
            due = parse_time(change.move, zone) if change.move is not None else None
            if isinstance(due, TimeFlaw):
                source = self.written.source
                name = f"{place}.move"
                self.findings.append(source.finding(name, due.code, due.message, due.hint))
            elif change.skip or due:
                found[wall] = Exemption(change.skip, due)
        return found

    def version(
        self,
        source: Source,
        account: str,
        due: datetime | None,
        dates: Iterable[datetime] = (),
    ) -> Delivery | None:
        delivery, found = delivery_of(source, account, due, self.setting, dates=dates)
        self.findings += found
        return delivery

    def on(self, account: str, timetable: Timetable | None) -> Series | None:
        """The series on one account; without a timetable there is none, but it is checked."""
        first = _first(timetable) if timetable else None
        made = [
            self.version(source, account, first, _dates(timetable, self.setting.now))
            for source in self.written.pool
        ]
        pool = tuple(version for version in made if version)
        replaced: dict[datetime, Delivery] = {}
        for wall, source in self.written.replaced():
            due = on_clock(wall, timetable.zone)[0] if timetable else None
            if version := self.version(source, account, due):
                replaced[wall] = version
        if timetable is None or not pool:
            return None
        return Series(timetable, pool, replaced, self.written.series.cool_down)


def _dates(timetable: Timetable | None, now: datetime | None) -> Iterator[datetime]:
    """Dates to come, for words that are others on each; looked up when there are some."""
    if timetable is not None and now is not None:
        found = timetable.between(now, now + LOOKED_AT)
        yield from samples((one.due for one in found), timetable.zone)


def _first(timetable: Timetable) -> datetime | None:
    """A date by which the team's own rules about times judge all of them."""
    pattern: Pattern = timetable.pattern
    for days in (7, 400, 4000):
        last = pattern.start.date().toordinal() + days
        wall = next(pattern.walls(pattern.start.date(), datetime.fromordinal(last).date()), None)
        if wall:
            return on_clock(wall, timetable.zone)[0]
    return None


def _timetable(making: _Making) -> Timetable | None:
    source, pattern = making.written.source, making.written.pattern
    zone = find_zone(zone_of(source, making.setting.config))
    if zone is None or pattern is None or "timezone" in source.lost:
        return None
    return Timetable(pattern, zone, making.exemptions(zone))


def _series(written: SeriesSource, setting: Setting) -> tuple[list[Series], list[Finding]]:
    making = _Making(written, setting)
    timetable = _timetable(making)
    names = [name for name in names_of(written.source) if name in setting.adapters]
    for source in () if names else written.pool:
        making.findings += media_findings(source, setting)
    made = [making.on(name, timetable) for name in names]
    return [series for series in made if series], making.findings


def all_series(
    written: Iterable[SeriesSource], setting: Setting
) -> tuple[tuple[Series, ...], list[Finding]]:
    """Every series on every account that is known, each once; and what is wrong with them."""
    found: dict[tuple[str, str], Series] = {}
    findings: list[Finding] = []
    for one in written:
        made, more = _series(one, setting)
        findings += more
        for series in made:  # a second one has an error of its own: the same id twice
            found.setdefault((series.account, series.id), series)
    return tuple(found.values()), findings
