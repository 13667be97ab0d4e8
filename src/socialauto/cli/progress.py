"""Shows a run while it works: a line for each result, and what is under way on a terminal."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.status import Status
from rich.text import Text

from socialauto.core.delivery import DeliveryKey
from socialauto.engine.events import AccountStopped, Event, Outcome, Phase, Progress, Result
from socialauto.report.results import line, stopped_line

GOOD = frozenset({Outcome.PUBLISHED, Outcome.SETTLED})


class Teller:
    """A listener for the engine. Lines go to standard output, so that a log keeps them."""

    def __init__(self, *, quiet: bool = False, console: Console | None = None) -> None:
        self._quiet = quiet
        self._console = console or Console(highlight=False)
        self._under_way: dict[DeliveryKey, Phase] = {}
        self._status: Status | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal and not self._quiet:
            self._status = self._console.status("")
            self._status.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._status:
            self._status.stop()

    def tell(self, event: Event) -> None:
        """Say one thing that happened."""
        if isinstance(event, Progress):
            self._under_way[event.key] = event.phase
        elif isinstance(event, Result):
            self._under_way.pop(event.key, None)
            self._say(line(event), "green" if event.outcome in GOOD else "yellow")
        elif isinstance(event, AccountStopped):
            self._say(stopped_line(event), "bold red")
        if self._status:
            self._status.update(self._activity())

    def _say(self, text: str, style: str) -> None:
        if not self._quiet:
            self._console.print(Text(text, style=style), soft_wrap=True)

    def _activity(self) -> str:
        shown = [f"{phase.value} {key}" for key, phase in list(self._under_way.items())[-3:]]
        more = len(self._under_way) - len(shown)
        return "; ".join(shown) + (f" and {more} more" if more > 0 else "")
