"""How checks are run: each by itself, and none of them ends the others."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable

from socialauto.core.checkup import Check, Status
from socialauto.core.errors import SocialautoError

SECONDS = 60.0
"""For all questions to one account."""
GIT_SECONDS = 30.0
"""For one git process."""


class SkipCheckError(Exception):
    """Nobody can say: the reason why this was not looked at."""


Probe = Callable[[], Iterable[Check]]


def guarded(id: str, probe: Probe) -> list[Check]:
    """What the probe says, or why it could not say anything."""
    try:
        return list(probe())
    except Exception as error:
        return [verdict(id, error)]


async def guarded_async(
    id: str, probe: Callable[[], Awaitable[list[Check]]], *, account: str = ""
) -> list[Check]:
    """As `guarded`, with an end to all patience."""
    import anyio

    try:
        with anyio.fail_after(SECONDS):
            return await probe()
    except Exception as error:
        return [verdict(id, error, account)]


def verdict(id: str, error: Exception, account: str = "") -> Check:
    """The check that an exception stands for. Other people's words may hold secrets: not shown."""
    match error:
        case SkipCheckError():
            return Check(id, Status.SKIP, str(error), account=account)
        case SocialautoError():
            message = error.message.removeprefix(f"{account}: ")
            return Check(id, Status.FAIL, message, error.hint, account)
        case TimeoutError():
            return Check(id, Status.FAIL, "no answer in time", "try again", account)
        case _:
            words = f"this check itself failed ({type(error).__name__})"
            return Check(id, Status.FAIL, words, "please report it: it is a bug of ours", account)
