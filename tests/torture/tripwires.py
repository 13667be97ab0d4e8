"""Strikes a run at one of its requests, whichever it is: killed, orphaned, or stopped a while."""

from __future__ import annotations

import random
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from signal import SIGCONT, SIGKILL, SIGSTOP

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from support.gates import Moment
from support.git_remotes import GitRequest
from support.runs import Run

NAP = (0.05, 1.5)
"""Seconds for which a run is stopped: well within what is kept of a lease for the visible call."""

EARLY, LATE = (1, 6), (5, 40)
"""Requests of a run after which it is struck: some before it acts, most while it does."""


@dataclass(frozen=True, slots=True)
class Strike:
    kind: str
    nth: int
    """Counted from the last strike."""
    moment: Moment


def plan_strikes(chance: random.Random) -> list[Strike]:
    """What one run has to bear: a few stops, then mostly its end."""
    strikes = [_strike("stop", chance) for _ in range(chance.choice((0, 0, 1, 1, 2)))]
    end = chance.choices(("kill", "orphan", "none"), weights=(7, 2, 1))[0]
    return strikes if end == "none" else [*strikes, _strike(end, chance)]


def _strike(kind: str, chance: random.Random) -> Strike:
    span = EARLY if chance.random() < 0.2 else LATE
    return Strike(kind, chance.randint(*span), chance.choice(("before", "after")))


@dataclass
class Wire:
    """One run's strikes, tripped by its own requests."""

    strikes: list[Strike]
    nap: Callable[[], float]
    counts: Counter[str]
    run: Run | None = None
    _passed: int = 0
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def passes(self, moment: Moment) -> bool:
        """Whether the request goes on."""
        strike = self._due(moment)
        return True if strike is None else self._do(strike)

    def _due(self, moment: Moment) -> Strike | None:
        with self._turn:
            self._passed += moment == "before"
            if self.run is None or not self.strikes:
                return None
            strike = self.strikes[0]
            if strike.moment != moment or self._passed < strike.nth:
                return None
            self._passed = 0
            return self.strikes.pop(0)

    def _do(self, strike: Strike) -> bool:
        assert self.run is not None
        self.counts[strike.kind] += 1
        match strike.kind:
            case "kill":
                self.run.kill()
                return False
            case "orphan":  # its git goes on without it
                self.run.send(SIGKILL)
                return True
            case _:
                self.run.send(SIGSTOP)
                threading.Timer(self.nap(), self.run.send, [SIGCONT]).start()
                return True


class Fence:
    """Around both servers; knows by its agent which run asks."""

    def __init__(self) -> None:
        self.app: ASGIApp | None = None
        self.wires: dict[str, Wire] = {}

    def around(self, request: GitRequest, act: Callable[[], bytes]) -> bytes:
        wire = self.wires.get(request.agent)
        if wire and not wire.passes("before"):
            raise ConnectionAbortedError
        answer = act()
        if wire and not wire.passes("after"):
            raise ConnectionAbortedError
        return answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        assert self.app is not None
        wire = self.wires.get(_agent(scope))
        if wire is None:
            await self.app(scope, receive, send)
        elif wire.passes("before"):
            await self.app(scope, receive, _answering(wire, send))


def _answering(wire: Wire, send: Send) -> Send:
    silent = False

    async def answer(message: Message) -> None:
        nonlocal silent
        if message["type"] == "http.response.start":
            silent = not wire.passes("after")
        if not silent:
            await send(message)

    return answer


def _agent(scope: Scope) -> str:
    """`socialauto/runner-3 (looks whether media is public)` is runner-3."""
    sent = dict(scope["headers"]).get(b"user-agent", b"").decode()
    name = sent.removeprefix("socialauto/").partition(" ")[0]
    return str(name)
