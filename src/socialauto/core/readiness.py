"""What posts to come will need of `socialauto.yaml` and of the world, and will not find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from socialauto.core.capability import Capabilities
from socialauto.core.config import CONFIG_FILE, Config
from socialauto.core.delivery import Delivery
from socialauto.core.finding import Finding
from socialauto.core.horizon import Planned, at_time
from socialauto.core.media_host import CONTAINER_LIFE, S3Bucket
from socialauto.core.message import MediaItem, Message
from socialauto.core.spans import span, utc
from socialauto.core.suggest import quoted

Place = Callable[[tuple[str, ...]], tuple[int, int]]
"""Line and column of a key of the configuration."""


@dataclass(frozen=True, slots=True)
class TokenLife:
    """What is known in public about how long an account's token lasts."""

    ends: datetime
    what: str = "the token"
    """What ends then."""


def _more(number: int) -> str:
    return "" if number < 1 else f", and {number} more after it"


def _first_after(
    lane: Iterable[Planned], end: datetime, now: datetime
) -> tuple[Planned, int] | None:
    """The first post to come that is due at `end` or later, and how many follow."""
    late = [one for one in lane if one[1].due >= max(end, now)]
    return (late[0], len(late) - 1) if late else None


def version_findings(
    lanes: Mapping[str, list[Planned]],
    config: Config,
    capabilities: Mapping[str, Capabilities],
    now: datetime,
) -> Iterator[Finding]:
    """One an account, at the first post that its version of the API does not reach."""
    for account, lane in lanes.items():
        versions = capabilities[account].versions
        asked = config.accounts[account].api_version
        end = versions.end(asked) if versions else None
        found = _first_after(lane, end, now) if end else None
        if versions and end and found:
            (source, _), others = found
            message = f"{account} uses {asked or versions.used} of the API, which ends {end.date()}"
            hint = f"write a newer api_version for {account} in {CONFIG_FILE}, and rehearse it"
            hint = hint if asked else "update socialauto before then"
            yield at_time(source, "SA608", f"{message}, before this{_more(others)}", hint)


def token_findings(
    lanes: Mapping[str, list[Planned]], lives: Mapping[str, TokenLife], now: datetime
) -> Iterator[Finding]:
    """One an account, at the first post that its token does not live to see."""
    for account, lane in lanes.items():
        life = lives.get(account)
        found = _first_after(lane, life.ends, now) if life else None
        if life and found:
            (source, _), others = found
            message = f"{life.what} of {account} ends {utc(life.ends)}, before this{_more(others)}"
            hint = f'run "socialauto accounts connect {account}" before then'
            yield at_time(source, "SA609", message, hint)


def _fetched(message: Message, *, sends_videos: bool) -> Iterator[MediaItem]:
    """What the platform has to fetch from an address."""
    yield from (item for item in message.media if item.is_image or not sends_videos)
    if message.cover is not None:
        yield message.cover


def host_finding(
    deliveries: Iterable[Delivery],
    config: Config,
    fetching: Mapping[str, bool],
    place: Place,
    now: datetime,
) -> Iterator[Finding]:
    """One for all. `fetching`: accounts whose platform fetches media itself → whether videos are
    sent to it all the same."""
    if config.media_host is not None:
        return
    waiting = [
        delivery
        for delivery in deliveries
        if delivery.due >= now
        and not delivery.stays
        and delivery.key.account in fetching
        and any(_fetched(delivery.message, sends_videos=fetching[delivery.key.account]))
    ]
    if not waiting:
        return
    first = min(waiting, key=lambda delivery: (delivery.due, delivery.key))
    number, name = len({delivery.key.post for delivery in waiting}), quoted(first.key.post)
    posts = f"{name} has" if number == 1 else f"{number} posts have"
    message = f"there is no media_host, and {posts} media that the platform fetches itself"
    message += f", {name} first" if number > 1 else ""
    hint = "add media_host: and where your files can be fetched; see docs/media-hosts.md"
    line, column = place(("accounts",))
    yield Finding(CONFIG_FILE, line, column, "SA610", message, hint, "warning")


def signature_finding(config: Config, place: Place) -> Iterator[Finding]:
    """A signed address lives while a run prepares, at most for a lease, and then for as long as
    the platform may come back for the file."""
    host = config.media_host
    if not isinstance(host, S3Bucket) or host.public_base is not None:
        return
    needed = CONTAINER_LIFE + config.run.lease
    if host.expires < needed:
        message = f"signed addresses live {span(host.expires)}, and a run that may take"
        message += f" {span(config.run.lease)} (run.lease) leaves media that are fetched for"
        message += f" {span(CONTAINER_LIFE)} after it"
        line, column = place(("media_host", "expires"))
        hint = f"write more than {span(needed)}, such as expires: {_hours(config)}h"
        yield Finding(CONFIG_FILE, line, column, "SA611", message, hint, "warning")


def _hours(config: Config) -> int:
    """Whole hours that are enough."""
    return int((CONTAINER_LIFE + config.run.lease).total_seconds() // 3600) + 1
