"""What `doctor` asks of web servers that are no platform: the media host, and a remote's clock."""

from __future__ import annotations

from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from socialauto.cli.probing import SkipCheckError
from socialauto.core.checkup import Check, Status
from socialauto.core.errors import MediaHostError
from socialauto.core.media_host import UrlFiles

if TYPE_CHECKING:
    from datetime import timedelta

    from socialauto.cli.doctor_repository import Repository
    from socialauto.core.message import MediaItem

SECONDS = 10.0


async def look_at_host(place: Repository) -> Check:
    """One file of a post that is still to go out, fetched as a stranger fetches it."""
    from socialauto.cli.doctor_uploads import look_at_uploads
    from socialauto.media.host import UrlHost
    from socialauto.repository.committree import CommitTree
    from socialauto.repository.history import head

    settings = place.config.media_host
    if settings is None:
        words = "no media host is configured; platforms that fetch media themselves need one"
        status = Status.WARN if _next_media(place) else Status.SKIP
        return Check("media-host", status, words, "see docs/media-hosts.md")
    if not isinstance(settings, UrlFiles):
        return await look_at_uploads(place, settings)
    commit = head(place.git)
    with CommitTree(place.git, commit) as tree:
        for item in _next_media(place):
            if tree.entry(item.path) is None or tree.blob(item.path) != item.blob:
                continue
            host = UrlHost(settings, commit=commit, read=tree.read)
            try:
                url = await host.url(item)
            except MediaHostError as error:
                todo = "mend the host, or media_host.base in socialauto.yaml"
                return Check("media-host", Status.FAIL, error.message, todo)
            words = f"a stranger gets {item.path} from {url}, whole and with the right type"
            return Check("media-host", Status.OK, words)
    raise SkipCheckError("no post that waits has committed media, so nothing can be tried")


def _next_media(place: Repository) -> list[MediaItem]:
    """Media of posts to come, those of the next post first."""
    from socialauto.core.plan import SENDING, Kind

    waiting = [
        step.delivery
        for step in place.plan.steps
        if step.delivery is not None and step.kind in SENDING | {Kind.WAIT}
    ]
    return [
        item
        for delivery in sorted(waiting, key=lambda delivery: delivery.due)
        for item in delivery.message.media
    ]


async def web_skew(address: str) -> timedelta | None:
    """By how much our clock is ahead of a web server's; None when it does not tell the time.

    Asked without credentials, so most likely refused: the time comes all the same.
    """
    import httpx

    from socialauto.engine.clock import SystemClock

    trusts_environment = address.startswith("https:")
    try:
        async with httpx.AsyncClient(timeout=SECONDS, trust_env=trusts_environment) as client:
            answer = await client.head(address)
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except (httpx.HTTPError, httpx.InvalidURL, OSError, TypeError, ValueError):
        return None
    return SystemClock().now() - theirs if theirs.tzinfo else None
