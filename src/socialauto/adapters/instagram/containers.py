"""Containers: Instagram's invisible uploads. Making one is repeatable, waiting is patient."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from socialauto.adapters.instagram.errors import Advice, GraphError, Stage
from socialauto.adapters.instagram.forms import Form
from socialauto.adapters.instagram.graph import Failure, Graph, id_of, without_id
from socialauto.core.clock import Clock
from socialauto.core.outcome import ErrorClass, Problem

PATIENCE = timedelta(minutes=5)
"""How long one preparation waits for the platform, as its documentation advises. A container that
takes longer is slow, not lost: it stays usable for 24 hours."""

FIRST_PAUSE = 1.0
"""Seconds; images are mostly ready within five."""
SHORTEST_PAUSE = 0.25
SOON = 0.04
"""Of the usual time."""
LONGEST_PAUSE = 30.0
GROWTH = 1.6

EARLIER = 0.9
"""What was ready at the first question is asked for so much earlier the next time."""

REFETCH_PAUSES = (5.0, 20.0)
"""Seconds before the media is asked to be fetched a second and a third time."""

UNREADABLE_READS = 3
"""So many reads of a status may fail in a row before waiting is given up."""

_SUBCODE = re.compile(r"\b22\d{5}\b")


class StatusCode(StrEnum):
    IN_PROGRESS = "IN_PROGRESS"
    FINISHED = "FINISHED"
    PUBLISHED = "PUBLISHED"
    ERROR = "ERROR"
    EXPIRED = "EXPIRED"


@dataclass(frozen=True, slots=True)
class Status:
    code: StatusCode
    words: str = ""
    """The platform's sentence; in an error it ends with a subcode."""

    @property
    def usable(self) -> bool:
        """It can be published, now or soon."""
        return self.code in (StatusCode.IN_PROGRESS, StatusCode.FINISHED)


class Containers:
    """Makes containers and follows them."""

    __slots__ = ("_clock", "_graph")

    def __init__(self, graph: Graph, clock: Clock) -> None:
        self._graph = graph
        self._clock = clock

    async def create(self, form: Form) -> str | Failure:
        """A new container's id. What the platform could not fetch is offered a few times."""
        for pause in REFETCH_PAUSES:
            made = await self._create_once(form)
            if isinstance(made, str) or made.advice is not Advice.REFETCH:
                return made
            await self._clock.sleep(pause)
        return await self._create_once(form)

    async def _create_once(self, form: Form) -> str | Failure:
        answer = await self._graph.post(
            self._graph.account_id, "media", form=form, stage=Stage.PREPARE
        )
        if isinstance(answer, Failure):
            return answer
        return id_of(answer) or without_id("to an upload")

    async def status(self, container: str) -> Status | Failure:
        answer = await self._graph.get(container, fields="id,status_code,status")
        return answer if isinstance(answer, Failure) else _status(answer)

    async def wait(
        self, container: str, until: datetime, *, kind: str, made: datetime
    ) -> Status | Failure:
        """The status once it is final, or as it is when `until` has come.

        The first question is asked when the account's last container of this kind was ready after
        it was made: each question counts against the platform's limit of calls.
        """
        usual = self._graph.paces.get(kind, 0.0)
        await self._clock.sleep(max(usual - self._age(made), 0.0))
        failed = 0
        for number, pause in enumerate(_pauses(usual)):
            age = self._age(made)  # when it is asked: the answer may be slow
            status = await self.status(container)
            failed = failed + 1 if isinstance(status, Failure) else 0
            if isinstance(status, Status) and status.code is StatusCode.FINISHED:
                self._learn(kind, age if number else usual * EARLIER)
            if _final(status) or failed >= UNREADABLE_READS or self._clock.now() >= until:
                return status
            left = (until - self._clock.now()).total_seconds()
            await self._clock.sleep(min(pause, max(left, 0.0)))
        raise AssertionError("pauses never end")

    def _age(self, made: datetime) -> float:
        return (self._clock.now() - made).total_seconds()

    def _learn(self, kind: str, seconds: float) -> None:
        # One that was made by an earlier run tells nothing.
        self._graph.paces[kind] = min(max(seconds, 0.0), PATIENCE.total_seconds())

    def problem(self, status: Status) -> Problem:
        """Why a container cannot be used."""
        if status.code is StatusCode.EXPIRED:
            return Problem(ErrorClass.TRANSIENT, "the upload is older than 24 hours and expired")
        found = _SUBCODE.findall(status.words)
        error = GraphError(None, int(found[-1]) if found else None, status.words)
        if found:
            return self._graph.problem(error, Stage.PREPARE)
        words = " ".join(status.words.split())[:300] or "no reason"
        message = f"Instagram could not process the media and gives {words}"
        return Problem(ErrorClass.TRANSIENT, message, detail=words)


def _final(status: Status | Failure) -> bool:
    if isinstance(status, Failure):
        return status.problem.kind in (ErrorClass.AUTH, ErrorClass.RATE_LIMITED)
    return status.code is not StatusCode.IN_PROGRESS


def _status(answer: Mapping[str, Any]) -> Status | Failure:
    try:
        code = StatusCode(answer.get("status_code", ""))
    except ValueError:
        said = str(answer.get("status_code", "nothing"))[:40]
        message = f"Instagram names a container's status that this version does not know: {said}"
        return Failure(Problem(ErrorClass.TRANSIENT, message))
    return Status(code, str(answer.get("status", "")))


def _pauses(usual: float) -> Iterator[float]:
    """What is known to take about so long is nearly ready when it is first asked about."""
    pause = max(SHORTEST_PAUSE, SOON * usual) if usual else FIRST_PAUSE
    while True:
        yield pause
        pause = min(pause * GROWTH, LONGEST_PAUSE)
